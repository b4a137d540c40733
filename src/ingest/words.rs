//! Words of values, Chinese and English, for what a building is made of and used for.
//! Used by `facts`, and by a mapping for the words that it may write. Never looks at names.

use crate::model::{Protection, RoofStyle, Structure, Usage};

use super::kind_words::KIND_WORDS;
use super::mapping::Fact;

/// Words that tell a use.
const USAGE_WORDS: &[(Usage, &[&str])] = &[
    (
        Usage::Residential,
        &[
            "residential",
            "apartment",
            "house",
            "detached",
            "terrace",
            "dormitory",
            "woonfunctie",
            "住宅",
            "居住",
            "民居",
            "公寓",
            "宿舍",
        ],
    ),
    (
        Usage::Commercial,
        &[
            "commercial",
            "retail",
            "office",
            "shop",
            "hotel",
            "supermarket",
            "industrial",
            "warehouse",
            "商业",
            "商住",
            "商铺",
            "商服",
            "办公",
            "酒店",
            "旅馆",
            "宾馆",
            "工业",
            "厂房",
            "仓储",
            "仓库",
        ],
    ),
    (
        Usage::Public,
        &[
            "school",
            "hospital",
            "public",
            "government",
            "civic",
            "university",
            "kindergarten",
            "公共",
            "公建",
            "学校",
            "教育",
            "医院",
            "医疗",
            "行政",
            "幼儿园",
            "文化",
            "体育",
        ],
    ),
    (
        Usage::Heritage,
        &[
            "temple", "church", "pagoda", "mosque", "shrine", "historic", "heritage", "寺", "庙",
            "教堂", "祠堂", "文物", "园林", "古建",
        ],
    ),
    (
        Usage::Service,
        &[
            "garage", "shed", "toilets", "service", "carport", "车库", "车棚", "公厕", "配电",
            "附属",
        ],
    ),
];

/// The use that a word in small letters tells.
pub(super) fn usage(word: &str) -> Usage {
    // `warehouse` would match `house`: the whole word goes first.
    let whole = USAGE_WORDS.iter().find(|(_, words)| words.contains(&word));
    let part = || {
        USAGE_WORDS
            .iter()
            .find(|(_, words)| words.iter().any(|known| word.contains(known)))
    };
    whole
        .or_else(part)
        .map_or(Usage::Unknown, |(usage, _)| *usage)
}

/// Words that tell a structure; reinforced concrete goes before the steel in its name, and timber
/// with brick before brick.
const STRUCTURE_WORDS: &[(Structure, &[&str])] = &[
    (
        Structure::Concrete,
        &[
            "钢筋混凝土",
            "钢混",
            "钢砼",
            "混凝土",
            "砼",
            "框架",
            "框剪",
            "剪力墙",
            "concrete",
        ],
    ),
    (Structure::TimberBrick, &["砖木", "木", "timber", "wood"]),
    (
        Structure::Masonry,
        &[
            "砖混", "混合", "砖石", "砖", "石", "masonry", "brick", "stone",
        ],
    ),
    (Structure::Steel, &["钢", "steel"]),
];

/// The structure that a word tells.
pub(super) fn structure(word: &str) -> Structure {
    let word = word.to_lowercase();
    if let Some(structure) = Structure::from_name(&word) {
        return structure;
    }
    let mut known = STRUCTURE_WORDS.iter();
    known
        .find(|(_, words)| words.iter().any(|known| word.contains(known)))
        .map_or(Structure::Unknown, |(structure, _)| *structure)
}

/// The protection that a word tells, where it tells any.
pub(super) fn protection(word: &str) -> Option<Protection> {
    let stated = Protection::from_name(word);
    stated.or_else(|| match word {
        "无" => Some(Protection::None),
        _ if word.contains("控保") || word.contains("控制保护") => {
            Some(Protection::Controlled)
        }
        _ if word.contains("文物") || word.contains("文保") => Some(Protection::Listed),
        _ => None,
    })
}

/// The roof that a word tells.
pub(super) fn roof(word: &str) -> RoofStyle {
    if let Some(style) = RoofStyle::from_name(word) {
        return style;
    }
    match word {
        "gabled" | "硬山" | "悬山" | "坡屋顶" | "双坡" | "人字坡" => RoofStyle::Gable,
        "hipped" | "half-hipped" | "歇山" | "庑殿" | "四坡" => RoofStyle::Hip,
        "平屋顶" | "平顶" => RoofStyle::Flat,
        _ => RoofStyle::Derived,
    }
}

/// The words that a mapping may write for a fact; none where anything may stand.
pub(super) fn known(fact: Fact) -> &'static [&'static str] {
    match fact {
        Fact::Structure => &["unknown", "timber_brick", "masonry", "concrete", "steel"],
        Fact::Use => &[
            "unknown",
            "residential",
            "commercial",
            "public",
            "heritage",
            "service",
        ],
        Fact::Protection => &["none", "controlled", "listed"],
        Fact::Roof => &["derived", "gable", "hip", "flat", "pagoda"],
        Fact::Kind => KIND_WORDS,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structures_by_their_words() {
        for (word, expected) in [
            ("砖木结构", Structure::TimberBrick),
            ("砖混", Structure::Masonry),
            ("混合结构", Structure::Masonry),
            ("钢筋混凝土", Structure::Concrete),
            ("框架", Structure::Concrete),
            ("钢混", Structure::Concrete),
            ("钢结构", Structure::Steel),
            ("Masonry", Structure::Masonry),
            ("brick", Structure::Masonry),
            ("3", Structure::Unknown),
        ] {
            assert_eq!(structure(word), expected, "{word}");
        }
    }

    #[test]
    fn what_a_mapping_may_write_is_what_is_understood() {
        for word in known(Fact::Structure) {
            assert!(Structure::from_name(word).is_some(), "{word}");
        }
        for word in known(Fact::Use) {
            assert_eq!(Usage::from_name(word), Some(usage(word)), "{word}");
        }
        for word in known(Fact::Protection) {
            assert_eq!(Protection::from_name(word), protection(word), "{word}");
        }
        for word in known(Fact::Roof) {
            assert_eq!(RoofStyle::from_name(word), Some(roof(word)), "{word}");
        }
    }

    #[test]
    fn uses_and_protections_in_chinese() {
        assert_eq!(usage("城镇住宅用地"), Usage::Residential);
        assert_eq!(usage("办公"), Usage::Commercial);
        assert_eq!(usage("中学学校"), Usage::Public);
        assert_eq!(protection("省级文物保护单位"), Some(Protection::Listed));
        assert_eq!(protection("控保建筑"), Some(Protection::Controlled));
        assert_eq!(protection("x"), None);
        assert_eq!(roof("硬山"), RoofStyle::Gable);
    }
}
