//! Rows whose address and columns tell building, unit and door in every layout that offices use: they
//! find one dwelling, or are listed where columns contradict each other.

use pingjiang::access;

use super::{City, check_told, data};

/// How offices write the same door: headers, and its row.
const LAYOUTS: &[(&str, &str)] = &[
    ("房屋地址", "桃源新村3幢1单元301室"),
    ("房屋地址", "桃源新村３幢１单元３０１室"),
    ("房屋地址", "桃源新村3-1-301"),
    ("房屋地址", "桃源新村3幢1-301"),
    ("房屋地址,房号", "桃源新村3幢1单元301室,301室"),
    ("房屋地址,房号", "桃源新村3幢1单元301室,301"),
    ("房屋地址,房号", "桃源新村3幢1单元 301室,３０１室"),
    ("房屋地址,房号", "桃源新村3幢1单元,301"),
    ("房屋地址,房号", "桃源新村3幢,1-301"),
    ("房屋地址,房号", "桃源新村3幢,1单元301"),
    ("房屋地址,房号", "桃源新村3幢301室,1-301"),
    ("房屋地址,房号", "桃源新村,3-1-301"),
    ("房屋地址,房号", "桃源新村3幢,3-1-301"),
    ("房屋地址,单元,房号", "桃源新村3幢1单元301室,1,301"),
    ("房屋地址,单元,房号", "桃源新村3幢1单元301室,1单元,301室"),
    ("房屋地址,单元,房号", "桃源新村3幢301室,一单元,301"),
    ("房屋地址,单元,房号", "桃源新村3幢,１,３０１"),
    ("房屋地址,单元,房号", "桃源新村3幢,1,1-301"),
    ("房屋地址,楼栋,单元,房号", "桃源新村,3,1,301"),
    ("房屋地址,幢,单元,室", "桃源新村,3,1,301"),
    ("房屋地址,单元,门牌号", "桃源新村3幢,1,301"),
    ("楼栋,单元,门牌号", "桃源新村3幢,1,301"),
    ("房屋地址,楼栋,单元,房号", "桃源新村,3幢,1单元,301室"),
    (
        "房屋地址,楼栋,单元,房号",
        "桃源新村3幢1单元301室,3号楼,1,301",
    ),
    (
        "房屋地址,楼栋,单元,房号",
        "桃源新村3幢1单元301室,桃源新村3幢,1,301",
    ),
    ("房屋地址,楼栋,单元,房号", "桃源新村3幢,B0012345,1,301"),
];

fn row(head: &str, cells: &str, before: (&str, &str)) -> String {
    format!("{},{head}\n{},{cells}\n", before.0, before.1)
}

#[test]
fn the_same_door_told_twice_counts_once() {
    for (head, cells) in LAYOUTS {
        let city = City::new();
        let table = row(head, cells, ("房屋编号,建筑面积", "D1,60"));
        let told = city.import_quietly(&[&city.write("dwellings.csv", &table)]);
        check_told(&told, &["dwellings: 1 linked, 0 ambiguous, 0 unmatched"]);
        let ground = city.ground();
        let one = ground.dwellings.values().next().expect(cells);
        let door = one.door.open(&access::for_keeping());
        assert_eq!(door.as_deref(), Some("1单元301室"), "{head}: {cells}");
        let house = &ground.buildings[&one.building];
        assert_eq!(house.address.as_deref(), Some("桃源新村3幢"), "{cells}");
        assert_eq!(one.floor, 3, "{cells}");
        assert_eq!(one.address, None, "{cells}");
    }
}

#[test]
fn a_bare_figure_behind_a_number_is_a_unit_where_the_house_has_no_buildings() {
    let city = City::new();
    let table = "房屋编号,房屋地址,房号\nD1,平江路12号1-301,1-301\nD2,平江路12号1幢302室,302\n";
    let told = city.import_quietly(&[&city.write("dwellings.csv", table)]);
    check_told(&told, &["dwellings: 1 linked, 0 ambiguous, 1 unmatched"]);
    let people = "姓名,身份证号,现住址\n测试戊,000000195505051317,平江路12号1-301\n";
    city.import(&[&city.write("people.csv", people)]);
    let ground = city.ground();
    let home = ground.dwellings.values().next().unwrap();
    let door = home.door.open(&access::for_keeping());
    assert_eq!(door.as_deref(), Some("1单元301室"));
    assert_eq!(city.resident("测试戊").dwelling, Some(home.id));
}

#[test]
fn people_vehicles_and_devices_find_it_in_every_layout() {
    let city = City::new();
    city.import_quietly(&[&data("dwellings.csv")]);
    let kinds = [
        ("residents", "姓名,身份证号", "测试戊,000000195505051317"),
        ("households", "户号", "H9"),
        ("devices", "设备编号,设备类型", "S9,烟感"),
        ("vehicles", "车牌号,车辆类型", "测A00009,小型汽车"),
    ];
    for (head, cells) in LAYOUTS {
        // In these tables a column of that name is the registered address, or none.
        let head = head.replace("房屋地址", "现住址");
        for (kind, more, values) in kinds {
            let path = city.write(&format!("{kind}.csv"), &row(&head, cells, (more, values)));
            let told = city.import_quietly(&[&path, "--as", kind]);
            let line = format!("{kind}: 1 linked, 0 ambiguous, 0 unmatched");
            assert!(told.contains(&line), "{kind}, {head}: {cells}: {told}");
        }
        let ground = city.ground();
        let home = |door: &str| {
            let mut all = ground.dwellings.values();
            let clearance = access::for_keeping();
            let one = all.find(|one| one.door.open(&clearance).as_deref() == Some(door));
            one.map(|one| (one.id, one.building))
        };
        let (home, house) = home("1单元301室").unwrap();
        let resident = ground.residents.values().next().unwrap();
        assert_eq!(resident.dwelling, Some(home), "{head}: {cells}");
        let household = ground.households.values().next().unwrap();
        assert_eq!(household.dwelling, Some(home), "{head}: {cells}");
        let device = ground.devices.values().next().unwrap();
        assert_eq!(device.dwelling, Some(home), "{head}: {cells}");
        assert_eq!(device.building, Some(house));
    }
}

#[test]
fn columns_that_contradict_each_other_are_listed_with_both() {
    let city = City::new();
    city.import_quietly(&[&data("dwellings.csv")]);
    let before = city.ground().dwellings.len();
    let list = city.0.path().join("list.csv");
    let list = list.to_str().unwrap();
    let head = "房屋编号,房屋地址,单元,房号\n";
    let rows = "D11,桃源新村3幢1单元301室,1,302\n\
                D12,桃源新村3幢1单元301室,2,301\n\
                D13,桃源新村3幢1单元301、302室,,\n\
                D14,桃源新村3幢1单元303室,1,303\n";
    let path = city.write("contradictory.csv", &format!("{head}{rows}"));
    let told = city.import(&[&path, "--unmatched", list]);
    check_told(
        &told,
        &[
            "dwellings: 1 linked, 3 ambiguous, 0 unmatched",
            "its columns contradict each other",
        ],
    );
    assert_eq!(city.ground().dwellings.len(), before + 1);
    let told = std::fs::read_to_string(list).unwrap();
    check_told(
        &told,
        &[
            ",2,dwellings,ambiguous,,bld-",
            ",\"room told twice, and not the same\"",
            ",\"unit told twice, and not the same\"",
        ],
    );
    std::fs::remove_file(list).unwrap();
    let people = "姓名,身份证号,现住址,房号\n\
                  测试戊,000000195505051317,平江路12号101室,102室\n\
                  测试庚,000000194001011237,平江路12号101室,101室\n";
    let people = city.write("people.csv", people);
    let told = city.import(&[&people, "--unmatched", list]);
    check_told(&told, &["residents: 1 linked, 1 ambiguous, 0 unmatched"]);
    let rows = std::fs::read_to_string(list).unwrap();
    let row = rows.lines().find(|row| row.contains(",2,")).unwrap();
    assert_eq!(row.matches("dwl-").count(), 2, "{row}");
    let one = city.resident("测试戊");
    assert_eq!(one.dwelling, None);
    let address = one.address.open(&access::for_keeping()).unwrap();
    assert!(address.contains("101") && address.contains("102"));
    // A device of a room that no dwelling has stands in the house, and is listed.
    std::fs::remove_file(list).unwrap();
    let devices = "设备编号,设备类型,安装地址,房号\nS7,烟感,平江路12号,999\n";
    let devices = city.write("devices-9.csv", devices);
    let told = city.import(&[&devices, "--unmatched", list]);
    check_told(
        &told,
        &[
            "device       1 added",
            "devices: 0 linked, 0 ambiguous, 1 unmatched",
        ],
    );
    check_told(&std::fs::read_to_string(list).unwrap(), &["room differs"]);
}
