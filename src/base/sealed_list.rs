//! Several personal texts in one sealed value, so that nobody sees how many there are: the labels of
//! a person. Used by records and the city file. Never tells its length without a clearance.

use super::{Clearance, SealError, Sealed};

/// A list of personal texts; its text is the JSON list of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedList(Sealed);

impl SealedList {
    /// Seals a list that this process just made or read.
    #[must_use]
    pub fn new<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Self {
        let texts: Vec<_> = texts
            .into_iter()
            .map(|text| text.as_ref().to_owned())
            .collect();
        Self(Sealed::new(serde_json::Value::from(texts).to_string()))
    }

    /// A sealed value whose text is a JSON list, or one that is locked.
    #[must_use]
    pub fn from_sealed(sealed: Sealed) -> Self {
        Self(sealed)
    }

    /// The value that is to be kept.
    #[must_use]
    pub fn as_sealed(&self) -> &Sealed {
        &self.0
    }

    /// The texts, for those who hold a clearance; `None` while they are locked or damaged.
    #[must_use]
    pub fn open(&self, clearance: &Clearance) -> Option<Vec<String>> {
        self.try_open(clearance).ok()
    }

    /// As [`SealedList::open`], with the reason why it cannot be opened.
    ///
    /// # Errors
    /// When it is locked, or was changed at rest.
    pub fn try_open(&self, clearance: &Clearance) -> Result<Vec<String>, SealError> {
        let text = self.0.try_open(clearance)?;
        serde_json::from_str(&text).map_err(|_| SealError::Damaged("not a list of texts"))
    }
}

impl Default for SealedList {
    fn default() -> Self {
        Self::new::<&str>([])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_and_nothing_is_told() {
        let clearance = crate::base::clearance_for_tests();
        let list = SealedList::new(["a", "", "\"b\""]);
        assert_eq!(list.open(&clearance).unwrap(), ["a", "", "\"b\""]);
        assert!(SealedList::default().open(&clearance).unwrap().is_empty());
        assert_eq!(format!("{list:?}"), "SealedList(‹sealed›)");
        let none = SealedList::from_sealed(Sealed::new("{}"));
        assert!(matches!(
            none.try_open(&clearance),
            Err(SealError::Damaged(_))
        ));
    }
}
