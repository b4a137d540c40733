//! Pictures, as a person on a fresh machine gets them: the binary, the software rasteriser, a
//! generated and an imported city. Looked at by their structure, not by golden pixels, which a
//! driver's next version may move by one.
#![cfg(all(feature = "view", feature = "net"))]

mod support;

use std::path::Path;
use std::process::{Command, Output};

use support::borrowed;

fn pingjiang(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_pingjiang"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the program starts")
}

fn done(output: &Output) {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn read(path: &Path) -> (u32, u32, Vec<u8>) {
    let file = std::io::BufReader::new(std::fs::File::open(path).expect("the picture is there"));
    let mut reader = png::Decoder::new(file).read_info().expect("a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a small picture")];
    let info = reader.next_frame(&mut pixels).expect("whole");
    (info.width, info.height, pixels)
}

/// Share of pixels that differ from their right neighbour: an empty picture has none.
fn busy(width: u32, pixels: &[u8]) -> f64 {
    let rows = pixels.chunks_exact(width as usize * 4);
    let edges: usize = rows
        .map(|row| {
            row.chunks_exact(4)
                .zip(row.chunks_exact(4).skip(1))
                .filter(|(a, b)| a != b)
                .count()
        })
        .sum();
    edges as f64 / (pixels.len() / 4) as f64
}

/// How much pixels differ from the one below, in shares of how much they do from the one beside.
fn steepness(width: u32, pixels: &[u8]) -> f64 {
    let difference = |step: usize| -> u64 {
        let pairs = pixels.iter().zip(&pixels[step..]);
        pairs.map(|(a, b)| u64::from(a.abs_diff(*b))).sum()
    };
    difference(width as usize * 4) as f64 / difference(4) as f64
}

#[test]
fn the_same_city_time_and_view_give_the_same_picture() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    done(&pingjiang(
        &[
            "generate", "--area", "zjl", "--seed", "1", "--out", "zjl.gpkg",
        ],
        at,
    ));
    let sized = |size: &str, out: &str, more: &[&str]| {
        let mut arguments = vec!["shot", "zjl.gpkg", "--size", size, "--out", out];
        arguments.extend_from_slice(more);
        done(&pingjiang(&arguments, at));
        at.join(out)
    };
    let shot = |out: &str, more: &[&str]| sized("640x360", out, more);
    let first = read(&shot("a.png", &[]));
    let second = read(&shot("b.png", &[]));
    assert_eq!((first.0, first.1), (640, 360));
    assert!(first == second, "two pictures of the same moment differ");
    assert!(
        busy(first.0, &first.2) > 0.3,
        "the city is not in the picture"
    );
    let night = read(&shot(
        "c.png",
        &["--theme", "night", "--lang", "en", "--view", "canal"],
    ));
    assert!(night.2 != first.2 && busy(night.0, &night.2) > 0.2);
    // Of any width, not of those alone whose rows a graphics card needs not pad.
    let even = steepness(first.0, &first.2);
    for size in ["601x340", "330x200"] {
        let odd = read(&sized(size, "e.png", &[]));
        let steep = steepness(odd.0, &odd.2);
        assert!(steep < 1.3 * even, "{size}: {steep} beside {even}");
    }
    let bare = read(&shot("d.png", &["--layers", "none"]));
    assert!(bare.2 != first.2, "layers make no difference");
}

#[test]
fn an_imported_city_fills_every_layer() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let Some(file) = borrowed("citymodels/cityjson/delft_v20_570obj_lod1.city.json") else {
        return;
    };
    let file = file.display().to_string();
    done(&pingjiang(&["import", &file, "--into", "delft.gpkg"], at));
    done(&pingjiang(
        &[
            "generate",
            "--into",
            "delft.gpkg",
            "--devices",
            "200",
            "--cameras",
            "10",
            "--seed",
            "1",
        ],
        at,
    ));
    let output = pingjiang(&["shot", "delft.gpkg", "--describe"], at);
    done(&output);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    for layer in [
        "ground",
        "water",
        "roads",
        "buildings",
        "devices",
        "cameras",
    ] {
        let line = text
            .lines()
            .find(|line| line.starts_with(layer))
            .unwrap_or_default();
        let count: usize = line
            .split_whitespace()
            .nth(1)
            .and_then(|n| n.parse().ok())
            .unwrap_or(0);
        assert!(count > 0, "layer {layer} is empty:\n{text}");
    }
    done(&pingjiang(
        &[
            "shot",
            "delft.gpkg",
            "--size",
            "320x180",
            "--out",
            "delft.png",
        ],
        at,
    ));
    let (width, _, pixels) = read(&at.join("delft.png"));
    assert!(busy(width, &pixels) > 0.2);
}

#[test]
fn bad_wishes_are_answered_with_what_there_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    done(&pingjiang(
        &[
            "generate", "--area", "zjl", "--seed", "2", "--out", "zjl.gpkg",
        ],
        at,
    ));
    let check = |arguments: &[&str], expected: &str| {
        let output = pingjiang(arguments, at);
        assert!(!output.status.success(), "{arguments:?}");
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(message.contains(expected), "{arguments:?}: {message}");
        assert!(!message.contains("panicked"), "{message}");
        assert!(!at.join("x.png").exists(), "{arguments:?} left a picture");
    };
    check(
        &["shot", "zjl.gpkg", "--view", "moon", "--out", "x.png"],
        "overview",
    );
    check(
        &["shot", "zjl.gpkg", "--size", "1280", "--out", "x.png"],
        "1280x720",
    );
    check(
        &[
            "shot",
            "zjl.gpkg",
            "--size",
            "99999x10000",
            "--out",
            "x.png",
        ],
        "larger than",
    );
    check(
        &["shot", "zjl.gpkg", "--size", "4x4", "--out", "x.png"],
        "16 pixels",
    );
    check(
        &["shot", "zjl.gpkg", "--layers", "smells", "--out", "x.png"],
        "devices, labels, hud",
    );
    for wrong in ["x.jpg", "x"] {
        check(&["shot", "zjl.gpkg", "--out", wrong], "name it x.png");
        assert!(!at.join("x.jpg").exists() && !at.join("x").exists());
    }
    check(
        &[
            "shot", "zjl.gpkg", "--lon", "500", "--lat", "31", "--out", "x.png",
        ],
        "--lon 500",
    );
    // Another continent: the answer tells where the city is.
    check(
        &[
            "shot", "zjl.gpkg", "--lon", "1", "--lat", "1", "--out", "x.png",
        ],
        "covers longitude 120.",
    );
    // Values below nothing are answered by the option itself.
    for (option, value, expected) in [
        ("--pitch", "0", "between 1 and 90 degrees"),
        ("--pitch", "-5", "between 1 and 90 degrees"),
        ("--range", "-5", "between 1 and 200000 metres"),
        ("--compare", "-1", "write 1..2"),
    ] {
        check(
            &["shot", "zjl.gpkg", option, value, "--out", "x.png"],
            expected,
        );
    }
    check(&["shot", "nothing.gpkg", "--out", "x.png"], "nothing.gpkg");
}

/// A box of two heights: flat walls of 9 m in LoD 1, a tower of 30 m in LoD 2.
fn box_of_two_levels() -> serde_json::Value {
    let [(w, e), (s, n)] = [(558_600, 558_620), (3_466_000, 3_466_015)];
    let corners = |up: i32| [[w, s, up], [e, s, up], [e, n, up], [w, n, up]];
    let vertices: Vec<_> = [0, 9, 30].into_iter().flat_map(corners).collect();
    let shell = |top: i32| {
        let wall = |at: i32| {
            let next = (at + 1) % 4;
            vec![vec![at, next, top + next, top + at]]
        };
        let mut faces = vec![vec![vec![0, 3, 2, 1]], vec![(top..top + 4).collect()]];
        faces.extend((0..4).map(wall));
        faces
    };
    let geometry = |lod: &str, top: i32| serde_json::json!({"type": "Solid", "lod": lod, "boundaries": [shell(top)]});
    serde_json::json!({
        "type": "CityJSON", "version": "2.0",
        "transform": {"scale": [1.0, 1.0, 1.0], "translate": [0.0, 0.0, 0.0]},
        "metadata": {"referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/4549"},
        "CityObjects": {"b": {"type": "Building", "geometry": [geometry("1", 4), geometry("2", 8)]}},
        "vertices": vertices,
    })
}

#[test]
fn a_level_of_detail_can_be_chosen() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    std::fs::write(at.join("box.city.json"), box_of_two_levels().to_string()).expect("a file");
    done(&pingjiang(
        &["import", "box.city.json", "--into", "box.gpkg"],
        at,
    ));
    let shot = |out: &str, more: &[&str]| {
        let plain = [
            "shot", "box.gpkg", "--size", "160x90", "--layers", "none", "--out", out,
        ];
        done(&pingjiang(&[&plain, more].concat(), at));
        std::fs::read(at.join(out)).expect("a picture")
    };
    let finest = shot("finest.png", &[]);
    assert!(finest == shot("2.png", &["--lod", "2"]));
    assert!(finest != shot("1.png", &["--lod", "1"]));
    let wrong = pingjiang(&["shot", "box.gpkg", "--out", "x.png", "--lod", "fine"], at);
    assert_eq!(wrong.status.code(), Some(2));
}

/// A building of the generated community in which somebody lives.
fn inhabited(city: &str, at: &Path) -> String {
    let ask = |question: &[&str]| {
        let output = pingjiang(&[&["query", city][..], question, &["--json"]].concat(), at);
        done(&output);
        let told: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        told["answer"].clone()
    };
    let found = ask(&["search", "1", "--kind", "building"]);
    let keys = found.as_array().into_iter().flatten();
    let keys = keys.filter_map(|one| one["key"].as_str().map(str::to_owned));
    // Counts of one house are told in steps: a number of people, or at least so many.
    let has_people = |id: &String| {
        let told = &ask(&["incident", id])["people"]["residents"];
        told.as_u64().or(told["at_least"].as_u64()) >= Some(5)
    };
    keys.into_iter()
        .find(has_people)
        .expect("people live there")
}

#[test]
fn a_layer_is_drawn_from_the_rows_that_a_question_has() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let made = [
        "generate", "--area", "zjl", "--seed", "1", "--out", "z.gpkg",
    ];
    done(&pingjiang(&made, at));
    let plain = ["shot", "z.gpkg", "--size", "640x360", "--out"];
    let shot = |out: &str, more: &[&str]| {
        let output = pingjiang(&[&plain, &[out][..], more].concat(), at);
        done(&output);
        (read(&at.join(out)), output.stdout)
    };
    let (bare, _) = shot("bare.png", &[]);
    let questions: [(&[&str], &[&str]); 2] = [
        (
            &["--layer", "quality=stale", "--by", "grid"],
            &["quality", "--by", "grid"],
        ),
        (&["--layer", "coverage"], &["coverage"]),
    ];
    for (layer, question) in questions {
        let (picture, rows) = shot("layer.png", layer);
        assert!(picture != bare, "{layer:?} changes nothing");
        let words = [&["query", "z.gpkg"][..], question, &["--json"]].concat();
        let output = pingjiang(&words, at);
        done(&output);
        let of = |bytes: &[u8]| {
            let told: serde_json::Value = serde_json::from_slice(bytes).expect("JSON");
            told["answer"].clone()
        };
        let rows = of(&rows);
        // Names of rows for nobody follow the language of the picture.
        assert_eq!(rows["total"]["stale"], of(&output.stdout)["total"]["stale"]);
        assert_eq!(rows["road_share"], of(&output.stdout)["road_share"]);
        assert!(rows.as_object().is_some_and(|rows| rows.len() >= 4));
    }
    let wrong = pingjiang(
        &[&plain, &["x.png", "--layer", "quality=smell"][..]].concat(),
        at,
    );
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("contradictory"));
}

#[test]
fn a_card_under_a_role_is_on_record_before_it_is_drawn() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let made = [
        "generate", "--area", "zjl", "--seed", "1", "--out", "z.gpkg",
    ];
    done(&pingjiang(&made, at));
    let building = inhabited("z.gpkg", at);
    let sized = |size: &str, out: &str, more: &[&str]| {
        let plain = [
            "shot", "z.gpkg", "--size", size, "--select", &building, "--out", out,
        ];
        pingjiang(&[&plain, more].concat(), at)
    };
    let shot = |out: &str, more: &[&str]| sized("1280x720", out, more);
    let reveals = || {
        let output = pingjiang(&["audit", "z.gpkg", "--json"], at);
        done(&output);
        let told: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        told["reveals"].as_array().map_or(0, Vec::len)
    };
    done(&shot("masked.png", &[]));
    assert_eq!(reveals(), 0);
    let operator = [
        "--role",
        "operator",
        "--purpose",
        "incident",
        "--note",
        "test",
    ];
    done(&sized("640x360", "small.png", &operator));
    assert_eq!(reveals(), 0, "no card has room there, so nothing is opened");
    done(&shot("open.png", &operator));
    assert_eq!(reveals(), 1);
    assert!(read(&at.join("masked.png")) != read(&at.join("open.png")));
    // Nothing listens there: nothing is put on record, so nothing is drawn.
    let nobody = [
        &operator[..],
        &["--connect", "http://127.0.0.1:1", "--token", "x"],
    ]
    .concat();
    let output = shot("never.png", &nobody);
    assert!(!output.status.success());
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(message.contains("nothing personal is shown"), "{message}");
    assert!(!at.join("never.png").exists());
    assert_eq!(reveals(), 1);
}
