//! Foreign files, through reading and conversion to the city's entities, and now and then through
//! a city file and back.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use pingjiang::base::{ImportId, Warnings};
use pingjiang::ingest::{
    self, Converted, Format, Input, Origin, RawCity, ReadError, ReadOptions, Target,
};
use pingjiang::model::{CityInfo, Entity, Ground};
use pingjiang::space::{Crs, Datum};
use pingjiang::store::{CityFile, Vault};
use serde_json::Value;

use crate::bodies::Seen;
use crate::edit::edit;

/// Places that are kept for one reason (`Warnings`): with no more warnings than that in all, every
/// single one can be looked up.
const PLACES_KEPT: u64 = 5;
/// One input in so many also goes through a city file, which is slow.
const WRITTEN_ONE_IN: u8 = 16;

/// GeoJSON.
pub fn geojson(bytes: &[u8]) -> Seen {
    check(ingest::read_geojson(bytes), Format::GeoJson, bytes)
}

/// CityJSON.
pub fn cityjson(bytes: &[u8]) -> Seen {
    let strict = ingest::read(bytes, Path::new("t.city.json"), Some(Format::CityJson));
    let seen = check(strict, Format::CityJson, bytes);
    if seen.taken {
        return seen;
    }
    // What breaks the standard is read all the same when a person asks for it.
    let options = ReadOptions {
        format: Some(Format::CityJson),
        skip_invalid: true,
        ..ReadOptions::default()
    };
    let input = Input::alone(Path::new("t.city.json"), bytes);
    let lenient = ingest::read_input(&input, &options, &mut |_| Ok(()));
    check(lenient, Format::CityJson, bytes)
}

/// CityJSON text sequences.
pub fn cityjson_seq(bytes: &[u8]) -> Seen {
    let read = ingest::read(bytes, Path::new("t.city.jsonl"), Some(Format::CityJsonSeq));
    check(read, Format::CityJsonSeq, bytes)
}

/// CityGML.
pub fn citygml(bytes: &[u8]) -> Seen {
    let input = Input::alone(Path::new("a.gml"), bytes);
    let read = ingest::read_citygml(&input, &ReadOptions::default(), &mut |_| Ok(()));
    check(read, Format::CityGml, bytes)
}

/// OpenStreetMap's binary format.
pub fn osm_pbf(bytes: &[u8]) -> Seen {
    osm(bytes, Format::OsmPbf)
}

/// OpenStreetMap's XML.
pub fn osm_xml(bytes: &[u8]) -> Seen {
    osm(bytes, Format::OsmXml)
}

/// Either of the two: features are elements by kind and id, and none comes twice.
fn osm(bytes: &[u8], format: Format) -> Seen {
    let read = ingest::read(bytes, Path::new("t"), Some(format));
    if let Ok(city) = &read {
        let keys: HashSet<&str> = city.features.iter().map(|one| one.key.as_str()).collect();
        assert_eq!(keys.len(), city.features.len(), "an element came twice");
        for key in keys {
            let (kind, id) = key.split_once('/').expect("a kind and an id");
            assert!(matches!(kind, "node" | "way" | "relation"), "{key}");
            assert!(id.parse::<i64>().is_ok(), "{key}");
        }
    }
    check(read, format, bytes)
}

/// Detection: what is detected is what reads it, and saying the format aloud changes nothing.
pub fn format(bytes: &[u8]) -> Seen {
    let nameless = Format::detect(bytes, Path::new("unnamed"));
    for name in ["a.geojson", "b.city.json", "c.city.jsonl"] {
        let named = Format::detect(bytes, Path::new(name));
        let is_text = std::str::from_utf8(bytes).is_ok_and(|text| !text.trim().is_empty());
        assert!(named.is_ok() || !is_text, "{name} names its format");
        if nameless.is_ok() {
            assert_eq!(named, nameless, "the content goes before the name");
        }
    }
    let by_content = ingest::read(bytes, Path::new("unnamed"), None);
    let Ok(format) = nameless else {
        assert!(by_content.is_err(), "read without a format");
        return Seen::REFUSED;
    };
    let stated = ingest::read(bytes, Path::new("unnamed"), Some(format));
    match (&by_content, &stated) {
        (Ok(one), Ok(two)) => assert_eq!(one.features, two.features),
        (one, two) => assert_eq!(one.as_ref().err(), two.as_ref().err()),
    }
    Seen::of((format.as_str(), by_content.is_ok()))
}

/// What must hold of whatever a reader gives.
pub fn check(read: Result<RawCity, ReadError>, format: Format, bytes: &[u8]) -> Seen {
    let raw = match read {
        Ok(raw) => raw,
        Err(fault) => {
            assert!(!fault.to_string().is_empty());
            return Seen::message(&fault.to_string());
        }
    };
    assert_eq!(raw.format, format);
    every_feature_is_accounted_for(&raw, bytes);
    // What a person would state for a file that names no CRS.
    let stated = raw
        .crs
        .is_none()
        .then(|| Crs::from_epsg(28_992).expect("it is built in"));
    let crs = match ingest::choose_crs(&raw, stated.as_ref()) {
        Ok(crs) => crs,
        Err(fault) => return Seen::message(&fault.to_string()),
    };
    let origin = Origin {
        dataset: "fuzz".into(),
        import: ImportId::from_bits(1),
        crs: stated,
        datum: Datum::Wgs84,
    };
    let target = Target { crs, extent: None };
    let places: Vec<(String, String)> = raw
        .features
        .iter()
        .map(|one| (one.key.clone(), one.place()))
        .collect();
    let mut converted = match ingest::convert(raw, &target, &origin) {
        Ok(converted) => converted,
        Err(fault) => return Seen::message(&fault.to_string()),
    };
    nothing_is_lost_in_silence(&places, &converted);
    let seen = seen(&converted);
    let entities = ingest::join(std::slice::from_mut(&mut converted));
    sound(&entities);
    if bytes
        .iter()
        .fold(0, |sum: u8, byte| sum.wrapping_add(*byte))
        % WRITTEN_ONE_IN
        == 0
    {
        comes_back_from_a_city(&entities, &target.crs);
    }
    seen
}

/// Which kinds came out and which reasons were given.
fn seen(converted: &Converted) -> Seen {
    let reasons: BTreeSet<Seen> = converted
        .warnings
        .list()
        .iter()
        .map(|warning| Seen::message(&warning.reason))
        .collect();
    let kinds: Vec<_> = converted
        .counts()
        .into_keys()
        .map(|kind| kind.as_str())
        .collect();
    let repairs: Vec<_> = converted.repairs.keys().collect();
    Seen::of((reasons, kinds, repairs))
}

/// Members of a file become features or are named in a warning; none goes by in silence.
fn every_feature_is_accounted_for(raw: &RawCity, bytes: &[u8]) {
    if raw.format != Format::GeoJson {
        return;
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    // A repeated member counts once here and twice there, so only what is missing is a fault.
    let Ok(Value::Object(document)) = serde_json::from_slice(bytes) else {
        return;
    };
    let is_collection = document.get("type").and_then(Value::as_str) == Some("FeatureCollection");
    let members = document.get("features").and_then(Value::as_array);
    let members = members.filter(|_| is_collection).map_or(0, Vec::len) as u64;
    let told = raw.features.len() as u64 + raw.warnings.count();
    assert!(told >= members, "{members} members, {told} accounted for");
}

/// A feature that gave no entity is named in a warning.
fn nothing_is_lost_in_silence(places: &[(String, String)], converted: &Converted) {
    let made: HashSet<&str> = converted
        .entities
        .iter()
        .map(|entity| entity.source().key.as_str())
        .collect();
    // A feature of several parts has entities `KEY/1`, `KEY/2` and so on.
    let gave =
        |key: &str| made.contains(key) || made.iter().any(|it| it.starts_with(&format!("{key}/")));
    let lost: Vec<_> = places.iter().filter(|(key, _)| !gave(key)).collect();
    let warnings = &converted.warnings;
    assert!(
        warnings.count() >= lost.len() as u64,
        "{lost:?} lost with {} warnings",
        warnings.count()
    );
    if warnings.count() <= PLACES_KEPT {
        for (key, place) in lost {
            assert!(names(warnings, key, place), "{place}: not in {warnings:?}");
        }
    }
}

fn names(warnings: &Warnings, key: &str, place: &str) -> bool {
    let places = warnings.list().iter().flat_map(|warning| &warning.places);
    places.into_iter().any(|it| it.contains(place) || it == key)
}

/// What is taken in has each id once and no number that is none.
fn sound(entities: &[Entity]) {
    let keys: HashSet<_> = entities.iter().map(Entity::key).collect();
    assert_eq!(keys.len(), entities.len(), "an id came twice");
    for entity in entities {
        for number in numbers(entity) {
            assert!(number.is_finite(), "{entity:?}");
        }
        if let Entity::Building(one) = entity {
            assert!(one.height_m > 0.0 && one.storeys > 0, "{one:?}");
            let ring = &one.footprint.exterior().0;
            assert!(ring.len() >= 4 && ring.first() == ring.last(), "{ring:?}");
        }
    }
}

/// Every coordinate and measure of a record.
pub fn numbers(entity: &Entity) -> Vec<f64> {
    let flat = |polygon: &geo_types::Polygon<f64>| -> Vec<f64> {
        let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
        rings
            .flat_map(|ring| ring.0.iter().flat_map(|at| [at.x, at.y]))
            .collect()
    };
    let faces = |models: &[pingjiang::model::LodModel]| -> Vec<f64> {
        let faces = models.iter().flat_map(|model| &model.surfaces);
        let rings = faces.flat_map(|face| &face.rings);
        rings.flatten().flatten().copied().collect()
    };
    match entity {
        Entity::Building(one) => {
            let sizes = vec![one.ground_m, one.height_m];
            [flat(&one.footprint), faces(&one.models), sizes].concat()
        }
        Entity::Road(one) => {
            let line = one.line.0.iter().flat_map(|at| [at.x, at.y]);
            let surfaces = one.surfaces.iter().flat_map(&flat);
            line.chain(surfaces).chain([one.width_m]).collect()
        }
        Entity::Water(one) => [flat(&one.polygon), vec![one.level_m]].concat(),
        Entity::GroundArea(one) => flat(&one.polygon),
        Entity::Area(one) => one.polygon.iter().flat_map(flat).collect(),
        Entity::Plant(one) => [&one.position[..], &[one.height_m, one.crown_m]].concat(),
        Entity::Place(one) => one.position.to_vec(),
        Entity::Object(one) => faces(&one.models),
        Entity::Dwelling(one) => vec![one.area_m2],
        Entity::Vehicle(one) => one.position.to_vec(),
        Entity::Device(one) => one.position.to_vec(),
        Entity::Camera(one) => {
            let angles = [one.heading_deg, one.pitch_deg, one.fov_deg, one.range_m];
            [&one.position[..], &angles].concat()
        }
        Entity::Facility(one) => one.position.to_vec(),
        Entity::Responder(one) => one.position.to_vec(),
        Entity::Event(one) => one.position.map_or_else(Vec::new, Vec::from),
        Entity::Terrain(one) => one.tin.vertices.iter().flatten().copied().collect(),
        Entity::Household(_) | Entity::Resident(_) | Entity::Material(_) | Entity::Texture(_) => {
            Vec::new()
        }
    }
}

/// A city with these records.
pub fn info(crs: &Crs) -> CityInfo {
    CityInfo {
        name_zh: "试".into(),
        name_en: "Fuzz".into(),
        crs: crs.name(),
        vertical_datum: "1985".into(),
        utc_offset_minutes: 480,
        synthetic: true,
    }
}

/// Written and read again, everything is as it was.
pub fn comes_back_from_a_city(entities: &[Entity], crs: &Crs) {
    let folder = tempfile::tempdir().expect("a folder");
    let vault = Vault::from_key(&[7; 32]);
    let path = folder.path().join("city.gpkg");
    let info = info(crs);
    let written = CityFile::create_with(
        &path,
        &info,
        Some(&vault),
        &edit(1, "fuzz", entities.to_vec()),
    );
    let city = match written {
        Ok((city, _)) => city,
        Err(fault) => panic!("what was imported cannot be written: {fault}"),
    };
    let mut expected = Ground::new(info);
    for entity in entities {
        expected.put(entity.clone());
    }
    let mut found = city.load_ground().expect("what was written can be read");
    found.version = expected.version;
    assert!(
        found == expected,
        "it came back changed: {expected:?}\n{found:?}"
    );
}
