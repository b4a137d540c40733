// What every shader of the city knows about the picture. Prepended to the others; bound once a
// frame. Local coordinates are metres east, north, up; "relative" ones count from the eye.

struct Frame {
    clip_from_relative: mat4x4<f32>,
    // Eye in local coordinates; w: distance to the target.
    eye: vec4<f32>,
    // Direction to the sun; w: height that the shade raster's bytes are shares of; without one
    // below 0, how many times steeper slopes are lit than they are.
    sun: vec4<f32>,
    // Corner of the shade raster (xy) and one over its size (zw).
    shade_area: vec4<f32>,
    // The land: lowest corner (xy), highest corner (zw); it fades into haze towards its edge.
    land: vec4<f32>,
    // Width, height, pixels per tangent unit, scale of marks.
    picture: vec4<f32>,
    // Colour of the haze; w: its reach as a share of the range.
    haze: vec4<f32>,
    selection: vec4<f32>,
    heritage: vec4<f32>,
    // Grades red, orange, yellow, blue; then silent, device, camera, glass.
    marks: array<vec4<f32>, 8>,
    // Of each grade of deformation: colour of the hatch; then kind (1 lines, 2 crossed, 3 dots), and
    // in pixels at a scale of marks of 1 its period and width.
    hatch_inks: array<vec4<f32>, 6>,
    hatches: array<vec4<f32>, 6>,
    // The ramp of settlement: from most heave over none to most settlement.
    ramp: array<vec4<f32>, 9>,
    // Per material in the sun and in the shade.
    lit: array<vec4<f32>, 31>,
    shaded: array<vec4<f32>, 31>,
}

// One thing of the flat layer.
struct Item {
    // Middle (xy) and half size (zw), pixels.
    place: vec4<f32>,
    // Text: rectangle in the atlas, texels. Panel: the part that is painted, from the middle.
    uv: vec4<f32>,
    // Colours, 16 bits a channel.
    fill: vec2<u32>,
    border: vec2<u32>,
    // Form, radius or line width, turn, border width.
    style: vec4<f32>,
}

@group(0) @binding(0) var<uniform> frame: Frame;
@group(0) @binding(1) var<storage, read> building_words: array<u32>;
@group(0) @binding(2) var<storage, read> glyph_words: array<u32>;
@group(0) @binding(3) var<storage, read> glyph_places: array<vec4<f32>>;
@group(0) @binding(4) var shade: texture_2d<f32>;
@group(0) @binding(5) var shade_sampler: sampler;
@group(0) @binding(6) var atlas: texture_2d<f32>;
@group(0) @binding(7) var atlas_sampler: sampler;
@group(0) @binding(8) var<storage, read> glyph_order: array<u32>;
@group(0) @binding(9) var<storage, read> items: array<Item>;
// Of each building that leans or sinks: metres east and north for each metre above its foot, metres
// downwards, height of its foot. Empty where nothing is shown deformed.
@group(0) @binding(10) var<storage, read> building_moves: array<vec4<f32>>;
