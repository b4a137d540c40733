//! From the plan to the ground: bent a little, turned, and put in its place.
//! Used wherever a shape leaves the plan. Never changes an area: each bend is a shear.

use geo_types::{Coord, LineString, Polygon};

use crate::space::{Crs, Transform};

use super::rect::{Corner, Rect};
use super::seed::Seed;
use super::spec::{AreaError, AreaSpec, PullSpec};

/// Long edges get a corner this often, so that they follow the bend.
const EDGE_MAX_M: f64 = 6.0;

/// A shear: positions slide across `along` by a wave of their coordinate on it. A shear keeps
/// every area exactly, so the plan's figures hold on the ground.
#[derive(Debug, Clone, Copy)]
struct Wave {
    along: [f64; 2],
    amplitude_m: f64,
    per_m: f64,
    phase: f64,
}

impl Wave {
    fn slide(&self, at: [f64; 2], sign: f64) -> [f64; 2] {
        let s = at[0] * self.along[0] + at[1] * self.along[1];
        let by = sign * self.amplitude_m * (s * self.per_m + self.phase).sin();
        [at[0] - by * self.along[1], at[1] + by * self.along[0]]
    }
}

/// The way from the plan to the city's CRS.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    origin: [f64; 2],
    turn: [f64; 2],
    waves: Vec<Wave>,
    pull: Option<PullSpec>,
}

/// The place in a rising list and the share of the way to the next.
fn between(list: &[f64], at: f64) -> (usize, f64) {
    let above = list.partition_point(|known| *known <= at);
    let low = above.saturating_sub(1).min(list.len().saturating_sub(2));
    let share = (at - list[low]) / (list[low + 1] - list[low]);
    (low, share.clamp(0.0, 1.0))
}

/// How far the ground lies off the grid at a place, between the four crossings round it.
fn pulled(pull: &PullSpec, [u, v]: [f64; 2]) -> [f64; 2] {
    let ((i, s), (j, t)) = (between(&pull.u_m, u), between(&pull.v_m, v));
    let at = |grid: &[Vec<f64>]| {
        let row = |j: usize| grid[j][i] * (1.0 - s) + grid[j][i + 1] * s;
        row(j) * (1.0 - t) + row(j + 1) * t
    };
    [at(&pull.along_u_m), at(&pull.along_v_m)]
}

impl Frame {
    /// The frame of an area.
    pub(super) fn new(spec: &AreaSpec, seed: &Seed) -> Result<Self, AreaError> {
        let origin = projected(spec, spec.place.lon, spec.place.lat)?;
        let mut stream = seed.stream("bends");
        let mut waves = Vec::new();
        // Along the axes first: they bend the lines; the slanting ones keep them from repeating.
        for degrees in [0.0_f64, 90.0, 38.0, -52.0] {
            let angle = (degrees + stream.between(-6.0, 6.0)).to_radians();
            waves.push(Wave {
                along: [angle.cos(), angle.sin()],
                amplitude_m: spec.place.bend_m * stream.between(0.7, 1.0),
                per_m: std::f64::consts::TAU / stream.between(230.0, 430.0),
                phase: stream.between(0.0, std::f64::consts::TAU),
            });
        }
        let (sin, cos) = spec.place.turn_deg.to_radians().sin_cos();
        Ok(Self {
            origin,
            turn: [cos, sin],
            waves,
            pull: spec.place.pull.clone(),
        })
    }

    /// A place of the plan in metres, on the ground.
    pub(super) fn ground(&self, plan_m: [f64; 2]) -> [f64; 2] {
        let off = self
            .pull
            .as_ref()
            .map_or([0.0; 2], |pull| pulled(pull, plan_m));
        let bent = self
            .waves
            .iter()
            .fold([plan_m[0] + off[0], plan_m[1] + off[1]], |at, wave| {
                wave.slide(at, 1.0)
            });
        let [cos, sin] = self.turn;
        // To the millimetre: far below any meaning, and short in files.
        [
            millimetres(self.origin[0] + bent[0] * cos - bent[1] * sin),
            millimetres(self.origin[1] + bent[0] * sin + bent[1] * cos),
        ]
    }

    /// A corner of the plan on the ground.
    pub(super) fn corner(&self, corner: Corner) -> [f64; 2] {
        self.ground([f64::from(corner[0]) / 10.0, f64::from(corner[1]) / 10.0])
    }

    /// A position of the CRS in the plan, metres.
    pub(super) fn plan(&self, ground: [f64; 2]) -> [f64; 2] {
        let (x, y) = (ground[0] - self.origin[0], ground[1] - self.origin[1]);
        let [cos, sin] = self.turn;
        let straight = [x * cos + y * sin, y * cos - x * sin];
        let wanted = self
            .waves
            .iter()
            .rev()
            .fold(straight, |at, wave| wave.slide(at, -1.0));
        let Some(pull) = &self.pull else {
            return wanted;
        };
        // Each step shrinks the error by the steepest pull, which is far below one.
        (0..40).fold(wanted, |at, _| {
            let off = pulled(pull, at);
            [wanted[0] - off[0], wanted[1] - off[1]]
        })
    }

    /// Direction of `along` (plan, any length) on the ground at a place, as a unit vector.
    pub(super) fn direction(&self, at_m: [f64; 2], along: [f64; 2]) -> [f64; 2] {
        let length = along[0].hypot(along[1]).max(1e-9);
        let [du, dv] = [along[0] / length, along[1] / length];
        let a = self.ground([at_m[0] - du, at_m[1] - dv]);
        let b = self.ground([at_m[0] + du, at_m[1] + dv]);
        let run = (b[0] - a[0]).hypot(b[1] - a[1]).max(1e-9);
        [(b[0] - a[0]) / run, (b[1] - a[1]) / run]
    }

    /// Direction of the u lines on the ground at a place, and by how much a thing that keeps its
    /// right angles must be shortened along and across it to keep clear of its neighbours.
    fn stretch(&self, at_m: [f64; 2]) -> ([f64; 2], [f64; 2]) {
        let step = |du: f64, dv: f64| {
            let a = self.ground([at_m[0] - du, at_m[1] - dv]);
            let b = self.ground([at_m[0] + du, at_m[1] + dv]);
            [(b[0] - a[0]) / 10.0, (b[1] - a[1]) / 10.0]
        };
        let (along, across) = (step(5.0, 0.0), step(0.0, 5.0));
        let run = along[0].hypot(along[1]).max(1e-9);
        let [cos, sin] = along.map(|c| c / run);
        let deep = across[1] * cos - across[0] * sin;
        ([cos, sin], [run.min(1.0), deep.clamp(0.1, 1.0)])
    }

    /// Rings of the plan, the first outer, corner by corner.
    pub(super) fn polygon(&self, rings: &[Vec<Corner>]) -> Polygon<f64> {
        let line = |ring: &Vec<Corner>| closed(ring.iter().map(|corner| self.corner(*corner)));
        let mut lines = rings.iter().map(line);
        let outer = lines.next().unwrap_or_else(|| LineString(Vec::new()));
        Polygon::new(outer, lines.collect())
    }

    /// A rectangle of the plan that keeps its right angles: for buildings that stand free.
    pub(super) fn upright(&self, rings: &[Vec<Corner>], about: Corner) -> Polygon<f64> {
        let middle_m = [f64::from(about[0]) / 10.0, f64::from(about[1]) / 10.0];
        let middle = self.ground(middle_m);
        let ([cos, sin], [wide, deep]) = self.stretch(middle_m);
        let place = |corner: &Corner| {
            let u = f64::from(corner[0] - about[0]) / 10.0 * wide;
            let v = f64::from(corner[1] - about[1]) / 10.0 * deep;
            [
                millimetres(middle[0] + u * cos - v * sin),
                millimetres(middle[1] + u * sin + v * cos),
            ]
        };
        let mut lines = rings.iter().map(|ring| closed(ring.iter().map(place)));
        let outer = lines.next().unwrap_or_else(|| LineString(Vec::new()));
        Polygon::new(outer, lines.collect())
    }

    /// A rectangle whose long edges follow the bend.
    pub(super) fn bent(&self, rect: &Rect) -> Polygon<f64> {
        let mut ring = rect.ring();
        ring.push([rect.u0, rect.v0]);
        let line = self.line(&ring);
        Polygon::new(line, Vec::new())
    }

    /// A line of the plan with corners often enough to follow the bend.
    pub(super) fn line(&self, corners: &[Corner]) -> LineString<f64> {
        let mut points = Vec::new();
        for pair in corners.windows(2) {
            let [a, b] =
                [pair[0], pair[1]].map(|c| [f64::from(c[0]) / 10.0, f64::from(c[1]) / 10.0]);
            let length_m = (b[0] - a[0]).hypot(b[1] - a[1]);
            let steps = (length_m / EDGE_MAX_M).ceil().max(1.0) as usize;
            for step in 0..steps {
                let share = step as f64 / steps as f64;
                let at = [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
                points.push(self.ground(at));
            }
        }
        points.extend(corners.last().map(|last| self.corner(*last)));
        LineString(points.into_iter().map(|[x, y]| Coord { x, y }).collect())
    }
}

/// A geographic position in the area's CRS.
pub(super) fn projected(spec: &AreaSpec, lon: f64, lat: f64) -> Result<[f64; 2], AreaError> {
    let [x, y, _] = Crs::from_epsg(4490)
        .and_then(|geographic| Transform::between(&geographic, &Crs::from_epsg(spec.crs)?))
        .and_then(|transform| transform.apply([lon, lat, 0.0]))
        .map_err(|error| spec.refuse(format!("crs, lon and lat do not fit: {error}")))?;
    Ok([x, y])
}

/// Rounded to a millimetre.
pub(super) fn millimetres(metres: f64) -> f64 {
    (metres * 1_000.0).round() / 1_000.0
}

fn closed(points: impl Iterator<Item = [f64; 2]>) -> LineString<f64> {
    let mut coords: Vec<Coord<f64>> = points.map(|[x, y]| Coord { x, y }).collect();
    coords.extend(coords.first().copied());
    LineString(coords)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::space::area_m2;

    #[test]
    fn there_and_back_without_loss_of_area() {
        let spec = AreaSpec::named("zjl").unwrap();
        let frame = Frame::new(&spec, &Seed::new("zjl", 1)).unwrap();
        for at in [[0.0, 0.0], [260.0, -190.0], [-300.0, 240.0]] {
            let back = frame.plan(frame.ground(at));
            assert!((back[0] - at[0]).hypot(back[1] - at[1]) < 2e-3, "{back:?}");
        }
        let rect = Rect::new(-2_625, -2_000, 2_625, 2_000);
        let bent = area_m2(&frame.bent(&rect));
        assert!((bent / 210_000.0 - 1.0).abs() < 1e-3, "{bent}");
        // The turn: E-W lines rise 8 to 10 degrees on the whole.
        let (west, east) = (frame.ground([-250.0, 0.0]), frame.ground([250.0, 0.0]));
        let rise = (east[1] - west[1]).atan2(east[0] - west[0]).to_degrees();
        assert!((8.0..10.0).contains(&rise), "{rise}");
    }
}
