//! `quality`: how good the records of people are, by area, and which records need somebody.

use anyhow::{Context, bail};
use clap::Args;
use serde::Serialize;

use crate::base::{PersonalField, ResidentId};
use crate::model::{AreaLevel, PopulationCounts, PopulationQuality, RecordFault};

use super::opened::Opened;
use super::rows::table;

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
    #[arg(long, value_name = "N", default_value_t = 50)]
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

/// Shares of an area; a share that would tell of too few is `None`.
#[derive(Debug, Serialize)]
struct Line {
    area: Option<String>,
    name: String,
    residents: Option<usize>,
    linked: Option<f64>,
    confirmed: Option<f64>,
    sound: Option<f64>,
    stale: Option<f64>,
    contradictory: Option<f64>,
    duplicate: Option<f64>,
    conflicting: Option<f64>,
}

#[derive(Debug, Serialize)]
struct Told {
    as_of: String,
    by: &'static str,
    areas: Vec<Line>,
    total: Line,
    #[serde(skip_serializing_if = "Option::is_none")]
    records: Option<Vec<String>>,
}

impl Quality {
    pub fn run(&self, opened: &Opened<'_>) -> anyhow::Result<()> {
        let (ground, areas) = (opened.ground(), opened.city.areas());
        let (today, clearance) = (opened.today.as_str(), &opened.clearance);
        let quality = PopulationQuality::of(ground, areas, self.by, today, clearance);
        let quality = quality.context(
            "the records cannot be judged without the city's key; name it with --key-file",
        )?;
        let below = opened.rights().suppress_below();
        let mut by_code: Vec<_> = quality.areas.iter().collect();
        by_code.sort_by_key(|(area, _)| {
            let area = area.and_then(|id| ground.areas.get(&id));
            (area.is_none(), area.map(|one| (&one.code, &one.name)))
        });
        let lines = by_code.into_iter().map(|(area, counts)| {
            let name = area
                .and_then(|id| ground.areas.get(&id))
                .map(|one| one.name.clone());
            let elsewhere = || opened.say("not placed", "未定位").to_owned();
            let id = area.map(|id| id.to_string());
            line(id, name.unwrap_or_else(elsewhere), counts, below)
        });
        let all = opened.say("all", "合计").to_owned();
        let told = Told {
            as_of: opened.today.clone(),
            by: self.by.as_str(),
            areas: lines.collect(),
            total: line(None, all, &quality.total, below),
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
        if seen.is_empty()
            && opened
                .session()
                .is_none_or(|one| one.role().opens.is_empty())
        {
            bail!("single records are personal: name a role and a purpose that may see them");
        }
        Ok(seen)
    }
}

fn line(area: Option<String>, name: String, counts: &PopulationCounts, below: usize) -> Line {
    let too_few = counts.residents > 0 && counts.residents < below;
    let share = |count: usize| {
        // Few with a fault, or few without one, would be known one by one.
        let rest = counts.residents - count;
        let tells = (count > 0 && count < below) || (rest > 0 && rest < below);
        let share = counts.share(count).filter(|_| !too_few && !tells);
        share.map(|share| (share * 1e4).round() / 1e4)
    };
    let fault = |fault| share(counts.faults.get(&fault).copied().unwrap_or(0));
    Line {
        area,
        name,
        residents: (!too_few).then_some(counts.residents),
        linked: share(counts.linked),
        confirmed: share(counts.confirmed),
        sound: share(counts.sound),
        stale: fault(RecordFault::Stale),
        contradictory: fault(RecordFault::Contradictory),
        duplicate: fault(RecordFault::Duplicate),
        conflicting: fault(RecordFault::Conflicting),
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
    for line in told.areas.iter().chain([&told.total]) {
        let residents = line
            .residents
            .map_or_else(|| "·".to_owned(), |count| count.to_string());
        let shares = [
            line.linked,
            line.confirmed,
            line.sound,
            line.stale,
            line.contradictory,
            line.duplicate,
            line.conflicting,
        ];
        let mut row = vec![line.name.clone(), residents];
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
