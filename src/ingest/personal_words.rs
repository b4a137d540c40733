//! Words by which an attribute of a base map says that it tells of people: headers of names,
//! telephones, identity numbers, labels and notes in Chinese, pinyin, English and the abbreviations of
//! surveys; what names an organisation; what says that a place is open to everybody. Used by
//! `personal_attributes`. Knows words alone, and never a record.

use crate::base::half_width;

/// What a header says of its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Says {
    /// Nothing of people.
    #[default]
    Nothing,
    /// Names: of owners, tenants, who lives there. Organisations may stand among them.
    Name,
    /// Whether people of some kind live there, who, or how many: 独居老人, 低保户.
    Label,
    /// What somebody wrote of the thing, which may name people.
    Note,
    /// Telephone numbers.
    Telephone {
        /// Of a person by the header itself, whatever the place is.
        of_somebody: bool,
    },
    /// Numbers of identity cards.
    Identity,
}

/// Parts of Chinese headers.
const IDENTITY_PARTS: &str = "身份证 身份号码 证件号";
const TELEPHONE_PARTS: &str = "电话 手机 联系方式";
const NAME_PARTS: &str = "户主 房主 屋主 业主 姓名 产权人 所有权人 权利人 使用人 承租人 租户 租客 住户 居住人 联系人 \
    负责人 房东 房客 店主 老板 法人 法定代表 户籍人口姓名 实有人口 居住者 使用者 \
    经营者 所有者 拥有者 承租者 主人";
const NOTE_PARTS: &str = "备注 附注 说明 描述 注释 备考 简介";
/// Of people whom registers put under a label.
const LABEL_PARTS: &str = "独居 低保 五保 特困 残疾 空巢 孤寡 失独 失能 失智 留守 困难户 困难群 贫困 优抚 军属 烈属 \
    高龄 丧偶 障碍者 重点人 刑满 矫正 吸毒 孤儿 孕妇 老人 弱势";
/// What a header ends with that tells of a place or a service for such people, and not of them.
const OF_SERVICES: &str = "站 中心 点 室 服务 政策 设施 机构 馆 所 院 床位 通道 卫生间 坡道 车位 电梯 标识 标志 建筑 楼 \
    房";
/// Whose headers end with 人 and name those who made a thing or are remembered there, or nobody.
const NO_OWNERS: &str = "行人 机器人 名人 设计人 建造人 创建人 创办人 捐建人 捐赠人 捐资人 题字人 题写人 撰文人 \
    发现人 纪念人 古人 诗人 伟人 工人 军人 外国人";
/// What may stand behind who is meant: 权属人姓名, 户主名.
const NAME_ENDS: &str = "姓名 名字 名称 全名 名单 名";
/// Words of headers in Latin letters, without signs between them: of identity numbers,
const IDENTITY_WORDS: &str = "sfz sfzh sfzhm zjh zjhm qlrzjh idno idnumber idcard idcardno identity identityno \
    identitynumber identitycard citizenid nationalid shenfenzheng shenfenzhenghao \
    zhengjianhao qlrsfz hzsfzh";
/// of telephones,
const TELEPHONE_WORDS: &str = "phone phoneno phonenumber tel telno telephone telephoneno mobile mobileno mobilenumber \
    mobilephone cell cellphone contact contactphone contactmobile lxdh lxfs sjh sjhm dhhm mob \
    dianhua shouji shoujihao lianxidianhua lianxifangshi hzdh yzdh";
/// of people,
const NAME_WORDS: &str = "owner owners ownername ownedby proprietor householder householdhead headofhousehold tenant \
    tenants tenantname occupant occupants occupantname resident residents residentname landlord \
    landlady person personname contactname contactnm contactnames contactperson fullname surname xm hzxm fzxm yzxm lxr \
    qlr qlrmc qlrxm syqr cqr ownname ownnm owns occupier occupiers lessee lessor inhabitant \
    inhabitants guardian shopkeeper shopowner homeowner caretaker applicant legalperson \
    legalrepresentative renter renters dweller huzhu fangdong fangzhu wuzhu yezhu xingming \
    chanquanren quanliren quanshuren suoyouren suoyouquanren shiyongren zuhu zuke fangke \
    chengzuren zhuhu juzhuren lianxiren fuzeren jianhuren dianzhu jingyingzhe faren laoban fdxm \
    qsr qsrxm jhr jhrxm czr czrxm syr syrxm fzr frdb fddbr sqr sqrxm hzmc yzmc cqrxm syqrxm \
    lxrxm";
/// of labels,
const LABEL_WORDS: &str = "duju dujulaoren dibao dibaohu canji canjiren kongchao kongchaolaoren wubao wubaohu tekun \
    tekunhu gugualaoren elderlyalone livesalone livingalone lowincome disabledpeople \
    disabledperson disabledpersons";
/// of notes,
const NOTE_WORDS: &str = "note notes remark remarks rmk memo comment comments desc descr description annotation bz \
    beizhu shuoming miaoshu fuzhu fixme";
/// and what stands beside these and changes nothing: OWNER_NM, tenant_full_name, owner_tel_no.
const BESIDE: &str = "nm nme name names full first last given family of the by s person house household property \
    land building bldg home room shop store current registered legal reg cn en zh chn eng no num \
    number address addr list info xm mc ming mingcheng mingzi hao haoma";
/// Of whom a header of telephones speaks.
const OF_SOMEBODY: &str = "owner tenant resident householder occupant";

/// Values that name nobody.
const NOBODY: &str = "是 否 无 有 未知 不详 私有 自有 公有 国有 集体 单位 个人 私人 私产 公产 直管 直管公房 \
    自管公房 空置 none no yes unknown private public state municipal n/a null true false 无人 空 \
    -";
/// Values by which nobody has a label there.
const NO: &str = "否 无 没有 不是 no none false n 0 - / null n/a";
/// What an organisation is called by.
const ORGANISATIONS: &str = "公司 局 政府 委员会 居委会 村委会 业委会 集团 中心 学校 小学 中学 大学 学院 幼儿园 医院 银行 \
    工厂 合作社 协会 学会 基金会 部队 研究院 研究所 设计院 博物馆 图书馆 街道 社区 办事处 管理处 \
    管理所 物业 国资 企业 机关 单位 商会 教会 国有 公有 集体";
const ORGANISATION_WORDS: &str = "ltd limited inc co corp corporation company council government ministry department bureau \
    authority university college school hospital bank church foundation trust association \
    society group agency municipality city county state railway club museum office committee \
    gmbh ag plc llc";

/// Tags of OpenStreetMap, and columns like them, of what is open to everybody: its telephone is public.
const PUBLIC_PLACES: &str = "shop amenity office tourism healthcare craft leisure club emergency public_transport \
    government";

fn words(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.split_whitespace()
}

/// A header without signs and case, without what stands in brackets, and without its number (户主1).
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
    let bare = out.trim_end_matches(|one: char| one.is_ascii_digit());
    bare.to_owned()
}

/// What words a header in Latin letters is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Made {
    identity: bool,
    telephone: bool,
    name: bool,
    label: bool,
    note: bool,
}

/// The words of a header that is nothing but such words, however they are joined; of several ways to
/// part it that with the longest words counts.
fn made_of(plain: &str) -> Option<Made> {
    const NONE: Made = Made {
        identity: false,
        telephone: false,
        name: false,
        label: false,
        note: false,
    };
    if plain.is_empty() {
        return Some(NONE);
    }
    if !plain.is_ascii() {
        return None;
    }
    (1..=plain.len()).rev().find_map(|length| {
        let (word, rest) = plain.split_at(length);
        let is = |list| words(list).any(|one| one == word);
        let own = Made {
            identity: is(IDENTITY_WORDS),
            telephone: is(TELEPHONE_WORDS),
            name: is(NAME_WORDS),
            label: is(LABEL_WORDS),
            note: is(NOTE_WORDS),
        };
        if own == NONE && !is(BESIDE) {
            return None;
        }
        let rest = made_of(rest)?;
        Some(Made {
            identity: own.identity || rest.identity,
            telephone: own.telephone || rest.telephone,
            name: own.name || rest.name,
            label: own.label || rest.label,
            note: own.note || rest.note,
        })
    })
}

/// Whether a Chinese header means somebody by its end: 权属人, 承租人姓名, but not 行人 and 设计人.
fn ends_with_person(plain: &str) -> bool {
    let ends = words(NAME_ENDS).find_map(|end| plain.strip_suffix(end));
    let whom = ends.unwrap_or(plain);
    let has_more = whom.chars().count() > 1;
    has_more && whom.ends_with('人') && !words(NO_OWNERS).any(|one| whom.ends_with(one))
}

/// What a header says of its values.
pub(super) fn says(header: &str) -> Says {
    /// Headers are short; what is longer is no header.
    const MOST: usize = 64;
    let plain = plain(header);
    if plain.chars().count() > MOST {
        return Says::Nothing;
    }
    let holds = |parts: &'static str| words(parts).any(|part| plain.contains(part));
    let of_service = words(OF_SERVICES).any(|end| plain.ends_with(end));
    let latin = made_of(&plain);
    let is = |of: fn(&Made) -> bool| latin.as_ref().is_some_and(of);
    let of_somebody = holds(NAME_PARTS) || holds(OF_SOMEBODY) || is(|made| made.name);
    if holds(IDENTITY_PARTS) || is(|made| made.identity) {
        Says::Identity
    } else if holds(TELEPHONE_PARTS)
        || is(|made| made.telephone && !made.note)
        || of_somebody
            && ["phone", "mobile", "tel"]
                .iter()
                .any(|end| plain.ends_with(end))
    {
        Says::Telephone { of_somebody }
    } else if holds(NOTE_PARTS) || is(|made| made.note) {
        Says::Note
    } else if holds(LABEL_PARTS) && !of_service || is(|made| made.label) {
        Says::Label
    } else if holds(NAME_PARTS) || ends_with_person(&plain) || is(|made| made.name) {
        Says::Name
    } else {
        Says::Nothing
    }
}

/// Whether a value under a header of labels tells of somebody: more than that nobody has it.
pub(super) fn is_labelled(value: &str) -> bool {
    let small = value.trim().to_lowercase();
    let counts_none = small.trim_end_matches(['人', '户', '名', '个']) == "0";
    !small.is_empty() && !counts_none && !words(NO).any(|no| no == small)
}

/// Whether a value under a header of names names somebody: a count, a word such as 私有 and an
/// organisation do not.
pub(super) fn is_somebody(value: &str) -> bool {
    let small = value.trim().to_lowercase();
    let has_letter = small.chars().any(char::is_alphabetic);
    let counts = small.chars().any(|one| one.is_ascii_digit())
        && small.chars().filter(|one| one.is_alphabetic()).count() < 2;
    let mut parts = small.split(|one: char| !one.is_ascii_alphabetic());
    let is_organisation = words(ORGANISATIONS).any(|word| small.contains(word))
        || parts.any(|part| words(ORGANISATION_WORDS).any(|word| word == part));
    has_letter && !counts && !words(NOBODY).any(|one| one == small) && !is_organisation
}

/// Whether what a thing says of itself makes it a place that is open to everybody.
pub(super) fn is_public_place<'a>(mut names: impl Iterator<Item = &'a str>) -> bool {
    names.any(|name| words(PUBLIC_PLACES).any(|one| one == name))
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
            ("房东", Says::Name),
            ("权属人", Says::Name),
            ("权属人姓名", Says::Name),
            ("共有人", Says::Name),
            ("监护人", Says::Name),
            ("店主", Says::Name),
            ("OWNER_NM", Says::Name),
            ("OwnerName1", Says::Name),
            ("tenant full name", Says::Name),
            ("HUZHU", Says::Name),
            ("huzhu_xm", Says::Name),
            ("fang-dong", Says::Name),
            ("contact_name", Says::Name),
            ("CONTACT_NM", Says::Name),
            ("独居老人", Says::Label),
            ("是否低保户", Says::Label),
            ("低保户数", Says::Label),
            ("DIBAOHU", Says::Label),
            ("备注", Says::Note),
            ("备注2", Says::Note),
            ("BZ", Says::Note),
            ("Note", Says::Note),
            ("Remarks", Says::Note),
            ("huzhu_dianhua", phone(true)),
            ("OWNER_TEL_NO", phone(true)),
            ("owner_idcard", Says::Identity),
        ] {
            assert_eq!(says(header), expected, "{header}");
        }
    }

    #[test]
    fn headers_of_other_things_say_nothing() {
        for header in [
            "operator",
            "ownership",
            "owner_type",
            "独居老人关爱站",
            "残疾人坡道",
            "行人",
            "设计人",
            "权属单位",
            "house_no",
            "name",
            "building:levels",
            "residential",
            "landuse",
            "建筑名称",
            "height",
            "hotel",
        ] {
            assert_eq!(says(header), Says::Nothing, "{header}");
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

    #[test]
    fn a_label_is_told_by_all_but_a_no() {
        for value in ["是", "于某", "2户", "1", "yes", "true"] {
            assert!(is_labelled(value), "{value}");
        }
        for value in ["否", "无", "0", "0户", "No", " ", "false"] {
            assert!(!is_labelled(value), "{value}");
        }
    }
}
