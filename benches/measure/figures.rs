//! Several runs of one command in a few numbers.

use super::process::Cost;

/// Several runs of one command.
pub struct Figures {
    pub runs: usize,
    pub shortest_s: f64,
    pub median_s: f64,
    pub processor_s: f64,
    pub peak_mb: f64,
}

impl Figures {
    /// The fault of the first run that failed, when one did.
    pub fn of(runs: Vec<Result<Cost, String>>) -> Result<Self, String> {
        let costs = runs.into_iter().collect::<Result<Vec<Cost>, String>>()?;
        let wall = sorted(costs.iter().map(|cost| cost.wall_s));
        let processor = sorted(costs.iter().map(|cost| cost.processor_s));
        let peak_mb = costs.iter().map(|cost| cost.peak_mb).fold(0.0, f64::max);
        Ok(Self {
            runs: costs.len(),
            shortest_s: wall[0],
            median_s: median(&wall),
            processor_s: median(&processor),
            peak_mb,
        })
    }
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    values
}

/// The middle of sorted values.
pub fn median(sorted: &[f64]) -> f64 {
    let upper = sorted[sorted.len() / 2];
    (upper + sorted[(sorted.len() - 1) / 2]) / 2.0
}
