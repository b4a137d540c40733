//! How long a sealed value is does not tell who has what.

use rusqlite::params;

use super::*;
use crate::base::{SealedList, Sealer};
use crate::model::Resident;
use crate::store::city_file::change::{bytes_of_hex, hex};

/// The columns whose values are there for some people and not for others.
const LISTS: [&str; 4] = ["labels", "traits", "contacts", "further"];

/// People who have nothing, some and much.
fn people() -> Vec<Resident> {
    let mut none = resident("none", None);
    (none.labels, none.traits) = (SealedList::default(), None);
    let mut much = resident("much", Some("13912345678"));
    much.labels = SealedList::new(["elderly_alone", "disabled", "low_income", "widowed"]);
    let traits = r#"{"disability":"2","income":"low","marital":"widowed"}"#;
    much.traits = Some(Sealed::new(traits));
    let contacts = r#"[{"name":"王小红","relation":"女儿","phone":"13912345678"}]"#;
    much.contacts = Some(Sealed::new(contacts));
    let further = r#"[{"dataset":"a","key":"1","values":{"name":"王小明"}}]"#;
    much.further = Some(Sealed::new(further));
    vec![none, resident("some", None), much]
}

fn entities(people: &[Resident]) -> Vec<Entity> {
    people.iter().cloned().map(Entity::from).collect()
}

/// A city of these people, each of whom was another before.
fn city_of(folder: &Folder, people: &[Resident]) -> CityFile {
    let mut before = people.to_vec();
    for one in &mut before {
        one.verified_on = "2020-01-01".to_owned();
    }
    let first = edit("one", entities(&before));
    let made = CityFile::create_with(&folder.city(), &info(), Some(&vault()), &first);
    let (mut city, _) = made.unwrap();
    let summary = city.write(&edit("two", entities(people))).unwrap();
    assert_eq!(summary.updated, people.len() as u64);
    city
}

/// The lengths that stand in a column, in records and in what is kept of them.
fn lengths(city: &CityFile, column: &str) -> Vec<Option<i64>> {
    let select = format!(
        "SELECT length({column}) FROM resident UNION
         SELECT length(json_extract(image, '$.row.{column}.hex')) / 2 FROM pingjiang_change
         WHERE kind = 'resident' AND image IS NOT NULL"
    );
    let mut select = city.connection.prepare(&select).unwrap();
    let lengths = select.query_map([], |row| row.get(0)).unwrap();
    lengths.map(Result::unwrap).collect()
}

fn assert_alike(city: &CityFile) {
    for column in LISTS {
        let lengths = lengths(city, column);
        assert!(
            lengths.len() == 1 && lengths[0].is_some(),
            "{column}: {lengths:?}"
        );
    }
}

/// A blob as an older program wrote it.
fn older(blob: &[u8], column: &str, is_nothing: bool) -> Option<Vec<u8>> {
    let (mark, sealed) = blob.split_at(usize::from(column == "labels"));
    let plain = vault().unseal(sealed).unwrap();
    let text = String::from_utf8(plain).unwrap();
    let sealed = vault().seal(text.trim_end().as_bytes()).unwrap();
    (!is_nothing || column == "labels").then(|| [mark, &sealed].concat())
}

/// Takes the padding away, in records and in what is kept of them.
fn without_padding(city: &CityFile) {
    let nothing = people()[0].id.bits().cast_signed();
    let has_none = |fid: i64, column: &str| match column {
        "traits" => fid == nothing,
        "labels" => false,
        _ => fid != people()[2].id.bits().cast_signed(),
    };
    let fids: Vec<i64> = people()
        .iter()
        .map(|one| one.id.bits().cast_signed())
        .collect();
    for fid in fids {
        for column in LISTS {
            let select = format!("SELECT {column} FROM resident WHERE fid = ?1");
            let blob: Vec<u8> = city
                .connection
                .query_row(&select, [fid], |row| row.get(0))
                .unwrap();
            let blob = older(&blob, column, has_none(fid, column));
            let update = format!("UPDATE resident SET {column} = ?2 WHERE fid = ?1");
            city.connection
                .execute(&update, params![fid, blob])
                .unwrap();
        }
        let select = "SELECT image FROM pingjiang_change WHERE entity = ?1 AND image IS NOT NULL";
        let text: String = city
            .connection
            .query_row(select, [fid], |row| row.get(0))
            .unwrap();
        let mut image: serde_json::Value = serde_json::from_str(&text).unwrap();
        for column in LISTS {
            let cell = &mut image["row"][column];
            let blob = bytes_of_hex(cell["hex"].as_str().unwrap()).unwrap();
            *cell = match older(&blob, column, has_none(fid, column)) {
                Some(blob) => serde_json::json!({ "hex": hex(&blob) }),
                None => serde_json::Value::Null,
            };
        }
        let update = "UPDATE pingjiang_change SET image = ?2
             WHERE entity = ?1 AND image IS NOT NULL";
        city.connection
            .execute(update, params![fid, image.to_string()])
            .unwrap();
    }
}

#[test]
fn lists_are_of_one_length_whatever_is_in_them() {
    let folder = Folder::new();
    let city = city_of(&folder, &people());
    assert_alike(&city);
    assert!(city.check_sealed().is_ok());
    let mut expected = Ground::new(info());
    expected.version = 2;
    entities(&people()).into_iter().for_each(|one| {
        expected.put(one);
    });
    assert_eq!(city.load_ground().unwrap(), expected, "nothing is nothing");
    let folder = Folder::new();
    let mut sample = sample_city(&folder);
    let again = sample.write(&edit("two", every_kind())).unwrap();
    assert_eq!(again.updated + again.added, 0);
    assert_alike(&sample);
}

#[test]
fn what_older_programs_wrote_is_read_as_it_is_and_padded_by_a_change_of_the_key() {
    let folder = Folder::new();
    let mut city = city_of(&folder, &people());
    let (before, first) = (city.load_ground().unwrap(), city.ground_at(1).unwrap());
    without_padding(&city);
    assert!(LISTS.iter().all(|column| lengths(&city, column).len() > 1));
    assert_eq!(city.load_ground().unwrap(), before);
    assert_eq!(city.ground_at(1).unwrap(), first);
    assert_eq!(
        city.write(&edit("three", entities(&people())))
            .unwrap()
            .updated,
        0
    );
    city.rotate_key(&Vault::from_key(&[9; 32]), &[]).unwrap();
    assert_alike(&city);
    let mut after = city.load_ground().unwrap();
    after.version = before.version;
    assert_eq!(after, before);
    assert_eq!(city.ground_at(1).unwrap(), first);
}

#[test]
fn a_list_of_blobs_becomes_one_by_a_change_of_the_key() {
    let folder = Folder::new();
    let mut city = city_of(&folder, &people());
    let before = city.load_ground().unwrap();
    for one in people() {
        let labels = one.labels.open(&crate::access::for_keeping()).unwrap();
        let mut blob = Vec::new();
        for label in labels {
            let sealed = vault().seal(label.as_bytes()).unwrap();
            blob.extend((sealed.len() as u32).to_le_bytes());
            blob.extend(sealed);
        }
        let update = "UPDATE resident SET labels = ?2 WHERE fid = ?1";
        let cells = params![one.id.bits().cast_signed(), blob];
        city.connection.execute(update, cells).unwrap();
    }
    assert_eq!(city.load_ground().unwrap(), before);
    city.rotate_key(&Vault::from_key(&[9; 32]), &[]).unwrap();
    assert_alike(&city);
    assert_eq!(city.load_ground().unwrap(), before);
}

#[test]
fn without_the_key_lists_are_passed_on_as_they_are() {
    let folder = Folder::new();
    drop(city_of(&folder, &people()));
    let mut city = CityFile::open_for_writing(&folder.city(), None).unwrap();
    let mut residents = city.load_ground().unwrap().residents;
    for one in residents.values_mut() {
        one.verified_on = "2026-05-01".to_owned();
    }
    let put = residents.into_values().map(Entity::from).collect();
    assert_eq!(city.write(&edit("three", put)).unwrap().updated, 3);
    drop(city);
    let city = CityFile::open(&folder.city(), Some(vault())).unwrap();
    assert_alike(&city);
    let residents = city.load_ground().unwrap().residents;
    for one in people() {
        let now = &residents[&one.id];
        assert_eq!(
            (&now.labels, &now.traits, &now.contacts, &now.further),
            (&one.labels, &one.traits, &one.contacts, &one.further)
        );
    }
}
