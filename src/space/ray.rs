//! Rays against triangles and upright prisms.
//! Used for picking, sight lines and what a camera sees. Never walks an index: see
//! `prism_index`.

use geo_types::Polygon;

use super::polygon::polygon_contains;

/// A half-line in metres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ray3 {
    /// Where it starts.
    pub origin: [f64; 3],
    /// Where it goes. Distances come back in multiples of its length: make it a unit vector, as
    /// [`Ray3::towards`] does, and they are metres.
    pub direction: [f64; 3],
}

impl Ray3 {
    /// The ray from one point to another with a unit direction, and the distance in metres;
    /// `None` when the points coincide or are not finite.
    pub fn towards(from: [f64; 3], to: [f64; 3]) -> Option<(Self, f64)> {
        let d = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
        let length_m = dot(d, d).sqrt();
        if !(length_m > 0.0 && length_m.is_finite()) {
            return None;
        }
        let direction = d.map(|v| v / length_m);
        Some((
            Self {
                origin: from,
                direction,
            },
            length_m,
        ))
    }

    /// The point at a distance.
    pub fn at(&self, t: f64) -> [f64; 3] {
        [0, 1, 2].map(|k| self.origin[k] + t * self.direction[k])
    }
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

/// The distance along the ray to a triangle, from either side; `None` when it misses or the
/// triangle lies behind or edge-on. Method: Möller and Trumbore 1997.
pub fn ray_triangle(ray: &Ray3, triangle: &[[f64; 3]; 3]) -> Option<f64> {
    let [a, b, c] = *triangle;
    let sub = |p: [f64; 3], q: [f64; 3]| [p[0] - q[0], p[1] - q[1], p[2] - q[2]];
    let (ab, ac) = (sub(b, a), sub(c, a));
    let p = cross(ray.direction, ac);
    let determinant = dot(ab, p);
    if determinant.abs() < 1e-12 {
        return None;
    }
    let from_a = sub(ray.origin, a);
    let u = dot(from_a, p) / determinant;
    let q = cross(from_a, ab);
    let v = dot(ray.direction, q) / determinant;
    let t = dot(ac, q) / determinant;
    (u >= 0.0 && v >= 0.0 && u + v <= 1.0 && t >= 0.0).then_some(t)
}

/// The distance along the ray to an upright prism over a polygon (with holes) between two
/// heights; 0 when the ray starts inside.
pub fn ray_prism(ray: &Ray3, polygon: &Polygon<f64>, base_m: f64, top_m: f64) -> Option<f64> {
    let (mut enter, mut leave) = (0.0_f64, f64::INFINITY);
    if ray.direction[2] == 0.0 {
        if ray.origin[2] < base_m || ray.origin[2] > top_m {
            return None;
        }
    } else {
        let a = (base_m - ray.origin[2]) / ray.direction[2];
        let b = (top_m - ray.origin[2]) / ray.direction[2];
        enter = enter.max(a.min(b));
        leave = leave.min(a.max(b));
    }
    if enter > leave {
        return None;
    }
    // Between the two heights the ray enters either through top or base, or through a wall.
    let at = ray.at(enter);
    if polygon_contains(polygon, [at[0], at[1]]) {
        return Some(enter);
    }
    let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
    let mut nearest: Option<f64> = None;
    for line in rings {
        for pair in line.0.windows(2) {
            let wall = ([pair[0].x, pair[0].y], [pair[1].x, pair[1].y]);
            if let Some(t) = ray_meets_wall(ray, wall)
                && (enter..=leave).contains(&t)
                && nearest.is_none_or(|best| t < best)
            {
                nearest = Some(t);
            }
        }
    }
    nearest
}

/// Where the ray, seen from above, crosses a wall.
fn ray_meets_wall(ray: &Ray3, (a, b): ([f64; 2], [f64; 2])) -> Option<f64> {
    let (dx, dy) = (ray.direction[0], ray.direction[1]);
    let (ex, ey) = (b[0] - a[0], b[1] - a[1]);
    let determinant = dx * ey - dy * ex;
    if determinant == 0.0 {
        return None;
    }
    let (ax, ay) = (a[0] - ray.origin[0], a[1] - ray.origin[1]);
    let along_wall = (ax * dy - ay * dx) / determinant;
    let t = (ax * ey - ay * ex) / determinant;
    (0.0..=1.0).contains(&along_wall).then_some(t)
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::polygon;

    fn square() -> Polygon<f64> {
        polygon!(
            exterior: [(x: 0., y: 0.), (x: 10., y: 0.), (x: 10., y: 10.), (x: 0., y: 10.)],
            interiors: [[(x: 4., y: 4.), (x: 4., y: 6.), (x: 6., y: 6.), (x: 6., y: 4.)]],
        )
    }

    #[track_caller]
    fn check(from: [f64; 3], to: [f64; 3], expected_m: Option<f64>) {
        let (ray, _) = Ray3::towards(from, to).unwrap();
        let found = ray_prism(&ray, &square(), 0.0, 8.0);
        match (found, expected_m) {
            (Some(a), Some(b)) => assert!((a - b).abs() < 1e-9, "{a} {b}"),
            (a, b) => assert_eq!(a, b),
        }
    }

    #[test]
    fn walls_roofs_and_courtyards() {
        check([-5., 5., 4.], [20., 5., 4.], Some(5.0));
        check([2., 2., 20.], [2., 2., 0.], Some(12.0));
        check([5., 5., 20.], [5., 5., 0.], None);
        check([5., 5., 4.], [9., 5., 4.], Some(1.0));
        check([2., 2., 4.], [9., 2., 4.], Some(0.0));
        check([-5., 5., 9.], [20., 5., 9.], None);
        check([-5., 5., 4.], [-20., 5., 4.], None);
    }

    #[test]
    fn triangles() {
        let triangle = [[0., 0., 0.], [1., 0., 0.], [0., 1., 0.]];
        let down = |x: f64, y: f64| Ray3 {
            origin: [x, y, 3.0],
            direction: [0., 0., -1.],
        };
        assert_eq!(ray_triangle(&down(0.2, 0.2), &triangle), Some(3.0));
        assert_eq!(ray_triangle(&down(0.8, 0.8), &triangle), None);
        let up = Ray3 {
            origin: [0.2, 0.2, 3.0],
            direction: [0., 0., 1.],
        };
        assert_eq!(ray_triangle(&up, &triangle), None);
        assert!(Ray3::towards([1.0; 3], [1.0; 3]).is_none());
    }
}
