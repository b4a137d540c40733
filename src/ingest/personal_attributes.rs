//! What attributes of base maps tell of people: owners, telephones, identity numbers. Everybody sees a
//! building with all that its source says, so such values are left out, and it is told which. Used by
//! `convert` at the end of a file. Never looks at what a record itself needs, and never tells a value.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;

use super::person_names::names_somebody;
use super::personal_numbers::{
    as_mobile, holds_identity, holds_mobile, is_identity, is_landline, masked_numbers,
};
use super::personal_words::{Says, is_labelled, is_public_place, is_somebody, says};
use crate::base::{Mask, Sealed, counted, half_width};
use crate::model::{Attributes, Entity, Usage};

/// Of a column without a telling header so large a share must look like mobile numbers.
const MOBILES_SHARE: f64 = 0.5;
/// The same of identity numbers, whose check character leaves little to chance.
const IDENTITIES_SHARE: f64 = 0.2;
/// Fewest digits of a telephone number.
const TELEPHONE_DIGITS: usize = 7;
/// Fewest signs of a number of a document.
const IDENTITY_SIGNS: usize = 6;
/// From so many numbers on their fronts tell whether somebody counted: codes begin alike.
const COUNTED_FROM: usize = 3;

/// What was left out: by the name of an attribute what it told, and how often.
type LeftOut = BTreeMap<String, (Kind, usize)>;

/// Takes values of people out of the attributes and names of things; what a person should know of it.
pub(super) fn leave_out(entities: &mut [Entity]) -> Vec<String> {
    let mut columns = Columns::default();
    for entity in &*entities {
        columns.look(attributes_of(entity));
        if let Some(name) = called(entity)[0] {
            columns.names.count(name);
        }
    }
    let mut found = LeftOut::new();
    for entity in entities {
        leave_out_of(entity, &columns, &mut found);
    }
    found.into_iter().map(note).collect()
}

/// Takes them out of one thing. What it is called was read out of an attribute: both go or stay.
fn leave_out_of(entity: &mut Entity, columns: &Columns, found: &mut LeftOut) {
    let usage = match entity {
        Entity::Building(one) => Some(one.usage),
        _ => None,
    };
    let none = Attributes::new();
    let attributes = attributes_of(entity).unwrap_or(&none);
    let is_public = is_public_place(attributes.keys().map(String::as_str));
    let called: Vec<_> = called(entity).into_iter().flatten().cloned().collect();
    let numbers = called.iter().filter_map(|text| {
        let kind = columns.kind_of_name(text, is_public)?;
        Some((text.clone(), kind))
    });
    let numbers: HashMap<String, Kind> = numbers.collect();
    let told = attributes.iter().filter_map(|(name, value)| {
        let as_called = value.as_str().and_then(|text| numbers.get(text.trim()));
        let kind = as_called.copied();
        let kind = kind.or_else(|| columns.kind(name, value, (is_public, usage)))?;
        let text = value.as_str().map(|text| text.trim().to_owned());
        Some((name.clone(), text, kind))
    });
    let told: Vec<_> = told.collect();
    let mut count = |name: &str, kind| found.entry(name.to_owned()).or_insert((kind, 0)).1 += 1;
    // Somebody may have mapped names of shops out of a column of owners; numbers call nothing.
    let is_gone = |text: &String| {
        let mut told = told.iter().filter(|(_, _, kind)| kind.is_number());
        numbers.contains_key(text) || told.any(|(_, gone, _)| gone.as_ref() == Some(text))
    };
    let gone: HashSet<String> = called.into_iter().filter(is_gone).collect();
    for text in &gone {
        if let Some(kind) = numbers.get(text)
            && told
                .iter()
                .all(|(_, value, _)| value.as_ref() != Some(text))
        {
            count("name", *kind);
        }
    }
    for (name, _, kind) in &told {
        count(name, *kind);
    }
    take_names(entity, &gone);
    if let Some(attributes) = attributes_mut(entity) {
        for (name, ..) in told {
            attributes.remove(&name);
        }
    }
}

/// What everybody reads of a thing beside its attributes: name and address.
fn called(entity: &Entity) -> [Option<&String>; 2] {
    match entity {
        Entity::Building(one) => [one.name.as_ref(), one.address.as_ref()],
        Entity::Object(one) => [one.name.as_ref(), None],
        Entity::Road(one) => [one.name.as_ref(), None],
        Entity::Water(one) => [one.name.as_ref(), None],
        Entity::GroundArea(one) => [one.name.as_ref(), None],
        Entity::Place(one) => [Some(&one.name), one.name_en.as_ref()],
        _ => [None, None],
    }
}

/// Takes such names away; a place, which must be called something, gets a mask.
fn take_names(entity: &mut Entity, gone: &HashSet<String>) {
    let clear = |name: &mut Option<String>| *name = name.take().filter(|name| !gone.contains(name));
    match entity {
        Entity::Building(one) => {
            clear(&mut one.name);
            clear(&mut one.address);
        }
        Entity::Object(one) => clear(&mut one.name),
        Entity::Road(one) => clear(&mut one.name),
        Entity::Water(one) => clear(&mut one.name),
        Entity::GroundArea(one) => clear(&mut one.name),
        Entity::Place(one) => {
            clear(&mut one.name_en);
            if gone.contains(&one.name) {
                let name = std::mem::take(&mut one.name);
                let masked = masked_numbers(&name);
                one.name = masked.unwrap_or_else(|| Sealed::new(name).masked(Mask::Phone));
            }
        }
        _ => {}
    }
}

fn note((name, (kind, count)): (String, (Kind, usize))) -> String {
    let what = match kind {
        Kind::Name => "names of people",
        Kind::Label => "who needs help or has which label",
        Kind::Telephone => "telephone numbers",
        Kind::Identity => "identity numbers",
    };
    format!(
        "attribute {name:?}: {what} in {} left out, for everybody sees the base map; people belong \
         into a register (docs/registries.md), where they are sealed",
        counted(count, "value", "values")
    )
}

fn attributes_mut(entity: &mut Entity) -> Option<&mut Attributes> {
    match entity {
        Entity::Building(one) => Some(&mut one.attributes),
        Entity::Object(one) => Some(&mut one.attributes),
        _ => None,
    }
}

fn attributes_of(entity: &Entity) -> Option<&Attributes> {
    match entity {
        Entity::Building(one) => Some(&one.attributes),
        Entity::Object(one) => Some(&one.attributes),
        _ => None,
    }
}

/// What a value tells of somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Name,
    Label,
    Telephone,
    Identity,
}

impl Kind {
    const fn is_number(self) -> bool {
        matches!(self, Self::Telephone | Self::Identity)
    }
}

/// What the values of a column look like.
#[derive(Default)]
struct Column {
    says: Says,
    values: usize,
    mobiles: usize,
    identities: usize,
    /// The first seven digits of what looks like a mobile number.
    fronts: HashSet<String>,
}

impl Column {
    fn count(&mut self, text: &str) {
        self.values += 1;
        if let Some(mobile) = as_mobile(text) {
            self.mobiles += 1;
            self.fronts.insert(mobile[..7].to_owned());
        }
        self.identities += usize::from(is_identity(text));
    }

    /// Whether its numbers are telephones and no codes.
    fn holds_mobiles(&self) -> bool {
        let is_most = self.mobiles as f64 >= MOBILES_SHARE * self.values as f64;
        is_most && self.mobiles > 0 && !self.holds_codes()
    }

    /// Whether what looks like mobile numbers are codes, which begin alike.
    fn holds_codes(&self) -> bool {
        self.mobiles >= COUNTED_FROM
            && (self.fronts.len() == 1 || self.fronts.len() * 4 <= self.mobiles)
    }

    fn holds_identities(&self) -> bool {
        self.identities > 0 && self.identities as f64 >= IDENTITIES_SHARE * self.values as f64
    }
}

/// The columns of a file, by name, and what its things are called.
#[derive(Default)]
struct Columns {
    by_name: HashMap<String, Column>,
    names: Column,
}

impl Columns {
    fn look(&mut self, attributes: Option<&Attributes>) {
        for (name, value) in attributes.into_iter().flatten() {
            let Some(text) = text_of(value) else { continue };
            if !self.by_name.contains_key(name) {
                let says = says(name);
                let column = Column {
                    says,
                    ..Column::default()
                };
                self.by_name.insert(name.clone(), column);
            }
            let Some(column) = self.by_name.get_mut(name) else {
                continue;
            };
            column.count(&text);
        }
    }

    /// What a value tells of somebody; `None` of what may stand open.
    fn kind(
        &self,
        name: &str,
        value: &Value,
        (is_public, usage): (bool, Option<Usage>),
    ) -> Option<Kind> {
        let Some(text) = text_of(value) else {
            return self.within(name, value, (is_public, usage));
        };
        let own;
        let column = match self.by_name.get(name) {
            Some(column) => column,
            None => {
                own = Column {
                    says: says(name),
                    ..Column::default()
                };
                &own
            }
        };
        let digits = text.chars().filter(char::is_ascii_digit).count();
        let is_open = |of_somebody: bool| {
            let is_used =
                usage.is_some_and(|usage| !matches!(usage, Usage::Unknown | Usage::Residential));
            !of_somebody && (is_public || is_used && !holds_mobile(&text))
        };
        match column.says {
            Says::Name if is_somebody(&text) => Some(Kind::Name),
            Says::Label => is_labelled(&text).then_some(Kind::Label),
            Says::Note if holds_mobile(&text) => Some(Kind::Telephone),
            Says::Note if holds_identity(&text) => Some(Kind::Identity),
            Says::Note if names_somebody(&text) => Some(Kind::Name),
            Says::Identity if digits >= IDENTITY_SIGNS => Some(Kind::Identity),
            Says::Telephone { of_somebody } if digits >= TELEPHONE_DIGITS => {
                (!is_open(of_somebody)).then_some(Kind::Telephone)
            }
            Says::Telephone { .. } => None,
            _ if is_identity(&text) && column.holds_identities() => Some(Kind::Identity),
            _ if as_mobile(&text).is_some() => column.holds_mobiles().then_some(Kind::Telephone),
            _ if text.chars().any(char::is_alphabetic) && holds_mobile(&text) => {
                (!is_public).then_some(Kind::Telephone)
            }
            _ if text.chars().any(char::is_alphabetic) && holds_identity(&text) => {
                Some(Kind::Identity)
            }
            _ => None,
        }
    }

    /// What a name tells of somebody: a number is nobody's name, and no house's.
    fn kind_of_name(&self, text: &str, is_public: bool) -> Option<Kind> {
        let plain: String = text.chars().map(half_width).collect();
        let plain = plain.trim();
        if as_mobile(plain).is_some() {
            return (!self.names.holds_codes()).then_some(Kind::Telephone);
        }
        if holds_identity(plain) {
            return Some(Kind::Identity);
        }
        let is_telephone = holds_mobile(plain) || is_landline(plain);
        (is_telephone && !is_public).then_some(Kind::Telephone)
    }

    /// What lists and members inside a value tell, each under its own name or that of the whole.
    fn within(&self, name: &str, value: &Value, place: (bool, Option<Usage>)) -> Option<Kind> {
        match value {
            Value::Array(list) => list.iter().find_map(|one| self.kind(name, one, place)),
            Value::Object(members) => members.iter().find_map(|(own, one)| {
                let told = self.kind(own, one, place);
                told.or_else(|| self.kind(name, one, place))
            }),
            _ => None,
        }
    }
}

/// A value as text with half-width signs; `None` of what is none, or a list.
fn text_of(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.chars().map(half_width).collect(),
        Value::Bool(is_so) => is_so.to_string(),
        Value::Number(number) => match number.as_f64() {
            // Programs write whole numbers as 13812345678.0.
            Some(float) if number.as_u64().is_none() && float.fract() == 0.0 => {
                format!("{float:.0}")
            }
            _ => number.to_string(),
        },
        _ => return None,
    };
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn codes_that_begin_alike_are_no_telephones() {
        let column = |values: &[&str]| {
            let mut columns = Columns::default();
            for value in values {
                let attributes: Attributes = [("x".to_owned(), Value::from(*value))].into();
                columns.look(Some(&attributes));
            }
            columns.by_name.remove("x").unwrap().holds_mobiles()
        };
        assert!(column(&["13812345678", "15900000001", "18611112222"]));
        assert!(column(&["13812345678", ""]));
        assert!(!column(&["15000000001", "15000000002", "15000000003"]));
        assert!(!column(&["13812345678", "1", "2", "3"]));
    }

    proptest! {
        #[test]
        fn any_value_is_looked_at_without_fear(text in "\\PC*|[0-9+ x.-]*", number: f64) {
            let told = [Value::from(text), Value::from(number)].iter().filter_map(text_of).count();
            prop_assert!(told <= 2);
        }
    }
}
