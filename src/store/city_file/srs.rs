//! The city's coordinate system as GeoPackage wants it: a row with a definition in well-known text.
//! Never transforms a coordinate; `space` does.

use crate::space::{Crs, CrsError};

/// A row of `gpkg_spatial_ref_sys`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SrsRow {
    /// Its number in this file: the EPSG code where there is one.
    pub srs_id: i32,
    /// Its name.
    pub name: String,
    /// Who defined it.
    pub organization: &'static str,
    /// Well-known text, or `undefined`.
    pub definition: String,
    /// The proj string, for readers who need more than the code.
    pub description: String,
}

/// The number of a system that has no EPSG code.
const OWN_SRS_ID: i32 = 100_000;

const WGS_84: &str = r#"GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]"#;
const CGCS2000: &str = r#"GEOGCS["China Geodetic Coordinate System 2000",DATUM["China_2000",SPHEROID["CGCS2000",6378137,298.257222101,AUTHORITY["EPSG","1024"]],AUTHORITY["EPSG","1043"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4490"]]"#;
const ETRS89: &str = r#"GEOGCS["ETRS89",DATUM["European_Terrestrial_Reference_System_1989",SPHEROID["GRS 1980",6378137,298.257222101,AUTHORITY["EPSG","7019"]],AUTHORITY["EPSG","6258"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4258"]]"#;
const AMERSFOORT: &str = r#"GEOGCS["Amersfoort",DATUM["Amersfoort",SPHEROID["Bessel 1841",6377397.155,299.1528128,AUTHORITY["EPSG","7004"]],AUTHORITY["EPSG","6289"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4289"]]"#;

/// The rows that every GeoPackage has.
pub(super) fn standard_rows() -> [SrsRow; 3] {
    let undefined = |srs_id, name: &str| SrsRow {
        srs_id,
        name: name.to_owned(),
        organization: "NONE",
        definition: "undefined".to_owned(),
        description: name.to_owned(),
    };
    [
        undefined(-1, "Undefined Cartesian SRS"),
        undefined(0, "Undefined geographic SRS"),
        SrsRow {
            srs_id: 4326,
            name: "WGS 84 geodetic".to_owned(),
            organization: "EPSG",
            definition: WGS_84.to_owned(),
            description: "longitude, latitude in degrees".to_owned(),
        },
    ]
}

/// The row of a city's system.
///
/// # Errors
/// When the text names no system that we know, or one in degrees.
pub(super) fn row_of(crs: &str) -> Result<SrsRow, String> {
    let crs = Crs::parse(crs).map_err(|fault: CrsError| fault.to_string())?;
    if !crs.is_projected() {
        return Err(format!(
            "{crs} is not projected but in degrees or geocentric; a city needs a projected system in metres, such as EPSG:4549"
        ));
    }
    let code = crs.epsg();
    let known = code.and_then(definition);
    let (name, definition) = known.unwrap_or_else(|| (crs.name(), "undefined".to_owned()));
    Ok(SrsRow {
        srs_id: code
            .and_then(|code| i32::try_from(code).ok())
            .unwrap_or(OWN_SRS_ID),
        name,
        organization: if code.is_some() { "EPSG" } else { "NONE" },
        definition,
        description: crs.proj().to_owned(),
    })
}

/// Name and well-known text of the systems whose zones follow a formula, and a few more.
fn definition(code: u32) -> Option<(String, String)> {
    let gauss_kruger = |step: u32, zone: Option<u32>, meridian: u32| {
        let width = if step == 3 { "3-degree " } else { "" };
        let which = match zone {
            Some(zone) => format!("zone {zone}"),
            None => format!("CM {meridian}E"),
        };
        let false_easting = 500_000 + zone.unwrap_or(0) * 1_000_000;
        let name = format!("CGCS2000 / {width}Gauss-Kruger {which}");
        let values = [0.0, f64::from(meridian), 1.0, f64::from(false_easting), 0.0];
        projected(&name, CGCS2000, "Transverse_Mercator", values, code)
    };
    let utm = |datum: &str, geographic: &str, zone: u32, south: bool| {
        let hemisphere = if south { "S" } else { "N" };
        let name = format!("{datum} / UTM zone {zone}{hemisphere}");
        let false_northing = if south { 10_000_000.0 } else { 0.0 };
        let meridian = f64::from(zone) * 6.0 - 183.0;
        let values = [0.0, meridian, 0.9996, 500_000.0, false_northing];
        projected(&name, geographic, "Transverse_Mercator", values, code)
    };
    Some(match code {
        4491..=4501 => gauss_kruger(6, Some(code - 4478), 75 + 6 * (code - 4491)),
        4502..=4512 => gauss_kruger(6, None, 75 + 6 * (code - 4502)),
        4513..=4533 => gauss_kruger(3, Some(code - 4488), 75 + 3 * (code - 4513)),
        4534..=4554 => gauss_kruger(3, None, 75 + 3 * (code - 4534)),
        32601..=32660 => utm("WGS 84", WGS_84, code - 32600, false),
        32701..=32760 => utm("WGS 84", WGS_84, code - 32700, true),
        25828..=25838 => utm("ETRS89", ETRS89, code - 25800, false),
        28992 => {
            let values = [52.1561605555556, 5.38763888888889, 0.9999079, 155e3, 463e3];
            let method = "Oblique_Stereographic";
            projected("Amersfoort / RD New", AMERSFOORT, method, values, code)
        }
        _ => return None,
    })
}

fn projected(
    name: &str,
    geographic: &str,
    method: &str,
    [latitude, longitude, scale, false_easting, false_northing]: [f64; 5],
    code: u32,
) -> (String, String) {
    // No axes: a GeoPackage stores east first whatever the registry prescribes.
    let text = format!(
        "PROJCS[\"{name}\",{geographic},PROJECTION[\"{method}\"],\
         PARAMETER[\"latitude_of_origin\",{latitude}],PARAMETER[\"central_meridian\",{longitude}],\
         PARAMETER[\"scale_factor\",{scale}],PARAMETER[\"false_easting\",{false_easting}],\
         PARAMETER[\"false_northing\",{false_northing}],\
         UNIT[\"metre\",1,AUTHORITY[\"EPSG\",\"9001\"]],AUTHORITY[\"EPSG\",\"{code}\"]]"
    );
    (name.to_owned(), text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_families_have_names_and_meridians() {
        let row = row_of("EPSG:4549").unwrap();
        assert_eq!(row.srs_id, 4549);
        assert_eq!(row.name, "CGCS2000 / 3-degree Gauss-Kruger CM 120E");
        assert!(row.definition.contains(r#"["central_meridian",120]"#));
        let zone = row_of("EPSG:4528").unwrap();
        assert_eq!(zone.name, "CGCS2000 / 3-degree Gauss-Kruger zone 40");
        assert!(zone.definition.contains(r#"["false_easting",40500000]"#));
        assert_eq!(
            row_of("EPSG:4499").unwrap().name,
            "CGCS2000 / Gauss-Kruger zone 21"
        );
        assert_eq!(row_of("EPSG:32651").unwrap().name, "WGS 84 / UTM zone 51N");
    }

    #[test]
    fn what_has_no_text_is_still_named() {
        let compound = row_of("EPSG:7415").unwrap();
        assert_eq!((compound.srs_id, compound.organization), (7415, "EPSG"));
        assert_eq!(compound.definition, "undefined");
        let own =
            row_of("+proj=tmerc +lat_0=0 +lon_0=120.5 +k=1 +x_0=0 +y_0=0 +ellps=GRS80").unwrap();
        assert_eq!((own.srs_id, own.organization), (OWN_SRS_ID, "NONE"));
        assert!(row_of("EPSG:4490").unwrap_err().contains("degrees"));
        assert!(row_of("Suzhou").is_err());
    }
}
