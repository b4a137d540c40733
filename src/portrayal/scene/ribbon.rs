//! Bands along lines: lanes, streets, bridges. Corners are mitred.

/// The left and right edge of a band of `width_m` along `line`, point by point.
pub(super) fn edges(line: &[[f64; 2]], width_m: f64) -> Vec<([f64; 2], [f64; 2])> {
    let mut points: Vec<[f64; 2]> = line.to_vec();
    points.dedup_by(|a, b| (a[0] - b[0]).hypot(a[1] - b[1]) < 0.05);
    if points.len() < 2 {
        return Vec::new();
    }
    let direction = |from: [f64; 2], to: [f64; 2]| {
        let (x, y) = (to[0] - from[0], to[1] - from[1]);
        let length = x.hypot(y).max(1e-9);
        [x / length, y / length]
    };
    let half = width_m.max(0.2) / 2.0;
    let last = points.len() - 1;
    let edge = |at: usize| {
        let before = (at > 0).then(|| direction(points[at - 1], points[at]));
        let after = (at < last).then(|| direction(points[at], points[at + 1]));
        let (a, b) = match (before, after) {
            (Some(a), Some(b)) => (a, b),
            (Some(a), None) | (None, Some(a)) => (a, a),
            (None, None) => ([1.0, 0.0], [1.0, 0.0]),
        };
        let middle = [a[0] + b[0], a[1] + b[1]];
        let length = middle[0].hypot(middle[1]);
        // The mitre of a hairpin would reach to infinity: cut it at twice the half width.
        let reach = half * (2.0 / length.max(1e-9)).min(2.0);
        let (tx, ty) = if length > 1e-6 {
            (middle[0] / length, middle[1] / length)
        } else {
            (a[0], a[1])
        };
        let [x, y] = points[at];
        (
            [x - ty * reach, y + tx * reach],
            [x + ty * reach, y - tx * reach],
        )
    };
    (0..=last).map(edge).collect()
}

/// Length of a line.
pub(super) fn length_m(line: &[[f64; 2]]) -> f64 {
    line.windows(2)
        .map(|pair| (pair[1][0] - pair[0][0]).hypot(pair[1][1] - pair[0][1]))
        .sum()
}

/// The point at a share of the length, 0 to 1, and the direction there.
pub(super) fn point_at(line: &[[f64; 2]], share: f64) -> Option<([f64; 2], [f64; 2])> {
    let mut left = length_m(line) * share.clamp(0.0, 1.0);
    let mut last = None;
    for pair in line.windows(2) {
        let (x, y) = (pair[1][0] - pair[0][0], pair[1][1] - pair[0][1]);
        let length = x.hypot(y);
        if length < 1e-9 {
            continue;
        }
        let along = (left / length).min(1.0);
        last = Some((
            [pair[0][0] + x * along, pair[0][1] + y * along],
            [x / length, y / length],
        ));
        if left <= length {
            break;
        }
        left -= length;
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_straight_band_is_as_wide_as_asked() {
        let band = edges(&[[0.0, 0.0], [5.0, 0.0], [10.0, 0.0]], 4.0);
        assert_eq!(band.len(), 3);
        assert!(
            band.iter()
                .all(|(left, right)| left[1] == 2.0 && right[1] == -2.0)
        );
    }

    #[test]
    fn a_hairpin_stays_finite() {
        let band = edges(&[[0.0, 0.0], [10.0, 0.0], [0.0, 0.001]], 3.0);
        assert!(
            band.iter()
                .all(|(left, _)| left[0].abs() < 20.0 && left[1].abs() < 20.0)
        );
        assert!(edges(&[[1.0, 1.0], [1.0, 1.0]], 3.0).is_empty());
    }

    #[test]
    fn half_way() {
        let (at, along) = point_at(&[[0.0, 0.0], [4.0, 0.0], [4.0, 4.0]], 0.5).unwrap();
        assert!((at[0] - 4.0).abs() < 1e-9 && at[1].abs() < 1e-9, "{at:?}");
        assert_eq!(along, [1.0, 0.0]);
    }
}
