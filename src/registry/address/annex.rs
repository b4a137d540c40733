//! What in a house is no flat and has a door of its own: garages, cellars, attics, shops, mezzanines, what was
//! built on. Used by the parser. Never says whose a door is.

use super::Address;

/// On which floor such a door is, where nothing else tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// On the ground floor.
    Ground,
    /// Below the ground.
    Below,
    /// Under the roof.
    Top,
    /// On that of the room whose number it has.
    OfRoom,
}

/// Words of registers, what they mean in one word, and where that is.
const KINDS: &[(&str, &str, Level)] = &[
    ("自行车库", "自行车库", Level::Ground),
    ("自行车棚", "自行车库", Level::Ground),
    ("非机动车库", "自行车库", Level::Ground),
    ("非机动车棚", "自行车库", Level::Ground),
    ("电动车库", "自行车库", Level::Ground),
    ("电动车棚", "自行车库", Level::Ground),
    ("车棚", "自行车库", Level::Ground),
    ("车库", "车库", Level::Ground),
    ("车位", "车位", Level::Ground),
    ("地下室", "地下室", Level::Below),
    ("阁楼", "阁楼", Level::Top),
    ("夹层", "夹层", Level::OfRoom),
    ("架空层", "架空层", Level::Ground),
    ("底商", "铺", Level::Ground),
    ("商铺", "铺", Level::Ground),
    ("店铺", "铺", Level::Ground),
    ("店面", "铺", Level::Ground),
    ("门面", "铺", Level::Ground),
    ("门面房", "铺", Level::Ground),
    ("门市", "铺", Level::Ground),
    ("门市房", "铺", Level::Ground),
    ("铺面", "铺", Level::Ground),
    ("铺位", "铺", Level::Ground),
    ("铺", "铺", Level::Ground),
    ("储藏室", "储藏室", Level::Ground),
    ("储藏间", "储藏室", Level::Ground),
    ("储物间", "储藏室", Level::Ground),
    ("杂物间", "储藏室", Level::Ground),
    ("违建", "违建", Level::OfRoom),
    ("违章", "违建", Level::OfRoom),
    ("违章建筑", "违建", Level::OfRoom),
    ("违法建筑", "违建", Level::OfRoom),
    ("搭建", "违建", Level::OfRoom),
    ("加建", "违建", Level::OfRoom),
    ("临", "临", Level::OfRoom),
    ("临房", "临", Level::OfRoom),
    ("临建", "临", Level::OfRoom),
    ("临时房", "临", Level::OfRoom),
    ("简易房", "临", Level::OfRoom),
    ("彩钢房", "临", Level::OfRoom),
    ("工棚", "临", Level::OfRoom),
    ("棚", "临", Level::OfRoom),
];

/// What stands before such a word where a flat has one: 101室带车库.
const WITH: &[char] = &['带', '含', '及', '和', '与', '连', '附', '有', '无', '送'];

/// What a name says that is such a word and nothing else.
pub(super) fn exactly(name: &str) -> Option<&'static str> {
    let found = KINDS.iter().find(|(word, ..)| *word == name);
    found.map(|(_, kind, _)| *kind)
}

/// What a name says that ends with such a word: 地下车库.
pub(super) fn at_end(name: &str) -> Option<&'static str> {
    let is_flat = name.starts_with(WITH);
    let ends = |word: &str| is_long(word) && !is_flat && name.ends_with(word);
    let found = || KINDS.iter().find(|(word, ..)| ends(word));
    exactly(name).or_else(|| found().map(|(_, kind, _)| *kind))
}

/// What a name says that begins or ends with such a word: 车库内, 北侧车库.
pub(super) fn of(name: &str) -> Option<&'static str> {
    let begins = |word: &str| is_long(word) && name.starts_with(word);
    let found = || KINDS.iter().find(|(word, ..)| begins(word));
    at_end(name).or_else(|| found().map(|(_, kind, _)| *kind))
}

/// A single sign is too little to be found within a name.
fn is_long(word: &str) -> bool {
    word.chars().count() > 1
}

impl Address {
    /// On which floor the door is that is no flat, as far as its kind tells; `None` of a flat.
    #[must_use]
    pub fn level(&self) -> Option<Level> {
        let annex = self.annex.as_deref()?;
        let found = KINDS.iter().find(|(_, kind, _)| *kind == annex);
        Some(found.map_or(Level::OfRoom, |(.., level)| *level))
    }
}
