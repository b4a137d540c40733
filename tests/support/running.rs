//! A city in a folder of its own, the program on it, and an engine as a program that answers. Used by
//! every test that starts engines and talks to them.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use pingjiang::store::SqliteArchive;
use serde_json::{Value, json};

use super::{sample, sample_city};

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_pingjiang");
pub const PASSWORD: &str = "four lanes and a canal";

/// A city file in a folder of its own.
pub struct City {
    folder: tempfile::TempDir,
}

impl City {
    /// Six devices of each kind.
    pub fn new() -> Self {
        Self::with(6)
    }

    pub fn with(per_kind: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let city = Self { folder };
        sample_city::write(&city.path(), &sample::city(per_kind));
        city
    }

    /// A generated community, with its key beside it.
    pub fn generated() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let city = Self { folder };
        let done = Command::new(PROGRAM)
            .args(["generate", "--area", "zjl", "--seed", "1", "--out"])
            .arg(city.path())
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", text(&done.stderr));
        city
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("city.gpkg")
    }

    /// Readings in the archive, each once, and how many were delivered again.
    pub fn archived(&self) -> [i64; 2] {
        let file = SqliteArchive::folder_of(&self.path()).join("log.sqlite");
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
        let archive = rusqlite::Connection::open_with_flags(file, flags).unwrap();
        archive.busy_timeout(Duration::from_secs(10)).unwrap();
        let told =
            |select: &str| -> i64 { archive.query_row(select, [], |row| row.get(0)).unwrap() };
        let once = told("SELECT count(*) FROM reading");
        [
            once,
            told("SELECT coalesce(sum(count), 0) FROM batch") - once,
        ]
    }

    /// Runs `pingjiang user ACTION CITY …` with a password on standard input.
    pub fn user(&self, action: &str, arguments: &[&str]) -> Output {
        let mut child = Command::new(PROGRAM)
            .env_remove("PINGJIANG_KEY")
            .args(["user", action])
            .arg(self.path())
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // It may not read it, and end before it is written.
        let _ = writeln!(child.stdin.take().unwrap(), "{PASSWORD}");
        child.wait_with_output().unwrap()
    }

    /// The same, and it has to be done; what it prints.
    pub fn done(&self, action: &str, arguments: &[&str]) -> String {
        let output = self.user(action, arguments);
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout).trim().to_owned()
    }

    /// Adds an account with [`PASSWORD`].
    pub fn add(&self, name: &str, role: &str) {
        self.done("add", &[name, "--role", role, "--password-file", "-"]);
    }
}

/// A running engine; dropping it ends it.
pub struct Engine {
    child: Child,
    pub url: String,
    pub token: String,
    log: Arc<Mutex<String>>,
}

impl Engine {
    pub fn start(city: &City, arguments: &[&str]) -> Self {
        let mut child = Command::new(PROGRAM)
            .env_remove("PINGJIANG_KEY")
            .arg("run")
            .arg(city.path())
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        let (lines, kept) = (child.stderr.take().unwrap(), log.clone());
        std::thread::spawn(move || {
            for line in BufReader::new(lines).lines().map_while(Result::ok) {
                *kept.lock().unwrap() += &(line + "\n");
            }
        });
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.as_mut().unwrap());
        stdout.read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line)
            .unwrap_or_else(|_| panic!("no ready line: {}", log.lock().unwrap()));
        Self {
            child,
            url: ready["url"].as_str().unwrap().to_owned(),
            token: ready["token"].as_str().unwrap().to_owned(),
            log,
        }
    }

    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// The number of its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits until the log tells something.
    pub fn wait_log(&self, words: &str) {
        self.wait(words, || self.log().contains(words).then_some(()));
    }

    /// As a power cut does.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub fn ask(&self, token: &str, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        let body = body.map(|body| ("application/json", body.to_string().into_bytes()));
        let (status, _, answer) = self.send(token, method, path, &[], body);
        (status, answer)
    }

    pub fn get(&self, token: &str, path: &str) -> Value {
        let (status, answer) = self.ask(token, "GET", path, None);
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }

    /// Asks with further headers and any body; status, media type, JSON or text of the answer.
    pub fn send(
        &self,
        token: &str,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<(&str, Vec<u8>)>,
    ) -> (u16, String, Value) {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .build()
            .into();
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url));
        if !token.is_empty() {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (media, bytes) = body.unwrap_or_default();
        if !media.is_empty() {
            request = request.header("Content-Type", media);
        }
        let mut answer = match bytes.is_empty() {
            true => agent.run(request.body(()).unwrap()),
            false => agent.run(request.body(bytes).unwrap()),
        }
        .unwrap();
        let media = answer.headers().get("content-type");
        let media = media.map_or(String::new(), |it| it.to_str().unwrap().to_owned());
        let text = answer.body_mut().read_to_string().unwrap();
        let value = serde_json::from_str(&text).unwrap_or(Value::String(text));
        (answer.status().as_u16(), media, value)
    }

    pub fn login(&self, name: &str, password: &str) -> (u16, Value) {
        let body = json!({"name": name, "password": password});
        self.ask("", "POST", "/api/v1/login", Some(&body))
    }

    /// The token of somebody with [`PASSWORD`] who signs in.
    pub fn sign_in(&self, name: &str) -> String {
        let (status, answer) = self.login(name, PASSWORD);
        assert_eq!(status, 200, "{answer}");
        answer["token"].as_str().unwrap().to_owned()
    }

    /// Waits until something is so; how long it takes does not matter.
    pub fn wait<T>(&self, what: &str, mut found: impl FnMut() -> Option<T>) -> T {
        for _ in 0..6_000 {
            if let Some(found) = found() {
                return found;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("{what} never came\n{}", self.log());
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // Fails only when it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
