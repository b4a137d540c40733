//! A record by what people call it: its id, an address, the name of a landmark, a facility or an area.
//! Used by every question about a place. Takes one record or none: where several fit as well it lists them and asks.

use anyhow::bail;

use crate::app::audit::Deed;
use crate::app::language::Language;
use crate::base::{Clearance, DwellingId, Nobody, PersonalField, Rights, Subject, plain_id};
use crate::model::query::{Filter, KindChoice};
use crate::model::search::{Fit, Hit, SearchIndex};
use crate::model::{EntityKind, EntityRef};

use super::addressed::{hits_by_address, put_in_order};
use super::opened::Opened;
use super::place::record;
use super::rows::table;

/// What stands somewhere under a name or an address; people are not called up in this way.
const NAMED: [EntityKind; 12] = [
    EntityKind::Building,
    EntityKind::Dwelling,
    EntityKind::Place,
    EntityKind::Facility,
    EntityKind::Responder,
    EntityKind::Device,
    EntityKind::Camera,
    EntityKind::Object,
    EntityKind::GroundArea,
    EntityKind::Area,
    EntityKind::Road,
    EntityKind::Water,
];

/// What may bear the name of a house: itself, a landmark, what is in it.
const OF_A_HOUSE: [EntityKind; 4] = [
    EntityKind::Building,
    EntityKind::Place,
    EntityKind::Facility,
    EntityKind::Responder,
];

/// How far from a house what bears its name may stand: before the gate, or elsewhere on its grounds.
const AT_A_HOUSE_M: f64 = 60.0;

/// Most hits that are looked at, and most that are listed.
const HITS_MAX: usize = 200;
const LISTED_MAX: usize = 8;

/// The record of this id or name; of a name it is told which record was taken.
///
/// # Errors
/// When there is none, or several fit as well: these are listed, and what that tells is put on record.
pub(super) fn record_called(opened: &Opened<'_>, asked: &str) -> anyhow::Result<EntityRef> {
    let id = plain_id(asked);
    let begins = |kind: &EntityKind| id.strip_prefix(kind.id_prefix());
    let mut rests = EntityKind::ALL.iter().filter_map(begins);
    if rests.any(|rest| rest.starts_with('-')) {
        return record(opened.ground(), asked);
    }
    let hits = best(opened, asked)?;
    if hits.is_empty() {
        bail!(
            "{asked:?} is no id, and nothing with a place is called so; pingjiang query CITY.gpkg search finds parts of names, and doors are found by roles that may know them"
        );
    }
    let Some(key) = one_of(opened, &hits) else {
        let list = list(opened, &hits);
        opened.put_on_record(Deed::Looked)?;
        bail!("{asked:?} fits several records; name one by its id:\n{list}");
    };
    let (id, name) = (key.id_text(), opened.label(key));
    let name = if name == id { key.kind.as_str() } else { &name };
    match opened.language() {
        Language::En => eprintln!("note: {asked:?} is taken for {id} ({name})"),
        Language::Zh => eprintln!("注：“{asked}” 按 {id}（{name}）查询"),
    }
    Ok(key)
}

/// The rights of who asks, for looking without showing: what is found is not opened by it.
struct Looking<'a>(&'a dyn Rights);

impl Rights for Looking<'_> {
    fn reveal(&self, _: PersonalField, _: &Subject<'_>) -> Option<&Clearance> {
        None
    }

    fn may_see(&self, field: PersonalField, area: Option<u64>) -> bool {
        self.0.may_see(field, area)
    }

    fn suppress_below(&self, area: Option<u64>) -> usize {
        self.0.suppress_below(area)
    }
}

/// The hits that fit best.
fn best(opened: &Opened<'_>, asked: &str) -> anyhow::Result<Vec<Hit>> {
    let means = opened.means();
    let filter = Filter {
        kinds: NAMED.map(|kind| KindChoice { kind, sort: None }).to_vec(),
        ..Filter::default()
    };
    let index = SearchIndex::of(opened.ground(), &means);
    let (city, rights) = (&opened.city, Looking(opened.rights()));
    let mut hits = index.search(city, asked, &filter, HITS_MAX, &rights, &means);
    put_in_order(&mut hits, hits_by_address(opened, asked, &rights)?);
    // The address of a home without its door means the house.
    hits.retain(|hit| hit.key.kind != EntityKind::Dwelling || hit.by == "door");
    if let Some(fit) = hits.iter().map(|hit| hit.fit).min() {
        hits.retain(|hit| hit.fit == fit);
    }
    // What is called after the address of its house is not meant by the address.
    let is_address = |hit: &Hit| hit.fit == Fit::Same && hit.by == "address";
    if hits.iter().any(is_address) {
        hits.retain(is_address);
    }
    Ok(hits)
}

/// The one record that hits mean: the only one, or the house of which all are names.
fn one_of(opened: &Opened<'_>, hits: &[Hit]) -> Option<EntityRef> {
    if let [hit] = hits {
        return Some(hit.key);
    }
    let is_house = |hit: &&Hit| hit.key.kind == EntityKind::Building;
    let mut houses = hits.iter().filter(is_house);
    let (Some(house), None) = (houses.next(), houses.next()) else {
        return None;
    };
    let houses = Filter::kind(EntityKind::Building);
    let is_at_it = |hit: &Hit| {
        let at = opened.city.place_of(hit.key);
        let at = at.filter(|_| OF_A_HOUSE.contains(&hit.key.kind));
        let near = at.and_then(|at| opened.city.near(at, AT_A_HOUSE_M, &houses, &Nobody).ok());
        near.is_some_and(|near| near.iter().any(|one| one.key == house.key))
    };
    hits.iter().all(is_at_it).then_some(house.key)
}

/// The hits, one a line.
fn list(opened: &Opened<'_>, hits: &[Hit]) -> String {
    let cells = hits.iter().take(LISTED_MAX).map(|hit| {
        let kind = opened.word("kind", hit.key.kind.as_str());
        vec![hit.key.id_text(), kind, text_of(opened, hit)]
    });
    let mut text = table(&cells.collect::<Vec<_>>()).trim_end().to_owned();
    if hits.len() > LISTED_MAX {
        text += &format!("\nand {} more (search lists them)", hits.len() - LISTED_MAX);
    }
    text
}

/// What is told of a hit; the door of a home is opened here, for who may know it.
fn text_of(opened: &Opened<'_>, hit: &Hit) -> String {
    let id = DwellingId::from_bits(hit.key.bits);
    let home = opened.ground().dwellings.get(&id);
    match home.filter(|_| hit.key.kind == EntityKind::Dwelling) {
        Some(home) => {
            let area = opened.city.area_of(hit.key).map(|area| area.bits());
            let of = Subject { id: &id, area };
            opened
                .rights()
                .show(PersonalField::Door, &home.door, &of)
                .text
        }
        None => hit.text.text.clone(),
    }
}
