//! A small city with every kind of record, with Chinese text, holes and empty options.

use geo_types::{LineString, Polygon, polygon};
use serde_json::json;

use crate::base::*;
use crate::model::*;
use crate::space::{Surface, SurfaceKind, Tin};

pub fn info() -> CityInfo {
    CityInfo {
        name_zh: "平江".into(),
        name_en: "Pingjiang".into(),
        crs: "EPSG:4549".into(),
        vertical_datum: "1985 国家高程基准".into(),
        utc_offset_minutes: 480,
        synthetic: true,
    }
}

pub fn record(run: &str) -> ImportRecord {
    let mut warnings = Warnings::default();
    warnings.note("feature 7", "没有几何");
    ImportRecord {
        id: ImportId::from_source("test", run),
        action: "import".into(),
        file: format!("{run}.geojson"),
        sha256: "ab".repeat(32),
        time: "2026-05-01T08:30:00.250+08:00".parse().unwrap(),
        crs: "EPSG:4549".into(),
        attribution: None,
        warnings,
    }
}

pub fn edit(run: &str, put: Vec<Entity>) -> GroundEdit {
    GroundEdit {
        records: vec![record(run)],
        put,
        remove: Vec::new(),
    }
}

fn source(key: &str) -> Source {
    Source {
        dataset: "样本".into(),
        key: key.into(),
        import: ImportId::from_source("test", "one"),
    }
}

fn courtyard(x: f64, y: f64) -> Polygon<f64> {
    let at = |east: f64, north: f64| (581_000.125 + x + east, 3_465_000.375 + y + north);
    Polygon::new(
        vec![at(0., 0.), at(12., 0.), at(12., 9.), at(0., 9.)].into(),
        vec![vec![at(4., 3.), at(4., 6.), at(8., 6.), at(8., 3.)].into()],
    )
}

fn models() -> Vec<LodModel> {
    let roof = Surface {
        kind: SurfaceKind::RoofSurface,
        rings: vec![
            vec![[0.1, 0.2, 3.0], [4.0, 0.2, 3.0], [4.0, 5.0, 4.5]],
            vec![[1.0, 1.0, 3.1], [1.0, 2.0, 3.2], [2.0, 2.0, 3.3]],
        ],
    };
    let ridge = Surface {
        kind: SurfaceKind::Ridge,
        rings: vec![vec![[0.0, 0.0, 9.0], [1.0, 0.0, 9.0], [1.0, 0.0, 9.5]]],
    };
    let model = |lod: &str, surfaces| LodModel {
        lod: lod.into(),
        surfaces,
        details: vec![],
    };
    let mut detailed = model("2.2", vec![roof, ridge.clone()]);
    detailed.details = vec![FaceDetail::default(), detail()];
    vec![model("1.2", vec![]), detailed, model("2.2", vec![ridge])]
}

fn detail() -> FaceDetail {
    let texture = FaceTexture {
        texture: TextureId::from_source("样本", "瓦"),
        uv: vec![vec![[0.0, 0.1], [1.0, 0.0], [0.5, 1.0]]],
    };
    FaceDetail {
        materials: [("白天".to_owned(), MaterialId::from_source("样本", "白墙"))].into(),
        textures: [(String::new(), texture)].into(),
        attributes: [("slope".to_owned(), json!(27.5))].into(),
    }
}

/// Terrain, a material and a texture.
fn appearance() -> Vec<Entity> {
    let corner = |x: f64, y: f64, z| [581_000.0 + x, 3_465_000.0 + y, z];
    let (a, b, c) = (corner(0., 0., 3.), corner(9., 0., 3.5), corner(0., 9., 2.5));
    vec![
        Entity::from(Terrain {
            id: TerrainId::from_source("样本", "地"),
            source: source("地"),
            tin: Tin::from_triangles(&[[a, b, c], [b, corner(9., 9., -1.), c]]),
        }),
        Entity::from(Material {
            id: MaterialId::from_source("样本", "白墙"),
            source: source("白墙"),
            name: "白墙".into(),
            ambient_intensity: Some(0.2),
            diffuse: Some(Rgb([0.9, 0.1 + 0.2, 0.0])),
            emissive: None,
            specular: Some(Rgb([1.0; 3])),
            shininess: None,
            transparency: Some(0.0),
            is_smooth: Some(false),
        }),
        Entity::from(Texture {
            id: TextureId::from_source("样本", "瓦"),
            source: source("瓦"),
            image: "appearances/瓦.png".into(),
            format: "PNG".into(),
            wrap_mode: Some("wrap".into()),
            texture_type: None,
            border_color: Some(Rgba([0.0, 0.5, 1.0, 0.25])),
        }),
    ]
}

pub fn house(key: &str, x: f64) -> Building {
    Building {
        id: BuildingId::from_source("样本", key),
        source: source(key),
        name: None,
        address: Some("平江路".into()),
        footprint: courtyard(x, 0.0),
        ground_m: 3.2,
        height_m: 0.1 + 0.2,
        height_origin: HeightOrigin::Storeys,
        storeys: 2,
        structure: Structure::TimberBrick,
        year: None,
        usage: Usage::Residential,
        protection: Protection::Controlled,
        roof: RoofStyle::Gable,
        party_walls: vec![],
        area: None,
        models: vec![],
        repairs: vec![],
        attributes: Default::default(),
    }
}

fn buildings() -> Vec<Entity> {
    let mut rich = house("rich", 30.0);
    rich.name = Some("耦园 \"载酒堂\"".into());
    rich.year = Some(1876);
    rich.party_walls = vec![house("plain", 0.0).id];
    rich.area = Some(AreaId::from_source("样本", "社区"));
    rich.models = models();
    rich.repairs = vec!["closed a ring".into()];
    rich.attributes = [
        ("层数".to_owned(), json!(2)),
        ("x".to_owned(), json!({"ü": [0.1, null, 1e-7, "文"]})),
    ]
    .into();
    let mut bare = house("bare", 60.0);
    bare.address = None;
    bare.footprint = Polygon::new(LineString(vec![]), vec![]);
    vec![house("plain", 0.0).into(), rich.into(), bare.into()]
}

/// Areas and ways.
fn places_to_go() -> Vec<Entity> {
    let area = |key: &str, level, polygon| AdminArea {
        id: AreaId::from_source("样本", key),
        source: source(key),
        level,
        code: Some("320508".into()),
        name: key.into(),
        parent: None,
        polygon,
    };
    let road = |key: &str, line: LineString<f64>, surfaces| Road {
        id: RoadId::from_source("样本", key),
        source: source(key),
        name: Some(key.into()),
        kind: RoadKind::Lane,
        line,
        width_m: 3.2,
        surfaces,
    };
    vec![
        area("社区", AreaLevel::Community, Some(courtyard(0., 50.))).into(),
        area("网格", AreaLevel::Grid, None).into(),
        road(
            "平江路",
            vec![(581_000.0, 3_465_000.0), (581_009.5, 3_465_100.0)].into(),
            vec![],
        )
        .into(),
        road(
            "桥",
            LineString(vec![]),
            vec![courtyard(0., 90.), courtyard(20., 90.)],
        )
        .into(),
    ]
}

/// Water, green, a place and an object.
fn sights() -> Vec<Entity> {
    vec![
        Entity::from(Water {
            id: WaterId::from_source("样本", "河"),
            source: source("河"),
            name: None,
            kind: WaterKind::Canal,
            polygon: polygon![(x: 581_020., y: 3_465_000.), (x: 581_030., y: 3_465_000.), (x: 581_030., y: 3_465_200.)],
            level_m: -1.5,
        }),
        Entity::from(GroundArea {
            id: GroundAreaId::from_source("样本", "园"),
            source: source("园"),
            name: Some("园".into()),
            kind: GroundAreaKind::Green,
            polygon: courtyard(200., 0.),
        }),
        Entity::from(Plant {
            id: PlantId::from_source("样本", "柳"),
            source: source("柳"),
            position: [581_000.1, 3_465_000.2, 3.3],
            height_m: 8.0,
            crown_m: 5.0,
        }),
        Entity::from(Place {
            id: PlaceId::from_source("样本", "相门"),
            source: source("相门"),
            name: "相门".into(),
            name_en: None,
            kind: PlaceKind::Gate,
            position: [581_500.0, 3_465_000.0, 12.0],
        }),
        Entity::from(CityObject {
            id: ObjectId::from_source("样本", "桥体"),
            source: source("桥体"),
            kind: "Bridge".into(),
            name: None,
            models: models(),
            attributes: Default::default(),
        }),
    ]
}

pub fn resident(key: &str, phone: Option<&str>) -> Resident {
    Resident {
        id: ResidentId::from_source("样本", key),
        source: source(key),
        household: Some(HouseholdId::from_source("样本", "户")),
        dwelling: None,
        name: Sealed::new("王小明"),
        identity_no: Sealed::new("320508194001011234"),
        birth_date: Sealed::new("1940-01-01"),
        phone: phone.map(Sealed::new),
        labels: SealedList::new(["elderly_alone", ""]),
        address: Sealed::new("平江路 77 号 302 室"),
        verified_on: "2025-11-03".into(),
        traits: Some(Sealed::new(r#"{"marital":"widowed"}"#)),
        contacts: phone.map(|_| Sealed::new("[]")),
        further: None,
    }
}

fn people() -> Vec<Entity> {
    let dwelling = DwellingId::from_source("样本", "套");
    let household = HouseholdId::from_source("样本", "户");
    vec![
        Entity::from(Dwelling {
            id: dwelling,
            source: source("套"),
            building: house("plain", 0.0).id,
            floor: -1,
            door: Sealed::new("302室"),
            usage: Usage::Residential,
            area_m2: 61.5,
            address: Some("白塔西路 5 号".into()),
        }),
        Entity::from(Household {
            id: household,
            source: source("户"),
            dwelling: Some(dwelling),
            address: Sealed::new("平江路 77 号"),
        }),
        resident("甲", Some("13912345678")).into(),
        resident("乙", None).into(),
        Entity::from(Vehicle {
            id: VehicleId::from_source("样本", "车"),
            source: source("车"),
            kind: VehicleKind::Ebike,
            plate: Sealed::new("苏E·A1234"),
            household: None,
            position: [581_001.0, 3_465_002.0, 3.0],
        }),
    ]
}

fn things() -> Vec<Entity> {
    vec![
        Entity::from(Device {
            id: DeviceId::from_source("样本", "烟感"),
            source: source("烟感"),
            kind: KindId::new("smoke"),
            position: [581_001.0, 3_465_002.0, 5.5],
            building: Some(house("plain", 0.0).id),
            dwelling: None,
            interval_s: Some(600),
            home: crate::model::DeviceHome::Known,
            name: Some("前厅".into()),
        }),
        Entity::from(Camera {
            id: CameraId::from_source("样本", "球机"),
            source: source("球机"),
            name: "平江路口".into(),
            position: [581_001.0, 3_465_002.0, 6.0],
            heading_deg: 271.5,
            pitch_deg: -12.0,
            fov_deg: 60.0,
            range_m: 80.0,
            owner: CameraOwner::Police,
            gb28181_id: "32050800001320000001".into(),
            kind: Some(CameraKind::Ptz),
            stream: Some(Sealed::new("rtsp://user:secret@10.0.0.7/1")),
        }),
        Entity::from(Facility {
            id: FacilityId::from_source("样本", "栓"),
            source: source("栓"),
            kind: FacilityKind::Hydrant,
            name: "消火栓".into(),
            position: [581_002.0, 3_465_002.0, 3.0],
            building: Some(house("plain", 0.0).id),
            phone: Some("0512-12345".into()),
        }),
        Entity::from(Responder {
            id: ResponderId::from_source("样本", "网格员"),
            source: source("网格员"),
            kind: ResponderKind::GridWorker,
            title: "网格 03".into(),
            name: Some(Sealed::new("李建国")),
            area: Some(AreaId::from_source("样本", "社区")),
            position: [581_003.0, 3_465_002.0, 3.0],
            duty: Some("消防 24h".into()),
            phone: Some(Sealed::new("13912345670")),
        }),
        event(),
    ]
}

fn event() -> Entity {
    Entity::from(Event {
        id: EventId::from_source("样本", "工单"),
        source: source("工单"),
        kind: EventKind::Order,
        group: ServiceGroup::HouseholdChores,
        title: Some("下水道堵塞".into()),
        position: Some([581_004.0, 3_465_002.0, 3.0]),
        building: Some(house("plain", 0.0).id),
        dwelling: Some(DwellingId::from_source("样本", "套")),
        area: Some(AreaId::from_source("样本", "社区")),
        reported_at: "2026-05-01T08:00:00.125+08:00".parse().unwrap(),
        due_at: None,
        status: EventStatus::Handling,
        reporter: Some(Sealed::new("王小明 13912345678")),
        text: Some(Sealed::new("厨房下水道堵塞")),
        home: OfHome::Yes,
    })
}

pub fn every_kind() -> Vec<Entity> {
    let mut all = places_to_go();
    all.extend(sights());
    all.extend(buildings());
    all.extend(appearance());
    all.extend(people());
    all.extend(things());
    all
}

pub fn ground_of(entities: &[Entity], version: u64) -> Ground {
    let mut ground = Ground::new(info());
    ground.version = version;
    for one in entities {
        ground.put(one.clone());
    }
    ground
}
