//! A layer over the map in the scene: classes of buildings, and pieces of ground a hand above the
//! land. Used by `view`, which turns layers on and off. Never changes what lies below.

use geo_types::LineString;

use crate::portrayal::layer::{MapLayer, Patch};
use crate::space::LocalFrame;

use super::Scene;
use super::builder::Builder;
use super::ground::{add_band, add_draped_triangle};
use super::local::local_line;
use super::piece::Piece;
use super::relief::Relief;
use super::sheet::add_sheet;
use super::vertex::{Chunk, Material};

/// How far above the land a layer lies: over streets and quays, under everything that stands up.
const LAYER_M: f64 = 0.1;
/// Outlines lie over patches.
const OUTLINE_M: f64 = 0.12;
/// An outline is this share of the size of its area wide.
const OUTLINE_SHARE: f64 = 0.006;
/// … but not less and not more than this; metres.
const OUTLINE_WIDTHS_M: [f64; 2] = [1.2, 12.0];

/// The material of a class of ground.
fn material_of(class: u8) -> Material {
    match class {
        0 => Material::ClassA,
        1 => Material::ClassB,
        2 => Material::ClassC,
        3 => Material::ClassD,
        4 => Material::ClassE,
        _ => Material::ClassF,
    }
}

impl Scene {
    /// Shows a layer instead of the one before, or none. While buildings have classes, the skin over
    /// the roofs, which knows no single building, is not drawn.
    pub fn show_layer(&mut self, layer: Option<&MapLayer>) {
        for piece in self.layer_pieces.drain(..) {
            self.pieces[piece as usize] = Piece::kept(Chunk::default());
        }
        // Buildings may lean while a sheet lies on the ground.
        if self.deformed.is_none() || !layer.is_some_and(MapLayer::leaves_buildings) {
            self.classes.clear();
        }
        let Some(layer) = layer else { return };
        if !layer.buildings.is_empty() {
            let class = |id| layer.buildings.get(id).map_or(0, |class| class + 1);
            self.classes = self.buildings.iter().map(class).collect();
        }
        let mut builder = Builder::new(self.grid.tiles());
        for patch in &layer.patches {
            add_patch(&mut builder, &self.frame, &self.relief, patch);
        }
        for outline in &layer.outlines {
            let rings = std::iter::once(outline.exterior()).chain(outline.interiors());
            for ring in rings {
                add_outline(&mut builder, &self.frame, &self.relief, ring);
            }
        }
        if let Some(sheet) = &layer.sheet {
            add_sheet(&mut builder, &self.frame, &self.relief, sheet);
        }
        for (_, chunk) in builder.finish() {
            self.layer_pieces.push(self.pieces.len() as u32);
            self.pieces.push(Piece::kept(chunk));
        }
    }
}

fn add_patch(builder: &mut Builder, frame: &LocalFrame, relief: &Relief, patch: &Patch) {
    let ([west, south], [east, north]) = (patch.low, patch.high);
    let corners = [[west, south], [east, south], [east, north], [west, north]];
    let [a, b, c, d] = corners.map(|[x, y]| {
        let [x, y, _] = frame.local_from_projected([x, y, 0.0]);
        [x, y]
    });
    let material = material_of(patch.class);
    for triangle in [[a, b, c], [a, c, d]] {
        add_draped_triangle(builder, triangle, material, (relief, LAYER_M));
    }
}

fn add_outline(builder: &mut Builder, frame: &LocalFrame, relief: &Relief, ring: &LineString<f64>) {
    let line = local_line(frame, ring);
    let bounds = crate::space::Bounds2::from_points(line.iter().copied());
    if bounds.is_empty() {
        return;
    }
    let [w, h] = bounds.size();
    let [least, most] = OUTLINE_WIDTHS_M;
    let width_m = ((w * h).sqrt() * OUTLINE_SHARE).clamp(least, most);
    add_band(
        builder,
        &line,
        width_m,
        Material::LayerEdge,
        (relief, OUTLINE_M),
    );
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::model::query::Suppressed;
    use crate::model::{AreaLevel, KindTable, PopulationMeasure, sample};
    use crate::portrayal::camera::{Camera, Viewpoint};
    use crate::portrayal::layer::{Basis, LayerFacts, LayerKind};
    use crate::portrayal::scene::{Pass, Residency};

    fn layer(city: &crate::model::Ground) -> MapLayer {
        MapLayer {
            facts: LayerFacts {
                kind: LayerKind::Quality {
                    measure: PopulationMeasure::Linked,
                    by: AreaLevel::Grid,
                },
                as_of: "2026-05-01".to_owned(),
                classes: Vec::new(),
                basis: Basis::Residents {
                    count: Suppressed::Told(9),
                    share: None,
                    unplaced: Suppressed::Told(0),
                },
            },
            buildings: city.buildings.keys().take(2).map(|id| (*id, 4)).collect(),
            patches: vec![Patch {
                class: 5,
                low: [0.0, 20.0],
                high: [8.0, 24.0],
            }],
            outlines: vec![city.buildings.values().next().unwrap().footprint.clone()],
            figures: Vec::new(),
            sheet: None,
        }
    }

    fn materials(scene: &Scene, city: &crate::model::Ground) -> BTreeSet<u32> {
        let pieces = scene.layer_pieces.iter();
        let vertices = pieces.flat_map(|piece| scene.make(city, *piece).vertices);
        vertices.map(|vertex| vertex.tag & 0xff).collect()
    }

    #[test]
    fn a_layer_comes_and_goes_and_leaves_the_city_as_it_was() {
        let city = sample::city(0);
        let mut scene = Scene::build(&city, &KindTable::standard());
        let before: Vec<Chunk> = (0..scene.pieces.len() as u32)
            .map(|piece| scene.make(&city, piece))
            .collect();
        scene.show_layer(Some(&layer(&city)));
        assert_eq!(scene.classes, [5, 5, 0, 0]);
        let expected = [Material::ClassF, Material::LayerEdge].map(|one| one as u32);
        assert_eq!(materials(&scene, &city), expected.into());
        scene.show_layer(None);
        assert!(scene.classes.is_empty() && scene.layer_pieces.is_empty());
        let after = (0..before.len() as u32).map(|piece| scene.make(&city, piece));
        assert!(after.eq(before));
    }

    #[test]
    fn classes_are_seen_however_far_away() {
        let city = sample::city(0);
        let mut scene = Scene::build(&city, &KindTable::standard());
        let view = Viewpoint {
            range_m: 90_000.0,
            ..scene.default_view(1.6)
        };
        let camera = Camera::new(view, [1152.0, 720.0]);
        let passes = |scene: &Scene| {
            let mut card = Residency::new(u64::MAX);
            for piece in card.select(scene, &camera).missing {
                assert!(card.admit(piece, 1).is_some());
            }
            let draws = card.select(scene, &camera).draws.into_iter();
            let mut counts = BTreeMap::<Pass, usize>::new();
            draws.for_each(|draw| *counts.entry(draw.pass).or_default() += 1);
            counts
        };
        assert!(passes(&scene).contains_key(&Pass::Coarse));
        scene.show_layer(Some(&layer(&city)));
        let seen = passes(&scene);
        assert!(seen.contains_key(&Pass::Far) && !seen.contains_key(&Pass::Coarse));
        assert!(
            seen.contains_key(&Pass::Ground),
            "the layer keeps its hatching"
        );
    }
}
