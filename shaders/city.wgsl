// Ground, water, roads, buildings, trees: everything solid, in one pipeline.

const GROUND: u32 = 0u;
const STREET: u32 = 2u;
const LANE: u32 = 3u;
const STONE: u32 = 4u;
const WATER: u32 = 5u;
const GREEN: u32 = 6u;
const PLASTER: u32 = 7u;
const TILE: u32 = 8u;
const RIDGE: u32 = 9u;
const BLOCK: u32 = 10u;

struct Corner {
    @location(0) position: vec3<f32>,
    @location(1) normal: vec4<f32>,
    @location(2) tag: u32,
    @location(3) along_up: vec2<u32>,
    // Of the chunk: its origin relative to the eye.
    @location(4) origin: vec4<f32>,
}

struct Fragment {
    @builtin(position) clip: vec4<f32>,
    @location(0) relative: vec3<f32>,
    @location(1) along_up: vec2<f32>,
    // Sun on the face 0–1, brightness of this building, building flags, material.
    @location(2) @interpolate(flat) light: vec2<f32>,
    @location(3) @interpolate(flat) tags: vec2<u32>,
    // Where to look into the shade raster.
    @location(4) shade_at: vec2<f32>,
}

// A wall stands on the edge of its own cells: its light is looked up this far in front of it.
const SHADE_OFFSET_M: f32 = 0.8;

@vertex
fn vertex(corner: Corner) -> Fragment {
    var out: Fragment;
    let relative = corner.position + corner.origin.xyz;
    out.clip = frame.clip_from_relative * vec4(relative, 1.0);
    out.relative = relative;
    out.along_up = vec2<f32>(corner.along_up) * 0.02;
    // Foreign data turns faces either way: the side that is seen is the outside.
    var normal = corner.normal.xyz;
    normal = select(normal, -normal, dot(normal, relative) > 0.0);
    let building = corner.tag >> 8u;
    var word = 0u;
    var tone = 1.0;
    if building != 0xffffffu {
        word = building_words[building];
        // Neighbours differ a little, as plaster and tiles do.
        tone = 0.955 + 0.09 * f32((building * 2654435761u) >> 24u) / 255.0;
    }
    out.light = vec2(max(dot(normal, frame.sun.xyz), 0.0), tone);
    out.tags = vec2(corner.tag & 0xffu, word);
    let front = relative.xy + frame.eye.xy + normal.xy * SHADE_OFFSET_M;
    out.shade_at = (front - frame.shade_area.xy) * frame.shade_area.zw;
    return out;
}

// 1 within a line of `width` around whole multiples of `period`, 0 outside, smoothed over `soft`.
fn lines(at: f32, period: f32, width: f32, soft: f32) -> f32 {
    let off = abs(fract(at / period + 0.5) - 0.5) * period;
    return 1.0 - smoothstep(width * 0.5, width * 0.5 + soft, off);
}

// Small dark windows of an old house: few, irregular, one row a storey.
fn old_windows(at: vec2<f32>, pixel_m: f32, seed: u32) -> f32 {
    let cell = floor(vec2(at.x / 2.9, at.y / 3.2));
    let inside = vec2(fract(at.x / 2.9) * 2.9, fract(at.y / 3.2) * 3.2);
    let pick = fract(sin(dot(cell, vec2(12.9898, 78.233)) + f32(seed & 1023u)) * 43758.547);
    let soft = max(pixel_m, 0.05);
    let half = vec2(0.5 + 0.25 * pick, 0.6);
    let off = abs(inside - vec2(1.45, 1.7)) - half;
    let glass = 1.0 - smoothstep(0.0, soft, max(off.x, off.y));
    return glass * step(0.42, pick);
}

fn block_windows(at: vec2<f32>, pixel_m: f32) -> f32 {
    let inside = vec2(fract(at.x / 3.3) * 3.3, fract(at.y / 3.0) * 3.0);
    let soft = max(pixel_m, 0.05);
    let off = abs(inside - vec2(1.65, 1.75)) - vec2(0.9, 0.65);
    return 1.0 - smoothstep(0.0, soft, max(off.x, off.y));
}

// How strongly a pattern of this period may show before it would flicker.
fn visible(period_m: f32, pixel_m: f32) -> f32 {
    return 1.0 - smoothstep(0.18, 0.42, pixel_m / period_m);
}

@fragment
fn fragment(in: Fragment) -> @location(0) vec4<f32> {
    let material = in.tags.x;
    let word = in.tags.y;
    let distance_m = length(in.relative);
    let local = in.relative + frame.eye.xyz;
    let pixel_m = distance_m / frame.picture.z;

    var sun = in.light.x;
    var open = 1.0;
    if frame.sun.w > 0.0 {
        let baked = textureSampleLevel(shade, shade_sampler, in.shade_at, 0.0).xy * frame.sun.w;
        sun *= smoothstep(-0.7, 0.5, local.z - baked.x);
        open = 1.0 - 0.42 * clamp((baked.y - max(local.z, 0.0)) / 7.0, 0.0, 1.0);
    }
    // Level ground in the sun has the full colour of its token.
    let light = sqrt(min(sun * 1.45, 1.0));
    var color = mix(frame.shaded[material].rgb, frame.lit[material].rgb, light) * in.light.y;

    if material == PLASTER {
        let w = visible(1.4, pixel_m);
        if w > 0.0 {
            let dark = old_windows(in.along_up, pixel_m, word >> 8u);
            color = mix(color, frame.shaded[12].rgb, dark * 0.8 * w);
            let foot = 1.0 - smoothstep(0.25, 0.75, in.along_up.y);
            color *= 1.0 - 0.16 * foot * w;
        }
    } else if material == TILE {
        let ribs = lines(in.along_up.x, 0.36, 0.12, max(pixel_m, 0.06));
        color *= 1.0 - 0.26 * ribs * visible(0.36, pixel_m);
        let courses = lines(in.along_up.y, 1.5, 0.12, max(pixel_m, 0.1));
        color *= 1.0 - 0.08 * courses * visible(1.5, pixel_m);
    } else if material == BLOCK {
        let dark = block_windows(in.along_up, pixel_m);
        color = mix(color, frame.marks[7].rgb, dark * 0.75 * visible(2.2, pixel_m));
    } else if material == WATER {
        let ripple = lines(local.y + 0.5 * sin(local.x * 0.35) + 0.2 * sin(local.x * 1.1), 1.6, 0.1, max(pixel_m, 0.1));
        color = mix(color, frame.marks[6].rgb, 0.30 * ripple * visible(1.6, pixel_m));
    } else if material == LANE {
        let slabs = max(lines(local.x + local.y * 0.15, 0.9, 0.05, max(pixel_m, 0.04)),
                        lines(local.y - local.x * 0.15, 0.6, 0.05, max(pixel_m, 0.04)));
        color *= 1.0 - 0.10 * slabs * visible(0.7, pixel_m);
    } else if material == STONE {
        let courses = lines(in.along_up.y, 0.4, 0.05, max(pixel_m, 0.04));
        color *= 1.0 - 0.14 * courses * visible(0.4, pixel_m);
    } else if material == RIDGE && (word & 1u) != 0u {
        color = mix(color, frame.heritage.rgb, 0.75);
    }
    color *= open;

    // A building in alarm takes the colour of its grade, a selected one that of the selection.
    let grade = (word >> 2u) & 7u;
    if grade != 0u {
        // Shaded like the walls, so that it stays a house.
        color = mix(color, frame.marks[grade - 1u].rgb * mix(0.4, 1.0, light), 0.36);
    }
    if (word & 2u) != 0u {
        color = mix(color, frame.selection.rgb * mix(0.4, 1.0, light), 0.4);
    }

    let far = distance_m / frame.eye.w;
    var haze = 0.62 * smoothstep(1.1, frame.haze.w, far);
    let edge = min(local.xy - frame.land.xy, frame.land.zw - local.xy);
    let reach = 0.28 * min(frame.land.z - frame.land.x, frame.land.w - frame.land.y);
    haze = max(haze, 1.0 - smoothstep(0.0, reach, min(edge.x, edge.y)));
    return vec4(mix(color, frame.haze.rgb, haze), 1.0);
}
