//! Figures of past alarms of a running engine: from the archive beside its city, read beside it. Used
//! by the server's threads. Never writes.

use std::path::PathBuf;
use std::sync::Arc;

use super::{Options, Place};
use crate::app::alarms::figures::figures_of;
use crate::model::ports::{FiguresAsked, NoFigures, PastAlarms};
use crate::model::{AlarmFigures, Ground};

/// The log of a city's alarms.
pub(super) struct AlarmLog {
    city: PathBuf,
    ground: Arc<Ground>,
    is_beside: bool,
}

impl AlarmLog {
    pub(super) fn new(options: &Options, ground: &Arc<Ground>) -> Self {
        Self {
            city: options.city.clone(),
            ground: ground.clone(),
            is_beside: options.archive == Place::BesideCity,
        }
    }
}

impl PastAlarms for AlarmLog {
    fn figures(&self, asked: &FiguresAsked) -> Result<AlarmFigures, NoFigures> {
        if !self.is_beside {
            return Err(NoFigures::NotKept);
        }
        let figures = figures_of(&self.city, &self.ground, asked);
        figures.map_err(|fault| NoFigures::Nothing(format!("{fault:#}")))
    }
}
