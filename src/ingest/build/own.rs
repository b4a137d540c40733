//! Records of our own that a foreign file brings back: built as any feature, then made what they
//! were. Never knows what a passport looks like: that is `ingest::own`.

use geo_types::{Coord, LineString, Polygon};

use crate::model::{Entity, RoadKind};

use super::super::convert::Origin;
use super::super::mapping::Mapping;
use super::super::own::Own;
use super::super::raw::{RawFeature, RawKind};
use super::{Built, Work, build_foreign, entities_of, outline};

/// Builds the entities of one feature; of a record of our own, the very record.
pub(in super::super) fn build(
    mut feature: RawFeature,
    origin: &Origin,
    mapping: &Mapping,
) -> Result<Built, String> {
    let own = Own::take(&mut feature.attributes, &mut feature.shape, origin);
    let Some(own) = own else {
        return build_foreign(feature, origin, mapping);
    };
    feature.key = own.key().to_owned();
    let written: Vec<Polygon<f64>> = feature
        .shape
        .polygons
        .iter()
        .map(|rings| outline::polygon(rings))
        .collect();
    let mut built = match feature.kind {
        RawKind::Road { .. } => build_own_road(feature, &own.origin, mapping)?,
        // Its faces were cleaned when they came in first.
        _ => {
            let kind = feature.kind.clone();
            entities_of(Work::new(feature, &own.origin, mapping), kind)?
        }
    };
    if let [entity] = built.entities.as_mut_slice() {
        keep_outlines(entity, written);
    }
    own.stamp(&mut built.entities)?;
    Ok(built)
}

/// A road of ours has its centre line and its surfaces in one feature.
fn build_own_road(
    feature: RawFeature,
    origin: &Origin,
    mapping: &Mapping,
) -> Result<Built, String> {
    let mut work = Work::new(feature, origin, mapping);
    let lines = std::mem::take(&mut work.shape.lines);
    let line = lines.first().map(|line| outline::line(line));
    let surfaces = if work.shape.polygons.is_empty() {
        Vec::new()
    } else {
        work.areas(false)?
    };
    let line = line.unwrap_or_else(|| LineString(Vec::new()));
    if line.0.is_empty() && surfaces.is_empty() {
        return Err("a road without line or surface".to_owned());
    }
    work.road(RoadKind::default(), 0.0, line, surfaces, (0, 1));
    Ok(work.built)
}

/// Corners closer than this are one to whoever cleans outlines; metres.
const SAME_CORNER_M: f64 = 2e-3;

/// Outlines of ours were cleaned when they came in first, and what is united out of many faces may
/// have corners that a second cleaning joins: where that is all it did, they stay as written.
fn keep_outlines(entity: &mut Entity, written: Vec<Polygon<f64>>) {
    let outlines: Vec<&mut Polygon<f64>> = match entity {
        Entity::Road(one) => one.surfaces.iter_mut().collect(),
        Entity::Building(one) => vec![&mut one.footprint],
        Entity::Water(one) => vec![&mut one.polygon],
        Entity::GroundArea(one) => vec![&mut one.polygon],
        Entity::Area(one) => one.polygon.iter_mut().collect(),
        _ => return,
    };
    if outlines.len() != written.len() {
        return;
    }
    for (outline, written) in outlines.into_iter().zip(written) {
        if is_same(&written, outline) {
            *outline = written;
        }
    }
}

fn is_same(written: &Polygon<f64>, cleaned: &Polygon<f64>) -> bool {
    let rings = |polygon: &Polygon<f64>| -> Vec<LineString<f64>> {
        let inner = polygon.interiors().iter();
        std::iter::once(polygon.exterior())
            .chain(inner)
            .cloned()
            .collect()
    };
    let (written, cleaned) = (rings(written), rings(cleaned));
    written.len() == cleaned.len()
        && written
            .iter()
            .zip(&cleaned)
            .all(|(written, cleaned)| is_same_ring(written, cleaned))
}

/// Whether a ring is another with corners that came in twice.
fn is_same_ring(written: &LineString<f64>, cleaned: &LineString<f64>) -> bool {
    let is_near = |a: &Coord<f64>, b: &Coord<f64>| (a.x - b.x).hypot(a.y - b.y) < SAME_CORNER_M;
    let mut corners = cleaned.0.iter().peekable();
    let mut last: Option<&Coord<f64>> = None;
    for at in &written.0 {
        if let Some(next) = corners.next_if(|next| is_near(next, at)) {
            last = Some(next);
        } else if !last.is_some_and(|last| is_near(last, at)) {
            return false;
        }
    }
    corners.peek().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(written: &[[f64; 2]], cleaned: &[[f64; 2]], expected: bool) {
        let ring = |at: &[[f64; 2]]| LineString::from(at.to_vec());
        let is_same = is_same_ring(&ring(written), &ring(cleaned));
        assert_eq!(is_same, expected, "{written:?} {cleaned:?}");
    }

    #[test]
    fn only_corners_that_came_twice_may_be_more() {
        let square = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]];
        check(&square, &square, true);
        let twice = [[0.0, 0.0], [1.0, 0.0], [1.0, 1e-4], [1.0, 1.0], [0.0, 0.0]];
        check(&twice, &square, true);
        let bulge = [[0.0, 0.0], [1.0, 0.0], [1.1, 0.5], [1.0, 1.0], [0.0, 0.0]];
        check(&bulge, &square, false);
        check(&square[..3], &square, false);
        check(&[[1.0, 1.0], [0.0, 0.0]], &square, false);
        check(&[], &square, false);
    }
}
