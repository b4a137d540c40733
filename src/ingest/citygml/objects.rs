//! City objects as raw features: parts, installations and rooms join their building, units become
//! dwellings, as `cityjson` has them. Used by the reader for each member. Never keeps a member
//! longer than it takes to read it.

use crate::space::SurfaceKind;

use super::super::cityjson;
use super::super::raw::{Attributes, RawCity, RawFeature, RawKind, RawShape, Spot, place_of};
use super::appearance::Appearance;
use super::faces::{self, Group, Said};
use super::frame::Frame;
use super::geometry::{Body, Reader};
use super::links::{Index, Links};
use super::xml::{Element, Space};
use super::{attributes, relief};

/// Objects in objects.
const DEPTH_MAX: usize = 40;

/// What is needed to read any member.
pub(super) struct Session {
    pub(super) frame: Frame,
    pub(super) appearance: Appearance,
    /// Corners that references may still unfold to.
    pub(super) budget: usize,
    /// Groups of objects, which are not kept.
    pub(super) groups: usize,
    /// Lines where something meets the ground, and edges of buildings: not kept.
    pub(super) curves: usize,
}

/// A feature on its way to the raw city.
pub(super) struct Member<'m, 'a> {
    pub(super) root: &'m Element<'a>,
    pub(super) key: String,
    pub(super) spot: Spot,
}

/// One object with all that belongs to it.
struct Family<'m, 'a, 's> {
    reader: Reader<'m, 'a, 's>,
    place: String,
    is_building: bool,
    shape: RawShape,
    parts: usize,
    units: Vec<&'m Element<'a>>,
    curves: usize,
    faults: Vec<(String, String)>,
}

/// A property with geometry, and whose it is.
struct Item<'m, 'a> {
    lod: &'m str,
    property: &'m Element<'a>,
    kind: SurfaceKind,
    surface: Option<&'m Element<'a>>,
}

/// Reads a member into the raw city.
pub(super) fn read(member: Member, elsewhere: &Index, session: &mut Session, city: &mut RawCity) {
    let Member { root, key, spot } = member;
    let place = place_of(spot, &key);
    let kind = match kind_of(root) {
        Ok(Some(kind)) => kind,
        Ok(None) => {
            session.groups += 1;
            return;
        }
        Err(fault) => {
            city.skip(spot, &key, &fault);
            return;
        }
    };
    let own = session.appearance.add(root);
    session.appearance.publish(city);
    let (links, again) = Links::of(root, elsewhere);
    for id in again {
        let place = format!("{place}, gml:id {id}");
        city.warnings
            .note(place, "its id is used twice: references go to the first");
    }
    let mut family = Family {
        reader: Reader {
            links: &links,
            frame: &mut session.frame,
            appearance: &session.appearance,
            budget: &mut session.budget,
            ids: Vec::new(),
        },
        place,
        is_building: kind == RawKind::Building,
        shape: RawShape::default(),
        parts: 0,
        units: Vec::new(),
        curves: 0,
        faults: Vec::new(),
    };
    if kind == RawKind::Terrain {
        let (tins, faults) = relief::tins(root, &mut family.reader);
        family.shape.tins = tins;
        family.faults = faults;
    } else {
        family.object(root, 0);
    }
    let features = family.finish(kind, key, spot, root, city);
    session.curves += features.1;
    city.features.extend(features.0);
    session.appearance.forget(own);
}

impl<'m, 'a> Family<'m, 'a, '_> {
    /// Takes an object's geometry, then the objects in it.
    fn object(&mut self, object: &'m Element<'a>, depth: usize) {
        let mut items = Vec::new();
        let mut within = Vec::new();
        self.gather(
            object,
            SurfaceKind::Unknown,
            None,
            depth,
            &mut items,
            &mut within,
        );
        let mut groups = Vec::with_capacity(items.len());
        for item in items {
            let surface = item.surface.or(Some(object)).and_then(Element::id);
            self.reader.ids = surface.into_iter().collect();
            let Body {
                faces,
                lines,
                points,
                faults,
            } = self.reader.read(item.property);
            self.reader.ids.clear();
            self.note(item.property.name(), faults);
            self.shape.lines.extend(lines);
            self.shape.points.extend(points);
            groups.push(Group {
                lod: item.lod,
                kind: item.kind,
                surface: item.surface.map(said),
                faces,
            });
        }
        faces::add(groups, &mut self.shape.models);
        for one in within {
            let is_unit = one.name() == "BuildingUnit" && self.is_building;
            if is_unit {
                self.units.push(one);
            } else if depth < DEPTH_MAX {
                self.parts += usize::from(one.name().ends_with("Part"));
                self.object(one, depth + 1);
            } else {
                self.note(
                    one.name(),
                    vec!["objects too deep in each other".to_owned()],
                );
            }
        }
    }

    /// Geometry properties of an object and of its surfaces, and the objects in it.
    fn gather(
        &mut self,
        element: &'m Element<'a>,
        kind: SurfaceKind,
        surface: Option<&'m Element<'a>>,
        depth: usize,
        items: &mut Vec<Item<'m, 'a>>,
        within: &mut Vec<&'m Element<'a>>,
    ) {
        for property in &element.children {
            if let Some(lod) = lod_of(property) {
                let name = property.name();
                let is_edge = name.contains("TerrainIntersection")
                    || (self.is_building && name.contains("Curve"));
                if is_edge {
                    self.curves += 1;
                    continue;
                }
                let kind = match name {
                    "lod0FootPrint" => SurfaceKind::GroundSurface,
                    _ => kind,
                };
                items.push(Item {
                    lod,
                    property,
                    kind,
                    surface,
                });
                continue;
            }
            if !holds_objects(property) {
                continue;
            }
            for child in &property.children {
                match surface_kind(child.name()) {
                    Some(kind) if depth < DEPTH_MAX => {
                        self.gather(child, kind, Some(child), depth + 1, items, within);
                    }
                    _ if child.space != Space::Gml => within.push(child),
                    _ => {}
                }
            }
        }
    }

    fn note(&mut self, what: &str, faults: Vec<String>) {
        let place = format!("{}, {what}", self.place);
        let faults = faults.into_iter().map(|fault| (place.clone(), fault));
        self.faults.extend(faults);
    }

    /// The features, and how many lines were not kept.
    fn finish(
        mut self,
        kind: RawKind,
        key: String,
        spot: Spot,
        root: &Element,
        city: &mut RawCity,
    ) -> (Vec<RawFeature>, usize) {
        for (place, fault) in self.faults {
            city.warnings.note(place, format!("{fault}: left out"));
        }
        if self.shape.is_empty() {
            city.skip(spot, &key, "no usable geometry");
            return (Vec::new(), self.curves);
        }
        faces::finish(&mut self.shape.models);
        let mut attributes = attributes_of(root);
        if self.parts > 0 {
            attributes.insert("parts".to_owned(), self.parts.into());
        }
        let mut features = vec![RawFeature {
            key: key.clone(),
            spot,
            kind,
            attributes,
            shape: self.shape,
        }];
        let units = self
            .units
            .iter()
            .enumerate()
            .map(|(place, unit)| RawFeature {
                key: unit
                    .id()
                    .map_or_else(|| format!("{key}/unit/{}", place + 1), str::to_owned),
                spot,
                kind: RawKind::Dwelling {
                    building: key.clone(),
                },
                attributes: attributes_of(unit),
                shape: RawShape::default(),
            });
        features.extend(units);
        (features, self.curves)
    }
}

/// What a feature says of itself: the standard's attributes first, then generic ones.
fn attributes_of(feature: &Element) -> Attributes {
    let is_generic = |property: &&Element| {
        property.space == Space::Generics || property.name() == "genericAttribute"
    };
    let mut attributes = Attributes::new();
    let properties = feature.children.iter();
    let (generic, own): (Vec<_>, Vec<_>) = properties.partition(|property| is_generic(property));
    for property in own.into_iter().chain(generic) {
        if lod_of(property).is_none() {
            attributes::take(property, &mut attributes);
        }
    }
    attributes
}

/// What a boundary surface says of itself, with its id. An id alone is not kept: with a map for
/// each face it would weigh more than all the corners.
fn said(surface: &Element) -> Said {
    let mut said: Said = attributes_of(surface).into_iter().collect();
    if let Some(id) = surface.id().filter(|_| !said.is_empty()) {
        said.insert("id".to_owned(), id.into());
    }
    said
}

/// The level of detail of a property that holds geometry: `2` of `lod2Solid`.
fn lod_of<'s>(property: &Element<'s>) -> Option<&'s str> {
    if !matches!(property.space, Space::City | Space::Generics) {
        return None;
    }
    let rest = property.name().strip_prefix("lod")?;
    rest.get(..1)
        .filter(|lod| lod.starts_with(|c: char| c.is_ascii_digit()))
}

fn holds_objects(property: &Element) -> bool {
    let is_none = matches!(
        property.name(),
        "address"
            | "externalReference"
            | "genericAttribute"
            | "generalizesTo"
            | "relatedTo"
            | "appearance"
            | "appearanceMember"
            | "groupMember"
    );
    !is_none
        && !matches!(
            property.space,
            Space::Gml | Space::Appearance | Space::Address
        )
}

/// The meaning of a surface, by the words of all versions.
fn surface_kind(name: &str) -> Option<SurfaceKind> {
    match name {
        "WindowSurface" => Some(SurfaceKind::Window),
        "DoorSurface" => Some(SurfaceKind::Door),
        "Marking" => Some(SurfaceKind::TransportationMarking),
        "Hole" | "HoleSurface" => Some(SurfaceKind::TransportationHole),
        "GenericThematicSurface" => Some(SurfaceKind::Unknown),
        _ => Some(SurfaceKind::from_cityjson(name)).filter(|kind| *kind != SurfaceKind::Unknown),
    }
}

/// What a feature is in the city; `None` of a group.
fn kind_of(feature: &Element) -> Result<Option<RawKind>, String> {
    let word = match feature.name() {
        "CityObjectGroup" => return Ok(None),
        "ReliefFeature" | "TINRelief" | "MassPointRelief" | "BreaklineRelief" | "RasterRelief" => {
            return Ok(Some(RawKind::Terrain));
        }
        "TransportationComplex" | "Track" => "Road",
        "GenericOccupiedSpace" | "GenericUnoccupiedSpace" | "GenericLogicalSpace" => {
            "GenericCityObject"
        }
        other => other,
    };
    if feature.space == Space::Other {
        return Ok(Some(RawKind::Object(format!("+{word}"))));
    }
    match cityjson::kind_of(word) {
        Ok(kind) => Ok(Some(kind)),
        Err(_) => Err(format!("{word:?} is no object of a city that is read")),
    }
}
