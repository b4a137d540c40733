//! `person`: one record of a person, as the asker may see it, with what is wrong with it.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use clap::Args;
use serde::Serialize;

use crate::base::{
    AreaId, Clearance, PersonalField, ResidentId, Sealed, Shown, Subject, Timestamp,
};
use crate::model::links::home_of;
use crate::model::{Contact, EntityKind, Further, Resident, Traits, faults_of, read_sealed};

use super::conflicts::{kind_of, may_know, readable};
use super::opened::{Opened, why_closed};
use super::place::record;
use super::rows::table;

/// One record of a person, with what is wrong with it.
#[derive(Debug, Args)]
pub(super) struct Person {
    /// The resident, for example res-03f2a9c1d4e5b677.
    #[arg(value_name = "ID")]
    id: String,
}

#[derive(Debug, Serialize)]
struct Told {
    id: String,
    register: String,
    name: Shown,
    identity_no: Shown,
    birth_date: Shown,
    phone: Option<Shown>,
    address: Shown,
    home: Option<String>,
    building: Option<String>,
    area: Option<String>,
    verified_on: String,
    /// `None` for who may not see labels.
    labels: Option<Vec<String>>,
    traits: Option<Traits>,
    contacts: Option<Vec<Contact>>,
    /// What is wrong with the record; `None` while values are locked.
    faults: Option<Vec<&'static str>>,
    /// What was decided where registers differ, of fields of which the asker may know that.
    decisions: Vec<Decided>,
    /// Fields that the register does not tell and another one does, with that register.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    filled: BTreeMap<String, String>,
    /// What further registers say, field by field; `None` for who may not see all of it. With what was
    /// decided, by whom and why, for roles that read the audit.
    further: Option<Further>,
}

/// What was decided of a field.
#[derive(Debug, Serialize)]
struct Decided {
    field: String,
    value: Shown,
    /// The register whose word was taken; `None` of a value known otherwise.
    from: Option<String>,
    /// Who decided, for roles that read the audit.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    role: String,
    at: Timestamp,
}

impl Person {
    pub fn run(&self, opened: &Opened<'_>) -> anyhow::Result<()> {
        let ground = opened.ground();
        let key = record(ground, &self.id)?;
        if key.kind != EntityKind::Resident {
            bail!(
                "{} is no resident, whose ids begin with res-",
                key.id_text()
            );
        }
        let area = opened.city.area_of(key);
        let bits = area.map(|area| area.bits());
        if let Some(why) = opened.closed(PersonalField::Name, bits) {
            bail!("{}: {}", key.id_text(), why_closed(why));
        }
        let one = ground.residents.get(&ResidentId::from_bits(key.bits));
        let one = one.context("there is no such resident")?;
        let told = told(opened, one, bits);
        opened.print("person", &told, |told| page(opened, told))
    }
}

fn told(opened: &Opened<'_>, one: &Resident, area: Option<u64>) -> Told {
    let (ground, rights) = (opened.ground(), opened.rights());
    let id = one.id.to_string();
    let of = Subject { id: &id, area };
    let show = |field, sealed: &Sealed| rights.show(field, sealed, &of);
    let home = home_of(ground, one);
    let faults = faults_of(ground, one, &opened.today, &opened.clearance);
    // What is locked opens to nobody, and is on record as opened for nobody.
    let is_open = !one.labels.as_sealed().is_locked();
    let reveal = |field| is_open.then(|| rights.reveal(field, &of)).flatten();
    let label = reveal(PersonalField::Label);
    let contact = reveal(PersonalField::Contact);
    let sees_all = [
        PersonalField::Name,
        PersonalField::Phone,
        PersonalField::Identity,
    ];
    let sees_all = sees_all.iter().all(|field| rights.may_see(*field, area));
    let identity = sees_all.then(|| reveal(PersonalField::Identity)).flatten();
    // The home tells no less than the address.
    let home = home.filter(|_| reveal(PersonalField::Door).is_some());
    let building = home.and_then(|home| ground.dwellings.get(&home));
    Told {
        register: one.source.dataset.clone(),
        name: show(PersonalField::Name, &one.name),
        identity_no: show(PersonalField::Identity, &one.identity_no),
        birth_date: show(PersonalField::BirthDate, &one.birth_date),
        phone: one
            .phone
            .as_ref()
            .map(|phone| show(PersonalField::Phone, phone)),
        address: show(PersonalField::Door, &one.address),
        home: home.map(|home| home.to_string()),
        building: building.map(|home| home.building.to_string()),
        area: area.and_then(|bits| {
            let area = ground.areas.get(&crate::base::AreaId::from_bits(bits))?;
            Some(area.name.clone())
        }),
        verified_on: one.verified_on.clone(),
        labels: label.map(|_| opened.city.labels_of(one.id).unwrap_or_default()),
        traits: label.and_then(|clearance| read_sealed(one.traits.as_ref(), clearance).ok()),
        contacts: contact.and_then(|clearance| read_sealed(one.contacts.as_ref(), clearance).ok()),
        faults: faults.map(|faults| faults.iter().map(|fault| fault.as_str()).collect()),
        decisions: decisions(opened, one, &of),
        filled: filled(opened, one, area),
        further: identity.and_then(|clearance| further(opened, one, clearance)),
        id,
    }
}

/// The fields that a further register fills, with its name.
fn filled(opened: &Opened<'_>, one: &Resident, area: Option<u64>) -> BTreeMap<String, String> {
    let further = read_sealed::<Further>(one.further.as_ref(), &opened.clearance);
    let mut filled = further.unwrap_or_default().filled;
    filled.retain(|field, _| may_know(opened, area.map(AreaId::from_bits), field));
    filled
}

/// Whether the asker may know who did what, and why.
fn may_know_who(opened: &Opened<'_>) -> bool {
    opened
        .session()
        .is_some_and(|session| session.role().audits)
}

fn further(opened: &Opened<'_>, one: &Resident, clearance: &Clearance) -> Option<Further> {
    let mut further: Further = read_sealed(one.further.as_ref(), clearance).ok()?;
    if !may_know_who(opened) {
        further.decisions.clear();
    }
    Some(further)
}

fn decisions(opened: &Opened<'_>, one: &Resident, of: &Subject<'_>) -> Vec<Decided> {
    // Locked values say nothing.
    let further = read_sealed::<Further>(one.further.as_ref(), &opened.clearance);
    let all = further.unwrap_or_default().decisions.into_iter();
    let area = of.area.map(AreaId::from_bits);
    all.filter(|one| may_know(opened, area, &one.decides))
        .map(|one| Decided {
            value: opened.rights().show(
                kind_of(&one.decides),
                &Sealed::new(readable(&one.decides, &one.value)),
                of,
            ),
            field: one.decides,
            from: one.from,
            by: may_know_who(opened).then_some(one.by),
            role: one.role,
            at: one.at,
        })
        .collect()
}

fn page(opened: &Opened<'_>, told: &Told) -> String {
    let mut cells: Vec<Vec<String>> = Vec::new();
    let mut put = |en: &str, zh: &str, value: String| {
        if !value.is_empty() {
            cells.push(vec![opened.say(en, zh).to_owned(), value]);
        }
    };
    put("record", "记录", told.id.clone());
    put("register", "登记来源", told.register.clone());
    put("name", "姓名", told.name.text.clone());
    put("identity number", "身份证号", told.identity_no.text.clone());
    put("date of birth", "出生日期", told.birth_date.text.clone());
    let phone = told.phone.as_ref().map(|phone| phone.text.clone());
    put("telephone", "电话", phone.unwrap_or_default());
    put("address as given", "登记地址", told.address.text.clone());
    put("home", "房屋", told.home.clone().unwrap_or_default());
    put(
        "building",
        "建筑",
        told.building.clone().unwrap_or_default(),
    );
    put("area", "辖区", told.area.clone().unwrap_or_default());
    put("confirmed on", "核实日期", told.verified_on.clone());
    put(
        "labels",
        "标签",
        told.labels.clone().unwrap_or_default().join(", "),
    );
    let traits = told.traits.iter().flatten();
    let traits: Vec<String> = traits
        .map(|(name, value)| format!("{name} = {value}"))
        .collect();
    put("traits", "特征", traits.join(", "));
    for one in told.contacts.iter().flatten() {
        let text = format!("{} {} {}", one.relation, one.name, one.phone);
        put("emergency contact", "紧急联系人", text.trim().to_owned());
    }
    put(
        "faults",
        "问题",
        told.faults.clone().unwrap_or_default().join(", "),
    );
    for one in &told.decisions {
        let from = one.from.as_deref();
        let from = from.unwrap_or(opened.say("known otherwise", "另行核实"));
        let (field, value, at) = (&one.field, &one.value.text, opened.time(one.at));
        let by = one.by.iter().map(|by| format!("{by}, "));
        let by: String = by.collect();
        let text = format!("{field} = {value} ({from}; {by}{}, {at})", one.role);
        put("decided", "已裁定", text);
    }
    let word = opened.say("filled from", "由其他登记补全");
    let filled = told.filled.iter();
    cells.extend(filled.map(|(field, by)| vec![word.to_owned(), format!("{field} ({by})")]));
    cells.extend(further_lines(opened, told.further.as_ref()));
    table(&cells)
}

/// What further registers say, a line each.
fn further_lines(opened: &Opened<'_>, further: Option<&Further>) -> Vec<Vec<String>> {
    let Some(further) = further else {
        return Vec::new();
    };
    let says = further.records.iter().map(|one| {
        let values = one.values.iter();
        let values: Vec<String> = values
            .map(|(name, value)| format!("{name} = {value}"))
            .collect();
        let text = format!("{} {}: {}", one.dataset, one.verified_on, values.join(", "));
        let word = opened.say("another register says", "其他登记");
        vec![word.to_owned(), text]
    });
    says.collect()
}
