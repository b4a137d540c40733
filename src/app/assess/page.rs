//! Assessments as text: one sentence a sensor, with the figures it rests on, and what cannot be told.

use crate::monitor::{Assessment, CannotTell, Jump, MonitorGrade, MonitorTable, Sudden, TiltUnit};
use crate::portrayal::words::{Lang, Words};

use super::{Document, NOTE, Row, is_warning};

/// The page.
pub(super) fn page(
    document: &Document,
    table: &MonitorTable,
    utc_offset_minutes: i32,
    lang: Lang,
) -> String {
    let at = document.at.local(utc_offset_minutes, "%Y-%m-%d %H:%M");
    let rows = &document.devices;
    let warned = rows.iter().filter(|row| is_warning(row.assessment.grade));
    let blind = rows.iter().filter(|row| row.assessment.grade.is_none());
    let (all, warned, blind) = (rows.len(), warned.count(), blind.count());
    let mut text = match lang {
        Lang::Zh => format!(
            "{at}  倾斜传感器 {all} 个：需关注 {warned} 个，无法判断 {blind} 个\n{}\n",
            NOTE[0]
        ),
        Lang::En => format!(
            "{at}  {all} tilt sensors: {warned} to be looked at, {blind} tell nothing\n{}\n",
            NOTE[1]
        ),
    };
    if rows.is_empty() {
        text += lang.pick("本城没有倾斜传感器\n", "the city has no tilt sensor\n");
    }
    for row in rows {
        let grade = grade(row.assessment.grade, lang);
        text += &format!("\n[{grade}] {}  {}\n", row.name, row.device);
        for line in lines(row, table, utc_offset_minutes, lang) {
            text += &format!("    {line}\n");
        }
    }
    text
}

fn grade(grade: Option<MonitorGrade>, lang: Lang) -> &'static str {
    match grade {
        None => lang.pick("无法判断", "cannot tell"),
        Some(MonitorGrade::Normal) => lang.pick("正常", "normal"),
        Some(MonitorGrade::Attention) => lang.pick("关注", "attention"),
        Some(MonitorGrade::Yellow) => lang.pick("黄色", "yellow"),
        Some(MonitorGrade::Orange) => lang.pick("橙色", "orange"),
        Some(MonitorGrade::Red) => lang.pick("红色", "red"),
    }
}

fn lines(row: &Row, table: &MonitorTable, offset: i32, lang: Lang) -> Vec<String> {
    let assessment = &row.assessment;
    let mut lines = Vec::new();
    lines.extend(sentence(assessment, lang));
    lines.extend(limit(row, lang));
    lines.extend(rates(assessment, lang));
    lines.extend(left(assessment, lang));
    lines.extend((assessment.sudden).map(|sudden| told_sudden(&sudden, offset, lang)));
    lines.extend((assessment.cannot_tell.iter()).map(|why| told_why(why, table, lang)));
    lines.extend(unused(row, offset, lang));
    lines
}

/// "leans 3.1 ‰ to north-east (40°), +0.40 ‰ a month ± 0.10 over 60 days".
fn sentence(assessment: &Assessment, lang: Lang) -> Option<String> {
    let lean = assessment.lean_permille?;
    let mut text = match lang {
        Lang::Zh => format!("倾斜 {lean:.2}‰"),
        Lang::En => format!("leans {lean:.2} ‰"),
    };
    if let Some(bearing) = assessment.bearing_deg {
        let eighth = (bearing / 45.0).round() as usize % 8;
        let way = Words::of(lang).name("compass", &eighth.to_string());
        text += &match lang {
            Lang::Zh => format!("，偏{way}（{bearing:.0}°）"),
            Lang::En => format!(" to {way} ({bearing:.0}°)"),
        };
    }
    if let Some(growth) = assessment.growth {
        let (rate, half, days) = (growth.permille_month, growth.half, growth.span_days);
        text += &match lang {
            Lang::Zh => format!("，每月 {rate:+.2}‰ ± {half:.2}（{days} 天）"),
            Lang::En => format!(", {rate:+.2} ‰ a month ± {half:.2} over {days} days"),
        };
    }
    Some(text)
}

fn limit(row: &Row, lang: Lang) -> Option<String> {
    let (_, limit) = row.assessment.limit.as_ref()?;
    let share = row.assessment.share? * 100.0;
    let source = row.limit_source.as_deref().unwrap_or_default();
    Some(match lang {
        Lang::Zh => format!("占配置限值 {limit}‰ 的 {share:.0}%（{source}）"),
        Lang::En => format!("{share:.0} % of the configured limit {limit} ‰ ({source})"),
    })
}

/// The rates of all windows: size, and its interval.
fn rates(assessment: &Assessment, lang: Lang) -> Option<String> {
    let told = assessment.rates.iter().map(|rate| {
        let (size, low, high, days) = (rate.size, rate.low, rate.high, rate.span_days);
        match lang {
            Lang::Zh => format!("{days}天 {size:.2}（{low:.2}–{high:.2}）"),
            Lang::En => format!("{days} d {size:.2} ({low:.2}–{high:.2})"),
        }
    });
    let told = told.collect::<Vec<_>>().join(lang.pick("，", ", "));
    let head = lang.pick(
        "速率 ‰/月，95% 区间：",
        "rates in ‰ a month, 95 % intervals: ",
    );
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

fn told_sudden(sudden: &Sudden, offset: i32, lang: Lang) -> String {
    let told = |jump: &Jump| {
        let at = crate::base::Timestamp::from_millis(jump.at_ms);
        let at = at.local(offset, "%Y-%m-%d %H:%M");
        (at, jump.size_permille())
    };
    match (sudden, lang) {
        (Sudden::Unconfirmed { jump }, Lang::Zh) => {
            let (at, size) = told(jump);
            format!("{at} 突变 {size:.1}‰，未经证实：等待下一个读数")
        }
        (Sudden::Unconfirmed { jump }, Lang::En) => {
            let (at, size) = told(jump);
            format!("{at} sudden change of {size:.1} ‰, unconfirmed: the next reading tells")
        }
        (Sudden::Moved { jump }, Lang::Zh) => {
            let (at, size) = told(jump);
            format!("{at} 突变 {size:.1}‰，两次读数一致：请立即到现场查看")
        }
        (Sudden::Moved { jump }, Lang::En) => {
            let (at, size) = told(jump);
            format!("{at} sudden change of {size:.1} ‰, two readings agree: look at the house now")
        }
        (Sudden::MountedAnew { jump }, Lang::Zh) => {
            let (at, size) = told(jump);
            format!("{at} 中断后读数改变 {size:.1}‰：疑似传感器重装，请到现场核实")
        }
        (Sudden::MountedAnew { jump }, Lang::En) => {
            let (at, size) = told(jump);
            format!(
                "{at} another level by {size:.1} ‰ after a silence: probably mounted anew, check on site"
            )
        }
    }
}

fn told_why(why: &CannotTell, table: &MonitorTable, lang: Lang) -> String {
    let needed = table.rate.least_days;
    match (why, lang) {
        (CannotTell::NoReadings, _) => lang
            .pick("没有可用的读数", "no reading that could be used")
            .to_owned(),
        (CannotTell::TooFewDays { days }, Lang::Zh) => {
            format!("只有 {days} 天可用，速率至少需要 {needed} 天")
        }
        (CannotTell::TooFewDays { days }, Lang::En) => {
            format!("{days} days can be used; a rate needs {needed}")
        }
        (CannotTell::Constant, _) => lang
            .pick(
                "数值一直不变：传感器可能卡死",
                "the value never changes: the sensor is stuck",
            )
            .to_owned(),
        (CannotTell::NoLimit, _) => lang
            .pick(
                "没有适用的限值，只按速率判断",
                "no limit is set for this building: judged by rates alone",
            )
            .to_owned(),
        (CannotTell::OtherUnit { unit }, Lang::Zh) => {
            format!("数值单位似乎变成了{}：请核对安装表", unit_name(*unit))
        }
        (CannotTell::OtherUnit { unit }, Lang::En) => {
            format!(
                "the numbers look like {} now: check its entry in the table monitor",
                unit_name(*unit)
            )
        }
        (CannotTell::AxesSwapped, _) => lang
            .pick(
                "两轴似乎互换：请核对安装",
                "both axes seem exchanged: check the mounting",
            )
            .to_owned(),
        (CannotTell::Restless, _) => lang
            .pick(
                "读数大幅跳动：有人触动或传感器故障",
                "readings jump about: handled, or broken",
            )
            .to_owned(),
    }
}

fn unit_name(unit: TiltUnit) -> &'static str {
    match unit {
        TiltUnit::Degree => "°",
        TiltUnit::ArcMinute => "′",
        TiltUnit::ArcSecond => "″",
        TiltUnit::Mrad => "mrad",
        TiltUnit::MmPerM => "mm/m",
        TiltUnit::Permille => "‰",
        TiltUnit::Percent => "%",
    }
}

/// How many readings it rests on, and how many could not be used.
fn unused(row: &Row, offset: i32, lang: Lang) -> Option<String> {
    let last = row.last?.local(offset, "%Y-%m-%d %H:%M");
    let (used, unused) = (row.readings, &row.assessment.unused);
    let left_out =
        unused.not_a_number + unused.doubled + unused.late + unused.strange_time + unused.spikes;
    Some(match lang {
        Lang::Zh => format!("读数 {used} 个，最新 {last}；未采用 {left_out} 个"),
        Lang::En => format!("{used} readings, the newest of {last}; {left_out} left out"),
    })
}
