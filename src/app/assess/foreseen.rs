//! Where a series goes from here, how well such forecasts held in its own past, and when its rate changed,
//! with the sentences that tell it. Never leaves out why something cannot be told.

use serde::Serialize;

use crate::base::Timestamp;
use crate::monitor::{
    Ahead, CannotFindChange, CannotForecast, Coverage, DayValue, MONTH_DAYS, RateChange, Reaching,
    Way, back_test, forecast, rate_changes,
};
use crate::portrayal::hud::signed;
use crate::portrayal::words::Lang;

/// A day in milliseconds.
const DAY_MS: i64 = 86_400_000;

/// What is foreseen of one series.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(in crate::app) struct Foreseen {
    /// The usual days ahead, as far as the series carries.
    ahead: Vec<Ahead>,
    /// When the limit is reached, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    reaching: Option<Reaching>,
    /// How often such intervals held on the series itself.
    held: Vec<Coverage>,
    /// Why nothing is foreseen.
    #[serde(skip_serializing_if = "Option::is_none")]
    cannot_forecast: Option<CannotForecast>,
    /// When the rate changed: none for a straight line.
    rate_changes: Vec<RateChange>,
    /// Why no change can be looked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    cannot_find_change: Option<CannotFindChange>,
}

impl Foreseen {
    /// Of a series of days, held against a limit where there is one.
    pub(in crate::app) fn of(series: &[DayValue], limit: Option<f64>) -> Self {
        let changes = rate_changes(series);
        let told = forecast(series);
        Self {
            ahead: told.as_ref().map(|told| told.usual()).unwrap_or_default(),
            reaching: (told.as_ref().ok().zip(limit))
                .map(|(told, limit)| told.reaching(limit, Way::Up)),
            held: match told {
                Ok(_) => back_test(series),
                Err(_) => Vec::new(),
            },
            cannot_forecast: told.err(),
            rate_changes: changes
                .as_ref()
                .map_or(Vec::new(), |told| told.changes.clone()),
            cannot_find_change: changes.err(),
        }
    }

    /// The sentences.
    pub(in crate::app) fn lines(&self, unit: &str, lang: Lang) -> Vec<String> {
        let mut lines = Vec::new();
        lines.extend(self.ahead(unit, lang));
        lines.extend(self.reaching.as_ref().and_then(|one| reaching(one, lang)));
        lines.extend(self.held(lang));
        lines.extend(self.cannot_forecast.map(|why| cannot_forecast(why, lang)));
        let changes = self.rate_changes.iter();
        lines.extend(changes.map(|one| change(one, unit, lang)));
        lines
    }

    fn ahead(&self, unit: &str, lang: Lang) -> Option<String> {
        let told = self.ahead.iter().map(|one| {
            let (days, middle) = (one.ahead_days, one.middle);
            let (low, high) = (one.most.low, one.most.high);
            match lang {
                Lang::Zh => format!("{days}天后 {middle:.2}（{low:.2} 至 {high:.2}）"),
                Lang::En => format!("in {days} d {middle:.2} ({low:.2} to {high:.2})"),
            }
        });
        let told = told.collect::<Vec<_>>().join(lang.pick("，", ", "));
        let head = match lang {
            Lang::Zh => format!("预测 {unit}，80% 区间："),
            Lang::En => format!("forecast in {unit}, 80 % intervals: "),
        };
        (!told.is_empty()).then(|| format!("{head}{told}"))
    }

    /// How the intervals of thirty days held, or of the longest that was tried.
    fn held(&self, lang: Lang) -> Option<String> {
        let tried = || self.held.iter().filter(|one| one.count > 0);
        let one = tried()
            .find(|one| one.horizon_days == 30)
            .or(tried().next_back())?;
        let percent = |share: f64| (share * 100.0).round();
        let (days, count) = (one.horizon_days, one.count);
        let held = [one.held_50, one.held_80, one.held_95].map(percent);
        let [half, most, nearly_all] = held;
        Some(match lang {
            Lang::Zh => format!(
                "回测：{days} 天预测的 50/80/95% 区间实际命中 {half}/{most}/{nearly_all}%（{count} 次）"
            ),
            Lang::En => format!(
                "back-test: intervals of 50/80/95 % over {days} days held {half}/{most}/{nearly_all} % \
                 of {count} times"
            ),
        })
    }
}

fn reaching(told: &Reaching, lang: Lang) -> Option<String> {
    let soonest = told.soonest_days?;
    let days = |days: Option<u32>| match days {
        Some(days) => days.to_string(),
        None => match lang {
            Lang::Zh => format!("超过 {}", told.looked_days),
            Lang::En => format!("over {}", told.looked_days),
        },
    };
    let (expected, latest) = (days(told.expected_days), days(told.latest_days));
    Some(match lang {
        Lang::Zh => format!("预测达到限值的天数：{expected}（{soonest} 至 {latest}）"),
        Lang::En => format!("days to the limit by forecast: {expected} ({soonest} to {latest})"),
    })
}

/// Why nothing is foreseen, in words.
pub(in crate::app) fn cannot_forecast(why: CannotForecast, lang: Lang) -> String {
    match (why, lang) {
        (CannotForecast::TooFew { values, needed }, Lang::Zh) => {
            format!("无法预测：只有 {values} 天可用，至少需要 {needed} 天")
        }
        (CannotForecast::Constant, Lang::Zh) => "无法预测：数值一直不变".to_owned(),
        (CannotForecast::TooFar { most_days, .. }, Lang::Zh) => {
            format!("无法预测：最多只能预测 {most_days} 天")
        }
        (why, Lang::En) => format!("no forecast: {why}"),
    }
}

/// "the rate changed on 2026-05-01 (4-28 to 5-6): from +0.10 to +0.62 ‰ a month".
fn change(told: &RateChange, unit: &str, lang: Lang) -> String {
    let date = |number: i32| {
        let noon = Timestamp::from_millis(i64::from(number) * DAY_MS + DAY_MS / 2);
        noon.local(0, "%Y-%m-%d")
    };
    let (day, from, to) = (
        date(told.number),
        date(told.from_number),
        date(told.to_number),
    );
    let month = |rate: f64| rate * MONTH_DAYS;
    let [was, is] = [told.before_per_day, told.after_per_day].map(|rate| signed(month(rate), 2));
    match lang {
        Lang::Zh => {
            format!("速率在 {day} 前后改变（{from} 至 {to}）：由每月 {was} 变为 {is}{unit}")
        }
        Lang::En => format!(
            "the rate changed about {day} ({from} to {to}): from {was} to {is} {unit} a month"
        ),
    }
}
