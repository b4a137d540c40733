//! What the sealed JSON of a resident's record holds. Read and written in one place, so that a
//! value which cannot be read is told apart from one that is not there. Never holds an open value
//! longer than its caller does.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::base::{Clearance, SealError, Sealed, Timestamp, half_width};

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

/// What a person decided where registers differ on a field. It outlasts the registers' next tables:
/// only a value that was not there to be weighed is a new conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// The field, by the names of [`FurtherRecord::values`].
    pub decides: String,
    /// What holds, and stands in the record.
    pub value: String,
    /// The data set whose value it is; `None` of one that the person who decided knew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// What the register whose record stands says of the field itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stood: Option<String>,
    /// Everything that registers said when it was decided.
    pub weighed: BTreeSet<String>,
    /// Who decided.
    pub by: String,
    /// In which role.
    pub role: String,
    /// What for: a purpose of the table of roles.
    pub purpose: String,
    /// Why, in the person's own words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// When.
    pub at: Timestamp,
}

impl Decision {
    /// Whether a value means what holds or what was weighed; `meaning` is that of the field.
    #[must_use]
    pub fn has_weighed(&self, value: &str, meaning: &dyn Fn(&str) -> String) -> bool {
        let told = meaning(value);
        let known = std::iter::once(&self.value).chain(&self.weighed);
        known.into_iter().any(|known| meaning(known) == told)
    }
}

/// What stands beside a resident's record: what further registers say, and what was decided. As JSON
/// one list, so that lists without decisions read as before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Beside>", into = "Vec<Beside>")]
pub struct Further {
    /// What further registers say, in the order in which they came.
    pub records: Vec<FurtherRecord>,
    /// What was decided, one a field.
    pub decisions: Vec<Decision>,
    /// Fields of the record that the register whose record stands does not tell, with the data set of the
    /// further register that does.
    pub filled: BTreeMap<String, String>,
}

impl Further {
    /// What was decided of a field.
    #[must_use]
    pub fn decision(&self, field: &str) -> Option<&Decision> {
        self.decisions.iter().find(|one| one.decides == field)
    }

    /// What is kept of a field beside what the record has: what further registers say, and what stood
    /// before it was decided.
    pub fn told(&self, field: &str) -> impl Iterator<Item = &str> {
        let records = self.records.iter();
        let records = records.filter_map(move |one| one.values.get(field));
        let decided = self
            .decisions
            .iter()
            .filter(move |one| one.decides == field);
        let stood = decided.filter_map(|one| one.stood.as_ref());
        records.chain(stood).map(String::as_str)
    }

    /// Whether no further register says anything and nothing was decided.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty() && self.decisions.is_empty() && self.filled.is_empty()
    }
}

/// Which fields further registers fill.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Filled {
    filled: BTreeMap<String, String>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(untagged)]
enum Beside {
    Record(FurtherRecord),
    Decision(Decision),
    Filled(Filled),
}

impl From<Vec<Beside>> for Further {
    fn from(list: Vec<Beside>) -> Self {
        let mut further = Self::default();
        for one in list {
            match one {
                Beside::Record(one) => further.records.push(one),
                Beside::Decision(one) => further.decisions.push(one),
                Beside::Filled(one) => further.filled.extend(one.filled),
            }
        }
        further
    }
}

impl From<Further> for Vec<Beside> {
    fn from(further: Further) -> Self {
        let records = further.records.into_iter().map(Beside::Record);
        let decisions = further.decisions.into_iter().map(Beside::Decision);
        let filled = (!further.filled.is_empty()).then_some(Filled {
            filled: further.filled,
        });
        let filled = filled.into_iter().map(Beside::Filled);
        records.chain(decisions).chain(filled).collect()
    }
}

/// A value of a resident's field as what it means, to be held against another: telephone numbers and
/// dates by their digits, names also without middle dots, the rest without width, case and spaces. Addresses mean more than that:
/// `registry` takes them into their parts.
#[must_use]
pub fn meaning(field: &str, value: &str) -> String {
    let plain = value.chars().map(half_width);
    match field {
        "phone" => {
            let digits: String = plain.filter(char::is_ascii_digit).collect();
            let national = digits
                .strip_prefix("0086")
                .or_else(|| digits.strip_prefix("86"));
            // 86 is also how some numbers of a city begin: only what is then a mobile number loses it.
            let mobile = national.filter(|one| one.len() == 11 && one.starts_with('1'));
            mobile.map_or_else(|| digits.clone(), str::to_owned)
        }
        "birth_date" => plain.filter(char::is_ascii_digit).collect(),
        "name" => plain
            .filter(|one| !one.is_whitespace() && !is_middle_dot(*one))
            .flat_map(char::to_uppercase)
            .collect(),
        _ => plain
            .filter(|one| !one.is_whitespace())
            .flat_map(char::to_uppercase)
            .collect(),
    }
}

/// Whether a sign is what stands between the parts of a name: 买买提·艾力, of which each keyboard has
/// another one.
fn is_middle_dot(one: char) -> bool {
    "·•‧・･∙⋅.".contains(one)
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

impl From<SealError> for PersonError {
    fn from(fault: SealError) -> Self {
        match fault {
            SealError::Locked => Self::Locked,
            SealError::WrongKey | SealError::Damaged(_) => Self::Damaged,
        }
    }
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
    let text = sealed.try_open(clearance)?;
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
        let record = r#"{"dataset":"a","key":"1","values":{"phone":"1"}}"#;
        let decision = r#"{"decides":"phone","value":"1","weighed":["1","2"],"by":"w","role":"r",
            "purpose":"p","at":1777593600000}"#;
        let filled = r#"{"filled":{"phone":"a"}}"#;
        let all = Sealed::new(format!("[{record},{decision},{filled}]"));
        let further: Further = read_sealed(Some(&all), &clearance).unwrap();
        assert_eq!((further.records.len(), further.decisions.len()), (1, 1));
        assert_eq!(further.filled["phone"], "a");
        assert_eq!(
            read_sealed(to_sealed(&further).as_ref(), &clearance),
            Ok(further)
        );
        let read = |sealed: Sealed| read_sealed::<Traits>(Some(&sealed), &clearance);
        assert_eq!(read(Sealed::new("{")), Err(PersonError::Damaged));
        assert_eq!(read(Sealed::locked(vec![1])), Err(PersonError::Locked));
    }
}
