//! The address of a row: what its column says, and what columns of their own say of plate, building,
//! unit and door. Used by every register that tells places. What is told in both must agree and counts once;
//! where it differs both stay in the text, so that the address contradicts itself and is linked to
//! nothing. Never shows an address.

use super::cell::half_width;
use super::field::Field;
use super::link::Linker;
use super::record::Record;
use super::standing;
use crate::registry::address::{Address, is_figure};

/// A bare figure with as many signs is the code of a building in some register, and not its number.
const CODE_SIGNS: usize = 5;
/// What registers write where a house has no units.
const NONE: &[&str] = &["0", "无", "无单元"];

/// The address of a row; empty where it tells none, or only where somebody is registered who lives
/// elsewhere.
pub(super) fn told_address(record: &Record, linker: &Linker) -> String {
    if standing::is_away(record) {
        return String::new();
    }
    let own = record.text(Field::Address).unwrap_or_default();
    let told = [Field::Building, Field::Number, Field::Unit, Field::Door].map(|field| {
        let text = record.text(field)?;
        Some(half_width(&text).trim().to_owned()).filter(|text| !text.is_empty())
    });
    if told.iter().all(Option::is_none) {
        return own;
    }
    let [building, plate, unit, door] = told;
    let base = linker.parse(&own);
    let plate = plate.and_then(|word| plate_word(&word, &base));
    let tells_house = |address: &Address| {
        address.number.is_some() || address.building.is_some() || address.estate.is_some()
    };
    // 3幢 beside 平江路 is a building there; 桃源新村3幢 is a house by itself.
    let named = building.as_deref().map(|word| linker.parse(word));
    let is_named = named.is_some_and(|one| one.estate.is_some() || one.road.is_some());
    let tells_house = is_named || tells_house(&base);
    let (number, plate) = match plate {
        Some(word) if is_figure(&word) && !tells_house => (Some(format!("{word}号")), None),
        other => (None, other),
    };
    let mut text = own.clone();
    for word in [
        number,
        building.and_then(|word| building_word(&word, &base, linker)),
        unit.and_then(|word| unit_word(&word)),
    ] {
        let word = word.map(|word| format!(" {word}"));
        text.push_str(&word.unwrap_or_default());
    }
    if let Some(door) = door.or(plate) {
        let house = linker.parse(&text);
        text = format!("{text} {}", door_word(&door, &house));
    }
    match linker.parse(&text) == base {
        true => own,
        false => text.trim().to_owned(),
    }
}

/// The building as an address tells it; `None` of what says nothing new.
fn building_word(word: &str, base: &Address, linker: &Linker) -> Option<String> {
    if is_figure(word) {
        let is_code = word.chars().count() >= CODE_SIGNS;
        let tells_house = base.building.is_some() || base.number.is_some();
        let is_number = base.number.is_some_and(|number| number.to_text() == word);
        let says_nothing = is_number || is_code && tells_house;
        return match says_nothing {
            true => None,
            false => Some(format!("{word}幢")),
        };
    }
    // 12号 beside 平江路12号: told again it would be a room.
    let told = linker.parse(word);
    let is_number = told.number.is_some() && told.number == base.number && told.building.is_none();
    (!is_number).then(|| word.to_owned())
}

/// The unit as an address tells it.
fn unit_word(word: &str) -> Option<String> {
    if NONE.contains(&word) {
        return None;
    }
    Some(match is_figure(word) {
        true => format!("{word}单元"),
        false => word.to_owned(),
    })
}

/// What a column of plates (门牌号) tells beside an address, without 号; `None` of what it tells already.
fn plate_word(word: &str, base: &Address) -> Option<String> {
    let bare = word.trim_end_matches('号');
    let number = base.number.map(|number| number.to_text());
    (number.as_deref() != Some(bare)).then(|| bare.to_owned())
}

/// The door as an address tells it: 1-301 of a house that is known is 1单元301室, 3-1-301 of 3幢 too,
/// and 3号 of 平江路12号 a room.
fn door_word(word: &str, house: &Address) -> String {
    if is_figure(word) {
        return format!("{word}室");
    }
    let bare = word.trim_end_matches(['室', '号', '房', '户']);
    // -101 is below the ground.
    if let Some(room) = bare
        .strip_prefix(['-', '－', '—'])
        .filter(|room| is_figure(room))
    {
        return format!("负{room}室");
    }
    let figures: Vec<&str> = bare.split(['-', '—', '－', '/']).map(str::trim).collect();
    let is_known = house.building.is_some() || house.number.is_some();
    let number = house.number.map(|number| number.to_text());
    let [building, number, own] = [&house.building, &number, &house.unit].map(Option::as_deref);
    match figures.as_slice() {
        all if !all.iter().all(|figure| is_figure(figure)) => word.to_owned(),
        [room] if is_known => format!("{room}室"),
        // 301-1 is a part of 301; 301-302 are two rooms.
        [first, second] if first.len() >= 3 && second.len() < 3 => format!("{bare}室"),
        [first, second] if first.len() >= 3 => format!("{first}室 {second}室"),
        // The house told again: 12-301 of 12号, 3-301 of 3幢1单元. Of 3幢 alone the 3 is a unit.
        [first, room] if building.is_none() && number == Some(first) => format!("{room}室"),
        [first, room] if building == Some(first) && own.is_some() && own != building => {
            format!("{room}室")
        }
        [unit, room] if is_known => format!("{unit}单元{room}室"),
        [first, unit, room] if building.is_none() && number == Some(first) => {
            format!("{unit}单元{room}室")
        }
        [first, unit, room] => format!("{first}幢{unit}单元{room}室"),
        _ => word.to_owned(),
    }
}
