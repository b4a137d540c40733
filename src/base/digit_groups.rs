//! Numbers whose digits stand in groups, however these are parted: 138-1234-0001, 138.1234.0001,
//! (138)12340001, 320503 1950 0505 0124. Used by every search for numbers of people in open texts, so
//! that all of them know the same ways to write one. Never decides whose number it is.

use std::ops::Range;

use super::telling::is_mobile;

/// So many signs may stand between two groups of one number.
const GAP_MAX: usize = 3;
/// Digits of the longest number that is looked for.
const DIGITS_MAX: usize = 20;
/// Fewest digits of a group of a mobile number; shorter ones are days, hours and houses.
const MOBILE_GROUP: usize = 3;
/// Most groups of a mobile number.
const MOBILE_GROUPS: usize = 4;

/// Whether a sign only parts the groups of a number.
fn is_parting(one: char) -> bool {
    !one.is_alphanumeric()
}

/// Whether a letter of an identity number's end stands here, and where it ends.
#[must_use]
pub fn check_letter(signs: &[char], at: usize) -> Option<usize> {
    let gap = signs[at..]
        .iter()
        .take_while(|one| is_parting(**one))
        .count();
    let place = at + gap;
    let is_one = gap <= GAP_MAX && matches!(signs.get(place), Some('X' | 'x'));
    let behind = signs.get(place + 1);
    (is_one && !behind.is_some_and(char::is_ascii_alphanumeric)).then_some(place + 1)
}

/// Groups of digits of half-width signs, each run of them with nothing but a few signs between.
#[must_use]
pub fn digit_runs(signs: &[char]) -> Vec<Vec<Range<usize>>> {
    let mut runs: Vec<Vec<Range<usize>>> = Vec::new();
    let mut at = 0;
    while at < signs.len() {
        let length = signs[at..]
            .iter()
            .take_while(|one| one.is_ascii_digit())
            .count();
        if length == 0 {
            at += 1;
            continue;
        }
        let group = at..at + length;
        let before = runs.last().and_then(|run| run.last());
        let gap = before.map(|before| &signs[before.end..group.start]);
        let goes_on =
            gap.is_some_and(|gap| gap.len() <= GAP_MAX && gap.iter().all(|one| is_parting(*one)));
        at = group.end;
        match runs.last_mut().filter(|_| goes_on) {
            Some(run) => run.push(group),
            None => runs.push(vec![group]),
        }
    }
    runs
}

/// Whole groups side by side that may be one number.
pub struct Grouped<'a> {
    /// The groups.
    pub groups: &'a [Range<usize>],
    /// Their digits.
    pub digits: String,
}

impl Grouped<'_> {
    /// Where they stand.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        let end = self.groups.last().map_or(0, |last| last.end);
        self.groups.first().map_or(0, |first| first.start)..end
    }

    /// Whether they are a mobile number: alone, or in a few groups of three digits or more, the first of
    /// which is no year of the last century.
    #[must_use]
    pub fn is_mobile(&self) -> bool {
        let bare = self.digits.strip_prefix("0086");
        let bare = bare.or_else(|| self.digits.strip_prefix("86"));
        let bare = bare.filter(|bare| is_mobile(bare));
        if !is_mobile(bare.unwrap_or(&self.digits)) {
            return false;
        }
        let [first, others @ ..] = self.groups else {
            return false;
        };
        let is_year = first.len() == 4 && self.digits.starts_with("19");
        let are_long = self.groups.iter().all(|group| group.len() >= MOBILE_GROUP);
        others.is_empty()
            || bare.is_none() && are_long && !is_year && self.groups.len() <= MOBILE_GROUPS
    }
}

/// Where numbers stand that are made of whole groups and that `is_one` takes: from the left, the longest
/// first, none within another. It answers where the number ends.
pub fn grouped_numbers(
    signs: &[char],
    is_one: &dyn Fn(&Grouped) -> Option<usize>,
) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for run in digit_runs(signs) {
        let mut first = 0;
        while first < run.len() {
            let mut digits = String::new();
            let mut longest = None;
            for last in first..run.len() {
                digits.extend(&signs[run[last].clone()]);
                if digits.len() > DIGITS_MAX {
                    break;
                }
                let one = Grouped {
                    groups: &run[first..=last],
                    digits: digits.clone(),
                };
                longest = is_one(&one).map(|end| (last, end)).or(longest);
            }
            match longest {
                Some((last, end)) => {
                    found.push(run[first].start..end);
                    first = last + 1;
                }
                None => first += 1,
            }
        }
    }
    found
}

/// Where mobile numbers stand in half-width signs.
#[must_use]
pub fn mobile_numbers(signs: &[char]) -> Vec<Range<usize>> {
    grouped_numbers(signs, &|one| one.is_mobile().then(|| one.range().end))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mobiles(text: &str) -> usize {
        mobile_numbers(&text.chars().collect::<Vec<_>>()).len()
    }

    #[test]
    fn a_mobile_number_is_one_however_its_groups_are_parted() {
        for text in [
            "138.1234.0001",
            "138·1234·0001",
            "138—1234—0001",
            "138–1234–0001",
            "138_1234_0001",
            "138/1234/0001",
            "138、1234、0001",
            "(138)12340001",
            "(138) 1234-0001",
            "138-12340001",
            "13812 340001",
            "1381234 0001",
            "1381 234 0001",
            "8613812340001",
            "+86 138 1234 0001",
        ] {
            assert_eq!(mobiles(text), 1, "{text}");
        }
        assert_eq!(mobiles("13812340001、13912340002"), 2);
    }

    #[test]
    fn days_hours_positions_and_codes_are_none() {
        for text in [
            "2026-05-01 08:00",
            "1998-05-01 123",
            "1995-0501-001",
            "18:30 2026-05-01",
            "13:45:22.123456",
            "120.6046,31.3171",
            "192.168.100.200",
            "172.16.254.111",
            "32050801001320000001",
            "861234567890123",
            "12-3-401",
            "0512-67271234",
            "400-123-4567",
            "20260401-0001",
        ] {
            assert_eq!(mobiles(text), 0, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_looked_at_without_fear(text in "\\PC*|[0-9xX .-]*") {
            let signs: Vec<char> = text.chars().collect();
            let found = mobile_numbers(&signs);
            prop_assert!(found.is_sorted_by(|a, b| a.end <= b.start));
            for at in 0..=signs.len() {
                prop_assert!(check_letter(&signs, at).is_none_or(|end| end <= signs.len()));
            }
        }
    }
}
