//! A city of two grids with one planted person each.

use std::path::{Path, PathBuf};

use geo_types::polygon;
use pingjiang::base::{
    AreaId, BuildingId, CameraId, DeviceId, DwellingId, EventId, HouseholdId, ImportId,
    PersonalField, ResidentId, ResponderId, RoadId, Sealed, SealedList, Timestamp, VehicleId,
    Warnings,
};
use pingjiang::model::*;
use pingjiang::store::{CityFile, Vault};

/// What is planted in one grid: a value a field, none of them part of another or of a mask.
pub struct Planted {
    pub grid: &'static str,
    pub values: &'static [(PersonalField, &'static str)],
}

pub const EAST: Planted = Planted {
    grid: "东网格",
    values: &[
        (PersonalField::Name, "鬱龘东"),
        (PersonalField::Phone, "15499990011"),
        (PersonalField::Identity, "000000193107130015"),
        (PersonalField::BirthDate, "1931-07-13"),
        (PersonalField::Door, "九八七室"),
        (PersonalField::Label, "planted_east"),
        (PersonalField::Contact, "龗联东"),
        (PersonalField::Plate, "测E99871"),
        (PersonalField::Report, "麤报东"),
        (PersonalField::Stream, "planted:east@"),
    ],
};

pub const WEST: Planted = Planted {
    grid: "西网格",
    values: &[
        (PersonalField::Name, "鬱龘西"),
        (PersonalField::Phone, "15488880022"),
        (PersonalField::Identity, "000000193208140023"),
        (PersonalField::BirthDate, "1932-08-14"),
        (PersonalField::Door, "六五四室"),
        (PersonalField::Label, "planted_west"),
        (PersonalField::Contact, "龗联西"),
        (PersonalField::Plate, "测E88762"),
        (PersonalField::Report, "麤报西"),
        (PersonalField::Stream, "planted:west@"),
    ],
};

impl Planted {
    pub fn value(&self, field: PersonalField) -> &'static str {
        let found = self.values.iter().find(|(one, _)| *one == field);
        found.expect("every field is planted").1
    }

    fn sealed(&self, field: PersonalField) -> Sealed {
        Sealed::new(self.value(field))
    }

    fn source(&self, key: &str) -> Source {
        Source {
            dataset: "test".into(),
            key: format!("{} {key}", self.grid),
            import: ImportId::from_source("test", "1"),
        }
    }

    /// The records of the grid, its house standing at `x`.
    fn records(&self, x: f64) -> Vec<Entity> {
        let id = self.grid;
        let y = 3_465_000.0;
        let area = AreaId::from_source("test", id);
        let building = BuildingId::from_source("test", id);
        let dwelling = DwellingId::from_source("test", id);
        let household = HouseholdId::from_source("test", id);
        let contact = Contact {
            name: self.value(PersonalField::Contact).into(),
            relation: "女儿".into(),
            phone: "15400000000".into(),
        };
        let mut all = self.places(x, y, area, building);
        all.push(Entity::from(Dwelling {
            id: dwelling,
            source: self.source("home"),
            building,
            floor: 1,
            door: self.sealed(PersonalField::Door),
            usage: Usage::Residential,
            area_m2: 50.0,
            address: None,
        }));
        all.push(Entity::from(Household {
            id: household,
            source: self.source("household"),
            dwelling: Some(dwelling),
            address: self.sealed(PersonalField::Door),
        }));
        all.push(Entity::from(Resident {
            id: ResidentId::from_source("test", id),
            source: self.source("resident"),
            household: Some(household),
            dwelling: Some(dwelling),
            name: self.sealed(PersonalField::Name),
            identity_no: self.sealed(PersonalField::Identity),
            birth_date: self.sealed(PersonalField::BirthDate),
            phone: Some(self.sealed(PersonalField::Phone)),
            labels: SealedList::new([self.value(PersonalField::Label)]),
            address: self.sealed(PersonalField::Door),
            verified_on: "2019-01-01".into(),
            traits: to_sealed(&Traits::from([(
                "income".to_owned(),
                self.value(PersonalField::Label).to_owned(),
            )])),
            contacts: to_sealed(&vec![contact]),
            further: None,
        }));
        all.push(Entity::from(Vehicle {
            id: VehicleId::from_source("test", id),
            source: self.source("car"),
            kind: VehicleKind::Car,
            plate: self.sealed(PersonalField::Plate),
            household: Some(household),
            position: [x, y - 3.0, 3.0],
        }));
        all.push(Entity::from(Event {
            id: EventId::from_source("test", id),
            source: self.source("event"),
            kind: EventKind::Order,
            group: ServiceGroup::HouseholdChores,
            title: Some(format!("龖题{id}")),
            position: Some([x, y, 3.0]),
            building: Some(building),
            dwelling: Some(dwelling),
            area: Some(area),
            reported_at: "2026-05-01T08:00:00+08:00".parse().unwrap(),
            due_at: None,
            status: EventStatus::Open,
            reporter: Some(self.sealed(PersonalField::Report)),
            text: Some(self.sealed(PersonalField::Report)),
            home: OfHome::Yes,
        }));
        all
    }

    /// The grid, its house, what hangs on it and who works there.
    fn places(&self, x: f64, y: f64, area: AreaId, building: BuildingId) -> Vec<Entity> {
        let id = self.grid;
        vec![
            Entity::from(AdminArea {
                id: area,
                source: self.source("area"),
                level: AreaLevel::Grid,
                code: None,
                name: id.into(),
                parent: None,
                polygon: Some(polygon![
                    (x: x - 20.0, y: y - 50.0), (x: x + 30.0, y: y - 50.0),
                    (x: x + 30.0, y: y + 50.0), (x: x - 20.0, y: y + 50.0)
                ]),
            }),
            Entity::from(Building {
                id: building,
                source: self.source("house"),
                name: None,
                address: Some(format!("样街 {id} 1号")),
                footprint: polygon![
                    (x: x, y: y), (x: x + 10.0, y: y), (x: x + 10.0, y: y + 8.0), (x: x, y: y + 8.0)
                ],
                ground_m: 3.0,
                height_m: 6.0,
                height_origin: HeightOrigin::Measured,
                storeys: 2,
                structure: Structure::Masonry,
                year: None,
                usage: Usage::Residential,
                protection: Protection::None,
                roof: RoofStyle::Derived,
                party_walls: vec![],
                area: Some(area),
                models: vec![],
                repairs: vec![],
                attributes: Default::default(),
            }),
            Entity::from(Device {
                id: DeviceId::from_source("test", id),
                source: self.source("smoke"),
                kind: KindId::new("smoke"),
                position: [x + 2.0, y + 2.0, 5.0],
                building: Some(building),
                dwelling: Some(DwellingId::from_source("test", id)),
                interval_s: None,
                home: pingjiang::model::DeviceHome::Known,
                name: None,
            }),
            Entity::from(Camera {
                id: CameraId::from_source("test", id),
                source: self.source("camera"),
                name: "样街口".into(),
                position: [x + 5.0, y - 20.0, 5.0],
                heading_deg: 0.0,
                pitch_deg: -10.0,
                fov_deg: 90.0,
                range_m: 80.0,
                owner: CameraOwner::Community,
                gb28181_id: "00000000001320000001".into(),
                kind: Some(CameraKind::Bullet),
                stream: Some(self.sealed(PersonalField::Stream)),
            }),
            Entity::from(Responder {
                id: ResponderId::from_source("test", id),
                source: self.source("worker"),
                kind: ResponderKind::GridWorker,
                title: "网格员".into(),
                name: Some(self.sealed(PersonalField::Name)),
                area: Some(area),
                position: [x + 1.0, y - 5.0, 3.0],
                duty: None,
                phone: Some(self.sealed(PersonalField::Phone)),
            }),
            Entity::from(Road {
                id: RoadId::from_source("test", id),
                source: self.source("road"),
                name: Some("样街".into()),
                kind: RoadKind::Lane,
                line: vec![(x - 20.0, y - 5.0), (x + 30.0, y - 5.0)].into(),
                width_m: 4.0,
                surfaces: vec![],
            }),
        ]
    }
}

/// The label of somebody who is linked to no home.
pub const STRAY_LABEL: &str = "astray";

fn stray() -> Resident {
    Resident {
        id: ResidentId::from_source("test", "stray"),
        source: EAST.source("stray"),
        household: None,
        dwelling: None,
        name: Sealed::new("吴名"),
        identity_no: Sealed::new(""),
        birth_date: Sealed::new("1970-01-01"),
        phone: None,
        labels: SealedList::new([STRAY_LABEL]),
        address: Sealed::new("某处"),
        verified_on: "2019-01-01".into(),
        traits: None,
        contacts: None,
        further: None,
    }
}

/// A city of the two grids and of somebody without a home, with its key beside it.
pub fn city(folder: &Path) -> PathBuf {
    let path = folder.join("city.gpkg");
    let vault = Vault::create_beside(&path).unwrap();
    let info = CityInfo {
        name_zh: "样城".into(),
        name_en: "Sample".into(),
        crs: "EPSG:4549".into(),
        vertical_datum: "1985".into(),
        utc_offset_minutes: 480,
        synthetic: true,
    };
    let mut put = EAST.records(558_000.0);
    put.extend(WEST.records(558_050.0));
    put.push(Entity::from(stray()));
    let edit = GroundEdit {
        records: vec![ImportRecord {
            id: ImportId::from_source("test", "1"),
            action: "import".into(),
            file: "test".into(),
            sha256: String::new(),
            time: Timestamp::from_millis(1_777_600_000_000),
            crs: "EPSG:4549".into(),
            attribution: None,
            warnings: Warnings::default(),
        }],
        put,
        remove: vec![],
    };
    CityFile::create_with(&path, &info, Some(&vault), &edit).unwrap();
    path
}
