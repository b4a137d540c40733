//! The city as GDAL sees it, and with GDAL as QGIS does: no warning, right extents, right system,
//! and an index that stays right when GDAL writes.

use std::process::{Command, Output};

use super::*;

/// Runs a tool of GDAL; `None` where it is not installed, which only CI forbids.
fn gdal(tool: &str, arguments: &[&str]) -> Option<Output> {
    match Command::new(tool).args(arguments).output() {
        Ok(output) => Some(output),
        Err(fault) if std::env::var_os("CI").is_none() => {
            eprintln!("skipped: {tool} cannot be run ({fault}); install gdal-bin");
            None
        }
        Err(fault) => panic!("{tool}: {fault}"),
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn every_layer_opens_without_a_warning() {
    let folder = Folder::new();
    drop(sample_city(&folder));
    let city = folder.city();
    let Some(output) = gdal("ogrinfo", &["-ro", "-al", "-so", city.to_str().unwrap()]) else {
        return;
    };
    assert!(output.status.success());
    assert_eq!(text(&output.stderr), "", "warnings");
    let out = text(&output.stdout);
    assert!(
        !out.contains("Warning ") && !out.contains("ERROR "),
        "{out}"
    );
    for kind in EntityKind::ALL {
        let name = kind.as_str();
        let layer = out
            .split("\nLayer name: ")
            .find(|layer| layer.starts_with(&format!("{name}\n")))
            .unwrap_or_else(|| panic!("{name} is missing:\n{out}"));
        let count = ground_of(&every_kind(), 0).count(*kind);
        assert!(
            layer.contains(&format!("Feature Count: {count}\n")),
            "{layer}"
        );
        if layer.contains("Extent: ") {
            assert!(
                layer.contains("CM 120E") && layer.contains("ID[\"EPSG\",4549]"),
                "{layer}"
            );
        }
    }
    let house = "Extent: (581000.125000, 3465000.375000) - (581042.125000, 3465009.375000)";
    assert!(out.contains(house), "{out}");
    for layer in [
        "building_surface",
        "object_surface",
        "road_surface",
        "pingjiang_import",
    ] {
        assert!(out.contains(&format!("Layer name: {layer}\n")), "{out}");
    }
}

#[test]
fn a_change_by_gdal_keeps_the_index_and_is_read() {
    let folder = Folder::new();
    drop(sample_city(&folder));
    let city = folder.city();
    let id = house("plain", 0.0).id;
    let change = format!(
        "UPDATE building SET storeys = 9, geom = AsGPB(ST_GeomFromText(\
         'POLYGON((590000 3465000,590010 3465000,590010 3465010,590000 3465000))', 4549)) \
         WHERE id = '{id}'"
    );
    let Some(output) = gdal("ogrinfo", &[city.to_str().unwrap(), "-sql", &change]) else {
        return;
    };
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{output:?}"
    );
    let read = CityFile::open(&city, Some(vault())).unwrap();
    let building = &read.load_ground().unwrap().buildings[&id];
    assert_eq!(building.storeys, 9);
    assert_eq!(building.footprint.exterior().0.len(), 4);
    let select = "SELECT id FROM rtree_building_geom WHERE minx > 589000";
    let found: i64 = read
        .connection
        .query_row(select, [], |row| row.get(0))
        .unwrap();
    assert_eq!(found, id.bits().cast_signed());
    drop(read);
    assert_eq!(folder.files(), ["平江 city.gpkg"]);
}

#[test]
fn the_definitions_are_those_of_the_registry() {
    for code in [4549, 4528, 4509, 4499, 32651, 32733, 25832, 28992] {
        let row = super::super::srs::row_of(&format!("EPSG:{code}")).unwrap();
        let (registry, ours) = (format!("EPSG:{code}"), row.definition);
        let proj = |definition: &str| {
            let output = gdal("gdalsrsinfo", &["-o", "proj4", definition])?;
            assert!(output.status.success(), "{output:?}");
            Some(text(&output.stdout).trim().to_owned())
        };
        let (Some(registry), Some(ours)) = (proj(&registry), proj(&ours)) else {
            return;
        };
        // A definition in text brings its own shift to WGS 84 only for the Dutch datum.
        let plain = |proj: &str| {
            let words = proj
                .split_whitespace()
                .filter(|word| !word.starts_with("+towgs84"));
            words.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(plain(&registry), plain(&ours), "EPSG:{code}");
    }
}
