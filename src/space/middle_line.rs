//! The middle line of a long shape, such as a canal, by cuts across it. Used by corridors and by
//! names on water. Expects polygons that `clean_polygon` let through; a shape that runs round an
//! island, or back beside itself, gets the middle of one arm.

use geo_types::Polygon;

use super::polygon::{OrientedRect, oriented_rectangle};

/// At most so many cuts, however long the shape.
const CUTS_MAX: usize = 512;
/// The first and the last cut lie so far within the ends, as a share of the length.
const END_SHARE: f64 = 1e-3;

/// The parts of a cut across a rectangle that lie in the polygon, from side to side: at `u` along
/// the rectangle's longer side from its centre, from `v` to `v` across it.
pub fn cuts_across(polygon: &Polygon<f64>, rect: &OrientedRect, u: f64) -> Vec<[f64; 2]> {
    let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
    let mut crossings: Vec<f64> = Vec::new();
    for line in rings.flat_map(|ring| ring.lines()) {
        let [a, b] = [line.start, line.end].map(|end| rect.uv_from_world([end.x, end.y]));
        // Half open, so that a corner on the cut counts once.
        if (a[0] <= u) != (b[0] <= u) {
            crossings.push(a[1] + (b[1] - a[1]) * (u - a[0]) / (b[0] - a[0]));
        }
    }
    crossings.sort_by(f64::total_cmp);
    let pairs = crossings.chunks_exact(2);
    pairs.map(|pair| [pair[0], pair[1]]).collect()
}

/// The middle line, a place about every `step_m`; empty for a shape without area. It begins at
/// the end where the longer side of its rectangle begins, and follows the bends of the shape as
/// long as it does not turn back. Where an end is cut off askew, the last place lies in its corner.
pub fn middle_line(polygon: &Polygon<f64>, step_m: f64) -> Vec<[f64; 2]> {
    let rect = oriented_rectangle(polygon);
    let length_m = 2.0 * rect.half_u;
    if !(length_m > 0.0 && step_m > 0.0) {
        return Vec::new();
    }
    let count = (length_m / step_m).ceil().clamp(2.0, CUTS_MAX as f64) as usize;
    let station = |at: usize| {
        let share = (at as f64 / count as f64).clamp(END_SHARE, 1.0 - END_SHARE);
        (2.0 * share - 1.0) * rect.half_u
    };
    let middles = |at: usize| {
        let parts = cuts_across(polygon, &rect, station(at));
        parts
            .into_iter()
            .map(|[from, to]| ((from + to) / 2.0, to - from))
    };
    // From the widest part in the middle to both ends, always on to the nearest part.
    let begin = count / 2;
    let Some((first, _)) = middles(begin).max_by(|a, b| a.1.total_cmp(&b.1)) else {
        return Vec::new();
    };
    let follow = |stations: &mut dyn Iterator<Item = usize>| {
        let mut last = first;
        let mut found = Vec::new();
        for at in stations {
            let near = middles(at).min_by(|a, b| (a.0 - last).abs().total_cmp(&(b.0 - last).abs()));
            if let Some((v, _)) = near {
                last = v;
                found.push(rect.world_from_uv([station(at), v]));
            }
        }
        found
    };
    let mut line = follow(&mut (0..begin).rev());
    line.reverse();
    line.push(rect.world_from_uv([station(begin), first]));
    line.extend(follow(&mut (begin + 1..=count)));
    line
}

#[cfg(test)]
mod tests {
    use geo_types::polygon;

    use super::*;

    #[test]
    fn the_line_keeps_to_the_middle() {
        let canal = polygon![
            (x: 0., y: 0.), (x: 100., y: 0.), (x: 200., y: 20.), (x: 200., y: 28.),
            (x: 100., y: 8.), (x: 0., y: 8.)
        ];
        let line = middle_line(&canal, 10.0);
        assert!(line.len() > 15, "{line:?}");
        // The ends are cut off askew: the last places lie in their corners.
        for at in line.iter().filter(|at| at[0] > 10.0 && at[0] < 190.0) {
            let expected = 4.0 + 0.2 * (at[0] - 100.0).max(0.0);
            assert!((at[1] - expected).abs() < 1.5, "{at:?}");
        }
        let nothing = polygon![(x: 1., y: 1.), (x: 1., y: 1.), (x: 1., y: 1.)];
        assert!(middle_line(&nothing, 10.0).is_empty());
    }
}
