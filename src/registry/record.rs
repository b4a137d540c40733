//! A resident's record as what registers say of a person, and back. What was decided stands in the
//! record; what the register says itself is kept with the decision. Used by the import of registers
//! and by deciding conflicts. Never shows a value.

use std::collections::BTreeMap;

use crate::base::{Clearance, HouseholdId, ImportId, ResidentId, Sealed, SealedList};
use crate::model::{
    Further, FurtherRecord, PersonError, Resident, Source, Traits, read_sealed, to_sealed,
};

use super::merge::{HOME, Person, Statement};

/// Fields of a resident's record that are no traits, by the names under which registers tell them.
pub const OWN_FIELDS: &[&str] = &[
    "name",
    "identity_no",
    "birth_date",
    "phone",
    "address",
    "household",
    "labels",
    "contacts",
];

/// What the city has of somebody, as what registers say and what was decided.
///
/// # Errors
/// When it is locked or damaged.
pub fn person_of(one: &Resident, clearance: &Clearance) -> Result<Person, PersonError> {
    let mut values: Traits = read_sealed(one.traits.as_ref(), clearance)?;
    let further: Further = read_sealed(one.further.as_ref(), clearance)?;
    let open = |value: &Sealed| Ok::<_, PersonError>(value.try_open(clearance)?.into_owned());
    let fields = [
        ("name", Some(&one.name)),
        ("identity_no", Some(&one.identity_no)),
        ("birth_date", Some(&one.birth_date)),
        ("phone", one.phone.as_ref()),
        ("address", Some(&one.address)),
        ("contacts", one.contacts.as_ref()),
    ];
    for (field, value) in fields {
        let text = value.map(open).transpose()?;
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            values.insert(field.to_owned(), text);
        }
    }
    values.extend(
        one.household
            .map(|id| ("household".to_owned(), id.to_string())),
    );
    let labels = one.labels.try_open(clearance)?;
    if !labels.is_empty() {
        values.insert("labels".to_owned(), labels.join(";"));
    }
    // What a further register tells is not what stands.
    for field in further.filled.keys() {
        values.remove(field);
    }
    for decision in further.decisions.iter().filter(|one| one.decides != HOME) {
        match &decision.stood {
            Some(stood) => values.insert(decision.decides.clone(), stood.clone()),
            None => values.remove(&decision.decides),
        };
    }
    Ok(Person {
        stands: Statement {
            dataset: one.source.dataset.clone(),
            key: one.source.key.clone(),
            verified_on: one.verified_on.clone(),
            values,
        },
        further: further.records.into_iter().map(Statement::from).collect(),
        decisions: further.decisions,
        filled: further.filled,
    })
}

/// The record of somebody; what no register tells stays as `original` has it, the link to a dwelling
/// among it.
#[must_use]
pub fn record_of(id: ResidentId, person: &Person, original: Option<&Resident>) -> Resident {
    let values = holding(person);
    let value = |field: &str| values.get(field).map(|text| (*text).to_owned());
    let sealed = |field: &str| Sealed::new(value(field).unwrap_or_default());
    let traits: Traits = values
        .iter()
        .filter(|(name, _)| !OWN_FIELDS.contains(*name))
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    // What a further register told and no longer tells does not stay.
    let stays = |field: &str| original.filter(|_| !person.filled.contains_key(field));
    let labels = match (value("labels"), stays("labels")) {
        (Some(labels), _) => SealedList::new(labels.split(';')),
        (None, Some(original)) => original.labels.clone(),
        (None, None) => SealedList::default(),
    };
    let household = value("household").and_then(|text| text.parse::<HouseholdId>().ok());
    Resident {
        id,
        source: Source {
            dataset: person.stands.dataset.clone(),
            key: person.stands.key.clone(),
            import: original.map_or(ImportId::from_bits(0), |one| one.source.import),
        },
        household: household.or_else(|| stays("household")?.household),
        dwelling: original.and_then(|one| one.dwelling),
        name: sealed("name"),
        identity_no: sealed("identity_no"),
        birth_date: sealed("birth_date"),
        phone: value("phone").map(Sealed::new),
        labels,
        address: sealed("address"),
        verified_on: person.stands.verified_on.clone(),
        traits: to_sealed(&traits),
        contacts: value("contacts")
            .map(Sealed::new)
            .or_else(|| stays("contacts")?.contacts.clone()),
        further: to_sealed(&beside(person)),
    }
}

/// What holds of every field.
fn holding(person: &Person) -> BTreeMap<&str, &str> {
    let told = person.statements().flat_map(|one| one.values.keys());
    let decided = person.decisions.iter().filter(|one| one.decides != HOME);
    told.chain(decided.map(|one| &one.decides))
        .filter_map(|field| Some((field.as_str(), person.value(field)?)))
        .collect()
}

fn beside(person: &Person) -> Further {
    let decisions = person.decisions.iter().cloned().map(|mut one| {
        // What registers say: of a chosen dwelling they say nothing.
        one.stood = person.stands.values.get(&one.decides).cloned();
        one
    });
    Further {
        records: person.further.iter().map(FurtherRecord::from).collect(),
        decisions: decisions.collect(),
        filled: person
            .filled_from()
            .into_iter()
            .map(|(field, by)| (field.to_owned(), by.dataset.clone()))
            .collect(),
    }
}
