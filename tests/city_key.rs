//! A city and its key belong together: whoever makes the city, however many do it at once, and
//! whoever may read which of the two.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use pingjiang::base::Sealer;
use pingjiang::store::{CityFile, Vault};
use serde_json::{Value, json};

#[path = "support/command.rs"]
mod command;

use command::pingjiang;

/// So many outlines, each of its own height.
fn outlines(path: &Path, count: u32) {
    let square = |number: u32| {
        let (west, south) = (120.63 + f64::from(number) * 2e-4, 31.31);
        let (east, north) = (west + 1e-4, south + 1e-4);
        json!([[
            [west, south],
            [east, south],
            [east, north],
            [west, north],
            [west, south]
        ]])
    };
    let feature = |number: u32| {
        json!({"type": "Feature", "id": number, "properties": {"building": "yes", "height": 6},
            "geometry": {"type": "Polygon", "coordinates": square(number)}})
    };
    let features: Vec<Value> = (0..count).map(feature).collect();
    let text = json!({"type": "FeatureCollection", "features": features});
    std::fs::write(path, text.to_string()).unwrap();
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pingjiang"));
    command.env_remove("PINGJIANG_KEY").args(arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// A folder with a file to import and, where asked for, the city made of it.
fn folder(with_city: bool) -> (tempfile::TempDir, PathBuf, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let (file, city) = (
        folder.path().join("a.geojson"),
        folder.path().join("a.gpkg"),
    );
    outlines(&file, 60);
    if with_city {
        let made = pingjiang(&["import", text(&file), "--into", text(&city)]);
        assert!(made.status.success(), "{made:?}");
    }
    (folder, file, city)
}

#[test]
fn of_two_that_make_a_city_at_once_one_makes_it_and_its_key_fits() {
    let (folder, first, _) = folder(false);
    let second = folder.path().join("b.geojson");
    outlines(&second, 58);
    for round in 0..8 {
        let city = folder.path().join(format!("{round}.gpkg"));
        let start = |file: &Path| {
            let import = ["import", text(file), "--into", text(&city)];
            command(&import).spawn().unwrap()
        };
        let running = [start(&first), start(&second)];
        let ended = running.map(|one| one.wait_with_output().unwrap());
        assert!(ended.iter().any(|one| one.status.success()), "{ended:?}");
        for one in ended.iter().filter(|one| !one.status.success()) {
            let said = said(one);
            let words = ["another program", &format!("{round}.gpkg")];
            assert!(words.iter().all(|word| said.contains(word)), "{said}");
        }
        let key = Vault::find(&city, None).unwrap().vault();
        let opened = CityFile::open(&city, Some(key.expect("the key is there"))).unwrap();
        assert!(opened.has_key());
        assert!(!opened.load_ground().unwrap().buildings.is_empty());
    }
    let left = names(folder.path());
    assert!(
        left.iter().all(|name| !name.ends_with(".draft")),
        "{left:?}"
    );
}

#[test]
fn a_city_that_did_not_come_to_be_leaves_no_key() {
    let (folder, file, city) = folder(false);
    let missing = folder.path().join("none/a.gpkg");
    let refused = pingjiang(&["import", text(&file), "--into", text(&missing)]);
    assert!(!refused.status.success());
    assert_eq!(names(folder.path()), ["a.geojson"]);
    // A key that stands alone is used: no city that it fits can be lost with it.
    Vault::create_beside(&city).unwrap();
    let key = std::fs::read(city.with_extension("key")).unwrap();
    let made = pingjiang(&["import", text(&file), "--into", text(&city)]);
    assert!(made.status.success(), "{made:?}");
    assert_eq!(std::fs::read(city.with_extension("key")).unwrap(), key);
    let vault = Vault::find(&city, None).unwrap().vault();
    assert!(CityFile::open(&city, vault).unwrap().has_key());
}

#[test]
fn what_a_stopped_import_or_export_left_is_cleared_by_the_next() {
    let (folder, file, city) = folder(false);
    let mut ended = command(&["--version"]).spawn().unwrap();
    ended.wait().unwrap();
    let lay = |name: &str, process: u32| {
        let draft = folder.path().join(format!(".{name}.{process}.draft"));
        std::fs::write(draft, "half").unwrap();
    };
    for name in ["a.gpkg", "a.key", "out.glb", "other.gpkg"] {
        lay(name, ended.id());
    }
    lay("a.gpkg", std::process::id());
    let made = pingjiang(&["import", text(&file), "--into", text(&city)]);
    assert!(made.status.success(), "{made:?}");
    let out = folder.path().join("out.glb");
    let made = pingjiang(&["export", text(&city), "--to", text(&out)]);
    assert!(made.status.success(), "{made:?}");
    let kept = format!(".a.gpkg.{}.draft", std::process::id());
    let other = format!(".other.gpkg.{}.draft", ended.id());
    let mut expected = ["a.geojson", "a.gpkg", "a.key", "out.glb", &kept, &other];
    expected.sort_unstable();
    if cfg!(target_os = "linux") {
        assert_eq!(names(folder.path()), expected);
    }
}

#[test]
fn inspect_says_when_the_key_is_not_there() {
    let (_folder, _, city) = folder(true);
    let inspect = |rest: &[&str]| {
        let output = pingjiang(&[&["inspect", text(&city)], rest].concat());
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let key = || serde_json::from_str::<Value>(&inspect(&["--json"])).unwrap()["key"].clone();
    assert_eq!(key(), "found");
    assert!(!inspect(&[]).contains("Key "), "{}", inspect(&[]));
    std::fs::remove_file(city.with_extension("key")).unwrap();
    assert_eq!(key(), "missing");
    let page = inspect(&[]);
    assert!(page.contains("none found beside the city"), "{page}");
    assert!(page.contains("stay locked"), "{page}");
    assert!(inspect(&["--lang", "zh"]).contains("密钥"));
}

/// Runs the program as a user who may not read what others keep to themselves.
#[cfg(unix)]
struct Other {
    program: PathBuf,
    is_root: bool,
}

#[cfg(unix)]
impl Other {
    /// Nobody, where the test may become him; otherwise the test takes its own rights away.
    fn new(folder: &Path, key: &Path) -> Self {
        use std::os::unix::fs::{MetadataExt, PermissionsExt};
        let is_root = std::fs::metadata(folder).unwrap().uid() == 0;
        let mode = |path: &Path, mode| {
            let mode = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(path, mode).unwrap();
        };
        mode(folder, 0o755);
        let program = folder.join("program");
        std::fs::copy(env!("CARGO_BIN_EXE_pingjiang"), &program).unwrap();
        mode(&program, 0o755);
        mode(key, if is_root { 0o600 } else { 0o000 });
        Self { program, is_root }
    }

    fn run(&self, arguments: &[&str]) -> Output {
        use std::os::unix::process::CommandExt;
        let mut command = Command::new(&self.program);
        command.current_dir("/").env_remove("PINGJIANG_KEY");
        if self.is_root {
            command.gid(65_534).uid(65_534);
        }
        command.args(arguments).output().unwrap()
    }
}

#[cfg(unix)]
#[test]
fn who_may_not_read_the_key_still_sees_the_city() {
    let (folder, file, city) = folder(true);
    let again = pingjiang(&["import", text(&file), "--into", text(&city)]);
    assert!(again.status.success(), "{again:?}");
    let key = city.with_extension("key");
    let other = Other::new(folder.path(), &key);
    for rest in [&["--json"][..], &[], &["--compare", "1"]] {
        let looked = other.run(&[&["inspect", text(&city)], rest].concat());
        let said = said(&looked);
        assert!(looked.status.success(), "{said}");
        assert!(said.contains("personal values stay locked"), "{said}");
        assert!(
            said.contains("has no right to it") && said.contains("a.key"),
            "{said}"
        );
        assert!(
            !said.contains("its rights"),
            "no advice to open the key up: {said}"
        );
        let page = String::from_utf8(looked.stdout).unwrap();
        match rest {
            ["--json"] => assert!(page.contains(r#""key": "unreadable""#), "{page}"),
            [] => assert!(page.contains("not this user's to read"), "{page}"),
            _ => {}
        }
    }
    let looked = other.run(&["doctor", text(&city), "--json"]);
    let page = String::from_utf8_lossy(&looked.stdout).into_owned();
    assert!(page.contains("not this user's to read"), "{page}");
    // A key that was named is needed.
    let named = other.run(&["inspect", text(&city), "--key-file", text(&key)]);
    assert_eq!(named.status.code(), Some(1), "{named:?}");
    assert!(said(&named).contains("cannot be read"), "{named:?}");
}

#[test]
fn a_change_of_the_key_that_was_interrupted_goes_on_wherever_it_stopped() {
    let (folder, _, city) = folder(true);
    let (key, next) = (city.with_extension("key"), city.with_extension("key.new"));
    let rotate = || {
        let output = pingjiang(&["key", "rotate", text(&city)]);
        assert!(output.status.success(), "{output:?}");
        assert!(!next.exists());
        let vault = Vault::open(&key).unwrap();
        assert!(CityFile::open(&city, Some(vault)).unwrap().has_key());
        std::fs::read(&key).unwrap()
    };
    // The new key lies there, and nothing was sealed with it.
    Vault::create_at(&next).unwrap();
    let new = std::fs::read(&next).unwrap();
    assert_eq!(rotate(), new);
    // All was sealed with the new key, which lies beside the old one still, and then alone.
    for is_moved in [false, true] {
        let old = std::fs::read(&key).unwrap();
        let new = rotate();
        let kept = names(folder.path())
            .into_iter()
            .filter(|name| name.contains("key.until-"));
        let kept = kept.map(|name| folder.path().join(name));
        let mut kept = kept.filter(|path| std::fs::read(path).unwrap() == old);
        let until = kept.next().expect("the old key is kept");
        std::fs::rename(&key, &next).unwrap();
        if !is_moved {
            std::fs::rename(&until, &key).unwrap();
            let output = pingjiang(&["query", text(&city), "stats"]);
            let said = said(&output);
            assert!(
                !output.status.success() && !said.contains("not this city's"),
                "{said}"
            );
            assert!(
                said.contains("interrupted") && said.contains("key rotate"),
                "{said}"
            );
        }
        assert_eq!(rotate(), new);
    }
    // A key that another program may be sealing with stays, whatever happens.
    Vault::create_at(&next).unwrap();
    let away = folder.path().join("away");
    std::fs::rename(&key, &away).unwrap();
    Vault::create_at(&key).unwrap();
    let output = pingjiang(&["key", "rotate", text(&city)]);
    assert!(!output.status.success() && said(&output).contains("not this city's"));
    assert!(next.exists() && key.exists());
}

#[test]
fn values_of_a_former_key_are_named_and_the_key_files_stay_as_they_are() {
    let (folder, _, city) = folder(true);
    let key = city.with_extension("key");
    let first = Vault::open(&key).unwrap();
    let rotate = || pingjiang(&["key", "rotate", text(&city)]);
    assert!(rotate().status.success());
    // As a program left it that sealed with the first key while the key was changed.
    let connection = rusqlite::Connection::open(&city).unwrap();
    let insert = "INSERT INTO household (fid, id, dataset, source_key, import_id, address)
         SELECT 7, 'hh-7', 'a', '7', import_id, ?1 FROM building LIMIT 1";
    let address = first.seal("平江路 77 号".as_bytes()).unwrap();
    connection.execute(insert, [address]).unwrap();
    let kept = names(folder.path())
        .into_iter()
        .find(|name| name.contains("key.until-"));
    let kept = folder.path().join(kept.unwrap());
    let away = folder.path().join("away");
    std::fs::rename(&kept, &away).unwrap();
    let (there, present) = (names(folder.path()), std::fs::read(&key).unwrap());
    for refused in [rotate(), pingjiang(&["inspect", text(&city)])] {
        let said = said(&refused);
        assert!(!refused.status.success(), "{refused:?}");
        for word in [" address", "do not open", "key rotate", "a.gpkg"] {
            assert!(said.contains(word), "{said}");
        }
        assert!(
            !said.contains("key.new") && !said.contains("平江路"),
            "{said}"
        );
    }
    assert!(said(&rotate()).contains("the key is as it was"));
    assert_eq!(names(folder.path()), there);
    assert_eq!(std::fs::read(&key).unwrap(), present);
    // With the former key beside the city all is well again.
    std::fs::rename(&away, &kept).unwrap();
    let mended = rotate();
    assert!(mended.status.success(), "{mended:?}");
    let told = String::from_utf8(mended.stdout).unwrap();
    assert!(
        told.contains("1 values were sealed with a former key"),
        "{told}"
    );
    let now = CityFile::open(&city, Some(Vault::open(&key).unwrap())).unwrap();
    assert!(now.check_sealed().is_ok());
    assert!(pingjiang(&["inspect", text(&city)]).status.success());
}

#[test]
fn a_change_of_the_key_beside_an_import_leaves_one_key() {
    let (folder, _, city) = folder(true);
    for round in 0..4 {
        let file = folder.path().join(format!("{round}.geojson"));
        outlines(&file, 40 + round);
        let start = |arguments: &[&str]| command(arguments).spawn().unwrap();
        let running = [
            start(&["import", text(&file), "--into", text(&city)]),
            start(&["key", "rotate", text(&city)]),
        ];
        for ended in running.map(|one| one.wait_with_output().unwrap()) {
            let said = said(&ended);
            let is_told = said.contains("another program") || said.contains("not this city's");
            assert!(ended.status.success() || is_told, "{said}");
        }
        let key = Vault::open(&city.with_extension("key")).unwrap();
        let now = CityFile::open(&city, Some(key)).unwrap();
        assert!(now.has_key() && now.check_sealed().is_ok());
    }
}

#[cfg(unix)]
#[test]
fn a_key_that_others_may_read_is_told_with_its_remedy() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let city = folder.path().join("city.gpkg");
    let key = city.with_extension("key");
    let source = folder.path().join("a.geojson");
    outlines(&source, 4);
    let made = pingjiang(&["import", text(&source), "--into", text(&city)]);
    assert!(made.status.success(), "{}", said(&made));
    if !key.exists() {
        Vault::create_beside(&city).unwrap();
    }
    for (mode, is_told) in [(0o600, false), (0o640, true), (0o604, true), (0o400, false)] {
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(mode)).unwrap();
        let output = pingjiang(&["inspect", text(&city), "--json"]);
        assert!(output.status.success(), "a note, and no refusal");
        let told = said(&output);
        assert_eq!(told.contains("chmod 600"), is_told, "{mode:o}: {told}");
        assert_eq!(told.contains(text(&key)), is_told, "{mode:o}: {told}");
    }
}
