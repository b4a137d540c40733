//! Identity and telephone numbers and plates, by fingerprint: whoever has the whole number finds
//! whose it is. Used by the index. Never keeps a number, and never finds by a part of one.

use std::collections::HashMap;

use crate::base::{KeyedHash, PersonalField, Sealed};
use crate::model::identity::IdentityNo;
use crate::model::{EntityKind, EntityRef, EntityView, Ground};

use super::Means;
use super::folded::folded;

/// Under what name identity numbers are fingerprinted, here and in the keys of imported residents.
pub const IDENTITY: &str = "identity";

/// A number in the form in which it is fingerprinted: no spaces, half-width, upper case.
#[must_use]
pub fn identity_form(text: &str) -> String {
    folded(text).to_uppercase()
}

/// Fewest signs of a number that is looked for.
const SIGNS_MIN: usize = 5;
/// Most of them.
const SIGNS_MAX: usize = 24;

/// Digits of a telephone number with its area code, and of a mobile one.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 10..=11;

/// A number as the one that it is, however it is written: identity numbers of before 1999 with their 18
/// signs, telephone numbers without the country's code.
fn form_of(field: PersonalField, form: String) -> String {
    match field {
        PersonalField::Identity => match IdentityNo::new(&form) {
            Some(number) => number.as_str().to_owned(),
            None => form,
        },
        PersonalField::Phone => {
            let bare = form.trim_start_matches("00").strip_prefix("86");
            let bare = bare.filter(|bare| PHONE_DIGITS.contains(&bare.len()));
            bare.map(str::to_owned).unwrap_or(form)
        }
        _ => form,
    }
}

/// Whose number has which fingerprint; half of one is enough to tell them apart.
#[derive(Debug, Default)]
pub(super) struct Numbers(HashMap<u128, Vec<(EntityRef, PersonalField)>>);

impl Numbers {
    /// The numbers that can be read; none without the means to make fingerprints.
    pub fn of(ground: &Ground, means: &Means<'_>) -> Self {
        let mut numbers = Self::default();
        let Some(hash) = means.fingerprints else {
            return numbers;
        };
        for kind in [
            EntityKind::Resident,
            EntityKind::Vehicle,
            EntityKind::Responder,
        ] {
            ground.for_each_key(kind, |key| {
                for field in NUMBERS {
                    let sealed = ground.view(key).and_then(|view| sealed_of(view, field));
                    let text = sealed.and_then(|sealed| sealed.open(means.clearance));
                    let form = text.map(|text| form_of(field, identity_form(&text)));
                    if let Some(form) = form.filter(|form| !form.is_empty()) {
                        let print = print(hash, field, &form);
                        numbers.0.entry(print).or_default().push((key, field));
                    }
                }
            });
        }
        numbers
    }

    /// The form of what may be a whole number.
    pub fn form(text: &str) -> Option<String> {
        let form = identity_form(text);
        let signs = form.chars().count();
        let has_digit = form.chars().any(|one| one.is_ascii_digit());
        (has_digit && (SIGNS_MIN..=SIGNS_MAX).contains(&signs)).then_some(form)
    }

    /// Whose number this is, identity numbers first.
    pub fn find(&self, form: &str, hash: &dyn KeyedHash) -> Vec<(EntityRef, PersonalField)> {
        let of = |field| print(hash, field, &form_of(field, form.to_owned()));
        let found = NUMBERS.map(|field| self.0.get(&of(field)));
        found.into_iter().flatten().flatten().copied().collect()
    }

    /// Memory on the heap, about.
    pub fn bytes(&self) -> usize {
        let entry = size_of::<u128>() + size_of::<Vec<u8>>() + size_of::<(EntityRef, u8)>();
        self.0.capacity() * (entry + 1)
    }
}

/// What is found by a whole number.
pub(super) const NUMBERS: [PersonalField; 3] = [
    PersonalField::Identity,
    PersonalField::Phone,
    PersonalField::Plate,
];

/// The number of a record.
pub(super) fn sealed_of(view: EntityView<'_>, field: PersonalField) -> Option<&Sealed> {
    match (view, field) {
        (EntityView::Resident(one), PersonalField::Identity) => Some(&one.identity_no),
        (EntityView::Resident(one), PersonalField::Phone) => one.phone.as_ref(),
        (EntityView::Responder(one), PersonalField::Phone) => one.phone.as_ref(),
        (EntityView::Vehicle(one), PersonalField::Plate) => Some(&one.plate),
        _ => None,
    }
}

fn print(hash: &dyn KeyedHash, field: PersonalField, form: &str) -> u128 {
    let domain = match field {
        PersonalField::Identity => IDENTITY,
        other => other.as_str(),
    };
    let [half @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = hash.keyed_hash(domain, form);
    u128::from_le_bytes(half)
}
