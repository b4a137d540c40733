//! People in what base maps say of things: their names, addresses and attributes, which everybody may see,
//! held against the registers of people, whichever came first. Used by imports of base maps and by
//! [`super::named_before`]. Names of ways and areas stay: ways are called after somebody in history, and by
//! its area a role knows where it works. Never shows what it found.

use serde_json::Value;

use super::at_home::NamesAtHome;
use super::named_before::ids;
use crate::base::{BuildingId, Clearance, counted};
use crate::model::{Attributes, Building, Entity, EntityRef, EntityView, Ground, Protection};

/// What people in a thing are to be masked by.
#[derive(Default)]
pub(super) struct Masks {
    name: Option<String>,
    address: Option<String>,
    attributes: Vec<(String, Value)>,
}

/// Whether who lives in a building matters to what is said of it: it is called something, or has
/// attributes in words.
pub(super) fn tells_words(one: &Building) -> bool {
    let is_called = one.name.is_some() && one.protection == Protection::None;
    is_called || one.attributes.iter().any(|(_, value)| is_text(value))
}

/// Whether a value may name somebody or be somebody's number: one word in ASCII is a code, or a word of
/// the map.
fn is_text(value: &Value) -> bool {
    match value {
        Value::String(text) => {
            !text.is_ascii() || text.bytes().any(|one| one.is_ascii_digit() || one == b' ')
        }
        Value::Number(number) => number.as_u64().is_some_and(|number| number > 1_000_000),
        Value::Array(_) | Value::Object(_) => true,
        Value::Bool(_) | Value::Null => false,
    }
}

impl Masks {
    /// Those of a thing of a base map; `None` where there is nobody. What is protected is called after
    /// somebody in history.
    pub(super) fn of(thing: EntityView, names: &NamesAtHome) -> Option<Self> {
        let named = |name: Option<&str>, building| names.masked(name?, building);
        let masks = match thing {
            EntityView::Building(one) => {
                let (historic, called) = match one.protection {
                    Protection::None => (None, one.name.as_deref()),
                    _ => (one.name.as_deref(), None),
                };
                Self {
                    name: named(called, Some(one.id)),
                    address: named(one.address.as_deref(), None),
                    attributes: of_attributes(&one.attributes, names, (Some(one.id), historic)),
                }
            }
            EntityView::Object(one) => Self {
                name: named(one.name.as_deref(), None),
                attributes: of_attributes(&one.attributes, names, (None, None)),
                ..Self::default()
            },
            EntityView::Place(one) => Self {
                name: names.masked(&one.name, None),
                ..Self::default()
            },
            _ => return None,
        };
        (masks.name.is_some() || masks.is_described()).then_some(masks)
    }

    /// Whether somebody stands in more than the name.
    fn is_described(&self) -> bool {
        self.address.is_some() || !self.attributes.is_empty()
    }

    /// Puts them where people stand.
    pub(super) fn put(self, entity: &mut Entity) {
        let (name, attributes) = match entity {
            Entity::Building(one) => {
                one.address = self.address.or(one.address.take());
                (&mut one.name, &mut one.attributes)
            }
            Entity::Object(one) => (&mut one.name, &mut one.attributes),
            Entity::Place(one) => {
                one.name = self.name.unwrap_or(std::mem::take(&mut one.name));
                return;
            }
            _ => return,
        };
        *name = self.name.or(name.take());
        for (name, value) in self.attributes {
            attributes.insert(name, value);
        }
    }
}

/// What of attributes is masked, but not what the thing is rightly called.
fn of_attributes(
    attributes: &Attributes,
    names: &NamesAtHome,
    of: (Option<BuildingId>, Option<&str>),
) -> Vec<(String, Value)> {
    let texts = attributes.iter().filter(|(_, value)| is_text(value));
    let masked = texts.filter_map(|(name, value)| {
        let masked = masked_value(value, names, of)?;
        Some((name.clone(), masked))
    });
    masked.collect()
}

/// A value with people masked in it, also within lists and members; `None` where there is nobody.
fn masked_value(
    value: &Value,
    names: &NamesAtHome,
    of: (Option<BuildingId>, Option<&str>),
) -> Option<Value> {
    let (building, called) = of;
    match value {
        Value::String(text) if called == Some(text.as_str()) => None,
        Value::String(text) => names.masked_whole(text, building).map(Value::from),
        Value::Number(number) => names
            .masked_whole(&number.to_string(), None)
            .map(Value::from),
        Value::Array(list) => {
            let masked: Vec<_> = list
                .iter()
                .map(|one| masked_value(one, names, of))
                .collect();
            let is_found = masked.iter().any(Option::is_some);
            let all = masked.into_iter().zip(list);
            let all = all.map(|(masked, one)| masked.unwrap_or_else(|| one.clone()));
            is_found.then(|| all.collect())
        }
        Value::Object(members) => {
            let mut all = members.clone();
            let mut is_found = false;
            for (name, one) in members {
                if let Some(masked) = masked_value(one, names, of) {
                    all.insert(name.clone(), masked);
                    is_found = true;
                }
            }
            is_found.then_some(Value::Object(all))
        }
        Value::Bool(_) | Value::Null => None,
    }
}

/// Masks people in what a base map brings into a city that has people already; what a person should know
/// of it.
pub fn mask_people_in_base_map(
    ground: &Ground,
    entities: &mut [Entity],
    clearance: &Clearance,
) -> Vec<String> {
    let is_called = |one: &Entity| match one {
        Entity::Building(one) => tells_words(one) || one.address.is_some(),
        Entity::Place(_) | Entity::Object(_) => true,
        _ => false,
    };
    if ground.residents.is_empty() || !entities.iter().any(is_called) {
        return Vec::new();
    }
    let names = NamesAtHome::of(ground, None, clearance);
    if names.is_locked() {
        return vec![
            "the city's personal values are locked, so nobody looked whether a name here is that of \
             somebody who lives there: import again with the city's key (--key-file)"
                .to_owned(),
        ];
    }
    let (mut called, mut described) = (Vec::new(), Vec::new());
    for one in entities.iter_mut() {
        let Some(masks) = Masks::of(one.view(), &names) else {
            continue;
        };
        called.extend(masks.name.is_some().then(|| one.key()));
        described.extend(masks.is_described().then(|| one.key()));
        masks.put(one);
    }
    let mut notes = Vec::new();
    let mut note = |keys: &[EntityRef], one, several, rest: &str| {
        if !keys.is_empty() {
            let count = counted(keys.len(), one, several);
            notes.push(format!("{count} {rest} ({})", ids(keys)));
        }
    };
    note(
        &called,
        "name of a building or place holds",
        "names of buildings or places hold",
        "the name of somebody who lives there, and everybody may see it: masked",
    );
    note(
        &described,
        "building or thing holds",
        "buildings or things hold",
        "in an attribute or the address the name or number of somebody whom a register tells of, and \
         everybody may see it: masked",
    );
    notes
}
