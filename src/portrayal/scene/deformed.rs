//! Buildings that lean and sink in the scene: what the shader moves them by, what is told over their
//! roofs, and the devices that move with them. Used by `view`, which turns a deformed view on and off.
//! Never touches a triangle: buildings that are not measured are drawn as ever.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::BuildingId;
use crate::model::{Building, Ground, RecordedLean};
use crate::portrayal::deform::{Deformation, DeformedView, Lean, Post, RecordedPost};

use super::Scene;
use super::glyphs::{Glyph, GlyphOf};
use super::massing::Massing;

/// How one building is moved as the shader does it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Sway {
    /// Metres east and north for each metre above its foot.
    shear: [f64; 2],
    /// Metres downwards.
    sink_m: f64,
    /// Height of its foot, local.
    foot_m: f64,
}

impl Sway {
    fn of(one: &Deformation, foot_m: f64, factor: f64) -> Self {
        let shear = match one.lean {
            Some(Lean::Towards { permille, .. }) => permille.map(|one| one * factor / 1_000.0),
            // Nobody knows where to: it stands.
            Some(Lean::Somewhere { .. }) | None => [0.0; 2],
        };
        Self {
            shear,
            sink_m: one.sink_mm.unwrap_or(0.0) * factor / 1_000.0,
            foot_m,
        }
    }

    /// By what sources record, as large as it is; it stands where nobody recorded where to.
    fn recorded(lean: &RecordedLean, foot_m: f64) -> Self {
        Self {
            shear: lean.middle().slope(),
            sink_m: 0.0,
            foot_m,
        }
    }

    /// Where a point of the building is drawn. What lies under its foot does not lean.
    fn moved(&self, [x, y, z]: [f64; 3]) -> [f64; 3] {
        let up_m = (z - self.foot_m).max(0.0);
        let [east, north] = self.shear.map(|one| one * up_m);
        [x + east, y + north, z - self.sink_m]
    }

    /// As the shader reads it.
    fn words(&self) -> [f32; 4] {
        let [east, north] = self.shear;
        [east, north, self.sink_m, self.foot_m].map(|one| one as f32)
    }
}

/// A deformed view in the scene.
#[derive(Debug, Clone, Default)]
pub struct Deformed {
    /// By building index: shear east and north, metres sunk, height of the foot.
    pub moves: Arc<Vec<[f32; 4]>>,
    /// What is told over roofs.
    pub posts: Vec<Post>,
    /// Buildings that lean by what sources record.
    pub recorded: Vec<RecordedPost>,
    /// The farthest that anything is moved, metres.
    pub(super) reach_m: f64,
    sways: BTreeMap<BuildingId, Sway>,
    /// Places of the glyphs that moved, as they are.
    stood: Vec<(usize, [f64; 3])>,
}

impl Scene {
    /// Draws buildings as deformed; all as they stand for `None`. Takes the classes of buildings from a
    /// layer that has some, since walls have one colour: what else lies there is shown anew by whoever knows it.
    pub fn show_deformed(&mut self, ground: &Ground, view: Option<&DeformedView>) {
        self.show_standing();
        let Some(view) = view else { return };
        let index: BTreeMap<BuildingId, usize> = self.buildings.iter().copied().zip(0..).collect();
        let mut deformed = Deformed::default();
        let mut moves = vec![[0.0; 4]; self.buildings.len()];
        let mut classes = vec![0; self.buildings.len()];
        for one in &view.deformations {
            let known = index
                .get(&one.building)
                .zip(ground.buildings.get(&one.building));
            let Some((at, building)) = known else {
                continue;
            };
            let factor = f64::from(view.factor.get());
            let foot_m = building.ground_m - self.frame.origin_h;
            let sway = Sway::of(one, foot_m, factor);
            moves[*at] = sway.words();
            classes[*at] = one.grade.class() + 1;
            let post = self.post(one, building, (&sway, factor));
            deformed.reach_m = deformed.reach_m.max(reach_m(&sway, building.height_m));
            deformed.posts.push(post);
            deformed.sways.insert(one.building, sway);
        }
        // What was written of a tower does not change between two moments.
        let all = (ground.buildings.iter()).filter(|_| view.since.is_none());
        for (id, building) in all {
            let lean = RecordedLean::of(building);
            let Some((lean, at)) = lean.zip(index.get(id)) else {
                continue;
            };
            let foot_m = building.ground_m - self.frame.origin_h;
            // What is measured goes before what is written.
            if !deformed.sways.contains_key(id) {
                let sway = Sway::recorded(&lean, foot_m);
                moves[*at] = sway.words();
                deformed.reach_m = deformed.reach_m.max(reach_m(&sway, building.height_m));
                deformed.sways.insert(*id, sway);
            }
            let [x, y] = Massing::of(building).middle(&self.frame);
            deformed.recorded.push(RecordedPost {
                foot: [x, y, foot_m],
                height_m: building.height_m,
                lean,
            });
        }
        deformed.moves = Arc::new(moves);
        deformed.stood = move_glyphs(&mut self.glyphs, ground, &deformed.sways);
        self.classes = classes;
        self.deformed = Some(deformed);
    }

    /// Draws all buildings as they stand.
    pub fn show_standing(&mut self) {
        let Some(before) = self.deformed.take() else {
            return;
        };
        for (at, position) in before.stood {
            self.glyphs[at].position = position;
        }
        self.classes.clear();
    }

    fn post(&self, one: &Deformation, building: &Building, (sway, factor): (&Sway, f64)) -> Post {
        let [x, y] = Massing::of(building).middle(&self.frame);
        let roof_m = sway.foot_m + building.height_m;
        Post {
            grade: one.grade,
            upright: [x, y, roof_m - sway.sink_m],
            m_per_permille: building.height_m * factor / 1_000.0,
            lean: one.lean,
        }
    }

    /// Where something at a local place on or in a building is drawn.
    #[must_use]
    pub fn moved_with(&self, building: Option<BuildingId>, at: [f64; 3]) -> [f64; 3] {
        let sways = self.deformed.as_ref().map(|one| &one.sways);
        let sway = sways.zip(building).and_then(|(sways, id)| sways.get(&id));
        sway.map_or(at, |sway| sway.moved(at))
    }

    /// The farthest that anything is moved, metres: what a piece may reach beyond its sphere.
    pub(super) fn reach_m(&self) -> f64 {
        self.deformed.as_ref().map_or(0.0, |one| one.reach_m)
    }
}

fn reach_m(sway: &Sway, height_m: f64) -> f64 {
    let [east, north] = sway.shear;
    (east.hypot(north) * height_m).hypot(sway.sink_m)
}

/// Devices move with the building they are in; gives where they stood.
fn move_glyphs(
    glyphs: &mut [Glyph],
    ground: &Ground,
    sways: &BTreeMap<BuildingId, Sway>,
) -> Vec<(usize, [f64; 3])> {
    let mut stood = Vec::new();
    for (at, glyph) in glyphs.iter_mut().enumerate() {
        let GlyphOf::Device(device) = glyph.of else {
            continue;
        };
        let building = ground.devices.get(&device).and_then(|one| one.building);
        if let Some(sway) = building.and_then(|id| sways.get(&id)) {
            stood.push((at, glyph.position));
            glyph.position = sway.moved(glyph.position);
        }
    }
    stood
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::BuildingId;
    use crate::model::{KindTable, sample};
    use crate::portrayal::deform::{DeformGrade, Exaggeration, Told};

    fn leaning(building: BuildingId, permille: [f64; 2], sink_mm: f64) -> Deformation {
        Deformation {
            building,
            lean: Some(Lean::Towards {
                permille,
                error: None,
            }),
            sink_mm: Some(sink_mm),
            grade: DeformGrade::Orange,
            measured_at: None,
            told: Told::default(),
        }
    }

    fn view(deformations: Vec<Deformation>) -> DeformedView {
        DeformedView {
            factor: Exaggeration::new(100).unwrap(),
            since: None,
            deformations,
        }
    }

    #[test]
    fn a_house_leans_about_its_foot_and_sinks() {
        let sway = Sway::of(
            &leaning(BuildingId::from_bits(1), [4.0, -1.0], 12.0),
            2.0,
            100.0,
        );
        let close = |a: [f64; 3], b: [f64; 3]| (0..3).all(|k| (a[k] - b[k]).abs() < 1e-9);
        assert!(close(sway.moved([10.0, 20.0, 12.0]), [14.0, 19.0, 10.8]));
        assert!(close(sway.moved([10.0, 20.0, 2.0]), [10.0, 20.0, 0.8]));
        assert!(close(sway.moved([10.0, 20.0, 1.0]), [10.0, 20.0, -0.2]));
    }

    #[test]
    fn neighbours_stand_and_everything_comes_back() {
        let ground = sample::city(2);
        let mut scene = Scene::build(&ground, &KindTable::standard());
        let before = scene.glyphs.clone();
        let with_device = ground.devices.values().find_map(|one| one.building);
        let leaning_one = with_device.expect("a device in a building");
        scene.show_deformed(
            &ground,
            Some(&view(vec![leaning(leaning_one, [5.0, 0.0], 0.0)])),
        );
        let deformed = scene.deformed.as_ref().expect("it is shown");
        let moved: Vec<_> = (scene.buildings.iter().zip(deformed.moves.iter()))
            .filter(|(_, by)| by[..3] != [0.0; 3])
            .map(|(id, _)| *id)
            .collect();
        assert_eq!(moved, [leaning_one]);
        let classed = scene.classes.iter().filter(|class| **class != 0).count();
        assert_eq!(classed, 1);
        for (glyph, stood) in scene.glyphs.iter().zip(&before) {
            let GlyphOf::Device(device) = glyph.of else {
                assert_eq!(glyph, stood);
                continue;
            };
            let is_on_it = ground.devices[&device].building == Some(leaning_one);
            assert_eq!(glyph.position != stood.position, is_on_it);
        }
        assert!(scene.reach_m() > 0.0);
        scene.show_deformed(&ground, None);
        assert_eq!(scene.glyphs, before);
        assert!(scene.deformed.is_none() && scene.classes.is_empty());
    }

    #[test]
    fn a_lean_without_direction_moves_nothing() {
        let ground = sample::city(2);
        let mut scene = Scene::build(&ground, &KindTable::standard());
        let building = scene.buildings[0];
        let one = Deformation {
            lean: Some(Lean::Somewhere { permille: 3.0 }),
            sink_mm: None,
            ..leaning(building, [0.0; 2], 0.0)
        };
        scene.show_deformed(&ground, Some(&view(vec![one])));
        let deformed = scene.deformed.as_ref().expect("it is shown");
        assert_eq!(scene.reach_m(), 0.0);
        let [post] = deformed.posts[..] else {
            panic!("one post")
        };
        assert_eq!(post.roof(), post.upright);
        let height_m = ground.buildings[&building].height_m;
        assert!((post.m_per_permille - height_m * 0.1).abs() < 1e-9);
    }

    #[test]
    fn a_layer_and_a_deformed_view_take_turns() {
        let ground = sample::city(2);
        let mut scene = Scene::build(&ground, &KindTable::standard());
        let building = scene.buildings[0];
        let nowhere = leaning(BuildingId::from_bits(u64::MAX), [1.0, 1.0], 0.0);
        let both = view(vec![leaning(building, [1.0, 0.0], 0.0), nowhere]);
        scene.show_deformed(&ground, Some(&both));
        scene.show_deformed(&ground, Some(&both));
        assert_eq!(scene.deformed.as_ref().map(|one| one.posts.len()), Some(1));
        let local = super::super::local::local_polygon(
            &scene.frame,
            &ground.buildings[&building].footprint,
        );
        let [x, y] = [local.exterior()[0].x, local.exterior()[0].y];
        assert_ne!(scene.moved_with(Some(building), [x, y, 9.0]), [x, y, 9.0]);
        assert_eq!(scene.moved_with(None, [x, y, 9.0]), [x, y, 9.0]);
    }
}
