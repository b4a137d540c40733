//! The eye: where it stands, what it sees, and the mathematics between pixels and the city.
//! Used by `view` to draw and by `labels`, picking and tests without any graphics.
//! All positions are local (metres east, north, up of the city's origin), in `f64`.

use crate::space::Ray3;

/// Where the eye is: a point it looks at, and from where.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Viewpoint {
    /// The point in the middle of the picture.
    pub target: [f64; 3],
    /// Direction of view, clockwise from north.
    pub heading_deg: f64,
    /// How far the view looks down: 0 is level, 90 is straight down.
    pub pitch_deg: f64,
    /// Distance from the eye to the target.
    pub range_m: f64,
    /// Vertical angle of view.
    pub fov_deg: f64,
}

/// Angle of view of every picture: long enough that upright walls stay nearly upright.
pub const FOV_DEG: f64 = 32.0;
/// Distance of the near plane as a share of the range.
const NEAR_SHARE: f64 = 0.02;

impl Viewpoint {
    /// The oblique view of `look`: from the south, slightly turned, onto a disc of `radius_m`
    /// around `target`, in a picture of this aspect (width over height).
    #[must_use]
    pub fn oblique(target: [f64; 3], radius_m: f64, aspect: f64) -> Self {
        let half_angle = (FOV_DEG / 2.0).to_radians();
        // Seen at 40 degrees the disc is only two thirds as high as wide.
        let needed = (radius_m / aspect.max(0.2)).max(radius_m * 0.68);
        Self {
            target,
            heading_deg: -12.0,
            pitch_deg: 40.0,
            range_m: needed / half_angle.tan() * 1.04,
            fov_deg: FOV_DEG,
        }
    }

    /// The eye's position.
    #[must_use]
    pub fn eye(&self) -> [f64; 3] {
        let forward = self.axes().forward;
        std::array::from_fn(|i| self.target[i] - forward[i] * self.range_m)
    }

    fn axes(&self) -> Axes {
        let (sin_h, cos_h) = self.heading_deg.to_radians().sin_cos();
        let (sin_p, cos_p) = self.pitch_deg.to_radians().sin_cos();
        Axes {
            right: [cos_h, -sin_h, 0.0],
            up: [sin_h * sin_p, cos_h * sin_p, cos_p],
            forward: [sin_h * cos_p, cos_h * cos_p, -sin_p],
        }
    }

    /// Between the two, `share` 0 to 1, the short way round.
    #[must_use]
    pub fn blend(&self, to: &Self, share: f64) -> Self {
        let mix = |a: f64, b: f64| a + (b - a) * share;
        let turn = (to.heading_deg - self.heading_deg + 540.0).rem_euclid(360.0) - 180.0;
        Self {
            target: std::array::from_fn(|i| mix(self.target[i], to.target[i])),
            heading_deg: self.heading_deg + turn * share,
            pitch_deg: mix(self.pitch_deg, to.pitch_deg),
            // Ranges differ by factors, so they blend by their logarithm.
            range_m: mix(self.range_m.max(1.0).ln(), to.range_m.max(1.0).ln()).exp(),
            fov_deg: mix(self.fov_deg, to.fov_deg),
        }
    }
}

struct Axes {
    right: [f64; 3],
    up: [f64; 3],
    forward: [f64; 3],
}

/// A viewpoint in a picture of a given size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Camera {
    /// The viewpoint.
    pub view: Viewpoint,
    /// Width and height of the picture in pixels.
    pub size_px: [f64; 2],
    eye: [f64; 3],
    right: [f64; 3],
    up: [f64; 3],
    forward: [f64; 3],
    /// One over the tangent of half the angle of view, vertical.
    focal: f64,
}

impl Camera {
    /// A camera at this viewpoint.
    #[must_use]
    pub fn new(view: Viewpoint, size_px: [f64; 2]) -> Self {
        let Axes { right, up, forward } = view.axes();
        let focal = 1.0 / (view.fov_deg.clamp(1.0, 150.0).to_radians() / 2.0).tan();
        let size_px = size_px.map(|side| side.max(1.0));
        Self {
            view,
            size_px,
            eye: view.eye(),
            right,
            up,
            forward,
            focal,
        }
    }

    /// The eye's position.
    #[must_use]
    pub fn eye(&self) -> [f64; 3] {
        self.eye
    }

    /// Clip from position relative to the eye, column by column; depth is reversed (1 near, 0
    /// infinitely far). Relative to the eye, because `f32` on the GPU has no digits for more.
    #[must_use]
    pub fn clip_from_relative(&self) -> [[f32; 4]; 4] {
        let aspect = self.size_px[0] / self.size_px[1];
        let near = (self.view.range_m * NEAR_SHARE).clamp(0.5, 50.0);
        std::array::from_fn(|column| {
            let axis = |v: [f64; 3]| if column < 3 { v[column] } else { 0.0 };
            [
                (axis(self.right) * self.focal / aspect) as f32,
                (axis(self.up) * self.focal) as f32,
                if column == 3 { near as f32 } else { 0.0 },
                axis(self.forward) as f32,
            ]
        })
    }

    /// The pixel of a point, and its distance along the view; `None` behind the eye.
    #[must_use]
    pub fn pixel_of(&self, point: [f64; 3]) -> Option<([f32; 2], f64)> {
        let relative: [f64; 3] = std::array::from_fn(|i| point[i] - self.eye[i]);
        let depth = dot(relative, self.forward);
        if depth <= 0.1 {
            return None;
        }
        let half_height = self.size_px[1] / 2.0;
        let scale = self.focal * half_height / depth;
        let x = self.size_px[0] / 2.0 + dot(relative, self.right) * scale;
        let y = half_height - dot(relative, self.up) * scale;
        Some(([x as f32, y as f32], depth))
    }

    /// The ray through a pixel.
    #[must_use]
    pub fn ray_through(&self, pixel: [f64; 2]) -> Ray3 {
        let half_height = self.size_px[1] / 2.0;
        let x = (pixel[0] - self.size_px[0] / 2.0) / (half_height * self.focal);
        let y = (half_height - pixel[1]) / (half_height * self.focal);
        let to: [f64; 3] =
            std::array::from_fn(|i| self.forward[i] + self.right[i] * x + self.up[i] * y);
        let length = dot(to, to).sqrt();
        Ray3 {
            origin: self.eye,
            direction: to.map(|v| v / length),
        }
    }

    /// Where the ray through a pixel meets the level `height_m`; `None` above the horizon.
    #[must_use]
    pub fn ground_at(&self, pixel: [f64; 2], height_m: f64) -> Option<[f64; 3]> {
        let ray = self.ray_through(pixel);
        let t = (height_m - ray.origin[2]) / ray.direction[2];
        (ray.direction[2] < -1e-4 && t > 0.0)
            .then(|| std::array::from_fn(|i| ray.origin[i] + ray.direction[i] * t))
    }

    /// Metres on the ground for one pixel across, at the middle of the picture.
    #[must_use]
    pub fn metres_per_pixel(&self) -> f64 {
        2.0 * self.view.range_m / (self.focal * self.size_px[1])
    }

    /// Whether a sphere may be in the picture.
    #[must_use]
    pub fn may_see(&self, center: [f64; 3], radius_m: f64) -> bool {
        let relative: [f64; 3] = std::array::from_fn(|i| center[i] - self.eye[i]);
        let depth = dot(relative, self.forward);
        if depth < -radius_m {
            return false;
        }
        let within = |across: f64, slope: f64| {
            // Distance from the side plane of the pyramid, which leans by `slope`.
            (across.abs() - depth * slope) / (1.0 + slope * slope).sqrt() <= radius_m
        };
        within(dot(relative, self.up), 1.0 / self.focal)
            && within(
                dot(relative, self.right),
                self.size_px[0] / self.size_px[1] / self.focal,
            )
    }
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn camera(heading_deg: f64, pitch_deg: f64) -> Camera {
        let view = Viewpoint {
            target: [100.0, -50.0, 3.0],
            heading_deg,
            pitch_deg,
            range_m: 400.0,
            fov_deg: FOV_DEG,
        };
        Camera::new(view, [1280.0, 720.0])
    }

    #[test]
    fn the_target_is_in_the_middle_and_north_is_up() {
        let camera = camera(0.0, 40.0);
        let (pixel, depth) = camera.pixel_of([100.0, -50.0, 3.0]).unwrap();
        assert!((pixel[0] - 640.0).abs() < 0.01 && (pixel[1] - 360.0).abs() < 0.01);
        assert!((depth - 400.0).abs() < 1e-6);
        assert!(
            camera.pixel_of([100.0, 0.0, 3.0]).unwrap().0[1] < 360.0,
            "north is up"
        );
        assert!(
            camera.pixel_of([150.0, -50.0, 3.0]).unwrap().0[0] > 640.0,
            "east is right"
        );
        assert!(
            camera.pixel_of([100.0, -50.0, 30.0]).unwrap().0[1] < 360.0,
            "high is up"
        );
    }

    #[test]
    fn pixels_and_rays_agree() {
        for heading in [-170.0, -30.0, 0.0, 75.0] {
            let camera = camera(heading, 35.0);
            for pixel in [[10.0, 700.0], [640.0, 360.0], [1200.0, 500.0]] {
                let at = camera.ground_at(pixel, 3.0).unwrap();
                let (back, _) = camera.pixel_of(at).unwrap();
                assert!(
                    (f64::from(back[0]) - pixel[0]).abs() < 0.01,
                    "{heading} {pixel:?}"
                );
                assert!(
                    (f64::from(back[1]) - pixel[1]).abs() < 0.01,
                    "{heading} {pixel:?}"
                );
            }
        }
    }

    #[test]
    fn the_matrix_agrees_with_the_pixels() {
        let camera = camera(33.0, 50.0);
        let point = [180.0, 20.0, 12.0];
        let relative: [f64; 3] = std::array::from_fn(|i| point[i] - camera.eye()[i]);
        let m = camera.clip_from_relative();
        let clip: [f64; 4] = std::array::from_fn(|row| {
            (0..3)
                .map(|c| f64::from(m[c][row]) * relative[c])
                .sum::<f64>()
                + f64::from(m[3][row])
        });
        let x = (clip[0] / clip[3] + 1.0) / 2.0 * 1280.0;
        let y = (1.0 - clip[1] / clip[3]) / 2.0 * 720.0;
        let (pixel, _) = camera.pixel_of(point).unwrap();
        assert!((x - f64::from(pixel[0])).abs() < 0.05 && (y - f64::from(pixel[1])).abs() < 0.05);
        assert!(
            clip[2] / clip[3] > 0.0 && clip[2] / clip[3] < 1.0,
            "reversed depth in range"
        );
    }

    #[test]
    fn blending_turns_the_short_way() {
        let from = Viewpoint {
            heading_deg: 350.0,
            ..camera(0.0, 40.0).view
        };
        let to = Viewpoint {
            heading_deg: 10.0,
            range_m: 100.0,
            ..from
        };
        let half = from.blend(&to, 0.5);
        assert!((half.heading_deg - 360.0).abs() < 1e-9);
        assert!((half.range_m - 200.0).abs() < 1e-6);
    }

    #[test]
    fn culling_keeps_what_is_seen() {
        let camera = camera(20.0, 40.0);
        assert!(camera.may_see([100.0, -50.0, 3.0], 1.0));
        let behind: [f64; 3] = std::array::from_fn(|i| camera.eye()[i] - camera.forward[i] * 100.0);
        assert!(!camera.may_see(behind, 50.0));
    }
}
