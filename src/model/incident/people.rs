//! Who is there: homes and people under the asker's rights, and counts for everybody.

use std::collections::BTreeMap;

use crate::base::{BuildingId, DwellingId, PersonalField, ResidentId, Rights, Subject};
use crate::model::labels::age_on;
use crate::model::query::Suppressed;
use crate::model::{Contact, Resident, read_sealed};

use super::buildings::told;
use super::facts::{ContactFacts, HomeFacts, LabelFacts, PeopleFacts, PersonFacts};
use super::{Moment, Preparation, Scene};

/// Who asks, and of where.
pub(super) struct Asking<'a> {
    pub preparation: &'a Preparation<'a>,
    pub moment: &'a Moment<'a>,
    pub rights: &'a dyn Rights,
    pub area: Option<u64>,
}

impl Asking<'_> {
    /// The homes of the building, the one that is touched first, then by storey.
    pub fn homes(&self, scene: &Scene) -> Vec<HomeFacts> {
        let city = self.preparation.city;
        let touched = self.preparation.home(scene);
        let ground = city.ground();
        let homes = scene.building.into_iter();
        let homes = homes.flat_map(|id: BuildingId| city.links().dwellings.get(id));
        let mut homes: Vec<_> = homes.filter_map(|id| ground.dwellings.get(&id)).collect();
        homes.sort_by_key(|one| (Some(one.id) != touched, one.floor, one.id));
        homes
            .into_iter()
            .map(|one| {
                let id = one.id.to_string();
                let of = Subject {
                    id: &id,
                    area: self.area,
                };
                HomeFacts {
                    id: one.id,
                    is_touched: Some(one.id) == touched,
                    floor: one.floor,
                    door: self.rights.show(PersonalField::Door, &one.door, &of),
                    people: self.people_at(one.id),
                }
            })
            .collect()
    }

    /// Everybody in a home, those who need help first; `None` for who may see neither names nor
    /// labels here.
    fn people_at(&self, home: DwellingId) -> Option<Vec<PersonFacts>> {
        let sees = |field| self.rights.may_see(field, self.area);
        if !(sees(PersonalField::Name) || sees(PersonalField::Label)) {
            return None;
        }
        let city = self.preparation.city;
        let residents = city.links().residents.get(home);
        let residents = residents.filter_map(|id| city.ground().residents.get(&id));
        let mut people: Vec<PersonFacts> = residents.map(|one| self.person(one)).collect();
        let needs_help = |one: &PersonFacts| one.labels.iter().any(|label| label.needs_help);
        people.sort_by_key(|one| (!needs_help(one), std::cmp::Reverse(one.age), one.id));
        Some(people)
    }

    fn person(&self, one: &Resident) -> PersonFacts {
        let id = one.id.to_string();
        let of = Subject {
            id: &id,
            area: self.area,
        };
        let labels = match self.rights.reveal(PersonalField::Label, &of) {
            Some(_) => self.labels_of(one.id),
            None => Vec::new(),
        };
        let contacts = one.contacts.as_ref().and_then(|sealed| {
            let clearance = self.rights.reveal(PersonalField::Contact, &of)?;
            // What cannot be read is nobody to call; the quality report tells of it.
            read_sealed::<Vec<Contact>>(Some(sealed), clearance).ok()
        });
        // How old somebody is helps whoever comes as the labels do, and tells no more.
        let birth = self.rights.reveal(PersonalField::Label, &of);
        let birth = birth.and_then(|clearance| one.birth_date.open(clearance));
        let phone = one.phone.as_ref();
        PersonFacts {
            id: one.id,
            name: self.rights.show(PersonalField::Name, &one.name, &of),
            age: birth.and_then(|birth| age_on(&birth, self.moment.today)),
            labels,
            phone: phone.map(|phone| self.rights.show(PersonalField::Phone, phone, &of)),
            contacts: contacts
                .unwrap_or_default()
                .into_iter()
                .map(|one| ContactFacts {
                    name: one.name,
                    relation: one.relation,
                    phone: one.phone,
                })
                .collect(),
        }
    }

    fn labels_of(&self, id: ResidentId) -> Vec<LabelFacts> {
        let labels = self.preparation.city.labels_of(id).unwrap_or_default();
        let mut facts: Vec<LabelFacts> = labels.iter().map(|label| self.label(label)).collect();
        facts.sort_by_key(|label| !label.needs_help);
        facts
    }

    fn label(&self, id: &str) -> LabelFacts {
        let rule = self.preparation.rules.get(id);
        LabelFacts {
            id: id.to_owned(),
            zh: rule.map_or_else(|| id.to_owned(), |rule| rule.zh.clone()),
            en: rule.map_or_else(|| id.to_owned(), |rule| rule.en.clone()),
            needs_help: rule.is_some_and(|rule| rule.needs_help),
        }
    }

    /// How many people are there, by label. Who may see labels here gets every count; everybody
    /// else gets none that is small, and none from which a small one follows.
    pub fn people(&self, scene: &Scene) -> PeopleFacts {
        let city = self.preparation.city;
        let people: Vec<ResidentId> = match (scene.building, self.preparation.home(scene)) {
            (Some(building), _) => city
                .links()
                .people_in(building)
                .map(|(_, one)| one)
                .collect(),
            (None, Some(home)) => city.links().residents.get(home).collect(),
            (None, None) => Vec::new(),
        };
        let may_know = self.rights.may_see(PersonalField::Label, self.area);
        let mut by_label = BTreeMap::<String, usize>::new();
        let (mut need_help, mut is_locked) = (0, false);
        for one in &people {
            let labels = city.labels_of(*one);
            is_locked |= labels.is_none();
            let mut needs = false;
            for label in labels.unwrap_or_default() {
                let rule = self.preparation.rules.get(&label);
                needs |= rule.is_some_and(|rule| rule.needs_help);
                *by_label.entry(label).or_default() += 1;
            }
            need_help += usize::from(needs);
        }
        let count = |count: usize| match may_know {
            true => Suppressed::Told(count),
            false => told(count, self.rights),
        };
        let labels = by_label.into_iter();
        let mut labels: Vec<_> = labels
            .map(|(label, number)| (self.label(&label), count(number)))
            .collect();
        // That a label is there at all already tells of somebody.
        labels.retain(|(_, count)| may_know || *count != Suppressed::KeptBack);
        labels.sort_by_key(|(label, _)| !label.needs_help);
        PeopleFacts {
            residents: count(people.len()),
            need_help: count(need_help),
            labels,
            locked: is_locked,
        }
    }
}
