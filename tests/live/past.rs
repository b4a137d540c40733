//! The past that a simulated city begins with, from outside: an engine writes it into an empty archive,
//! judges by it at once, warns of the few houses that move and of nothing else, and neither a restart nor
//! a kill on the way writes anything twice.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use pingjiang::base::{DeviceId, Timestamp};
use pingjiang::citygen::days::{Scenario, Simulation, Story};
use pingjiang::model::dispatch::Incident;
use pingjiang::model::ports::Archive;
use pingjiang::model::{Ground, KindTable, Live, MonitorGrade, Reading, SuddenKind, Twin};
use pingjiang::store::{CityFile, SqliteArchive};

use super::engine::PROGRAM;
use super::{sample, sample_city};

/// Days of the past: enough for the row, which moves for sixty-six.
const DAYS: &str = "100";

struct Town {
    folder: tempfile::TempDir,
}

impl Town {
    /// The demo community, as the command makes it.
    fn demo() -> Self {
        let town = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        let mut command = Command::new(PROGRAM);
        command.args(["generate", "--area", "zjl", "--out"]);
        let made = command.arg(town.city()).output().unwrap();
        assert!(made.status.success(), "{}", text(&made.stderr));
        town
    }

    fn small() -> Self {
        let town = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        sample_city::write(&town.city(), &sample::city(6));
        town
    }

    fn city(&self) -> PathBuf {
        self.folder.path().join("city.gpkg")
    }

    fn command(&self, command: &str, arguments: &[&str]) -> Command {
        let mut made = Command::new(PROGRAM);
        made.arg(command).arg(self.city()).args(arguments);
        made.stdin(Stdio::null());
        made
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let calm = ["--simulate", "calm", "--seconds", "2"];
        let mut command = self.command("run", &calm);
        let output = command.args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        output
    }

    fn archive(&self) -> SqliteArchive {
        SqliteArchive::open_read_only(&SqliteArchive::folder_of(&self.city())).unwrap()
    }

    fn ground(&self) -> Ground {
        let file = CityFile::open(&self.city(), None).unwrap();
        file.load_ground().unwrap()
    }

    fn live(&self) -> Live {
        let recovered = self.archive().recover(None).unwrap();
        let ground = Arc::new(self.ground());
        let mut twin = match recovered.snapshot {
            Some(live) => Twin::at_snapshot(ground, live),
            None => Twin::new(ground),
        };
        for batch in &recovered.batches {
            twin.apply(batch).unwrap();
        }
        twin.live().clone()
    }

    /// Everything that lies in the archive of sensors on buildings before a moment.
    fn readings(&self, ground: &Ground, until: Timestamp) -> BTreeMap<DeviceId, Vec<Reading>> {
        let mut archive = self.archive();
        let mut all = BTreeMap::new();
        for device in ground.devices.values() {
            if !matches!(device.kind.as_str(), "tilt" | "settlement" | "crack") {
                continue;
            }
            let of: &mut Vec<Reading> = all.entry(device.id).or_default();
            let begin = Timestamp::from_millis(0);
            let take = &mut |one: &Reading| of.push(*one);
            archive.each_reading(device.id, begin, until, take).unwrap();
        }
        all
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn stories(ground: &Ground, live: &Live) -> BTreeMap<DeviceId, Story> {
    let start = live.feed.simulation_start.unwrap();
    let kinds = KindTable::standard();
    let made = Simulation::new(ground, &kinds, 1, Scenario::Calm, start);
    made.stories().collect()
}

fn with(stories: &BTreeMap<DeviceId, Story>, wanted: Story) -> Vec<DeviceId> {
    let all = stories.iter().filter(|(_, story)| **story == wanted);
    all.map(|(id, _)| *id).collect()
}

#[test]
fn an_engine_begins_with_a_past_and_judges_by_it() {
    let town = Town::demo();
    town.run(&["--history", DAYS]);
    let (ground, live) = (town.ground(), town.live());
    assert!(live.feed.simulated, "what is made up is marked as such");
    let stories = stories(&ground, &live);
    let judged = |story: Story| {
        let all = with(&stories, story).into_iter();
        all.map(|id| live.judged[&id].clone()).collect::<Vec<_>>()
    };
    let grade = |story: Story| judged(story)[0].grade;
    assert_eq!(grade(Story::BeyondLimit), Some(MonitorGrade::Red));
    assert_eq!(grade(Story::NearLimit), Some(MonitorGrade::Orange));
    assert_eq!(grade(Story::Accelerating), Some(MonitorGrade::Orange));
    assert_eq!(grade(Story::Creeping), Some(MonitorGrade::Attention));
    assert_eq!(grade(Story::Spiked), Some(MonitorGrade::Normal));
    assert_eq!(grade(Story::Stuck), None);
    let sudden = judged(Story::Remounted)[0].sudden;
    assert_eq!(sudden, Some(SuddenKind::MountedAnew));

    let warns = [
        Story::BeyondLimit,
        Story::NearLimit,
        Story::Accelerating,
        Story::Row,
    ];
    let alarmed = live.alarms.values();
    let alarmed = alarmed.filter(|alarm| alarm.rule.starts_with("house_"));
    let alarmed: Vec<DeviceId> = alarmed.map(|alarm| alarm.device).collect();
    let warned: BTreeSet<DeviceId> = alarmed.iter().copied().collect();
    let wanted: BTreeSet<DeviceId> = warns.iter().flat_map(|it| with(&stories, *it)).collect();
    assert_eq!(warned, wanted, "these houses and no other");
    assert_eq!(alarmed.len(), wanted.len(), "once each");
    in_one_incident(&live, &with(&stories, Story::Row));
}

fn in_one_incident(live: &Live, row: &[DeviceId]) {
    let members = |one: &Incident| one.members.iter().map(|it| it.device).collect::<Vec<_>>();
    let incidents = live.dispatch.incidents.values();
    let with_row: Vec<Vec<DeviceId>> = incidents
        .map(members)
        .filter(|all| all.iter().any(|id| row.contains(id)))
        .collect();
    assert_eq!(with_row.len(), 1, "one incident: {with_row:?}");
    assert!(row.len() >= 3 && row.iter().all(|id| with_row[0].contains(id)));
}

#[test]
fn past_and_present_join_and_a_restart_writes_nothing_twice() {
    let town = Town::small();
    town.run(&["--history", "12"]);
    let (ground, first) = (town.ground(), town.live());
    let start = first.feed.simulation_start.unwrap();
    let told = town.readings(&ground, start);
    assert_eq!(told.len(), 3 * 6);
    for (device, readings) in &told {
        let times: Vec<Timestamp> = readings.iter().map(|one| one.at).collect();
        assert!(times.is_sorted_by(|one, next| one < next), "{device}");
        let hours = readings.len();
        assert!((260..=300).contains(&hours), "{device}: {hours} readings");
        for pair in readings.windows(2) {
            // Hours may lie between two, in which a wall warms; nothing is sudden.
            let step = (pair[1].value - pair[0].value).abs();
            assert!(step < 1.2, "{device}: {pair:?}");
        }
    }
    let hash = |live: &Live| Twin::at_snapshot(Arc::new(ground.clone()), live.clone()).state_hash();
    assert_eq!(hash(&town.live()), hash(&first));

    town.run(&["--history", "12"]);
    let again = town.live();
    assert_eq!(again.feed.simulation_start, Some(start));
    assert_eq!(town.readings(&ground, start), told);
    assert_eq!(again.judged.len(), first.judged.len());
}

#[test]
fn a_past_that_was_cut_off_is_completed() {
    let [whole, cut] = [(); 2].map(|()| Town::small());
    whole.run(&["--history", "12"]);
    cut.run(&["--history", "12"]);
    // What a kill leaves: the first days, and nothing behind them.
    forget_all_but(&cut.city(), 5);
    let ground = cut.ground();
    let start = cut.live().feed.simulation_start.unwrap();
    assert!(start - cut.live().at > 6 * 86_400_000);
    cut.run(&["--history", "12"]);
    assert_eq!(cut.live().feed.simulation_start, Some(start));
    let (days, completed) = (12 * 24, cut.readings(&ground, start));
    for (device, readings) in completed {
        let times: Vec<Timestamp> = readings.iter().map(|one| one.at).collect();
        assert!(times.is_sorted_by(|one, next| one < next), "{device}");
        let hours = readings.len();
        assert!(
            (days - 30..=days + 12).contains(&hours),
            "{device}: {hours}"
        );
    }
}

/// Takes the archive back to its first batches.
fn forget_all_but(city: &Path, batches: u64) {
    let folder = SqliteArchive::folder_of(city);
    let recovered = {
        let mut archive = SqliteArchive::open_read_only(&folder).unwrap();
        let readings = archive.recover(Some(batches)).unwrap();
        assert!(
            readings.snapshot.is_none(),
            "the past is kept batch by batch"
        );
        readings.batches
    };
    std::fs::remove_dir_all(&folder).unwrap();
    let mut archive = SqliteArchive::open(&folder).unwrap();
    archive.append(&recovered).unwrap();
}

#[test]
fn none_is_written_where_none_is_wanted_or_anything_was_kept() {
    let town = Town::small();
    town.run(&["--history", "0"]);
    let (ground, live) = (town.ground(), town.live());
    let start = live.feed.simulation_start.unwrap();
    let count =
        |told: BTreeMap<DeviceId, Vec<Reading>>| -> usize { told.values().map(Vec::len).sum() };
    let before = count(town.readings(&ground, start.plus(-3_600_000)));
    assert!(before < 3 * 6 * 50, "{before}");
    town.run(&["--history", "12"]);
    assert_eq!(
        count(town.readings(&ground, start.plus(-3_600_000))),
        before
    );
}
