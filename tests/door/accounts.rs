//! Accounts from the command line to a running engine.

use serde_json::json;

use super::engine::{City, Engine, PASSWORD, text};

#[test]
fn accounts_are_made_listed_changed_and_taken_away() {
    let city = City::new();
    city.add("li.wei", "值守调度员");
    let file = city.folder().join("city.accounts.toml");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let kept = std::fs::read_to_string(&file).unwrap();
    assert!(
        kept.contains("$argon2id$") && !kept.contains(PASSWORD),
        "{kept}"
    );

    let refused = |action: &str, arguments: &[&str], told: &str| {
        let output = city.user(action, arguments);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(told), "{said}");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), kept, "{said}");
    };
    refused(
        "add",
        &["LI.wei", "--role", "operator", "--no-password"],
        "already",
    );
    refused("add", &["wu", "--role", "boss", "--no-password"], "no role");
    refused(
        "add",
        &["wu wu", "--role", "operator", "--no-password"],
        "a name has",
    );
    refused("add", &["wu", "--role", "operator"], "--password-file");
    refused("role", &["wu", "planner"], "there are: li.wei");
    let short = city.folder().join("short");
    std::fs::write(&short, "short\n").unwrap();
    let short = short.to_str().unwrap();
    refused(
        "passwd",
        &["li.wei", "--password-file", short],
        "12 characters",
    );

    let token = city.done("token", &["li.wei", "gateway", "--scope", "feed:json"]);
    assert!(token.starts_with("pjt_") && token.len() == 68, "{token}");
    let listed = city.done("list", &["--lang", "en"]);
    assert!(
        listed.contains("dispatcher") && listed.contains("feed:json"),
        "{listed}"
    );
    let json = city.done("list", &["--json"]);
    assert!(
        !json.contains("argon2") && !json.contains(&token[4..20]),
        "{json}"
    );
    city.done("revoke", &["li.wei", "gateway"]);
    city.done("role", &["li.wei", "planner"]);
    city.done("disable", &["li.wei"]);
    let listed = city.done("list", &[]);
    assert!(
        listed.contains("规划师") && listed.contains("已停用"),
        "{listed}"
    );
    city.done("remove", &["li.wei"]);
    assert!(city.done("list", &["--lang", "en"]).contains("no account"));
}

#[test]
fn a_running_engine_takes_accounts_as_they_change() {
    let city = City::new();
    city.add("li", "operator");
    let engine = Engine::start(&city, &["--archive", "memory"]);
    let token = engine.sign_in("LI");
    let me = engine.get(&token, "/api/v1/me");
    assert_eq!(me["name"], "li", "as it is kept, not as it was typed");
    assert_eq!(me["role"], "operator");
    assert!(
        me["handles"]
            .as_array()
            .unwrap()
            .contains(&json!("acknowledge"))
    );

    let program = city.done("token", &["li", "report", "--scope", "read"]);
    engine.wait("the token", || {
        (engine.ask(&program, "GET", "/api/v1/twin", None).0 == 200).then_some(())
    });
    // A file that cannot be used changes nothing, and is told.
    let file = city.folder().join("city.accounts.toml");
    let good = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, good.replace("operator", "boss")).unwrap();
    engine.wait("a word on it", || {
        engine
            .log()
            .contains("the accounts stay as they are")
            .then_some(())
    });
    assert_eq!(engine.ask(&token, "GET", "/api/v1/me", None).0, 200);
    std::fs::write(&file, good).unwrap();

    city.done("disable", &["li"]);
    engine.wait("the end of the session", || {
        (engine.ask(&token, "GET", "/api/v1/me", None).0 == 401).then_some(())
    });
    assert_eq!(engine.ask(&program, "GET", "/api/v1/twin", None).0, 401);
    assert_eq!(engine.login("li", PASSWORD).0, 401);

    let record = std::fs::read_to_string(city.folder().join("city.signins.jsonl")).unwrap();
    let events: Vec<String> = record
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["event"].to_string())
        .collect();
    assert_eq!(events, ["\"login\"", "\"login_failed\""]);
    assert!(!record.contains(PASSWORD));
}

#[test]
fn guesses_have_to_wait_and_sessions_end() {
    let city = City::new();
    city.add("li", "planner");
    let engine = Engine::start(&city, &["--archive", "memory"]);
    let token = engine.sign_in("li");
    let (status, _) = engine.ask(&token, "POST", "/api/v1/logout", None);
    assert_eq!(status, 204);
    assert_eq!(engine.ask(&token, "GET", "/api/v1/me", None).0, 401);
    let guesses: Vec<_> = (0..6)
        .map(|number| engine.login("nobody", &format!("guess {number}")))
        .collect();
    assert_eq!(guesses[0].0, 401);
    let last = guesses.last().unwrap();
    assert_eq!(last.0, 429, "{}", last.1);
    assert!(
        last.1["detail"].as_str().unwrap().contains("wait"),
        "{}",
        last.1
    );
}
