//! Text brought to a width: cut with "…", or broken into lines. Used by panels and charts, with whatever
//! measures their texts. Never places anything.

use super::overlay::{Face, Measure};

/// How a text is set: with which measures, size in pixels and face.
#[derive(Clone, Copy)]
pub struct Set<'a> {
    /// Tells how wide a text is.
    pub measure: &'a dyn Measure,
    /// Size of the em square, pixels.
    pub size: f32,
    /// Typeface.
    pub face: Face,
}

impl Set<'_> {
    /// Width of a text, pixels.
    #[must_use]
    pub fn width(&self, text: &str) -> f32 {
        self.measure.width(text, self.size, self.face)
    }

    /// The text, cut with "…" where it is wider than `room`; empty where not even that fits.
    #[must_use]
    pub fn fit(&self, text: &str, room: f32) -> String {
        // Half a pixel of rounding is not worth a letter.
        if self.width(text) <= room + 0.5 {
            return text.to_owned();
        }
        let chars: Vec<char> = text.chars().collect();
        let cut = |keep: usize| {
            let head: String = chars[..keep].iter().collect();
            format!("{}…", head.trim_end())
        };
        // The width grows with the length: halve the interval.
        let (mut fits, mut over) = (0, chars.len());
        while over - fits > 1 {
            let middle = usize::midpoint(fits, over);
            if self.width(&cut(middle)) <= room {
                fits = middle;
            } else {
                over = middle;
            }
        }
        if fits == 0 { String::new() } else { cut(fits) }
    }

    /// The text in as many lines as it needs to be read whole, broken at spaces or between Chinese
    /// characters.
    #[must_use]
    pub fn wrapped(&self, text: &str, room: f32) -> Vec<String> {
        let mut lines = Vec::new();
        let mut rest: Vec<char> = text.chars().collect();
        while !rest.is_empty() {
            let width = |count: usize| {
                let head: String = rest[..count].iter().collect();
                self.width(head.trim_end())
            };
            let fits = (1..=rest.len())
                .rev()
                .find(|count| width(*count) <= room + 0.5);
            let fits = fits.unwrap_or(1);
            let breaks = |count: &usize| {
                let (before, after) = (rest[*count - 1], rest.get(*count));
                after.is_none_or(|next| {
                    let is_gap = before == ' ' || !before.is_ascii() || !next.is_ascii();
                    // No line begins with what closes the one before.
                    is_gap && !"，。；：、）".contains(*next)
                })
            };
            // A word that is wider than the line is cut where the line ends.
            let count = (1..=fits).rev().find(breaks).unwrap_or(fits);
            let line: String = rest.drain(..count).collect();
            lines.push(line.trim().to_owned());
        }
        lines
    }
}
