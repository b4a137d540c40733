//! District, street, community and its grids.
//! Used by `generate`. The grids follow streets, canals and lanes where these lie right; the
//! outline of the community is the plan's rectangle, as the true one is not published.

use crate::base::AreaId;
use crate::model::{AdminArea, AreaLevel, Entity};

use super::maker::{Areas, Grid, Maker};
use super::plan::Plan;
use super::rect::{Dm, Rect};
use super::spec::Runs;

/// Makes the areas and their records.
pub(super) fn areas(maker: &Maker, plan: &Plan, out: &mut Vec<Entity>) -> Areas {
    let spec = maker.spec;
    let mut rects = Vec::new();
    partition(plan, plan.core, spec.community.grids, &mut rects);
    // From the north-west, as one reads a map.
    rects.sort_by_key(|rect| (-(rect.v0 + rect.v1) / 800, rect.u0));
    let id = |key: &str| AreaId::from_source(&maker.dataset, key);
    let area = |key: &str, level, name: &str, parent| AdminArea {
        id: id(key),
        source: maker.source(key),
        level,
        code: None,
        name: name.to_owned(),
        parent,
        polygon: None,
    };
    let district = AdminArea {
        code: Some(spec.district.code.clone()),
        ..area("district", AreaLevel::District, &spec.district.name, None)
    };
    let street = AdminArea {
        code: Some(spec.street.code.clone()),
        ..area(
            "street",
            AreaLevel::Street,
            &spec.street.name,
            Some(district.id),
        )
    };
    let community = AdminArea {
        polygon: Some(maker.frame.bent(&plan.core)),
        ..area(
            "community",
            AreaLevel::Community,
            &spec.community.name,
            Some(street.id),
        )
    };
    let mut areas = Areas {
        street: street.id,
        community: community.id,
        grids: Vec::new(),
    };
    out.extend([district, street, community].map(Entity::from));
    for (index, rect) in rects.into_iter().enumerate() {
        let key = format!("grid-{:02}", index + 1);
        let name = format!("第{}网格", numeral(index + 1));
        out.push(Entity::from(AdminArea {
            polygon: Some(maker.frame.bent(&rect)),
            ..area(&key, AreaLevel::Grid, &name, Some(areas.community))
        }));
        areas.grids.push(Grid {
            rect,
            id: id(&key),
            name,
        });
    }
    areas
}

/// Splits a rectangle into `parts` of about the same size, along ways and water where possible.
fn partition(plan: &Plan, rect: Rect, parts: usize, out: &mut Vec<Rect>) {
    if parts <= 1 {
        out.push(rect);
        return;
    }
    let first = parts / 2;
    let share = first as f64 / parts as f64;
    let runs = if rect.width() > rect.depth() {
        Runs::Ns
    } else {
        Runs::Ew
    };
    let (low, high) = match runs {
        Runs::Ns => (rect.u0, rect.u1),
        Runs::Ew => (rect.v0, rect.v1),
    };
    let wanted = low + (f64::from(high - low) * share) as Dm;
    let near = (high - low) / 10;
    let middle = |line: &Rect| match runs {
        Runs::Ns => (line.u0 + line.u1) / 2,
        Runs::Ew => (line.v0 + line.v1) / 2,
    };
    let ways = plan.corridors.iter().map(|way| (way.rect, way.runs));
    let water = plan.reaches.iter().map(|reach| {
        let long = reach.rect.width() > reach.rect.depth();
        (reach.rect, if long { Runs::Ew } else { Runs::Ns })
    });
    let lines = ways
        .chain(water)
        .filter(|(line, along)| *along == runs && line.overlaps(&rect));
    let best = lines
        .map(|(line, _)| middle(&line))
        .filter(|at| (at - wanted).abs() <= near)
        .min_by_key(|at| ((at - wanted).abs(), *at));
    let at = best.unwrap_or(wanted);
    let (a, b) = match runs {
        Runs::Ns => (Rect { u1: at, ..rect }, Rect { u0: at, ..rect }),
        Runs::Ew => (Rect { v1: at, ..rect }, Rect { v0: at, ..rect }),
    };
    partition(plan, a, first, out);
    partition(plan, b, parts - first, out);
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
