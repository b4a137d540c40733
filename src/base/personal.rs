//! Which kinds of personal value there are, who may see which, and the port through which every
//! personal value is shown. Used by queries, cards and the API. Never decides who may see what:
//! `access` does.

use serde::{Deserialize, Serialize};

use super::{Clearance, Mask, Sealed};

/// Kinds of personal value. Roles name those that they open; the audit names those that were opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonalField {
    /// Name of a resident or of somebody on duty.
    Name,
    /// Telephone number.
    Phone,
    /// Identity number.
    Identity,
    /// Date of birth.
    BirthDate,
    /// Unit and door, and addresses that hold them.
    Door,
    /// Sensitive labels, and the traits from which they follow.
    Label,
    /// Emergency contacts: whom to call for somebody.
    Contact,
    /// Number plate.
    Plate,
    /// What a resident wrote or said, and who it was.
    Report,
    /// Address of a camera's stream, which often holds a password.
    Stream,
}

impl PersonalField {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::Name,
        Self::Phone,
        Self::Identity,
        Self::BirthDate,
        Self::Door,
        Self::Label,
        Self::Contact,
        Self::Plate,
        Self::Report,
        Self::Stream,
    ];

    /// The name in configuration and documents.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Phone => "phone",
            Self::Identity => "identity",
            Self::BirthDate => "birth_date",
            Self::Door => "door",
            Self::Label => "label",
            Self::Contact => "contact",
            Self::Plate => "plate",
            Self::Report => "report",
            Self::Stream => "stream",
        }
    }

    /// How much of such a value everybody may see.
    #[must_use]
    pub const fn mask(self) -> Mask {
        match self {
            Self::Name => Mask::Name,
            Self::Phone => Mask::Phone,
            Self::Identity => Mask::Identity,
            Self::BirthDate
            | Self::Door
            | Self::Label
            | Self::Contact
            | Self::Plate
            | Self::Report
            | Self::Stream => Mask::Hidden,
        }
    }
}

/// Why a value stays closed to who asks; of several reasons the last is the one to tell, for it is
/// the nearest to opening.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Closed {
    /// The role opens no value of this kind to anybody, or no role was named.
    Role,
    /// It would, but no purpose was told.
    NoPurpose,
    /// The record lies in no area that is known, and the person works for some.
    Nowhere,
    /// The record lies outside the areas that the person works for.
    Elsewhere,
    /// It would open, but the city's key is away.
    Key,
}

impl Closed {
    /// Every reason.
    pub const ALL: [Self; 5] = [
        Self::Role,
        Self::NoPurpose,
        Self::Nowhere,
        Self::Elsewhere,
        Self::Key,
    ];

    /// The name in documents and words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::NoPurpose => "no_purpose",
            Self::Nowhere => "nowhere",
            Self::Elsewhere => "elsewhere",
            Self::Key => "key",
        }
    }
}

/// Whose value is asked for: what the audit names, and the area that decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject<'a> {
    /// The written id of the record, for example `res-03f2a9c1d4e5b677`.
    pub id: &'a dyn IdText,
    /// The smallest area that it stands in, by the bits of its id; `None` when that is not known:
    /// then only who may see every area may see it.
    pub area: Option<u64>,
}

/// The written form of an id; made only when something is revealed.
pub trait IdText: std::fmt::Debug {
    /// The text.
    fn id_text(&self) -> String;
}

impl<T: std::fmt::Display + std::fmt::Debug> IdText for T {
    fn id_text(&self) -> String {
        self.to_string()
    }
}

impl PartialEq for dyn IdText + '_ {
    fn eq(&self, other: &Self) -> bool {
        self.id_text() == other.id_text()
    }
}

impl Eq for dyn IdText + '_ {}

/// What somebody may see of whom. Whoever shows a personal value asks here, so that none is shown
/// past the rules and every one that is opened is on record.
pub trait Rights {
    /// The permission to open such a field of this subject, noted as a reveal; `None` for those who
    /// get a mask.
    fn reveal(&self, field: PersonalField, of: &Subject<'_>) -> Option<&Clearance>;

    /// Whether such a field of a subject in this area may be opened, noting nothing: for deciding
    /// what to look for.
    fn may_see(&self, field: PersonalField, area: Option<u64>) -> bool;

    /// Why such a field of a subject in this area stays closed, noting nothing; `None` when it opens
    /// with the city's key.
    fn closed(&self, field: PersonalField, area: Option<u64>) -> Option<Closed> {
        (!self.may_see(field, area)).then_some(Closed::Role)
    }

    /// Counts of people of this area below this are not told; 0 for those who may know all there.
    /// Of `None` it is what holds anywhere in the city.
    fn suppress_below(&self, area: Option<u64>) -> usize;

    /// The value, opened or masked. A locked value is masked for everybody, and nothing is noted.
    fn show(&self, field: PersonalField, value: &Sealed, of: &Subject<'_>) -> Shown {
        let is_open = !value.is_locked();
        let clearance = is_open.then(|| self.reveal(field, of)).flatten();
        match clearance.and_then(|clearance| value.open(clearance)) {
            Some(text) => Shown {
                text: text.into_owned(),
                is_masked: false,
            },
            None => Shown {
                text: value.masked(field.mask()),
                is_masked: true,
            },
        }
    }
}

/// A personal value as its asker may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// The value or its mask.
    pub text: String,
    /// Whether it is a mask.
    #[serde(rename = "masked")]
    pub is_masked: bool,
}

/// The rights of everybody: masks, and no small counts.
#[derive(Debug, Clone, Copy, Default)]
pub struct Nobody;

/// Counts of people below this are not told to everybody (GB/T 35273 practice).
pub const SMALL_COUNT: usize = 5;

impl Rights for Nobody {
    fn reveal(&self, _: PersonalField, _: &Subject<'_>) -> Option<&Clearance> {
        None
    }

    fn may_see(&self, _: PersonalField, _: Option<u64>) -> bool {
        false
    }

    fn suppress_below(&self, _: Option<u64>) -> usize {
        SMALL_COUNT
    }
}

/// As [`Nobody`], in a city that keeps back other counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Everybody {
    /// Counts of people below this are not told.
    pub suppress_below: usize,
}

impl Rights for Everybody {
    fn reveal(&self, _: PersonalField, _: &Subject<'_>) -> Option<&Clearance> {
        None
    }

    fn may_see(&self, _: PersonalField, _: Option<u64>) -> bool {
        false
    }

    fn suppress_below(&self, _: Option<u64>) -> usize {
        self.suppress_below
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_gets_masks() {
        let of = Subject {
            id: &"res-1",
            area: None,
        };
        let shown = Nobody.show(PersonalField::Phone, &Sealed::new("13912345678"), &of);
        assert_eq!(
            (shown.text.as_str(), shown.is_masked),
            ("139****5678", true)
        );
        let shown = Nobody.show(PersonalField::Label, &Sealed::new("disabled"), &of);
        assert_eq!(shown.text, "***");
    }

    #[test]
    fn names_of_fields_are_those_of_documents() {
        for field in PersonalField::ALL {
            let text = serde_json::to_string(&field).unwrap();
            assert_eq!(text, format!("{:?}", field.as_str()));
        }
    }
}
