//! Counts in fixed bins, so that two reports can be laid beside each other.

use serde::Serialize;

/// Values from `from` up to, but without, `to`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bin {
    /// The least value; `None` of the first bin, which has everything below its end and what is
    /// no number.
    pub from: Option<f64>,
    /// The end; `None` of the last bin.
    pub to: Option<f64>,
    /// How many there are.
    pub count: usize,
}

/// Counts in bins without gaps.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Histogram {
    /// From small to large.
    pub bins: Vec<Bin>,
}

impl Histogram {
    /// Footprints: sheds, houses, halls, blocks.
    #[must_use]
    pub fn of_areas_m2() -> Self {
        Self::with_ends(&[
            10.0, 25.0, 50.0, 100.0, 200.0, 500.0, 1_000.0, 2_000.0, 5_000.0,
        ])
    }

    /// Heights: by storeys of three metres, and wider above.
    #[must_use]
    pub fn of_heights_m() -> Self {
        Self::with_ends(&[3.0, 6.0, 9.0, 12.0, 18.0, 24.0, 36.0, 50.0, 100.0])
    }

    fn with_ends(ends: &[f64]) -> Self {
        let froms = std::iter::once(None).chain(ends.iter().copied().map(Some));
        let tos = ends.iter().copied().map(Some).chain([None]);
        let bins = froms.zip(tos).map(|(from, to)| Bin { from, to, count: 0 });
        Self {
            bins: bins.collect(),
        }
    }

    /// Counts a value.
    pub fn count(&mut self, value: f64) {
        let place = self
            .bins
            .partition_point(|bin| bin.to.is_some_and(|to| to <= value));
        if let Some(bin) = self.bins.get_mut(place) {
            bin.count += 1;
        }
    }

    /// How many values were counted.
    #[must_use]
    pub fn total(&self) -> usize {
        self.bins.iter().map(|bin| bin.count).sum()
    }
}
