//! Rows that found no dwelling, or several: somebody chooses one, and what later tables do to it.

use std::process::Output;

use pingjiang::access;
use pingjiang::base::{DwellingId, Sealed};
use pingjiang::model::{DeviceHome, OfHome};

use super::command::pingjiang;
use super::{City, PERSONAL, check_told, data, text};

const REGISTRAR: &[&str] = &[
    "--role",
    "registrar",
    "--purpose",
    "registry",
    "--note",
    "asked at the door",
    "--who",
    "账号七",
];
const PEOPLE: &str = "姓名,身份证号,联系电话,现住址\n\
     测试甲,000000194001011237,13900000001,平江路12号109室\n";

impl City {
    fn with_homes() -> Self {
        let city = Self::new();
        city.import(&[&data("dwellings.csv")]);
        city
    }

    fn choose(&self, arguments: &[&str]) -> Output {
        let path = self.path();
        let path = path.to_str().unwrap();
        pingjiang(&[&["decide", path], arguments].concat())
    }

    /// What a choice that succeeds tells.
    fn chosen(&self, arguments: &[&str]) -> String {
        let output = self.choose(&[arguments, REGISTRAR].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        let told = text(&output.stdout);
        for value in PERSONAL {
            assert!(!told.contains(value), "{value}: {told}");
        }
        told
    }

    fn home(&self, door: &str) -> DwellingId {
        let clearance = access::for_keeping();
        let ground = self.ground();
        let mut homes = ground.dwellings.values();
        let is_it = |door_of: &Sealed| door_of.open(&clearance).as_deref() == Some(door);
        homes.find(|one| is_it(&one.door)).unwrap().id
    }

    fn again(&self, table: &str) -> String {
        let told = self.import(&[table]);
        check_told(&told, &[": 0 added, 0 updated, 0 removed, "]);
        told
    }
}

#[test]
fn somebody_without_a_home_is_linked_and_stays_so_until_the_address_is_another() {
    let city = City::with_homes();
    let people = city.write("people.csv", PEOPLE);
    let list = city.0.path().join("rows.csv");
    city.import(&[&people, "--unmatched", list.to_str().unwrap()]);
    let (one, home) = (city.resident("测试甲"), city.home("101室"));
    assert_eq!(one.dwelling, None);
    let (id, dwelling) = (one.id.to_string(), home.to_string());
    // The list of rows names the record that is to be linked.
    let rows = std::fs::read_to_string(&list).unwrap();
    check_told(&rows, &["reasons,record", &id]);
    let waiting = || {
        let path = city.path();
        let list = ["query", path.to_str().unwrap(), "quality", "--list"];
        let list = [&list[..], &["unmatched_address"], REGISTRAR].concat();
        text(&pingjiang(&list).stdout)
    };
    check_told(&waiting(), &[&id]);
    let before = std::fs::read(city.path()).unwrap();
    let told = city.chosen(&[&id, "--dwelling", &dwelling, "--dry-run"]);
    check_told(&told, &["would link 1, leave 0"]);
    assert!(std::fs::read(city.path()).unwrap() == before);
    let told = city.chosen(&[&id, "--dwelling", &dwelling]);
    check_told(&told, &["dwelling: 1 linked, 0 as before", "--undo imp-"]);
    assert_eq!(city.resident("测试甲").dwelling, Some(home));
    assert!(!waiting().contains(&id));
    check_told(
        &city.chosen(&[&id, "--dwelling", &dwelling]),
        &["0 linked, 1 as before"],
    );
    check_told(
        &city.again(&people),
        &["residents: 1 link that a person chose holds"],
    );
    // A home of that very address comes later: the choice stands, and that is told.
    let more = city.write("more.csv", "房屋编号,房屋地址\nD109,平江路12号109室\n");
    city.import(&[&more]);
    check_told(
        &city.again(&people),
        &["1 of them would lead elsewhere now by its address"],
    );
    assert_eq!(city.resident("测试甲").dwelling, Some(home));
    // Another address is another question.
    let people = city.write("people.csv", &PEOPLE.replace("109室", "102室"));
    let told = city.import(&[&people]);
    check_told(&told, &["1 link that a person chose holds no longer"]);
    assert_eq!(city.resident("测试甲").dwelling, Some(city.home("102室")));
    let audit = pingjiang(&[
        "audit",
        city.path().to_str().unwrap(),
        "--role",
        "manager",
        "--of",
        &id,
    ]);
    check_told(
        &text(&audit.stdout),
        &[
            "(registrar) decided dwelling for registry: asked at the door",
            "账号七",
        ],
    );
    let history = pingjiang(&["inspect", city.path().to_str().unwrap()]);
    let history = text(&history.stdout);
    check_told(&history, &["dwelling: chosen (registrar) for registry"]);
    assert!(
        !history.contains("账号七") && !history.contains(&dwelling),
        "{history}"
    );
}

#[test]
fn a_choice_is_undone_and_told_with_the_person() {
    let city = City::with_homes();
    let people = city.write("people.csv", PEOPLE);
    city.import(&[&people]);
    let (id, home) = (city.resident("测试甲").id.to_string(), city.home("101室"));
    let told = city.chosen(&[&id, "--dwelling", &home.to_string()]);
    let undo = told
        .split_whitespace()
        .find(|word| word.starts_with("imp-"));
    let person = |who: &[&str]| {
        let path = city.path();
        let asked = [&["query", path.to_str().unwrap(), "person", &id], who].concat();
        text(&pingjiang(&asked).stdout)
    };
    check_told(
        &person(REGISTRAR),
        &["测试甲", &format!("dwelling = {home}")],
    );
    assert!(!person(&[]).contains(&home.to_string()));
    city.import(&["--undo", undo.unwrap()]);
    assert_eq!(city.resident("测试甲").dwelling, None);
    city.import(&[&people]);
    assert_eq!(city.resident("测试甲").dwelling, None);
}

#[test]
fn households_devices_events_and_vehicles_are_linked_and_stay_so() {
    let city = City::with_homes();
    let tables = [
        ("households.csv", "户号,地址\nH7,平江路12号109室\n"),
        (
            "devices.csv",
            "设备编号,设备类型,安装地址,安装高度\nS1,烟感,平江路12号109室,2.4\n",
        ),
        (
            "events.csv",
            "事件编号,事件标题,事件大类,类型,事发地址,上报时间\nE1,下水道堵塞,便民服务,居民上报,平江路12号109室,2026-04-01 08:30\n",
        ),
        (
            "vehicles.csv",
            "车牌号,车辆类型,地址\n测A00001,小型汽车,平江路12号\n",
        ),
    ];
    let tables = tables.map(|(name, rows)| city.write(name, rows));
    for table in &tables {
        city.import(&[table]);
    }
    let ground = city.ground();
    let home = city.home("101室");
    let only = |mut ids: Vec<String>| ids.pop().unwrap();
    let household = only(ground.households.keys().map(ToString::to_string).collect());
    let device = only(ground.devices.keys().map(ToString::to_string).collect());
    let event = only(ground.events.keys().map(ToString::to_string).collect());
    let vehicle = only(ground.vehicles.keys().map(ToString::to_string).collect());
    let dwelling = home.to_string();
    // A vehicle goes with the household there.
    let none = city.choose(&[&[&vehicle, "--dwelling", &dwelling], REGISTRAR].concat());
    check_told(&text(&none.stderr), &["link the household first"]);
    let all = [&household, &device, &event];
    let named: Vec<&str> = all.iter().map(|one| one.as_str()).collect();
    check_told(
        &city.chosen(&[&named[..], &["--dwelling", &dwelling]].concat()),
        &["3 linked, 0 as before"],
    );
    check_told(
        &city.chosen(&[&vehicle, "--dwelling", &dwelling]),
        &["1 linked"],
    );
    let check = || {
        let ground = city.ground();
        let household = ground.households.values().next().unwrap();
        assert_eq!(household.dwelling, Some(home));
        let device = ground.devices.values().next().unwrap();
        assert_eq!(device.dwelling, Some(home));
        assert!(matches!(device.home, DeviceHome::At(_)));
        let event = ground.events.values().next().unwrap();
        assert_eq!((event.dwelling, &event.home), (Some(home), &OfHome::Yes));
        let vehicle = ground.vehicles.values().next().unwrap();
        assert_eq!(vehicle.household, Some(household.id));
    };
    check();
    for table in &tables {
        check_told(&city.again(table), &["1 link that a person chose holds"]);
        check();
    }
    // Something else of the row changes: the link stays, also through the next table.
    for height in ["2.4,,新", "2.4,,旧"] {
        let rows = format!(
            "设备编号,设备类型,安装地址,安装高度,上报间隔,安装位置\nS1,烟感,平江路12号109室,{height}\n"
        );
        city.write("devices.csv", &rows);
        check_told(
            &city.import(&[&tables[1]]),
            &["1 link that a person chose holds"],
        );
        check();
    }
    // Another place is another question.
    city.write("households.csv", "户号,地址\nH7,平江路12号102室\n");
    check_told(&city.import(&[&tables[0]]), &["holds no longer"]);
    let ground = city.ground();
    let household = ground.households.values().next().unwrap();
    assert_eq!(household.dwelling, Some(city.home("102室")));
}

#[test]
fn a_household_goes_with_its_people_where_it_has_their_address() {
    let city = City::with_homes();
    let people = city.write(
        "people.csv",
        "姓名,身份证号,现住址,户号\n\
         测试甲,000000194001011237,平江路12号109室,H1\n\
         测试乙,000000197006151240,平江路12号108室,H1\n",
    );
    city.import(&[&people]);
    let home = city.home("101室");
    let household = || {
        let id = city.resident("测试甲").household.unwrap();
        city.ground().households.remove(&id).unwrap()
    };
    assert_eq!(household().dwelling, None);
    // A number counts within its address: those of the other one are another household.
    assert_eq!(city.ground().households.len(), 2);
    let choose = |name: &str| {
        let id = city.resident(name).id.to_string();
        city.chosen(&[&id, "--dwelling", &home.to_string()])
    };
    let told = choose("测试乙");
    check_told(&told, &["1 of their households with them"]);
    assert_eq!(household().dwelling, None);
    check_told(
        &choose("测试甲"),
        &["1 linked", "1 of their households with them"],
    );
    assert_eq!(household().dwelling, Some(home));
    check_told(&city.again(&people), &["4 links that people chose hold"]);
    assert_eq!(household().dwelling, Some(home));
}

#[test]
fn who_may_not_choose_or_what_fits_nowhere_is_refused() {
    let city = City::with_homes();
    let people = city.write("people.csv", PEOPLE);
    city.import(&[&people, &data("devices.csv")]);
    let (id, home) = (
        city.resident("测试甲").id.to_string(),
        city.home("101室").to_string(),
    );
    let before = std::fs::read(city.path()).unwrap();
    let refused = |arguments: &[&str], with: &str| {
        let output = city.choose(arguments);
        let told = text(&output.stderr);
        assert!(
            !output.status.success() && told.contains(with),
            "{arguments:?}: {told}"
        );
    };
    let choose = [&id[..], "--dwelling", &home];
    refused(&choose, "decided in a role that may");
    for role in ["planner", "manager", "operator"] {
        refused(
            &[&choose[..], &["--role", role]].concat(),
            "decided in a role that may",
        );
    }
    refused(&[&choose[..], &REGISTRAR[..4]].concat(), "--note");
    let with = |arguments: &[&str], told: &str| refused(&[arguments, REGISTRAR].concat(), told);
    with(&[&id, "--dwelling", &id], "is no dwelling");
    with(&[&home, "--dwelling", &home], "are linked to a dwelling");
    with(
        &["res-0000000000000001", "--dwelling", &home],
        "there is no such record, or it is not yours",
    );
    with(&["x", "--dwelling", &home], "is no id");
    with(&[&id, "--dwelling", &home, "--keep"], "cannot be used with");
    with(
        &[&id, "--dwelling", &home, "--field", "phone"],
        "cannot be used with",
    );
    with(
        &["--everywhere", "--dwelling", &home],
        "cannot be used with",
    );
    with(&[&id, "--field", "dwelling", "--keep"], "--dwelling");
    // A device that stands at one house is of no home in another.
    let elsewhere = city.home("1单元301室").to_string();
    let ground = city.ground();
    let device = ground.devices.values().find(|one| one.source.key == "S1");
    let device = device.unwrap().id.to_string();
    with(
        &[&device, "--dwelling", &elsewhere],
        "correct its place in its register",
    );
    assert!(
        std::fs::read(city.path()).unwrap() == before,
        "the city was touched"
    );
}

#[test]
fn a_registrar_decides_where_registers_differ_on_somebody_without_a_home() {
    let city = City::with_homes();
    let people = city.write("people.csv", PEOPLE);
    let police = city.write("police.csv", &PEOPLE.replace("13900000001", "13900000009"));
    city.import(&[&people]);
    city.import(&[&police]);
    let one = city.resident("测试甲");
    assert_eq!(one.dwelling, None);
    let id = one.id.to_string();
    let path = city.path();
    let conflicts = |who: &[&str]| {
        let asked = [&["query", path.to_str().unwrap(), "conflicts"], who].concat();
        text(&pingjiang(&asked).stdout)
    };
    check_told(&conflicts(REGISTRAR), &[&id, "13900000009"]);
    assert!(!conflicts(&[]).contains(&id));
    let told = city.chosen(&[&id, "--field", "phone", "--take", "police"]);
    check_told(&told, &["phone: 1 decided"]);
    let phone = city.resident("测试甲").phone.unwrap();
    assert_eq!(phone, Sealed::new("13900000009"));
    // Deciding a field leaves the choice of a home as it is, and the other way round.
    let home = city.home("101室");
    city.chosen(&[&id, "--dwelling", &home.to_string()]);
    city.chosen(&[&id, "--field", "phone", "--take", "people"]);
    let one = city.resident("测试甲");
    assert_eq!(
        (one.dwelling, one.phone),
        (Some(home), Some(Sealed::new("13900000001")))
    );
}
