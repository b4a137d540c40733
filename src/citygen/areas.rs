//! District, streets, communities and their grids.
//! Used by `generate`. The grids follow streets, canals and lanes where these lie right; the
//! outline of a community is a rectangle of the plan, as the true one is not published.

use crate::base::AreaId;
use crate::model::{AdminArea, AreaLevel, Entity};

use super::maker::{Areas, CommunityArea, Grid, Maker};
use super::partition::{self, Manner, Split};
use super::plan::Plan;
use super::rect::Rect;

/// Grids follow ways and water that lie right, however short.
const GRIDS: Manner = Manner {
    near: 0.1,
    follows: 0.0,
};

/// Makes the areas and their records.
pub(super) fn areas(maker: &Maker, plan: &Plan, out: &mut Vec<Entity>) -> Areas {
    let district = &maker.spec.district;
    let district = AdminArea {
        code: Some(district.code.clone()),
        ..area(maker, "district", AreaLevel::District, &district.name, None)
    };
    let mut streets = Vec::with_capacity(plan.streets.len());
    for (at, unit) in plan.streets.iter().enumerate() {
        let key = numbered("street", at, plan.streets.len());
        let street = AdminArea {
            code: Some(unit.code.clone()),
            ..area(
                maker,
                &key,
                AreaLevel::Street,
                &unit.name,
                Some(district.id),
            )
        };
        streets.push(street.id);
        out.push(Entity::from(street));
    }
    out.push(Entity::from(district));
    let mut communities = Vec::with_capacity(plan.communities.len());
    for (at, community) in plan.communities.iter().enumerate() {
        let key = numbered("community", at, plan.communities.len());
        let parent = Some(streets[community.street]);
        let record = AdminArea {
            code: community.code.clone(),
            polygon: Some(maker.frame.bent(&community.rect)),
            ..area(maker, &key, AreaLevel::Community, &community.name, parent)
        };
        let prefix = match plan.communities.len() {
            1 => String::new(),
            _ => format!("{key}/"),
        };
        communities.push(CommunityArea {
            id: record.id,
            rect: community.rect,
            grids: grids(maker, plan, at, &prefix, record.id, out),
        });
        out.push(Entity::from(record));
    }
    Areas {
        streets,
        communities,
    }
}

/// A key of one of many; the plain word of the only one.
fn numbered(what: &str, at: usize, count: usize) -> String {
    match count {
        1 => what.to_owned(),
        _ => format!("{what}-{:03}", at + 1),
    }
}

fn area(
    maker: &Maker,
    key: &str,
    level: AreaLevel,
    name: &str,
    parent: Option<AreaId>,
) -> AdminArea {
    AdminArea {
        id: AreaId::from_source(&maker.dataset, key),
        source: maker.source(key),
        level,
        code: None,
        name: name.to_owned(),
        parent,
        polygon: None,
    }
}

/// Makes the grids of one community.
fn grids(
    maker: &Maker,
    plan: &Plan,
    community: usize,
    prefix: &str,
    parent: AreaId,
    out: &mut Vec<Entity>,
) -> Vec<Grid> {
    let community = &plan.communities[community];
    let meets = |rect: &Rect| rect.overlaps(&community.rect);
    let ways = plan.corridors.iter().filter(|way| meets(&way.rect));
    let water = plan.reaches.iter().filter(|reach| meets(&reach.rect));
    let lines = partition::lines(ways, water);
    let mut rects = Split::of(&lines, community.rect, community.grids, GRIDS).parts;
    // From the north-west, as one reads a map.
    rects.sort_by_key(|rect| (-(rect.v0 + rect.v1) / 800, rect.u0));
    let grid = |(index, rect): (usize, Rect)| {
        let key = format!("{prefix}grid-{:02}", index + 1);
        let name = format!("第{}网格", numeral(index + 1));
        let record = AdminArea {
            polygon: Some(maker.frame.bent(&rect)),
            ..area(maker, &key, AreaLevel::Grid, &name, Some(parent))
        };
        let id = record.id;
        out.push(Entity::from(record));
        Grid { rect, id, name }
    };
    rects.into_iter().enumerate().map(grid).collect()
}

/// A Chinese numeral from 1 to 99.
pub(super) fn numeral(number: usize) -> String {
    let digit = |at: usize| "零一二三四五六七八九".chars().nth(at % 10).unwrap_or('零');
    match (number / 10, number % 10) {
        (0, ones) => digit(ones).to_string(),
        (tens, ones) => {
            let mut text = String::new();
            if tens > 1 {
                text.push(digit(tens));
            }
            text.push('十');
            if ones > 0 {
                text.push(digit(ones));
            }
            text
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals() {
        let read: Vec<_> = [1, 10, 11, 20, 35].map(numeral).to_vec();
        assert_eq!(read.join(" "), "一 十 十一 二十 三十五");
    }
}
