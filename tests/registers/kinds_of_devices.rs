//! Kinds of devices that no table knows: everybody sees them, so nobody's name, number or door stays there.

use super::{City, check_told, data};

const KINDS: &str = "设备编号,设备类型,安装地址\n\
                     K1,欧阳一德家床垫,平江路12号\n\
                     K2,独居老人欧阳一德,桃源新村3幢\n\
                     K3,101室床垫,平江路12号\n\
                     K4,床垫13912340077,平江路12号\n\
                     K5,床垫,平江路12号\n\
                     K6,102床垫,平江路12号\n\
                     K7,101室烟感,平江路12号\n";
const PEOPLE: &str = "姓名,身份证号,手机,现住址\n\
                      欧阳一德,110105194912310021,13912340077,平江路12号101室\n";

fn kinds(city: &City) -> Vec<(String, String)> {
    let ground = city.ground();
    let all = ground.devices.values();
    let all = all.map(|one| (one.source.key.clone(), one.kind.to_string()));
    let mut all: Vec<_> = all.collect();
    all.sort();
    all
}

fn expected() -> Vec<(String, String)> {
    [
        ("K1", "unknown"),
        ("K2", "unknown"),
        ("K3", "床垫"),
        ("K5", "床垫"),
        ("K6", "床垫"),
        ("K7", "smoke"),
    ]
    .map(|(key, kind)| (key.to_owned(), kind.to_owned()))
    .to_vec()
}

#[test]
fn a_kind_names_nobody_whichever_came_first() {
    // People first.
    let city = City::new();
    let (people, devices) = (city.write("p.csv", PEOPLE), city.write("d.csv", KINDS));
    city.import(&[&data("dwellings.csv")]);
    city.import_quietly(&[&people]);
    let told = city.import(&[&devices]);
    check_told(
        &told,
        &[
            "taken as a device of an unknown kind",
            "column \"设备类型\": it tells a door (unit, room), and everybody may see a kind: taken without the door",
            "it is no name of a kind of device (row 5)",
        ],
    );
    assert!(!told.contains("欧阳") && !told.contains("床垫1"), "{told}");
    assert_eq!(kinds(&city), expected());
    let told = city.import(&[&devices]);
    check_told(&told, &["device       0 added, 0 updated"]);
    // Without the key nobody can look, and nothing comes back.
    let key = city.path().with_extension("key");
    let aside = city.path().with_extension("aside");
    std::fs::rename(&key, &aside).unwrap();
    city.import_quietly(&[&devices]);
    std::fs::rename(&aside, &key).unwrap();
    assert_eq!(kinds(&city), expected());
    // Devices first: their words stand in no note, and go when the people come.
    let city = City::new();
    let (people, devices) = (city.write("p.csv", PEOPLE), city.write("d.csv", KINDS));
    city.import(&[&data("dwellings.csv")]);
    let told = city.import(&[&devices]);
    assert!(!told.contains("欧阳"), "{told}");
    let path = city.path();
    let inspect = super::command::pingjiang(&["doctor", path.to_str().unwrap()]);
    let inspect = super::text(&inspect.stdout) + &super::text(&inspect.stderr);
    check_told(&inspect, &["of a kind that no table knows"]);
    assert!(!inspect.contains("欧阳"), "{inspect}");
    let told = city.import_quietly(&[&people]);
    check_told(&told, &["2 kinds of devices of before hold"]);
    assert_eq!(kinds(&city), expected());
    let told = city.import(&[&devices]);
    check_told(&told, &["device       0 added, 0 updated"]);
}

#[test]
fn a_person_says_that_a_kind_is_a_public_word() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    city.import_quietly(&[&city.write("p.csv", PEOPLE)]);
    let devices = city.write("d.csv", KINDS);
    let map = city.write(
        "public.toml",
        "register = \"devices\"\npublic_names = [\"独居老人欧阳一德\"]\n",
    );
    city.import_quietly(&[&devices, "--map", &map]);
    assert!(kinds(&city).contains(&("K2".to_owned(), "独居老人欧阳一德".to_owned())));
    assert!(kinds(&city).contains(&("K1".to_owned(), "unknown".to_owned())));
}
