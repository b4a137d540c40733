// A finished picture of the city, drawn at once or twice the size, put under the flat layer. The
// sampler's mean of four neighbours is the average that smooths the edges.

@group(0) @binding(0) var picture: texture_2d<f32>;
@group(0) @binding(1) var picture_sampler: sampler;

struct Fragment {
    @builtin(position) clip: vec4<f32>,
    @location(0) uv: vec2<f32>,
}

@vertex
fn vertex(@builtin(vertex_index) corner: u32) -> Fragment {
    let uv = vec2(f32((corner << 1u) & 2u), f32(corner & 2u));
    return Fragment(vec4(uv * vec2(2.0, -2.0) + vec2(-1.0, 1.0), 0.0, 1.0), uv);
}

@fragment
fn fragment(in: Fragment) -> @location(0) vec4<f32> {
    return textureSampleLevel(picture, picture_sampler, in.uv, 0.0);
}
