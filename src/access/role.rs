//! The table of roles and purposes: strict TOML, checked as a whole. Never asks who somebody is.

use serde::{Deserialize, Serialize};

use crate::model::Command;

use crate::base::{
    PersonalField, Spanned, TableEntry, TableFault, called, checked, known_names, read_table,
};

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

/// A kind of command that a role may give to a running engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Handle {
    /// Take notice of an alarm.
    Acknowledge,
    /// Let go of a latched alarm.
    Reset,
    /// Put alarms aside for a time.
    Shelve,
    /// Bring them back.
    Unshelve,
    /// Take alarms out of service.
    TakeOutOfService,
    /// Put them back.
    PutInService,
    /// Orders about incidents.
    Incident,
}

impl Handle {
    /// What it takes to give this command; `None` for one that no account gives.
    #[must_use]
    pub const fn of(command: &Command) -> Option<Self> {
        Some(match command {
            Command::Acknowledge { .. } => Self::Acknowledge,
            Command::Reset { .. } => Self::Reset,
            Command::Shelve { .. } => Self::Shelve,
            Command::Unshelve { .. } => Self::Unshelve,
            Command::TakeOutOfService { .. } => Self::TakeOutOfService,
            Command::PutInService { .. } => Self::PutInService,
            Command::Incident { .. } => Self::Incident,
            Command::Reveal { .. } => return None,
        })
    }
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
    /// Whether it reads the audit: who opened values of whom. A table of before has it for nobody.
    #[serde(default)]
    pub audits: bool,
    /// Commands that it gives to a running engine. A table of before has none for anybody.
    #[serde(default)]
    pub handles: Vec<Handle>,
}

impl TableEntry for PurposeId {
    const WHAT: &'static str = "purpose";

    fn id(&self) -> &str {
        &self.id
    }

    fn names(&self) -> [&str; 2] {
        [&self.zh, &self.en]
    }

    fn check(&self) -> Result<(), String> {
        Ok(())
    }
}

impl TableEntry for Role {
    const WHAT: &'static str = "role";

    fn id(&self) -> &str {
        &self.id
    }

    fn names(&self) -> [&str; 2] {
        [&self.zh, &self.en]
    }

    fn check(&self) -> Result<(), String> {
        if self.audits && self.area == RoleArea::Own {
            return Err(
                "reads the audit, which is of the whole city: its area is \"all\"".to_owned(),
            );
        }
        let takes_nothing = self.opens.is_empty() && self.exports.is_empty();
        match self.purposes.is_empty() && !takes_nothing {
            true => Err("opens or exports something, but for no purpose".to_owned()),
            false => Ok(()),
        }
    }
}

/// There is no such role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no role {asked:?}; known are {known}")]
pub struct NoSuchRole {
    /// What was asked for.
    pub asked: String,
    /// Those that there are.
    pub known: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    suppress_below: Spanned<usize>,
    #[serde(default)]
    purpose: Vec<Spanned<PurposeId>>,
    role: Vec<Spanned<Role>>,
}

/// More than anybody would call a small count; above it a table would hide everything.
const SUPPRESSED_MOST: usize = 1_000;

/// The roles and purposes of a city.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleTable {
    /// Counts of people below this are not told to roles without `small_counts`.
    suppress_below: usize,
    purposes: Vec<PurposeId>,
    roles: Vec<Role>,
}

impl RoleTable {
    /// The text of the built-in table, with its comments.
    pub const STANDARD: &'static str = include_str!("../../assets/roles.toml");

    /// The roles of `assets/roles.toml`.
    ///
    /// # Panics
    /// Never in a build that passed its tests: the text is part of the program.
    #[must_use]
    pub fn standard() -> Self {
        Self::from_toml(Self::STANDARD).expect("the embedded table is checked by a test")
    }

    /// Reads a table.
    ///
    /// # Errors
    /// When the text is not TOML of this shape, a name stands twice, or a role names a purpose that
    /// there is not or opens values for no purpose.
    pub fn from_toml(text: &str) -> Result<Self, TableFault> {
        let table: Table = read_table(text)?;
        let small = &table.suppress_below;
        if *small.get_ref() > SUPPRESSED_MOST {
            let reason = format!("suppress_below is at most {SUPPRESSED_MOST}");
            return Err(TableFault::at(text, small.span().start, reason));
        }
        let purposes = checked(text, table.purpose)?;
        for role in &table.role {
            let is_known = |asked: &&String| purposes.iter().any(|one| one.id == **asked);
            let unknown = role
                .get_ref()
                .purposes
                .iter()
                .find(|asked| !is_known(asked));
            if let Some(unknown) = unknown {
                let reason = format!(
                    "role {:?}: there is no purpose {unknown:?}",
                    role.get_ref().id
                );
                return Err(TableFault::at(text, role.span().start, reason));
            }
        }
        Ok(Self {
            suppress_below: *small.get_ref(),
            purposes,
            roles: checked(text, table.role)?,
        })
    }

    /// The role of this id, or with this name as it is shown.
    ///
    /// # Errors
    /// When there is none; the message names those that there are.
    pub fn role(&self, id: &str) -> Result<&Role, NoSuchRole> {
        called(&self.roles, id).ok_or_else(|| NoSuchRole {
            asked: id.to_owned(),
            known: known_names(&self.roles),
        })
    }

    /// The purpose of this id, or with this name as it is shown.
    #[must_use]
    pub fn purpose(&self, id: &str) -> Option<&PurposeId> {
        called(&self.purposes, id)
    }

    /// The purposes of a role, with their names as they are shown.
    #[must_use]
    pub fn purposes_of(&self, role: &Role) -> String {
        let purposes = self.purposes.iter();
        known_names(purposes.filter(|one| role.purposes.contains(&one.id)))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_table_has_the_eight_roles() {
        let table = RoleTable::standard();
        let ids: Vec<_> = table.roles().iter().map(|role| role.id.as_str()).collect();
        assert_eq!(
            ids.join(" "),
            "operator community_worker grid_worker registrar planner report_writer manager \
             administrator"
        );
        let fault = table.role("boss").unwrap_err().to_string();
        assert!(
            fault.contains("grid_worker (网格员, grid worker)"),
            "{fault}"
        );
        for shown in ["网格员", " Grid worker "] {
            assert_eq!(table.role(shown).unwrap().id, "grid_worker");
        }
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
        refused("decides = true", "audits = true", "whole city");
    }
}
