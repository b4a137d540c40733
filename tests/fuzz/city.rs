//! The city file's fields, changed one at a time: geometry, links, lists, sealed values. And the
//! sealed values and key files themselves.

use std::path::Path;

use pingjiang::base::{
    DeviceId, ResidentId, SealError, Sealed, SealedList, Sealer, SharedSealer, VehicleId,
};
use pingjiang::ingest::{self, ImportError, Origin, ReadOptions, Target};
use pingjiang::model::{Device, Entity, Ground, KindId, Resident, Source, Vehicle, VehicleKind};
use pingjiang::space::{Crs, Datum};
use pingjiang::store::{CityFile, CityFileError, Vault, VaultError};

use crate::bodies::Seen;
use crate::edit::edit;
use crate::imports;
use crate::tamper::Tamper;

const KEY: [u8; 32] = [7; 32];
const PLAIN: &str = "王小明";
/// One input in so many also goes into a new city file.
const WRITTEN_ONE_IN: u8 = 8;

struct Fixture {
    _folder: tempfile::TempDir,
    city: CityFile,
    tamper: Tamper,
}

thread_local! {
    static FIXTURE: Fixture = Fixture::new();
}

/// A new city with all records at this path.
pub fn create(path: &Path) -> CityFile {
    let info = imports::info(&Crs::from_epsg(4549).expect("it is built in"));
    let vault = Vault::from_key(&KEY);
    let edit = edit(1, "fuzz", records());
    let made = CityFile::create_with(path, &info, Some(&vault), &edit);
    made.expect("a city is made").0
}

/// Opens such a city again, to write into it.
pub fn reopen(path: &Path) -> CityFile {
    let city = CityFile::open_for_writing(path, Some(Vault::from_key(&KEY)));
    city.expect("a city opens")
}

impl Fixture {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("city.gpkg");
        let city = create(&path);
        // The triggers that keep the R-tree call functions of GeoPackage that only its own
        // programs have; the tree itself is no part of what is read.
        let side = rusqlite::Connection::open(&path).expect("the city opens");
        side.execute_batch(&triggers(&side)).expect("triggers go");
        Self {
            tamper: Tamper::open(&path, &tables(&side), Vec::new()),
            _folder: folder,
            city,
        }
    }
}

fn triggers(connection: &rusqlite::Connection) -> String {
    let select = "SELECT group_concat('DROP TRIGGER \"' || name || '\";', ' ')
                  FROM sqlite_schema WHERE type = 'trigger'";
    let text = connection.query_row(select, [], |row| row.get::<_, Option<String>>(0));
    text.expect("the schema can be read").unwrap_or_default()
}

/// Tables of records and of their faces that have a row.
fn tables(connection: &rusqlite::Connection) -> Vec<&'static str> {
    let kinds = pingjiang::model::EntityKind::ALL
        .iter()
        .map(|kind| kind.as_str());
    let faces = ["building_surface", "object_surface", "road_surface"];
    let filled = |table: &&str| {
        let count = format!("SELECT count(*) FROM \"{table}\"");
        let count = connection.query_row(&count, [], |row| row.get::<_, i64>(0));
        count.expect("the table is there") > 0
    };
    kinds.chain(faces).filter(filled).collect()
}

/// Records of every kind that files bring, and of some that only registries have.
fn records() -> Vec<Entity> {
    let mut put = Vec::new();
    for name in ["every_kind.geojson", "every_type.city.json"] {
        put.extend(imported(name).unwrap_or_else(|fault| panic!("{fault}")));
    }
    let source = |key: &str| Source {
        dataset: "fuzz".into(),
        key: key.into(),
        import: pingjiang::base::ImportId::from_bits(1),
    };
    let sealed = || Sealed::new(PLAIN);
    put.push(Entity::from(Resident {
        id: ResidentId::from_source("fuzz", "r"),
        source: source("r"),
        household: None,
        dwelling: None,
        name: sealed(),
        identity_no: Sealed::new("11010519491231002X"),
        birth_date: sealed(),
        phone: Some(sealed()),
        labels: SealedList::new([PLAIN, PLAIN]),
        address: sealed(),
        verified_on: "2026-01-01".into(),
        traits: None,
        contacts: None,
        further: None,
    }));
    put.push(Entity::from(Vehicle {
        id: VehicleId::from_source("fuzz", "v"),
        source: source("v"),
        kind: VehicleKind::Ebike,
        plate: sealed(),
        household: None,
        position: [581_000.0, 3_465_000.0, 3.0],
    }));
    put.push(Entity::from(Device {
        id: DeviceId::from_source("fuzz", "d"),
        source: source("d"),
        kind: KindId::new("smoke"),
        position: [581_000.0, 3_465_000.0, 3.0],
        building: None,
        dwelling: None,
        interval_s: Some(60),
        home: pingjiang::model::DeviceHome::Known,
        name: None,
    }));
    put
}

/// The records of one of our own files, as they come; where they lie does not matter here.
fn imported(name: &str) -> Result<Vec<Entity>, ImportError> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/ingest")
        .join(name);
    let raw = ingest::read_file(&path, &ReadOptions::default())?.raw;
    let named = |fault| ImportError {
        fault,
        path: path.clone(),
    };
    let target = Target {
        crs: ingest::choose_crs(&raw, None).map_err(named)?,
        extent: None,
    };
    let origin = Origin {
        dataset: name.into(),
        import: pingjiang::base::ImportId::from_bits(1),
        crs: None,
        datum: Datum::Wgs84,
    };
    let mut converted = ingest::convert(raw, &target, &origin).map_err(named)?;
    Ok(ingest::join(std::slice::from_mut(&mut converted)))
}

/// One input for each field.
pub fn cell_seeds() -> Vec<Vec<u8>> {
    FIXTURE.with(|fixture| fixture.tamper.seeds())
}

/// A city with one field changed: it is refused with words that name the file, or everything in
/// it is in order and can be written into another city.
pub fn cells(bytes: &[u8]) -> Seen {
    FIXTURE.with(|fixture| {
        let Some(changed) = fixture.tamper.change(bytes) else {
            return Seen::REFUSED;
        };
        // A sealed value that was changed is found when it is opened.
        let loaded = fixture.city.load_ground();
        match loaded.and_then(|ground| fixture.city.check_sealed().map(|()| ground)) {
            Err(fault) => Seen::of((changed.place(), refusal(&fault))),
            Ok(ground) => {
                let entities = all(&ground);
                if bytes
                    .iter()
                    .fold(0, |sum: u8, byte| sum.wrapping_add(*byte))
                    % WRITTEN_ONE_IN
                    == 0
                {
                    let crs = Crs::from_epsg(4549).expect("it is built in");
                    imports::comes_back_from_a_city(&entities, &crs);
                }
                Seen::of((changed.place(), bytes.len()))
            }
        }
    })
}

/// A refusal names the file and no personal value.
pub fn refusal(fault: &CityFileError) -> Seen {
    let text = fault.to_string();
    assert!(text.contains("city.gpkg"), "{text}");
    assert!(!text.contains(PLAIN), "a personal value got out");
    Seen::message(&text)
}

/// Every record of a ground; their numbers are finite.
pub fn all(ground: &Ground) -> Vec<Entity> {
    let mut entities = Vec::new();
    ground.for_each(|entity| entities.push(entity));
    for entity in &entities {
        let numbers = imports::numbers(entity);
        assert!(numbers.iter().all(|one| one.is_finite()), "{entity:?}");
    }
    entities
}

/// Sealed values: whole ones, with the key and without.
pub fn sealed_seeds() -> Vec<Vec<u8>> {
    let vault = Vault::from_key(&KEY);
    ["", PLAIN, "13912345678"]
        .map(|plain| vault.seal(plain.as_bytes()).expect("it is sealed"))
        .into()
}

/// A sealed value opens to one of the texts that were sealed, or not at all; without a key it is
/// passed on as it is.
pub fn sealed(bytes: &[u8]) -> Seen {
    let locked = Sealed::from_blob(bytes.to_vec(), None);
    let vault = Vault::from_key(&KEY);
    assert!(locked.is_locked());
    assert_eq!(locked.to_blob(&vault).as_deref(), Ok(bytes));
    assert!(
        Vault::from_key(&[8; 32]).unseal(bytes).is_err(),
        "another key"
    );
    match vault.unseal(bytes) {
        Ok(plain) => {
            let known = ["", PLAIN, "13912345678"];
            assert!(known.iter().any(|one| one.as_bytes() == plain), "forged");
            let open = Sealed::from_blob(bytes.to_vec(), Some(&SharedSealer::new(vault.clone())));
            let again = open.to_blob(&vault).and_then(|blob| vault.unseal(&blob));
            assert_eq!(again, Ok(plain));
            Seen::of("open")
        }
        Err(SealError::WrongKey) => Seen::message("changed"),
        Err(SealError::Damaged(reason)) => Seen::message(reason),
        Err(SealError::Locked) => panic!("the key is at hand"),
    }
}

/// A key file is refused, or is its title and 64 digits that mean what they say.
pub fn key_file(bytes: &[u8]) -> Seen {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("city.key");
    std::fs::write(&path, bytes).expect("it is written");
    let vault = match Vault::open(&path) {
        Ok(vault) => vault,
        Err(VaultError::NotAKey { reason, .. }) => return Seen::message(reason),
        Err(other) => panic!("{other}"),
    };
    let text = std::str::from_utf8(bytes).expect("a key file is text");
    let digits = text.lines().nth(1).expect("it has two lines").trim();
    assert_eq!(digits.len(), 64);
    let byte = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).expect("two digits");
    let key: [u8; 32] = std::array::from_fn(|index| byte(2 * index));
    let blob = vault.seal(b"x").expect("it is sealed");
    assert_eq!(
        Vault::from_key(&key).unseal(&blob).as_deref(),
        Ok(&b"x"[..])
    );
    Seen::of("a key")
}
