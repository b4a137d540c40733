//! Which devices of a city are followed: those whose kind measures tilt, settlement or the width of a
//! crack, with how each hangs, what it is measured against, and the building by which it is judged. Made
//! once from registers and table. Never reads a measurement.

use std::collections::BTreeMap;

use anyhow::{Context, bail};

use crate::base::{BuildingId, DeviceId, Millis};
use crate::model::{Device, Ground, KindTable};
use crate::monitor::{DeviceRange, Gauge, MonitorTable, Quantity, ReferenceGroup, Sample, Subject};

/// A device that is followed.
#[derive(Debug, Clone, PartialEq)]
pub struct Sensor {
    /// How it is read.
    pub gauge: Gauge,
    /// What it can measure.
    pub range: Option<DeviceRange>,
    /// After so long without a reading it is blind.
    pub blind_after_ms: Millis,
    /// Points that its settlement is measured against.
    pub references: Vec<DeviceId>,
    /// Its building.
    pub building: Option<BuildingId>,
    /// What its limits are chosen by.
    pub subject: Subject,
    /// Where it hangs, m in the city's coordinates.
    pub position: [f64; 3],
}

impl Sensor {
    /// Whether its device can have measured this.
    #[must_use]
    pub fn believes(&self, sample: &Sample) -> bool {
        self.range.is_none_or(|range| range.holds(sample))
    }
}

/// The devices of a city that are followed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sensors(BTreeMap<DeviceId, Sensor>);

impl Sensors {
    /// Of a city, by its kinds and its table.
    ///
    /// # Errors
    /// When a kind measures in a unit that is none of its quantity, or the table names a point of
    /// reference that the city does not have or that measures no settlement.
    pub fn of(ground: &Ground, kinds: &KindTable, table: &MonitorTable) -> anyhow::Result<Self> {
        let mut sensors = BTreeMap::new();
        for device in ground.devices.values() {
            let Some(kind) = kinds.get(&device.kind) else {
                continue;
            };
            let names = names(device);
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let gauge = Gauge::of(table, &kind.quantity, &kind.unit, &names)
                .map_err(anyhow::Error::msg)
                .with_context(|| format!("kind {}", kind.id))?;
            let Some(gauge) = gauge else {
                continue;
            };
            let building = device.building.and_then(|id| ground.buildings.get(&id));
            let references = match gauge.quantity() {
                Quantity::Settlement => table.references(&names),
                _ => None,
            };
            let sensor = Sensor {
                range: DeviceRange::of(&gauge, [kind.min, kind.max], &kind.unit),
                blind_after_ms: kind.blind_after_ms(),
                gauge,
                references: references
                    .map(|group| points(ground, kinds, group))
                    .transpose()?
                    .unwrap_or_default(),
                building: device.building,
                // Of nothing nothing is known: no limit by height or structure fits.
                subject: building.map_or(Subject::unknown(), Subject::from),
                position: device.position,
            };
            sensors.insert(device.id, sensor);
        }
        Ok(Self(sensors))
    }

    /// A device, if it is followed.
    #[must_use]
    pub fn get(&self, device: DeviceId) -> Option<&Sensor> {
        self.0.get(&device)
    }

    /// These devices, and the points that they are measured against, each once.
    #[must_use]
    pub fn with_references(&self, devices: &[DeviceId]) -> Vec<DeviceId> {
        let mut wanted = devices.to_vec();
        let sensors = devices.iter().filter_map(|id| self.get(*id));
        wanted.extend(sensors.flat_map(|sensor| sensor.references.iter().copied()));
        wanted.sort_unstable();
        wanted.dedup();
        wanted
    }

    /// All of them, by id.
    pub fn all(&self) -> impl Iterator<Item = (DeviceId, &Sensor)> {
        self.0.iter().map(|(id, sensor)| (*id, sensor))
    }
}

/// By which names a device may stand in the table.
fn names(device: &Device) -> Vec<String> {
    let id = device.id.to_string();
    let key = Some(device.source.key.clone()).filter(|key| !key.is_empty());
    [Some(id), device.name.clone(), key]
        .into_iter()
        .flatten()
        .collect()
}

/// The devices that a group of references names.
fn points(
    ground: &Ground,
    kinds: &KindTable,
    group: &ReferenceGroup,
) -> anyhow::Result<Vec<DeviceId>> {
    let found = group.points.iter().map(|named| {
        let mut all = ground.devices.values();
        let device = all.find(|device| names(device).contains(named));
        let Some(device) = device else {
            bail!(
                "the table monitor names the point {named:?} in the reference {:?}, and the city has \
                 no such device",
                group.id
            );
        };
        let kind = kinds.get(&device.kind);
        let measures = kind.and_then(|kind| Quantity::of_name(&kind.quantity));
        if measures != Some(Quantity::Settlement) {
            bail!(
                "the table monitor names {named:?} as a point of reference, and that device measures \
                 no settlement"
            );
        }
        Ok(device.id)
    });
    found.collect()
}
