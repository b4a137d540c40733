//! Levels of detail: their order, and the choice of one for a picture or an export.
//! Never changes what a city file holds.

use super::{Ground, LodModel};

impl Ground {
    /// Leaves every building and object the models of this level, or those of the best level below
    /// it: what a picture of that level is drawn from.
    pub fn choose_lod(&mut self, lod: &str) {
        let buildings = self.buildings.values_mut().map(|one| &mut one.models);
        let objects = self.objects.values_mut().map(|one| &mut one.models);
        buildings
            .chain(objects)
            .for_each(|models| choose_lod(models, lod));
    }
}

/// Keeps the models of this level, or those of the best level below it.
pub fn choose_lod(models: &mut Vec<LodModel>, lod: &str) {
    let best = models
        .iter()
        .filter(|model| {
            lod_rank(&model.lod, "0") <= lod_rank(lod, "9") && !model.surfaces.is_empty()
        })
        .max_by_key(|model| lod_rank(&model.lod, "0"))
        .map(|model| model.lod.clone());
    models.retain(|model| Some(&model.lod) == best.as_ref());
}

/// A level's place in the order of detail; what is no level comes first. A model of `2` says no
/// more than 2.0, and who asks for `2` takes the whole of 2.0–2.9: hence `otherwise`.
#[must_use]
pub fn lod_rank(lod: &str, otherwise: &str) -> (u32, u32) {
    let (whole, part) = lod.split_once('.').unwrap_or((lod, otherwise));
    (whole.parse().unwrap_or(0), part.parse().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(have: &[&str], ask: &str, expected: &[&str]) {
        let face = crate::space::Surface {
            kind: Default::default(),
            rings: Vec::new(),
        };
        let model = |lod: &&str| LodModel {
            lod: (*lod).to_owned(),
            surfaces: vec![face.clone()],
            details: Vec::new(),
        };
        let mut models: Vec<LodModel> = have.iter().map(model).collect();
        choose_lod(&mut models, ask);
        let lods: Vec<&str> = models.iter().map(|model| model.lod.as_str()).collect();
        assert_eq!(lods, expected, "{have:?} {ask}");
    }

    #[test]
    fn the_level_asked_for_or_the_best_below() {
        let dutch = ["0", "1.2", "1.3", "2.2"];
        check(&dutch, "1.3", &["1.3"]);
        check(&dutch, "1", &["1.3"]);
        check(&dutch, "3", &["2.2"]);
        check(&dutch, "0", &["0"]);
        check(&["2"], "1.3", &[]);
        check(&["2"], "2.2", &["2"]);
        check(&["2"], "2", &["2"]);
        check(&["1", "10"], "10", &["10"]);
        check(&["x"], "0", &["x"]);
        check(&[], "2", &[]);
    }
}
