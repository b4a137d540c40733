//! Chinese addresses, normalised and taken into typed parts.
//!
//! Used by `match_address` and by the import of registries. Parsing is total: any text gives an
//! [`Address`], at worst one with nothing but [`Address::rest`]. An address of a person is
//! personal, so `Debug` tells which parts there are and nothing of them; who writes one out asks
//! for [`Address::to_text`] and answers for it.

mod annex;
mod beside;
mod facts;
mod head;
mod lex;
mod normal;
mod numeral;
mod part;
mod readings;
pub(in crate::registry) mod regions;
mod tail;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_of_doors;
mod words;

use std::fmt;

pub use annex::Level;
pub use facts::CityNames;
pub(in crate::registry) use numeral::in_digits;
pub use part::Part;
pub use words::{names_estate, names_way};

/// A number on a way (号) or of a lane (弄), or a range of them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Numbered {
    /// The figure; the lowest of a range. 0 where only a letter is given.
    pub first: u32,
    /// The highest of a range: 5 of `3-5号`.
    pub last: Option<u32>,
    /// What was added later: 1 of `12之一号`, `12-1号`, `12号附1号`.
    pub sub: Option<u32>,
    /// A letter or a stem: 甲 of `12号甲` and `甲12号`.
    pub letter: Option<char>,
}

impl fmt::Debug for Numbered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("‹number›")
    }
}

impl Numbered {
    /// Whether a range holds the whole of `other`.
    #[must_use]
    pub fn holds(&self, other: &Self) -> bool {
        let last = self.last.unwrap_or(self.first);
        let within = self.first <= other.first && other.last.unwrap_or(other.first) <= last;
        within && self.last.is_some() && other.sub.is_none() && self.letter == other.letter
    }

    /// As it is written before its mark: `12`, `3-5`, `12甲`, `12之1`.
    #[must_use]
    pub fn to_text(self) -> String {
        let mut text = match self.last {
            Some(last) => format!("{}-{last}", self.first),
            None if self.first == 0 && self.letter.is_some() => String::new(),
            None => self.first.to_string(),
        };
        text.extend(self.letter);
        if let Some(sub) = self.sub {
            text.push_str(&format!("之{sub}"));
        }
        text
    }
}

/// An address in parts. Names are in plain form: half-width, no spaces; everything that can be
/// missing is.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Address {
    /// Province, with its ending.
    pub province: Option<String>,
    /// City, with its ending.
    pub city: Option<String>,
    /// District, county or county-level city.
    pub district: Option<String>,
    /// Street, the sub-district (街道), or town.
    pub street: Option<String>,
    /// Community (社区) or village committee.
    pub community: Option<String>,
    /// Ways that only tell where to turn off: 临顿路 of 临顿路大儒巷.
    pub outer: Vec<String>,
    /// The way the number stands on, or another named place without a way's ending.
    pub road: Option<String>,
    /// Estate, compound or named building.
    pub estate: Option<String>,
    /// Lane number (弄).
    pub lane: Option<Numbered>,
    /// House number (号).
    pub number: Option<Numbered>,
    /// Building (幢, 栋, 座, 号楼).
    pub building: Option<String>,
    /// Unit or stair (单元, 门, 梯).
    pub unit: Option<String>,
    /// Floor; below ground negative.
    pub floor: Option<i16>,
    /// Room or door (室, 房, 户).
    pub room: Option<String>,
    /// What it tells in the house that is no flat: 车库 of 403车库, 阁楼 of 404阁楼.
    pub annex: Option<String>,
    /// Words behind the house that were not understood: they tell the door, as 东厢房 does.
    pub within: Vec<String>,
    /// What stood in brackets and tells of the place in other words.
    pub remarks: Vec<String>,
    /// What else was not understood.
    pub rest: Vec<String>,
    /// Building, unit or room that is told a second time and otherwise: it may be either. A floor
    /// that is not the room's.
    pub also: Vec<(Part, String)>,
    /// The building is told by a bare figure behind a number, 1 of 12号1-301, and may be a unit.
    pub may_be_unit: bool,
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(")?;
        for part in Part::ALL {
            if self.has(part) {
                write!(f, "{} ", part.name())?;
            }
        }
        f.write_str("…)")
    }
}

impl Address {
    /// Reads an address; `names` are names of the city it may lie in.
    #[must_use]
    pub fn parse(text: &str, names: &CityNames) -> Self {
        let plain = normal::plain(text);
        let chars = without_postcode(&plain.chars);
        let pieces = lex::pieces(chars, &|rest| names.length_at(rest));
        let is_number = |piece: &lex::Piece| matches!(piece, lex::Piece::Number { .. });
        let split = pieces.iter().position(is_number).unwrap_or(pieces.len());
        let heads: Vec<String> = pieces[..split]
            .iter()
            .filter_map(|piece| match piece {
                lex::Piece::Name(name) => Some(name.clone()),
                lex::Piece::Number { .. } => None,
            })
            .collect();
        let mut address = Self {
            remarks: plain.remarks,
            ..Self::default()
        };
        let heads = address.without_region(heads);
        head::read(&heads, split < pieces.len(), names, &mut address);
        tail::read(&pieces[split..], names, &mut address);
        // 101室(车库) is no flat either.
        let kinds = address.remarks.iter();
        if let Some(kind) = kinds.filter_map(|remark| annex::exactly(remark)).next() {
            address.take_annex(kind);
        }
        address
    }

    /// Takes province and city in their short form from the front of the names: 安徽六安.
    fn without_region(&mut self, mut names: Vec<String>) -> Vec<String> {
        if let Some(first) = names.first_mut()
            && let Some((province, city, length)) = regions::at_front(first)
        {
            self.province = Some(province.to_owned());
            self.city = Some(format!("{city}市"));
            *first = first.chars().skip(length).collect();
        }
        names.retain(|name| !name.is_empty());
        names
    }

    /// The same with province, city and district of `home` where it does not tell its own, and lies in what
    /// it tells itself. A city that is a district of `home` is one, as 昆山市 is.
    #[must_use]
    pub fn or_areas_of(mut self, home: &Self) -> Self {
        if self.city.is_some() && self.city == home.district && self.city != home.city {
            self.district = self.city.take().or_else(|| self.district.take());
        }
        let pairs = [
            (&mut self.province, &home.province),
            (&mut self.city, &home.city),
            (&mut self.district, &home.district),
        ];
        for (own, theirs) in pairs {
            match (&own, theirs) {
                (None, _) => own.clone_from(theirs),
                (Some(told), Some(known)) if regions::are_one(told, known) => {
                    own.clone_from(theirs);
                }
                // Another province or city has other districts.
                (Some(_), Some(_)) => break,
                (Some(_), None) => {}
            }
        }
        self
    }

    /// Whether it tells a place by one beside it: 隔壁, 对面 or 楼上 of a door is another one.
    #[must_use]
    pub fn is_beside(&self) -> bool {
        let is_word = |text: &String| words::BESIDE.contains(&text.as_str());
        let mut unread = self.rest.iter().chain(&self.within);
        unread.any(|rest| words::is_beside(rest)) || self.remarks.iter().any(is_word)
    }

    /// Whether the part is given.
    #[must_use]
    pub fn has(&self, part: Part) -> bool {
        match part {
            Part::City => self.city.is_some(),
            Part::District => self.district.is_some(),
            Part::Street => self.street.is_some(),
            Part::Community => self.community.is_some(),
            Part::Road => self.road.is_some(),
            Part::Estate => self.estate.is_some(),
            Part::Lane => self.lane.is_some(),
            Part::Number => self.number.is_some(),
            Part::Building => self.building.is_some(),
            Part::Unit => self.unit.is_some(),
            Part::Floor => self.floor.is_some(),
            Part::Room => self.room.is_some(),
            Part::Rest => !self.rest.is_empty() || !self.within.is_empty(),
        }
    }

    /// Whether brackets say that the number is one of an older numbering: `(原门牌)`. Where they
    /// tell the old number, `(原12号)`, the number before them is the new one.
    #[must_use]
    pub fn is_former(&self) -> bool {
        self.remarks.iter().any(|remark| {
            let old = ["原", "旧", "老"]
                .iter()
                .any(|word| remark.starts_with(word));
            old && remark.contains("门牌") && !remark.chars().any(|one| one.is_ascii_digit())
        })
    }

    /// Whether what was not understood may tell another door: it holds a figure, a letter, a stem
    /// or a side.
    #[must_use]
    pub fn rest_tells_more(&self) -> bool {
        let tells = |one: char| {
            one.is_ascii_alphanumeric()
                || numeral::is_numeral(one)
                || words::is_stem(one)
                || words::is_side(one)
        };
        let mut unread = self.rest.iter().chain(&self.within);
        unread.any(|rest| rest.chars().any(tells))
    }

    /// The number of the room, as far as it is told: one below 100 on a given floor counts on from
    /// the floor, so that `3楼2室` and `302室` are one.
    #[must_use]
    pub fn room_number(&self) -> Option<String> {
        let room = self.room.as_ref()?;
        match (self.floor, room.parse::<i32>()) {
            (Some(floor), Ok(room @ 1..100)) if floor != 0 => {
                Some((i32::from(floor).abs() * 100 + room).to_string())
            }
            _ => Some(room.clone()),
        }
    }

    /// The door within its house, as far as it is told: the room, told apart from the flat of that
    /// number where it lies below the ground (负101) or is none (403车库).
    #[must_use]
    pub fn door(&self) -> Option<String> {
        let below = self.floor.is_some_and(|floor| floor < 0);
        let room = self.room_number();
        let room = room.map(|room| if below { format!("负{room}") } else { room });
        match (room, &self.annex) {
            (room, None) => room,
            (room, Some(annex)) => Some(format!("{}{annex}", room.unwrap_or_default())),
        }
    }

    /// The address written out in one form. It is personal as soon as it tells a door.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        let areas = [
            &self.province,
            &self.city,
            &self.district,
            &self.street,
            &self.community,
        ];
        for area in areas.into_iter().flatten() {
            text.push_str(area);
        }
        text.extend(self.outer.iter().map(String::as_str));
        text.push_str(self.road.as_deref().unwrap_or_default());
        let estate = self.estate.as_deref().unwrap_or_default();
        if self.road.is_none() {
            text.push_str(estate);
        }
        for (number, mark) in [(self.lane, "弄"), (self.number, "号")] {
            if let Some(number) = number {
                text.push_str(&number.to_text());
                text.push_str(mark);
            }
        }
        if self.road.is_some() {
            text.push_str(estate);
        }
        let parts = [(&self.building, "幢"), (&self.unit, "单元")];
        for (part, mark) in parts {
            if let Some(part) = part {
                text.push_str(part);
                text.push_str(mark);
            }
        }
        if let Some(floor) = self.floor {
            let below = if floor < 0 { "地下" } else { "" };
            text.push_str(&format!("{below}{}层", floor.unsigned_abs()));
        }
        if let Some(room) = &self.room {
            text.push_str(room);
            text.push_str(if self.annex.is_some() { "" } else { "室" });
        }
        text.push_str(self.annex.as_deref().unwrap_or_default());
        text
    }

    fn take_area(&mut self, level: usize, name: String) {
        let place = match level {
            0 => &mut self.province,
            1 => &mut self.city,
            2 => &mut self.district,
            3 => &mut self.street,
            _ => &mut self.community,
        };
        place.get_or_insert(name);
    }

    /// The way that is told last is the one that the number stands on.
    fn take_way(&mut self, name: String) {
        self.outer.extend(self.road.replace(name));
    }

    fn take_estate(&mut self, name: String) {
        match &mut self.estate {
            None => self.estate = Some(name),
            // 桃源新村 东区 is one estate.
            Some(estate) if is_part_of_estate(&name) => estate.push_str(&name),
            Some(_) => self.rest.push(name),
        }
    }

    /// What it tells first that is no flat.
    fn take_annex(&mut self, kind: &str) {
        self.annex.get_or_insert_with(|| kind.to_owned());
    }

    /// Whether a name is one that it tells already.
    fn tells_name(&self, name: &str) -> bool {
        let areas = [&self.district, &self.street, &self.community];
        let places = [&self.road, &self.estate];
        let mut all = areas.into_iter().chain(places).flatten();
        all.any(|known| known == name)
    }

    /// A figure that a dash ties to the number: `12号-3`.
    fn join_number(&mut self, figure: &lex::Figure) {
        match &mut self.number {
            Some(number) if number.sub.is_none() && number.last.is_none() => {
                number.sub = figure.value;
            }
            _ => self.rest.push(figure.text()),
        }
    }
}

/// Whether a text is what stands before a mark and nothing else: 3, 301A, 十二, 东.
#[must_use]
pub fn is_figure(text: &str) -> bool {
    let mut signs = text.chars();
    if let (Some(one), None) = (signs.next(), signs.next())
        && (words::is_side(one) || words::is_stem(one))
    {
        return true;
    }
    let is_one = |one: char| one.is_ascii_alphanumeric() || numeral::is_numeral(one);
    !text.is_empty() && text.chars().all(is_one)
}

fn is_part_of_estate(name: &str) -> bool {
    name.chars().count() <= 3
        && ["区", "期", "苑", "村"]
            .iter()
            .any(|word| name.ends_with(word))
}

/// A post code before an address is no part of it.
fn without_postcode(chars: &[char]) -> &[char] {
    let start = chars.iter().take_while(|one| **one == ' ').count();
    let digits = chars[start..]
        .iter()
        .take_while(|one| one.is_ascii_digit())
        .count();
    let next = chars.get(start + digits);
    let is_code = digits == 6 && next.is_some_and(|one| !matches!(one, '号' | '-' | '弄'));
    &chars[if is_code { start + digits } else { start }..]
}
