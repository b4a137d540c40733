//! Registers: tables of people and things, linked to a small city.

use std::collections::HashSet;
use std::path::Path;

use pingjiang::access;
use pingjiang::base::{Clearance, DwellingId, ImportId, KeyedHash, Sealed};
use pingjiang::ingest::{
    self, Format, Origin, RegisterCity, RegisterKind, RegisterMapping, RegisterOptions,
    RegisterRun, Registers, Target,
};
use pingjiang::model::{Dwelling, Entity, Ground, KindTable, LabelRules, Source, Usage};
use pingjiang::registry::match_address::MatchRules;
use pingjiang::space::{Crs, Datum};
use pingjiang::store::Vault;

use crate::bodies::Seen;
use crate::imports;

/// Houses and ways for addresses to be matched with.
const BASE_MAP: &[u8] = include_bytes!("../data/registers/basemap.geojson");

/// A register of any kind: rows that are taken make records with keys of their own, linked only to
/// what is there; the same table again makes the same records; and nobody's number is told.
pub fn register(bytes: &[u8]) -> Seen {
    let ground = city();
    let mut seen = Vec::new();
    for kind in std::iter::once(None).chain(RegisterKind::ALL.iter().copied().map(Some)) {
        match read(&ground, bytes, kind) {
            Err(fault) => {
                check_private(&fault);
                seen.push(Seen::message(&fault));
            }
            Ok(run) => seen.push(check(&ground, bytes, kind, run)),
        }
    }
    let mut all = Seen::of(&seen);
    all.taken = seen.iter().any(|one| one.taken);
    all
}

/// A mapping of a register: strict, and its fault has a line of the text.
pub fn mapping(bytes: &[u8]) -> Seen {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Seen::REFUSED;
    };
    match RegisterMapping::parse(text) {
        Ok(mapping) => {
            let strange = format!("no_such_member = 1\n{text}");
            assert!(RegisterMapping::parse(&strange).is_err(), "not strict");
            Seen::of(mapping.register.map(RegisterKind::as_str))
        }
        Err(fault) => {
            assert!(fault.line >= 1 && fault.line <= text.lines().count().max(1) + 1);
            Seen::message(&fault.to_string())
        }
    }
}

fn city() -> Ground {
    let crs = Crs::from_epsg(4549).expect("it is built in");
    let mut ground = Ground::new(imports::info(&crs));
    let raw = ingest::read(
        BASE_MAP,
        Path::new("basemap.geojson"),
        Some(Format::GeoJson),
    );
    let target = Target { crs, extent: None };
    let origin = Origin {
        dataset: "basemap".to_owned(),
        import: ImportId::from_bits(1),
        crs: None,
        datum: Datum::Wgs84,
    };
    let converted = ingest::convert(raw.expect("it is sound"), &target, &origin);
    for entity in converted.expect("it is sound").entities {
        ground.put(entity);
    }
    let houses: Vec<_> = ground.buildings.keys().copied().collect();
    for (number, building) in houses.into_iter().enumerate() {
        let key = format!("home-{number}");
        ground.put(Entity::from(Dwelling {
            id: DwellingId::from_source("homes", &key),
            source: Source {
                dataset: "homes".to_owned(),
                key,
                import: ImportId::from_bits(1),
            },
            building,
            floor: 1,
            door: Sealed::new("101室"),
            usage: Usage::Residential,
            area_m2: 50.0,
            address: None,
        }));
    }
    ground
}

fn read(ground: &Ground, bytes: &[u8], kind: Option<RegisterKind>) -> Result<Read, String> {
    let vault = Vault::from_key(&[7; 32]);
    let (kinds, labels) = (KindTable::standard(), LabelRules::standard());
    let clearance: Clearance = access::for_keeping();
    let city = RegisterCity {
        ground,
        hash: Some(&vault as &dyn KeyedHash),
        clearance: &clearance,
        kinds: &kinds,
        labels: &labels,
        matching: &MatchRules::default(),
        decided: &HashSet::new(),
    };
    let options = RegisterOptions {
        kind,
        mapping: RegisterMapping::default(),
        crs: None,
        datum: Datum::Wgs84,
        today: "2026-05-01".to_owned(),
        keep_missing: false,
        list_unmatched: true,
    };
    let mut registers = Registers::new(city, options);
    let added = registers.add_bytes(Path::new("register.fuzz"), bytes, "register");
    added.map_err(|fault| fault.to_string())?;
    let mut people = Vec::new();
    let run = registers.finish(&mut |part| {
        people.extend(part);
        Ok(())
    });
    let run = run.map_err(|fault| fault.to_string())?;
    Ok(Read { run, people })
}

/// What a register became, with the people who came in parts.
struct Read {
    run: RegisterRun,
    people: Vec<Entity>,
}

impl Read {
    fn entities(&self) -> impl Iterator<Item = &Entity> {
        let files = self.run.files.iter();
        let of_files = files.flat_map(|file| &file.converted.entities);
        self.people.iter().chain(of_files)
    }
}

/// Neither an identity number nor a telephone number is told.
fn check_private(told: &str) {
    let runs = told.split(|one: char| !one.is_ascii_digit());
    let longest = runs.map(str::len).max().unwrap_or(0);
    assert!(longest < 15, "a number is told: {told}");
}

fn check(ground: &Ground, bytes: &[u8], kind: Option<RegisterKind>, read_once: Read) -> Seen {
    let run = &read_once.run;
    for one in &run.unmatched {
        check_private(&one.reasons);
        assert!(one.score.is_none_or(|score| (0.0..=1.0).contains(&score)));
    }
    let mut after = ground.clone();
    let mut keys = HashSet::new();
    let mut told = Vec::new();
    for file in &run.files {
        let converted = &file.converted;
        told.extend(converted.notes.iter().cloned());
        told.extend(
            converted
                .warnings
                .list()
                .iter()
                .map(|one| one.reason.clone()),
        );
    }
    for entity in read_once.entities() {
        assert!(keys.insert(entity.key()), "twice: {:?}", entity.key());
        assert!(entity.bounds().min.iter().all(|v| !v.is_nan()));
        after.put(entity.clone());
    }
    for one in after.residents.values() {
        assert!(
            one.dwelling
                .is_none_or(|id| after.dwellings.contains_key(&id))
        );
        assert!(
            one.household
                .is_none_or(|id| after.households.contains_key(&id))
        );
    }
    for one in after.devices.values() {
        assert!(one.position.iter().all(|v| v.is_finite()));
    }
    let again = read(&after, bytes, kind).expect("it was read before");
    for entity in again.entities() {
        assert_eq!(
            after.get(entity.key()).as_ref(),
            Some(entity),
            "not the same again"
        );
    }
    Seen::of((keys.len(), run.unmatched.len(), told.len()))
}
