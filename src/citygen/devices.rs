//! The community's devices: thirteen kinds, each where it would really be mounted.
//! Used by `generate`. Never gives a reading; the simulated days do.

use std::collections::BTreeSet;

use crate::base::DeviceId;
use crate::model::{Device, Entity, GroundAreaKind, KindId, Structure, Usage};

use super::bridges::Bridge;
use super::canvas::{Canvas, Homes};
use super::finish::Placed;
use super::homes::Home;
use super::maker::Maker;
use super::plan::{Plan, Way};
use super::records::Registry;
use super::rect::Rect;
use super::seed::Stream;
use super::spots::{self, Spots};

/// Everything a device can be mounted on.
pub(super) struct Mounts<'a> {
    pub(super) plan: &'a Plan,
    pub(super) canvas: &'a Canvas,
    pub(super) placed: &'a [Placed],
    pub(super) homes: &'a [Home],
    pub(super) registry: &'a Registry,
    pub(super) bridges: &'a [Bridge],
    pub(super) water: &'a [(Rect, usize)],
}

/// A place for a device, with the home and house it belongs to.
#[derive(Default)]
struct Mount {
    position: [f64; 3],
    house: Option<usize>,
    home: Option<usize>,
}

/// Mounts every device of the description.
pub(super) fn devices(maker: &Maker, mounts: &Mounts, out: &mut Vec<Entity>) {
    let mut spots = Spots::default();
    for (kind, count) in &maker.spec.devices {
        let mut stream = maker.seed.stream(&format!("devices/{kind}"));
        let mut places = Places {
            maker,
            mounts,
            stream: &mut stream,
        };
        let found = places.of_kind(kind, *count);
        for (index, mount) in found.into_iter().enumerate() {
            let key = format!("{kind}-{:04}", index + 1);
            let home = mount.home.map(|at| &mounts.homes[at]);
            let house = mount.house.or(home.map(|home| home.house));
            let mut device = Device {
                id: DeviceId::from_source(&maker.dataset, &key),
                source: maker.source(&key),
                kind: KindId::new(kind),
                position: spots.claim(mount.position),
                building: house.map(|at| mounts.placed[at].building.id),
                dwelling: home.map(|home| home.dwelling.id),
                interval_s: None,
                home: crate::model::DeviceHome::Known,
                name: None,
            };
            if let (Some(_), Some(house)) = (home, house) {
                // Anywhere in the house is in any home of a storey: the height alone tells.
                let [x, y, _] = device.position;
                device.hide_at([x, y, mounts.placed[house].building.ground_m]);
            }
            out.push(Entity::from(device));
        }
    }
}

struct Places<'a> {
    maker: &'a Maker<'a>,
    mounts: &'a Mounts<'a>,
    stream: &'a mut Stream,
}

impl Places<'_> {
    fn of_kind(&mut self, kind: &str, count: usize) -> Vec<Mount> {
        match kind {
            "water_meter" => self.in_homes(count, 0.6),
            "gas_leak" => self.in_homes(count, 2.2),
            "smoke" => self.smoke(count),
            "tilt" => self.at_weak_houses(count, Part::Eaves),
            "settlement" => self.at_weak_houses(count, Part::Foot),
            "crack" => self.at_weak_houses(count, Part::Wall),
            "help_button" => self.help_buttons(count),
            "water_level" => self.at_water(count),
            "air_quality" => self.on_open_ground(count),
            "door" => self.doors(count),
            "electric_load" => self.in_timber_houses(count, 1.7),
            "manhole_cover" => self.on_lanes(count),
            "parking" => self.on_parking(count),
            // A kind that a later table adds is mounted on outer walls until it has a rule here.
            _ => self.at_weak_houses(count, Part::Wall),
        }
    }

    fn in_home(&mut self, home: usize, above_floor_m: f64) -> Mount {
        let one = &self.mounts.homes[home];
        let building = &self.mounts.placed[one.house].building;
        let [x, y] = spots::inside(building, self.stream);
        let floor_m = spots::floor_m(building, one.dwelling.floor);
        Mount {
            position: [x, y, building.ground_m + floor_m + above_floor_m],
            house: Some(one.house),
            home: Some(home),
        }
    }

    /// Homes in random order, again and again if there are fewer than devices.
    fn in_homes(&mut self, count: usize, above_floor_m: f64) -> Vec<Mount> {
        let mut order: Vec<usize> = (0..self.mounts.homes.len()).collect();
        self.stream.shuffle(&mut order);
        let chosen: Vec<usize> = order.into_iter().cycle().take(count).collect();
        chosen
            .into_iter()
            .map(|home| self.in_home(home, above_floor_m))
            .collect()
    }

    fn is_timber(&self, house: usize) -> bool {
        self.mounts.placed[house].building.structure == Structure::TimberBrick
    }

    /// Two thirds in homes of timber houses, the rest in other homes.
    fn smoke(&mut self, count: usize) -> Vec<Mount> {
        let mut timber = self.in_timber_homes(count * 2 / 3, 2.5);
        let rest = count - timber.len();
        timber.extend(self.in_homes(rest, 2.5));
        timber
    }

    fn in_timber_homes(&mut self, count: usize, above_floor_m: f64) -> Vec<Mount> {
        let homes = 0..self.mounts.homes.len();
        let mut order: Vec<usize> = homes
            .filter(|at| self.is_timber(self.mounts.homes[*at].house))
            .collect();
        self.stream.shuffle(&mut order);
        order.truncate(count);
        order
            .into_iter()
            .map(|home| self.in_home(home, above_floor_m))
            .collect()
    }

    /// One board a house.
    fn in_timber_houses(&mut self, count: usize, height_m: f64) -> Vec<Mount> {
        let is_one =
            |at: &usize| self.is_timber(*at) && self.mounts.placed[*at].community.is_some();
        let mut order: Vec<usize> = (0..self.mounts.placed.len()).filter(is_one).collect();
        if order.is_empty() {
            return self.in_homes(count, height_m);
        }
        self.stream.shuffle(&mut order);
        let chosen: Vec<usize> = order.into_iter().cycle().take(count).collect();
        let mount = |house: usize, stream: &mut Stream| {
            let building = &self.mounts.placed[house].building;
            let [x, y] = spots::wall(building, stream);
            let position = [x, y, building.ground_m + height_m];
            Mount {
                position,
                house: Some(house),
                home: None,
            }
        };
        chosen
            .into_iter()
            .map(|house| mount(house, self.stream))
            .collect()
    }

    /// Old masonry and timber houses, those nearest to a canal first.
    fn at_weak_houses(&mut self, count: usize, part: Part) -> Vec<Mount> {
        let weak = |at: &usize| {
            let placed = &self.mounts.placed[*at];
            let old = placed.building.year.is_none_or(|year| year < 1993);
            old && placed.community.is_some() && placed.building.usage != Usage::Service
        };
        let mut order: Vec<usize> = (0..self.mounts.placed.len()).filter(weak).collect();
        if order.is_empty() {
            return self.in_homes(count, 1.0);
        }
        let reach = |at: usize| {
            let [u, v] = self.mounts.placed[at].rect.center();
            let away = |rect: &Rect| {
                let du = (rect.u0 - u).max(u - rect.u1).max(0);
                let dv = (rect.v0 - v).max(v - rect.v1).max(0);
                du.max(dv)
            };
            self.mounts
                .water
                .iter()
                .map(|(rect, _)| away(rect))
                .min()
                .unwrap_or(0)
        };
        // In steps of 25 m, and within a step by chance.
        let mut keyed: Vec<(i32, u64, usize)> = Vec::new();
        for at in order.drain(..) {
            keyed.push((reach(at) / 250, (self.stream.unit() * 1e9) as u64, at));
        }
        keyed.sort_unstable();
        let chosen: Vec<usize> = keyed
            .iter()
            .map(|(.., at)| *at)
            .cycle()
            .take(count)
            .collect();
        chosen
            .into_iter()
            .map(|house| self.on_house(house, part))
            .collect()
    }

    fn on_house(&mut self, house: usize, part: Part) -> Mount {
        let building = &self.mounts.placed[house].building;
        let eaves_m = spots::eaves_m(building);
        let ([x, y], height_m) = match part {
            Part::Eaves => (spots::corner(building, self.stream), eaves_m - 0.25),
            Part::Foot => (spots::corner(building, self.stream), 0.35),
            Part::Wall => {
                let height_m = self.stream.between(0.8, eaves_m - 0.6);
                (spots::wall(building, self.stream), height_m)
            }
        };
        let position = [x, y, building.ground_m + height_m];
        Mount {
            position,
            house: Some(house),
            home: None,
        }
    }

    /// Homes of those over 60 who live alone and of the disabled; then of couples over 60.
    fn help_buttons(&mut self, count: usize) -> Vec<Mount> {
        let registry = self.mounts.registry;
        let needs = |wanted: &dyn Fn(&super::records::Record) -> bool| {
            let records = registry.records.iter().filter(|record| wanted(record));
            let mut homes: Vec<usize> = records
                .map(|record| registry.hearths[record.household].home)
                .collect();
            homes.sort_unstable();
            homes.dedup();
            homes
        };
        let mut first =
            needs(&|one| one.alone && one.age >= 60 || one.labels.iter().any(|l| l == "disabled"));
        self.stream.shuffle(&mut first);
        let mut then = needs(&|one| one.age >= 60);
        let served: BTreeSet<usize> = first.iter().copied().collect();
        then.retain(|home| !served.contains(home));
        self.stream.shuffle(&mut then);
        first.extend(then);
        if first.is_empty() {
            return self.in_homes(count, 0.9);
        }
        let chosen: Vec<usize> = first.into_iter().cycle().take(count).collect();
        chosen
            .into_iter()
            .map(|home| self.in_home(home, 0.9))
            .collect()
    }

    /// Common entrances of walk-ups, then homes of the elderly who live alone.
    fn doors(&mut self, count: usize) -> Vec<Mount> {
        let mut mounts = Vec::new();
        for house in 0..self.mounts.placed.len() {
            let placed = &self.mounts.placed[house];
            if let Homes::WalkUp { stairs } = placed.homes {
                for _ in 0..stairs {
                    let [x, y] = spots::wall(&placed.building, self.stream);
                    let position = [x, y, placed.building.ground_m + 1.4];
                    mounts.push(Mount {
                        position,
                        house: Some(house),
                        home: None,
                    });
                }
            }
        }
        self.stream.shuffle(&mut mounts);
        mounts.truncate(count);
        let rest = count - mounts.len();
        let mut others = self.help_buttons(rest);
        for (door, height_m) in others.iter_mut().zip(std::iter::repeat(0.6)) {
            door.position[2] += height_m;
        }
        mounts.extend(others);
        mounts
    }

    /// Gauges on the bridges, spread along the water.
    fn at_water(&mut self, count: usize) -> Vec<Mount> {
        let mut decks: Vec<[f64; 2]> = self
            .mounts
            .bridges
            .iter()
            .map(|bridge| metres(&bridge.deck))
            .collect();
        let edges = self.mounts.water.iter().map(|(rect, _)| metres(rect));
        decks.extend(edges);
        self.outdoors(decks, count, 0.3)
    }

    fn on_open_ground(&mut self, count: usize) -> Vec<Mount> {
        let squares = self
            .mounts
            .canvas
            .open
            .iter()
            .filter(|open| matches!(open.kind, GroundAreaKind::Plaza | GroundAreaKind::Green));
        let mut places: Vec<[f64; 2]> = squares
            .filter_map(|open| open.ring.first())
            .filter(|at| self.mounts.plan.inside(**at))
            .map(|at| at.map(|c| f64::from(c) / 10.0 + 1.0))
            .collect();
        self.stream.shuffle(&mut places);
        self.outdoors(places, count, 3.2)
    }

    fn on_lanes(&mut self, count: usize) -> Vec<Mount> {
        let mut places = Vec::new();
        for way in self
            .mounts
            .plan
            .corridors
            .iter()
            .chain(&self.mounts.canvas.dead_ends)
        {
            let rect = &way.rect;
            let apart = if way.kind == Way::DeadEnd { 130 } else { 260 };
            let along_u = rect.width() > rect.depth();
            let [cu, cv] = rect.center();
            let (low, high) = if along_u {
                (rect.u0, rect.u1)
            } else {
                (rect.v0, rect.v1)
            };
            let mut at = low + self.stream.whole(30, 90);
            while at < high - 10 {
                let place = if along_u { [at, cv] } else { [cu, at] };
                if self.mounts.plan.inside(place) {
                    places.push(place.map(|c| f64::from(c) / 10.0));
                }
                at += apart;
            }
        }
        self.stream.shuffle(&mut places);
        self.outdoors(places, count, 0.02)
    }

    fn on_parking(&mut self, count: usize) -> Vec<Mount> {
        let places = self.mounts.canvas.parking_bays();
        self.outdoors(places, count, 0.05)
    }

    /// Devices at places of the plan; every round over the same places stands aside a little.
    fn outdoors(&mut self, mut places: Vec<[f64; 2]>, count: usize, height_m: f64) -> Vec<Mount> {
        if places.is_empty() {
            places.push([0.0; 2]);
        }
        if places.len() > count {
            // Over the whole area, not where it begins.
            self.stream.shuffle(&mut places);
        }
        let place = |number: usize| {
            let round = (number / places.len()) as f64;
            let [u, v] = places[number % places.len()];
            let position = self.maker.position([u + 1.5 * round, v], height_m);
            Mount {
                position,
                ..Mount::default()
            }
        };
        (0..count).map(place).collect()
    }
}

#[derive(Clone, Copy)]
enum Part {
    Eaves,
    Foot,
    Wall,
}

fn metres(rect: &Rect) -> [f64; 2] {
    let low = [rect.u0, rect.v0].map(|c| f64::from(c) / 10.0);
    [low[0] + 0.4, low[1] + 0.4]
}
