//! What the sealed JSON of a resident's record holds. Read and written in one place, so that a
//! value which cannot be read is told apart from one that is not there. Never holds an open value
//! longer than its caller does.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::base::{Clearance, SealError, Sealed};

/// What rules for labels look at beside age and household: `marital` = `widowed`, `disability` =
/// `2`, `income` = `low` … Names and values are those of the register; the rules name them.
pub type Traits = BTreeMap<String, String>;

/// Somebody to call in an emergency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Name.
    pub name: String,
    /// What they are to the resident, for example `女儿`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub relation: String,
    /// Telephone number.
    pub phone: String,
}

/// What a further register says of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FurtherRecord {
    /// The data set.
    pub dataset: String,
    /// The record's key in it.
    pub key: String,
    /// Day on which somebody last confirmed it, `YYYY-MM-DD`; empty when not told.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub verified_on: String,
    /// What it says, by the names of a resident's fields: `name`, `phone`, `birth_date`, `address`
    /// and the traits.
    pub values: BTreeMap<String, String>,
}

/// Why a sealed JSON cannot be read. It never carries the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PersonError {
    /// The key is not at hand.
    #[error("it is locked: the city's key is not at hand")]
    Locked,
    /// It is not what should stand there.
    #[error("it is not the expected JSON")]
    Damaged,
}

/// Reads one of the sealed JSON fields; the default where there is none.
///
/// # Errors
/// When it is locked or damaged.
pub fn read_sealed<T: DeserializeOwned + Default>(
    field: Option<&Sealed>,
    clearance: &Clearance,
) -> Result<T, PersonError> {
    let Some(sealed) = field else {
        return Ok(T::default());
    };
    let text = sealed.try_open(clearance).map_err(|fault| match fault {
        SealError::Locked => PersonError::Locked,
        SealError::WrongKey | SealError::Damaged(_) => PersonError::Damaged,
    })?;
    serde_json::from_str(&text).map_err(|_| PersonError::Damaged)
}

/// Seals one of the JSON fields; `None` for what is empty.
#[must_use]
pub fn to_sealed<T: Serialize + Default + PartialEq>(value: &T) -> Option<Sealed> {
    let text = (*value != T::default()).then(|| serde_json::to_string(value).ok());
    text.flatten().map(Sealed::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_is_read_again_and_damage_is_told() {
        let clearance = crate::base::clearance_for_tests();
        let traits = Traits::from([("marital".to_owned(), "widowed".to_owned())]);
        let sealed = to_sealed(&traits);
        assert_eq!(read_sealed(sealed.as_ref(), &clearance), Ok(traits));
        assert_eq!(to_sealed(&Traits::new()), None);
        assert_eq!(read_sealed(None, &clearance), Ok(Vec::<Contact>::new()));
        let read = |sealed: Sealed| read_sealed::<Traits>(Some(&sealed), &clearance);
        assert_eq!(read(Sealed::new("{")), Err(PersonError::Damaged));
        assert_eq!(read(Sealed::locked(vec![1])), Err(PersonError::Locked));
    }
}
