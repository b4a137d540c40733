//! The datum that the names of two columns tell: `lon_wgs84`, `gcj02_lat`. Used by `columns`. Never
//! takes a name for a datum that it only contains in part.

use crate::space::Datum;

/// How files write a datum beside a coordinate; blanks, lines and case do not count.
const WORDS: &[(&str, Datum)] = &[
    ("wgs84", Datum::Wgs84),
    ("wgs", Datum::Wgs84),
    ("cgcs2000", Datum::Cgcs2000),
    ("gcj02", Datum::Gcj02),
    ("gcj", Datum::Gcj02),
    ("火星", Datum::Gcj02),
    ("高德", Datum::Gcj02),
    ("bd09", Datum::Bd09),
    ("bd", Datum::Bd09),
    ("百度", Datum::Bd09),
];

/// Whether a datum is that of a truth on the ground, not one that is shifted on purpose.
pub(super) fn is_true(datum: Datum) -> bool {
    !matches!(datum, Datum::Gcj02 | Datum::Bd09)
}

/// The datum in a column's name whose rest is one of `plain`.
pub(super) fn named(name: &str, plain: &[&str]) -> Option<Datum> {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    let name: String = letters.flat_map(char::to_lowercase).collect();
    let is_plain = |rest: &str| plain.contains(&rest);
    let says = |word: &str| {
        name.strip_prefix(word).is_some_and(is_plain)
            || name.strip_suffix(word).is_some_and(is_plain)
    };
    let found = WORDS.iter().find(|(word, _)| says(word));
    found.map(|(_, datum)| *datum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_a_datum_or_nothing() {
        let check = |name: &str, expected: Option<Datum>| {
            assert_eq!(named(name, &["lon", "lng", "经度"]), expected, "{name}");
        };
        check("lon_wgs84", Some(Datum::Wgs84));
        check("WGS84 Lon", Some(Datum::Wgs84));
        check("lng-gcj02", Some(Datum::Gcj02));
        check("gcj_lng", Some(Datum::Gcj02));
        check("经度（百度）", Some(Datum::Bd09));
        check("lon_cgcs2000", Some(Datum::Cgcs2000));
        check("lon", None);
        check("wgs84", None);
        check("salon_wgs84", None);
        check("lon_bd09mc", None);
    }
}
