// Ground, water, roads, buildings, trees. One vertex shader for what is near, and a pixel shader
// for each finish: a rasteriser in software runs every branch of a shader, so a pixel must not
// carry patterns of other materials. Two vertex shaders for what is far, whose colour is finished
// at the corner.

const PLASTER: u32 = 7u;
const RIDGE: u32 = 9u;
// From here on materials tell what became of a record.
const ADDED: u32 = 16u;
// The first class of a layer.
const CLASS: u32 = 20u;
// Of a building's word: it is shown as it leans and sinks.
const MOVED: u32 = 0x40000u;
// Light of the sun on level ground.
const LEVEL_SUN: f32 = 0.945;

struct Corner {
    @location(0) position: vec3<f32>,
    @location(1) normal: vec4<f32>,
    @location(2) tag: u32,
    // Units of 2 cm nearby; shares of 65,535 far away.
    @location(3) along_up: vec2<u32>,
    // Of the piece: its origin relative to the eye.
    @location(4) origin: vec4<f32>,
}

// A wall stands on the edge of its own cells: its light is looked up this far in front of it.
const SHADE_OFFSET_M: f32 = 0.8;

struct Dress {
    lit: vec3<f32>,
    shaded: vec3<f32>,
    word: u32,
}

// The colours of a face in the sun and in the shade, with all that its building's state changes.
fn dress(tag: u32) -> Dress {
    let material = tag & 0xffu;
    let building = tag >> 8u;
    var word = 0u;
    var tone = 1.0;
    if building != 0xffffffu {
        word = building_words[building];
        // Neighbours differ a little, as plaster and tiles do.
        tone = 0.955 + 0.09 * f32(word >> 24u) / 255.0;
    }
    var lit = frame.lit[material].rgb;
    var shaded = frame.shaded[material].rgb;
    if material == RIDGE && (word & 1u) != 0u {
        lit = mix(lit, frame.heritage.rgb, 0.75);
        shaded = mix(shaded, frame.heritage.rgb, 0.75);
    }
    lit *= tone;
    shaded *= tone;
    // A building in alarm takes the colour of its grade, a selected one that of the selection,
    // which never hides an alarm; darker in the shade, so that it stays a house.
    let grade = (word >> 2u) & 7u;
    let layer = (word >> 5u) & 7u;
    if layer != 0u {
        // A layer over the map; houses stay houses below it. Under a hatch walls and roofs are of one
        // colour, which the lines were chosen for.
        let is_hatched = (word & MOVED) != 0u;
        lit = mix(lit, frame.lit[CLASS + layer - 1u].rgb, select(0.82, 1.0, is_hatched));
        shaded = mix(shaded, frame.shaded[CLASS + layer - 1u].rgb, select(0.7, 1.0, is_hatched));
    }
    if grade != 0u {
        let mark = frame.marks[grade - 1u].rgb;
        let strength = select(0.36, 0.85, layer != 0u);
        lit = mix(lit, mark, strength);
        shaded = mix(shaded, mark * 0.4, strength);
    }
    if (word & 2u) != 0u && grade == 0u {
        lit = mix(lit, frame.selection.rgb, 0.4);
        shaded = mix(shaded, frame.selection.rgb * 0.4, 0.4);
    }
    return Dress(lit, shaded, word);
}

// Where a corner is drawn. A building leans about its foot: what lies below does not move.
fn swayed(relative: vec3<f32>, tag: u32, word: u32) -> vec3<f32> {
    if (word & MOVED) == 0u {
        return relative;
    }
    let by = building_moves[tag >> 8u];
    let up_m = max(relative.z + frame.eye.z - by.w, 0.0);
    return relative + vec3(by.xy * up_m, -by.z);
}

// How much of a place the haze covers; `local` is east and north.
fn haze_at(depth_m: f32, local: vec2<f32>) -> f32 {
    let far = 0.62 * smoothstep(1.1, frame.haze.w, depth_m / frame.eye.w);
    let edge = min(local - frame.land.xy, frame.land.zw - local);
    let reach = 0.28 * min(frame.land.z - frame.land.x, frame.land.w - frame.land.y);
    return max(far, 1.0 - smoothstep(0.0, reach, min(edge.x, edge.y)));
}

// --- near -----------------------------------------------------------------------------------------

struct Near {
    @builtin(position) clip: vec4<f32>,
    // Along and up the face, height, haze.
    @location(0) at: vec4<f32>,
    // Where to look into the shade raster; east and north.
    @location(1) place: vec4<f32>,
    // w: light of the sun on the face.
    @location(2) @interpolate(flat) lit: vec4<f32>,
    // w: a number of the building, for irregular patterns, and from 1,024 on its grade.
    @location(3) @interpolate(flat) shaded: vec4<f32>,
    // Of land that is no plane: above 0 it turns to the sun, below 0 away from it.
    @location(4) hill: f32,
}

// Slopes are steeper in the light than they are, as on a map.
fn hill_of(normal: vec3<f32>) -> f32 {
    let steep = normalize(vec3(normal.xy * -frame.sun.w, max(normal.z, 0.05)));
    return select(0.0, dot(steep, frame.sun.xyz) / frame.sun.z - 1.0, frame.sun.w <= 0.0);
}

@vertex
fn vertex(corner: Corner) -> Near {
    var out: Near;
    let relative = corner.position + corner.origin.xyz;
    let local = relative + frame.eye.xyz;
    let dressed = dress(corner.tag);
    // Light stays where it was baked.
    out.clip = frame.clip_from_relative * vec4(swayed(relative, corner.tag, dressed.word), 1.0);
    let haze = haze_at(out.clip.w, local.xy);
    out.at = vec4(vec2<f32>(corner.along_up) * 0.02, local.z, haze);
    let front = local.xy + corner.normal.xy * SHADE_OFFSET_M;
    out.place = vec4((front - frame.shade_area.xy) * frame.shade_area.zw, local.xy);
    // Level ground in the sun has the full colour of its token.
    let sun = sqrt(min(max(dot(corner.normal.xyz, frame.sun.xyz), 0.0) * 1.45, 1.0));
    out.lit = vec4(dressed.lit, sun);
    let graded = select(0u, (dressed.word & 0xe0u) << 5u, (dressed.word & MOVED) != 0u);
    out.shaded = vec4(dressed.shaded, f32(((dressed.word >> 8u) & 1023u) | graded));
    // What became of a record is told by its colour, which light must not wash out.
    let told = select(1.0, 0.3, (corner.tag & 0xffu) >= ADDED);
    out.hill = hill_of(corner.normal.xyz) * told;
    return out;
}

struct Light {
    sun: f32,
    open: f32,
}

fn light_of(in: Near) -> Light {
    let baked = textureSampleLevel(shade, shade_sampler, in.place.xy, 0.0).xy * max(frame.sun.w, 0.0);
    let seen = select(clamp((in.at.z - baked.x) / 1.2 + 0.58, 0.0, 1.0), 1.0, frame.sun.w <= 0.0);
    let open = 1.0 - 0.42 * clamp((baked.y - max(in.at.z, 0.0)) / 7.0, 0.0, 1.0);
    return Light(in.lit.w * seen, open);
}

// The colour of what lies on the land. On a plane it has cast shadows; land that rises and falls
// has light and shade of its own: paper towards the sun, ink away from it.
fn laid(in: Near) -> vec3<f32> {
    let light = light_of(in);
    let sun = select(light.sun, LEVEL_SUN, frame.sun.w <= 0.0);
    let color = mix(in.shaded.rgb, in.lit.rgb, sun) * light.open;
    let bright = mix(color, frame.lit[PLASTER].rgb, 0.6 * clamp(in.hill * 1.5, 0.0, 1.0));
    return mix(bright, frame.lit[RIDGE].rgb, 0.55 * clamp(-in.hill, 0.0, 1.0));
}

fn pixel_m(in: Near) -> f32 {
    return 1.0 / (in.clip.w * frame.picture.z);
}

fn hazed(color: vec3<f32>, haze: f32) -> vec4<f32> {
    return vec4(mix(color, frame.haze.rgb, haze), 1.0);
}

// 1 within a line of `width` around whole multiples of `period`, 0 outside, smoothed over `soft`.
fn lines(at: f32, period: f32, width: f32, soft: f32) -> f32 {
    let off = abs(fract(at / period + 0.5) - 0.5) * period;
    return 1.0 - clamp((off - width * 0.5) / soft, 0.0, 1.0);
}

// How strongly a pattern of this period may show before it would flicker.
fn visible(period_m: f32, pixel_m: f32) -> f32 {
    return 1.0 - clamp((pixel_m / period_m - 0.18) / 0.24, 0.0, 1.0);
}

fn plain_color(in: Near) -> vec3<f32> {
    let light = light_of(in);
    return mix(in.shaded.rgb, in.lit.rgb, light.sun) * light.open;
}

@fragment
fn plain(in: Near) -> @location(0) vec4<f32> {
    return hazed(plain_color(in), in.at.w);
}

fn plaster_color(in: Near) -> vec3<f32> {
    let light = light_of(in);
    var color = mix(in.shaded.rgb, in.lit.rgb, light.sun);
    let pixel = pixel_m(in);
    let w = visible(1.4, pixel);
    // Small dark windows of an old house: few, irregular, one row a storey.
    let cells = in.at.xy / vec2(2.9, 3.2);
    let cell = floor(cells);
    let inside = fract(cells) * vec2(2.9, 3.2);
    let pick = fract(sin(dot(cell, vec2(12.9898, 78.233)) + in.shaded.w) * 43758.547);
    let off = abs(inside - vec2(1.45, 1.7)) - vec2(0.5 + 0.25 * pick, 0.6);
    let glass = 1.0 - clamp(max(off.x, off.y) / max(pixel, 0.05), 0.0, 1.0);
    color = mix(color, frame.shaded[12].rgb, glass * step(0.42, pick) * 0.8 * w);
    let foot = 1.0 - clamp((in.at.y - 0.25) * 2.0, 0.0, 1.0);
    return color * ((1.0 - 0.16 * foot * w) * light.open);
}

@fragment
fn plaster(in: Near) -> @location(0) vec4<f32> {
    return hazed(plaster_color(in), in.at.w);
}

fn tile_color(in: Near) -> vec3<f32> {
    let light = light_of(in);
    let pixel = pixel_m(in);
    let ribs = lines(in.at.x, 0.36, 0.12, max(pixel, 0.06)) * visible(0.36, pixel);
    let courses = lines(in.at.y, 1.5, 0.12, max(pixel, 0.1)) * visible(1.5, pixel);
    let color = mix(in.shaded.rgb, in.lit.rgb, light.sun);
    return color * ((1.0 - 0.26 * ribs) * (1.0 - 0.08 * courses) * light.open);
}

@fragment
fn tile(in: Near) -> @location(0) vec4<f32> {
    return hazed(tile_color(in), in.at.w);
}

fn block_color(in: Near) -> vec3<f32> {
    let light = light_of(in);
    let pixel = pixel_m(in);
    let inside = fract(in.at.xy / vec2(3.3, 3.0)) * vec2(3.3, 3.0);
    let off = abs(inside - vec2(1.65, 1.75)) - vec2(0.9, 0.65);
    let glass = 1.0 - clamp(max(off.x, off.y) / max(pixel, 0.05), 0.0, 1.0);
    let color = mix(in.shaded.rgb, in.lit.rgb, light.sun);
    let windowed = mix(color, frame.marks[7].rgb, glass * 0.75 * visible(2.2, pixel));
    return windowed * light.open;
}

@fragment
fn block(in: Near) -> @location(0) vec4<f32> {
    return hazed(block_color(in), in.at.w);
}

// Ground is made of large triangles: its haze cannot be carried from their corners.
@fragment
fn level(in: Near) -> @location(0) vec4<f32> {
    let color = laid(in);
    return hazed(color, haze_at(1.0 / in.clip.w, in.place.zw));
}

@fragment
fn lane(in: Near) -> @location(0) vec4<f32> {
    let pixel = pixel_m(in);
    let soft = max(pixel, 0.04);
    let slabs = max(lines(in.place.z + in.place.w * 0.15, 0.9, 0.05, soft),
                    lines(in.place.w - in.place.z * 0.15, 0.6, 0.05, soft));
    let color = laid(in);
    let paved = color * (1.0 - 0.10 * slabs * visible(0.7, pixel));
    return hazed(paved, haze_at(1.0 / in.clip.w, in.place.zw));
}

@fragment
fn stone(in: Near) -> @location(0) vec4<f32> {
    let pixel = pixel_m(in);
    let courses = lines(in.at.y, 0.4, 0.05, max(pixel, 0.04));
    let color = laid(in);
    return hazed(color * (1.0 - 0.14 * courses * visible(0.4, pixel)), in.at.w);
}

@fragment
fn water(in: Near) -> @location(0) vec4<f32> {
    let pixel = pixel_m(in);
    let at = in.place.zw;
    let wave = at.y + 0.5 * sin(at.x * 0.35) + 0.2 * sin(at.x * 1.1);
    let ripple = lines(wave, 1.6, 0.1, max(pixel, 0.1)) * visible(1.6, pixel);
    let color = laid(in);
    let rippled = mix(color, frame.marks[6].rgb, 0.30 * ripple);
    return hazed(rippled, haze_at(1.0 / in.clip.w, at));
}

// Diagonal stripes of bare ground, about as wide in the picture at any distance: in steps of two, so
// that they do not swim while the eye moves.
@fragment
fn hatched(in: Near) -> @location(0) vec4<f32> {
    let pixel = pixel_m(in);
    let period = exp2(floor(log2(max(frame.eye.w, 80.0) / 80.0)));
    let stripe = lines(in.place.z + in.place.w, period, period * 0.4, max(pixel * 1.4, 0.02));
    let color = mix(laid(in), frame.lit[0].rgb, 0.6 * stripe * visible(period, pixel));
    return hazed(color, haze_at(1.0 / in.clip.w, in.place.zw));
}

// --- graded ---------------------------------------------------------------------------------------
// Walls and roofs while buildings are shown as they lean: those that are measured have the colour and
// the hatch of their grade instead of windows and tiles, all others look as ever.

// How much of a pixel a hatch covers; it lies on the picture as on a printed map, so that its density
// says the same near and far.
fn hatched_by(hatch: vec4<f32>, pixel: vec2<f32>) -> f32 {
    let at = pixel / frame.picture.w;
    let across = vec2(at.x + at.y, at.x - at.y) * 0.70710678;
    let soft = 1.0 / frame.picture.w;
    let rising = lines(across.x, hatch.y, hatch.z, soft);
    let falling = lines(across.y, hatch.y, hatch.z, soft);
    let off = (abs(fract(across / hatch.y) - 0.5)) * hatch.y;
    let dot = 1.0 - clamp((length(off) - hatch.z * 0.5) / soft, 0.0, 1.0);
    let kind = u32(hatch.x);
    let crossed = select(rising, max(rising, falling), kind == 2u);
    return select(select(crossed, dot, kind == 3u), 0.0, kind == 0u);
}

fn graded(in: Near, own: vec3<f32>) -> vec4<f32> {
    let grade = u32(in.shaded.w) >> 10u;
    let at = max(grade, 1u) - 1u;
    let hatch = hatched_by(frame.hatches[at], in.clip.xy);
    let told = mix(plain_color(in), frame.hatch_inks[at].rgb, hatch);
    return hazed(select(own, told, grade != 0u), in.at.w);
}

@fragment
fn plain_graded(in: Near) -> @location(0) vec4<f32> {
    return graded(in, plain_color(in));
}

@fragment
fn plaster_graded(in: Near) -> @location(0) vec4<f32> {
    return graded(in, plaster_color(in));
}

@fragment
fn tile_graded(in: Near) -> @location(0) vec4<f32> {
    return graded(in, tile_color(in));
}

@fragment
fn block_graded(in: Near) -> @location(0) vec4<f32> {
    return graded(in, block_color(in));
}

// --- far ------------------------------------------------------------------------------------------

struct Far {
    @builtin(position) clip: vec4<f32>,
    @location(0) @interpolate(flat) color: vec4<f32>,
}

// Simplified houses: light and openness to the sky are baked, and a face is a few pixels, so its
// first corner decides its colour.
@vertex
fn far_vertex(corner: Corner) -> Far {
    let relative = corner.position + corner.origin.xyz;
    let dressed = dress(corner.tag);
    let clip = frame.clip_from_relative * vec4(swayed(relative, corner.tag, dressed.word), 1.0);
    let light = vec2<f32>(corner.along_up) / 65535.0;
    let color = mix(dressed.shaded, dressed.lit, light.x) * light.y;
    return Far(clip, hazed(color, haze_at(clip.w, relative.xy + frame.eye.xy)));
}

@fragment
fn far_fragment(in: Far) -> @location(0) vec4<f32> {
    return in.color;
}

struct Skin {
    @builtin(position) clip: vec4<f32>,
    @location(0) color: vec4<f32>,
}

// The skin over the roofs: the normal tells how much of the ground tiled roofs, flat roofs and
// walls cover.
@vertex
fn skin_vertex(corner: Corner) -> Skin {
    let relative = corner.position + corner.origin.xyz;
    let clip = frame.clip_from_relative * vec4(relative, 1.0);
    let shares = corner.normal.xyz;
    var color = mix(frame.shaded[0].rgb, frame.lit[0].rgb, 0.8);
    color = mix(color, mix(frame.shaded[11].rgb, frame.lit[11].rgb, 0.8), shares.y);
    color = mix(color, mix(frame.shaded[8].rgb, frame.lit[8].rgb, 0.7), shares.x);
    color = mix(color, mix(frame.shaded[7].rgb, frame.lit[7].rgb, 0.5), shares.z);
    return Skin(clip, hazed(color, haze_at(clip.w, relative.xy + frame.eye.xy)));
}

@fragment
fn skin_fragment(in: Skin) -> @location(0) vec4<f32> {
    return in.color;
}
