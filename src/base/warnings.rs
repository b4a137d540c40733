//! Bad data is normal: it is noted with its place and reason, counted, and the work goes on.

use serde::{Deserialize, Serialize};

/// One thing that was wrong, where, and how often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// What was wrong and what was done instead; the same text is counted, not repeated.
    pub reason: String,
    /// The first few places, such as `feature 17` or `CityObjects.NL.IMBAG.1`.
    pub places: Vec<String>,
    /// How often this reason was noted.
    pub count: u64,
}

/// A collector of warnings with bounded memory.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warnings {
    list: Vec<Warning>,
    /// Warnings of further reasons that were only counted.
    further: u64,
}

impl Warnings {
    /// Places kept for each reason; the rest are counted.
    const PLACES_MAX: usize = 5;
    /// Different reasons kept; a file of a million broken features stays cheap.
    const REASONS_MAX: usize = 200;

    /// Notes `reason` at `place`.
    pub fn note(&mut self, place: impl Into<String>, reason: impl Into<String>) {
        self.add(Warning {
            reason: reason.into(),
            places: vec![place.into()],
            count: 1,
        });
    }

    /// Takes over everything that `other` noted.
    pub fn extend(&mut self, other: Warnings) {
        self.further += other.further;
        for warning in other.list {
            self.add(warning);
        }
    }

    /// The warnings in the order of their first sighting.
    #[must_use]
    pub fn list(&self) -> &[Warning] {
        &self.list
    }

    /// How many warnings were noted in all.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.further + self.list.iter().map(|warning| warning.count).sum::<u64>()
    }

    /// Whether nothing was noted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count() == 0
    }

    fn add(&mut self, new: Warning) {
        if let Some(known) = self
            .list
            .iter_mut()
            .find(|known| known.reason == new.reason)
        {
            known.count += new.count;
            let room = Self::PLACES_MAX.saturating_sub(known.places.len());
            known.places.extend(new.places.into_iter().take(room));
        } else if self.list.len() < Self::REASONS_MAX {
            self.list.push(new);
        } else {
            self.further += new.count;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_all_and_keeps_a_few() {
        let mut warnings = Warnings::default();
        for feature in 0..1_000 {
            warnings.note(format!("feature {feature}"), "no geometry");
            warnings.note(format!("feature {feature}"), format!("reason {feature}"));
        }
        assert_eq!(warnings.count(), 2_000);
        assert_eq!(warnings.list()[0].places.len(), Warnings::PLACES_MAX);
        assert_eq!(warnings.list().len(), Warnings::REASONS_MAX);
    }
}
