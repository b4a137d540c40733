//! Which area a person means by a code, a name or an id. Used by sessions (where somebody works) and
//! by questions. Never guesses: of several areas with one name none is meant.

use crate::base::AreaId;

use super::{AdminArea, Ground};

/// Why no area is meant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AreaNameError {
    /// There is none.
    #[error("there is no area {asked:?} in this city; name its code, its name or its id")]
    None {
        /// What was asked for.
        asked: String,
    },
    /// Several are called so.
    #[error("{count} areas are called {asked:?}; name the code or id of one: {ids}")]
    Several {
        /// What was asked for.
        asked: String,
        /// How many.
        count: usize,
        /// The first of their ids.
        ids: String,
    },
}

/// Ids that a message names.
const IDS_TOLD: usize = 5;

impl Ground {
    /// The area of this code, name or id.
    ///
    /// # Errors
    /// When there is none, or several are called so.
    pub fn area_named(&self, asked: &str) -> Result<AreaId, AreaNameError> {
        let id = asked.parse::<AreaId>().ok();
        let is_meant = |one: &&AdminArea| {
            one.code.as_deref() == Some(asked) || one.name == asked || id == Some(one.id)
        };
        let found: Vec<_> = self.areas.values().filter(is_meant).collect();
        match found.as_slice() {
            [one] => Ok(one.id),
            [] => Err(AreaNameError::None {
                asked: asked.to_owned(),
            }),
            many => {
                let ids = many.iter().take(IDS_TOLD).map(|one| one.id.to_string());
                Err(AreaNameError::Several {
                    asked: asked.to_owned(),
                    count: many.len(),
                    ids: ids.collect::<Vec<_>>().join(", "),
                })
            }
        }
    }
}
