//! The table of the monitor: what is gross, from which share of which limit and from which rate a grade
//! holds. The built-in one is `assets/monitor.toml`; a city may bring its own. Never opens a file, and
//! never quotes a standard: each limit carries how it is known.

use serde::{Deserialize, Serialize};

use crate::base::{Spanned, TableFault, checked, read_table};
use crate::model::MonitorGrade;

use super::gross::GrossLimits;
use super::limit::{Limit, Quantity, Subject};
use super::mounted::{DeviceMounting, ReferenceGroup, mountings};
use super::series::{DAYS_KEPT, MONTH_DAYS};
use super::unit::{Mounting, TiltUnit};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct GrossTable {
    permille: f64,
    agree_permille: f64,
    silent_intervals: f64,
}

/// Shares of the limit from which a grade holds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tiers {
    /// From here on somebody should look at it at times.
    pub attention: f64,
    /// Yellow.
    pub yellow: f64,
    /// Orange.
    pub orange: f64,
    /// Red.
    pub red: f64,
}

/// Rates from which a grade holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateTable {
    /// Windows over which rates are told, days, ascending.
    pub windows_days: Vec<u32>,
    /// A window tells a grade only if its days span so many.
    pub least_days: u32,
    /// Lower end of a rate's interval for `attention`, ‰ a month.
    pub attention_permille_month: f64,
    /// The same for orange.
    pub orange_permille_month: f64,
}

/// How settlement is judged.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettlementTable {
    /// A reading so far off the level is gross, mm.
    pub gross_mm: f64,
    /// A second one so near the first confirms it, mm.
    pub agree_mm: f64,
    /// Lower end of a rate's interval for `attention`, mm a month.
    pub attention_mm_month: f64,
    /// The same for orange, over a window of so many days at least, unless it comes to rest.
    pub orange_mm_month: f64,
    /// Days over which it must hold.
    pub orange_days: u32,
    /// The same for red over any window, mm a day.
    pub red_mm_day: f64,
    /// Days over which rest is looked for.
    pub stable_days: u32,
    /// What moves slower than this, for sure, is at rest, mm a day.
    pub stable_mm_day: f64,
    /// Points of reference that differ by more do not agree, mm.
    pub references_agree_mm: f64,
    /// A lean and the slope of settlement under the same house that differ by more do not agree, ‰.
    pub tilt_agree_permille: f64,
}

/// How cracks are judged.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CrackTable {
    /// A reading so far off the level is gross, mm.
    pub gross_mm: f64,
    /// A second one so near the first confirms it, mm.
    pub agree_mm: f64,
    /// Lower end of a rate's interval for `attention`, mm a month.
    pub attention_mm_month: f64,
    /// The same for orange.
    pub orange_mm_month: f64,
}

/// Rates from which a grade holds, in the unit of a series a month.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateLimits {
    /// From here on `attention`.
    pub attention: f64,
    /// Orange.
    pub orange: f64,
    /// Orange only over so many days, and where it does not come to rest; nought for any window.
    pub orange_days: u32,
    /// Red.
    pub red: Option<f64>,
}

impl SettlementTable {
    fn numbers(&self) -> [(&'static str, f64); 10] {
        [
            ("gross_mm", self.gross_mm),
            ("agree_mm", self.agree_mm),
            ("attention_mm_month", self.attention_mm_month),
            ("orange_mm_month", self.orange_mm_month),
            ("orange_days", f64::from(self.orange_days)),
            ("red_mm_day", self.red_mm_day),
            ("stable_days", f64::from(self.stable_days)),
            ("stable_mm_day", self.stable_mm_day),
            ("references_agree_mm", self.references_agree_mm),
            ("tilt_agree_permille", self.tilt_agree_permille),
        ]
    }
}

impl CrackTable {
    fn numbers(&self) -> [(&'static str, f64); 4] {
        [
            ("gross_mm", self.gross_mm),
            ("agree_mm", self.agree_mm),
            ("attention_mm_month", self.attention_mm_month),
            ("orange_mm_month", self.orange_mm_month),
        ]
    }
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    gross: GrossTable,
    tiers: Tiers,
    rate: RateTable,
    settlement: Option<SettlementTable>,
    crack: Option<CrackTable>,
    limit: Vec<Spanned<Limit>>,
    #[serde(default)]
    mounting: Vec<Spanned<DeviceMounting>>,
    #[serde(default)]
    reference: Vec<Spanned<ReferenceGroup>>,
}

/// What a monitor goes by.
#[derive(Debug, Clone, PartialEq)]
pub struct MonitorTable {
    /// Grades by share of the limit.
    pub tiers: Tiers,
    /// Windows of rates, and grades by the rate of a lean.
    pub rate: RateTable,
    /// Settlement.
    pub settlement: SettlementTable,
    /// Cracks.
    pub crack: CrackTable,
    gross: GrossTable,
    limits: Vec<Limit>,
    mountings: Vec<DeviceMounting>,
    references: Vec<ReferenceGroup>,
}

impl MonitorTable {
    /// The text of the built-in one, with comments.
    pub const STANDARD: &'static str = include_str!("../../assets/monitor.toml");

    /// The built-in one.
    ///
    /// # Panics
    /// Never: a test reads it.
    #[must_use]
    pub fn standard() -> Self {
        Self::from_toml(Self::STANDARD).expect("the built-in table is in order")
    }

    /// Reads a table.
    ///
    /// # Errors
    /// When the text is not TOML of this shape, a number is out of range, or tiers do not ascend.
    pub fn from_toml(text: &str) -> Result<Self, TableFault> {
        let read: Text = read_table(text)?;
        check(text, &read)?;
        // A table of a city may have been written before these sections were there.
        let standard = || read_table::<Text>(Self::STANDARD);
        Ok(Self {
            settlement: match read.settlement {
                Some(own) => own,
                None => standard()?.settlement.expect("the built-in table has it"),
            },
            crack: match read.crack {
                Some(own) => own,
                None => standard()?.crack.expect("the built-in table has it"),
            },
            gross: read.gross,
            tiers: read.tiers,
            rate: read.rate,
            limits: checked(text, read.limit)?,
            mountings: mountings(text, read.mounting)?,
            references: checked(text, read.reference)?,
        })
    }

    /// The limit of a quantity that holds for a building: the first that fits; `None` where none does.
    #[must_use]
    pub fn limit(&self, quantity: Quantity, subject: &Subject) -> Option<&Limit> {
        let mut of_it = (self.limits.iter()).filter(|limit| limit.quantity == quantity);
        of_it.find(|limit| limit.fits(subject))
    }

    /// How sudden changes of a quantity are judged, in the unit of its series.
    #[must_use]
    pub fn gross(&self, quantity: Quantity) -> GrossLimits {
        let (far, agree) = match quantity {
            Quantity::Tilt | Quantity::Distortion => {
                (self.gross.permille, self.gross.agree_permille)
            }
            Quantity::Settlement => (self.settlement.gross_mm, self.settlement.agree_mm),
            Quantity::Crack => (self.crack.gross_mm, self.crack.agree_mm),
        };
        GrossLimits {
            far,
            agree,
            silent_intervals: self.gross.silent_intervals,
        }
    }

    /// From which rates of a quantity a grade holds.
    #[must_use]
    pub fn rate_limits(&self, quantity: Quantity) -> RateLimits {
        let (attention, orange) = match quantity {
            Quantity::Tilt | Quantity::Distortion => (
                self.rate.attention_permille_month,
                self.rate.orange_permille_month,
            ),
            Quantity::Settlement => (
                self.settlement.attention_mm_month,
                self.settlement.orange_mm_month,
            ),
            Quantity::Crack => (self.crack.attention_mm_month, self.crack.orange_mm_month),
        };
        let is_settlement = quantity == Quantity::Settlement;
        RateLimits {
            attention,
            orange,
            orange_days: if is_settlement {
                self.settlement.orange_days
            } else {
                0
            },
            red: is_settlement.then_some(self.settlement.red_mm_day * MONTH_DAYS),
        }
    }

    /// The points that a device which goes by these names is measured against; the first group that
    /// measures it.
    #[must_use]
    pub fn references(&self, names: &[&str]) -> Option<&ReferenceGroup> {
        self.references.iter().find(|group| group.measures(names))
    }

    /// How many limits, mountings and references it holds.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.limits.len() + self.mountings.len() + self.references.len()
    }

    /// How a device is mounted that goes by these names, whose kind has this unit.
    #[must_use]
    pub fn mounting(&self, names: &[&str], unit: TiltUnit) -> Mounting {
        let own = (self.mountings.iter()).find(|own| names.contains(&own.device.as_str()));
        own.map_or(Mounting::plain(unit), |own| own.mounting(unit))
    }

    /// Devices that are named in it.
    pub fn devices(&self) -> impl Iterator<Item = &str> {
        let groups =
            (self.references.iter()).flat_map(|group| group.points.iter().chain(&group.devices));
        let mounted = self.mountings.iter().map(|own| &own.device);
        mounted.chain(groups).map(String::as_str)
    }

    /// The grade of a share of the limit.
    #[must_use]
    pub fn grade_of_share(&self, share: f64) -> MonitorGrade {
        let tiers = &self.tiers;
        match share {
            share if share >= tiers.red => MonitorGrade::Red,
            share if share >= tiers.orange => MonitorGrade::Orange,
            share if share >= tiers.yellow => MonitorGrade::Yellow,
            share if share >= tiers.attention => MonitorGrade::Attention,
            _ => MonitorGrade::Normal,
        }
    }
}

/// What contradicts itself outside of limits and mountings.
fn check(text: &str, read: &Text) -> Result<(), TableFault> {
    let mut numbers = vec![
        ("permille", read.gross.permille),
        ("agree_permille", read.gross.agree_permille),
        ("silent_intervals", read.gross.silent_intervals),
        (
            "attention_permille_month",
            read.rate.attention_permille_month,
        ),
        ("orange_permille_month", read.rate.orange_permille_month),
    ];
    numbers.extend(read.settlement.iter().flat_map(SettlementTable::numbers));
    numbers.extend(read.crack.iter().flat_map(CrackTable::numbers));
    for (name, value) in numbers {
        if !(value > 0.0 && value.is_finite()) {
            let reason = format!("{name} must be above 0");
            return Err(TableFault::of_value(text, name, reason));
        }
    }
    let tiers = read.tiers;
    let ascending = [0.0, tiers.attention, tiers.yellow, tiers.orange, tiers.red];
    if !ascending.windows(2).all(|pair| pair[0] < pair[1]) {
        let reason = "tiers must ascend: attention, yellow, orange, red".to_owned();
        return Err(TableFault::of_value(text, "attention", reason));
    }
    let windows = &read.rate.windows_days;
    let is_in_order = windows.windows(2).all(|pair| pair[0] < pair[1])
        && windows.first().is_some_and(|first| *first >= 5)
        && (windows.last()).is_some_and(|last| *last as usize <= DAYS_KEPT);
    if !is_in_order {
        let reason = format!("windows_days must ascend and lie between 5 and {DAYS_KEPT}");
        return Err(TableFault::of_value(text, "windows_days", reason));
    }
    Ok(())
}
