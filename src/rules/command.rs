//! What people ask for: each command is carried out as changes or refused with a reason.

use crate::base::Timestamp;
use crate::model::{Change, Command, Refusal, Twin};

/// The changes that carry out `command`.
///
/// # Errors
/// A typed refusal, when the command is not legal in the present state.
pub fn command(twin: &Twin, command: &Command, now: Timestamp) -> Result<Vec<Change>, Refusal> {
    match command {
        Command::Acknowledge { alarm, by } => {
            let known = twin.live().alarms.get(alarm);
            let known = known.ok_or(Refusal::NoSuchAlarm { alarm: *alarm })?;
            if let Some(earlier) = &known.acknowledged {
                return Err(Refusal::AlreadyAcknowledged {
                    alarm: *alarm,
                    by: earlier.by.clone(),
                });
            }
            Ok(vec![Change::AlarmAcknowledged {
                alarm: *alarm,
                by: by.clone(),
                at: now,
            }])
        }
        Command::Reveal { reveal } => Ok(vec![Change::Revealed {
            reveal: reveal.clone(),
        }]),
    }
}
