//! Tests of well-known text: codes, names, units, what is refused. Positions are held against
//! PROJ in `tests/space_wkt.rs`.

use super::*;
use proptest::prelude::*;

const ESRI_CM_120: &str = r#"PROJCS["CGCS2000_3_Degree_GK_CM_120E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",120.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#;

fn name_of(text: &str) -> String {
    Crs::from_wkt(text).map_or_else(|fault| fault.to_string(), |crs| crs.name())
}

#[test]
fn names_without_authority_become_codes_when_the_numbers_agree() {
    assert_eq!(name_of(ESRI_CM_120), "EPSG:4549");
    // The name alone does not: here the false easting is a city's own.
    let own = ESRI_CM_120.replace("500000.0", "50000.0");
    assert!(name_of(&own).contains("+x_0=50000 "), "{}", name_of(&own));
    let wgs84 = r#"GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#;
    assert_eq!(name_of(wgs84), "EPSG:4326");
}

#[test]
fn a_built_in_code_goes_before_the_definition() {
    let coded = ESRI_CM_120.replace("UNIT[\"Meter\",1.0]", "AUTHORITY[\"EPSG\",\"28992\"]");
    assert_eq!(name_of(&coded), "EPSG:28992");
    // The code of the geographic part says nothing about the whole.
    let inner = ESRI_CM_120.replace(
        "\"Degree\",0.0174532925199433]",
        "\"Degree\",0.0174532925199433],AUTHORITY[\"EPSG\",\"4490\"]",
    );
    assert_eq!(name_of(&inner), "EPSG:4549");
}

#[test]
fn feet_scale_both_the_offset_and_the_result() {
    let feet = ESRI_CM_120
        .replace(
            "UNIT[\"Meter\",1.0]",
            "UNIT[\"Foot_US\",0.3048006096012192]",
        )
        .replace("CGCS2000_3_Degree", "Own");
    let crs = Crs::from_wkt(&feet).unwrap();
    let wgs84 = Crs::from_epsg(4326).unwrap();
    let [x, y, _] = Transform::between(&wgs84, &crs)
        .unwrap()
        .apply([120.0, 31.0, 0.0])
        .unwrap();
    let plain = Transform::between(&wgs84, &Crs::from_epsg(4549).unwrap()).unwrap();
    let [_, north_m, _] = plain.apply([120.0, 31.0, 0.0]).unwrap();
    assert!((x - 500_000.0).abs() < 1e-6, "{x}");
    assert!((y * 0.304_800_609_601_219_2 - north_m).abs() < 1e-4, "{y}");
}

#[test]
fn what_cannot_be_computed_is_refused_by_name() {
    let check = |text: &str, expected: &str| {
        let fault = Crs::from_wkt(text).unwrap_err().to_string();
        assert!(
            fault.contains(expected) && fault.contains("--crs"),
            "{fault}"
        );
    };
    check("", "no keyword");
    check("LOCAL_CS[\"site\"]", "LOCAL_CS");
    check("PROJCS[\"x\"]", "without a geographic system");
    check(
        &ESRI_CM_120.replace("Gauss_Kruger", "Bonne"),
        "\"Bonne\" is not known",
    );
    check(
        &ESRI_CM_120.replace("6378137.0", "1737400.0"),
        "no ellipsoid of the Earth",
    );
    let south = ESRI_CM_120.replace(
        "UNIT[\"Meter\",1.0]",
        "UNIT[\"Meter\",1.0],AXIS[\"X\",SOUTH]",
    );
    check(&south.replace("CGCS2000_3", "Own_3"), "runs south or west");
    let grads = r#"GEOGCS["NTF",DATUM["NTF",SPHEROID["Clarke",6378249.2,293.466021293627]],PRIMEM["Paris",2.5969213],UNIT["grad",0.015707963267949]]"#;
    check(grads, "not in degrees");
}

#[test]
fn a_bound_system_brings_its_parameters() {
    let text = format!(
        "BOUNDCRS[SOURCECRS[{}],TARGETCRS[GEOGCRS[\"WGS 84\"]],ABRIDGEDTRANSFORMATION[\"x\",METHOD[\"Coordinate Frame rotation (geog2D domain)\"],PARAMETER[\"a\",1],PARAMETER[\"b\",2],PARAMETER[\"c\",3],PARAMETER[\"d\",0.1],PARAMETER[\"e\",0.2],PARAMETER[\"f\",0.3],PARAMETER[\"g\",1.000002]]]",
        ESRI_CM_120.replace("3_Degree", "own")
    );
    let proj = Crs::from_wkt(&text).unwrap().proj().to_owned();
    assert!(proj.contains("+towgs84=1,2,3,-0.1,-0.2,-0.3,2.0"), "{proj}");
}

proptest! {
    #[test]
    fn no_text_panics(
        text in "\\PC{0,60}",
        cut in 0..700usize,
        number in "-?[0-9]{1,12}(\\.[0-9]{1,5})?(e[0-9]{1,3})?",
        at in 0..12usize,
    ) {
        let _ = Crs::from_wkt(&text);
        let end = cut.min(ESRI_CM_120.len());
        let _ = Crs::from_wkt(&ESRI_CM_120[..end]);
        let numbers: Vec<&str> = ["6378137.0", "298.257222101", "0.0174532925199433", "500000.0", "120.0", "1.0"].to_vec();
        let changed = ESRI_CM_120.replace(numbers[at % numbers.len()], &number);
        if let Ok(crs) = Crs::from_wkt(&changed) {
            let wgs84 = Crs::from_epsg(4326).unwrap();
            let _ = Transform::between(&wgs84, &crs).unwrap().apply([120.5, 31.0, 0.0]);
        }
    }
}
