//! Records as a map knows them: points, lines and outlines, in the CRS of the file.

use geo_types::{LineString, Polygon};

use crate::model::Entity;
use crate::space::{Crs, CrsError, Transform};

use super::error::ExportError;
use super::report::Report;
use super::{Job, LOOKS};

/// A position on a map.
pub(super) type At = [f64; 2];
/// Rings of a polygon, the outer first; each closed.
pub(super) type Rings = Vec<Vec<At>>;

/// A shape on a map.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Flat {
    /// None at all: an area without outline.
    Nothing,
    /// A point.
    Point(At),
    /// A line.
    Line(Vec<At>),
    /// One outline.
    Polygon(Rings),
    /// Several outlines.
    Polygons(Vec<Rings>),
    /// A road with its centre line and its surfaces.
    LineAndPolygons(Vec<At>, Vec<Rings>),
}

/// The shape of a record; `None` when it has none that a map holds.
fn flat(entity: &Entity) -> Option<Flat> {
    let point = |at: [f64; 3]| Flat::Point([at[0], at[1]]);
    Some(match entity {
        Entity::Area(one) => match &one.polygon {
            Some(polygon) => Flat::Polygon(rings(polygon)?),
            None => Flat::Nothing,
        },
        Entity::Building(one) => Flat::Polygon(rings(&one.footprint)?),
        Entity::Water(one) => Flat::Polygon(rings(&one.polygon)?),
        Entity::GroundArea(one) => Flat::Polygon(rings(&one.polygon)?),
        Entity::Plant(one) => point(one.position),
        Entity::Place(one) => point(one.position),
        Entity::Road(one) => {
            let line: Vec<At> = one.line.0.iter().map(|at| [at.x, at.y]).collect();
            let surfaces: Vec<Rings> = one.surfaces.iter().filter_map(rings).collect();
            match (line.len() > 1, surfaces.is_empty()) {
                (true, true) => Flat::Line(line),
                (true, false) => Flat::LineAndPolygons(line, surfaces),
                (false, false) => Flat::Polygons(surfaces),
                (false, true) => return None,
            }
        }
        _ => return None,
    })
}

fn rings(polygon: &Polygon<f64>) -> Option<Rings> {
    let ring = |ring: &LineString<f64>| {
        let mut ring: Vec<At> = ring.0.iter().map(|at| [at.x, at.y]).collect();
        if ring.first() != ring.last() {
            ring.extend(ring.first().copied());
        }
        ring
    };
    // `geo_types` closes rings; an outline without corners stays empty.
    let outer = ring(polygon.exterior());
    (outer.len() >= 4).then(|| {
        let holes = polygon.interiors().iter().map(ring);
        std::iter::once(outer)
            .chain(holes.filter(|ring| ring.len() >= 4))
            .collect()
    })
}

impl Flat {
    fn positions_mut(&mut self) -> Box<dyn Iterator<Item = &mut At> + '_> {
        match self {
            Self::Nothing => Box::new(std::iter::empty()),
            Self::Point(at) => Box::new(std::iter::once(at)),
            Self::Line(line) => Box::new(line.iter_mut()),
            Self::Polygon(rings) => Box::new(rings.iter_mut().flatten()),
            Self::Polygons(polygons) => Box::new(polygons.iter_mut().flatten().flatten()),
            Self::LineAndPolygons(line, polygons) => Box::new(
                line.iter_mut()
                    .chain(polygons.iter_mut().flatten().flatten()),
            ),
        }
    }
}

/// The way of all shapes into a file.
pub(super) struct Projection {
    /// `None` where file and city share their system.
    way: Option<Transform>,
}

impl Projection {
    pub(super) fn new(city: &Crs, file: &Crs) -> Result<Self, CrsError> {
        let is_same = city.proj() == file.proj();
        let way = (!is_same)
            .then(|| Transform::between(city, file))
            .transpose()?;
        Ok(Self { way })
    }

    fn apply(&self, flat: &mut Flat) -> Result<(), String> {
        for at in flat.positions_mut() {
            if !at.iter().all(|v| v.is_finite()) {
                return Err("a position that is no number".to_owned());
            }
            if let Some(way) = &self.way {
                let moved = way.apply([at[0], at[1], 0.0]);
                let [x, y, _] = moved.map_err(|_| "outside the CRS of the file".to_owned())?;
                *at = [x, y];
            }
        }
        Ok(())
    }
}

/// Hands over every record that a map holds with its shape, and counts the others.
pub(super) fn each(
    job: &Job<'_>,
    projection: &Projection,
    report: &mut Report,
    mut then: impl FnMut(&Entity, Flat, &mut Report) -> Result<(), ExportError>,
) -> Result<(), ExportError> {
    job.count_unasked(report)?;
    for kind in LOOKS {
        let why = "a map has no faces to wear them; CityJSON and glTF hold them";
        report.left(kind.as_str(), job.ground.count(*kind), why);
    }
    if job.options.generated {
        report
            .notes
            .push("--generated has no effect: a map holds outlines".to_owned());
    }
    job.each(|entity| {
        let kind = entity.key().kind.as_str();
        match &entity {
            Entity::Building(one) => {
                let why = "a map holds outlines; CityJSON holds the faces";
                report.left("models of buildings", one.models.len(), why);
            }
            Entity::Object(_) => {
                report.left(kind, 1, "made of faces; CityJSON holds them");
                return Ok(());
            }
            Entity::Terrain(_) => {
                report.left(kind, 1, "a net of triangles; CityJSON and glTF hold it");
                return Ok(());
            }
            _ => {}
        }
        let Some(mut flat) = flat(&entity) else {
            report.left(kind, 1, "no shape that the format can hold");
            return Ok(());
        };
        match projection.apply(&mut flat) {
            Ok(()) => then(&entity, flat, report),
            Err(why) => {
                report.left(kind, 1, &why);
                Ok(())
            }
        }
    })
}
