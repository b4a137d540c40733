//! Series of one value a day whose course is known, as houses may move, with the noise that days have.
//! From a seed, so that a test gives the same every time. In ‰, as of a tilt axis.

use crate::monitor::DayValue;

use super::truth::Chance;

/// How the value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A straight line, days apart from each other.
    Straight,
    /// A straight line, days that hang together: what weather leaves.
    Hanging,
    /// A straight line, and what a year leaves: a wave of 0.1 to 0.3 ‰.
    Season,
    /// A slope that wanders.
    Wandering,
    /// A line that stops on some day between the 30th and the 130th, without a step.
    Stopping,
    /// A line that gets steeper all the time.
    Accelerating,
    /// As `Hanging`, with a third of the days missing in runs.
    Gaps,
    /// As `Straight`, and one day in thirty is wild.
    Wild,
}

pub const KINDS: [Kind; 8] = [
    Kind::Straight,
    Kind::Hanging,
    Kind::Season,
    Kind::Wandering,
    Kind::Stopping,
    Kind::Accelerating,
    Kind::Gaps,
    Kind::Wild,
];

/// Standard deviation of a day, ‰.
pub const NOISE: f64 = 0.03;
const MONTH_DAYS: f64 = 30.436_875;

/// So many days of it.
pub fn course(kind: Kind, seed: u64, days: u32) -> Vec<DayValue> {
    let mut chance = Chance::new(seed ^ ((kind as u64 + 1) << 32));
    // Most houses hardly move, some do by a permille a month.
    let mut slope = 0.5 / MONTH_DAYS * chance.normal();
    let stop = 30.0 + 100.0 * chance.share();
    let steeper = 0.3 / MONTH_DAYS / MONTH_DAYS * (0.3 + chance.share()) * slope.signum();
    let wave = 0.1 + 0.2 * chance.share();
    let phase = std::f64::consts::TAU * chance.share();
    let wander = 0.3 / MONTH_DAYS / 90.0_f64.sqrt();
    let hangs = matches!(kind, Kind::Hanging | Kind::Gaps).then(|| 0.4 + 0.5 * chance.share());
    let (mut level, mut near, mut silent) = (chance.normal(), chance.normal(), 0);
    let mut series = Vec::new();
    for number in 0..days {
        let day = f64::from(number);
        let off = match hangs {
            Some(keeps) => {
                near = keeps * near + (1.0 - keeps * keeps).sqrt() * chance.normal();
                near
            }
            None => chance.normal(),
        };
        match kind {
            Kind::Wandering => slope += wander * chance.normal(),
            Kind::Accelerating => slope += steeper,
            _ => {}
        }
        if kind != Kind::Stopping || day < stop {
            level += slope;
        }
        let season = match kind {
            Kind::Season => wave * (std::f64::consts::TAU * day / 365.25 + phase).sin(),
            _ => 0.0,
        };
        let is_wild = kind == Kind::Wild && chance.share() < 1.0 / 30.0;
        let wild = if is_wild {
            20.0 * NOISE * chance.normal()
        } else {
            0.0
        };
        if kind == Kind::Gaps && silent == 0 && chance.share() < 0.1 {
            silent = 1 + (8.0 * chance.share()) as u32;
        }
        if silent > 0 {
            silent -= 1;
            continue;
        }
        let value = level + season + NOISE * off + wild;
        series.push(DayValue {
            number: number as i32,
            value,
        });
    }
    series
}
