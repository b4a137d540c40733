//! Random grids against Floyd and Warshall's plain answer, and lines of every kind against nothing
//! but the rule that they never stop the program and lose no metres.

use proptest::prelude::*;

use super::*;
use crate::space::Segment;

const SIDE: usize = 5;
const STEP_M: f64 = 20.0;

/// What lies between two neighbours of a grid.
type Street = Option<(RoadKind, f64)>;

fn streets() -> impl Strategy<Value = Vec<Street>> {
    let kind = prop_oneof![Just(Lane), Just(Steps), Just(RoadKind::Street)];
    let width = prop_oneof![Just(2.0), Just(3.0), Just(6.0)];
    let one = prop_oneof![1 => Just(None), 3 => (kind, width).prop_map(Some)];
    proptest::collection::vec(one, 2 * SIDE * SIDE)
}

fn corner(x: usize, y: usize) -> [f64; 2] {
    [
        557_000.0 + x as f64 * STEP_M,
        3_466_000.0 + y as f64 * STEP_M,
    ]
}

/// Neighbours with what lies between them: east of a corner, then north of it.
fn between(streets: &[Street]) -> Vec<([usize; 2], [usize; 2], Street)> {
    let mut all = Vec::new();
    for x in 0..SIDE {
        for y in 0..SIDE {
            let at = 2 * (x * SIDE + y);
            if x + 1 < SIDE {
                all.push(([x, y], [x + 1, y], streets[at]));
            }
            if y + 1 < SIDE {
                all.push(([x, y], [x, y + 1], streets[at + 1]));
            }
        }
    }
    all
}

/// The grid as roads: neighbours in a row that are alike become one line, which then crosses
/// others in its middle.
fn roads(streets: &[Street]) -> Ground {
    let mut lines: Vec<(RoadKind, f64, Vec<[f64; 2]>)> = Vec::new();
    for is_north in [false, true] {
        for row in 0..SIDE {
            let mut last: Street = None;
            for at in 0..SIDE - 1 {
                let (x, y) = if is_north { (row, at) } else { (at, row) };
                let (x1, y1) = if is_north { (x, y + 1) } else { (x + 1, y) };
                let street = streets[2 * (x * SIDE + y) + usize::from(is_north)];
                match (street, lines.last_mut()) {
                    (Some(_), Some((_, _, line))) if street == last => line[1] = corner(x1, y1),
                    (Some((kind, width_m)), _) => {
                        lines.push((kind, width_m, vec![corner(x, y), corner(x1, y1)]));
                    }
                    (None, _) => {}
                }
                last = street;
            }
        }
    }
    let lines: Vec<_> = lines
        .iter()
        .map(|(kind, width_m, line)| (*kind, *width_m, "", &**line))
        .collect();
    ground(&lines)
}

/// Effort between all corners, by trying every corner in between.
fn all_to_all(streets: &[Street], traveller: &Traveller) -> Vec<Vec<f64>> {
    let count = SIDE * SIDE;
    let mut far = vec![vec![f64::INFINITY; count]; count];
    for (at, row) in far.iter_mut().enumerate() {
        row[at] = 0.0;
    }
    for (a, b, street) in between(streets) {
        let Some((kind, width_m)) = street else {
            continue;
        };
        if traveller.hindrance(kind, width_m).is_none() {
            let effort_m = STEP_M * traveller.speed_m_s / traveller.speed_on(kind);
            let [a, b] = [a, b].map(|[x, y]| x * SIDE + y);
            (far[a][b], far[b][a]) = (effort_m, effort_m);
        }
    }
    for by in 0..count {
        for a in 0..count {
            for b in 0..count {
                far[a][b] = far[a][b].min(far[a][by] + far[by][b]);
            }
        }
    }
    far
}

/// Spots at those corners where the traveller has a road.
fn spots(network: &Network, traveller: &Traveller) -> Vec<Option<Spot>> {
    let corners = (0..SIDE * SIDE).map(|at| corner(at / SIDE, at % SIDE));
    let spots = corners.map(|at| network.attach(at, traveller));
    spots
        .map(|spot| spot.filter(|spot| spot.off_m < 1e-6))
        .collect()
}

fn is_near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-6 || a == b
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn ways_are_as_short_as_plain_search_finds_them(
        streets in streets(),
        id in prop_oneof![Just("foot"), Just("cart"), Just("engine_small")],
    ) {
        let traveller = traveller(id);
        let network = Network::of(&roads(&streets));
        let length_m = between(&streets).iter().filter(|one| one.2.is_some()).count() as f64 * STEP_M;
        prop_assert!(is_near(network.length_m(), length_m));
        let oracle = all_to_all(&streets, &traveller);
        let spots = spots(&network, &traveller);
        for (a, from) in spots.iter().enumerate() {
            let Some(from) = from else { continue };
            let field = network.distances(from, &traveller, f64::INFINITY);
            for (b, to) in spots.iter().enumerate() {
                let Some(to) = to else { continue };
                let expected = oracle[a][b];
                let found = field.to(to).map_or(f64::INFINITY, |[effort_m, _]| effort_m);
                prop_assert!(is_near(found, expected), "{a} to {b}: {found}, not {expected}");
                match network.route(from, to, &traveller) {
                    Ok(way) => {
                        prop_assert!(is_near(way.seconds * traveller.speed_m_s, expected));
                        let drawn: f64 = way.line.windows(2).map(|p| space::distance(p[0], p[1])).sum();
                        prop_assert!(is_near(drawn, way.length_m));
                        let named: f64 = way.roads.iter().map(|road| road.length_m).sum();
                        prop_assert!(is_near(named, way.length_m));
                        let back = network.route(to, from, &traveller).unwrap();
                        prop_assert!(is_near(back.seconds, way.seconds));
                    }
                    Err(NoRoute::Apart { gap_m, .. }) => {
                        prop_assert!(expected.is_infinite() && gap_m > 0.0 && gap_m.is_finite());
                    }
                    Err(other) => prop_assert!(false, "{other}"),
                }
            }
        }
    }

    #[test]
    fn reach_is_what_the_distances_say(streets in streets(), max_m in 0.0..150.0_f64) {
        let foot = traveller("foot");
        let network = Network::of(&roads(&streets));
        let Some(from) = network.attach(corner(2, 2), &foot) else { return Ok(()) };
        let whole = network.distances(&from, &foot, f64::INFINITY);
        let pieces = network.reach(&from, &foot, max_m);
        for (number, edge) in (0..).zip(network.edges()) {
            for share in [0.05, 0.3, 0.5, 0.77, 0.99] {
                let along_m = share * edge.length_m;
                let at = network.line_between(number, along_m, along_m)[0];
                let spot = Spot { edge: number, along_m, at, off_m: 0.0 };
                let effort_m = whole.to(&spot).map_or(f64::INFINITY, |[effort_m, _]| effort_m);
                let is_in = pieces.iter().any(|piece| {
                    piece.edge == number && piece.from_m <= along_m && along_m <= piece.to_m
                });
                prop_assert!(is_in == (effort_m <= max_m) || (effort_m - max_m).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn what_meets_hangs_together_and_nothing_else(
        lines in proptest::collection::vec((any::<bool>(), [lattice(), lattice()]), 2..9),
    ) {
        let lines: Vec<(bool, Segment)> = lines.into_iter().filter(|(_, [a, b])| a != b).collect();
        for (at, one) in lines.iter().enumerate() {
            for other in lines[at + 1..].iter().map(|other| other.1) {
                // What lies just beside is a matter of tolerance, not of meeting.
                let near_m = end_distance(one.1, other);
                prop_assume!(!(1e-9..=0.6).contains(&near_m));
            }
        }
        let kind = |is_bridge| if is_bridge { Bridge } else { Lane };
        let roads: Vec<_> = lines.iter().map(|(is_bridge, line)| {
            (kind(*is_bridge), 0.0, "", &line[..])
        }).collect();
        let network = Network::of(&ground(&roads));
        prop_assert_eq!(network.made().gaps, 0);
        let parts = Parts::of(&network, &traveller("foot"));
        let found = |road: usize| {
            let id = RoadId::from_bits(road as u64);
            let mut edges = (0..).zip(network.edges());
            let edge = edges.find(|(_, edge)| network.road(edge).id == id);
            parts.of_edge(edge.expect("every road has an edge").0)
        };
        let expected = groups(&lines);
        for a in 0..lines.len() {
            for b in 0..a {
                prop_assert_eq!(found(a) == found(b), expected[a] == expected[b], "{} {}", a, b);
            }
        }
    }

    #[test]
    fn no_lines_stop_the_program_or_lose_metres(
        lines in proptest::collection::vec(
            (0..RoadKind::ALL.len(), any_width(), proptest::collection::vec(any_place(), 0..7)),
            0..14,
        ),
        asked in proptest::collection::vec(any_place(), 2),
    ) {
        let lines: Vec<_> = lines.iter().map(|(kind, width_m, line)| {
            (RoadKind::ALL[*kind], *width_m, "", &**line)
        }).collect();
        let network = Network::of(&ground(&lines));
        let made = network.made();
        // Cuts within the tolerance of each other become one place, which moves ends that far.
        let slack_m = noding::SNAP_M * 4.0 * (network.edges().len() + lines.len() + 1) as f64;
        let expected = made.length_m + made.gap_m;
        prop_assert!((network.length_m() - expected).abs() <= slack_m + expected * 1e-9);
        for one in TravellerTable::standard().all() {
            let spots: Vec<_> = asked.iter().filter_map(|at| network.attach(*at, one)).collect();
            if let [from, to] = spots[..] {
                let _ = network.route(&from, &to, one).map_err(|error| error.to_string());
                let _ = network.reach(&from, one, 30.0);
                let reach = EngineReach::of(&network, one, &traveller("foot"), &[from]);
                let _ = reach.access(Target::Point(to.at), &[from, to], 3);
            }
            prop_assert!(Parts::of(&network, one).longest_share() <= 1.0);
            let _ = network.gateways(one);
        }
    }
}

fn lattice() -> impl Strategy<Value = [f64; 2]> {
    [0..5_u8, 0..5_u8].prop_map(|at| at.map(|n| f64::from(n) * 10.0))
}

/// How far the ends of two pieces are at least from the other piece.
fn end_distance(a: Segment, b: Segment) -> f64 {
    let of_a = a.map(|end| space::distance_to(b, end));
    let of_b = b.map(|end| space::distance_to(a, end));
    of_a.into_iter().chain(of_b).fold(f64::INFINITY, f64::min)
}

/// Which lines hang together, by comparing each with each until nothing changes.
fn groups(lines: &[(bool, Segment)]) -> Vec<usize> {
    let mut group: Vec<usize> = (0..lines.len()).collect();
    let mut has_changed = true;
    while std::mem::take(&mut has_changed) {
        for a in 0..lines.len() {
            for b in 0..lines.len() {
                let [(a_over, one), (b_over, other)] = [lines[a], lines[b]];
                let meets = end_distance(one, other) < 1e-9;
                let crosses = space::crossing(one, other).is_some() && !a_over && !b_over;
                if (meets || crosses) && group[b] < group[a] {
                    group[a] = group[b];
                    has_changed = true;
                }
            }
        }
    }
    group
}

fn any_width() -> impl Strategy<Value = f64> {
    prop_oneof![4 => 0.0..9.0_f64, 1 => Just(f64::NAN), 1 => Just(-1.0), 1 => Just(f64::INFINITY)]
}

fn any_place() -> impl Strategy<Value = [f64; 2]> {
    let number = prop_oneof![
        30 => 0.0..40.0_f64,
        30 => (0..8_u8).prop_map(|n| f64::from(n) * 5.0),
        1 => Just(f64::NAN),
        1 => Just(f64::INFINITY),
        1 => Just(1e12),
        1 => Just(-1e9),
    ];
    [number.clone(), number]
}
