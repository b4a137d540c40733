//! The wall in a real window under Xvfb, following a real engine.
#![cfg(all(feature = "view", feature = "net"))]

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// An X server of our own, gone with the test.
struct Display(Child, String);

impl Display {
    fn start() -> Option<Self> {
        let number = 90 + std::process::id() % 400;
        let name = format!(":{number}");
        let server = Command::new("Xvfb")
            .args([&name, "-screen", "0", "1280x720x24", "-nolisten", "tcp"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let Ok(server) = server else {
            assert!(
                std::env::var_os("CI").is_none(),
                "Xvfb is missing: apt-get install xvfb"
            );
            eprintln!("skipped: no Xvfb");
            return None;
        };
        let socket = format!("/tmp/.X11-unix/X{number}");
        let until = Instant::now() + Duration::from_secs(20);
        while !std::path::Path::new(&socket).exists() && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(50));
        }
        Some(Self(server, name))
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        // Killing what is gone already is no fault.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_wall_opens_follows_and_closes() {
    let Some(display) = Display::start() else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let run = |arguments: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_pingjiang"))
            .args(arguments)
            .current_dir(folder.path())
            .env("DISPLAY", &display.1)
            .output()
            .expect("the program starts")
    };
    let made = run(&[
        "generate", "--area", "zjl", "--seed", "1", "--out", "zjl.gpkg",
    ]);
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
    let shown = run(&[
        "wall",
        "zjl.gpkg",
        "--simulate",
        "normal",
        "--size",
        "640x360",
        "--seconds",
        "6",
    ]);
    let message = String::from_utf8_lossy(&shown.stderr).into_owned();
    assert!(shown.status.success(), "{message}");
    assert!(!message.contains("panicked"), "{message}");
    assert!(
        folder.path().join("zjl.archive").exists(),
        "the engine kept no archive"
    );
}

#[test]
fn without_a_display_the_wall_says_so() {
    let output = Command::new(env!("CARGO_BIN_EXE_pingjiang"))
        .args(["wall", "city.gpkg"])
        .env_remove("DISPLAY")
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no display"));
}
