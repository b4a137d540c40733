//! Series of the borrowed sensors, read without tuning: what is in each file and must be told of it,
//! and how well forecasts hold on them.

#[path = "support/command.rs"]
mod command;
mod support;

use std::path::PathBuf;

use pingjiang::ingest::{
    ClockJump, Series, SeriesColumn, SeriesOptions, TableReport, TimeForm, Unused, read_series_file,
};
use pingjiang::monitor::{Coverage, DayValue, HORIZONS_DAYS, back_test};

const HOUR_MS: i64 = 3_600_000;
const QUARTER_MS: i64 = 900_000;
/// What local times of the landslide stations are read by: Pacific standard time.
const PACIFIC: SeriesOptions = SeriesOptions {
    offset_minutes: -480,
};

fn sensors(name: &str) -> Option<PathBuf> {
    support::borrowed(&format!("sensors/{name}"))
}

fn read(name: &str) -> Option<Series> {
    let path = sensors(name)?;
    Some(read_series_file(&path, &PACIFIC).unwrap_or_else(|fault| panic!("{fault}")))
}

/// Nothing is told of it but how it was read.
fn is_sound(told: &TableReport) -> bool {
    told.not_a_time.count == 0
        && (told.doubled, told.backwards) == (0, 0)
        && told.clock_jumps.is_empty()
        && told.notes.is_empty()
}

/// Nothing of it was set aside.
fn is_whole(column: &SeriesColumn) -> bool {
    let told = &column.told;
    told.empty == 0 && told.sentinels.is_empty() && told.not_a_number.count == 0
}

#[test]
fn water_flow_has_gaps_and_an_offset_that_changes() {
    let Some(series) = read("waterflow/water-flow.csv") else {
        return;
    };
    let told = &series.told;
    assert!(is_sound(told), "{told:?}");
    assert_eq!(
        (told.rows, told.head_rows, told.cells_apart_by),
        (1_268, 1, ",")
    );
    assert_eq!(
        (told.time_columns.join(" "), told.time_form),
        ("Time".to_owned(), TimeForm::Date)
    );
    assert!(!told.is_local_time);
    let offsets: Vec<_> = told
        .offsets
        .iter()
        .map(|one| (one.line, one.offset_minutes))
        .collect();
    assert_eq!(offsets, [(2, 60), (161, 120)]);
    let [flow] = series.columns.as_slice() else {
        panic!("{} columns", series.columns.len());
    };
    assert_eq!(
        (flow.name.as_str(), flow.unit.as_deref()),
        ("Water flow", Some("l/s"))
    );
    assert!(is_whole(flow));
    assert_eq!(
        (flow.values.len(), flow.told.interval_ms),
        (1_268, Some(HOUR_MS))
    );
    assert_eq!(flow.values[0].0.to_string(), "2022-03-20T10:00:00Z");
    let missing: Vec<u64> = flow.told.gaps.iter().map(|gap| gap.missing).collect();
    assert_eq!(missing, [1, 1, 31, 10, 6, 22, 21, 15, 1, 3]);
    assert_eq!(flow.told.gap_count, 10);
    // Five hours of 24.26 in the middle of the first anomaly.
    let stuck: Vec<_> = flow
        .told
        .stuck
        .iter()
        .map(|one| (one.count, one.value))
        .collect();
    assert_eq!(stuck, [(5, 24.26)]);
}

#[test]
fn landslide_stations_have_no_header_and_count_their_rows() {
    for (name, columns, constant) in [
        ("waMLP", 3, 0),
        ("waMVD116", 19, 0),
        ("waMWWD", 3, 0),
        ("waWatertonA", 20, 0),
        ("waWatertonB", 19, 2),
    ] {
        let Some(series) = read(&format!("usgs_mukilteo/{name}_14d.txt")) else {
            return;
        };
        let told = &series.told;
        assert!(is_sound(told) && told.is_local_time, "{name}: {told:?}");
        assert_eq!(
            (told.rows, told.head_rows, told.cells_apart_by),
            (1_344, 0, "tab"),
            "{name}"
        );
        assert_eq!(told.time_form, TimeForm::Date, "{name}");
        let [counter] = told.unused.as_slice() else {
            panic!("{name}: {:?}", told.unused);
        };
        assert_eq!(
            (counter.name.as_str(), counter.why),
            ("column 2", Unused::CountsRows),
            "{name}"
        );
        assert_eq!(series.columns.len(), columns, "{name}");
        let alike = series
            .columns
            .iter()
            .filter(|column| column.told.is_constant);
        assert_eq!(alike.count(), constant, "{name}");
        for column in &series.columns {
            let place = format!("{name}, {}: {:?}", column.name, column.told);
            assert!(is_whole(column) && column.unit.is_none(), "{place}");
            assert_eq!(
                (column.values.len(), column.told.gap_count),
                (1_344, 0),
                "{place}"
            );
            assert_eq!(column.told.interval_ms, Some(QUARTER_MS), "{place}");
            assert_eq!(
                column.values[0].0.to_string(),
                "2015-12-18T08:00:00Z",
                "{place}"
            );
        }
    }
}

#[test]
fn rain_has_its_time_in_five_columns_and_two_clocks_were_set_back() {
    for (name, rows, jump, gaps) in [
        ("waMLP", 11_575, Some(1_253), 0),
        ("waMVD116", 13_082, Some(4_268), 1),
        ("waMWWD", 8_970, None, 0),
        ("waWatertonA", 12_996, None, 0),
    ] {
        let Some(series) = read(&format!("usgs_mukilteo/{name}_rain.txt")) else {
            return;
        };
        let told = &series.told;
        assert_eq!(
            (told.rows, told.time_form),
            (rows, TimeForm::Parts),
            "{name}"
        );
        assert_eq!(told.time_columns.len(), 5, "{name}");
        assert!(told.is_local_time, "{name}");
        assert_eq!(
            (told.not_a_time.count, told.doubled, told.backwards),
            (0, 0, 0),
            "{name}"
        );
        let set = jump.map(|line| ClockJump {
            line,
            by_minutes: -60,
        });
        assert_eq!(told.clock_jumps, Vec::from_iter(set), "{name}");
        let [rain] = series.columns.as_slice() else {
            panic!("{name}: {} columns", series.columns.len());
        };
        assert!(is_whole(rain), "{name}: {:?}", rain.told);
        // No value is lost to the clock, and none of the dry weeks is called stuck.
        assert_eq!(rain.values.len(), rows, "{name}");
        assert_eq!(
            (rain.told.gap_count, rain.told.stuck.len()),
            (gaps, 0),
            "{name}"
        );
    }
}

#[test]
fn subsidence_is_told_apart_by_places() {
    for (name, places, columns, words) in [("nansha", 1_993, 5, 2), ("zhongshan", 1_993, 6, 5)] {
        let Some(series) = read(&format!("subsidence/{name}_2000.csv")) else {
            return;
        };
        let told = &series.told;
        assert!(is_sound(told), "{name}: {told:?}");
        assert_eq!(
            (told.time_form, told.is_local_time),
            (TimeForm::Year, false),
            "{name}"
        );
        assert_eq!(told.place_columns, ["longitude", "latitude"], "{name}");
        assert_eq!(
            told.unused
                .iter()
                .filter(|one| one.why == Unused::Words)
                .count(),
            words,
            "{name}"
        );
        assert_eq!(series.columns.len(), places * columns, "{name}");
        let rain = series
            .columns
            .iter()
            .find(|column| column.name.starts_with("rainfall"));
        assert_eq!(
            rain.and_then(|rain| rain.unit.as_deref()),
            Some("mm"),
            "{name}"
        );
        // Two years of a place at most: nothing can be foreseen, and that is said.
        let most = series
            .columns
            .iter()
            .map(|column| column.values.len())
            .max();
        assert_eq!(most, Some(2), "{name}");
    }
}

#[test]
fn what_is_no_series_is_refused_with_its_name_and_advice() {
    for (name, why) in [
        (
            "subsidence/kdiagram_min_zhongshan_quantiles.csv",
            "turn the table",
        ),
        ("usgs_mukilteo/Colors.txt", "no column tells the time"),
        ("usgs_mukilteo/LICENSE.md", "no column tells the time"),
        ("usgs_mukilteo/ReadMe.md", "no column tells the time"),
        (
            "usgs_mukilteo/interpolatingPoints.txt",
            "no column tells the time",
        ),
        ("usgs_mukilteo/nwsfmt_in.txt", "no column tells the time"),
        ("usgs_mukilteo/thresh_in.txt", "no column tells the time"),
        ("waterflow/LICENSE.river", "no column tells the time"),
    ] {
        let Some(path) = sensors(name) else {
            return;
        };
        let fault = read_series_file(&path, &PACIFIC)
            .expect_err(name)
            .to_string();
        assert!(
            fault.contains(why) && fault.contains(name),
            "{name}: {fault}"
        );
    }
}

/// One value for each stretch of so many hours: the median.
fn stretches(column: &SeriesColumn, hours: i64) -> Vec<DayValue> {
    let number = |at: i64| at.div_euclid(hours * HOUR_MS) as i32;
    let same = column
        .values
        .chunk_by(|one, next| number(one.0.millis()) == number(next.0.millis()));
    same.map(|values| {
        let mut sorted: Vec<f64> = values.iter().map(|one| one.1).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        DayValue {
            number: number(values[0].0.millis()),
            value: sorted[sorted.len() / 2],
        }
    })
    .collect()
}

/// Coverage of several back-tests as one, in percent, with how many forecasts.
fn together(all: &[Coverage]) -> Vec<(u32, [f64; 3], usize)> {
    let of = |days: u32| {
        let same: Vec<&Coverage> = all.iter().filter(|one| one.horizon_days == days).collect();
        let count: usize = same.iter().map(|one| one.count).sum();
        let share = |held: fn(&Coverage) -> f64| {
            let held: f64 = same.iter().map(|one| held(one) * one.count as f64).sum();
            100.0 * held / count as f64
        };
        (
            days,
            [
                share(|one| one.held_50),
                share(|one| one.held_80),
                share(|one| one.held_95),
            ],
            count,
        )
    };
    let all = HORIZONS_DAYS.into_iter().map(of);
    all.filter(|(_, _, count)| *count > 0).collect()
}

fn print(name: &str, all: &[Coverage]) -> Vec<(u32, [f64; 3], usize)> {
    let found = together(all);
    for (steps, [half, most, nearly_all], count) in &found {
        println!("| {name} | {steps} | {half:.0} | {most:.0} | {nearly_all:.0} | {count} |");
    }
    found
}

#[test]
fn forecasts_of_real_series_hold() {
    let Some(flow) = read("waterflow/water-flow.csv") else {
        return;
    };
    println!(
        "| series | steps ahead | 50 % held | 80 % | 95 % | forecasts |\n|---|---|---|---|---|---|"
    );
    print(
        "water flow, hours",
        &back_test(&stretches(&flow.columns[0], 1)),
    );
    print(
        "water flow, days",
        &back_test(&stretches(&flow.columns[0], 24)),
    );
    let mut all = Vec::new();
    for name in ["waMLP", "waMVD116", "waMWWD", "waWatertonA", "waWatertonB"] {
        let Some(series) = read(&format!("usgs_mukilteo/{name}_14d.txt")) else {
            return;
        };
        for column in &series.columns {
            // What mostly tells nought is rain, which comes and goes.
            let noughts = column.values.iter().filter(|one| one.1 == 0.0).count();
            if noughts * 2 < column.values.len() {
                all.extend(back_test(&stretches(column, 1)));
            }
        }
    }
    for (steps, held, count) in print("landslide stations, hours", &all) {
        assert!(count > 800, "{steps}: {count}");
        assert!(held[2] > 80.0, "{steps} hours ahead: {held:?}");
    }
}

#[test]
fn the_command_tells_what_is_in_a_file_and_judges_its_columns() {
    let Some(path) = sensors("waterflow/water-flow.csv") else {
        return;
    };
    let path = path.to_str().unwrap();
    let page = |arguments: &[&str]| {
        let output = command::pingjiang(&[&["series", path], arguments].concat());
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        let text = String::from_utf8(output.stdout).unwrap();
        (output.status.success(), text + &told)
    };
    let (is_well, text) = page(&["--lang", "en"]);
    assert!(is_well, "{text}");
    for words in [
        "1268 rows, 1 column of numbers",
        "Water flow (l/s)",
        "10 gaps",
        "the offset is +120 minutes",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let (is_well, text) = page(&["--of", "crack"]);
    assert!(!is_well && text.contains("no unit of length"), "{text}");
    let (is_well, text) = page(&["--of", "crack", "--unit", "mm", "--lang", "en"]);
    assert!(
        is_well && text.contains("crack 103.53 mm wide") && text.contains("0 days can be used"),
        "{text}"
    );
    let (is_well, text) = page(&["--column", "rain"]);
    assert!(
        !is_well && text.contains("has such a name or place"),
        "{text}"
    );
}
