//! Coordinates against PROJ's `cs2cs` (Debian package proj-bin), the oracle for every projection.

use std::io::Write;
use std::process::{Command, Stdio};

use pingjiang::space::{Crs, Transform};

/// One comparison: from and to EPSG code, first corner and step of a 5 × 5 grid of longitudes
/// and latitudes in degrees, and how far apart the answers may be.
struct Case {
    geographic: u32,
    projected: u32,
    from_deg: [f64; 2],
    step_deg: [f64; 2],
}

fn case(geographic: u32, projected: u32, from_deg: [f64; 2], step_deg: [f64; 2]) -> Case {
    Case {
        geographic,
        projected,
        from_deg,
        step_deg,
    }
}

/// Projections alone: PROJ is given the very same proj strings, so no shift may differ.
fn same_definition() -> Vec<Case> {
    vec![
        case(4490, 4549, [119.0, 29.0], [0.5, 1.5]),
        case(4490, 4528, [118.5, 20.0], [0.75, 6.0]),
        case(4490, 4534, [73.5, 36.0], [0.75, 1.0]),
        case(4490, 4554, [133.5, 45.0], [0.75, 1.0]),
        case(4490, 4499, [117.0, 30.0], [1.5, 2.0]),
        case(4326, 32651, [120.0, 25.0], [1.5, 5.0]),
        case(4326, 32756, [150.0, -40.0], [1.5, 5.0]),
        case(4258, 25832, [6.0, 47.0], [1.5, 2.0]),
        case(4258, 25833, [12.0, 47.0], [1.5, 2.0]),
        case(4258, 3067, [19.0, 60.0], [3.0, 2.5]),
        case(4258, 2154, [-4.0, 42.0], [3.0, 2.0]),
        case(4258, 3812, [2.5, 49.5], [1.0, 0.5]),
        case(4258, 3035, [-5.0, 38.0], [8.0, 6.0]),
        case(4326, 3857, [-170.0, -80.0], [85.0, 40.0]),
        case(4326, 28992, [3.5, 50.8], [0.9, 0.7]),
        case(4326, 2056, [6.0, 45.9], [1.1, 0.45]),
        case(4326, 21781, [6.0, 45.9], [1.1, 0.45]),
        case(4326, 3068, [13.0, 52.3], [0.2, 0.1]),
        case(4326, 27700, [-6.0, 50.0], [1.9, 2.0]),
        case(4326, 31370, [2.6, 49.5], [0.9, 0.5]),
        case(4326, 5514, [12.5, 48.0], [2.2, 0.7]),
        case(7844, 7855, [144.0, -38.0], [1.5, 2.0]),
    ]
}

fn crs(code: u32) -> Crs {
    Crs::from_epsg(code).unwrap()
}

impl Case {
    fn grid_deg(&self) -> Vec<[f64; 3]> {
        let at = |i: usize| {
            [
                self.from_deg[0] + (i % 5) as f64 * self.step_deg[0],
                self.from_deg[1] + (i / 5) as f64 * self.step_deg[1],
                0.0,
            ]
        };
        (0..25).map(at).collect()
    }

    /// Ours, in metres.
    fn ours_m(&self) -> Vec<[f64; 3]> {
        let transform = Transform::between(&crs(self.geographic), &crs(self.projected)).unwrap();
        let mut points = self.grid_deg();
        transform.apply_slice(&mut points).unwrap();
        points
    }
}

/// True when `cs2cs` can be run. Without it the test is skipped, except on the CI machine.
fn has_cs2cs() -> bool {
    let found = Command::new("cs2cs")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .stdin(Stdio::null())
        .status();
    if found.is_ok() {
        return true;
    }
    assert!(
        std::env::var("CI").as_deref() != Ok("true"),
        "cs2cs missing: install proj-bin"
    );
    eprintln!("skipped: cs2cs missing");
    false
}

fn cs2cs(from: &str, to: &str, points: &[[f64; 3]]) -> Vec<[f64; 2]> {
    let mut child = Command::new("cs2cs")
        .args(["-f", "%.12f"])
        .args(from.split_whitespace())
        .arg("+to")
        .args(to.split_whitespace())
        .env("PROJ_NETWORK", "OFF")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines: String = points
        .iter()
        .map(|p| format!("{:.12} {:.12} 0\n", p[0], p[1]))
        .collect();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(lines.as_bytes())
        .unwrap();
    let out = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    out.lines()
        .map(|line| {
            let mut numbers = line
                .split_whitespace()
                .map(|w| w.parse().unwrap_or(f64::NAN));
            [numbers.next().unwrap(), numbers.next().unwrap()]
        })
        .collect()
}

/// The largest distance in metres between two lists of positions.
fn worst_m(ours: &[[f64; 3]], proj: &[[f64; 2]]) -> f64 {
    assert_eq!(ours.len(), proj.len());
    let apart = ours
        .iter()
        .zip(proj)
        .map(|(a, b)| (a[0] - b[0]).hypot(a[1] - b[1]));
    apart.fold(
        0.0,
        |worst, m| if m > worst || m.is_nan() { m } else { worst },
    )
}

#[test]
fn projections_agree_with_proj_to_a_millimetre() {
    if !has_cs2cs() {
        return;
    }
    let mut faults = Vec::new();
    for case in same_definition() {
        let (from, to) = (crs(case.geographic), crs(case.projected));
        let ours = case.ours_m();
        let apart_m = worst_m(&ours, &cs2cs(from.proj(), to.proj(), &case.grid_deg()));
        // And back again: a micro-degree is a decimetre, so compare in units of 1e-8°.
        let back = cs2cs(to.proj(), from.proj(), &ours);
        let mut ours_back = ours.clone();
        let inverse = Transform::between(&to, &from).unwrap();
        inverse.apply_slice(&mut ours_back).unwrap();
        let back_m = worst_m(&ours_back, &back) * 111_000.0;
        println!("EPSG:{} {apart_m:.6} m, back {back_m:.6} m", case.projected);
        if apart_m.max(back_m) > 1e-3 || apart_m.is_nan() || back_m.is_nan() {
            faults.push(format!(
                "EPSG:{} {apart_m} m, back {back_m} m",
                case.projected
            ));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

/// The table itself against PROJ's registry: codes on both sides, so PROJ chooses the shift.
#[test]
fn codes_mean_what_the_registry_says() {
    if !has_cs2cs() {
        return;
    }
    // Within the area of use, where PROJ needs no grid file: the same shift, so a millimetre.
    // For 3068 PROJ takes the grid file BETA2007 where it is installed, for 27700 OSTN15: our
    // seven parameters are good to half a metre and to 2 m.
    let cases = [
        (case(4490, 4549, [119.0, 29.0], [0.5, 1.5]), 1e-3),
        (case(4490, 4528, [119.0, 29.0], [0.5, 1.5]), 1e-3),
        (case(4326, 32651, [120.0, 25.0], [1.5, 5.0]), 1e-3),
        (case(4258, 25832, [6.0, 47.0], [1.5, 2.0]), 1e-3),
        (case(4258, 2154, [-4.0, 42.0], [3.0, 2.0]), 1e-3),
        (case(4258, 3812, [2.5, 49.5], [1.0, 0.5]), 1e-3),
        (case(4326, 3857, [-170.0, -80.0], [85.0, 40.0]), 1e-3),
        (case(4326, 28992, [4.0, 51.5], [0.5, 0.4]), 1e-3),
        (case(4326, 2056, [6.5, 46.2], [0.7, 0.3]), 1e-3),
        (case(4326, 21781, [6.5, 46.2], [0.7, 0.3]), 1e-3),
        (case(4326, 31370, [3.0, 50.4], [0.6, 0.2]), 1e-3),
        (case(4326, 3068, [13.2, 52.4], [0.1, 0.05]), 0.5),
        (case(4326, 27700, [-4.0, 51.0], [1.0, 0.8]), 3.0),
        (case(4326, 5514, [14.0, 49.0], [0.8, 0.3]), 1e-3),
    ];
    let mut faults = Vec::new();
    for (case, limit_m) in cases {
        // Codes come with the registry's axes: latitude first, and north first where it says so.
        let turned: Vec<[f64; 3]> = case.grid_deg().iter().map(|p| [p[1], p[0], 0.0]).collect();
        let (from, to) = (
            format!("EPSG:{}", case.geographic),
            format!("EPSG:{}", case.projected),
        );
        let mut theirs = cs2cs(&from, &to, &turned);
        if crs(case.projected).registry_axis_is_north_first() {
            theirs.iter_mut().for_each(|p| p.swap(0, 1));
        }
        let apart_m = worst_m(&case.ours_m(), &theirs);
        println!("EPSG:{} {apart_m:.6} m", case.projected);
        if apart_m.is_nan() || apart_m > limit_m {
            faults.push(format!("EPSG:{} {apart_m} m", case.projected));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}
