//! Tilt and settlement: from readings to an assessment that a structural engineer can follow. Series are
//! cleaned, freed of temperature and of the day's cycle, brought to rates with intervals, and held
//! against limits that come from a table. Used by `app` for its commands, and by whoever shows what a
//! building does. Pure: no clock, no file, no chance. A result is a screening, never an appraisal.

mod assess;
mod assessment;
mod change_point;
mod daily;
mod day;
mod differential;
mod doubt;
pub mod field;
mod followed;
mod forecast;
mod gauge;
mod gross;
mod kept;
mod limit;
mod mounted;
mod range;
mod rate;
mod reference;
mod robust;
mod scatter;
mod series;
mod table;
mod thermal;
mod together;
mod unit;

#[cfg(test)]
mod tests;

pub use crate::model::{MonitorGrade, Quantity};
pub use assess::assess;
pub use assessment::{Assessment, CannotTell, DaysToLimit, Growth, Stability, Sudden};
pub use change_point::{CannotFindChange, RateChange, RateChanges, rate_changes};
pub use daily::{DayValue, LeftOut};
pub use differential::{
    Agreement, Differential, SettledPoint, agreement, differential, grade_of_distortion,
};
pub use followed::Followed;
pub use forecast::{
    Ahead, CannotForecast, Coverage, Forecast, HORIZONS_DAYS, Interval, Reaching, Way, back_test,
    forecast,
};
pub use gauge::Gauge;
pub use gross::{GrossLimits, Jump, Seen};
pub use kept::{Break, Cause, Measured, Sample, TrendDay, Unused};
pub use limit::{Limit, LimitStatus, Subject};
pub use mounted::{DeviceMounting, ReferenceGroup};
pub use range::DeviceRange;
pub use rate::{Rate, Warmth, acceleration, rate};
pub use reference::Reference;
pub use robust::{Line, RADIUS_95, Residuals, Z_95, line, median, sigma};
pub use series::{MONTH_DAYS, SeriesMonitor, Taking};
pub use table::{CrackTable, MonitorTable, RateLimits, RateTable, SettlementTable, Tiers};
pub use thermal::{REFERENCE_C, Response, Thermal};
pub use together::{Mover, together};
pub use unit::{AnyUnit, Handedness, LengthUnit, Mounting, TiltUnit, bearing_deg, other_unit};
