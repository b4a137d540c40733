//! Places by their addresses, as registers and people write them.

use std::path::PathBuf;
use std::sync::LazyLock;

use super::{Opened, Query, parsed, record_called};
use crate::app::import::Import;
use crate::app::query::addressed::hits_by_address;
use crate::base::Nobody;
use crate::model::EntityKind;
use crate::model::search::Fit;

/// A house at a place of its own, with these properties.
fn house(at: u32, properties: &str) -> String {
    let (west, east) = (f64::from(at) * 0.0003, f64::from(at) * 0.0003 + 0.0001);
    let [west, east] = [west, east].map(|lon| format!("{:.5}", 120.63 + lon));
    format!(
        r#"{{"type":"Feature","id":"h{at}","properties":{{"building":"yes","height":6,{properties}}},
          "geometry":{{"type":"Polygon","coordinates":[[[{west},31.31],[{east},31.31],[{east},31.3101],[{west},31.3101],[{west},31.31]]]}}}}"#
    )
}

/// Houses whose addresses are written in several ways, cameras that are called after them.
static CITY: LazyLock<(tempfile::TempDir, PathBuf)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let houses = [
        house(0, r#""addr:street":"新北路","addr:housenumber":"9""#),
        house(1, r#""addr:street":"新北路","addr:housenumber":"11号""#),
        house(2, r#""address":"桃花坞大街178号桃源新村3幢""#),
        house(3, r#""address":"桃花坞大街178号桃源新村13幢""#),
        house(4, r#""address":"新北路20号""#),
        house(5, r#""addr:street":"新北路","addr:housenumber":"20""#),
    ];
    let map = write(
        "map.geojson",
        &format!(
            r#"{{"type":"FeatureCollection","features":[{}]}}"#,
            houses.join(",")
        ),
    );
    let cameras = write(
        "cameras.csv",
        "监控点名称,国标编码,经度,纬度\n桃源新村3幢东侧,32050800001310000001,120.6306,31.3099\n\
         新北路9号门口,32050800001310000002,120.6301,31.3099\n",
    );
    let homes = write("homes.csv", "房屋编号,房屋地址\nD1,新北路9号101室\n");
    let path = folder.path().join("city.gpkg");
    let into = path.to_str().unwrap();
    for file in [&map, &cameras, &homes] {
        let import = parsed::<Import>(&[file.as_str(), "--into", into]).unwrap();
        import.run().unwrap();
    }
    (folder, path)
});

fn query(role: &[&str]) -> Query {
    let asked = [&[CITY.1.to_str().unwrap(), "incident", "x"], role].concat();
    parsed::<Query>(&asked).unwrap()
}

const OPERATOR: &[&str] = &["--role", "operator", "--purpose", "incident"];

#[test]
fn an_address_of_a_house_wins_over_what_is_called_after_it() {
    let asked = query(&[]);
    let opened = Opened::open(&CITY.1, &asked.asker).unwrap();
    let taken = |name: &str| {
        let key = record_called(&opened, name).map_err(|fault| format!("{fault:#}"))?;
        Ok::<_, String>((key.kind, opened.label(key)))
    };
    for (name, of) in [
        ("桃源新村3幢", "桃源新村3幢"),
        ("桃花坞大街178号 桃源新村三幢", "桃源新村3幢"),
        ("桃源新村3号楼", "桃源新村3幢"),
        ("新北路9号", "新北路"),
        ("新北路９號", "新北路"),
        ("新北路11号", "新北路"),
        ("新北路11", "新北路"),
    ] {
        let (kind, label) = taken(name).unwrap();
        assert_eq!(kind, EntityKind::Building, "{name}");
        assert!(
            label.contains(of) && !label.contains("13幢"),
            "{name}: {label}"
        );
    }
    assert!(taken("新北路9号").unwrap() != taken("新北路11号").unwrap());
    // What is called so itself is meant, and a number that no house has means none.
    assert_eq!(taken("新北路9号门口").unwrap().0, EntityKind::Camera);
    assert_eq!(taken("桃源新村3幢东侧").unwrap().0, EntityKind::Camera);
    for nowhere in ["新北路10号", "桃源新村4幢", "新北路9号8幢"] {
        assert!(taken(nowhere).is_err(), "{nowhere}");
    }
    let several = taken("新北路20号").unwrap_err();
    assert_eq!(several.matches("bld-").count(), 2, "{several}");
    assert!(several.contains("by its id"), "{several}");
}

#[test]
fn a_door_at_such_an_address_is_for_who_may_know_it() {
    let asked = query(OPERATOR);
    let operator = Opened::open(&CITY.1, &asked.asker).unwrap();
    for name in ["新北路9号101", "新北路9号101室", "新北路９号 一〇一室"] {
        let home = record_called(&operator, name).map_err(|fault| format!("{name}: {fault:#}"));
        assert_eq!(home.unwrap().kind, EntityKind::Dwelling, "{name}");
    }
    assert!(operator.session().unwrap().opened().is_empty());
    assert!(record_called(&operator, "新北路9号102室").is_err());
    let asked = query(&[]);
    let anybody = Opened::open(&CITY.1, &asked.asker).unwrap();
    // For anybody else it is the house, and nothing says whether there is such a room.
    let house = record_called(&anybody, "新北路9号").unwrap();
    for name in ["新北路9号101室", "新北路9号102室"] {
        assert_eq!(record_called(&anybody, name).unwrap(), house, "{name}");
    }
}

#[test]
fn what_search_tells_of_an_address_is_the_house() {
    let asked = query(&[]);
    let opened = Opened::open(&CITY.1, &asked.asker).unwrap();
    let hits = |text: &str| hits_by_address(&opened, text, &Nobody).unwrap();
    let found = hits("新北路9号");
    assert_eq!(
        (found.len(), found[0].fit, found[0].by),
        (1, Fit::Same, "address")
    );
    // A part of a house means the house, after all that is called so itself.
    assert_eq!(hits("桃源新村3幢1单元")[0].fit, Fit::Means);
    for text in ["新北路", "桃源新村", "9号", "pjlk", "", "新北路9号门口"] {
        assert!(hits(text).is_empty(), "{text}");
    }
}
