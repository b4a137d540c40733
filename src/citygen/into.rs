//! Synthetic devices and cameras for a city that was imported: on its buildings and roads.
//! Used by `app::generate`. Never changes what the city has; ids follow city, seed and number.

use geo_types::LineString;

use crate::base::{CameraId, DeviceId, ImportId, Timestamp};
use crate::model::{
    Building, Camera, CameraOwner, Device, Entity, Ground, GroundEdit, KindId, KindTable, Road,
    RoadKind, Source, Structure, WaterKind,
};

use super::cameras::gb28181_id;
use super::frame::millimetres;
use super::seed::{Seed, Stream};
use super::spots::{self, Spots};

/// Why no devices can be spread over a city.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IntoError {
    /// There is nothing to mount a device on.
    #[error("the city has no buildings to put devices on; import footprints first")]
    NoBuildings,
}

/// Shares of the kinds, in a thousand; a kind that is not named gets as much as `crack`.
const SHARES: [(&str, f64); 13] = [
    ("water_meter", 250.0),
    ("gas_leak", 160.0),
    ("smoke", 210.0),
    ("tilt", 60.0),
    ("settlement", 60.0),
    ("crack", 25.0),
    ("help_button", 90.0),
    ("water_level", 5.0),
    ("air_quality", 8.0),
    ("door", 62.0),
    ("electric_load", 40.0),
    ("manhole_cover", 20.0),
    ("parking", 10.0),
];

/// Centre code of camera ids in a city whose own is not known: no county has the number 00.
const NO_CENTRE: &str = "00000000";

/// Spreads exactly so many devices of all kinds, and cameras, over the buildings of a city.
///
/// # Errors
/// [`IntoError::NoBuildings`].
pub fn devices_into(
    ground: &Ground,
    kinds: &KindTable,
    devices: usize,
    cameras: usize,
    seed: u64,
) -> Result<Vec<Entity>, IntoError> {
    let buildings: Vec<&Building> = ground.buildings.values().collect();
    if buildings.is_empty() {
        return Err(IntoError::NoBuildings);
    }
    let roads: Vec<&Road> = ground
        .roads
        .values()
        .filter(|road| road.line.0.len() > 1)
        .collect();
    let mut spread = Spread {
        ground,
        lived_in: buildings
            .iter()
            .copied()
            .filter(|one| spots::lived_in(one))
            .collect(),
        weak: buildings
            .iter()
            .copied()
            .filter(|one| is_weak(one))
            .collect(),
        buildings,
        roads,
        spots: Spots::default(),
        dataset: format!("citygen:{}:{seed}", ground.info.name_en),
        import: ImportId::from_source("citygen", &into_title(ground, seed)),
        seed: Seed::new(&ground.info.name_en, seed),
    };
    let mut out = Vec::with_capacity(devices + cameras);
    for (kind, count) in counts(kinds, devices) {
        let mut stream = spread.seed.stream(&format!("into/{kind}"));
        for number in 0..count {
            out.push(Entity::from(spread.device(&kind, number, &mut stream)));
        }
    }
    let mut stream = spread.seed.stream("into/cameras");
    for number in 0..cameras {
        out.push(Entity::from(spread.camera(number, &mut stream)));
    }
    Ok(out)
}

/// The edit that writes devices of [`devices_into`] at the caller's time.
#[must_use]
pub fn devices_edit(
    ground: &Ground,
    entities: Vec<Entity>,
    seed: u64,
    time: Timestamp,
) -> GroundEdit {
    GroundEdit {
        records: vec![super::record(
            &into_title(ground, seed),
            &ground.info.crs,
            time,
        )],
        put: entities,
        remove: Vec::new(),
    }
}

fn into_title(ground: &Ground, seed: u64) -> String {
    format!("devices on {} seed {seed}", ground.info.name_en)
}

fn is_weak(building: &Building) -> bool {
    let old = building.year.is_some_and(|year| year < 1993);
    let low = building.year.is_none() && building.storeys <= 3;
    old || low
        || matches!(
            building.structure,
            Structure::TimberBrick | Structure::Masonry
        )
}

/// So many of each kind: exactly `total` in all, and one of each as long as there are enough.
fn counts(table: &KindTable, total: usize) -> Vec<(KindId, usize)> {
    let share = |kind: &KindId| {
        let known = SHARES.iter().find(|(name, _)| *name == kind.as_str());
        known.map_or(25.0, |(_, share)| *share)
    };
    let kinds: Vec<KindId> = table.all().iter().map(|kind| kind.id.clone()).collect();
    let sum: f64 = kinds.iter().map(share).sum();
    let mut list: Vec<(KindId, usize)> = kinds
        .into_iter()
        .map(|kind| {
            let count = (total as f64 * share(&kind) / sum) as usize;
            (kind, count)
        })
        .collect();
    let mut left = total - list.iter().map(|(_, count)| count).sum::<usize>();
    // What rounding left goes to the rarest kinds, so that every kind is there if it can be.
    while left > 0 {
        let Some(rarest) = list.iter_mut().min_by_key(|(_, count)| *count) else {
            break;
        };
        rarest.1 += 1;
        left -= 1;
    }
    list
}

struct Spread<'a> {
    ground: &'a Ground,
    buildings: Vec<&'a Building>,
    lived_in: Vec<&'a Building>,
    weak: Vec<&'a Building>,
    roads: Vec<&'a Road>,
    spots: Spots,
    dataset: String,
    import: ImportId,
    seed: Seed,
}

impl<'a> Spread<'a> {
    fn source(&self, key: &str) -> Source {
        Source {
            dataset: self.dataset.clone(),
            key: key.to_owned(),
            import: self.import,
        }
    }

    fn device(&mut self, kind: &KindId, number: usize, stream: &mut Stream) -> Device {
        let key = format!("{kind}-{:05}", number + 1);
        let (position, building) = self.mount(kind.as_str(), stream);
        Device {
            id: DeviceId::from_source(&self.dataset, &key),
            source: self.source(&key),
            kind: kind.clone(),
            position: self.spots.claim(position),
            building: building.map(|building| building.id),
            dwelling: None,
            interval_s: None,
            home: crate::model::DeviceHome::Known,
            name: None,
        }
    }

    /// Where a device of this kind hangs.
    fn mount(&self, kind: &str, stream: &mut Stream) -> ([f64; 3], Option<&'a Building>) {
        let outdoors = matches!(
            kind,
            "manhole_cover" | "parking" | "air_quality" | "water_level"
        );
        if outdoors && let Some(at) = self.outdoors(kind, stream) {
            return (at, None);
        }
        let pool = match kind {
            "tilt" | "settlement" | "crack" => &self.weak,
            _ => &self.lived_in,
        };
        let pool = if pool.is_empty() {
            &self.buildings
        } else {
            pool
        };
        let building = pool[stream.index(pool.len())];
        let eaves_m = spots::eaves_m(building).max(2.2);
        let ([x, y], height_m) = match kind {
            "tilt" => (spots::corner(building, stream), eaves_m - 0.25),
            "settlement" => (spots::corner(building, stream), 0.35),
            "crack" => (
                spots::wall(building, stream),
                stream.between(0.8, eaves_m - 0.6),
            ),
            "door" => (spots::wall(building, stream), 1.4),
            "water_meter" | "gas_leak" | "smoke" | "help_button" => {
                let floors = i32::from(building.storeys.max(1));
                let floor = stream.whole(1, floors) as i16;
                let above_m = match kind {
                    "smoke" => 2.4,
                    "gas_leak" => 2.1,
                    "help_button" => 0.9,
                    _ => 0.6,
                };
                let floor_m = spots::floor_m(building, floor);
                (spots::inside(building, stream), floor_m + above_m)
            }
            _ => (spots::wall(building, stream), 1.7),
        };
        ([x, y, building.ground_m + height_m], Some(building))
    }

    /// A place on a road or at the water; `None` when the city has none.
    fn outdoors(&self, kind: &str, stream: &mut Stream) -> Option<[f64; 3]> {
        let ground_m = self.buildings.first()?.ground_m;
        if kind == "water_level" {
            let water: Vec<_> = self
                .ground
                .water
                .values()
                .filter(|w| w.kind != WaterKind::Pond)
                .collect();
            let bank = water.get(stream.index(water.len()))?;
            let [x, y, _, _] = along(bank.polygon.exterior(), stream)?;
            return Some([x, y, bank.level_m.max(ground_m) + 0.3]);
        }
        let road = self.roads.get(stream.index(self.roads.len()))?;
        let [x, y, east, north] = along(&road.line, stream)?;
        let (aside_m, height_m) = match kind {
            "manhole_cover" => (0.0, 0.02),
            "air_quality" => (road.width_m / 2.0, 3.2),
            _ => ((road.width_m / 2.0 - 1.1).max(0.0), 0.05),
        };
        Some([x - north * aside_m, y + east * aside_m, ground_m + height_m])
    }

    fn camera(&mut self, number: usize, stream: &mut Stream) -> Camera {
        let key = format!("camera-{:05}", number + 1);
        let (position, heading_deg, name) = self.post(number, stream);
        let owners = [
            CameraOwner::Police,
            CameraOwner::CityManagement,
            CameraOwner::Community,
        ];
        Camera {
            id: CameraId::from_source(&self.dataset, &key),
            source: self.source(&key),
            name,
            position: self.spots.claim(position),
            heading_deg: millimetres(heading_deg),
            pitch_deg: millimetres(stream.between(-24.0, -12.0)),
            fov_deg: [62.0, 78.0, 92.0][stream.index(3)],
            range_m: [25.0, 35.0, 50.0][stream.index(3)],
            owner: owners[stream.weighted(&[0.5, 0.3, 0.2])],
            gb28181_id: gb28181_id(NO_CENTRE, number + 1),
            kind: None,
            stream: None,
        }
    }

    /// Along a road when there are roads, otherwise on a wall looking away from the house.
    fn post(&self, number: usize, stream: &mut Stream) -> ([f64; 3], f64, String) {
        let height_m = stream.between(4.0, 6.0);
        let building = self.buildings[stream.index(self.buildings.len())];
        let walked = |road: &Road| road.kind != RoadKind::Path;
        let road = self
            .roads
            .get(stream.index(self.roads.len()))
            .filter(|road| walked(road));
        if let Some(road) = road
            && let Some([x, y, east, north]) = along(&road.line, stream)
        {
            let aside_m = (road.width_m / 2.0 - 0.4).max(0.0);
            let at = [
                x - north * aside_m,
                y + east * aside_m,
                building.ground_m + height_m,
            ];
            let name = road
                .name
                .clone()
                .unwrap_or_else(|| format!("Camera {}", number + 1));
            return (at, east.atan2(north).to_degrees().rem_euclid(360.0), name);
        }
        let [x, y] = spots::wall(building, stream);
        let middle = spots::inside(building, stream);
        let away = (x - middle[0]).atan2(y - middle[1]).to_degrees();
        let at = [x, y, building.ground_m + height_m];
        (at, away.rem_euclid(360.0), format!("Camera {}", number + 1))
    }
}

/// A point on a line and the direction there: x, y, east, north. Long pieces more often.
fn along(line: &LineString<f64>, stream: &mut Stream) -> Option<[f64; 4]> {
    let length = |k: usize| {
        let (a, b) = (line.0[k], line.0[k + 1]);
        (b.x - a.x).hypot(b.y - a.y)
    };
    let lengths: Vec<f64> = (0..line.0.len().checked_sub(1)?).map(length).collect();
    let piece = stream.weighted(&lengths);
    let length_m = lengths
        .get(piece)
        .copied()
        .filter(|length_m| *length_m > 0.0)?;
    let (a, b) = (line.0[piece], line.0[piece + 1]);
    let [east, north] = [(b.x - a.x) / length_m, (b.y - a.y) / length_m];
    let share = stream.unit();
    Some([
        a.x + (b.x - a.x) * share,
        a.y + (b.y - a.y) * share,
        east,
        north,
    ])
}
