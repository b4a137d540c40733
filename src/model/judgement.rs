//! What the monitor says of a sensor of tilt, settlement or a crack, as the live state keeps it: small,
//! since there are thousands, and told again only when it changes or a day is over. Worked out in
//! `monitor`, used by rules, walls and cards. Never decides.

use serde::{Deserialize, Serialize};

use crate::base::{Millis, Timestamp};

use super::lean_error::LeanError;

/// How bad it is, worse ones last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MonitorGrade {
    /// Nothing to look at.
    Normal,
    /// To be looked at at times.
    Attention,
    /// Yellow warning.
    Yellow,
    /// Orange warning.
    Orange,
    /// Red warning: at the limit or beyond.
    Red,
}

impl MonitorGrade {
    /// All of them, worse ones last.
    pub const ALL: [Self; 5] = [
        Self::Normal,
        Self::Attention,
        Self::Yellow,
        Self::Orange,
        Self::Red,
    ];
}

/// What was sudden.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuddenKind {
    /// One reading far from the level; the next one tells.
    Unconfirmed,
    /// The house moved: two readings agree.
    Moved,
    /// Mounted anew, as far as can be told.
    MountedAnew,
}

/// What is said of one sensor. Numbers are in the unit of its series: ‰, or mm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// Device time of the reading after which it was judged.
    pub at: Timestamp,
    /// The grade; `None` where nothing can be told.
    pub grade: Option<MonitorGrade>,
    /// The grade by share of the limit and rate alone, whatever was sudden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trend: Option<MonitorGrade>,
    /// Something sudden, until somebody looked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sudden: Option<SuddenKind>,
    /// Size of the lean, settlement downwards, or width.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<f64>,
    /// Share of the limit, 1 at the limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<f64>,
    /// How it grows a month, and half of the 95 % interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_month: Option<[f64; 2]>,
    /// Up to when, by device time, somebody looked at what was sudden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub looked: Option<Timestamp>,
    /// What it is more than in its first month; of a lean the size of the difference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since_epoch: Option<f64>,
    /// The lean towards east and north, of a tilt sensor that knows its bearing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lean: Option<JudgedLean>,
    /// The fastest that it surely moves, a month: the largest lower end of its rates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surely_per_month: Option<f64>,
    /// That its grade became worse not long ago.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worse: Option<Worse>,
}

/// A lean with a direction.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct JudgedLean {
    /// ‰ east and north.
    pub permille: [f64; 2],
    /// How sure that is; `None` where there are too few days to tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<LeanError>,
}

/// That a grade became worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worse {
    /// What it was before.
    pub from: MonitorGrade,
    /// When it came to what it is, by device time.
    pub at: Timestamp,
}

/// For so long it is told that a grade became worse: thirty days.
pub const NEWLY_WORSE_MS: Millis = 30 * 86_400_000;

impl Judgement {
    /// Whether it says something else than another one: figures that creep are no news.
    #[must_use]
    pub fn is_news_after(&self, other: &Self) -> bool {
        let told = |one: &Self| (one.grade, one.trend, one.sudden, one.looked);
        told(self) != told(other)
    }

    /// The same, told after the one before it: with whether it became worse. Several steps within
    /// [`NEWLY_WORSE_MS`] count from the first.
    #[must_use]
    pub fn following(mut self, last: Option<&Self>) -> Self {
        self.worse = last.and_then(|last| {
            let recent = last.worse_at(self.at);
            let (was, is) = (last.grade?, self.grade?);
            let from = recent.map_or(was, |worse| worse.from.min(was));
            match recent {
                Some(worse) if is <= was => Some(worse),
                _ => Some(Worse { from, at: self.at }),
            }
            .filter(|worse| worse.from < is)
        });
        self
    }

    /// What it became worse by within [`NEWLY_WORSE_MS`] before a moment.
    #[must_use]
    pub fn worse_at(&self, now: Timestamp) -> Option<Worse> {
        self.worse.filter(|worse| now - worse.at < NEWLY_WORSE_MS)
    }

    /// One that tells nothing yet.
    #[must_use]
    pub const fn at(at: Timestamp) -> Self {
        Self {
            at,
            grade: None,
            trend: None,
            sudden: None,
            level: None,
            share: None,
            per_month: None,
            looked: None,
            since_epoch: None,
            lean: None,
            surely_per_month: None,
            worse: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(day: i64, grade: Option<MonitorGrade>) -> Judgement {
        Judgement {
            grade,
            ..Judgement::at(Timestamp::from_millis(day * 86_400_000))
        }
    }

    /// Grades on days, and what is told in the end.
    fn check(course: &[(i64, MonitorGrade)], worse: Option<(MonitorGrade, i64)>) {
        let mut last: Option<Judgement> = None;
        for (day, grade) in course {
            last = Some(judged(*day, Some(*grade)).following(last.as_ref()));
        }
        let told = last.and_then(|last| last.worse);
        let told = told.map(|worse| (worse.from, worse.at.millis() / 86_400_000));
        assert_eq!(told, worse, "{course:?}");
    }

    #[test]
    fn what_became_worse_is_told_for_a_month() {
        use MonitorGrade::{Attention, Normal, Orange, Red, Yellow};
        check(&[(0, Orange)], None);
        check(&[(0, Normal), (1, Orange)], Some((Normal, 1)));
        check(&[(0, Normal), (1, Orange), (30, Orange)], Some((Normal, 1)));
        check(&[(0, Normal), (1, Orange), (31, Orange)], None);
        check(
            &[(0, Normal), (1, Attention), (9, Yellow), (20, Red)],
            Some((Normal, 20)),
        );
        // Better again, but not as it was.
        check(
            &[(0, Normal), (1, Orange), (5, Attention)],
            Some((Normal, 1)),
        );
        check(&[(0, Normal), (1, Orange), (5, Normal)], None);
        check(
            &[(0, Orange), (1, Normal), (2, Attention)],
            Some((Normal, 2)),
        );
    }

    #[test]
    fn what_could_not_be_told_is_no_news() {
        let first = judged(0, None);
        let next = judged(1, Some(MonitorGrade::Red)).following(Some(&first));
        assert_eq!(next.worse, None);
        let blind = judged(2, None).following(Some(&next));
        assert_eq!(blind.worse, None);
    }
}
