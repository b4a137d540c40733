//! What goes over the line.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Json, Response};
use serde::{Deserialize, Serialize};

use crate::base::Timestamp;
use crate::model::ports::CarriedOut;
use crate::model::{Batch, CityInfo, FeedStatus, Live};

/// The version of the protocol; a follower refuses any other.
pub const PROTOCOL: u32 = 1;

/// The answer to `GET /v1/hello`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hello {
    /// Version of the protocol.
    pub protocol: u32,
    /// Version of the engine.
    pub software: String,
    /// Names this run of the engine: batches of two runs must not be mixed.
    pub run: String,
    /// The city.
    pub city: CityInfo,
    /// Version of the ground.
    pub ground_version: u64,
    /// Number of the last batch.
    pub batch: u64,
    /// The engine's time of it.
    pub at: Timestamp,
    /// The feed.
    pub feed: FeedStatus,
    /// Whether the last batch could not be written to the archive yet.
    pub uncommitted: bool,
    /// How the city is kept; `None` from an engine that does not tell it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keeping: Option<Keeping>,
}

/// How an engine keeps its city: by this a program that opened personal values knows that the
/// engine puts them on record where that city's are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keeping {
    /// Names the key that the city's personal values were sealed with when the engine started;
    /// `None` for a city that has none.
    pub key_name: Option<String>,
    /// Whether what happens outlives the engine.
    pub archived: bool,
}

/// One line of `GET /v1/batches`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// Start over from this state.
    Reset {
        /// The run of the engine that follows.
        run: String,
        /// The state after batch `live.batch`.
        live: Box<Live>,
    },
    /// The next batch.
    Batch {
        /// The batch.
        #[serde(with = "shared")]
        batch: Arc<Batch>,
    },
    /// Nothing happened, and the line is alive.
    Heartbeat {
        /// Number of the last batch.
        batch: u64,
    },
}

impl Event {
    /// The event as a line of JSON.
    pub(super) fn line(&self) -> String {
        // These types always have a JSON form; an empty line is skipped by followers.
        let mut text = serde_json::to_string(self).unwrap_or_default();
        text.push('\n');
        text
    }
}

/// A shared batch on the line is the batch itself.
mod shared {
    use std::sync::Arc;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::model::Batch;

    pub(super) fn serialize<S: Serializer>(batch: &Arc<Batch>, to: S) -> Result<S::Ok, S::Error> {
        batch.as_ref().serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Arc<Batch>, D::Error> {
        Batch::deserialize(from).map(Arc::new)
    }
}

/// The answer to a command that is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// The batch that carries it out.
    pub batch: u64,
    /// Whether that batch is not yet on disk, so that it is lost when the engine stops before it is.
    #[serde(default)]
    pub uncommitted: bool,
}

impl From<CarriedOut> for Done {
    fn from(CarriedOut { batch, uncommitted }: CarriedOut) -> Self {
        Self { batch, uncommitted }
    }
}

impl IntoResponse for Done {
    /// 202 tells that it is not done for good yet.
    fn into_response(self) -> Response {
        let status = match self.uncommitted {
            true => StatusCode::ACCEPTED,
            false => StatusCode::OK,
        };
        (status, Json(self)).into_response()
    }
}

/// The answer when the request itself is at fault or cannot be served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// What is wrong, for people.
    pub error: String,
}
