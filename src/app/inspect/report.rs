//! What is counted in a city, and how well its records hang together.

mod extent;
mod hash;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::access;
use crate::app::coverage_table::cameras_without_direction;
use crate::app::key::KeyState;
use crate::base::Timestamp;
use crate::model::query::{Suppressed, is_small};
use crate::model::{AreaLevel, Ground, MapQuality, RecordFault, lods_of, resident_faults};
use crate::store::HistoryEntry;

pub(super) use extent::Terrain;
use extent::extent;
use hash::content_hash;

/// The runs that wrote a city, oldest first, and which of them tell of people.
pub(super) struct Runs {
    pub list: Vec<HistoryEntry>,
    pub of_people: Vec<bool>,
}

/// Everything `inspect` tells; the JSON document is this.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    pub file: String,
    pub name_zh: String,
    pub name_en: String,
    pub crs: String,
    pub vertical_datum: String,
    pub utc_offset_minutes: i32,
    pub synthetic: bool,
    pub locked: bool,
    /// What there is of the city's key; `None` of a city that never had one.
    pub key: Option<KeyState>,
    pub ground_version: u64,
    /// West, south, east, north in metres; of the administrative areas when there is nothing else.
    pub extent: Option<[f64; 4]>,
    #[serde(flatten)]
    pub counts: Counts,
    pub links: Links,
    pub quality: Quality,
    pub imports: Vec<Import>,
    pub content_hash: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_hash_note: Option<&'static str>,
}

/// How many there are.
#[derive(Debug, Serialize)]
pub(super) struct Counts {
    pub buildings: usize,
    /// Buildings by level of detail; those with an outline only under `none`.
    pub lods: BTreeMap<String, usize>,
    pub roads: usize,
    pub water_areas: usize,
    pub ground_areas: usize,
    pub plants: usize,
    pub places: usize,
    pub objects: usize,
    /// Other objects by type and level of detail.
    pub object_types: BTreeMap<String, BTreeMap<String, usize>>,
    pub terrain: Terrain,
    pub areas: usize,
    pub grids: usize,
    /// Colours and pictures that faces name.
    pub materials: usize,
    pub textures: usize,
    pub dwellings: usize,
    /// Households, residents and vehicles are told together, or kept back where one of them is few.
    pub households: Suppressed,
    pub residents: Suppressed,
    pub vehicles: Suppressed,
    pub devices: usize,
    pub device_kinds: BTreeMap<String, usize>,
    pub cameras: usize,
    pub facilities: usize,
    pub responders: usize,
}

/// Which share of the records is linked to another that is there; `None` without records, and of
/// people where those that are, or are not, would be few.
#[derive(Debug, Serialize)]
pub(super) struct Links {
    pub residents_with_dwelling: Option<f64>,
    pub residents_with_household: Option<f64>,
    pub households_with_dwelling: Option<f64>,
    pub dwellings_with_building: Option<f64>,
    pub vehicles_with_household: Option<f64>,
    pub devices_with_building: Option<f64>,
    pub buildings_with_area: Option<f64>,
}

/// How good the records are.
#[derive(Debug, Serialize)]
pub(super) struct Quality {
    /// The day on which records were judged.
    pub as_of: String,
    /// Share; `None` while locked, without residents, or when it would tell of too few.
    pub residents_with_fault: Option<f64>,
    /// Residents by fault, a resident under each of theirs; a small count is `None`, and all are
    /// while locked.
    pub resident_faults: BTreeMap<&'static str, Option<u64>>,
    /// Counts of residents below this are not shown.
    pub suppressed_below: u64,
    pub height_origin: BTreeMap<&'static str, usize>,
    pub buildings_with_repairs: usize,
    /// Records of registers that name a building which is not there.
    pub left_without_building: BTreeMap<&'static str, usize>,
    /// Cameras of which nobody knows where they look.
    pub cameras_without_direction: usize,
    /// The buildings against each other.
    pub base_map: MapQuality,
}

/// What a run wrote the city from: a file, a seed, or an undo.
#[derive(Debug, Serialize)]
pub(super) struct Import {
    /// For `import --undo`.
    pub id: String,
    /// The version of the ground that the run made; files that were read together share it.
    pub ground_version: u64,
    /// The version of the undo that took it back.
    pub undone_by: Option<u64>,
    pub action: String,
    pub file: String,
    pub sha256: String,
    /// In the city's local time.
    pub time: String,
    pub crs: String,
    /// Whom pictures must name as long as the run stands.
    pub attribution: Option<String>,
    /// Of runs that wrote of people this, and the counts of warnings, are told in steps: beside the
    /// counts of faults exact ones would leave a few.
    pub warning_count: Suppressed,
    pub warnings: Vec<Warned>,
}

/// What a run warned of.
#[derive(Debug, Serialize)]
pub(super) struct Warned {
    pub reason: String,
    pub count: Suppressed,
    /// Where, in the source; nothing of runs that wrote of people.
    pub places: Vec<String>,
}

impl Report {
    /// Counts and judges a city.
    pub fn of(
        file: &str,
        ground: &Ground,
        runs: &Runs,
        below: usize,
        key: Option<KeyState>,
        now: Timestamp,
    ) -> Self {
        let info = &ground.info;
        let hash = content_hash(ground);
        let locked = hash.is_none();
        Self {
            file: file.to_owned(),
            name_zh: info.name_zh.clone(),
            name_en: info.name_en.clone(),
            crs: info.crs.clone(),
            vertical_datum: info.vertical_datum.clone(),
            utc_offset_minutes: info.utc_offset_minutes,
            synthetic: info.synthetic,
            locked,
            key,
            ground_version: ground.version,
            extent: extent(ground),
            counts: Counts::of(ground, below),
            links: Links::of(ground, below),
            quality: Quality::of(ground, &as_of(ground, &runs.list, now), below),
            imports: runs.told(info.utc_offset_minutes, below),
            content_hash: hash,
            content_hash_note: locked.then_some(
                "personal values are locked; name the city's key with --key-file to hash them",
            ),
        }
    }
}

/// A made-up city does not grow stale: it is judged on the day it was made.
fn as_of(ground: &Ground, imports: &[HistoryEntry], now: Timestamp) -> String {
    let newest = imports.iter().map(|one| one.record.time).max();
    let day = newest.filter(|_| ground.info.synthetic).unwrap_or(now);
    day.local(ground.info.utc_offset_minutes, "%Y-%m-%d")
}

impl Runs {
    fn told(&self, utc_offset_minutes: i32, below: usize) -> Vec<Import> {
        let each = self.list.iter().zip(&self.of_people);
        let told = each.map(|(one, of_people)| {
            let below = of_people.then_some(below);
            Import::of(one, utc_offset_minutes, below)
        });
        told.collect()
    }
}

impl Counts {
    fn of(ground: &Ground, below: usize) -> Self {
        let people = [
            ground.households.len(),
            ground.residents.len(),
            ground.vehicles.len(),
        ];
        let is_kept_back = people.iter().any(|count| is_small(*count, below));
        let [households, residents, vehicles] =
            people.map(|count| Suppressed::of(count, is_kept_back && count > 0));
        let mut lods = BTreeMap::new();
        for building in ground.buildings.values() {
            for lod in lods_of(&building.models) {
                *lods.entry(lod.to_owned()).or_default() += 1;
            }
        }
        let mut device_kinds = BTreeMap::new();
        for device in ground.devices.values() {
            *device_kinds.entry(device.kind.to_string()).or_default() += 1;
        }
        let is_grid = |level| level == AreaLevel::Grid;
        Self {
            buildings: ground.buildings.len(),
            lods,
            roads: ground.roads.len(),
            water_areas: ground.water.len(),
            ground_areas: ground.ground_areas.len(),
            plants: ground.plants.len(),
            places: ground.places.len(),
            objects: ground.objects.len(),
            object_types: object_types(ground),
            terrain: Terrain::of(ground),
            areas: ground.areas.len(),
            grids: ground
                .areas
                .values()
                .filter(|one| is_grid(one.level))
                .count(),
            materials: ground.materials.len(),
            textures: ground.textures.len(),
            dwellings: ground.dwellings.len(),
            households,
            residents,
            vehicles,
            devices: ground.devices.len(),
            device_kinds,
            cameras: ground.cameras.len(),
            facilities: ground.facilities.len(),
            responders: ground.responders.len(),
        }
    }
}

fn object_types(ground: &Ground) -> BTreeMap<String, BTreeMap<String, usize>> {
    let mut types = BTreeMap::<String, BTreeMap<String, usize>>::new();
    for object in ground.objects.values() {
        let lods = types.entry(object.kind.clone()).or_default();
        for lod in lods_of(&object.models) {
            *lods.entry(lod.to_owned()).or_default() += 1;
        }
    }
    types
}

impl Links {
    fn of(ground: &Ground, below: usize) -> Self {
        let dwelling = |id| ground.dwellings.contains_key(&id);
        let household = |id| ground.households.contains_key(&id);
        let building = |id| ground.buildings.contains_key(&id);
        let residents = || ground.residents.values();
        let households = ground.households.values();
        let dwellings = ground.dwellings.values();
        let vehicles = ground.vehicles.values();
        let devices = ground.devices.values();
        let buildings = ground.buildings.values();
        let area = |id| ground.areas.contains_key(&id);
        Self {
            residents_with_dwelling: share(
                residents().map(|it| it.dwelling.is_some_and(dwelling)),
                below,
            ),
            residents_with_household: share(
                residents().map(|it| it.household.is_some_and(household)),
                below,
            ),
            households_with_dwelling: share(
                households.map(|it| it.dwelling.is_some_and(dwelling)),
                below,
            ),
            dwellings_with_building: share(dwellings.map(|it| building(it.building)), 0),
            vehicles_with_household: share(
                vehicles.map(|it| it.household.is_some_and(household)),
                below,
            ),
            devices_with_building: share(devices.map(|it| it.building.is_some_and(building)), 0),
            buildings_with_area: share(buildings.map(|it| it.area.is_some_and(area)), 0),
        }
    }
}

/// The share of those that are linked; `None` where those that are, or are not, are fewer than
/// `below`.
fn share(linked: impl Iterator<Item = bool>, below: usize) -> Option<f64> {
    let (mut all, mut yes) = (0, 0);
    for one in linked {
        all += 1;
        yes += usize::from(one);
    }
    share_of(yes, all, below)
}

fn share_of(some: usize, all: usize, below: usize) -> Option<f64> {
    let is_told = all > 0 && !is_small(some, below) && !is_small(all - some, below);
    is_told.then(|| some as f64 / all as f64)
}

impl Quality {
    fn of(ground: &Ground, as_of: &str, below: usize) -> Self {
        let base_map = MapQuality::of(ground.buildings.values(), ground.areas.values());
        let faults = resident_faults(ground, as_of, &access::for_statistics());
        let with_fault = faults.as_ref().map(BTreeMap::len);
        let residents = ground.residents.len();
        let of_kind = |kind| {
            let faults = faults.as_ref()?;
            let count = faults
                .values()
                .filter(|found| found.contains(&kind))
                .count();
            let is_told = !is_small(count, below) && !is_small(residents - count, below);
            is_told.then_some(count as u64)
        };
        Self {
            as_of: as_of.to_owned(),
            residents_with_fault: with_fault.and_then(|some| share_of(some, residents, below)),
            resident_faults: FAULTS.map(|(kind, name)| (name, of_kind(kind))).into(),
            suppressed_below: below as u64,
            cameras_without_direction: cameras_without_direction(ground),
            height_origin: base_map.height_origins.clone(),
            buildings_with_repairs: ground
                .buildings
                .values()
                .filter(|one| !one.repairs.is_empty())
                .count(),
            left_without_building: left_without_building(ground),
            base_map,
        }
    }
}

/// What names a building that is not in the city: a newer base map no longer has it.
fn left_without_building(ground: &Ground) -> BTreeMap<&'static str, usize> {
    let is_missing = |id| !ground.buildings.contains_key(&id);
    let dwellings = ground.dwellings.values();
    let dwellings = dwellings.filter(|one| is_missing(one.building)).count();
    let devices = ground.devices.values();
    let devices = devices
        .filter(|one| one.building.is_some_and(is_missing))
        .count();
    [("dwelling", dwellings), ("device", devices)].into()
}

/// The faults and their names in the document.
const FAULTS: [(RecordFault, &str); 4] = [
    (RecordFault::Stale, "stale"),
    (RecordFault::Contradictory, "contradictory"),
    (RecordFault::UnmatchedAddress, "unmatched_address"),
    (RecordFault::Duplicate, "duplicate"),
];

impl Import {
    /// Counts of a run that wrote of people in steps, from `below` on.
    fn of(written: &HistoryEntry, utc_offset_minutes: i32, below: Option<usize>) -> Self {
        let record = &written.record;
        let told = |count: u64| {
            let count = usize::try_from(count).unwrap_or(usize::MAX);
            below.map_or(Suppressed::Told(count), |below| {
                Suppressed::in_steps(count, below)
            })
        };
        let warned = record.warnings.list().iter().map(|warning| Warned {
            reason: warning.reason.clone(),
            count: told(warning.count),
            places: match below {
                Some(_) => Vec::new(),
                None => warning.places.clone(),
            },
        });
        Self {
            ground_version: written.version,
            undone_by: written.undone_by,
            id: record.id.to_string(),
            action: record.action.clone(),
            file: record.told(),
            sha256: record.sha256.clone(),
            time: record
                .time
                .local(utc_offset_minutes, "%Y-%m-%dT%H:%M:%S%:z"),
            crs: record.crs.clone(),
            attribution: record.attribution.clone(),
            warning_count: told(record.warnings.count()),
            warnings: warned.collect(),
        }
    }
}
