//! Names of people in texts of base maps, where no register tells who lives there: a surname and one or two
//! signs beside a word that says that the text is about a person (户主于某某, 李某独居). A guess, which finds
//! too much rather than too little: what it finds is left out and told. Used by `personal_attributes` for
//! notes alone. Never used for what stands in registers, whose names are known.

use super::about_people::{announces, is_a_place, is_behind_guessed};
use crate::base::half_width;

/// The surnames that most people have, and some of the old families of the region.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程\
    苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严\
    覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒\
    阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓\
    古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇\
    桑郎甄丛仲虞敖巩明佘池查麻苑迟邝";
/// Surnames of two signs.
const DOUBLE: &str =
    "欧阳 上官 司马 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 宇文 长孙 司徒 端木 夏侯 澹台 闻人";
/// Words that begin as a surname does.
const WORDS: &str = "于此 于是 于去 于今 于本 于上 于下 于年 于月 于昨 于明 于前 于后 于其 于该 方可 方便 方面 方式 方案 方向 \
    方法 方才 方应 方需 方要 方能 方负 方自 方同 任意 任何 任务 任职 常年 常住 常见 常用 常规 常有 万元 万一 \
    安全 安装 安置 安排 安静 高龄 高层 高温 高度 高血 高低 高于 单元 单位 单独 单身 单间 单亲 单人 关于 关爱 \
    关心 关注 关怀 关系 关闭 时间 时有 时常 成员 成年 成立 查看 查询 查无 施工 管理 管道 房屋 房产 房东 房间 \
    房租 房主 房内 车辆 车位 车库 路灯 路口 江苏 江南 苏州 温度 平时 平房 金额 文物 文化 文件 文保 连续 易燃 \
    白天 白墙 白色 余下 谢绝 申请 申报 党员 党支 古建 古井 古宅 左侧 左右 左边 包括 包户 石库 石材 石板 石墙 \
    木门 和睦 和谐 应急 应当 应自 应由 应该 全部 全家 全体 全年 商户 商铺 商店 师傅 师生 明确 明显 明清 阳台 \
    边界 沙石 景观 景区 华侨 向社 向街 向政 向东 向南 向西 向北 卫生 卫浴 宫殿 席位 简单 项目 费用 解放 解决 \
    游客 游览 成都 文革 龙头 马路 马桶 水井 牛奶 田地 林木 金属 黄色 黄砂 夏季 冬季 秋季 春季 季节 季度 梅花 \
    兰花 桂花 柳树 杨树 钟楼 石桥 唐代 宋代 元代 明代 汉代 清代 家属 康复 盛大 安保 尚未 尚有 尚在 和平 和他 \
    和她 和其 和邻 和家 同意 同住 符合 甘愿 路过 游离 屈指 农户 农村 农民 农历 司机 古城 古镇 卓越 吉祥 连接 \
    连廊 全国 全市 应按 应与 商业 商住 明年 池塘 查封 麻将 向阳 冷库 宁静 左手 时候";
/// What a name of three signs does not end with: 关爱站, 王家巷.
const NO_END: &str = "站室厅所院店馆会队组处床楼卡金费证表屋街巷桥园村区镇市省县灯路弄里坊层户幢栋号的了在已未需要不";

/// Whether a text names somebody beside a word for people.
pub(super) fn names_somebody(text: &str) -> bool {
    let plain: Vec<char> = text.chars().map(half_width).collect();
    let plain: Vec<char> = plain
        .into_iter()
        .filter(|one| !one.is_whitespace())
        .collect();
    (0..plain.len()).any(|at| is_name_at(&plain, at))
}

/// Whether a name begins here, and a word beside it says that it is a person's.
fn is_name_at(signs: &[char], at: usize) -> bool {
    let rest = &signs[at..];
    let before: String = signs[..at].iter().collect();
    let is_told = announces(&before);
    let begins = signs[..at].last().is_none_or(|one| !is_letter(*one));
    let Some(surname) = surname(rest) else {
        return false;
    };
    let given = rest[surname..]
        .iter()
        .take_while(|one| is_letter(**one))
        .count();
    (1..=given.min(2)).any(|given| {
        let (name, behind) = rest.split_at(surname + given);
        let behind: String = behind.iter().collect();
        let is_end = name.last().is_some_and(|last| NO_END.contains(*last));
        let is_person = is_told && ends_here(&behind) || begins && is_behind_guessed(&behind);
        is_person && !is_end && !is_a_place(&behind)
    })
}

fn is_letter(one: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&one)
}

/// How many signs the surname has that stands here; `None` where another word does.
fn surname(signs: &[char]) -> Option<usize> {
    let front: String = signs.iter().take(2).collect();
    let is = |list: &str| list.split_whitespace().any(|word| word == front);
    if is(WORDS) {
        return None;
    }
    match is(DOUBLE) {
        true => Some(2),
        false => SURNAMES.contains(*signs.first()?).then_some(1),
    }
}

/// Whether a name that was announced can end before this: at the end, a sign, or a word that goes on.
fn ends_here(behind: &str) -> bool {
    const ON: &str = "的家住需要在报反求来因已未不将现年有为系和与及等户房所自从去到于同说称曾常外出每患卧摔独低残";
    let next = behind.chars().next();
    next.is_none_or(|one| !is_letter(one) || ON.contains(one)) || is_behind_guessed(behind)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_beside_words_for_people_are_found() {
        for text in [
            "户主于霞超",
            "户主：于霞超，外出",
            "房东 欧阳一德 住二楼",
            "联系人王小二。",
            "独居老人于霞超需上门",
            "低保户李德",
            "于霞超独居",
            "李德先生",
            "于霞超(82岁)",
            "白墙,户主李德13900000001",
            "业主端木清家",
        ] {
            assert!(names_somebody(text), "{text}");
        }
    }

    #[test]
    fn notes_about_houses_and_services_name_nobody() {
        for text in [
            "白墙",
            "独居老人关爱站",
            "低保政策咨询",
            "业主委员会意见",
            "业主方负责维修",
            "户主于去年搬离",
            "住户常年不在",
            "于家巷",
            "王小二酒家",
            "李公堤",
            "顾野王纪念馆",
            "蔡谨士故居",
            "居民路口",
            "老人单独居住",
            "高龄老人",
            "房东姓名不详",
            "石库门建筑，清代",
            "道光年间建，民国重修",
            "see survey of 1998",
            "",
        ] {
            assert!(!names_somebody(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_looked_at_without_fear(text in "\\PC*|[户主于李德独居:， ]*") {
            let _ = names_somebody(&text);
        }
    }
}
