//! The pieces of an address: names, and numbers with the mark behind them.
//! Used by the parser. Never decides what a bare number means; that is `tail`'s part.

use super::numeral;
use super::words::{WAYS, is_side, is_stem, mark_at, starts};

/// What a word behind a number says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// 弄
    Lane,
    /// 号, 号院
    House,
    /// 幢, 栋, 座, 号楼
    Building,
    /// 单元, 门, 梯
    Unit,
    /// 层
    Floor,
    /// 楼: a building where a floor or a stair follows, otherwise a floor.
    Storey,
    /// 室, 房, 户
    Room,
    /// `#`: a number or a building.
    Hash,
}

/// A number as it is written: letter before, figure, what follows it.
#[derive(Clone, PartialEq, Eq, Default)]
pub(super) struct Figure {
    /// `B` of B1, 甲 of 甲12.
    pub(super) before: Option<char>,
    /// The figure; a letter or a side of its own has none.
    pub(super) value: Option<u32>,
    /// `A` of 301A, 甲 of 12甲.
    pub(super) after: Option<char>,
    /// 1 of 12之1 and 附1.
    pub(super) sub: Option<u32>,
}

impl Figure {
    /// A figure and nothing else.
    pub(super) fn plain(value: u32) -> Self {
        Self {
            value: Some(value),
            ..Self::default()
        }
    }

    /// As text, for parts that may be letters.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        text.extend(self.before);
        text.extend(self.value.map(|value| value.to_string()));
        text.extend(self.after);
        if let Some(sub) = self.sub {
            text.push_str(&format!("-{sub}"));
        }
        text
    }
}

/// A piece of an address.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Name(String),
    Number {
        figure: Figure,
        mark: Option<Mark>,
        /// A dash or 至 stands between the number before and this one.
        joined: bool,
    },
}

/// What stands before the number of a house or a room that stands for the time being.
const FOR_THE_TIME_BEING: char = '临';

/// The most digits of a number: more is no number of a door.
const MOST_DIGITS: usize = 8;

/// Takes a plain text apart. `known` tells how many characters of a name of the city begin here.
pub(super) fn pieces(chars: &[char], known: &dyn Fn(&[char]) -> usize) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut name = String::new();
    let mut joined = false;
    let mut at = 0;
    while at < chars.len() {
        let length = known(&chars[at..]);
        if length > 0 {
            name.extend(&chars[at..at + length]);
            (at, joined) = (at + length, false);
            continue;
        }
        let inside_name = !name.is_empty();
        let begins = !name
            .chars()
            .next_back()
            .is_some_and(|last| goes_on(last, chars[at]));
        if begins && let Some((figure, mark, length)) = number(&chars[at..], &pieces, joined) {
            flush(&mut name, &mut pieces);
            pieces.push(Piece::Number {
                figure,
                mark,
                joined,
            });
            (at, joined) = (at + length, false);
            continue;
        }
        match chars[at] {
            ' ' => flush(&mut name, &mut pieces),
            '-' => {
                flush(&mut name, &mut pieces);
                joined = matches!(pieces.last(), Some(Piece::Number { .. }));
            }
            '至' if !inside_name && matches!(pieces.last(), Some(Piece::Number { .. })) => {
                joined = true;
            }
            one => {
                name.push(one);
                joined = false;
            }
        }
        at += 1;
    }
    flush(&mut name, &mut pieces);
    pieces
}

fn flush(name: &mut String, pieces: &mut Vec<Piece>) {
    if !name.is_empty() {
        pieces.push(Piece::Name(std::mem::take(name)));
    }
}

/// The number that begins here with its mark, and how many characters both have.
fn number(chars: &[char], before: &[Piece], joined: bool) -> Option<(Figure, Option<Mark>, usize)> {
    // 第3幢 is 3幢.
    let skipped = usize::from(starts(chars, "第"));
    let body = &chars[skipped..];
    let in_tail = before
        .iter()
        .any(|piece| matches!(piece, Piece::Number { .. }));
    let (figure, length) = figure(body)?;
    let (figure, length) = with_suffix(figure, body, length);
    let gap = body[length..].iter().take_while(|one| **one == ' ').count();
    let found = mark_at(&body[length + gap..]);
    let gap = if found.is_some() { gap } else { 0 };
    let rest = &body[length + gap..];
    let is_arabic = body[..length].iter().any(char::is_ascii_digit);
    if let Some((mark, marked)) = found {
        let side = figure.value.is_none() && figure.before.is_some_and(is_side);
        if side && (!in_tail || !may_have_side(mark)) {
            return None;
        }
        let (figure, after) = with_late_suffix(figure, mark, &rest[marked..]);
        return Some((figure, Some(mark), skipped + length + gap + marked + after));
    }
    // 单 alone is short for 单元 where a number follows.
    if starts(rest, "单") && rest.get(1).is_some_and(char::is_ascii_digit) {
        return Some((figure, Some(Mark::Unit), skipped + length + 1));
    }
    let ends_here = rest
        .first()
        .is_none_or(|one| matches!(one, ' ' | '-' | '至') || one.is_ascii_alphanumeric());
    let letter_in_row = joined || starts(rest, "-");
    let bare = match figure.value {
        Some(_) => is_arabic && (ends_here || in_tail && !goes_on_a_name(rest)),
        None => letter_in_row && figure.before.is_some_and(|one| one.is_ascii_alphabetic()),
    };
    (skipped == 0 && bare).then_some((figure, None, length))
}

/// Whether what follows a bare number makes it part of a name: 4区, 2期, 5组.
fn goes_on_a_name(rest: &[char]) -> bool {
    let parts = ["区", "期", "村", "组", "队", "苑"];
    parts.iter().chain(WAYS).any(|word| starts(rest, word))
}

/// Whether `one` is in the middle of the number that `last` belongs to.
fn goes_on(last: char, one: char) -> bool {
    let latin = |one: char| one.is_ascii_alphanumeric();
    (latin(last) && one.is_ascii_digit()) || (numeral::is_numeral(last) && numeral::is_numeral(one))
}

fn may_have_side(mark: Mark) -> bool {
    matches!(
        mark,
        Mark::Building | Mark::Storey | Mark::Room | Mark::Unit
    )
}

/// The figure that begins here, and how many characters it has.
fn figure(chars: &[char]) -> Option<(Figure, usize)> {
    let first = *chars.first()?;
    let is_letter = first.is_ascii_alphabetic() || is_stem(first);
    // 临101室 is what was built for the time being, and not 101室.
    let leads = is_letter || first == FOR_THE_TIME_BEING;
    let start = usize::from(leads);
    let digits = chars[start..]
        .iter()
        .take_while(|one| one.is_ascii_digit())
        .count();
    if digits > 0 {
        if digits > MOST_DIGITS {
            return None;
        }
        let text: String = chars[start..start + digits].iter().collect();
        return Some((
            Figure {
                before: leads.then_some(first),
                value: text.parse().ok(),
                ..Figure::default()
            },
            start + digits,
        ));
    }
    if is_letter || is_side(first) {
        let single = Figure {
            before: Some(first),
            ..Figure::default()
        };
        return Some((single, 1));
    }
    let run = chars
        .iter()
        .take_while(|one| numeral::is_numeral(**one))
        .count();
    let value = numeral::value(&chars[..run])?;
    Some((Figure::plain(value), run))
}

/// What may stand between the figure and its mark: 12甲号, 12之1号, 12附1号, 301A室.
fn with_suffix(mut figure: Figure, chars: &[char], mut length: usize) -> (Figure, usize) {
    if figure.value.is_none() {
        return (figure, length);
    }
    if let Some(one) = chars.get(length) {
        let next_is_digit = chars.get(length + 1).is_some_and(char::is_ascii_digit);
        let letter = one.is_ascii_alphabetic() && !next_is_digit;
        let late = is_stem(*one) || *one == FOR_THE_TIME_BEING;
        if letter || late && mark_at(&chars[length + 1..]).is_some() {
            figure.after = Some(*one);
            length += 1;
        }
    }
    let (sub, taken) = sub_number(&chars[length..]);
    figure.sub = sub;
    (figure, length + taken)
}

/// 之1, 之一, 附1.
fn sub_number(chars: &[char]) -> (Option<u32>, usize) {
    if !starts(chars, "之") && !starts(chars, "附") {
        return (None, 0);
    }
    let rest = &chars[1..];
    let digits = rest.iter().take_while(|one| one.is_ascii_digit()).count();
    if (1..=MOST_DIGITS).contains(&digits) {
        let text: String = rest[..digits].iter().collect();
        return (text.parse().ok(), 1 + digits);
    }
    let run = rest
        .iter()
        .take_while(|one| numeral::is_numeral(**one))
        .count();
    match numeral::value(&rest[..run]) {
        Some(value) => (Some(value), 1 + run),
        None => (None, 0),
    }
}

/// What may stand behind the mark of a number: 12号甲, 12号之一, 12号附1号.
fn with_late_suffix(mut figure: Figure, mark: Mark, rest: &[char]) -> (Figure, usize) {
    if !matches!(mark, Mark::House | Mark::Room) {
        return (figure, 0);
    }
    // 12号 甲 is 12号甲, but 12号 甲辰 begins another name.
    let gap = rest.iter().take_while(|one| **one == ' ').count();
    if let Some(one) = rest.get(gap)
        && (is_stem(*one) || mark == Mark::Room && one.is_ascii_alphabetic())
        && figure.after.is_none()
        && mark_at(&rest[gap + 1..]).is_none()
        && !rest.get(gap + 1).is_some_and(char::is_ascii_digit)
        && (gap == 0
            || rest
                .get(gap + 1)
                .is_none_or(|next| matches!(next, ' ' | '-')))
    {
        figure.after = Some(*one);
        return (figure, gap + 1);
    }
    let (sub, mut taken) = sub_number(rest);
    if sub.is_some() && figure.sub.is_none() {
        figure.sub = sub;
        // 附1号 has a mark of its own.
        taken += usize::from(starts(&rest[taken..], "号"));
        return (figure, taken);
    }
    (figure, 0)
}
