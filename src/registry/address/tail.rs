//! What the numbers of an address mean: lane, number, building, unit, floor, room.
//! Used by the parser. Decides for bare numbers such as `5-2-301` by what is known already.

use super::beside::{goes_on, is_below, is_on, leads_on, range};
use super::lex::{Figure, Mark, Piece};
use super::words::{is_beside, is_estate};
use super::{Address, CityNames, Numbered, Part, annex};

/// From this on, a bare number is a room.
const LEAST_ROOM: u32 = 100;
/// A range of numbers on a way is not longer.
const MOST_RANGE: u32 = 60;

/// Reads the pieces from the first number on; `names` are those of the city.
pub(super) fn read(pieces: &[Piece], names: &CityNames, into: &mut Address) {
    let mut tail = Tail {
        into,
        names,
        row: Vec::new(),
        after_house: false,
        below_ground: false,
        storey_word: false,
    };
    for (at, piece) in pieces.iter().enumerate() {
        tail.below_ground |= tail.row.is_empty() && is_below(pieces, at);
        match piece {
            Piece::Name(name) => {
                tail.flush();
                tail.name(name, &pieces[at + 1..]);
            }
            Piece::Number {
                figure,
                mark: None,
                joined,
            } => tail.bare(figure, *joined),
            Piece::Number {
                figure,
                mark: Some(mark),
                joined,
            } => {
                let mut row = std::mem::take(&mut tail.row);
                if !*joined {
                    tail.settle(std::mem::take(&mut row));
                }
                tail.marked(row, figure.clone(), *mark, &pieces[at + 1..]);
            }
        }
    }
    tail.flush();
    tail.correct();
}

struct Tail<'a> {
    into: &'a mut Address,
    names: &'a CityNames,
    /// Bare numbers that stand in a row.
    row: Vec<Figure>,
    /// The number before was a 号, so that `-3` may belong to it.
    after_house: bool,
    below_ground: bool,
    /// The floor was told by 楼, which can also be a building.
    storey_word: bool,
}

impl Tail<'_> {
    fn bare(&mut self, figure: &Figure, joined: bool) {
        if self.after_house && joined && self.row.is_empty() {
            self.row.push(figure.clone());
            return;
        }
        self.after_house &= joined;
        self.row.push(figure.clone());
    }

    fn flush(&mut self) {
        let row = std::mem::take(&mut self.row);
        self.settle(row);
    }

    /// A name behind a number: an estate, or something that is not understood.
    fn name(&mut self, name: &str, next: &[Piece]) {
        self.after_house = false;
        let (name, below) = ["地下", "负"]
            .iter()
            .find_map(|word| Some((name.strip_suffix(word)?, true)))
            .unwrap_or((name, false));
        self.below_ground = below && matches!(next.first(), Some(Piece::Number { .. }));
        if name.is_empty() || self.into.tells_name(name) {
        } else if is_beside(name) {
            // 1幢楼上201室 tells the door itself.
            let told = (!goes_on(next)).then(|| name.to_owned());
            self.into.within.extend(told);
        } else if let Some(kind) = self.annex(name, next) {
            self.into.take_annex(kind);
        } else if self.is_place(name, next) {
            self.into.take_estate(name.to_owned());
        } else {
            self.into.within.push(name.to_owned());
        }
    }

    /// What a name says that is no flat: behind its number, before it (车库12号, 底商101), or without one.
    fn annex(&self, name: &str, next: &[Piece]) -> Option<&'static str> {
        if self.into.room.is_some() || !goes_on(next) {
            return annex::of(name);
        }
        let is_in_house = self.into.number.is_some() || self.into.building.is_some();
        let marks = [None, Some(Mark::Room), Some(Mark::House), Some(Mark::Hash)];
        let is_its_own = matches!(next, [Piece::Number { mark, .. }, ..] if marks.contains(mark));
        annex::at_end(name).filter(|_| is_in_house && is_its_own)
    }

    /// Whether a name behind a number is that of a place, and no words of a door.
    fn is_place(&self, name: &str, next: &[Piece]) -> bool {
        let is_told =
            is_estate(name) || self.names.knows(name) || leads_on(next, self.into.number.is_some());
        let is_in_house = self.into.room.is_some() || self.into.unit.is_some();
        is_told && !is_in_house && name.chars().count() > 1
    }

    /// Bare numbers in a row, by how many they are and what is known already.
    fn settle(&mut self, row: Vec<Figure>) {
        let after_house = std::mem::take(&mut self.after_house);
        let [first, others @ ..] = row.as_slice() else {
            return;
        };
        let on_way = self.into.number.is_none() && self.into.building.is_none();
        let on_way = on_way && self.into.estate.is_none() && self.into.road.is_some();
        let small = |one: &Figure| one.value.is_none_or(|value| value < LEAST_ROOM);
        match others {
            [] if after_house && small(first) && first.before.is_none() => {
                self.into.join_number(first);
            }
            [] if on_way => self.house(first),
            [] if self.into.building.is_none() && self.into.number.is_none() && small(first) => {
                self.building(first);
            }
            [] => self.room(first.text()),
            [second] if on_way && small(second) => {
                self.house(first);
                self.into.join_number(second);
            }
            [room] if on_way => {
                self.house(first);
                self.room(room.text());
            }
            [room] => {
                self.building_or_unit(first);
                self.room(room.text());
            }
            [second, room] if on_way => {
                self.house(first);
                self.building(second);
                self.room(room.text());
            }
            [unit, room] => {
                self.building(first);
                self.unit(unit);
                self.room(room.text());
            }
            [building, unit, room, rest @ ..] => {
                self.house(first);
                self.building(building);
                self.unit(unit);
                self.room(room.text());
                self.into.rest.extend(rest.iter().map(Figure::text));
            }
        }
    }

    /// A number with its mark, and the bare numbers that a dash ties to it.
    fn marked(&mut self, row: Vec<Figure>, figure: Figure, mark: Mark, next: &[Piece]) {
        self.after_house = false;
        match mark {
            Mark::Lane => {
                let lane = range(row.last(), &figure);
                self.into.lane.get_or_insert(lane);
            }
            Mark::House => self.house_after(row, &figure),
            Mark::Building => {
                self.building_after(row, &figure);
            }
            Mark::Hash => self.hash(row, &figure, next),
            Mark::Storey if self.is_building(next) => self.building_after(row, &figure),
            Mark::Storey | Mark::Floor => {
                self.settle(row);
                self.floor(&figure);
                self.storey_word = mark == Mark::Storey;
            }
            Mark::Unit => {
                if let Some(last) = row.last() {
                    self.building(last);
                }
                self.unit(&figure);
            }
            Mark::Room => self.room_after(row, &figure),
        }
    }

    /// Whether 楼 is a building: a floor, a stair or another 楼 follows.
    fn is_building(&self, next: &[Piece]) -> bool {
        let marks = [Mark::Unit, Mark::Floor, Mark::Storey].map(Some);
        self.into.building.is_none()
            && next
                .iter()
                .any(|piece| matches!(piece, Piece::Number { mark, .. } if marks.contains(mark)))
    }

    fn house_after(&mut self, row: Vec<Figure>, figure: &Figure) {
        let value = figure.value.unwrap_or(0);
        let inside = self.into.number.is_some() || self.into.building.is_some();
        match row.as_slice() {
            [] if inside => self.room(figure.text()),
            [] => self.house(figure),
            [first] if !inside && value < first.value.unwrap_or(0).saturating_add(MOST_RANGE) => {
                let number = range(Some(first), figure);
                self.into.number.get_or_insert(number);
            }
            _ => {
                let mut row = row;
                row.push(figure.clone());
                self.settle(row);
                return;
            }
        }
        self.after_house = true;
    }

    fn building_after(&mut self, row: Vec<Figure>, figure: &Figure) {
        let on_way = self.into.number.is_none() && self.into.estate.is_none();
        match row.as_slice() {
            [] => self.building(figure),
            [first] if on_way && self.into.road.is_some() => {
                self.house(first);
                self.building(figure);
            }
            [first] if first.value < figure.value => {
                let text = format!("{}-{}", first.text(), figure.text());
                self.into.building.get_or_insert(text);
            }
            _ => {
                self.settle(row);
                self.building(figure);
            }
        }
    }

    fn room_after(&mut self, row: Vec<Figure>, figure: &Figure) {
        let small = figure.value.is_some_and(|value| value < LEAST_ROOM);
        match row.as_slice() {
            [] => self.room(figure.text()),
            // 301-1室 is a part of 301.
            [first] if small && first.value.is_some_and(|value| value >= LEAST_ROOM) => {
                self.room(format!("{}-{}", first.text(), figure.text()));
            }
            _ => {
                let mut row = row;
                row.push(figure.clone());
                self.settle(row);
            }
        }
    }

    /// `3#` is a building in an estate, behind a number and before a room; otherwise a number.
    fn hash(&mut self, row: Vec<Figure>, figure: &Figure, next: &[Piece]) {
        let into = &self.into;
        let on_way = into.estate.is_none() && into.road.is_some() && into.number.is_none();
        if into.building.is_some() || into.unit.is_some() {
            self.settle(row);
            self.room(figure.text());
        } else if on_way && into.lane.is_none() && row.is_empty() {
            self.house(figure);
            self.after_house = !next.is_empty();
        } else {
            self.building_after(row, figure);
        }
    }

    fn house(&mut self, figure: &Figure) {
        let number = range(None, figure);
        self.into.number.get_or_insert(number);
    }

    /// The building. Told again it must be the same; 3幢A座 is a part of 3幢, and no other one.
    fn building(&mut self, figure: &Figure) {
        self.below_ground = false;
        let text = figure.text();
        let is_figure = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        match &self.into.building {
            None => self.into.building = Some(text),
            Some(known) if *known != text && is_figure(known) && is_figure(&text) => {
                self.again(Part::Building, text);
            }
            Some(_) => {}
        }
    }

    /// The unit. Told again it must be the same.
    fn unit(&mut self, figure: &Figure) {
        let text = figure.text();
        match &self.into.unit {
            None => self.into.unit = Some(text),
            Some(known) if *known != text => self.again(Part::Unit, text),
            Some(_) => {}
        }
    }

    /// The first of two bare numbers, of which the second is the room.
    fn building_or_unit(&mut self, figure: &Figure) {
        let text = figure.text();
        let is_number = |number: Numbered| number.to_text() == text;
        match (&self.into.building, &self.into.unit) {
            // 12号 12-301 tells the number again, as 3幢1单元 3-301 does the building.
            (None, _) if self.into.number.is_some_and(is_number) => {}
            (None, _) => {
                self.building(figure);
                self.into.may_be_unit = self.into.number.is_some() && self.into.unit.is_none();
            }
            (Some(building), Some(unit)) if *building == text && *unit != text => {}
            (Some(_), _) => self.unit(figure),
        }
    }

    /// The room. Told again it must be the same; 302 is that of 3楼2室, and 负101 is not 101.
    fn room(&mut self, text: String) {
        let is_below = std::mem::take(&mut self.below_ground);
        if is_below && self.into.room.is_none() {
            let floor = text.parse::<i16>().map_or(1, |room| (room / 100).max(1));
            self.into.floor = Some(-floor);
        } else if is_below && self.into.floor.is_none_or(|floor| floor >= 0) {
            self.again(Part::Room, format!("负{text}"));
            return;
        }
        let of_floor = |room: &str| {
            let told = Address {
                floor: self.into.floor,
                room: Some(room.to_owned()),
                ..Address::default()
            };
            told.door()
        };
        match &self.into.room {
            None => self.into.room = Some(text),
            Some(known) if of_floor(known) == of_floor(&text) => {}
            Some(_) => self.again(Part::Room, text),
        }
    }

    /// Keeps what is told a second time and otherwise.
    fn again(&mut self, part: Part, text: String) {
        let told = (part, text);
        if !self.into.also.contains(&told) {
            self.into.also.push(told);
        }
    }

    fn floor(&mut self, figure: &Figure) {
        let Some(value) = figure.value.and_then(|value| i16::try_from(value).ok()) else {
            self.into.rest.push(figure.text());
            return;
        };
        let below = std::mem::take(&mut self.below_ground) || figure.before == Some('B');
        self.into
            .floor
            .get_or_insert(if below { -value } else { value });
    }

    /// 3楼501: the floor of room 501 is another, so 楼 was the building. Of 8幢3楼501 nobody knows which of
    /// both is right; 101室一楼车库 is not on the floor of 101.
    fn correct(&mut self) {
        let (Some(floor @ 1..), Some(room), None) =
            (self.into.floor, &self.into.room, &self.into.annex)
        else {
            return;
        };
        let room = room.parse::<i32>().ok().filter(|room| *room >= 100);
        if room.is_none_or(|room| is_on(room, i32::from(floor))) {
            return;
        }
        let has_house = self.into.number.is_some() || self.into.estate.is_some();
        match (self.storey_word, &self.into.building) {
            (true, None) => {
                self.into.building = Some(floor.to_string());
                self.into.floor = None;
            }
            (_, None) if !has_house => {}
            _ => self.again(Part::Floor, floor.to_string()),
        }
    }
}
