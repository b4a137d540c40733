//! What every shader knows about the picture: eye, sun, land, and the look's colours as numbers.

use bytemuck::Zeroable;

use crate::portrayal::camera::Camera;
use crate::portrayal::deform::{DeformGrade, hatch_of};
use crate::portrayal::hud::base_px;
use crate::portrayal::layer::{LAYER_CLASSES, sheet_colors};
use crate::portrayal::look::{Look, Theme};
use crate::portrayal::overlay::Rgba;
use crate::portrayal::scene::{MATERIALS, Material, SHADE_HEIGHT_M, Scene, sun_direction};

use super::compose::{Over, Show};
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
pub(super) fn paint(
    uniform: &mut FrameUniform,
    look: &Look,
    classes: Option<[Rgba; LAYER_CLASSES]>,
) {
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
    set(Material::Added, look.added, None);
    set(Material::Removed, look.removed, None);
    set(Material::Changed, look.changed, None);
    set(Material::Same, look.same, None);
    for (material, color) in CLASSES.into_iter().zip(classes.into_iter().flatten()) {
        set(material, color, None);
    }
    set(Material::LayerEdge, look.layer_edge, None);
    for (at, grade) in look.grades.iter().enumerate() {
        uniform.marks[at] = vector(*grade);
    }
    uniform.marks[4] = vector(look.silent);
    uniform.marks[5] = vector(look.device);
    uniform.marks[6] = vector(look.camera);
    uniform.marks[7] = vector(look.roof_shaded);
    for grade in DeformGrade::ALL {
        let (at, hatch) = (usize::from(grade.class()), hatch_of(grade));
        uniform.hatch_inks[at] = vector(look.tilt_hatch[at]);
        uniform.hatches[at] = [
            f32::from(hatch.kind as u8),
            hatch.period_px,
            hatch.width_px,
            0.0,
        ];
    }
    paint_sheet(uniform, look);
    uniform.selection = vector(look.selection);
    uniform.heritage = vector(look.heritage);
    let haze = vector(look.haze);
    uniform.haze = [haze[0], haze[1], haze[2], 5.0];
}

/// The colours of a sheet of settlement: its ramp, and its lines in the colour of text.
fn paint_sheet(uniform: &mut FrameUniform, look: &Look) {
    for line in [
        Material::Contour,
        Material::ContourBold,
        Material::ContourDashed,
    ] {
        uniform.lit[line as usize] = vector(look.text);
    }
    debug_assert_eq!(Material::ContourDashed as usize + 1, MATERIALS);
    uniform.ramp = sheet_colors(look).map(vector);
}

/// The materials of the classes of a layer, in order.
const CLASSES: [Material; LAYER_CLASSES] = [
    Material::ClassA,
    Material::ClassB,
    Material::ClassC,
    Material::ClassD,
    Material::ClassE,
    Material::ClassF,
];

/// Scale of marks and dots: 1 where text has 13 pixels.
pub(super) fn mark_scale(size_px: [f64; 2], show: &Show) -> f32 {
    base_px(size_px.map(|side| side as f32), show.ui_scale) / 13.0
}

/// The uniform of one frame.
pub(super) fn of_frame(scene: &Scene, camera: &Camera, show: &Show, over: &Over) -> FrameUniform {
    let mut uniform = FrameUniform::zeroed();
    uniform.clip_from_relative = camera.clip_from_relative();
    let [x, y, z] = camera.eye().map(|v| v as f32);
    uniform.eye = [x, y, z, camera.view.range_m as f32];
    let [sun_e, sun_n, sun_up] = sun_direction().map(|v| v as f32);
    uniform.sun = [
        sun_e,
        sun_n,
        sun_up,
        if scene.is_flat {
            SHADE_HEIGHT_M as f32
        } else {
            -scene.steeper as f32
        },
    ];
    let shade = scene.shade.bounds;
    let size = shade.size();
    uniform.shade_area = [
        shade.min[0] as f32,
        shade.min[1] as f32,
        (1.0 / size[0].max(1.0)) as f32,
        (1.0 / size[1].max(1.0)) as f32,
    ];
    let land = scene.land;
    uniform.land = [land.min[0], land.min[1], land.max[0], land.max[1]].map(|v| v as f32);
    let [w, h] = camera.size_px;
    uniform.picture = [
        w as f32,
        h as f32,
        (camera.view.range_m / camera.metres_per_pixel()) as f32,
        mark_scale(camera.size_px, show),
    ];
    let look = Look::of(show.theme);
    paint(&mut uniform, look, over.class_colors(look));
    uniform
}
