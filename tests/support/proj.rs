//! PROJ's `cs2cs` (Debian package proj-bin) as the oracle for coordinates.

use std::io::Write;
use std::process::{Command, Stdio};

/// True when a tool can be run. Without it the test is skipped, except on the CI machine.
pub fn has(tool: &str, package: &str) -> bool {
    let found = Command::new(tool)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .stdin(Stdio::null())
        .status();
    if found.is_ok() {
        return true;
    }
    assert!(
        std::env::var("CI").as_deref() != Ok("true"),
        "{tool} missing: install {package}"
    );
    eprintln!("skipped: {tool} missing");
    false
}

/// Positions from one system to another, both named by a code, a proj string or well-known text,
/// with the axes as PROJ has them. What PROJ cannot transform comes back infinite.
pub fn cs2cs(from: &str, to: &str, points: &[[f64; 3]]) -> Vec<[f64; 3]> {
    let mut child = Command::new("cs2cs")
        .args(["-f", "%.12f"])
        .args(words(from))
        .arg("+to")
        .args(words(to))
        .env("PROJ_NETWORK", "OFF")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines: String = points
        .iter()
        .map(|p| format!("{:.12} {:.12} {:.6}\n", p[0], p[1], p[2]))
        .collect();
    // In a thread: the pipe holds less than a thousand lines, and the answers come at once.
    let mut pipe = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || pipe.write_all(lines.as_bytes()));
    let output = child.wait_with_output().unwrap();
    let _ = writer.join();
    let out = String::from_utf8(output.stdout).unwrap();
    out.lines()
        .map(|line| {
            let mut numbers = line
                .split_whitespace()
                .map(|w| w.parse().unwrap_or(f64::INFINITY));
            [(); 3].map(|()| numbers.next().unwrap_or(f64::INFINITY))
        })
        .collect()
}

/// A proj string is given word by word, everything else as one argument.
fn words(system: &str) -> Vec<&str> {
    if system.starts_with('+') {
        system.split_whitespace().collect()
    } else {
        vec![system]
    }
}

/// The largest horizontal distance between two lists of positions, in their unit.
pub fn farthest(ours: &[[f64; 3]], theirs: &[[f64; 3]]) -> f64 {
    assert_eq!(ours.len(), theirs.len());
    let apart = ours
        .iter()
        .zip(theirs)
        .map(|(a, b)| (a[0] - b[0]).hypot(a[1] - b[1]));
    apart.fold(
        0.0,
        |worst, m| if m > worst || m.is_nan() { m } else { worst },
    )
}
