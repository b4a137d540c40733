//! What somebody reports or orders of the service groups while an engine runs, as an incident is opened
//! for it: nothing of it can be read without the city's key but kind, group, times and place, and of what
//! is about a home the place is the area alone. Made by `app`, carried out by `rules::dispatch`. Never
//! decides.

use serde::{Deserialize, Serialize};

use crate::base::{AreaId, BuildingId, Timestamp};
use crate::model::{EventKind, ServiceGroup};

use super::ShutText;

/// A report, an order or a matter of the contact day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reported {
    /// How it came about.
    pub kind: EventKind,
    /// The service group.
    pub group: ServiceGroup,
    /// The building; none of what is about a home.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<BuildingId>,
    /// The smallest area.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<AreaId>,
    /// When it was reported.
    pub reported_at: Timestamp,
    /// By when it should be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
    /// What it is about.
    pub title: ShutText,
    /// The report in full, with who reported it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<ShutText>,
    /// Digest of the code by which the reporter follows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_sha256: Option<String>,
}
