//! Where a fire engine stops, and entrances.

use geo_types::{Polygon, polygon};

use super::*;
use crate::model::entrance_of;

fn house(x: f64, y: f64, side: f64) -> Polygon<f64> {
    polygon![(x: x, y: y), (x: x + side, y: y), (x: x + side, y: y + side), (x: x, y: y + side)]
}

/// A street, a lane of 3 m off it, narrower further in, with steps at its end.
fn quarter() -> Ground {
    ground(&[
        (Street, 8.0, "临顿路", &[[0.0, 0.0], [200.0, 0.0]]),
        (Lane, 3.0, "大儒巷", &[[100.0, 0.0], [100.0, 60.0]]),
        (Lane, 2.0, "小弄", &[[100.0, 60.0], [160.0, 60.0]]),
        (Steps, 2.0, "", &[[160.0, 60.0], [160.0, 80.0]]),
    ])
}

fn access(network: &Network, engine: &str, target: Target) -> Result<Access, NoAccess> {
    let (engine, foot) = (traveller(engine), traveller("foot"));
    let from = network.gateways(&engine);
    let hydrants = [[20.0, 5.0], [110.0, 5.0], [100.0, 40.0]].map(|at| on_foot(network, at));
    EngineReach::of(network, &engine, &foot, &from).access(target, &hydrants, 2)
}

#[test]
fn an_engine_stops_where_the_lane_gets_too_narrow() {
    let network = Network::of(&quarter());
    // Two metres behind the kerb of the small lane, 40 m in.
    let outline = house(140.0, 63.0, 10.0);
    let large = access(&network, "engine", Target::Outline(&outline)).expect("access");
    assert_eq!(large.stop.at, [100.0, 0.0]);
    assert_eq!(large.hose_m, 60.0 + 40.0 + 3.0);
    assert_eq!(large.drive_m, 100.0);
    assert_eq!(large.hose.last(), Some(&[140.0, 63.0]));
    assert_eq!(large.narrowest_m, Some(2.0));
    let obstacle = large.obstacle.expect("a lane");
    assert_eq!(
        (obstacle.name.as_deref(), obstacle.width_m),
        (Some("大儒巷"), 3.0)
    );
    assert_eq!(
        obstacle.why,
        Stopped::Hindered(Hindrance::TooNarrow { needs_m: 4.0 })
    );
    let near: Vec<_> = large
        .hydrants
        .iter()
        .map(|one| (one.index, one.length_m))
        .collect();
    assert_eq!(near, [(1, 10.0), (2, 40.0)]);

    let small = access(&network, "engine_small", Target::Outline(&outline)).expect("access");
    assert_eq!((small.stop.at, small.hose_m), ([100.0, 60.0], 43.0));
    assert_eq!(small.obstacle.unwrap().name.as_deref(), Some("小弄"));
}

#[test]
fn an_engine_stands_right_in_front_where_it_can() {
    let network = Network::of(&quarter());
    // At the corner of street and lane, nearer to the lane: the engine stays on the street.
    let outline = house(102.0, 6.0, 10.0);
    let near = access(&network, "engine", Target::Outline(&outline)).expect("access");
    assert_eq!((near.stop.at, near.hose_m), ([102.0, 0.0], 6.0));
    assert_eq!((near.obstacle, near.narrowest_m), (None, None));
    // A place by itself; steps cost no more hose than level ground.
    let at = Target::Point([163.0, 70.0]);
    let steps = access(&network, "engine", at).expect("access");
    assert_eq!(steps.hose_m, 60.0 + 60.0 + 10.0 + 3.0);
}

#[test]
fn without_a_way_in_nothing_is_made_up() {
    let network = Network::of(&quarter());
    let (engine, foot) = (traveller("engine"), traveller("foot"));
    let nowhere = EngineReach::of(&network, &engine, &foot, &[]);
    let target = Target::Point([100.0, 30.0]);
    assert_eq!(nowhere.access(target, &[], 1), Err(NoAccess::NoWay));
    let empty = Network::of(&ground(&[]));
    assert!(empty.gateways(&engine).is_empty());
    let reach = EngineReach::of(&empty, &engine, &foot, &[]);
    assert_eq!(reach.access(target, &[], 1), Err(NoAccess::NoRoad));
    // Wide enough, but behind a lane that is not: the wide part is cut off.
    let network = Network::of(&ground(&[
        (Street, 8.0, "", &[[0.0, 0.0], [200.0, 0.0]]),
        (Lane, 3.0, "", &[[100.0, 0.0], [100.0, 20.0]]),
        (Lane, 6.0, "宽", &[[100.0, 20.0], [100.0, 60.0]]),
    ]));
    let from = network.gateways(&engine);
    assert_eq!(from.len(), 2, "both ends of the street");
    let reach = EngineReach::of(&network, &engine, &foot, &from);
    let behind = reach.access(Target::Point([100.0, 60.0]), &[], 1).unwrap();
    assert_eq!((behind.stop.at, behind.hose_m), ([100.0, 0.0], 60.0));
}

#[test]
fn an_entrance_is_where_the_kerb_is_nearest() {
    let network = Network::of(&quarter());
    let foot = traveller("foot");
    // 6 m from the street's line, 4 from the lane's: 2 m from the street's kerb, 2.5 from the lane's.
    let door = entrance_of(&network, &house(104.0, 6.0, 10.0), &foot).expect("a road");
    assert_eq!((door.at[1], door.spot.at[1], door.kerb_m), (6.0, 0.0, 2.0));
    let far = entrance_of(&network, &house(-500.0, 0.0, 10.0), &foot).expect("a road");
    assert_eq!((far.spot.at, far.at), ([0.0, 0.0], [-490.0, 0.0]));
    assert_eq!(entrance_of(&network, &house(1e6, 0.0, 10.0), &foot), None);
    assert_eq!(
        entrance_of(&network, &house(f64::NAN, 0.0, 10.0), &foot),
        None
    );
    // Across the road: the wall stands on it.
    let across = entrance_of(&network, &house(-5.0, -5.0, 20.0), &foot).expect("a road");
    assert_eq!((across.kerb_m, across.spot.off_m), (0.0, 0.0));
}
