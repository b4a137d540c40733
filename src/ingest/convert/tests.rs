//! Whatever the parts of a file are, the same comes out of it.

use std::path::Path;

use proptest::prelude::*;

use super::super::raw::{Attributes, RawKind, RawShape, Spot};
use super::super::{choose_crs, read};
use super::*;

fn origin() -> Origin {
    Origin {
        dataset: "t".into(),
        import: ImportId::from_bits(1),
        crs: None,
        datum: Datum::Wgs84,
    }
}

/// A square of about 10 m with its corner here, degrees.
fn house(number: usize, [lon, lat]: [f64; 2]) -> RawFeature {
    let corners = [[0.0, 0.0], [1e-4, 0.0], [1e-4, 1e-4], [0.0, 1e-4]];
    let ring = corners.map(|[x, y]| [lon + x, lat + y, 0.0]);
    RawFeature {
        key: number.to_string(),
        spot: Spot::Feature(number + 1),
        kind: RawKind::Building,
        attributes: Attributes::new(),
        shape: RawShape {
            polygons: vec![vec![ring.to_vec()]],
            ..RawShape::default()
        },
    }
}

fn city(at: impl IntoIterator<Item = [f64; 2]>) -> RawCity {
    let features = at.into_iter().enumerate();
    RawCity {
        crs: Crs::from_epsg(4326).ok(),
        features: features.map(|(number, at)| house(number, at)).collect(),
        ..RawCity::new(Format::GeoJson)
    }
}

/// Into a new city in parts of this size, with the number of readings it took.
fn in_parts(mut raw: RawCity, size: usize) -> (Result<(Crs, Converted), ReadError>, usize) {
    let features = std::mem::take(&mut raw.features);
    let mut readings = 0;
    let result = convert_parts(None, &origin(), |take| {
        readings += 1;
        hand_on(raw.clone(), features.chunks(size), take)
    });
    (result, readings)
}

/// The same in parts of a few sizes as in one, which is as `choose_crs` and `convert` have it.
fn check_parts(raw: &RawCity) -> Result<(), TestCaseError> {
    let (whole, readings) = in_parts(raw.clone(), usize::MAX);
    prop_assert_eq!(readings, 1);
    let separately = choose_crs(raw, None).and_then(|crs| {
        let target = Target {
            crs: crs.clone(),
            extent: None,
        };
        Ok((crs, convert(raw.clone(), &target, &origin())?))
    });
    prop_assert_eq!(&whole, &separately);
    for size in [1, 2, 3, 7] {
        let (parts, readings) = in_parts(raw.clone(), size);
        prop_assert!(readings <= 3);
        match (parts, &whole) {
            (Ok((crs, mut parts)), Ok((known, whole))) => {
                prop_assert_eq!(&crs, known);
                prop_assert_eq!(parts.warnings.count(), whole.warnings.count());
                // How far a stray feature lies is told from another place.
                parts.warnings = whole.warnings.clone();
                prop_assert_eq!(&parts, whole);
            }
            (Err(parts), Err(whole)) => {
                prop_assert_eq!(
                    std::mem::discriminant(&parts),
                    std::mem::discriminant(whole)
                );
            }
            (parts, whole) => prop_assert!(false, "{parts:?} is not {whole:?}"),
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Towns hundreds of kilometres apart, zones of their own, places that are none.
    #[test]
    fn parts_never_decide(at in prop::collection::vec(
        prop_oneof![
            4 => (120.6..120.7, 31.2..31.4),
            2 => (116.0..126.0, 28.0..34.0),
            1 => (-200.0..200.0, -95.0..95.0),
        ],
        0..24,
    )) {
        check_parts(&city(at.into_iter().map(|(lon, lat)| [lon, lat])))?;
    }
}

#[test]
fn parts_of_files_give_what_the_files_give() {
    for name in [
        "every_kind.geojson",
        "every_type.city.json",
        "old.city.json",
        "looks.city.json",
        "two.city.jsonl",
    ] {
        let path = Path::new("tests/data/ingest").join(name);
        let bytes = std::fs::read(&path).unwrap();
        let raw = read(&bytes, &path, None).unwrap();
        assert!(!raw.features.is_empty(), "{name}");
        check_parts(&raw).unwrap();
    }
}

#[test]
fn a_first_part_in_another_zone_is_read_over() {
    let west = std::iter::repeat_n([131.9, 34.0], 3);
    let east = std::iter::repeat_n([132.1, 34.0], 4);
    let raw = city(west.chain(east));
    let (result, readings) = in_parts(raw.clone(), 3);
    let (crs, converted) = result.unwrap();
    assert_eq!((crs.name().as_str(), readings), ("EPSG:32653", 2));
    assert_eq!(converted.entities.len(), 7);
    check_parts(&raw).unwrap();
}

#[test]
fn stray_features_at_the_beginning_cost_themselves_only() {
    // In the zone of the rest, so that it is the distance that tells.
    let strays = std::iter::repeat_n([120.6, 5.0], 2);
    let suzhou = (0..9).map(|step| [120.6 + 0.01 * f64::from(step), 31.3]);
    let raw = city(strays.chain(suzhou));
    let (result, readings) = in_parts(raw.clone(), 2);
    let (crs, converted) = result.unwrap();
    assert_eq!(crs.name(), "EPSG:4549");
    assert_eq!(converted.entities.len(), 9);
    assert_eq!(converted.faulty, ["0", "1"]);
    assert!((2..=3).contains(&readings), "{readings}");
    check_parts(&raw).unwrap();
}

#[test]
fn one_stray_feature_later_on_is_no_reason_to_read_again() {
    let suzhou = (0..9).map(|step| [120.6 + 0.01 * f64::from(step), 31.3]);
    let raw = city(suzhou.chain([[120.6, 5.0]]));
    let (result, readings) = in_parts(raw, 2);
    let (_, converted) = result.unwrap();
    assert_eq!((converted.entities.len(), readings), (9, 1));
}

#[test]
fn most_of_a_file_astray_is_refused_whatever_its_parts() {
    let target = Target {
        crs: Crs::from_epsg(4549).unwrap(),
        extent: Some(Bounds2::from_points([[559_000.0, 3_465_000.0]])),
    };
    let mut raw = city((0..5).map(|_| [120.6, 5.0]).chain([[120.6, 31.3]; 4]));
    let features = std::mem::take(&mut raw.features);
    for size in [1, 2, 100] {
        let fault = convert_parts(Some(&target), &origin(), |take| {
            hand_on(raw.clone(), features.chunks(size), take)
        });
        let fault = fault.unwrap_err().to_string();
        assert!(fault.contains("feature 1 (id 0)"), "{fault}");
    }
}
