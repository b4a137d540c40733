//! Cities of older formats: read as they are, brought up to the present by the next write.

use super::sample::{edit, every_kind, ground_of, house};
use super::{Folder, sample_city, vault};
use crate::model::{Entity, EntityKind, LodModel};
use crate::store::CityFile;

/// Puts a city back to format 3: no events, no later columns of registers.
fn make_third(city: &CityFile) {
    forget_table(city, "event");
    let others = EntityKind::ALL.iter();
    for kind in others.filter(|kind| **kind != EntityKind::Event) {
        for column in super::super::record::later(*kind) {
            let (table, name) = (kind.as_str(), column.name);
            let gone = format!("ALTER TABLE {table} DROP COLUMN {name};");
            city.connection.execute_batch(&gone).unwrap();
        }
    }
    city.connection
        .execute_batch("DROP TABLE rtree_event_geom;")
        .unwrap();
    super::super::meta::set(&city.connection, "format", "3").unwrap();
}

fn forget_table(city: &CityFile, table: &str) {
    let gone = format!(
        "DROP TABLE {table};
         DELETE FROM gpkg_geometry_columns WHERE table_name = '{table}';
         DELETE FROM gpkg_extensions WHERE table_name = '{table}';
         DELETE FROM gpkg_contents WHERE table_name = '{table}';
         DELETE FROM pingjiang_change WHERE kind = '{table}';"
    );
    city.connection.execute_batch(&gone).unwrap();
}

/// The sample as format 3 could hold it.
fn without_later() -> Vec<Entity> {
    let mut all = every_kind();
    all.retain_mut(|entity| {
        match entity {
            Entity::Dwelling(one) => one.address = None,
            Entity::Resident(one) => (one.traits, one.contacts) = (None, None),
            Entity::Device(one) => one.name = None,
            Entity::Camera(one) => (one.kind, one.stream) = (None, None),
            Entity::Facility(one) => (one.building, one.phone) = (None, None),
            Entity::Responder(one) => (one.duty, one.phone) = (None, None),
            _ => {}
        }
        !matches!(entity, Entity::Event(_))
    });
    all
}

#[test]
fn a_city_of_the_third_format_is_read_and_brought_up_to_date() {
    let folder = Folder::new();
    make_third(&sample_city(&folder));
    let city = CityFile::open(&folder.city(), Some(vault())).unwrap();
    let first = ground_of(&without_later(), 1);
    assert_eq!(city.load_ground().unwrap(), first);
    drop(city);
    let mut city = CityFile::open_for_writing(&folder.city(), Some(vault())).unwrap();
    let summary = city.write(&edit("two", every_kind())).unwrap();
    assert_eq!((summary.added, summary.updated), (1, 7));
    assert_eq!(city.load_ground().unwrap(), ground_of(&every_kind(), 2));
    assert_eq!(city.ground_at(1).unwrap(), first);
}

/// Puts a city back to format 2: no terrain, no appearance.
pub(super) fn make_second(city: &CityFile) {
    let kinds = [
        EntityKind::Terrain,
        EntityKind::Material,
        EntityKind::Texture,
    ];
    for table in kinds.map(EntityKind::as_str) {
        forget_table(city, table);
    }
    let rest = "DROP TABLE rtree_terrain_geom;
                ALTER TABLE building_surface DROP COLUMN details;
                ALTER TABLE object_surface DROP COLUMN details;
                ALTER TABLE road_surface DROP COLUMN details;";
    city.connection.execute_batch(rest).unwrap();
    super::super::meta::set(&city.connection, "format", "2").unwrap();
}

/// The sample as format 2 could hold it.
pub(super) fn without_appearance() -> Vec<Entity> {
    let forget = |models: &mut Vec<LodModel>| {
        models.iter_mut().for_each(|model| model.details.clear());
    };
    let mut all = every_kind();
    all.retain_mut(|entity| {
        match entity {
            Entity::Building(one) => forget(&mut one.models),
            Entity::Object(one) => forget(&mut one.models),
            _ => {}
        }
        !matches!(
            entity,
            Entity::Terrain(_) | Entity::Material(_) | Entity::Texture(_)
        )
    });
    all
}

#[test]
fn a_city_of_the_second_format_is_read_and_brought_up_to_date() {
    let folder = Folder::new();
    make_second(&sample_city(&folder));
    let city = CityFile::open(&folder.city(), Some(vault())).unwrap();
    assert_eq!(
        city.load_ground().unwrap(),
        ground_of(&without_appearance(), 1)
    );
    drop(city);
    let mut city = CityFile::open_for_writing(&folder.city(), Some(vault())).unwrap();
    let summary = city.write(&edit("two", every_kind())).unwrap();
    assert_eq!(summary.added, 3);
    assert_eq!(summary.updated, 2, "the two with details");
    assert_eq!(city.load_ground().unwrap(), ground_of(&every_kind(), 2));
    let first = ground_of(&without_appearance(), 1);
    assert_eq!(city.ground_at(1).unwrap(), first);
    let plan = city.plan_undo(crate::base::ImportId::from_source("test", "two"));
    city.undo(plan.unwrap(), "2026-06-01T00:00:00Z".parse().unwrap())
        .unwrap();
    assert_eq!(
        city.load_ground().unwrap(),
        ground_of(&without_appearance(), 3)
    );
    city.write(&edit("three", vec![house("new", 90.0).into()]))
        .unwrap();
}
