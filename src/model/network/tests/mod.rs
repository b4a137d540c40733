//! Small maps drawn by hand; larger ones against plain oracles in `oracle`.

mod access;
mod oracle;
mod travellers;

use geo_types::{Coord, LineString, polygon};

use super::*;
use crate::base::ImportId;
use crate::model::{CityInfo, Road, Source};
use crate::space;

/// A ground of roads: kind, width, name, line.
pub(super) fn ground(roads: &[(RoadKind, f64, &str, &[[f64; 2]])]) -> Ground {
    let mut ground = empty();
    for (number, (kind, width_m, name, line)) in roads.iter().enumerate() {
        let key = format!("{number:04}");
        let line = line.iter().map(|at| Coord { x: at[0], y: at[1] }).collect();
        let road = Road {
            // In the order of the list, so that numbers in tests mean something.
            id: RoadId::from_bits(number as u64),
            source: Source {
                dataset: "test".into(),
                key,
                import: ImportId::from_bits(1),
            },
            name: Some((*name).to_owned()).filter(|name| !name.is_empty()),
            kind: *kind,
            line: LineString(line),
            width_m: *width_m,
            surfaces: Vec::new(),
        };
        ground.put(road.into());
    }
    ground
}

fn empty() -> Ground {
    Ground::new(CityInfo {
        name_zh: "试".into(),
        name_en: "Test".into(),
        crs: "EPSG:4549".into(),
        vertical_datum: "not stated".into(),
        utc_offset_minutes: 480,
        synthetic: true,
    })
}

pub(super) fn traveller(id: &str) -> Traveller {
    TravellerTable::standard()
        .get(id)
        .expect("a standard traveller")
        .clone()
}

fn on_foot(network: &Network, at: [f64; 2]) -> Spot {
    network.attach(at, &traveller("foot")).expect("a road")
}

/// The length of the way on foot.
fn walk(network: &Network, from: [f64; 2], to: [f64; 2]) -> Result<f64, NoRoute> {
    let [from, to] = [from, to].map(|at| on_foot(network, at));
    network
        .route(&from, &to, &traveller("foot"))
        .map(|way| way.length_m)
}

use RoadKind::{Bridge, Lane, Path, Rail, Steps, Street};

#[test]
fn lines_are_split_where_they_cross_or_touch() {
    let network = Network::of(&ground(&[
        (Street, 6.0, "东", &[[0.0, 0.0], [100.0, 0.0]]),
        (Lane, 2.0, "北", &[[30.0, -40.0], [30.0, 40.0]]),
        // Ends on the first, and in the middle of a piece.
        (Lane, 2.0, "南", &[[70.0, 0.0], [70.0, -20.0]]),
    ]));
    assert_eq!(network.nodes().len(), 7);
    assert_eq!(network.edges().len(), 6);
    assert!((network.length_m() - 200.0).abs() < 1e-9);
    assert_eq!(
        walk(&network, [30.0, 40.0], [70.0, -20.0]),
        Ok(40.0 + 40.0 + 20.0)
    );
    let crossing = network.nodes().iter().position(|at| *at == [30.0, 0.0]);
    assert_eq!(network.edges_at(crossing.unwrap() as u32).len(), 4);
}

#[test]
fn a_bridge_over_a_road_is_no_junction_and_its_ends_are() {
    let roads: &[(RoadKind, f64, &str, &[[f64; 2]])] = &[
        (Street, 6.0, "下", &[[0.0, 0.0], [100.0, 0.0]]),
        (Bridge, 3.0, "桥", &[[50.0, -20.0], [50.0, 20.0]]),
        (Lane, 3.0, "上", &[[50.0, 20.0], [80.0, 20.0]]),
        (Lane, 3.0, "回", &[[80.0, 20.0], [80.0, 0.0]]),
    ];
    let network = Network::of(&ground(roads));
    assert_eq!(network.made().passed_over, 1);
    let way = walk(&network, [50.0, 0.0], [50.0, -20.0]);
    // Attached to the street, not to the bridge above it: up over the lanes.
    assert_eq!(way, Ok(30.0 + 20.0 + 30.0 + 40.0));
    // With a corner right above the street it is no junction either.
    let bent: &[[f64; 2]] = &[[50.0, -20.0], [50.0, 0.0], [50.0, 20.0]];
    let street: &[[f64; 2]] = &[[0.0, 0.0], [50.0, 0.0], [100.0, 0.0]];
    let mut corners = roads.to_vec();
    (corners[0].3, corners[1].3) = (street, bent);
    assert_eq!(
        walk(&Network::of(&ground(&corners)), [40.0, 0.0], [50.0, -20.0]),
        Ok(130.0)
    );
}

#[test]
fn gaps_in_front_of_ends_are_bridged_and_counted() {
    let street: (RoadKind, f64, &str, &[[f64; 2]]) = (Street, 8.0, "", &[[0.0, 0.0], [100.0, 0.0]]);
    let lane = |from: f64| [[50.0, from], [50.0, 60.0]];
    let made = |roads: &[(RoadKind, f64, &str, &[[f64; 2]])]| *Network::of(&ground(roads)).made();
    // Ends at the kerb.
    let at_kerb = made(&[street, (Lane, 2.0, "", &lane(4.4))]);
    assert_eq!((at_kerb.gaps, at_kerb.gap_m), (1, 4.4));
    // A metre and a wall from the kerb.
    assert_eq!(made(&[street, (Lane, 2.0, "", &lane(5.0))]).gaps, 0);
    // Two ends that face each other need one piece.
    let facing = made(&[
        (Lane, 2.0, "", &[[0.0, 0.0], [50.0, 0.0]]),
        (Lane, 2.0, "", &[[51.0, 0.0], [90.0, 0.0]]),
    ]);
    assert_eq!((facing.gaps, facing.gap_m), (1, 1.0));
    // What lies under a bridge does not join it, but its end does.
    let bridge = (Bridge, 8.0, "", street.3);
    assert_eq!(made(&[bridge, (Lane, 2.0, "", &lane(2.0))]).gaps, 0);
    let at_its_end = [[102.0, 2.0], [120.0, 2.0]];
    assert_eq!(made(&[bridge, (Lane, 2.0, "", &at_its_end)]).gaps, 1);
}

#[test]
fn what_is_no_road_is_left_out_and_counted() {
    let nan = f64::NAN;
    let mut ground = ground(&[
        (Rail, 3.0, "", &[[0.0, 0.0], [9.0, 0.0]]),
        (Lane, 3.0, "", &[[0.0, 0.0], [nan, 0.0]]),
        (Lane, 3.0, "", &[[1.0, 1.0], [1.0, 1.0]]),
        (Lane, 3.0, "", &[]),
        (Lane, nan, "", &[[0.0, 0.0], [0.0, 10.0]]),
        (Street, 3.0, "", &[]),
    ]);
    let square = polygon![(x: 0., y: 0.), (x: 9., y: 0.), (x: 9., y: 9.)];
    ground
        .roads
        .get_mut(&RoadId::from_bits(5))
        .unwrap()
        .surfaces = vec![square];
    let network = Network::of(&ground);
    let made = network.made();
    assert_eq!(
        (made.roads, made.rails, made.broken, made.surfaces_only),
        (1, 1, 3, 1)
    );
    assert_eq!(network.edges()[0].width_m, 0.0);
    assert!(network.attach([nan, 0.0], &traveller("foot")).is_none());
    assert!(
        network.attach([5.0, 0.0], &traveller("engine")).is_none(),
        "its width is not known"
    );
    assert!(
        Network::of(&empty())
            .attach([0.0, 0.0], &traveller("foot"))
            .is_none()
    );
    assert!(network.line(99).is_empty() && network.edges_at(99).is_empty());
}

/// A lane in two pieces, a bridge, steps, a path.
fn quay() -> Network {
    Network::of(&ground(&[
        (Lane, 3.0, "平江路", &[[0.0, 0.0], [40.0, 0.0]]),
        (Lane, 2.5, "平江路", &[[40.0, 0.0], [60.0, 0.0]]),
        (Bridge, 2.2, "思婆桥", &[[60.0, 0.0], [70.0, 0.0]]),
        (Steps, 2.0, "", &[[70.0, 0.0], [73.0, 4.0]]),
        (Path, 4.0, "", &[[73.0, 4.0], [73.0, 20.0]]),
    ]))
}

#[test]
fn a_route_is_told_road_by_road() {
    let network = quay();
    let foot = traveller("foot");
    let [from, to] = [[10.0, 1.0], [74.0, 14.0]].map(|at| on_foot(&network, at));
    assert_eq!((from.off_m, to.off_m), (1.0, 1.0));
    let way = network.route(&from, &to, &foot).expect("a way");
    assert_eq!(way.length_m, 50.0 + 10.0 + 5.0 + 10.0);
    assert!((way.seconds - (70.0 / 1.3 + 5.0 / 0.5)).abs() < 1e-9);
    let told = |list: &[NamedLength]| {
        let told = list
            .iter()
            .map(|one| format!("{} {}", one.name.as_deref().unwrap_or("-"), one.length_m));
        told.collect::<Vec<_>>().join(", ")
    };
    assert_eq!(told(&way.roads), "平江路 50, 思婆桥 10, - 5, - 10");
    assert_eq!(
        (told(&way.bridges), told(&way.steps)),
        ("思婆桥 10".into(), "- 5".into())
    );
    assert_eq!(way.narrowest_m, Some(2.0));
    assert_eq!(
        way.line,
        [
            [10.0, 0.0],
            [40.0, 0.0],
            [60.0, 0.0],
            [70.0, 0.0],
            [73.0, 4.0],
            [73.0, 14.0]
        ]
    );
    let back = network.route(&to, &from, &foot).expect("a way back");
    assert_eq!(back.length_m, way.length_m);
    let here = network.route(&from, &from, &foot).expect("no way at all");
    assert_eq!(
        (here.length_m, here.narrowest_m, here.line),
        (0.0, None, vec![[10.0, 0.0]])
    );
}

#[test]
fn who_cannot_get_there_is_told_why() {
    let network = quay();
    let foot = traveller("foot");
    let from = on_foot(&network, [10.0, 1.0]);
    // A cart takes no steps, and the end lies beyond them.
    let cart = traveller("cart");
    let to = network.attach([74.0, 14.0], &cart).unwrap();
    let apart = network.route(&from, &to, &cart).unwrap_err();
    let NoRoute::Apart {
        from, to, gap_m, ..
    } = apart
    else {
        panic!("{apart:?}");
    };
    assert_eq!((from.length_m, to.length_m, gap_m), (70.0, 16.0, 5.0));
    let at_steps = on_foot(&network, [71.5, 2.0]);
    let hindered = network.route(&at_steps, &at_steps, &cart).unwrap_err();
    assert!(matches!(
        hindered,
        NoRoute::Hindered {
            by: Hindrance::Kind(Steps),
            ..
        }
    ));
    let nowhere = Spot {
        edge: 77,
        ..at_steps
    };
    assert_eq!(
        network.route(&nowhere, &at_steps, &foot),
        Err(NoRoute::NoSuchSpot)
    );
}

#[test]
fn a_ring_is_gone_round_the_shorter_way() {
    let ring = [
        [0.0, 0.0],
        [30.0, 0.0],
        [30.0, 30.0],
        [0.0, 30.0],
        [0.0, 0.0],
    ];
    let network = Network::of(&ground(&[
        (Lane, 3.0, "", &ring),
        (Lane, 3.0, "", &[[0.0, 0.0], [-10.0, 0.0]]),
    ]));
    assert_eq!(network.edges().len(), 2);
    assert_eq!(walk(&network, [-10.0, 0.0], [0.0, 20.0]), Ok(30.0));
    assert_eq!(walk(&network, [10.0, 0.0], [0.0, 10.0]), Ok(20.0));
    assert_eq!(walk(&network, [30.0, 10.0], [30.0, 20.0]), Ok(10.0));
    // Crosses itself: an eight.
    let eight = [[0.0, 0.0], [40.0, 40.0], [40.0, 0.0], [0.0, 40.0]];
    let network = Network::of(&ground(&[(Lane, 3.0, "", &eight)]));
    assert_eq!((network.nodes().len(), network.edges().len()), (3, 3));
    let across = walk(&network, [0.0, 0.0], [0.0, 40.0]).unwrap();
    assert!((across - 3200.0_f64.sqrt()).abs() < 1e-9, "{across}");
}

#[test]
fn reach_is_cut_off_where_the_metres_end() {
    let network = Network::of(&ground(&[
        (Lane, 3.0, "", &[[0.0, 0.0], [100.0, 0.0]]),
        (Steps, 3.0, "", &[[50.0, 0.0], [50.0, 100.0]]),
    ]));
    let foot = traveller("foot");
    let from = on_foot(&network, [40.0, 0.0]);
    let reach = network.reach(&from, &foot, 36.0);
    let told: Vec<_> = reach.iter().map(|piece| piece.line.clone()).collect();
    // 26 m of effort are left at the steps, which take 2.6 times as long.
    let expected = [
        vec![[4.0, 0.0], [50.0, 0.0]],
        vec![[50.0, 0.0], [76.0, 0.0]],
        vec![[50.0, 0.0], [50.0, 10.0]],
    ];
    for (line, expected) in told.iter().zip(&expected) {
        let apart = line
            .iter()
            .zip(expected)
            .map(|(a, b)| space::distance(*a, *b));
        assert!(
            line.len() == 2 && apart.fold(0.0, f64::max) < 1e-9,
            "{told:?}"
        );
    }
    assert_eq!(told.len(), 3);
    let field = network.distances(&from, &foot, 36.0);
    let places = [[80.0, 0.0], [50.0, 9.0], [70.0, 5.0], [10.0, 0.0]];
    let spots = places.map(|at| on_foot(&network, at));
    let nearest = field.nearest(&spots, 9);
    let told: Vec<_> = nearest
        .iter()
        .map(|one| (one.index, one.length_m, one.off_m))
        .collect();
    assert_eq!(told, [(3, 30.0, 0.0), (1, 19.0, 0.0), (2, 30.0, 5.0)]);
    assert_eq!(field.nearest(&spots, 1).len(), 1);
}
