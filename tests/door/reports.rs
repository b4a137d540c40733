//! Reports and orders of residents by HTTP: the incidents that they open, what stays sealed, what is not
//! taken, and that nothing is taken twice.

use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use pingjiang::store::CityFile;
use serde_json::{Value, json};

use super::engine::{City, Engine, PROGRAM, text};

const PATH: &str = "/api/v1/events";
const TITLE: &str = "下水道堵塞";
const WORDS: &str = "厨房返水两天了";
const NAME: &str = "植物丙";

fn now_ms() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    u64::try_from(now.as_millis()).unwrap()
}

/// A generated community, with its key beside it, a program that reports, and a house that only one
/// address names.
fn community() -> (City, String, String) {
    let city = City::generated();
    city.done("add", &["hotline", "--role", "planner", "--no-password"]);
    let scopes = ["hotline", "desk", "--scope", "report"];
    let token = city.done("token", &scopes);
    let ground = CityFile::open(&city.path(), None)
        .unwrap()
        .load_ground()
        .unwrap();
    let addresses = ground
        .buildings
        .values()
        .filter_map(|one| one.address.clone());
    let mut addresses: Vec<String> = addresses.collect();
    addresses.sort();
    let is_alone = |one: &&String| {
        one.ends_with('幢')
            && addresses
                .iter()
                .filter(|other| other.contains(*one))
                .count()
                == 1
    };
    let address = addresses.iter().find(is_alone).unwrap().clone();
    (city, token, address)
}

fn report(id: &str, address: &str) -> Value {
    json!({"id": id, "kind": "order", "group": "household_chores", "title": TITLE, "text": WORDS,
        "address": address, "reporter": NAME, "phone": "13900000003", "reported_at": now_ms() - 60_000})
}

fn incident(engine: &Engine, taken: &Value) -> Value {
    let (status, state) = engine.ask(&engine.token, "GET", "/v1/state", None);
    assert_eq!(status, 200);
    let all = state.to_string();
    for secret in [TITLE, WORDS, NAME, "13900000003"] {
        assert!(!all.contains(secret), "{secret} is told");
    }
    let id = taken["incident"].as_str().unwrap();
    state["dispatch"]["incidents"][id].clone()
}

#[test]
fn a_report_opens_an_incident_once_and_nothing_of_it_is_told() {
    let (city, token, address) = community();
    let engine = Engine::start(&city, &[]);
    let send = |engine: &Engine, body: &Value| engine.ask(&token, "POST", PATH, Some(body));
    let body = json!([
        report("a", &address),
        report("b", &format!("{address}101室"))
    ]);
    let (status, answer) = send(&engine, &body);
    assert_eq!(status, 200, "{answer}");
    let taken = answer["taken"].as_array().unwrap().clone();
    assert_eq!(
        (&taken[0]["id"], &taken[0]["is_new"]),
        (&json!("a"), &json!(true))
    );
    let public = incident(&engine, &taken[0]);
    assert_eq!(public["opening"]["origin"]["from"], "reported", "{public}");
    assert_eq!(public["opening"]["kind"], "order");
    assert_eq!(public["opening"]["group"], "household_chores");
    assert!(
        public["opening"]["spot"]["building"].is_string(),
        "{public}"
    );
    let home = incident(&engine, &taken[1]);
    assert!(home["opening"]["spot"].get("building").is_none(), "{home}");
    assert!(home["opening"]["spot"]["area"].is_string(), "{home}");
    let words = home["history"].as_array().unwrap().iter();
    assert!(
        words
            .map(|one| &one["act"]["act"])
            .any(|act| act == "commented"),
        "{home}"
    );

    // Whoever reported sees how far it has come; nobody else is told of.
    let code = taken[0]["code"].as_str().unwrap();
    let told = Command::new(PROGRAM)
        .arg("incidents")
        .arg(city.path())
        .args([
            "--connect",
            &engine.url,
            "--token",
            &engine.token,
            "progress",
            code,
        ])
        .output()
        .unwrap();
    assert!(told.status.success(), "{}", text(&told.stderr));
    let told = text(&told.stdout);
    assert!(!told.contains(TITLE) && !told.contains(&address), "{told}");

    // A power cut, and the same once more: all of it was kept, and nothing is doubled.
    drop(engine);
    let engine = Engine::start(&city, &[]);
    let (status, again) = send(&engine, &body);
    assert_eq!(status, 200, "{again}");
    for (before, after) in taken.iter().zip(again["taken"].as_array().unwrap()) {
        assert_eq!(
            (&before["incident"], &before["code"]),
            (&after["incident"], &after["code"])
        );
        assert_eq!(after["is_new"], false);
    }
    let headers = [("Idempotency-Key", "k-1")];
    let one = report("c", &address).to_string().into_bytes();
    let post = |body: &[u8]| {
        let body = Some(("application/x-ndjson", body.to_vec()));
        engine.send(&token, "POST", PATH, &headers, body)
    };
    let first = post(&one);
    assert_eq!(first.0, 200, "{}", first.2);
    assert_eq!(post(&one), first, "answered as before");
    assert_eq!(post(b"{}").0, 422);
}

#[test]
fn what_is_at_fault_is_told_by_row_and_nothing_is_taken() {
    let (city, token, address) = community();
    city.add("wu", "planner");
    let engine = Engine::start(&city, &["--archive", "memory"]);
    let wu = engine.sign_in("wu");
    assert_eq!(
        engine
            .ask(&wu, "POST", PATH, Some(&report("a", &address)))
            .0,
        403
    );
    assert_eq!(
        engine.ask("", "POST", PATH, Some(&report("a", &address))).0,
        401
    );
    let before = engine.get(&engine.token, "/api/v1/twin")["incidents_open"].clone();
    let spoiled = |change: &dyn Fn(&mut Value)| {
        let mut one = report("b", &address);
        change(&mut one);
        one
    };
    for (bad, told) in [
        (
            spoiled(&|one| one["address"] = json!("火星路9999号")),
            "longitude and latitude",
        ),
        (
            spoiled(&|one| one["address"] = Value::Null),
            "must say where",
        ),
        (
            spoiled(&|one| one["longitude"] = json!(120.6)),
            "both or neither",
        ),
        (
            spoiled(&|one| one["title"] = json!(" \u{200b}")),
            "title: it has 1 to 80",
        ),
        (
            spoiled(&|one| one["reported_at"] = json!(5)),
            "within the last year",
        ),
        (spoiled(&|one| one["due_at"] = json!(5)), "lies after"),
        (
            spoiled(&|one| one["id"] = json!("a")),
            "another one of this request",
        ),
        (
            spoiled(&|one| one["kind"] = json!("植物丙")),
            "kind or group",
        ),
        (spoiled(&|one| one["group"] = json!(7)), "another type"),
        (spoiled(&|one| one["colour"] = json!("red")), "colour"),
    ] {
        let body = json!([report("a", &address), bad]);
        let (status, problem) = engine.ask(&token, "POST", PATH, Some(&body));
        assert_eq!(status, 422, "{problem}");
        let rows = problem["rows"].as_array().unwrap();
        assert_eq!((rows.len(), &rows[0]["row"]), (1, &json!(2)), "{problem}");
        let detail = rows[0]["detail"].as_str().unwrap();
        assert!(detail.contains(told), "{detail}");
        assert!(!problem.to_string().contains("植物丙"), "{problem}");
    }
    let send = |media: &str, body: &str| {
        let body = Some((media, body.as_bytes().to_vec()));
        engine.send(&token, "POST", PATH, &[], body).0
    };
    assert_eq!(send("application/json", "["), 400);
    assert_eq!(send("application/json", "[]"), 422);
    assert_eq!(send("text/csv", "id"), 415);
    let after = engine.get(&engine.token, "/api/v1/twin")["incidents_open"].clone();
    assert_eq!(before, after);

    // Without the key nothing can be sealed.
    drop(engine);
    std::fs::remove_file(city.path().with_extension("key")).unwrap();
    let engine = Engine::start(&city, &["--archive", "memory"]);
    let (status, problem) = engine.ask(&token, "POST", PATH, Some(&report("a", &address)));
    assert_eq!(status, 503, "{problem}");
}
