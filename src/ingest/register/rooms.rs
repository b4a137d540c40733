//! Rooms that a text tells by their bare number: 201, 呼叫器102, YG203, TYXC-2-1-203. Which number is a
//! room, only the row's own address knows, or the homes of the building where that names no room. Used
//! by [`super::things`] for names and keys of devices and cameras and for titles of events. Never decides
//! what becomes of the text.

use super::link::Linker;
use super::told_door::{Span, is_counted, plain_digit};
use crate::base::{BuildingId, half_width};
use crate::registry::address::Address;

/// The fewest signs of a room that stands out: 6 and 12 are numbers of anything.
const LEAST: usize = 3;
/// How many digits the number of a room is filled up to in a code.
const FILLED: [usize; 2] = [4, 3];

/// The rooms that a row must not tell.
pub(super) struct Rooms<'a> {
    address: &'a Address,
    /// The building whose rooms count where the address names none.
    building: Option<BuildingId>,
    linker: &'a Linker<'a>,
}

impl<'a> Rooms<'a> {
    /// The room of an address, otherwise those of the building.
    pub(super) fn new(
        address: &'a Address,
        building: Option<BuildingId>,
        linker: &'a Linker<'a>,
    ) -> Self {
        Self {
            address,
            building,
            linker,
        }
    }

    /// The address of the row.
    pub(super) fn address(&self) -> &'a Address {
        self.address
    }

    /// Whether a number is one of them.
    fn is_room(&self, number: &str) -> bool {
        let number = number.trim_start_matches('0');
        number.len() >= LEAST
            && match self.address.room_number() {
                Some(own) => own == number,
                None => self
                    .building
                    .is_some_and(|id| self.linker.has_room(id, number)),
            }
    }

    /// Whether digits are a room behind its building and unit, all in one: 0201203, 21203.
    fn is_composed(&self, digits: &str) -> bool {
        FILLED.into_iter().any(|width| {
            let Some((house, room)) = digits
                .len()
                .checked_sub(width)
                .map(|at| digits.split_at(at))
            else {
                return false;
            };
            !house.is_empty() && self.is_room(room) && self.is_house(house)
        })
    }

    /// Whether digits are the numbers of the house and the unit, or one of them.
    fn is_house(&self, digits: &str) -> bool {
        let number = self.address.number.map(|number| number.to_text());
        let house = self.address.building.as_ref().or(number.as_ref());
        let is = |digits: &str, own: Option<&String>| {
            own.is_some_and(|own| digits.trim_start_matches('0') == own.trim_start_matches('0'))
        };
        // Of a building whose unit the address leaves out any will do.
        let is_unit = |digits: &str| match &self.address.unit {
            Some(unit) => is(digits, Some(unit)),
            None => digits.trim_start_matches('0').len() == 1,
        };
        is(digits, house)
            || is_unit(digits)
            || (1..digits.len()).any(|at| {
                let (front, back) = digits.split_at(at);
                is(front, house) && is_unit(back)
            })
    }

    /// Where numbers of rooms stand in half-width signs.
    pub(super) fn spans(&self, signs: &[char]) -> Vec<Span> {
        let mut found = self.lettered(signs);
        let mut at = 0;
        while at < signs.len() {
            let run = signs[at..].iter().map_while(|one| plain_digit(*one));
            let digits: String = run.collect();
            let end = at + digits.len().max(1);
            if self.is_room(&digits) || self.is_composed(&digits) {
                found.push((at, end));
            }
            at = end;
        }
        found
    }

    /// The row's own room where it has a letter: A101.
    fn lettered(&self, signs: &[char]) -> Vec<Span> {
        let own = self.address.room_number().unwrap_or_default();
        let own: Vec<char> = own.chars().map(|one| one.to_ascii_uppercase()).collect();
        let has_letter = own.iter().any(|one| !one.is_ascii_digit());
        if own.len() < LEAST || !has_letter {
            return Vec::new();
        }
        let is_it = |at: usize| {
            let part = signs[at..at + own.len()].iter();
            let behind = signs.get(at + own.len());
            part.map(char::to_ascii_uppercase).eq(own.iter().copied())
                && !behind.is_some_and(char::is_ascii_digit)
        };
        let last = (signs.len() + 1).saturating_sub(own.len());
        let found = (0..last).filter(|at| is_it(*at));
        found.map(|at| (at, at + own.len())).collect()
    }

    /// Whether a key tells one of them.
    pub(super) fn tells(&self, key: &str) -> bool {
        let signs: Vec<char> = key.chars().map(half_width).collect();
        !self.spans(&signs).is_empty()
    }

    /// Whether a text in words does, in which numbers also count things.
    pub(super) fn tells_in_words(&self, text: &str) -> bool {
        let signs: Vec<char> = text.chars().map(half_width).collect();
        let spans = self.spans(&signs);
        spans.into_iter().any(|(_, end)| !is_counted(&signs, end))
    }
}
