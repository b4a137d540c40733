//! Pinyin of signs: initials of every reading, and whether letters spell a text.

use pinyin::ToPinyinMulti;

use super::Fit;

/// The signs of common use; a sign beyond them has no letters.
const FIRST: u32 = 0x4e00;
const LAST: u32 = 0x9fff;
/// Readings that are told apart of one sign.
const READINGS_MAX: usize = 8;

/// Initials and readings of signs, looked up once.
#[derive(Debug)]
pub(super) struct Letters {
    /// Initials of every sign, in the order of signs; each a few letters.
    initials: Vec<Box<[char]>>,
    /// Their readings, in the same order.
    readings: Vec<Box<[&'static str]>>,
}

impl Letters {
    pub fn new() -> Self {
        let readings: Vec<Box<[_]>> = (FIRST..=LAST)
            .map(|code| readings(code).collect())
            .collect();
        let initials = readings.iter().map(|readings| {
            let mut all: Vec<char> = readings
                .iter()
                .filter_map(|text| text.chars().next())
                .collect();
            all.sort_unstable();
            all.dedup();
            all.into_boxed_slice()
        });
        Self {
            initials: initials.collect(),
            readings,
        }
    }

    fn readings(&self, one: char) -> &[&'static str] {
        let at = (one as u32).checked_sub(FIRST).map(|at| at as usize);
        at.and_then(|at| self.readings.get(at))
            .map_or(&[], |all| all)
    }

    /// The initials of a sign's readings; a letter or digit stands for itself.
    pub fn initials(&self, one: char) -> &[char] {
        const PLAIN: [char; 36] = [
            '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f', 'g',
            'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x',
            'y', 'z',
        ];
        if let Some(at) = one.to_digit(36).filter(|_| one.is_ascii()) {
            return &PLAIN[at as usize..=at as usize];
        }
        let at = (one as u32).checked_sub(FIRST).map(|at| at as usize);
        at.and_then(|at| self.initials.get(at))
            .map_or(&[], |all| all)
    }

    /// With which two letters the readings of a sign begin; one of a single letter has none.
    pub fn beginnings(&self, one: char) -> impl Iterator<Item = [char; 2]> {
        self.readings(one).iter().filter_map(|text| {
            let mut letters = typed(text);
            Some([letters.next()?, letters.next()?])
        })
    }

    /// How letters fit the pinyin of a text: each sign by its initial, or, with `whole`, by its
    /// whole reading too.
    pub fn fit(&self, text: &[char], asked: &[char], whole: bool) -> Option<Fit> {
        // What is written in letters itself is compared as it stands, elsewhere.
        if text.iter().all(char::is_ascii) {
            return None;
        }
        let first = asked.first()?;
        // Every reading begins with one of the initials: most signs are passed over by these.
        let begins = (0..text.len()).filter(|from| self.initials(text[*from]).contains(first));
        let ends =
            begins.filter_map(|from| Some((from, self.spells(&text[from..], asked, whole)?)));
        let best = ends.min_by_key(|(from, used)| (*from > 0 || *used < text.len(), *from));
        best.map(|(from, used)| match from == 0 && used == text.len() {
            true => Fit::SameLetters,
            false => Fit::Letters,
        })
    }

    /// How many signs at the beginning of a text the letters spell, all of them used up; the last
    /// sign may be spelt in part.
    fn spells(&self, text: &[char], asked: &[char], whole: bool) -> Option<usize> {
        if asked.is_empty() {
            return Some(0);
        }
        let (one, rest) = text.split_first()?;
        let first = asked.first()?;
        if whole {
            for reading in self.readings(*one) {
                let same = typed(reading).zip(asked).take_while(|(a, b)| a == *b);
                let same = same.count();
                if same == typed(reading).count()
                    && let Some(used) = self.spells(rest, &asked[same..], whole)
                {
                    return Some(used + 1);
                }
                if same == asked.len() {
                    return Some(1);
                }
            }
        }
        if self.initials(*one).contains(first) {
            let used = self.spells(rest, &asked[1..], whole)?;
            return Some(used + 1);
        }
        None
    }
}

/// A reading as people type it: ü on the key of v.
fn typed(reading: &str) -> impl Iterator<Item = char> {
    reading
        .chars()
        .map(|one| if one == 'ü' { 'v' } else { one })
}

fn readings(code: u32) -> impl Iterator<Item = &'static str> {
    let multi = char::from_u32(code).and_then(|one| one.to_pinyin_multi());
    multi
        .into_iter()
        .flat_map(|multi| multi.into_iter().take(READINGS_MAX).map(|one| one.plain()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, asked: &str, expected: Option<Fit>) {
        let text: Vec<char> = text.chars().collect();
        let asked: Vec<char> = asked.chars().collect();
        assert_eq!(Letters::new().fit(&text, &asked, true), expected);
    }

    #[test]
    fn letters_spell_signs() {
        check("平江路", "pjl", Some(Fit::SameLetters));
        check("平江路", "pingjianglu", Some(Fit::SameLetters));
        check("平江路", "pingjl", Some(Fit::SameLetters));
        check("平江路", "pingj", Some(Fit::Letters));
        check("平江路", "jl", Some(Fit::Letters));
        check("平江路", "pingjiangx", None);
        check("重庆", "cq", Some(Fit::SameLetters));
        check("重庆", "zq", Some(Fit::SameLetters));
        check("绿地", "lvdi", Some(Fit::SameLetters));
        check("北寺塔3号", "bst3h", Some(Fit::SameLetters));
        check("abc", "abc", None);
    }
}
