//! Records that this program wrote into a foreign file: their passport (`model::passport`) says
//! what they are, whose they are and what no reader could know.
//! Used by readers to sort features and by `build` to make the very record again. Never trusts a
//! passport's numbers: what no city has is refused.

use std::collections::BTreeMap;

use crate::model::passport::{Passport, Shapes};
use crate::model::{Entity, EntityKind};

use super::convert::Origin;
use super::raw::{Attributes, RawKind, RawShape};

/// What the passport among a feature's attributes says the feature is.
pub(super) fn kind(attributes: &Attributes) -> Option<RawKind> {
    let passport = Passport::among(attributes)?;
    Some(match passport.kind {
        EntityKind::Building => RawKind::Building,
        EntityKind::Road => RawKind::Road {
            kind: passport.road_kind(),
            width_m: 0.0,
        },
        EntityKind::Water => RawKind::Water {
            kind: passport.water_kind(),
            width_m: 0.0,
        },
        EntityKind::GroundArea => RawKind::Ground(passport.ground_area_kind()),
        EntityKind::Plant => RawKind::Plant,
        EntityKind::Place => RawKind::Place(passport.place_kind()),
        EntityKind::Area => RawKind::Area(passport.area_level()),
        EntityKind::Object => RawKind::Object(passport.object_kind()?.to_owned()),
        EntityKind::Terrain => RawKind::Terrain,
        _ => return None,
    })
}

/// Roads of ours whose centre line and surfaces stand in two rows, as formats without mixed shapes
/// have them: each half waits for the other.
#[derive(Default)]
pub(super) struct Halves(BTreeMap<[String; 2], (Shapes, Attributes, RawShape)>);

impl Halves {
    /// Gives back a row that is whole: most are, and the second half of a road makes it so.
    pub(super) fn join(
        &mut self,
        attributes: Attributes,
        mut shape: RawShape,
    ) -> Option<(Attributes, RawShape)> {
        let passport = Passport::among(&attributes).filter(|passport| {
            passport.kind == EntityKind::Road
                && matches!(passport.shapes, Shapes::Line | Shapes::Surfaces)
        });
        let Some(passport) = passport else {
            return Some((attributes, shape));
        };
        let key = [passport.dataset, passport.key];
        match self.0.get(&key) {
            // The same half again is another row, whatever it is.
            Some((half, ..)) if *half == passport.shapes => return Some((attributes, shape)),
            Some(_) => {}
            None => {
                self.0.insert(key, (passport.shapes, attributes, shape));
                return None;
            }
        }
        let (_, first_attributes, first) = self.0.remove(&key)?;
        shape.lines.extend(first.lines);
        shape.polygons.extend(first.polygons);
        Some((first_attributes, shape))
    }

    /// Halves that nothing came to: a part of a file may have cut them off.
    pub(super) fn rest(self) -> impl Iterator<Item = (Attributes, RawShape)> {
        let halves = self.0.into_values();
        halves.map(|(_, attributes, shape)| (attributes, shape))
    }
}

/// A record's passport on the way through `build`.
pub(super) struct Own {
    passport: Passport,
    /// The caller's origin with the record's own data set.
    pub(super) origin: Origin,
}

impl Own {
    /// Takes the passport out of a feature: what stays is as the source once said it, and the
    /// shape is sorted as the record has it.
    pub(super) fn take(
        attributes: &mut Attributes,
        shape: &mut RawShape,
        origin: &Origin,
    ) -> Option<Self> {
        // What no reader sorted by its passport is a foreign feature, whatever it says.
        kind(attributes)?;
        let passport = Passport::take(attributes)?;
        let has_models = match passport.kind {
            EntityKind::Building => passport.shapes == Shapes::Own,
            EntityKind::Object => true,
            _ => false,
        };
        if !has_models {
            let models = std::mem::take(&mut shape.models);
            let outlines = models.into_iter().filter(|model| {
                passport.kind != EntityKind::Building || model.lod.starts_with('0')
            });
            let faces = outlines.flat_map(|model| model.surfaces);
            shape.polygons.extend(faces.map(|face| face.rings));
        }
        // Areas and places need a name to be built; the fields put the true one in.
        if let (EntityKind::Area | EntityKind::Place, Some(name)) = (passport.kind, passport.name())
        {
            attributes.insert("name".to_owned(), name.into());
        }
        let origin = Origin {
            dataset: passport.dataset.clone(),
            ..origin.clone()
        };
        Some(Self { passport, origin })
    }

    /// The record's key.
    pub(super) fn key(&self) -> &str {
        &self.passport.key
    }

    /// Puts the passport's fields into what was built of the feature.
    pub(super) fn stamp(&self, entities: &mut [Entity]) -> Result<(), String> {
        entities.iter_mut().try_for_each(|entity| {
            let stamped = self.passport.stamp(entity);
            stamped.map_err(|fault| format!("its record cannot be used: {fault}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::{Value, json};

    use super::super::{read, test_frame};
    use super::{Halves, RawShape};
    use crate::space::Datum;

    fn check(passport: Value, expected: &str) {
        let square = [
            [120.6, 31.3],
            [120.601, 31.3],
            [120.601, 31.301],
            [120.6, 31.301],
            [120.6, 31.3],
        ];
        let feature = |properties: Value| {
            json!({"type": "Feature", "id": "f", "properties": properties,
                "geometry": {"type": "Polygon", "coordinates": [square]}})
        };
        let features = [feature(json!({"pingjiang": passport, "name": "x"}))];
        let text = json!({"type": "FeatureCollection", "features": features}).to_string();
        let raw = read(text.as_bytes(), Path::new("a.geojson"), None).unwrap();
        test_frame::check(&text, test_frame::import(raw, Datum::Wgs84), expected);
    }

    #[test]
    fn a_passport_decides_kind_and_key_or_costs_the_record() {
        let water = json!({"type": "water", "dataset": "d", "key": "a < b", "kind": "moat"});
        check(water, "water a < b");
        let house = |height_m: Value| json!({"type": "building", "dataset": "d", "key": "k", "height_m": height_m});
        check(house(json!(3.5)), "building k");
        check(
            house(json!(1e9)),
            "! feature 1 (id f): its record cannot be used: height_m: 1000000000 is not between",
        );
        check(
            house(json!([])),
            "! feature 1 (id f): its record cannot be used: height_m",
        );
        // Registries do not come this way, and a foreign attribute of the name is just that.
        check(
            json!({"type": "resident", "dataset": "d", "key": "k"}),
            "building f",
        );
        check(json!("an attribute"), "building f");
    }

    #[test]
    fn halves_of_a_road_become_one_and_a_half_alone_stays() {
        let row = |key: &str, half: &str| {
            let passport = json!({"type": "road", "dataset": "d", "key": key, "geometry": half});
            let attributes = json!({"pingjiang": passport.to_string()});
            let mut shape = RawShape::default();
            match half {
                "line" => shape.lines.push(vec![[0.0; 3]; 2]),
                _ => shape.polygons.push(vec![vec![[0.0; 3]; 4]]),
            }
            (attributes.as_object().unwrap().clone(), shape)
        };
        let mut halves = Halves::default();
        let mut join = |key: &str, half: &str| {
            let (attributes, shape) = row(key, half);
            halves.join(attributes, shape)
        };
        assert_eq!(join("a", "surfaces"), None);
        assert_eq!(join("b", "line"), None);
        // Neither whole rows nor the same half again wait for anything.
        assert!(join("a", "outline").is_some() && join("a", "surfaces").is_some());
        let (_, whole) = join("a", "line").unwrap();
        assert_eq!((whole.lines.len(), whole.polygons.len()), (1, 1));
        let rest: Vec<_> = halves.rest().collect();
        assert_eq!(rest, [row("b", "line")]);
    }
}
