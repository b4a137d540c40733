//! Tests of names: every spelling, own grids, faults.

use super::*;
use crate::space::Transform;
use proptest::prelude::*;

fn check(text: &str, name: &str) {
    assert_eq!(
        Crs::parse(text).map(|c| c.name()),
        Ok(name.into()),
        "{text}"
    );
}

#[test]
fn every_spelling_is_read() {
    check("EPSG:4549", "EPSG:4549");
    check(" epsg:4549 ", "EPSG:4549");
    check("4549", "EPSG:4549");
    check("https://www.opengis.net/def/crs/EPSG/0/7415", "EPSG:7415");
    check("http://www.opengis.net/def/crs/EPSG/0/7415", "EPSG:7415");
    check(
        "https://www.opengis.net/def/crs/EPSG/9.9/28992",
        "EPSG:28992",
    );
    check("urn:ogc:def:crs:EPSG::28992", "EPSG:28992");
    check(
        "urn:ogc:def:crs,crs:EPSG::28992,crs:EPSG::5109",
        "EPSG:28992",
    );
    check("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326");
    check("http://www.opengis.net/def/crs/OGC/1.3/CRS84h", "EPSG:4979");
    check("EPSG:28992+5109", "EPSG:28992");
    let proj = "+proj=tmerc +lat_0=0 +lon_0=120 +k=1 +x_0=500000 +ellps=GRS80 +units=m";
    check(proj, proj);
}

#[test]
fn faults_say_what_to_do() {
    let unknown = Crs::parse("EPSG:9999").unwrap_err().to_string();
    assert!(
        unknown.contains("EPSG:9999") && unknown.contains("--crs"),
        "{unknown}"
    );
    assert!(matches!(
        Crs::parse("Suzhou"),
        Err(CrsError::Unreadable { .. })
    ));
    assert!(matches!(
        Crs::parse("EPSG:"),
        Err(CrsError::Unreadable { .. })
    ));
    assert!(matches!(
        Crs::parse("+proj=nonsense"),
        Err(CrsError::Unusable { .. })
    ));
}

proptest! {
    #[test]
    fn no_text_panics(
        text in "\\PC{0,40}",
        words in prop::collection::vec("(proj|lat_0|lon_0|k|ellps|zone|towgs84|R|a|b|pm|units)=[-a-zA-Z0-9.,]{0,9}", 0..6),
        projection in "tmerc|utm|lcc|merc|sterea|somerc|cass|laea|krovak|longlat|aea|stere|omerc",
    ) {
        let _ = Crs::parse(&text);
        let _ = Crs::parse(&format!("urn:ogc:def:crs:EPSG:{text}"));
        let proj = format!("+proj={projection} +{}", words.join(" +"));
        if let Ok(crs) = Crs::parse(&proj) {
            let wgs84 = Crs::from_epsg(4326).unwrap();
            let there = Transform::between(&wgs84, &crs).unwrap();
            let _ = there.apply([13.0, 52.0, 0.0]);
            let _ = Transform::between(&crs, &wgs84).unwrap().apply([1e5, 5e6, 0.0]);
        }
    }
}

#[test]
fn kinds_and_registry_axes() {
    for (code, geographic, north_first) in [
        (4326, true, true),
        (4490, true, true),
        (6697, true, true),
        (4549, false, true),
        (4528, false, true),
        (32651, false, false),
        (28992, false, false),
        (3068, false, true),
    ] {
        let crs = Crs::from_epsg(code).unwrap();
        assert_eq!(crs.is_geographic(), geographic, "{code}");
        assert_eq!(crs.registry_axis_is_north_first(), north_first, "{code}");
    }
}

#[test]
fn own_grids_are_read_and_named() {
    let four = "EPSG:4549 + 4p(dx=500000,dy=3400000.5,scale_ppm=-1.25,rotation_arcsec=3600)";
    check(four, four);
    check(&four.replace(" + ", "+"), four);
    let seven = "EPSG:2437 + 7p(dx=1,dy=2,dz=3,rx_arcsec=0.1,ry_arcsec=0.2,rz_arcsec=0.3,scale_ppm=4,convention=coordinate_frame)";
    check(seven, seven);
    let both = format!("{seven} + 4p(dx=1,dy=2,scale_ppm=0,rotation_arcsec=0)");
    check(&both, &both);
    let proj = "+proj=tmerc +lat_0=0 +lon_0=120 +k=1 +x_0=500000 +y_0=0 +ellps=krass +units=m";
    let of_proj = format!(
        "{proj} + 7p(dx=1,dy=2,dz=3,rx_arcsec=0,ry_arcsec=0,rz_arcsec=0,scale_ppm=4,convention=position_vector)"
    );
    check(&of_proj, &of_proj);
    // The sign says whose rotation is meant.
    let frame = Crs::parse(seven).unwrap();
    assert!(
        frame.proj().ends_with("+towgs84=1,2,3,-0.1,-0.2,-0.3,4"),
        "{}",
        frame.proj()
    );
    let own = Crs::parse(four).unwrap();
    assert_eq!(
        (own.epsg(), own.without_own_grid().epsg()),
        (None, Some(4549))
    );
    assert!(!own.is_same_horizontally(&Crs::from_epsg(4549).unwrap()));
}

#[test]
fn faulty_own_grids_are_refused() {
    let check = |text: &str, expected: &str| {
        let fault = Crs::parse(text).unwrap_err().to_string();
        assert!(fault.contains(expected), "{fault}");
    };
    check("EPSG:4549 + 4p(dx=1)", "dy is missing");
    check("EPSG:4549 + 4p(dx=1", "cannot read");
    check("EPSG:4549 4p(dx=1)", "cannot read");
    check(
        "EPSG:4490 + 4p(dx=1,dy=1,scale_ppm=0,rotation_arcsec=0)",
        "not a projected system",
    );
    check("EPSG:4549 + 7p(dx=1)", "convention is missing");
}
