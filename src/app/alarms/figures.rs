//! `alarms figures`: figures of the alarms of a time, from the archive beside the city, with the
//! limits they are judged by. Never judges by itself.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::Args;
use serde::Serialize;

use crate::base::{AreaId, DeviceId, Timestamp};
use crate::model::ports::{Archive, FiguresAsked};
use crate::model::query::CityIndex;
use crate::model::{
    AlarmCount, AlarmFigures, EntityKind, EntityRef, Grade, Ground, KindTable, LabelsOfDay, Often,
    Spans,
};
use crate::portrayal::hud::device_words;
use crate::portrayal::words::{Lang, Words};

use crate::app::archive_beside::archive_beside;
use crate::app::moment::twin_at;
use crate::app::query::table;

#[derive(Debug, Args)]
pub(super) struct Asked {
    /// A month, such as 2026-05, in the city's time.
    #[arg(long, value_name = "YYYY-MM", conflicts_with_all = ["from", "to"])]
    month: Option<String>,
    /// From this time on, such as 2026-05-01T00:00:00+08:00; a day before the end otherwise.
    #[arg(long, value_name = "TIME")]
    from: Option<Timestamp>,
    /// Up to this time; the end of the log otherwise.
    #[arg(long, value_name = "TIME")]
    to: Option<Timestamp>,
    /// Only devices in this area, by code, name or id.
    #[arg(long = "in", value_name = "AREA")]
    area: Option<String>,
    /// Operator positions that share the alarms.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=100))]
    positions: u16,
}

/// A condition with its words.
#[derive(Debug, Serialize)]
struct Named {
    device: DeviceId,
    rule: Option<String>,
    kind: String,
    place: String,
    count: usize,
}

#[derive(Debug, Serialize)]
struct Document<'a> {
    city: String,
    area: Option<&'a str>,
    figures: &'a AlarmFigures,
    most_frequent: Vec<Named>,
    chattering: Vec<Named>,
}

/// The figures that are asked for, of the archive beside a city.
///
/// # Errors
/// When there is none, it cannot be read, or it holds nothing of that time.
pub(in crate::app) fn figures_of(
    city: &Path,
    ground: &Arc<Ground>,
    asked: &FiguresAsked,
) -> anyhow::Result<AlarmFigures> {
    let asked = asked.clone();
    let asked = Asked {
        month: asked.month,
        from: asked.from,
        to: asked.to,
        area: asked.area,
        positions: asked.positions,
    };
    asked.figures(city, ground)
}

impl Asked {
    pub fn run(
        &self,
        city: &Path,
        ground: &Arc<Ground>,
        kinds: &KindTable,
        (lang, json): (Lang, bool),
    ) -> anyhow::Result<()> {
        let figures = self.figures(city, ground)?;
        let words = Words::of(lang);
        let named = |all: &[Often]| -> Vec<Named> {
            let named = all.iter().map(|one| named(ground, kinds, one, words));
            named.collect()
        };
        let document = Document {
            city: city.display().to_string(),
            area: self.area.as_deref(),
            figures: &figures,
            most_frequent: named(&figures.most_frequent),
            chattering: named(&figures.chattering_most),
        };
        if json {
            println!("{}", serde_json::to_string_pretty(&document)?);
        } else {
            print!("{}", page(&document, ground.info.utc_offset_minutes, lang));
        }
        Ok(())
    }

    fn figures(&self, city: &Path, ground: &Arc<Ground>) -> anyhow::Result<AlarmFigures> {
        let mut archive = archive_beside(city)?;
        let end = twin_at(ground, city, None)?.map(|twin| twin.live().at);
        let end = end
            .filter(|at| at.millis() > 0)
            .context("the archive holds nothing yet")?;
        let (from, to) = self.span(ground.info.utc_offset_minutes, end)?;
        let to = to.min(end);
        if from >= to {
            bail!("there is nothing in that time: the log ends at {end}");
        }
        let index = CityIndex::of(Arc::clone(ground), LabelsOfDay::none());
        let area = self.area(&index)?;
        let is_counted = |device: DeviceId| is_in(&index, device, area);
        // What happened at that very moment is among the changes.
        let before = from.plus(-1);
        let begins_before = archive.batch_at(before)? > 0;
        let then = twin_at(ground, city, Some(before))?;
        let live = then.map(|twin| twin.live().clone()).unwrap_or_default();
        let mut begun = begins_before.then_some(from);
        let mut changes = Vec::new();
        archive.each_change(from, to, &mut |at, change| {
            // Before its first word the log knows of no alarm, and no time without one.
            begun.get_or_insert(at);
            if change.is_of_alarms() {
                changes.push((at, change.clone()));
            }
        })?;
        let Some(begun) = begun else {
            bail!("there is nothing in that time: the log begins after it");
        };
        let positions = usize::from(self.positions);
        let mut count = AlarmCount::new(&live, begun, positions, &is_counted);
        for (at, change) in &changes {
            count.take(*at, change);
        }
        Ok(count.figures(to))
    }

    fn area(&self, index: &CityIndex) -> anyhow::Result<Option<AreaId>> {
        let area = self.area.as_deref();
        Ok(area
            .map(|name| index.ground().area_named(name))
            .transpose()?)
    }

    fn span(&self, offset_minutes: i32, end: Timestamp) -> anyhow::Result<(Timestamp, Timestamp)> {
        const DAY_MS: i64 = 24 * 3_600_000;
        let Some(month) = &self.month else {
            let to = self.to.unwrap_or(end);
            let from = self.from.unwrap_or(to.min(end).plus(-DAY_MS));
            return Ok((from, to));
        };
        let wrong = || format!("{month:?} is no month: write it like 2026-05");
        let first: jiff::civil::Date = format!("{month}-01").parse().with_context(wrong)?;
        if month.len() != "2026-05".len() {
            bail!(wrong());
        }
        let next = first.last_of_month().tomorrow().with_context(wrong)?;
        let offset = jiff::tz::Offset::from_seconds(offset_minutes.saturating_mul(60));
        let offset = offset.context("the city's offset from UTC is none")?;
        let at = |date: jiff::civil::Date| -> anyhow::Result<Timestamp> {
            let point = offset
                .to_timestamp(date.at(0, 0, 0, 0))
                .with_context(wrong)?;
            Ok(Timestamp::from_millis(point.as_millisecond()))
        };
        Ok((at(first)?, at(next)?.plus(-1)))
    }
}

fn is_in(index: &CityIndex, device: DeviceId, area: Option<AreaId>) -> bool {
    area.is_none_or(|whole| {
        let key = EntityRef {
            kind: EntityKind::Device,
            bits: device.bits(),
        };
        let area = index.area_of(key);
        area.is_some_and(|area| index.areas().is_in(area, whole))
    })
}

fn named(ground: &Ground, kinds: &KindTable, one: &Often, words: &Words) -> Named {
    let device = one.condition.device;
    let [kind, place] = device_words(ground, kinds, device, words);
    Named {
        device,
        rule: one.condition.rule.clone(),
        kind,
        place,
        count: one.count,
    }
}

fn page(document: &Document<'_>, offset_minutes: i32, lang: Lang) -> String {
    let figures = document.figures;
    let time = |at: Timestamp| at.local(offset_minutes, "%Y-%m-%d %H:%M");
    let mut text = format!("{} – {}", time(figures.from), time(figures.to));
    text.extend(document.area.map(|area| format!("  {area}")));
    text.push('\n');
    let rows = rates(figures, lang).into_iter();
    let rows = rows.chain(nuisances(figures, lang));
    let rows = rows.chain(handling(figures, lang));
    text += &table(&rows.map(Vec::from).collect::<Vec<_>>());
    for (head, all) in [
        (
            lang.pick("最频繁", "Most frequent"),
            &document.most_frequent,
        ),
        (lang.pick("抖动", "Chattering"), &document.chattering),
    ] {
        if !all.is_empty() {
            text += &format!("\n{head}\n{}", listed(all));
        }
    }
    text
}

/// A figure: its name, the value, what it is judged by.
type Line = [String; 3];

fn line(name: &str, value: impl ToString, note: &str) -> Line {
    [name.to_owned(), value.to_string(), note.to_owned()]
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

fn rates(of: &AlarmFigures, lang: Lang) -> [Line; 4] {
    let words = Words::of(lang);
    let grades = Grade::ALL.iter().map(|grade| grade.as_str());
    let grades = grades.map(|grade| {
        let count = of.by_grade.get(grade).copied().unwrap_or(0);
        format!("{} {count}", words.name("grade", grade))
    });
    let grades: Vec<String> = grades.collect();
    let flooded = percent(of.flood_share);
    let flooded = match lang {
        Lang::Zh => format!("占时 {flooded}，应低于 1 %"),
        Lang::En => format!("of the time {flooded}; aim: under 1 %"),
    };
    let say = |zh, en| lang.pick(zh, en);
    [
        line(say("报警数", "Alarms"), of.raised, &grades.join(" · ")),
        line(
            say("每席位每小时", "Per position and hour"),
            format!("{:.1}", of.per_position_hour),
            say("可接受 6，至多 12", "acceptable 6, at most 12"),
        ),
        line(
            say("10 分钟内最多", "Most in 10 minutes"),
            of.most_in_10_min,
            say("超过 10 为报警泛滥", "more than 10 are a flood"),
        ),
        line(say("报警泛滥", "Floods"), of.floods, &flooded),
    ]
}

fn nuisances(of: &AlarmFigures, lang: Lang) -> [Line; 4] {
    let say = |zh, en| lang.pick(zh, en);
    [
        line(
            say("抖动报警", "Chattering"),
            of.chattering,
            say(
                "1 分钟内 3 次以上；应无",
                "three or more in a minute; aim: none",
            ),
        ),
        line(
            say("瞬时报警", "Fleeting"),
            of.fleeting,
            say("10 秒内恢复", "ended within 10 s"),
        ),
        line(
            say("长期报警", "Stale, most at once"),
            of.stale_most,
            say(
                "持续 24 小时以上；应少于 5",
                "active over 24 h; aim: fewer than 5",
            ),
        ),
        line(
            say("最频繁 10 项占比", "Ten most frequent"),
            percent(of.most_frequent_share),
            say("应低于 5 %", "of all; aim: under 5 %"),
        ),
    ]
}

fn handling(of: &AlarmFigures, lang: Lang) -> [Line; 5] {
    let say = |zh, en| lang.pick(zh, en);
    let drills = match lang {
        Lang::Zh => format!("演练报警 {}，不计入", of.exercise),
        Lang::En => format!("{} alarms of drills are not counted", of.exercise),
    };
    [
        line(
            say("确认用时", "Noticed"),
            of.acknowledged.count,
            &spans(of.acknowledged, lang),
        ),
        line(
            say("恢复用时", "Ended"),
            of.returned.count,
            &spans(of.returned, lang),
        ),
        line(say("未确认", "Not noticed yet"), of.unacknowledged, ""),
        line(
            say("设计抑制", "Suppressed by design"),
            of.suppressed,
            &drills,
        ),
        line(say("搁置", "Shelved"), of.shelved, &drills),
    ]
}

fn listed(all: &[Named]) -> String {
    let rows = all.iter().map(|one| {
        let rule = one.rule.clone().unwrap_or_default();
        vec![
            one.count.to_string(),
            one.kind.clone(),
            one.place.clone(),
            rule,
            one.device.to_string(),
        ]
    });
    table(&rows.collect::<Vec<_>>())
}

fn spans(of: Spans, lang: Lang) -> String {
    let (Some(median), Some(p90), Some(longest)) = (of.median_s, of.p90_s, of.longest_s) else {
        return String::new();
    };
    let seconds = |value: f64| format!("{value:.0} s");
    match lang {
        Lang::Zh => format!(
            "中位 {}，九成在 {} 内，最长 {}",
            seconds(median),
            seconds(p90),
            seconds(longest)
        ),
        Lang::En => format!(
            "median {}, nine of ten within {}, longest {}",
            seconds(median),
            seconds(p90),
            seconds(longest)
        ),
    }
}
