//! What the pieces of an address say of those beside them: a dash before a room, what follows a name, a range
//! of numbers. Used by `tail`. Never changes an address.

use super::Numbered;
use super::lex::{Figure, Mark, Piece};

/// Rooms below the ground are told by a dash down to this floor; 3幢-301室 is 3幢301室.
const MOST_BELOW: u32 = 2;

/// Whether a dash before the number of a room says that it lies below the ground: 8幢-101室. A dash is
/// nothing but a joint where there is another one, 8幢-1单元-101室.
pub(super) fn is_below(pieces: &[Piece], at: usize) -> bool {
    let is_joined = |piece: &&Piece| matches!(piece, Piece::Number { joined: true, .. });
    let is_marked = at.checked_sub(1).and_then(|before| pieces.get(before));
    let is_marked = matches!(
        is_marked,
        Some(Piece::Number {
            mark: Some(Mark::Building | Mark::House | Mark::Unit | Mark::Hash),
            ..
        })
    );
    let Some(Piece::Number {
        figure,
        mark: None | Some(Mark::Room),
        joined: true,
    }) = pieces.get(at)
    else {
        return false;
    };
    let floor = figure.value.unwrap_or(0) / 100;
    is_marked && (1..=MOST_BELOW).contains(&floor) && pieces.iter().filter(is_joined).count() == 1
}

/// Whether a name behind a number is that of a place, by the pieces behind it: a building follows, the
/// number of a house where none is told, or figures in a row.
pub(super) fn leads_on(next: &[Piece], has_number: bool) -> bool {
    let is_house = |piece: &Piece| match piece {
        Piece::Number { mark, .. } => match mark {
            Some(Mark::Building | Mark::Hash) => true,
            Some(Mark::House) => !has_number,
            _ => false,
        },
        Piece::Name(_) => false,
    };
    let is_row = matches!(
        next,
        [
            Piece::Number { mark: None, .. },
            Piece::Number { joined: true, .. },
            ..
        ]
    );
    is_row || next.iter().any(is_house)
}

/// Whether a number follows.
pub(super) fn goes_on(next: &[Piece]) -> bool {
    next.iter()
        .any(|piece| matches!(piece, Piece::Number { .. }))
}

/// Whether a room may be on a floor: 302 is on the third, as 3012 may be.
pub(super) fn is_on(room: i32, floor: i32) -> bool {
    room / 100 == floor || room / 1000 == floor && room / 100 % 10 == 0
}

/// A number or a range of numbers: `3-5`; of `12-1` the second figure is an addition.
pub(super) fn range(first: Option<&Figure>, figure: &Figure) -> Numbered {
    let value = figure.value.unwrap_or(0);
    let letter = figure.after.or(figure.before);
    let own = Numbered {
        first: value,
        last: None,
        sub: figure.sub,
        letter,
    };
    match first {
        None => own,
        Some(first) if first.value.unwrap_or(0) < value => Numbered {
            first: first.value.unwrap_or(0),
            last: Some(value),
            sub: None,
            letter: first.after.or(first.before).or(letter),
        },
        Some(first) => Numbered {
            first: first.value.unwrap_or(0),
            last: None,
            sub: Some(value),
            letter: first.after.or(first.before).or(letter),
        },
    }
}
