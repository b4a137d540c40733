//! Where a value may lie: a mixture of Student's distributions, its chances and its quantiles. Pure
//! arithmetic; used by `forecast` alone. Never gives anything but finite numbers for finite parts.
//!
//! Sources: the normal distribution by Abramowitz & Stegun 26.2.17 (error below 7.5e-8); Student's by
//! the transformation of Wallace (1959), good to some hundredths of a standard deviation from three
//! degrees of freedom on.

/// A part of the mixture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Part {
    /// Its share; those of all parts add up to one.
    pub share: f64,
    /// Its middle, in the unit of the values.
    pub middle: f64,
    /// Its scale, in the unit of the values; above nought.
    pub scale: f64,
    /// Degrees of freedom.
    pub freedom: f64,
}

/// Halvings that a quantile is looked for by.
const HALVINGS: u32 = 60;

/// The chance that a value lies below `at`.
pub(super) fn chance_below(parts: &[Part], at: f64) -> f64 {
    let chance = |part: &Part| {
        part.share * normal_chance(as_normal((at - part.middle) / part.scale, part.freedom))
    };
    parts.iter().map(chance).sum::<f64>().clamp(0.0, 1.0)
}

/// The value below which it lies with this chance, from above nought to below one.
pub(super) fn quantile(parts: &[Part], chance: f64) -> f64 {
    // Forty scales hold whatever is asked for from three degrees of freedom on.
    let end = |way: f64| {
        parts
            .iter()
            .map(move |part| part.middle + way * 40.0 * part.scale)
    };
    let mut low = end(-1.0).fold(f64::INFINITY, f64::min);
    let mut high = end(1.0).fold(f64::NEG_INFINITY, f64::max);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        match chance_below(parts, middle) < chance {
            true => low = middle,
            false => high = middle,
        }
    }
    f64::midpoint(low, high)
}

/// The deviate of a normal distribution that is as unlikely as this one of Student's.
fn as_normal(deviate: f64, freedom: f64) -> f64 {
    let size = (freedom * (deviate * deviate / freedom).ln_1p()).sqrt();
    size.copysign(deviate) * (8.0 * freedom + 1.0) / (8.0 * freedom + 3.0)
}

/// The chance that a normal deviate lies below this one.
pub(super) fn normal_chance(deviate: f64) -> f64 {
    const BY: [f64; 5] = [
        0.319_381_530,
        -0.356_563_782,
        1.781_477_937,
        -1.821_255_978,
        1.330_274_429,
    ];
    let size = deviate.abs();
    let inner = 1.0 / (1.0 + 0.231_641_9 * size);
    let series = BY.iter().rev().fold(0.0, |sum, by| (sum + by) * inner);
    let above = (-0.5 * size * size).exp() / (std::f64::consts::TAU).sqrt() * series;
    if deviate < 0.0 { above } else { 1.0 - above }
}

/// The normal deviate below which one lies with this chance; at most five standard deviations away.
pub(super) fn normal_deviate(chance: f64) -> f64 {
    let (mut low, mut high) = (-5.0, 5.0);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        match normal_chance(middle) < chance {
            true => low = middle,
            false => high = middle,
        }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chances_are_those_of_tables() {
        let near = |got: f64, want: f64, by: f64| assert!((got - want).abs() < by, "{got}, {want}");
        near(normal_chance(1.959_964), 0.975, 1e-6);
        near(normal_chance(-0.674_49), 0.25, 1e-6);
        near(normal_deviate(0.9), 1.281_552, 1e-5);
        let student = |freedom| {
            [Part {
                share: 1.0,
                middle: 2.0,
                scale: 3.0,
                freedom,
            }]
        };
        // Quantiles of Student's distribution out of tables.
        near((quantile(&student(5.0), 0.975) - 2.0) / 3.0, 2.571, 0.02);
        near((quantile(&student(30.0), 0.9) - 2.0) / 3.0, 1.310, 0.005);
        near(quantile(&student(9.0), 0.5), 2.0, 1e-6);
    }
}
