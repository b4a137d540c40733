//! Whether a closed way is an area or a line that comes back to its start: OpenStreetMap does not
//! say so itself, its tags do. Used by `assemble`.

use super::element::{Tags, tag};

/// Keys that make a closed way an area, whatever their value.
const AREA_KEYS: &[&str] = &[
    "building",
    "building:part",
    "landuse",
    "amenity",
    "shop",
    "tourism",
    "place",
    "historic",
    "office",
    "craft",
    "military",
    "boundary",
    "water",
    "area:highway",
    "sport",
    "geological",
];
/// Keys that do so but for these values, which are lines.
const BUT_LINES: &[(&str, &[&str])] = &[
    (
        "natural",
        &[
            "coastline",
            "cliff",
            "ridge",
            "arete",
            "valley",
            "tree_row",
            "earth_bank",
        ],
    ),
    ("leisure", &["track", "slipway"]),
    ("aeroway", &["runway", "taxiway", "parking_position"]),
    (
        "man_made",
        &[
            "pipeline",
            "embankment",
            "cutline",
            "breakwater",
            "groyne",
            "dyke",
            "goods_conveyor",
        ],
    ),
    ("power", &["line", "minor_line", "cable"]),
];
/// Keys that do so for these values alone.
const AREA_VALUES: &[(&str, &[&str])] = &[
    (
        "waterway",
        &["riverbank", "dock", "boatyard", "dam", "fuel"],
    ),
    ("highway", &["platform", "rest_area", "services"]),
    (
        "railway",
        &["platform", "station", "roundhouse", "turntable"],
    ),
    ("public_transport", &["platform", "station"]),
];

/// Whether a closed way with these tags is an area. Roads, waterways and barriers that come back to
/// their start are lines unless `area=yes` says otherwise.
pub(super) fn is_area(tags: &Tags) -> bool {
    let area = tags.iter().find(|(key, _)| key == "area");
    match area.map(|(_, value)| value.as_str()) {
        Some("yes" | "true" | "1") => return true,
        Some("no" | "false" | "0") => return false,
        _ => {}
    }
    let has = |key: &str| tag(tags, key).is_some();
    let is_one_of =
        |(key, words): &(&str, &[&str])| tag(tags, key).is_some_and(|word| words.contains(&word));
    AREA_KEYS.iter().any(|key| has(key))
        || BUT_LINES.iter().any(|rule| has(rule.0) && !is_one_of(rule))
        || AREA_VALUES.iter().any(is_one_of)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(tags: &[(&str, &str)], expected: bool) {
        let owned = tags
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        assert_eq!(is_area(&owned.collect()), expected, "{tags:?}");
    }

    #[test]
    fn tags_tell_areas_from_rings_of_road() {
        check(&[("building", "yes")], true);
        check(&[("building", "no")], false);
        check(&[("highway", "residential")], false);
        check(&[("highway", "pedestrian")], false);
        check(&[("highway", "pedestrian"), ("area", "yes")], true);
        check(&[("barrier", "wall")], false);
        check(&[("barrier", "hedge"), ("area", "yes")], true);
        check(&[("natural", "water")], true);
        check(&[("natural", "coastline")], false);
        check(&[("natural", "tree_row")], false);
        check(&[("leisure", "park"), ("area", "no")], false);
        check(&[("waterway", "canal")], false);
        check(&[("waterway", "riverbank")], true);
        check(&[], false);
    }
}
