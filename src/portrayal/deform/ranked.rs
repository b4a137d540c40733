//! The list of houses that are looked at first: the worst, the fastest, what became worse not long ago,
//! and what tells nothing, as rows with their words. Used by the wall's list. What has no room is counted.

use crate::base::{BuildingId, Timestamp};
use crate::model::{BLIND_MS, Ground, RankBy};
use crate::portrayal::hud::{address, ago, signed};
use crate::portrayal::words::{Key, Words};

use super::{DeformGrade, Deformation};

/// Most rows that a list holds; more than any panel shows.
pub const RANKED_ROWS: usize = 9;

/// A list.
#[derive(Debug, Clone, PartialEq)]
pub struct RankedList {
    /// What comes first.
    pub by: RankBy,
    /// The first [`RANKED_ROWS`].
    pub rows: Vec<RankedRow>,
    /// How many houses it is about, by each order of [`RankBy::ALL`].
    pub counts: [usize; 4],
}

/// A house in the list.
#[derive(Debug, Clone, PartialEq)]
pub struct RankedRow {
    /// Which.
    pub building: BuildingId,
    /// Its grade.
    pub grade: DeformGrade,
    /// Where, without door number.
    pub place: String,
    /// The figure that it stands there for.
    pub figure: String,
    /// What else is known of it.
    pub about: String,
}

impl RankedList {
    /// The houses of a city in an order, at a moment.
    #[must_use]
    pub fn of(
        ground: &Ground,
        deformations: &[Deformation],
        by: RankBy,
        now: Timestamp,
        words: &Words,
    ) -> Self {
        let about = |by: RankBy| {
            let all = deformations.iter();
            all.filter(move |one| by.is_about(&one.told.rank))
        };
        let mut first: Vec<&Deformation> = about(by).collect();
        first.sort_by(|one, other| by.order(&one.told.rank, &other.told.rank));
        let row = |one: &&Deformation| RankedRow {
            building: one.building,
            grade: one.grade,
            place: place(ground, one.building),
            figure: figure(one, by, now, words),
            about: about_text(one, by, now, words),
        };
        Self {
            by,
            rows: first.iter().take(RANKED_ROWS).map(row).collect(),
            counts: RankBy::ALL.map(|by| about(by).count()),
        }
    }

    /// How many houses this order is about.
    #[must_use]
    pub fn total(&self) -> usize {
        let at = RankBy::ALL.iter().position(|one| *one == self.by);
        at.map_or(0, |at| self.counts[at])
    }
}

fn place(ground: &Ground, building: BuildingId) -> String {
    let told = ground.buildings.get(&building).and_then(address);
    told.unwrap_or_else(|| building.to_string())
}

/// What the row stands there for, in few characters.
fn figure(one: &Deformation, by: RankBy, now: Timestamp, words: &Words) -> String {
    let told = &one.told;
    match by {
        RankBy::Worst => match told.share {
            Some(share) => format!("{:.0} %", share * 100.0),
            None => level(one),
        },
        // The number by which the list is ordered, not the rate that may as well be nought.
        RankBy::Fastest => told.fastest.map_or(String::new(), |(quantity, rate)| {
            let rate = format!("≥ {rate:.2} {}", quantity.unit());
            words.format(Key::RankedPerMonth, &[("rate", rate)])
        }),
        RankBy::NewlyWorse => {
            let worse = told.worse.map(|(worse, _)| ago(words, now - worse.at));
            worse.unwrap_or_default()
        }
        RankBy::Blind => match one.measured_at {
            Some(at) => ago(words, now - at),
            None => words.get(Key::RankedNever),
        },
    }
}

/// Level and growth; of what became worse from what to what.
fn about_text(one: &Deformation, by: RankBy, now: Timestamp, words: &Words) -> String {
    let told = &one.told;
    if let (RankBy::NewlyWorse, Some((worse, is))) = (by, told.worse) {
        let name = |grade| words.name("deform_grade", DeformGrade::from(Some(grade)).as_str());
        return format!("{} → {}", name(worse.from), name(is));
    }
    if by == RankBy::Blind {
        // It may tell, and nothing of it can be used.
        let is_heard = one.measured_at.is_some_and(|at| now - at < BLIND_MS);
        return words.get(match is_heard {
            true => Key::RankedUnusable,
            false => Key::RankedSilent,
        });
    }
    let mut parts = Vec::new();
    if let Some((quantity, _)) = told.quantity.zip(told.level) {
        let name = words.name("measured", quantity.as_str());
        parts.push(format!("{name} {}", level(one)));
    }
    if let Some([rate, half]) = told.per_month.filter(|_| by == RankBy::Worst) {
        let rate = format!("{}±{half:.2}", signed(rate, 2));
        parts.push(words.format(Key::RankedPerMonth, &[("rate", rate)]));
    }
    if let Some(share) = told.share.filter(|_| by == RankBy::Fastest) {
        let percent = format!("{:.0}", share * 100.0);
        parts.push(words.format(Key::CardJudgedShare, &[("share", percent)]));
    }
    parts.join(" · ")
}

fn level(one: &Deformation) -> String {
    let told = one.told.quantity.zip(one.told.level);
    told.map_or_else(String::new, |(quantity, level)| quantity.told(level))
}
