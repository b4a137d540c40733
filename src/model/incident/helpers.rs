//! Who can come and what is at hand: by the way there, sort by sort.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{FacilityId, Nobody, PersonalField, ResponderId, Rights, Subject};
use crate::model::network::{DistanceField, Network, Ranked, Spot, Traveller};
use crate::model::query::CityIndex;
use crate::model::{EntityKind, EntityRef, ResponderKind};
use crate::space;

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
    let take = |list: &mut Vec<Post>, kind, bits, at: [f64; 3], sort| {
        if let Some(spot) = network.attach(flat(at), foot) {
            let key = EntityRef { kind, bits };
            list.push(Post { key, spot, sort });
        }
    };
    for (id, one) in &ground.responders {
        let (kind, sort) = (EntityKind::Responder, one.kind.as_str());
        take(&mut helpers, kind, id.bits(), one.position, sort);
    }
    for (id, one) in &ground.facilities {
        let list = match is_hydrant(one.kind) {
            true => &mut hydrants,
            false => &mut helpers,
        };
        let (kind, sort) = (EntityKind::Facility, one.kind.as_str());
        take(list, kind, id.bits(), one.position, sort);
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

/// A place, and how far it is from there to what lies nearby.
pub(super) struct Near<'a> {
    from: Spot,
    field: DistanceField<'a>,
}

/// The posts that are reached within a distance.
fn reached(
    field: &DistanceField<'_>,
    from: &Spot,
    posts: &[Post],
    most_m: f64,
) -> Vec<(Post, Ranked)> {
    // No way is shorter than the straight line.
    let in_reach = |post: &&Post| space::distance(post.spot.at, from.at) <= most_m;
    let posts: Vec<Post> = posts.iter().filter(in_reach).copied().collect();
    let spots: Vec<Spot> = posts.iter().map(|post| post.spot).collect();
    let ranked = field.nearest(&spots, spots.len()).into_iter();
    ranked.map(|one| (posts[one.index], one)).collect()
}

/// Sorts of which no post was reached.
fn missing_sorts(posts: &[Post], ranked: &[(Post, Ranked)]) -> BTreeSet<&'static str> {
    let there: BTreeSet<_> = ranked.iter().map(|(post, _)| post.sort).collect();
    let all = posts.iter().map(|post| post.sort);
    all.filter(|sort| !there.contains(sort)).collect()
}

impl Preparation<'_> {
    /// The nearest of each sort, sorts in the order of the nearest. Nobody's name is opened who is
    /// not told.
    pub(super) fn helpers_near(&self, near: &Near<'_>, rights: &dyn Rights) -> Vec<HelperFacts> {
        let mut by_sort = BTreeMap::<&str, usize>::new();
        let mut told = Vec::new();
        for (post, ranked) in self.ranked(near, &self.helpers) {
            let count = by_sort.entry(post.sort).or_default();
            *count += 1;
            if *count <= HELPERS_MAX {
                told.extend(self.helper(post.key, post.sort, &ranked, rights));
            }
        }
        told
    }

    /// The nearest hydrants.
    pub(super) fn hydrants_near(&self, near: &Near<'_>) -> Vec<HelperFacts> {
        let ranked = self.ranked(near, &self.hydrants).into_iter();
        let told = ranked
            .take(HYDRANTS_MAX)
            .filter_map(|(post, way)| self.helper(post.key, post.sort, &way, &Nobody));
        told.collect()
    }

    /// The surroundings in which help is looked for.
    pub(super) fn near(&self, from: Spot) -> Near<'_> {
        let field = self.network.distances(&from, &self.foot, HELP_M);
        Near { from, field }
    }

    /// Posts by the time to walk there. Looked for nearby first, and only sorts of which there is
    /// none nearby further and further away: walking all of a large city takes long.
    fn ranked(&self, near: &Near<'_>, posts: &[Post]) -> Vec<(Post, Ranked)> {
        let mut ranked = reached(&near.field, &near.from, posts, HELP_M);
        let mut missing = missing_sorts(posts, &ranked);
        for most_m in [2.0 * HELP_M, 4.0 * HELP_M, f64::INFINITY] {
            if missing.is_empty() {
                break;
            }
            let left = posts.iter().filter(|post| missing.contains(post.sort));
            let left: Vec<Post> = left.copied().collect();
            let field = self.network.distances(&near.from, &self.foot, most_m);
            ranked.extend(reached(&field, &near.from, &left, most_m));
            missing = missing_sorts(&left, &ranked);
        }
        ranked.sort_by(|(a, by_a), (b, by_b)| {
            let by_time = by_a.seconds.total_cmp(&by_b.seconds);
            by_time.then(a.key.cmp(&b.key))
        });
        ranked
    }

    fn helper(
        &self,
        key: EntityRef,
        sort: &str,
        way: &Ranked,
        rights: &dyn Rights,
    ) -> Option<HelperFacts> {
        let ground = self.city.ground();
        let (id, sort) = (key.id_text(), sort.to_owned());
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
