//! What a candidate loses for what is missing or differs: the rules, and the text they are read from.
//! Used by the index and by `app`. Never looks at an address.

use crate::base::{TableFault, read_table};

use super::CONTRADICTED_AT_MOST;

/// How much a candidate loses for what is missing or differs, and what is enough to link.
/// A candidate begins at 1. All of it is configuration (`assets/matching.toml`, or a city's own).
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MatchRules {
    /// From this score on a single candidate is linked.
    pub link_at: f64,
    /// Candidates that are not further apart than this are equally good.
    pub margin: f64,
    /// A part tells where the door is, and the dwelling's address does not have it.
    pub extra: f64,
    /// The room is not told; there is one dwelling alone in the house.
    pub room_missing: f64,
    /// The unit is not told.
    pub unit_missing: f64,
    /// The building is not told.
    pub building_missing: f64,
    /// The lane number is not told.
    pub lane_missing: f64,
    /// The number is not told and no estate stands for it.
    pub number_missing: f64,
    /// Way or estate is only told by one of both, the other one fits.
    pub place_missing: f64,
    /// Way or estate is spelt with one character more, less or different.
    pub place_similar: f64,
    /// The way fits, the estate is another.
    pub estate_differs: f64,
    /// The estate fits, the way is another.
    pub road_differs: f64,
    /// The street (sub-district) is another one that the city has.
    pub street_differs: f64,
    /// The street is one that the city does not have (any more).
    pub street_unknown: f64,
    /// A number lies within a range.
    pub in_range: f64,
    /// In an estate, 12号 is taken for 12幢.
    pub read_as: f64,
    /// Some words were not understood.
    pub rest: f64,
    /// What was not understood may tell another door: it holds a figure, a letter or a side.
    pub telling_rest: f64,
    /// The number is one of an older numbering.
    pub former: f64,
}

impl Default for MatchRules {
    fn default() -> Self {
        Self {
            link_at: 0.8,
            margin: 0.015,
            extra: 0.22,
            room_missing: 0.12,
            unit_missing: 0.05,
            building_missing: 0.08,
            lane_missing: 0.1,
            number_missing: 0.22,
            place_missing: 0.01,
            place_similar: 0.22,
            estate_differs: 0.1,
            road_differs: 0.22,
            street_differs: 0.22,
            street_unknown: 0.1,
            in_range: 0.05,
            read_as: 0.04,
            rest: 0.05,
            telling_rest: 0.22,
            former: 0.3,
        }
    }
}

impl MatchRules {
    /// The text of the built-in rules, with comments.
    pub const STANDARD: &'static str = include_str!("../../../assets/matching.toml");

    /// Reads rules; what the text does not name is as in the built-in ones.
    ///
    /// # Errors
    /// When the text is not TOML of this shape, or a number is none or lies where nothing could ever
    /// be told apart.
    pub fn from_toml(text: &str) -> Result<Self, TableFault> {
        let rules: Self = read_table(text)?;
        let fault = |name, reason: String| TableFault::of_value(text, name, reason);
        if !(rules.link_at > CONTRADICTED_AT_MOST && rules.link_at <= 1.0) {
            let reason = format!(
                "link_at must lie above {CONTRADICTED_AT_MOST}, or other doors would be linked, and not above 1"
            );
            return Err(fault("link_at", reason));
        }
        for (name, loss) in rules.losses() {
            if !(0.0..=1.0).contains(&loss) {
                return Err(fault(name, format!("{name} must lie between 0 and 1")));
            }
        }
        Ok(rules)
    }

    /// What is lost, by name, and the margin.
    fn losses(&self) -> [(&'static str, f64); 18] {
        [
            ("margin", self.margin),
            ("extra", self.extra),
            ("room_missing", self.room_missing),
            ("unit_missing", self.unit_missing),
            ("building_missing", self.building_missing),
            ("lane_missing", self.lane_missing),
            ("number_missing", self.number_missing),
            ("place_missing", self.place_missing),
            ("place_similar", self.place_similar),
            ("estate_differs", self.estate_differs),
            ("road_differs", self.road_differs),
            ("street_differs", self.street_differs),
            ("street_unknown", self.street_unknown),
            ("in_range", self.in_range),
            ("read_as", self.read_as),
            ("rest", self.rest),
            ("telling_rest", self.telling_rest),
            ("former", self.former),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_says_what_the_program_does() {
        assert_eq!(
            MatchRules::from_toml(MatchRules::STANDARD),
            Ok(MatchRules::default())
        );
        for (name, _) in MatchRules::default().losses() {
            let place = TableFault::of_value(MatchRules::STANDARD, name, "");
            assert!(place.line > 1, "{name} is not in the text");
        }
    }

    #[test]
    fn a_city_names_what_differs_and_nothing_impossible() {
        let rules = MatchRules::from_toml("link_at = 0.9\nrest = 0.3").unwrap();
        assert_eq!(
            rules,
            MatchRules {
                link_at: 0.9,
                rest: 0.3,
                ..MatchRules::default()
            }
        );
        let refused = |text: &str, with: &str| {
            let fault = MatchRules::from_toml(text).unwrap_err().to_string();
            assert!(fault.contains(with), "{text}: {fault}");
        };
        refused("# a\nlink_at = 0.5", "line 2: link_at must lie above 0.5");
        refused("link_at = nan", "link_at");
        refused("telling_rest = 0.1\nrest = -1.0", "line 2: rest must");
        refused("margin = inf", "margin");
        refused("link_to = 0.9", "line 1: unknown field `link_to`");
    }
}
