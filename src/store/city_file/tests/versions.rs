//! Every version can be rebuilt, whatever was written and undone since.

use proptest::prelude::*;

use super::*;
use crate::base::ImportId;
use crate::model::GroundEdit;

/// One run: what it puts and removes, out of a few houses and the sample's other kinds; or the
/// undoing of an earlier run.
#[derive(Debug, Clone)]
enum Run {
    Write { put: Vec<(u8, u8)>, remove: Vec<u8> },
    Undo(u8),
}

fn runs() -> impl Strategy<Value = Vec<Run>> {
    let put = proptest::collection::vec((0..12_u8, 0..4_u8), 0..6);
    let remove = proptest::collection::vec(0..12_u8, 0..4);
    let write = (put, remove).prop_map(|(put, remove)| Run::Write { put, remove });
    let run = prop_oneof![3 => write, 1 => any::<u8>().prop_map(Run::Undo)];
    proptest::collection::vec(run, 1..9)
}

/// The `which`th record in one of its states.
fn one(which: u8, state: u8) -> Entity {
    let all = every_kind();
    match all.into_iter().nth(usize::from(which) * 3) {
        Some(Entity::Resident(_)) | None => {
            let mut house = house(&format!("house {which}"), f64::from(which) * 20.0);
            house.height_m = f64::from(state) + 3.0;
            house.party_walls = vec![house.id; usize::from(state)];
            house.into()
        }
        Some(mut sample) => {
            if let Entity::Building(house) = &mut sample {
                house.storeys = u16::from(state);
                house.models.truncate(usize::from(state));
            }
            sample
        }
    }
}

fn edit_of(number: usize, put: &[(u8, u8)], remove: &[u8]) -> GroundEdit {
    let mut edit = edit(
        &format!("run {number}"),
        put.iter()
            .map(|(which, state)| one(*which, *state))
            .collect(),
    );
    edit.records[0].attribution = number
        .is_multiple_of(2)
        .then(|| format!("© {}", number % 3));
    for entity in &mut edit.put {
        entity.set_import(edit.records[0].id);
    }
    edit.remove = remove.iter().map(|which| one(*which, 0).key()).collect();
    edit
}

fn check(runs: &[Run]) {
    let folder = Folder::new();
    let mut city = sample_city(&folder);
    let mut snapshots = vec![city.load_ground().unwrap()];
    let mut ids: Vec<ImportId> = vec![record("one").id];
    for (number, run) in runs.iter().enumerate() {
        match run {
            Run::Write { put, remove } => {
                let edit = edit_of(number, put, remove);
                ids.push(edit.records[0].id);
                city.write(&edit).unwrap();
            }
            Run::Undo(which) => {
                let id = ids[usize::from(*which) % ids.len()];
                let Ok(plan) = city.plan_undo(id) else {
                    continue;
                };
                city.undo(plan, record("undo").time).unwrap();
                ids.push(city.imports().unwrap().pop().unwrap().id);
            }
        }
        snapshots.push(city.load_ground().unwrap());
    }
    for (version, expected) in (1..).zip(&snapshots) {
        assert_eq!(
            &city.ground_at(version).unwrap(),
            expected,
            "version {version}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn each_version_is_rebuilt(runs in runs()) {
        check(&runs);
    }
}

#[test]
fn before_the_first_run_there_was_nothing() {
    let folder = Folder::new();
    let city = sample_city(&folder);
    assert_eq!(city.ground_at(0).unwrap(), Ground::new(info()));
    let fault = city.ground_at(2).unwrap_err().to_string();
    assert!(
        fault.contains("no version 2") && fault.contains("newest is 1"),
        "{fault}"
    );
}

#[test]
fn without_the_key_an_earlier_version_stays_locked() {
    let folder = Folder::new();
    let mut city = sample_city(&folder);
    let resident = resident("甲", None);
    let mut next = edit("two", vec![]);
    next.remove = vec![Entity::from(resident.clone()).key()];
    city.write(&next).unwrap();
    drop(city);
    let city = CityFile::open(&folder.city(), None).unwrap();
    let before = city.ground_at(1).unwrap();
    assert!(before.residents[&resident.id].name.is_locked());
}

#[test]
fn what_a_generator_made_up_marks_the_city_as_long_as_it_is_there() {
    let folder = Folder::new();
    let real = crate::model::CityInfo {
        synthetic: false,
        ..info()
    };
    let first = edit("one", vec![house("a", 0.0).into()]);
    let (mut city, _) = CityFile::create_with(&folder.city(), &real, None, &first).unwrap();
    let is_marked = |city: &CityFile| city.load_ground().unwrap().info.synthetic;
    assert!(!is_marked(&city));
    let mut made_up = house("b", 50.0);
    made_up.source.dataset = "citygen:zjl:1".into();
    let second = edit("two", vec![made_up.into()]);
    city.write(&second).unwrap();
    assert!(is_marked(&city));
    let undo = city.plan_undo(record("two").id).unwrap();
    city.undo(undo, record("three").time).unwrap();
    assert!(!is_marked(&city));
}
