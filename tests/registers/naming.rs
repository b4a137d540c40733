//! Names of people in what everybody may see: titles of events, names of devices and cameras.

use std::path::Path;

use super::{City, check_told, data};

const EVENTS: &str = "事件编号,事件标题,事件大类,类型,事发地址,上报时间,状态,上报人\n";

fn holds(path: &Path, name: &str) -> bool {
    let bytes = std::fs::read(path).unwrap();
    bytes
        .windows(name.len())
        .any(|part| part == name.as_bytes())
}

#[test]
fn a_title_that_names_somebody_of_the_building_or_the_reporter_is_sealed() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let rows = "N1,测试甲家报修,政务,居民上报,平江路12号,2026-04-01 08:30,处理中,\n\
                N2,接测试庚来电漏水,政务,居民上报,桃源新村3幢,2026-04-01 08:30,处理中,测试庚 13900000007\n\
                N3,测试甲路口积水,政务,居民上报,桃源新村3幢,2026-04-01 08:30,处理中,物业\n\
                N4,物业报修楼道灯,政务,居民上报,平江路12号,2026-04-01 08:30,处理中,物业\n";
    let events = city.write("named.csv", &format!("{EVENTS}{rows}"));
    // People of the same run are known, and those of an earlier one.
    for files in [
        vec![data("residents.csv"), events.clone()],
        vec![events.clone()],
    ] {
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        let told = city.import(&files);
        check_told(
            &told,
            &[
                "column \"事件标题\": it holds the name of who reported it, or of somebody whom a register",
            ],
        );
        let ground = city.ground();
        let event = |key: &str| {
            let mut all = ground.events.values();
            all.find(|one| one.source.key == key).unwrap()
        };
        assert!(event("N1").is_about_a_home() && event("N2").is_about_a_home());
        // Somebody of that name lives elsewhere; and who names a firm names nobody.
        assert!(!event("N3").is_about_a_home() && !event("N4").is_about_a_home());
        assert_eq!(event("N1").title.as_deref(), Some("测试甲家报修"));
        assert!(!holds(&city.path(), "测试甲家报修"));
        assert!(!holds(&city.path(), "接测试庚来电漏水"));
        assert!(holds(&city.path(), "测试甲路口积水"));
    }
}

#[test]
fn a_device_or_camera_called_after_somebody_of_the_building_loses_the_name() {
    let city = City::new();
    city.import(&[&data("dwellings.csv"), &data("residents.csv")]);
    let devices = city.write(
        "called.csv",
        "设备编号,设备类型,安装地址,安装位置\n\
         S1,烟感,平江路14号,测试丙家烟感\n\
         S2,烟感,大儒巷7号甲,测试丙路口烟感\n\
         S3,烟感,平江路14号,楼道烟感\n\
         S4,烟感,大儒巷7号甲,测试丙家烟感\n",
    );
    let told = city.import(&[&devices]);
    check_told(
        &told,
        &[
            "column \"安装位置\": it holds the name of somebody who lives there",
            "row 2",
        ],
    );
    let name = |city: &City, key: &str| {
        let ground = city.ground();
        let mut all = ground.devices.values();
        let one = all.find(|one| one.source.key == key).unwrap();
        one.name.clone()
    };
    let check = |city: &City| {
        assert_eq!(name(city, "S1"), None);
        // Somebody of that name lives elsewhere; but of whose home the text tells is sure.
        assert_eq!(name(city, "S2").as_deref(), Some("测试丙路口烟感"));
        assert_eq!(name(city, "S4"), None);
        assert_eq!(name(city, "S3").as_deref(), Some("楼道烟感"));
    };
    check(&city);
    let cameras = city.write(
        "cameras-called.csv",
        "摄像机编号,监控点名称,摄像机类型,朝向,地址,经度,纬度\nC1,测试丙家门口,枪机,90,平江路14号,120.63,31.3099\n",
    );
    city.import(&[&cameras]);
    let ground = city.ground();
    let camera = ground.cameras.values().next().unwrap();
    assert_eq!(camera.name, "平江路14号");
    // Without the key nobody can look: it is told, and what was dropped stays away.
    let key = city.path().with_extension("key");
    let aside = city.path().with_extension("aside");
    std::fs::rename(&key, &aside).unwrap();
    let told = city.import(&[&devices]);
    check_told(
        &told,
        &["the city's personal values are locked, so nobody looked"],
    );
    std::fs::rename(&aside, &key).unwrap();
    check(&city);
}

#[test]
fn an_event_on_a_lane_without_a_number_stands_on_the_lane() {
    let city = City::new();
    let rows = "L1,路灯坏,政务,居民上报,大儒巷,2026-04-01 08:30,处理中,\n\
                L2,路灯坏,政务,居民上报,观前街,2026-04-01 08:30,处理中,\n\
                L3,路灯坏,政务,居民上报,大儒巷101室,2026-04-01 08:30,处理中,\n";
    let events = city.write("lanes.csv", &format!("{EVENTS}{rows}"));
    let told = city.import(&[&events]);
    check_told(
        &told,
        &[
            "event        1 added",
            "it names a lane and no number: placed in the middle of the lane",
        ],
    );
    let ground = city.ground();
    let event = ground.events.values().next().unwrap();
    let [x, y, _] = event.position.unwrap();
    let lane = ground.roads.values();
    let mut lane = lane.filter(|one| one.name.as_deref() == Some("大儒巷"));
    let line = &lane.next().unwrap().line;
    let (first, last) = (line.0.first().unwrap(), line.0.last().unwrap());
    let within = |value: f64, a: f64, b: f64| value >= a.min(b) - 0.1 && value <= a.max(b) + 0.1;
    assert!(
        within(x, first.x, last.x) && within(y, first.y, last.y),
        "{x} {y}"
    );
    assert!(event.building.is_none() && !event.is_about_a_home());
}

#[test]
fn what_was_there_before_its_people_is_looked_at_when_they_come() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let rows = "N1,测试甲家报修,政务,居民上报,平江路12号,2026-04-01 08:30,处理中,物业\n\
                N2,测试丁路口积水,政务,居民上报,平江路12号,2026-04-01 08:30,处理中,物业\n\
                N3,楼道灯坏,政务,居民上报,平江路12号,2026-04-01 08:30,处理中,物业\n";
    let events = city.write("before.csv", &format!("{EVENTS}{rows}"));
    let devices = city.write(
        "devices-before.csv",
        "设备编号,设备类型,安装地址,安装位置\n\
         S1,烟感,平江路14号,测试丙家烟感\n\
         S2,烟感,大儒巷7号甲,测试丙路口烟感\n",
    );
    // Nobody is known yet, so nobody's name is found; the lists of records must not be printed here.
    city.import_quietly(&[&events, &devices]);
    let found = |city: &City| {
        let ground = city.ground();
        let mut events: Vec<_> = ground.events.values().cloned().collect();
        events.sort_by_key(|one| one.source.key.clone());
        let mut devices: Vec<_> = ground.devices.values().cloned().collect();
        devices.sort_by_key(|one| one.source.key.clone());
        let homes: Vec<_> = events.iter().map(|one| one.is_about_a_home()).collect();
        let names: Vec<_> = devices.iter().map(|one| one.name.is_some()).collect();
        let id = (events[0].id.to_string(), devices[0].id.to_string());
        (homes, names, id)
    };
    let (homes, names, (event, device)) = found(&city);
    assert_eq!((homes, names), (vec![false; 3], vec![true; 2]));
    assert!(holds(&city.path(), "测试甲家报修"));
    let residents = data("residents.csv");
    for (arguments, is_written) in [
        (&[residents.as_str(), "--dry-run"][..], false),
        (&[residents.as_str()], true),
    ] {
        let told = city.import(arguments);
        check_told(
            &told,
            &[
                "1 event of before holds in the title the name of somebody whom a register tells of",
                &event,
                "1 name of a device of before holds the name of somebody who lives in that building",
                &device,
                "event        0 added, 1 updated",
                "device       0 added, 1 updated",
            ],
        );
        let (homes, names, _) = found(&city);
        assert_eq!(homes, [is_written, false, false]);
        assert_eq!(names, [!is_written, true]);
    }
    assert!(!holds(&city.path(), "测试甲家报修"));
    // There is nothing left to find.
    let told = city.import(&[&residents]);
    assert!(!told.contains("of before"), "{told}");
}

#[test]
fn numbers_plates_and_rooms_in_what_everybody_may_see_are_not_left_there() {
    let city = City::new();
    city.import(&[&data("dwellings.csv"), &data("residents.csv")]);
    let titles = [
        "路灯坏 联系13800000001",
        "身份证11010519491231002X补办",
        "苏E00001占道",
        "测试楼301室断药",
        "楼道灯不亮 2026-04-01",
    ];
    let rows = titles.iter().enumerate().map(|(at, title)| {
        format!("M{at},{title},政务,居民上报,平江路12号,2026-04-01 08:30,处理中,物业\n")
    });
    let events = city.write("told.csv", &format!("{EVENTS}{}", rows.collect::<String>()));
    let told = city.import(&[&events]);
    check_told(
        &told,
        &["column \"事件标题\": it holds a room, a plate, or a telephone or identity number"],
    );
    let ground = city.ground();
    for (at, title) in titles.iter().enumerate() {
        let mut all = ground.events.values();
        let event = all.find(|one| one.source.key == format!("M{at}")).unwrap();
        let is_open = at == 4;
        assert_eq!(event.is_about_a_home(), !is_open, "{title}");
        assert_eq!(holds(&city.path(), title), is_open, "{title}");
    }
    // The key of a device is shown to everybody, and finds its readings: it cannot be sealed.
    let devices = "设备编号,设备类型,安装地址\n\
                   桃源506室-烟感,烟感,平江路12号\n\
                   测试13800000001,烟感,平江路12号\n\
                   32050801001320000001,烟感,平江路12号\n";
    let devices = city.write("keyed.csv", devices);
    let told = city.import(&[&devices]);
    check_told(
        &told,
        &["its key holds a door, a telephone or identity number"],
    );
    let ground = city.ground();
    let keys: Vec<&str> = ground
        .devices
        .values()
        .map(|one| one.source.key.as_str())
        .filter(|key| key.contains("13") || key.contains('室'))
        .collect();
    assert_eq!(keys, ["32050801001320000001"]);
    let responders = "岗位,姓名,电话,职责,类型,经度,纬度\n\
                      网格长秦测试,秦测试,13800000002,消防 24h,网格员,120.6301,31.3099\n\
                      网格长,秦测试,13800000002,巡查 13800000002,网格员,120.6302,31.3099\n";
    let responders = city.write("staff.csv", responders);
    let told = city.import(&[&responders]);
    check_told(
        &told,
        &["it holds the responder's name or a telephone number"],
    );
    assert!(!holds(&city.path(), "秦测试") && !holds(&city.path(), "13800000002"));
}

/// Somebody of no home, and somebody of another house than the things here.
const PEOPLE: &str = "姓名,公民身份号码,联系电话,现住址\n\
                      测试霞超,,13900000011,\n\
                      测试甲,,13900000001,平江路12号101室\n";

#[test]
fn a_name_beside_a_label_is_found_wherever_its_bearer_lives() {
    let city = City::new();
    city.import(&[&data("dwellings.csv"), &city.write("people.csv", PEOPLE)]);
    let titles = [
        ("独居老人测试霞超需上门", true),
        ("低保户：测试甲 断药", true),
        ("测试霞超独居", true),
        ("测试霞超(82岁)摔倒", true),
        ("看望测试霞超、测试甲", true),
        ("接测试甲来电", true),
        ("测试甲路口积水", false),
        ("测试霞超纪念馆漏水", false),
        ("独居老人关爱站漏水", false),
        ("低保政策咨询", false),
        ("居民测试甲路积水", false),
    ];
    let rows = titles.iter().enumerate().map(|(at, (title, _))| {
        format!("K{at},{title},政务,居民上报,桃源新村3幢,2026-04-01 08:30,处理中,物业\n")
    });
    let events = city.write(
        "labels.csv",
        &format!("{EVENTS}{}", rows.collect::<String>()),
    );
    let devices = city.write(
        "label-devices.csv",
        "设备编号,设备类型,安装地址,安装位置\n\
         S1,烟感,桃源新村3幢,独居老人测试霞超烟感\n\
         S2,烟感,桃源新村3幢,独居老人关爱站烟感\n",
    );
    let shops = city.write(
        "label-shops.csv",
        "设施名称,设施类型,地址\n低保户测试甲小卖部,商店,桃源新村3幢\n测试霞超酒家,商店,桃源新村3幢\n",
    );
    for file in [&events, &devices, &shops] {
        city.import(&[file]);
    }
    let ground = city.ground();
    for (at, (title, is_home)) in titles.iter().enumerate() {
        let mut all = ground.events.values();
        let event = all.find(|one| one.source.key == format!("K{at}")).unwrap();
        assert_eq!(event.is_about_a_home(), *is_home, "{title}");
        assert_eq!(holds(&city.path(), title), !is_home, "{title}");
    }
    let mut names: Vec<_> = ground
        .devices
        .values()
        .map(|one| one.name.clone())
        .collect();
    names.sort();
    assert_eq!(names, [None, Some("独居老人关爱站烟感".to_owned())]);
    let mut names: Vec<_> = ground
        .facilities
        .values()
        .map(|one| one.name.as_str())
        .collect();
    names.sort();
    assert_eq!(names, ["低保户测*小卖部", "测试霞超酒家"]);
}

#[test]
fn doors_in_titles_are_sealed_however_they_are_written() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let titles = [
        ("一〇一室漏水", true),
        ("3-101断电", true),
        ("三楼东户报修", true),
        ("3幢506断药", true),
        ("海康3-101型烟感故障", false),
        ("三楼东侧楼道灯坏", false),
        ("两室一厅咨询", false),
    ];
    let rows = titles.iter().enumerate().map(|(at, (title, _))| {
        format!("D{at},{title},政务,居民上报,桃源新村3幢,2026-04-01 08:30,处理中,物业\n")
    });
    city.import(&[&city.write(
        "doors.csv",
        &format!("{EVENTS}{}", rows.collect::<String>()),
    )]);
    let ground = city.ground();
    for (at, (title, is_home)) in titles.iter().enumerate() {
        let mut all = ground.events.values();
        let event = all.find(|one| one.source.key == format!("D{at}")).unwrap();
        assert_eq!(event.is_about_a_home(), *is_home, "{title}");
        assert_eq!(holds(&city.path(), title), !is_home, "{title}");
    }
}

const STAFF: &str = "岗位,姓名,电话,职责,类型,经度,纬度\n\
                     测试霞超护理员,秦测试,13800000002,巡查大儒巷,社工,120.6301,31.3099\n\
                     网格长,秦测试二,13800000003,每日陪测试霞超散步,网格员,120.6302,31.3099\n\
                     楼长,秦测试三,13800000004,测试霞超纪念馆值守,网格员,120.6303,31.3099\n";

#[test]
fn titles_and_duties_of_responders_name_nobody_of_the_registers() {
    let staff = |city: &City| {
        let ground = city.ground();
        let all = ground.responders.values();
        let mut all: Vec<_> = all
            .map(|one| (one.title.clone(), one.duty.clone()))
            .collect();
        all.sort();
        all
    };
    let some = |text: &str| Some(text.to_owned());
    // People first: the title is not taken, and the responder is called by the duty.
    let city = City::new();
    city.import(&[&data("dwellings.csv"), &city.write("people.csv", PEOPLE)]);
    let told = city.import(&[&city.write("staff.csv", STAFF)]);
    check_told(
        &told,
        &["it holds the name of somebody whom a register of people tells of"],
    );
    assert!(staff(&city).contains(&("网格长".to_owned(), None)));
    assert!(staff(&city).contains(&("楼长".to_owned(), some("测试霞超纪念馆值守"))));
    assert!(!holds(&city.path(), "测试霞超护理员") && !holds(&city.path(), "陪测试霞超"));
    // People later: what is there is looked at again.
    let city = City::new();
    city.import_quietly(&[&city.write("staff.csv", STAFF)]);
    let told = city.import(&[&city.write("people.csv", PEOPLE)]);
    check_told(
        &told,
        &["2 responders of before hold in title or duty the name of somebody"],
    );
    assert_eq!(
        staff(&city),
        [
            ("楼长".to_owned(), some("测试霞超纪念馆值守")),
            ("测*护理员".to_owned(), some("巡查大儒巷")),
            ("网格长".to_owned(), None),
        ]
    );
}
