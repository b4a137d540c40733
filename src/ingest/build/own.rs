//! Records of our own that a foreign file brings back: built as any feature, then made what they
//! were. Never knows what a passport looks like: that is `ingest::own`.

use geo_types::LineString;

use crate::model::RoadKind;

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
    let mut built = match feature.kind {
        RawKind::Road { .. } => build_own_road(feature, &own.origin, mapping)?,
        // Its faces were cleaned when they came in first.
        _ => {
            let kind = feature.kind.clone();
            entities_of(Work::new(feature, &own.origin, mapping), kind)?
        }
    };
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
