//! Garages, cellars, attics, shops and what was built on: doors of their own in a register of dwellings, and
//! never the flat of that number. Floors against rooms, and lanes whose names go on.

use super::{City, check_told};
use pingjiang::access;

const HOMES: &str = "房屋编号,房屋坐落,建筑面积\n\
     D1,桃源新村3幢403室,60\nD2,桃源新村3幢403车库,12\nD3,桃源新村3幢-101室,12\nD4,桃源新村3幢101室,60\n\
     D5,桃源新村3幢404阁楼,12\nD6,桃源新村3幢404室,60\nD7,桃源新村3幢601室,60\nD8,平江路12号101室,60\n\
     D9,桃源新村3幢101铺,20\n";

impl City {
    /// Where the people live whose addresses these are, by the keys of the homes, and the list of those who
    /// are to be decided.
    fn homes_of(&self, addresses: &[&str]) -> (Vec<String>, String) {
        let rows: String = addresses
            .iter()
            .enumerate()
            .map(|(at, address)| format!("测试{at}号,{address}\n"))
            .collect();
        let table = format!("姓名,性别,现住址\n{}", rows.replace("号,", "号,男,"));
        let list = self.0.path().join("rows.csv");
        let _ = std::fs::remove_file(&list);
        let file = self.write("people.csv", &table);
        let list_path = list.to_str().unwrap();
        self.import_quietly(&[
            &file,
            "--as",
            "residents",
            "--replace-all",
            "--unmatched",
            list_path,
        ]);
        let ground = self.ground();
        let clearance = access::for_keeping();
        let home = |at: usize| {
            let name = format!("测试{at}号");
            let mut all = ground.residents.values();
            let one = all.find(|one| one.name.open(&clearance).as_deref() == Some(&*name));
            let home = ground.dwellings.get(&one?.dwelling?)?;
            Some(home.source.key.clone())
        };
        let found = (0..addresses.len()).map(|at| home(at).unwrap_or_default());
        let found = found.collect();
        (found, std::fs::read_to_string(list).unwrap_or_default())
    }

    fn with_apart_doors() -> Self {
        let city = Self::new();
        city.import_quietly(&[&city.write("homes.csv", HOMES)]);
        city
    }
}

#[test]
fn each_is_a_home_of_its_own_and_a_garage_is_on_no_fourth_floor() {
    let city = City::with_apart_doors();
    let ground = city.ground();
    let clearance = access::for_keeping();
    let mut homes: Vec<_> = ground
        .dwellings
        .values()
        .map(|one| {
            let door = one.door.open(&clearance).unwrap().into_owned();
            (one.source.key.clone(), door, one.floor)
        })
        .collect();
    homes.sort();
    let homes: Vec<_> = homes
        .iter()
        .map(|(key, door, floor)| (key.as_str(), door.as_str(), *floor))
        .collect();
    assert_eq!(
        homes[..3],
        [
            ("D1", "403室", 4),
            ("D2", "403车库", 1),
            ("D3", "负101室", -1)
        ]
    );
    assert_eq!(homes[3], ("D4", "101室", 1));
    assert_eq!((homes[4].1, homes[5].1), ("404阁楼", "404室"));
    assert_eq!(homes[8], ("D9", "101铺", 1));
    // The same homes in other words of another register.
    let again =
        "房屋编号,房屋坐落\nX1,桃源新村3幢车库403\nX2,桃源新村3幢地下101\nX3,桃源新村3幢 101商铺\n";
    let told = city.import_quietly(&[&city.write("again.csv", again)]);
    check_told(
        &told,
        &["3 dwellings stand already as another register tells"],
    );
}

#[test]
fn people_live_behind_the_door_that_is_told_and_behind_no_other() {
    let city = City::with_apart_doors();
    let own = [
        ("桃源新村3幢403室", "D1"),
        ("桃源新村3幢403车库", "D2"),
        ("桃源新村3幢地下101室", "D3"),
        ("桃源新村3幢负101", "D3"),
        ("桃源新村3幢101室", "D4"),
        ("桃源新村3幢404阁楼", "D5"),
        ("桃源新村3幢404", "D6"),
        ("桃源新村3幢6楼601", "D7"),
        ("桃源新村3幢底商101", "D9"),
    ];
    let (found, _) = city.homes_of(&own.map(|(address, _)| address));
    assert_eq!(found, own.map(|(_, key)| key));
    let nowhere = [
        "桃源新村3幢101地下室",
        "桃源新村3幢自行车库101",
        "桃源新村3幢101室夹层",
        "桃源新村3幢101室违建",
        "桃源新村3幢临101室",
        "桃源新村3幢601车库",
        "桃源新村3幢1楼601",
        "西平江路12号101室",
        "小平江路12号101室",
        "新桃源新村3幢101室",
    ];
    let (found, list) = city.homes_of(&nowhere);
    assert!(found.iter().all(String::is_empty), "{found:?}");
    for row in 2..nowhere.len() + 2 {
        assert!(
            list.contains(&format!(",{row},residents,")),
            "{row}: {list}"
        );
    }
    check_told(
        &list,
        &[
            "floor and room contradict",
            "road is spelt otherwise",
            "room differs",
        ],
    );
}
