// The sheet of settlement over the land, and the lines on it. Behind `city.wgsl`, whose corners and haze
// it shares. Drawn after everything solid: once as it is seen, and fainter where something stands in
// front of it, so that lines can be followed through houses.

// How much of the map the sheet covers; seen, and behind something.
const SHEET_SEEN: f32 = 0.66;
const SHEET_HIDDEN: f32 = 0.20;
const LINE_HIDDEN: f32 = 0.34;
// Bands carry metres from here on, in units of 2 cm.
const CARRIED_FROM_M: f32 = 128.0;
const BOLD: u32 = 29u;
const DASHED: u32 = 30u;

struct Laid {
    @builtin(position) clip: vec4<f32>,
    // What the corner carries.
    @location(0) carried: vec2<f32>,
    // East and north.
    @location(1) place: vec2<f32>,
    @location(2) @interpolate(flat) material: u32,
}

@vertex
fn laid_vertex(corner: Corner) -> Laid {
    let relative = corner.position + corner.origin.xyz;
    let clip = frame.clip_from_relative * vec4(relative, 1.0);
    let place = relative.xy + frame.eye.xy;
    return Laid(clip, vec2<f32>(corner.along_up), place, corner.tag & 0xffu);
}

// The colour at a place on the ramp: from most heave over none to most settlement.
fn ramp_color(carried: f32) -> vec3<f32> {
    let at = clamp(carried / 65535.0, 0.0, 1.0) * 8.0;
    let first = min(u32(at), 7u);
    return mix(frame.ramp[first].rgb, frame.ramp[first + 1u].rgb, at - f32(first));
}

fn clear_of_haze(in: Laid) -> f32 {
    return 1.0 - haze_at(1.0 / in.clip.w, in.place);
}

@fragment
fn sheet(in: Laid) -> @location(0) vec4<f32> {
    return vec4(ramp_color(in.carried.x), SHEET_SEEN * clear_of_haze(in));
}

@fragment
fn sheet_hidden(in: Laid) -> @location(0) vec4<f32> {
    return vec4(ramp_color(in.carried.x), SHEET_HIDDEN * clear_of_haze(in));
}

// How much of a pixel a line covers: as wide in the picture near and far, bold ones wider. Dashes are
// about as long in the picture at any distance, in steps of two, so that they do not swim.
fn line_cover(in: Laid) -> f32 {
    let metres = in.carried * 0.02 - CARRIED_FROM_M;
    let across_px = abs(metres.y) / max(length(vec2(dpdx(metres.y), dpdy(metres.y))), 1e-6);
    let width = select(1.3, 2.3, in.material == BOLD) * frame.picture.w;
    let line = clamp(width * 0.5 + 0.5 - across_px, 0.0, 1.0);
    let period = 2.0 * exp2(floor(log2(max(frame.eye.w, 80.0) / 80.0)));
    let soft = max(length(vec2(dpdx(metres.x), dpdy(metres.x))) / period, 1e-6);
    let dash = clamp((0.32 - abs(fract(metres.x / period) - 0.5)) / soft + 0.5, 0.0, 1.0);
    return line * select(1.0, dash, in.material == DASHED) * clear_of_haze(in);
}

@fragment
fn contour(in: Laid) -> @location(0) vec4<f32> {
    return vec4(frame.lit[in.material].rgb, line_cover(in) * 0.92);
}

@fragment
fn contour_hidden(in: Laid) -> @location(0) vec4<f32> {
    return vec4(frame.lit[in.material].rgb, line_cover(in) * LINE_HIDDEN);
}
