//! `stats`: how many, by area, squares or hexagons.

use std::collections::BTreeSet;

use anyhow::bail;
use clap::Args;
use serde::Serialize;

use crate::app::audit::Deed;
use crate::model::query::{
    Cell, CellKey, Division, Filter, KindChoice, NESTED_SIDES_M, Suppressed,
};
use crate::model::{AreaLevel, EntityKind};

use super::opened::Opened;
use super::place::FilterArgs;
use super::rows::{count_cell, table};

/// How many, by area, squares or hexagons.
#[derive(Debug, Args)]
pub(super) struct Stats {
    /// Parts: district, street, community, grid, or square:M or hexagon:M with their size in metres.
    #[arg(long, value_name = "PARTS", default_value = "community", value_parser = division)]
    by: Division,
    #[command(flatten)]
    filter: FilterArgs,
}

fn division(text: &str) -> Result<Division, String> {
    let fault = || {
        "district, street, community, grid, square:M or hexagon:M with M from 1 metre on".to_owned()
    };
    if let Some(level) = AreaLevel::from_name(text) {
        return Ok(Division::Level(level));
    }
    let (shape, size) = text.split_once(':').ok_or_else(fault)?;
    let size_m: f64 = size.parse().map_err(|_| fault())?;
    let division = match shape {
        "square" => Division::Square(size_m),
        "hexagon" => Division::Hexagon(size_m),
        _ => return Err(fault()),
    };
    division.is_usable().then_some(division).ok_or_else(fault)
}

#[derive(Serialize)]
struct Told {
    by: String,
    #[serde(flatten)]
    stats: crate::model::query::Stats,
    /// Names of the areas by id.
    #[serde(skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    names: std::collections::BTreeMap<String, String>,
}

impl Stats {
    pub fn run(&self, opened: &Opened<'_>) -> anyhow::Result<()> {
        let mut filter = self.filter.for_counting(opened)?;
        self.check_people(opened, &mut filter)?;
        if filter.asks_events_by_field() {
            let area = filter.area.map(|area| area.bits());
            if opened.rights().suppress_below(area) > 0 {
                let note = opened.say(
                    "note: under --where and sorts of a kind, events about a home are counted for roles alone that may know small counts or homes there",
                    "注：按条件或细类统计时，涉及住户的事件只向可知悉小计数或住户信息的角色计入",
                );
                eprintln!("{note}");
            }
        }
        let stats = opened.city.stats(self.by, &filter, opened.rights());
        let ids = stats.cells.iter().filter_map(|cell| match cell.cell {
            CellKey::Area(id) => Some(id),
            _ => None,
        });
        let areas = ids.filter_map(|id| opened.ground().areas.get(&id));
        let told = Told {
            by: self.parts(),
            names: areas
                .map(|one| (one.id.to_string(), one.name.clone()))
                .collect(),
            stats,
        };
        opened.tell("stats", &told, |told| page(opened, told))
    }
}

/// For whom what narrows labels down is, in refusals.
const FOR_WHOM: &str = "that is for roles that may know small counts there (docs/roles.md): from two such counts one of a few people would follow";

impl Stats {
    /// Whether people may be counted so, and puts it on record where small counts point at houses.
    /// With a label only residents are counted for whom small counts are not told: between counts
    /// of people and of their homes a small one would follow.
    fn check_people(&self, opened: &Opened<'_>, filter: &mut Filter) -> anyhow::Result<()> {
        let has_labels = !filter.labels.is_empty();
        if !has_labels && !filter.is_of_people() {
            return Ok(());
        }
        let area = filter.area.map(|area| area.bits());
        if opened.rights().suppress_below(area) == 0 {
            return self.take_exact(opened, filter);
        }
        if has_labels && filter.kinds.is_empty() {
            filter.kinds = Filter::kind(EntityKind::Resident).kinds;
        }
        self.check_differences(filter)?;
        // Of the own areas they are told exactly.
        match opened.session().is_some_and(|one| one.role().small_counts) {
            true => self.take_exact(opened, filter),
            false => Ok(()),
        }
    }

    /// Two counts that differ by one house, one narrow strip or one day tell of who lives there:
    /// nobody narrows people down at will who may not know small counts. Areas lie in areas and
    /// squares in squares, and what is kept back of one holds for all; an area that cuts squares, a
    /// second label, a condition or a sort of building would leave a rest between two counts.
    fn check_differences(&self, filter: &Filter) -> anyhow::Result<()> {
        let what = match filter.labels.is_empty() {
            true => "of people",
            false => "with --label",
        };
        if filter.asks_fields() {
            bail!("{what}, --where and sorts of a kind: {FOR_WHOM}");
        }
        if filter.labels.len() > 1 {
            bail!("more than one --label: {FOR_WHOM}");
        }
        if filter.labels.is_empty() {
            return self.check_parts(what, filter);
        }
        let is_of_residents = |one: &KindChoice| one.kind == EntityKind::Resident;
        if !filter.kinds.iter().all(is_of_residents) {
            bail!("{what}, other kinds than residents: {FOR_WHOM}");
        }
        match self.by {
            Division::Level(_) => Ok(()),
            _ => bail!("{what}, squares and hexagons: {FOR_WHOM}; ask --by an area"),
        }
    }

    /// Squares whose borders can be moved at will leave a strip between two counts.
    fn check_parts(&self, what: &str, filter: &Filter) -> anyhow::Result<()> {
        match self.by {
            Division::Level(_) => Ok(()),
            Division::Square(side_m) if NESTED_SIDES_M.contains(&side_m) => match filter.area {
                None => Ok(()),
                Some(_) => bail!(
                    "{what}, squares within --in, which the border of the area cuts: {FOR_WHOM}; ask --by an area, or leave --in out"
                ),
            },
            _ => bail!(
                "{what}, parts other than areas or squares of 100, 200, 400, 800 or 1600 m: {FOR_WHOM}"
            ),
        }
    }

    /// Puts on record that people are counted where small counts point at houses, as a list that is
    /// taken away: by parts finer than areas, or narrowed down by conditions.
    ///
    /// # Errors
    /// When it is asked without a purpose, or cannot be put on record.
    fn take_exact(&self, opened: &Opened<'_>, filter: &Filter) -> anyhow::Result<()> {
        let is_coarse =
            matches!(self.by, Division::Level(_)) && self.check_differences(filter).is_ok();
        if is_coarse {
            return Ok(());
        }
        let Some(session) = opened.session() else {
            bail!("small counts of people: {FOR_WHOM}");
        };
        if session.purpose().is_empty() {
            let purposes = session.role().purposes.join(", ");
            let known = if purposes.is_empty() {
                "none"
            } else {
                &purposes
            };
            bail!(
                "small counts of people by squares, hexagons or conditions point at houses: they are told for a purpose only, and put on record; name one with --purpose ({}: {known}), or ask --by an area",
                session.role().id
            );
        }
        let kinds = filter.kinds.iter().map(|one| one.kind.as_str().to_owned());
        let of: Vec<String> = kinds.chain(filter.labels.iter().cloned()).collect();
        let list = format!("stats by {} of {}", self.parts(), of.join("+"));
        opened.put_on_record(Deed::TookAway(&list))
    }

    /// The parts as they are named in the command.
    fn parts(&self) -> String {
        match self.by {
            Division::Level(level) => level.as_str().to_owned(),
            Division::Square(side_m) => format!("square:{side_m}"),
            Division::Hexagon(width_m) => format!("hexagon:{width_m}"),
        }
    }
}

fn page(opened: &Opened<'_>, told: &Told) -> String {
    let stats = &told.stats;
    let kinds: BTreeSet<&String> = stats.total.keys().collect();
    if kinds.is_empty() {
        return format!("{}\n", opened.say("nothing", "没有符合的记录"));
    }
    let below = stats.suppressed_below;
    let count = |count: Option<&Suppressed>| count.map_or_else(|| "0".to_owned(), count_cell);
    let name = |cell: &Cell| match cell.cell {
        CellKey::Area(id) => told.names.get(&id.to_string()).cloned().unwrap_or_default(),
        CellKey::Place(column, row) => match cell.middle {
            Some([x, y]) => format!("{column},{row} ({x:.0} {y:.0})"),
            None => format!("{column},{row}"),
        },
        CellKey::Nowhere => opened.say("elsewhere", "其他").to_owned(),
    };
    let mut cells = vec![
        std::iter::once(String::new())
            .chain(kinds.iter().map(|kind| (*kind).clone()))
            .collect::<Vec<_>>(),
    ];
    let mut by_code: Vec<&Cell> = stats.cells.iter().collect();
    by_code.sort_by_key(|cell| match cell.cell {
        CellKey::Area(id) => {
            let area = opened.ground().areas.get(&id);
            (0, area.map(|one| (&one.code, &one.name)), (0, 0))
        }
        CellKey::Place(column, row) => (0, None, (row, column)),
        CellKey::Nowhere => (1, None, (0, 0)),
    });
    for cell in by_code {
        let counts = kinds.iter().map(|kind| count(cell.counts.get(*kind)));
        cells.push(std::iter::once(name(cell)).chain(counts).collect());
    }
    let total = kinds.iter().map(|kind| count(stats.total.get(*kind)));
    let all = opened.say("all", "合计").to_owned();
    cells.push(std::iter::once(all).chain(total).collect());
    let mut text = table(&cells);
    if below > 0 && text.contains('·') {
        text += &match opened.language() {
            crate::app::language::Language::En => {
                format!("· a count below {below}, or one from which such a count would follow\n")
            }
            crate::app::language::Language::Zh => {
                format!("· 少于 {below}，或可推算出少于 {below} 的数，不予显示\n")
            }
        };
    }
    text
}
