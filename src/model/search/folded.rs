//! One form for what is written in several ways: half-width, lower case, no spaces and signs.

use crate::base::half_width;

/// The characters of a text that count when names are compared.
pub(super) fn folded(text: &str) -> String {
    text.chars().filter_map(folded_char).collect()
}

fn folded_char(one: char) -> Option<char> {
    let one = half_width(one);
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
