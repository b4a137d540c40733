//! What is kept of a person and must stand nowhere in the open: the names and telephone numbers of them and
//! of those who are called in an emergency, as all registers tell them. Used by [`super::at_home`]. Keeps
//! nothing, and never shows a name.

use super::name_in_text::{Name, is_latin};
use crate::base::{Clearance, telephones_of};
use crate::model::{Contact, Further, Resident, read_sealed};

/// What registers write where a reporter's name belongs, and what names nobody.
const NOBODY: &str = "网格员 社工 物业 居民 群众 业主 住户 租户 租客 匿名 本人 家属 邻居 社区 街道 城管 民警 派出所 消防 \
    热线 系统 志愿者 巡查员 未知 先生 女士 儿子 女儿 儿媳 女婿 丈夫 妻子 老伴 爱人 配偶 父亲 母亲 爸爸 妈妈 \
    父母 子女 哥哥 弟弟 姐姐 妹妹 兄弟 姐妹 孙子 孙女 外孙 外孙女 侄子 侄女 外甥 亲戚 亲属 亲友 朋友 同事 \
    同学 房东 保姆 护工 监护人 联系人 不详 暂无";
/// What stands behind a name.
const TITLES: &[&str] = &["先生", "女士", "同志", "师傅", "阿姨"];
/// Offices that are called for people without relatives, and whose numbers are everybody's.
const OFFICES: &[&str] = &[
    "居委会",
    "村委会",
    "居委",
    "村委",
    "社区",
    "街道",
    "物业",
    "派出所",
    "民政",
    "救助站",
    "福利院",
    "养老院",
    "敬老院",
    "服务中心",
    "服务站",
    "服务所",
    "卫生院",
    "医院",
    "学校",
    "公司",
    "单位",
    "热线",
];
/// The fewest letters of a name.
pub(super) const LEAST: usize = 2;

/// Names and telephone numbers.
#[derive(Default)]
pub(super) struct Kept {
    pub(super) names: Vec<Name>,
    /// In the forms under which numbers are known.
    pub(super) phones: Vec<String>,
}

/// What is kept of somebody; `None` where that is locked.
pub(super) fn kept_of(resident: &Resident, clearance: &Clearance) -> Option<Kept> {
    let name = resident.name.open(clearance)?;
    let phone = resident.phone.as_ref().and_then(|one| one.open(clearance));
    // What another register tells, or was told before it was decided, is kept of them too.
    let further: Further = read_sealed(resident.further.as_ref(), clearance).unwrap_or_default();
    let mut kept = Kept::default();
    let names = std::iter::once(name.as_ref()).chain(further.told("name"));
    kept.names.extend(names.flat_map(names_in));
    let phones = phone.as_deref().into_iter().chain(further.told("phone"));
    kept.phones.extend(phones.flat_map(telephones_of));
    let contacts = resident.contacts.as_ref();
    let contacts = contacts.and_then(|one| one.open(clearance));
    let contacts = contacts
        .as_deref()
        .into_iter()
        .chain(further.told("contacts"));
    for contact in contacts.flat_map(contacts_in) {
        if OFFICES.iter().any(|office| contact.name.ends_with(office)) {
            continue;
        }
        let is_named = |name: &Name| name.letters() != contact.relation;
        kept.names
            .extend(names_in(&contact.name).into_iter().filter(is_named));
        kept.phones.extend(telephones_of(&contact.phone));
    }
    Some(kept)
}

fn contacts_in(json: &str) -> Vec<Contact> {
    serde_json::from_str(json).unwrap_or_default()
}

/// The names in a cell for one: with a telephone behind it, several of them, or with blanks inside.
pub(super) fn names_in(cell: &str) -> Vec<Name> {
    let is_end = |letter: char| letter.is_numeric() || "()（）,，、;；/:：+".contains(letter);
    let mut names = Vec::new();
    for part in cell.split(is_end).map(without_title) {
        let name = Name::of(part);
        if !is_latin(name.letters()) {
            names.extend(part.split_whitespace().map(without_title).map(Name::of));
        }
        names.push(name);
    }
    let is_nobody = |name: &Name| NOBODY.split_whitespace().any(|word| word == name.letters());
    names.retain(|name| name.length() >= LEAST && !is_nobody(name));
    names
}

/// A name without what people are called by behind it.
fn without_title(name: &str) -> &str {
    let name = name.trim();
    let bare = TITLES.iter().find_map(|title| name.strip_suffix(title));
    let bare = bare.map(str::trim_end);
    bare.filter(|bare| bare.chars().count() >= LEAST)
        .unwrap_or(name)
}
