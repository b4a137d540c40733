//! Faces of buildings and objects, and areas of roads: many rows for one record, in feature tables
//! of their own. Never touches a database itself.

use rusqlite::types::{Null, ToSqlOutput, ValueRef};

use crate::model::{Building, CityObject, Entity, EntityKind, FaceDetail, LodModel, Road};
use crate::space::{Surface, SurfaceKind};

use super::cell::{CellFault, Codec, integer, text};
use super::geometry;
use super::record::{Cells, Fault};

/// A table of faces.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FaceTable {
    /// Its name.
    pub name: &'static str,
    /// What it is, for readers of the file.
    pub about: &'static str,
    /// The kind its faces belong to; the column with that name holds the `fid`.
    pub parent: EntityKind,
    /// Whether faces have heights.
    pub with_z: bool,
}

/// Every table of faces.
pub(super) const ALL: [FaceTable; 3] = [
    FaceTable {
        name: "building_surface",
        about: "建筑表面 Faces of buildings, by level of detail",
        parent: EntityKind::Building,
        with_z: true,
    },
    FaceTable {
        name: "object_surface",
        about: "其他对象表面 Faces of other objects, by level of detail",
        parent: EntityKind::Object,
        with_z: true,
    },
    FaceTable {
        name: "road_surface",
        about: "道路面 Areas of roads where the source has them",
        parent: EntityKind::Road,
        with_z: false,
    },
];

/// The columns behind `fid`, in the order of [`rows`] and [`FaceTable::columns`].
const TAIL: &str = "model, lod, part, kind, geom, details";

/// The youngest column, which a city of an older format lacks.
pub(super) const DETAILS: &str = "details";

impl FaceTable {
    /// The table of a kind's faces, when it has any.
    pub fn of(kind: EntityKind) -> Option<&'static Self> {
        ALL.iter().find(|table| table.parent == kind)
    }

    /// Columns behind `fid`: the record, the place of the model in its list, its level of detail,
    /// the place of the face in the model, what the face is, its geometry.
    pub fn columns(&self) -> String {
        format!("{}, {TAIL}", self.parent.as_str())
    }

    /// SQL that makes the table.
    pub fn create(&self) -> String {
        let (name, parent) = (self.name, self.parent.as_str());
        format!(
            "CREATE TABLE {name} (
  fid INTEGER PRIMARY KEY NOT NULL,
  {parent} INTEGER NOT NULL,
  model INTEGER NOT NULL,
  lod TEXT,
  part INTEGER NOT NULL,
  kind TEXT NOT NULL,
  geom POLYGON NOT NULL,
  details TEXT);
CREATE INDEX {name}_of ON {name} ({parent});"
        )
    }
}

/// A row of a face table behind `fid`.
pub(super) type Row<'a> = [ToSqlOutput<'a>; 7];

/// Calls `each` for every row that a record has in its face table.
pub(super) fn rows<E: From<Fault>>(
    entity: &Entity,
    codec: &Codec,
    mut each: impl FnMut(Row<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let parent = entity.key().bits.cast_signed();
    let fault = |fault| Fault {
        column: "faces",
        fault: CellFault::from(fault),
    };
    let models = match entity {
        Entity::Building(one) => one.models.as_slice(),
        Entity::Object(one) => one.models.as_slice(),
        Entity::Road(one) => {
            for (part, area) in one.surfaces.iter().enumerate() {
                let shape = geometry::polygon(area, codec.srs_id).map_err(fault)?;
                let kind = SurfaceKind::TrafficArea.as_str();
                let lod = Null.into();
                each([
                    parent.into(),
                    0.into(),
                    lod,
                    (part as i64).into(),
                    kind.into(),
                    shape.into(),
                    Null.into(),
                ])?;
            }
            return Ok(());
        }
        _ => return Ok(()),
    };
    for (place, model) in models.iter().enumerate() {
        for (part, surface) in model.surfaces.iter().enumerate() {
            let shape = geometry::polygon_z(&surface.rings, codec.srs_id).map_err(fault)?;
            each([
                parent.into(),
                (place as i64).into(),
                model.lod.as_str().into(),
                (part as i64).into(),
                surface.kind.as_str().into(),
                shape.into(),
                details_cell(model, part)?,
            ])?;
        }
    }
    Ok(())
}

/// What else is known of a face, as JSON; NULL where it is nothing.
fn details_cell(model: &LodModel, part: usize) -> Result<ToSqlOutput<'static>, Fault> {
    let Some(details) = model.details.get(part).filter(|one| !one.is_empty()) else {
        return Ok(Null.into());
    };
    let text = serde_json::to_string(details).map_err(|fault| Fault {
        column: "details",
        fault: CellFault::Wrong(fault.to_string()),
    })?;
    Ok(text.into())
}

/// Takes faces back.
pub(super) trait Faces {
    /// Adds one face from a row `[parent, model, lod, part, kind, geom, details]`, in order.
    fn add(&mut self, row: &impl Cells) -> Result<(), Fault>;
}

impl Faces for Building {
    fn add(&mut self, row: &impl Cells) -> Result<(), Fault> {
        add_surface(&mut self.models, row)
    }
}

impl Faces for CityObject {
    fn add(&mut self, row: &impl Cells) -> Result<(), Fault> {
        add_surface(&mut self.models, row)
    }
}

impl Faces for Road {
    fn add(&mut self, row: &impl Cells) -> Result<(), Fault> {
        let area = shape(row, geometry::read_polygon)?;
        self.surfaces.push(area);
        Ok(())
    }
}

impl Faces for Entity {
    fn add(&mut self, row: &impl Cells) -> Result<(), Fault> {
        match self {
            Self::Building(one) => one.add(row),
            Self::Object(one) => one.add(row),
            Self::Road(one) => one.add(row),
            _ => Ok(()),
        }
    }
}

fn add_surface(models: &mut [LodModel], row: &impl Cells) -> Result<(), Fault> {
    let at = |column| move |fault| Fault { column, fault };
    let place = row.at(1).and_then(integer).map_err(at("model"))?;
    let model = usize::try_from(place)
        .ok()
        .and_then(|place| models.get_mut(place))
        .ok_or_else(|| CellFault::Wrong(format!("there is no level of detail {place}")))
        .map_err(at("model"))?;
    let kind = row.at(4).and_then(text).map_err(at("kind"))?;
    if let Some(details) = details(row).map_err(at("details"))? {
        model
            .details
            .resize_with(model.surfaces.len(), FaceDetail::default);
        model.details.push(details);
    } else if !model.details.is_empty() {
        model.details.push(FaceDetail::default());
    }
    model.surfaces.push(Surface {
        kind: SurfaceKind::from_cityjson(kind),
        rings: shape(row, geometry::read_polygon_z)?,
    });
    Ok(())
}

fn details(row: &impl Cells) -> Result<Option<FaceDetail>, CellFault> {
    let text = match row.at(6)? {
        ValueRef::Null => return Ok(None),
        value => text(value)?,
    };
    let wrong = |fault| CellFault::Wrong(format!("it is not the expected JSON ({fault})"));
    serde_json::from_str(text).map(Some).map_err(wrong)
}

fn shape<T>(
    row: &impl Cells,
    read: impl Fn(&[u8]) -> Result<T, geometry::ShapeFault>,
) -> Result<T, Fault> {
    let blob = row.at(5).and_then(|value| {
        let wrong = |_| CellFault::Wrong("it should be a blob".to_owned());
        Ok(read(value.as_blob().map_err(wrong)?)?)
    });
    blob.map_err(|fault| Fault {
        column: "geom",
        fault,
    })
}
