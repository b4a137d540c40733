//! Full-width characters, as Chinese keyboards type digits, letters and signs, made half-width.
//! Used wherever texts of people and programs are compared. Never drops a character.

/// The half-width form of a character; the character itself where it has none.
#[must_use]
pub fn half_width(one: char) -> char {
    match one {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(one as u32 - 0xFEE0).unwrap_or(one),
        '\u{3000}' => ' ',
        _ => one,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_letters_signs_and_spaces() {
        let text: String = "１２ＡｚＸ－（　）平江".chars().map(half_width).collect();
        assert_eq!(text, "12AzX-( )平江");
    }
}
