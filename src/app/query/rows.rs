//! Found records as rows: a table for people, objects for programs.

use serde::Serialize;

use crate::base::{PersonalField, Subject};
use crate::model::query::{Filter, Found, Suppressed, field, tells_a_home};
use crate::model::{EntityRef, EntityView};

use super::opened::Opened;

/// A found record.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    id: String,
    kind: &'static str,
    /// The value of its field `kind`, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    sort: Option<String>,
    /// What to call it; of people only the id.
    name: String,
    /// Metres; absent where no place was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    distance_m: Option<f64>,
    /// East and north in the city's CRS, metres.
    at: [f64; 2],
    /// Longitude and latitude, WGS 84.
    lon_lat: Option<[f64; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    area: Option<String>,
}

/// What was found, and whether there was more.
#[derive(Debug, Serialize)]
pub(super) struct Rows {
    /// How many there are in all.
    found: usize,
    rows: Vec<Row>,
}

impl Rows {
    /// The first `limit` of what was found. Being listed tells that somebody has a label that was
    /// asked for, and of people and what is theirs where they live: both are noted as revealed.
    pub fn of(
        opened: &Opened<'_>,
        found: &[Found],
        filter: &Filter,
        limit: usize,
        has_place: bool,
    ) -> Self {
        for one in found.iter().take(limit) {
            note_listed(opened, one.key, filter);
        }
        let rows = found
            .iter()
            .take(limit)
            .map(|one| row(opened, one, has_place));
        Self {
            found: found.len(),
            rows: rows.collect(),
        }
    }

    /// The table.
    pub fn page(&self, opened: &Opened<'_>) -> String {
        if self.rows.is_empty() {
            return format!("{}\n", opened.say("nothing", "没有符合的记录"));
        }
        let mut cells: Vec<Vec<String>> = Vec::new();
        for row in &self.rows {
            let kind = match &row.sort {
                Some(sort) => format!("{}:{sort}", row.kind),
                None => row.kind.to_owned(),
            };
            let far = row
                .distance_m
                .map_or_else(String::new, |far| format!("{far:.1} m"));
            let area = row.area.clone().unwrap_or_default();
            cells.push(vec![row.id.clone(), kind, far, row.name.clone(), area]);
        }
        let mut text = table(&cells);
        if self.found > self.rows.len() {
            let more = self.found - self.rows.len();
            text += &match opened.language() {
                crate::app::language::Language::En => format!("… and {more} more (--limit)\n"),
                crate::app::language::Language::Zh => format!("……另有 {more} 条（--limit）\n"),
            };
        }
        text
    }
}

/// Notes what being listed tells of a record.
pub(super) fn note_listed(opened: &Opened<'_>, key: EntityRef, filter: &Filter) {
    let is_home = tells_a_home(&opened.city, key);
    if filter.labels.is_empty() && !is_home {
        return;
    }
    let id = key.id_text();
    let area = opened.city.area_of(key).map(|area| area.bits());
    let of = Subject { id: &id, area };
    if !filter.labels.is_empty() {
        opened.rights().reveal(PersonalField::Label, &of);
    }
    if is_home {
        opened.rights().reveal(PersonalField::Door, &of);
    }
}

/// A count as a table has it: a dot where it is kept back.
pub(in crate::app) fn count_cell(count: &Suppressed) -> String {
    match count {
        Suppressed::Told(count) => count.to_string(),
        Suppressed::AtLeast(least) => format!("{least}+"),
        Suppressed::KeptBack => "·".to_owned(),
    }
}

/// Cells in columns.
pub(in crate::app) fn table(cells: &[Vec<String>]) -> String {
    let columns = cells.iter().map(Vec::len).max().unwrap_or(0);
    let width_of = |column: usize| {
        let of = cells.iter().filter_map(|row| row.get(column));
        of.map(|text| width(text)).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width_of).collect();
    let mut text = String::new();
    for row in cells {
        let mut line = String::new();
        for (cell, full) in row.iter().zip(&widths) {
            line += cell;
            line += &" ".repeat(full - width(cell) + 2);
        }
        text += line.trim_end();
        text.push('\n');
    }
    text
}

/// Columns that a text takes on a terminal: signs of East Asia take two.
fn width(text: &str) -> usize {
    let is_wide =
        |one: char| matches!(one as u32, 0x1100..=0x115f | 0x2e80..=0xffef | 0x2_0000..=0x3_ffff);
    text.chars().map(|one| 1 + usize::from(is_wide(one))).sum()
}

fn row(opened: &Opened<'_>, found: &Found, has_place: bool) -> Row {
    let ground = opened.ground();
    let view = ground.view(found.key);
    let sort = view.and_then(sort_of);
    let area = opened.city.area_of(found.key);
    let area = area.and_then(|area| ground.areas.get(&area));
    let millimetres = |one: f64| (one * 1e3).round() / 1e3;
    Row {
        id: found.key.id_text(),
        kind: found.key.kind.as_str(),
        sort,
        name: opened.label(found.key),
        distance_m: has_place.then(|| millimetres(found.distance_m)),
        at: found.at.map(millimetres),
        lon_lat: opened.lon_lat(found.at),
        area: area.map(|area| area.name.clone()),
    }
}

fn sort_of(view: EntityView<'_>) -> Option<String> {
    match field(view, "kind")? {
        crate::model::query::FieldValue::Text(text) => Some(text.into_owned()),
        crate::model::query::FieldValue::Number(_) => None,
    }
}
