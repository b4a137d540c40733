//! Rules about what the monitor says of a sensor: an alarm is raised when it says so and returns when it no
//! longer does. Looked for once a second over what is judged, since a judgement changes when a day is over
//! or somebody looked, without a reading. Never judges a house itself.

use crate::base::Timestamp;
use crate::model::alarm_rule::When;
use crate::model::{Change, Twin};

use super::weigh::{Facts, raised};
use super::{Active, Plan};

/// Notes alarms that what is judged calls for, and those it no longer does.
pub(super) fn find(
    twin: &Twin,
    plan: &Plan,
    active: &Active,
    now: Timestamp,
    changes: &mut Vec<Change>,
) {
    let live = twin.live();
    for (id, judgement) in &live.judged {
        let device = twin.ground().devices.get(id);
        let (Some(device), Some(state)) = (device, live.devices.get(id)) else {
            continue;
        };
        for rule in plan.rules(*id, &device.kind) {
            let When::Assessed(assessed) = &rule.when else {
                continue;
            };
            let holds = assessed.holds(judgement) && rule.holds_at(now, plan.offset_minutes());
            let alarm = active.get(&(*id, rule.id.as_str()));
            match (holds, alarm) {
                (true, None) => {
                    let facts = Facts {
                        device: *id,
                        offset_minutes: plan.offset_minutes(),
                        exercise: live.feed.exercise,
                    };
                    let alarm = raised(rule, judgement.at, &state.last, facts);
                    changes.push(Change::AlarmRaised { alarm });
                }
                (false, Some(alarm)) if assessed.is_over(judgement) => {
                    changes.push(Change::AlarmReturned {
                        alarm: *alarm,
                        at: judgement.looked.unwrap_or(judgement.at).max(judgement.at),
                    })
                }
                _ => {}
            }
        }
    }
}
