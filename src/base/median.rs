//! The value in the middle of several: what half of them may be wrong without spoiling. Used by the
//! monitor and by whoever makes one figure of what several sensors tell. Never guesses.

/// The median, in the unit of the values; of an even number the mean of the two in the middle.
/// `None` for no values, or where one is no number.
#[must_use]
pub fn median(values: &mut [f64]) -> Option<f64> {
    if values.is_empty() || values.iter().any(|value| value.is_nan()) {
        return None;
    }
    let middle = values.len() / 2;
    let is_even = values.len().is_multiple_of(2);
    let (below, &mut upper, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    if !is_even {
        return Some(upper);
    }
    let lower = below.iter().copied().max_by(f64::total_cmp)?;
    Some(f64::midpoint(lower, upper))
}
