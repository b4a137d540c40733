//! The city in tiles: what is drawn of each, by how large its error would be on the screen and by
//! what is at hand. Nearby chunks with their details, then their bodies, then simplified houses,
//! then a skin over the roofs. Used by `residency` each frame. Never touches a triangle.

use crate::portrayal::camera::Camera;

use super::Scene;
use super::piece::Piece;

/// What may be wrong on the screen; pixels.
const TOLERANCE_PX: f64 = 1.0;
/// What is wrong without details such as eaves; metres.
const BODY_ERROR_M: f64 = 1.0 / 1.5;
/// What is wrong without patterns such as windows and rows of tiles; metres.
const PLAIN_ERROR_M: f64 = 1.0;
/// What is wrong with simplified houses: their roofs and courtyards; metres.
const FAR_ERROR_M: f64 = 2.5;
/// What is wrong with the skin over the roofs, in which houses are lost; metres.
const COARSE_ERROR_M: f64 = 40.0;

/// Whether an error of so many metres can be seen where a metre has so many pixels.
fn shows(error_m: f64, px_per_m: f64) -> bool {
    error_m * px_per_m >= TOLERANCE_PX
}

/// How a piece is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pass {
    /// Bodies and details, each finish by its own shader.
    Detailed,
    /// Bodies, each finish by its own shader.
    Patterned,
    /// Bodies, all in one.
    Plain,
    /// Simplified houses.
    Far,
    /// A skin over the roofs.
    Coarse,
    /// Ground with its patterns.
    Ground,
    /// Ground, all in one.
    PlainGround,
}

/// A piece to draw.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Draw {
    /// Its place in the upload.
    pub piece: u32,
    /// How.
    pub pass: Pass,
    /// Origin relative to the eye.
    pub origin: [f32; 3],
}

/// A square of the city with all it stands on.
#[derive(Debug, Clone, Default)]
pub struct Tile {
    /// Pieces to look at from nearby.
    pub near: Vec<u32>,
    /// Simplified houses.
    pub far: Option<u32>,
    /// Skin over the roofs.
    pub coarse: Option<u32>,
}

/// What is asked of the eye: the picture's scale.
struct Eye<'a> {
    camera: &'a Camera,
    at: [f64; 3],
    focal_px: f64,
    /// How far beyond their spheres pieces may reach, metres.
    reach_m: f64,
}

impl Eye<'_> {
    /// Pixels for a metre at the nearest point of a piece; `None` when it is not in the picture.
    fn px_per_m(&self, piece: &Piece) -> Option<f64> {
        self.camera
            .may_see(piece.center, piece.radius_m + self.reach_m)
            .then(|| self.focal_px / (self.away_m(piece) - piece.radius_m).max(1.0))
    }

    fn away_m(&self, piece: &Piece) -> f64 {
        let to: [f64; 3] = std::array::from_fn(|i| piece.center[i] - self.at[i]);
        to.iter().map(|v| v * v).sum::<f64>().sqrt()
    }

    fn draw(&self, piece: u32, of: &Piece, pass: Pass) -> Draw {
        Draw {
            piece,
            pass,
            origin: std::array::from_fn(|i| (of.origin[i] - self.at[i]) as f32),
        }
    }
}

/// What a picture wants and what can be drawn of it.
#[derive(Default)]
pub(super) struct Sight {
    /// Solid pieces with their distance.
    solid: Vec<(f64, Draw)>,
    level: Vec<Draw>,
    /// Pieces that are not at hand, with their urgency: what stands in for others before what
    /// makes them finer, and then what covers most pixels.
    missing: Vec<(u8, f64, u32)>,
    /// Every piece that is wanted, or stands in for one that is.
    pub wanted: Vec<u32>,
}

impl Sight {
    /// What to draw: solid pieces near to far, so that what is hidden is not shaded, and the ground
    /// after them.
    pub fn draws(&mut self) -> Vec<Draw> {
        self.solid.sort_by(|a, b| a.0.total_cmp(&b.0));
        let solid = self.solid.drain(..).map(|(_, draw)| draw);
        solid.chain(self.level.drain(..)).collect()
    }

    /// What is missing, the most urgent first.
    pub fn missing(&mut self) -> Vec<u32> {
        self.missing
            .sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(&b.2)));
        self.missing.drain(..).map(|(_, _, piece)| piece).collect()
    }
}

/// How urgent a piece is that stands in for finer ones, ground included.
const STAND_IN: u8 = 0;
/// How urgent a piece is that makes a tile finer.
const FINER: u8 = 1;

/// Chooses for one eye, by what is at hand.
pub(super) struct Chooser<'a, H: Fn(u32) -> bool> {
    scene: &'a Scene,
    eye: Eye<'a>,
    is_held: H,
    pub sight: Sight,
}

impl<'a, H: Fn(u32) -> bool> Chooser<'a, H> {
    pub fn new(scene: &'a Scene, camera: &'a Camera, is_held: H) -> Self {
        Self {
            scene,
            eye: Eye {
                camera,
                at: camera.eye(),
                focal_px: camera.view.range_m / camera.metres_per_pixel(),
                reach_m: scene.reach_m(),
            },
            is_held,
            sight: Sight::default(),
        }
    }

    /// Looks at everything.
    pub fn choose(&mut self) {
        let scene = self.scene;
        for tile in &scene.tiles {
            self.tile(tile);
        }
        for piece in &scene.grounds {
            let of = &scene.pieces[*piece as usize];
            let Some(scale) = self.eye.px_per_m(of) else {
                continue;
            };
            if self.want(*piece, STAND_IN, scale) {
                let pass = if shows(PLAIN_ERROR_M, scale) {
                    Pass::Ground
                } else {
                    Pass::PlainGround
                };
                self.sight.level.push(self.eye.draw(*piece, of, pass));
            }
        }
        for piece in &scene.layer_pieces {
            let of = &scene.pieces[*piece as usize];
            if let Some(scale) = self.eye.px_per_m(of)
                && self.want(*piece, STAND_IN, scale)
            {
                let draw = self.eye.draw(*piece, of, Pass::Ground);
                self.sight.level.push(draw);
            }
        }
    }

    /// Asks for a piece; tells whether it is at hand.
    fn want(&mut self, piece: u32, urgency: u8, scale: f64) -> bool {
        self.sight.wanted.push(piece);
        let held = (self.is_held)(piece);
        if !held {
            self.sight.missing.push((urgency, scale, piece));
        }
        held
    }

    fn tile(&mut self, tile: &Tile) {
        let scale = match tile.far {
            Some(far) => self.eye.px_per_m(&self.scene.pieces[far as usize]),
            None => Some(f64::INFINITY),
        };
        let Some(scale) = scale else { return };
        if shows(FAR_ERROR_M, scale) && self.near(tile) {
            return;
        }
        self.look_from_afar(tile, scale);
    }

    /// Draws the near pieces that are in the picture, if all of them are at hand.
    fn near(&mut self, tile: &Tile) -> bool {
        let scene = self.scene;
        let mut complete = true;
        let mut seen = Vec::with_capacity(tile.near.len());
        for piece in &tile.near {
            let of = &scene.pieces[*piece as usize];
            if let Some(scale) = self.eye.px_per_m(of) {
                complete &= self.want(*piece, FINER, scale);
                seen.push((*piece, scale));
            }
        }
        if complete {
            for (piece, scale) in seen {
                let pass = if shows(BODY_ERROR_M, scale) {
                    Pass::Detailed
                } else if shows(PLAIN_ERROR_M, scale) {
                    Pass::Patterned
                } else {
                    Pass::Plain
                };
                self.push(piece, pass);
            }
        }
        complete
    }

    /// Draws simplified houses or the skin, whichever will do or is at hand.
    fn look_from_afar(&mut self, tile: &Tile, scale: f64) {
        // The skin knows no single building, so it cannot show their classes.
        let skin = tile.coarse.filter(|_| self.scene.classes.is_empty());
        if shows(COARSE_ERROR_M, scale) || skin.is_none() {
            let far = tile.far.filter(|far| self.want(*far, STAND_IN, scale));
            if let Some(far) = far {
                return self.push(far, Pass::Far);
            }
        }
        let coarse = skin.filter(|one| self.want(*one, STAND_IN, scale));
        if let Some(coarse) = coarse {
            self.push(coarse, Pass::Coarse);
        }
    }

    fn push(&mut self, piece: u32, pass: Pass) {
        let of = &self.scene.pieces[piece as usize];
        let draw = self.eye.draw(piece, of, pass);
        self.sight.solid.push((self.eye.away_m(of), draw));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{KindTable, sample};
    use crate::portrayal::camera::Viewpoint;

    /// What is drawn when everything is at hand.
    fn all_at_hand(scene: &Scene, camera: &Camera) -> Vec<Draw> {
        let mut chooser = Chooser::new(scene, camera, |_| true);
        chooser.choose();
        assert_eq!(chooser.sight.missing(), [0; 0]);
        chooser.sight.draws()
    }

    /// What is drawn of the sample city from a height, in a picture of 720 lines.
    fn check(range_m: f64, expected: &[Pass]) {
        let scene = Scene::build(&sample::city(1), &KindTable::standard());
        let view = Viewpoint {
            range_m,
            ..scene.default_view(1.6)
        };
        let draws = all_at_hand(&scene, &Camera::new(view, [1152.0, 720.0]));
        let mut passes: Vec<Pass> = draws.iter().map(|draw| draw.pass).collect();
        passes.dedup();
        assert_eq!(passes, expected, "from {range_m} m");
        let mut pieces: Vec<u32> = draws.iter().map(|draw| draw.piece).collect();
        pieces.sort_unstable();
        pieces.dedup();
        assert_eq!(pieces.len(), draws.len(), "a piece is drawn twice");
    }

    #[test]
    fn what_is_drawn_follows_the_scale() {
        check(150.0, &[Pass::Detailed, Pass::Ground]);
        check(2_200.0, &[Pass::Plain, Pass::PlainGround]);
        check(8_000.0, &[Pass::Far, Pass::PlainGround]);
        check(90_000.0, &[Pass::Coarse, Pass::PlainGround]);
    }

    #[test]
    fn every_building_is_in_a_near_and_in_a_far_piece() {
        let ground = sample::city(0);
        let scene = Scene::build(&ground, &KindTable::standard());
        let houses = |pieces: Vec<u32>| {
            let made = pieces.into_iter().map(|piece| scene.make(&ground, piece));
            let vertices = made.flat_map(|piece| piece.vertices);
            let mut houses: Vec<u32> = vertices.map(|vertex| vertex.tag >> 8).collect();
            houses.sort_unstable();
            houses.dedup();
            houses.len()
        };
        let near = scene.tiles.iter().flat_map(|tile| tile.near.clone());
        assert_eq!(houses(near.collect()), ground.buildings.len());
        let far = scene.tiles.iter().filter_map(|tile| tile.far);
        assert_eq!(houses(far.collect()), ground.buildings.len());
    }
}
