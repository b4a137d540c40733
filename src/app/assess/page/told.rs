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

pub(super) fn why(why: &CannotTell, table: &MonitorTable, lang: Lang) -> String {
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
        (CannotTell::MayBeOtherUnit { unit }, Lang::Zh) => {
            format!(
                "也可能是数值单位变成了{}：到现场时一并核对",
                unit_name(*unit)
            )
        }
        (CannotTell::MayBeOtherUnit { unit }, Lang::En) => {
            format!(
                "or the numbers are {} now: check that, too, when you are there",
                unit_name(*unit)
            )
        }
        (CannotTell::AxesSwapped, _) => lang
            .pick(
                "两轴似乎互换：请核对安装",
                "both axes seem exchanged: check the mounting",
            )
            .to_owned(),
        (CannotTell::NoReference, _) => lang
            .pick(
                "基准点在这些日子没有读数：沉降无法换算",
                "no point of reference told on its days: there is nothing to hold it against",
            )
            .to_owned(),
        (CannotTell::ReferencesDisagree { apart_mm }, Lang::Zh) => {
            format!("基准点之间相差 {apart_mm:.1} mm：其中有点在动，请复测")
        }
        (CannotTell::ReferencesDisagree { apart_mm }, Lang::En) => {
            format!(
                "points of reference differ by {apart_mm:.1} mm: one of them moves, survey them"
            )
        }
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
