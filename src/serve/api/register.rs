//! What the city has, ready for questions: names of kinds and areas, in which area each device lies.
//! Made once when the engine starts; the ground stays as it is while it runs. Never holds anything of
//! a person.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;

use crate::base::{AreaId, BuildingId, DeviceId};
use crate::model::query::AreaIndex;
use crate::model::{Device, Ground, KindTable};
use crate::portrayal::hud::device_words;
use crate::portrayal::words::{Lang, Words};
use crate::serve::problem::Problem;

/// The city's side of every answer.
pub struct Register {
    pub(super) ground: Arc<Ground>,
    pub(super) kinds: Arc<KindTable>,
    areas: AreaIndex,
    area_of: HashMap<DeviceId, AreaId>,
}

/// An area as it is named.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Area<'a> {
    id: AreaId,
    name: &'a str,
}

impl Register {
    /// The register of a city.
    #[must_use]
    pub fn of(ground: &Arc<Ground>, kinds: &Arc<KindTable>) -> Self {
        let areas = AreaIndex::of(ground);
        let area_of = ground.devices.values().filter_map(|device| {
            let [east, north, _] = device.position;
            Some((device.id, areas.at(ground, [east, north])?))
        });
        Self {
            area_of: area_of.collect(),
            areas,
            ground: ground.clone(),
            kinds: kinds.clone(),
        }
    }

    /// The smallest area that a device lies in.
    pub(super) fn area_of(&self, device: DeviceId) -> Option<AreaId> {
        self.area_of.get(&device).copied()
    }

    /// The smallest area that a building lies in.
    pub(super) fn area_of_building(&self, building: BuildingId) -> Option<AreaId> {
        self.ground.buildings.get(&building)?.area
    }

    /// The same with its name.
    pub(super) fn area(&self, device: DeviceId) -> Option<Area<'_>> {
        let id = self.area_of(device)?;
        let area = self.ground.areas.get(&id)?;
        let name = area.name.as_str();
        Some(Area { id, name })
    }

    /// The area that a question names.
    pub(super) fn area_asked(&self, asked: Option<&str>) -> Result<Option<AreaId>, Problem> {
        let area = asked.map(|name| self.ground.area_named(name)).transpose();
        area.map_err(|fault| Problem::bad(fault.to_string()))
    }

    /// Whether a device lies in an area.
    pub(super) fn is_in(&self, device: DeviceId, whole: Option<AreaId>) -> bool {
        whole.is_none_or(|whole| {
            let area = self.area_of(device);
            area.is_some_and(|area| self.areas.is_in(area, whole))
        })
    }

    /// Whether a kind is there, by its id.
    pub(super) fn kind_asked(&self, asked: Option<&str>) -> Result<(), Problem> {
        let Some(asked) = asked else {
            return Ok(());
        };
        let is_meant = |device: &Device| device.kind.as_str() == asked;
        let is_there = self
            .kinds
            .all()
            .iter()
            .any(|kind| kind.id.as_str() == asked)
            || self.ground.devices.values().any(is_meant);
        match is_there {
            true => Ok(()),
            false => {
                let known: Vec<_> = self
                    .kinds
                    .all()
                    .iter()
                    .map(|kind| kind.id.as_str())
                    .collect();
                let known = known.join(", ");
                Err(Problem::bad(format!(
                    "there is no kind {asked:?}; known are {known}"
                )))
            }
        }
    }

    /// Kind and place of a device for everybody, in Chinese and English.
    pub(super) fn words(&self, device: DeviceId) -> [[String; 2]; 2] {
        [Lang::Zh, Lang::En]
            .map(|lang| device_words(&self.ground, &self.kinds, device, Words::of(lang)))
    }

    /// The unit of a device's values.
    pub(super) fn unit(&self, device: DeviceId) -> Option<&str> {
        let device = self.ground.devices.get(&device)?;
        Some(self.kinds.get(&device.kind)?.unit.as_str())
    }
}
