//! Which texts of which records can be found. Nothing that is sealed is read without a clearance,
//! and everything sealed that can be found is named in [`TextKind::personal`].

use std::borrow::Cow;

use crate::base::{Clearance, PersonalField, Sealed};
use crate::model::{EntityKind, EntityRef, EntityView, Ground};

use super::folded::folded;
use super::grams::{Grams, Postings};
use super::letters::Letters;

/// What a text is to its record. Of equal fits places are told before numbers, these before people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TextKind {
    Name,
    NameEn,
    Address,
    Number,
    /// Under which a register keeps it.
    Key,
    /// A telephone that everybody may call.
    Phone,
    Person,
    Door,
}

/// What is personal of that which can be found by a text; doors by their house's address.
pub(super) const PERSONAL: [PersonalField; 1] = [PersonalField::Name];

impl TextKind {
    /// The kind of personal value that it is.
    pub fn personal(self) -> Option<PersonalField> {
        match self {
            Self::Person => Some(PersonalField::Name),
            Self::Door => Some(PersonalField::Door),
            Self::Name | Self::NameEn | Self::Address | Self::Number | Self::Key | Self::Phone => {
                None
            }
        }
    }

    /// Whether it is found by its whole pinyin, too.
    pub fn spelt_whole(self) -> bool {
        self != Self::Door
    }

    /// The name of what was matched.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name | Self::Person => "name",
            Self::NameEn => "name_en",
            Self::Address => "address",
            Self::Number => "number",
            Self::Key => "key",
            Self::Phone => "phone",
            Self::Door => "door",
        }
    }
}

/// Calls `each` for every text that can be found and can be read.
pub(super) fn each_text(
    ground: &Ground,
    clearance: &Clearance,
    is_asked: impl Fn(TextKind) -> bool,
    mut each: impl FnMut(EntityRef, TextKind, &str),
) {
    for kind in EntityKind::ALL {
        let texts = kinds_of(*kind).iter().filter(|text| is_asked(**text));
        let texts: Vec<_> = texts.collect();
        if texts.is_empty() {
            continue;
        }
        ground.for_each_key(*kind, |key| {
            for text in &texts {
                let text = **text;
                if let Some(found) = text_of(ground, key, text, clearance)
                    && !found.is_empty()
                {
                    each(key, text, &found);
                }
            }
        });
    }
}

/// The texts of some kinds, by their parts.
#[derive(Debug, Default)]
pub(super) struct Texts {
    docs: Vec<Doc>,
    /// The folded texts, one behind the other, so that a search opens nothing but what it shows.
    all: String,
    grams: Postings,
    /// Whether any is found by its whole pinyin.
    spelt: bool,
}

/// A text of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Doc {
    key: EntityRef,
    kind: TextKind,
    /// Where it begins in `all`; it ends where the next one begins.
    at: u32,
}

impl Texts {
    /// Gathers the texts of those kinds that are asked for.
    pub fn of(
        ground: &Ground,
        clearance: &Clearance,
        letters: &Letters,
        is_asked: impl Fn(TextKind) -> bool,
    ) -> Self {
        let (mut docs, mut all, mut grams) = (Vec::new(), String::new(), Grams::default());
        let mut spelt = false;
        each_text(ground, clearance, is_asked, |key, kind, text| {
            let text = folded(text);
            let number = docs.len() as u32;
            grams.add(number, &text);
            grams.add_initials(number, &text, letters);
            if kind.spelt_whole() {
                spelt = true;
                grams.add_spelling(number, &text, letters);
            }
            let at = all.len() as u32;
            docs.push(Doc { key, kind, at });
            all.push_str(&text);
        });
        Self {
            docs,
            all,
            grams: grams.into_postings(),
            spelt,
        }
    }

    /// Memory on the heap.
    pub fn bytes(&self) -> usize {
        self.docs.capacity() * size_of::<Doc>() + self.all.capacity() + self.grams.bytes()
    }

    /// A text, folded, and whose it is.
    pub fn get(&self, number: u32) -> (EntityRef, TextKind, &str) {
        let Doc { key, kind, at } = self.docs[number as usize];
        let next = self.docs.get(number as usize + 1);
        let end = next.map_or(self.all.len(), |next| next.at as usize);
        (key, kind, &self.all[at as usize..end])
    }

    /// Those that may hold these signs in a row.
    pub fn with(&self, signs: &str) -> Vec<u32> {
        self.grams.with(signs)
    }

    /// Those whose pinyin these letters may spell, by initials or, of those that are found so, by
    /// whole readings.
    pub fn with_letters(&self, letters: &[char]) -> Vec<u32> {
        let text: String = letters.iter().collect();
        let mut found = self.grams.with_initials(&text);
        if let [first, second, ..] = letters
            && self.spelt
        {
            let spelt = self.grams.with_spelling(*first, *second).into_iter();
            found.extend(spelt.filter(|number| self.docs[*number as usize].kind.spelt_whole()));
            found.sort();
            found.dedup();
        }
        found
    }
}

fn kinds_of(kind: EntityKind) -> &'static [TextKind] {
    match kind {
        EntityKind::Building => &[TextKind::Name, TextKind::Address],
        EntityKind::Place => &[TextKind::Name, TextKind::NameEn],
        EntityKind::Area => &[TextKind::Name, TextKind::Number],
        EntityKind::Camera => &[TextKind::Name, TextKind::Number, TextKind::Key],
        EntityKind::Device => &[TextKind::Name, TextKind::Number],
        EntityKind::Dwelling => &[TextKind::Address],
        EntityKind::Road
        | EntityKind::Water
        | EntityKind::GroundArea
        | EntityKind::Object
        | EntityKind::Event => &[TextKind::Name],
        EntityKind::Facility => &[TextKind::Name, TextKind::Phone],
        EntityKind::Responder => &[TextKind::Name, TextKind::Person],
        EntityKind::Resident => &[TextKind::Person],
        EntityKind::Plant
        | EntityKind::Terrain
        | EntityKind::Material
        | EntityKind::Texture
        | EntityKind::Household
        | EntityKind::Vehicle => &[],
    }
}

/// A text of a record; `None` where it has none or it is locked.
pub(super) fn text_of<'a>(
    ground: &'a Ground,
    key: EntityRef,
    kind: TextKind,
    clearance: &Clearance,
) -> Option<Cow<'a, str>> {
    let view = ground.view(key)?;
    if kind.personal().is_some() {
        return sealed_of(view, kind)?.open(clearance);
    }
    use EntityView as View;
    let text = match (view, kind) {
        (View::Area(one), TextKind::Name) => Some(&one.name),
        (View::Area(one), TextKind::Number) => one.code.as_ref(),
        (View::Building(one), TextKind::Name) => one.name.as_ref(),
        (View::Building(one), TextKind::Address) => one.address.as_ref(),
        (View::Dwelling(one), TextKind::Address) => one.address.as_ref(),
        (View::Road(one), TextKind::Name) => one.name.as_ref(),
        (View::Water(one), TextKind::Name) => one.name.as_ref(),
        (View::GroundArea(one), TextKind::Name) => one.name.as_ref(),
        (View::Object(one), TextKind::Name) => one.name.as_ref(),
        (View::Place(one), TextKind::Name) => Some(&one.name),
        (View::Place(one), TextKind::NameEn) => one.name_en.as_ref(),
        (View::Device(one), TextKind::Name) => one.name.as_ref(),
        // The key in its source is what is written on a device.
        (View::Device(one), TextKind::Number) => Some(&one.source.key),
        (View::Camera(one), TextKind::Name) => Some(&one.name),
        (View::Camera(one), TextKind::Number) => Some(&one.gb28181_id),
        (View::Camera(one), TextKind::Key) => Some(&one.source.key),
        (View::Facility(one), TextKind::Name) => Some(&one.name),
        (View::Facility(one), TextKind::Phone) => one.phone.as_ref(),
        (View::Responder(one), TextKind::Name) => Some(&one.title),
        (View::Event(one), TextKind::Name) => one.title.as_ref(),
        _ => None,
    };
    text.map(|text| Cow::Borrowed(text.as_str()))
}

/// The sealed value behind a personal text.
pub(super) fn sealed_of(view: EntityView<'_>, kind: TextKind) -> Option<&Sealed> {
    match (view, kind) {
        (EntityView::Resident(one), TextKind::Person) => Some(&one.name),
        (EntityView::Responder(one), TextKind::Person) => one.name.as_ref(),
        (EntityView::Dwelling(one), TextKind::Door) => Some(&one.door),
        _ => None,
    }
}

/// The signs after which the door begins in a written address, the last of them counts.
const DOOR_COMES: [char; 6] = ['号', '幢', '栋', '座', '弄', '院'];

/// Splits `悬桥巷12号 302` and `悬桥巷12号302室` before the door; `None` where there is none.
pub(super) fn address_and_door(text: &str) -> Option<(&str, &str)> {
    let text = text.trim();
    let after = text.rfind(DOOR_COMES).and_then(|at| {
        let sign = text[at..].chars().next()?;
        Some(text.split_at(at + sign.len_utf8()))
    });
    let by_space = || text.rsplit_once(char::is_whitespace);
    let (address, door) = after
        .filter(|(_, door)| !door.trim().is_empty())
        .or_else(by_space)?;
    let has_number = door.chars().any(char::is_numeric);
    (has_number && !address.trim().is_empty()).then_some((address, door))
}

/// Records whose written id begins so, in the order of kinds and ids, at most `limit`.
pub(super) fn ids_that_begin(ground: &Ground, text: &str, limit: usize) -> Vec<EntityRef> {
    let Some((prefix, digits)) = text.split_once('-') else {
        return Vec::new();
    };
    let is_hex = digits.len() <= 16 && digits.chars().all(|one| one.is_ascii_hexdigit());
    if !is_hex || digits.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for kind in EntityKind::ALL {
        if kind.id_prefix() != prefix {
            continue;
        }
        // An id is sixteen digits: those not told may be anything.
        let low = u64::from_str_radix(&format!("{digits:0<16}"), 16).unwrap_or(u64::MAX);
        let high = u64::from_str_radix(&format!("{digits:f<16}"), 16).unwrap_or(0);
        ground.for_each_key_between(*kind, low, high, |key| {
            if found.len() < limit {
                found.push(key);
            }
        });
    }
    found
}
