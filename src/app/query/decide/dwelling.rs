//! `decide --dwelling`: links records whose address led to no dwelling, or to several, to the one that
//! somebody knows to be meant. Who chose it and why stands in the audit, and with people in the record;
//! an import of the same rows keeps it. Never links what the asker may not see, or to a home that they
//! may not see.

use anyhow::{Context, bail};

use crate::base::{BuildingId, PersonalField, Subject};
use crate::model::query::may_know_home;
use crate::model::{
    Decision, Device, Dwelling, Entity, EntityKind, EntityRef, EntityView, Event, Household,
    OfHome, Resident, Vehicle, open_place,
};
use crate::registry::merge::HOME;
use crate::registry::record::{person_of, record_of};

use super::super::opened::Opened;
use super::super::place::{key_of, record};
use super::{Decide, Told, hidden, how_to_undo, write};
use crate::app::language::Language;

impl Decide {
    /// Links the records that were named to a dwelling.
    pub(super) fn link_to(
        &self,
        opened: &Opened<'_>,
        dwelling: &str,
        template: Decision,
    ) -> anyhow::Result<()> {
        let home = home(opened, dwelling)?;
        let decision = Decision {
            value: home.id.to_string(),
            ..template
        };
        let (mut linked, mut as_before) = (Vec::new(), 0);
        let mut asked: Vec<EntityRef> = Vec::new();
        for text in &self.of {
            let key = key_of(text)?;
            if asked.contains(&key) {
                continue;
            }
            asked.push(key);
            let one = named(opened, key)?;
            match link(opened, one, home, &decision).with_context(|| key.id_text())? {
                Some(one) => linked.push(one),
                None => as_before += 1,
            }
        }
        let (of_rows, with_them) = (linked.len(), households_of(opened, &linked, home));
        let households = (!with_them.is_empty()).then_some(with_them.len());
        linked.extend(with_them);
        let mut told = Told {
            field: HOME.to_owned(),
            dry_run: self.dry_run,
            decided: of_rows,
            undecided: as_before,
            linked: None,
            households,
            hidden: None,
            id: None,
            version: None,
        };
        if !self.dry_run && !linked.is_empty() {
            for key in linked.iter().map(Entity::key) {
                reveal(opened, key);
            }
            let what = (HOME, "dwelling: chosen");
            let written = write(opened, what, decision.at, |run| {
                // Of people the decision stands in the record; of others this tells who linked them.
                for one in &mut linked {
                    if !matches!(one, Entity::Resident(_)) {
                        one.set_import(run);
                    }
                }
                linked
            })?;
            told.take(&written);
        }
        opened.tell("decide", &told, |told| page(opened, told))
    }
}

/// The households of people who are linked, where these are linked to none and have the very address:
/// what is known of one is known of the other. One that was named itself is among them already.
fn households_of(opened: &Opened<'_>, linked: &[Entity], home: &Dwelling) -> Vec<Entity> {
    let mut found: Vec<Household> = Vec::new();
    for one in linked {
        let Entity::Resident(one) = one else {
            continue;
        };
        let household = one
            .household
            .and_then(|id| opened.ground().households.get(&id));
        let waits = |known: &&Household| {
            let is_named = linked
                .iter()
                .any(|one| matches!(one, Entity::Household(one) if one.id == known.id));
            let is_found = found.iter().any(|one| one.id == known.id);
            known.dwelling.is_none() && known.address == one.address && !is_named && !is_found
        };
        if let Some(known) = household.filter(waits) {
            found.push(Household {
                dwelling: Some(home.id),
                ..known.clone()
            });
        }
    }
    found.into_iter().map(Entity::from).collect()
}

/// Whether the asker may see who a record is of, and where they live.
fn may_see(opened: &Opened<'_>, key: EntityRef) -> bool {
    let area = opened.city.area_of(key).map(|area| area.bits());
    [PersonalField::Name, PersonalField::Door]
        .iter()
        .all(|field| opened.rights().may_see(*field, area))
        && may_know_home(&opened.city, key, opened.rights())
}

fn reveal(opened: &Opened<'_>, key: EntityRef) {
    let id = key.id_text();
    let area = opened.city.area_of(key).map(|area| area.bits());
    let _ = opened
        .rights()
        .reveal(PersonalField::Door, &Subject { id: &id, area });
}

/// The dwelling that is named.
fn home<'o>(opened: &'o Opened<'_>, dwelling: &str) -> anyhow::Result<&'o Dwelling> {
    let key = record(opened.ground(), dwelling)?;
    if key.kind != EntityKind::Dwelling {
        bail!("{dwelling:?} is no dwelling, whose ids begin with dwl-");
    }
    if !may_see(opened, key) {
        bail!("{dwelling}: that home is not yours to decide about in this role and area");
    }
    let mut homes = opened.ground().dwellings.values();
    homes
        .find(|one| one.id.bits() == key.bits)
        .with_context(|| format!("there is no dwelling {dwelling} in this city"))
}

/// The record that is named. Whoever may not see it does not learn whether there is one.
fn named<'o>(opened: &'o Opened<'_>, key: EntityRef) -> anyhow::Result<EntityView<'o>> {
    let id = key.id_text();
    if !matches!(
        key.kind,
        EntityKind::Resident
            | EntityKind::Household
            | EntityKind::Device
            | EntityKind::Event
            | EntityKind::Vehicle
    ) {
        bail!("{id}: residents, households, devices, events and vehicles are linked to a dwelling");
    }
    let found = opened.ground().view(key).filter(|_| may_see(opened, key));
    found.with_context(|| {
        format!("{id}: there is no such record, or it is not yours to decide in this role and area")
    })
}

/// The record with its link; `None` where it is linked so already.
fn link(
    opened: &Opened<'_>,
    one: EntityView<'_>,
    home: &Dwelling,
    decision: &Decision,
) -> anyhow::Result<Option<Entity>> {
    match one {
        EntityView::Resident(one) => resident(opened, one, home, decision),
        EntityView::Household(one) => Ok((one.dwelling != Some(home.id)).then(|| {
            Entity::from(Household {
                dwelling: Some(home.id),
                ..one.clone()
            })
        })),
        EntityView::Device(one) => device(opened, one, home),
        EntityView::Event(one) => event(opened, one, home),
        EntityView::Vehicle(one) => vehicle(opened, one, home),
        _ => bail!("it cannot be linked to a dwelling"),
    }
}

fn resident(
    opened: &Opened<'_>,
    one: &Resident,
    home: &Dwelling,
    decision: &Decision,
) -> anyhow::Result<Option<Entity>> {
    let mut person = person_of(one, &opened.clearance)
        .context("what registers say of it cannot be read; name the city's key with --key-file")?;
    let known = person.decision(HOME).map(|one| one.value.clone());
    if one.dwelling == Some(home.id) && known.as_ref() == Some(&decision.value) {
        return Ok(None);
    }
    person.choose_home(decision.clone());
    Ok(Some(Entity::from(Resident {
        dwelling: Some(home.id),
        ..record_of(one.id, &person, Some(one))
    })))
}

/// A device or event that stands at a house is of no home elsewhere.
fn check_house(building: Option<BuildingId>, home: &Dwelling) -> anyhow::Result<()> {
    match building.filter(|id| *id != home.building) {
        Some(building) => bail!(
            "it stands at {building}, and that dwelling is in {}: correct its place in its register and import that again",
            home.building
        ),
        None => Ok(()),
    }
}

fn device(opened: &Opened<'_>, one: &Device, home: &Dwelling) -> anyhow::Result<Option<Entity>> {
    if one.is_shut() {
        bail!("its home is sealed and cannot be opened; name the city's key with --key-file");
    }
    if one.dwelling == Some(home.id) {
        return Ok(None);
    }
    check_house(one.building, home)?;
    let mut linked = one.clone();
    (linked.dwelling, linked.building) = (Some(home.id), Some(home.building));
    let house = opened.ground().buildings.get(&home.building);
    if let Some(open) = house.and_then(|one| open_place(&one.footprint, one.ground_m, linked.id)) {
        linked.hide_at(open);
    }
    Ok(Some(linked.into()))
}

fn event(opened: &Opened<'_>, one: &Event, home: &Dwelling) -> anyhow::Result<Option<Entity>> {
    if matches!(one.home, OfHome::Shut(_)) {
        bail!("it is sealed and cannot be opened; name the city's key with --key-file");
    }
    if one.dwelling == Some(home.id) {
        return Ok(None);
    }
    check_house(one.building, home)?;
    let area = opened.ground().buildings.get(&home.building);
    let linked = Event {
        dwelling: Some(home.id),
        building: Some(home.building),
        area: one.area.or_else(|| area?.area),
        home: OfHome::Yes,
        ..one.clone()
    };
    Ok(Some(linked.into()))
}

/// A vehicle is its household's, and lives where that does.
fn vehicle(opened: &Opened<'_>, one: &Vehicle, home: &Dwelling) -> anyhow::Result<Option<Entity>> {
    let households = opened.ground().households.values();
    let mut there = households.filter(|one| one.dwelling == Some(home.id));
    let household = match (there.next(), there.next()) {
        (Some(only), None) => only.id,
        (None, _) => bail!(
            "a vehicle is linked by its household, and none is linked to that dwelling: link the household first"
        ),
        _ => bail!(
            "a vehicle is linked by its household, and several are linked to that dwelling: name the right one in the register of vehicles"
        ),
    };
    Ok((one.household != Some(household)).then(|| {
        Entity::from(Vehicle {
            household: Some(household),
            ..one.clone()
        })
    }))
}

fn page(opened: &Opened<'_>, told: &Told) -> String {
    let (linked, as_before) = (told.decided, told.undecided);
    let mut text = match (opened.language(), told.dry_run) {
        (Language::En, false) => format!("dwelling: {linked} linked, {as_before} as before\n"),
        (Language::En, true) => {
            format!("dwelling: would link {linked}, leave {as_before} as they are (dry run)\n")
        }
        (Language::Zh, false) => format!("房屋：已关联 {linked} 条，{as_before} 条原已如此\n"),
        (Language::Zh, true) => format!("房屋：将关联 {linked} 条，{as_before} 条不变（试运行）\n"),
    };
    if let Some(households) = told.households {
        text += &match opened.language() {
            Language::En => format!("  {households} of their households with them\n"),
            Language::Zh => format!("  其家庭户一并关联 {households} 户\n"),
        };
    }
    text += &hidden(opened, told);
    text += &how_to_undo(opened, told);
    text
}
