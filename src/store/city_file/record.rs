//! The tables: one list of every kind's columns, from which tables, writing and reading follow.
//! To add a field to a record: add it to the record in `model`, add its line here, and raise
//! [`super::meta::FORMAT`]. Never touches a database itself.

use std::collections::BTreeMap;

use geo_types::{LineString, Polygon};
use rusqlite::types::ToSqlOutput;

use crate::base::{
    AreaId, BuildingId, CameraId, DeviceId, DwellingId, EventId, FacilityId, GroundAreaId,
    HouseholdId, ImportId, MaterialId, ObjectId, PlaceId, PlantId, ResidentId, ResponderId, RoadId,
    Sealed, SealedList, TerrainId, TextureId, Timestamp, VehicleId, WaterId,
};
use crate::model::limits::{self, Impossible};
use crate::model::{
    AdminArea, AreaLevel, Attributes, Building, Camera, CameraKind, CameraOwner, CityObject,
    Device, DeviceHome, Dwelling, Entity, EntityKind, Event, EventKind, EventStatus, Facility,
    FacilityKind, Ground, GroundArea, GroundAreaKind, HeightOrigin, Household, KindId, LodModel,
    Material, OfHome, Place, PlaceKind, Plant, Protection, Resident, Responder, ResponderKind, Rgb,
    Rgba, Road, RoadKind, RoofStyle, ServiceGroup, Source, Structure, Terrain, Texture, Usage,
    Vehicle, VehicleKind, Water, WaterKind,
};
use crate::space::Tin;

use super::cell::{self, Cell, CellFault, Codec, Form, Shape};

pub(super) use super::cell::Cells;

/// A column of a kind's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Column {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub sql: &'static str,
    /// Whether it may be NULL.
    pub nullable: bool,
    /// Set for the geometry column.
    pub shape: Option<Shape>,
    /// Set where what stands there is sealed.
    pub sealed: Option<Form>,
}

impl Column {
    const fn of<T: Cell>(name: &'static str) -> Self {
        Self {
            name,
            sql: T::SQL,
            nullable: T::NULLABLE,
            shape: T::SHAPE,
            sealed: T::SEALED,
        }
    }

    const fn in_form(mut self, form: Form) -> Self {
        self.sealed = Some(form);
        self
    }
}

/// What stands before a kind's own columns.
pub(super) const COMMON: [&str; 5] = ["fid", "id", "dataset", "source_key", "import_id"];

/// A column that could not be written or read.
#[derive(Debug)]
pub(super) struct Fault {
    /// The column.
    pub column: &'static str,
    /// What is wrong.
    pub fault: CellFault,
}

/// A number that another program wrote, or a file brought, may be one that cannot be.
impl From<Impossible> for Fault {
    fn from(Impossible { field, reason }: Impossible) -> Self {
        Self {
            column: field,
            fault: CellFault::Wrong(reason),
        }
    }
}

/// A record that has a table.
pub(super) trait Record: Sized + Send {
    /// Its typed id.
    type Id: Ord + Send;
    /// Its kind; the name is the table's.
    const KIND: EntityKind;
    /// Its own columns, behind [`COMMON`].
    const COLUMNS: &'static [Column];

    fn id(&self) -> Self::Id;
    fn id_of(bits: u64) -> Self::Id;
    /// The fields as they are, one a column.
    fn row(&self, codec: &Codec) -> Result<Vec<ToSqlOutput<'_>>, Fault>;
    fn of_row(row: &impl Cells, codec: &Codec) -> Result<Self, Fault>;
    /// What is kept: the row itself, but for kinds that have a way of their own.
    fn put(&self, codec: &Codec) -> Result<Vec<ToSqlOutput<'_>>, Fault> {
        self.row(codec)
    }
    fn take(row: &impl Cells, codec: &Codec) -> Result<Self, Fault> {
        Self::of_row(row, codec)
    }
}

/// Reads one column.
fn take<T: Cell>(
    row: &impl Cells,
    place: usize,
    column: &'static str,
    codec: &Codec,
) -> Result<T, Fault> {
    row.at(place)
        .and_then(|value| T::take(value, codec))
        .map_err(|fault| Fault { column, fault })
}

fn take_bits(row: &impl Cells) -> Result<u64, Fault> {
    row.at(0)
        .and_then(super::cell::integer)
        .map(i64::cast_unsigned)
        .map_err(|fault| Fault {
            column: "fid",
            fault,
        })
}

fn take_source(row: &impl Cells, codec: &Codec) -> Result<Source, Fault> {
    Ok(Source {
        dataset: take(row, 2, COMMON[2], codec)?,
        key: take(row, 3, COMMON[3], codec)?,
        import: take::<ImportId>(row, 4, COMMON[4], codec)?,
    })
}

/// The cell of a field; of sealed JSON with what stands for nothing.
macro_rules! put_cell {
    ($field:expr, $codec:ident) => {
        Cell::put(&$field, $codec)
    };
    ($field:expr, $codec:ident, $none:literal) => {
        cell::put_json($field.as_ref(), $codec, $none)
    };
}

macro_rules! take_cell {
    ($type:ty, $row:ident, $place:expr, $column:literal, $codec:ident) => {
        take::<$type>($row, $place, $column, $codec)
    };
    ($type:ty, $row:ident, $place:expr, $column:literal, $codec:ident, $none:literal) => {
        $row.at($place)
            .map(|value| cell::take_json(value, $codec, $none))
            .map_err(|fault| Fault {
                column: $column,
                fault,
            })
    };
}

macro_rules! records {
    ($($variant:ident $record:ident $id:ident $ground:ident $about:literal
        $(by $way:ident)? $(if $check:path)? {
        $($field:ident $column:literal: $type:ty $(| $none:literal)?,)*
    })*) => {
        $(impl Record for $record {
            type Id = $id;
            const KIND: EntityKind = EntityKind::$variant;
            const COLUMNS: &'static [Column] = &[$(Column::of::<$type>($column)
                $(.in_form(Form::Json($none)))?,)*];

            fn id(&self) -> $id {
                self.id
            }

            fn id_of(bits: u64) -> $id {
                $id::from_bits(bits)
            }

            $(fn put(&self, codec: &Codec) -> Result<Vec<ToSqlOutput<'_>>, Fault> {
                super::$way::put(self, codec)
            }

            fn take(row: &impl Cells, codec: &Codec) -> Result<Self, Fault> {
                super::$way::take(row, codec)
            })?

            fn row(&self, codec: &Codec) -> Result<Vec<ToSqlOutput<'_>>, Fault> {
                let mut row = Vec::with_capacity(COMMON.len() + Self::COLUMNS.len());
                row.push(self.id.bits().cast_signed().into());
                row.push(self.id.to_string().into());
                row.push(self.source.dataset.as_str().into());
                row.push(self.source.key.as_str().into());
                row.push(self.source.import.to_string().into());
                $(row.push(put_cell!(self.$field, codec $(, $none)?)
                    .map_err(|fault| Fault { column: $column, fault })?);)*
                $($check(self).map_err(Fault::from)?;)?
                Ok(row)
            }

            fn of_row(row: &impl Cells, codec: &Codec) -> Result<Self, Fault> {
                let mut place = COMMON.len()..;
                let mut next = || place.next().unwrap_or_default();
                let one = Self {
                    id: $id::from_bits(take_bits(row)?),
                    source: take_source(row, codec)?,
                    $($field: take_cell!($type, row, next(), $column, codec $(, $none)?)?,)*
                };
                $($check(&one).map_err(Fault::from)?;)?
                Ok(one)
            }
        })*

        /// A kind's own columns.
        pub(super) fn columns(kind: EntityKind) -> &'static [Column] {
            match kind { $(EntityKind::$variant => $record::COLUMNS,)* }
        }

        /// What a kind is, for readers of the file.
        pub(super) fn about(kind: EntityKind) -> &'static str {
            match kind { $(EntityKind::$variant => $about,)* }
        }

        /// The row of a record: `COMMON`, then the kind's own columns.
        pub(super) fn put<'a>(entity: &'a Entity, codec: &Codec)
            -> Result<Vec<ToSqlOutput<'a>>, Fault>
        {
            match entity { $(Entity::$variant(one) => one.put(codec),)* }
        }

        /// The record of a row.
        pub(super) fn take_entity(kind: EntityKind, row: &impl Cells, codec: &Codec)
            -> Result<Entity, Fault>
        {
            match kind { $(EntityKind::$variant => $record::take(row, codec).map(Entity::from),)* }
        }

        /// Fills every registry of the ground through `load`.
        pub(super) fn load_all<L: Load>(load: &L, ground: &mut Ground) -> Result<(), L::Fault> {
            $(ground.$ground = load.load::<$record>()?;)*
            Ok(())
        }
    };
}

/// The columns of a kind that came after its table: a city of an older format lacks them. They
/// stand last and may be NULL.
pub(super) fn later(kind: EntityKind) -> &'static [Column] {
    let count = match kind {
        EntityKind::Resident => 3,
        EntityKind::Camera | EntityKind::Device | EntityKind::Facility | EntityKind::Responder => 2,
        EntityKind::Dwelling | EntityKind::Event => 1,
        _ => 0,
    };
    let all = columns(kind);
    &all[all.len().saturating_sub(count)..]
}

/// A kind's sealed columns, with the form of what they hold.
pub(super) fn sealed_columns(kind: EntityKind) -> Vec<(&'static str, Form)> {
    let columns = columns(kind).iter();
    let sealed = columns.filter_map(|one| Some((one.name, one.sealed?)));
    sealed.collect()
}

/// Whether a column is one of them.
pub(super) fn is_later(kind: EntityKind, name: &str) -> bool {
    later(kind).iter().any(|column| column.name == name)
}

/// Reads one kind's table.
pub(super) trait Load {
    type Fault;
    fn load<R: Record>(&self) -> Result<BTreeMap<R::Id, R>, Self::Fault>;
}

records! {
    Area AdminArea AreaId areas "行政区划 Administrative areas: district, street, community, grid" {
        polygon "geom": Option<Polygon<f64>>,
        level "level": AreaLevel,
        code "code": Option<String>,
        name "name": String,
        parent "parent": Option<AreaId>,
    }
    Building Building BuildingId buildings "建筑 Buildings: outline on the ground"
        if limits::building
    {
        footprint "geom": Polygon<f64>,
        name "name": Option<String>,
        address "address": Option<String>,
        ground_m "ground_m": f64,
        height_m "height_m": f64,
        height_origin "height_origin": HeightOrigin,
        storeys "storeys": u16,
        structure "structure": Structure,
        year "year": Option<u16>,
        usage "usage": Usage,
        protection "protection": Protection,
        roof "roof": RoofStyle,
        party_walls "party_walls": Vec<BuildingId>,
        area "area": Option<AreaId>,
        models "lods": Vec<LodModel>,
        repairs "repairs": Vec<String>,
        attributes "attributes": Attributes,
    }
    Road Road RoadId roads "道路 Roads, lanes and bridges: centre line" {
        line "geom": LineString<f64>,
        name "name": Option<String>,
        kind "kind": RoadKind,
        width_m "width_m": f64,
        surfaces "surfaces": Vec<Polygon<f64>>,
    }
    Water Water WaterId water "水系 Water" {
        polygon "geom": Polygon<f64>,
        name "name": Option<String>,
        kind "kind": WaterKind,
        level_m "level_m": f64,
    }
    GroundArea GroundArea GroundAreaId ground_areas "场地 Green, squares, courtyards" {
        polygon "geom": Polygon<f64>,
        name "name": Option<String>,
        kind "kind": GroundAreaKind,
    }
    Plant Plant PlantId plants "植被 Trees and other plants" {
        position "geom": [f64; 3],
        height_m "height_m": f64,
        crown_m "crown_m": f64,
    }
    Place Place PlaceId places "地名 Named places" {
        position "geom": [f64; 3],
        name "name": String,
        name_en "name_en": Option<String>,
        kind "kind": PlaceKind,
    }
    Object CityObject ObjectId objects "其他对象 Other objects; their faces are in object_surface" {
        kind "kind": String,
        name "name": Option<String>,
        models "lods": Vec<LodModel>,
        attributes "attributes": Attributes,
    }
    Terrain Terrain TerrainId terrain "地形 Terrain: outline; the triangles are in tin" {
        tin "geom": Tin,
    }
    Material Material MaterialId materials "材质 Materials that faces name" {
        name "name": String,
        ambient_intensity "ambient_intensity": Option<f64>,
        diffuse "diffuse": Option<Rgb>,
        emissive "emissive": Option<Rgb>,
        specular "specular": Option<Rgb>,
        shininess "shininess": Option<f64>,
        transparency "transparency": Option<f64>,
        is_smooth "is_smooth": Option<bool>,
    }
    Texture Texture TextureId textures "纹理 Pictures that faces name" {
        image "image": String,
        format "format": String,
        wrap_mode "wrap_mode": Option<String>,
        texture_type "texture_type": Option<String>,
        border_color "border_color": Option<Rgba>,
    }
    Dwelling Dwelling DwellingId dwellings "房屋（套） Dwellings" {
        building "building": BuildingId,
        floor "floor": i16,
        door "door": Sealed,
        usage "usage": Usage,
        area_m2 "area_m2": f64,
        address "address": Option<String>,
    }
    Household Household HouseholdId households "户 Households" {
        dwelling "dwelling": Option<DwellingId>,
        address "address": Sealed,
    }
    Resident Resident ResidentId residents "人口 Residents; personal fields are sealed" {
        household "household": Option<HouseholdId>,
        dwelling "dwelling": Option<DwellingId>,
        name "name": Sealed,
        identity_no "identity_no": Sealed,
        birth_date "birth_date": Sealed,
        phone "phone": Option<Sealed>,
        labels "labels": SealedList,
        address "address": Sealed,
        verified_on "verified_on": String,
        traits "traits": Option<Sealed> | "{ }",
        contacts "contacts": Option<Sealed> | "[ ]",
        further "further": Option<Sealed> | "[ ]",
    }
    Vehicle Vehicle VehicleId vehicles "车辆 Vehicles" {
        position "geom": [f64; 3],
        kind "kind": VehicleKind,
        plate "plate": Sealed,
        household "household": Option<HouseholdId>,
    }
    Device Device DeviceId devices "感知设备 Sensing devices" by device_home {
        position "geom": [f64; 3],
        kind "kind": KindId,
        building "building": Option<BuildingId>,
        dwelling "dwelling": Option<DwellingId>,
        interval_s "interval_s": Option<u32>,
        name "name": Option<String>,
        home "home": DeviceHome,
    }
    Camera Camera CameraId cameras "摄像机 Cameras" {
        position "geom": [f64; 3],
        name "name": String,
        heading_deg "heading_deg": f64,
        pitch_deg "pitch_deg": f64,
        fov_deg "fov_deg": f64,
        range_m "range_m": f64,
        owner "owner": CameraOwner,
        gb28181_id "gb28181_id": String,
        kind "kind": Option<CameraKind>,
        stream "stream": Option<Sealed>,
    }
    Facility Facility FacilityId facilities "设施 Facilities" {
        position "geom": [f64; 3],
        kind "kind": FacilityKind,
        name "name": String,
        building "building": Option<BuildingId>,
        phone "phone": Option<String>,
    }
    Responder Responder ResponderId responders "处置力量 Responders" {
        position "geom": [f64; 3],
        kind "kind": ResponderKind,
        title "title": String,
        name "name": Option<Sealed>,
        area "area": Option<AreaId>,
        duty "duty": Option<String>,
        phone "phone": Option<Sealed>,
    }
    Event Event EventId events "事件 Events: reports, orders, contact-day items"
        by home
    {
        position "geom": Option<[f64; 3]>,
        kind "kind": EventKind,
        group "service_group": ServiceGroup,
        title "title": Option<String>,
        building "building": Option<BuildingId>,
        dwelling "dwelling": Option<DwellingId>,
        area "area": Option<AreaId>,
        reported_at "reported_at": Timestamp,
        due_at "due_at": Option<Timestamp>,
        status "status": EventStatus,
        reporter "reporter": Option<Sealed>,
        text "text": Option<Sealed>,
        home "home": OfHome,
    }
}
