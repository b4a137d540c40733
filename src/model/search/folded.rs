//! One form for what is written in several ways: half-width, lower case, no spaces and signs.

/// The characters of a text that count when names are compared.
pub(super) fn folded(text: &str) -> String {
    text.chars().filter_map(folded_char).collect()
}

fn folded_char(one: char) -> Option<char> {
    let one = match one {
        // Full-width ASCII.
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(one as u32 - 0xFEE0)?,
        other => other,
    };
    if one.is_alphanumeric() {
        one.to_lowercase().next()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form() {
        assert_eq!(folded(" 平江路 １２号-B "), "平江路12号b");
        assert_eq!(folded("·,。 "), "");
    }
}
