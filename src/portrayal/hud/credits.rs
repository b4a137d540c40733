//! Whom a picture must name: a row of its own under the bottom line, or what is left of its last
//! row. Where there is no room every name is shortened; none is ever left out.

use crate::portrayal::words::Key;

use super::pen::{Inner, Pen};

/// Height of a row of names, in em.
const ROW_EM: f32 = 1.5;
/// A name is not cut below this, in em, while fewer names can share the row.
const LEAST_EM: f32 = 6.0;
const GAP_EM: f32 = 1.2;

/// Where the items of a line end.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// Where the next item would begin.
    pub x: f32,
    /// Where the last row must end.
    pub end: f32,
    /// Middle of the last row.
    pub mid: f32,
    /// Lower end of the last row.
    pub bottom: f32,
}

/// How names are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Credits {
    /// In a row of their own unless they fit into the last one.
    Whole,
    /// In the last row if each has a little room there: a thumbnail has no row to give.
    Squeezed,
}

/// Sets the names behind the items of a line; gives the lower end.
pub(super) fn credits(pen: &mut Pen, inner: Inner, at: Place, how: Credits) -> f32 {
    let gap = pen.em * GAP_EM;
    let most = ((inner.w + gap) / (pen.em * LEAST_EM + gap))
        .floor()
        .max(1.0);
    let names = names(pen, most as usize);
    if names.is_empty() {
        return at.bottom;
    }
    let ty = pen.quiet(1.0);
    let wanted: Vec<f32> = names.iter().map(|name| pen.width(name, ty)).collect();
    let gaps = gap * (names.len() - 1) as f32;
    let left = at.end - at.x - gaps;
    let least = match how {
        Credits::Whole => wanted.iter().sum(),
        Credits::Squeezed => pen.em * LEAST_EM * names.len() as f32,
    };
    let (mut x, mid, room, bottom) = if left >= least {
        (at.x, at.mid, left, at.bottom)
    } else {
        let height = pen.em * ROW_EM;
        let mid = at.bottom + height / 2.0;
        (inner.x, mid, inner.w - gaps, at.bottom + height)
    };
    for (name, share) in names.iter().zip(shares(&wanted, room)) {
        x += pen.text(x, mid, name, ty, share) + gap;
    }
    bottom
}

/// What the names would take in one row, whole.
pub(super) fn credits_width(pen: &Pen) -> f32 {
    let ty = pen.quiet(1.0);
    let names = names(pen, usize::MAX);
    names
        .iter()
        .map(|name| pen.width(name, ty) + pen.em * GAP_EM)
        .sum()
}

/// At most so many names; what is beyond shares the last one.
fn names(pen: &Pen, most: usize) -> Vec<String> {
    let (all, words) = (&pen.input.facts.attributions, pen.input.words);
    let (own, rest) = match all.len() > most {
        true => all.split_at(most - 1),
        false => (&all[..], &[][..]),
    };
    let rest = (!rest.is_empty()).then(|| rest.join(" · "));
    let told = |name: &String| match name.contains('©') {
        true => name.clone(),
        false => words.format(Key::Sources, &[("names", name.clone())]),
    };
    own.iter().chain(&rest).map(told).collect()
}

/// Divides the room: who wants less than an equal share leaves the rest to the others.
fn shares(wanted: &[f32], room: f32) -> Vec<f32> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|a, b| wanted[*a].total_cmp(&wanted[*b]));
    let mut shares = vec![0.0; wanted.len()];
    let mut left = room;
    for (done, at) in order.into_iter().enumerate() {
        let equal = left / (wanted.len() - done) as f32;
        shares[at] = wanted[at].min(equal).max(0.0);
        left -= shares[at];
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_divided() {
        assert_eq!(shares(&[3.0, 4.0], 10.0), [3.0, 4.0]);
        assert_eq!(shares(&[9.0, 2.0, 9.0], 12.0), [5.0, 2.0, 5.0]);
        assert_eq!(shares(&[9.0, 9.0], -1.0), [0.0, 0.0]);
        assert_eq!(shares(&[], 5.0), [0.0; 0]);
    }
}
