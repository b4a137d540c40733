//! `conflicts`: the fields on which registers of people differ and nobody has decided: how many, and
//! the records that the asker may see, each value opened or masked. `decide` looks for its people
//! here too. Never decides anything.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;
use clap::Args;
use serde::Serialize;

use crate::app::language::Language;
use crate::base::{AreaId, PersonalField, ResidentId, Sealed, Shown, Subject};
use crate::model::query::Suppressed;
use crate::model::{Contact, EntityKind, EntityRef, told_among};
use crate::registry::address::CityNames;
use crate::registry::merge::{HOME, Person};
use crate::registry::record::person_of;

use super::opened::Opened;
use super::rows::{count_cell, table};

/// On what registers of people differ, and nobody has decided.
#[derive(Debug, Args)]
pub(super) struct Conflicts {
    /// Only in this area, by code, name or id.
    #[arg(long = "in", value_name = "AREA")]
    within: Option<String>,
    /// Only this field: name, birth_date, phone, address, household, a trait …
    #[arg(long, value_name = "FIELD")]
    field: Option<String>,
    /// Most records to list.
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
}

/// Somebody on whom registers differ.
pub(super) struct Contested {
    pub id: ResidentId,
    /// The smallest area that the record stands in.
    pub area: Option<AreaId>,
    pub person: Person,
    /// The fields that wait for somebody; none where all was decided.
    pub open: Vec<String>,
}

impl Contested {
    /// Whether a field waits for somebody to decide.
    pub fn waits(&self, field: &str) -> bool {
        self.open.iter().any(|open| open == field)
    }

    /// Whether the asker may see this person, and the field.
    pub fn may_see(&self, opened: &Opened<'_>, field: &str) -> bool {
        let area = self.area.map(AreaId::bits);
        [PersonalField::Name, kind_of(field)]
            .iter()
            .all(|kind| opened.rights().may_see(*kind, area))
    }
}

/// Whether the asker may know that registers differ on the field of somebody there: that somebody has
/// a trait at all, or whom to call for them, tells something.
pub(super) fn may_know(opened: &Opened<'_>, area: Option<AreaId>, field: &str) -> bool {
    let (kind, area) = (kind_of(field), area.map(AreaId::bits));
    let tells = matches!(kind, PersonalField::Label | PersonalField::Contact);
    let rights = opened.rights();
    rights.may_see(PersonalField::Name, area) && (!tells || rights.may_see(kind, area))
}

/// What kind of personal value a field of a register is.
pub(super) fn kind_of(field: &str) -> PersonalField {
    match field {
        "name" => PersonalField::Name,
        "phone" => PersonalField::Phone,
        "birth_date" => PersonalField::BirthDate,
        "identity_no" => PersonalField::Identity,
        "address" | "household" | HOME => PersonalField::Door,
        "contacts" => PersonalField::Contact,
        _ => PersonalField::Label,
    }
}

/// Everybody on whom registers differ or differed, in an area or everywhere, in the order of ids.
///
/// # Errors
/// When values are locked or damaged.
pub(super) fn contested(
    opened: &Opened<'_>,
    within: Option<AreaId>,
    names: &CityNames,
) -> anyhow::Result<Vec<Contested>> {
    let mut found = Vec::new();
    let residents = opened.ground().residents.values();
    for one in residents.filter(|one| one.further.is_some()) {
        let area = opened.city.area_of(EntityRef {
            kind: EntityKind::Resident,
            bits: one.id.bits(),
        });
        let is_in = |whole| area.is_some_and(|area| opened.city.areas().is_in(area, whole));
        if !within.is_none_or(is_in) {
            continue;
        }
        let person = person_of(one, &opened.clearance).with_context(|| {
            format!(
                "{}: what registers say cannot be compared; name the city's key with --key-file",
                one.id
            )
        })?;
        let conflicts = person.conflicts(names).into_iter();
        let open: Vec<String> = conflicts.map(|one| one.field).collect();
        if !open.is_empty() || !person.decisions.is_empty() {
            found.push(Contested {
                id: one.id,
                area,
                person,
                open,
            });
        }
    }
    Ok(found)
}

#[derive(Debug, Serialize)]
struct Told {
    area: Option<String>,
    /// How many people; kept back where that would tell of too few, there or elsewhere.
    people: Suppressed,
    /// How many by field; `None` for whoever may not know small counts: fields of few people, and
    /// people of few fields, would follow from each other.
    fields: Option<BTreeMap<String, usize>>,
    records: Vec<Line>,
    /// Further lines that the asker may see.
    more: usize,
}

/// One field of one person.
#[derive(Debug, Serialize)]
struct Line {
    record: String,
    name: Shown,
    area: Option<String>,
    field: String,
    told: Vec<Says>,
    /// What was decided before a register said something new.
    decided: Option<Shown>,
}

#[derive(Debug, Serialize)]
struct Says {
    register: String,
    as_of: String,
    value: Shown,
}

impl Conflicts {
    pub fn run(&self, opened: &Opened<'_>) -> anyhow::Result<()> {
        let whole = self.within.as_deref();
        let whole = whole
            .map(|name| opened.ground().area_named(name))
            .transpose()?;
        let names = CityNames::of(opened.ground());
        let below = opened
            .rights()
            .suppress_below(whole.map(|area| area.bits()));
        // What is kept back of an area depends on the others.
        let of = if below == 0 { whole } else { None };
        let mut found = contested(opened, of, &names)?;
        if let Some(field) = &self.field {
            for one in &mut found {
                one.open.retain(|open| open == field);
            }
        }
        found.retain(|one| !one.open.is_empty());
        let (people, fields) = match below {
            0 => (Suppressed::Told(found.len()), Some(by_field(&found))),
            _ => (self.told_people(opened, whole, &found), None),
        };
        let is_in = |one: &&Contested| {
            whole.is_none_or(|whole| {
                one.area
                    .is_some_and(|area| opened.city.areas().is_in(area, whole))
            })
        };
        let seen: Vec<(&Contested, &String)> = found
            .iter()
            .filter(is_in)
            .flat_map(|one| one.open.iter().map(move |field| (one, field)))
            .filter(|(one, field)| may_know(opened, one.area, field))
            .collect();
        let shown = seen.iter().take(self.limit);
        let told = Told {
            area: self.within.clone(),
            people,
            fields,
            records: shown
                .map(|(one, field)| line(opened, one, (field, &names)))
                .collect(),
            more: seen.len().saturating_sub(self.limit),
        };
        opened.print("conflicts", &told, |told| page(opened, told))
    }

    /// How many people, as whoever may not know small counts is told. How many differ on one field
    /// would tell of few beside how many differ on any.
    fn told_people(
        &self,
        opened: &Opened<'_>,
        whole: Option<AreaId>,
        found: &[Contested],
    ) -> Suppressed {
        if self.field.is_some() {
            return Suppressed::KeptBack;
        }
        let ids: BTreeSet<ResidentId> = found.iter().map(|one| one.id).collect();
        told_among(
            &opened.city,
            whole,
            &|id| ids.contains(&id),
            opened.rights(),
        )
    }
}

fn by_field(found: &[Contested]) -> BTreeMap<String, usize> {
    let mut fields = BTreeMap::new();
    for field in found.iter().flat_map(|one| &one.open) {
        *fields.entry(field.clone()).or_default() += 1;
    }
    fields
}

fn line(opened: &Opened<'_>, one: &Contested, (field, names): (&str, &CityNames)) -> Line {
    let (ground, rights) = (opened.ground(), opened.rights());
    let of = Subject {
        id: &one.id,
        area: one.area.map(AreaId::bits),
    };
    let show = |value: &str| {
        let value = Sealed::new(readable(field, value));
        rights.show(kind_of(field), &value, &of)
    };
    let name = Sealed::new(one.person.value("name").unwrap_or_default());
    let told = one.person.tellers(field, names).into_iter();
    let told = told.map(|(says, value)| Says {
        register: says.dataset.clone(),
        as_of: says.verified_on.clone(),
        value: show(value),
    });
    Line {
        record: one.id.to_string(),
        name: rights.show(PersonalField::Name, &name, &of),
        area: one
            .area
            .and_then(|area| ground.areas.get(&area))
            .map(|area| area.name.clone()),
        field: field.to_owned(),
        told: told.collect(),
        decided: one.person.decision(field).map(|one| show(&one.value)),
    }
}

/// A value for people: contacts are kept as JSON.
pub(super) fn readable(field: &str, value: &str) -> String {
    let contacts = (field == "contacts").then(|| serde_json::from_str::<Vec<Contact>>(value));
    match contacts {
        Some(Ok(contacts)) => contacts
            .iter()
            .map(|one| format!("{} {} {}", one.relation, one.name, one.phone))
            .collect::<Vec<_>>()
            .join(", ")
            .trim()
            .to_owned(),
        _ => value.to_owned(),
    }
}

fn page(opened: &Opened<'_>, told: &Told) -> String {
    let people = opened.say("people", "人");
    let number = count_cell(&told.people);
    let mut cells = vec![vec![people.to_owned(), number]];
    let fields = told.fields.iter().flatten();
    cells.extend(fields.map(|(field, count)| vec![format!("  {field}"), count.to_string()]));
    let mut text = table(&cells);
    if told.people == Suppressed::KeptBack {
        text += opened.say(
            "· would tell of fewer people than may be told\n",
            "· 人数过少，不予显示\n",
        );
    }
    if told.fields.is_none() {
        text += opened.say(
            "by field only for roles that may know small counts there\n",
            "分项人数仅向可知悉小计数的角色显示\n",
        );
    }
    let mut rows = Vec::new();
    for one in &told.records {
        let mut head = vec![
            one.record.clone(),
            one.name.text.clone(),
            one.area.clone().unwrap_or_default(),
            one.field.clone(),
        ];
        let decided = one.decided.iter().map(|value| {
            let word = opened.say("decided before", "此前裁定");
            [word.to_owned(), String::new(), value.text.clone()]
        });
        let told = one
            .told
            .iter()
            .map(|one| [&one.register, &one.as_of, &one.value.text].map(Clone::clone));
        for says in told.chain(decided) {
            head.extend(says);
            rows.push(std::mem::replace(&mut head, vec![String::new(); 4]));
        }
    }
    text += &table(&rows);
    if told.more > 0 {
        text += &match opened.language() {
            Language::En => format!("… and {} more (--limit)\n", told.more),
            Language::Zh => format!("……另有 {} 条（--limit）\n", told.more),
        };
    }
    text
}
