//! The change table behind an undo and a look back: its lines, and its images of what records were
//! before, changed one field at a time.

use std::path::PathBuf;

use pingjiang::base::{ImportId, SealError, Timestamp};
use pingjiang::model::{Entity, Ground};
use pingjiang::store::{CellFault, CityFile, CityFileError};

use crate::bodies::Seen;
use crate::city;
use crate::edit::edit;
use crate::tamper::{Field, Tamper};

/// One input in so many is also undone, in a copy of the city.
const UNDONE_ONE_IN: u8 = 8;
/// The run that changes and removes what the first one put.
const SECOND: u64 = 2;

struct Fixture {
    folder: tempfile::TempDir,
    city: CityFile,
    tamper: Tamper,
}

thread_local! {
    static FIXTURE: Fixture = Fixture::new();
}

impl Fixture {
    /// A city of every kind, from which a second run takes everything but one building, which it
    /// changes.
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("city.gpkg");
        let mut city = city::create(&path);
        let ground = city.load_ground().expect("it was just made");
        let mut building = ground
            .buildings
            .values()
            .next()
            .expect("a building")
            .clone();
        building.height_m += 1.0;
        let kept = Entity::from(building);
        let mut next = edit(SECOND, "fuzz", vec![kept.clone()]);
        next.remove = city::all(&ground).iter().map(Entity::key).collect();
        next.remove.retain(|key| *key != kept.key());
        city.write(&next).expect("a second run");
        let tamper = Tamper::open(&path, &[], fields(&path));
        Self {
            folder,
            city,
            tamper,
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("city.gpkg")
    }
}

/// The image of one record of every kind, and the other fields of one line.
fn fields(path: &std::path::Path) -> Vec<Field> {
    let side = rusqlite::Connection::open(path).expect("the city opens");
    let select = "SELECT min(fid) FROM pingjiang_change WHERE image IS NOT NULL GROUP BY kind";
    let mut select = side.prepare(select).expect("the change table is there");
    let rows = select.query_map([], |row| row.get::<_, i64>(0));
    let rows = rows.expect("lines").map(|row| row.expect("a number"));
    let rows: Vec<String> = rows.map(|fid| format!("fid = {fid}")).collect();
    let images = rows
        .iter()
        .map(|row| Field::new("pingjiang_change", "image", row));
    let others = ["op", "kind", "entity", "ground_version"];
    let others = others.map(|name| Field::new("pingjiang_change", name, &rows[0]));
    images.chain(others).collect()
}

/// One input for each field.
pub fn seeds() -> Vec<Vec<u8>> {
    FIXTURE.with(|fixture| fixture.tamper.seeds())
}

/// A change table with one field changed: the earlier version and the undo are refused with words
/// that name the file, or the earlier version is in order; and where both are given the undo brings
/// back just that.
pub fn body(bytes: &[u8]) -> Seen {
    FIXTURE.with(|fixture| {
        let Some(changed) = fixture.tamper.change(bytes) else {
            return Seen::REFUSED;
        };
        let earlier = fixture.city.ground_at(1);
        let plan = fixture.city.plan_undo(ImportId::from_bits(SECOND));
        let seen = match (&earlier, &plan) {
            (Ok(ground), Ok(plan)) => {
                // A line that was moved to another run is not undone with this one.
                let is_whole = changed.place().1 != "ground_version";
                let sum = bytes
                    .iter()
                    .fold(0, |sum: u8, byte| sum.wrapping_add(*byte));
                if is_whole && sum % UNDONE_ONE_IN == 0 {
                    comes_back(fixture, ground);
                }
                let counts: Vec<_> = plan.counts.values().collect();
                Seen::of((city::all(ground).len(), format!("{counts:?}")))
            }
            (earlier, plan) => {
                let earlier = earlier.as_ref().err().map(city::refusal);
                let plan = plan.as_ref().err().map(city::refusal);
                Seen::of((earlier, plan))
            }
        };
        Seen::of((changed.place(), seen))
    })
}

/// Undone in a copy, the city is what it was. What is sealed is opened when it is written: one such
/// value that was changed is refused only then, and the city stays.
fn comes_back(fixture: &Fixture, earlier: &Ground) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("city.gpkg");
    std::fs::copy(fixture.path(), &path).expect("a copy");
    let mut city = city::reopen(&path);
    let plan = city.plan_undo(ImportId::from_bits(SECOND));
    let plan = plan.expect("it was planned on the same city");
    let before = city.ground_version().expect("it is a city");
    if let Err(fault) = city.undo(plan, Timestamp::from_millis(0)) {
        assert!(
            is_sealed(&fault),
            "what was planned cannot be done: {fault}"
        );
        assert_eq!(city.ground_version().expect("it is one still"), before);
        return;
    }
    let mut ground = city.load_ground().expect("what was written can be read");
    ground.version = earlier.version;
    assert!(ground == *earlier, "it came back changed");
}

/// Whether a sealed value is at fault: its key does not open it, its head or its length is wrong.
fn is_sealed(fault: &CityFileError) -> bool {
    let CityFileError::Record { fault, .. } = fault else {
        return false;
    };
    matches!(
        fault,
        CellFault::Seal(SealError::WrongKey | SealError::Damaged(_))
    )
}
