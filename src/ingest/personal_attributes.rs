//! What attributes of base maps tell of people: owners, telephones, identity numbers. Everybody sees a
//! building with all that its source says, so such values are left out, and it is told which. Used by
//! `convert` at the end of a file. Never looks at what a record itself needs, and never tells a value.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;

use super::personal_numbers::{as_mobile, holds_identity, holds_mobile, is_identity};
use super::personal_words::{Says, is_public_place, is_somebody, says};
use crate::base::{counted, half_width};
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

/// Takes values of people out of the attributes of things; what a person should know of it.
pub(super) fn leave_out(entities: &mut [Entity]) -> Vec<String> {
    let mut columns = Columns::default();
    for entity in &*entities {
        columns.look(attributes_of(entity));
    }
    let mut found = BTreeMap::<String, (Kind, usize)>::new();
    for entity in entities {
        let usage = match entity {
            Entity::Building(one) => Some(one.usage),
            _ => None,
        };
        let attributes = match entity {
            Entity::Building(one) => &mut one.attributes,
            Entity::Object(one) => &mut one.attributes,
            _ => continue,
        };
        if attributes.is_empty() {
            continue;
        }
        let is_public = is_public_place(attributes.keys().map(String::as_str));
        let kind_of = |name: &String, value: &Value| columns.kind(name, value, (is_public, usage));
        let told = attributes.iter();
        let told = told.filter_map(|(name, value)| Some((name.clone(), kind_of(name, value)?)));
        for (name, kind) in told.collect::<Vec<_>>() {
            attributes.remove(&name);
            found.entry(name).or_insert((kind, 0)).1 += 1;
        }
    }
    found.into_iter().map(note).collect()
}

fn note((name, (kind, count)): (String, (Kind, usize))) -> String {
    let what = match kind {
        Kind::Name => "names of people",
        Kind::Telephone => "telephone numbers",
        Kind::Identity => "identity numbers",
    };
    format!(
        "attribute {name:?}: {what} in {} left out, for everybody sees the base map; people belong \
         into a register (docs/registries.md), where they are sealed",
        counted(count, "value", "values")
    )
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
    Telephone,
    Identity,
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
    /// Whether its numbers are telephones and no codes, which begin alike.
    fn holds_mobiles(&self) -> bool {
        let is_code = self.mobiles >= COUNTED_FROM
            && (self.fronts.len() == 1 || self.fronts.len() * 4 <= self.mobiles);
        self.mobiles as f64 >= MOBILES_SHARE * self.values as f64 && self.mobiles > 0 && !is_code
    }

    fn holds_identities(&self) -> bool {
        self.identities > 0 && self.identities as f64 >= IDENTITIES_SHARE * self.values as f64
    }
}

/// The columns of a file, by name.
#[derive(Default)]
struct Columns(HashMap<String, Column>);

impl Columns {
    fn look(&mut self, attributes: Option<&Attributes>) {
        for (name, value) in attributes.into_iter().flatten() {
            let Some(text) = text_of(value) else { continue };
            if !self.0.contains_key(name) {
                let says = says(name);
                let column = Column {
                    says,
                    ..Column::default()
                };
                self.0.insert(name.clone(), column);
            }
            let Some(column) = self.0.get_mut(name) else {
                continue;
            };
            column.values += 1;
            if let Some(mobile) = as_mobile(&text) {
                column.mobiles += 1;
                column.fronts.insert(mobile[..7].to_owned());
            }
            column.identities += usize::from(is_identity(&text));
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
            return self.within(value, (is_public, usage));
        };
        let own;
        let column = match self.0.get(name) {
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

    /// What lists and members inside a value tell.
    fn within(&self, value: &Value, place: (bool, Option<Usage>)) -> Option<Kind> {
        match value {
            Value::Array(list) => list.iter().find_map(|one| self.kind("", one, place)),
            Value::Object(members) => {
                let mut members = members.iter();
                members.find_map(|(name, one)| self.kind(name, one, place))
            }
            _ => None,
        }
    }
}

/// A value as text with half-width signs; `None` of what is none, or a list.
fn text_of(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.chars().map(half_width).collect(),
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
            columns.0.remove("x").unwrap().holds_mobiles()
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
