//! The words for what a thing is: our own `kind`, the same in Chinese, and parts of layers' names.
//! Used by `tags` and by mappings. Never looks at a feature.

/// The words of our own `kind`.
pub(super) const KIND_WORDS: &[&str] = &[
    "building",
    "road",
    "street",
    "lane",
    "quay",
    "bridge",
    "path",
    "moat",
    "canal",
    "river",
    "pond",
    "lake",
    "garden",
    "park",
    "green",
    "plaza",
    "courtyard",
    "parking",
    "other",
    "gate",
    "pagoda",
    "landmark",
    "place",
    "quarter",
    "detail",
    "tree",
];

/// The same in Chinese.
const CHINESE_KINDS: &[(&str, &str)] = &[
    ("建筑", "building"),
    ("建筑物", "building"),
    ("房屋", "building"),
    ("道路", "road"),
    ("街道", "street"),
    ("巷", "lane"),
    ("弄", "lane"),
    ("桥", "bridge"),
    ("桥梁", "bridge"),
    ("护城河", "moat"),
    ("河道", "canal"),
    ("河流", "river"),
    ("池塘", "pond"),
    ("湖泊", "lake"),
    ("园林", "garden"),
    ("公园", "park"),
    ("绿地", "green"),
    ("广场", "plaza"),
    ("停车场", "parking"),
    ("城门", "gate"),
    ("塔", "pagoda"),
    ("地名", "place"),
    ("景点", "place"),
    ("树", "tree"),
    ("树木", "tree"),
];

/// The word of our own vocabulary for a kind, in either language; of `canal+road` the first counts.
pub(super) fn kind_word(text: &str) -> Option<&'static str> {
    let word = text.split('+').next()?.trim();
    let chinese = CHINESE_KINDS.iter().find(|(chinese, _)| *chinese == word);
    let word = chinese.map_or(word, |(_, english)| english);
    KIND_WORDS.iter().find(|known| **known == word).copied()
}

/// Whether a layer's name, in small letters, holds a word: in Latin letters as a word of its own,
/// also in the plural (`point` is no `poi`), in Chinese anywhere.
pub(super) fn is_in_name(word: &str, layer: &str) -> bool {
    if !word.is_ascii() {
        return layer.contains(word);
    }
    let mut parts = layer.split(|c: char| !c.is_alphabetic());
    parts.any(|part| {
        part.strip_prefix(word)
            .is_some_and(|rest| matches!(rest, "" | "s"))
    })
}

/// Whether a layer's name tells what is in it.
pub(super) fn layer_tells(layer: &str) -> bool {
    let layer = layer.to_lowercase();
    let words = LAYER_WORDS.iter().flat_map(|(words, _)| *words);
    words.into_iter().any(|word| is_in_name(word, &layer))
}

/// Words of layers' names and the kind that they tell.
pub(super) const LAYER_WORDS: &[(&[&str], &str)] = &[
    (
        &["building", "bldg", "footprint", "建筑", "房屋", "楼栋"],
        "building",
    ),
    (
        &["road", "street", "highway", "道路", "路网", "街巷"],
        "road",
    ),
    (
        &["river", "canal", "waterway", "河流", "河道", "水系"],
        "canal",
    ),
    (&["pond", "lake", "water", "湖", "水面"], "pond"),
    (&["park", "green", "grass", "绿地", "公园"], "green"),
    (&["tree", "树"], "tree"),
    (&["place", "landmark", "poi", "地名", "景点"], "place"),
];
