//! Buildings: one for every outline of a feature, or one for all the faces of an object.

use geo_types::Polygon;

use crate::base::BuildingId;
use crate::model::{Building, LodModel};
use crate::space::Repair;

use super::super::facts;
use super::{Work, footprint, outline};

/// What is known of a building before its attributes are read.
struct Body {
    key: String,
    footprint: Polygon<f64>,
    ground_m: f64,
    rise_m: Option<f64>,
    repairs: Vec<String>,
}

/// The kind of a repair, without its figures: for counting.
pub(super) fn repair_kind(repair: &Repair) -> String {
    let kind = match repair {
        Repair::RepeatedCorners { .. } => "repeated corners removed",
        Repair::Spikes { .. } => "spikes removed",
        Repair::Reversed => "ring direction reversed",
        Repair::Uncrossed { .. } => "self-crossing outline resolved",
        Repair::HolesDropped { .. } => "holes dropped",
        Repair::HolesCut => "crossing holes cut out",
    };
    kind.to_owned()
}

/// The highest point of faces; `None` of no faces.
fn top_m(models: &[LodModel]) -> Option<f64> {
    let faces = models.iter().flat_map(|model| &model.surfaces);
    let corners = faces.flat_map(|face| face.rings.iter().flatten());
    corners.map(|at| at[2]).reduce(f64::max)
}

impl Work<'_> {
    pub(super) fn buildings(&mut self) -> Result<(), String> {
        if self.shape.models.is_empty() || !self.shape.polygons.is_empty() {
            return self.buildings_of_outlines();
        }
        let body = footprint::body(&self.shape.models)?;
        let mut repairs: Vec<String> = body.repairs.iter().map(|&text| text.to_owned()).collect();
        self.built.repairs.extend(repairs.iter().cloned());
        repairs.append(&mut self.face_repairs);
        let models = std::mem::take(&mut self.shape.models);
        let mut building = self.building(Body {
            key: self.key.clone(),
            footprint: body.footprint,
            ground_m: body.ground_m,
            rise_m: body.rise_m,
            repairs,
        });
        building.models = models;
        self.built.entities.push(building.into());
        Ok(())
    }

    fn buildings_of_outlines(&mut self) -> Result<(), String> {
        let (outlines, faults) = outline::polygons(&self.shape, true);
        if outlines.is_empty() {
            let fault = faults.into_iter().next();
            return Err(fault.unwrap_or_else(|| "a building without an outline".to_owned()));
        }
        let dropped = faults
            .into_iter()
            .map(|fault| format!("a part was dropped: {fault}"));
        self.built.warnings.extend(dropped);
        let heights = self
            .shape
            .polygons
            .iter()
            .flatten()
            .flatten()
            .map(|at| at[2]);
        let ground_m = heights.reduce(f64::min).unwrap_or(0.0);
        let mut models = std::mem::take(&mut self.shape.models);
        let rise_m = top_m(&models).map(|top_m| top_m - ground_m);
        let count = outlines.len();
        for (index, (footprint, repairs)) in outlines.into_iter().enumerate() {
            // Ring directions differ by convention and are no fault of the source.
            let faults = repairs.iter().filter(|repair| **repair != Repair::Reversed);
            self.built.repairs.extend(faults.clone().map(repair_kind));
            let repairs = faults.map(Repair::to_string).collect();
            let key = self.part_key(index, count);
            let mut building = self.building(Body {
                key,
                footprint,
                ground_m,
                rise_m,
                repairs,
            });
            // Faces that come beside several outlines belong to all of them; the first has them.
            building.models = std::mem::take(&mut models);
            self.built.entities.push(building.into());
        }
        Ok(())
    }

    fn building(&self, body: Body) -> Building {
        let attributes = &self.attributes;
        let (height_m, height_origin, storeys) = facts::height(attributes, body.rise_m);
        Building {
            id: BuildingId::from_source(&self.origin.dataset, &body.key),
            source: self.source(&body.key),
            name: facts::name(attributes),
            address: facts::address(attributes),
            footprint: body.footprint,
            ground_m: body.ground_m,
            height_m,
            height_origin,
            storeys,
            structure: facts::structure(attributes),
            year: facts::year(attributes),
            usage: facts::usage(attributes),
            protection: facts::protection(attributes),
            roof: facts::roof(attributes),
            party_walls: Vec::new(),
            area: None,
            models: Vec::new(),
            repairs: body.repairs,
            attributes: self.kept_attributes(),
        }
    }
}
