//! Why a candidate is not a perfect one, in words that hold no value. Used by matching and by reports.

use crate::registry::address::Part;

/// How a part of an address stands to the candidate's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// The address does not tell it.
    Missing,
    /// The candidate's address does not tell it.
    Extra,
    /// Both tell it, and not the same.
    Differs,
    /// Spelt almost alike.
    Similar,
    /// One lies within the range of the other.
    InRange,
    /// A number taken for a building or the reverse.
    ReadAs,
    /// Of an older numbering.
    Former,
    /// Not understood.
    Unread,
    /// The address tells it twice, and not the same.
    Twice,
    /// The address tells another one beside it.
    Beside,
    /// The floor is not that of the room.
    AgainstRoom,
}

/// Why a candidate is not a perfect one. It carries no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Reason {
    /// The part.
    pub part: Part,
    /// What is with it.
    pub how: How,
}

impl Reason {
    /// Of a part that an address tells a second time and otherwise.
    #[must_use]
    pub fn of_second(part: Part) -> Self {
        let how = match part {
            Part::Floor => How::AgainstRoom,
            _ => How::Twice,
        };
        Self { part, how }
    }

    /// In words for a report, such as `room differs`.
    #[must_use]
    pub fn text(&self) -> String {
        let how = match self.how {
            How::Missing if self.part == Part::Rest => {
                return "the dwelling's door has further words".to_owned();
            }
            How::Missing => "missing",
            How::Extra => "not in the register",
            How::Differs => "differs",
            How::Similar => "is spelt otherwise",
            How::InRange => "within a range",
            How::ReadAs => "taken for another kind of number",
            How::Former => "of an older numbering",
            How::Unread => "not understood",
            How::Twice => "told twice, and not the same",
            How::AgainstRoom => "and room contradict",
            How::Beside => "is one beside the one that is told (楼上, 隔壁, 对面 …)",
        };
        format!("{} {how}", self.part.name())
    }
}
