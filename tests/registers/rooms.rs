//! Devices whose address names a room that no dwelling has, or a floor of a house with homes: where they
//! hang stands nowhere in the open, before and after a dwelling is known, and after the key is changed.

use pingjiang::model::{Device, DeviceHome};

use super::command::pingjiang;
use super::small_city::text;
use super::{City, check_told, data};

/// A height that nothing else of the city has, metres.
const HEIGHT_M: f64 = 12.640_625;

fn device(city: &City, key: &str) -> Device {
    let ground = city.ground();
    let mut all = ground.devices.values();
    all.find(|one| one.source.key == key).expect(key).clone()
}

/// Whether the file has the height as a row of today or as an image of before holds it.
fn holds_height(city: &City) -> bool {
    let bytes = std::fs::read(city.path()).unwrap();
    let plain = HEIGHT_M.to_le_bytes();
    let hex: String = plain.iter().map(|byte| format!("{byte:02x}")).collect();
    let has = |part: &[u8]| bytes.windows(part.len()).any(|one| one == part);
    has(&plain) || has(hex.as_bytes())
}

fn check_hidden(city: &City, key: &str) {
    let one = device(city, key);
    let own = match one.home {
        DeviceHome::At(own) => own,
        other => panic!("{key}: {other:?}"),
    };
    assert_eq!(own[2], HEIGHT_M, "{key}");
    let ground = city.ground();
    let at = match one.building {
        Some(id) => ground.buildings[&id].ground_m,
        None => 0.0,
    };
    assert_eq!(one.position[2], at, "{key}");
    assert_ne!(one.position[..2], own[..2], "{key}");
}

fn table(rows: &[&str]) -> String {
    let head = "设备编号,设备类型,安装地址,楼层,经度,纬度,高程";
    format!("{head}\n{}\n", rows.join("\n"))
}

#[test]
fn a_room_that_no_dwelling_has_is_nobodys_business() {
    let city = City::new();
    city.import(&[&data("dwellings.csv"), &data("residents.csv")]);
    let rows = [
        format!("R1,烟感,桃源新村3幢1单元506室,,120.6301,31.3099,{HEIGHT_M}"),
        format!("R2,烟感,桃源新村3幢1-506,,,,{HEIGHT_M}"),
        format!("R3,烟感,桃源新村99幢506室,,120.6401,31.3199,{HEIGHT_M}"),
        format!("R4,烟感,桃源新村3幢,5,120.6301,31.3099,{HEIGHT_M}"),
        format!("R5,烟感,桃源新村3幢5层,,120.6301,31.3099,{HEIGHT_M}"),
    ];
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let path = city.write("rooms.csv", &table(&rows));
    let told = city.import(&[&path]);
    check_told(
        &told,
        &[
            "device       5 added",
            "column \"楼层\": it names a floor of a house in which people live",
            "column \"安装地址\": it names a floor of a house in which people live",
        ],
    );
    assert!(!holds_height(&city));
    for key in ["R1", "R2", "R3", "R4", "R5"] {
        check_hidden(&city, key);
        assert_eq!(device(&city, key).dwelling, None, "{key}");
    }
    let told = city.import(&[&path]);
    check_told(&told, &["device       0 added, 0 updated"]);
    // The room becomes known, and the same table comes again.
    let homes = "房屋编号,房屋地址,建筑面积\nN1,桃源新村3幢1单元506室,60\n";
    city.import_quietly(&[&city.write("more.csv", homes)]);
    city.import(&[&path]);
    assert!(device(&city, "R1").dwelling.is_some());
    check_hidden(&city, "R1");
    assert!(!holds_height(&city));
    let file = city.path();
    let turned = pingjiang(&["key", "rotate", file.to_str().unwrap()]);
    assert!(turned.status.success(), "{}", text(&turned.stderr));
    assert!(!holds_height(&city));
    check_hidden(&city, "R1");
    check_hidden(&city, "R3");
}

#[test]
fn what_hung_in_the_open_before_its_room_was_told_is_sealed_in_the_history_too() {
    let city = City::new();
    city.import_quietly(&[&data("dwellings.csv")]);
    let row = |address: &str| format!("R1,烟感,{address},,120.6301,31.3099,{HEIGHT_M}");
    let import = |row: String| {
        let path = city.write("rooms.csv", &table(&[&row]));
        city.import_quietly(&[&path]);
    };
    import(row("桃源新村3幢"));
    assert!(holds_height(&city), "of a device of the house all is open");
    import(row("桃源新村3幢1单元506室"));
    assert!(!holds_height(&city));
    check_hidden(&city, "R1");
}

#[test]
fn a_device_of_no_home_hangs_where_its_row_says() {
    let city = City::new();
    city.import_quietly(&[&data("dwellings.csv")]);
    for address in ["桃源新村3幢", "桃源新村3幢地下1层", "平江路12号", "平江路"]
    {
        let row = format!("R1,烟感,{address},,120.6301,31.3099,{HEIGHT_M}");
        city.import_quietly(&[&city.write("open.csv", &table(&[&row]))]);
        let one = device(&city, "R1");
        assert_eq!(
            (one.home, one.position[2]),
            (DeviceHome::Known, HEIGHT_M),
            "{address}"
        );
    }
}
