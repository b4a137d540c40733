//! Who is there: homes and people under the asker's rights, and counts for everybody.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::base::{
    BuildingId, Closed, DwellingId, PersonalField, ResidentId, Rights, Shown, Subject,
};
use crate::model::labels::age_on;
use crate::model::query::{CityIndex, Suppressed};
use crate::model::{Contact, Dwelling, LabelRules, Resident, read_sealed};

use super::buildings::told;
use super::facts::{ContactFacts, HomeFacts, LabelFacts, PeopleFacts, PersonFacts};

/// Who asks, and of where.
pub(super) struct Asking<'a> {
    pub city: &'a CityIndex,
    pub rules: &'a LabelRules,
    /// The day, for ages.
    pub today: Date,
    pub rights: &'a dyn Rights,
    pub area: Option<u64>,
}

impl Asking<'_> {
    /// The homes of the building, the one that is touched first, then by storey and door. Which one is touched
    /// is for those who may know its door: a help button tells of somebody who needs one.
    pub fn homes(
        &self,
        building: Option<BuildingId>,
        touched: Option<DwellingId>,
    ) -> Vec<HomeFacts> {
        let (city, ground) = (self.city, self.city.ground());
        let touched = touched.filter(|_| self.rights.may_see(PersonalField::Door, self.area));
        let homes = building.into_iter();
        let homes = homes.flat_map(|id: BuildingId| city.links().dwellings.get(id));
        let mut homes: Vec<_> = homes.filter_map(|id| ground.dwellings.get(&id)).collect();
        homes.sort_by_key(|one| (Some(one.id) != touched, one.floor, one.id));
        let mut homes: Vec<HomeFacts> = homes
            .into_iter()
            .map(|one| HomeFacts {
                id: one.id,
                is_touched: Some(one.id) == touched,
                floor: one.floor,
                door: self.door(one),
                people: self.people_at(one.id),
            })
            .collect();
        // By doors as they are shown: 99室 before 101室, and masked ones stay as they are.
        homes.sort_by_cached_key(|one| {
            let door = one.door.text.clone();
            (!one.is_touched, one.floor, door.chars().count(), door)
        });
        homes
    }

    /// The door of a home.
    pub fn door(&self, home: &Dwelling) -> Shown {
        let of = Subject {
            id: &home.id,
            area: self.area,
        };
        self.rights.show(PersonalField::Door, &home.door, &of)
    }

    /// Whether a label of somebody says that they need help; noted nowhere, so only for deciding
    /// what comes first before those who may see labels.
    pub fn needs_help(&self, id: ResidentId) -> bool {
        let labels = self.city.labels_of(id).unwrap_or_default();
        let needs_help = |label: &String| self.rules.get(label).is_some_and(|rule| rule.needs_help);
        labels.iter().any(needs_help)
    }

    /// Everybody in a home, those who need help first; `None` for who may see neither names nor
    /// labels here.
    fn people_at(&self, home: DwellingId) -> Option<Vec<PersonFacts>> {
        let sees = |field| self.rights.may_see(field, self.area);
        if !(sees(PersonalField::Name) || sees(PersonalField::Label)) {
            return None;
        }
        let city = self.city;
        let residents = city.links().residents.get(home);
        let residents = residents.filter_map(|id| city.ground().residents.get(&id));
        let mut people: Vec<PersonFacts> = residents.map(|one| self.person(one)).collect();
        let needs_help = |one: &PersonFacts| one.labels.iter().any(|label| label.needs_help);
        people.sort_by_key(|one| (!needs_help(one), std::cmp::Reverse(one.age), one.id));
        Some(people)
    }

    pub fn person(&self, one: &Resident) -> PersonFacts {
        let id = one.id.to_string();
        let of = Subject {
            id: &id,
            area: self.area,
        };
        // What is locked opens to nobody, and is on record as opened for nobody.
        let is_open = !one.labels.as_sealed().is_locked() && !one.birth_date.is_locked();
        let birth = is_open
            .then(|| self.rights.reveal(PersonalField::Label, &of))
            .flatten();
        let labels = birth.map_or_else(Vec::new, |_| self.labels_of(one.id));
        let contacts = one.contacts.as_ref().filter(|sealed| !sealed.is_locked());
        let contacts = contacts.and_then(|sealed| {
            let clearance = self.rights.reveal(PersonalField::Contact, &of)?;
            // What cannot be read is nobody to call; the quality report tells of it.
            read_sealed::<Vec<Contact>>(Some(sealed), clearance).ok()
        });
        // How old somebody is helps whoever comes as the labels do, and tells no more.
        let birth = birth.and_then(|clearance| one.birth_date.open(clearance));
        let phone = one.phone.as_ref();
        PersonFacts {
            id: one.id,
            name: self.rights.show(PersonalField::Name, &one.name, &of),
            age: birth.and_then(|birth| age_on(&birth, self.today)),
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
        let labels = self.city.labels_of(id).unwrap_or_default();
        let mut facts: Vec<LabelFacts> = labels.iter().map(|label| self.label(label)).collect();
        facts.sort_by_key(|label| !label.needs_help);
        facts
    }

    fn label(&self, id: &str) -> LabelFacts {
        let rule = self.rules.get(id);
        LabelFacts {
            id: id.to_owned(),
            zh: rule.map_or_else(|| id.to_owned(), |rule| rule.zh.clone()),
            en: rule.map_or_else(|| id.to_owned(), |rule| rule.en.clone()),
            needs_help: rule.is_some_and(|rule| rule.needs_help),
        }
    }

    /// How many people are there, by label. Who may see labels here gets every count; everybody
    /// else gets none that is small, and none from which a small one follows.
    pub fn people(&self, building: Option<BuildingId>, home: Option<DwellingId>) -> PeopleFacts {
        let city = self.city;
        let people: Vec<ResidentId> = match (building, home) {
            (Some(building), _) => city
                .links()
                .people_in(building)
                .map(|(_, one)| one)
                .collect(),
            (None, Some(home)) => city.links().residents.get(home).collect(),
            (None, None) => Vec::new(),
        };
        let mut by_label = BTreeMap::<String, usize>::new();
        let (mut need_help, mut is_locked) = (0, false);
        for one in &people {
            let labels = city.labels_of(*one);
            is_locked |= labels.is_none();
            let mut needs = false;
            for label in labels.unwrap_or_default() {
                let rule = self.rules.get(&label);
                needs |= rule.is_some_and(|rule| rule.needs_help);
                *by_label.entry(label).or_default() += 1;
            }
            need_help += usize::from(needs);
        }
        // While the key is away nobody may know more than everybody.
        let may_know = !is_locked && self.rights.may_see(PersonalField::Label, self.area);
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
        let residents = count(people.len());
        // Of a few people even that nobody needs help is told of each.
        let keeps_back = is_locked || residents == Suppressed::KeptBack;
        PeopleFacts {
            residents,
            need_help: match keeps_back {
                true => Suppressed::KeptBack,
                false => count(need_help),
            },
            labels,
            locked: is_locked,
            closed: people.first().and_then(|one| self.closed(*one)),
        }
    }

    /// Why neither name nor labels of somebody here open.
    fn closed(&self, one: ResidentId) -> Option<Closed> {
        let fields = [PersonalField::Name, PersonalField::Label];
        let each = fields.map(|field| self.rights.closed(field, self.area));
        let by_rights = each.into_iter().collect::<Option<Vec<_>>>();
        match by_rights {
            Some(reasons) => reasons.into_iter().max(),
            None => {
                let one = self.city.ground().residents.get(&one)?;
                one.name.is_locked().then_some(Closed::Key)
            }
        }
    }
}
