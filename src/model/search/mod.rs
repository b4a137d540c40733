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
#[cfg(test)]
mod tests;
mod texts;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::base::{Clearance, KeyedHash, PersonalField, ResidentId, Rights, Shown, Subject};

use super::query::{CityIndex, Filter};
use super::{EntityKind, EntityRef, Ground};

use folded::folded;
use grams::{Grams, Postings};
use letters::Letters;
use texts::{TextKind, each_text, text_of};

/// How a text fits what was looked for, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    /// It is the same.
    Same,
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

/// A text of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Doc {
    key: EntityRef,
    kind: TextKind,
}

/// Texts of a city by their parts.
#[derive(Debug)]
pub struct SearchIndex {
    docs: Vec<Doc>,
    grams: Postings,
    letters: Letters,
    /// Fingerprints of identity numbers; empty without the means to make them.
    identities: BTreeMap<[u8; 32], Vec<ResidentId>>,
}

/// By what the index reads what is sealed.
#[derive(Clone, Copy)]
pub struct Means<'a> {
    /// Opens values to compare them; nothing is shown by it.
    pub clearance: &'a Clearance,
    /// Makes fingerprints of identity numbers; without it nobody is found by one.
    pub fingerprints: Option<&'a dyn KeyedHash>,
}

/// Most letters, signs or digits that are looked for; longer texts are cut.
const TEXT_MAX: usize = 64;

impl SearchIndex {
    /// The index of a city: values that are not locked are taken in.
    #[must_use]
    pub fn of(ground: &Ground, means: &Means<'_>) -> Self {
        let Means {
            clearance,
            fingerprints,
        } = *means;
        let letters = Letters::new();
        let mut docs = Vec::new();
        let mut grams = Grams::default();
        each_text(ground, clearance, |key, kind, text| {
            let chars = folded(text);
            let number = docs.len() as u32;
            grams.add(number, &chars);
            grams.add_initials(number, &chars, &letters);
            docs.push(Doc { key, kind });
        });
        let mut identities = BTreeMap::<_, Vec<_>>::new();
        for (id, resident) in &ground.residents {
            let text = resident.identity_no.open(clearance);
            if let (Some(hash), Some(text)) = (fingerprints, text) {
                let print = hash.keyed_hash(IDENTITY, &identity_form(text));
                identities.entry(print).or_default().push(*id);
            }
        }
        Self {
            docs,
            grams: grams.into_postings(),
            letters,
            identities,
        }
    }

    /// Memory on the heap.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.docs.capacity() * size_of::<Doc>() + self.grams.bytes()
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
        let asked: Vec<char> = folded(text).into_iter().take(TEXT_MAX).collect();
        if asked.is_empty() || limit == 0 {
            return Vec::new();
        }
        let asking = Asking {
            index: self,
            city,
            filter,
            rights,
            clearance: means.clearance,
            fingerprints: means.fingerprints,
            text: asked,
        };
        let mut ranked = asking.by_text();
        asking.by_door(text, &mut ranked);
        ranked.sort_by_key(|one| (one.fit, one.kind.rank(), one.length, one.key));
        ranked.dedup_by_key(|one| one.key);
        let mut hits = asking.by_id(text, limit);
        hits.extend(asking.by_number(text));
        for one in ranked {
            if hits.len() >= limit {
                break;
            }
            if !hits.iter().any(|hit| hit.key == one.key) {
                hits.extend(asking.hit(&one));
            }
        }
        hits.truncate(limit);
        hits
    }
}

/// Under what name identity numbers are fingerprinted, here and in the keys of imported residents.
pub const IDENTITY: &str = "identity";

/// An identity number in the form in which it is fingerprinted: no spaces, half-width, upper case.
#[must_use]
pub fn identity_form(text: &str) -> String {
    folded(text).into_iter().collect::<String>().to_uppercase()
}

/// A text that fits, before anything of it is shown.
struct Ranked {
    key: EntityRef,
    kind: TextKind,
    fit: Fit,
    length: usize,
}

/// One search.
struct Asking<'a> {
    index: &'a SearchIndex,
    city: &'a CityIndex,
    filter: &'a Filter,
    rights: &'a dyn Rights,
    clearance: &'a Clearance,
    fingerprints: Option<&'a dyn KeyedHash>,
    text: Vec<char>,
}

impl Asking<'_> {
    fn by_text(&self) -> Vec<Ranked> {
        let is_letters = self.text.iter().all(char::is_ascii_lowercase);
        let mut found = self.fitting(self.index.grams.with(&self.text), |chars, _| {
            fit_of(chars, &self.text)
        });
        if is_letters {
            let initials = self.index.grams.with_initials(&self.text);
            found.extend(self.fitting(initials, |chars, kind| {
                // Whole pinyin only of what is nobody's name: they are few.
                let whole = kind.personal().is_none();
                self.index.letters.fit(chars, &self.text, whole)
            }));
            let first = self.index.grams.with_initials(&self.text[..1]);
            found.extend(self.fitting(first, |chars, kind| {
                let is_open = kind.personal().is_none();
                is_open
                    .then(|| self.index.letters.fit(chars, &self.text, true))
                    .flatten()
            }));
        }
        found
    }

    /// The candidates that may be seen and fit.
    fn fitting(
        &self,
        candidates: Vec<u32>,
        fit: impl Fn(&[char], TextKind) -> Option<Fit>,
    ) -> Vec<Ranked> {
        let mut found = Vec::new();
        for number in candidates {
            let Doc { key, kind } = self.index.docs[number as usize];
            if !self.may_match(key, kind) {
                continue;
            }
            let text = text_of(self.city.ground(), key, kind, self.clearance);
            let chars = text.as_deref().map(folded).unwrap_or_default();
            if let Some(fit) = fit(&chars, kind)
                && self.is_asked_for(key)
            {
                found.push(Ranked {
                    key,
                    kind,
                    fit,
                    length: chars.len(),
                });
            }
        }
        found
    }

    /// Whether a text may be matched at all: a personal one only for those who may see it.
    fn may_match(&self, key: EntityRef, kind: TextKind) -> bool {
        kind.personal().is_none_or(|field| self.may_see(field, key))
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
        if *self.filter == Filter::default() {
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
        for number in self.index.grams.with(&address) {
            let Doc { key, kind } = self.index.docs[number as usize];
            if kind != TextKind::Address || !self.may_see(PersonalField::Door, key) {
                continue;
            }
            let ground = self.city.ground();
            let text = text_of(ground, key, kind, self.clearance).unwrap_or_default();
            if fit_of(&folded(&text), &address).is_none() {
                continue;
            }
            for home in links
                .dwellings
                .get(crate::base::BuildingId::from_bits(key.bits))
            {
                let open = ground
                    .dwellings
                    .get(&home)
                    .and_then(|one| one.door.open(self.clearance));
                let chars = open.map(folded).unwrap_or_default();
                let key = EntityRef {
                    kind: EntityKind::Dwelling,
                    bits: home.bits(),
                };
                if let Some(fit) = fit_of(&chars, &door)
                    && self.is_asked_for(key)
                {
                    found.push(Ranked {
                        key,
                        kind: TextKind::Door,
                        fit,
                        length: chars.len(),
                    });
                }
            }
        }
    }

    /// Records whose written id begins so.
    fn by_id(&self, text: &str, limit: usize) -> Vec<Hit> {
        let text = text.trim();
        let keys = texts::ids_that_begin(self.city.ground(), text, limit);
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

    /// Identity and telephone numbers and plates, whole.
    fn by_number(&self, text: &str) -> Vec<Hit> {
        let ground = self.city.ground();
        let mut hits = Vec::new();
        let mut take = |key: EntityRef, field: PersonalField, sealed: &crate::base::Sealed| {
            if self.may_see(field, key) && self.is_asked_for(key) {
                let id = key.id_text();
                let area = self.city.area_of(key).map(|area| area.bits());
                let text = self.rights.show(field, sealed, &Subject { id: &id, area });
                let (by, fit) = (field.as_str(), Fit::Same);
                hits.push(Hit { key, by, fit, text });
            }
        };
        let resident = |id: ResidentId| EntityRef {
            kind: EntityKind::Resident,
            bits: id.bits(),
        };
        for id in self.residents_with_identity(text) {
            if let Some(one) = ground.residents.get(&id) {
                take(resident(id), PersonalField::Identity, &one.identity_no);
            }
        }
        let is_number = self.text.len() >= 7 && self.text.iter().all(char::is_ascii_digit);
        let is_it = |sealed: &crate::base::Sealed| {
            let open = sealed.open(self.clearance);
            open.is_some_and(|open| folded(open) == self.text)
        };
        if is_number {
            for (id, one) in &ground.residents {
                if let Some(phone) = one.phone.as_ref().filter(|phone| is_it(phone)) {
                    take(resident(*id), PersonalField::Phone, phone);
                }
            }
        }
        let may_be_plate = self.text.len() >= 5 && self.text.iter().any(char::is_ascii_digit);
        if may_be_plate {
            for (id, one) in ground.vehicles.iter().filter(|(_, one)| is_it(&one.plate)) {
                let (kind, bits) = (EntityKind::Vehicle, id.bits());
                take(EntityRef { kind, bits }, PersonalField::Plate, &one.plate);
            }
        }
        hits
    }

    fn residents_with_identity(&self, text: &str) -> Vec<ResidentId> {
        // Only who can make fingerprints of this city has put any into the index.
        let Some(hash) = self.fingerprints else {
            return Vec::new();
        };
        let form = identity_form(text);
        let is_one = matches!(form.len(), 15 | 18);
        let print = is_one.then(|| hash.keyed_hash(IDENTITY, &form));
        let found = print.and_then(|print| self.index.identities.get(&print));
        found.cloned().unwrap_or_default()
    }

    fn hit(&self, one: &Ranked) -> Option<Hit> {
        let ground = self.city.ground();
        let text = match one.kind.personal() {
            None => open_text(text_of(ground, one.key, one.kind, self.clearance)?.into_owned()),
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
fn fit_of(text: &[char], asked: &[char]) -> Option<Fit> {
    if text == asked {
        Some(Fit::Same)
    } else if text.starts_with(asked) {
        Some(Fit::Begins)
    } else {
        let holds = text.windows(asked.len()).any(|part| part == asked);
        holds.then_some(Fit::Holds)
    }
}
