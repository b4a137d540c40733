//! Readings as text: a table for people, one with commas for programs, and notes beside it.

use crate::app::query::table;
use crate::base::{DeviceId, Timestamp};
use crate::model::{Ground, KindTable, Rollup, Spread};
use crate::portrayal::hud::device_words;
use crate::portrayal::words::{Lang, Words};

use super::Document;

/// What the device is, where it is.
pub(super) fn title(ground: &Ground, kinds: &KindTable, device: DeviceId, lang: Lang) -> String {
    let [kind, place] = device_words(ground, kinds, device, Words::of(lang));
    format!("{kind}  {place}  {device}")
}

/// The table.
pub(super) fn page(document: &Document, lang: Lang) -> String {
    let offset = document.utc_offset_minutes;
    let time = |at: Timestamp, format| at.local(offset, format);
    let unit = document.unit.as_deref().filter(|unit| !unit.is_empty());
    let unit = unit.map_or(String::new(), |unit| format!("  [{unit}]"));
    let span = [document.from, document.to].map(|at| time(at, "%Y-%m-%d %H:%M"));
    let mut text = format!("{}{unit}\n{} – {}\n", document.name, span[0], span[1]);
    if document.rollups.is_empty() && document.readings.is_empty() {
        return text + lang.pick("该时段没有读数\n", "nothing was measured in that time\n");
    }
    if !document.rollups.is_empty() {
        let format = match document.step {
            "day" => "%Y-%m-%d",
            _ => "%Y-%m-%d %H:%M",
        };
        let has_second = document.rollups.iter().any(|one| one.second.is_some());
        let mut rows = vec![rollup_heads(has_second, lang)];
        let told = document.rollups.iter();
        rows.extend(told.map(|one| rollup_row(one, time(one.at, format))));
        text += &format!("\n{}", table(&rows));
    }
    if !document.readings.is_empty() {
        text += &format!("\n{}", readings(document, lang));
    }
    text
}

fn readings(document: &Document, lang: Lang) -> String {
    let all = &document.readings;
    let time = |at: Timestamp| at.local(document.utc_offset_minutes, "%Y-%m-%d %H:%M:%S");
    let columns = [
        Some(lang.pick("设备时间", "device time")),
        Some(lang.pick("数值", "value")),
        all.iter()
            .any(|one| one.second.is_some())
            .then_some(lang.pick("第二轴", "second axis")),
        all.iter()
            .any(|one| one.temperature_c.is_some())
            .then_some("°C"),
        Some(lang.pick("收到", "arrived")),
    ];
    let mut rows = vec![columns.iter().flatten().map(ToString::to_string).collect()];
    for one in all {
        let cells = [
            Some(time(one.at)),
            Some(number(one.value)),
            Some(one.second.map(number).unwrap_or_default()),
            Some(one.temperature_c.map(number).unwrap_or_default()),
            Some(time(one.arrived)),
        ];
        let shown = cells
            .into_iter()
            .zip(&columns)
            .filter(|(_, head)| head.is_some());
        rows.push(shown.filter_map(|(cell, _)| cell).collect());
    }
    table(&rows)
}

fn rollup_heads(has_second: bool, lang: Lang) -> Vec<String> {
    let mut heads = vec![
        lang.pick("开始", "from"),
        lang.pick("次数", "count"),
        lang.pick("平均", "mean"),
        lang.pick("最小", "least"),
        lang.pick("最大", "greatest"),
    ];
    if has_second {
        heads.extend([
            lang.pick("第二轴平均", "second mean"),
            lang.pick("最小", "least"),
            lang.pick("最大", "greatest"),
        ]);
    }
    heads.into_iter().map(ToOwned::to_owned).collect()
}

fn rollup_row(one: &Rollup, at: String) -> Vec<String> {
    let spread = |of: &Spread| [of.mean, of.min, of.max].map(number);
    let mut row = vec![at, one.value.count.to_string()];
    row.extend(spread(&one.value));
    row.extend(one.second.iter().flat_map(spread));
    row
}

/// As exact as a sensor is: six digits behind the point at most, no zeros at the end.
fn number(value: f64) -> String {
    let text = format!("{value:.6}");
    let short = text.trim_end_matches('0').trim_end_matches('.');
    match short {
        "-0" => "0".to_owned(),
        _ => short.to_owned(),
    }
}

/// One line a reading or step, numbers as they are kept.
pub(super) fn csv(document: &Document) -> anyhow::Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "at",
        "step",
        "count",
        "value",
        "min",
        "max",
        "second",
        "second_min",
        "second_max",
        "temperature_c",
        "arrived",
    ])?;
    let time = |at: Timestamp| at.local(document.utc_offset_minutes, "%Y-%m-%dT%H:%M:%S%.3f%:z");
    let text = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    for one in &document.rollups {
        let second = |of: fn(&Spread) -> f64| text(one.second.as_ref().map(of));
        writer.write_record([
            time(one.at),
            document.step.to_owned(),
            one.value.count.to_string(),
            one.value.mean.to_string(),
            one.value.min.to_string(),
            one.value.max.to_string(),
            second(|of| of.mean),
            second(|of| of.min),
            second(|of| of.max),
            String::new(),
            String::new(),
        ])?;
    }
    for one in &document.readings {
        let value = one.value.to_string();
        writer.write_record([
            time(one.at),
            "raw".to_owned(),
            "1".to_owned(),
            value.clone(),
            value.clone(),
            value,
            text(one.second),
            text(one.second),
            text(one.second),
            text(one.temperature_c),
            time(one.arrived),
        ])?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

/// What somebody must know beside the numbers, on standard error.
pub(super) fn notes(document: &Document, asked_raw: bool, lang: Lang) {
    let since = document
        .raw_since
        .filter(|since| asked_raw && *since > document.from);
    if let Some(since) = since {
        let at = since.local(document.utc_offset_minutes, "%Y-%m-%d %H:%M");
        let note = match lang {
            Lang::Zh => {
                format!("注意：{at} 之前不再保存单次读数，所列为每分钟的平均、最小和最大值")
            }
            Lang::En => format!(
                "note: before {at} single readings are no longer kept; means, least and greatest \
                 values of minutes are listed"
            ),
        };
        eprintln!("{note}");
    }
    if document.too_late > 0 {
        let count = document.too_late;
        let note = match lang {
            Lang::Zh => format!("注意：有 {count} 次读数到得太晚，已计数，未计入汇总"),
            Lang::En => format!(
                "note: {count} readings came too late for their rollups; they are counted and not kept"
            ),
        };
        eprintln!("{note}");
    }
}
