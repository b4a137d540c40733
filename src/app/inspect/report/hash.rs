//! The content hash of a city, reckoned on all cores: a district has two million records.

use rayon::prelude::*;

use crate::access;
use crate::model::{DigestList, EntityKind, EntityRef, Ground, entity_digest};

/// Records that are reckoned together; their digests wait for each other.
const PIECE: usize = 65_536;

/// The same as `model::content_hash`.
pub(super) fn content_hash(ground: &Ground) -> Option<String> {
    let keeping = access::for_keeping();
    let digest = |key: &EntityRef| entity_digest(ground.get(*key)?, &keeping);
    let mut keys = Vec::new();
    for kind in EntityKind::ALL {
        ground.for_each_key(*kind, |key| keys.push(key));
    }
    let mut digests = DigestList::default();
    for piece in keys.chunks(PIECE) {
        let piece: Vec<_> = piece.par_iter().map(digest).collect();
        piece.into_iter().for_each(|digest| digests.add(digest));
    }
    digests.hash()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::citygen::{self, AreaSpec};

    #[test]
    fn it_is_the_hash_of_the_model() {
        let city = citygen::generate(&AreaSpec::named("zjl").unwrap(), 1).unwrap();
        let mut ground = Ground::new(city.info);
        for entity in city.entities {
            ground.put(entity);
        }
        let one_by_one = crate::model::content_hash(&ground, &access::for_keeping());
        assert!(one_by_one.is_some());
        assert_eq!(content_hash(&ground), one_by_one);
    }
}
