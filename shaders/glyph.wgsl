// Devices and cameras: one triangle each, pulled from buffers, without instances: a rasteriser in
// software starts anew for each instance. Position and kind never change; a reading rewrites one
// word of state. Those too small to have an outline are dots: a triangle of the disc's area, which
// needs neither blending nor a look at each pixel.

const DISC: f32 = 0.0;
const HATCHED: f32 = 1.0;
const WEDGE: f32 = 2.0;

struct Glyph {
    center: vec4<f32>,
    color: vec4<f32>,
    form: f32,
    half_px: f32,
}

fn glyph_of(index: u32) -> Glyph {
    let word = glyph_words[index];
    let center = frame.clip_from_relative * vec4(glyph_places[index].xyz - frame.eye.xyz, 1.0);
    let grade = word & 7u;
    let camera = (word >> 8u) == 255u;
    let silent = (word & 0x10u) != 0u;
    let unheard = (word & 0x20u) != 0u;
    // Pixels a metre decide the size: dots far away, discs nearby.
    let near = clamp(frame.picture.z / max(center.w, 1.0) / frame.picture.w * 0.18, 0.0, 1.0);
    var out = Glyph(center, frame.marks[5], DISC, mix(1.0, 3.2, near) * frame.picture.w);
    if camera {
        out.color = frame.marks[6];
        // A heading beyond all turns is that of a camera of which nobody knows where it looks.
        out.form = select(WEDGE, DISC, glyph_places[index].w > 1000.0);
        out.half_px = max(out.half_px * 3.0, 4.0 * frame.picture.w);
    } else if grade != 0u {
        out.color = frame.marks[grade - 1u];
        out.half_px = max(out.half_px * 1.8, 5.0 * frame.picture.w);
    } else if silent {
        out.color = frame.marks[4];
        out.form = HATCHED;
        out.half_px = max(out.half_px * 1.3, 2.6 * frame.picture.w);
    } else if unheard {
        out.color = frame.marks[4];
        out.form = HATCHED;
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
    // From the middle, 1 at the rim; of a camera, up is where it looks.
    @location(0) at: vec2<f32>,
    @location(1) @interpolate(flat) color: vec4<f32>,
    // Form, half size in pixels.
    @location(2) @interpolate(flat) style: vec2<f32>,
}

// Direction in the picture, y up, in which a heading points at a place.
fn ahead_of(place: vec4<f32>, center: vec4<f32>) -> vec2<f32> {
    let ahead = vec3(sin(place.w), cos(place.w), 0.0) * center.w * 0.01;
    let tip = frame.clip_from_relative * vec4(place.xyz + ahead - frame.eye.xyz, 1.0);
    let off = (tip.xy / tip.w - center.xy / center.w) * frame.picture.xy;
    return off / max(length(off), 1e-6);
}

@vertex
fn vertex(@builtin(vertex_index) vertex: u32) -> Mark {
    let index = glyph_order[vertex / 3u];
    let glyph = glyph_of(index);
    let at = corner_of(vertex);
    var turned = at;
    if glyph.form == WEDGE {
        let up = ahead_of(glyph_places[index], glyph.center);
        turned = vec2(at.x * up.y + at.y * up.x, at.y * up.y - at.x * up.x);
    }
    let clip = clip_of(glyph, turned * glyph.half_px);
    return Mark(clip, at, glyph.color, vec2(glyph.form, glyph.half_px));
}

@fragment
fn fragment(in: Mark) -> @location(0) vec4<f32> {
    let size = in.style.y;
    // Pixels to the outline, positive inside.
    var inside = (1.0 - length(in.at)) * size;
    if in.style.x == WEDGE {
        // A sector of 80 degrees whose tip lies at the camera, as in the legend.
        let q = vec2(abs(in.at.x), in.at.y);
        inside = min(inside, (q.y * 0.64 - q.x * 0.77) * size + 1.0);
    }
    let covered = clamp(inside, 0.0, 1.0);
    if covered <= 0.0 {
        discard;
    }
    var color = in.color.rgb;
    if in.style.x == HATCHED {
        // Light and dark halves in turn: at any size not the even dot of what is fine.
        let stripe = fract((in.at.x + in.at.y) * max(size, 3.0) / 4.0);
        color = mix(color * 0.3, color * 1.15, step(0.5, stripe));
    } else if size > 2.5 {
        color = mix(color * 0.35, color, clamp(inside - 1.0, 0.0, 1.0));
    }
    return vec4(color, covered * in.color.a);
}
