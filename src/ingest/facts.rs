//! Facts about a building or a road out of a file's attributes, whatever the file calls them.
//! Used by `build` and `tags`. Never guesses silently: what is implausible counts as not given.

use serde_json::Value;

use crate::model::{HeightOrigin, Protection, RoofStyle, Structure, Usage};

use super::fact_names::{
    ADDRESS_KEYS, NAME_EN_KEYS, NAME_KEYS, PROTECTION_KEYS, ROOF_KEYS, STRUCTURE_KEYS, USAGE_KEYS,
};
use super::raw::Attributes;
use super::words;

/// Metres a storey counts for where only storeys are known.
pub(super) const STOREY_M: f64 = 3.0;
/// Storeys of a building of which nothing is known.
const DEFAULT_STOREYS: u16 = 2;
/// The tallest building on Earth stands 828 m.
pub(super) const HEIGHT_MAX_M: f64 = 1_000.0;
/// More storeys nothing has.
pub(super) const STOREYS_MAX: u16 = 200;

pub(super) const HEIGHT_KEYS: &[&str] = &[
    "measuredHeight",
    "measured_height",
    "height",
    "building:height",
    "height_m",
    "Height",
    "HEIGHT",
    "高度",
    "建筑高度",
    "楼高",
    "房屋高度",
    "JZGD",
    "GD",
    "hight",
    "bldg_height",
    "heightroof",
];
pub(super) const STOREY_KEYS: &[&str] = &[
    "storeysAboveGround",
    "building:levels",
    "levels",
    "floors",
    "floor",
    "storeys",
    "stories",
    "num_floors",
    "b3_bouwlagen",
    "Floor",
    "FLOOR",
    "层数",
    "楼层",
    "地上层数",
    "建筑层数",
    "总层数",
    "房屋层数",
    "CS",
    "JZCS",
    "DSCS",
    "FLOORS",
    "floor_num",
    "LEVELS",
    "STOREYS",
    "numfloors",
];
pub(super) const YEAR_KEYS: &[&str] = &[
    "yearOfConstruction",
    "oorspronkelijkbouwjaar",
    "oorspronkelijk_bouwjaar",
    "dateOfConstruction",
    "start_date",
    "year_built",
    "year",
    "建成年份",
    "建造年份",
    "年代",
    "建成年代",
    "建筑年代",
    "建成时间",
    "竣工年份",
    "JCND",
    "YEAR",
    "YearBuilt",
    "yearbuilt",
    "built",
];
/// Absolute heights of the highest roof line and of the ground beside it.
const ROOF_AND_GROUND_KEYS: &[[&str; 2]] = &[
    ["b3_h_dak_max", "b3_h_maaiveld"],
    ["h_dak_max", "h_maaiveld"],
    ["AbsoluteRidgeHeight", "GroundLevel"],
];
const RELATIVE_HEIGHT_KEYS: &[&str] = &["RelativeRidgeHeight", "relativeHeight"];
/// What else tells a height, or that it is none of the source's.
pub(super) const OTHER_HEIGHT_KEYS: &[&str] = &[
    "b3_h_dak_max",
    "h_dak_max",
    "AbsoluteRidgeHeight",
    "RelativeRidgeHeight",
    "relativeHeight",
    HEIGHT_DEFAULT_KEY,
];
/// Says that the height is no true value.
pub(super) const HEIGHT_DEFAULT_KEY: &str = "height_default";
/// Says that the storeys are no true value.
pub(super) const STOREYS_DEFAULT_KEY: &str = "storeys_default";
/// The text of an attribute, if it says something.
pub(super) fn text<'a>(attributes: &'a Attributes, key: &str) -> Option<&'a str> {
    let text = attributes.get(key)?.as_str()?.trim();
    (!text.is_empty()).then_some(text)
}

/// The first text under any of these keys.
pub(super) fn first_text(attributes: &Attributes, keys: &[&str]) -> Option<String> {
    keys.iter()
        .find_map(|key| text(attributes, key))
        .map(str::to_owned)
}

/// A length in metres: a number, or a text such as `12.5`, `12.5 m` or `41 ft`.
pub(super) fn length_m(value: &Value) -> Option<f64> {
    let text = match value {
        Value::Number(number) => return number.as_f64().filter(|v| v.is_finite()),
        Value::String(text) => text.trim(),
        Value::Object(measure) => return length_m(measure.get("value")?),
        _ => return None,
    };
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '+')))
        .unwrap_or(text.len());
    let number: f64 = text[..end].replace(',', ".").parse().ok()?;
    let metres = match text[end..].trim() {
        "" | "m" | "metre" | "metres" | "meter" | "meters" | "米" => number,
        "ft" | "'" | "feet" => number * 0.3048,
        _ => return None,
    };
    metres.is_finite().then_some(metres)
}

/// The first length under any of these keys that lies in the range.
pub(super) fn first_length_m(attributes: &Attributes, keys: &[&str], max_m: f64) -> Option<f64> {
    keys.iter()
        .filter_map(|key| length_m(attributes.get(*key)?))
        .find(|metres| *metres > 0.0 && *metres <= max_m)
}

/// Name in Chinese, or as the file has it.
pub(super) fn name(attributes: &Attributes) -> Option<String> {
    first_text(attributes, NAME_KEYS)
}

/// Name in English.
pub(super) fn name_en(attributes: &Attributes) -> Option<String> {
    first_text(attributes, NAME_EN_KEYS)
}

/// Address without door number.
pub(super) fn address(attributes: &Attributes) -> Option<String> {
    if let Some(whole) = first_text(attributes, ADDRESS_KEYS) {
        return Some(whole);
    }
    let street = text(attributes, "addr:street")?;
    Some(match text(attributes, "addr:housenumber") {
        Some(number) => format!("{street} {number}"),
        None => street.to_owned(),
    })
}

/// Storeys above ground, where stated.
pub(super) fn storeys(attributes: &Attributes) -> Option<u16> {
    let stated = STOREY_KEYS
        .iter()
        .filter_map(|key| storeys_in(attributes.get(*key)?))
        .find(|storeys| *storeys > 0.0 && *storeys <= f64::from(STOREYS_MAX))?;
    // Half storeys (`1.5`) count as a storey; the range was checked above.
    Some(stated.round().max(1.0) as u16)
}

/// A count of storeys: a number, or a text such as `6`, `6层` or `6F`.
pub(super) fn storeys_in(value: &Value) -> Option<f64> {
    let Value::String(text) = value else {
        return length_m(value);
    };
    let number = text.trim().trim_end_matches(['层', '楼', 'F', 'f']);
    number.trim().parse().ok().filter(|v: &f64| v.is_finite())
}

/// The year in a value: a number, or a text that begins with four digits.
pub(super) fn year_in(value: &Value) -> Option<u16> {
    let year = match value {
        Value::Number(number) => number.as_f64().filter(|year| year.fract() == 0.0)? as i64,
        Value::String(text) => {
            let text = text.trim().trim_start_matches('~');
            let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
            match digits.len() {
                4 => digits.parse().ok()?,
                _ => middle_of_century(text)?,
            }
        }
        _ => return None,
    };
    (1..=2_200)
        .contains(&year)
        .then(|| u16::try_from(year).ok())?
}

/// Year of construction, where stated.
pub(super) fn year(attributes: &Attributes) -> Option<u16> {
    YEAR_KEYS
        .iter()
        .find_map(|key| year_in(attributes.get(*key)?))
}

/// The middle of a century, or of a third of it, as OpenStreetMap writes them: `C19`, `early C20`.
fn middle_of_century(text: &str) -> Option<i64> {
    let thirds = [("early ", 17), ("mid ", 50), ("late ", 83)];
    let third = thirds
        .iter()
        .find_map(|(word, years)| Some((text.strip_prefix(word)?, *years)));
    let (century, years) = third.unwrap_or((text, 50));
    let century: i64 = century.strip_prefix('C')?.parse().ok()?;
    (1..=21)
        .contains(&century)
        .then(|| (century - 1) * 100 + years)
}

/// Height, how it is known, and storeys of a building. `from_geometry_m` is what the file's own
/// faces rise, when it has any.
pub(super) fn height(
    attributes: &Attributes,
    from_geometry_m: Option<f64>,
) -> (f64, HeightOrigin, u16) {
    let stated = stated_height_m(attributes);
    let is_default = is_true(attributes, HEIGHT_DEFAULT_KEY);
    let storeys = storeys(attributes);
    let storeys_of = |height_m: f64| storeys.unwrap_or_else(|| whole_storeys(height_m));
    // Faces that rise nowhere or into the sky tell nothing of the height.
    let from_geometry_m = from_geometry_m.filter(|rise_m| (0.0..=HEIGHT_MAX_M).contains(rise_m));
    if let Some(height_m) = stated.filter(|_| !is_default).or(from_geometry_m) {
        return (height_m, HeightOrigin::Measured, storeys_of(height_m));
    }
    if let Some(storeys) = storeys {
        let origin = if is_true(attributes, STOREYS_DEFAULT_KEY) {
            HeightOrigin::Default
        } else {
            HeightOrigin::Storeys
        };
        let height_m = f64::from(storeys) * STOREY_M + roof_rise_m(attributes);
        return (height_m, origin, storeys);
    }
    // An estimate is better than nothing, and no measurement.
    let stated = stated.or_else(|| first_length_m(attributes, &["est_height"], HEIGHT_MAX_M));
    let height_m = stated.unwrap_or(f64::from(DEFAULT_STOREYS) * STOREY_M);
    (height_m, HeightOrigin::Default, whole_storeys(height_m))
}

fn is_true(attributes: &Attributes, key: &str) -> bool {
    attributes
        .get(key)
        .is_some_and(|value| value.as_bool() == Some(true) || value.as_str() == Some("true"))
}

/// What a roof adds to the storeys below it, where that is stated: OpenStreetMap counts the storeys
/// under a roof apart.
pub(super) fn roof_rise_m(attributes: &Attributes) -> f64 {
    let stated = first_length_m(attributes, &["roof:height"], 100.0);
    let storeys = || Some(first_length_m(attributes, &["roof:levels"], 10.0)? * STOREY_M);
    stated.or_else(storeys).unwrap_or(0.0)
}

fn whole_storeys(height_m: f64) -> u16 {
    (height_m / STOREY_M).round().clamp(1.0, 300.0) as u16
}

fn stated_height_m(attributes: &Attributes) -> Option<f64> {
    let above_ground = || {
        ROOF_AND_GROUND_KEYS.iter().find_map(|[roof, ground]| {
            let height_m = length_m(attributes.get(*roof)?)? - length_m(attributes.get(*ground)?)?;
            (height_m > 0.0 && height_m <= HEIGHT_MAX_M).then_some(height_m)
        })
    };
    first_length_m(attributes, HEIGHT_KEYS, HEIGHT_MAX_M)
        .or_else(above_ground)
        .or_else(|| first_length_m(attributes, RELATIVE_HEIGHT_KEYS, HEIGHT_MAX_M))
}

/// Use, as far as words tell.
pub(super) fn usage(attributes: &Attributes) -> Usage {
    let words = USAGE_KEYS
        .iter()
        .filter_map(|key| match attributes.get(*key)? {
            Value::String(text) => Some(text.to_lowercase()),
            Value::Array(list) => list.first()?.as_str().map(str::to_lowercase),
            _ => None,
        });
    words
        .map(|word| words::usage(&word))
        .find(|usage| *usage != Usage::Unknown)
        .unwrap_or_default()
}

/// Roof, as far as tags tell.
pub(super) fn roof(attributes: &Attributes) -> RoofStyle {
    if text(attributes, "building") == Some("pagoda") {
        return RoofStyle::Pagoda;
    }
    let word = ROOF_KEYS.iter().find_map(|key| text(attributes, key));
    word.map_or(RoofStyle::Derived, words::roof)
}

/// What carries the building, as far as words tell.
pub(super) fn structure(attributes: &Attributes) -> Structure {
    STRUCTURE_KEYS
        .iter()
        .filter_map(|key| text(attributes, key))
        .map(words::structure)
        .find(|structure| *structure != Structure::Unknown)
        .unwrap_or_default()
}

/// Whether and how the building is protected.
pub(super) fn protection(attributes: &Attributes) -> Protection {
    let stated = PROTECTION_KEYS
        .iter()
        .find_map(|key| words::protection(text(attributes, key)?));
    let is_listed = text(attributes, "heritage").is_some_and(|word| word != "no");
    stated.unwrap_or(if is_listed {
        Protection::Listed
    } else {
        Protection::None
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(attributes: Value, expected: (f64, HeightOrigin, u16)) {
        let found = height(attributes.as_object().unwrap(), None);
        assert_eq!(found, expected, "{attributes}");
    }

    #[test]
    fn heights_are_honest() {
        check(
            json!({"height": 76.0, "height_default": false}),
            (76.0, HeightOrigin::Measured, 25),
        );
        check(
            json!({"height": "12.5 m"}),
            (12.5, HeightOrigin::Measured, 4),
        );
        check(
            json!({"height": "30 ft"}),
            (9.144, HeightOrigin::Measured, 3),
        );
        check(
            json!({"height": 10, "height_default": true}),
            (10.0, HeightOrigin::Default, 3),
        );
        check(
            json!({"building:levels": "5"}),
            (15.0, HeightOrigin::Storeys, 5),
        );
        check(
            json!({"building:levels": "2", "roof:levels": "1"}),
            (9.0, HeightOrigin::Storeys, 2),
        );
        check(json!({"est_height": "8"}), (8.0, HeightOrigin::Default, 3));
        check(
            json!({"层数": 3, "height": "tall"}),
            (9.0, HeightOrigin::Storeys, 3),
        );
        check(json!({"height": -4}), (6.0, HeightOrigin::Default, 2));
        check(json!({"height": 1e300}), (6.0, HeightOrigin::Default, 2));
        check(
            json!({"b3_h_dak_max": 9.83, "b3_h_maaiveld": -0.17}),
            (10.0, HeightOrigin::Measured, 3),
        );
        check(
            json!({"measuredHeight": {"value": 11.0, "uom": "m"}}),
            (11.0, HeightOrigin::Measured, 4),
        );
    }

    #[test]
    fn years_and_uses() {
        let year_of = |value: Value| year(value.as_object().unwrap());
        assert_eq!(
            year_of(json!({"dateOfConstruction": "1929-01-01"})),
            Some(1929)
        );
        assert_eq!(year_of(json!({"oorspronkelijkbouwjaar": 1965})), Some(1965));
        assert_eq!(year_of(json!({"year": "old"})), None);
        assert_eq!(year_of(json!({"start_date": "~1930"})), Some(1930));
        assert_eq!(year_of(json!({"start_date": "1920s"})), Some(1920));
        assert_eq!(year_of(json!({"start_date": "C19"})), Some(1850));
        assert_eq!(year_of(json!({"start_date": "late C18"})), Some(1783));
        assert_eq!(year_of(json!({"start_date": "C99"})), None);
        let usage_of = |value: Value| usage(value.as_object().unwrap());
        assert_eq!(
            usage_of(json!({"building": "warehouse"})),
            Usage::Commercial
        );
        assert_eq!(
            usage_of(json!({"function": ["residential building"]})),
            Usage::Residential
        );
    }
}
