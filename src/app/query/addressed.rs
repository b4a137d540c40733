//! What an address means, asked for as it may be written: the house as an import of registers finds
//! it, and homes for those who may know doors there. Used by every question that takes a place by
//! words, and by `search`. Opens doors to compare them and shows none but by the rights it is given.

use std::collections::BTreeSet;

use crate::app::tables;
use crate::base::{BuildingId, DwellingId, PersonalField, Rights, Shown, Subject};
use crate::model::search::{Fit, Hit};
use crate::model::{Dwelling, EntityKind, EntityRef};
use crate::registry::address::{Address, CityNames, Part};
use crate::registry::houses::Houses;
use crate::registry::match_address::{AddressIndex, Candidate, How, Outcome};

use super::opened::Opened;

/// The houses, or homes, that an address means: one, several that fit as well, or none. An address with
/// a door means its house for those who may not know doors there. A text that
/// is no whole address means nothing here, for names are found by their letters.
///
/// # Errors
/// When the city's table for matching cannot be used.
pub(super) fn hits_by_address(
    opened: &Opened<'_>,
    asked: &str,
    rights: &dyn Rights,
) -> anyhow::Result<Vec<Hit>> {
    let ground = opened.ground();
    // Names alone are known at once; all houses take their time.
    if !tells_a_house(&Address::parse(asked, &CityNames::of(ground))) {
        return Ok(Vec::new());
    }
    let houses = Houses::of(ground);
    let rules = tables::matching(opened.path())?;
    let address = houses.parse(asked);
    let found = fitting(houses.find(&address, &rules));
    let house = |one: &Candidate<BuildingId>, is_whole| house_hit(opened, one, is_whole);
    if !address.has(Part::Room) {
        let is_whole = !address.has(Part::Unit) && !address.has(Part::Floor);
        let hits = found.iter().filter_map(|one| house(one, is_whole));
        return Ok(hits.collect());
    }
    let within: BTreeSet<BuildingId> = found.iter().map(|one| one.key).collect();
    let homes = ground.dwellings.values().filter(|one| {
        // One with an address of its own is found by that, whatever its house is called.
        let may_be = one.address.is_some() || within.contains(&one.building);
        may_be && may_know(opened, one, rights)
    });
    let homes = homes.filter_map(|one| {
        let house = ground.buildings.get(&one.building);
        Some((one.id, houses.address_of(one, house, &opened.clearance)?))
    });
    let known = fitting(AddressIndex::build(homes).find(&address, &rules));
    if known.is_empty() {
        // For who may not know doors there it is the house, whether that has such a door or not.
        let closed = found.iter().filter(|one| {
            let area = opened.city.area_of(building(one.key));
            !rights.may_see(PersonalField::Door, area.map(|area| area.bits()))
        });
        return Ok(closed.filter_map(|one| house(one, false)).collect());
    }
    let hit = |one: &Candidate<DwellingId>| home_hit(opened, one, rights);
    Ok(known.iter().filter_map(hit).collect())
}

fn building(id: BuildingId) -> EntityRef {
    EntityRef {
        kind: EntityKind::Building,
        bits: id.bits(),
    }
}

fn house_hit(opened: &Opened<'_>, one: &Candidate<BuildingId>, is_whole: bool) -> Option<Hit> {
    let house = opened.ground().buildings.get(&one.key)?;
    let text = house.address.as_ref().or(house.name.as_ref())?;
    Some(Hit {
        key: building(one.key),
        by: "address",
        fit: fit_of(one, is_whole),
        text: Shown {
            text: text.clone(),
            is_masked: false,
        },
    })
}

/// Whether it tells a house and nothing that is not understood: what stands behind a house's
/// address is part of a name.
fn tells_a_house(address: &Address) -> bool {
    let has = |parts: &[Part]| parts.iter().any(|part| address.has(*part));
    has(&[Part::Road, Part::Estate])
        && has(&[Part::Number, Part::Building, Part::Lane])
        && !has(&[Part::Rest])
}

/// What an address is, or may be; nothing that contradicts it.
fn fitting<K: Copy>(outcome: Outcome<K>) -> Vec<Candidate<K>> {
    let mut found = match outcome {
        Outcome::Linked(one) => vec![one],
        Outcome::Ambiguous(several) => several,
        Outcome::Unmatched(_) => Vec::new(),
    };
    found.retain(|one| !one.contradicts);
    found
}

/// How a candidate fits: it is the same where at most way or estate is told by one of both.
fn fit_of<K>(one: &Candidate<K>, is_whole: bool) -> Fit {
    let is_place = |part| matches!(part, Part::Road | Part::Estate);
    let left_out = |how| matches!(how, How::Missing | How::Extra);
    let mut reasons = one.reasons.iter();
    match is_whole && reasons.all(|one| is_place(one.part) && left_out(one.how)) {
        true => Fit::Same,
        false => Fit::Means,
    }
}

fn may_know(opened: &Opened<'_>, home: &Dwelling, rights: &dyn Rights) -> bool {
    let area = opened.city.area_of(key_of(home.id)).map(|area| area.bits());
    rights.may_see(PersonalField::Door, area)
}

fn key_of(home: DwellingId) -> EntityRef {
    EntityRef {
        kind: EntityKind::Dwelling,
        bits: home.bits(),
    }
}

fn home_hit(opened: &Opened<'_>, one: &Candidate<DwellingId>, rights: &dyn Rights) -> Option<Hit> {
    let home = opened.ground().dwellings.get(&one.key)?;
    let key = key_of(one.key);
    let area = opened.city.area_of(key).map(|area| area.bits());
    let of = Subject { id: &one.key, area };
    Some(Hit {
        key,
        by: "door",
        fit: fit_of(one, true),
        text: rights.show(PersonalField::Door, &home.door, &of),
    })
}

/// Puts what an address means in its place among hits by their texts: before all that fit less.
pub(super) fn put_in_order(hits: &mut Vec<Hit>, by_address: Vec<Hit>) {
    for one in by_address {
        let known = hits.iter().position(|hit| hit.key == one.key);
        match known {
            Some(at) if hits[at].fit <= one.fit => continue,
            Some(at) => drop(hits.remove(at)),
            None => {}
        }
        let at = hits.iter().position(|hit| hit.fit > one.fit);
        hits.insert(at.unwrap_or(hits.len()), one);
    }
}
