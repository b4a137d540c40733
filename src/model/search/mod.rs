//! Finding by name: places, roads, houses by address, devices, cameras, and people, by a part of
//! the name, by pinyin or its initials, by id.
//!
//! The index is built in memory from an unlocked city and never written: on disk names of people are
//! nowhere to be searched. What is found of people is found only by those who may see it: somebody
//! who may not see names finds nobody by name, not even that there is somebody.
//! Used by `app::query`, later the API and the wall. Start reading at [`SearchIndex::search`].

mod folded;
mod grams;
mod letters;
mod numbers;
mod ranked;
#[cfg(test)]
mod tests;
mod texts;

use std::collections::HashSet;
use std::sync::OnceLock;

use serde::Serialize;

use crate::base::{Clearance, KeyedHash, PersonalField, Rights, Shown, Subject, plain_id};

use super::query::{CityIndex, Filter, may_know_home};
use super::{EntityKind, EntityRef, Ground};

use folded::folded;
use letters::Letters;
pub use numbers::{IDENTITY, identity_form};
use numbers::{NUMBERS, Numbers};
use ranked::{Ranked, Ranking};
use texts::{PERSONAL, TextKind, Texts, text_of};

/// How a text fits what was looked for, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    /// It is the same.
    Same,
    /// It is an address that is written otherwise and means the same place.
    Means,
    /// It begins so.
    Begins,
    /// It holds it.
    Holds,
    /// Its pinyin, or the initials of it, are the same.
    SameLetters,
    /// Its pinyin, or the initials of it, begin so or hold it.
    Letters,
}

/// One record that was found by a text.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hit {
    /// Which.
    #[serde(serialize_with = "as_text")]
    pub key: EntityRef,
    /// What was matched, such as `name` or `address`.
    pub by: &'static str,
    /// How it fits.
    pub fit: Fit,
    /// The text that was matched, as the asker may see it.
    pub text: Shown,
}

fn as_text<S: serde::Serializer>(key: &EntityRef, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(&key.id_text())
}

/// A city's texts by their parts. What is open is gathered at once; names of people and numbers when
/// somebody first searches who may find them.
#[derive(Debug)]
pub struct SearchIndex {
    letters: Letters,
    open: Texts,
    people: OnceLock<Texts>,
    numbers: OnceLock<Numbers>,
}

/// By what the index reads what is sealed.
#[derive(Clone, Copy)]
pub struct Means<'a> {
    /// Opens values to compare them; nothing is shown by it.
    pub clearance: &'a Clearance,
    /// Makes fingerprints of numbers; without it nobody is found by one.
    pub fingerprints: Option<&'a dyn KeyedHash>,
}

/// Most letters, signs or digits that are looked for; longer texts are cut.
const TEXT_MAX: usize = 64;

impl SearchIndex {
    /// The index of a city.
    #[must_use]
    pub fn of(ground: &Ground, means: &Means<'_>) -> Self {
        let letters = Letters::new();
        Self {
            open: Texts::of(ground, means.clearance, &letters, |kind| {
                kind.personal().is_none()
            }),
            letters,
            people: OnceLock::new(),
            numbers: OnceLock::new(),
        }
    }

    /// Gathers what opens personal values now, for whoever would not wait with the first search.
    pub fn complete(&self, ground: &Ground, means: &Means<'_>) {
        self.people(ground, means);
        self.numbers(ground, means);
    }

    fn people(&self, ground: &Ground, means: &Means<'_>) -> &Texts {
        self.people.get_or_init(|| {
            Texts::of(ground, means.clearance, &self.letters, |kind| {
                kind.personal().is_some()
            })
        })
    }

    fn numbers(&self, ground: &Ground, means: &Means<'_>) -> &Numbers {
        self.numbers.get_or_init(|| Numbers::of(ground, means))
    }

    /// Memory on the heap.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.open.bytes()
            + self.people.get().map_or(0, Texts::bytes)
            + self.numbers.get().map_or(0, Numbers::bytes)
    }

    /// What is called so, the best fits first, at most `limit`. A text may be a name or a part of
    /// it, pinyin or its initials, an address with a door behind it, a record's id or the beginning
    /// of one, an identity number (whole), a telephone number or plate (whole).
    #[must_use]
    pub fn search(
        &self,
        city: &CityIndex,
        text: &str,
        filter: &Filter,
        limit: usize,
        rights: &dyn Rights,
        means: &Means<'_>,
    ) -> Vec<Hit> {
        let asked: String = folded(text).chars().take(TEXT_MAX).collect();
        if asked.is_empty() || limit == 0 {
            return Vec::new();
        }
        let asking = Asking {
            index: self,
            city,
            filter,
            rights,
            means,
            text: asked,
        };
        let mut found = asking.by_text(&self.open);
        if PERSONAL.iter().any(|field| asking.may_find(*field)) {
            found.extend(asking.by_text(self.people(city.ground(), means)));
        }
        asking.by_door(text, &mut found);
        let mut hits = asking.by_id(text, limit);
        hits.extend(asking.by_number(text));
        let mut told: HashSet<EntityRef> = hits.iter().map(|hit| hit.key).collect();
        let mut ranking = Ranking::of(found);
        while hits.len() < limit
            && let Some(one) = ranking.next(|one, number| asking.spelt(one.kind, number))
        {
            if !told.contains(&one.key)
                && asking.may_match(one.key, one.kind)
                && asking.is_asked_for(one.key)
            {
                told.insert(one.key);
                hits.extend(asking.hit(&one));
            }
        }
        hits.truncate(limit);
        hits
    }
}

/// One search.
struct Asking<'a> {
    index: &'a SearchIndex,
    city: &'a CityIndex,
    filter: &'a Filter,
    rights: &'a dyn Rights,
    means: &'a Means<'a>,
    text: String,
}

impl Asking<'_> {
    /// The texts that fit by their signs, and those that may by the pinyin of these: whether they
    /// may be seen is asked when they are told, nobody hears of those that may not.
    fn by_text(&self, texts: &Texts) -> Vec<Ranked> {
        let mut found = Vec::new();
        for number in texts.with(&self.text) {
            let (key, kind, text) = texts.get(number);
            found.extend(fit_of(text, &self.text).map(|fit| Ranked {
                fit,
                kind,
                length: text.chars().count(),
                key,
                unread: None,
            }));
        }
        if !self.is_letters() {
            return found;
        }
        let asked: Vec<char> = self.text.chars().collect();
        found.extend(texts.with_letters(&asked).into_iter().map(|number| {
            let (key, kind, text) = texts.get(number);
            let length = text.chars().count();
            Ranked {
                // Every sign takes a letter.
                fit: match length <= asked.len() {
                    true => Fit::SameLetters,
                    false => Fit::Letters,
                },
                kind,
                length,
                key,
                unread: Some(number),
            }
        }));
        found
    }

    /// Whether what is asked for may be pinyin.
    fn is_letters(&self) -> bool {
        self.text.bytes().all(|one| one.is_ascii_lowercase())
    }

    /// How the letters asked for spell a text.
    fn spelt(&self, kind: TextKind, number: u32) -> Option<Fit> {
        let texts = match kind.personal() {
            None => &self.index.open,
            Some(_) => self.index.people.get()?,
        };
        let (_, _, text) = texts.get(number);
        let [text, asked] = [text, &self.text].map(|text| text.chars().collect::<Vec<_>>());
        self.index.letters.fit(&text, &asked, kind.spelt_whole())
    }

    /// Whether such a field may be found of anybody.
    fn may_find(&self, field: PersonalField) -> bool {
        let areas = self.city.ground().areas.keys();
        let mut anywhere = std::iter::once(None).chain(areas.map(|area| Some(area.bits())));
        anywhere.any(|area| self.rights.may_see(field, area))
    }

    /// Whether a text may be matched at all: a personal one only for those who may see it.
    fn may_match(&self, key: EntityRef, kind: TextKind) -> bool {
        // The title of an event about a home is open to who may know the home.
        let is_closed =
            key.kind == EntityKind::Event && !may_know_home(self.city, key, self.rights);
        !is_closed && kind.personal().is_none_or(|field| self.may_see(field, key))
    }

    fn may_see(&self, field: PersonalField, key: EntityRef) -> bool {
        // Where an area does not matter it need not be found out.
        self.rights.may_see(field, None)
            || self
                .rights
                .may_see(field, self.city.area_of(key).map(|area| area.bits()))
    }

    /// Kinds that are left out by default because they have no place are found by name.
    fn is_asked_for(&self, key: EntityRef) -> bool {
        if self.filter.takes_all() {
            return true;
        }
        self.filter.passes(self.city, key, self.rights)
    }

    /// An address and a door: the homes in a house of that address whose door is called so.
    fn by_door(&self, text: &str, found: &mut Vec<Ranked>) {
        let Some((address, door)) = texts::address_and_door(text) else {
            return;
        };
        let (address, door) = (folded(address), folded(door));
        let links = self.city.links();
        for number in self.index.open.with(&address) {
            let (key, kind, text) = self.index.open.get(number);
            if kind != TextKind::Address || !self.may_see(PersonalField::Door, key) {
                continue;
            }
            if fit_of(text, &address).is_none() {
                continue;
            }
            let ground = self.city.ground();
            for home in links
                .dwellings
                .get(crate::base::BuildingId::from_bits(key.bits))
            {
                let open = ground
                    .dwellings
                    .get(&home)
                    .and_then(|one| one.door.open(self.means.clearance));
                let text = open.map(|open| folded(&open)).unwrap_or_default();
                let key = EntityRef {
                    kind: EntityKind::Dwelling,
                    bits: home.bits(),
                };
                if let Some(fit) = fit_of(&text, &door) {
                    found.push(Ranked {
                        fit,
                        kind: TextKind::Door,
                        length: text.chars().count(),
                        key,
                        unread: None,
                    });
                }
            }
        }
    }

    /// Records whose written id begins so.
    fn by_id(&self, text: &str, limit: usize) -> Vec<Hit> {
        let text = plain_id(text);
        let keys = texts::ids_that_begin(self.city.ground(), &text, limit);
        let asked = keys.into_iter().filter(|key| self.is_asked_for(*key));
        asked
            .map(|key| Hit {
                key,
                by: "id",
                fit: if key.id_text() == text {
                    Fit::Same
                } else {
                    Fit::Begins
                },
                text: open_text(key.id_text()),
            })
            .collect()
    }

    /// Identity and telephone numbers and plates, whole. Only who can make fingerprints of this
    /// city has put any into the index.
    fn by_number(&self, text: &str) -> Vec<Hit> {
        let Some((hash, form)) = self.means.fingerprints.zip(Numbers::form(text)) else {
            return Vec::new();
        };
        if !NUMBERS.iter().any(|field| self.may_find(*field)) {
            return Vec::new();
        }
        let ground = self.city.ground();
        let numbers = self.index.numbers(ground, self.means);
        let found = numbers.find(&form, hash).into_iter();
        let seen =
            found.filter(|(key, field)| self.may_see(*field, *key) && self.is_asked_for(*key));
        seen.filter_map(|(key, field)| {
            let sealed = numbers::sealed_of(ground.view(key)?, field)?;
            let id = key.id_text();
            let area = self.city.area_of(key).map(|area| area.bits());
            Some(Hit {
                key,
                by: field.as_str(),
                fit: Fit::Same,
                text: self.rights.show(field, sealed, &Subject { id: &id, area }),
            })
        })
        .collect()
    }

    fn hit(&self, one: &Ranked) -> Option<Hit> {
        let ground = self.city.ground();
        let text = match one.kind.personal() {
            None => {
                open_text(text_of(ground, one.key, one.kind, self.means.clearance)?.into_owned())
            }
            Some(field) => {
                let id = one.key.id_text();
                let area = self.city.area_of(one.key).map(|area| area.bits());
                let sealed = texts::sealed_of(ground.view(one.key)?, one.kind)?;
                self.rights.show(field, sealed, &Subject { id: &id, area })
            }
        };
        Some(Hit {
            key: one.key,
            by: one.kind.as_str(),
            fit: one.fit,
            text,
        })
    }
}

fn open_text(text: String) -> Shown {
    Shown {
        text,
        is_masked: false,
    }
}

/// How a text fits another; both folded.
fn fit_of(text: &str, asked: &str) -> Option<Fit> {
    if text == asked {
        Some(Fit::Same)
    } else if text.starts_with(asked) {
        Some(Fit::Begins)
    } else {
        text.contains(asked).then_some(Fit::Holds)
    }
}
