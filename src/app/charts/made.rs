//! A chart made of the state of a sensor and its readings. Every figure is the one that `assess` tells.
//! Never opens an archive.

use crate::base::{DeviceId, Millis, Timestamp};
use crate::model::{Device, Ground, KindTable, Quantity, Step};
use crate::monitor::{
    Assessment, Cause, DayValue, DeviceRange, Followed, Gauge, Growth, MONTH_DAYS, Sample, Seen,
    SeriesMonitor, forecast, median,
};
use crate::portrayal::chart::{
    AheadPoint, Chart, ChartEvent, ChartLimit, DayPoint, EventKind, RawSpan, Trend, TrendEnd,
};
use crate::portrayal::deform::DeformGrade;
use crate::portrayal::hud::device_words;
use crate::portrayal::words::{Lang, Words};

use crate::app::assess::{cannot_forecast, status_name, why};
use crate::app::monitored::Bank;

/// A day in milliseconds.
const DAY_MS: Millis = 86_400_000;
/// Days that are shown: those that a state keeps one by one.
const DAYS_SHOWN: i64 = 100;
/// Of so few days every hour is shown.
const HOURLY_DAYS: i64 = 14;
/// Days ahead that are told, as far as the series carries.
const AHEAD_DAYS: [u32; 14] = [1, 2, 4, 7, 10, 14, 18, 24, 30, 40, 50, 60, 75, 90];
/// So many days ahead are told of any series that tells at all.
const AHEAD_LEAST: u32 = 7;

/// Readings on their way into stretches of a chart.
pub(super) struct Raw {
    gauge: Gauge,
    range: Option<DeviceRange>,
    way: [f64; 2],
    from: Timestamp,
    step: Step,
    utc_offset_minutes: i32,
    spans: Vec<RawSpan>,
}

impl Raw {
    /// Ready to take readings of a sensor; `None` where it has no level, along which they would be told.
    pub fn begin(bank: &Bank, device: DeviceId) -> Option<Self> {
        let (sensor, state) = (bank.sensors().get(device)?, bank.state(device)?);
        let followed = bank.followed(device, state)?;
        let (way, last) = (followed.way()?, state.last()?);
        let utc_offset_minutes = bank.utc_offset_minutes();
        let first = followed.course().first().map(|day| i64::from(day.number));
        let span = first.map_or(0, |first| bank.day_of(last) - first);
        let is_short = span <= HOURLY_DAYS;
        let midnight = Step::Day.begin(last, utc_offset_minutes);
        let shown = if is_short {
            HOURLY_DAYS
        } else {
            DAYS_SHOWN - 1
        };
        Some(Self {
            gauge: sensor.gauge,
            range: sensor.range,
            way,
            from: midnight.plus(-shown * DAY_MS),
            step: if is_short { Step::Hour } else { Step::Day },
            utc_offset_minutes,
            spans: Vec::new(),
        })
    }

    /// From when on readings are wanted.
    pub const fn from(&self) -> Timestamp {
        self.from
    }

    /// Takes a reading; they come in the order of their times. What no such sensor can tell is no reading.
    pub fn take(&mut self, sample: &Sample) {
        let [first, second] = self.gauge.measured(sample).value;
        let is_beyond = self.range.is_some_and(|range| !range.holds(sample));
        if is_beyond || !(first.hypot(second) < self.gauge.quantity().most()) {
            return;
        }
        let value = first * self.way[0] + second * self.way[1];
        let begin = self.step.begin(sample.at, self.utc_offset_minutes);
        let day = |at: Timestamp| {
            let local_ms = at.millis() + i64::from(self.utc_offset_minutes) * 60_000;
            local_ms as f64 / DAY_MS as f64
        };
        let from_day = day(begin);
        match self
            .spans
            .last_mut()
            .filter(|span| span.from_day == from_day)
        {
            Some(span) => {
                span.low = span.low.min(value);
                span.high = span.high.max(value);
            }
            None => self.spans.push(RawSpan {
                from_day,
                to_day: day(begin.plus(self.step.millis())),
                low: value,
                high: value,
            }),
        }
    }
}

/// What charts are made with.
pub(super) struct Maker<'a> {
    pub bank: &'a Bank,
    pub ground: &'a Ground,
    pub kinds: &'a KindTable,
    /// What was known until then.
    pub at: Timestamp,
}

impl Maker<'_> {
    /// The chart of a sensor; `None` for one that is not followed.
    pub fn chart(&self, device: DeviceId, raw: Option<Raw>) -> Option<Chart> {
        let bank = self.bank;
        let sensor = bank.sensors().get(device)?;
        let silent = SeriesMonitor::default();
        let state = bank.state(device).unwrap_or(&silent);
        let followed = bank.followed(device, state)?;
        let assessment = bank.assess(device)?;
        let from = state.last().map(|last| bank.day_of(last) - DAYS_SHOWN);
        let mut course = followed.course();
        course.retain(|day| from.is_none_or(|from| i64::from(day.number) > from));
        let mut untold = self.untold(&assessment);
        let told = (!assessment.tells_nothing()).then(|| ahead(&followed, &course));
        let ahead = match told.unwrap_or(Err(None)) {
            Ok(ahead) => ahead,
            Err(reason) => {
                untold.extend(reason.filter(|_| !course.is_empty()));
                Vec::new()
            }
        };
        let [titles, places] = self.names(device);
        let chart = Chart {
            device,
            titles,
            places,
            measured: sensor.gauge.quantity(),
            utc_offset_minutes: bank.utc_offset_minutes(),
            at: self.at,
            newest: state.last(),
            grade: DeformGrade::from(assessment.grade),
            level: assessment.level,
            reads: None,
            bearing_deg: assessment.bearing_deg,
            share: assessment.share,
            raw_is_hourly: raw.as_ref().is_some_and(|raw| raw.step == Step::Hour),
            raw: raw.map(|raw| raw.spans).unwrap_or_default(),
            is_compensated: state.response().is_some(),
            trend: (assessment.growth).and_then(|growth| trend(growth, &followed, &course)),
            days: course.iter().map(day_point).collect(),
            limit: self.limit(device, &assessment),
            ahead,
            events: events(bank, device, state, &followed),
            untold,
        };
        Some(match assessment.quantity {
            Quantity::Settlement => chart.since(assessment.since_epoch),
            _ => chart,
        })
    }

    /// What a sensor is called, told apart from others of its kind by the end of its id, and where it is.
    fn names(&self, device: DeviceId) -> [[String; 2]; 2] {
        let tail = self.tail(device);
        let named = [Lang::Zh, Lang::En].map(|lang| {
            let [kind, place] = device_words(self.ground, self.kinds, device, Words::of(lang));
            [format!("{kind}{tail}"), place]
        });
        let [[zh, place_zh], [en, place_en]] = named;
        [[zh, en], [place_zh, place_en]]
    }

    /// The end of its id, where the building has more sensors of the kind.
    fn tail(&self, device: DeviceId) -> String {
        let devices = &self.ground.devices;
        let alike = devices.get(&device).map_or(0, |own| {
            let is_alike = |one: &&Device| one.building == own.building && one.kind == own.kind;
            devices.values().filter(is_alike).count()
        });
        let id = device.to_string();
        let end = id.char_indices().rev().nth(3).map_or(0, |(at, _)| at);
        match alike {
            0 | 1 => String::new(),
            _ => format!(" …{}", &id[end..]),
        }
    }

    fn untold(&self, assessment: &Assessment) -> Vec<[String; 2]> {
        let (table, offset) = (self.bank.table(), self.bank.utc_offset_minutes());
        let told = assessment.cannot_tell.iter();
        told.map(|reason| [Lang::Zh, Lang::En].map(|lang| why(reason, table, offset, lang)))
            .collect()
    }

    fn limit(&self, device: DeviceId, assessment: &Assessment) -> Option<ChartLimit> {
        let (sensor, table) = (self.bank.sensors().get(device)?, self.bank.table());
        let limit = table.limit(assessment.quantity, &sensor.subject)?;
        let value = limit.number()?;
        let tiers = table.tiers;
        let tiers = [
            (DeformGrade::Attention, tiers.attention),
            (DeformGrade::Yellow, tiers.yellow),
            (DeformGrade::Orange, tiers.orange),
            (DeformGrade::Red, tiers.red),
        ];
        let status = [Lang::Zh, Lang::En].map(|lang| status_name(limit.status, lang).to_owned());
        Some(ChartLimit {
            names: [limit.zh.clone(), limit.en.clone()],
            status,
            value,
            tiers: tiers.map(|(grade, share)| (grade, share * value)).into(),
        })
    }
}

const fn day_point(day: &DayValue) -> DayPoint {
    DayPoint {
        number: day.number,
        value: day.value,
    }
}

/// Where the days go from here, no further than they reach back; why not, where that has a reason.
fn ahead(followed: &Followed, course: &[DayValue]) -> Result<Vec<AheadPoint>, Option<[String; 2]>> {
    let told = forecast(&followed.series());
    let told = told
        .map_err(|reason| Some([Lang::Zh, Lang::En].map(|lang| cannot_forecast(reason, lang))))?;
    let (first, last) = course.first().zip(course.last()).ok_or(None)?;
    let reach = last.number.abs_diff(first.number).max(AHEAD_LEAST);
    let days = AHEAD_DAYS.into_iter().filter(|days| *days <= reach);
    let points = days.filter_map(|days| {
        let one = told.at(days).ok()?;
        Some(AheadPoint {
            number: told.last_number.saturating_add_unsigned(days),
            middle: one.middle,
            bands: [one.half, one.most, one.nearly_all].map(|band| [band.low, band.high]),
        })
    });
    Ok(points.collect())
}

/// The line that the rate of growth stands on, through the middle of its days; where days lie on another
/// level than today's, since the house moved, the line does so, too.
fn trend(growth: Growth, followed: &Followed, course: &[DayValue]) -> Option<Trend> {
    let series = followed.series();
    let last = series.last()?.number;
    let is_in = |day: &&DayValue| last.abs_diff(day.number) <= growth.span_days;
    let window: Vec<&DayValue> = series.iter().filter(is_in).collect();
    let mut numbers: Vec<f64> = window.iter().map(|day| f64::from(day.number)).collect();
    let mut values: Vec<f64> = window.iter().map(|day| day.value).collect();
    let (middle, level) = (median(&mut numbers)?, median(&mut values)?);
    let end = |number: i32, off: f64| {
        let days = f64::from(number) - middle;
        TrendEnd {
            number,
            value: level + growth.per_month / MONTH_DAYS * days + off,
            half: growth.half / MONTH_DAYS * days.abs(),
        }
    };
    let mut pieces: Vec<(f64, [TrendEnd; 2])> = Vec::new();
    for day in window {
        let at = course.binary_search_by_key(&day.number, |one| one.number);
        let Some(then) = at.ok().and_then(|at| course.get(at)) else {
            continue;
        };
        let off = then.value - day.value;
        match pieces
            .last_mut()
            .filter(|(was, _)| (was - off).abs() < 1e-9)
        {
            Some((off, piece)) => piece[1] = end(day.number, *off),
            None => pieces.push((off, [end(day.number, off); 2])),
        }
    }
    Some(Trend {
        per_month: growth.per_month,
        half: growth.half,
        span_days: growth.span_days,
        pieces: pieces.into_iter().map(|(_, piece)| piece).collect(),
    })
}

/// What was sudden, oldest first.
fn events(
    bank: &Bank,
    device: DeviceId,
    state: &SeriesMonitor,
    followed: &Followed,
) -> Vec<ChartEvent> {
    let way = followed.way().unwrap_or([1.0, 0.0]);
    let looked = bank.looked(device);
    let event = |jump: &crate::monitor::Jump, last_ms: i64, kind: EventKind| {
        let at = Timestamp::from_millis(jump.at_ms);
        let by = (0..2).map(|axis| (jump.to[axis] - jump.from[axis]) * way[axis]);
        ChartEvent {
            at,
            kind,
            by: by.sum(),
            is_open: looked.is_none_or(|looked| last_ms > looked.millis()),
        }
    };
    let mut events: Vec<ChartEvent> = (state.breaks())
        .map(|one| {
            let kind = match one.cause {
                Cause::Movement => EventKind::Moved,
                Cause::Mounting => EventKind::MountedAnew,
                Cause::Axes => EventKind::AxesSwapped,
                Cause::Unit => EventKind::OtherUnit,
            };
            event(&one.jump, one.last_ms(), kind)
        })
        .collect();
    if let Some(Seen::Unconfirmed(jump)) = state.last_seen() {
        events.push(event(&jump, jump.at_ms, EventKind::Unconfirmed));
    }
    events
}
