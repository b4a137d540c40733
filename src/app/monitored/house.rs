//! Houses as a whole: the worst that any of their sensors says, how unevenly they settle, whether tilt and
//! settlement agree, and which of them move together. Worked out from a [`Bank`]; never keeps anything.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::base::{BuildingId, DeviceId};
use crate::model::{Ground, MonitorGrade};
use crate::monitor::{
    Agreement, Assessment, Differential, Mover, Quantity, Rate, SettledPoint, Stability, agreement,
    differential, grade_of_distortion, together,
};

use super::Bank;

/// What can be said of one house.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct House {
    /// Which.
    pub building: BuildingId,
    /// The worst grade of its sensors and of its distortion; `None` where nothing can be told.
    pub grade: Option<MonitorGrade>,
    /// Its sensors.
    pub devices: Vec<DeviceId>,
    /// How unevenly it settles: between which of its points, and how much.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub differential: Option<Uneven>,
    /// Whether tilt and settlement tell the same movement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agreement: Option<Agrees>,
    /// Whether every point that tells of rest is at rest; `None` where none tells, and where all that do are
    /// at rest but one is blind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_at_rest: Option<bool>,
}

/// How unevenly a house settles.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Uneven {
    /// Between which two of its points.
    pub between: [DeviceId; 2],
    /// Figures.
    #[serde(flatten)]
    pub told: Differential,
    /// Share of the limit, and the limit, ‰; `None` where none holds.
    pub share: Option<[f64; 2]>,
}

/// Tilt against settlement.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Agrees {
    /// The tilt sensor.
    pub device: DeviceId,
    /// Whether both agree.
    pub agrees: bool,
    /// Figures.
    #[serde(flatten)]
    pub told: Agreement,
}

/// The houses of assessed sensors, by id.
#[must_use]
pub fn houses(bank: &Bank, assessed: &BTreeMap<DeviceId, Assessment>) -> Vec<House> {
    let mut of_house: BTreeMap<BuildingId, Vec<DeviceId>> = BTreeMap::new();
    for device in assessed.keys() {
        let building = bank.sensors().get(*device).and_then(|one| one.building);
        if let Some(building) = building {
            of_house.entry(building).or_default().push(*device);
        }
    }
    let judge = |(building, devices): (BuildingId, Vec<DeviceId>)| {
        House::of(bank, assessed, building, devices)
    };
    of_house.into_iter().map(judge).collect()
}

/// Rows of houses that move together: at `attention` or worse, joined by party walls, the same way.
#[must_use]
pub fn rows_together(
    ground: &Ground,
    houses: &[House],
    assessed: &BTreeMap<DeviceId, Assessment>,
) -> Vec<Vec<BuildingId>> {
    let moves = |house: &&House| {
        house
            .grade
            .is_some_and(|grade| grade > MonitorGrade::Normal)
    };
    let movers: Vec<Mover<BuildingId>> = houses
        .iter()
        .filter(moves)
        .map(|house| Mover {
            house: house.building,
            way: house
                .devices
                .iter()
                .find_map(|device| way(assessed.get(device)?)),
        })
        .collect();
    together(&movers, |one, other| {
        let house = ground.buildings.get(&one);
        house.is_some_and(|house| house.party_walls.contains(&other))
    })
}

/// Where a house moves to, by a tilt sensor that knows its bearing.
fn way(assessment: &Assessment) -> Option<[f64; 2]> {
    assessment.lean_permille?;
    let rates = assessment.rates.iter().rev();
    let mut sure = rates.filter(|rate| rate.low > 0.0);
    sure.next().map(|rate| rate.per_month)
}

impl House {
    fn of(
        bank: &Bank,
        assessed: &BTreeMap<DeviceId, Assessment>,
        building: BuildingId,
        devices: Vec<DeviceId>,
    ) -> Self {
        let of = |quantity: Quantity| {
            let all = devices
                .iter()
                .filter_map(|id| Some((*id, assessed.get(id)?)));
            all.filter(move |(_, one)| one.quantity == quantity)
                .collect::<Vec<_>>()
        };
        let settled = of(Quantity::Settlement);
        // What a point showed that is silent or stuck does not hold for now.
        let tells = |(_, one): &&Told| !one.tells_nothing();
        let settled: Vec<Told> = settled.iter().filter(tells).copied().collect();
        let blind = of(Quantity::Settlement).len() - settled.len();
        let differential = uneven(bank, &settled);
        let by_distortion = differential
            .as_ref()
            .and_then(|uneven| Some(bank.table().grade_of_share(uneven.share?[0])));
        let grades = devices.iter().filter_map(|id| assessed.get(id)?.grade);
        let rests: Vec<bool> = settled
            .iter()
            .filter_map(|(_, one)| match one.stability? {
                Stability::AtRest { .. } => Some(true),
                Stability::Moving { .. } => Some(false),
                Stability::Unsure { .. } => None,
            })
            .collect();
        Self {
            building,
            grade: grades.chain(by_distortion).max(),
            differential,
            agreement: agrees(bank, &of(Quantity::Tilt), &settled),
            is_at_rest: at_rest(&rests, blind),
            devices,
        }
    }
}

/// Whether a house is at rest by what its points say: one that moves is enough for a no, and one that is
/// blind forbids a yes.
fn at_rest(rests: &[bool], blind: usize) -> Option<bool> {
    match rests.iter().all(|rests| *rests) {
        false => Some(false),
        true => (!rests.is_empty() && blind == 0).then_some(true),
    }
}

type Told<'a> = (DeviceId, &'a Assessment);

fn place(bank: &Bank, device: DeviceId) -> Option<[f64; 2]> {
    let [x, y, _] = bank.sensors().get(device)?.position;
    Some([x, y])
}

fn uneven(bank: &Bank, settled: &[Told]) -> Option<Uneven> {
    let mut points = Vec::new();
    let mut ids = Vec::new();
    for (device, one) in settled {
        let Some((position, settlement_mm)) = place(bank, *device).zip(one.since_epoch) else {
            continue;
        };
        points.push(SettledPoint {
            position,
            settlement_mm,
        });
        ids.push(*device);
    }
    let told = differential(&points)?;
    let subject = bank.sensors().get(ids[0])?.subject;
    let share = grade_of_distortion(&told, &subject, bank.table());
    Some(Uneven {
        between: told.between.map(|index| ids[index]),
        told,
        share: share.map(|(share, _, limit)| [share, limit]),
    })
}

/// The longest window of rates that a sensor and the points under it tell of.
fn agrees(bank: &Bank, tilted: &[Told], settled: &[Told]) -> Option<Agrees> {
    let (device, tilt) = tilted.iter().find(|(_, one)| one.lean_permille.is_some())?;
    let windows = bank.table().rate.windows_days.iter().rev();
    let told = windows.filter_map(|days| {
        let within = |one: &Assessment| -> Option<Rate> {
            let mut rates = one.rates.iter();
            rates.find(|rate| rate.window_days == Some(*days)).copied()
        };
        let points: Vec<([f64; 2], Rate)> = settled
            .iter()
            .filter_map(|(device, one)| Some((place(bank, *device)?, within(one)?)))
            .collect();
        let agree_permille = bank.table().settlement.tilt_agree_permille;
        agreement(&within(tilt)?, &points, agree_permille)
    });
    let told = told.into_iter().next()?;
    Some(Agrees {
        device: *device,
        agrees: told.agrees(),
        told,
    })
}
