//! Names that may be written on the picture: places, water, streets and lanes, buildings.

use crate::model::{Building, CityObject, Ground, Place, PlaceKind, Road, RoadKind, Water};
use crate::space::{LocalFrame, oriented_rectangle};

use super::buildings::object_bounds;
use super::local::{local_line, local_polygon};
use super::midline::midline;
use super::ribbon;

/// What carries the name; decides typeface, priority and how near one must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameOf {
    /// A pagoda, gate or garden, or a model that is placed as a landmark.
    Landmark,
    /// A quarter or a square.
    Quarter,
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
    /// A work of art, a board, a bench.
    Detail,
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
    let places = ground.places.values().map(|place| of_place(place, frame));
    let water = ground.water.values().filter_map(|w| of_water(w, frame));
    let roads = ground.roads.values().filter_map(|r| of_road(r, frame));
    let buildings = ground.buildings.values();
    let buildings = buildings.filter_map(|building| of_building(building, frame));
    let objects = ground.objects.values();
    let objects = objects.filter_map(|object| of_object(object, frame));
    let all = places.chain(water).chain(roads).chain(buildings);
    let mut names: Vec<Name> = all.chain(objects).collect();
    // Stretches of one canal or lane carry one name each: the wall writes it once per place, so
    // equal names near each other are left to the placement. Order decides priority.
    names.sort_by(|a, b| (a.of, &a.text).cmp(&(b.of, &b.text)));
    names
}

fn of_place(place: &Place, frame: &LocalFrame) -> Name {
    let of = match place.kind {
        PlaceKind::Place => NameOf::Place,
        PlaceKind::Quarter => NameOf::Quarter,
        PlaceKind::Detail => NameOf::Detail,
        PlaceKind::Gate | PlaceKind::Pagoda | PlaceKind::Garden => NameOf::Landmark,
    };
    Name {
        text: place.name.clone(),
        text_en: place.name_en.clone(),
        of,
        at: frame.local_from_projected(place.position),
        along: None,
        length_m: 0.0,
    }
}

fn of_water(water: &Water, frame: &LocalFrame) -> Option<Name> {
    let text = water.name.clone()?;
    let middle = midline(&local_polygon(frame, &water.polygon))?;
    let line = (middle.at, middle.along);
    Some(along(text, NameOf::Water, line, middle.length_m))
}

fn of_road(road: &Road, frame: &LocalFrame) -> Option<Name> {
    let text = road.name.clone()?;
    let line = local_line(frame, &road.line);
    let middle = ribbon::point_at(&line, 0.5)?;
    let of = if road.kind == RoadKind::Street {
        NameOf::Street
    } else {
        NameOf::Lane
    };
    Some(along(text, of, middle, ribbon::length_m(&line)))
}

/// A name written along a line through a point.
fn along(text: String, of: NameOf, line: ([f64; 2], [f64; 2]), length_m: f64) -> Name {
    let ([x, y], [ux, uy]) = line;
    Name {
        text,
        text_en: None,
        of,
        at: [x, y, 0.0],
        along: Some([x + ux * ALONG_M, y + uy * ALONG_M, 0.0]),
        length_m,
    }
}

fn of_building(building: &Building, frame: &LocalFrame) -> Option<Name> {
    let (text, text_en) = if building.is_proposed() {
        // What does not stand yet says so wherever it is named, and it is always named.
        let name = building.name.as_deref().unwrap_or_default();
        let named = format!("{name} (proposed)").trim_start().to_owned();
        (format!("{name}（拟建）"), Some(named))
    } else {
        (building.name.clone()?, None)
    };
    let [x, y] = oriented_rectangle(&local_polygon(frame, &building.footprint)).center;
    let top = building.ground_m - frame.origin_h + building.height_m;
    Some(Name {
        text,
        text_en,
        of: NameOf::Building,
        at: [x, y, top],
        along: None,
        length_m: 0.0,
    })
}

/// The kind of an object that a model placed by hand has.
const LANDMARK: &str = "Landmark";

/// A landmark's name, on top of it. Lamps and signs have names too, and too many.
fn of_object(object: &CityObject, frame: &LocalFrame) -> Option<Name> {
    let text = object.name.clone().filter(|_| object.kind == LANDMARK)?;
    let bounds = object_bounds(object);
    if bounds.is_empty() {
        return None;
    }
    let [e, n] = bounds.footprint().center();
    Some(Name {
        text,
        text_en: None,
        of: NameOf::Landmark,
        at: frame.local_from_projected([e, n, bounds.max[2]]),
        along: None,
        length_m: 0.0,
    })
}
