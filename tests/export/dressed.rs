//! A city whose faces wear colours and pictures, on a net of the ground: all that a source can say
//! of a face, with what is awkward to write down.

use pingjiang::base::{BuildingId, MaterialId, TerrainId, TextureId};
use pingjiang::model::{
    FaceDetail, FaceTexture, LodModel, Material, Rgb, Rgba, Source, Terrain, Texture,
};
use pingjiang::space::{SurfaceKind, Tin, extrude};
use serde_json::json;

use super::*;

fn source(dataset: &str, key: &str) -> Source {
    Source {
        dataset: dataset.into(),
        key: key.into(),
        import: ImportId::from_bits(0),
    }
}

fn material(dataset: &str, key: &str, name: &str, transparency: Option<f64>) -> Material {
    Material {
        id: MaterialId::from_source(dataset, key),
        source: source(dataset, key),
        name: name.into(),
        ambient_intensity: Some(0.25),
        diffuse: Some(Rgb([0.1, 0.2, 1.0 / 3.0])),
        emissive: Some(Rgb([0.0, 0.5, 1.0])),
        specular: None,
        shininess: Some(0.75),
        transparency,
        is_smooth: Some(false),
    }
}

fn texture(dataset: &str, key: &str, image: &str, format: &str) -> Texture {
    Texture {
        id: TextureId::from_source(dataset, key),
        source: source(dataset, key),
        image: image.into(),
        format: format.into(),
        wrap_mode: Some("mirror".into()),
        texture_type: None,
        border_color: Some(Rgba([0.0, 0.25, 0.5, 1.0])),
    }
}

/// Pictures that the tests put beside a file.
pub(super) const PICTURES: [&str; 2] = ["looks/墙 1.png", "roof.PNG"];

/// Houses in two data sets that use the same names for other things.
pub(super) fn dressed() -> Ground {
    let community = community();
    let mut ground = Ground::new(community.info.clone());
    let houses = community.buildings.values().take(2);
    for (dataset, one) in ["a", "b \"c\""].into_iter().zip(houses) {
        let mut house = one.clone();
        house.id = BuildingId::from_source(dataset, "house");
        house.source = source(dataset, "house");
        house.party_walls.clear();
        house.area = None;
        let faces = extrude(&one.footprint, one.ground_m, one.ground_m + one.height_m);
        house.models = vec![dressed_model(dataset, faces)];
        ground.put(house.into());
        for (key, name, transparency) in [
            ("brick", "brick", None),
            ("brick-2", "brick", Some(0.5)),
            ("", "", None),
            ("worn by nobody", "无", None),
        ] {
            ground.put(material(dataset, key, name, transparency).into());
        }
        for (key, image, format) in [
            ("1", PICTURES[0], "PNG"),
            ("2", PICTURES[1], "image/png"),
            ("3", "https://example.org/a.jpg", "JPG"),
            ("worn by nobody", "", ""),
        ] {
            ground.put(texture(dataset, key, image, format).into());
        }
    }
    ground.put(net(&community).into());
    ground
}

fn dressed_model(dataset: &str, mut surfaces: Vec<pingjiang::space::Surface>) -> LodModel {
    let id = |key| MaterialId::from_source(dataset, key);
    let mut details = Vec::new();
    for (place, face) in surfaces.iter_mut().enumerate() {
        let mut detail = FaceDetail::default();
        detail.materials.insert("".into(), id("brick-2"));
        if place % 2 == 0 {
            detail.materials.insert("夜 \"night\"".into(), id(""));
        }
        if place > 0 {
            let key = ["1", "2", "3"][place % 3];
            let ring = |ring: &Vec<[f64; 3]>| -> Vec<[f64; 2]> {
                let corners = 0..ring.len();
                corners.map(|corner| [corner as f64 / 3.0, -0.5]).collect()
            };
            let worn = FaceTexture {
                texture: TextureId::from_source(dataset, key),
                uv: face.rings.iter().map(ring).collect(),
            };
            detail.textures.insert("day".into(), worn);
        }
        let said = match place {
            0 => json!({"type": "+Thatch", "age": 7, "+moss": [1, {"a": null}]}),
            1 => json!({"parent": "x", "children": [], "pingjiang:type": 1, "slope": 0.1}),
            2 => json!({"height": 3.25}),
            _ => json!({}),
        };
        if matches!(place, 0 | 2) {
            face.kind = SurfaceKind::Unknown;
        }
        detail.attributes = serde_json::from_value(said).unwrap();
        details.push(detail);
    }
    LodModel {
        lod: "2.1".into(),
        surfaces,
        details,
    }
}

/// A net of the ground around the houses, with computed heights.
fn net(community: &Ground) -> Terrain {
    let house = community.buildings.values().next().unwrap();
    let [e, n] = pingjiang::space::Bounds2::from_polygon(&house.footprint).min;
    let corner = |x: f64, y: f64| [e + 10.0 * x, n + 10.0 * y, 2.0 + (x * y).sin()];
    let mut triangles = Vec::new();
    for (x, y) in (0..8).flat_map(|x| (0..8).map(move |y| (f64::from(x), f64::from(y)))) {
        let [a, b] = [corner(x, y), corner(x + 1.0, y)];
        let [c, d] = [corner(x, y + 1.0), corner(x + 1.0, y + 1.0)];
        triangles.extend([[a, b, c], [b, d, c]]);
    }
    Terrain {
        id: TerrainId::from_source("relief", "net"),
        source: source("relief", "net"),
        tin: Tin::from_triangles(&triangles),
    }
}

#[test]
fn looks_and_nets_of_ours_come_back_from_cityjson() {
    let ground = dressed();
    check_cityjson(&ground, &every_day());
    let (_, report) = written(&ground, Format::CityJson, &every_day());
    assert_eq!(report.written[&EntityKind::Material], 8);
    assert_eq!(report.written[&EntityKind::Texture], 8);
    assert_eq!(report.written[&EntityKind::Terrain], 1);
    assert!(report.left_out.is_empty(), "{report}");
}

#[test]
fn looks_go_with_the_faces_that_wear_them() {
    let ground = dressed();
    for format in [Format::CityJson, Format::CityJsonSeq, Format::Glb] {
        let options = Options {
            layers: [EntityKind::Terrain].into(),
            ..every_day()
        };
        let (_, report) = written(&ground, format, &options);
        let kinds: Vec<&EntityKind> = report.written.keys().collect();
        assert_eq!(kinds, [&EntityKind::Terrain], "{report}");
        let left: usize = report
            .left_out
            .iter()
            .filter(|one| one.what == "material" || one.what == "texture")
            .map(|one| one.count)
            .sum();
        assert_eq!(left, 16, "{report}");
    }
    let (bytes, report) = written(&ground, Format::GeoJson, &every_day());
    compare(&ground, &back(&ground, &bytes), 5e-4, outline);
    let told = |what: &str| report.left_out.iter().find(|one| one.what == what);
    assert_eq!(told("terrain").map(|one| one.count), Some(1), "{report}");
    assert_eq!(told("material").map(|one| one.count), Some(8), "{report}");
}

#[test]
fn a_passport_that_is_not_its_materials_is_nobodys() {
    let ground = dressed();
    let (bytes, _) = written(&ground, Format::CityJson, &every_day());
    let mut document: Value = serde_json::from_slice(&bytes).unwrap();
    // As a program leaves it that sorts lists and keeps what it does not know.
    let materials = document["appearance"]["materials"].as_array_mut().unwrap();
    let place = materials
        .iter()
        .position(|one| one["name"] == "无")
        .unwrap();
    materials[place]["name"] = "another".into();
    let found = back(&ground, document.to_string().as_bytes());
    let foreign = found
        .materials
        .values()
        .filter(|one| one.source.dataset == "another name");
    let names: Vec<&str> = foreign.map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["another"]);
    assert_eq!(found.materials.len(), ground.materials.len());
}

#[test]
fn looks_that_point_at_nothing_are_counted() {
    let mut ground = dressed();
    ground
        .materials
        .retain(|_, one| one.source.key != "brick-2");
    ground.textures.retain(|_, one| one.source.key != "1");
    let house = ground.buildings.values_mut().next().unwrap();
    let mut pictures = house.models[0].details.iter_mut();
    let mut worn = pictures.by_ref().flat_map(|one| one.textures.values_mut());
    worn.next().unwrap().uv[0][0] = [f64::NAN, 0.0];
    worn.next().unwrap().uv[0].pop();
    worn.next().unwrap().uv.clear();
    for format in [Format::CityJson, Format::CityJsonSeq, Format::Glb] {
        let (bytes, report) = written(&ground, format, &every_day());
        assert!(!report.left_out.is_empty(), "{report}");
        if format != Format::Glb {
            let found = back(&ground, &bytes);
            assert_eq!(found.materials, settled(&ground).materials);
            let told = |what: &str| report.left_out.iter().any(|one| one.what == what);
            assert!(
                told("materials of faces") && told("textures of faces"),
                "{report}"
            );
        }
    }
}

/// As an import leaves it: written by its run.
fn settled(ground: &Ground) -> Ground {
    let mut settled = Ground::new(ground.info.clone());
    ground.for_each(|mut entity| {
        entity.set_import(ImportId::from_bits(1));
        settled.put(entity);
    });
    settled
}
