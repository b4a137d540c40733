//! How single sensors are mounted, and against which points settlement is measured: entries of the table
//! of the monitor that name devices. Never looks whether a city has them.

use serde::{Deserialize, Serialize};

use crate::base::{Spanned, TableEntry, TableFault};

use super::unit::{Handedness, Mounting, TiltUnit};

/// How one sensor is mounted, where that is known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceMounting {
    /// Its id or its name in the registers.
    pub device: String,
    /// What its numbers mean; that of its kind where nothing is said. Of tilt only: what measures a
    /// length takes its unit from its kind and its scale from here.
    #[serde(default)]
    pub unit: Option<TiltUnit>,
    /// As in [`Mounting::bearing_deg`].
    #[serde(default)]
    pub bearing_deg: Option<f64>,
    /// As in [`Mounting::second`].
    #[serde(default)]
    pub second: Handedness,
    /// As in [`Mounting::zero`].
    #[serde(default)]
    pub zero: [f64; 2],
    /// As in [`Mounting::scale`].
    #[serde(default)]
    pub scale: Option<[f64; 2]>,
}

impl DeviceMounting {
    /// The mounting of a sensor whose kind has this unit.
    #[must_use]
    pub fn mounting(&self, unit: TiltUnit) -> Mounting {
        Mounting {
            unit: self.unit.unwrap_or(unit),
            bearing_deg: self.bearing_deg,
            second: self.second,
            zero: self.zero,
            scale: self.scale.unwrap_or([1.0, 1.0]),
        }
    }
}

/// Points that are held not to move, and those that are measured against them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReferenceGroup {
    /// Id.
    pub id: String,
    /// Name in Chinese.
    pub zh: String,
    /// Name in English.
    pub en: String,
    /// Ids or names of the points that do not move.
    pub points: Vec<String>,
    /// Ids or names of those measured against them; empty for all settlement of the city.
    #[serde(default)]
    pub devices: Vec<String>,
}

impl ReferenceGroup {
    /// Whether a device that goes by these names is measured against it.
    #[must_use]
    pub fn measures(&self, names: &[&str]) -> bool {
        let has = |list: &[String]| list.iter().any(|one| names.contains(&one.as_str()));
        !has(&self.points) && (self.devices.is_empty() || has(&self.devices))
    }
}

impl TableEntry for ReferenceGroup {
    const WHAT: &'static str = "reference";

    fn id(&self) -> &str {
        &self.id
    }

    fn names(&self) -> [&str; 2] {
        [&self.zh, &self.en]
    }

    fn check(&self) -> Result<(), String> {
        if self.points.is_empty() {
            return Err("points must name a device at least".to_owned());
        }
        match self
            .points
            .iter()
            .find(|point| self.devices.contains(point))
        {
            Some(point) => Err(format!("{point:?} cannot be measured against itself")),
            None => Ok(()),
        }
    }
}

/// Checks the mountings of a table.
pub(super) fn mountings(
    text: &str,
    list: Vec<Spanned<DeviceMounting>>,
) -> Result<Vec<DeviceMounting>, TableFault> {
    let mut mountings: Vec<DeviceMounting> = Vec::with_capacity(list.len());
    for spanned in list {
        let at = spanned.span().start;
        let own = spanned.into_inner();
        let numbers = [own.zero, own.scale.unwrap_or([1.0, 1.0])].concat();
        let is_a_turn = (own.bearing_deg).is_none_or(|bearing| (0.0..360.0).contains(&bearing));
        let reason = if mountings.iter().any(|other| other.device == own.device) {
            "stands in the table twice"
        } else if !is_a_turn {
            "bearing_deg goes from 0 (north) to below 360, clockwise"
        } else if !numbers.iter().all(|number| number.is_finite()) || numbers[2..].contains(&0.0) {
            "zero must be numbers, and scale numbers other than 0"
        } else {
            mountings.push(own);
            continue;
        };
        return Err(TableFault::at(
            text,
            at,
            format!("mounting {:?}: {reason}", own.device),
        ));
    }
    Ok(mountings)
}
