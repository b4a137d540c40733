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
    let mut words_of_both = vec!["-f", "%.12f"];
    words_of_both.extend(words(from));
    words_of_both.push("+to");
    words_of_both.extend(words(to));
    run("cs2cs", &words_of_both, points)
}

/// Runs one of PROJ's tools, a line in and a line out for each position.
pub fn run(tool: &str, words: &[&str], points: &[[f64; 3]]) -> Vec<[f64; 3]> {
    let mut child = Command::new(tool)
        .args(words)
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
    let parsed = |line: &str| {
        let mut numbers = line
            .split_whitespace()
            .map(|w| w.parse().unwrap_or(f64::INFINITY));
        [(); 3].map(|()| numbers.next().unwrap_or(f64::INFINITY))
    };
    out.lines().map(parsed).collect()
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

/// The same for longitudes and latitudes in degrees, in metres.
pub fn farthest_deg_as_m(ours: &[[f64; 3]], theirs: &[[f64; 3]]) -> f64 {
    let metres = |points: &[[f64; 3]]| -> Vec<[f64; 3]> {
        let per_degree_m = 111_320.0;
        // Along a parallel a degree is shorter; both lists take the first one's latitude.
        let scaled = points.iter().zip(ours).map(|(p, at)| {
            let east_m = p[0] * per_degree_m * at[1].to_radians().cos();
            [east_m, p[1] * per_degree_m, p[2]]
        });
        scaled.collect()
    };
    farthest(&metres(ours), &metres(theirs))
}
