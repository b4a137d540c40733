//! Tilt and settlement: from readings to an assessment that a structural engineer can follow. Series are
//! cleaned, freed of temperature and of the day's cycle, brought to rates with intervals, and held
//! against limits that come from a table. Used by `app` for its commands, and by whoever shows what a
//! building does. Pure: no clock, no file, no chance. A result is a screening, never an appraisal.

mod assess;
mod change_point;
mod daily;
mod day;
mod forecast;
mod gross;
mod kept;
mod rate;
mod robust;
mod table;
mod thermal;
mod tilt;
mod unit;

#[cfg(test)]
mod tests;

pub use assess::{Assessment, CannotTell, DaysToLimit, Growth, MonitorGrade, Sudden, assess};
pub use change_point::{CannotFindChange, RateChange, RateChanges, rate_changes};
pub use daily::{DayValue, LeftOut};
pub use forecast::{
    Ahead, CannotForecast, Coverage, Forecast, HORIZONS_DAYS, Interval, Reaching, Way, back_test,
    forecast,
};
pub use gross::{GrossLimits, Jump, Seen};
pub use kept::{Break, Cause, TiltSample, TrendDay, Unused};
pub use rate::{Rate, Warmth, acceleration, rate};
pub use robust::{Line, RADIUS_95, Residuals, Z_95, line, median, sigma};
pub use table::{DeviceMounting, Limit, LimitStatus, MonitorTable, RateTable, Subject, Tiers};
pub use thermal::{Response, Thermal};
pub use tilt::TiltMonitor;
pub use unit::{Handedness, Mounting, TiltUnit, bearing_deg, other_unit};
