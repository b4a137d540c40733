//! An import can be taken back as long as nobody built on it.

use super::*;
use crate::base::ImportId;
use crate::model::GroundEdit;

fn second(put: Vec<Entity>, remove: &[Entity]) -> GroundEdit {
    let mut next = edit("two", put);
    next.remove = remove.iter().map(Entity::key).collect();
    next
}

fn id(run: &str) -> ImportId {
    record(run).id
}

fn undo(city: &mut CityFile, import: ImportId) -> Result<WriteSummary, CityFileError> {
    let plan = city.plan_undo(import)?;
    city.undo(plan, record("undo").time)
}

/// Why it cannot be undone.
fn refused(city: &mut CityFile, import: ImportId) -> String {
    let version = city.ground_version().unwrap();
    let fault = undo(city, import).unwrap_err().to_string();
    assert_eq!(city.ground_version().unwrap(), version);
    assert!(
        fault.contains("平江 city.gpkg") && fault.contains(&import.to_string()),
        "{fault}"
    );
    fault
}

/// What is in the city, whatever its version.
fn content(city: &CityFile) -> Ground {
    let mut ground = city.load_ground().unwrap();
    ground.version = 0;
    ground
}

#[test]
fn what_was_there_before_is_there_again() {
    let folder = Folder::new();
    let mut city = sample_city(&folder);
    let before = city.load_ground().unwrap();
    // Everything that can be: added, changed, removed; with faces and with sealed values.
    let gone: Vec<Entity> = every_kind()
        .into_iter()
        .filter(|one| one.key() != Entity::from(house("rich", 0.0)).key())
        .collect();
    let next = second(
        vec![house("rich", 1.0).into(), house("new", 0.0).into()],
        &gone,
    );
    let done = city.write(&next).unwrap();
    assert_eq!((done.added, done.updated), (1, 1));
    assert_eq!(done.removed, gone.len() as u64);
    let undone = undo(&mut city, id("two")).unwrap();
    assert_eq!(
        (undone.added, undone.updated, undone.removed),
        (done.removed, 1, 1)
    );
    let mut after = city.load_ground().unwrap();
    assert_eq!(after.version, 3);
    after.version = 1;
    assert_eq!(after, before);
}

#[test]
fn without_the_key_it_works_as_well() {
    let folder = Folder::new();
    let mut city = sample_city(&folder);
    let next = second(vec![], &[resident("甲", None).into()]);
    city.write(&next).unwrap();
    drop(city);
    let mut city = CityFile::open_for_writing(&folder.city(), None).unwrap();
    undo(&mut city, id("two")).unwrap();
    drop(city);
    let city = CityFile::open(&folder.city(), Some(vault())).unwrap();
    let residents = city.load_ground().unwrap().residents;
    assert_eq!(residents, ground_of(&every_kind(), 1).residents);
}

#[test]
fn what_others_built_on_stays() {
    let folder = Folder::new();
    let mut city = sample_city(&folder);
    let write = |city: &mut CityFile, run: &str, put: Vec<Entity>| {
        city.write(&edit(run, put)).unwrap();
    };
    write(&mut city, "two", vec![house("new", 0.0).into()]);
    write(&mut city, "three", vec![house("new", 7.0).into()]);
    let fault = refused(&mut city, id("two"));
    let later = id("three").to_string();
    for part in ["version 3", "three.geojson", &later, "undo that first"] {
        assert!(fault.contains(part), "{fault}");
    }
    let unknown = refused(&mut city, id("never"));
    assert!(unknown.contains("no such import"), "{unknown}");
    // What the message asks for leads on.
    undo(&mut city, id("three")).unwrap();
    undo(&mut city, id("two")).unwrap();
    assert_eq!(content(&city), ground_of(&every_kind(), 0));
}

#[test]
fn an_undo_is_told_once_and_can_be_undone() {
    let folder = Folder::new();
    let mut city = sample_city(&folder);
    city.write(&second(vec![house("new", 0.0).into()], &[]))
        .unwrap();
    let with = content(&city);
    // A run that finds all of it there changes nothing of what is undone.
    city.write(&second(vec![house("new", 0.0).into()], &[]))
        .unwrap();
    undo(&mut city, id("two")).unwrap();
    let without = content(&city);
    assert_ne!(with, without);
    let history = city.history().unwrap();
    let undoing = history.last().unwrap();
    assert_eq!(
        (undoing.record.action.as_str(), undoing.record.file.as_str()),
        ("undo", "two.geojson")
    );
    let told: Vec<_> = history.iter().map(|one| one.undone_by).collect();
    assert_eq!(told, [None, Some(4), None, None]);
    let fault = refused(&mut city, id("two"));
    assert!(fault.contains("version 4 has undone it already"), "{fault}");
    undo(&mut city, undoing.record.id).unwrap();
    assert_eq!(content(&city), with);
    undo(&mut city, id("two")).unwrap();
    assert_eq!(content(&city), without);
}

#[test]
fn files_of_one_run_are_told_apart_and_undone_together() {
    let folder = Folder::new();
    let mut city = sample_city(&folder);
    let mut from_three = house("c", 0.0);
    from_three.source.import = id("three");
    let mut next = edit("two", every_kind());
    next.records.push(record("three"));
    next.put.push(from_three.into());
    city.write(&next).unwrap();
    let of_run: Vec<_> = city.history().unwrap().split_off(1);
    let told: Vec<_> = of_run
        .iter()
        .map(|one| (one.version, one.touched))
        .collect();
    assert_eq!(told, [(2, 0), (2, 1)]);
    let fault = refused(&mut city, id("two"));
    assert!(fault.contains("nothing to take back"), "{fault}");
    let plan = city.plan_undo(id("three")).unwrap();
    assert_eq!(plan.records, [record("two"), record("three")]);
    city.write(&edit("four", vec![])).unwrap();
    let fault = city.undo(plan, record("undo").time).unwrap_err();
    assert!(matches!(fault, CityFileError::Overtaken { .. }), "{fault}");
    undo(&mut city, id("three")).unwrap();
    assert_eq!(content(&city), ground_of(&every_kind(), 0));
}

/// Puts the list of runs back to how format 1 kept it.
fn make_old(city: &CityFile) {
    let old = "ALTER TABLE pingjiang_import DROP COLUMN attribution;
               ALTER TABLE pingjiang_import DROP COLUMN undoes;
               ALTER TABLE pingjiang_import DROP COLUMN ground_version;";
    city.connection.execute_batch(old).unwrap();
    super::super::meta::set(&city.connection, "format", "1").unwrap();
}

#[test]
fn a_city_of_the_first_format_is_read_and_brought_up_to_date() {
    let folder = Folder::new();
    let mut city = sample_city(&folder);
    city.write(&second(vec![house("new", 0.0).into()], &[]))
        .unwrap();
    let history = city.history().unwrap();
    make_old(&city);
    drop(city);
    let city = CityFile::open(&folder.city(), Some(vault())).unwrap();
    assert_eq!(city.history().unwrap(), history);
    let plan = city.plan_undo(id("two")).unwrap();
    assert_eq!((plan.version, plan.records), (2, vec![record("two")]));
    drop(city);
    let mut city = CityFile::open_for_writing(&folder.city(), Some(vault())).unwrap();
    undo(&mut city, id("two")).unwrap();
    assert_eq!(content(&city), ground_of(&every_kind(), 0));
    let told: Vec<_> = city.history().unwrap();
    let told: Vec<_> = told
        .iter()
        .map(|one| (one.version, one.undone_by))
        .collect();
    assert_eq!(told, [(1, None), (2, Some(3)), (3, None)]);
}

/// A run whose file demands that somebody be named.
fn demanding(run: &str, put: Vec<Entity>, whom: &str) -> GroundEdit {
    let mut next = edit(run, put);
    next.records[0].attribution = Some(whom.to_owned());
    next
}

#[test]
fn whom_to_name_follows_the_imports_that_stand() {
    let folder = Folder::new();
    let mut city = sample_city(&folder);
    let named = |city: &CityFile| city.load_ground().unwrap().attributions;
    assert!(named(&city).is_empty());
    let two = demanding("two", vec![house("new", 0.0).into()], "© A");
    city.write(&two).unwrap();
    // The same file again brings nothing; another one demands the same.
    city.write(&two).unwrap();
    city.write(&demanding("three", vec![house("c", 9.0).into()], "© B"))
        .unwrap();
    city.write(&demanding("four", vec![house("d", 18.0).into()], "© A"))
        .unwrap();
    assert_eq!(named(&city), ["© A", "© B"]);
    assert_eq!(
        city.imports().unwrap()[1].attribution.as_deref(),
        Some("© A")
    );
    undo(&mut city, id("four")).unwrap();
    assert_eq!(named(&city), ["© A", "© B"]);
    undo(&mut city, id("two")).unwrap();
    assert_eq!(named(&city), ["© B"]);
    let undoing = city.imports().unwrap().pop().unwrap();
    undo(&mut city, undoing.id).unwrap();
    assert_eq!(named(&city), ["© A", "© B"]);
}

#[test]
fn a_list_without_names_is_read_and_gets_them() {
    let folder = Folder::new();
    let mut city = sample_city(&folder);
    let older = "ALTER TABLE pingjiang_import DROP COLUMN attribution;";
    city.connection.execute_batch(older).unwrap();
    assert!(city.load_ground().unwrap().attributions.is_empty());
    // It was there already, and now it is said whose it is.
    city.write(&demanding("two", every_kind(), "© A")).unwrap();
    assert_eq!(city.load_ground().unwrap().attributions, ["© A"]);
}
