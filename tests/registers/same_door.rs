//! The same homes in several registers of dwellings: each stands once, whatever file tells of it.

use super::{City, check_told};

const FIRST: &str = "房屋编号,房屋地址,用途,建筑面积\n\
     D1,平江路12号101室,住宅,45.5\nD2,平江路12号102室,住宅,50\nD3,平江路14号,住宅,120\nD4,桃源新村3幢1单元301室,住宅,60\n";
/// The same in other words, one of them with another area, and one that is new.
const SECOND: &str = "房屋编号,地址,单元,房号,建筑面积\n\
     7001,平江路１２號,,101,45.5\n7002,平江路12号 102,,,99\n7003,平江路14号,,,\n7004,桃源新村三幢,1,301,60\n\
     7005,平江路12号,,103,40\n";

impl City {
    fn homes(&self) -> usize {
        self.ground().dwellings.len()
    }
}

#[test]
fn a_dwelling_that_another_register_tells_again_is_confirmed_and_not_made_again() {
    let city = City::new();
    let first = city.write("first.csv", FIRST);
    let second = city.write("second.csv", SECOND);
    city.import(&[&first]);
    let before = city.ground().dwellings;
    let list = city.0.path().join("rows.csv");
    let list = list.to_str().unwrap();
    let told = city.import(&[&second, "--unmatched", list]);
    check_told(
        &told,
        &[
            "dwelling     1 added, 0 updated, 0 removed",
            "4 dwellings stand already as another register tells",
            "1 dwelling is told differently by several registers: area_m2 1; what stood before stands",
        ],
    );
    assert_eq!(city.homes(), 5);
    for (id, home) in &before {
        assert_eq!(city.ground().dwellings.get(id), Some(home));
    }
    let rows = std::fs::read_to_string(list).unwrap();
    check_told(
        &rows,
        &[",3,dwellings,conflict,,dwl-", "area_m2: first stands"],
    );
    // Both again, in either order: nothing comes, nothing goes.
    for file in [&second, &first, &second] {
        check_told(
            &city.import(&[file]),
            &[": 0 added, 0 updated, 0 removed, "],
        );
    }
    check_told(
        &city.import(&[&second, &first]),
        &[": 0 added, 0 updated, 0 removed, "],
    );
    assert_eq!(city.homes(), 5);
}

#[test]
fn the_same_table_under_another_name_makes_nothing_a_second_time() {
    let city = City::new();
    let first = city.write("first.csv", FIRST);
    city.import(&[&first]);
    let before = city.ground().dwellings;
    let copy = city.write("copy.csv", FIRST);
    for _ in 0..2 {
        let told = city.import(&[&copy]);
        check_told(
            &told,
            &[
                "4 dwellings stand already as another register tells",
                ": 0 added, 0 updated, 0 removed, ",
            ],
        );
        assert!(!told.contains("differently"), "{told}");
    }
    check_told(&city.import(&[&copy, "--dry-run"]), &["4 dwellings stand"]);
    assert_eq!(city.ground().dwellings, before);
}

#[test]
fn both_registers_in_one_command_make_each_home_once() {
    let city = City::new();
    let first = city.write("first.csv", FIRST);
    let second = city.write("second.csv", SECOND);
    let told = city.import(&[&first, &second]);
    check_told(&told, &["4 dwellings stand already"]);
    assert_eq!(city.homes(), 5);
    // What the second still tells stays, though the first no longer does.
    let fewer = FIRST.replace("D2,平江路12号102室,住宅,50\n", "");
    city.write("first.csv", &fewer);
    city.import(&[&first, &second]);
    assert_eq!(city.homes(), 5);
}

#[test]
fn another_door_floor_unit_or_house_is_another_home() {
    let city = City::new();
    let first = city.write(
        "first.csv",
        "房屋编号,地址,单元,房号,楼层\nD1,平江路12号,,101,\nD2,桃源新村3幢,1,301,\nD3,平江路14号,,2,1\nD4,平江路14号,,2,2\n",
    );
    city.import(&[&first]);
    assert_eq!(city.homes(), 4);
    let second = city.write(
        "second.csv",
        "房屋编号,地址,单元,房号,楼层\nA,平江路14号,,101,\nB,桃源新村3幢,2,301,\nC,平江路14号,,2,3\nD,平江路12号,,,\nE,平江路12号,1,101,\n",
    );
    let told = city.import(&[&second]);
    check_told(&told, &["dwelling     5 added"]);
    assert!(!told.contains("already"), "{told}");
    // A room of few figures is told by its floor.
    let third = city.write("third.csv", "房屋编号,地址,房号,楼层\nX,平江路14号,2,2\n");
    check_told(&city.import(&[&third]), &["1 dwelling stands already"]);
    assert_eq!(city.homes(), 9);
    // One register that tells a door under two keys means two homes, as it always did.
    let twice = city.write(
        "twice.csv",
        "房屋编号,地址,房号\nX1,平江路14号,305\nX2,平江路14号,305\n",
    );
    check_told(&city.import(&[&twice]), &["dwelling     2 added"]);
}

#[test]
fn people_find_a_home_that_two_registers_tell() {
    let city = City::new();
    let first = city.write("first.csv", FIRST);
    let second = city.write("second.csv", SECOND);
    city.import(&[&first]);
    city.import(&[&second]);
    let people = city.write(
        "people.csv",
        "姓名,身份证号,现住址\n测试甲,000000194001011237,平江路12号101室\n",
    );
    check_told(&city.import(&[&people]), &["1 linked, 0 ambiguous"]);
}
