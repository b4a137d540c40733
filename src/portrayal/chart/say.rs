//! The sentences of a chart: level with its direction, growth with its interval, limit, age. Numbers always
//! carry their unit. Never places a text.

use crate::base::Timestamp;
use crate::model::Quantity;
use crate::portrayal::hud::{ago, signed, wind};
use crate::portrayal::words::{Key, Words};

use super::{Chart, ChartEvent, ChartInput};

/// What the axis of values tells.
pub(super) fn quantity(measured: Quantity, words: &Words) -> String {
    words.get(match measured {
        Quantity::Tilt | Quantity::Distortion => Key::ChartLean,
        Quantity::Settlement => Key::ChartSettlement,
        Quantity::Crack => Key::ChartCrack,
    })
}

/// "3.12 ‰ to north-east (40°)".
pub(super) fn level(chart: &Chart, words: &Words) -> Option<String> {
    let level = chart.measured.told(chart.level?);
    if let Some(reads) = chart.reads {
        let args = [("level", level), ("reads", chart.measured.told(reads))];
        return Some(words.format(Key::ChartSince, &args));
    }
    if chart.measured != Quantity::Tilt {
        return Some(level);
    }
    let way = match chart.bearing_deg {
        Some(bearing) => {
            let args = [
                ("name", wind(words, bearing)),
                ("n", format!("{bearing:.0}")),
            ];
            words.format(Key::ChartTowards, &args)
        }
        None => words.get(Key::ChartNoBearing),
    };
    Some(format!("{level} {way}"))
}

/// "+0.25 ‰ a month ± 0.10".
pub(super) fn growth(chart: &Chart, words: &Words) -> Option<String> {
    let trend = chart.trend.as_ref()?;
    let given = [
        (
            "rate",
            format!("{} {}", signed(trend.per_month, 2), chart.measured.unit()),
        ),
        ("half", format!("{:.2}", trend.half)),
    ];
    Some(words.format(Key::CardGrowthValue, &given))
}

/// "66 % of the limit".
pub(super) fn share(chart: &Chart, words: &Words) -> Option<String> {
    let percent = format!("{:.0}", chart.share? * 100.0);
    Some(words.format(Key::CardJudgedShare, &[("share", percent)]))
}

/// "limit 10 ‰: timber frame with brick infill (set by whoever runs the city)".
pub(super) fn limit(chart: &Chart, words: &Words) -> Option<String> {
    let limit = chart.limit.as_ref()?;
    let pick = |[zh, en]: &[String; 2]| words.lang().pick(zh, en).to_owned();
    let args = [
        ("n", format!("{} {}", limit.value, chart.measured.unit())),
        ("name", pick(&limit.names)),
        ("reason", pick(&limit.status)),
    ];
    Some(words.format(Key::ChartLimit, &args))
}

/// Until when there are readings; how old the newest is.
pub(super) fn newest(input: &ChartInput) -> Vec<String> {
    let (chart, words) = (input.chart, input.words);
    let Some(newest) = chart.newest else {
        return vec![words.get(Key::DeformNoReadings)];
    };
    let time = newest.local(chart.utc_offset_minutes, "%Y-%m-%d %H:%M");
    let told = words.format(Key::DeformAsOf, &[("time", time)]);
    vec![told, age(newest, input)]
}

/// How old the newest reading is.
pub(super) fn age(newest: Timestamp, input: &ChartInput) -> String {
    ago(input.words, input.now - newest)
}

/// "moved +2.5 ‰", and that somebody looked.
pub(super) fn event(event: &ChartEvent, chart: &Chart, words: &Words) -> String {
    let unit = chart.measured.unit();
    let name = words.name("chart_event", event.kind.as_str());
    let told = format!("{name} {} {unit}", signed(event.by, 1));
    match event.is_open {
        true => told,
        false => words.format(Key::ChartLooked, &[("name", told)]),
    }
}

/// What it is called.
pub(super) fn title<'a>(chart: &'a Chart, words: &Words) -> &'a str {
    words.lang().pick(&chart.titles[0], &chart.titles[1])
}

/// What cannot be told, and why.
pub(super) fn untold<'a>(chart: &'a Chart, words: &Words) -> impl Iterator<Item = &'a str> {
    let lang = words.lang();
    chart.untold.iter().map(move |[zh, en]| lang.pick(zh, en))
}
