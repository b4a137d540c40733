//! Whom a picture must name when it shows a file's data: what the file itself says.
//! Never judges a licence.

use serde_json::{Map, Value};

/// Longer texts are cut: they go on a line of a picture, and a file may hold anything.
const CHARS_MAX: usize = 240;

/// What the members of a document or of its metadata demand: `attribution`, or the `copyright` of
/// Overpass, with `license` or `licence` where it is not named there already.
pub(super) fn demanded(members: &Map<String, Value>) -> Option<String> {
    let text = |name: &str| clean_attribution(members.get(name)?.as_str()?);
    let first = |names: [&str; 2]| names.into_iter().find_map(text);
    let licence = first(["license", "licence"]);
    match (first(["attribution", "copyright"]), licence) {
        (Some(whom), Some(licence)) if !whom.contains(&licence) => {
            clean_attribution(&format!("{whom}, {licence}"))
        }
        (None, licence) => licence,
        (whom, _) => whom,
    }
}

/// Who made a CityJSON file, by its title and contact (1.1 and 2.0, or the older extension), where
/// it demands nothing. A person's name stays out: it is no source, and goes on no picture.
pub(super) fn named(metadata: &Map<String, Value>) -> Option<String> {
    let member = |names: [&str; 2]| names.into_iter().find_map(|name| metadata.get(name));
    let contact = member(["pointOfContact", "datasetPointOfContact"]);
    let of_contact = |name: &str| contact?.get(name)?.as_str();
    let is_person = of_contact("contactType") == Some("individual");
    let maker = of_contact(if is_person {
        "organization"
    } else {
        "contactName"
    });
    let title = member(["title", "datasetTitle"]).and_then(Value::as_str);
    let parts: Vec<&str> = title.into_iter().chain(maker).collect();
    clean_attribution(&parts.join(", "))
}

/// The text as it may stand on one line: no control characters, nothing that turns the direction
/// of writing, single blanks, "©" for "(c)", and not without end. `None` when nothing is left.
#[must_use]
pub fn clean_attribution(text: &str) -> Option<String> {
    let is_hidden = |c: char| {
        matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
    };
    let plain: String = text
        .chars()
        .filter(|c| !is_hidden(*c))
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    let line = words.join(" ").replace("(c)", "©").replace("(C)", "©");
    if line.chars().count() <= CHARS_MAX {
        return (!line.is_empty()).then_some(line);
    }
    let head: String = line.chars().take(CHARS_MAX - 1).collect();
    Some(format!("{}…", head.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(read: fn(&Map<String, Value>) -> Option<String>, json: &str, expected: &str) {
        let members: Map<String, Value> = serde_json::from_str(json).unwrap();
        assert_eq!(read(&members).unwrap_or_default(), expected, "{json}");
    }

    #[test]
    fn what_a_document_demands() {
        let osm = "© OpenStreetMap contributors, ODbL 1.0";
        for json in [
            r#"{"attribution": "(c) OpenStreetMap contributors", "license": "ODbL 1.0"}"#,
            r#"{"attribution": "(C)  OpenStreetMap\ncontributors", "licence": "ODbL 1.0"}"#,
            r#"{"attribution": "© OpenStreetMap contributors, ODbL 1.0", "license": "ODbL 1.0"}"#,
            r#"{"copyright": "© OpenStreetMap contributors, ODbL 1.0", "license": 7}"#,
        ] {
            check(demanded, json, osm);
        }
        check(demanded, r#"{"license": "CC0"}"#, "CC0");
        check(demanded, r#"{"attribution": ["x"], "name": "y"}"#, "");
    }

    #[test]
    fn who_made_a_city_model() {
        for (json, expected) in [
            (
                r#"{"title": "3DBAG", "pointOfContact": {"contactName": "3DBAG Team"}}"#,
                "3DBAG, 3DBAG Team",
            ),
            (
                r#"{"datasetTitle": "Tile 901", "datasetPointOfContact": {"contactName": "3D Geoinformation Group"}}"#,
                "Tile 901, 3D Geoinformation Group",
            ),
            (
                r#"{"pointOfContact": {"contactName": "Jan Jansen", "contactType": "individual", "organization": "Kadaster"}}"#,
                "Kadaster",
            ),
            (r#"{"title": 7, "pointOfContact": "me"}"#, ""),
        ] {
            check(named, json, expected);
        }
    }

    #[test]
    fn a_text_fits_on_a_line() {
        let clean = |text: &str| clean_attribution(text).unwrap_or_default();
        assert_eq!(clean(" a\u{0}\u{1b}[31m\tb\u{202e}c\r\n"), "a [31m bc");
        assert_eq!(clean("\u{7}\u{200b} "), "");
        let long = clean(&"岸 ".repeat(1_000));
        assert_eq!(long.chars().count(), CHARS_MAX);
        assert!(long.ends_with('…'));
        assert_eq!(clean(&long), long);
    }
}
