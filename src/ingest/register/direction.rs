//! Where a camera of a register looks. One whose row tells no direction that can be read is not known to
//! look anywhere: its angle of view is none, and so it sees nothing. Used by [`super::things`].

use super::field::Field;
use super::record::Record;
use super::words;
use crate::model::CameraKind;

/// What a camera has where its register does not say.
const FOV_DEG: f64 = 70.0;

/// Direction and angle of view, degrees.
pub(super) fn looks(record: &Record, kind: Option<CameraKind>) -> (f64, f64) {
    let fov_deg = record.number(Field::Fov, 1.0..=360.0).unwrap_or(FOV_DEG);
    let sees_all = kind == Some(CameraKind::Panoramic) || fov_deg >= 360.0;
    let in_words = record.text(Field::Heading);
    let in_words = in_words.and_then(|text| words::heading_deg(&text));
    // Out of range it is one fault, not two.
    let number = || record.number(Field::Heading, f64::MIN..=f64::MAX);
    let heading_deg = in_words.or_else(number);
    let heading_deg = heading_deg.filter(|turn| (-360.0..=360.0).contains(turn));
    match heading_deg {
        Some(turn) => (turn.rem_euclid(360.0), fov_deg),
        // All around it needs none.
        None if sees_all => (0.0, fov_deg),
        None => {
            record.fault(
                Field::Heading,
                "it is no direction (0 to 360 degrees from north, or 东南 and the like): nobody knows \
                 where the camera looks, and it counts as seeing nothing",
            );
            (0.0, 0.0)
        }
    }
}
