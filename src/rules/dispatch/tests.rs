//! The closed loop on a small city: folding, the way of an incident, calls, and any row of orders.

mod calls;
mod deadlines;
mod folding;
mod random;
mod reports;
mod way;
mod words;

use std::sync::Arc;

use super::*;
use crate::base::{
    AlarmId, AreaId, BuildingId, DeviceId, IncidentId, ResponderId, SealError, Sealer,
};
use crate::model::dispatch::{Act, Ask, DispatchTable, Incident, ShutText};
use crate::model::sample::{MORNING, city, device_id, next_batch};
use crate::model::{
    Actor, Alarm, AreaLevel, Batch, Command, Grade, Ground, KindTable, Refusal, Responder,
    ResponderKind,
};

/// Seals nothing: what the tests write is no secret.
struct Open;

impl Sealer for Open {
    fn seal(&self, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        Ok([b"PJ", plain].concat())
    }

    fn unseal(&self, blob: &[u8]) -> Result<Vec<u8>, SealError> {
        Ok(blob[2..].to_vec())
    }
}

fn text(words: &str) -> ShutText {
    ShutText::seal(words, &Open).unwrap()
}

fn person(name: &str) -> Actor {
    Actor(name.to_owned())
}

fn team(number: u32) -> ResponderId {
    ResponderId::from_source("sample", &format!("team {number}"))
}

fn house(number: u32) -> BuildingId {
    BuildingId::from_source("sample", &number.to_string())
}

/// Houses 0 and 1 share a wall; grids 0 and 1 lie in a community; four teams.
fn ground() -> Ground {
    let mut ground = city(4);
    let [a, b] = [house(0), house(1)];
    ground.buildings.get_mut(&a).unwrap().party_walls = vec![b];
    ground.buildings.get_mut(&b).unwrap().party_walls = vec![a];
    let area = |key: &str| AreaId::from_source("sample", key);
    for (key, level, parent) in [
        ("grid 0", AreaLevel::Grid, Some("community")),
        ("grid 1", AreaLevel::Grid, Some("community")),
        ("community", AreaLevel::Community, None),
    ] {
        let mut one = crate::model::sample::people::area(area(key), area(key));
        one.level = level;
        one.parent = parent.map(area);
        ground.areas.insert(one.id, one);
    }
    for number in 0..4 {
        let grid = area(if number < 2 { "grid 0" } else { "grid 1" });
        ground.buildings.get_mut(&house(number)).unwrap().area = Some(grid);
        let one = Responder {
            id: team(number),
            source: ground.buildings[&a].source.clone(),
            kind: ResponderKind::Team,
            title: format!("Team {number}"),
            name: None,
            area: None,
            position: [0.0; 3],
            duty: None,
            phone: None,
        };
        ground.responders.insert(one.id, one);
    }
    // Devices were spread over the houses in the order of ids; here device n stands in house n.
    let kinds = KindTable::standard();
    for kind in kinds.all() {
        for number in 0..4 {
            let device = ground.devices.get_mut(&device_id(kind.id.as_str(), number));
            device.unwrap().building = Some(house(number));
        }
    }
    ground
}

/// A twin with its desk, ticked by hand.
struct Loop {
    twin: Twin,
    desk: Desk,
    log: Vec<Batch>,
    now: Timestamp,
}

impl Loop {
    fn new() -> Self {
        Self::with(ground(), DispatchTable::standard(), Crowd::new())
    }

    fn with(ground: Ground, table: DispatchTable, crowd: Crowd) -> Self {
        let kinds = Arc::new(KindTable::standard());
        Self {
            desk: Desk::new(table, kinds, &ground, crowd),
            twin: Twin::new(Arc::new(ground)),
            log: Vec::new(),
            now: MORNING,
        }
    }

    fn put(&mut self, changes: Vec<Change>) {
        let mut batch = next_batch(&self.twin, self.now);
        batch.changes = changes;
        self.twin.apply(&batch).unwrap();
        self.log.push(batch);
    }

    /// A tick in which the rules say this.
    fn tick(&mut self, mut changes: Vec<Change>) -> Vec<Change> {
        step(&self.twin, &self.desk, self.now, &mut changes);
        self.put(changes.clone());
        changes
    }

    fn wait(&mut self, seconds: i64) -> &mut Self {
        self.now = self.now.plus(seconds * 1_000);
        self
    }

    fn raise(&mut self, kind: &str, number: u32, grade: Grade) -> AlarmId {
        let alarm = alarm(kind, number, grade, self.now);
        let id = alarm.id;
        self.tick(vec![Change::AlarmRaised { alarm }]);
        id
    }

    fn end(&mut self, alarm: AlarmId) {
        let at = self.now;
        self.tick(vec![Change::AlarmReturned { alarm, at }]);
    }

    fn ask(&mut self, incident: IncidentId, by: &str, ask: Ask) -> Result<Vec<Change>, Refused> {
        let by = person(by);
        let order = Order { incident, by, ask };
        let before = self.twin.state_hash();
        let told = Command::Incident { order };
        let written = serde_json::to_string(&told).unwrap();
        let told: Command = serde_json::from_str(&written).unwrap();
        match crate::rules::command(&self.twin, &self.desk, &told, self.now) {
            Ok(changes) => {
                self.put(changes.clone());
                Ok(changes)
            }
            Err(Refusal::Incident { refused }) => {
                assert_eq!(self.twin.state_hash(), before, "a refusal changes nothing");
                Err(refused)
            }
            Err(other) => panic!("{other}"),
        }
    }

    fn of(&self, alarm: AlarmId) -> &Incident {
        self.twin
            .live()
            .dispatch
            .of_alarm(alarm)
            .expect("each alarm is in one")
    }

    fn get(&self, id: IncidentId) -> &Incident {
        &self.twin.live().dispatch.incidents[&id]
    }

    /// The same log gives the same state, and a snapshot of it keeps all.
    fn check_replay(&self) {
        let mut again = Twin::new(self.twin.ground().clone());
        for batch in &self.log {
            let text = serde_json::to_string(batch).unwrap();
            again.apply(&serde_json::from_str(&text).unwrap()).unwrap();
        }
        assert_eq!(again.live(), self.twin.live());
        let kept = serde_json::to_string(self.twin.live()).unwrap();
        let kept: crate::model::Live = serde_json::from_str(&kept).unwrap();
        assert_eq!(&kept, self.twin.live());
    }
}

fn alarm(kind: &str, number: u32, grade: Grade, at: Timestamp) -> Alarm {
    let device: DeviceId = device_id(kind, number);
    Alarm {
        id: AlarmId::from_source("test", &format!("{device} {}", at.millis())),
        device,
        rule: "threshold".to_owned(),
        grade,
        raised_at: at,
        value: 1.0,
        active: true,
        returned_at: None,
        acknowledged: None,
        exercise: false,
        latched: false,
        suppressed: None,
    }
}

fn acts(changes: &[Change]) -> Vec<&'static str> {
    let of = |change: &Change| match change {
        Change::Incident { step } => Some(step.act.name()),
        _ => None,
    };
    changes.iter().filter_map(of).collect()
}

fn has(changes: &[Change], wanted: fn(&Act) -> bool) -> bool {
    changes.iter().any(|change| match change {
        Change::Incident { step } => wanted(&step.act),
        _ => false,
    })
}
