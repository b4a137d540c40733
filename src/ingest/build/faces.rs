//! The faces that a file gives, cleaned before anything is read off them; every model by itself.
//! Used by `build` for whatever has faces. Never drops a model: one that has nothing usable stays,
//! without faces, for its level of detail.

use crate::model::{FaceDetail, LodModel};
use crate::space::{CleanSurfaces, FaceFault, FaceOrigin, FaceRepair, Surface, clean_surfaces};

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
            origins,
            repairs,
            faults,
        } = clean_surfaces(std::mem::take(&mut model.surfaces));
        let details = std::mem::take(&mut model.details);
        model.details = follow(&details, &origins, &surfaces);
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

/// What is said of each face goes where the face went. A picture that no longer has a place for
/// every corner goes, for it would lie askew. Where nothing is left of any face there are no details.
fn follow(details: &[FaceDetail], origins: &[FaceOrigin], faces: &[Surface]) -> Vec<FaceDetail> {
    if details.is_empty() {
        return Vec::new();
    }
    let followed = origins.iter().zip(faces).map(|(origin, face)| {
        let mut detail = details.get(origin.index).cloned().unwrap_or_default();
        detail.textures.retain(|_, texture| {
            if origin.reversed {
                texture.uv.iter_mut().for_each(|ring| ring.reverse());
            }
            let places = texture.uv.iter().map(Vec::len);
            places.eq(face.rings.iter().map(Vec::len))
        });
        detail
    });
    let followed: Vec<FaceDetail> = followed.collect();
    match followed.iter().all(FaceDetail::is_empty) {
        true => Vec::new(),
        false => followed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::TextureId;
    use crate::model::FaceTexture;
    use crate::space::{SurfaceKind, extrude};
    use geo_types::polygon;

    #[test]
    fn details_go_with_their_faces() {
        let plan = polygon![(x: 0., y: 0.), (x: 9., y: 0.), (x: 9., y: 4.), (x: 0., y: 4.)];
        let mut surfaces = extrude(&plan, 0.0, 3.0);
        let wall = surfaces
            .iter()
            .position(|face| face.kind == SurfaceKind::WallSurface);
        let wall = wall.unwrap();
        surfaces[wall].rings[0].reverse();
        let sliver = Surface {
            kind: SurfaceKind::WallSurface,
            rings: vec![vec![[0.0; 3], [1.0, 0.0, 0.0], [2.0, 0.0, 0.0]]],
        };
        surfaces.insert(0, sliver);
        let uv: Vec<[f64; 2]> = (0..4).map(|corner| [f64::from(corner), 0.0]).collect();
        let detail = |number: usize| {
            let texture = FaceTexture {
                texture: TextureId::from_bits(number as u64),
                uv: vec![uv.clone()],
            };
            FaceDetail {
                textures: [(String::new(), texture)].into(),
                ..FaceDetail::default()
            }
        };
        let mut models = [LodModel {
            lod: "2".into(),
            details: (0..surfaces.len()).map(detail).collect(),
            surfaces: surfaces.clone(),
        }];
        let notes = clean(&mut models);
        assert_eq!(notes.on_record.len(), 2, "{:?}", notes.on_record);
        let [model] = &models;
        assert_eq!(model.surfaces.len(), surfaces.len() - 1);
        for (number, detail) in model.details.iter().enumerate() {
            let texture = &detail.textures[""];
            assert_eq!(texture.texture.bits(), number as u64 + 1);
            let mut expected = uv.clone();
            if number == wall {
                expected.reverse();
            }
            assert_eq!(texture.uv, [expected], "face {number}");
        }
    }
    /// A list of empty details would not come back from a city file, and every import of the same
    /// file would be a change.
    #[test]
    fn details_that_say_nothing_any_more_are_none() {
        let corner = |x: f64, y: f64| [x, y, 0.0];
        let square = vec![
            corner(0., 0.),
            corner(9., 0.),
            corner(9., 9.),
            corner(0., 9.),
        ];
        let flat_hole = vec![corner(1., 1.), corner(2., 1.), corner(3., 1.)];
        let face = Surface {
            kind: SurfaceKind::RoofSurface,
            rings: vec![square, flat_hole],
        };
        let texture = FaceTexture {
            texture: TextureId::from_bits(1),
            uv: vec![vec![[0.0; 2]; 4], vec![[0.0; 2]; 3]],
        };
        let detail = FaceDetail {
            textures: [(String::new(), texture)].into(),
            ..FaceDetail::default()
        };
        let mut models = [LodModel {
            lod: "2".into(),
            details: vec![detail],
            surfaces: vec![face],
        }];
        clean(&mut models);
        assert_eq!(models[0].surfaces[0].rings.len(), 1, "the hole is gone");
        assert_eq!(models[0].details, []);
    }
}
