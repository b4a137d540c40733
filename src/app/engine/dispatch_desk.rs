//! The desk of a running engine: the city's table of dispatch, and how many people live where, so that
//! incidents of one grade are ordered by the people at risk. Worked out when an engine starts. Opens
//! labels to weigh, and shows none.

use std::path::Path;
use std::sync::Arc;

use crate::access;
use crate::app::tables;
use crate::base::Timestamp;
use crate::model::dispatch::RiskTable;
use crate::model::links::Links;
use crate::model::{EngineTable, Ground, KindTable, LabelRules, Labels};
use crate::rules::dispatch::{Crowd, Desk};

/// The desk of a city.
///
/// # Errors
/// When its table of dispatch or of labels cannot be used.
pub(super) fn desk(
    city: &Path,
    ground: &Ground,
    kinds: &Arc<KindTable>,
    engine: EngineTable,
    now: Timestamp,
) -> anyhow::Result<Desk> {
    let (table, labels) = (tables::dispatch(city)?, tables::labels(city)?);
    let today = now.local(ground.info.utc_offset_minutes, "%Y-%m-%d");
    let crowd = crowd(ground, table.risk(), &labels, &today);
    let desk = Desk::new(table, kinds.clone(), ground, crowd);
    Ok(desk.shelving_at_most(engine.shelve_max_ms()))
}

/// Without the key everybody counts alike.
fn crowd(ground: &Ground, risk: &RiskTable, rules: &LabelRules, today: &str) -> Crowd {
    let (links, clearance) = (Links::of(ground), access::for_keeping());
    let labels = Labels::of(ground, &links, rules, today, &clearance);
    if labels.is_none() {
        tracing::warn!(
            "people at risk are counted without labels: personal values are locked; give the engine \
             the city's key"
        );
    }
    let homes = ground.dwellings.keys().map(|home| {
        let mut people = [0_u32; 2];
        for one in links.residents.get(*home) {
            let has = |label: &str| labels.as_ref().is_some_and(|all| all.has(one, label));
            let weights = risk.weights.iter().filter(|(label, _)| has(label));
            let weight = weights.map(|(_, weight)| *weight).max().unwrap_or(1);
            people = [people[0] + 1, people[1].saturating_add(weight)];
        }
        (*home, people)
    });
    homes.filter(|(_, [heads, _])| *heads > 0).collect()
}
