//! What was sudden and what cannot be told, as sentences in both languages.

use crate::base::Timestamp;
use crate::model::MonitorGrade;
use crate::monitor::{Assessment, CannotTell, DeviceRange, Jump, MonitorTable, Sudden};
use crate::portrayal::words::Lang;

use super::grade_name;

pub(super) fn sudden(sudden: &Sudden, offset: i32, unit: &str, lang: Lang) -> String {
    let told = |jump: &Jump| {
        let at = Timestamp::from_millis(jump.at_ms);
        let at = at.local(offset, "%Y-%m-%d %H:%M");
        (at, jump.size())
    };
    match (sudden, lang) {
        (Sudden::Unconfirmed { jump }, Lang::Zh) => {
            let (at, size) = told(jump);
            format!("{at} 突变 {size:.1}{unit}，未经证实：等待下一个读数")
        }
        (Sudden::Unconfirmed { jump }, Lang::En) => {
            let (at, size) = told(jump);
            format!("{at} sudden change of {size:.1} {unit}, unconfirmed: the next reading tells")
        }
        (Sudden::Moved { jump }, Lang::Zh) => {
            let (at, size) = told(jump);
            format!("{at} 突变 {size:.1}{unit}，读数相互一致：请立即到现场查看")
        }
        (Sudden::Moved { jump }, Lang::En) => {
            let (at, size) = told(jump);
            format!("{at} sudden change of {size:.1} {unit}, readings agree: look at the house now")
        }
        (Sudden::MountedAnew { jump }, Lang::Zh) => {
            let (at, size) = told(jump);
            format!("{at} 中断后读数改变 {size:.1}{unit}：疑似传感器重装，请到现场核实")
        }
        (Sudden::MountedAnew { jump }, Lang::En) => {
            let (at, size) = told(jump);
            format!(
                "{at} another level by {size:.1} {unit} after a silence: probably mounted anew, check on site"
            )
        }
    }
}

/// Why it has the grade that it has, behind the sentence that tells level and rate: by which window of
/// rates, by its share of the limit, or for what was sudden. Nothing of what is normal.
pub(super) fn because(assessment: &Assessment, lang: Lang) -> Option<String> {
    let grade = (assessment.grade).filter(|grade| *grade > MonitorGrade::Normal)?;
    let mut reasons = Vec::new();
    if matches!(assessment.sudden, Some(Sudden::Moved { .. })) {
        reasons.push(lang.pick("突然变形", "a sudden movement").to_owned());
    } else {
        if assessment.by_share == Some(grade) {
            reasons.push(
                lang.pick("占限值的比例", "its share of the limit")
                    .to_owned(),
            );
        }
        let decides = assessment.by_rate == Some(grade);
        if let Some(rate) = assessment.decisive.filter(|_| decides) {
            let (low, days, unit) = (rate.low, rate.span_days, assessment.unit);
            reasons.push(match lang {
                Lang::Zh => format!("{days} 天内每月至少 {low:.2}{unit}"),
                Lang::En => format!("its rate, {low:.2} {unit} a month at least over {days} days"),
            });
        }
        if reasons.is_empty() {
            reasons.push(lang.pick("读数突变", "a sudden change").to_owned());
        }
    }
    let (grade, reasons) = (
        grade_name(Some(grade), lang),
        reasons.join(lang.pick("，", ", and ")),
    );
    Some(match lang {
        Lang::Zh => format!("；{grade}原因：{reasons}"),
        Lang::En => format!("; {grade} for {reasons}"),
    })
}

/// What it was before nothing could be told any more.
pub(super) fn before(assessment: &Assessment, lang: Lang) -> Option<String> {
    let was = grade_name(Some(assessment.last_grade?), lang);
    Some(match lang {
        Lang::Zh => format!("此前为：{was}"),
        Lang::En => format!("before that: {was}"),
    })
}

/// How many readings could not be used and why, as a line; nothing where all could.
pub(in crate::app) fn left_out(assessment: &Assessment, lang: Lang) -> Option<String> {
    let count = assessment.unused.count();
    let why = why_left_out(assessment, lang);
    (count > 0).then(|| match lang {
        Lang::Zh => format!("未采用 {count} 个读数{why}"),
        Lang::En => format!("{count} readings left out{why}"),
    })
}

/// The reasons, in brackets behind a count.
pub(super) fn why_left_out(assessment: &Assessment, lang: Lang) -> String {
    let (unused, unit) = (&assessment.unused, assessment.unit);
    let most = assessment.quantity.most();
    let too_large = match lang {
        Lang::Zh => format!("达到或超过 {most}{unit}，不可能"),
        Lang::En => format!("of {most} {unit} or more, which cannot be"),
    };
    let reasons = [
        (unused.not_a_number, lang.pick("不是数值", "no numbers")),
        (unused.too_large, too_large.as_str()),
        (
            unused.beyond_range,
            lang.pick("超出量程", "beyond the range of the device"),
        ),
        (
            unused.doubled,
            lang.pick("时间重复", "of a time told before"),
        ),
        (unused.late, lang.pick("迟到", "too late")),
        (
            unused.strange_time,
            lang.pick("时间不可信", "of a time that cannot be"),
        ),
        (unused.spikes, lang.pick("孤立跳点", "lone spikes")),
    ];
    let told: Vec<String> = (reasons.iter())
        .filter(|(count, _)| *count > 0)
        .map(|(count, why)| match lang {
            Lang::Zh => format!("{why} {count} 个"),
            Lang::En => format!("{count} {why}"),
        })
        .collect();
    match (told.is_empty(), lang) {
        (true, _) => String::new(),
        (false, Lang::Zh) => format!("（{}）", told.join("，")),
        (false, Lang::En) => format!(" ({})", told.join(", ")),
    }
}

/// "±50 mrad", or "0 to 60 mm".
fn range_words(range: &DeviceRange, lang: Lang) -> String {
    let (from, to, unit) = (range.from, range.to, range.unit.symbol());
    match from == -to {
        true => format!("±{to} {unit}"),
        false => format!("{from} {} {to} {unit}", lang.pick("至", "to")),
    }
}

/// What cannot be told of the sensor itself: silent, stuck, beyond what it can measure or a house can have.
fn of_sensor(why: &CannotTell, offset: i32, lang: Lang) -> String {
    let told = |at: Timestamp| at.local(offset, "%Y-%m-%d %H:%M");
    match (why, lang) {
        (CannotTell::Silent { since }, Lang::Zh) => format!("{} 以来没有读数", told(*since)),
        (CannotTell::Silent { since }, Lang::En) => format!("no reading since {}", told(*since)),
        (CannotTell::Constant { since: Some(since) }, Lang::Zh) => {
            format!("{} 以来数值一直不变：传感器卡死", told(*since))
        }
        (CannotTell::Constant { since: Some(since) }, Lang::En) => {
            format!("stuck since {}: the value never changes", told(*since))
        }
        (CannotTell::Constant { since: None }, _) => lang
            .pick(
                "数值一直不变：传感器可能卡死",
                "the value never changes: the sensor is stuck",
            )
            .to_owned(),
        (CannotTell::BeyondRange { range }, Lang::Zh) => {
            format!("最新读数超出量程 {}：不予采信", range_words(range, lang))
        }
        (CannotTell::BeyondRange { range }, Lang::En) => format!(
            "the newest reading is beyond its range of {}: not believed",
            range_words(range, lang)
        ),
        (
            CannotTell::Implausible {
                level,
                quantity,
                unit: other,
            },
            _,
        ) => {
            let unit = quantity.unit();
            let other = other.map(|other| match lang {
                Lang::Zh => format!("单位是否为 {}？", other.symbol()),
                Lang::En => format!("are the numbers in {}?", other.symbol()),
            });
            let ask = lang
                .pick("请核对单位与安装", "check unit and mounting")
                .to_owned();
            let ask = other.unwrap_or(ask);
            match lang {
                Lang::Zh => format!("{level:.0}{unit} 对房屋来说不可能：{ask}"),
                Lang::En => format!("{level:.0} {unit} is implausible for a building: {ask}"),
            }
        }
        _ => String::new(),
    }
}

/// What cannot be told of a series in a unit, and why.
pub(in crate::app) fn why(
    why: &CannotTell,
    table: &MonitorTable,
    offset: i32,
    lang: Lang,
) -> String {
    let needed = table.rate.least_days;
    let plain = |zh: &str, en: &str| lang.pick(zh, en).to_owned();
    match why {
        CannotTell::NoReadings => plain("没有可用的读数", "no reading that could be used"),
        CannotTell::TooFewDays { days } => plain(
            &format!("只有 {days} 天可用，速率至少需要 {needed} 天"),
            &format!("{days} days can be used; a rate needs {needed}"),
        ),
        CannotTell::Silent { .. }
        | CannotTell::Constant { .. }
        | CannotTell::BeyondRange { .. }
        | CannotTell::Implausible { .. } => of_sensor(why, offset, lang),
        CannotTell::NoLimit => plain(
            "没有适用的限值，只按速率判断",
            "no limit is set for this building: judged by rates alone",
        ),
        CannotTell::Restless => plain(
            "读数大幅跳动：有人触动或传感器故障",
            "readings jump about: handled, or broken",
        ),
        CannotTell::AxesSwapped => plain(
            "两轴似乎互换：请核对安装",
            "both axes seem exchanged: check the mounting",
        ),
        CannotTell::OtherUnit { unit } => {
            let unit = unit.symbol();
            plain(
                &format!("数值单位似乎变成了{unit}：请核对安装表"),
                &format!("the numbers look like {unit} now: check its entry in the table monitor"),
            )
        }
        CannotTell::MayBeOtherUnit { unit } => {
            let unit = unit.symbol();
            plain(
                &format!("也可能是数值单位变成了{unit}：到现场时一并核对"),
                &format!("or the numbers are {unit} now: check that, too, when you are there"),
            )
        }
        CannotTell::NoReference => plain(
            "基准点在这些日子没有读数：沉降无法换算",
            "no point of reference told on its days: there is nothing to hold it against",
        ),
        CannotTell::ReferencesDisagree { apart_mm } => plain(
            &format!("基准点之间相差 {apart_mm:.1} mm：其中有点在动，请复测"),
            &format!(
                "points of reference differ by {apart_mm:.1} mm: one of them moves, survey them"
            ),
        ),
    }
}
