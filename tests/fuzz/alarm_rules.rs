//! A city's own alarm rules: a table that is taken is strict, without contradiction, the same when
//! written and read again, and fit to be judged by.

use std::sync::Arc;

use pingjiang::base::{DeviceId, TableFault, Timestamp};
use pingjiang::model::alarm_rule::{AlarmRule, AlarmRules, Suppression};
use pingjiang::model::{Batch, Change, Ground, KindTable, LabelRules, Reading, Twin};
use pingjiang::rules::{self, Homes, Plan};
use pingjiang::space::Crs;
use serde::Serialize;

use crate::bodies::Seen;
use crate::own_tables::strict;
use crate::{config, imports};

/// Rules: each once; in a city with a device of each kind they are fit or refused with a line; what is
/// judged by them raises no alarm twice and ends none that was not raised.
pub fn rules(bytes: &[u8]) -> Seen {
    let own = match strict(bytes, AlarmRules::from_toml) {
        Ok(own) => own,
        Err(seen) => return seen,
    };
    #[derive(Serialize)]
    struct Table<'a> {
        rule: &'a [AlarmRule],
        suppress: &'a [Suppression],
    }
    let table = Table {
        rule: own.all(),
        suppress: own.suppressions(),
    };
    let written = toml::to_string(&table).expect("it has a TOML form");
    let again = AlarmRules::from_toml(&written).expect("it was read before");
    assert_eq!(again.all(), own.all());
    assert_eq!(again.suppressions(), own.suppressions());
    let count = own.all().len() + own.suppressions().len();
    let all = AlarmRules::standard().with(own);
    match judged(&all) {
        Ok(raised) => Seen::of((count, raised)),
        Err(fault) => {
            assert!(fault.line > 0 && !fault.reason.contains('\n'), "{fault:?}");
            Seen::message(&fault.reason)
        }
    }
}

/// How many alarms follow from some readings of every kind.
fn judged(table: &AlarmRules) -> Result<usize, TableFault> {
    let kinds = Arc::new(KindTable::standard());
    table.check(&kinds, &LabelRules::standard())?;
    let crs = Crs::from_epsg(4549).expect("it is built in");
    let mut ground = Ground::new(imports::info(&crs));
    for kind in kinds.all() {
        let id = DeviceId::from_source("fuzz", kind.id.as_str());
        ground.devices.insert(id, config::device(id, kind));
    }
    let everywhere = ground.devices.keys().copied().collect();
    let homes = Homes::from([("elderly_alone".to_owned(), everywhere)]);
    let plan = Plan::new(table, kinds.clone(), &ground, homes)?;
    let mut twin = Twin::new(Arc::new(ground));
    let mut raised = 0;
    for turn in 0..12_i64 {
        let at = Timestamp::from_millis(1_777_593_600_000 + turn * 300_000);
        let reading = |kind: &pingjiang::model::DeviceKind| Reading {
            device: DeviceId::from_source("fuzz", kind.id.as_str()),
            at,
            arrived: at,
            value: kind.min + (kind.max - kind.min) * [0.5, 0.95, 1.0, 0.5][turn as usize % 4],
            second: None,
            temperature_c: None,
        };
        let readings: Vec<Reading> = kinds.all().iter().map(reading).collect();
        let changes = rules::step(&twin, &plan, &readings, at);
        for change in &changes {
            if let Change::AlarmReturned { alarm, .. } = change {
                let new = |change: &Change| matches!(change, Change::AlarmRaised { alarm: new } if new.id == *alarm);
                let known = twin.live().alarms.get(alarm).is_some_and(|one| one.active);
                assert!(known || changes.iter().any(new), "{alarm} was not active");
            }
        }
        let batch = Batch {
            number: twin.live().batch + 1,
            ground_version: 0,
            at,
            readings,
            changes,
            uncommitted: false,
        };
        twin.apply(&batch).expect("it follows");
        let mut active: Vec<_> = twin
            .live()
            .alarms
            .values()
            .filter(|one| one.active)
            .collect();
        active.sort_by_key(|one| (one.device, one.rule.clone()));
        let twice = |pair: &[&pingjiang::model::Alarm]| {
            (pair[0].device, &pair[0].rule) == (pair[1].device, &pair[1].rule)
        };
        assert!(!active.windows(2).any(twice), "twice: {active:?}");
        raised = twin.live().alarms_raised as usize;
    }
    Ok(raised)
}
