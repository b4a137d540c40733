//! Views worth keeping, found in the city itself: the whole, landmarks, a canal, a lane.

use crate::base::{BuildingId, CameraId, DeviceId};
use crate::model::{AreaLevel, EntityKind, EntityRef, Ground, PlaceKind, RoadKind, WaterKind};
use crate::space::{Bounds2, LocalFrame};

use super::fit::fitted;
use super::glyphs::shown_at;
use super::local::{local_line, local_polygon};
use super::midline::midline;
use super::ribbon;
use crate::portrayal::camera::{FOV_DEG, Viewpoint};
use crate::portrayal::overlay::Rect;

/// A viewpoint with a name.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedView {
    /// The name on the command line.
    pub name: String,
    /// Where it is.
    pub view: Viewpoint,
}

/// The view of the whole focus.
pub(super) fn overview(focus: Bounds2, aspect: f64) -> Viewpoint {
    let [x, y] = focus.center();
    let [w, h] = focus.size();
    let radius_m = (w.hypot(h) / 2.0).max(40.0) * 0.86;
    // The near edge is the one that the line at the bottom would cut: the target lies south of
    // the middle.
    Viewpoint::oblique([x, y - radius_m * 0.1, 0.0], radius_m, aspect)
}

/// The community's outline, when the city has one.
pub(super) fn community(ground: &Ground, frame: &LocalFrame) -> Option<Bounds2> {
    let of_level = |area: &&crate::model::AdminArea| area.level == AreaLevel::Community;
    let mut outlines = ground
        .areas
        .values()
        .filter(of_level)
        .filter_map(|a| a.polygon.as_ref());
    let first = outlines.next()?;
    // Several communities are a district: then the buildings decide.
    outlines
        .next()
        .is_none()
        .then(|| Bounds2::from_polygon(&local_polygon(frame, first)))
}

/// Where most buildings are: the middle 96 % in either direction.
pub(super) fn middle_of(centers: &mut [[f64; 2]], extent: Bounds2) -> Bounds2 {
    if centers.len() < 20 {
        return extent;
    }
    let mut bounds = extent;
    for axis in 0..2 {
        centers.sort_by(|a, b| a[axis].total_cmp(&b[axis]));
        bounds.min[axis] = centers[centers.len() / 50][axis];
        bounds.max[axis] = centers[centers.len() - 1 - centers.len() / 50][axis];
    }
    bounds
}

/// The saved views of a city whose buildings have these middles; `overview` is always there and always first.
pub(super) fn saved(
    ground: &Ground,
    frame: &LocalFrame,
    [focus, whole]: [Bounds2; 2],
    middles: &[[f64; 2]],
) -> Vec<SavedView> {
    let mut views = vec![SavedView {
        name: "overview".to_owned(),
        view: overview(focus, 16.0 / 9.0),
    }];
    let [x, y] = busiest(middles, focus.center());
    let block = Viewpoint::oblique([x, y, 0.0], 105.0, 16.0 / 9.0);
    views.push(SavedView {
        name: "block".to_owned(),
        view: block,
    });
    views.push(SavedView {
        name: "plan".to_owned(),
        view: plan_view(focus, whole),
    });
    if let Some(view) = canal_view(ground, frame, focus) {
        views.push(SavedView {
            name: "canal".to_owned(),
            view,
        });
    }
    if let Some(view) = lane_view(ground, frame, focus) {
        views.push(SavedView {
            name: "lane".to_owned(),
            view,
        });
    }
    views.extend(place_views(ground, frame, middles));
    views
}

/// Named places with something around them.
fn place_views(ground: &Ground, frame: &LocalFrame, middles: &[[f64; 2]]) -> Vec<SavedView> {
    let mut views = Vec::new();
    for place in ground.places.values() {
        let radius = match place.kind {
            PlaceKind::Place | PlaceKind::Quarter | PlaceKind::Detail => continue,
            PlaceKind::Pagoda => 150.0,
            PlaceKind::Gate | PlaceKind::Garden => 110.0,
        };
        let name = place.name_en.as_deref().unwrap_or(&place.name);
        let name = name
            .to_lowercase()
            .replace(|c: char| !c.is_alphanumeric(), "-");
        let target = frame.local_from_projected(place.position);
        let near = |at: &&[f64; 2]| (at[0] - target[0]).hypot(at[1] - target[1]) < radius;
        // A name on an empty page is no view.
        if middles.iter().filter(near).count() < 3 {
            continue;
        }
        let view = Viewpoint::oblique([target[0], target[1], 6.0], radius, 16.0 / 9.0);
        views.push(SavedView { name, view });
    }
    views
}

/// Straight down on the whole, in a picture without panels.
/// Distance from which a single record is looked at, metres.
const CLOSE_M: f64 = 220.0;

/// The view onto one record, local metres, as near and as oblique as it needs and otherwise as
/// `from`; `None` for what is drawn nowhere.
pub(super) fn view_of(
    ground: &Ground,
    frame: &LocalFrame,
    what: EntityRef,
    from: Viewpoint,
) -> Option<Viewpoint> {
    let (target, extent_m) = match what.kind {
        EntityKind::Building => {
            let one = ground.buildings.get(&BuildingId::from_bits(what.bits))?;
            let bounds = Bounds2::from_polygon(&one.footprint);
            let [x, y] = bounds.center();
            let [w, h] = bounds.size();
            let middle_m = one.ground_m + one.height_m / 2.0;
            (
                frame.local_from_projected([x, y, middle_m]),
                w.max(h).max(one.height_m),
            )
        }
        EntityKind::Device => {
            let one = ground.devices.get(&DeviceId::from_bits(what.bits))?;
            (shown_at(ground, frame, one), 0.0)
        }
        EntityKind::Camera => {
            let one = ground.cameras.get(&CameraId::from_bits(what.bits))?;
            (frame.local_from_projected(one.position), 0.0)
        }
        _ => return None,
    };
    Some(Viewpoint {
        target,
        range_m: from.range_m.min(CLOSE_M.max(extent_m * 4.0)),
        pitch_deg: from.pitch_deg.clamp(30.0, 50.0),
        ..from
    })
}

fn plan_view(focus: Bounds2, whole: Bounds2) -> Viewpoint {
    let size_px = [1_600.0, 900.0];
    let picture = Rect {
        x: 0.0,
        y: 0.0,
        w: size_px[0] as f32,
        h: size_px[1] as f32,
    };
    let top = Viewpoint {
        pitch_deg: 88.0,
        heading_deg: 0.0,
        ..overview(focus, 16.0 / 9.0)
    };
    fitted(top, whole, size_px, picture)
}

/// The middle of the city if something stands there, else the place with most buildings around.
fn busiest(middles: &[[f64; 2]], center: [f64; 2]) -> [f64; 2] {
    const CELL_M: f64 = 150.0;
    let around = |at: [f64; 2]| {
        let near = |other: &&[f64; 2]| (other[0] - at[0]).hypot(other[1] - at[1]) < CELL_M;
        middles.iter().filter(near).count()
    };
    if around(center) >= 20.min(middles.len()) {
        return center;
    }
    let mut cells = std::collections::BTreeMap::<[i64; 2], Vec<[f64; 2]>>::new();
    for at in middles {
        let cell = at.map(|v| (v / CELL_M).floor() as i64);
        cells.entry(cell).or_default().push(*at);
    }
    let Some(fullest) = cells.values().max_by_key(|houses| houses.len()) else {
        return center;
    };
    let count = fullest.len() as f64;
    [0, 1].map(|axis| fullest.iter().map(|at| at[axis]).sum::<f64>() / count)
}

/// Low along the longest canal inside the focus.
fn canal_view(ground: &Ground, frame: &LocalFrame, focus: Bounds2) -> Option<Viewpoint> {
    let canals = ground
        .water
        .values()
        .filter(|water| water.kind == WaterKind::Canal);
    let middles = canals.filter_map(|water| midline(&local_polygon(frame, &water.polygon)));
    let inside = middles.filter(|one| focus.contains(one.at) && one.length_m < 6_000.0);
    let longest = inside.max_by(|a, b| a.length_m.total_cmp(&b.length_m))?;
    Some(along(longest.at, longest.along, 95.0, 20.0))
}

/// Low along the longest lane inside the focus.
fn lane_view(ground: &Ground, frame: &LocalFrame, focus: Bounds2) -> Option<Viewpoint> {
    let lanes = ground
        .roads
        .values()
        .filter(|road| road.kind == RoadKind::Lane);
    let lines = lanes.map(|road| local_line(frame, &road.line));
    let inside = lines.filter_map(|line| {
        let (at, direction) = ribbon::point_at(&line, 0.5)?;
        focus
            .contains(at)
            .then(|| (ribbon::length_m(&line), at, direction))
    });
    let (_, at, direction) = inside.max_by(|a, b| a.0.total_cmp(&b.0))?;
    Some(along(at, direction, 70.0, 28.0))
}

/// A view along a direction, from the south side if there is a choice.
fn along(at: [f64; 2], direction: [f64; 2], range_m: f64, pitch_deg: f64) -> Viewpoint {
    let turn = if direction[1] < 0.0 { -1.0 } else { 1.0 };
    let heading = (direction[0] * turn)
        .atan2(direction[1] * turn)
        .to_degrees();
    Viewpoint {
        target: [at[0], at[1], 2.0],
        heading_deg: heading + 12.0,
        pitch_deg,
        range_m,
        fov_deg: FOV_DEG,
    }
}
