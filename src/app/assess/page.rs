//! Assessments as text: one sentence a sensor, with the figures it rests on, and what cannot be told; then
//! houses as a whole.

mod house;
mod told;

pub(in crate::app) use told::left_out;
#[cfg(any(feature = "view", test))]
pub(in crate::app) use told::why;

use crate::app::monitored::House;
use crate::model::{MonitorGrade, RankBy};
use crate::monitor::{Assessment, LimitStatus, MonitorTable, Quantity, REFERENCE_C, Stability};
use crate::portrayal::hud::{signed, wind};
use crate::portrayal::words::{Lang, Words};

use super::{Document, NOTE, Order, Row, Teller, is_warning};

/// A document as it is told.
pub(super) struct Page<'a> {
    document: &'a Document,
    teller: &'a Teller<'a>,
    order: Order,
    offset: i32,
    lang: Lang,
}

impl<'a> Page<'a> {
    pub(super) fn new(document: &'a Document, teller: &'a Teller<'a>, order: Order) -> Self {
        Self {
            document,
            teller,
            order,
            offset: teller.ground.info.utc_offset_minutes,
            lang: teller.lang,
        }
    }

    /// The text.
    pub(super) fn text(&self) -> String {
        let lang = self.lang;
        let mut text = self.head();
        for row in &self.document.devices {
            let grade = grade_name(row.assessment.grade, lang);
            text += &format!("\n[{grade}] {}  {}\n", row.name, row.device);
            for line in self.lines(row) {
                text += &format!("    {line}\n");
            }
        }
        let houses: Vec<_> = (self.document.houses.iter())
            .filter(|one| house::is_told(one) || is_warning(one.grade))
            .collect();
        if !houses.is_empty() || !self.document.together.is_empty() {
            text += &format!("\n{}\n", lang.pick("房屋", "Houses"));
        }
        for row in &self.document.together {
            text += &format!("{}\n", house::together(self.teller.ground, row, lang));
        }
        for one in houses {
            text += &format!("{}\n", house::head(self.teller.ground, one, lang));
            text += &self
                .reason(one)
                .map_or_else(String::new, |one| format!("    {one}\n"));
            for line in house::lines(one, lang) {
                text += &format!("    {line}\n");
            }
        }
        text
    }

    fn head(&self) -> String {
        let at = self.document.at.local(self.offset, "%Y-%m-%d %H:%M");
        let rows = &self.document.devices;
        let warned = rows.iter().filter(|row| is_warning(row.assessment.grade));
        let blind = rows.iter().filter(|row| row.assessment.grade.is_none());
        let (all, warned, blind) = (rows.len(), warned.count(), blind.count());
        let mut text = match self.lang {
            Lang::Zh => format!(
                "{at}  倾斜、沉降与裂缝传感器 {all} 个：需关注 {warned} 个，无法判断 {blind} 个\n{}\n",
                NOTE[0]
            ),
            Lang::En => format!(
                "{at}  {all} sensors of tilt, settlement and cracks: {warned} to be looked at, {blind} \
                 tell nothing\n{}\n",
                NOTE[1]
            ),
        };
        if rows.is_empty() {
            text += self.lang.pick(
                "本城没有这类传感器\n",
                "the city has no sensor of that kind\n",
            );
        }
        text
    }

    /// Why a house has its grade: what the worst of its sensors says, where it is that one.
    fn reason(&self, house: &House) -> Option<String> {
        let rows = self.document.devices.iter();
        let here = rows.filter(|row| row.building == Some(house.building));
        let worst = RankBy::Worst;
        let row = here.min_by(|one, other| worst.order(&one.rank(), &other.rank()))?;
        if row.assessment.grade < house.grade {
            return None;
        }
        let mut parts: Vec<String> = sentence(&row.assessment, self.lang).into_iter().collect();
        let share = row.assessment.share.map(|share| share * 100.0);
        parts.extend(share.map(|share| match self.lang {
            Lang::Zh => format!("占限值的 {share:.0}%"),
            Lang::En => format!("{share:.0} % of the limit"),
        }));
        let unit = row.assessment.unit;
        let sudden = row.assessment.sudden.iter();
        parts.extend(sudden.map(|one| told::sudden(one, self.offset, unit, self.lang)));
        (!parts.is_empty()).then(|| {
            let told = parts.join(self.lang.pick("；", "; "));
            format!("{}  {told}", row.device)
        })
    }

    /// The temperature that levels and days are brought to, and what a degree makes of them.
    fn warmth(&self, row: &Row) -> Option<String> {
        let response = self.teller.bank.state(row.device)?.response()?;
        let unit = row.assessment.unit;
        let [first, second] = response.per_c;
        let (per_c, lag) = (first.hypot(second), response.lag_h);
        Some(match self.lang {
            Lang::Zh => {
                format!("已换算至 {REFERENCE_C:.0} °C（每 °C {per_c:.3}{unit}，滞后 {lag} 小时）")
            }
            Lang::En => format!(
                "brought to {REFERENCE_C:.0} °C ({per_c:.3} {unit} a °C, {lag} h behind the air)"
            ),
        })
    }

    fn lines(&self, row: &Row) -> Vec<String> {
        let (assessment, lang) = (&row.assessment, self.lang);
        let table = self.teller.bank.table();
        let mut lines = Vec::new();
        lines.extend(self.before(row));
        lines.extend(limit(row, lang));
        lines.extend(left(assessment, lang));
        lines.extend((row.forecast.iter()).flat_map(|one| one.lines(assessment.unit, lang)));
        // The sentence first, then its limit, then what it rests on.
        let mut told = about(assessment, table, self.offset, lang).into_iter();
        let first: Vec<String> = told
            .by_ref()
            .take(usize::from(assessment.level.is_some()))
            .collect();
        lines = first.into_iter().chain(lines).chain(told).collect();
        lines.extend(self.warmth(row));
        lines.extend(unused(row, self.offset, lang));
        lines
    }

    /// What it was thirty days before, where that is asked for.
    fn before(&self, row: &Row) -> Option<String> {
        let is_asked = self.order == Order::NewlyWorse;
        let before = row.grade_before.filter(|_| is_asked)?;
        let (was, is) = (
            grade_name(Some(before), self.lang),
            grade_name(row.assessment.grade, self.lang),
        );
        Some(match self.lang {
            Lang::Zh => format!("三十天前：{was}，现在：{is}"),
            Lang::En => format!("thirty days before: {was}; now: {is}"),
        })
    }
}

/// What is said of a series, whatever the building: level and growth first, where there is a level.
pub(in crate::app) fn about(
    assessment: &Assessment,
    table: &MonitorTable,
    utc_offset_minutes: i32,
    lang: Lang,
) -> Vec<String> {
    let unit = assessment.unit;
    let mut lines = Vec::new();
    lines.extend(sentence(assessment, lang));
    lines.extend(rates(assessment, lang));
    lines.extend((assessment.stability).map(|told| rest(&told, table, lang)));
    let sudden = assessment.sudden.iter();
    lines.extend(sudden.map(|one| told::sudden(one, utc_offset_minutes, unit, lang)));
    let why = assessment.cannot_tell.iter();
    lines.extend(why.map(|why| told::why(why, table, utc_offset_minutes, lang)));
    lines.extend(told::before(assessment, lang));
    lines
}

/// The name of a grade.
pub(in crate::app) fn grade_name(grade: Option<MonitorGrade>, lang: Lang) -> &'static str {
    match grade {
        None => lang.pick("无法判断", "cannot tell"),
        Some(MonitorGrade::Normal) => lang.pick("正常", "normal"),
        Some(MonitorGrade::Attention) => lang.pick("关注", "attention"),
        Some(MonitorGrade::Yellow) => lang.pick("黄色", "yellow"),
        Some(MonitorGrade::Orange) => lang.pick("橙色", "orange"),
        Some(MonitorGrade::Red) => lang.pick("红色", "red"),
    }
}

/// "leans 3.1 ‰ to north-east (40°), +0.40 ‰ a month ± 0.10 over 60 days".
fn sentence(assessment: &Assessment, lang: Lang) -> Option<String> {
    let (level, unit) = (assessment.level?, assessment.unit);
    let shown = match assessment.tells_nothing() {
        true => lang.pick("最后显示：", "last shown: "),
        false => "",
    };
    let mut text = shown.to_owned();
    text += &match (assessment.quantity, lang) {
        (Quantity::Tilt | Quantity::Distortion, Lang::Zh) => format!("倾斜 {level:.2}‰"),
        (Quantity::Tilt | Quantity::Distortion, Lang::En) => format!("leans {level:.2} ‰"),
        (Quantity::Settlement, _) => settled(assessment.since_epoch, level, lang),
        (Quantity::Crack, Lang::Zh) => format!("裂缝宽 {level:.2} mm"),
        (Quantity::Crack, Lang::En) => format!("crack {level:.2} mm wide"),
    };
    if let Some(bearing) = assessment.bearing_deg {
        let way = wind(Words::of(lang), bearing);
        text += &match lang {
            Lang::Zh => format!("，偏{way}（{bearing:.0}°）"),
            Lang::En => format!(" to {way} ({bearing:.0}°)"),
        };
    } else if assessment.quantity == Quantity::Tilt {
        // An arrow that nobody can draw has its reason.
        text += lang.pick(
            "，方向不明（安装表未登记传感器朝向）",
            ", direction not known (the table monitor says not where its axes point)",
        );
    }
    if let Some(growth) = assessment.growth {
        let (half, days) = (growth.half, growth.span_days);
        let rate = signed(growth.per_month, 2);
        text += &match lang {
            Lang::Zh => format!("，每月 {rate}{unit} ± {half:.2}（{days} 天）"),
            Lang::En => format!(", {rate} {unit} a month ± {half:.2} over {days} days"),
        };
    }
    text += &told::because(assessment, lang).unwrap_or_default();
    Some(text)
}

/// What a point settled: since its epoch, as everywhere; what its instrument reads counts from wherever it
/// was set to nought.
fn settled(since_epoch: Option<f64>, reads: f64, lang: Lang) -> String {
    match (since_epoch, lang) {
        (Some(mm), Lang::Zh) => format!("自起算月沉降 {mm:.1} mm（仪器读数 {reads:.1} mm）"),
        (Some(mm), Lang::En) => {
            format!("settled {mm:.1} mm since its first month (instrument {reads:.1} mm)")
        }
        (None, Lang::Zh) => format!("仪器读数 {reads:.1} mm，尚无起算值"),
        (None, Lang::En) => format!("instrument {reads:.1} mm, and no first month yet"),
    }
}

/// "31 % of the configured limit 10 ‰ (timber frame with brick infill; set by whoever runs the city)".
fn limit(row: &Row, lang: Lang) -> Option<String> {
    let unit = row.assessment.unit;
    let (_, limit) = row.assessment.limit.as_ref()?;
    let share = row.assessment.share? * 100.0;
    let [zh, en] = row.limit_names.as_ref()?;
    let status = status_name(row.limit_status?, lang);
    let source = row.limit_source.as_deref().unwrap_or_default();
    Some(match lang {
        Lang::Zh => format!("占配置限值 {limit}{unit} 的 {share:.0}%（{zh}，{status}）"),
        Lang::En => format!(
            "{share:.0} % of the configured limit {limit} {unit} ({en}; {status}: {source})"
        ),
    })
}

/// How a limit is known, in words.
pub(in crate::app) fn status_name(status: LimitStatus, lang: Lang) -> &'static str {
    match status {
        LimitStatus::Published => lang.pick("公开资料", "from published sources"),
        LimitStatus::Believed => lang.pick("未核对标准原文", "not confirmed against the standard"),
        LimitStatus::Own => lang.pick("自定", "set by whoever runs the city"),
    }
}

/// The rates of all windows, each with its interval: of a lean its size, of a length with its sign.
fn rates(assessment: &Assessment, lang: Lang) -> Option<String> {
    let is_lean = assessment.quantity == Quantity::Tilt;
    let told = assessment.rates.iter().map(|rate| {
        let (mut size, mut low, mut high) = (rate.size, rate.low, rate.high);
        if !is_lean {
            let half = rate.half();
            size = rate.per_month[0];
            (low, high) = (size - half, size + half);
        }
        let days = rate.span_days;
        match lang {
            Lang::Zh => format!("{days}天 {size:.2}（{low:.2} 至 {high:.2}）"),
            Lang::En => format!("{days} d {size:.2} ({low:.2} to {high:.2})"),
        }
    });
    let told = told.collect::<Vec<_>>().join(lang.pick("，", ", "));
    let unit = assessment.unit;
    let head = match lang {
        Lang::Zh => format!("速率 {unit}/月，95% 区间："),
        Lang::En => format!("rates in {unit} a month, 95 % intervals: "),
    };
    (!told.is_empty()).then(|| format!("{head}{told}"))
}

fn left(assessment: &Assessment, lang: Lang) -> Option<String> {
    let left = assessment.days_to_limit?;
    // Beyond a decade the figure says nothing.
    if left.soonest > 3_653.0 {
        return None;
    }
    let days = |days: Option<f64>| match days {
        Some(days) if days <= 3_653.0 => format!("{days:.0}"),
        _ => lang.pick("十年以上", "over ten years").to_owned(),
    };
    let (soonest, expected, latest) = (
        days(Some(left.soonest)),
        days(left.expected),
        days(left.latest),
    );
    Some(match lang {
        Lang::Zh => format!("按此速率到限值的天数：{expected}（{soonest} 至 {latest}）"),
        Lang::En => format!("days to the limit at this rate: {expected} ({soonest} to {latest})"),
    })
}

/// Whether it is at rest.
fn rest(stability: &Stability, table: &MonitorTable, lang: Lang) -> String {
    let (needed, limit) = (table.settlement.stable_days, table.settlement.stable_mm_day);
    match (stability, lang) {
        (Stability::AtRest { mm_day }, Lang::Zh) => format!("已稳定：每天 {mm_day:+.3} mm"),
        (Stability::AtRest { mm_day }, Lang::En) => format!("at rest: {mm_day:+.3} mm a day"),
        (Stability::Moving { mm_day }, Lang::Zh) => format!("未稳定：每天 {mm_day:+.3} mm"),
        (Stability::Moving { mm_day }, Lang::En) => format!("moving: {mm_day:+.3} mm a day"),
        (Stability::Unsure { days }, Lang::Zh) if *days < needed => {
            format!("是否稳定尚不能判断：只有 {days} 天，需要 {needed} 天")
        }
        (Stability::Unsure { days }, Lang::En) if *days < needed => {
            format!("whether it is at rest cannot be told yet: {days} days, and it takes {needed}")
        }
        (Stability::Unsure { .. }, Lang::Zh) => format!(
            "是否稳定不能判断：近 {needed} 天速率的区间太宽，可能高于也可能低于每天 {limit} mm"
        ),
        (Stability::Unsure { .. }, Lang::En) => format!(
            "whether it is at rest cannot be told: the interval of its rate over {needed} days is too \
             wide, it may be above {limit} mm a day or below"
        ),
    }
}

/// How many readings it rests on, and how many could not be used.
fn unused(row: &Row, offset: i32, lang: Lang) -> Option<String> {
    let last = row.last?.local(offset, "%Y-%m-%d %H:%M");
    let (used, left_out) = (row.readings, row.assessment.unused.count());
    let mut text = match lang {
        Lang::Zh => format!("读数 {used} 个，最新 {last}；未采用 {left_out} 个"),
        Lang::En => format!("{used} readings, the newest of {last}; {left_out} left out"),
    };
    text += &told::why_left_out(&row.assessment, lang);
    Some(text)
}

#[cfg(test)]
mod tests;
