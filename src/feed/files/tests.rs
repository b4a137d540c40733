//! A watched folder, and a writer that commits what comes out of it.

use std::collections::BTreeSet;

use super::*;
use crate::base::DeviceId;
use crate::feed::payload::FeedTable;
use crate::model::KindTable;
use crate::model::sample::{MORNING, city};

/// What was committed: device and time.
type Kept = BTreeSet<(DeviceId, Timestamp)>;

struct Bench {
    folder: tempfile::TempDir,
    inbox: Arc<Inbox>,
    watched: Watched,
    kept: Kept,
}

impl Bench {
    fn on(folder: tempfile::TempDir) -> Self {
        let inbox = Arc::new(Inbox::new(10_000));
        let kinds = Arc::new(KindTable::standard());
        let intake = Intake::new(FeedTable::standard(), &city(2), &kinds, inbox.clone());
        let now = Box::new(|| MORNING.plus(3_600_000));
        let watched = Watched::new(folder.path(), "readings", intake, inbox.clone(), now);
        Self {
            folder,
            inbox,
            watched,
            kept: Kept::new(),
        }
    }

    fn new() -> Self {
        Self::on(tempfile::tempdir().unwrap())
    }

    fn put(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).unwrap();
    }

    /// Looks while somebody commits.
    fn look(&mut self) {
        let (inbox, kept, watched) = (&self.inbox, &mut self.kept, &mut self.watched);
        let is_done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !is_done.load(Ordering::Relaxed) {
                    let taken = inbox.take();
                    kept.extend(taken.readings.iter().map(|it| (it.device, it.at)));
                    inbox.acknowledge(taken.up_to);
                    inbox.wait(Duration::from_millis(5));
                }
            });
            watched.look();
            is_done.store(true, Ordering::Relaxed);
        });
    }

    /// The names in a folder of the folder.
    fn names(&self, of: &str) -> Vec<String> {
        let Ok(all) = fs::read_dir(self.folder.path().join(of)) else {
            return Vec::new();
        };
        let files = all.map(Result::unwrap).filter(|it| it.path().is_file());
        let mut names: Vec<_> = files
            .map(|it| it.file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join(name)).unwrap()
    }
}

fn lines(count: i64) -> String {
    let line = |number: i64| format!("smoke 0,{},0.5\n", MORNING.plus(number).millis());
    (0..count).map(line).collect()
}

#[test]
fn files_are_taken_once_and_moved_on_with_what_could_not_be_used() {
    let mut bench = Bench::new();
    bench.put("many.csv", &lines(2_500));
    let (odd, at) = ("nobody,2026-05-01 08:00:00,1\n", MORNING.millis());
    bench.put(
        "some.csv",
        &format!("smoke 1,{at},0.5\n{odd}smoke 1,,0.5\n"),
    );
    bench.put(
        "one.jsonl",
        &format!("{{\"device\":\"tilt 0\",\"time\":{at},\"value\":1}}\n"),
    );
    bench.put("none.csv", odd);
    bench.put("notes.txt", "milk\n");
    bench.look();
    assert!(
        bench.names("done").is_empty(),
        "they may still be written to"
    );
    bench.look();
    assert!(bench.names("").is_empty());
    assert_eq!(
        bench.names("done"),
        ["many.csv", "one.jsonl", "some.csv", "some.csv.why"]
    );
    let refused = ["none.csv", "none.csv.why", "notes.txt", "notes.txt.why"];
    assert_eq!(bench.names("refused"), refused);
    let told = "taken: 1\nkept without time: 1\nunknown device: 1\n";
    assert_eq!(bench.text("done/some.csv.why"), told);
    assert!(
        bench
            .text("refused/none.csv.why")
            .contains("unknown device: 1")
    );
    assert!(bench.text("refused/notes.txt.why").contains(".jsonl"));
    assert_eq!(bench.kept.len(), 2_502);

    bench.put("many.csv", "smoke 1,2026-05-01 08:00:01,0.5\n");
    (0..2).for_each(|_| bench.look());
    assert_eq!(
        bench.text("done/many.csv"),
        lines(2_500),
        "nothing is written over"
    );
    assert!(bench.names("done").contains(&"2-many.csv".to_owned()));
}

#[test]
fn what_may_still_be_written_to_is_waited_for() {
    let mut bench = Bench::new();
    let text = lines(10);
    bench.put("grows.csv", &text[..100]);
    bench.put(".hidden.csv", &text);
    bench.put("copied.csv.part", &text);
    for part in [110, 120, text.len()] {
        for _ in 0..3 {
            bench.look();
        }
        assert!(bench.names("done").is_empty());
        bench.put("grows.csv", &text[..part]);
    }
    (0..2).for_each(|_| bench.look());
    assert_eq!(bench.names("done"), ["grows.csv"]);
    assert_eq!(bench.kept.len(), 10);
    assert_eq!(bench.names(""), [".hidden.csv", "copied.csv.part"]);
    // Whoever writes it has died, or writes no line ends.
    bench.put("short.csv", text.trim_end());
    (0..LOOKS).for_each(|_| bench.look());
    assert_eq!(bench.names("done"), ["grows.csv", "short.csv"]);
}

#[test]
fn a_file_stays_until_it_is_committed() {
    let mut bench = Bench::new();
    bench.put("some.csv", &lines(3));
    bench.watched.look();
    let over = bench.watched.over.clone();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // Taken in, never committed: the engine is stopped.
            while bench.inbox.take().readings.is_empty() {
                std::thread::sleep(Duration::from_millis(5));
            }
            over.store(true, Ordering::Relaxed);
        });
        bench.watched.look();
    });
    assert_eq!(bench.names(""), ["some.csv"]);
    let mut again = Bench::on(bench.folder);
    (0..2).for_each(|_| again.look());
    assert_eq!((again.names("done").len(), again.kept.len()), (1, 3));
}
