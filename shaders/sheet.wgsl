// The sheet of settlement over the land, and the lines on it. Behind `city.wgsl`, whose corners and haze
// it shares. Drawn after everything solid: once as it is seen, and fainter where something stands in
// front of it, so that lines can be followed through houses.

// How much of the map the sheet covers where the ground stays and where it moves most. Behind something
// it covers nothing where the ground stays: houses stay houses.
const SHEET_STILL: f32 = 0.42;
const SHEET_MOVED: f32 = 0.74;
const SHEET_HIDDEN: f32 = 0.46;
const LINE_SEEN: f32 = 0.95;
const LINE_HIDDEN: f32 = 0.62;
// Beside a line lies a stripe of bare ground, so that it stands off dark roofs as well as white walls.
const CASING: f32 = 0.62;
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

// How far the ground moves, by what a corner carries: from 0 to 1.
fn moved(carried: f32) -> f32 {
    return smoothstep(0.0, 0.85, abs(carried / 65535.0 * 2.0 - 1.0));
}

fn clear_of_haze(in: Laid) -> f32 {
    return 1.0 - haze_at(1.0 / in.clip.w, in.place);
}

@fragment
fn sheet(in: Laid) -> @location(0) vec4<f32> {
    let cover = mix(SHEET_STILL, SHEET_MOVED, moved(in.carried.x));
    return vec4(ramp_color(in.carried.x), cover * clear_of_haze(in));
}

@fragment
fn sheet_hidden(in: Laid) -> @location(0) vec4<f32> {
    let cover = SHEET_HIDDEN * moved(in.carried.x);
    return vec4(ramp_color(in.carried.x), cover * clear_of_haze(in));
}

// A line in its stripe: as wide in the picture near and far, bold ones wider. Dashes are about as long
// in the picture at any distance, in steps of two, so that they do not swim.
fn line_color(in: Laid, strength: f32) -> vec4<f32> {
    let metres = in.carried * 0.02 - CARRIED_FROM_M;
    let across_px = abs(metres.y) / max(length(vec2(dpdx(metres.y), dpdy(metres.y))), 1e-6);
    let width = select(1.3, 2.3, in.material == BOLD) * frame.picture.w;
    let line = clamp(width * 0.5 + 0.5 - across_px, 0.0, 1.0);
    let stripe = clamp(width * 0.5 + 1.1 * frame.picture.w + 0.5 - across_px, 0.0, 1.0);
    let period = 2.0 * exp2(floor(log2(max(frame.eye.w, 80.0) / 80.0)));
    let soft = max(length(vec2(dpdx(metres.x), dpdy(metres.x))) / period, 1e-6);
    let dash = clamp((0.32 - abs(fract(metres.x / period) - 0.5)) / soft + 0.5, 0.0, 1.0);
    let drawn = select(1.0, dash, in.material == DASHED) * clear_of_haze(in) * strength;
    let color = mix(frame.lit[0].rgb, frame.lit[in.material].rgb, line);
    return vec4(color, max(line, stripe * CASING) * drawn);
}

@fragment
fn contour(in: Laid) -> @location(0) vec4<f32> {
    return line_color(in, LINE_SEEN);
}

@fragment
fn contour_hidden(in: Laid) -> @location(0) vec4<f32> {
    return line_color(in, LINE_HIDDEN);
}
