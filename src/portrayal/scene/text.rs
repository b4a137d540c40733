//! The scene in words: what each layer holds. For tests, for support, and for whoever cannot
//! see the picture.

use std::fmt::Write;

use crate::model::Ground;

use super::{GlyphOf, Material, Scene};

/// The layers in paint order, each with the materials that belong to it.
const LAYERS: [(&str, &[Material]); 5] = [
    (
        "ground",
        &[Material::Ground, Material::Paving, Material::Green],
    ),
    ("water", &[Material::Water]),
    (
        "roads",
        &[Material::Street, Material::Lane, Material::Stone],
    ),
    (
        "buildings",
        &[
            Material::Plaster,
            Material::Block,
            Material::Tile,
            Material::FlatRoof,
            Material::Added,
            Material::Removed,
            Material::Changed,
            Material::Same,
        ],
    ),
    ("trees", &[Material::Leaves]),
];

impl Scene {
    /// Every layer with the number of things in it, in paint order. Makes every piece once.
    #[must_use]
    pub fn layers(&self, ground: &Ground) -> Vec<(&'static str, usize)> {
        let mut triangles = [0_usize; super::MATERIALS];
        let near = self.tiles.iter().flat_map(|tile| &tile.near);
        for piece in near.chain(&self.grounds) {
            let chunk = self.make(ground, *piece);
            for corner in chunk.indices.iter().step_by(3) {
                let material = chunk.vertices[*corner as usize].tag & 0xff;
                triangles[material as usize] += 1;
            }
        }
        let sum = |materials: &[Material]| materials.iter().map(|m| triangles[*m as usize]).sum();
        let mut layers: Vec<_> = LAYERS
            .iter()
            .map(|(name, materials)| (*name, sum(materials)))
            .collect();
        let cameras = self
            .glyphs
            .iter()
            .filter(|g| matches!(g.of, GlyphOf::Camera(_)))
            .count();
        layers.push(("devices", self.glyphs.len() - cameras));
        layers.push(("cameras", cameras));
        layers.push(("names", self.names.len()));
        layers
    }

    /// The scene as text: layers, extent, views.
    #[must_use]
    pub fn describe(&self, ground: &Ground) -> String {
        let mut text = String::new();
        let [w, h] = self.extent.size();
        let _ = writeln!(
            text,
            "extent     {w:.0} m × {h:.0} m, {} buildings",
            self.buildings.len()
        );
        let _ = writeln!(
            text,
            "pieces     {} in {} tiles",
            self.pieces.len(),
            self.tiles.len()
        );
        for (name, count) in self.layers(ground) {
            let unit = match name {
                "devices" | "cameras" | "names" => "",
                _ => " triangles",
            };
            let _ = writeln!(text, "{name:<10} {count}{unit}");
        }
        let names: Vec<_> = self.views.iter().map(|view| view.name.as_str()).collect();
        let _ = writeln!(text, "views      {}", names.join(" "));
        text
    }
}
