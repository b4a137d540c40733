//! What stands around a name and says that a text is about a person or their home: labels, parts that
//! people have in a house, titles, what happens to people; and what says that it is about a place that is
//! called so. Used by `register::at_home`, which knows the names, and by `person_names`, which guesses
//! them. Knows words alone, and never a name.

/// What before a name says that it is a person's.
const BEFORE: &str = "老人 低保户 低保 低保边缘 五保户 特困户 特困人员 特困 困难户 贫困户 残疾人 残疾 重残 残障人 \
    丧偶 失独 失独家庭 孤儿 留守儿童 孕妇 产妇 患者 病人 病患 障碍者 释放人员 矫正对象 重点人员 \
    服务对象 帮扶对象 照护对象 户主 房东 房主 屋主 业主 产权人 权属人 租户 租客 承租人 房客 住户 \
    居民 村民 店主 老板 家属 监护人 联系人 负责人 当事人 报修人 报警人 报事人 求助人 投诉人 \
    反映人 申请人 呼叫人 姓名 独居 孤寡 空巢 高龄 失能 接 探访 探望 看望 走访 慰问 照看 照料 \
    照护 陪护 陪同 帮扶 护理 包保 网格员 社工 志愿者 楼长 楼道长";
/// What behind a name says so, with or without a sign between.
const BEHIND: &str = "独居 孤寡 空巢 高龄 失能 失智 低保 五保 特困 困难户 残疾 重残 丧偶 失独 卧床 瘫痪 患病 患有 \
    生病 住院 病危 病重 病故 去世 死亡 走失 失踪 失联 摔倒 跌倒 跌伤 摔伤 晕倒 昏迷 受伤 被困 \
    怀孕 报修 报警 报案 报事 来电 来访 来信 求助 呼叫 呼救 反映 投诉 举报 上访 申请 要求 需上门 \
    需要上门 要上门 需陪 需要陪 需就医 需照 需要照 需人 需送 需要送 需帮 需要帮 断药 缺药 送药 \
    就医 家属 一家 夫妇 夫妻 父亲 母亲 之父 之母 儿子 女儿 妻子 丈夫 本人 户主 房东 房主 业主 \
    租户 租客 住户 居民 店主 老板 先生 女士 同志 师傅 阿姨 大爷 大妈 大伯 大娘 奶奶 爷爷 老人 \
    老伯 婆婆 住处 出租房 卧室 床头 床边 房间";
/// What does so where a name is only guessed.
const BEHIND_A_GUESS: &str = "独居 低保户 五保户 特困户 卧床 瘫痪 患病 走失 摔倒 去世 病故 需上门 先生 女士 师傅 阿姨 大爷 \
    大妈 大伯 奶奶 爷爷 夫妇";
/// What does so right behind it, and what makes that the front of another word.
const RIGHT_BEHIND: &[(&str, &str)] = &[
    (
        "家",
        "具 电 政 常 庄 园 庭 居 装 纺 教 属 长 委 饰 宴 味 村 巷 弄 桥 浜 角 湾 坟 祠 畜 禽",
    ),
    ("户", "外 型 部 口岸 用"),
    ("住", "宅 院部"),
];
/// What behind a name makes it that of a way, a house, a shop or a monument.
const PLACES: &str = "路 街 巷 弄 坊 桥 堤 浜 园 苑 村 庄 新村 小区 广场 大厦 大楼 钟楼 馆 纪念 故居 旧居 祖居 故里 \
    墓 祠 庙 寺 塔 亭 阁 宅 府 堂 书店 书院 书画 艺术 工作室 诊所 医院 学校 小学 中学 大学 学院 \
    幼儿园 店 商店 商行 商场 超市 便利 酒家 酒楼 酒吧 饭庄 餐厅 小吃 茶楼 茶室 药房 药铺 烟酒 烟杂 \
    理发 美容 美发 服装 家具 家电 家政 铺 厂 公司 奖 杯 基金 雕像 塑像 碑 中心 站";
/// What stands between a word and a name: 低保户：李德, 李德（独居）.
const JOINTS: &[char] = &[
    ':', '：', '-', '—', '–', '、', ',', '，', ' ', '(', '（', '[', '【', '「', '"', '“', '/', '·',
    '为', '是', '叫',
];
/// So many of them at most.
const JOINTS_MAX: usize = 2;

fn words(list: &str) -> impl Iterator<Item = &str> {
    list.split_whitespace()
}

/// Without the signs that join it to what stands before it.
fn unjoined_start(text: &str) -> &str {
    let mut rest = text;
    for _ in 0..JOINTS_MAX {
        rest = rest.strip_prefix(JOINTS).unwrap_or(rest);
    }
    rest
}

fn unjoined_end(text: &str) -> &str {
    let mut rest = text;
    for _ in 0..JOINTS_MAX {
        rest = rest.strip_suffix(JOINTS).unwrap_or(rest);
    }
    rest
}

/// Whether what stands before and behind a name, in a text without blanks, says that it is a person's.
/// Whose name it is does not matter.
pub(super) fn is_a_person(_name: &str, before: &str, behind: &str) -> bool {
    announces(before) && !is_a_place(behind) || is_behind_a_person(behind)
}

/// Whether a text is nothing but what joins a name to the one before it.
pub(super) fn joins_names(between: &str) -> bool {
    let is_list = |one: char| "、,，和与及".contains(one);
    !between.is_empty() && between.chars().all(is_list)
}

/// Whether a text ends with what says that a name comes.
pub(super) fn announces(before: &str) -> bool {
    let before = unjoined_end(before);
    words(BEFORE).any(|word| before.ends_with(word))
}

/// Whether a text begins with what stands behind the name of a person.
pub(super) fn is_behind_a_person(behind: &str) -> bool {
    let is_right_behind = RIGHT_BEHIND.iter().any(|(word, others)| {
        let rest = behind.strip_prefix(word);
        rest.is_some_and(|rest| !words(others).any(|other| rest.starts_with(other)))
    });
    if is_right_behind {
        return true;
    }
    let rest = unjoined_start(behind);
    is_aged(rest) || words(BEHIND).any(|word| rest.starts_with(word))
}

/// The same of what is only guessed to be a name: words that stand behind no other word.
pub(super) fn is_behind_guessed(behind: &str) -> bool {
    let rest = unjoined_start(behind);
    is_aged(rest) || words(BEHIND_A_GUESS).any(|word| rest.starts_with(word))
}

/// 82岁.
fn is_aged(rest: &str) -> bool {
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    (1..=3).contains(&digits) && rest[digits..].starts_with('岁')
}

/// Whether a text begins with what makes the name before it that of a place.
pub(super) fn is_a_place(behind: &str) -> bool {
    words(PLACES).any(|word| behind.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_around_a_name_say_what_it_is_about() {
        for (before, behind) in [
            ("独居老人", "需上门"),
            ("低保户：", ""),
            ("", "独居"),
            ("", "（独居）"),
            ("", "(82岁)"),
            ("", "家门口"),
            ("", "户漏水"),
            ("", "住3幢"),
            ("户主为", "，外出"),
            ("接", "来电"),
            ("户主是", ""),
        ] {
            assert!(is_a_person("", before, behind), "{before} … {behind}");
        }
        for (before, behind) in [
            ("", ""),
            ("", "家巷"),
            ("", "酒家"),
            ("", "堤"),
            ("", "纪念馆"),
            ("", "故居"),
            ("", "家具店"),
            ("", "户外用品"),
            ("", "住宅"),
            ("居民", "路"),
            ("", "路口积水"),
            ("平江路", "3幢"),
        ] {
            assert!(!is_a_person("", before, behind), "{before} … {behind}");
        }
    }
}
