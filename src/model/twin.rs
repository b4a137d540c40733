//! The twin: ground at a version plus live state. [`Twin::apply`] is the only writer.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::base::{
    AreaId, BuildingId, CameraId, DeviceId, DwellingId, EventId, FacilityId, GroundAreaId,
    HouseholdId, MaterialId, ObjectId, PlaceId, PlantId, ResidentId, ResponderId, RoadId,
    TerrainId, TextureId, VehicleId, WaterId,
};

use super::entity::for_each_kind;
use super::{
    AdminArea, Batch, Building, Camera, CityObject, Device, DeviceHome, Dwelling, Entity,
    EntityKind, EntityRef, EntityView, Event, Facility, GroundArea, Household, Live, Material,
    Place, Plant, Resident, Responder, Road, Source, Terrain, Texture, Vehicle, Water, fold,
};

/// What the city file says about the city as a whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CityInfo {
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// The projected CRS, for example `EPSG:4549` or a proj string.
    pub crs: String,
    /// Name of the vertical datum.
    pub vertical_datum: String,
    /// Offset of local time from UTC.
    pub utc_offset_minutes: i32,
    /// Whether people and things in it are made up; stamped on every picture.
    pub synthetic: bool,
}

macro_rules! ground {
    ($($variant:ident $record:ident $name:literal $field:ident;)*) => {
        impl Ground {
            /// Adds or replaces a record; gives back what was there.
            pub fn put(&mut self, entity: Entity) -> Option<Entity> {
                match entity { $(Entity::$variant(one) =>
                    self.$field.insert(one.id, *one).map(Entity::from),)* }
            }

            /// Removes a record; gives back what was there.
            pub fn remove(&mut self, key: EntityRef) -> Option<Entity> {
                match key.kind { $(EntityKind::$variant =>
                    self.$field.remove(&id_of(key.bits)).map(Entity::from),)* }
            }

            /// A copy of a record.
            #[must_use]
            pub fn get(&self, key: EntityRef) -> Option<Entity> {
                match key.kind { $(EntityKind::$variant =>
                    self.$field.get(&id_of(key.bits)).cloned().map(Entity::from),)* }
            }

            /// A record, borrowed.
            #[must_use]
            pub fn view(&self, key: EntityRef) -> Option<EntityView<'_>> {
                match key.kind { $(EntityKind::$variant =>
                    self.$field.get(&id_of(key.bits)).map(EntityView::$variant),)* }
            }

            /// Calls `each` for the key of every record of a kind, in the order of ids.
            pub fn for_each_key(&self, kind: EntityKind, mut each: impl FnMut(EntityRef)) {
                match kind { $(EntityKind::$variant => for id in self.$field.keys() {
                    each(EntityRef { kind, bits: id.bits() });
                },)* }
            }

            /// As [`Ground::for_each_key`], only ids whose bits lie between two numbers, both
            /// included.
            pub fn for_each_key_between(
                &self,
                kind: EntityKind,
                low: u64,
                high: u64,
                mut each: impl FnMut(EntityRef),
            ) {
                if low > high {
                    return;
                }
                match kind { $(EntityKind::$variant => {
                    for id in between(&self.$field, low, high) {
                        each(EntityRef { kind, bits: id.bits() });
                    }
                },)* }
            }

            /// How many records of a kind there are.
            #[must_use]
            pub fn count(&self, kind: EntityKind) -> usize {
                match kind { $(EntityKind::$variant => self.$field.len(),)* }
            }

            /// Calls `each` for every record in the order of kinds and ids.
            pub fn for_each(&self, mut each: impl FnMut(Entity)) {
                $(for one in self.$field.values() { each(Entity::from(one.clone())); })*
            }
        }

        impl EntityRef {
            /// The written form of the record's id.
            #[must_use]
            pub fn id_text(self) -> String {
                match self.kind { $(EntityKind::$variant =>
                    text_of_id(|ground: &Ground| &ground.$field, self.bits),)* }
            }
        }

        impl EntityKind {
            /// How the written form of its ids begins, without the dash.
            #[must_use]
            pub fn id_prefix(self) -> &'static str {
                match self { $(EntityKind::$variant =>
                    prefix_of_id(|ground: &Ground| &ground.$field),)* }
            }
        }
    };
}
for_each_kind!(ground);

/// The ids of a registry whose bits lie between two numbers, both included.
fn between<I: FromBits + Ord, T>(
    all: &BTreeMap<I, T>,
    low: u64,
    high: u64,
) -> impl Iterator<Item = &I> {
    let bounds = I::from_id_bits(low)..=I::from_id_bits(high);
    all.range(bounds).map(|(id, _)| id)
}

/// The written form of an id of the kind that a field of the ground holds.
fn text_of_id<I: FromBits, T>(_: fn(&Ground) -> &BTreeMap<I, T>, bits: u64) -> String {
    I::from_id_bits(bits).to_string()
}

fn prefix_of_id<I: FromBits, T>(_: fn(&Ground) -> &BTreeMap<I, T>) -> &'static str {
    I::ID_PREFIX
}

/// Ids of every kind are made of bits; this names the kind by the caller's need.
fn id_of<I: FromBits>(bits: u64) -> I {
    I::from_id_bits(bits)
}

trait FromBits: std::fmt::Display {
    const ID_PREFIX: &'static str;
    fn from_id_bits(bits: u64) -> Self;
}

macro_rules! from_bits {
    ($($id:ident)*) => { $(impl FromBits for $id {
        const ID_PREFIX: &'static str = Self::PREFIX;
        fn from_id_bits(bits: u64) -> Self { Self::from_bits(bits) }
    })* };
}
from_bits!(AreaId BuildingId CameraId DeviceId DwellingId EventId FacilityId GroundAreaId HouseholdId
    MaterialId ObjectId PlaceId PlantId ResidentId ResponderId RoadId TerrainId TextureId VehicleId
    WaterId);

/// The base map and the registries, each in the order of ids.
#[derive(Debug, Clone, PartialEq)]
pub struct Ground {
    /// The version: counts the runs that wrote the city file.
    pub version: u64,
    /// About the city.
    pub info: CityInfo,
    /// Whom every picture must name, each once: what the imports that stand demand.
    pub attributions: Vec<String>,
    /// Administrative areas.
    pub areas: BTreeMap<AreaId, AdminArea>,
    /// Buildings.
    pub buildings: BTreeMap<BuildingId, Building>,
    /// Roads, lanes, bridges.
    pub roads: BTreeMap<RoadId, Road>,
    /// Water.
    pub water: BTreeMap<WaterId, Water>,
    /// Open ground.
    pub ground_areas: BTreeMap<GroundAreaId, GroundArea>,
    /// Plants.
    pub plants: BTreeMap<PlantId, Plant>,
    /// Named places.
    pub places: BTreeMap<PlaceId, Place>,
    /// Other objects with geometry.
    pub objects: BTreeMap<ObjectId, CityObject>,
    /// The ground's shape.
    pub terrain: BTreeMap<TerrainId, Terrain>,
    /// Colours that faces name.
    pub materials: BTreeMap<MaterialId, Material>,
    /// Pictures that faces name.
    pub textures: BTreeMap<TextureId, Texture>,
    /// Dwellings.
    pub dwellings: BTreeMap<DwellingId, Dwelling>,
    /// Households.
    pub households: BTreeMap<HouseholdId, Household>,
    /// Residents.
    pub residents: BTreeMap<ResidentId, Resident>,
    /// Vehicles.
    pub vehicles: BTreeMap<VehicleId, Vehicle>,
    /// Devices.
    pub devices: BTreeMap<DeviceId, Device>,
    /// Cameras.
    pub cameras: BTreeMap<CameraId, Camera>,
    /// Facilities.
    pub facilities: BTreeMap<FacilityId, Facility>,
    /// Responders.
    pub responders: BTreeMap<ResponderId, Responder>,
    /// Events of the seven service groups.
    pub events: BTreeMap<EventId, Event>,
}

impl Ground {
    /// Where the records of the base map came from, one for each record, buildings first.
    pub fn map_sources(&self) -> impl Iterator<Item = &Source> {
        let buildings = self.buildings.values().map(|one| &one.source);
        let terrain = self.terrain.values().map(|one| &one.source);
        let objects = self.objects.values().map(|one| &one.source);
        let water = self.water.values().map(|one| &one.source);
        let roads = self.roads.values().map(|one| &one.source);
        let open = self.ground_areas.values().map(|one| &one.source);
        let plants = self.plants.values().map(|one| &one.source);
        let places = self.places.values().map(|one| &one.source);
        let areas = self.areas.values().map(|one| &one.source);
        let solid = buildings.chain(terrain).chain(objects);
        let flat = water.chain(roads).chain(open);
        solid.chain(flat).chain(plants).chain(places).chain(areas)
    }

    /// Whether the values of people are locked, because the city's key is away.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        let mut residents = self.residents.values().map(|one| &one.name);
        let mut doors = self.dwellings.values().map(|one| &one.door);
        let mut streams = self.cameras.values().filter_map(|one| one.stream.as_ref());
        let mut homes = self.devices.values().filter_map(|one| match &one.home {
            DeviceHome::Shut(sealed, _) => Some(sealed),
            DeviceHome::Known | DeviceHome::At(_) => None,
        });
        let some = [residents.next(), doors.next(), streams.next(), homes.next()];
        some.iter().flatten().any(|one| one.is_locked())
    }

    /// Whether any record of the base map was made up by a generator. Looks at every one: whoever
    /// reads a ground keeps the answer in its `info`.
    #[must_use]
    pub fn has_synthetic_map(&self) -> bool {
        self.map_sources().any(Source::is_synthetic)
    }

    /// An empty city.
    #[must_use]
    pub fn new(info: CityInfo) -> Self {
        Self {
            version: 0,
            info,
            attributions: Vec::new(),
            areas: BTreeMap::new(),
            buildings: BTreeMap::new(),
            roads: BTreeMap::new(),
            water: BTreeMap::new(),
            ground_areas: BTreeMap::new(),
            plants: BTreeMap::new(),
            places: BTreeMap::new(),
            objects: BTreeMap::new(),
            terrain: BTreeMap::new(),
            materials: BTreeMap::new(),
            textures: BTreeMap::new(),
            dwellings: BTreeMap::new(),
            households: BTreeMap::new(),
            residents: BTreeMap::new(),
            vehicles: BTreeMap::new(),
            devices: BTreeMap::new(),
            cameras: BTreeMap::new(),
            facilities: BTreeMap::new(),
            responders: BTreeMap::new(),
            events: BTreeMap::new(),
        }
    }
}

/// Why a batch cannot be applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApplyError {
    /// The batch does not follow the last one.
    #[error("batch {given} does not follow batch {last}")]
    Gap {
        /// The last number applied.
        last: u64,
        /// The number given.
        given: u64,
    },
    /// The batch stands on another version of the ground.
    #[error("the batch stands on version {given} of the ground, the twin on {ours}")]
    OtherGround {
        /// The twin's version.
        ours: u64,
        /// The batch's version.
        given: u64,
    },
}

/// Ground at a version plus live state.
#[derive(Debug, Clone)]
pub struct Twin {
    ground: Arc<Ground>,
    live: Live,
}

impl Twin {
    /// A twin in which nothing has happened yet.
    #[must_use]
    pub fn new(ground: Arc<Ground>) -> Self {
        Self {
            ground,
            live: Live::default(),
        }
    }

    /// A twin at a snapshot.
    #[must_use]
    pub fn at_snapshot(ground: Arc<Ground>, live: Live) -> Self {
        Self { ground, live }
    }

    /// The ground.
    #[must_use]
    pub fn ground(&self) -> &Arc<Ground> {
        &self.ground
    }

    /// What runs.
    #[must_use]
    pub fn live(&self) -> &Live {
        &self.live
    }

    /// Applies the next batch.
    ///
    /// # Errors
    /// When it does not follow the last one or is from the future of another ground; the twin
    /// is unchanged then. A batch on an older ground is history and is taken.
    pub fn apply(&mut self, batch: &Batch) -> Result<(), ApplyError> {
        if Some(batch.number) != self.live.batch.checked_add(1) {
            return Err(ApplyError::Gap {
                last: self.live.batch,
                given: batch.number,
            });
        }
        if batch.ground_version > self.ground.version {
            return Err(ApplyError::OtherGround {
                ours: self.ground.version,
                given: batch.ground_version,
            });
        }
        for reading in &batch.readings {
            fold::take_reading(&mut self.live, reading);
        }
        for change in &batch.changes {
            fold::take_change(&mut self.live, change, batch.at);
        }
        self.live.batch = batch.number;
        if !batch.is_audit_only() {
            self.live.at = batch.at;
        }
        Ok(())
    }

    /// SHA-256 over the live state; equal for equal histories.
    #[must_use]
    pub fn state_hash(&self) -> String {
        let mut hash = Sha256::new();
        // Maps are ordered and floats print their shortest exact form, so the text is canonical.
        let text = serde_json::to_vec(&self.live).unwrap_or_default();
        hash.update(text);
        super::hash::hex(&hash.finalize())
    }
}
