//! Names of people as texts write them: Chinese with blanks inside, foreign ones with one dot, another
//! or none, Latin ones large or small and with any blanks. Used by [`super::at_home`], which knows whose
//! names there are. Never knows what a text is about.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use crate::base::half_width;

/// Latin letters without a blank between that are a name of several words all the same: JohnSmith, but
/// not Lina.
const JOINED_LEAST: usize = 8;

/// A name by its letters alone.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Name {
    letters: String,
    /// Words of a Latin name; of others it does not matter how they are parted.
    words: usize,
}

impl Name {
    /// The name in a text that is nothing else.
    pub(super) fn of(text: &str) -> Self {
        Self {
            letters: Signs::of(text).letters(),
            words: text.split_whitespace().count(),
        }
    }

    /// The letters, small and half-width.
    pub(super) fn letters(&self) -> &str {
        &self.letters
    }

    /// How many letters it has.
    pub(super) fn length(&self) -> usize {
        self.letters.chars().count()
    }

    /// Whether it is one word in Latin letters, as many other words are.
    pub(super) fn is_a_word(&self) -> bool {
        self.words < 2 && is_latin(&self.letters)
    }

    /// Its first letter and a star.
    pub(super) fn mask(&self) -> String {
        let first = self.letters.chars().next().into_iter();
        let first: String = first.flat_map(char::to_uppercase).collect();
        format!("{first}*")
    }
}

/// The letters of a name as a number.
pub(super) fn print(letters: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    letters.hash(&mut hasher);
    hasher.finish()
}

/// Whether letters are those of Latin alphabets.
pub(super) fn is_latin(letters: &str) -> bool {
    letters.chars().all(is_latin_letter)
}

fn is_latin_letter(one: char) -> bool {
    one.is_alphanumeric() && one < '\u{250}'
}

/// What may stand between the letters of one name: blanks, and the dots of foreign names.
fn is_between(one: char) -> bool {
    one.is_whitespace() || "·•・‧∙⋅●.'’‘-‐".contains(half_width(one))
}

struct Sign {
    from: usize,
    to: usize,
    letter: char,
}

/// A text sign by sign, without what may stand between the letters of a name.
pub(super) struct Signs<'a> {
    text: &'a str,
    signs: Vec<Sign>,
}

impl<'a> Signs<'a> {
    /// Those of a text.
    pub(super) fn of(text: &'a str) -> Self {
        let signs = text.char_indices().filter(|(_, one)| !is_between(*one));
        let sign = |(from, one): (usize, char)| Sign {
            from,
            to: from + one.len_utf8(),
            letter: half_width(one).to_lowercase().next().unwrap_or(one),
        };
        Self {
            text,
            signs: signs.map(sign).collect(),
        }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.signs.len()
    }

    /// The letter at a place.
    pub(super) fn letter(&self, place: usize) -> char {
        self.signs[place].letter
    }

    fn letters(&self) -> String {
        self.signs.iter().map(|sign| sign.letter).collect()
    }

    /// Where so many signs from a place on stand in the text.
    pub(super) fn range(&self, place: usize, length: usize) -> Range<usize> {
        self.signs[place].from..self.signs[place + length - 1].to
    }

    /// The name that so many signs from a place on are, if they are a whole one. Letters of Latin
    /// alphabets are none within a word, nor where a word only looks like several: Lina is not Li Na.
    pub(super) fn name(&self, place: usize, length: usize) -> Option<Name> {
        let signs = &self.signs[place..place + length];
        let letters: String = signs.iter().map(|sign| sign.letter).collect();
        let gaps = signs.windows(2).filter(|pair| pair[0].to != pair[1].from);
        let words = gaps.count() + 1;
        let range = self.range(place, length);
        let before = self.text[..range.start].chars().next_back();
        let behind = self.text[range.end..].chars().next();
        let is_cut = [before, behind].into_iter().flatten().any(is_latin_letter);
        (!is_latin(&letters) || !is_cut).then_some(Name { letters, words })
    }

    /// Whether this name in a text may be that one of a register.
    fn is_meant(found: &Name, name: &Name) -> bool {
        let is_one_word = found.words < 2;
        found.letters == name.letters
            && (!is_latin(&name.letters)
                || is_one_word == name.is_a_word()
                || is_one_word && name.length() >= JOINED_LEAST)
    }

    /// Where a name stands.
    pub(super) fn find(&self, name: &Name) -> Vec<Range<usize>> {
        let (length, first) = (name.length(), name.letters.chars().next());
        let last = (self.count() + 1).saturating_sub(length);
        let places = (0..last).filter(|place| length > 0 && Some(self.letter(*place)) == first);
        let found = places.filter(|place| {
            let found = self.name(*place, length);
            found.is_some_and(|found| Self::is_meant(&found, name))
        });
        found.map(|place| self.range(place, length)).collect()
    }
}

/// Whether Latin letters that stand together in a text may be a name of several words.
pub(super) fn may_be_several_words(found: &Name) -> bool {
    found.words > 1 || found.length() >= JOINED_LEAST
}

/// A text with names as masks; `None` where there is no name.
pub(super) fn mask_names(text: &str, mut names: Vec<Name>) -> Option<String> {
    // 王小明 before 王小.
    names.sort_by_key(|name| std::cmp::Reverse(name.length()));
    let mask = |mut text: String, name: &Name| {
        let found = Signs::of(&text).find(name);
        for range in found.into_iter().rev() {
            text.replace_range(range, &name.mask());
        }
        text
    };
    (!names.is_empty()).then(|| names.iter().fold(text.to_owned(), mask))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_is_found_however_it_is_written() {
        let holds = |text: &str, name: &str| !Signs::of(text).find(&Name::of(name)).is_empty();
        for (text, name) in [
            ("古丽买买提家漏水", "古丽·买买提"),
            ("古丽•买买提家漏水", "古丽·买买提"),
            ("古丽·买买提家漏水", "古丽买买提"),
            ("王 小明家", "王小明"),
            ("MARY  ANN　LEE摔倒", "Mary Ann Lee"),
            ("独居老人maryannlee摔倒", "Mary Ann Lee"),
            ("O’Brien Sean fell", "O'Brien Sean"),
            ("Call of Li Na", "Li Na"),
        ] {
            assert!(holds(text, name), "{text}: {name}");
        }
        for (text, name) in [
            ("Lina Bakery", "Li Na"),
            ("Mary Ann Leeds", "Mary Ann Lee"),
            ("Line cut", "Li"),
            ("王、小明", "王小明"),
            ("", "王"),
            ("王", ""),
        ] {
            assert!(!holds(text, name), "{text}: {name}");
        }
    }

    #[test]
    fn a_mask_takes_the_name_alone() {
        let masked = |text: &str, names: &[&str]| {
            mask_names(text, names.iter().map(|name| Name::of(name)).collect())
        };
        assert_eq!(masked("甲", &[]), None);
        assert_eq!(
            masked("王小明 王 小和", &["王小", "王小明"]).as_deref(),
            Some("王* 王*和")
        );
        assert_eq!(
            masked("mary ann lee's shop", &["Mary Ann Lee"]).as_deref(),
            Some("M*'s shop")
        );
    }

    proptest! {
        #[test]
        fn any_text_is_looked_through_without_fear(text in "\\PC*", name in "\\PC{0,4}") {
            let (signs, name) = (Signs::of(&text), Name::of(&name));
            let found = signs.find(&name);
            prop_assert!(found.iter().all(|range| text.get(range.clone()).is_some()));
            let _ = mask_names(&text, vec![name]);
        }
    }
}
