//! Hours of the day and days of the week in which a rule holds, in the city's local time.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::base::Timestamp;
use crate::model::ground::named;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;
const DAY_MINUTES: u16 = 24 * 60;

named! {
    /// A day of the week.
    Day {
        /// Monday.
        #[default]
        Monday = "mon",
        /// Tuesday.
        Tuesday = "tue",
        /// Wednesday.
        Wednesday = "wed",
        /// Thursday.
        Thursday = "thu",
        /// Friday.
        Friday = "fri",
        /// Saturday.
        Saturday = "sat",
        /// Sunday.
        Sunday = "sun",
    }
}

/// A time of day in minutes since midnight, written `22:30`; `24:00` is the day's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOfDay(u16);

impl Serialize for TimeOfDay {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&format_args!("{:02}:{:02}", self.0 / 60, self.0 % 60))
    }
}

impl<'de> Deserialize<'de> for TimeOfDay {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let wrong = || de::Error::custom(format!("a time of day reads like 22:30, not {text:?}"));
        let (hour, minute) = text.split_once(':').ok_or_else(wrong)?;
        let number = |part: &str| {
            let digits = part.len() == 2 && part.bytes().all(|one| one.is_ascii_digit());
            digits.then(|| part.parse::<u16>().ok()).flatten()
        };
        let (hour, minute) = (number(hour), number(minute));
        let minutes = hour.zip(minute).filter(|(_, minute)| *minute < 60);
        let minutes = minutes.map(|(hour, minute)| hour * 60 + minute);
        let minutes = minutes.filter(|all| *all <= DAY_MINUTES);
        minutes.map(Self).ok_or_else(wrong)
    }
}

/// Hours of some days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// From this time on.
    pub from: TimeOfDay,
    /// Up to this time; one that is not later than `from` lies on the next day.
    pub to: TimeOfDay,
    /// Days on which they begin; without any, every day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<Day>,
}

impl Hours {
    /// Since when a moment has lain within these hours; `None` when it does not.
    #[must_use]
    pub fn since(&self, at: Timestamp, offset_minutes: i32) -> Option<Timestamp> {
        let of_day = at.millis_of_day(offset_minutes);
        let midnight = at.plus(-of_day);
        let (from, to) = (self.from.0, self.to.0);
        let length = match to > from {
            true => to - from,
            false => to + DAY_MINUTES - from,
        };
        // Those that began yesterday may still last.
        [0, -1].into_iter().find_map(|days| {
            let begin = midnight.plus(days * DAY_MS + i64::from(from) * MINUTE_MS);
            let lasts = at >= begin && at - begin < i64::from(length) * MINUTE_MS;
            (lasts && self.is_day(midnight.plus(days * DAY_MS), offset_minutes)).then_some(begin)
        })
    }

    /// Whether hours begin on the day of this local midnight.
    fn is_day(&self, midnight: Timestamp, offset_minutes: i32) -> bool {
        let local = i128::from(midnight.millis()) + i128::from(offset_minutes) * 60_000;
        // 1970 began on a Thursday.
        let day = (local.div_euclid(i128::from(DAY_MS)) + 3).rem_euclid(7);
        self.days.is_empty() || self.days.contains(&Day::ALL[day as usize])
    }

    /// Why nothing could ever lie within them.
    pub(super) fn fault(&self) -> Option<&'static str> {
        (self.from.0 == DAY_MINUTES || self.to == self.from)
            .then_some("schedule: from and to must differ, and from lies before 24:00; leave the schedule away for a rule that always holds")
    }
}
