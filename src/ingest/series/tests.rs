//! Tables small enough to be written down: each way of writing a time, and each thing that is told.

use proptest::prelude::*;

use super::*;

const SUZHOU: SeriesOptions = SeriesOptions {
    offset_minutes: 480,
};

fn read(text: &str) -> Result<Series, ReadError> {
    read_series(text.as_bytes(), Path::new("t.csv"), &SUZHOU)
}

fn only(text: &str) -> (SeriesColumn, TableReport) {
    let mut series = read(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
    assert_eq!(series.columns.len(), 1, "{text}: {series:?}");
    (series.columns.remove(0), series.told)
}

/// The first time of a table with two rows.
#[track_caller]
fn check_time(first: &str, form: TimeForm, wanted: &str) {
    let (column, told) = only(first);
    assert_eq!(column.values[0].0.to_string(), wanted, "{first}");
    assert_eq!(told.time_form, form, "{first}");
}

#[test]
fn dates_are_read_however_they_are_written() {
    let check = |rows: &str, wanted: &str| check_time(rows, TimeForm::Date, wanted);
    let suzhou = "2024-05-01T00:00:00Z";
    check(
        "time,v\n2024-05-01T08:00:00+08:00,1\n2024-05-01T09:00:00+08:00,2\n",
        suzhou,
    );
    check(
        "time,v\n2024-05-01T00:00:00.5Z,1\n2024-05-01T01:00:00Z,2\n",
        "2024-05-01T00:00:00.5Z",
    );
    check("2024-05-01 08:00:00\t1\n2024-05-01 09:00:00\t2\n", suzhou);
    check("时间;沉降(mm)\n2024/5/1 8:00;1\n2024/5/1 9:00;2\n", suzhou);
    check(
        "日期,v\n2024年5月1日,1\n2024年5月2日,2\n",
        "2024-04-30T16:00:00Z",
    );
    check(
        "日期,v\n2024年5月1日 8时30分,1\n2024年5月2日 8时30分,2\n",
        "2024-05-01T00:30:00Z",
    );
    check("month,v\n2024-05,1\n2024-06,2\n", "2024-04-30T16:00:00Z");
}

#[test]
fn times_in_parts_and_in_numbers_are_read() {
    use TimeForm::{Compact, DateAndTime, Epoch, Parts, Year};
    let suzhou = "2024-05-01T00:00:00Z";
    check_time(
        "2024-05-01 08:00:00 1.5\n2024-05-01 08:10:00 1.6\n",
        DateAndTime,
        suzhou,
    );
    check_time(
        "2024 05 01 08 00 1.5\n2024 05 01 24 00 1.6\n",
        Parts,
        suzhou,
    );
    check_time(
        "year,month,v\n2024,5,1\n2024,6,2\n",
        Parts,
        "2024-04-30T16:00:00Z",
    );
    check_time(
        "timestamp,v\n20240501080000,1\n20240501090000,2\n",
        Compact,
        suzhou,
    );
    check_time("ts,v\n1714521600,1\n1714525200,2\n", Epoch, suzhou);
    check_time("ts,v\n1714521600000,1\n1714525200000,2\n", Epoch, suzhou);
    check_time("年份,v\n2023,1\n2024,2\n", Year, "2022-12-31T16:00:00Z");
}

#[test]
fn names_and_units_are_those_of_the_header() {
    let told = |header: &str| header::name_and_unit(header);
    let unit = |name: &str, unit: &str| (name.to_owned(), Some(unit.to_owned()));
    assert_eq!(told("Water flow [l/s]"), unit("Water flow", "l/s"));
    assert_eq!(told("tilt_x(°)"), unit("tilt_x", "°"));
    assert_eq!(told("沉降（mm）"), unit("沉降", "mm"));
    assert_eq!(told("温度/℃"), unit("温度", "℃"));
    assert_eq!(told("rainfall_mm"), unit("rainfall", "mm"));
    assert_eq!(told("station_a"), ("station_a".to_owned(), None));
    assert_eq!(told("(mm)"), ("(mm)".to_owned(), None));
    // A logger's four rows of head.
    let logger = "TOA5,CR1000,1,2,3\nTIMESTAMP,RECORD,Tilt_Avg\nTS,RN,deg\n,,Avg\n\
                  \"2024-05-01 00:10:00\",7,0.51\n\"2024-05-01 00:20:00\",9,\"NAN\"\n";
    let series = read(logger).unwrap();
    let tilt = series
        .columns
        .iter()
        .find(|column| column.name == "Tilt_Avg")
        .expect("it is there");
    assert_eq!(
        (tilt.unit.as_deref(), series.told.head_rows),
        (Some("deg"), 4)
    );
    assert_eq!(tilt.told.sentinels[0].rule, SentinelRule::Word);
}

/// Hours of a day in May with these values.
fn hours(values: impl IntoIterator<Item = String>) -> String {
    let rows = values.into_iter().enumerate();
    let row = |(hour, value): (usize, String)| {
        format!(
            "2024-05-{:02}T{:02}:00:00+08:00,{value}\n",
            1 + hour / 24,
            hour % 24
        )
    };
    "time,v\n".to_owned() + &rows.map(row).collect::<String>()
}

fn swinging(hour: usize) -> f64 {
    10.0 + ((hour * 7) % 13) as f64 / 10.0
}

#[test]
fn marks_for_nothing_are_set_aside_and_counted() {
    let values = (0..60).map(|hour| match hour {
        5 | 17 => "-9999".to_owned(),
        9 => "--".to_owned(),
        11 => "broken".to_owned(),
        12 => String::new(),
        30..=34 => "4095".to_owned(),
        _ => swinging(hour).to_string(),
    });
    let (column, _) = only(&hours(values));
    let told = &column.told;
    let marks: Vec<_> = told
        .sentinels
        .iter()
        .map(|one| (one.mark.as_str(), one.rule, one.count))
        .collect();
    assert_eq!(
        marks,
        [
            ("-9999", SentinelRule::Code, 2),
            ("--", SentinelRule::Word, 1),
            ("4095", SentinelRule::EndOfRange, 5)
        ]
    );
    assert_eq!(
        (
            told.empty,
            told.not_a_number.count,
            told.not_a_number.lines[0]
        ),
        (1, 1, 13)
    );
    assert_eq!((column.values.len(), told.gap_count), (50, 5));
}

#[test]
fn numbers_that_could_be_marks_stay_where_others_are_near() {
    let values = (0..60).map(|hour| (990.0 + f64::from(hour % 14)).to_string());
    let (column, _) = only(&hours(values));
    assert_eq!((column.values.len(), column.told.sentinels.len()), (60, 0));
    // One value far off is an event, and no mark.
    let values = (0..60).map(|hour| {
        if hour == 30 {
            "55.5".to_owned()
        } else {
            swinging(hour).to_string()
        }
    });
    assert_eq!(only(&hours(values)).0.values.len(), 60);
}

#[test]
fn what_stays_the_same_is_told_and_kept() {
    let values = (0..60).map(|hour| {
        if (20..30).contains(&hour) {
            "10.05".to_owned()
        } else {
            swinging(hour).to_string()
        }
    });
    let (column, _) = only(&hours(values));
    assert_eq!(
        (
            column.told.stuck.len(),
            column.told.stuck[0].count,
            column.values.len()
        ),
        (1, 10, 60)
    );
    let (constant, _) = only(&hours((0..60).map(|_| "3".to_owned())));
    assert!(constant.told.is_constant && constant.told.stuck.is_empty());
    // A gauge of rain is dry for days.
    let rain = (0..200).map(|hour| {
        if hour % 90 == 50 {
            "0.2".to_owned()
        } else {
            "0".to_owned()
        }
    });
    assert_eq!(only(&hours(rain)).0.told.stuck, []);
}

#[test]
fn a_local_clock_that_is_set_is_told_and_put_right() {
    let mut text = "time,v\n".to_owned();
    for quarter in 0..80 {
        let minutes = quarter * 15 - if quarter >= 40 { 60 } else { 0 };
        text += &format!(
            "2024-10-27 {:02}:{:02}:00,{}\n",
            minutes / 60,
            minutes % 60,
            swinging(quarter)
        );
    }
    let (column, told) = only(&text);
    assert_eq!(
        told.clock_jumps,
        [ClockJump {
            line: 42,
            by_minutes: -60
        }]
    );
    assert!(told.is_local_time);
    assert_eq!(
        (
            told.backwards,
            told.doubled,
            column.told.gap_count,
            column.values.len()
        ),
        (0, 0, 0, 80)
    );
    // With offsets the clock is known, and what changes is told.
    let text = "time,v\n2024-10-27T02:30:00+02:00,1\n2024-10-27T02:00:00+01:00,2\n2024-10-27T02:30:00+01:00,3\n";
    let (column, told) = only(text);
    let offsets: Vec<_> = told
        .offsets
        .iter()
        .map(|one| (one.line, one.offset_minutes))
        .collect();
    assert_eq!(
        (offsets, told.clock_jumps.len()),
        (vec![(2, 120), (3, 60)], 0)
    );
    assert_eq!(
        (column.told.interval_ms, column.told.gap_count),
        (Some(1_800_000), 0)
    );
}

#[test]
fn order_doubles_gaps_and_rows_without_a_time_are_told() {
    let text = "time,v\n2024-05-01 00:00,1\n2024-05-01 01:00,2\n2024-05-01 01:00,2\n2024-05-01 01:00,5\n\
                2024-05-01 02:00,3\n2024-05-01 01:40,4\n2024-05-01 03:00,4\n2024-05-01 09:00,4\nsoon,4\n\
                2024-05-01 10:00,1\n2024-05-01 11:00,2\n2024-05-01 12:00,3\n2024-05-01 13:00,3\n";
    let (column, told) = only(text);
    assert_eq!(
        (told.doubled, told.doubled_otherwise, told.backwards),
        (2, 1, 1)
    );
    assert_eq!(
        (told.not_a_time.count, told.not_a_time.lines.as_slice()),
        (1, [10].as_slice())
    );
    let gap = column.told.gaps[0];
    assert_eq!(
        (column.told.gap_count, gap.missing, gap.may_be_clock),
        (1, 5, false)
    );
    assert!(column.values.is_sorted_by(|one, next| one.0 < next.0));
}

#[test]
fn places_that_share_a_table_are_told_apart() {
    let text =
        "测点,时间,沉降(mm)\nA,2024-05-01,1\nB,2024-05-01,2\nA,2024-05-02,3\nB,2024-05-02,4\n";
    let series = read(text).unwrap();
    let places: Vec<_> = series
        .columns
        .iter()
        .map(|one| (one.place.as_deref(), one.values.len()))
        .collect();
    assert_eq!(places, [(Some("A"), 2), (Some("B"), 2)]);
    assert_eq!(
        (
            series.columns[0].name.as_str(),
            series.columns[0].unit.as_deref()
        ),
        ("沉降", Some("mm"))
    );
    assert_eq!(series.told.place_columns, ["测点"]);
}

#[test]
fn commas_before_fractions_and_other_encodings_are_read() {
    let (column, _) = only("Zeit;Wert [mm]\n2024-05-01 00:00;1,5\n2024-05-01 01:00;-2,25\n");
    assert_eq!((column.values[1].1, column.told.decimal_commas), (-2.25, 2));
    let (text, _, _) = encoding_rs::GB18030.encode("时间,沉降(mm)\n2024-05-01,1\n2024-05-02,2\n");
    let series = read_series(&text, Path::new("t.csv"), &SUZHOU).unwrap();
    assert_eq!(series.columns[0].name, "沉降");
    assert!(series.told.notes[0].contains("GB18030"));
    let marked = read("\u{feff}time,v\r\n2024-05-01,1\r\n2024-05-02,2\r\n").unwrap();
    assert_eq!(marked.told.time_columns, ["time"]);
}

#[test]
fn what_is_no_series_is_refused_with_advice() {
    let refused = |text: &str| read(text).unwrap_err().to_string();
    assert!(refused("").contains("empty"));
    assert!(refused("a,b\n1,2\n3,4\n").contains("no column tells the time"));
    assert!(refused("d,v\n1/5/2026,2\n2/5/2026,4\n").contains("which of 1/5/2026 is the day"));
    assert!(refused("p,s_2022,s_2023\nA,2,3\nB,4,5\n").contains("turn the table"));
    assert!(refused("time,word\n2024-05-01,a\n2024-05-02,b\n").contains("no column of numbers"));
    assert!(refused("Dear reader,\n\nthis is a letter.\n").contains("no column tells the time"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever the text: no panic, and what is taken is in order and finite.
    #[test]
    fn any_text(text in "[0-9年月日:/\\-+TZ .,;\t\n\"aN]{0,200}") {
        if let Ok(series) = read(&text) {
            for column in &series.columns {
                prop_assert!(column.values.is_sorted_by(|one, next| one.0 < next.0));
                prop_assert!(column.values.iter().all(|one| one.1.is_finite()));
            }
        }
    }
}
