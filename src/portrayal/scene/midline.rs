//! The middle of a stretch of water, and which way it runs there: where its name stands and a view
//! along it looks. A canal bends, so the middle of a box around it may be dry. Used by `names` and
//! `views`. Never draws.

use geo_types::Polygon;

use crate::space::{OrientedRect, cuts_across, oriented_rectangle};

/// Where cuts across it are tried, as shares of half its length from the middle, the best first.
const CUTS: [f64; 7] = [0.0, 0.15, -0.15, 0.35, -0.35, 0.6, -0.6];
/// The direction is taken over so many metres to either side, or a tenth of it where it is short.
const ALONG_M: f64 = 20.0;

/// The middle of some water.
pub(super) struct Midline {
    /// A place in it, local.
    pub at: [f64; 2],
    /// Unit vector along it.
    pub along: [f64; 2],
    /// How long it is from end to end.
    pub length_m: f64,
}

/// Of a local polygon; `None` of one without area.
pub(super) fn midline(polygon: &Polygon<f64>) -> Option<Midline> {
    let rect = oriented_rectangle(polygon);
    let cuts = CUTS.iter().filter_map(|share| {
        let u = share * rect.half_u;
        Some((u, widest(polygon, &rect, u)?))
    });
    let (u, v) = cuts.into_iter().next()?;
    let step = ALONG_M.min(rect.half_u * 0.1);
    // On a bend the cut beside this one lies elsewhere: its nearest part is the same water.
    let end = |u: f64| nearest(polygon, &rect, u, v).map(|v| rect.world_from_uv([u, v]));
    let at = rect.world_from_uv([u, v]);
    let (from, to) = (end(u - step).unwrap_or(at), end(u + step).unwrap_or(at));
    let (x, y) = (to[0] - from[0], to[1] - from[1]);
    let length = x.hypot(y);
    let along = if length > 0.01 {
        [x / length, y / length]
    } else {
        rect.axis_u
    };
    Some(Midline {
        at,
        along,
        length_m: rect.half_u * 2.0,
    })
}

/// Middle of the widest part of the cut at `u`.
fn widest(polygon: &Polygon<f64>, rect: &OrientedRect, u: f64) -> Option<f64> {
    let parts = cuts_across(polygon, rect, u).into_iter();
    let widest = parts.max_by(|a, b| (a[1] - a[0]).total_cmp(&(b[1] - b[0])));
    widest.map(|[from, to]| (from + to) / 2.0)
}

/// Middle of that part of the cut at `u` that lies nearest to `v`.
fn nearest(polygon: &Polygon<f64>, rect: &OrientedRect, u: f64, v: f64) -> Option<f64> {
    let middles = cuts_across(polygon, rect, u)
        .into_iter()
        .map(|[from, to]| (from + to) / 2.0);
    middles.min_by(|a, b| (a - v).abs().total_cmp(&(b - v).abs()))
}

#[cfg(test)]
mod tests {
    use geo::Contains;
    use geo_types::{Coord, polygon};

    use super::*;

    fn check(water: &Polygon<f64>, along: Option<[f64; 2]>) {
        let middle = midline(water).expect("it has an area");
        let [x, y] = middle.at;
        assert!(water.contains(&Coord { x, y }), "{x} {y} is dry");
        let [ux, uy] = middle.along;
        assert!((ux.hypot(uy) - 1.0).abs() < 1e-9);
        if let Some([ax, ay]) = along {
            let turned = (ux * ay - uy * ax).abs();
            assert!(turned < 0.1, "{ux} {uy} does not run along {ax} {ay}");
        }
    }

    #[test]
    fn the_middle_of_water_is_wet_however_it_bends() {
        let straight = polygon![(x: 0., y: 0.), (x: 300., y: 0.), (x: 300., y: 8.), (x: 0., y: 8.)];
        check(&straight, Some([1.0, 0.0]));
        // A bow of 400 m whose middle lies 40 m north of its ends.
        let bank = |off: f64| {
            (0..=20).map(move |i| {
                let x = f64::from(i) * 20.0;
                Coord {
                    x,
                    y: 40.0 * (1.0 - ((x - 200.0) / 200.0).powi(2)) + off,
                }
            })
        };
        let ring: Vec<Coord<f64>> = bank(0.0)
            .chain(bank(7.0).collect::<Vec<_>>().into_iter().rev())
            .collect();
        check(&Polygon::new(ring.into(), vec![]), Some([1.0, 0.0]));
        // Two legs at a right angle, and a moat around an island.
        let legs = polygon![
            (x: 0., y: 0.), (x: 200., y: 0.), (x: 200., y: 9.), (x: 9., y: 9.), (x: 9., y: 200.),
            (x: 0., y: 200.)
        ];
        check(&legs, None);
        let moat = polygon!(
            exterior: [(x: 0., y: 0.), (x: 300., y: 0.), (x: 300., y: 200.), (x: 0., y: 200.)],
            interiors: [[(x: 20., y: 20.), (x: 280., y: 20.), (x: 280., y: 180.), (x: 20., y: 180.)]]
        );
        check(&moat, Some([1.0, 0.0]));
    }

    #[test]
    fn water_without_area_has_no_middle() {
        let nothing = polygon![(x: 1., y: 1.), (x: 1., y: 1.), (x: 1., y: 1.)];
        assert!(midline(&nothing).is_none());
    }
}
