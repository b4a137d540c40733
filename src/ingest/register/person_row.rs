//! What one row tells of a person: who it is, and the values by the names of a resident's fields.
//! Used by `people`. Never knows of another row.

use std::collections::BTreeMap;

use super::birth::birth_of;
use super::cell::Fault;
use super::field::Field;
use super::header::is_header;
use super::no_number;
use super::open_text::holds_somebodys_number;
use super::record::Record;
use super::run::Tools;
use super::told_address::told_address;
use super::trait_words::trait_value;
use crate::base::TELEPHONE_DIGITS;
use crate::model::identity::{IdentityFault, IdentityNo};
use crate::model::{Contact, LabelRules};

/// The identity number of a row; `None` where nothing stands there that could be one. One with a slip
/// of the pen is kept, to be mended.
pub(super) fn identity_of(record: &Record) -> Option<IdentityNo> {
    let told = record.text(Field::IdentityNo)?;
    IdentityNo::new(&told).filter(IdentityNo::is_number)
}

/// What registers write where a name belongs and nobody lives.
const NOBODY: &str = "以下空白 以下无正文 此页空白 空房 空户 空置 空置房 空关 空关房 空屋 空挂户 无人 无人居住 无人户 无住户 查无此人 已拆迁";
/// What is said of a row with such a word.
pub(super) const NO_PERSON: Fault = "it is no name of a person (空房, 无人, 未知, a header …) or stands alone in its row, \
     and no identity number tells of one: the row makes nobody";

/// Whether a row tells of nobody: an empty home, or no name that is known.
pub(super) fn is_nobody(record: &Record) -> bool {
    let Some(name) = record.text(Field::Name) else {
        return false;
    };
    let bare = name.trim_matches(|one: char| one.is_whitespace() || "（）()【】[]".contains(one));
    let is_word = NOBODY.split_whitespace().any(|word| word == bare);
    let is_nobody = is_word
        || no_number::is_none(&name)
        || is_header(&name)
        // A title between the rows stands alone, and of a name alone nobody knows whose it is.
        || record.filled() == 1;
    is_nobody && identity_of(record).is_none()
}

/// A fingerprint of who it is: of an identity number that can be one person's, the register's own key,
/// or all that is told.
pub(super) fn key_of(
    record: &Record,
    identity: Option<&IdentityNo>,
    values: &BTreeMap<String, String>,
    tools: &Tools,
) -> Option<String> {
    if let Some(identity) = identity.filter(|one| one.identifies()) {
        return Some(tools.fingerprint("identity", identity.as_str()));
    }
    if let Some(key) = record.text(Field::Key) {
        return Some(tools.fingerprint("resident key", &key));
    }
    values.get("name")?;
    let told: Vec<&str> = ["name", "birth_date", "address"]
        .iter()
        .map(|field| values.get(*field).map_or("", String::as_str))
        .collect();
    Some(tools.fingerprint("resident", &told.join("\n")))
}

/// What a row tells of a person.
pub(super) fn values_of(
    record: &Record,
    identity: Option<&IdentityNo>,
    tools: &Tools,
) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    let told = [
        (Field::Name, record.text(Field::Name)),
        (Field::Phone, record.phone(Field::Phone, TELEPHONE_DIGITS)),
        (Field::Address, Some(told_address(record, tools.linker))),
    ];
    for (field, text) in told {
        values.extend(text.map(|text| (field.as_str().to_owned(), text)));
    }
    let told = identity.and_then(IdentityNo::birth_date);
    let birth = birth_of(record, tools.today).map_or(told, |born| Some(born.day(told)));
    values.extend(birth.map(|date| ("birth_date".to_owned(), date.to_string())));
    for field in Field::TRAITS {
        let text = record
            .text(*field)
            .and_then(|text| trait_value(*field, &text, record, tools.labels));
        values.extend(text.map(|text| (field.as_str().to_owned(), text)));
    }
    let mapped = record.mapped_traits().into_iter();
    values.extend(mapped.filter(|(_, text)| !holds_somebodys_number(text)));
    let mut given = record
        .text(Field::Labels)
        .map_or_else(Vec::new, |text| labels(&text, tools.labels));
    for (label, is_it) in record.asked_labels() {
        match is_it {
            true => given.push(label),
            // Worth keeping only where a rule would give the label all the same.
            false if is_derived(&label, tools.labels) => {
                values.insert(LabelRules::denial(&label), "no".to_owned());
            }
            false => {}
        }
    }
    if !given.is_empty() {
        given.sort();
        given.dedup();
        values.insert("labels".to_owned(), given.join(";"));
    }
    let contact = Contact {
        name: record.text(Field::ContactName).unwrap_or_default(),
        relation: record.text(Field::ContactRelation).unwrap_or_default(),
        phone: record
            .phone(Field::ContactPhone, TELEPHONE_DIGITS)
            .unwrap_or_default(),
    };
    if !contact.phone.is_empty()
        && let Ok(json) = serde_json::to_string(&[contact])
    {
        values.insert("contacts".to_owned(), json);
    }
    values.retain(|_, value| !value.is_empty());
    values
}

/// Whether rules give a label, and not only registers.
fn is_derived(label: &str, rules: &LabelRules) -> bool {
    rules.get(label).is_some_and(|rule| !rule.when.is_empty())
}

/// Labels by their ids, where the rules know them.
fn labels(text: &str, rules: &LabelRules) -> Vec<String> {
    let words = text
        .split([';', '；', ',', '，', '、', '|', '/'])
        .map(str::trim);
    words
        .filter(|word| !word.is_empty())
        .map(|word| {
            let known = rules
                .all()
                .iter()
                .find(|rule| rule.zh == word || rule.en == word);
            known.map_or_else(|| word.to_owned(), |rule| rule.id.clone())
        })
        .collect()
}

/// What a note says of an identity number; `None` of one without a fault.
pub(super) fn told_of(number: &IdentityNo) -> Option<&'static str> {
    Some(match number.fault()? {
        IdentityFault::Form if number.is_foreign() => {
            "it is the number of a passport or permit, of which nobody can tell whether it is right: \
             taken as it is, and counted as contradictory"
        }
        IdentityFault::Form => {
            "it is no identity number: counts as not given, and the person is told apart by name, day \
             of birth and address"
        }
        IdentityFault::BirthDate => {
            "the identity number holds no day of the calendar: taken, counted as contradictory, and \
             nobody is known again by it"
        }
        IdentityFault::CheckCharacter => {
            "the identity number's check character does not fit: taken, counted as contradictory, and \
             nobody is known again by it"
        }
    })
}
