//! The wall clock, read on this floor only.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::base::Timestamp;

/// The time now.
pub(super) fn now() -> Timestamp {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH);
    let millis = since_1970.map_or(0, |since| since.as_millis());
    Timestamp::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
}
