//! What was sudden and what cannot be told, as sentences in both languages.

use crate::base::Timestamp;
use crate::monitor::{CannotTell, Jump, MonitorTable, Sudden, TiltUnit};
use crate::portrayal::words::Lang;

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
            format!("{at} 突变 {size:.1}{unit}，两次读数一致：请立即到现场查看")
        }
        (Sudden::Moved { jump }, Lang::En) => {
            let (at, size) = told(jump);
            format!(
                "{at} sudden change of {size:.1} {unit}, two readings agree: look at the house now"
            )
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

pub(in crate::app) fn why(why: &CannotTell, table: &MonitorTable, lang: Lang) -> String {
    let needed = table.rate.least_days;
    let plain = |zh: &str, en: &str| lang.pick(zh, en).to_owned();
    match why {
        CannotTell::NoReadings => plain("没有可用的读数", "no reading that could be used"),
        CannotTell::TooFewDays { days } => plain(
            &format!("只有 {days} 天可用，速率至少需要 {needed} 天"),
            &format!("{days} days can be used; a rate needs {needed}"),
        ),
        CannotTell::Constant => plain(
            "数值一直不变：传感器可能卡死",
            "the value never changes: the sensor is stuck",
        ),
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
            let unit = unit_name(*unit);
            plain(
                &format!("数值单位似乎变成了{unit}：请核对安装表"),
                &format!("the numbers look like {unit} now: check its entry in the table monitor"),
            )
        }
        CannotTell::MayBeOtherUnit { unit } => {
            let unit = unit_name(*unit);
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
