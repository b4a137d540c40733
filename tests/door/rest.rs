//! Answers and commands over the line.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::engine::{City, Engine};

/// An engine in which something happens.
fn busy(city: &City) -> Engine {
    let arguments = [
        "--archive",
        "memory",
        "--simulate",
        "flood",
        "--speed",
        "600",
    ];
    let engine = Engine::start(city, &arguments);
    let token = engine.token.clone();
    engine.wait("an alarm", || {
        let alarms = engine.get(&token, "/api/v1/alarms");
        (alarms["count"].as_u64().unwrap() > 1).then_some(())
    });
    engine
}

fn texts(list: &Value, name: &str) -> Vec<String> {
    let list = list.as_array().unwrap().iter();
    list.map(|one| one[name].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn devices_come_in_pages_and_fit_the_question() {
    let city = City::new();
    let engine = busy(&city);
    let token = engine.token.clone();
    let all = engine.get(&token, "/api/v1/devices?limit=1000");
    let all = texts(&all["devices"], "id");
    assert_eq!(all.len(), 6 * 13);
    let mut pages = Vec::new();
    let mut path = "/api/v1/devices?limit=7".to_owned();
    loop {
        let page = engine.get(&token, &path);
        pages.extend(texts(&page["devices"], "id"));
        let Some(next) = page["next"].as_str() else {
            break;
        };
        path = format!("/api/v1/devices?limit=7&after={next}");
    }
    assert_eq!(pages, all, "pages neither repeat nor leave out one");
    let smoke = engine.get(&token, "/api/v1/devices?kind=smoke");
    assert_eq!(smoke["devices"].as_array().unwrap().len(), 6);
    let one = &smoke["devices"][0];
    assert_eq!(
        (&one["kind_zh"], &one["dataset"]),
        (&json!("烟感"), &json!("sample"))
    );
    let id = one["id"].as_str().unwrap();
    let same = engine.get(&token, &format!("/api/v1/devices/{id}"));
    assert_eq!(same["place_zh"], one["place_zh"]);
    let states: usize = ["unseen", "fine", "silent", "stuck", "out_of_range", "jump"]
        .iter()
        .map(|state| {
            let of = engine.get(&token, &format!("/api/v1/devices?limit=1000&state={state}"));
            of["devices"].as_array().unwrap().len()
        })
        .sum();
    assert!(states > 0);
    let twin = engine.get(&token, "/api/v1/twin");
    assert_eq!(twin["devices_by_kind"]["smoke"]["count"], 6);
    assert_eq!(twin["records"]["device"], 78);
    assert_eq!(twin["feed"]["simulated"], true);
}

#[test]
fn what_cannot_be_answered_is_a_problem_that_says_how_to_mend_it() {
    let city = City::new();
    let engine = Engine::start(&city, &["--archive", "memory"]);
    let token = engine.token.clone();
    for (method, path, status, told) in [
        ("GET", "/api/v1/devices/dev-1", 404, "16 hex"),
        ("GET", "/api/v1/devices/dev-0123456789abcdef", 404, "lists"),
        ("GET", "/api/v1/devices?limit=0", 400, "between"),
        ("GET", "/api/v1/devices?colour=red", 400, "colour"),
        ("GET", "/api/v1/devices?kind=radon", 400, "known are"),
        ("GET", "/api/v1/devices?area=X", 400, "area"),
        ("GET", "/api/v1/devices?after=x", 400, "leave it out"),
        ("GET", "/api/v1/alarms?grade=pink", 400, "pink"),
        (
            "GET",
            "/api/v1/alarms/alm-0123456789abcdef",
            404,
            "no open alarm",
        ),
        ("GET", "/api/v1/nothing", 404, "docs/api.md"),
        ("PUT", "/api/v1/twin", 405, "Allow"),
        ("POST", "/api/v1/commands", 415, "application/json"),
    ] {
        let (code, media, problem) = engine.send(&token, method, path, &[], None);
        assert_eq!(code, status, "{path}: {problem}");
        assert_eq!(media, "application/problem+json", "{path}");
        assert_eq!(problem["status"], status);
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(told), "{path}: {detail}");
    }
    for path in [
        "/api/v1/me",
        "/api/v1/twin",
        "/api/v1/devices",
        "/api/v1/hello",
    ] {
        assert_eq!(engine.ask("", "GET", path, None).0, 401, "{path}");
        assert_eq!(engine.ask("pjs_wrong", "GET", path, None).0, 401, "{path}");
    }
}

#[test]
fn figures_of_past_alarms_come_from_the_archive() {
    let city = City::new();
    let arguments = ["--simulate", "flood", "--speed", "600"];
    let engine = Engine::start(&city, &arguments);
    let token = engine.token.clone();
    let figures = engine.wait("an alarm", || {
        let (status, figures) = engine.ask(&token, "GET", "/api/v1/alarms/figures", None);
        (status == 200 && figures["raised"].as_u64() > Some(1)).then_some(figures)
    });
    assert_eq!(figures["positions"], 1);
    assert!(
        figures["from"].as_i64() < figures["to"].as_i64(),
        "{figures}"
    );
    let ask = |query: &str| {
        let path = format!("/api/v1/alarms/figures?{query}");
        engine.ask(&token, "GET", &path, None)
    };
    assert_eq!(ask("positions=2").1["positions"], 2);
    for (query, status, told) in [
        ("positions=0", 400, "between"),
        ("month=2026-05&from=0", 400, "leave these out"),
        ("month=1990-05", 404, "nothing"),
        ("month=May", 404, "2026-05"),
        ("area=X", 400, "area"),
    ] {
        let (code, problem) = ask(query);
        assert_eq!(code, status, "{problem}");
        assert!(
            problem["detail"].as_str().unwrap().contains(told),
            "{problem}"
        );
    }
}

#[test]
fn who_gives_a_command_is_the_account_and_its_role_decides() {
    let city = City::new();
    city.add("li", "operator");
    city.add("wu", "planner");
    city.add("grid", "grid_worker");
    let engine = busy(&city);
    let (li, wu, grid) = (
        engine.sign_in("li"),
        engine.sign_in("wu"),
        engine.sign_in("grid"),
    );
    let alarms = engine.get(&wu, "/api/v1/alarms?state=unacknowledged");
    let alarm = alarms["alarms"][0]["id"].as_str().unwrap().to_owned();
    let command = json!({"command": "acknowledge", "alarm": alarm, "by": "somebody else"});
    let give =
        |token: &str, command: &Value| engine.ask(token, "POST", "/api/v1/commands", Some(command));
    for (token, told) in [(&wu, "role"), (&grid, "areas"), (&engine.token, "role")] {
        let (status, problem) = give(token, &command);
        assert_eq!(status, 403, "{problem}");
        assert!(
            problem["detail"].as_str().unwrap().contains(told),
            "{problem}"
        );
    }
    let (status, done) = give(&li, &command);
    assert_eq!(status, 200, "{done}");
    let (status, problem) = give(&li, &command);
    assert_eq!(status, 409, "{problem}");
    assert_eq!(problem["refusal"]["by"], "li", "not what the body said");
    let (status, problem) = give(&li, &json!({"command": "explode"}));
    assert_eq!(status, 422, "{problem}");
    let reveal = json!({"command": "reveal", "reveal": {"by": "x", "role": "operator", "what": {},
        "purpose": "incident", "note": "", "at": 0}});
    assert_eq!(give(&li, &reveal).0, 403);

    // A page of alarms is a page of all, worst first.
    let all = engine.get(&li, "/api/v1/alarms?limit=1000");
    let grades = texts(&all["alarms"], "grade");
    let rank = |grade: &String| {
        ["red", "orange", "yellow", "blue"]
            .iter()
            .position(|one| one == grade)
    };
    assert!(grades.is_sorted_by_key(rank), "{grades:?}");
    let ids: BTreeSet<_> = texts(&all["alarms"], "id").into_iter().collect();
    assert_eq!(ids.len(), grades.len());
}
