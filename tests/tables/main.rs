//! A kind of device that a city added itself, from its table to the alarm: imported, listened to,
//! judged, asked for and shown; and what is told while no table knows it. The same for the other
//! tables where a command goes by them.

use std::process::Output;

use pingjiang::app::tables::What;
use pingjiang::base::Timestamp;
use pingjiang::model::{Device, Ground};

mod every_table;
mod own_kinds;

#[path = "../support/command.rs"]
mod command;
#[path = "../support/small_city.rs"]
mod small_city;

use command::pingjiang;
use small_city::{City, check_told, data, text};

const MORNING: Timestamp = Timestamp::from_millis(1_780_000_000_000);

/// Three devices of kinds that are not built in, and one that is.
const DEVICES: &str = "设备编号,设备类型,安装地址\n\
    R1,氡气检测仪,平江路12号\nR2,radon,平江路14号\nH1,hydrant_pressure,平江路14号\nS1,烟感,平江路12号\n";

impl City {
    fn run(&self, before: &[&str], after: &[&str]) -> Output {
        let path = self.path();
        pingjiang(&[before, &[path.to_str().unwrap()], after].concat())
    }

    /// What a command prints that succeeds: output, then notes.
    fn done(&self, before: &[&str], after: &[&str]) -> String {
        let output = self.run(before, after);
        let told = text(&output.stdout) + &text(&output.stderr);
        assert!(output.status.success(), "{before:?} {after:?}: {told}");
        told
    }

    fn refused(&self, before: &[&str], after: &[&str]) -> String {
        let output = self.run(before, after);
        assert!(!output.status.success(), "{}", text(&output.stdout));
        text(&output.stdout) + &text(&output.stderr)
    }

    fn import_devices(&self) -> String {
        let table = self.write("devices.csv", DEVICES);
        self.done(&["import", &table, "--into"], &[])
    }

    /// The built-in kinds as a file, and two more in it.
    fn add_kinds(&self) {
        self.done(&["tables"], &["--write", "kinds"]);
        let path = What::Kinds.path(&self.path());
        let own = std::fs::read_to_string(data("tables/city.kinds.toml")).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("{text}\n{own}")).unwrap();
    }
}

fn device<'a>(ground: &'a Ground, key: &str) -> &'a Device {
    ground
        .devices
        .values()
        .find(|one| one.source.key == key)
        .unwrap()
}
