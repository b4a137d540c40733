//! In what order sensors of buildings, or houses, are looked at: the worst, the fastest, what became worse
//! not long ago, and what tells nothing. Used by the command and by the wall's list, so that no two of
//! them can disagree. Never leaves anything out by itself.

use std::cmp::{Ordering, Reverse};

use crate::base::Timestamp;

use super::judgement::MonitorGrade;
use super::quantity::Quantity;

/// What comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum RankBy {
    /// The worst grade, then the largest share of its limit.
    #[default]
    Worst,
    /// What moves fastest, for sure: the lower end of its rate.
    Fastest,
    /// What became worse within thirty days, by how much.
    NewlyWorse,
    /// What tells nothing, the longest silent first.
    Blind,
}

impl RankBy {
    /// All of them, as they are offered.
    pub const ALL: [Self; 4] = [Self::Worst, Self::Fastest, Self::NewlyWorse, Self::Blind];

    /// The one after it; after the last comes the first.
    #[must_use]
    pub fn next(self) -> Self {
        let at = Self::ALL.iter().position(|one| *one == self);
        at.map_or(Self::Worst, |at| Self::ALL[(at + 1) % Self::ALL.len()])
    }

    /// The name in the word files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Worst => "worst",
            Self::Fastest => "fastest",
            Self::NewlyWorse => "newly_worse",
            Self::Blind => "blind",
        }
    }

    /// Which of two comes first.
    #[must_use]
    pub fn order(self, one: &Rank, other: &Rank) -> Ordering {
        let worst = |rank: &Rank| Reverse((rank.grade, Sorted(rank.share)));
        match self {
            Self::Worst => worst(one).cmp(&worst(other)),
            Self::Fastest => other.surely.total_cmp(&one.surely),
            Self::NewlyWorse => {
                (other.worse_by.cmp(&one.worse_by)).then(worst(one).cmp(&worst(other)))
            }
            Self::Blind => {
                (one.grade.is_some(), one.last).cmp(&(other.grade.is_some(), other.last))
            }
        }
    }

    /// Whether it is what this order is about: a house at rest is none of the worst.
    #[must_use]
    pub fn is_about(self, rank: &Rank) -> bool {
        match self {
            Self::Worst => rank.grade.is_some_and(|grade| grade > MonitorGrade::Normal),
            Self::Fastest => rank.surely > 0.0,
            Self::NewlyWorse => rank.worse_by > 0,
            Self::Blind => rank.grade.is_none(),
        }
    }
}

/// What orders are made by.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rank {
    /// The grade; `None` where nothing can be told.
    pub grade: Option<MonitorGrade>,
    /// Share of the limit.
    pub share: f64,
    /// The fastest that it surely moves, by [`Rank::surely_of`].
    pub surely: f64,
    /// By how many grades it became worse.
    pub worse_by: i32,
    /// Device time of the newest reading.
    pub last: Option<Timestamp>,
}

impl Rank {
    /// How fast something surely moves, so that ‰ and mm can stand in one list: eight millimetres of
    /// settlement a month weigh as much as a thousandth of lean.
    #[must_use]
    pub fn surely_of(quantity: Quantity, surely_per_month: Option<f64>) -> f64 {
        let weight = match quantity {
            Quantity::Tilt | Quantity::Distortion | Quantity::Crack => 1.0,
            Quantity::Settlement => 8.0,
        };
        surely_per_month.unwrap_or(0.0).max(0.0) / weight
    }

    /// By how many grades something became worse; nothing could be told before: that is no news.
    #[must_use]
    pub fn worse_by_of(was: Option<MonitorGrade>, is: Option<MonitorGrade>) -> i32 {
        let number = |grade: MonitorGrade| grade as i32;
        was.map_or(0, |was| is.map_or(-1, number) - number(was))
    }

    /// The two of one house as one: of each the worse.
    #[must_use]
    pub fn joined(self, other: Self) -> Self {
        Self {
            grade: self.grade.max(other.grade),
            share: self.share.max(other.share),
            surely: self.surely.max(other.surely),
            worse_by: self.worse_by.max(other.worse_by),
            last: self.last.max(other.last),
        }
    }
}

/// A number that can be sorted.
#[derive(PartialEq)]
struct Sorted(f64);

impl Eq for Sorted {}

impl PartialOrd for Sorted {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Sorted {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(by: RankBy, ranks: &[Rank], order: &[usize]) {
        let mut sorted: Vec<usize> = (0..ranks.len()).collect();
        sorted.sort_by(|one, other| by.order(&ranks[*one], &ranks[*other]));
        assert_eq!(sorted, order, "{by:?}");
    }

    #[test]
    fn each_order_is_about_something_else() {
        let at = |hour: i64| Some(Timestamp::from_millis(hour * 3_600_000));
        let rank = |grade, share, surely, worse_by, last| Rank {
            grade,
            share,
            surely,
            worse_by,
            last,
        };
        use MonitorGrade::{Normal, Orange, Red};
        let all = [
            rank(Some(Normal), 0.2, 0.9, 0, at(5)),
            rank(Some(Red), 0.4, 0.1, 1, at(4)),
            rank(Some(Red), 1.2, 0.0, 0, at(3)),
            rank(None, 0.0, 0.0, 0, at(1)),
            rank(Some(Orange), 0.6, 0.3, 3, at(2)),
            rank(None, 0.0, 0.0, 0, None),
        ];
        check(RankBy::Worst, &all, &[2, 1, 4, 0, 3, 5]);
        check(RankBy::Fastest, &all, &[0, 4, 1, 2, 3, 5]);
        check(RankBy::NewlyWorse, &all, &[4, 1, 2, 0, 3, 5]);
        check(RankBy::Blind, &all, &[5, 3, 4, 2, 1, 0]);
        let about = |by: RankBy| all.iter().filter(|rank| by.is_about(rank)).count();
        assert_eq!(RankBy::ALL.map(about), [3, 3, 2, 2]);
    }

    #[test]
    fn millimetres_and_thousandths_weigh_their_own() {
        let surely = |quantity, rate| Rank::surely_of(quantity, Some(rate));
        assert_eq!(
            surely(Quantity::Settlement, 8.0),
            surely(Quantity::Tilt, 1.0)
        );
        assert_eq!(surely(Quantity::Crack, -3.0), 0.0);
        assert_eq!(Rank::surely_of(Quantity::Tilt, None), 0.0);
    }
}
