//! Figures of alarms over a time, as ISA-18.2, IEC 62682 and EEMUA 191 judge an alarm system: how
//! many for a position, how much of the time in flood, what chatters, what stands for days, what
//! comes most often, how soon somebody takes notice. Used by `alarms figures` and reports. Pure: the
//! state at the beginning and the changes after it come in. Drills are counted apart.

use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;

use crate::base::{AlarmId, DeviceId, Millis, Timestamp};

use super::flood::FloodDetector;
use super::{Alarm, Change, Condition, Grade, Live};

/// Alarms of one condition within a minute from which on it chatters.
const CHATTER_COUNT: usize = 3;
const CHATTER_MS: Millis = 60_000;
/// An alarm that ends within this time is fleeting: nobody could have acted.
const FLEETING_MS: Millis = 10_000;
/// An alarm that is active longer than this is stale.
const STALE_MS: Millis = 24 * 3_600_000;
/// Most conditions that are named.
const NAMED_MAX: usize = 10;

/// How long something took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Spans {
    /// How often it happened.
    pub count: usize,
    /// Seconds that half of them took at most.
    pub median_s: Option<f64>,
    /// Seconds that nine of ten took at most.
    pub p90_s: Option<f64>,
    /// Seconds of the longest.
    pub longest_s: Option<f64>,
}

impl Spans {
    fn of(mut spans_ms: Vec<Millis>) -> Self {
        spans_ms.sort_unstable();
        let count = spans_ms.len();
        // The nearest rank: a span that really happened.
        let at = |share: f64| {
            let rank = (share * count as f64).ceil() as usize;
            spans_ms.get(rank.max(1) - 1).map(|ms| *ms as f64 / 1_000.0)
        };
        Self {
            count,
            median_s: at(0.5),
            p90_s: at(0.9),
            longest_s: at(1.0),
        }
    }
}

/// How often one condition warned.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Often {
    /// Which.
    pub condition: Condition,
    /// How often.
    pub count: usize,
}

/// The figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AlarmFigures {
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub to: Timestamp,
    /// Operator positions that shared the alarms.
    pub positions: usize,
    /// Alarms raised, drills left out.
    pub raised: usize,
    /// Alarms raised in drills.
    pub exercise: usize,
    /// Alarms raised, by grade.
    pub by_grade: BTreeMap<&'static str, usize>,
    /// Alarms a position got in an hour, on the average.
    pub per_position_hour: f64,
    /// Most alarms a position got in ten minutes.
    pub most_in_10_min: usize,
    /// Floods: more than ten in ten minutes at a position, until fewer than five.
    pub floods: usize,
    /// Share of the time in flood.
    pub flood_share: f64,
    /// Conditions that warned three times in a minute or more.
    pub chattering: usize,
    /// The ten of them that did so most often, and how often.
    pub chattering_most: Vec<Often>,
    /// Alarms that ended within ten seconds.
    pub fleeting: usize,
    /// Most alarms that stood for more than 24 hours at the same time.
    pub stale_most: usize,
    /// The ten conditions that warned most often.
    pub most_frequent: Vec<Often>,
    /// Share of all alarms that is theirs.
    pub most_frequent_share: f64,
    /// From the alarm to somebody's notice, of those noticed in this time.
    pub acknowledged: Spans,
    /// From the alarm to the end of its condition, of those that ended in this time.
    pub returned: Spans,
    /// Alarms that nobody took notice of by the end.
    pub unacknowledged: usize,
    /// Alarms that were suppressed by design when they were raised; not among the others, unless they
    /// still held when that was over.
    pub suppressed: usize,
    /// Orders to shelve.
    pub shelved: usize,
}

/// Takes changes in and gives the figures.
pub struct AlarmCount<'a> {
    is_counted: &'a dyn Fn(DeviceId) -> bool,
    from: Timestamp,
    positions: usize,
    open: BTreeMap<AlarmId, Alarm>,
    /// Alarms that are suppressed by design.
    aside: BTreeMap<AlarmId, Alarm>,
    suppressed: usize,
    exercise: usize,
    grades: BTreeMap<Grade, usize>,
    often: BTreeMap<Condition, usize>,
    near: BTreeMap<Condition, VecDeque<Timestamp>>,
    chatter: BTreeMap<Condition, usize>,
    fleeting: usize,
    acknowledged_ms: Vec<Millis>,
    returned_ms: Vec<Millis>,
    shelved: usize,
    flood: Floods,
    /// Moments at which alarms became stale (+1) and stopped being so (-1).
    stale: Vec<(Timestamp, i64)>,
}

/// Floods so far. Alarms go round the positions, so each gets its share.
struct Floods {
    detectors: Vec<FloodDetector>,
    next: usize,
    count: usize,
    sum_ms: Millis,
    most: usize,
}

impl Floods {
    fn end(&mut self, ended: Option<(Timestamp, Timestamp)>) {
        if let Some((since, until)) = ended {
            self.count += 1;
            self.sum_ms += until - since;
        }
    }

    fn take(&mut self, at: Timestamp) {
        let place = self.next % self.detectors.len();
        self.next += 1;
        let ended = self.detectors[place].take(at);
        self.most = self.most.max(self.detectors[place].at(at).count);
        self.end(ended);
    }

    fn close(&mut self, to: Timestamp) {
        for place in 0..self.detectors.len() {
            let ended = self.detectors[place].pass_to(to);
            self.end(ended);
            let lasting = self.detectors[place].at(to).since;
            self.end(lasting.map(|since| (since, to)));
        }
    }
}

impl<'a> AlarmCount<'a> {
    /// Begins with the state at a moment. Alarms of devices that are not counted are passed over;
    /// `positions` operators share the others.
    #[must_use]
    pub fn new(
        live: &Live,
        from: Timestamp,
        positions: usize,
        is_counted: &'a dyn Fn(DeviceId) -> bool,
    ) -> Self {
        let positions = positions.max(1);
        let open = live.alarms.values().filter(|one| !one.exercise);
        let open = open.filter(|one| is_counted(one.device));
        let open = open.map(|one| (one.id, one.clone()));
        let is_aside = |(_, one): &(AlarmId, Alarm)| one.suppressed.is_some();
        let (aside, open): (BTreeMap<_, _>, BTreeMap<_, _>) = open.partition(is_aside);
        let stale = open.values().filter(|one| one.active);
        let stale = stale.map(|one| (one.raised_at.plus(STALE_MS).max(from), 1));
        Self {
            stale: stale.collect(),
            open,
            aside,
            suppressed: 0,
            from,
            positions,
            is_counted,
            exercise: 0,
            grades: BTreeMap::new(),
            often: BTreeMap::new(),
            near: BTreeMap::new(),
            chatter: BTreeMap::new(),
            fleeting: 0,
            acknowledged_ms: Vec::new(),
            returned_ms: Vec::new(),
            shelved: 0,
            flood: Floods {
                detectors: vec![FloodDetector::default(); positions],
                next: 0,
                count: 0,
                sum_ms: 0,
                most: 0,
            },
        }
    }

    /// Takes a change of a batch of this time; batches come in their order.
    pub fn take(&mut self, at: Timestamp, change: &Change) {
        match change {
            Change::AlarmRaised { alarm } if (self.is_counted)(alarm.device) => {
                self.raise(at, alarm);
            }
            Change::AlarmReturned { alarm, at } => self.end(*alarm, *at),
            Change::SuppressionEnded { alarm, .. } => {
                let known = self.aside.remove(alarm);
                if let Some(known) = known.filter(|one| one.active || one.latched) {
                    self.raise_seen(at, &known);
                }
            }
            Change::AlarmAcknowledged { alarm, at, by } => {
                if let Some(known) = self.open.get_mut(alarm) {
                    self.acknowledged_ms.push((*at - known.raised_at).max(0));
                    let by = by.clone();
                    known.acknowledged = Some(super::Acknowledgement { by, at: *at });
                }
            }
            Change::Shelved { condition, .. } if (self.is_counted)(condition.device) => {
                self.shelved += 1;
            }
            _ => {}
        }
    }

    fn raise(&mut self, at: Timestamp, alarm: &Alarm) {
        if alarm.exercise {
            self.exercise += 1;
            return;
        }
        if self.open.contains_key(&alarm.id) || self.aside.contains_key(&alarm.id) {
            return;
        }
        if alarm.suppressed.is_some() {
            self.suppressed += 1;
            self.aside.insert(alarm.id, alarm.clone());
            return;
        }
        self.raise_seen(at, alarm);
    }

    /// An alarm that people see from now on.
    fn raise_seen(&mut self, at: Timestamp, alarm: &Alarm) {
        self.open.insert(alarm.id, alarm.clone());
        *self.grades.entry(alarm.grade).or_default() += 1;
        self.flood.take(at);
        self.stale.push((alarm.raised_at.plus(STALE_MS).max(at), 1));
        let condition = alarm.condition();
        *self.often.entry(condition.clone()).or_default() += 1;
        let near = self.near.entry(condition.clone()).or_default();
        near.push_back(at);
        while near.front().is_some_and(|first| at - *first >= CHATTER_MS) {
            near.pop_front();
        }
        if near.len() >= CHATTER_COUNT {
            *self.chatter.entry(condition).or_default() += 1;
        }
    }

    fn end(&mut self, alarm: AlarmId, at: Timestamp) {
        if let Some(known) = self.aside.get_mut(&alarm) {
            known.active = false;
        }
        let Some(known) = self.open.get_mut(&alarm).filter(|one| one.active) else {
            return;
        };
        known.active = false;
        let span_ms = (at - known.raised_at).max(0);
        self.returned_ms.push(span_ms);
        self.fleeting += usize::from(span_ms < FLEETING_MS);
        let stale_from = known.raised_at.plus(STALE_MS);
        self.stale.push((at.max(stale_from), -1));
    }

    /// The figures up to a moment.
    #[must_use]
    pub fn figures(mut self, to: Timestamp) -> AlarmFigures {
        self.flood.close(to);
        let time_ms = (to - self.from).max(1) as f64;
        let positions = self.positions as f64;
        let raised: usize = self.grades.values().sum();
        let most_frequent = most(&self.often);
        let frequent: usize = most_frequent.iter().map(|one| one.count).sum();
        let grades = Grade::ALL.iter();
        let grades = grades.map(|grade| {
            let count = self.grades.get(grade).copied().unwrap_or(0);
            (grade.as_str(), count)
        });
        let waiting = self.open.values().filter(|one| one.acknowledged.is_none());
        AlarmFigures {
            from: self.from,
            to,
            positions: self.positions,
            raised,
            exercise: self.exercise,
            by_grade: grades.collect(),
            per_position_hour: raised as f64 / positions / (time_ms / 3_600_000.0),
            most_in_10_min: self.flood.most,
            floods: self.flood.count,
            flood_share: self.flood.sum_ms as f64 / positions / time_ms,
            chattering: self.chatter.len(),
            chattering_most: most(&self.chatter),
            fleeting: self.fleeting,
            stale_most: most_at_once(self.stale, to),
            most_frequent_share: match raised {
                0 => 0.0,
                _ => frequent as f64 / raised as f64,
            },
            most_frequent,
            acknowledged: Spans::of(self.acknowledged_ms),
            returned: Spans::of(self.returned_ms),
            unacknowledged: waiting.count(),
            suppressed: self.suppressed,
            shelved: self.shelved,
        }
    }
}

/// The conditions with the highest counts.
fn most(counts: &BTreeMap<Condition, usize>) -> Vec<Often> {
    let mut all: Vec<_> = counts.iter().collect();
    all.sort_by_key(|(condition, count)| (std::cmp::Reverse(**count), *condition));
    let named = all.into_iter().take(NAMED_MAX);
    let named = named.map(|(condition, count)| Often {
        condition: condition.clone(),
        count: *count,
    });
    named.collect()
}

/// Most at the same time, from steps up and down until a moment. What ends as it begins never was.
fn most_at_once(mut steps: Vec<(Timestamp, i64)>, to: Timestamp) -> usize {
    steps.retain(|(at, _)| *at <= to);
    steps.sort_unstable();
    let (mut now, mut most) = (0, 0);
    for (_, step) in steps {
        now += step;
        most = most.max(now);
    }
    usize::try_from(most).unwrap_or(0)
}

#[cfg(test)]
mod tests;
