//! Sealed values are opened when somebody asks for them; one that was changed at rest hides itself
//! and is named.

use rusqlite::Connection;

use super::*;
use crate::access::for_keeping;
use crate::base::{ResidentId, Sealer};

/// Turns a bit of one resident's sealed column round and answers whose.
fn change(folder: &Folder, column: &str) -> ResidentId {
    let connection = Connection::open(folder.city()).unwrap();
    let select = format!("SELECT fid, {column} FROM resident WHERE phone IS NOT NULL LIMIT 1");
    let (fid, mut blob): (i64, Vec<u8>) = connection
        .query_row(&select, [], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    let last = blob.len() - 1;
    blob[last] ^= 1;
    let update = format!("UPDATE resident SET {column} = ?2 WHERE fid = ?1");
    connection
        .execute(&update, rusqlite::params![fid, blob])
        .unwrap();
    ResidentId::from_bits(fid.cast_unsigned())
}

#[test]
fn a_value_that_was_changed_hides_only_itself_and_is_named() {
    for column in ["name", "phone", "labels"] {
        let folder = Folder::new();
        drop(sample_city(&folder));
        let whose = change(&folder, column);
        let city = CityFile::open(&folder.city(), Some(vault())).unwrap();
        let ground = city.load_ground().unwrap();
        let one = &ground.residents[&whose];
        let keeping = for_keeping();
        let opens = [
            ("name", one.name.open(&keeping).is_some()),
            (
                "phone",
                one.phone.as_ref().unwrap().open(&keeping).is_some(),
            ),
            ("labels", one.labels.open(&keeping).is_some()),
        ];
        for (name, opens) in opens {
            assert_eq!(opens, name != column, "{name}");
        }
        let fault = city.check_sealed().unwrap_err().to_string();
        for part in [whose.to_string().as_str(), column, "was changed"] {
            assert!(fault.contains(part), "{fault}");
        }
    }
}

/// What may stand where a sealed value did: nothing that is of our form.
const SPOILT: [&str; 6] = [
    "x'00112233'",
    "x'00'",
    "x'504A'",
    "x'504A09FF'",
    "'王小明'",
    "7",
];

/// Which of the sealed fields do not open: name, birth date, phone, labels and the later ones.
fn shut_fields(one: &crate::model::Resident) -> [bool; 7] {
    let keeping = for_keeping();
    let shut = |field: &Option<Sealed>| {
        field
            .as_ref()
            .is_some_and(|one| one.open(&keeping).is_none())
    };
    [
        one.name.open(&keeping).is_none(),
        one.birth_date.open(&keeping).is_none(),
        shut(&one.phone),
        one.labels.open(&keeping).is_none(),
        shut(&one.traits),
        shut(&one.contacts),
        shut(&one.further),
    ]
}

#[test]
fn what_is_not_even_of_our_form_hides_only_itself_and_is_named() {
    let folder = Folder::new();
    let sound = sample_city(&folder).load_ground().unwrap();
    let whole = std::fs::read(folder.city()).unwrap();
    let columns = [
        "name",
        "birth_date",
        "phone",
        "labels",
        "traits",
        "contacts",
        "further",
    ];
    for column in columns {
        for spoilt in SPOILT {
            std::fs::write(folder.city(), &whole).unwrap();
            let whose = sound
                .residents
                .values()
                .find(|one| one.phone.is_some())
                .unwrap()
                .id;
            let connection = Connection::open(folder.city()).unwrap();
            let update = format!("UPDATE resident SET {column} = {spoilt} WHERE fid = ?1");
            connection
                .execute(&update, [whose.bits().cast_signed()])
                .unwrap();
            let mut city = CityFile::open_for_writing(&folder.city(), Some(vault())).unwrap();
            let ground = city.load_ground().unwrap();
            let is_shut = shut_fields(&ground.residents[&whose]);
            for (name, is_shut) in columns.iter().zip(is_shut) {
                assert_eq!(is_shut, *name == column, "{column} = {spoilt}: {name}");
            }
            let others = |ground: &Ground| {
                let mut others = ground.residents.clone();
                others.remove(&whose);
                others
            };
            assert_eq!(others(&ground), others(&sound));
            let fault = city.check_sealed().unwrap_err().to_string();
            let named = format!("{whose} {column}");
            assert!(fault.contains(&named), "{column} = {spoilt}: {fault}");
            assert!(!fault.contains("王小明"), "{fault}");
            // Writing goes on, and so does reading without the key.
            city.write(&edit("two", vec![house("new", 90.0).into()]))
                .unwrap();
            let locked = CityFile::open(&folder.city(), None).unwrap();
            assert!(locked.load_ground().is_ok() && locked.check_sealed().is_ok());
        }
    }
}

#[test]
fn an_event_whose_home_is_not_of_our_form_is_told_as_sealed() {
    let folder = Folder::new();
    let sound = sample_city(&folder).load_ground().unwrap();
    let whole = std::fs::read(folder.city()).unwrap();
    let id = *sound.events.keys().next().unwrap();
    // Also what opens and holds something else.
    let other = super::super::change::hex(&vault().seal(b"{}").unwrap());
    let other = format!("x'{other}'");
    for spoilt in SPOILT.into_iter().chain([other.as_str()]) {
        std::fs::write(folder.city(), &whole).unwrap();
        let connection = Connection::open(folder.city()).unwrap();
        let sql = super::super::statements::KindSql::of(EntityKind::Event);
        let update = format!(
            "{} UPDATE event SET home = {spoilt}; {}",
            sql.drop_triggers, sql.create_triggers
        );
        connection.execute_batch(&update).unwrap();
        let city = CityFile::open(&folder.city(), Some(vault())).unwrap();
        let ground = city.load_ground().unwrap();
        let one = &ground.events[&id];
        assert!(
            one.is_about_a_home() && one.shown_title() == "***",
            "{spoilt}"
        );
        assert_eq!(ground.residents, sound.residents);
        let fault = city.check_sealed().unwrap_err().to_string();
        assert!(fault.contains(&format!("{id} home")), "{spoilt}: {fault}");
    }
}

#[test]
fn a_key_of_fingerprints_that_is_none_stops_no_reading() {
    let folder = Folder::new();
    let mut city = sample_city(&folder);
    let other = Vault::from_key(&[9; 32]);
    city.rotate_key(&other, &[]).unwrap();
    let ground = city.load_ground().unwrap();
    let short = super::super::change::hex(&other.seal(b"short").unwrap());
    for kept in ["", "0011", "x", &short] {
        super::super::meta::set(&city.connection, "hash_key", kept).unwrap();
        let read = CityFile::open(&folder.city(), Some(other.clone())).unwrap();
        assert_eq!(read.load_ground().unwrap(), ground);
        assert!(read.fingerprints().is_none(), "it would find nobody");
        let said = read.check_sealed().unwrap_err().to_string();
        assert!(said.contains("hash_key"), "{said}");
        // A register that is written without it would have everybody twice.
        let write = CityFile::open_for_writing(&folder.city(), Some(other.clone()));
        let said = write.unwrap_err().to_string();
        assert!(said.contains("hash_key"), "{said}");
    }
}

#[test]
fn what_was_changed_is_not_written_again() {
    let folder = Folder::new();
    drop(sample_city(&folder));
    let whose = change(&folder, "name");
    let mut city = CityFile::open_for_writing(&folder.city(), Some(vault())).unwrap();
    let ground = city.load_ground().unwrap();
    let mut one = ground.residents[&whose].clone();
    one.verified_on = "2026-11-01".to_owned();
    let fault = city.write(&edit("two", vec![one.into()])).unwrap_err();
    assert!(fault.to_string().contains("name"), "{fault}");
    assert_eq!(city.load_ground().unwrap(), ground, "as it was");
}

#[test]
fn a_sound_city_is_sound_with_and_without_its_key() {
    let folder = Folder::new();
    assert!(sample_city(&folder).check_sealed().is_ok());
    let locked = CityFile::open(&folder.city(), None).unwrap();
    assert!(locked.check_sealed().is_ok());
}

/// Puts the events of a city back to format 4, which had them in clear, and answers with the words
/// that were.
fn make_fourth(folder: &Folder) -> [String; 2] {
    let city = CityFile::open_for_writing(&folder.city(), Some(vault())).unwrap();
    let ground = city.load_ground().unwrap();
    let one = ground.events.values().next().unwrap();
    let (title, at) = (one.title.clone().unwrap(), one.position.unwrap());
    let geom = super::super::geometry::point_z(at, 4549).unwrap();
    let (fid, home) = (one.id.bits().cast_signed(), one.dwelling.unwrap().bits());
    let connection = &city.connection;
    let sql = super::super::statements::KindSql::of(EntityKind::Event);
    connection.execute_batch(&sql.drop_triggers).unwrap();
    let update = "UPDATE event SET title = ?2, geom = ?3, dwelling = ?4, building = ?5, home = NULL
         WHERE fid = ?1";
    let house = one.building.unwrap().bits().cast_signed();
    let cells = rusqlite::params![fid, title, geom, home.cast_signed(), house];
    connection.execute(update, cells).unwrap();
    let [x, y, _] = at;
    let cells = rusqlite::params![fid, x, x, y, y];
    connection.execute(&sql.rtree_insert, cells).unwrap();
    let key = crate::model::EntityRef {
        kind: EntityKind::Event,
        bits: one.id.bits(),
    };
    let image = super::super::change::image(connection, key).unwrap();
    let line = "INSERT INTO pingjiang_change (ground_version, op, kind, entity, image)
         VALUES (1, 'update', 'event', ?1, ?2)";
    connection
        .execute(line, rusqlite::params![fid, image])
        .unwrap();
    let rest = format!(
        "{} ALTER TABLE event DROP COLUMN home;
         UPDATE pingjiang_meta SET value = '4' WHERE key = 'format';
         UPDATE gpkg_contents SET min_x = 1 WHERE table_name = 'event';
         PRAGMA secure_delete = OFF;",
        sql.create_triggers
    );
    connection.execute_batch(&rest).unwrap();
    // What the work of an older program leaves in pages that are not used any more.
    let scrap = format!(
        "CREATE TABLE scrap (title TEXT);
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
         INSERT INTO scrap SELECT '{title}' || i FROM n; DROP TABLE scrap;"
    );
    connection.execute_batch(&scrap).unwrap();
    let hex = super::super::change::hex(&geom);
    [title, hex[hex.len() - 48..].to_owned()]
}

/// Whether the file holds a title, or a position, as a text or as its bytes.
fn holds(folder: &Folder, [title, corner]: &[String; 2]) -> bool {
    let bytes = std::fs::read(folder.city()).unwrap();
    let has = |part: &[u8]| bytes.windows(part.len()).any(|one| one == part);
    let blob = super::super::change::bytes_of_hex(corner).unwrap();
    has(title.as_bytes()) || has(corner.as_bytes()) || has(&blob)
}

#[test]
fn an_event_about_a_home_is_sealed_at_rest_and_told_as_sealed_without_the_key() {
    let folder = Folder::new();
    let city = sample_city(&folder);
    let ground = city.load_ground().unwrap();
    assert_eq!(ground, ground_of(&every_kind(), 1));
    drop(city);
    let secret = make_fourth(&folder);
    assert!(holds(&folder, &secret), "the test looks for what is there");
    let open = |vault| CityFile::open(&folder.city(), vault).unwrap();
    assert_eq!(open(Some(vault())).load_ground().unwrap(), ground);
    // Without the key nothing can be sealed; a later write with it does.
    for key in [None, Some(vault())] {
        let is_sealed = key.is_some();
        let mut city = CityFile::open_for_writing(&folder.city(), key).unwrap();
        let house = house(if is_sealed { "new" } else { "newer" }, 90.0);
        city.write(&edit("two", vec![house.into()])).unwrap();
        assert_eq!(holds(&folder, &secret), !is_sealed);
        assert!(!city.has_remains());
    }
    let after = open(Some(vault())).load_ground().unwrap();
    assert_eq!(after.events, ground.events);
    assert_eq!(
        open(Some(vault())).ground_at(1).unwrap().events,
        ground.events
    );
    let locked = open(None).load_ground().unwrap();
    let (one, known) = (
        locked.events.values().next().unwrap(),
        ground.events.values().next().unwrap(),
    );
    assert!(one.is_about_a_home() && one.shown_title() == "***");
    assert_eq!(
        (one.position, one.building, one.dwelling),
        (None, None, None)
    );
    let open_part = |one: &crate::model::Event| (one.id, one.kind, one.group, one.status, one.area);
    assert_eq!(open_part(one), open_part(known));
    let index = Connection::open(folder.city()).unwrap();
    let select = "SELECT (SELECT count(*) FROM rtree_event_geom), min_x FROM gpkg_contents
         WHERE table_name = 'event'";
    let told: (i64, Option<f64>) = index
        .query_row(select, [], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    assert_eq!(told, (0, None), "neither index nor extent tells a place");
    // Who has no key writes it back as it is; another key opens it after a change.
    let mut city = CityFile::open_for_writing(&folder.city(), Some(vault())).unwrap();
    city.rotate_key(&Vault::from_key(&[8; 32]), &[]).unwrap();
    assert_eq!(city.load_ground().unwrap().events, ground.events);
}

#[test]
fn what_cannot_be_cleared_while_somebody_reads_is_told_and_cleared_by_the_next_write() {
    use super::super::remains;
    let folder = Folder::new();
    drop(sample_city(&folder));
    let secret = make_fourth(&folder);
    let mut city = CityFile::open_for_writing(&folder.city(), Some(vault())).unwrap();
    remains::note(&city.connection).unwrap();
    let reader = Connection::open(folder.city()).unwrap();
    let read = "BEGIN; SELECT count(*) FROM event;";
    reader.execute_batch(read).unwrap();
    city.connection
        .busy_timeout(std::time::Duration::ZERO)
        .unwrap();
    remains::clear(&city.connection);
    assert!(city.has_remains() && holds(&folder, &secret));
    reader.execute_batch("COMMIT").unwrap();
    let summary = city.write(&edit("two", vec![house("new", 90.0).into()]));
    assert!(!summary.unwrap().remains);
    assert!(!city.has_remains() && !holds(&folder, &secret));
}

#[test]
fn what_becomes_a_homes_is_sealed_in_its_past_as_well() {
    let folder = Folder::new();
    let mut city = sample_city(&folder);
    let ground = city.load_ground().unwrap();
    let of_home = ground.events.values().next().unwrap().clone();
    let mut public = of_home.clone();
    (public.title, public.dwelling) = (Some("屋面渗漏 3 幢".to_owned()), None);
    public.home = crate::model::OfHome::No;
    city.write(&edit("public", vec![public.into()])).unwrap();
    drop(city);
    let in_clear = || {
        let bytes = std::fs::read(folder.city()).unwrap();
        let title = "屋面渗漏 3 幢".as_bytes();
        bytes.windows(title.len()).any(|one| one == title)
    };
    assert!(in_clear(), "the test looks for what is there");
    let mut city = CityFile::open_for_writing(&folder.city(), Some(vault())).unwrap();
    let summary = city.write(&edit("home", vec![of_home.into()])).unwrap();
    assert_eq!((summary.updated, summary.remains), (1, false));
    assert!(
        !in_clear(),
        "neither in the change table nor in what is unused"
    );
    let then = city.ground_at(2).unwrap();
    let then = then.events.values().next().unwrap();
    assert!(then.is_about_a_home() && then.shown_title() == "屋面渗漏 3 幢");
    let locked = CityFile::open(&folder.city(), None).unwrap();
    let then = locked.ground_at(2).unwrap();
    assert_eq!(then.events.values().next().unwrap().shown_title(), "***");
}
