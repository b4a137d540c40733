//! Configuration: strict TOML, and what comes of a table that is taken.

use std::collections::BTreeMap;
use std::sync::Arc;

use pingjiang::base::{DeviceId, ImportId, Timestamp};
use pingjiang::citygen::AreaSpec;
use pingjiang::model::{Batch, Device, DeviceKind, Ground, KindTable, Reading, Source, Twin};
use pingjiang::portrayal::look::Look;
use pingjiang::rules::{self, Plan};
use pingjiang::space::Crs;
use serde::Serialize;

use crate::bodies::Seen;
use crate::imports;

/// A member that no table knows, in front of everything.
const STRANGER: &str = "no_such_member = 1\n";

/// A table of kinds: strict, without contradiction, the same when written and read again, and
/// fit for the rules.
pub fn kinds(bytes: &[u8]) -> Seen {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Seen::REFUSED;
    };
    let table = match KindTable::from_toml(text) {
        Ok(table) => table,
        Err(fault) => return Seen::message(&fault.to_string()),
    };
    assert!(
        KindTable::from_toml(&format!("{STRANGER}{text}")).is_err(),
        "not strict"
    );
    for (place, kind) in table.all().iter().enumerate() {
        assert_eq!(table.position(&kind.id), Some(place));
        let thresholds = [kind.alarm_above, kind.alarm_below, kind.jump];
        let thresholds = thresholds.into_iter().flatten();
        let mut numbers = thresholds.chain([kind.min, kind.max, kind.alarm_dead_band]);
        assert!(numbers.all(f64::is_finite), "no number: {kind:?}");
        // An alarm can be raised and can end, and nothing does both.
        let least = if kind.is_about_zero() { 0.0 } else { kind.min };
        let band = kind.alarm_dead_band;
        let from_above = kind.alarm_above.map(|above| [above, above - band]);
        let from_below = kind.alarm_below.map(|below| [below, below + band]);
        let edges = from_above.into_iter().chain(from_below).flatten();
        // Without a dead band the thresholds themselves still call for an alarm.
        let low = kind.alarm_below.unwrap_or(least);
        let middle = 0.5 * (low + kind.alarm_above.unwrap_or(kind.max));
        let values: Vec<f64> = edges.chain([least, middle, kind.max]).collect();
        assert!(values.iter().any(|value| kind.is_back(*value)), "{kind:?}");
        assert_eq!(
            values.iter().any(|value| kind.is_beyond(*value)),
            kind.warns()
        );
        assert!(
            values
                .iter()
                .all(|value| !(kind.is_beyond(*value) && kind.is_back(*value)))
        );
        assert!(
            kind.min < kind.max && kind.alarm_dead_band >= 0.0,
            "{kind:?}"
        );
    }
    #[derive(Serialize)]
    struct Table<'a> {
        kind: &'a [DeviceKind],
    }
    let written = toml::to_string(&Table { kind: table.all() }).expect("it has a TOML form");
    assert_eq!(KindTable::from_toml(&written).as_ref(), Ok(&table));
    Seen::of((table.all().len(), judged(&table)))
}

/// What the rules make of a few readings of every kind.
fn judged(table: &KindTable) -> usize {
    let crs = Crs::from_epsg(4549).expect("it is built in");
    let mut ground = Ground::new(imports::info(&crs));
    for kind in table.all() {
        let id = DeviceId::from_source("fuzz", kind.id.as_str());
        ground.devices.insert(id, device(id, kind));
    }
    let ids: Vec<(DeviceId, &DeviceKind)> = table
        .all()
        .iter()
        .map(|kind| (DeviceId::from_source("fuzz", kind.id.as_str()), kind))
        .collect();
    let mut twin = Twin::new(Arc::new(ground));
    let plan = Plan::of_kinds(Arc::new(table.clone()));
    let mut count = 0;
    for turn in 0..4_i64 {
        let at = Timestamp::from_millis(turn * 60_000);
        let value = |kind: &DeviceKind| [kind.min, kind.max][turn as usize % 2];
        let readings: Vec<Reading> = ids
            .iter()
            .map(|(device, kind)| Reading {
                device: *device,
                at,
                arrived: at,
                value: value(kind),
                second: None,
                temperature_c: None,
            })
            .collect();
        let changes = rules::step(&twin, &plan, &readings, at);
        count += changes.len();
        let batch = Batch {
            number: twin.live().batch + 1,
            ground_version: 0,
            at,
            readings,
            changes,
            uncommitted: false,
        };
        twin.apply(&batch).expect("it follows");
    }
    count
}

/// A device of a kind, and nothing else known of it.
pub fn device(id: DeviceId, kind: &DeviceKind) -> Device {
    Device {
        id,
        source: Source {
            dataset: "fuzz".into(),
            key: kind.id.to_string(),
            import: ImportId::from_bits(0),
        },
        kind: kind.id.clone(),
        position: [0.0; 3],
        building: None,
        dwelling: None,
        interval_s: None,
        home: pingjiang::model::DeviceHome::Known,
        name: None,
    }
}

/// Both themes: strict to the last token.
pub fn look(bytes: &[u8]) -> Seen {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Seen::REFUSED;
    };
    let themes: BTreeMap<String, Look> = match toml::from_str(text) {
        Ok(themes) => themes,
        Err(fault) => return Seen::message(fault.message()),
    };
    for name in themes
        .keys()
        .filter(|name| text.contains(&format!("[{name}]\n")))
    {
        let title = format!("[{name}]\n");
        let strange = text.replacen(&title, &format!("{title}{STRANGER}"), 1);
        assert!(
            toml::from_str::<BTreeMap<String, Look>>(&strange).is_err(),
            "not strict"
        );
    }
    Seen::of(themes.len())
}

/// An area: strict, and with shares and sizes that make sense.
pub fn area(bytes: &[u8]) -> Seen {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Seen::REFUSED;
    };
    let spec = match AreaSpec::from_toml(text) {
        Ok(spec) => spec,
        Err(fault) => {
            assert!(!fault.to_string().is_empty());
            return Seen::message(&fault.to_string());
        }
    };
    assert!(
        AreaSpec::from_toml(&format!("{STRANGER}{text}")).is_err(),
        "not strict"
    );
    let people = &spec.people;
    let faults = &spec.faults;
    for share in [
        people.link_rate,
        faults.stale,
        faults.contradictory,
        faults.duplicate,
    ] {
        assert!((0.0..=1.0).contains(&share), "{share}");
    }
    let place = &spec.place;
    let sizes = [place.width_m, place.depth_m, place.context_m, place.bend_m];
    assert!(sizes.iter().all(|size| size.is_finite()), "{sizes:?}");
    assert!(
        Crs::from_epsg(spec.crs).is_ok_and(|crs| !crs.is_geographic()),
        "{}",
        spec.crs
    );
    Seen::of((
        spec.band.len(),
        spec.site.len(),
        spec.label.len(),
        spec.devices.len(),
    ))
}
