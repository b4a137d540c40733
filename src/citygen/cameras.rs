//! Cameras at lane crossings, bridges and squares, and their ids of GB/T 28181.
//! Used by `generate` and `into`. Never looks into a home: they hang over public ground.

use crate::base::{CameraId, Sealed};
use crate::model::{Camera, CameraKind, CameraOwner, Entity};

use super::bridges::Bridge;
use super::buckets::Buckets;
use super::frame::millimetres;
use super::maker::Maker;
use super::plan::Plan;
use super::rect::{Rect, dm};
use super::seed::Stream;
use super::spec::Runs;

/// Industry "public security, road surface" and type "IP camera".
const INDUSTRY_AND_TYPE: &str = "00132";

/// The 20-digit id of the camera with this number.
pub(super) fn gb28181_id(centre: &str, number: usize) -> String {
    format!("{centre}{INDUSTRY_AND_TYPE}{number:07}")
}

/// A place on the plan and the way the camera looks.
#[derive(Debug, Clone)]
struct Post {
    at_m: [f64; 2],
    look: [f64; 2],
    name: String,
}

/// Hangs the cameras of the description.
pub(super) fn cameras(maker: &Maker, plan: &Plan, bridges: &[Bridge], out: &mut Vec<Entity>) {
    let mut stream = maker.seed.stream("cameras");
    let count = maker.spec.things.cameras;
    let mut candidates = bridge_posts(plan, bridges);
    let mut crossings = crossing_posts(plan);
    stream.shuffle(&mut crossings);
    candidates.extend(crossings);
    for (number, post) in chosen(&candidates, count).into_iter().enumerate() {
        out.push(Entity::from(camera(maker, post, number, &mut stream)));
    }
}

/// Posts well apart first; then, if they are too few, the closer ones; then all once more, aside.
fn chosen(candidates: &[Post], count: usize) -> Vec<Post> {
    let mut taken: Vec<Post> = Vec::with_capacity(count);
    let mut squares = Buckets::new(260);
    for apart_m in [26.0, 9.0, 0.5] {
        for post in candidates {
            if taken.len() == count {
                break;
            }
            let clear = |other: usize| {
                let other = &taken[other];
                let (du, dv) = (other.at_m[0] - post.at_m[0], other.at_m[1] - post.at_m[1]);
                du.hypot(dv) >= apart_m
            };
            let [u, v] = post.at_m.map(dm);
            let spot = Rect::new(u, v, u, v);
            if squares.near(&spot.inset(-260)).all(clear) {
                squares.put(taken.len(), &spot);
                taken.push(post.clone());
            }
        }
    }
    let first = taken.len();
    while taken.len() < count && first > 0 {
        let mut again = taken[taken.len() - first].clone();
        again.at_m[0] += 0.6;
        again.look = [-again.look[0], -again.look[1]];
        taken.push(again);
    }
    taken
}

fn camera(maker: &Maker, post: Post, number: usize, stream: &mut Stream) -> Camera {
    let key = format!("camera-{:03}", number + 1);
    let [east, north] = maker.frame.direction(post.at_m, post.look);
    let heading_deg =
        (east.atan2(north).to_degrees() + stream.between(-8.0, 8.0)).rem_euclid(360.0);
    let owners = [
        CameraOwner::Police,
        CameraOwner::CityManagement,
        CameraOwner::Community,
    ];
    let kinds = [
        CameraKind::Bullet,
        CameraKind::Dome,
        CameraKind::Ptz,
        CameraKind::Panoramic,
    ];
    let kind = kinds[stream.weighted(&[0.56, 0.24, 0.15, 0.05])];
    let gb28181_id = gb28181_id(&maker.spec.things.gb28181_centre, number + 1);
    let position = maker.position(post.at_m, stream.between(4.0, 6.0));
    Camera {
        id: CameraId::from_source(&maker.dataset, &key),
        source: maker.source(&key),
        name: post.name,
        position: position.map(millimetres),
        heading_deg: millimetres(heading_deg),
        pitch_deg: millimetres(stream.between(-24.0, -12.0)),
        fov_deg: match kind {
            CameraKind::Panoramic => 360.0,
            _ => [62.0, 78.0, 92.0][stream.index(3)],
        },
        range_m: [25.0, 35.0, 50.0][stream.index(3)],
        owner: owners[stream.weighted(&maker.spec.things.camera_owners)],
        kind: Some(kind),
        // A domain that nobody can have (RFC 2606).
        stream: Some(Sealed::new(format!(
            "rtsp://viewer:synthetic@{gb28181_id}.example:554/live/1"
        ))),
        gb28181_id,
    }
}

/// Both ends of every way, looking along it.
fn crossing_posts(plan: &Plan) -> Vec<Post> {
    let mut posts = Vec::new();
    for way in &plan.corridors {
        let rect = &way.rect;
        let [cu, cv] = rect.center();
        let ends = match way.runs {
            Runs::Ew => [
                ([rect.u0, rect.v1 - 4], [1.0, 0.0]),
                ([rect.u1, rect.v0 + 4], [-1.0, 0.0]),
            ],
            Runs::Ns => [
                ([rect.u0 + 4, rect.v0], [0.0, 1.0]),
                ([rect.u1 - 4, rect.v1], [0.0, -1.0]),
            ],
        };
        let name = if way.name[0].is_empty() {
            "路口".to_owned()
        } else {
            format!("{}口", way.name[0])
        };
        let long = rect.width().max(rect.depth()) > 1_200;
        let middle = match way.runs {
            Runs::Ew => ([cu, rect.v1 - 4], [1.0, 0.0]),
            Runs::Ns => ([rect.u0 + 4, cv], [0.0, 1.0]),
        };
        let all = ends.into_iter().chain(long.then_some(middle));
        for (at, look) in all.filter(|(at, _)| plan.inside(*at)) {
            posts.push(Post {
                at_m: at.map(|c| f64::from(c) / 10.0),
                look,
                name: name.clone(),
            });
        }
    }
    posts
}

/// One end of every bridge, looking over it.
fn bridge_posts(plan: &Plan, bridges: &[Bridge]) -> Vec<Post> {
    let inside = bridges
        .iter()
        .filter(|bridge| plan.inside(bridge.deck.center()));
    let post = |bridge: &Bridge| {
        let (at, look) = match bridge.runs {
            Runs::Ew => ([bridge.deck.u0, bridge.deck.v0 + 2], [1.0, 0.0]),
            Runs::Ns => ([bridge.deck.u0 + 2, bridge.deck.v0], [0.0, 1.0]),
        };
        Post {
            at_m: at.map(|c| f64::from(c) / 10.0),
            look,
            name: bridge.name.clone(),
        }
    };
    inside.map(post).collect()
}
