//! How a building leans by what sources record of it, each for itself: a tower that has leaned for
//! centuries is written of by many, and they differ. Read from the attributes of its record; never made
//! into one truth, never taken for a measurement.

use std::f64::consts::FRAC_PI_4;

use serde_json::Value;

use super::Building;

/// Attribute with what is recorded: degrees from upright, a number or a list.
pub const LEAN_RECORDED_DEG: &str = "lean_recorded_deg";
/// Attribute with where it leans to, degrees clockwise from north: a number for all, or a list beside the
/// other, in which what is no number says that this source tells no direction.
pub const LEAN_RECORDED_TOWARDS_DEG: &str = "lean_recorded_towards_deg";

/// Attribute with who tells it: a text for all, or a list beside the other, in which an empty one says that
/// nobody noted the source.
pub const LEAN_RECORDED_SOURCES: &str = "lean_recorded_sources";

/// Sources that differ by more do not agree, degrees of lean …
const AGREE_DEG: f64 = 0.25;
/// … and degrees of direction: the neighbouring wind of sixteen.
const AGREE_TOWARDS_DEG: f64 = 22.5;

/// What one source tells.
#[derive(Debug, Clone, PartialEq)]
pub struct LeanOnRecord {
    /// Degrees from upright.
    pub degrees: f64,
    /// Where to, degrees clockwise from north; `None` where it does not tell.
    pub towards_deg: Option<f64>,
    /// Who tells it; `None` where nobody noted that.
    pub source: Option<String>,
}

/// What is recorded of a building: at least one lean, the smallest first.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordedLean(Vec<LeanOnRecord>);

impl LeanOnRecord {
    /// The way it leans as a vector east and north of length 1.
    #[must_use]
    pub fn way(&self) -> Option<[f64; 2]> {
        let (sin, cos) = self.towards_deg?.to_radians().sin_cos();
        Some([sin, cos])
    }

    /// Metres east and north for each metre upwards; upright where nobody knows where to.
    #[must_use]
    pub fn slope(&self) -> [f64; 2] {
        let slope = self.degrees.to_radians().tan();
        self.way().unwrap_or_default().map(|part| part * slope)
    }
}

impl RecordedLean {
    /// Of a building; `None` where nothing is recorded that could be a lean. What is no angle, or lies at
    /// or beyond half a right angle, is left out.
    #[must_use]
    pub fn of(building: &Building) -> Option<Self> {
        let told = building.attributes.get(LEAN_RECORDED_DEG)?;
        let values = match told {
            Value::Array(values) => values.as_slice(),
            one => std::slice::from_ref(one),
        };
        let towards = building.attributes.get(LEAN_RECORDED_TOWARDS_DEG);
        let towards_deg = |index: usize| {
            let told = match towards? {
                Value::Array(values) => values.get(index)?.as_f64(),
                one => one.as_f64(),
            };
            told.map(|degrees| degrees.rem_euclid(360.0))
        };
        let sources = building.attributes.get(LEAN_RECORDED_SOURCES);
        let source = |index: usize| {
            let told = match sources? {
                Value::Array(values) => values.get(index)?.as_str(),
                one => one.as_str(),
            };
            told.map(str::trim).filter(|name| !name.is_empty())
        };
        let is_lean = |degrees: &f64| *degrees > 0.0 && degrees.to_radians() < FRAC_PI_4;
        let mut told: Vec<LeanOnRecord> = values
            .iter()
            .enumerate()
            .filter_map(|(index, value)| {
                Some(LeanOnRecord {
                    degrees: value.as_f64().filter(is_lean)?,
                    towards_deg: towards_deg(index),
                    source: source(index).map(str::to_owned),
                })
            })
            .collect();
        told.sort_by(|one, other| one.degrees.total_cmp(&other.degrees));
        told.dedup();
        (!told.is_empty()).then_some(Self(told))
    }

    /// What each source tells.
    #[must_use]
    pub fn sources(&self) -> &[LeanOnRecord] {
        &self.0
    }

    /// The one in the middle: what a picture leans by.
    #[must_use]
    pub fn middle(&self) -> &LeanOnRecord {
        &self.0[(self.0.len() - 1) / 2]
    }

    /// Whether sources differ by more than rounding, in how far or where to.
    #[must_use]
    pub fn disagrees(&self) -> bool {
        let degrees = self.0.iter().map(|one| one.degrees);
        let spread = self.0[self.0.len() - 1].degrees - degrees.fold(f64::INFINITY, f64::min);
        let ways = || self.0.iter().filter_map(|one| one.towards_deg);
        let apart = |a: f64, b: f64| 180.0 - ((a - b).rem_euclid(360.0) - 180.0).abs();
        let turned = ways().any(|a| ways().any(|b| apart(a, b) > AGREE_TOWARDS_DEG));
        spread > AGREE_DEG || turned
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::sample;

    fn told(degrees: Value, towards: Option<Value>) -> Option<RecordedLean> {
        let mut house = sample::city(1).buildings.values().next().cloned()?;
        let mut put = |name: &str, value| house.attributes.insert(name.to_owned(), value);
        put(LEAN_RECORDED_DEG, degrees);
        towards.map(|towards| put(LEAN_RECORDED_TOWARDS_DEG, towards));
        RecordedLean::of(&house)
    }

    fn degrees(lean: &RecordedLean) -> Vec<f64> {
        lean.sources().iter().map(|one| one.degrees).collect()
    }

    #[test]
    fn sources_stand_side_by_side() {
        let towards = json!([22.5, -45.0, "", 90.0]);
        let pagoda = told(json!([3.98, 2.67, 2.81, 2.85]), Some(towards)).unwrap();
        assert_eq!(degrees(&pagoda), [2.67, 2.81, 2.85, 3.98]);
        let ways: Vec<_> = pagoda.sources().iter().map(|one| one.towards_deg).collect();
        assert_eq!(ways, [Some(315.0), None, Some(90.0), Some(22.5)]);
        assert!(pagoda.disagrees());
        assert_eq!(
            (pagoda.middle().degrees, pagoda.middle().slope()),
            (2.81, [0.0; 2])
        );
        let [east, north] = pagoda.sources()[2].way().unwrap();
        assert!((east - 1.0).abs() < 1e-12 && north.abs() < 1e-12);
    }

    #[test]
    fn each_figure_has_its_source_where_one_is_noted() {
        let names = |sources: Option<Value>| {
            let mut house = sample::city(1).buildings.values().next().cloned().unwrap();
            let mut put = |name: &str, value| house.attributes.insert(name.to_owned(), value);
            put(LEAN_RECORDED_DEG, json!([3.98, 2.67]));
            sources.map(|sources| put(LEAN_RECORDED_SOURCES, sources));
            let lean = RecordedLean::of(&house).unwrap();
            let sources = lean.sources().iter().map(|one| one.source.clone());
            sources.collect::<Vec<_>>()
        };
        let some = |name: &str| Some(name.to_owned());
        assert_eq!(names(Some(json!(["survey", ""]))), [None, some("survey")]);
        assert_eq!(
            names(Some(json!("survey"))),
            [some("survey"), some("survey")]
        );
        assert_eq!(names(Some(json!([1]))), [None, None]);
        assert_eq!(names(None), [None, None]);
    }

    #[test]
    fn rounding_is_no_disagreement_and_another_direction_is() {
        let check = |lean: Value, towards: Option<Value>, disagrees: bool| {
            assert_eq!(told(lean, towards).unwrap().disagrees(), disagrees);
        };
        check(json!(1.5), None, false);
        check(json!([1.5, 1.6]), Some(json!(20.0)), false);
        check(json!([1.5, 1.8]), None, true);
        check(json!([1.5, 1.6]), Some(json!([355.0, 10.0])), false);
        check(json!([1.5, 1.6]), Some(json!([315.0, 22.5])), true);
    }

    #[test]
    fn what_is_no_lean_is_left_out() {
        for nothing in [
            json!([]),
            json!("2.8"),
            json!(-1.0),
            json!([45.0, 90.0]),
            json!(null),
        ] {
            assert_eq!(told(nothing.clone(), None), None, "{nothing}");
        }
        let some = told(json!([0.0, 2.0, "x", 60.0]), Some(json!("north"))).unwrap();
        assert_eq!((degrees(&some), some.middle().way()), (vec![2.0], None));
    }
}
