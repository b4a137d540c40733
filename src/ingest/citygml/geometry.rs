//! GML geometry as faces, lines and points in the file's CRS, x east. Follows references, turns
//! what is oriented the other way, and places implicit geometries. Used by `objects`.
//! Never knows what a face means, and never follows a reference further than a limit.

use crate::model::FaceDetail;

use super::super::raw::Position;
use super::appearance::{Appearance, RingName};
use super::frame::Frame;
use super::implicit::Local;
use super::links::{Links, reference};
use super::ring::{self, Numbers};
use super::xml::{Element, Space};

/// References and elements one within the other.
const DEPTH_MAX: usize = 100;

/// A face as the file has it.
pub(super) struct RawFace<'m, 'a> {
    /// The polygon, wherever it was reached from; `None` of one copy among several.
    pub(super) polygon: Option<&'m Element<'a>>,
    pub(super) rings: Vec<Vec<Position>>,
    /// What it wears.
    pub(super) detail: FaceDetail,
}

/// What a geometry consists of.
#[derive(Default)]
pub(super) struct Body<'m, 'a> {
    pub(super) faces: Vec<RawFace<'m, 'a>>,
    pub(super) lines: Vec<Vec<Position>>,
    pub(super) points: Vec<Position>,
    /// What could not be read, and was left out.
    pub(super) faults: Vec<String>,
}

/// What holds for an element and all that is in it.
#[derive(Clone, Copy)]
struct Scope<'s> {
    is_reversed: bool,
    srs: Option<&'s str>,
    dimension: Option<usize>,
    local: Option<&'s Local>,
    depth: usize,
}

/// Reads geometries of one member.
pub(super) struct Reader<'m, 'a, 'f> {
    pub(super) links: &'f Links<'m, 'a>,
    pub(super) frame: &'f mut Frame,
    pub(super) appearance: &'f Appearance,
    /// Corners that references may still unfold to.
    pub(super) budget: &'f mut usize,
    /// Ids of the elements that the one at hand is in.
    pub(super) ids: Vec<&'m str>,
}

impl<'m, 'a> Reader<'m, 'a, '_> {
    /// The geometry that a property holds or refers to.
    pub(super) fn read(&mut self, property: &'m Element<'a>) -> Body<'m, 'a> {
        let mut body = Body::default();
        let scope = Scope {
            is_reversed: false,
            srs: None,
            dimension: self.frame.dimension,
            local: None,
            depth: 0,
        };
        self.property(property, scope, &mut body);
        body
    }

    /// What a property holds, or what it refers to.
    fn property(&mut self, element: &'m Element<'a>, scope: Scope, body: &mut Body<'m, 'a>) {
        if let Some(id) = reference(element) {
            // Each reference costs, or those to nothing could double without an end.
            if let Err(fault) = self.spend(1) {
                body.faults.push(fault);
                return;
            }
            match self.links.find(id) {
                Some(target) => self.value(target, scope, body),
                None => body.faults.push(format!(
                    "gml:id {id:?}, which it refers to, is not in the file"
                )),
            }
        } else if let Some(href) = element
            .attribute("href")
            .filter(|_| element.children.is_empty())
        {
            body.faults
                .push(format!("its geometry is elsewhere, at {href:?}"));
        }
        for child in &element.children {
            self.value(child, scope, body);
        }
    }

    fn value(&mut self, element: &'m Element<'a>, mut scope: Scope, body: &mut Body<'m, 'a>) {
        scope.depth += 1;
        if *self.budget == 0 {
            // Told where it ran out.
            return;
        }
        if scope.depth > DEPTH_MAX {
            body.faults
                .push("its references go round in a circle".to_owned());
            return;
        }
        let srs = element.attribute("srsName").map(str::to_owned);
        let scope = Scope {
            srs: srs.as_deref().or(scope.srs),
            dimension: ring::dimension(element).or(scope.dimension),
            ..scope
        };
        let id = element.id().filter(|_| !self.appearance.is_plain());
        self.ids.extend(id);
        self.kind(element, scope, body);
        self.ids
            .truncate(self.ids.len() - usize::from(id.is_some()));
    }

    fn kind(&mut self, element: &'m Element<'a>, mut scope: Scope, body: &mut Body<'m, 'a>) {
        match (element.space, element.name()) {
            (Space::City, "ImplicitGeometry") => self.implicit(element, scope, body),
            (Space::Gml, "Polygon" | "PolygonPatch" | "Triangle" | "Rectangle") => {
                match self.face(element, scope) {
                    Ok((face, misfits)) => {
                        body.faces.push(face);
                        let misfit = "a picture that does not fit its corners";
                        let misfits = std::iter::repeat_n(misfit.to_owned(), misfits);
                        body.faults.extend(misfits);
                    }
                    Err(fault) => body.faults.push(name_fault(element, &fault)),
                }
            }
            (Space::Gml, "LineString" | "LineStringSegment" | "LinearRing") => {
                match self.positions(element, scope) {
                    Ok(line) if line.len() >= 2 => body.lines.push(line),
                    Ok(_) => body.faults.push("a line of one position".to_owned()),
                    Err(fault) => body.faults.push(name_fault(element, &fault)),
                }
            }
            (Space::Gml, "Point") => match self.positions(element, scope) {
                Ok(points) => body.points.extend(points),
                Err(fault) => body.faults.push(name_fault(element, &fault)),
            },
            (Space::Gml, name) if is_curved(name) => {
                body.faults
                    .push(format!("{name} is not read: only straight lines are"));
            }
            (Space::Gml, "boundedBy" | "metaDataProperty" | "name" | "description") => {}
            (Space::Gml, name) => {
                if name == "OrientableSurface" && element.attribute("orientation") == Some("-") {
                    scope.is_reversed = !scope.is_reversed;
                }
                for child in &element.children {
                    // Properties of a geometry may be references, patches are values themselves.
                    match child.name().starts_with(char::is_uppercase) {
                        true => self.value(child, scope, body),
                        false => self.property(child, deeper(scope), body),
                    }
                }
            }
            _ => {}
        }
    }

    fn face(
        &mut self,
        polygon: &'m Element<'a>,
        scope: Scope,
    ) -> Result<(RawFace<'m, 'a>, usize), String> {
        let exterior = polygon
            .all("exterior")
            .chain(polygon.all("outerBoundaryIs"));
        let interiors = polygon
            .all("interior")
            .chain(polygon.all("innerBoundaryIs"));
        let mut rings = Vec::new();
        let mut names = Vec::new();
        for boundary in exterior.take(1).chain(interiors) {
            for one in &boundary.children {
                let mut ring = self.positions(one, scope)?;
                names.push(RingName {
                    id: one.id(),
                    corners: ring.len(),
                });
                if ring.len() > 1 && ring.first() == ring.last() {
                    ring.pop();
                }
                if ring.len() < 3 {
                    return Err(format!("a ring of {} positions", ring.len()));
                }
                rings.push(ring);
            }
        }
        if rings.is_empty() {
            return Err("a polygon without rings".to_owned());
        }
        self.spend(rings.iter().map(Vec::len).sum())?;
        let mut detail = FaceDetail::default();
        let misfits = self.appearance.dress(&self.ids, &names, &mut detail);
        if scope.is_reversed {
            rings.iter_mut().for_each(|ring| ring.reverse());
            let pictures = detail.textures.values_mut();
            pictures.for_each(|one| one.uv.iter_mut().for_each(|ring| ring.reverse()));
        }
        let face = RawFace {
            polygon: scope.local.is_none().then_some(polygon),
            rings,
            detail,
        };
        Ok((face, misfits))
    }

    /// Takes corners or references off what the file may still unfold to.
    fn spend(&mut self, count: usize) -> Result<(), String> {
        let left = self.budget.checked_sub(count);
        *self.budget = left.unwrap_or(0);
        match left {
            Some(_) => Ok(()),
            None => Err("its references unfold to far more than the file holds".to_owned()),
        }
    }

    /// The positions of a ring, a line or a point, placed.
    fn positions(&mut self, element: &Element<'a>, scope: Scope) -> Result<Vec<Position>, String> {
        let own = ring::dimension(element).or(scope.dimension);
        let flat = Numbers::of(element, own)?;
        let place = |at: Position| match scope.local {
            Some(local) => local.place(at),
            None => self.frame.place(at, scope.srs),
        };
        flat.positions.into_iter().map(place).collect()
    }

    /// A geometry of its own coordinates, turned and moved to a point of the city.
    fn implicit(&mut self, element: &'m Element<'a>, scope: Scope, body: &mut Body<'m, 'a>) {
        let mut anchor = Body::default();
        if let Some(point) = element.child("referencePoint") {
            self.property(point, deeper(scope), &mut anchor);
        }
        body.faults.append(&mut anchor.faults);
        let Some(anchor) = anchor.points.first().copied() else {
            body.faults
                .push("an implicit geometry without a reference point".to_owned());
            return;
        };
        let matrix = element
            .child("transformationMatrix")
            .and_then(Element::words);
        let local = Local::new(matrix, anchor, self.frame.is_geographic());
        let relative = element
            .all("relativeGMLGeometry")
            .chain(element.all("relativeGeometry"));
        let mut is_here = false;
        match local {
            Ok(local) => {
                let within = Scope {
                    local: Some(&local),
                    ..deeper(scope)
                };
                for geometry in relative {
                    is_here = true;
                    self.property(geometry, within, body);
                }
            }
            Err(fault) => body.faults.push(fault),
        }
        if let Some(file) = element.child("libraryObject").and_then(Element::words) {
            body.faults
                .push(format!("its shape, which is in the file {file:?}"));
        }
        if !is_here {
            body.points.push(anchor);
        }
    }
}

fn deeper(scope: Scope) -> Scope {
    Scope {
        depth: scope.depth + 1,
        ..scope
    }
}

fn is_curved(name: &str) -> bool {
    const CURVED: [&str; 10] = [
        "Arc",
        "ArcString",
        "ArcByCenterPoint",
        "ArcByBulge",
        "Circle",
        "CircleByCenterPoint",
        "CubicSpline",
        "BSpline",
        "Bezier",
        "Clothoid",
    ];
    CURVED.contains(&name)
}

fn name_fault(element: &Element, fault: &str) -> String {
    match element.id() {
        Some(id) => format!("{}: {fault} (gml:id {id})", element.name()),
        None => format!("{}: {fault}", element.name()),
    }
}
