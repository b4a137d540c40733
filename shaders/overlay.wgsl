// Everything flat: panels, marks, lines, text. One quad an item, in paint order.

struct Item {
    // Middle (xy) and half size (zw), pixels.
    @location(0) place: vec4<f32>,
    // Rectangle in the atlas, texels.
    @location(1) uv: vec4<f32>,
    @location(2) fill: vec4<f32>,
    @location(3) border: vec4<f32>,
    // Form, radius or line width, turn, border width.
    @location(4) style: vec4<f32>,
}

struct Fragment {
    @builtin(position) clip: vec4<f32>,
    @location(0) at: vec2<f32>,
    @location(1) uv: vec2<f32>,
    @location(2) @interpolate(flat) half: vec2<f32>,
    @location(3) @interpolate(flat) fill: vec4<f32>,
    @location(4) @interpolate(flat) border: vec4<f32>,
    @location(5) @interpolate(flat) style: vec4<f32>,
}

const TEXT: i32 = 0;
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

@vertex
fn vertex(@builtin(vertex_index) corner: u32, item: Item) -> Fragment {
    var out: Fragment;
    let unit = vec2(f32(corner & 1u), f32(corner >> 1u));
    // A pixel of margin for smooth edges, except for text, whose texels have their own.
    let text = i32(item.style.x) == TEXT;
    let margin = select(1.0, 0.0, text);
    let at = (unit * 2.0 - 1.0) * (item.place.zw + margin);
    let turn = vec2(cos(item.style.z), sin(item.style.z));
    let pixel = item.place.xy + vec2(at.x * turn.x - at.y * turn.y, at.x * turn.y + at.y * turn.x);
    out.clip = vec4(pixel / frame.picture.xy * vec2(2.0, -2.0) + vec2(-1.0, 1.0), 0.0, 1.0);
    out.at = at;
    out.uv = mix(item.uv.xy, item.uv.zw, unit) / vec2<f32>(textureDimensions(atlas));
    out.half = item.place.zw;
    out.fill = item.fill;
    out.border = item.border;
    out.style = item.style;
    return out;
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
            let q = vec2(abs(at.x), at.y);
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
fn fragment(in: Fragment) -> @location(0) vec4<f32> {
    let form = i32(in.style.x);
    let covered = textureSampleLevel(atlas, atlas_sampler, in.uv, 0.0).r;
    if form == TEXT {
        return vec4(in.fill.rgb, in.fill.a * covered);
    }
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
