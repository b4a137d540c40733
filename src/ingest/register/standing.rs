//! Whether what a row tells of is there still: somebody who died or moved away stands in a register for
//! years (人员状态: 死亡, 迁出), and so does a camera that was taken down. Used by every register that tells
//! people or things. Never guesses from a word that is not known, and never shows one.

use super::cell::{Cell, Fault};
use super::field::Field;
use super::kind::RegisterKind;
use super::record::Record;
use super::words::yes_or_no;
use crate::base::half_width;

/// What is said of a row whose person or thing is there no longer.
pub(super) const GONE: Fault = "it says that who or what the row tells of is there no longer (死亡, 迁出, 注销, 报废, \
     离职 …): skipped, for it is no record of what is here";
/// What is said of somebody who lives elsewhere, where only the registered address is told.
pub(super) const AWAY: Fault = "it says that the person lives elsewhere (户在人不在, 空挂, 外出 …): the address is where \
     they are registered, and counts as not given";
/// What is said of a word that is in no list.
pub(super) const UNKNOWN: Fault =
    "no word that tells whether somebody lives here still: taken as somebody who does";

/// The fields that a day or a yes of ends a record.
const ENDS: &[Field] = &[Field::DiedOn, Field::MovedOutOn, Field::EndedOn];

/// Words for people who are no more, or no longer here.
const LEFT: &str = "死亡 去世 过世 逝世 亡故 已故 病故 身故 迁出 迁走 搬走 搬离 搬出 已搬 离开 离苏 流出 迁往 注销 销户 除名 \
     退租 已退房 不在本地 不在本社区";
/// Words for things that are no more.
const REMOVED: &str = "报废 拆除 已拆 拆机 拆走 撤除 撤销 已撤 退役 注销 销户 转出 灭失";
/// Words for responders who are that no longer.
const RESIGNED: &str = "离职 离岗 退休 调离 调走 辞职 辞退 解聘 免职 死亡 去世 已故";
/// Words for people who stand at an address and do not live there.
const ELSEWHERE: &str = "空挂 户在人不在 在户不在 人户分离 人不在 外出 不在住 未居住 不居住 未在住 寄挂 挂靠 服刑 在押 羁押 失联 失踪 出国 出境";
/// Words for people who are there.
const HERE: &str = "在住 在册 在户 居住 正常 有效 常住 在世 健在 存活 户在人在 人在户 人户一致 流入 暂住 寄住 租住 租赁 租户 自住 \
     迁入 新增 本地 户籍 流动 在籍 入住 实有 未注销 登记 外来 境外 户主 active";
/// What turns a word, or says that nobody is sure.
const NOT: &str = "未 没 非 否 拟 待 疑 无 不是";

/// Addresses under such headers are where somebody lives, wherever they are registered.
const PRESENT: &[&str] = &["现", "現", "实际", "居住", "常住"];

/// Whether what a row tells of is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Here,
    /// Somebody lives elsewhere, and the row tells only where they are registered.
    Away,
    /// Nobody and nothing is there any longer; the field says so.
    Gone(Field),
    /// The register says it in a word that is not known.
    Unknown,
}

/// What a row says; `today` is `YYYY-MM-DD`.
pub(super) fn standing(record: &Record, today: &str) -> Standing {
    let ended = ENDS.iter().find(|field| has_ended(record, **field, today));
    if let Some(field) = ended {
        return Standing::Gone(*field);
    }
    told_standing(record)
}

/// Whether nobody and nothing is there any longer.
pub(super) fn is_gone(record: &Record, today: &str) -> bool {
    matches!(standing(record, today), Standing::Gone(_))
}

/// Whether somebody lives elsewhere, and the row tells only where they are registered.
pub(super) fn is_away(record: &Record) -> bool {
    record.kind() == RegisterKind::Residents && told_standing(record) == Standing::Away
}

/// What the column for it says.
fn told_standing(record: &Record) -> Standing {
    let Some(told) = record.text(Field::Standing) else {
        return Standing::Here;
    };
    let gone = match record.kind() {
        RegisterKind::Residents => LEFT,
        RegisterKind::Responders => RESIGNED,
        _ => REMOVED,
    };
    let is_person = record.kind() == RegisterKind::Residents;
    match said(&told, gone, is_person) {
        Standing::Away if tells_present_home(record) => Standing::Here,
        other => other,
    }
}

/// A day that has been, a yes, or a word for it. A day that is yet to come ends nothing.
fn has_ended(record: &Record, field: Field, today: &str) -> bool {
    let read = |cell: &Cell| {
        let text = match cell {
            Cell::Text(text) => Some(text.as_str()),
            _ => None,
        };
        let answer = text.and_then(yes_or_no);
        let day = cell.date().ok().flatten();
        let is_past = day.is_some_and(|day| day.to_string().as_str() <= today);
        let word = text.map(|text| said(text, &format!("{LEFT} {REMOVED}"), false));
        let is_word = matches!(word, Some(Standing::Gone(_)));
        Ok(Some(answer == Some(true) || is_past || is_word))
    };
    record.of_cell(field, read) == Some(true)
}

fn said(told: &str, gone: &str, is_person: bool) -> Standing {
    let plain: String = told.chars().map(half_width).collect();
    let plain: String = plain.split_whitespace().collect();
    let holds = |list: &str| {
        let mut words = list.split_whitespace();
        words.any(|word| plain.to_lowercase().contains(word))
    };
    let is_turned = NOT.split_whitespace().any(|word| plain.contains(word));
    let is_known = is_turned || holds(HERE);
    match (holds(gone) && !is_turned, is_person) {
        (true, _) => Standing::Gone(Field::Standing),
        (false, false) => Standing::Here,
        (false, true) if holds(ELSEWHERE) => Standing::Away,
        (false, true) if is_known => Standing::Here,
        (false, true) => Standing::Unknown,
    }
}

/// Whether the address stands under a header for where somebody lives now.
fn tells_present_home(record: &Record) -> bool {
    let header = record.header(Field::Address).unwrap_or_default();
    PRESENT.iter().any(|word| header.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_registers_tell_who_is_there() {
        let person = |told| said(told, LEFT, true);
        for told in [
            "死亡",
            "已 死亡",
            "迁出",
            "市内迁出",
            "注销",
            "已搬走",
            "去世（2024）",
        ] {
            assert_eq!(person(told), Standing::Gone(Field::Standing), "{told}");
        }
        for told in ["户在人不在", "空挂户", "外出务工", "人户分离", "服刑"] {
            assert_eq!(person(told), Standing::Away, "{told}");
        }
        for told in [
            "在住",
            "正常",
            "未迁出",
            "未注销",
            "待核实",
            "常住",
            "户在人在",
            "流动人口",
        ] {
            assert_eq!(person(told), Standing::Here, "{told}");
        }
        assert_eq!(person("丙类"), Standing::Unknown);
        for told in ["报废", "已拆除", "注销"] {
            assert_eq!(said(told, REMOVED, false), Standing::Gone(Field::Standing));
        }
        for told in ["停用", "离线", "故障", "未报废", "正常"] {
            assert_eq!(said(told, REMOVED, false), Standing::Here, "{told}");
        }
        assert_eq!(
            said("离职", RESIGNED, false),
            Standing::Gone(Field::Standing)
        );
    }
}
