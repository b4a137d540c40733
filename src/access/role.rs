//! The table of roles and purposes: strict TOML, checked as a whole. Never asks who somebody is.

use serde::{Deserialize, Serialize};

use crate::base::PersonalField;

/// Where a role sees people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoleArea {
    /// Anywhere.
    All,
    /// Only in the areas that the person works for.
    Own,
}

/// A list of people that a role may take away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Export {
    /// Whom to notify of something.
    Notify,
}

/// What personal values may be opened for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PurposeId {
    /// Name in commands and the audit.
    pub id: String,
    /// Name in Chinese.
    pub zh: String,
    /// Name in English.
    pub en: String,
}

/// A role. The fields are explained in `assets/roles.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Name in commands and the audit.
    pub id: String,
    /// Name in Chinese.
    pub zh: String,
    /// Name in English.
    pub en: String,
    /// Kinds of personal value that it opens.
    pub opens: Vec<PersonalField>,
    /// Purposes for which it opens them.
    pub purposes: Vec<String>,
    /// Where.
    pub area: RoleArea,
    /// Whether small counts of people are told.
    pub small_counts: bool,
    /// Lists that it may take away.
    pub exports: Vec<Export>,
    /// Whether it decides what holds where registers differ. A table of before has it for nobody.
    #[serde(default)]
    pub decides: bool,
}

/// Why a table of roles cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RoleError {
    /// The text is not the TOML we expect.
    #[error("the table of roles cannot be read: {0}")]
    Syntax(String),
    /// An entry contradicts itself or the rest.
    #[error("{entry}: {reason}")]
    Entry {
        /// The role or purpose.
        entry: String,
        /// What is wrong.
        reason: String,
    },
    /// There is no such role.
    #[error("there is no role {asked:?}; known are {known}")]
    NoSuchRole {
        /// What was asked for.
        asked: String,
        /// Those that there are.
        known: String,
    },
}

/// The roles and purposes of a city.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleTable {
    /// Counts of people below this are not told to roles without `small_counts`.
    suppress_below: usize,
    #[serde(rename = "purpose", default)]
    purposes: Vec<PurposeId>,
    #[serde(rename = "role", default)]
    roles: Vec<Role>,
}

impl RoleTable {
    /// The roles of `assets/roles.toml`.
    ///
    /// # Panics
    /// Never in a build that passed its tests: the text is part of the program.
    #[must_use]
    pub fn standard() -> Self {
        Self::from_toml(include_str!("../../assets/roles.toml"))
            .expect("the embedded table is checked by a test")
    }

    /// Reads a table.
    ///
    /// # Errors
    /// When the text is not TOML of this shape, a name stands twice, or a role names a purpose that
    /// there is not or opens values for no purpose.
    pub fn from_toml(text: &str) -> Result<Self, RoleError> {
        let table: Self =
            toml::from_str(text).map_err(|fault| RoleError::Syntax(fault.to_string()))?;
        let purposes = table.purposes.iter().map(|one| one.id.as_str());
        check_ids("purpose", &purposes.collect::<Vec<_>>())?;
        let roles = table.roles.iter().map(|one| one.id.as_str());
        check_ids("role", &roles.collect::<Vec<_>>())?;
        for role in &table.roles {
            let fault = |reason: String| RoleError::Entry {
                entry: format!("role {:?}", role.id),
                reason,
            };
            for purpose in &role.purposes {
                if table.purpose(purpose).is_none() {
                    return Err(fault(format!("there is no purpose {purpose:?}")));
                }
            }
            if role.purposes.is_empty() && !(role.opens.is_empty() && role.exports.is_empty()) {
                let reason = "opens or exports something, but for no purpose";
                return Err(fault(reason.to_owned()));
            }
        }
        Ok(table)
    }

    /// The role of this name.
    ///
    /// # Errors
    /// When there is none; the message names those that there are.
    pub fn role(&self, id: &str) -> Result<&Role, RoleError> {
        let known = || self.roles.iter().map(|role| role.id.as_str());
        let found = self.roles.iter().find(|role| role.id == id);
        found.ok_or_else(|| RoleError::NoSuchRole {
            asked: id.to_owned(),
            known: known().collect::<Vec<_>>().join(", "),
        })
    }

    /// The purpose of this name.
    #[must_use]
    pub fn purpose(&self, id: &str) -> Option<&PurposeId> {
        self.purposes.iter().find(|purpose| purpose.id == id)
    }

    /// All roles.
    #[must_use]
    pub fn roles(&self) -> &[Role] {
        &self.roles
    }

    /// Counts of people below this are not told to everybody.
    #[must_use]
    pub fn suppress_below(&self) -> usize {
        self.suppress_below
    }
}

fn check_ids(what: &str, ids: &[&str]) -> Result<(), RoleError> {
    for (at, id) in ids.iter().enumerate() {
        let fault = |reason: &str| RoleError::Entry {
            entry: format!("{what} {id:?}"),
            reason: reason.to_owned(),
        };
        let is_plain = |one: char| one.is_ascii_lowercase() || one.is_ascii_digit() || one == '_';
        if id.is_empty() || !id.chars().all(is_plain) {
            return Err(fault("an id is made of a–z, 0–9 and _"));
        }
        if ids[..at].contains(id) {
            return Err(fault("stands in the table twice"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_table_has_the_seven_roles() {
        let table = RoleTable::standard();
        let ids: Vec<_> = table.roles().iter().map(|role| role.id.as_str()).collect();
        assert_eq!(
            ids.join(" "),
            "operator community_worker grid_worker planner report_writer manager administrator"
        );
        let fault = table.role("boss").unwrap_err().to_string();
        assert!(fault.contains("grid_worker"), "{fault}");
    }

    #[track_caller]
    fn refused(from: &str, to: &str, with: &str) {
        let text = include_str!("../../assets/roles.toml");
        let broken = text.replacen(from, to, 1);
        assert_ne!(broken, text, "{from} stands in the table");
        let fault = RoleTable::from_toml(&broken).unwrap_err().to_string();
        assert!(fault.contains(with), "{fault}");
    }

    #[test]
    fn contradictions_are_named() {
        refused("id = \"manager\"", "id = \"planner\"", "twice");
        refused("id = \"manager\"", "id = \"Chef!\"", "a–z");
        refused("purposes = [\"incident\"]", "purposes = [\"fun\"]", "fun");
        refused("purposes = [\"incident\"]", "purposes = []", "no purpose");
        refused("exports = []", "export = []", "export");
        refused("\"stream\"]", "\"diary\"]", "diary");
    }
}
