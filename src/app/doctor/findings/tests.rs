//! Machines made up of facts, and what the doctor says of them.

use std::path::PathBuf;

use super::super::probe::Driver;
use super::*;
use crate::app::tables::{Standing, What};

fn driver_at(name: &str, is_software: bool) -> Driver {
    Driver {
        manifest: PathBuf::from(name),
        is_software,
    }
}

/// A machine on which everything is there.
fn fit() -> Probe {
    Probe {
        has_viewer: true,
        vulkan_loader: Some("libvulkan.so.1".into()),
        drivers: vec![driver_at("radeon.json", false), driver_at("lvp.json", true)],
        gpu_devices: vec!["/dev/dri/renderD128".into()],
        display: Some(":0".into()),
        has_fontconfig: true,
        chinese_fonts: vec!["Noto Sans CJK SC".into(), "WenQuanYi".into()],
        free_bytes: Some(80_000_000_000),
        ..Probe::default()
    }
}

fn check(probe: &Probe, topic: &str, state: State, packages: &[&str]) {
    let findings = judge(probe);
    let one = findings.iter().find(|one| one.topic == topic).unwrap();
    assert_eq!(
        (one.state, one.install.as_slice()),
        (state, packages),
        "{one:?}"
    );
}

#[test]
fn a_fit_machine_lacks_nothing_and_the_broker_is_never_ok() {
    for one in judge(&fit()) {
        let expected = match one.topic {
            "MQTT broker" => State::Note,
            _ => State::Ok,
        };
        assert_eq!(one.state, expected, "{one:?}");
    }
}

#[test]
fn drivers() {
    let mut probe = fit();
    probe.gpu_devices.clear();
    check(&probe, "Vulkan driver", State::Note, &[]);
    probe.drivers.pop();
    check(
        &probe,
        "Vulkan driver",
        State::Missing,
        &["mesa-vulkan-drivers"],
    );
    probe.drivers.clear();
    check(
        &probe,
        "Vulkan driver",
        State::Missing,
        &["mesa-vulkan-drivers"],
    );
    probe.vulkan_loader = None;
    check(&probe, "Vulkan loader", State::Missing, &["libvulkan1"]);
}

#[test]
fn windows_fonts_and_room() {
    let mut probe = fit();
    probe.window_packages_missing = vec!["libxi6"];
    check(&probe, "display", State::Missing, &["libxi6"]);
    probe.display = None;
    check(&probe, "display", State::Note, &[]);
    probe.chinese_fonts.clear();
    check(&probe, "Chinese font", State::Missing, &["fonts-noto-cjk"]);
    probe.free_bytes = Some(3_000_000);
    check(&probe, "disk", State::Missing, &[]);
    probe.free_bytes = Some(900_000_000);
    check(&probe, "disk", State::Note, &[]);
    probe.free_bytes = None;
    check(&probe, "disk", State::Note, &[]);
}

#[test]
fn a_city_with_its_key_and_archive() {
    let mut city = CityProbe {
        tables: Vec::new(),
        unknown_kinds: None,
        path: "c.gpkg".into(),
        key: Ok(KeyState::Missing),
        version: Ok(3),
        archive: "c.archive".into(),
        last_batch: Ok(Some(7)),
        archive_holder: Some("process 12: pingjiang run".into()),
        is_archive_writable: true,
    };
    let with = |city: &CityProbe| Probe {
        city: Some(city.clone()),
        ..fit()
    };
    check(&with(&city), "city", State::Ok, &[]);
    check(&with(&city), "city key", State::Note, &[]);
    check(&with(&city), "archive", State::Note, &[]);
    city.archive_holder = None;
    check(&with(&city), "archive", State::Ok, &[]);
    city.is_archive_writable = false;
    check(&with(&city), "archive", State::Missing, &[]);
    city.version = Err("no".into());
    check(&with(&city), "city", State::Missing, &[]);
    city.unknown_kinds = Some("2 devices …".into());
    check(&with(&city), "city tables", State::Note, &[]);
    city.unknown_kinds = None;
    let own = |fault: Option<&str>| Standing {
        table: What::Kinds,
        file: "c.kinds.toml".into(),
        is_own: true,
        entries: 1,
        fault: fault.map(str::to_owned),
    };
    city.tables = vec![own(None)];
    check(&with(&city), "city tables", State::Ok, &[]);
    city.tables = vec![own(Some("c.kinds.toml: line 3"))];
    check(&with(&city), "city tables", State::Missing, &[]);
}
