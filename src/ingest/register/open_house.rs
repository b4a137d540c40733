//! The house of an address as everybody may know it: what is understood as its place and nothing else. Words
//! that are not count as a part of the door: 东厢房 is one in an old house, and other words may be about
//! who lives there. Used by registers that keep an address in the open. Never shows what it left out.

use super::field::Field;
use super::link::Linker;
use super::record::Record;
use crate::registry::address::{Address, Numbered, is_figure, names_estate, names_way};

/// What is said of words that went with the door.
const SEALED: &str = "it holds words that are not understood as the place of a house, and everybody may see an \
     address: sealed with the door";
/// Numbers of houses and buildings are below this; more digits are those of something else.
const NUMBERS: u32 = 10_000;
/// A unit from this on is none, and what stands before it no building: 137-9876-0001.
const UNITS: u32 = 100;

/// A house, and what of its address belongs to the door.
pub(super) struct OpenHouse {
    pub(super) house: Address,
    /// Words that tell no house, as the address has them.
    pub(super) words: Vec<String>,
}

/// The house of an address without the areas that all addresses of the city share.
pub(super) fn open_house(address: &Address, linker: &Linker) -> OpenHouse {
    let is_way = |name: &String| names_way(name) || linker.knows_place(name);
    let is_estate = |name: &String| names_estate(name) || linker.knows_place(name);
    let mut words = Vec::new();
    let mut house = address.house();
    (house.province, house.city, house.district) = (None, None, None);
    for area in [&mut house.street, &mut house.community] {
        *area = area.take().and_then(|name| linker.known_area_in(&name));
    }
    for outer in std::mem::take(&mut house.outer) {
        if is_way(&outer) || is_estate(&outer) {
            house.outer.push(outer);
        } else {
            words.push(outer);
        }
    }
    let mut of_place = |place: &mut Option<String>, is_place: &dyn Fn(&String) -> bool| {
        words.extend(place.take_if(|name| !is_place(name)));
    };
    of_place(&mut house.road, &|name| is_way(name) || is_estate(name));
    of_place(&mut house.estate, &is_estate);
    for (number, mark) in [(&mut house.lane, "弄"), (&mut house.number, "号")] {
        let long = number.take_if(|number| !is_of_house(number));
        words.extend(long.map(|number| format!("{}{mark}", number.to_text())));
    }
    let is_building = |text: &str| figure_of(text) < NUMBERS;
    let has_unit = address
        .unit
        .as_deref()
        .is_none_or(|unit| figure_of(unit) < UNITS);
    words.extend(
        house
            .building
            .take_if(|text| !has_unit || !is_building(text)),
    );
    words.append(&mut house.rest);
    words.extend(address.within.iter().cloned());
    OpenHouse { house, words }
}

/// Whether a number can be that of a house or a lane.
fn is_of_house(number: &Numbered) -> bool {
    let figures = [Some(number.first), number.last, number.sub];
    figures.into_iter().flatten().all(|figure| figure < NUMBERS)
}

/// The largest figure of a text; 0 where it has none.
fn figure_of(text: &str) -> u32 {
    let figures = text.split(|one: char| !one.is_ascii_digit());
    let figures = figures.filter(|figure| !figure.is_empty());
    let values = figures.map(|figure| figure.parse().unwrap_or(u32::MAX));
    values.max().unwrap_or(0)
}

/// Notes in which columns of a row words were found that went with the door. In that of the door itself they
/// are where they belong.
pub(super) fn note_words(record: &Record, linker: &Linker) {
    for field in [Field::Address, Field::Building, Field::Number, Field::Unit] {
        let is_word = |text: &String| field == Field::Address || !is_figure(text);
        let told = record.text(field).filter(is_word);
        let address = told.map(|text| linker.parse(&text));
        let has_words = |address| !open_house(&address, linker).words.is_empty();
        if address.is_some_and(has_words) {
            record.fault(field, SEALED);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_houses_are_short() {
        assert_eq!(figure_of("3-5"), 5);
        assert_eq!(figure_of("B"), 0);
        assert_eq!(figure_of("99999999999"), u32::MAX);
        let number = |first, sub| Numbered {
            first,
            sub,
            ..Numbered::default()
        };
        assert!(is_of_house(&number(12, Some(1))));
        assert!(!is_of_house(&number(12, Some(13_900))));
    }
}
