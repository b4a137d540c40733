//! CityJSON against the corpora: every case of cityjson-corpus as its `case.json` says, every file
//! of cjval as the crate cjval judges it in this very run, and the shared city models. Data are
//! borrowed; without them a test is skipped, on the CI machine it fails.

#[path = "support/cityjson.rs"]
mod cityjson;
#[path = "support/judge.rs"]
mod judge;
mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use cityjson::{files_below, format_of, json, name_of, read};
use pingjiang::ingest::{Format, RawCity, RawFeature};
use serde_json::Value;
use support::borrowed;

/// What must stand in the refusal of each invalid case: the place of the fault, or its key.
const CORPUS_FAULTS: &[(&str, &[&str])] = &[
    ("invalid_missing_type", &["type: it is \"\""]),
    (
        "invalid_out_of_range_vertex_index",
        &["invalid_out_of_range_vertex_index.geometry[0].boundaries[0][0][0][2]: vertex 99"],
    ),
    (
        "invalid_u64_f64_bounds",
        &[
            "vertices[1]: too large",
            "transform.translate[0]: too large",
        ],
    ),
    (
        "invalid_cityjsonfeature_root_id_unresolved",
        &["line 1, id: there is no object \"missing-main-object\""],
    ),
];

#[test]
fn the_corpus_comes_out_as_its_cases_say() {
    let Some(cases) = borrowed("conformance/cityjson-corpus/cases") else {
        return;
    };
    let mut folders = Vec::new();
    files_below(&cases, &mut |path| {
        if path.ends_with("case.json") {
            folders.push(path.parent().expect("a folder").to_owned());
        }
    });
    let (mut accepted, mut rejected, mut without) = (0, 0, Vec::new());
    for folder in folders {
        let case = json(&folder.join("case.json"));
        let id = case["id"].as_str().expect("an id");
        let source = case["artifact_paths"]["source"]
            .as_str()
            .unwrap_or_default();
        let file = folder.join(source.rsplit('/').next().unwrap_or_default());
        if case["artifact_mode"] != "checked-in" || !file.is_file() {
            without.push(id.to_owned());
            continue;
        }
        let format = match case["representation"].as_str() {
            Some("cityjson") => Format::CityJson,
            _ => Format::CityJsonSeq,
        };
        let is_invalid = case["layer"] == "invalid";
        match (read(&file, format), is_invalid) {
            (Ok(city), false) => {
                accepted += 1;
                nothing_is_lost(id, &json_objects(&file), &city);
            }
            (Err(fault), true) => {
                rejected += 1;
                let fault = fault.to_string();
                let (_, words) = CORPUS_FAULTS
                    .iter()
                    .find(|(known, _)| *known == id)
                    .unwrap_or_else(|| panic!("{id}: no words for {fault}"));
                for word in *words {
                    assert!(fault.contains(word), "{id}: {word} is not in\n{fault}");
                }
            }
            (Ok(_), true) => panic!("{id} is invalid and was taken"),
            (Err(fault), false) => panic!("{id} is valid and was refused: {fault}"),
        }
    }
    println!("corpus: {accepted} taken, {rejected} refused");
    println!(
        "corpus, not run for want of data: {} {without:?}",
        without.len()
    );
    assert_eq!((accepted, rejected), (35, 4));
    assert_eq!(without.len(), 16, "{without:?}");
}

/// Objects of a document with the parents they name; none of a sequence.
fn json_objects(file: &Path) -> BTreeMap<String, Option<String>> {
    let text = std::fs::read_to_string(file).expect("a file");
    let document: Value = serde_json::from_str(&text).unwrap_or_default();
    let objects = document["CityObjects"].as_object().into_iter().flatten();
    let parent = |object: &Value| Some(object["parents"].get(0)?.as_str()?.to_owned());
    objects
        .map(|(key, object)| (key.clone(), parent(object)))
        .collect()
}

/// Every object of a valid file is a feature, belongs to one, or is named in a warning; of a
/// reason that comes often only the first places are kept, so its count tells for the rest.
fn nothing_is_lost(id: &str, objects: &BTreeMap<String, Option<String>>, city: &RawCity) {
    let warnings = city.warnings.list().iter();
    let places: Vec<&String> = warnings.flat_map(|one| &one.places).collect();
    let is_told = |key: &str| {
        let is_feature = city.features.iter().any(|one| one.key == key);
        is_feature || places.iter().any(|place| place.contains(key))
    };
    let nameless: u64 = warnings_beyond_their_places(city);
    let mut missing = Vec::new();
    for key in objects.keys() {
        let mut at = Some(key);
        let mut is_there = false;
        while let Some(one) = at.filter(|_| !is_there) {
            is_there = is_told(one);
            at = objects.get(one).and_then(Option::as_ref);
        }
        if !is_there {
            missing.push(key);
        }
    }
    assert!(
        missing.len() as u64 <= nameless,
        "{id}: nothing of {missing:?}"
    );
}

fn warnings_beyond_their_places(city: &RawCity) -> u64 {
    let warnings = city.warnings.list().iter();
    warnings
        .map(|one| one.count - one.places.len() as u64)
        .sum()
}

/// Folder of the extension files that come with cjval.
fn extension_files() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judge/Cargo.toml");
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--manifest-path",
        ])
        .arg(manifest)
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo prints JSON");
    let packages = metadata["packages"].as_array().expect("packages").iter();
    let cjval = packages.into_iter().find(|one| one["name"] == "cjval");
    let path = cjval.expect("cjval")["manifest_path"]
        .as_str()
        .expect("a path");
    Path::new(path).with_file_name("schemas").join("extensions")
}

/// The extension files of the version and names that a file declares, under the names by which
/// it asks for them.
fn wanted_extensions(text: &str) -> Vec<(String, PathBuf)> {
    let first = text.lines().next().unwrap_or_default();
    let head: Value = serde_json::from_str(text)
        .or_else(|_| serde_json::from_str(first))
        .unwrap_or_default();
    let folder = match head["version"].as_str() {
        Some("2.0") => "20",
        _ => "11",
    };
    let declared = head["extensions"].as_object().into_iter().flatten();
    let found = declared.filter_map(|(_, about)| {
        let asked = about["url"].as_str()?.rsplit('/').next()?.to_owned();
        // The noise extension goes by several names.
        let name = asked.replace("noise3", "noise");
        let path = extension_files().join(folder).join(name);
        path.is_file().then_some((asked, path))
    });
    found.collect()
}

/// What must stand in the refusal of each invalid file of cjval, or in the warnings of a sequence.
const CJVAL_FAULTS: &[(&str, &str)] = &[
    ("cjfeat1.json", "type: it is \"CityJSONFeature\""),
    (
        "cube_20.jsonl",
        "line 2, CityObjects.id-1.type: \"GnericCityObject\" is not a type",
    ),
    (
        "cube_20.txt",
        "line 2, CityObjects.id-1.type: \"GnericCityObject\" is not a type",
    ),
    (
        "cube.txt",
        "line 2, CityObjects.id-1.type: \"+99999GnericCityObject\"",
    ),
    ("duplicate.json", "its key is given twice"),
    (
        "extension.jsonl",
        "line 2, CityObjects.id-1.type: \"GnericCityObject\" is not a type",
    ),
    ("extraattribute.json", "\"+building-type\""),
    ("generic.ext.json", "type: it is \"CityJSONExtension\""),
    ("many2.json", "\"+roger\""),
    (
        "material.city.json",
        "CityObjects.id-1.geometry[0].material.main2.values",
    ),
    (
        "material2.city.json",
        "CityObjects.id-1.geometry[0].material.main.value",
    ),
    ("o.json", "vertex 44 does not exist"),
    ("o4.json", "version: \"0.9\""),
    ("potatoes.city.json", "extensions.Potatoe.version"),
    ("sem.json", "\"+RoofWall\""),
    (
        "texture1.city.json",
        "CityObjects.building_texture.geometry[0].texture",
    ),
    (
        "texture2.city.json",
        "CityObjects.building_texture.geometry[0].texture",
    ),
    (
        "texture6.city.json",
        "geometry[0].texture.00.values[0][0][1]",
    ),
];

/// What a file comes to: sequences that lose a feature count as invalid, as they do for cjval.
fn outcome(path: &Path) -> (bool, String) {
    match read(path, format_of(path)) {
        Err(fault) => (false, fault.to_string()),
        Ok(city) => {
            let told: Vec<String> = city
                .warnings
                .list()
                .iter()
                .map(|one| format!("{}: {}", one.places.join(", "), one.reason))
                .collect();
            let is_whole = !told.iter().any(|one| {
                one.starts_with("line")
                    && (one.ends_with(": skipped") || one.ends_with("read all the same"))
            });
            for (line, told) in told
                .iter()
                .filter_map(|one| Some((one.split(',').next()?, one)))
            {
                let is_left_out = told.ends_with(": skipped") && told.contains(".type");
                let of_line = |one: &RawFeature| one.place().starts_with(&format!("{line},"));
                assert!(
                    !(is_left_out && city.features.iter().any(of_line)),
                    "{told}"
                );
            }
            (is_whole, told.join("\n"))
        }
    }
}

#[test]
fn the_files_of_cjval_come_out_as_cjval_judges_them() {
    let Some(folder) = borrowed("conformance/cjval") else {
        return;
    };
    let mut paths = Vec::new();
    files_below(&folder, &mut |path| paths.push(path.to_owned()));
    let mut seen = 0;
    for path in paths.iter().filter(|path| name_of(path) != "LICENSE") {
        let text = std::fs::read_to_string(path).expect("a text");
        let name = name_of(path);
        // Each stands in a folder of its own with the extensions that it asks for; what is called
        // `.txt` is a sequence.
        let place = tempfile::tempdir().expect("a folder");
        let copy = place.path().join(name.replace(".txt", ".jsonl"));
        std::fs::write(&copy, &text).expect("a copy");
        let extensions = wanted_extensions(&text);
        for (asked, file) in &extensions {
            std::fs::copy(file, place.path().join(asked)).expect("a copy");
        }
        let schemas: Vec<&Path> = extensions.iter().map(|(_, file)| file.as_path()).collect();
        let judgement = judge::judge(&[&copy], &schemas).remove(0);
        let (is_valid, told) = outcome(&copy);
        println!("{name}: {} {:?}", judgement.valid, judgement.errors.first());
        assert_eq!(
            is_valid, judgement.valid,
            "{name}\n{:#?}\n{told}",
            judgement.errors
        );
        if !is_valid {
            let word = CJVAL_FAULTS.iter().find(|(known, _)| *known == name);
            let (_, word) = word.unwrap_or_else(|| panic!("{name}: no word for\n{told}"));
            assert!(told.contains(word), "{name}: {word} is not in\n{told}");
        }
        seen += 1;
    }
    println!("cjval: {seen} files as judged");
    assert_eq!(seen, 33);
}

/// Features of each shared model, and a word of its warnings; the two sequences of the 3DBAG call
/// themselves 1.1 and are written as 1.0 demands, which costs nothing: cjval refuses each of
/// their lines, we read them and say so.
const MODELS: &[(&str, usize, &str)] = &[
    ("cityjson/3dbag_v20_10b_multilod.city.json", 10, ""),
    ("cityjson/citygml4j_lod2_buildings.city.json", 100, ""),
    ("cityjson/delft_v20_570obj_lod1.city.json", 570, ""),
    ("cityjson/denhaag_v11_4b_materials.city.json", 4, ""),
    ("cityjson/zurich_v11_49b_lod2.city.json", 49, ""),
    (
        "cityjsonseq/1b_w_texture.city.json",
        1,
        "not beside the file",
    ),
    (
        "cityjsonseq/3dbag_5870_v11_55b_extension.city.jsonl",
        55,
        "\"BuildingZ\" is not a type",
    ),
    (
        "cityjsonseq/3dbag_901_v11_52b.city.jsonl",
        52,
        "1.1 demands a text such as",
    ),
    ("cityjsonseq/3dbag_b2.city.json", 2, ""),
    ("cityjsonseq/3dbag_b2.city.jsonl", 2, ""),
    (
        "cityjsonseq/geom_temp.city.jsonl",
        18,
        "material 2 does not exist",
    ),
    (
        "cityjsonseq/lod2_buildings_as_CityJSON_features.jsonl",
        100,
        "",
    ),
    ("cityjsonseq/noise_extension.city.jsonl", 3, "a scale of 0"),
    ("cityjsonseq/small.city.jsonl", 3, ""),
];

#[test]
fn the_shared_models_are_taken() {
    for (name, features, word) in MODELS {
        let Some(path) = borrowed(&format!("citymodels/{name}")) else {
            return;
        };
        let city = read(&path, format_of(&path)).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        let told: Vec<String> = city
            .warnings
            .list()
            .iter()
            .map(|one| format!("{} ({} times)", one.reason, one.count))
            .collect();
        println!(
            "{name}: {} features, {} materials, {} textures, {told:?} {:?}",
            city.features.len(),
            city.materials.len(),
            city.textures.len(),
            city.notes
        );
        assert_eq!(city.features.len(), *features, "{name}: {told:?}");
        assert!(
            told.iter().any(|one| one.contains(word)) || word.is_empty(),
            "{name}: {told:?}"
        );
    }
}

#[test]
fn materials_of_den_haag_are_on_its_faces() {
    let Some(path) = borrowed("citymodels/cityjson/denhaag_v11_4b_materials.city.json") else {
        return;
    };
    let text = std::fs::read_to_string(&path).expect("a file");
    let document: Value = serde_json::from_str(&text).expect("JSON");
    let city = read(&path, Format::CityJson).expect("it is valid");
    let listed = document["appearance"]["materials"]
        .as_array()
        .expect("a list");
    assert_eq!(city.materials.len(), listed.len());
    let models = city.features.iter().flat_map(|one| &one.shape.models);
    let details: Vec<_> = models.flat_map(|model| &model.details).collect();
    assert!(!details.is_empty());
    let found = details.iter().map(|one| one.materials.len()).sum::<usize>();
    let mut said = 0;
    for object in document["CityObjects"]
        .as_object()
        .expect("objects")
        .values()
    {
        for geometry in object["geometry"].as_array().into_iter().flatten() {
            for theme in geometry["material"].as_object().into_iter().flatten() {
                said += numbers(&theme.1["values"]);
            }
        }
    }
    assert_eq!(found, said, "as many as the file says");
}

fn numbers(value: &Value) -> usize {
    match value {
        Value::Array(list) => list.iter().map(numbers).sum(),
        other => usize::from(other.is_number()),
    }
}
