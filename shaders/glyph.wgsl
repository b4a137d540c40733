// Devices and cameras: one triangle each, pulled from buffers, in one draw call without instances:
// a rasteriser in software starts anew for each instance. Position and kind never change; a reading
// rewrites one word of state.

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
    let index = glyph_order[vertex / 3u];
    let corner = vertex % 3u;
    var out: Mark;
    let place = glyph_places[index];
    let word = glyph_words[index];
    let relative = place.xyz - frame.eye.xyz;
    let center = frame.clip_from_relative * vec4(relative, 1.0);
    let grade = word & 7u;
    let camera = (word >> 8u) == 255u;
    let quiet = grade == 0u;
    let silent = (word & 0x30u) != 0u;
    // Metres a pixel decide the size: dots far away, discs nearby.
    let near = clamp(frame.picture.z / max(center.w, 1.0) / frame.picture.w * 0.18, 0.0, 1.0);
    var half_px = mix(1.0, 3.2, near) * frame.picture.w;
    var color = frame.marks[5];
    if camera {
        color = frame.marks[6];
        half_px *= 1.2;
    } else if !quiet {
        color = frame.marks[grade - 1u];
        half_px = max(half_px * 1.8, 5.0 * frame.picture.w);
    } else if silent {
        color = frame.marks[4];
    }
    // The triangle around the unit circle: a corner less than a square has.
    let at = vec2((f32(corner) - 1.0) * 1.7320508, select(-1.0, 2.0, corner == 1u));
    out.at = at;
    out.color = color;
    out.style = vec2(select(0.0, 1.0, quiet && silent), half_px);
    let offset = at * half_px * 2.0 / frame.picture.xy;
    // A little nearer than it is, so that a wall it hangs on does not cut it.
    out.clip = vec4(center.xy + offset * center.w, center.z * 1.004, center.w);
    return out;
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
