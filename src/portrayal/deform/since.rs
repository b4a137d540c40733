//! What changed between two moments: how houses lean and sink now less how they did then. Used by pictures
//! that compare. Grades stay those of now; what cannot be told of both moments is not told.

use std::collections::BTreeMap;

use crate::base::BuildingId;

use super::{Deformation, Lean};

/// Deformations of now as changes since those of an earlier moment.
#[must_use]
pub fn since(now: Vec<Deformation>, before: &[Deformation]) -> Vec<Deformation> {
    let before: BTreeMap<BuildingId, &Deformation> =
        before.iter().map(|one| (one.building, one)).collect();
    let changed = |one: Deformation| {
        let then = before.get(&one.building);
        Deformation {
            lean: then.and_then(|then| lean_since(one.lean?, then.lean?)),
            sink_mm: then.and_then(|then| Some(one.sink_mm? - then.sink_mm?)),
            ..one
        }
    };
    now.into_iter().map(changed).collect()
}

/// Of two sizes without a direction nobody can tell how they differ.
fn lean_since(now: Lean, then: Lean) -> Option<Lean> {
    let (
        Lean::Towards { permille, error },
        Lean::Towards {
            permille: from,
            error: of_then,
        },
    ) = (now, then)
    else {
        return None;
    };
    Some(Lean::Towards {
        permille: [0, 1].map(|axis| permille[axis] - from[axis]),
        error: error.zip(of_then).map(|(now, then)| now.plus(&then)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::LeanError;
    use crate::portrayal::deform::{DeformGrade, Told};

    fn house(bits: u64, lean: Option<Lean>, sink_mm: Option<f64>) -> Deformation {
        Deformation {
            building: BuildingId::from_bits(bits),
            lean,
            sink_mm,
            grade: DeformGrade::Orange,
            measured_at: None,
            told: Told::default(),
        }
    }

    fn towards(permille: [f64; 2], half: f64) -> Option<Lean> {
        let error = Some(LeanError {
            half_permille: [half; 2],
            bearing_deg: 0.0,
        });
        Some(Lean::Towards { permille, error })
    }

    #[test]
    fn what_both_moments_tell_is_subtracted_and_errors_add_up() {
        let now = vec![
            house(1, towards([3.0, -1.0], 0.4), Some(12.0)),
            house(2, towards([3.0, -1.0], 0.4), None),
            house(3, Some(Lean::Somewhere { permille: 4.0 }), Some(2.0)),
            house(4, towards([1.0, 1.0], 0.1), Some(2.0)),
        ];
        let before = [
            house(1, towards([1.0, -3.0], 0.3), Some(10.0)),
            house(2, None, Some(1.0)),
            house(3, Some(Lean::Somewhere { permille: 1.0 }), Some(5.0)),
        ];
        let told = since(now, &before);
        let Some(Lean::Towards { permille, error }) = told[0].lean else {
            panic!("{:?}", told[0]);
        };
        assert_eq!((permille, told[0].sink_mm), ([2.0, 2.0], Some(2.0)));
        let half = error.unwrap().half_permille;
        assert!(
            half.iter().all(|half| (half - 0.5).abs() < 1e-9),
            "{half:?}"
        );
        assert_eq!((told[1].lean, told[1].sink_mm), (None, None));
        assert_eq!((told[2].lean, told[2].sink_mm), (None, Some(-3.0)));
        assert_eq!((told[3].lean, told[3].sink_mm), (None, None));
        assert!(told.iter().all(|one| one.grade == DeformGrade::Orange));
    }
}
