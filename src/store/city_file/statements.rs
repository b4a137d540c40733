//! The SQL that writes one kind: its table, its index, its faces. Never runs it.

use crate::model::EntityKind;

use super::faces::FaceTable;
use super::record::{self, COMMON};
use super::schema;

/// The statements for one kind.
pub(super) struct KindSql {
    pub kind: EntityKind,
    /// Where in the row the geometry stands.
    pub shape_place: Option<usize>,
    pub insert: String,
    pub delete: String,
    pub rtree_insert: String,
    pub rtree_delete: String,
    pub drop_triggers: String,
    pub create_triggers: String,
    pub faces: Option<FaceSql>,
}

/// The statements for a kind's faces.
pub(super) struct FaceSql {
    pub table: &'static FaceTable,
    pub insert: String,
    pub delete: String,
}

impl KindSql {
    pub fn of(kind: EntityKind) -> Self {
        let (table, columns) = (kind.as_str(), record::columns(kind));
        let shape_place = columns.iter().position(|column| column.shape.is_some());
        let mut names = COMMON.to_vec();
        names.extend(columns.iter().map(|column| column.name));
        let triggers = |text: String| {
            if shape_place.is_some() {
                text
            } else {
                String::new()
            }
        };
        let faces = FaceTable::of(kind).map(|faces| FaceSql {
            table: faces,
            insert: format!(
                "INSERT INTO {} ({}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                faces.name,
                faces.columns()
            ),
            delete: format!("DELETE FROM {} WHERE {table} = ?1", faces.name),
        });
        Self {
            kind,
            shape_place: shape_place.map(|place| COMMON.len() + place),
            insert: format!(
                "INSERT INTO \"{table}\" ({}) VALUES ({})",
                names.join(", "),
                vec!["?"; names.len()].join(", ")
            ),
            delete: format!("DELETE FROM \"{table}\" WHERE fid = ?1"),
            rtree_insert: format!("INSERT INTO rtree_{table}_geom VALUES (?1, ?2, ?3, ?4, ?5)"),
            rtree_delete: format!("DELETE FROM rtree_{table}_geom WHERE id = ?1"),
            drop_triggers: triggers(schema::drop_triggers(table)),
            create_triggers: triggers(schema::create_triggers(table)),
            faces,
        }
    }
}
