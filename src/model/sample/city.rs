//! A small city made by hand, for tests of every floor above and, by path, for `tests/live`.

use geo_types::polygon;

use crate::base::{BuildingId, DeviceId, ImportId, Timestamp};

use crate::model::{
    Building, CityInfo, Device, Ground, HeightOrigin, KindId, KindTable, Protection, RoofStyle,
    Source, Structure, Usage,
};

/// 2026-05-01 08:00 in Suzhou.
pub(crate) const MORNING: Timestamp = Timestamp::from_millis(1_777_593_600_000);

pub(super) fn source(key: &str) -> Source {
    Source {
        dataset: "sample".to_owned(),
        key: key.to_owned(),
        import: ImportId::from_source("sample", "1"),
    }
}

/// The id of the `number`th device of a kind.
pub(crate) fn device_id(kind: &str, number: u32) -> DeviceId {
    DeviceId::from_source("sample", &format!("{kind} {number}"))
}

/// A city of four houses and `per_kind` devices of each standard kind.
pub(crate) fn city(per_kind: u32) -> Ground {
    let mut ground = Ground::new(CityInfo {
        name_zh: "样城".to_owned(),
        name_en: "Sample".to_owned(),
        crs: "EPSG:4549".to_owned(),
        vertical_datum: "1985".to_owned(),
        utc_offset_minutes: 480,
        synthetic: true,
    });
    ground.version = 1;
    for number in 0..4 {
        let house = house(number);
        ground.buildings.insert(house.id, house);
    }
    let houses: Vec<_> = ground.buildings.keys().copied().collect();
    for kind in KindTable::standard().all() {
        for number in 0..per_kind {
            let id = device_id(kind.id.as_str(), number);
            let device = Device {
                id,
                source: source(&format!("{} {number}", kind.id)),
                kind: KindId::new(kind.id.as_str()),
                position: [f64::from(number) * 10.0, 0.0, 3.0],
                building: Some(houses[number as usize % houses.len()]),
                dwelling: None,
                interval_s: None,
                home: crate::model::DeviceHome::Known,
                name: None,
            };
            ground.devices.insert(id, device);
        }
    }
    ground
}

fn house(number: u32) -> Building {
    let x = f64::from(number) * 12.0;
    Building {
        id: BuildingId::from_source("sample", &number.to_string()),
        source: source(&format!("house {number}")),
        name: None,
        address: None,
        footprint: polygon![(x: x, y: 0.0), (x: x + 10.0, y: 0.0), (x: x + 10.0, y: 8.0), (x: x, y: 8.0)],
        ground_m: 3.0,
        height_m: 6.0,
        height_origin: HeightOrigin::Storeys,
        storeys: 2,
        structure: Structure::TimberBrick,
        year: Some(1930),
        usage: Usage::Residential,
        protection: Protection::None,
        roof: RoofStyle::Derived,
        party_walls: Vec::new(),
        area: None,
        models: Vec::new(),
        repairs: Vec::new(),
        attributes: Default::default(),
    }
}
