//! Names that may be written on the picture: places, water, streets and lanes, buildings.

use crate::model::{Ground, PlaceKind, RoadKind};
use crate::space::{LocalFrame, oriented_rectangle};

use super::local::{local_line, local_polygon};
use super::ribbon;

/// What carries the name; decides typeface, priority and how near one must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameOf {
    /// A pagoda, gate or garden.
    Landmark,
    /// Any other place.
    Place,
    /// Water.
    Water,
    /// A street.
    Street,
    /// A lane, quay or bridge.
    Lane,
    /// A building.
    Building,
}

/// Distance between the two points that give a name its direction.
pub const ALONG_M: f64 = 10.0;

/// A name and where it is anchored.
#[derive(Debug, Clone, PartialEq)]
pub struct Name {
    /// In Chinese or as the source has it.
    pub text: String,
    /// In English, where known.
    pub text_en: Option<String>,
    /// What carries it.
    pub of: NameOf,
    /// Local position.
    pub at: [f64; 3],
    /// Direction along which it runs, for water and lanes: a second local point.
    pub along: Option<[f64; 3]>,
    /// How long that thing is; 0 where it has no length.
    pub length_m: f64,
}

/// All names in a stable order: landmarks first.
pub(super) fn collect(ground: &Ground, frame: &LocalFrame) -> Vec<Name> {
    let mut names = Vec::new();
    for place in ground.places.values() {
        let of = match place.kind {
            PlaceKind::Place => NameOf::Place,
            PlaceKind::Gate | PlaceKind::Pagoda | PlaceKind::Garden => NameOf::Landmark,
        };
        let at = frame.local_from_projected(place.position);
        let text_en = place.name_en.clone();
        names.push(Name {
            text: place.name.clone(),
            text_en,
            of,
            at,
            along: None,
            length_m: 0.0,
        });
    }
    for water in ground.water.values() {
        let Some(text) = water.name.clone() else {
            continue;
        };
        let rect = oriented_rectangle(&local_polygon(frame, &water.polygon));
        let [x, y] = rect.center;
        let [ux, uy] = rect.axis_u;
        let along = Some([x + ux * ALONG_M, y + uy * ALONG_M, 0.0]);
        names.push(Name {
            text,
            text_en: None,
            of: NameOf::Water,
            at: [x, y, 0.0],
            along,
            length_m: rect.half_u * 2.0,
        });
    }
    for road in ground.roads.values() {
        let Some(text) = road.name.clone() else {
            continue;
        };
        let line = local_line(frame, &road.line);
        let Some(([x, y], [ux, uy])) = ribbon::point_at(&line, 0.5) else {
            continue;
        };
        let of = if road.kind == RoadKind::Street {
            NameOf::Street
        } else {
            NameOf::Lane
        };
        let along = Some([x + ux * ALONG_M, y + uy * ALONG_M, 0.0]);
        let length_m = ribbon::length_m(&line);
        names.push(Name {
            text,
            text_en: None,
            of,
            at: [x, y, 0.0],
            along,
            length_m,
        });
    }
    for building in ground.buildings.values() {
        let Some(text) = building.name.clone() else {
            continue;
        };
        let [x, y] = oriented_rectangle(&local_polygon(frame, &building.footprint)).center;
        let top = building.ground_m - frame.origin_h + building.height_m;
        names.push(Name {
            text,
            text_en: None,
            of: NameOf::Building,
            at: [x, y, top],
            along: None,
            length_m: 0.0,
        });
    }
    // Stretches of one canal or lane carry one name each: the wall writes it once per place, so
    // equal names near each other are left to the placement. Order decides priority.
    names.sort_by(|a, b| (a.of, &a.text).cmp(&(b.of, &b.text)));
    names
}
