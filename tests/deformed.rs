//! Buildings as they lean, as people see them: readings in an archive, judged, drawn, stamped. From the
//! archive to the picture by the program itself.
//!
//! `PINGJIANG_LEANING=FOLDER cargo test --test deformed` leaves the city there, to be looked at with
//! `pingjiang shot FOLDER/leaning.gpkg --deform 100 --out leaning.png`.
#![cfg(all(feature = "view", feature = "net"))]

#[path = "support/leaning.rs"]
mod leaning;
#[path = "support/pictured.rs"]
mod pictured;

use std::path::PathBuf;

use pictured::{differing, done, picture, pingjiang, told};

#[test]
fn buildings_lean_by_what_was_measured_until_then() {
    let temporary = tempfile::tempdir().expect("a folder");
    let kept = std::env::var_os("PINGJIANG_LEANING").map(PathBuf::from);
    let at = kept.as_deref().unwrap_or(temporary.path());
    done(&pingjiang(
        &[
            "generate",
            "--area",
            "zjl",
            "--seed",
            "1",
            "--out",
            "leaning.gpkg",
        ],
        at,
    ));
    let shot = |out: &str, more: &[&str]| {
        let mut arguments = vec![
            "shot",
            "leaning.gpkg",
            "--size",
            "640x360",
            "--layers",
            "none",
            "--view",
            "lane",
            "--out",
            out,
        ];
        arguments.extend_from_slice(more);
        let output = pingjiang(&arguments, at);
        done(&output);
        (picture(&at.join(out)), told(&output))
    };
    // Nothing ran it yet: that is said, and nothing leans.
    let (empty, note) = shot("empty.png", &["--deform", "100"]);
    assert!(note.contains("no reading of a tilt sensor"), "{note}");

    leaning::lean(&at.join("leaning.gpkg"));
    let before = leaning::START.plus(-1_000).to_string();
    let later = leaning::START.plus(leaning::DAYS * 86_400_000).to_string();
    let (plain, _) = shot("plain.png", &["--at", &later]);
    let (once, note) = shot("once.png", &["--deform", "1", "--at", &later]);
    assert!(!note.contains("no reading"), "{note}");
    let (leaning, _) = shot("leaning.png", &["--deform", "300", "--at", &later]);
    let (again, _) = shot("again.png", &["--deform", "300", "--at", &later]);
    assert_eq!(differing(&leaning, &again), 0, "the same twice");
    assert!(differing(&plain, &once) > 500, "grades are not to be seen");
    assert!(differing(&once, &leaning) > 500, "nothing leans");
    assert_ne!(differing(&empty, &leaning), 0);
    // Of a moment before the first reading nothing is known.
    let (_, note) = shot("early.png", &["--deform", "100", "--at", &before]);
    assert!(
        note.contains("no reading of a tilt sensor") && note.contains("until"),
        "{note}"
    );
}

#[test]
fn a_factor_out_of_range_or_beside_a_layer_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let refused = |more: &[&str]| {
        let mut arguments = vec!["shot", "no.gpkg", "--out", "no.png"];
        arguments.extend_from_slice(more);
        let output = pingjiang(&arguments, folder.path());
        assert_eq!(output.status.code(), Some(2), "{}", told(&output));
        told(&output)
    };
    for factor in ["0", "501", "-1", "ten"] {
        let told = refused(&[&format!("--deform={factor}")]);
        assert!(told.contains("from 1 to 500"), "{told}");
    }
    let told = refused(&["--deform", "100", "--layer", "coverage"]);
    assert!(told.contains("cannot be used with"), "{told}");
}
