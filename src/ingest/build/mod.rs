//! Entities out of raw features that are in the city's CRS already.
//! Used by `convert`. Each feature stands alone: what cannot be built gives a reason, and what
//! was mended is told.

mod building;
mod faces;
mod footprint;
mod land;
mod outline;
mod own;

use std::borrow::Cow;

use geo_types::{LineString, Polygon};

use crate::base::{
    AreaId, BuildingId, DwellingId, GroundAreaId, ObjectId, PlaceId, RoadId, Sealed, WaterId,
};
use crate::model::{
    self, AdminArea, AreaLevel, CityObject, Dwelling, Entity, GroundArea, GroundAreaKind, Place,
    PlaceKind, Road, RoadKind, Source, Water, WaterKind,
};
use crate::space::area_m2;

use super::convert::Origin;
use super::facts;
use super::mapping::Mapping;
use super::raw::{Attributes, RawFeature, RawKind, RawShape};

pub(super) use own::build;

/// What one feature became.
#[derive(Default)]
pub(super) struct Built {
    pub(super) entities: Vec<Entity>,
    /// Kinds of repairs, for counting.
    pub(super) repairs: Vec<String>,
    /// What could only be kept in part.
    pub(super) warnings: Vec<String>,
}

/// A feature on its way to entities.
struct Work<'a> {
    origin: &'a Origin,
    key: String,
    /// As the mapping shows them.
    attributes: Attributes,
    /// As the file has them, where the mapping shows them otherwise.
    own: Option<Attributes>,
    shape: RawShape,
    /// What was mended in its faces, for its record.
    face_repairs: Vec<String>,
    built: Built,
}

/// Builds the entities of one feature that somebody else wrote.
fn build_foreign(feature: RawFeature, origin: &Origin, mapping: &Mapping) -> Result<Built, String> {
    let kind = feature.kind.clone();
    let mut work = Work::new(feature, origin, mapping);
    work.clean_faces();
    entities_of(work, kind)
}

/// What a feature becomes whose faces are as they are to be kept.
fn entities_of(mut work: Work, kind: RawKind) -> Result<Built, String> {
    match kind {
        RawKind::Building => work.buildings()?,
        RawKind::Dwelling { building } => work.dwelling(&building),
        RawKind::Road { kind, width_m } => work.roads(kind, width_m)?,
        RawKind::Water { kind, width_m } => work.water(kind, width_m)?,
        RawKind::Ground(kind) => work.ground_areas(kind)?,
        RawKind::Terrain => work.terrain()?,
        RawKind::Plant => work.plants()?,
        RawKind::Place(kind) => work.places(kind)?,
        RawKind::Area(level) => work.area(level)?,
        RawKind::Object(kind) => work.object(kind),
    }
    Ok(work.built)
}

impl<'a> Work<'a> {
    fn new(feature: RawFeature, origin: &'a Origin, mapping: &Mapping) -> Self {
        let attributes = feature.attributes;
        let seen = match mapping.view(&attributes) {
            Cow::Borrowed(_) => None,
            Cow::Owned(seen) => Some(seen),
        };
        let (attributes, own) = match seen {
            Some(seen) => (seen, Some(attributes)),
            None => (attributes, None),
        };
        Self {
            origin,
            key: feature.key,
            attributes,
            own,
            shape: feature.shape,
            face_repairs: Vec::new(),
            built: Built::default(),
        }
    }
}

impl Work<'_> {
    /// What is kept of a thing: its attributes as the file has them.
    fn own_attributes(&self) -> &Attributes {
        self.own.as_ref().unwrap_or(&self.attributes)
    }

    /// The same for a record.
    fn kept_attributes(&self) -> model::Attributes {
        let own = self.own_attributes().iter();
        own.map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }

    fn clean_faces(&mut self) {
        let notes = faces::clean(&mut self.shape.models);
        self.face_repairs = notes.on_record;
        self.built.repairs.extend(notes.repairs);
        self.built.warnings.extend(notes.warnings);
    }

    /// Key of part `index` of `count`: the feature's own when there is one part.
    fn part_key(&self, index: usize, count: usize) -> String {
        if count == 1 {
            self.key.clone()
        } else {
            format!("{}/{}", self.key, index + 1)
        }
    }

    fn source(&self, key: &str) -> Source {
        Source {
            dataset: self.origin.dataset.clone(),
            key: key.to_owned(),
            import: self.origin.import,
        }
    }

    /// The areas of the shape, cleaned: polygons, or what faces cover.
    fn areas(&mut self, with_closed_lines: bool) -> Result<Vec<Polygon<f64>>, String> {
        let finest = self.shape.models.iter().max_by(|a, b| a.lod.cmp(&b.lod));
        if let Some(model) = finest {
            let parts = outline::cover(model.surfaces.iter());
            return if parts.is_empty() {
                Err("its faces cover no ground".to_owned())
            } else {
                Ok(parts)
            };
        }
        let (cleaned, faults) = outline::polygons(&self.shape, with_closed_lines);
        if cleaned.is_empty() {
            return Err(faults
                .into_iter()
                .next()
                .unwrap_or_else(|| "no area".to_owned()));
        }
        let dropped = faults
            .into_iter()
            .map(|fault| format!("a part was dropped: {fault}"));
        self.built.warnings.extend(dropped);
        let repairs = cleaned.iter().flat_map(|(_, repairs)| repairs);
        self.built
            .repairs
            .extend(repairs.map(building::repair_kind));
        Ok(cleaned.into_iter().map(|(polygon, _)| polygon).collect())
    }

    fn width_m(&self, otherwise_m: f64) -> f64 {
        facts::first_length_m(
            &self.attributes,
            &["width", "width_m", "est_width"],
            1_000.0,
        )
        .unwrap_or(otherwise_m)
    }

    fn roads(&mut self, kind: RoadKind, width_m: f64) -> Result<(), String> {
        let width_m = self.width_m(width_m);
        let lines = std::mem::take(&mut self.shape.lines);
        let has_surface = !(self.shape.polygons.is_empty() && self.shape.models.is_empty());
        let count = lines.len() + usize::from(has_surface);
        for (index, line) in lines.iter().enumerate() {
            self.road(
                kind,
                width_m,
                outline::line(line),
                Vec::new(),
                (index, count),
            );
        }
        if has_surface {
            let surfaces = self.areas(false)?;
            self.road(
                kind,
                width_m,
                LineString(Vec::new()),
                surfaces,
                (lines.len(), count),
            );
        }
        if count == 0 {
            return Err("a road without line or surface".to_owned());
        }
        Ok(())
    }

    fn road(
        &mut self,
        kind: RoadKind,
        width_m: f64,
        line: LineString<f64>,
        surfaces: Vec<Polygon<f64>>,
        (index, count): (usize, usize),
    ) {
        let key = self.part_key(index, count);
        let road = Road {
            id: RoadId::from_source(&self.origin.dataset, &key),
            source: self.source(&key),
            name: facts::name(&self.attributes),
            kind,
            line,
            width_m,
            surfaces,
        };
        self.built.entities.push(road.into());
    }

    fn water(&mut self, kind: WaterKind, width_m: f64) -> Result<(), String> {
        let level_m = mean_height_m(&self.shape);
        // A closed waterway is a ring of water; a closed shore is a pond.
        let flows = ["waterway", "kind"]
            .iter()
            .any(|key| self.attributes.contains_key(*key));
        let has_area = !(self.shape.polygons.is_empty() && self.shape.models.is_empty());
        let polygons = if has_area || !flows {
            self.areas(!flows)?
        } else {
            let width_m = self.width_m(width_m);
            let lines = self.shape.lines.iter();
            lines
                .flat_map(|line| outline::buffered(line, width_m))
                .collect()
        };
        if polygons.is_empty() {
            return Err("its line has no length".to_owned());
        }
        for (index, polygon) in polygons.iter().enumerate() {
            let key = self.part_key(index, polygons.len());
            let water = Water {
                id: WaterId::from_source(&self.origin.dataset, &key),
                source: self.source(&key),
                name: facts::name(&self.attributes),
                kind,
                polygon: polygon.clone(),
                level_m,
            };
            self.built.entities.push(water.into());
        }
        Ok(())
    }

    fn ground_areas(&mut self, kind: GroundAreaKind) -> Result<(), String> {
        let polygons = self.areas(true)?;
        for (index, polygon) in polygons.iter().enumerate() {
            let key = self.part_key(index, polygons.len());
            let area = GroundArea {
                id: GroundAreaId::from_source(&self.origin.dataset, &key),
                source: self.source(&key),
                name: facts::name(&self.attributes),
                kind,
                polygon: polygon.clone(),
            };
            self.built.entities.push(area.into());
        }
        Ok(())
    }

    fn places(&mut self, kind: PlaceKind) -> Result<(), String> {
        let name = facts::name(&self.attributes).ok_or("a place without a name")?;
        let points = std::mem::take(&mut self.shape.points);
        for (index, position) in points.iter().enumerate() {
            let key = self.part_key(index, points.len());
            let place = Place {
                id: PlaceId::from_source(&self.origin.dataset, &key),
                source: self.source(&key),
                name: name.clone(),
                name_en: facts::name_en(&self.attributes),
                kind,
                position: *position,
            };
            self.built.entities.push(place.into());
        }
        Ok(())
    }

    fn area(&mut self, level: AreaLevel) -> Result<(), String> {
        let code = ["code", "adcode", "ref:gb", "ref"].iter().find_map(|key| {
            match self.attributes.get(*key)? {
                serde_json::Value::String(code) => Some(code.clone()),
                serde_json::Value::Number(code) => Some(code.to_string()),
                _ => None,
            }
        });
        let name = facts::name(&self.attributes).or_else(|| code.clone());
        let name = name.ok_or("an area without a name")?;
        let polygon = if self.shape.is_empty() {
            None
        } else {
            self.largest_area()?
        };
        let area = AdminArea {
            id: AreaId::from_source(&self.origin.dataset, &self.key),
            source: self.source(&self.key),
            level,
            code,
            name,
            parent: None,
            polygon,
        };
        self.built.entities.push(area.into());
        Ok(())
    }

    fn largest_area(&mut self) -> Result<Option<Polygon<f64>>, String> {
        let parts = self.areas(true)?;
        if parts.len() > 1 {
            self.built
                .warnings
                .push("an area of several parts: the largest is kept".to_owned());
        }
        Ok(parts
            .into_iter()
            .max_by(|a, b| area_m2(a).total_cmp(&area_m2(b))))
    }

    fn object(&mut self, kind: String) {
        let name = facts::name(&self.attributes);
        let mut attributes = self.kept_attributes();
        // An object of points or lines has no faces: its positions are kept beside it.
        for (key, positions) in [
            ("points", vec![&self.shape.points]),
            ("lines", self.shape.lines.iter().collect()),
        ] {
            let list = positions.iter().filter(|positions| !positions.is_empty());
            let list: Vec<_> = list.map(|positions| serde_json::json!(positions)).collect();
            if !list.is_empty() {
                attributes.insert(format!("geometry:{key}"), list.into());
            }
        }
        if !self.face_repairs.is_empty() {
            let repairs = std::mem::take(&mut self.face_repairs);
            attributes.insert("geometry:repairs".to_owned(), repairs.into());
        }
        let object = CityObject {
            id: ObjectId::from_source(&self.origin.dataset, &self.key),
            source: self.source(&self.key),
            kind,
            name,
            models: std::mem::take(&mut self.shape.models),
            attributes,
        };
        self.built.entities.push(object.into());
    }

    fn dwelling(&mut self, building: &str) {
        let door = facts::first_text(
            &self.attributes,
            &["door", "doorNumber", "unit", "addr:unit", "门牌"],
        );
        let floor = ["floor", "storey", "level", "楼层"]
            .iter()
            .find_map(|key| facts::length_m(self.attributes.get(*key)?))
            .filter(|floor| floor.abs() <= 200.0);
        let area_keys = ["area_m2", "floorArea", "area"];
        let dwelling = Dwelling {
            id: DwellingId::from_source(&self.origin.dataset, &self.key),
            source: self.source(&self.key),
            building: BuildingId::from_source(&self.origin.dataset, building),
            floor: floor.map_or(1, |floor| floor.round() as i16),
            door: Sealed::new(door.unwrap_or_default()),
            usage: facts::usage(&self.attributes),
            area_m2: facts::first_length_m(&self.attributes, &area_keys, 1e6).unwrap_or(0.0),
            address: None,
        };
        self.built.entities.push(dwelling.into());
    }
}

fn mean_height_m(shape: &RawShape) -> f64 {
    let (sum, count) = shape
        .positions()
        .fold((0.0, 0.0), |(sum, count), at| (sum + at[2], count + 1.0));
    if count > 0.0 { sum / count } else { 0.0 }
}
