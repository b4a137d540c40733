//! What whole commands cost, as processes of their own: wall time, processor time and the most
//! memory, each beside its reference or aim. One table; a row that cannot be measured says why.
//!
//! Words choose rows by their names (`import`, `shot`, `wall`); `--runs N` (5), `--seconds N` of
//! the wall (60), `--program FILE`: another build of the product than the one made for this bench.

#[path = "../measure/figures.rs"]
mod figures;
#[path = "../measure/process.rs"]
mod process;
mod tiled;
mod wall;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use figures::Figures;

const FOOTPRINTS: &str = "suzhou/suzhou_oldcity_osm_buildings_8242.geojson";

fn main() {
    let bench = Bench::new(Wishes::read(std::env::args().skip(1)));
    println!("program: {}", bench.wishes.program.display());
    println!(
        "\n| command | runs | wall, min / median | processor, median | peak memory | reference or aim |"
    );
    println!("|---|---|---|---|---|---|");
    if bench.wants(IMPORT) {
        bench.import(IMPORT, footprints().ok_or(NO_DATA.to_owned()));
    }
    if bench.wants(DISTRICT) {
        bench.import(DISTRICT, bench.district());
    }
    if bench.wants(SHOT_COMMUNITY) {
        bench.shot(SHOT_COMMUNITY, Bench::community, 6.0);
    }
    if bench.wants(SHOT_OLD_CITY) {
        bench.shot(SHOT_OLD_CITY, Bench::old_city, 10.0);
    }
    // Last: it leaves an archive beside the city, which pictures would show.
    if bench.wants(WALL) {
        bench.wall();
    }
}

const IMPORT: &str = "import, 8,242 footprints";
const DISTRICT: &str = "import, district of 100,000 footprints";
const DISTRICT_FOOTPRINTS: usize = 100_000;
const SHOT_COMMUNITY: &str = "shot, community, 1280×720";
const SHOT_OLD_CITY: &str = "shot, old city with 18,000 devices, 1280×720";
const WALL: &str = "wall, old city with 18,000 devices, 1280×720";

/// What the command line asks for.
struct Wishes {
    words: Vec<String>,
    runs: usize,
    seconds: u64,
    program: PathBuf,
}

impl Wishes {
    fn read(mut arguments: impl Iterator<Item = String>) -> Self {
        let mut wishes = Self {
            words: Vec::new(),
            runs: 5,
            seconds: 60,
            program: PathBuf::from(env!("CARGO_BIN_EXE_pingjiang")),
        };
        while let Some(argument) = arguments.next() {
            let mut value = || {
                arguments
                    .next()
                    .unwrap_or_else(|| panic!("{argument} needs a value"))
            };
            match argument.as_str() {
                "--runs" => wishes.runs = number(&value()).max(1) as usize,
                "--seconds" => wishes.seconds = number(&value()),
                "--program" => wishes.program = PathBuf::from(value()),
                // `cargo bench` adds words of its own.
                other if other.starts_with('-') => {}
                word => wishes.words.push(word.to_owned()),
            }
        }
        wishes
    }
}

fn number(text: &str) -> u64 {
    text.parse()
        .unwrap_or_else(|_| panic!("{text:?} is not a number"))
}

struct Bench {
    wishes: Wishes,
    folder: tempfile::TempDir,
}

impl Bench {
    fn new(wishes: Wishes) -> Self {
        let folder = tempfile::tempdir().expect("a folder for cities and pictures");
        Self { wishes, folder }
    }

    fn wants(&self, row: &str) -> bool {
        let words = &self.wishes.words;
        words.is_empty() || words.iter().any(|word| row.contains(word.as_str()))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The product with some arguments; a key meant for another city stays out of it.
    fn product<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(&self.wishes.program);
        command.args(arguments).env_remove("PINGJIANG_KEY");
        command
    }

    /// Whether the program was built with a command at all.
    fn can(&self, subcommand: &str) -> Result<(), String> {
        let asked = self
            .product([subcommand, "--help"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        match asked {
            Ok(status) if status.success() => Ok(()),
            Ok(_) => Err(format!("this build has no `{subcommand}`")),
            Err(fault) => Err(fault.to_string()),
        }
    }

    /// Ours and the reference in turns, so that a disturbance meets both.
    fn import(&self, name: &str, footprints: Result<PathBuf, String>) {
        let footprints = match footprints {
            Ok(footprints) => footprints,
            Err(fault) => return skipped(name, &fault),
        };
        let (ours, theirs) = (self.path("import.gpkg"), self.path("ogr2ogr.gpkg"));
        let (mut own, mut reference) = (Vec::new(), Vec::new());
        for _ in 0..self.wishes.runs {
            for city in [&ours, &theirs] {
                // The file of the run before; at first there is none.
                let _ = std::fs::remove_file(city);
            }
            let mut import = self.product([OsStr::new("import"), footprints.as_os_str()]);
            own.push(process::run(import.arg("--into").arg(&ours)));
            let mut ogr2ogr = Command::new("ogr2ogr");
            ogr2ogr.args(["-f", "GPKG", "-t_srs", "EPSG:4549"]);
            reference.push(process::run(ogr2ogr.arg(&theirs).arg(&footprints)));
        }
        let (own, reference) = (Figures::of(own), Figures::of(reference));
        let aim = match (&own, &reference) {
            (Ok(own), Ok(reference)) => format!(
                "{:.2} × ogr2ogr by the medians, {:.2} × by the shortest; aim: under 2 ×",
                own.median_s / reference.median_s,
                own.shortest_s / reference.shortest_s
            ),
            _ => "aim: under 2 × ogr2ogr".to_owned(),
        };
        row(name, own, &aim);
        row("ogr2ogr, the same file", reference, "the reference");
    }

    fn shot(&self, name: &str, make: fn(&Self) -> Result<PathBuf, String>, aim_s: f64) {
        let city = match self.can("shot").and_then(|()| make(self)) {
            Ok(city) => city,
            Err(fault) => return skipped(name, &fault),
        };
        let picture = self.path("shot.png");
        let take = |_| {
            let mut shot = self.product([OsStr::new("shot"), city.as_os_str()]);
            process::run(shot.args(["--size", "1280x720", "--out"]).arg(&picture))
        };
        let runs = (0..self.wishes.runs).map(take).collect();
        row(name, Figures::of(runs), &format!("aim: {aim_s} s"));
    }

    fn wall(&self) {
        let seconds = self.wishes.seconds;
        let city = self.can("wall").and_then(|()| self.old_city());
        let watched = city.and_then(|city| wall::watch(&self.wishes.program, &city, seconds));
        let memory = match watched {
            Ok(memory) => memory,
            Err(fault) => return skipped(WALL, &fault),
        };
        let aim = "aim: 700 MB";
        for (part, samples, aim) in [
            ("window", &memory.wall, aim),
            ("engine", &memory.engine, ""),
            ("both", &memory.both, ""),
        ] {
            let [first, largest, last] = samples.summary();
            println!(
                "| {WALL}, {seconds} s: {part} | 1 | – | – | first {first:.0}, largest {largest:.0}, last {last:.0} MB resident | {aim} |"
            );
        }
    }

    /// The footprints side by side, as one file.
    fn district(&self) -> Result<PathBuf, String> {
        let file = self.path("district.geojson");
        let footprints = footprints().ok_or(NO_DATA)?;
        tiled::write(&footprints, &file, DISTRICT_FOOTPRINTS)?;
        Ok(file)
    }

    fn community(&self) -> Result<PathBuf, String> {
        let city = self.path("community.gpkg");
        let mut generate = self.product(["generate", "--area", "zjl", "--seed", "1", "--out"]);
        process::run(generate.arg(&city))?;
        Ok(city)
    }

    /// The real footprints, with moat, canals and names of the old city, and devices.
    fn old_city(&self) -> Result<PathBuf, String> {
        let city = self.path("old_city.gpkg");
        if city.exists() {
            return Ok(city);
        }
        let footprints = footprints().ok_or(NO_DATA)?;
        let base_map = Path::new(env!("CARGO_MANIFEST_DIR")).join("maps/gusu/base_map.geojson");
        let mut import = self.product([OsStr::new("import"), footprints.as_os_str()]);
        process::run(import.arg(base_map).arg("--into").arg(&city))?;
        let mut generate = self.product(["generate", "--devices", "18000", "--cameras", "100"]);
        process::run(generate.args(["--seed", "1", "--into"]).arg(&city))?;
        Ok(city)
    }
}

const NO_DATA: &str = "no footprints at PINGJIANG_TEST_DATA";

/// A relative folder counts from the package, as everywhere in the tests.
fn footprints() -> Option<PathBuf> {
    let folder = std::env::var_os("PINGJIANG_TEST_DATA").unwrap_or_else(|| "../shared/data".into());
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(folder)
        .join(FOOTPRINTS);
    path.is_file().then_some(path)
}

fn row(name: &str, figures: Result<Figures, String>, aim: &str) {
    match figures {
        Ok(it) => println!(
            "| {name} | {} | {:.2} / {:.2} s | {:.2} s | {:.0} MB | {aim} |",
            it.runs, it.shortest_s, it.median_s, it.processor_s, it.peak_mb
        ),
        Err(fault) => println!("| {name} | – | – | – | – | skipped: {fault}; {aim} |"),
    }
}

fn skipped(name: &str, reason: &str) {
    println!("| {name} | – | – | – | – | skipped: {reason} |");
}
