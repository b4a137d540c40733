//! What a card shows of people and streams to somebody with rights: only as many as have room on it,
//! so that nothing is opened, and put on record, that nobody sees.

use jiff::civil::Date;

use crate::base::{BuildingId, CameraId, Closed, PersonalField, Rights, Shown, Subject};
use crate::model::query::CityIndex;
use crate::model::{Dwelling, EntityKind, EntityRef, LabelRules, Resident};

use super::facts::{PeopleFacts, PersonFacts};
use super::people::Asking;

/// Somebody on a card.
#[derive(Debug, Clone, PartialEq)]
pub struct CardPerson {
    /// Storey of the home.
    pub floor: i16,
    /// Unit and door.
    pub door: Shown,
    /// Who.
    pub person: PersonFacts,
}

/// The people of a building on its card.
#[derive(Debug, Clone, PartialEq)]
pub struct CardPeople {
    /// How many, by label.
    pub counts: PeopleFacts,
    /// Those who need help first, then by storey.
    pub people: Vec<CardPerson>,
    /// How many more there are for whom the card has no room.
    pub more: usize,
}

/// What a card shows to somebody with rights.
#[derive(Debug, Clone, PartialEq)]
pub enum CardPersonal {
    /// Of a building: its people.
    People(CardPeople),
    /// Of a camera: the address of its stream.
    Stream(Shown),
    /// There is something, and nothing of it opens: why.
    Closed(Closed),
}

/// How a card is asked for.
pub struct CardQuestion<'a> {
    /// The city.
    pub city: &'a CityIndex,
    /// The rules of its labels.
    pub rules: &'a LabelRules,
    /// The day, for ages.
    pub today: Date,
    /// Who asks.
    pub rights: &'a dyn Rights,
    /// Most people to open.
    pub people_max: usize,
}

impl CardQuestion<'_> {
    /// What the card of a building or camera shows; `None` for anything else, or where there is
    /// nothing personal.
    #[must_use]
    pub fn answer(&self, what: EntityRef) -> Option<CardPersonal> {
        let area = self.city.area_of(what).map(|area| area.bits());
        match what.kind {
            EntityKind::Building => self.people(BuildingId::from_bits(what.bits), area),
            EntityKind::Camera => {
                let id = CameraId::from_bits(what.bits);
                let stream = self.city.ground().cameras.get(&id)?.stream.as_ref()?;
                let closed = self.rights.closed(PersonalField::Stream, area);
                let by_key = stream.is_locked().then_some(Closed::Key);
                if let Some(why) = closed.or(by_key) {
                    return Some(CardPersonal::Closed(why));
                }
                let of = Subject { id: &id, area };
                let shown = self.rights.show(PersonalField::Stream, stream, &of);
                Some(CardPersonal::Stream(shown))
            }
            _ => None,
        }
    }

    fn people(&self, building: BuildingId, area: Option<u64>) -> Option<CardPersonal> {
        let (city, ground) = (self.city, self.city.ground());
        let asking = Asking {
            city,
            rules: self.rules,
            today: self.today,
            rights: self.rights,
            area,
        };
        city.links().dwellings.get(building).next()?;
        let counts = asking.people(Some(building), None);
        if let Some(why) = counts.closed {
            return Some(CardPersonal::Closed(why));
        }
        let sees = |field| self.rights.may_see(field, area);
        let living = city.links().people_in(building).filter_map(|(home, one)| {
            Some((ground.dwellings.get(&home)?, ground.residents.get(&one)?))
        });
        let mut living: Vec<(&Dwelling, &Resident)> = living.collect();
        living.sort_by_key(|(home, one)| {
            // The order must not tell what the labels are to somebody who may not see them.
            let needs_help = sees(PersonalField::Label) && asking.needs_help(one.id);
            (!needs_help, home.floor, home.id, one.id)
        });
        let more = living.len().saturating_sub(self.people_max);
        living.truncate(self.people_max);
        let people = living.into_iter().map(|(home, one)| CardPerson {
            floor: home.floor,
            door: asking.door(home),
            person: asking.person(one),
        });
        Some(CardPersonal::People(CardPeople {
            people: people.collect(),
            counts,
            more,
        }))
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::sync::Arc;

    use super::*;
    use crate::base::{Clearance, Nobody, Sealed, clearance_for_tests};
    use crate::model::{LabelsOfDay, sample};

    /// Opens names alone, and notes whose.
    struct Names {
        clearance: Clearance,
        noted: RefCell<Vec<(String, PersonalField)>>,
    }

    impl Rights for Names {
        fn reveal(&self, field: PersonalField, of: &Subject<'_>) -> Option<&Clearance> {
            self.may_see(field, of.area).then(|| {
                self.noted.borrow_mut().push((of.id.id_text(), field));
                &self.clearance
            })
        }

        fn may_see(&self, field: PersonalField, _: Option<u64>) -> bool {
            field == PersonalField::Name
        }

        fn suppress_below(&self, _: Option<u64>) -> usize {
            5
        }
    }

    fn ask(rights: &dyn Rights, is_locked: bool) -> CardPersonal {
        let mut ground = sample::city(0);
        let house = *ground.buildings.keys().next().unwrap();
        sample::people::move_in(&mut ground, house, "a", 7);
        if is_locked {
            for one in ground.residents.values_mut() {
                one.name = Sealed::locked(*b"sealed");
            }
        }
        let city = CityIndex::of(Arc::new(ground), LabelsOfDay::none());
        let question = CardQuestion {
            city: &city,
            rules: &LabelRules::standard(),
            today: "2026-05-01".parse().unwrap(),
            rights,
            people_max: 3,
        };
        let what = EntityRef {
            kind: EntityKind::Building,
            bits: house.bits(),
        };
        question.answer(what).expect("somebody lives there")
    }

    #[test]
    fn only_those_on_the_card_are_opened() {
        let rights = Names {
            clearance: clearance_for_tests(),
            noted: RefCell::default(),
        };
        let CardPersonal::People(card) = ask(&rights, false) else {
            panic!("names open");
        };
        assert_eq!((card.people.len(), card.more), (3, 4));
        assert_eq!(ask(&rights, true), CardPersonal::Closed(Closed::Key));
        assert!(
            card.people
                .iter()
                .all(|one| one.person.name.text == "王小明")
        );
        assert!(card.people.iter().all(|one| one.door.is_masked));
        let noted = rights.noted.into_inner();
        let ids: Vec<_> = card
            .people
            .iter()
            .map(|one| one.person.id.to_string())
            .collect();
        assert_eq!(
            noted.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>(),
            ids
        );
        assert!(noted.iter().all(|(_, field)| *field == PersonalField::Name));
    }

    #[test]
    fn to_everybody_else_it_is_told_why_nobody_is_named() {
        for is_locked in [false, true] {
            let card = ask(&Nobody, is_locked);
            assert_eq!(card, CardPersonal::Closed(Closed::Role));
        }
    }
}
