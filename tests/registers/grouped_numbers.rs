//! Numbers of people whose digits stand in other groups, in every text that everybody may see.

use super::{City, check_told, data};

/// A mobile and an identity number in many ways to write them.
const NUMBERS: &[&str] = &[
    "139.1234.0077",
    "139·1234·0077",
    "139—1234—0077",
    "139_1234_0077",
    "139/1234/0077",
    "139、1234、0077",
    "(139)12340077",
    "139-12340077",
    "13912 340077",
    "110105-19491231-0021",
    "110105 19491231 0021",
    "110105.1949.1231.0021",
];

#[test]
fn a_number_in_groups_is_a_number_wherever_it_stands() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let rows = |head: &str, row: &dyn Fn(usize, &str) -> String| {
        let rows = NUMBERS.iter().enumerate();
        let rows: String = rows.map(|(at, number)| row(at, number)).collect();
        format!("{head}\n{rows}")
    };
    let files = [
        city.write(
            "devices.csv",
            &rows(
                "设备编号,设备类型,设备名称,安装地址",
                &|at, number| {
                    format!("D{at},烟感,烟感{number},平江路12号\nK{number},烟感,,平江路12号\n")
                },
            ),
        ),
        city.write(
            "cameras.csv",
            &rows(
                "摄像机编号,摄像机名称,地址,朝向,经度,纬度",
                &|at, number| format!("C{at},东门{number},平江路12号,南,120.6301,31.3101\n"),
            ),
        ),
        city.write(
            "facilities.csv",
            &rows(
                "设施编号,设施名称,设施类型,地址",
                &|at, number| format!("F{at},药店{number},药店,平江路12号\n"),
            ),
        ),
        city.write(
            "responders.csv",
            &rows(
                "编号,队伍类型,岗位,姓名,值班,地址",
                &|at, number| format!("R{at},网格员,网格员,测试丑,夜班{number},平江路12号\n"),
            ),
        ),
        city.write(
            "events.csv",
            &rows(
                "事件编号,事件大类,事件标题,事发地址,上报时间",
                &|at, number| format!("E{at},政务,{number}反映积水,平江路12号,2026-04-01\n"),
            ),
        ),
    ];
    for file in &files {
        let told = city.import_quietly(&[file]);
        for number in NUMBERS {
            assert!(!told.contains(number), "{number}: {told}");
        }
    }
    let ground = city.ground();
    // A mask keeps three digits in front and four at the end.
    let is_open = |text: &str| {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        digits.contains("1391234") || digits.contains("19491231")
    };
    assert_eq!(ground.devices.len(), NUMBERS.len());
    assert!(ground.devices.values().all(|one| one.name.is_none()));
    assert!(ground.cameras.values().all(|one| !is_open(&one.name)));
    assert_eq!(ground.facilities.len(), NUMBERS.len());
    for one in ground.facilities.values() {
        assert!(
            one.name.starts_with("药店") && !is_open(&one.name),
            "{}",
            one.name
        );
    }
    assert!(ground.responders.values().all(|one| one.duty.is_none()));
    assert!(ground.events.values().all(|one| one.is_about_a_home()));
}

#[test]
fn days_codes_and_houses_stay_open() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let names = [
        "烟感2026-05-01 08:30",
        "烟感32050801001320000001",
        "烟感861234567890123",
        "烟感V1.139.12",
        "烟感120.6046,31.3171",
    ];
    let rows: String = names
        .iter()
        .enumerate()
        .map(|(at, name)| format!("D{at},烟感,\"{name}\",平江路12号\n"))
        .collect();
    let file = city.write(
        "d.csv",
        &format!("设备编号,设备类型,设备名称,安装地址\n{rows}"),
    );
    city.import(&[&file]);
    let ground = city.ground();
    for name in names {
        let mut all = ground.devices.values();
        assert!(all.any(|one| one.name.as_deref() == Some(name)), "{name}");
    }
}

#[test]
fn a_file_that_is_called_by_a_number_is_stored_under_none() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let file = city.write(
        "司徒慕白13912340077.csv",
        "设备编号,设备类型,安装地址\nD1,烟感,平江路12号\n",
    );
    city.import_quietly(&[&file]);
    let path = city.path();
    let told = super::command::pingjiang(&["inspect", path.to_str().unwrap()]);
    let told = super::text(&told.stdout);
    check_told(&told, &["file-"]);
    assert!(
        !told.contains("13912340077") && !told.contains("司徒"),
        "{told}"
    );
    let ground = city.ground();
    assert!(
        ground
            .devices
            .values()
            .all(|one| one.source.dataset.starts_with("file-"))
    );
}
