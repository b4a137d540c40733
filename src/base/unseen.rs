//! Signs that are not seen as themselves. Used where people type and where their tables are read:
//! such a sign makes two equal names differ, or shows a reader something else than what is there.
//! Never changes a text.

/// Whether a sign is not seen as itself: it ends a line, steers a terminal, turns the direction of
/// writing, or has no width.
#[must_use]
pub fn is_unseen(one: char) -> bool {
    one.is_control()
        || matches!(one, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}')
        || matches!(one, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(one, '\u{2060}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}')
}
