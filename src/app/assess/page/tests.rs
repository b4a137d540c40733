//! Sentences of a page: settlement since the epoch, rest with the reason, a direction or why there is none.

use super::*;
use crate::model::MonitorGrade;
use crate::monitor::assess;
use crate::monitor::{Followed, Gauge, SeriesMonitor, Subject};

fn assessment(quantity: &str, unit: &str) -> Assessment {
    let table = MonitorTable::standard();
    let gauge = Gauge::of(&table, quantity, unit, &[]).expect("a unit");
    let state = SeriesMonitor::default();
    let followed = Followed::of(&state, &gauge.expect("it is followed"));
    Assessment {
        // What tells nothing is told as of the past.
        cannot_tell: Vec::new(),
        grade: Some(MonitorGrade::Normal),
        ..assess(&followed, &Subject::unknown(), &table)
    }
}

#[test]
fn settlement_is_told_since_the_epoch_with_what_the_instrument_reads() {
    let told = Assessment {
        level: Some(10.4),
        since_epoch: Some(7.28),
        ..assessment("settlement", "mm")
    };
    assert_eq!(
        sentence(&told, Lang::En).as_deref(),
        Some("settled 7.3 mm since its first month (instrument 10.4 mm)")
    );
    assert_eq!(
        sentence(&told, Lang::Zh).as_deref(),
        Some("自起算月沉降 7.3 mm（仪器读数 10.4 mm）")
    );
    let early = Assessment {
        since_epoch: None,
        ..told
    };
    let early = sentence(&early, Lang::En).expect("a sentence");
    assert!(early.starts_with("instrument 10.4 mm"), "{early}");
}

#[test]
fn a_lean_without_a_direction_says_why() {
    let lean = Assessment {
        level: Some(2.51),
        ..assessment("tilt", "mrad")
    };
    let told = sentence(&lean, Lang::En).expect("a sentence");
    assert!(
        told.contains("direction not known (the table monitor"),
        "{told}"
    );
    let towards = Assessment {
        bearing_deg: Some(329.0),
        ..lean
    };
    let told = sentence(&towards, Lang::En).expect("a sentence");
    assert_eq!(told, "leans 2.51 ‰ to north-north-west (329°)");
}

#[test]
fn why_rest_cannot_be_told_is_the_real_reason() {
    let table = MonitorTable::standard();
    let told = |days| rest(&Stability::Unsure { days }, &table, Lang::En);
    assert!(
        told(40).contains("40 days, and it takes 100"),
        "{}",
        told(40)
    );
    assert!(told(101).contains("too wide"), "{}", told(101));
    assert!(!told(101).contains("101"), "{}", told(101));
}
