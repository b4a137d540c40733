//! What one camera has in its picture, as far as nothing stands in the way.
//!
//! Up to 180° the lens is taken to draw straight lines straight (a pinhole): a metre at the border
//! of the picture covers as many pixels as one in the middle at the same depth. Wider lenses are
//! taken to be equidistant fisheyes. Pictures are 16:9 and [`PICTURE_WIDTH_PX`] wide: registers say
//! nothing of either. Never knows what stands between lens and target.

use crate::base::CameraId;
use crate::model::{Camera, CameraKind};
use crate::space::Bounds2;

/// Width of a picture: 1080p, what nearly all cameras deliver.
pub const PICTURE_WIDTH_PX: f64 = 1_920.0;
/// Height of a picture by its width.
const HEIGHT_BY_WIDTH: f64 = 9.0 / 16.0;

/// A target in a picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Aim {
    /// From lens to target, metres.
    pub distance_m: f64,
    /// Pixels that a metre covers there, across the line of sight.
    pub pixels_per_m: f64,
    /// Angle between the camera's heading and the target, degrees.
    pub off_axis_deg: f64,
    /// True when it is in the picture only once the camera was turned (PTZ).
    pub by_turning: bool,
}

/// A camera, ready to be asked.
#[derive(Debug, Clone)]
pub(super) struct Eye {
    pub id: CameraId,
    /// Where rays start: the position in the register, moved out of the wall it hangs on.
    pub lens: [f64; 3],
    pub range_m: f64,
    right: [f64; 3],
    up: [f64; 3],
    forward: [f64; 3],
    picture: Picture,
}

#[derive(Debug, Clone, Copy)]
enum Picture {
    /// Half the width and half the height at a depth of 1.
    Flat { half: [f64; 2], turns: bool },
    /// Half the angles, radians.
    Fisheye { half: [f64; 2] },
    /// Everything.
    AllAround,
}

impl Eye {
    /// `None` when the record describes no camera that could see: no finite position or direction,
    /// no angle of view, no range.
    pub fn of(camera: &Camera, lens: [f64; 3]) -> Option<Self> {
        let numbers = [camera.heading_deg, camera.pitch_deg, camera.range_m];
        let finite = lens.iter().chain(&numbers).all(|v| v.is_finite());
        if !(finite && camera.fov_deg > 0.0 && camera.range_m > 0.0) {
            return None;
        }
        let half = 0.5 * camera.fov_deg.to_radians();
        let kind = camera.kind.unwrap_or_default();
        let picture = if kind == CameraKind::Panoramic || camera.fov_deg >= 360.0 {
            Picture::AllAround
        } else if camera.fov_deg < 180.0 {
            Picture::Flat {
                half: [half.tan(), half.tan() * HEIGHT_BY_WIDTH],
                turns: kind == CameraKind::Ptz,
            }
        } else {
            Picture::Fisheye {
                half: [half, half * HEIGHT_BY_WIDTH],
            }
        };
        let (sin_h, cos_h) = camera.heading_deg.to_radians().sin_cos();
        let (sin_p, cos_p) = camera.pitch_deg.to_radians().sin_cos();
        Some(Self {
            id: camera.id,
            lens,
            range_m: camera.range_m,
            right: [cos_h, -sin_h, 0.0],
            up: [-sin_h * sin_p, -cos_h * sin_p, cos_p],
            forward: [sin_h * cos_p, cos_h * cos_p, sin_p],
            picture,
        })
    }

    /// What lies within its range, seen from above.
    pub fn reach(&self) -> Bounds2 {
        let at = [self.lens[0], self.lens[1]];
        Bounds2 { min: at, max: at }.grown(self.range_m)
    }

    /// The target in the picture; `None` when it is outside or out of range.
    pub fn aim(&self, target: [f64; 3]) -> Option<Aim> {
        let d = [0, 1, 2].map(|k| target[k] - self.lens[k]);
        let distance_m = dot(d, d).sqrt();
        if !(distance_m > 0.0 && distance_m <= self.range_m) {
            return None;
        }
        let [x, y, depth] = [self.right, self.up, self.forward].map(|axis| dot(d, axis));
        let mut aim = Aim {
            distance_m,
            pixels_per_m: 0.0,
            off_axis_deg: x.hypot(y).atan2(depth).to_degrees(),
            by_turning: false,
        };
        match self.picture {
            Picture::Flat { half, turns } => {
                let inside =
                    depth > 0.0 && x.abs() <= half[0] * depth && y.abs() <= half[1] * depth;
                if !inside && !turns {
                    return None;
                }
                aim.by_turning = !inside;
                // Turned, the target is in the middle of the picture.
                let depth_m = if inside { depth } else { distance_m };
                aim.pixels_per_m = PICTURE_WIDTH_PX / (2.0 * half[0] * depth_m);
            }
            Picture::Fisheye { half } => {
                let (across, along) = (x.atan2(depth), y.atan2(x.hypot(depth)));
                if across.abs() > half[0] || along.abs() > half[1] {
                    return None;
                }
                aim.pixels_per_m = PICTURE_WIDTH_PX / (2.0 * half[0] * distance_m);
            }
            Picture::AllAround => {
                aim.pixels_per_m = PICTURE_WIDTH_PX / (std::f64::consts::TAU * distance_m);
            }
        }
        Some(aim)
    }
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}
