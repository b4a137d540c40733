//! What is said of the whole: title, contact, extent, reference system. None of it costs content,
//! so that every fault here is a slip. Used by `head`.

use serde_json::{Map, Value};

use crate::space::Crs;

use super::{Check, Place, Version};

const ROLES: &[&str] = &[
    "resourceProvider",
    "custodian",
    "owner",
    "user",
    "distributor",
    "originator",
    "pointOfContact",
    "principalInvestigator",
    "processor",
    "publisher",
    "author",
    "sponsor",
    "co-author",
    "collaborator",
    "editor",
    "mediator",
    "rightsHolder",
    "contributor",
    "funder",
    "stakeholder",
];
/// Members of 1.0 that are texts, beside those that are looked at one by one.
const TEXTS_10: &[&str] = &[
    "citymodelIdentifier",
    "datasetTitle",
    "geographicLocation",
    "datasetLanguage",
    "datasetCharacterSet",
    "datasetTopicCategory",
    "distributionFormatVersion",
    "spatialRepresentationType",
    "onlineResource",
    "fileIdentifier",
    "metadataStandard",
    "metadataStandardVersion",
    "metadataLanguage",
    "metadataCharacterSet",
    "abstract",
    "specificUsage",
    "textures",
    "materials",
];
/// Members of 1.0 that are lists.
const LISTS_10: &[&str] = &["lineage", "keywords", "thematicModels"];
/// Members of 1.0 that are objects.
const OBJECTS_10: &[&str] = &[
    "temporalExtent",
    "constraints",
    "presentLoDs",
    "cityfeatureMetadata",
];

impl Check<'_> {
    /// The member `metadata`.
    pub(super) fn metadata(&mut self, value: &Value, at: &Place) {
        let Some(members) = value.as_object() else {
            return self.slip(at, "not an object");
        };
        for (name, value) in members {
            let place = at.key(name);
            match name.as_str() {
                "geographicalExtent" => {
                    self.numbers(value, &place, 6, 6);
                }
                "referenceSystem" => self.reference_system(value, &place),
                _ if self.version() == Version::V10 => self.metadata_10(name, value, &place),
                "identifier" | "title" if !value.is_string() => self.slip(&place, "not a text"),
                "identifier" | "title" => {}
                "referenceDate" => self.date(value, &place),
                "pointOfContact" => self.contact(value, &place),
                // 2.0 takes further members, 1.1 does not.
                _ if self.version() == Version::V11 => {
                    self.slip(&place, "metadata of 1.1 has no such member");
                }
                _ => {}
            }
        }
    }

    fn metadata_10(&mut self, name: &str, value: &Value, at: &Place) {
        match name {
            "datasetReferenceDate" | "metadataDateStamp" => self.date(value, at),
            "datasetPointOfContact" | "metadataPointOfContact" => self.contact_10(value, at),
            name if TEXTS_10.contains(&name) && !value.is_string() => self.slip(at, "not a text"),
            name if LISTS_10.contains(&name) && !value.is_array() => self.slip(at, "not a list"),
            name if OBJECTS_10.contains(&name) && !value.is_object() => {
                self.slip(at, "not an object");
            }
            _ => {}
        }
    }

    fn date(&mut self, value: &Value, at: &Place) {
        if !value.as_str().is_some_and(is_date) {
            self.slip(at, "not a date such as 2024-05-31");
        }
    }

    /// 1.0 demands a URN, later versions a URL of the OGC.
    fn reference_system(&mut self, value: &Value, at: &Place) {
        let Some(text) = value.as_str() else {
            return self.slip(at, "not a text");
        };
        let is_good = if self.version() == Version::V10 {
            text.strip_prefix("urn:ogc:def:crs:EPSG::")
                .is_some_and(|code| {
                    matches!(code.len(), 4 | 5) && code.bytes().all(|byte| byte.is_ascii_digit())
                })
        } else {
            let rest = text
                .strip_prefix("http://")
                .or(text.strip_prefix("https://"));
            rest.is_some_and(|rest| rest.starts_with("www.opengis.net/def/crs/"))
        };
        if is_good {
            return;
        }
        let wanted = if self.version() == Version::V10 {
            "1.0 demands the form urn:ogc:def:crs:EPSG::28992"
        } else {
            "the standard demands the form https://www.opengis.net/def/crs/EPSG/0/28992"
        };
        match Crs::parse(text) {
            Ok(_) => self.slip(at, wanted),
            Err(fault) => self.slip(at, format!("{wanted} ({fault})")),
        }
    }

    fn contact(&mut self, value: &Value, at: &Place) {
        let Some(members) = value.as_object() else {
            return self.slip(at, "not an object");
        };
        for name in ["contactName", "emailAddress"] {
            if !members.contains_key(name) {
                self.slip(&at.key(name), "it is missing");
            }
        }
        for (name, value) in members {
            let place = at.key(name);
            match name.as_str() {
                "address" if self.version() == Version::V20 => {
                    self.must(value.is_object(), &place, "not an object");
                }
                "address" | "contactName" | "phone" | "organization" if !value.is_string() => {
                    self.slip(&place, "not a text");
                }
                "address" | "contactName" | "phone" | "organization" => {}
                "emailAddress" | "contactType" | "role" | "website" => {
                    self.contact_word(name, value, &place);
                }
                _ if self.version() == Version::V11 => {
                    self.slip(&place, "a contact of 1.1 has no such member");
                }
                _ => {}
            }
        }
    }

    fn must(&mut self, is_good: bool, at: &Place, fault: &str) {
        if !is_good {
            self.slip(at, fault);
        }
    }

    fn contact_word(&mut self, name: &str, value: &Value, at: &Place) {
        let text = value.as_str();
        let (is_good, wanted) = match name {
            "emailAddress" => (text.is_some_and(is_email), "not an e-mail address"),
            "website" => (
                text.is_some_and(is_web_address),
                "not an address that begins with http:// or https://",
            ),
            "contactType" => (
                matches!(text, Some("individual" | "organization")),
                "neither individual nor organization",
            ),
            _ => (
                text.is_some_and(|text| ROLES.contains(&text)),
                "not a role of ISO 19115",
            ),
        };
        if !is_good {
            self.slip(at, wanted);
        }
    }

    /// A person with a role, or an organisation with an address: 1.0 takes nothing else.
    fn contact_10(&mut self, value: &Value, at: &Place) {
        let Some(members) = value.as_object() else {
            return self.slip(at, "not an object");
        };
        let text = |members: &Map<String, Value>, name: &str| {
            members.get(name).is_none_or(Value::is_string)
        };
        for name in ["contactName", "phone", "address"] {
            if !text(members, name) {
                self.slip(&at.key(name), "not a text");
            }
        }
        if let Some(email) = members.get("emailAddress") {
            self.contact_word("emailAddress", email, &at.key("emailAddress"));
        }
        match members.get("contactType").and_then(Value::as_str) {
            Some("individual") => {
                if let Some(role) = members.get("role") {
                    self.contact_word("role", role, &at.key("role"));
                }
                if !text(members, "organization") {
                    self.slip(&at.key("organization"), "not a text");
                }
            }
            Some("organization") => {
                if let Some(website) = members.get("website") {
                    self.contact_word("website", website, &at.key("website"));
                }
            }
            _ => self.slip(
                &at.key("contactType"),
                "neither individual nor organization",
            ),
        }
    }
}

/// `2024-05-31`, and such a day exists.
pub(super) fn is_date(text: &str) -> bool {
    let mut parts = text.split('-');
    let (Some(year), Some(month), Some(day), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let number = |text: &str, length: usize| -> Option<u32> {
        let is_plain = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
        is_plain.then(|| text.parse().ok())?
    };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2))
    else {
        return false;
    };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

fn is_email(text: &str) -> bool {
    text.rsplit_once('@').is_some_and(|(name, host)| {
        let good = |part: &str| !part.is_empty() && !part.contains(char::is_whitespace);
        good(name) && good(host)
    })
}

fn is_web_address(text: &str) -> bool {
    let rest = text
        .strip_prefix("http://")
        .or(text.strip_prefix("https://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_that_exist() {
        for (text, expected) in [
            ("2024-02-29", true),
            ("2023-02-29", false),
            ("1900-02-29", false),
            ("2024-13-01", false),
            ("2024-4-01", false),
            ("2024-04-31", false),
            ("20240401", false),
            ("2024-04-01-", false),
        ] {
            assert_eq!(is_date(text), expected, "{text}");
        }
        assert!(is_email("a@b.nl") && !is_email("a b") && !is_email("@b"));
    }
}
