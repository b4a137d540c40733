//! Addresses in xAL 2 and 3 as one line of text. Used by `attributes`. Never keeps the names of
//! people that xAL can hold.

use super::xml::{Element, Space};

/// The address in a property, from street to country.
pub(super) fn of(property: &Element) -> Option<String> {
    let mut parts = Parts::default();
    for child in &property.children {
        child.walk(&mut |one| parts.take(one));
    }
    let street = joined(&[parts.street, parts.number], " ");
    let place = joined(&[parts.code, parts.locality], " ");
    joined(&[street, place, parts.country], ", ")
}

#[derive(Default)]
struct Parts {
    street: Option<String>,
    number: Option<String>,
    code: Option<String>,
    locality: Option<String>,
    country: Option<String>,
}

impl Parts {
    fn take(&mut self, element: &Element) {
        if element.space != Space::Address {
            return;
        }
        let (slot, names): (_, &[&str]) = match element.name() {
            "Thoroughfare" => (&mut self.street, &["ThoroughfareName", "NameElement"]),
            "Locality" => (&mut self.locality, &["LocalityName", "NameElement"]),
            "Country" => (&mut self.country, &["CountryName", "NameElement"]),
            "PostalCode" | "PostCode" => (&mut self.code, &["PostalCodeNumber", "Identifier"]),
            _ => return,
        };
        let said = |names: &[&str]| {
            let found = names.iter().find_map(|name| element.child(name)?.words());
            found.map(str::to_owned)
        };
        if slot.is_none() {
            *slot = said(names);
        }
        if element.name() == "Thoroughfare" && self.number.is_none() {
            self.number = said(&["ThoroughfareNumber", "Number"]);
        }
    }
}

fn joined(parts: &[Option<String>], between: &str) -> Option<String> {
    let said: Vec<&str> = parts.iter().flatten().map(String::as_str).collect();
    (!said.is_empty()).then(|| said.join(between))
}
