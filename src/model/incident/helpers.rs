//! Who can come and what is at hand: by the way there, sort by sort.

use std::collections::BTreeMap;

use crate::base::{FacilityId, PersonalField, ResponderId, Rights, Subject};
use crate::model::network::{Network, Ranked, Spot, Traveller};
use crate::model::query::CityIndex;
use crate::model::{EntityKind, EntityRef, ResponderKind};

use super::facts::HelperFacts;
use super::{HELP_M, HELPERS_MAX, HYDRANTS_MAX, Post, Preparation, is_hydrant};

fn flat(at: [f64; 3]) -> [f64; 2] {
    [at[0], at[1]]
}

/// Responders and facilities, and apart from them hydrants, each on the network.
pub(super) fn posts(
    city: &CityIndex,
    network: &Network,
    foot: &Traveller,
) -> (Vec<Post>, Vec<Post>) {
    let ground = city.ground();
    let (mut helpers, mut hydrants) = (Vec::new(), Vec::new());
    let take = |list: &mut Vec<Post>, kind, bits, at: [f64; 3]| {
        if let Some(spot) = network.attach(flat(at), foot) {
            let key = EntityRef { kind, bits };
            list.push(Post { key, spot });
        }
    };
    for (id, one) in &ground.responders {
        take(&mut helpers, EntityKind::Responder, id.bits(), one.position);
    }
    for (id, one) in &ground.facilities {
        let list = match is_hydrant(one.kind) {
            true => &mut hydrants,
            false => &mut helpers,
        };
        take(list, EntityKind::Facility, id.bits(), one.position);
    }
    (helpers, hydrants)
}

/// Where fire engines come from.
pub(super) fn fire_posts(city: &CityIndex, network: &Network, engine: &Traveller) -> Vec<Spot> {
    let responders = city.ground().responders.values();
    let posts = responders.filter(|one| one.kind == ResponderKind::FirePost);
    let spots = posts.filter_map(|one| network.attach(flat(one.position), engine));
    spots.collect()
}

impl Preparation<'_> {
    /// The nearest of each sort, sorts in the order of the nearest.
    pub(super) fn helpers_near(&self, from: &Spot, rights: &dyn Rights) -> Vec<HelperFacts> {
        let mut by_sort = BTreeMap::<String, usize>::new();
        let mut told = Vec::new();
        for (post, ranked) in self.ranked(from, &self.helpers) {
            let Some(facts) = self.helper(post.key, &ranked, rights) else {
                continue;
            };
            let count = by_sort.entry(facts.sort.clone()).or_default();
            *count += 1;
            if *count <= HELPERS_MAX {
                told.push(facts);
            }
        }
        told
    }

    /// The nearest hydrants.
    pub(super) fn hydrants_near(&self, from: &Spot) -> Vec<HelperFacts> {
        let ranked = self.ranked(from, &self.hydrants).into_iter();
        let told = ranked
            .take(HYDRANTS_MAX)
            .filter_map(|(post, ranked)| self.helper(post.key, &ranked, &crate::base::Nobody));
        told.collect()
    }

    /// Posts by the time to walk there. Looked for nearby first: in a large city that saves
    /// walking all of it.
    fn ranked(&self, from: &Spot, posts: &[Post]) -> Vec<(Post, Ranked)> {
        let spots: Vec<Spot> = posts.iter().map(|post| post.spot).collect();
        let mut ranked = Vec::new();
        for most_m in [HELP_M, f64::INFINITY] {
            let field = self.network.distances(from, &self.foot, most_m);
            ranked = field.nearest(&spots, spots.len());
            let sorts = |posts: &mut dyn Iterator<Item = &Post>| {
                let mut sorts: Vec<_> = posts.filter_map(|post| self.sort_of(post.key)).collect();
                sorts.sort_unstable();
                sorts.dedup();
                sorts.len()
            };
            let found = sorts(&mut ranked.iter().map(|one| &posts[one.index]));
            if found == sorts(&mut posts.iter()) {
                break;
            }
        }
        ranked
            .into_iter()
            .map(|one| (posts[one.index], one))
            .collect()
    }

    fn sort_of(&self, key: EntityRef) -> Option<&'static str> {
        let ground = self.city.ground();
        match key.kind {
            EntityKind::Responder => {
                let one = ground.responders.get(&ResponderId::from_bits(key.bits))?;
                Some(one.kind.as_str())
            }
            _ => {
                let one = ground.facilities.get(&FacilityId::from_bits(key.bits))?;
                Some(one.kind.as_str())
            }
        }
    }

    fn helper(&self, key: EntityRef, way: &Ranked, rights: &dyn Rights) -> Option<HelperFacts> {
        let ground = self.city.ground();
        let (id, sort) = (key.id_text(), self.sort_of(key)?.to_owned());
        let (walk_m, walk_s) = (way.length_m + way.off_m, way.seconds);
        if key.kind == EntityKind::Facility {
            let one = ground.facilities.get(&FacilityId::from_bits(key.bits))?;
            let phone = one.phone.clone().map(|text| crate::base::Shown {
                text,
                is_masked: false,
            });
            return Some(HelperFacts {
                id,
                sort,
                title: one.name.clone(),
                name: None,
                phone,
                duty: None,
                walk_m,
                walk_s,
            });
        }
        let one = ground.responders.get(&ResponderId::from_bits(key.bits))?;
        let area = one.area.map(|area| area.bits());
        let of = Subject { id: &id, area };
        let name = one.name.as_ref();
        let phone = one.phone.as_ref();
        Some(HelperFacts {
            sort,
            title: one.title.clone(),
            name: name.map(|name| rights.show(PersonalField::Name, name, &of)),
            phone: phone.map(|phone| rights.show(PersonalField::Phone, phone, &of)),
            duty: one.duty.clone(),
            walk_m,
            walk_s,
            id: id.clone(),
        })
    }
}
