//! GeoJSON text sequences: one feature a line, or features with a record separator before each
//! (RFC 8142). Told from a document by their beginning; records are handed on one by one.

/// What stands before each record of RFC 8142.
const SEPARATOR: char = '\u{1e}';

/// The records of a sequence, each with the number of its first line; `None` of a document.
pub(super) fn records(text: &str) -> Option<Vec<(usize, &str)>> {
    if text.trim_start().starts_with(SEPARATOR) {
        return Some(numbered(text.split(SEPARATOR), 0));
    }
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let first = lines.next()?;
    lines.next()?;
    // Of a document the first line is rarely a whole object, so that this costs nothing.
    let first: serde_json::Value = serde_json::from_str(first).ok()?;
    (first.get("type")? == "Feature").then(|| numbered(text.split('\n'), 1))
}

/// Records that are not blank with their lines; `ends` is how many line ends stand between two.
fn numbered<'a>(parts: impl Iterator<Item = &'a str>, ends: usize) -> Vec<(usize, &'a str)> {
    let mut line = 1;
    let mut records = Vec::new();
    for part in parts {
        let blank = part.len() - part.trim_start().len();
        let before = part[..blank].matches('\n').count();
        if !part.trim().is_empty() {
            records.push((line + before, part.trim()));
        }
        line += part.matches('\n').count() + ends;
    }
    records
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&[usize]>) {
        let found = records(text);
        let lines = found.map(|found| found.iter().map(|(line, _)| *line).collect::<Vec<_>>());
        assert_eq!(lines.as_deref(), expected, "{text:?}");
    }

    #[test]
    fn sequences_are_told_from_documents() {
        let feature = r#"{"type":"Feature"}"#;
        check(
            &format!("{feature}\n{feature}\r\n\n{feature}\n"),
            Some(&[1, 2, 4]),
        );
        check(
            &format!("\u{1e}{feature}\n\u{1e}{{\n\"type\":\"Feature\"}}\n\u{1e}{feature}"),
            Some(&[1, 2, 4]),
        );
        check(feature, None);
        check(&format!("{feature}\n\n"), None);
        check("{\"type\":\"Feature\",\n\"geometry\":null}", None);
        check("{\"type\":\"FeatureCollection\"}\n{}", None);
        check("", None);
    }
}
