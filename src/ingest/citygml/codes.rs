//! What well-known codes mean, in the words that `facts` knows. Used by `attributes`. Never
//! replaces a code, and never guesses: a code counts only where its list is named or it shows
//! itself to be of one.

use super::super::raw::Attributes;

/// Use of buildings in PLATEAU's list `Building_usage`.
const PLATEAU_USAGE: &[(&str, &str)] = &[
    ("401", "office"),
    ("402", "commercial"),
    ("403", "hotel"),
    ("404", "commercial"),
    ("411", "residential"),
    ("412", "apartments"),
    ("413", "residential"),
    ("414", "apartments"),
    ("415", "residential"),
    ("421", "government"),
    ("422", "public"),
    ("431", "warehouse"),
    ("441", "industrial"),
];
/// Material in PLATEAU's list `Building_buildingStructureType`.
const PLATEAU_STRUCTURE: &[(&str, &str)] = &[
    ("602", "concrete"),
    ("603", "concrete"),
    ("604", "steel"),
    ("605", "steel"),
    ("606", "masonry"),
];
/// Functions of the German surveys (ALKIS object type 31001), the longer beginning first.
const GERMAN_FUNCTION: &[(&str, &str)] = &[
    ("31001_2463", "garage"),
    ("31001_3041", "church"),
    ("31001_1", "residential"),
    ("31001_2", "commercial"),
    ("31001_3", "public"),
];

/// Adds what a code means: `building:use` or `structure`, where the file says neither itself.
pub(super) fn resolve(name: &str, code: &str, list: Option<&str>, attributes: &mut Attributes) {
    let list = list.unwrap_or_default();
    let exact = |table: &[(&str, &'static str)]| {
        let found = table.iter().find(|(known, _)| *known == code);
        found.map(|(_, word)| *word)
    };
    let (key, word) = match name {
        "usage" if list.ends_with("Building_usage.xml") => ("building:use", exact(PLATEAU_USAGE)),
        "buildingStructureType" if list.ends_with("Building_buildingStructureType.xml") => {
            ("structure", exact(PLATEAU_STRUCTURE))
        }
        "function" => {
            let known = GERMAN_FUNCTION.iter();
            let known = known.clone().find(|(start, _)| code.starts_with(start));
            ("building:use", known.map(|(_, word)| *word))
        }
        _ => return,
    };
    if let Some(word) = word {
        attributes.entry(key).or_insert_with(|| word.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, code: &str, list: Option<&str>, expected: Option<(&str, &str)>) {
        let mut attributes = Attributes::new();
        resolve(name, code, list, &mut attributes);
        let found: Vec<_> = attributes.iter().collect();
        let expected: Vec<_> = expected.into_iter().collect();
        assert_eq!(found.len(), expected.len(), "{name} {code}");
        for ((key, value), (known, word)) in found.into_iter().zip(expected) {
            assert_eq!((key.as_str(), value.as_str()), (known, Some(word)));
        }
    }

    #[test]
    fn a_code_counts_where_its_list_is_certain() {
        let usage = Some("../../codelists/Building_usage.xml");
        check("usage", "411", usage, Some(("building:use", "residential")));
        check("usage", "411", Some("other.xml"), None);
        check("usage", "461", usage, None);
        let structure = Some("../../codelists/Building_buildingStructureType.xml");
        let concrete = Some(("structure", "concrete"));
        check("buildingStructureType", "603", structure, concrete);
        check("buildingStructureType", "611", structure, None);
        let garage = Some(("building:use", "garage"));
        check("function", "31001_2463", None, garage);
        check(
            "function",
            "31001_1010",
            None,
            Some(("building:use", "residential")),
        );
        check("function", "1000", None, None);
    }
}
