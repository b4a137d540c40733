//! `quality`: how good the records of people are, by area, and which records need somebody.

use anyhow::{Context, bail};
use clap::Args;
use serde::Serialize;

use crate::access::Session;
use crate::app::quality_table::QualityTable;
use crate::base::{Closed, PersonalField, ResidentId};
use crate::model::{AreaLevel, PopulationMeasure, PopulationQuality, RecordFault};

use super::opened::{Opened, why_closed};
use super::place::how_many;
use super::rows::{count_cell, table};

/// How good the records of people are, by area.
#[derive(Debug, Args)]
pub(super) struct Quality {
    /// Level of area: district, street, community, grid.
    #[arg(long, value_name = "LEVEL", default_value = "community", value_parser = level)]
    by: AreaLevel,
    /// List the records with this fault: stale, contradictory, unmatched_address, duplicate,
    /// conflicting. Needs a role that sees names there.
    #[arg(long, value_name = "FAULT", value_parser = fault)]
    list: Option<RecordFault>,
    /// Most records to list.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = how_many)]
    limit: usize,
}

fn level(text: &str) -> Result<AreaLevel, String> {
    let known = || "district, street, community or grid".to_owned();
    AreaLevel::from_name(text).ok_or_else(known)
}

fn fault(text: &str) -> Result<RecordFault, String> {
    let found = RecordFault::ALL
        .into_iter()
        .find(|one| one.as_str() == text);
    found.ok_or_else(|| RecordFault::ALL.map(RecordFault::as_str).join(", "))
}

#[derive(Debug, Serialize)]
struct Told {
    #[serde(flatten)]
    table: QualityTable,
    #[serde(skip_serializing_if = "Option::is_none")]
    records: Option<Vec<String>>,
}

impl Quality {
    pub fn run(&self, opened: &Opened<'_>) -> anyhow::Result<()> {
        let ground = opened.ground();
        let (today, clearance) = (opened.today.as_str(), &opened.clearance);
        let quality = PopulationQuality::of(&opened.city, self.by, today, clearance);
        let quality = quality.context(
            "the records cannot be judged without the city's key; name it with --key-file",
        )?;
        let shares = quality.told(opened.rights());
        let told = Told {
            table: QualityTable::of(ground, &shares, self.by, today, opened.language()),
            records: self
                .list
                .map(|fault| self.records(opened, &quality, fault))
                .transpose()?,
        };
        opened.print("quality", &told, |told| page(opened, told))
    }

    /// The records with a fault that the asker may see.
    fn records(
        &self,
        opened: &Opened<'_>,
        quality: &PopulationQuality,
        fault: RecordFault,
    ) -> anyhow::Result<Vec<String>> {
        let has_it = quality
            .faults
            .iter()
            .filter(|(_, all)| all.contains(&fault));
        let may_see = |id: &ResidentId| {
            let key = crate::model::EntityRef {
                kind: crate::model::EntityKind::Resident,
                bits: id.bits(),
            };
            let area = opened.city.area_of(key).map(|area| area.bits());
            opened.rights().may_see(PersonalField::Name, area)
        };
        let seen: Vec<String> = has_it
            .map(|(id, _)| id)
            .filter(|id| may_see(id))
            .take(self.limit)
            .map(|id| id.to_string())
            .collect();
        // Of whom anything opens somewhere, none may be here; of everybody else none is told.
        let own = opened.session().and_then(Session::own_areas);
        let somewhere = own.map_or(Some(None), |own| own.first().map(|area| Some(*area)));
        let why = match somewhere {
            Some(area) => opened.closed(PersonalField::Name, area),
            None => Some(Closed::NoPurpose),
        };
        if let Some(why) = why {
            bail!("single records are not listed: {}", why_closed(why));
        }
        if fault == RecordFault::UnmatchedAddress && own.is_some() {
            bail!(
                "who is linked to no home lies in none of the areas that you work for: such records are listed to roles that work everywhere; the rows of a register are listed by import --unmatched"
            );
        }
        Ok(seen)
    }
}

fn page(opened: &Opened<'_>, told: &Told) -> String {
    let heads = [
        ("residents", "人口"),
        ("linked", "已关联"),
        ("confirmed", "近三年核实"),
        ("without fault", "无误"),
        ("stale", "过期"),
        ("contradictory", "自相矛盾"),
        ("duplicate", "重复"),
        ("conflicting", "多源冲突"),
    ];
    let heads = heads.map(|(en, zh)| opened.say(en, zh).to_owned());
    let mut cells = vec![
        std::iter::once(String::new())
            .chain(heads)
            .collect::<Vec<_>>(),
    ];
    let percent = |share: Option<f64>| match share {
        Some(share) => format!("{:.1} %", share * 100.0),
        None => "·".to_owned(),
    };
    for line in told.table.areas.iter().chain([&told.table.total]) {
        let residents = count_cell(&line.shares.residents);
        let mut row = vec![line.name.clone(), residents];
        let shares = PopulationMeasure::ALL.map(|measure| line.shares.share(measure));
        row.extend(shares.map(percent));
        cells.push(row);
    }
    let mut text = table(&cells);
    if text.contains('·') {
        let note = opened.say(
            "· would tell of fewer people than may be told",
            "· 人数过少，不予显示",
        );
        text += note;
        text.push('\n');
    }
    for id in told.records.iter().flatten() {
        text += id;
        text.push('\n');
    }
    text
}
