//! Out and in again: the same records, the same ids, and nobody among them.

use pingjiang::base::BuildingId;
use pingjiang::export::{Format, Options};
use pingjiang::model::{Building, Entity, EntityKind};
use pingjiang::space::Crs;

use super::judges::has_both;
use super::support::borrowed;
use super::*;

#[test]
fn the_community_comes_back_from_cityjson() {
    let ground = community();
    check_cityjson(&ground, &every_day());
    let generated = Options {
        generated: true,
        ..every_day()
    };
    check_cityjson(&ground, &generated);
}

#[test]
fn borrowed_models_come_back_from_cityjson() {
    for (name, crs) in [
        (ZURICH, None),
        (DELFT, None),
        (DUTCH, Some(7415)),
        (SUZHOU, None),
    ] {
        let Some(path) = borrowed(name) else { continue };
        check_cityjson(&imported(&path, crs), &every_day());
    }
}

/// Files with materials, textures, reliefs, groups and words of extensions.
pub(super) const DRESSED: &[&str] = &[
    "citymodels/cityjson/denhaag_v11_4b_materials.city.json",
    "citymodels/cityjsonseq/1b_w_texture.city.json",
    "citymodels/cityjsonseq/geom_temp.city.jsonl",
    "conformance/cityjson-corpus/cases/conformance/v2_0/appearance_complete/appearance_complete.city.json",
    "conformance/cityjson-corpus/cases/conformance/v2_0/cityjson_fake_complete/cityjson_fake_complete.city.json",
    "conformance/cityjson-corpus/cases/conformance/v2_0/cityobject_all_types/cityobject_all_types.city.json",
    "conformance/cityjson-corpus/cases/conformance/v2_0/geometry_material_solid/geometry_material_solid.city.json",
    "conformance/cjval/texture3.city.json",
    "conformance/cjval/texture7.city.json",
];

#[test]
fn looks_come_back_from_cityjson() {
    let (mut materials, mut textures, mut details) = (0, 0, 0);
    let files: Vec<_> = DRESSED.iter().filter_map(|name| borrowed(name)).collect();
    if files.is_empty() {
        return;
    }
    for path in files {
        eprintln!("{}", path.display());
        let ground = imported(&path, Some(7415));
        materials += ground.materials.len();
        textures += ground.textures.len();
        let models = ground.buildings.values().flat_map(|one| &one.models);
        details += models.map(|model| model.details.len()).sum::<usize>();
        check_cityjson(&ground, &every_day());
    }
    assert!(
        materials > 10 && textures > 10 && details > 100,
        "{materials} {textures} {details}"
    );
}

/// CityGML: with terrain, with textures and words of extensions, projected out of degrees.
const CITYGML: &[&str] = &[
    "citymodels/citygml/ogc_CityGMLv3_Building_and_garage_LOD2-EPSG25832.gml",
    "citymodels/citygml/ogc_Urban-Planning-ADE_53394517_bldg_6697_2_op_CityGML2.gml",
    "citymodels/citygml/plateau_64413325_bldg_6697_op_citygml2.gml",
    "citymodels/citygml/lod2_buildings_v3.gml",
];

#[test]
fn citygml_comes_back_from_cityjson() {
    for path in CITYGML.iter().filter_map(|name| borrowed(name)) {
        eprintln!("{}", path.display());
        let ground = imported(&path, None);
        check_cityjson(&ground, &every_day());
    }
}

#[test]
fn outlines_come_back_from_geojson() {
    let mut cities = vec![community()];
    for (name, crs) in [(DELFT, None), (DUTCH, Some(7415)), (SUZHOU, None)] {
        cities.extend(borrowed(name).map(|path| imported(&path, crs)));
    }
    for ground in &cities {
        // On the way to WGS 84 and back half a millimetre (the Dutch datum); in the city's own
        // CRS, nothing.
        let own = Crs::parse(&ground.info.crs).unwrap();
        for (crs, within_m) in [(None, 5e-4), (Some(own), 0.0)] {
            let options = Options { crs, ..every_day() };
            let (bytes, _) = written(ground, Format::GeoJson, &options);
            compare(ground, &back(ground, &bytes), within_m, outline);
        }
    }
}

#[test]
fn outlines_come_back_from_flatgeobuf() {
    let mut cities = vec![community()];
    for (name, crs) in [(DELFT, None), (DUTCH, Some(7415)), (SUZHOU, None)] {
        cities.extend(borrowed(name).map(|path| imported(&path, crs)));
    }
    let both = cities[0].roads.values().filter(|one| has_both(one)).count();
    assert!(both > 10, "{both}");
    for ground in &cities {
        let (bytes, _) = written(ground, Format::FlatGeobuf, &every_day());
        let with_outline = |entity: &mut Entity| {
            outline(entity) && !matches!(entity, Entity::Area(one) if one.polygon.is_none())
        };
        compare(ground, &back(ground, &bytes), 0.0, with_outline);
    }
}

#[test]
fn levels_layers_and_boxes() {
    let Some(path) = borrowed(DUTCH) else { return };
    let ground = imported(&path, Some(7415));
    for (lod, expected) in [("1.3", "1.3"), ("1", "1.3"), ("3", "2.2"), ("1.2", "1.2")] {
        let options = Options {
            lod: Some(lod.into()),
            ..every_day()
        };
        let (bytes, _) = written(&ground, Format::CityJson, &options);
        let found = back(&ground, &bytes);
        for building in found.buildings.values() {
            let lods: Vec<&str> = building.models.iter().map(|one| one.lod.as_str()).collect();
            assert_eq!(lods, [expected], "--lod {lod}");
        }
    }
    let community = community();
    let options = Options {
        layers: [EntityKind::Building, EntityKind::Water].into(),
        bbox: Some(pingjiang::space::Bounds2 {
            min: [557_600.0, 3_466_000.0],
            max: [557_700.0, 3_466_100.0],
        }),
        ..every_day()
    };
    let (bytes, report) = written(&community, Format::GeoJson, &options);
    let found = back(&community, &bytes);
    let inside = found.buildings.len();
    assert!(
        inside > 5 && inside < community.buildings.len() / 2,
        "{inside}"
    );
    assert!(found.roads.is_empty() && found.plants.is_empty());
    let left = |what: &str, why: &str| {
        let found = report
            .left_out
            .iter()
            .find(|one| one.what == what && one.why.contains(why));
        found.map_or(0, |one| one.count)
    };
    assert_eq!(
        left("building", "--bbox"),
        community.buildings.len() - inside
    );
    assert_eq!(left("road", "--layers"), community.roads.len());
    assert_eq!(left("resident", "personal"), community.residents.len());
}

#[test]
fn nothing_of_a_person_goes_out() {
    let ground = community();
    assert!(ground.residents.len() > 1_000);
    for format in [
        Format::CityJson,
        Format::CityJsonSeq,
        Format::GeoJson,
        Format::FlatGeobuf,
        Format::Glb,
    ] {
        let (bytes, _) = written(&ground, format, &every_day());
        let text = String::from_utf8_lossy(&bytes);
        let residents = ground.residents.values().step_by(50);
        let keys =
            residents.flat_map(|one| [one.id.to_string(), format!("\"{}\"", one.source.key)]);
        let homes = ground
            .households
            .values()
            .step_by(50)
            .map(|one| one.id.to_string());
        let dwellings = ground
            .dwellings
            .values()
            .step_by(50)
            .map(|one| one.id.to_string());
        let cameras = ground.cameras.values().map(|one| one.gb28181_id.clone());
        for key in keys.chain(homes).chain(dwellings).chain(cameras) {
            assert!(!text.contains(&key), "{}: {key}", format.as_str());
        }
    }
}

#[test]
fn hostile_names_come_back() {
    let community = community();
    let mut ground = Ground::new(community.info.clone());
    let names = [
        "\"},\"x\":{\"",
        "</script>&amp;<",
        "a\\u0000\u{7}\n",
        " 平江路 ",
        "",
        "+x",
        "pingjiang",
        "__proto__",
        "\u{202e}\u{feff}岸",
        "O'Brien; DROP TABLE building;--",
    ];
    for (name, one) in names.iter().zip(community.buildings.values()) {
        // Two data sets with the same key: only their ids differ.
        for dataset in ["a", name] {
            let mut house = one.clone();
            house.id = BuildingId::from_source(dataset, name);
            house.source.dataset = dataset.to_owned();
            house.source.key = (*name).to_owned();
            house.name = Some((*name).to_owned());
            house.party_walls.clear();
            house.area = None;
            house.attributes.insert((*name).to_owned(), (*name).into());
            house
                .attributes
                .insert("name".to_owned(), "its source's".into());
            ground.put(house.into());
        }
    }
    let own = Crs::parse(&ground.info.crs).unwrap();
    let options = Options {
        crs: Some(own),
        ..every_day()
    };
    let unlinked = |entity: &mut Entity| {
        if let Entity::Building(one) = entity {
            one.party_walls.clear();
        }
        true
    };
    for (format, options) in [
        (Format::CityJson, &every_day()),
        (Format::CityJsonSeq, &every_day()),
        (Format::GeoJson, &options),
    ] {
        let (bytes, _) = written(&ground, format, options);
        let mut found = back(&ground, &bytes);
        // Houses of one outline stand wall to wall, which only the import noticed.
        found
            .buildings
            .values_mut()
            .for_each(|one| one.party_walls.clear());
        compare(&ground, &found, 6e-4, unlinked);
    }
}

#[test]
fn what_is_kept_flat_comes_back_from_gltf_as_it_was() {
    let ground = community();
    let mut base = Ground::new(ground.info.clone());
    ground.for_each(|entity| {
        // What has no outline has no node.
        let is_shapeless = matches!(&entity, Entity::Area(one) if one.polygon.is_none());
        if is_base_map(&entity) && !is_shapeless {
            base.put(entity);
        }
    });
    let hash = |ground: &Ground| content_hash(ground, &access::for_keeping());
    for generated in [false, true] {
        let options = Options {
            generated,
            ..every_day()
        };
        let (bytes, _) = written(&ground, Format::Glb, &options);
        let found = back(&ground, &bytes);
        assert_eq!(hash(&found), hash(&base));
    }
}

#[test]
fn faces_of_the_source_come_back_from_gltf_at_their_level() {
    let Some(path) = borrowed(DELFT) else { return };
    let ground = imported(&path, None);
    let (bytes, _) = written(&ground, Format::Glb, &every_day());
    let found = back(&ground, &bytes);
    let mut compared = 0;
    for (id, house) in ground
        .buildings
        .iter()
        .filter(|(_, one)| !one.models.is_empty())
    {
        let again = &found.buildings[id];
        assert_eq!(
            (again.height_m, again.height_origin),
            (house.height_m, house.height_origin)
        );
        let finest = |one: &Building| one.models.iter().map(|model| model.lod.clone()).max();
        assert_eq!(finest(again), finest(house));
        compared += 1;
    }
    assert!(compared > 100);
}

#[test]
fn what_was_made_up_stays_marked_in_every_format() {
    let ground = community();
    for format in [
        Format::CityJson,
        Format::CityJsonSeq,
        Format::GeoJson,
        Format::FlatGeobuf,
        Format::Glb,
    ] {
        let (bytes, _) = written(&ground, format, &every_day());
        assert!(
            back(&ground, &bytes).has_synthetic_map(),
            "{}",
            format.as_str()
        );
    }
}
