//! What importing each borrowed file costs, beside the reference tool of its format: `ogr2ogr` to
//! a GeoPackage in the same CRS, `cjio` for CityJSON. Both take turns, so that a disturbance meets
//! both. One table; what is left out or refused is named with its reason.
//!
//! Words choose files by parts of their paths; `--runs N` (5), `--program FILE`: another build of
//! the product than the one made for this bench. Needs no Bevy: `--no-default-features` will do.

#[path = "../measure/figures.rs"]
mod figures;
mod files;
#[path = "../measure/process.rs"]
mod process;
mod reference;
#[path = "../../tests/support/mod.rs"]
mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use figures::Figures;
use files::{Case, Inputs};
use reference::Reference;

fn main() {
    let Some(folder) = support::borrowed("") else {
        return;
    };
    let bench = Bench::new(std::env::args().skip(1));
    let inputs = Inputs::below(&folder);
    println!("program: {}", bench.program.display());
    println!("load when it began: {}\n", load());
    println!(
        "| file | format | records | runs | ours, min / median | reference | its time, min / median \
         | ratio of the medians: wall, processor | memory: ours, its |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    let mut ratios = Vec::new();
    for case in &inputs.cases {
        if bench.wants(&case.name) {
            ratios.extend(bench.measure(case));
        }
    }
    ratios.sort_unstable_by(f64::total_cmp);
    if let (Some(least), Some(most)) = (ratios.first(), ratios.last()) {
        let middle = figures::median(&ratios);
        println!(
            "\n{} files with a reference; ratio of wall times: least {least:.2}, median \
             {middle:.2}, most {most:.2}",
            ratios.len()
        );
    }
    println!("load when it ended: {}\n", load());
    for (what, reason) in &inputs.left_out {
        println!("left out: {what}: {reason}");
    }
}

/// What the system says of how busy it is: runnable processes on average over 1, 5 and 15 minutes.
fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let numbers: Vec<&str> = text.split_whitespace().take(3).collect();
    numbers.join(" ")
}

struct Bench {
    words: Vec<String>,
    runs: usize,
    program: PathBuf,
    folder: tempfile::TempDir,
}

/// A first import, which tells where the city lies and what came of the file.
struct First {
    crs: String,
    records: u64,
}

impl Bench {
    fn new(mut arguments: impl Iterator<Item = String>) -> Self {
        let mut bench = Self {
            words: Vec::new(),
            runs: 5,
            program: PathBuf::from(env!("CARGO_BIN_EXE_pingjiang")),
            folder: tempfile::tempdir().expect("a folder for cities"),
        };
        while let Some(argument) = arguments.next() {
            let mut value = || {
                let value = arguments.next();
                value.unwrap_or_else(|| panic!("{argument} needs a value"))
            };
            match argument.as_str() {
                "--runs" => bench.runs = value().parse().expect("a number of runs"),
                "--program" => bench.program = PathBuf::from(value()),
                // `cargo bench` adds words of its own.
                other if other.starts_with('-') => {}
                word => bench.words.push(word.to_owned()),
            }
        }
        bench.runs = bench.runs.max(1);
        bench
    }

    fn wants(&self, name: &str) -> bool {
        self.words.is_empty() || self.words.iter().any(|word| name.contains(word.as_str()))
    }

    /// Prints the row of a file; gives back ours over the reference.
    fn measure(&self, case: &Case) -> Option<f64> {
        let Case { name, format, .. } = case;
        let format = format.as_str();
        let First { crs, records } = match self.first(case) {
            Ok(first) => first,
            Err(fault) => {
                println!("| `{name}` | {format} | – | – | not taken: {fault} | – | – | – | – |");
                return None;
            }
        };
        let reference = Reference::of(case, &crs, self.folder.path());
        let (mut own, mut other) = (Vec::new(), Vec::new());
        for _ in 0..self.runs {
            own.push(process::run(&mut self.import(case)));
            if let Ok(reference) = &reference {
                other.push(reference.run());
            }
        }
        let own = match Figures::of(own) {
            Ok(own) => own,
            Err(fault) => {
                println!(
                    "| `{name}` | {format} | {records} | – | fault: {fault} | – | – | – | – |"
                );
                return None;
            }
        };
        let head = format!(
            "| `{name}` | {format} | {records} | {} | {:.3} / {:.3} s",
            own.runs, own.shortest_s, own.median_s
        );
        match reference.and_then(|tool| Ok((tool.says, Figures::of(other)?))) {
            Ok((says, other)) => {
                let ratio = own.median_s / other.median_s;
                println!(
                    "{head} | {says} | {:.3} / {:.3} s | **{ratio:.2} ×**, {:.2} × | {:.0}, {:.0} MB |",
                    other.shortest_s,
                    other.median_s,
                    own.processor_s / other.processor_s.max(0.01),
                    own.peak_mb,
                    other.peak_mb
                );
                Some(ratio)
            }
            Err(fault) => {
                println!("{head} | none: {fault} | – | – | {:.0} MB |", own.peak_mb);
                None
            }
        }
    }

    /// The import into a city of its own; the city of the run before is gone.
    fn import(&self, case: &Case) -> Command {
        let city = self.folder.path().join("city.gpkg");
        for path in [&city, &city.with_extension("key")] {
            // At first there is none.
            let _ = std::fs::remove_file(path);
        }
        let mut command = Command::new(&self.program);
        command
            .arg("import")
            .arg(&case.path)
            .arg("--into")
            .arg(city);
        command.args(case.options).env_remove("PINGJIANG_KEY");
        command
    }

    fn first(&self, case: &Case) -> Result<First, String> {
        let output = self.import(case).arg("--json").output();
        let output = output.map_err(|fault| fault.to_string())?;
        if !output.status.success() {
            let told = String::from_utf8_lossy(&output.stderr).into_owned();
            let told = told.replace(&case.path.display().to_string(), "it");
            return Err(told.trim().replace(['\n', '|'], " "));
        }
        let report: serde_json::Value =
            serde_json::from_slice(&output.stdout).map_err(|fault| fault.to_string())?;
        Ok(First {
            crs: report["crs"].as_str().unwrap_or_default().to_owned(),
            records: report["written"]["added"].as_u64().unwrap_or_default(),
        })
    }
}

/// A folder that is empty, whatever was in it.
fn emptied(folder: &Path) -> std::io::Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::create_dir_all(folder)
}
