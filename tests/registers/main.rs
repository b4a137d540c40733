//! Registers as people import them: dwellings, people of two registers, devices and cameras; again,
//! renewed, decided, without the key, and with what is wrong. Nothing personal may show.

use std::process::Output;

use pingjiang::access;
use pingjiang::model::{Further, FurtherRecord, Resident, read_sealed};

mod alone;
mod apart_doors;
mod bare_rooms;
mod base_maps;
mod choosing;
mod columns;
mod deciding;
mod doors;
mod emergency_contacts;
mod faulty;
mod filled;
mod grouped_numbers;
mod home_words;
mod hotline;
mod household_numbers;
mod household_rows;
mod households_of_registers;
mod keys;
mod kinds_of_devices;
mod labels_of_registers;
mod line_ends;
mod linking;
mod merging;
mod naming;
mod nobodys_numbers;
mod odd_cells;
mod one_form;
mod open_names;
mod open_numbers;
mod other_cities;
mod refusals;
mod rooms;
mod same_door;
mod same_people;
mod sealed_words;
mod secrets;
mod several_tables;
mod standing;
mod trait_words;
mod unseen;
mod whole_names;

#[path = "../support/command.rs"]
mod command;
#[path = "../support/small_city.rs"]
mod small_city;
#[path = "../support/workbook.rs"]
mod workbook;

use command::pingjiang;
use small_city::{City, check_told, text};

/// What none of the outputs may hold: names, numbers, telephones, doors, plates.
const PERSONAL: &[&str] = &[
    "测试", "00000019", "00000020", "1390000", "101室", "102室", "测A", "301室", "厨房", "rtsp://",
];

fn data(name: &str) -> String {
    small_city::data(&format!("registers/{name}"))
}

impl City {
    fn run(&self, arguments: &[&str]) -> Output {
        let into = self.path();
        let into = ["--into", into.to_str().unwrap()];
        let output = pingjiang(&[&["import"], arguments, &into].concat());
        let told = format!("{}{}", text(&output.stdout), text(&output.stderr));
        for value in PERSONAL {
            assert!(!told.contains(value), "{value} is told: {told}");
        }
        output
    }

    /// What an import that succeeds tells.
    fn import(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            text(&output.stderr)
        );
        text(&output.stdout)
    }

    /// What an import tells that may print all, for it names nobody yet.
    fn import_quietly(&self, arguments: &[&str]) -> String {
        let into = self.path();
        let into = ["--into", into.to_str().unwrap()];
        let output = pingjiang(&[&["import"], arguments, &into].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    }

    /// What an import that fails tells.
    fn refusal(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(
            !output.status.success(),
            "{arguments:?}: {}",
            text(&output.stdout)
        );
        text(&output.stderr)
    }

    /// The resident of this name.
    fn resident(&self, name: &str) -> Resident {
        let clearance = access::for_keeping();
        let ground = self.ground();
        let mut all = ground.residents.values();
        all.find(|one| one.name.open(&clearance).as_deref() == Some(name))
            .unwrap_or_else(|| panic!("{name}"))
            .clone()
    }

    /// What the page of somebody tells a registrar.
    fn page(&self, name: &str) -> String {
        let (path, id) = (self.path(), self.resident(name).id.to_string());
        let person = ["query", path.to_str().unwrap(), "person", &id];
        let role = ["--role", "registrar", "--purpose", "registry"];
        let shown = pingjiang(&[&person[..], &role, &["--note", "x"]].concat());
        assert!(shown.status.success(), "{}", text(&shown.stderr));
        text(&shown.stdout)
    }

    fn further(&self, name: &str) -> Vec<FurtherRecord> {
        let further = self.resident(name).further;
        let further: Further = read_sealed(further.as_ref(), &access::for_keeping()).unwrap();
        further.records
    }
}
