//! The wall in a real window under Xvfb, following a real engine.
#![cfg(all(feature = "view", feature = "net"))]

use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// An X server of our own, without a window manager, gone with the test. Its screen is 1280 × 720
/// and lies in a file.
struct Display {
    server: Child,
    name: String,
    screen: tempfile::TempDir,
}

/// Displays started by this process so far.
static STARTED: AtomicU32 = AtomicU32::new(0);

impl Display {
    fn start() -> Option<Self> {
        let started = STARTED.fetch_add(1, Ordering::Relaxed);
        let number = 90 + (std::process::id() * 4 + started) % 800;
        let name = format!(":{number}");
        let screen = tempfile::tempdir().expect("a folder");
        let server = Command::new("Xvfb")
            .args([&name, "-screen", "0", "1280x720x24", "-nolisten", "tcp"])
            .arg("-fbdir")
            .arg(screen.path())
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
        Some(Self {
            server,
            name,
            screen,
        })
    }

    /// Red, green and blue of a pixel of the screen, read from the server's XWD file.
    fn pixel(&self, x: usize, y: usize) -> Option<[u8; 3]> {
        let bytes = std::fs::read(self.screen.path().join("Xvfb_screen0")).ok()?;
        let word = |index: usize| {
            let four = bytes.get(index * 4..index * 4 + 4)?;
            Some(u32::from_be_bytes(four.try_into().ok()?) as usize)
        };
        // Size of the header, bytes of a row, colours of the map of 12 bytes each: X11/XWDFile.h.
        let pixels = word(0)? + word(19)? * 12;
        let at = pixels + y * word(12)? + x * 4;
        let [blue, green, red] = bytes.get(at..at + 3)?.try_into().ok()?;
        Some([red, green, blue])
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        // Killing what is gone already is no fault.
        let _ = self.server.kill();
        let _ = self.server.wait();
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
            .env("DISPLAY", &display.name)
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
fn without_a_size_the_wall_fills_the_screen() {
    let Some(display) = Display::start() else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let program = || {
        let mut program = Command::new(env!("CARGO_BIN_EXE_pingjiang"));
        program
            .current_dir(folder.path())
            .env("DISPLAY", &display.name)
            .stderr(Stdio::null());
        program
    };
    let make = "generate --area zjl --seed 1 --out zjl.gpkg".split(' ');
    assert!(program().args(make).status().expect("it starts").success());
    let mut wall = program()
        .args("wall zjl.gpkg --theme ink --seconds 60".split(' '))
        .spawn()
        .expect("the program starts");
    let until = Instant::now() + Duration::from_secs(60);
    let corners = [[2, 2], [1_277, 2], [2, 717], [1_277, 717]];
    // The screen is black; the theme's ground is the colour of paper.
    let is_light = |at: [usize; 2]| display.pixel(at[0], at[1]).is_some_and(|c| c[0] > 150);
    let mut filled = false;
    while !filled && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(200));
        filled = corners.into_iter().all(is_light);
    }
    // It may have closed by itself.
    let _ = wall.kill();
    let _ = wall.wait();
    assert!(filled, "corners stay dark: {corners:?}");
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
