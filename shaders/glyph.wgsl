// Devices and cameras: one triangle each, pulled from buffers, without instances: a rasteriser in
// software starts anew for each instance. Position and kind never change; a reading rewrites one
// word of state. Those too small to have an outline are dots: a triangle of the disc's area, which
// needs neither blending nor a look at each pixel.

struct Glyph {
    center: vec4<f32>,
    color: vec4<f32>,
    // 1 when hatched.
    hatched: f32,
    half_px: f32,
}

fn glyph_of(index: u32) -> Glyph {
    let word = glyph_words[index];
    let center = frame.clip_from_relative * vec4(glyph_places[index].xyz - frame.eye.xyz, 1.0);
    let grade = word & 7u;
    let camera = (word >> 8u) == 255u;
    let silent = (word & 0x30u) != 0u;
    // Pixels a metre decide the size: dots far away, discs nearby.
    let near = clamp(frame.picture.z / max(center.w, 1.0) / frame.picture.w * 0.18, 0.0, 1.0);
    var out = Glyph(center, frame.marks[5], 0.0, mix(1.0, 3.2, near) * frame.picture.w);
    if camera {
        out.color = frame.marks[6];
        out.half_px *= 1.2;
    } else if grade != 0u {
        out.color = frame.marks[grade - 1u];
        out.half_px = max(out.half_px * 1.8, 5.0 * frame.picture.w);
    } else if silent {
        out.color = frame.marks[4];
        out.hatched = 1.0;
    }
    return out;
}

// A corner of the triangle around the unit circle: one less than a square has.
fn corner_of(vertex: u32) -> vec2<f32> {
    let corner = vertex % 3u;
    return vec2((f32(corner) - 1.0) * 1.7320508, select(-1.0, 2.0, corner == 1u));
}

fn clip_of(glyph: Glyph, off_px: vec2<f32>) -> vec4<f32> {
    let offset = off_px * 2.0 / frame.picture.xy;
    // A little nearer than it is, so that a wall it hangs on does not cut it.
    let center = glyph.center;
    return vec4(center.xy + offset * center.w, center.z * 1.004, center.w);
}

struct Dot {
    @builtin(position) clip: vec4<f32>,
    @location(0) @interpolate(flat) color: vec4<f32>,
}

@vertex
fn dot_vertex(@builtin(vertex_index) vertex: u32) -> Dot {
    let glyph = glyph_of(glyph_order[vertex / 3u]);
    return Dot(clip_of(glyph, corner_of(vertex) * glyph.half_px * 0.7776), glyph.color);
}

@fragment
fn dot_fragment(in: Dot) -> @location(0) vec4<f32> {
    return vec4(in.color.rgb, 1.0);
}

struct Mark {
    @builtin(position) clip: vec4<f32>,
    // From the middle, 1 at the rim.
    @location(0) at: vec2<f32>,
    @location(1) @interpolate(flat) color: vec4<f32>,
    // Hatched, half size in pixels.
    @location(2) @interpolate(flat) style: vec2<f32>,
}

@vertex
fn vertex(@builtin(vertex_index) vertex: u32) -> Mark {
    let glyph = glyph_of(glyph_order[vertex / 3u]);
    let at = corner_of(vertex);
    let style = vec2(glyph.hatched, glyph.half_px);
    return Mark(clip_of(glyph, at * glyph.half_px), at, glyph.color, style);
}

@fragment
fn fragment(in: Mark) -> @location(0) vec4<f32> {
    let off = length(in.at) * in.style.y;
    let inside = clamp(in.style.y - off, 0.0, 1.0);
    if inside <= 0.0 {
        discard;
    }
    var color = in.color.rgb;
    let rim = clamp(in.style.y - off - 1.0, 0.0, 1.0);
    if in.style.y > 2.5 {
        color = mix(color * 0.35, color, rim);
    }
    if in.style.x > 0.5 && in.style.y > 2.5 {
        let stripe = fract((in.at.x + in.at.y) * in.style.y / 3.0);
        color = mix(color, color * 0.4, step(0.5, stripe));
    }
    return vec4(color, inside * in.color.a);
}
