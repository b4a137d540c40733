//! What the ground settles by, as people see it: readings in an archive, kriged, drawn with its lines,
//! told in the legend. From the archive to the picture by the program itself.
//!
//! `PINGJIANG_BOWL=FOLDER cargo test --test settlement` leaves the cities there, to be looked at with
//! `pingjiang shot FOLDER/bowl.gpkg --layer settlement --out bowl.png`.
#![cfg(all(feature = "view", feature = "net"))]

#[path = "support/bowl.rs"]
mod bowl;
#[path = "support/pictured.rs"]
mod pictured;

use std::path::{Path, PathBuf};
use std::process::Output;

use pictured::{differing, done, picture, pingjiang, told};

fn document(output: &Output) -> serde_json::Value {
    done(output);
    serde_json::from_slice(&output.stdout).expect("one document")
}

/// A folder for cities: kept where somebody wants to look at them.
struct Cities(tempfile::TempDir, Option<PathBuf>);

impl Cities {
    fn new() -> Self {
        let kept = std::env::var_os("PINGJIANG_BOWL").map(PathBuf::from);
        Self(tempfile::tempdir().expect("a folder"), kept)
    }

    fn folder(&self) -> &Path {
        self.1.as_deref().unwrap_or(self.0.path())
    }

    /// A community of this name; `area` as `generate` has it.
    fn make(&self, name: &str) -> PathBuf {
        let arguments = ["generate", "--area", "zjl", "--seed", "1", "--out", name];
        done(&pingjiang(&arguments, self.folder()));
        self.folder().join(name)
    }

    /// A picture of a city with more options; its pixels and what was printed.
    fn shot(&self, city: &str, out: &str, more: &[&str]) -> (Vec<u8>, Output) {
        let mut arguments = vec!["shot", city, "--size", "640x360", "--layers", "none"];
        arguments.extend(["--view", "overview", "--out", out]);
        arguments.extend_from_slice(more);
        let output = pingjiang(&arguments, self.folder());
        done(&output);
        (picture(&self.folder().join(out)), output)
    }
}

#[test]
fn the_ground_is_drawn_as_far_as_it_can_be_told() {
    let cities = Cities::new();
    let refused = |name: &str| {
        let arguments = ["shot", name, "--layer", "settlement", "--out", "no.png"];
        let output = pingjiang(&arguments, cities.folder());
        assert_eq!(output.status.code(), Some(1), "{}", told(&output));
        assert!(!cities.folder().join("no.png").exists());
        told(&output)
    };
    let city = cities.make("bowl.gpkg");
    // Nothing ran it yet.
    let fault = refused("bowl.gpkg");
    assert!(fault.contains("no archive beside"), "{fault}");

    let points = bowl::settle(&city, bowl::bowl);
    let (plain, _) = cities.shot("bowl.gpkg", "plain.png", &[]);
    let layer = ["--layer", "settlement"];
    let (sheet, output) = cities.shot("bowl.gpkg", "sheet.png", &layer);
    let (again, _) = cities.shot("bowl.gpkg", "again.png", &layer);
    assert_eq!(differing(&sheet, &again), 0, "the same twice");
    assert!(differing(&plain, &sheet) > 20_000, "no sheet is to be seen");
    let document = document(&output);
    assert_eq!(document["layer"], "settlement");
    let answer = &document["answer"];
    assert_eq!(answer["points"].as_u64(), Some(points as u64));
    let (low, high) = (
        &answer["field"]["lowest_mm"],
        &answer["field"]["highest_mm"],
    );
    assert!(
        low.as_f64().is_some_and(|mm| (-9.0..-3.0).contains(&mm)),
        "{answer:#}"
    );
    assert!(
        high.as_f64().is_some_and(|mm| (16.0..26.0).contains(&mm)),
        "{answer:#}"
    );
    let (cells, told) = (&answer["field"]["cells"], &answer["field"]["cells_told"]);
    assert!(told.as_u64() < cells.as_u64(), "{answer:#}");

    // `surface` tells the very same.
    let surface = pingjiang(&["surface", "bowl.gpkg", "--json"], cities.folder());
    let surface = self::document(&surface);
    assert_eq!(surface["field"]["variogram"], answer["field"]["variogram"]);
    assert_eq!(surface["measured_at"], answer["measured_at"]);

    // Contours as far apart as asked for; a moment earlier the bowl is shallower.
    let (fine, _) = cities.shot("bowl.gpkg", "fine.png", &["--layer", "settlement=0.5"]);
    assert!(differing(&sheet, &fine) > 2_000);
    let then = bowl::START.plus(30 * 86_400_000).to_string();
    let (_, output) = cities.shot(
        "bowl.gpkg",
        "then.png",
        &["--layer", "settlement", "--at", &then],
    );
    let earlier = self::document(&output);
    let earlier_mm = earlier["answer"]["field"]["highest_mm"].as_f64();
    assert!(earlier_mm < high.as_f64(), "{earlier:#}");

    // Houses lean over it.
    let both = ["--layer", "settlement", "--deform", "200"];
    let (both, _) = cities.shot("bowl.gpkg", "both.png", &both);
    let (leaning, _) = cities.shot("bowl.gpkg", "leaning.png", &["--deform", "200"]);
    assert!(differing(&both, &sheet) > 100 && differing(&both, &leaning) > 10_000);
}

#[test]
fn where_no_field_can_be_told_the_picture_says_why() {
    let cities = Cities::new();
    type Truth = fn(&bowl::At) -> Option<f64>;
    let cases: [(&str, Truth, &str); 3] = [
        ("noise.gpkg", bowl::noise_alone, "no_structure"),
        ("few.gpkg", bowl::few, "too_few_points"),
        ("silent.gpkg", |_| None, "no_readings"),
    ];
    for (name, truth, why) in cases {
        bowl::settle(&cities.make(name), truth);
        let [plain, sheet] = ["plain", "sheet"].map(|kind| format!("{why}-{kind}.png"));
        let (plain, _) = cities.shot(name, &plain, &[]);
        let (sheet, output) = cities.shot(name, &sheet, &["--layer", "settlement"]);
        let document = document(&output);
        assert_eq!(document["answer"]["no_field"]["why"], why, "{document:#}");
        // But for the stamp at the lower end the city is as it was.
        let upper = 640 * 180 * 4;
        assert_eq!(differing(&plain[..upper], &sheet[..upper]), 0, "{name}");
        assert!(differing(&plain, &sheet) > 0, "{name}: nothing says why");
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let refused = |more: &[&str]| {
        let mut arguments = vec!["shot", "no.gpkg", "--out", "no.png"];
        arguments.extend_from_slice(more);
        let output = pingjiang(&arguments, folder.path());
        assert_eq!(output.status.code(), Some(2), "{}", told(&output));
        told(&output)
    };
    for every in ["0", "-1", "1001", "wide"] {
        let told = refused(&["--layer", &format!("settlement={every}")]);
        assert!(told.contains("from 0.001 to 1000"), "{told}");
    }
    let told = refused(&["--layer", "sinking"]);
    assert!(told.contains("settlement=MM"), "{told}");
}
