//! A record by what people call it: its id, an address, the name of a landmark, a facility or an area.
//! Used by `incident`. Takes one record or none: where several fit as well it lists them and asks.

use anyhow::bail;

use crate::app::audit::Deed;
use crate::app::language::Language;
use crate::base::plain_id;
use crate::model::query::{Filter, KindChoice};
use crate::model::search::{Fit, Hit, SearchIndex};
use crate::model::{EntityKind, EntityRef};

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

/// What may name one and the same house: itself, a landmark, what is in it.
const OF_A_HOUSE: [EntityKind; 4] = [
    EntityKind::Building,
    EntityKind::Place,
    EntityKind::Facility,
    EntityKind::Responder,
];

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
    let hits = best(opened, asked);
    if hits.is_empty() {
        bail!(
            "{asked:?} is no id, and nothing with a place is called so; pingjiang query CITY.gpkg search finds parts of names, and doors are found by roles that may know them"
        );
    }
    let Some(key) = one_of(opened, &hits) else {
        opened.put_on_record(Deed::Looked)?;
        bail!(
            "{asked:?} fits several records; name one by its id:\n{}",
            list(&hits)
        );
    };
    let (id, name) = (key.id_text(), opened.label(key));
    match opened.language() {
        Language::En => eprintln!("note: {asked:?} is taken for {id} ({name})"),
        Language::Zh => eprintln!("注：“{asked}” 按 {id}（{name}）查询"),
    }
    Ok(key)
}

/// The hits that fit best.
fn best(opened: &Opened<'_>, asked: &str) -> Vec<Hit> {
    let means = opened.means();
    let filter = Filter {
        kinds: NAMED.map(|kind| KindChoice { kind, sort: None }).to_vec(),
        ..Filter::default()
    };
    let index = SearchIndex::of(opened.ground(), &means);
    let (city, rights) = (&opened.city, opened.rights());
    let mut hits = index.search(city, asked, &filter, HITS_MAX, rights, &means);
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
    hits
}

/// The one record that hits mean: the only one, or the house of which all are names.
fn one_of(opened: &Opened<'_>, hits: &[Hit]) -> Option<EntityRef> {
    if let [hit] = hits {
        return Some(hit.key);
    }
    let house = |hit: &Hit| {
        let is_name = OF_A_HOUSE.contains(&hit.key.kind);
        let at = opened.city.place_of(hit.key).filter(|_| is_name)?;
        match hit.key.kind {
            EntityKind::Building => Some(hit.key),
            _ => opened.city.building_at(at).map(|id| EntityRef {
                kind: EntityKind::Building,
                bits: id.bits(),
            }),
        }
    };
    let (first, others) = hits.split_first()?;
    let meant = house(first)?;
    let is_same = |hit: &Hit| house(hit) == Some(meant);
    others.iter().all(is_same).then_some(meant)
}

/// The hits, one a line.
fn list(hits: &[Hit]) -> String {
    let cells = hits.iter().take(LISTED_MAX).map(|hit| {
        let kind = hit.key.kind.as_str().to_owned();
        vec![hit.key.id_text(), kind, hit.text.text.clone()]
    });
    let mut text = table(&cells.collect::<Vec<_>>()).trim_end().to_owned();
    if hits.len() > LISTED_MAX {
        text += &format!("\nand {} more (search lists them)", hits.len() - LISTED_MAX);
    }
    text
}
