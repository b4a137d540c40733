//! Which houses of a simulated city have a story: most stand still, a few lean, move, or have a sensor
//! that cannot be trusted. Chosen by the seed among the houses that have sensors, so that any city with
//! enough of them has all; one with few has none. Used by `report`; what a story makes of readings is
//! in `course`. Never names a device: what is planted follows from what is there.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{BuildingId, DeviceId};
use crate::model::{Building, Ground, Protection, Structure};

use super::course::{Measures, Movement};
use super::noise::{mix, unit};
use super::role::Role;

/// Houses with a sensor of tilt below which nobody has a story: there would be more stories than rest.
const LEAST_HOUSES: usize = 20;
/// Houses for which the stories are told once more.
const HOUSES_A_SET: usize = 200;
/// At most so large a share of the houses has one.
const SHARE_MOST: f64 = 0.14;
/// Houses of a row that move together.
const ROW: std::ops::RangeInclusive<usize> = 3..=4;
/// The pit beside the row: mm by which it settles in the middle, and how wide the bowl is, m.
const BOWL_MM: f64 = 7.5;
const BOWL_M: f64 = 26.0;
const PIT_AWAY_M: f64 = 8.0;
/// When digging began, days before the simulation.
const PIT_DAYS: f64 = 66.0;
/// Settlement of the bowl that is a story, and not just there.
const BOWL_STORY_MM: f64 = 1.0;

/// What happens to a house or its sensor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Story {
    /// Leans by more than what limits houses of its kind, and stands still.
    BeyondLimit,
    /// Leans a little less than that.
    NearLimit,
    /// Leans enough to be looked at at times.
    Leaning,
    /// Moves slowly, for months.
    Creeping,
    /// Moves since some weeks, faster and faster.
    Accelerating,
    /// Of a row that leans towards a pit beside it.
    Row,
    /// A point of settlement around that pit.
    Bowl,
    /// Taken down and mounted anew: its level is another, the house did not move.
    Remounted,
    /// One reading far off.
    Spiked,
    /// Silent for weeks.
    Silent,
    /// The same value for weeks.
    Stuck,
    /// A crack that opens and closes with the season.
    SeasonalCrack,
    /// A crack that grows.
    GrowingCrack,
}

/// The stories of tilt sensors, those first that a small city should have too.
const TOLD: [Story; 10] = [
    Story::BeyondLimit,
    Story::Accelerating,
    Story::Row,
    Story::Leaning,
    Story::Remounted,
    Story::Silent,
    Story::Spiked,
    Story::NearLimit,
    Story::Creeping,
    Story::Leaning,
];

/// What a house of a kind may lean before it is at its limit, ‰: what the built-in table of the monitor
/// says of timber houses and of all others up to 24 m.
pub(super) fn limit_permille(house: Option<&Building>) -> f64 {
    match house.map(|house| house.structure) {
        Some(Structure::TimberBrick) => 10.0,
        _ => 4.0,
    }
}

/// The roles of all sensors that have one; `followed` are the sensors on buildings, by id.
pub(super) fn roles(
    ground: &Ground,
    followed: &[(DeviceId, Measures)],
    seed: u64,
) -> BTreeMap<DeviceId, Role> {
    let of = |wanted: Measures| {
        let all = followed.iter().filter(move |(_, it)| *it == wanted);
        let placed = all.filter_map(|(id, _)| {
            let device = ground.devices.get(id)?;
            let house = ground.buildings.get(&device.building?)?;
            let [x, y, _] = device.position;
            Some(Place {
                device: *id,
                house,
                at: [x, y],
            })
        });
        let mut all: Vec<Place> = placed.collect();
        all.sort_by_key(|place| mix(seed ^ 0x0057_0217, place.device.bits()));
        all
    };
    let mut once = BTreeSet::new();
    let mut tilted = of(Measures::Tilt);
    tilted.retain(|place| once.insert(place.house.id));
    let mut chosen = Chosen {
        seed,
        left: (SHARE_MOST * tilted.len() as f64) as usize,
        settled: of(Measures::Settlement),
        cracked: of(Measures::Crack),
        tilted,
        taken: BTreeSet::new(),
        roles: BTreeMap::new(),
    };
    if chosen.tilted.len() >= LEAST_HOUSES {
        for _ in 0..(chosen.tilted.len() / HOUSES_A_SET).max(1) {
            chosen.tell();
        }
    }
    chosen.roles
}

/// A sensor with its house.
#[derive(Clone, Copy)]
struct Place<'a> {
    device: DeviceId,
    house: &'a Building,
    at: [f64; 2],
}

impl Place<'_> {
    fn away_m(&self, at: [f64; 2]) -> f64 {
        (self.at[0] - at[0]).hypot(self.at[1] - at[1])
    }
}

/// What is chosen so far. Lists are in the order of chance.
struct Chosen<'a> {
    seed: u64,
    /// One sensor a house.
    tilted: Vec<Place<'a>>,
    settled: Vec<Place<'a>>,
    cracked: Vec<Place<'a>>,
    /// Houses that may still have a story.
    left: usize,
    taken: BTreeSet<BuildingId>,
    roles: BTreeMap<DeviceId, Role>,
}

impl<'a> Chosen<'a> {
    fn tell(&mut self) {
        for story in TOLD {
            if story == Story::Row {
                self.dig();
            } else if let Some(place) = self.house_for(story) {
                self.take(&place, self.role(story, &place));
            }
        }
        let is_free =
            |place: &Place, roles: &BTreeMap<DeviceId, Role>| !roles.contains_key(&place.device);
        let stuck = self.settled.iter().find(|one| is_free(one, &self.roles));
        if let Some(stuck) = stuck.copied() {
            self.put(&stuck, Story::Stuck, Role::default());
        }
        let in_row = |place: &&Place| self.is_in_row(place.house.id);
        let cracked = || self.cracked.iter().filter(|one| is_free(one, &self.roles));
        let grows = cracked().find(in_row).or_else(|| cracked().next()).copied();
        if let Some(grows) = grows {
            let role = Role {
                base: Some([1.4, 0.0]),
                movement: Some(Movement {
                    by: [0.9, 0.0],
                    onset_days: 75.0,
                    speeds_up: false,
                }),
                ..Role::default()
            };
            self.put(&grows, Story::GrowingCrack, role);
        }
        let is_free = |place: &&Place| !self.roles.contains_key(&place.device);
        if let Some(seasonal) = self.cracked.iter().find(is_free).copied() {
            let role = Role {
                base: Some([1.3, 0.0]),
                per_c: Some([-0.045, 0.0]),
                ..Role::default()
            };
            self.put(&seasonal, Story::SeasonalCrack, role);
        }
    }

    fn put(&mut self, place: &Place, story: Story, role: Role) {
        let story = Some(story);
        self.roles.insert(place.device, Role { story, ..role });
    }

    fn is_in_row(&self, house: BuildingId) -> bool {
        let rows = self.tilted.iter().filter(|one| one.house.id == house);
        rows.into_iter().any(|one| {
            let role = self.roles.get(&one.device);
            role.is_some_and(|role| role.story == Some(Story::Row))
        })
    }

    fn take(&mut self, place: &Place, role: Role) {
        self.left = self.left.saturating_sub(1);
        self.taken.insert(place.house.id);
        self.roles.insert(place.device, role);
    }

    /// A house that may have a story of its own: it is not beside another one that has.
    fn is_free(&self, house: &Building) -> bool {
        let beside = house.party_walls.iter();
        !self.taken.contains(&house.id) && beside.copied().all(|one| !self.taken.contains(&one))
    }

    /// The first that suits, or else the first that is free.
    fn house_for(&self, story: Story) -> Option<Place<'a>> {
        let is_timber = |house: &Building| house.structure == Structure::TimberBrick;
        let suits = |house: &Building| match story {
            Story::BeyondLimit => is_timber(house) && house.protection == Protection::None,
            Story::NearLimit => !is_timber(house),
            // A monument of timber has no limit, so it has no share of one.
            Story::Leaning => house.protection == Protection::None,
            _ => true,
        };
        if self.left == 0 {
            return None;
        }
        let free = || self.tilted.iter().filter(|one| self.is_free(one.house));
        free()
            .find(|one| suits(one.house))
            .or_else(|| free().next())
            .copied()
    }

    fn way(&self, device: DeviceId) -> [f64; 2] {
        let turn = std::f64::consts::TAU * unit(mix(self.seed, device.bits()), 77);
        [turn.sin(), turn.cos()]
    }

    fn role(&self, story: Story, place: &Place) -> Role {
        let way = self.way(place.device);
        let limit = limit_permille(Some(place.house));
        let along = |size: f64| Some(way.map(|part| size * part));
        let moving = |size: f64, onset_days: f64, speeds_up: bool| {
            Some(Movement {
                by: way.map(|part| size * part),
                onset_days,
                speeds_up,
            })
        };
        let (base, movement) = match story {
            Story::BeyondLimit => (along(1.04 * limit), None),
            Story::NearLimit => (along(0.91 * limit), None),
            // Below the threshold of the sensor's kind, whatever the house is made of.
            Story::Leaning => (along((0.46 * limit).min(3.65)), None),
            Story::Creeping => (along(0.6), moving(0.95, 100.0, false)),
            Story::Accelerating => (along(0.5), moving(1.3, 45.0, true)),
            _ => (along(0.5), None),
        };
        Role {
            story: Some(story),
            base,
            movement,
            way,
            ..Role::default()
        }
    }

    /// A pit beside a row of houses that share walls: they lean towards it, and the ground around it
    /// settles. The row with most points of settlement around it has it.
    fn dig(&mut self) {
        if self.left < *ROW.start() {
            return;
        }
        let points_near = |row: &Vec<Place>| {
            let middle = middle(row);
            let all = self.settled.iter();
            all.filter(|one| one.away_m(middle) < 2.0 * BOWL_M).count()
        };
        let rows = self.tilted.iter().filter_map(|one| self.row_from(one));
        // The first of several that are alike, by the order of chance.
        let best = rows.rev().max_by_key(points_near);
        let Some(row) = best else {
            return;
        };
        let (first, last) = (row[0].at, row[row.len() - 1].at);
        let along = [last[0] - first[0], last[1] - first[1]];
        let length = along[0].hypot(along[1]).max(1e-9);
        let side = if self.way(row[0].device)[0] < 0.0 {
            -1.0
        } else {
            1.0
        };
        let way = [side * along[1] / length, -side * along[0] / length];
        for (index, house) in row.iter().enumerate() {
            let role = Role {
                story: Some(Story::Row),
                base: Some(way.map(|part| 0.6 * part)),
                movement: Some(Movement {
                    by: way.map(|part| (1.85 + 0.08 * index as f64) * part),
                    onset_days: PIT_DAYS,
                    speeds_up: false,
                }),
                way,
                ..Role::default()
            };
            self.take(house, role);
        }
        let middle = middle(&row);
        let pit = [0, 1].map(|axis| middle[axis] + PIT_AWAY_M * way[axis]);
        for point in self.settled.clone() {
            let mm = BOWL_MM * (-0.5 * (point.away_m(pit) / BOWL_M).powi(2)).exp();
            let role = Role {
                story: (mm > BOWL_STORY_MM).then_some(Story::Bowl),
                movement: Some(Movement {
                    by: [mm, 0.0],
                    onset_days: PIT_DAYS,
                    speeds_up: false,
                }),
                ..Role::default()
            };
            if mm > 0.1 {
                self.roles.insert(point.device, role);
            }
        }
    }

    /// Houses with a sensor of tilt that share walls with one another, from this one on.
    fn row_from(&self, first: &Place<'a>) -> Option<Vec<Place<'a>>> {
        let mut row = vec![*first];
        let mut at = 0;
        while at < row.len() && row.len() < *ROW.end() {
            let beside = &row[at].house.party_walls;
            for other in &self.tilted {
                let is_in = row.iter().any(|one| one.house.id == other.house.id);
                if !is_in && row.len() < *ROW.end() && beside.contains(&other.house.id) {
                    row.push(*other);
                }
            }
            at += 1;
        }
        let is_free = row.iter().all(|one| self.is_free(one.house));
        (ROW.contains(&row.len()) && is_free).then_some(row)
    }
}

fn middle(row: &[Place]) -> [f64; 2] {
    [0, 1].map(|axis| row.iter().map(|one| one.at[axis]).sum::<f64>() / row.len() as f64)
}
