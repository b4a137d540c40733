//! A placed model that the city has already: its data set and its key are the same, so it is
//! renewed and moves. That is told, for a person may have wanted a second one.

use crate::base::ImportId;
use crate::model::{Entity, Ground, LodModel};
use crate::space::Bounds2;

/// Less is no other place; metres.
const SAME_PLACE_M: f64 = 0.01;

/// What to tell of each model of this run that stood elsewhere.
pub(super) fn notes(import: ImportId, entities: &[Entity], ground: &Ground) -> Vec<String> {
    let own = entities.iter();
    let own = own.filter(|entity| entity.source().import == import);
    let moved = own.filter_map(|entity| {
        let from = middle(&ground.get(entity.key())?)?;
        let to = middle(entity)?;
        let is_same = (to[0] - from[0]).hypot(to[1] - from[1]) < SAME_PLACE_M;
        (!is_same).then(|| {
            format!(
                "the model moved from {} to {} (the middle of it, east and north); to have it \
                 twice, name another data set with --source",
                place(from),
                place(to)
            )
        })
    });
    moved.collect()
}

fn place([east, north]: [f64; 2]) -> String {
    format!("{east:.2},{north:.2}")
}

/// The middle of what a model covers.
fn middle(entity: &Entity) -> Option<[f64; 2]> {
    let models: &[LodModel] = match entity {
        Entity::Building(building) => &building.models,
        Entity::Object(object) => &object.models,
        _ => return None,
    };
    let faces = models.iter().flat_map(|model| &model.surfaces);
    let corners = faces.flat_map(|face| face.rings.iter().flatten());
    let bounds = Bounds2::from_points(corners.map(|at| [at[0], at[1]]));
    (!bounds.is_empty()).then(|| bounds.center())
}
