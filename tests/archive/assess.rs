//! `assess`: a tilt sensor with sixty days of readings, judged now and for a past moment, in two
//! languages and as JSON; and what it refuses.

use super::*;

const DAY_MS: i64 = 86_400_000;

/// Readings every half hour: a house that begins to lean on day 30, with the sun on its wall.
fn leaning(city: City) -> City {
    let mut archive = city.archive();
    let batches: Vec<Batch> = (0..60 * 48).map(lean).collect();
    for part in batches.chunks(480) {
        archive.append(part).unwrap();
    }
    drop(archive);
    city
}

fn lean(step: i64) -> Batch {
    let mut batch = batch(step * 30);
    batch.number = step as u64 + 1;
    let day = step as f64 / 48.0;
    let warm = 5.0 * (std::f64::consts::TAU * (day - 0.4)).sin();
    // Readings of a sensor never agree to the last digit.
    let noise = f64::from((step as i32 * 37) % 11 - 5) * 0.01;
    let grows = (day - 30.0).max(0.0) / 30.44 * 0.4;
    batch.readings.retain(|reading| reading.device == tilt());
    for reading in &mut batch.readings {
        reading.value = 1.5 + grows + 0.06 * warm + noise;
        reading.second = Some(-0.5 - 0.02 * warm - noise);
        reading.temperature_c = Some(20.0 + warm);
    }
    batch
}

fn of_tilt(document: &serde_json::Value) -> serde_json::Value {
    let id = tilt().to_string();
    let rows = document["devices"].as_array().unwrap();
    let row = rows.iter().find(|row| row["device"] == id.as_str());
    row.expect("it is there").clone()
}

#[test]
fn a_house_that_begins_to_lean_is_told_and_was_calm_before() {
    let city = leaning(City::new());
    let now = document(&city.run(&["assess", "--json"]));
    let row = of_tilt(&now);
    assert_eq!(row["by_rate"], "attention", "{row:#}");
    let told_permille = row["level"].as_f64().unwrap();
    assert!((1.8..2.1).contains(&told_permille), "{row:#}");
    let growth = row["growth"]["per_month"].as_f64().unwrap();
    assert!(growth > 0.1, "{row:#}");
    assert!(row["days_to_limit"]["soonest"].is_number(), "{row:#}");
    assert_eq!(row["bearing_deg"], serde_json::Value::Null);
    assert!(
        now["note"][1]
            .as_str()
            .unwrap()
            .contains("not an appraisal")
    );
    // The worst comes first; the sensor without a reading says so.
    let devices = now["devices"].as_array().unwrap();
    assert_eq!(devices.len(), 6);
    assert_eq!(devices[0]["device"], tilt().to_string());
    for silent in &devices[1..] {
        assert_eq!(silent["grade"], serde_json::Value::Null);
        assert_eq!(silent["cannot_tell"][0]["why"], "no_readings");
    }
    let tilted = document(&city.run(&["assess", "--of", "tilt", "--json"]));
    assert_eq!(tilted["devices"].as_array().unwrap().len(), 2);

    let then = MORNING.plus(28 * DAY_MS).to_string();
    let past = of_tilt(&document(&city.run(&["assess", "--at", &then, "--json"])));
    assert_eq!(past["by_rate"], "normal", "{past:#}");
    // What is told of a past moment does not depend on what came after it.
    let short = City::new();
    let mut archive = short.archive();
    let until: Vec<Batch> = (0..=28 * 48).map(lean).collect();
    archive.append(&until).unwrap();
    drop(archive);
    let told_then = of_tilt(&document(&short.run(&["assess", "--at", &then, "--json"])));
    assert_eq!(past, told_then);
}

#[test]
fn what_is_newly_worse_comes_first_and_says_what_it_was() {
    let city = leaning(City::new());
    let told_json = document(&city.run(&["assess", "--by", "newly-worse", "--json"]));
    let first = &told_json["devices"][0];
    assert_eq!(first["device"], tilt().to_string());
    assert_eq!(first["grade_before"], "normal", "{first:#}");
    let (page, _) = told(&city.run(&["assess", "--by", "newly-worse", "--lang", "en"]));
    assert!(
        page.contains("thirty days before: normal; now: attention"),
        "{page}"
    );
}

#[test]
fn the_page_says_what_it_is_in_both_languages() {
    let city = leaning(City::new());
    let id = tilt().to_string();
    let (page, _) = told(&city.run(&["assess", &id]));
    for words in [
        "筛查结果，非房屋安全鉴定",
        "倾斜 1.",
        "每月 +",
        "占配置限值",
        "95% 区间",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let (page, _) = told(&city.run(&["assess", &id, "--lang", "en"]));
    for words in [
        "a screening, not an appraisal",
        "leans 1.",
        "‰ a month ±",
        "of the configured limit",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let (blind, _) = told(&city.run(&["assess", "--by", "blind", "--lang", "en"]));
    let first = blind.lines().find(|line| line.starts_with('[')).unwrap();
    assert!(first.starts_with("[cannot tell]"), "{blind}");
    assert!(blind.contains("no reading that could be used"), "{blind}");
}

#[test]
fn a_table_of_the_city_tells_how_a_sensor_hangs_and_what_the_limit_is() {
    let city = leaning(City::new());
    let mounting = format!(
        "\n[[mounting]]\ndevice = \"{}\"\nbearing_deg = 90.0\nzero = [1.5, -0.5]\n",
        tilt()
    );
    let (out, _) = told(&city.run(&["tables", "--write", "monitor"]));
    assert!(out.contains("monitor"), "{out}");
    let path = city.place("city.monitor.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.clone() + &mounting).unwrap();
    let row = of_tilt(&document(&city.run(&["assess", "--json"])));
    let lean = row["level"].as_f64().unwrap();
    assert!((0.3..0.5).contains(&lean), "{row:#}");
    let bearing = row["bearing_deg"].as_f64().unwrap();
    assert!((80.0..100.0).contains(&bearing), "{row:#}");

    std::fs::write(&path, text + &mounting + &mounting).unwrap();
    let fault = refused(&city.run(&["assess"]));
    assert!(
        fault.contains("city.monitor.toml") && fault.contains("twice"),
        "{fault}"
    );
}

#[test]
fn what_measures_no_tilt_or_is_not_there_is_refused() {
    let city = City::new();
    let fault = refused(&city.run(&["assess"]));
    assert!(fault.contains("no archive beside"), "{fault}");
    let city = city.with_readings();
    let smoke = smoke().to_string();
    let fault = refused(&city.run(&["assess", &smoke]));
    assert!(
        fault.contains("measures no tilt, settlement or crack"),
        "{fault}"
    );
    for device in ["dev-0000000000000001", "nobody"] {
        let fault = refused(&city.run(&["assess", device]));
        assert!(fault.contains("the city has no device"), "{fault}");
    }
    // Three hours of one value: nothing can be told, and that is said.
    let row = of_tilt(&document(&city.run(&["assess", "--json"])));
    assert_eq!(row["grade"], serde_json::Value::Null, "{row:#}");
}

#[test]
fn a_forecast_is_told_with_how_it_held_and_where_the_rate_changed() {
    let city = leaning(City::new());
    let id = tilt().to_string();
    let row = of_tilt(&document(&city.run(&[
        "assess",
        &id,
        "--forecast",
        "--json",
    ])));
    let ahead = row["forecast"]["ahead"].as_array().unwrap();
    assert_eq!(ahead.len(), 5, "{row:#}");
    for one in ahead {
        let number = |end: &str, of: &str| one[of][end].as_f64().unwrap();
        let middle = one["middle"].as_f64().unwrap();
        assert!(
            number("low", "nearly_all") <= number("low", "half"),
            "{one:#}"
        );
        assert!(number("low", "half") <= middle && middle <= number("high", "half"));
    }
    assert_eq!(row["forecast"]["rate_changes"].as_array().unwrap().len(), 1);
    let (page, _) = told(&city.run(&["assess", &id, "--forecast", "--lang", "en"]));
    for words in [
        "forecast in ‰, 80 % intervals",
        "back-test:",
        "the rate changed about",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
}

#[test]
fn a_surface_of_two_points_is_none_and_says_why() {
    let city = City::new().with_readings();
    let told_json = document(&city.run(&["surface", "--json"]));
    assert_eq!(told_json["points"], 0);
    assert_eq!(told_json["no_field"]["why"], "no_readings");
    let out = city.place("contours.geojson");
    let fault = refused(&city.run(&["surface", "--contours", out.to_str().unwrap()]));
    assert!(fault.contains("contours.geojson is not written"), "{fault}");
    assert!(!out.exists());
    let (page, _) = told(&city.run(&["surface"]));
    assert!(page.contains("无法给出沉降面"), "{page}");
}

/// Thirty points along a lane of 300 m, followed for 45 days: a trough that deepens.
fn trough() -> City {
    let city = City(tempfile::tempdir().unwrap());
    sample_city::write(&city.path(), &sample::city(30));
    let mut archive = city.archive();
    let batches: Vec<Batch> = (0..45 * 4_i64)
        .map(|step| {
            let mut batch = batch(step * 360);
            batch.number = step as u64 + 1;
            let template = batch.readings[0];
            batch.readings = (0..30_u32)
                .map(|number| {
                    let along = f64::from(number) / 29.0 * std::f64::consts::PI;
                    let noise = f64::from((step as i32 * 7 + number as i32 * 3) % 9 - 4) * 0.02;
                    Reading {
                        device: sample::device_id("settlement", number),
                        value: 12.0 * along.sin() * step as f64 / 180.0 + noise,
                        ..template
                    }
                })
                .collect();
            batch.readings.sort_by_key(|reading| reading.device);
            batch
        })
        .collect();
    archive.append(&batches).unwrap();
    drop(archive);
    city
}

#[test]
fn a_trough_along_a_lane_is_drawn_with_its_error() {
    let city = trough();
    let out = city.place("contours.geojson");
    let document = document(&city.run(&[
        "surface",
        "--contours",
        out.to_str().unwrap(),
        "--interval",
        "1",
        "--json",
    ]));
    assert_eq!(document["points"], 30, "{document:#}");
    let field = &document["field"];
    let high = field["highest_mm"].as_f64().unwrap();
    assert!((3.0..12.0).contains(&high), "{document:#}");
    assert!(
        field["validation"]["rmse_mm"].as_f64().unwrap() < 0.5,
        "{document:#}"
    );
    let written: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&out).unwrap()).unwrap();
    let features = written["features"].as_array().unwrap();
    assert!(features.len() >= 4, "{}", features.len());
    for feature in features {
        assert_eq!(feature["geometry"]["type"], "LineString");
        assert!(feature["properties"]["settlement_mm"].is_number());
    }
    assert!(written["note"][1].as_str().unwrap().contains("screening"));
    let (page, _) = told(&city.run(&["surface", "--lang", "en"]));
    assert!(page.contains("each point left out"), "{page}");
    assert!(
        page.contains("m of a point where the standard error is at most"),
        "{page}"
    );
    // No line is told where it may as well be its neighbour.
    assert!(
        field["most_error_mm"].as_f64().unwrap() <= 1.0,
        "{document:#}"
    );
    assert!(field["reach_m"].as_f64().unwrap() <= 60.0, "{document:#}");
    for (argument, value, words) in [
        ("--cell", "0", "above 0 m"),
        ("--interval", "-1", "above 0 mm"),
        ("--cell", "0.001", "at most 1000000 cells"),
    ] {
        let value = format!("{argument}={value}");
        let fault = refused(&city.run(&["surface", &value]));
        assert!(fault.contains(words), "{fault}");
    }
    let fault = refused(&city.run(&["surface", "--profile", "1,x", "2,3"]));
    assert!(fault.contains("two numbers with a comma"), "{fault}");
}
