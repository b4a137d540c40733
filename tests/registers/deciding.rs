//! Fields on which registers differ: listed under rights, decided, and what later tables do to it.

use std::process::Output;

use super::command::pingjiang;
use super::{City, PERSONAL, check_told, data, text};

const HEAD: &str = "姓名,身份证号,联系电话,现住址,婚姻状况";
/// Who decides, in the words of a role table that lets somebody decide everywhere.
const CLERK: &[&str] = &[
    "--role",
    "clerk",
    "--purpose",
    "registry",
    "--note",
    "called",
    "--who",
    "账号七",
];

/// Who decides.
const ACCOUNT: &str = "账号七";

impl City {
    /// Two registers that differ on telephones, an address and a trait.
    fn contested() -> Self {
        let city = Self::new();
        city.import(&[&data("dwellings.csv")]);
        let first = city.write(
            "first.csv",
            &format!(
                "{HEAD}\n测试甲,000000194001011237,13900000001,平江路12号101室,已婚\n测试乙,000000197006151240,13900000002,平江路12号102室,\n"
            ),
        );
        city.import(&[&first]);
        city.police("13900000009", "13900000008");
        let roles =
            std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/roles.toml"));
        let roles = roles.unwrap()
            + "\n[[role]]\nid = \"clerk\"\nzh = \"测试登记\"\nen = \"clerk\"\n\
               opens = [\"name\", \"phone\", \"door\", \"label\"]\npurposes = [\"registry\"]\narea = \"all\"\n\
               small_counts = true\nexports = []\ndecides = true\n";
        city.write("city.roles.toml", &roles);
        city
    }

    /// A table of the second register, with the telephones that it tells.
    fn police(&self, first: &str, second: &str) -> String {
        let table = self.write(
            "police.csv",
            &format!(
                "{HEAD}\n测试甲,000000194001011237,{first},平江路14号,丧偶\n测试乙,000000197006151240,{second},平江路12号102室,\n"
            ),
        );
        self.import(&[&table])
    }

    /// A third register, which tells of the same people and nothing that could hold.
    fn silent(&self) {
        let people = "姓名,身份证号\n测试甲,000000194001011237\n测试乙,000000197006151240\n";
        self.import(&[&self.write("silent.csv", people)]);
    }

    fn ask(&self, command: &str, arguments: &[&str]) -> Output {
        let path = self.path();
        let path = path.to_str().unwrap();
        pingjiang(&[&[command, path], arguments].concat())
    }

    fn conflicts(&self, who: &[&str]) -> String {
        let output = self.ask("query", &[&["conflicts"], who].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    }

    /// What a decision that succeeds tells.
    fn decide(&self, arguments: &[&str]) -> String {
        let output = self.ask("decide", &[arguments, CLERK].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        let told = text(&output.stdout);
        for value in PERSONAL {
            assert!(!told.contains(value), "{value}: {told}");
        }
        told
    }

    fn phone(&self, name: &str) -> String {
        let clearance = pingjiang::access::for_keeping();
        let phone = self.resident(name).phone.unwrap();
        phone.open(&clearance).unwrap().to_string()
    }
}

#[test]
fn a_register_that_nobody_knows_is_refused_with_those_there_are() {
    let city = City::contested();
    let all = ["--everywhere", "--field", "phone", "--take", "polcie"];
    let output = city.ask("decide", &[&all[..], CLERK].concat());
    assert!(!output.status.success(), "{}", text(&output.stdout));
    let told = text(&output.stderr);
    check_told(
        &told,
        &["no register of people is called \"polcie\": there are first, police"],
    );
}

#[test]
fn conflicts_are_listed_under_rights_and_put_on_record() {
    let city = City::contested();
    let told = city.conflicts(&[]);
    for value in PERSONAL {
        assert!(!told.contains(value), "{value}: {told}");
    }
    assert!(told.contains('·') && !told.contains("res-"), "{told}");
    // Not by field either: not which fields, and not how many of one.
    assert!(!told.contains("phone") && !told.contains('2'), "{told}");
    let told = city.conflicts(&["--field", "phone", "--json"]);
    assert!(
        told.contains("\"people\": null") && told.contains("\"fields\": null"),
        "{told}"
    );
    let told = city.conflicts(CLERK);
    check_told(
        &told,
        &[
            "phone    2",
            "address  1",
            "marital  1",
            "测试甲",
            "13900000009",
            "police",
            "丧偶",
        ],
    );
    assert_eq!(
        city.conflicts(&[CLERK, &["--field", "phone"]].concat())
            .matches("res-")
            .count(),
        2
    );
    // Without labels nobody learns that registers tell of a trait at all.
    let roles = std::fs::read_to_string(city.path().with_extension("roles.toml")).unwrap();
    city.write(
        "city.roles.toml",
        &roles.replace(
            "\"door\", \"label\"]\npurposes = [\"registry\"]",
            "\"door\"]\npurposes = [\"registry\"]",
        ),
    );
    let told = city.conflicts(CLERK);
    assert!(
        !told.contains("丧偶") && told.contains("13900000009"),
        "{told}"
    );
    let audit = city.ask("audit", &["--role", "manager"]);
    check_told(
        &text(&audit.stdout),
        &["(clerk) opened for registry: called", "phone"],
    );
}

#[test]
fn a_decision_holds_until_a_register_says_something_new() {
    let city = City::contested();
    let id = city.resident("测试甲").id.to_string();
    let told = city.decide(&[&id, "--field", "phone", "--take", "police"]);
    check_told(&told, &["phone: 1 decided, 0 left", "--undo imp-"]);
    assert_eq!(city.phone("测试甲"), "13900000009");
    let open = city.conflicts(&[CLERK, &["--field", "phone"]].concat());
    assert!(!open.contains(&id), "{open}");
    // Both registers once more: nothing comes back, nothing changes.
    check_told(
        &city.police("13900000009", "13900000008"),
        &[": 0 added, 0 updated, 0 removed, "],
    );
    let first = city.0.path().join("first.csv");
    let first = first.to_str().unwrap();
    check_told(
        &city.import(&[first]),
        &[": 0 added, 0 updated, 0 removed, "],
    );
    assert_eq!(city.phone("测试甲"), "13900000009");
    // Something new is a conflict again, and the decision stands until somebody decides anew.
    city.police("13900000007", "13900000008");
    let open = city.conflicts(&[CLERK, &["--field", "phone"]].concat());
    check_told(
        &open,
        &[&id, "13900000007", "decided before", "13900000009"],
    );
    assert_eq!(city.phone("测试甲"), "13900000009");
    city.decide(&[&id, "--field", "phone", "--take", "first"]);
    assert_eq!(city.phone("测试甲"), "13900000001");
    let audit = text(
        &city
            .ask("audit", &["--role", "manager", "--of", &id])
            .stdout,
    );
    check_told(&audit, &["(clerk) decided phone for registry: called"]);
    let history = text(&city.ask("inspect", &[]).stdout);
    check_told(
        &history,
        &["decide", "phone: from police (clerk) for registry"],
    );
    // Who did it is told by the audit, and to who reads that alone.
    assert!(!history.contains(ACCOUNT), "{history}");
    check_told(&audit, &[ACCOUNT]);
    let outline = text(&city.ask("audit", &[]).stdout);
    assert!(
        outline.contains("decided") && !outline.contains(ACCOUNT),
        "{outline}"
    );
    let json = text(&city.ask("inspect", &["--json"]).stdout);
    assert!(!json.contains(ACCOUNT), "{json}");
}

#[test]
fn a_decision_is_made_anew_and_the_latest_is_taken_back() {
    let city = City::contested();
    let id = city.resident("测试甲").id.to_string();
    let decide = |how: &[&str]| {
        let told = city.decide(&[&[&id, "--field", "phone"], how].concat());
        let undo = told
            .split_whitespace()
            .find(|word| word.starts_with("imp-"));
        undo.unwrap().to_owned()
    };
    let first = decide(&["--take", "police"]);
    let value = city.write("value.txt", "13900000005\n");
    let second = decide(&["--value-from", &value]);
    assert_eq!(city.phone("测试甲"), "13900000005");
    let person = |who: &[&str]| text(&city.ask("query", &[&["person", &id], who].concat()).stdout);
    check_told(
        &person(CLERK),
        &["decided", "phone = 13900000005 (known otherwise; clerk, 20"],
    );
    let json = person(&[CLERK, &["--json"]].concat());
    assert!(!json.contains(ACCOUNT), "{json}");
    let told = city.refusal(&["--undo", &first]);
    check_told(&told, &["cannot be undone"]);
    city.import(&["--undo", &second]);
    assert_eq!(city.phone("测试甲"), "13900000009");
    check_told(&person(CLERK), &["phone = 13900000009 (police; "]);
    let audit = text(
        &city
            .ask("audit", &["--role", "manager", "--of", &id])
            .stdout,
    );
    assert_eq!(audit.matches("decided phone").count(), 2, "{audit}");
    // Of many at once only what waits is decided.
    let told = city.decide(&["--everywhere", "--field", "phone", "--take", "police"]);
    check_told(&told, &["phone: 1 decided, 0 left"]);
}

#[test]
fn a_register_that_tells_one_thing_twice_is_named_once() {
    let city = City::contested();
    let row = "测试甲,000000194001011237,13900000009,平江路14号,丧偶\n";
    let table = city.write("police.csv", &format!("{HEAD}\n{row}{row}"));
    city.import(&[&table, "--replace-all"]);
    let told = city.conflicts(&[CLERK, &["--field", "phone"]].concat());
    assert_eq!(told.matches("police").count(), 1, "{told}");
}

#[test]
fn a_decision_is_undone_like_any_run() {
    let city = City::contested();
    let id = city.resident("测试乙").id.to_string();
    let told = city.decide(&[&id, "--field", "phone", "--take", "police"]);
    let undo = told
        .split_whitespace()
        .find(|word| word.starts_with("imp-"));
    city.import(&["--undo", undo.unwrap()]);
    assert_eq!(city.phone("测试乙"), "13900000002");
    assert!(city.conflicts(CLERK).contains(&id));
}

#[test]
fn many_are_decided_at_once_after_a_dry_run() {
    let city = City::contested();
    let before = std::fs::read(city.path()).unwrap();
    let all = ["--everywhere", "--field", "phone", "--take", "police"];
    let told = city.decide(&[&all[..], &["--dry-run"]].concat());
    check_told(&told, &["would decide 2, leave 0 (dry run)"]);
    assert!(std::fs::read(city.path()).unwrap() == before);
    city.silent();
    city.decide(&all);
    assert_eq!(
        (city.phone("测试甲"), city.phone("测试乙")),
        ("13900000009".into(), "13900000008".into())
    );
    let told = city.decide(&["--everywhere", "--field", "marital", "--take", "silent"]);
    check_told(&told, &["0 decided, 1 left"]);
}

#[test]
fn a_decided_address_links_to_its_dwelling_and_a_value_comes_from_a_file() {
    let city = City::contested();
    let one = city.resident("测试甲");
    let id = one.id.to_string();
    let told = city.decide(&[&id, "--field", "address", "--take", "police"]);
    check_told(&told, &["1 linked to a dwelling"]);
    let moved = city.resident("测试甲").dwelling;
    assert!(moved.is_some() && moved != one.dwelling);
    let first = city.0.path().join("first.csv");
    city.import(&[first.to_str().unwrap()]);
    assert_eq!(
        city.resident("测试甲").dwelling,
        moved,
        "the decision holds"
    );
    let value = city.write("value.txt", "13900000005\n");
    city.decide(&[&id, "--field", "phone", "--value-from", &value]);
    assert_eq!(city.phone("测试甲"), "13900000005");
    assert!(
        !city
            .conflicts(&[CLERK, &["--field", "phone"]].concat())
            .contains(&id)
    );
}

#[test]
fn a_decision_hides_what_everybody_saw_of_its_people() {
    let city = City::contested();
    let posts = "设施名称,类型,地址,电话\n服务站,服务站,平江路12号,13900000005\n";
    city.import(&[&city.write("posts.csv", posts), "--as", "facilities"]);
    let phone = |city: &City| {
        let ground = city.ground();
        let mut all = ground.facilities.values();
        all.next().and_then(|one| one.phone.clone())
    };
    assert!(phone(&city).is_some());
    let id = city.resident("测试甲").id.to_string();
    let value = city.write("value.txt", "13900000005\n");
    let told = city.decide(&[&id, "--field", "phone", "--value-from", &value]);
    check_told(&told, &["1 that everybody saw by title, name or telephone"]);
    assert_eq!(phone(&city), None);
}

#[test]
fn what_may_not_or_cannot_be_decided_is_refused() {
    let city = City::contested();
    city.silent();
    let id = city.resident("测试甲").id.to_string();
    let before = std::fs::read(city.path()).unwrap();
    let refused = |arguments: &[&str], with: &str| {
        let output = city.ask("decide", arguments);
        let told = text(&output.stderr);
        assert!(!output.status.success() && told.contains(with), "{told}");
    };
    let take = [&id, "--field", "phone", "--take", "police"];
    refused(&take, "decided in a role that may");
    let planner = ["--role", "planner"];
    refused(
        &[&take[..], &planner].concat(),
        "decided in a role that may",
    );
    refused(&[&take[..], &CLERK[..4]].concat(), "--note");
    let with = |arguments: &[&str], told: &str| refused(&[arguments, CLERK].concat(), told);
    with(
        &[&id, "--field", "name", "--keep"],
        "do not differ on its name",
    );
    with(
        &[&id, "--field", "phone", "--take", "silent"],
        "says nothing of its phone",
    );
    with(&["res-x", "--field", "phone", "--keep"], "is no resident");
    let empty = city.write("empty.txt", "");
    with(
        &[&id, "--field", "phone", "--value-from", &empty],
        "one line of signs that can be seen",
    );
    let steering = city.write("steering.txt", "138\u{1b}[31m0000\n");
    with(
        &[&id, "--field", "phone", "--value-from", &steering],
        "one line of signs that can be seen",
    );
    with(&[&id, "--field", "foo", "--keep"], "there is no field");
    with(
        &["--everywhere", "--field", "foo", "--keep"],
        "there is no field",
    );
    let long = city.write("long.txt", &"1".repeat(5 << 20));
    with(
        &[&id, "--field", "phone", "--value-from", &long],
        "longer than 1024 bytes",
    );
    assert!(
        std::fs::read(city.path()).unwrap() == before,
        "the city was touched"
    );
}

#[test]
fn a_comparison_of_versions_tells_no_few_people() {
    let city = City::contested();
    let versions = city.ground().version;
    // A telephone of one of them is another one.
    city.police("13900000009", "13900000006");
    let range = format!("{versions}..{}", versions + 1);
    let page = text(&city.ask("inspect", &["--compare", &range]).stdout);
    let line = page.lines().find(|line| line.contains("resident"));
    let line = line.unwrap_or_else(|| panic!("{page}"));
    assert!(
        line.contains("· changed") || line.contains("changed ·"),
        "{page}"
    );
    for told in ["further", "phone", "no difference"] {
        assert!(!page.contains(told), "{told}: {page}");
    }
    let document = text(&city.ask("inspect", &["--compare", &range, "--json"]).stdout);
    let document: serde_json::Value = serde_json::from_str(&document).unwrap();
    let resident = &document["kinds"]["resident"];
    for field in ["changed", "changed_fields"] {
        assert!(
            resident.get(field).is_some_and(serde_json::Value::is_null),
            "{field}: {resident}"
        );
    }
    assert!(!resident["unchanged"].is_u64(), "{resident}");
    // Of houses everything is told.
    assert_eq!(document["kinds"]["building"]["changed"], 0);
    assert!(document["kinds"]["building"]["changed_fields"].is_object());
}
