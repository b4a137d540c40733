// Everything flat: panels, marks, lines, text. One quad an item, in paint order. Text, plain
// rectangles and forms have shaders of their own, and items are pulled from a buffer instead of
// being instances: a rasteriser in software runs every branch and starts anew for each instance.

const PANEL: i32 = 1;
const DISC: i32 = 2;
const RING: i32 = 3;
const HEXAGON: i32 = 4;
const TRIANGLE: i32 = 5;
const SQUARE: i32 = 6;
const DIAMOND: i32 = 7;
const HATCHED: i32 = 8;
const ARROW: i32 = 9;
const WEDGE: i32 = 10;

fn clip_of(pixel: vec2<f32>) -> vec4<f32> {
    return vec4(pixel / frame.picture.xy * vec2(2.0, -2.0) + vec2(-1.0, 1.0), 0.0, 1.0);
}

// The corner of the unit square of this vertex: two triangles an item.
fn unit_of(vertex: u32) -> vec2<f32> {
    let corner = vertex % 6u;
    let right = corner == 1u || corner == 3u || corner == 4u;
    let low = corner == 2u || corner == 4u || corner == 5u;
    return vec2(select(0.0, 1.0, right), select(0.0, 1.0, low));
}

fn color_of(words: vec2<u32>) -> vec4<f32> {
    return vec4(unpack2x16unorm(words.x), unpack2x16unorm(words.y));
}

fn turned(at: vec2<f32>, angle: f32) -> vec2<f32> {
    let turn = vec2(cos(angle), sin(angle));
    return vec2(at.x * turn.x - at.y * turn.y, at.x * turn.y + at.y * turn.x);
}

// --- text -----------------------------------------------------------------------------------------

struct Text {
    @builtin(position) clip: vec4<f32>,
    @location(0) uv: vec2<f32>,
    @location(1) @interpolate(flat) fill: vec4<f32>,
}

@vertex
fn text_vertex(@builtin(vertex_index) vertex: u32) -> Text {
    let item = items[vertex / 6u];
    let unit = unit_of(vertex);
    let at = turned((unit * 2.0 - 1.0) * item.place.zw, item.style.z);
    let uv = mix(item.uv.xy, item.uv.zw, unit) / vec2<f32>(textureDimensions(atlas));
    return Text(clip_of(item.place.xy + at), uv, color_of(item.fill));
}

@fragment
fn text_fragment(in: Text) -> @location(0) vec4<f32> {
    let covered = textureSampleLevel(atlas, atlas_sampler, in.uv, 0.0).r;
    return vec4(in.fill.rgb, in.fill.a * covered);
}

// --- plain rectangles, on whole pixels ------------------------------------------------------------

struct Solid {
    @builtin(position) clip: vec4<f32>,
    @location(0) @interpolate(flat) fill: vec4<f32>,
}

@vertex
fn solid_vertex(@builtin(vertex_index) vertex: u32) -> Solid {
    let item = items[vertex / 6u];
    let at = (unit_of(vertex) * 2.0 - 1.0) * item.place.zw;
    return Solid(clip_of(item.place.xy + at), color_of(item.fill));
}

@fragment
fn solid_fragment(in: Solid) -> @location(0) vec4<f32> {
    return in.fill;
}

// --- forms ----------------------------------------------------------------------------------------

struct Form {
    @builtin(position) clip: vec4<f32>,
    @location(0) at: vec2<f32>,
    @location(1) @interpolate(flat) half: vec2<f32>,
    @location(2) @interpolate(flat) fill: vec4<f32>,
    @location(3) @interpolate(flat) border: vec4<f32>,
    @location(4) @interpolate(flat) style: vec4<f32>,
}

@vertex
fn form_vertex(@builtin(vertex_index) vertex: u32) -> Form {
    let item = items[vertex / 6u];
    let unit = unit_of(vertex);
    // A pixel of margin for smooth edges; or the part of a panel that is painted.
    let whole = (unit * 2.0 - 1.0) * (item.place.zw + 1.0);
    let part = mix(item.uv.xy, item.uv.zw, unit);
    let at = select(whole, part, any(item.uv != vec4(0.0)));
    let pixel = item.place.xy + turned(at, item.style.z);
    let colors = array(color_of(item.fill), color_of(item.border));
    return Form(clip_of(pixel), at, item.place.zw, colors[0], colors[1], item.style);
}

// Signed distances in pixels, negative inside.
fn box_distance(at: vec2<f32>, half: vec2<f32>, radius: f32) -> f32 {
    let q = abs(at) - half + radius;
    return length(max(q, vec2(0.0))) + min(max(q.x, q.y), 0.0) - radius;
}

fn form_distance(form: i32, at: vec2<f32>, half: vec2<f32>, radius: f32) -> f32 {
    let r = half.x;
    switch form {
        case PANEL: { return box_distance(at, half, radius); }
        case HEXAGON: {
            let q = abs(at);
            return max(q.x * 0.8660254 + q.y * 0.5, q.y) - r * 0.8660254;
        }
        case TRIANGLE: {
            let q = vec2(abs(at.x), at.y - r * 0.25);
            return max(q.x * 0.8660254 - q.y * 0.5, q.y) - r * 0.5;
        }
        case SQUARE: { return box_distance(at, half * 0.82, 2.0); }
        case DIAMOND: { return (abs(at.x) + abs(at.y)) * 0.70710678 - r * 0.70710678; }
        case RING: { return abs(length(at) - r + radius) - radius * 0.5; }
        case ARROW: {
            // The tip is up, where y is negative.
            let q = vec2(abs(at.x), -at.y);
            let body = max(q.x * 0.94 + q.y * 0.34 - r * 0.30, -(r * 0.75 - q.x * 0.9) - (-q.y) );
            return max(body, q.y - r * 0.8);
        }
        case WEDGE: {
            let q = vec2(abs(at.x), at.y);
            return max(max(q.x * 0.8 + q.y * 0.6 - 0.0, -q.y - r), length(at) - r);
        }
        default: { return length(at) - r; }
    }
}

@fragment
fn form_fragment(in: Form) -> @location(0) vec4<f32> {
    let form = i32(in.style.x);
    let d = form_distance(form, in.at, in.half, in.style.y);
    let inside = clamp(0.5 - d, 0.0, 1.0);
    var color = in.fill;
    if form == HATCHED {
        let stripe = step(0.5, fract((in.at.x + in.at.y) / 5.0));
        color = vec4(color.rgb * mix(1.0, 0.45, stripe), color.a);
    }
    if in.border.a > 0.0 {
        let rim = clamp(0.5 - d - in.style.w, 0.0, 1.0);
        color = mix(in.border, color, rim);
    }
    return vec4(color.rgb, color.a * inside);
}
