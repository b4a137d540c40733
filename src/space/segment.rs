//! Straight pieces in the plane: the place on one that is nearest to something, and where two
//! cross. Used by the lane network and whatever measures along lines. Never sees a height.
//!
//! A piece of no length is a point; numbers that are not finite give an answer that is none
//! either, and never panic.

/// A straight piece from a place to another, `[east, north]` each.
pub type Segment = [[f64; 2]; 2];

/// How far two places are from each other.
#[must_use]
pub fn distance(a: [f64; 2], b: [f64; 2]) -> f64 {
    (b[0] - a[0]).hypot(b[1] - a[1])
}

/// The place at share `t` of a piece.
#[must_use]
pub fn at_share([a, b]: Segment, t: f64) -> [f64; 2] {
    if t >= 1.0 {
        return b;
    }
    [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])]
}

/// The share (0 at the first end, 1 at the second) at which a piece is nearest to a place.
#[must_use]
pub fn nearest_share([a, b]: Segment, at: [f64; 2]) -> f64 {
    let d = [b[0] - a[0], b[1] - a[1]];
    let square = d[0] * d[0] + d[1] * d[1];
    if !(square > 0.0) {
        return 0.0;
    }
    (((at[0] - a[0]) * d[0] + (at[1] - a[1]) * d[1]) / square).clamp(0.0, 1.0)
}

/// How far a place is from a piece.
#[must_use]
pub fn distance_to(piece: Segment, at: [f64; 2]) -> f64 {
    distance(at_share(piece, nearest_share(piece, at)), at)
}

/// Where two pieces cross, as shares of each; `None` for parallel ones, even if they overlap.
#[must_use]
pub fn crossing([a, b]: Segment, [c, d]: Segment) -> Option<[f64; 2]> {
    let u = [b[0] - a[0], b[1] - a[1]];
    let v = [d[0] - c[0], d[1] - c[1]];
    let turn = u[0] * v[1] - u[1] * v[0];
    if turn == 0.0 {
        return None;
    }
    let w = [c[0] - a[0], c[1] - a[1]];
    let shares = [
        (w[0] * v[1] - w[1] * v[0]) / turn,
        (w[0] * u[1] - w[1] * u[0]) / turn,
    ];
    let is_inside = shares.iter().all(|t| (0.0..=1.0).contains(t));
    is_inside.then_some(shares)
}

/// The places at which two pieces are nearest to each other, as shares of each.
#[must_use]
pub fn nearest_shares(one: Segment, other: Segment) -> [f64; 2] {
    if let Some(shares) = crossing(one, other) {
        return shares;
    }
    // Pieces that do not cross are nearest at an end of one of them.
    let of_one = [0.0, 1.0].map(|t| [t, nearest_share(other, one[t as usize])]);
    let of_other = [0.0, 1.0].map(|t| [nearest_share(one, other[t as usize]), t]);
    let apart = |s: &[f64; 2]| distance(at_share(one, s[0]), at_share(other, s[1]));
    let all = of_one.into_iter().chain(of_other);
    all.min_by(|a, b| apart(a).total_cmp(&apart(b)))
        .unwrap_or([0.0; 2])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_places() {
        let piece = [[0.0, 0.0], [10.0, 0.0]];
        assert_eq!(nearest_share(piece, [4.0, 7.0]), 0.4);
        assert_eq!(distance_to(piece, [13.0, 4.0]), 5.0);
        assert_eq!(distance_to([[1.0, 1.0]; 2], [4.0, 5.0]), 5.0);
        assert_eq!(
            crossing(piece, [[5.0, -5.0], [5.0, 15.0]]),
            Some([0.5, 0.25])
        );
        assert_eq!(crossing(piece, [[2.0, 0.0], [20.0, 0.0]]), None);
        assert_eq!(crossing(piece, [[5.0, 1.0], [5.0, 2.0]]), None);
        assert_eq!(nearest_shares(piece, [[5.0, 3.0], [5.0, 2.0]]), [0.5, 1.0]);
        assert_eq!(nearest_shares([[1.0, 1.0]; 2], [[1.0, 1.0]; 2]), [0.0, 0.0]);
    }
}
