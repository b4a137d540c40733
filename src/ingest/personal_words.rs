//! Words by which an attribute of a base map says that it tells of people: headers of names,
//! telephones and identity numbers in Chinese, English and the abbreviations of surveys; what names an
//! organisation; what says that a place is open to everybody. Used by `personal_attributes`. Knows
//! words alone, and never a record.

use crate::base::half_width;

/// What a header says of its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Says {
    /// Nothing of people.
    #[default]
    Nothing,
    /// Names: of owners, tenants, who lives there. Organisations may stand among them.
    Name,
    /// Telephone numbers.
    Telephone {
        /// Of a person by the header itself, whatever the place is.
        of_somebody: bool,
    },
    /// Numbers of identity cards.
    Identity,
}

/// Parts of Chinese headers.
const IDENTITY_PARTS: &[&str] = &["身份证", "身份号码", "证件号"];
const TELEPHONE_PARTS: &[&str] = &["电话", "手机", "联系方式"];
const NAME_PARTS: &[&str] = &[
    "户主",
    "房主",
    "屋主",
    "业主",
    "姓名",
    "产权人",
    "所有权人",
    "权利人",
    "使用人",
    "承租人",
    "租户",
    "租客",
    "住户",
    "居住人",
    "联系人",
    "负责人",
];
/// Whole headers, without signs between words.
const IDENTITY_WORDS: &[&str] = &[
    "sfz",
    "sfzh",
    "sfzhm",
    "zjh",
    "zjhm",
    "qlrzjh",
    "idno",
    "idnumber",
    "idcard",
    "idcardno",
    "identity",
    "identityno",
    "identitynumber",
    "identitycard",
    "citizenid",
    "nationalid",
];
const TELEPHONE_WORDS: &[&str] = &[
    "phone",
    "phoneno",
    "phonenumber",
    "tel",
    "telno",
    "telephone",
    "telephoneno",
    "mobile",
    "mobileno",
    "mobilenumber",
    "mobilephone",
    "cell",
    "cellphone",
    "contact",
    "contactphone",
    "contactmobile",
    "lxdh",
    "lxfs",
    "sjh",
    "sjhm",
    "dhhm",
];
const NAME_WORDS: &[&str] = &[
    "owner",
    "owners",
    "ownername",
    "ownedby",
    "proprietor",
    "householder",
    "householdhead",
    "headofhousehold",
    "tenant",
    "tenants",
    "tenantname",
    "occupant",
    "occupants",
    "occupantname",
    "resident",
    "residents",
    "residentname",
    "landlord",
    "landlady",
    "person",
    "personname",
    "contactname",
    "contactperson",
    "fullname",
    "surname",
    "xm",
    "hzxm",
    "fzxm",
    "yzxm",
    "lxr",
    "qlr",
    "qlrmc",
    "qlrxm",
    "syqr",
    "cqr",
];
/// Of whom a header of telephones speaks.
const OF_SOMEBODY: &[&str] = &["owner", "tenant", "resident", "householder", "occupant"];

/// Values that name nobody.
const NOBODY: &[&str] = &[
    "是",
    "否",
    "无",
    "有",
    "未知",
    "不详",
    "私有",
    "自有",
    "公有",
    "国有",
    "集体",
    "单位",
    "个人",
    "私人",
    "私产",
    "公产",
    "直管",
    "直管公房",
    "自管公房",
    "空置",
    "none",
    "no",
    "yes",
    "unknown",
    "private",
    "public",
    "state",
    "municipal",
    "n/a",
    "null",
];
/// What an organisation is called by.
const ORGANISATIONS: &[&str] = &[
    "公司",
    "局",
    "政府",
    "委员会",
    "居委会",
    "村委会",
    "业委会",
    "集团",
    "中心",
    "学校",
    "小学",
    "中学",
    "大学",
    "学院",
    "幼儿园",
    "医院",
    "银行",
    "工厂",
    "合作社",
    "协会",
    "学会",
    "基金会",
    "部队",
    "研究院",
    "研究所",
    "设计院",
    "博物馆",
    "图书馆",
    "街道",
    "社区",
    "办事处",
    "管理处",
    "管理所",
    "物业",
    "国资",
    "企业",
    "机关",
    "单位",
    "商会",
    "教会",
    "国有",
    "公有",
    "集体",
];
const ORGANISATION_WORDS: &[&str] = &[
    "ltd",
    "limited",
    "inc",
    "co",
    "corp",
    "corporation",
    "company",
    "council",
    "government",
    "ministry",
    "department",
    "bureau",
    "authority",
    "university",
    "college",
    "school",
    "hospital",
    "bank",
    "church",
    "foundation",
    "trust",
    "association",
    "society",
    "group",
    "agency",
    "municipality",
    "city",
    "county",
    "state",
    "railway",
    "club",
    "museum",
    "office",
    "committee",
    "gmbh",
    "ag",
    "plc",
    "llc",
];

/// Tags of OpenStreetMap, and columns like them, of what is open to everybody: its telephone is public.
const PUBLIC_PLACES: &[&str] = &[
    "shop",
    "amenity",
    "office",
    "tourism",
    "healthcare",
    "craft",
    "leisure",
    "club",
    "emergency",
    "public_transport",
    "government",
];

/// A header without signs and case, and without what stands in brackets.
fn plain(header: &str) -> String {
    let mut depth = 0_u32;
    let mut out = String::new();
    for one in header.chars().map(half_width) {
        match one {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            one if depth == 0 && one.is_alphanumeric() => out.extend(one.to_lowercase()),
            _ => {}
        }
    }
    out
}

/// What a header says of its values.
pub(super) fn says(header: &str) -> Says {
    let plain = plain(header);
    let holds = |parts: &[&str]| parts.iter().any(|part| plain.contains(part));
    let is = |words: &[&str]| words.contains(&plain.as_str());
    let of_somebody = holds(NAME_PARTS) || holds(OF_SOMEBODY);
    if holds(IDENTITY_PARTS) || is(IDENTITY_WORDS) {
        Says::Identity
    } else if holds(TELEPHONE_PARTS)
        || is(TELEPHONE_WORDS)
        || of_somebody
            && ["phone", "mobile", "tel"]
                .iter()
                .any(|end| plain.ends_with(end))
    {
        Says::Telephone { of_somebody }
    } else if holds(NAME_PARTS) || is(NAME_WORDS) {
        Says::Name
    } else {
        Says::Nothing
    }
}

/// Whether a value under a header of names names somebody: a count, a word such as 私有 and an
/// organisation do not.
pub(super) fn is_somebody(value: &str) -> bool {
    let small = value.trim().to_lowercase();
    let has_letter = small.chars().any(char::is_alphabetic);
    let counts = small.chars().any(|one| one.is_ascii_digit())
        && small.chars().filter(|one| one.is_alphabetic()).count() < 2;
    let mut words = small.split(|one: char| !one.is_ascii_alphabetic());
    let is_organisation = ORGANISATIONS.iter().any(|word| small.contains(word))
        || words.any(|word| ORGANISATION_WORDS.contains(&word));
    has_letter && !counts && !NOBODY.contains(&small.as_str()) && !is_organisation
}

/// Whether what a thing says of itself makes it a place that is open to everybody.
pub(super) fn is_public_place<'a>(mut names: impl Iterator<Item = &'a str>) -> bool {
    names.any(|name| PUBLIC_PLACES.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_tell_what_they_hold() {
        let phone = |of_somebody| Says::Telephone { of_somebody };
        for (header, expected) in [
            ("户主", Says::Name),
            ("户主姓名(必填)", Says::Name),
            ("owner", Says::Name),
            ("Owner_Name", Says::Name),
            ("QLR", Says::Name),
            ("户主电话", phone(true)),
            ("owner_phone", phone(true)),
            ("联系电话", phone(false)),
            ("contact:phone", phone(false)),
            ("Tel.", phone(false)),
            ("公民身份号码", Says::Identity),
            ("身份证号", Says::Identity),
            ("SFZH", Says::Identity),
            ("operator", Says::Nothing),
            ("建筑名称", Says::Nothing),
            ("height", Says::Nothing),
            ("hotel", Says::Nothing),
        ] {
            assert_eq!(says(header), expected, "{header}");
        }
    }

    #[test]
    fn organisations_counts_and_kinds_are_nobody() {
        for value in ["李德", "Li De", "欧阳一德、李德", "张三等3人"] {
            assert!(is_somebody(value), "{value}");
        }
        for value in [
            "苏州市姑苏区住房和建设局",
            "Suzhou Gardens Co., Ltd",
            "私有",
            "3",
            "3户",
            "否",
            "private",
            "",
        ] {
            assert!(!is_somebody(value), "{value}");
        }
    }
}
