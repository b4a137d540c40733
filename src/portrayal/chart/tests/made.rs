//! Charts to lay out.

use crate::base::{DeviceId, Timestamp};
use crate::portrayal::chart::*;
use crate::portrayal::deform::DeformGrade;

/// 2026-03-20, days since 1970.
pub const FIRST: i32 = 20_532;

/// Midnight of a day by the city's clock.
fn midnight(number: i32) -> Timestamp {
    Timestamp::from_millis(i64::from(number) * DAY_MS - 480 * 60_000)
}

/// A lean that grows from 6 ‰ under a limit of 10 ‰, with a gap of ten days, a movement and a forecast.
pub fn leaning(days: i32) -> Chart {
    let is_told = |day: &i32| !(20..30).contains(day);
    let value = |day: i32| 6.0 + 0.02 * f64::from(day) + if day % 2 == 0 { 0.05 } else { -0.05 };
    let last = FIRST + days - 1;
    let told = || (0..days).filter(is_told);
    let ahead = |ahead: i32| {
        let (middle, half) = (
            value(days - 1) + 0.02 * f64::from(ahead),
            0.1 + 0.02 * f64::from(ahead),
        );
        AheadPoint {
            number: last + ahead,
            middle,
            bands: [0.5, 1.0, 1.6].map(|times| [middle - times * half, middle + times * half]),
        }
    };
    Chart {
        device: DeviceId::from_bits(7),
        titles: ["倾斜 …k3f9".to_owned(), "Tilt …k3f9".to_owned()],
        places: ["悬桥巷 12 号".to_owned(), "12 Xuanqiao Lane".to_owned()],
        measured: Quantity::Tilt,
        utc_offset_minutes: 480,
        at: midnight(last + 1),
        newest: Some(midnight(last + 1).plus(-600_000)),
        grade: DeformGrade::Attention,
        level: Some(value(days - 1)),
        reads: None,
        bearing_deg: Some(40.0),
        share: Some(0.7),
        raw: (told().map(|day| RawSpan {
            from_day: f64::from(FIRST + day),
            to_day: f64::from(FIRST + day) + 1.0,
            low: value(day) - 0.4,
            high: value(day) + if day == 3 { 33.0 } else { 0.4 },
        }))
        .collect(),
        raw_is_hourly: false,
        days: (told().map(|day| DayPoint {
            number: FIRST + day,
            value: value(day),
        }))
        .collect(),
        is_compensated: true,
        trend: Some(trend(last, value(days - 1))),
        limit: Some(limit()),
        ahead: [1, 7, 14, 30].map(ahead).into(),
        events: vec![ChartEvent {
            at: midnight(FIRST + days - 4),
            kind: EventKind::Moved,
            by: 0.4,
            is_open: true,
        }],
        untold: Vec::new(),
    }
}

/// A sensor that never told anything.
pub fn silent() -> Chart {
    Chart {
        newest: None,
        grade: DeformGrade::CannotTell,
        level: None,
        share: None,
        raw: Vec::new(),
        days: Vec::new(),
        trend: None,
        ahead: Vec::new(),
        events: Vec::new(),
        untold: vec![[
            "没有可用的读数".to_owned(),
            "no reading that could be used".to_owned(),
        ]],
        ..leaning(40)
    }
}

fn trend(last: i32, level: f64) -> Trend {
    Trend {
        per_month: 0.61,
        half: 0.12,
        span_days: 41,
        pieces: vec![[
            TrendEnd {
                number: FIRST,
                value: 6.0,
                half: 0.1,
            },
            TrendEnd {
                number: last,
                value: level,
                half: 0.1,
            },
        ]],
    }
}

fn limit() -> ChartLimit {
    ChartLimit {
        names: [
            "砖木民居".to_owned(),
            "Timber frame with brick infill".to_owned(),
        ],
        status: ["自定".to_owned(), "set by whoever runs the city".to_owned()],
        value: 10.0,
        tiers: vec![
            (DeformGrade::Attention, 3.33),
            (DeformGrade::Yellow, 7.0),
            (DeformGrade::Orange, 8.5),
            (DeformGrade::Red, 10.0),
        ],
    }
}
