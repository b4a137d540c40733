//! Provinces and cities by the codes of administrative areas (GB/T 2260): public knowledge of the country,
//! by which a city that has the codes of its areas knows where it lies, and an address that names another
//! city is told apart. Used by `registry::houses` and by the parser. What it does not know is nowhere.

/// Provinces: code, name, and the cities in them by the third and fourth digit of their codes. Without 市;
/// prefectures of other kinds with their endings.
const PROVINCES: &[(&str, &str, &str)] = &[
    ("11", "北京市", ""),
    ("12", "天津市", ""),
    (
        "13",
        "河北省",
        "01石家庄 02唐山 03秦皇岛 04邯郸 05邢台 06保定 07张家口 08承德 09沧州 10廊坊 11衡水",
    ),
    (
        "14",
        "山西省",
        "01太原 02大同 03阳泉 04长治 05晋城 06朔州 07晋中 08运城 09忻州 10临汾 11吕梁",
    ),
    (
        "15",
        "内蒙古自治区",
        "01呼和浩特 02包头 03乌海 04赤峰 05通辽 06鄂尔多斯 07呼伦贝尔 08巴彦淖尔 09乌兰察布",
    ),
    (
        "21",
        "辽宁省",
        "01沈阳 02大连 03鞍山 04抚顺 05本溪 06丹东 07锦州 08营口 09阜新 10辽阳 11盘锦 12铁岭 13朝阳 14葫芦岛",
    ),
    (
        "22",
        "吉林省",
        "01长春 02吉林 03四平 04辽源 05通化 06白山 07松原 08白城",
    ),
    (
        "23",
        "黑龙江省",
        "01哈尔滨 02齐齐哈尔 03鸡西 04鹤岗 05双鸭山 06大庆 07伊春 08佳木斯 09七台河 10牡丹江 11黑河 12绥化",
    ),
    ("31", "上海市", ""),
    (
        "32",
        "江苏省",
        "01南京 02无锡 03徐州 04常州 05苏州 06南通 07连云港 08淮安 09盐城 10扬州 11镇江 12泰州 13宿迁",
    ),
    (
        "33",
        "浙江省",
        "01杭州 02宁波 03温州 04嘉兴 05湖州 06绍兴 07金华 08衢州 09舟山 10台州 11丽水",
    ),
    (
        "34",
        "安徽省",
        "01合肥 02芜湖 03蚌埠 04淮南 05马鞍山 06淮北 07铜陵 08安庆 10黄山 11滁州 12阜阳 13宿州 15六安 16亳州 17池州 18宣城",
    ),
    (
        "35",
        "福建省",
        "01福州 02厦门 03莆田 04三明 05泉州 06漳州 07南平 08龙岩 09宁德",
    ),
    (
        "36",
        "江西省",
        "01南昌 02景德镇 03萍乡 04九江 05新余 06鹰潭 07赣州 08吉安 09宜春 10抚州 11上饶",
    ),
    (
        "37",
        "山东省",
        "01济南 02青岛 03淄博 04枣庄 05东营 06烟台 07潍坊 08济宁 09泰安 10威海 11日照 13临沂 14德州 15聊城 16滨州 17菏泽",
    ),
    (
        "41",
        "河南省",
        "01郑州 02开封 03洛阳 04平顶山 05安阳 06鹤壁 07新乡 08焦作 09濮阳 10许昌 11漯河 12三门峡 13南阳 14商丘 15信阳 16周口 17驻马店",
    ),
    (
        "42",
        "湖北省",
        "01武汉 02黄石 03十堰 05宜昌 06襄阳 07鄂州 08荆门 09孝感 10荆州 11黄冈 12咸宁 13随州",
    ),
    (
        "43",
        "湖南省",
        "01长沙 02株洲 03湘潭 04衡阳 05邵阳 06岳阳 07常德 08张家界 09益阳 10郴州 11永州 12怀化 13娄底",
    ),
    (
        "44",
        "广东省",
        "01广州 02韶关 03深圳 04珠海 05汕头 06佛山 07江门 08湛江 09茂名 12肇庆 13惠州 14梅州 15汕尾 16河源 17阳江 18清远 19东莞 20中山 51潮州 52揭阳 53云浮",
    ),
    (
        "45",
        "广西壮族自治区",
        "01南宁 02柳州 03桂林 04梧州 05北海 06防城港 07钦州 08贵港 09玉林 10百色 11贺州 12河池 13来宾 14崇左",
    ),
    ("46", "海南省", "01海口 02三亚 03三沙 04儋州"),
    ("50", "重庆市", ""),
    (
        "51",
        "四川省",
        "01成都 03自贡 04攀枝花 05泸州 06德阳 07绵阳 08广元 09遂宁 10内江 11乐山 13南充 14眉山 15宜宾 16广安 17达州 18雅安 19巴中 20资阳",
    ),
    (
        "52",
        "贵州省",
        "01贵阳 02六盘水 03遵义 04安顺 05毕节 06铜仁",
    ),
    (
        "53",
        "云南省",
        "01昆明 03曲靖 04玉溪 05保山 06昭通 07丽江 08普洱 09临沧",
    ),
    (
        "54",
        "西藏自治区",
        "01拉萨 02日喀则 03昌都 04林芝 05山南 06那曲",
    ),
    (
        "61",
        "陕西省",
        "01西安 02铜川 03宝鸡 04咸阳 05渭南 06延安 07汉中 08榆林 09安康 10商洛",
    ),
    (
        "62",
        "甘肃省",
        "01兰州 02嘉峪关 03金昌 04白银 05天水 06武威 07张掖 08平凉 09酒泉 10庆阳 11定西 12陇南",
    ),
    ("63", "青海省", "01西宁 02海东"),
    (
        "64",
        "宁夏回族自治区",
        "01银川 02石嘴山 03吴忠 04固原 05中卫",
    ),
    (
        "65",
        "新疆维吾尔自治区",
        "01乌鲁木齐 02克拉玛依 04吐鲁番 05哈密",
    ),
    ("71", "台湾省", ""),
    ("81", "香港特别行政区", ""),
    ("82", "澳门特别行政区", ""),
];

/// Digits of the code of a province, of a city, and of a county.
const PROVINCE: usize = 2;
const CITY: usize = 4;
const COUNTY: usize = 6;
/// Counties with such numbers are cities of their own.
const COUNTY_CITIES: u32 = 81;

/// Where areas with these codes lie: province and city, as far as all of them lie in one. A city of the
/// country itself (上海市) is no province.
pub(in crate::registry) fn place_of<'a>(
    codes: impl Iterator<Item = &'a str>,
) -> (Option<String>, Option<String>) {
    let is_code =
        |code: &&str| code.len() >= COUNTY && code.bytes().all(|byte| byte.is_ascii_digit());
    let codes: Vec<&str> = codes.filter(is_code).collect();
    let Some(first) = codes.first() else {
        return (None, None);
    };
    let are_one = |length: usize| codes.iter().all(|code| code[..length] == first[..length]);
    let province = PROVINCES.iter().find(|(code, ..)| first.starts_with(code));
    let Some((_, province, cities)) = province.filter(|_| are_one(PROVINCE)) else {
        return (None, None);
    };
    if is_city_of_the_country(province) {
        return (None, Some((*province).to_owned()));
    }
    // What an address calls a city may be one of these.
    let is_county_city = |code: &&str| {
        code[CITY..COUNTY]
            .parse::<u32>()
            .is_ok_and(|county| county >= COUNTY_CITIES)
    };
    let is_sure = are_one(CITY) && !codes.iter().any(is_county_city);
    let city = cities
        .split_whitespace()
        .find_map(|one| one.strip_prefix(&first[PROVINCE..CITY]));
    let city = city.filter(|_| is_sure).map(|name| format!("{name}市"));
    (Some((*province).to_owned()), city)
}

fn is_city_of_the_country(province: &str) -> bool {
    province.ends_with('市')
}

/// A name without what says that it is a province or a city.
fn short(name: &str) -> &str {
    const ENDINGS: &[&str] = &[
        "维吾尔自治区",
        "壮族自治区",
        "回族自治区",
        "特别行政区",
        "自治区",
        "省",
        "市",
    ];
    let bare = ENDINGS.iter().find_map(|ending| name.strip_suffix(ending));
    bare.unwrap_or(name)
}

/// Whether two names mean one province or city: 江苏 and 江苏省, 广西 and 广西壮族自治区.
pub(in crate::registry) fn are_one(one: &str, other: &str) -> bool {
    short(one) == short(other)
}

/// Province and city that a text begins with in their short form, and how many letters these have: 安徽六安
/// of 安徽六安桃源新村. A province alone is none, for ways and lakes are called so, nor is a city.
pub(super) fn at_front(text: &str) -> Option<(&'static str, &'static str, usize)> {
    PROVINCES.iter().find_map(|(_, province, cities)| {
        let rest = text
            .strip_prefix(province)
            .or_else(|| text.strip_prefix(short(province)))?;
        let mut cities = cities.split_whitespace();
        let city = cities.find_map(|one| {
            let name = one.trim_start_matches(|sign: char| sign.is_ascii_digit());
            rest.starts_with(name).then_some(name)
        })?;
        let behind = &rest[city.len()..];
        let end = behind.strip_prefix('市').unwrap_or(behind);
        // 湖北武汉路 is a way, and 江苏苏州工业园区 an area that is called so.
        const GOES_ON: &[&str] = &[
            "路",
            "街",
            "巷",
            "大道",
            "里",
            "弄",
            "桥",
            "工业园",
            "高新",
            "经济",
            "经开",
            "新区",
            "开发",
        ];
        let is_way = GOES_ON.iter().any(|word| behind.starts_with(word));
        let length = text.chars().count() - end.chars().count();
        (!is_way).then_some((*province, city, length))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(codes: &[&str]) -> (Option<String>, Option<String>) {
        place_of(codes.iter().copied())
    }

    #[test]
    fn codes_of_areas_tell_province_and_city() {
        let told = |province: &str, city: &str| {
            let some = |name: &str| (!name.is_empty()).then(|| name.to_owned());
            (some(province), some(city))
        };
        assert_eq!(place(&["320508", "320508019"]), told("江苏省", "苏州市"));
        assert_eq!(place(&["310101", "310115"]), told("", "上海市"));
        assert_eq!(place(&["341503"]), told("安徽省", "六安市"));
        // Of several cities, and of a city within one, the province alone is sure.
        assert_eq!(place(&["320508", "320211"]), told("江苏省", ""));
        assert_eq!(place(&["320583"]), told("江苏省", ""));
        assert_eq!(place(&["320508", "330102"]), told("", ""));
        assert_eq!(place(&["G-1", "999999", ""]), told("", ""));
        assert_eq!(place(&[]), told("", ""));
    }

    #[test]
    fn short_forms_are_known_where_both_are_told() {
        assert_eq!(at_front("安徽六安桃源新村"), Some(("安徽省", "六安", 4)));
        assert_eq!(at_front("江苏省苏州市姑苏区"), Some(("江苏省", "苏州", 6)));
        for text in ["上海路", "湖北武汉路", "六安路", "桃源新村", "安徽", ""] {
            assert_eq!(at_front(text), None, "{text}");
        }
        assert!(are_one("广西", "广西壮族自治区") && !are_one("江苏省", "江西省"));
    }

    #[test]
    fn no_code_and_no_name_stands_twice() {
        let mut all = std::collections::HashSet::new();
        for (code, _, cities) in PROVINCES {
            for city in cities.split_whitespace() {
                let (number, name) = city.split_at(2);
                assert!(number.bytes().all(|byte| byte.is_ascii_digit()), "{city}");
                assert!(all.insert(format!("{code}{number}")), "{city}");
                assert!(all.insert(name.to_owned()), "{city}");
            }
        }
    }
}
