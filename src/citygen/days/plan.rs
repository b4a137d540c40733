//! The plan: which devices are hit by what and when. A day is planned as a whole when the first
//! moment of it is asked for, so a simulation may run for months.

use crate::base::{Millis, Timestamp};
use crate::model::DeviceKind;

use super::noise::{Dice, mix};
use super::{Fault, Planted, PlantedKind, Scenario, Simulation};

const SECOND: Millis = 1_000;
const MINUTE: Millis = 60 * SECOND;
const HOUR: Millis = 60 * MINUTE;
const DAY: Millis = 24 * HOUR;

/// Peace between two things planted on one device, over and above some reports.
const PEACE: Millis = HOUR;

/// What a fresh `normal` or `flood` simulation begins with: seconds from the start, kind.
/// In a demonstration of a minute each of these shows.
const OPENING_INCIDENTS: &[(i64, &str)] = &[
    (-150, "tilt"),
    (-80, "electric_load"),
    (4, "help_button"),
    (3, "smoke"),
    (8, "gas_leak"),
    (14, "manhole_cover"),
    (20, "water_meter"),
    (45, "help_button"),
];

/// Likewise the faults; a stuck device was stuck long ago.
const OPENING_FAULTS: &[(i64, &str, Fault)] = &[
    (-1_080, "smoke", Fault::Silence),
    (-1_050, "gas_leak", Fault::Silence),
    (-600, "gas_leak", Fault::OutOfRange),
    (-900, "tilt", Fault::Remount),
    (-23_400, "tilt", Fault::Stuck),
    (-23_400, "air_quality", Fault::Stuck),
    (-300, "water_level", Fault::Spike),
    (10, "smoke", Fault::Spike),
];

/// Kinds that have incidents, as often as they stand here.
const INCIDENT_KINDS: &[&str] = &[
    "help_button",
    "help_button",
    "smoke",
    "gas_leak",
    "water_meter",
    "water_meter",
    "tilt",
    "electric_load",
    "electric_load",
    "manhole_cover",
    "door",
    "water_level",
    "air_quality",
    "settlement",
    "crack",
];

const FAULTS: [Fault; 5] = [
    Fault::Spike,
    Fault::Stuck,
    Fault::OutOfRange,
    Fault::Remount,
    Fault::Silence,
];

impl Simulation {
    /// Plans every day that begins up to `until`.
    pub(super) fn plan_until(&mut self, until: Timestamp) {
        while self.start.plus(self.days_planned * DAY) <= until {
            let day = self.days_planned;
            self.days_planned += 1;
            let mut dice = Dice::new(mix(self.seed ^ 0x00DA_7515, day as u64));
            if day == 0 {
                self.open(&mut dice);
            }
            self.spread(day, &mut dice);
        }
    }

    fn open(&mut self, dice: &mut Dice) {
        if self.scenario == Scenario::Calm {
            return;
        }
        for (seconds, kind, fault) in OPENING_FAULTS {
            let at = self.start.plus(seconds * SECOND);
            self.plant(kind, PlantedKind::Fault(*fault), at, dice);
        }
        for (seconds, kind) in OPENING_INCIDENTS {
            let at = self.start.plus(seconds * SECOND);
            self.plant(kind, PlantedKind::Incident, at, dice);
        }
        for (place, kind) in self.own_kinds().into_iter().enumerate() {
            let at = self.start.plus((12 + 6 * place as i64) * SECOND);
            self.plant(&kind, PlantedKind::Incident, at, dice);
        }
        if self.scenario == Scenario::Flood {
            self.open_flood(dice);
        }
    }

    /// The water rises everywhere within three minutes, and calls come in every few seconds.
    fn open_flood(&mut self, dice: &mut Dice) {
        let gauges = self.sensors_of("water_level").len();
        for _ in 0..gauges {
            let at = self.start.plus(dice.between(0.0, 180_000.0) as Millis);
            self.plant("water_level", PlantedKind::Incident, at, dice);
        }
        let mut at = self.start.plus(5 * SECOND);
        while at < self.start.plus(10 * MINUTE) {
            self.plant_any(at, dice);
            at = at.plus(dice.between(4_000.0, 8_000.0) as Millis);
        }
    }

    /// The long run of a day.
    fn spread(&mut self, day: i64, dice: &mut Dice) {
        let (incidents_ms, faults_ms) = match self.scenario {
            Scenario::Calm => (150 * MINUTE, 60 * MINUTE),
            Scenario::Normal => (10 * MINUTE, 8 * MINUTE),
            Scenario::Flood => (2 * MINUTE, 8 * MINUTE),
        };
        let begin = self.start.plus(day * DAY);
        let paces = [(incidents_ms, true), (faults_ms, false)];
        for (pace_ms, people) in paces {
            let mut step = || dice.between(0.5, 1.5) * pace_ms as f64;
            let mut times = Vec::new();
            let mut at = begin.plus(step() as Millis);
            while at < begin.plus(DAY) {
                times.push(at);
                at = at.plus(step() as Millis);
            }
            for at in times {
                if people {
                    self.plant_any(at, dice);
                } else {
                    self.plant_fault(at, dice);
                }
            }
        }
    }

    fn plant_any(&mut self, at: Timestamp, dice: &mut Dice) {
        let own = self.own_kinds();
        let place = dice.place(INCIDENT_KINDS.len() + own.len());
        let kind = match INCIDENT_KINDS.get(place) {
            Some(kind) => kind,
            None => own[place - INCIDENT_KINDS.len()].as_str(),
        };
        self.plant(kind, PlantedKind::Incident, at, dice);
    }

    /// Kinds that a city added itself and that have something to warn of.
    fn own_kinds(&self) -> Vec<String> {
        let is_own = |id: &str| !INCIDENT_KINDS.contains(&id);
        let kinds = self.kinds.iter().filter(|kind| kind.warns());
        let ids = kinds.map(|kind| kind.id.as_str());
        ids.filter(|id| is_own(id)).map(str::to_owned).collect()
    }

    fn plant_fault(&mut self, at: Timestamp, dice: &mut Dice) {
        let fault = FAULTS[dice.place(FAULTS.len())];
        let suited: Vec<_> = self
            .kinds
            .iter()
            .filter(|kind| suits(fault, kind))
            .collect();
        if suited.is_empty() {
            return;
        }
        let kind = suited[dice.place(suited.len())].id.to_string();
        self.plant(&kind, PlantedKind::Fault(fault), at, dice);
    }

    fn sensors_of(&self, kind: &str) -> Vec<usize> {
        let of_kind = |index: &usize| self.kinds[self.sensors[*index].kind].id.as_str() == kind;
        (0..self.sensors.len()).filter(of_kind).collect()
    }

    /// Plants on a device of `kind` that has its peace then; on none when there is none.
    fn plant(&mut self, kind: &str, what: PlantedKind, at: Timestamp, dice: &mut Dice) {
        let Some(record) = self.kinds.iter().find(|it| it.id.as_str() == kind) else {
            return;
        };
        let suited = match what {
            PlantedKind::Incident => record.warns(),
            PlantedKind::Fault(fault) => suits(fault, record),
        };
        let sensors = self.sensors_of(kind);
        if sensors.is_empty() || !suited {
            return;
        }
        let length_ms = length_ms(record, what, dice);
        let first = dice.place(sensors.len());
        for turn in 0..sensors.len() {
            let index = sensors[(first + turn) % sensors.len()];
            let sensor = &self.sensors[index];
            if sensor.has_story() {
                continue;
            }
            let (from, to) = if what == PlantedKind::Fault(Fault::Spike) {
                let report = sensor.next_report(at);
                (report, report)
            } else {
                (at, at.plus(length_ms))
            };
            let peace_ms = PEACE + 4 * sensor.interval_ms;
            let busy = sensor
                .planted
                .iter()
                .map(|index| &self.plan[*index])
                .any(|other| other.from <= to.plus(peace_ms) && from <= other.to.plus(peace_ms));
            if !busy {
                let device = sensor.id;
                self.sensors[index].planted.push(self.plan.len());
                self.plan.push(Planted {
                    device,
                    kind: what,
                    from,
                    to,
                });
                return;
            }
        }
    }
}

/// Whether a device of this kind can have this fault without anybody having to be warned.
fn suits(fault: Fault, kind: &DeviceKind) -> bool {
    match fault {
        // Where one high reading is enough for an alarm, a spike is one.
        Fault::Spike => kind.jump.is_some() || (kind.warns() && kind.alarm_readings > 1),
        Fault::Stuck => kind.stuck_s > 0,
        Fault::Remount => kind.jump.is_some(),
        Fault::OutOfRange | Fault::Silence => true,
    }
}

fn length_ms(kind: &DeviceKind, what: PlantedKind, dice: &mut Dice) -> Millis {
    let interval_ms = i64::from(kind.interval_s) * SECOND;
    let (least, most) = match what {
        PlantedKind::Incident if kind.id.as_str() == "help_button" => (MINUTE, 4 * MINUTE),
        PlantedKind::Incident if kind.jump.is_some() => (40 * MINUTE, 2 * HOUR),
        PlantedKind::Incident => (12 * MINUTE, 40 * MINUTE),
        PlantedKind::Fault(Fault::Spike) => (0, 0),
        PlantedKind::Fault(Fault::Stuck) => {
            let stuck_ms = i64::from(kind.stuck_s) * SECOND + 4 * interval_ms;
            (stuck_ms + HOUR, stuck_ms + 5 * HOUR)
        }
        PlantedKind::Fault(Fault::Silence) => (HOUR + 5 * interval_ms, 4 * HOUR + 5 * interval_ms),
        // Two reports at both ends while hands are on it, and some between.
        PlantedKind::Fault(Fault::Remount) => {
            (30 * MINUTE + 6 * interval_ms, 4 * HOUR + 2 * interval_ms)
        }
        PlantedKind::Fault(_) => (30 * MINUTE + 2 * interval_ms, 4 * HOUR),
    };
    dice.between(least as f64, most as f64) as Millis
}
