//! From the look's tokens to the numbers of the shaders.

use crate::portrayal::look::{Look, Theme};
use crate::portrayal::overlay::Rgba;
use crate::portrayal::scene::{MATERIALS, Material};

use super::flatten::linear;
use super::gpu::FrameUniform;

/// Linear colour with straight alpha.
pub(super) fn vector(color: Rgba) -> [f32; 4] {
    let [r, g, b, a] = color.0;
    [linear(r), linear(g), linear(b), f32::from(a) / 255.0]
}

/// A colour as it is in the shade, where the look has no token for it.
fn in_shade(color: [f32; 4], theme: Theme) -> [f32; 4] {
    // Shade is cooler than sun: blue falls less than red.
    let [r, g, b] = match theme {
        Theme::Ink => [0.56, 0.60, 0.66],
        Theme::Night => [0.50, 0.55, 0.60],
    };
    [color[0] * r, color[1] * g, color[2] * b, color[3]]
}

/// Writes the colours of a theme into the uniform.
pub(super) fn paint(uniform: &mut FrameUniform, look: &Look) {
    let mut set = |material: Material, lit: Rgba, shaded: Option<Rgba>| {
        let at = material as usize;
        uniform.lit[at] = vector(lit);
        uniform.shaded[at] = shaded.map_or_else(|| in_shade(vector(lit), look.theme), vector);
    };
    set(Material::Ground, look.ground, None);
    set(Material::Paving, look.paving, None);
    set(Material::Street, look.paving, None);
    set(Material::Lane, look.paving, None);
    set(Material::Stone, look.quay_stone, None);
    set(Material::Water, look.water, None);
    set(Material::Green, look.green, None);
    set(Material::Plaster, look.wall_lit, Some(look.wall_shaded));
    set(Material::Tile, look.roof_lit, Some(look.roof_shaded));
    set(Material::Ridge, look.ridge, Some(look.ridge));
    set(Material::Block, look.modern, None);
    set(Material::FlatRoof, look.quay_stone, None);
    set(Material::Timber, look.timber, None);
    set(Material::Leaves, look.tree, None);
    set(Material::Other, look.modern, None);
    set(Material::Glass, look.roof_shaded, None);
    debug_assert_eq!(Material::Glass as usize + 1, MATERIALS);
    for (at, grade) in look.grades.iter().enumerate() {
        uniform.marks[at] = vector(*grade);
    }
    uniform.marks[4] = vector(look.silent);
    uniform.marks[5] = vector(look.device);
    uniform.marks[6] = vector(look.camera);
    uniform.marks[7] = vector(look.roof_shaded);
    uniform.selection = vector(look.selection);
    uniform.heritage = vector(look.heritage);
    let haze = vector(look.haze);
    uniform.haze = [haze[0], haze[1], haze[2], 5.0];
}
