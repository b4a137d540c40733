//! Turns simulated days into messages at the engine's clock. A message is identified by device,
//! device time and value, as one from a real device is.

use std::sync::Arc;

use crate::base::Timestamp;
use crate::citygen::days::Simulation;
use crate::model::{KindTable, Reading};

use super::Inbox;
use super::urgency::Urgencies;

/// The feed of a simulated city.
pub struct Simulator {
    simulation: Simulation,
    urgencies: Urgencies,
    heard_until: Timestamp,
    backlog: Vec<Reading>,
}

impl Simulator {
    /// Listens from `from` on; begins with what every device said last before that.
    #[must_use]
    pub fn new(
        mut simulation: Simulation,
        ground: &crate::model::Ground,
        kinds: Arc<KindTable>,
        from: Timestamp,
    ) -> Self {
        let backlog = simulation.backlog(from);
        Self {
            simulation,
            urgencies: Urgencies::new(ground, &kinds),
            heard_until: from,
            backlog,
        }
    }

    /// Puts everything that was reported up to `now` into the inbox.
    pub fn pump(&mut self, now: Timestamp, inbox: &Inbox) {
        let mut readings = std::mem::take(&mut self.backlog);
        readings.extend(self.simulation.readings_between(self.heard_until, now));
        self.heard_until = self.heard_until.max(now);
        for mut reading in readings {
            reading.arrived = now;
            inbox.offer(reading, self.urgencies.of(&reading));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::citygen::days::Scenario;
    use crate::model::sample::{MORNING, city};

    #[test]
    fn begins_with_the_past_and_goes_on_without_a_gap() {
        let (ground, kinds) = (city(4), Arc::new(KindTable::standard()));
        let made = Simulation::new(&ground, &kinds, 1, Scenario::Calm, MORNING);
        let mut simulator = Simulator::new(made.clone(), &ground, kinds.clone(), MORNING);
        let inbox = Inbox::new(10_000);
        simulator.pump(MORNING, &inbox);
        let backlog = inbox.take().readings;
        assert_eq!(backlog.len(), ground.devices.len());
        assert!(
            backlog
                .iter()
                .all(|it| it.at <= MORNING && it.arrived == MORNING)
        );
        let mut heard = 0;
        for second in 1..=600 {
            simulator.pump(MORNING.plus(second * 1_000), &inbox);
            heard += inbox.take().readings.len();
        }
        let mut again = made;
        assert_eq!(
            heard,
            again.readings_between(MORNING, MORNING.plus(600_000)).len()
        );
    }
}
