//! The faces that a file gives, cleaned before anything is read off them; every model by itself.
//! Used by `build` for whatever has faces. Never drops a model: one that has nothing usable stays,
//! without faces, for its level of detail.

use crate::model::LodModel;
use crate::space::{CleanSurfaces, FaceFault, FaceRepair, clean_surfaces};

/// What was found in the models of one feature.
#[derive(Default)]
pub(super) struct FaceNotes {
    /// Repairs and remaining faults with their figures and level of detail: for the record.
    pub(super) on_record: Vec<String>,
    /// Kinds of repairs, for counting.
    pub(super) repairs: Vec<String>,
    /// Kinds of faults that were left.
    pub(super) warnings: Vec<String>,
}

/// Cleans the faces of all models in place.
pub(super) fn clean(models: &mut [LodModel]) -> FaceNotes {
    let mut notes = FaceNotes::default();
    for model in models {
        let CleanSurfaces {
            surfaces,
            repairs,
            faults,
            ..
        } = clean_surfaces(std::mem::take(&mut model.surfaces));
        model.surfaces = surfaces;
        let lod = &model.lod;
        let texts = repairs.iter().map(FaceRepair::to_string);
        let texts = texts.chain(faults.iter().map(FaceFault::to_string));
        notes
            .on_record
            .extend(texts.map(|text| format!("LoD {lod}: {text}")));
        notes
            .repairs
            .extend(repairs.iter().map(|repair| repair.kind().to_owned()));
        notes
            .warnings
            .extend(faults.iter().map(|fault| fault.kind().to_owned()));
    }
    notes
}
