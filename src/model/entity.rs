//! Any one record of the ground, for code that treats all kinds alike: store, import, hash.

use serde::{Deserialize, Serialize};

use super::{
    AdminArea, Building, Camera, CityObject, Device, Dwelling, Event, Facility, GroundArea,
    Household, Material, Place, Plant, Resident, Responder, Road, Source, Terrain, Texture,
    Vehicle, Water,
};

/// The one list of kinds: variant, record, name of kind and table, field of `Ground`.
macro_rules! for_each_kind {
    ($then:ident) => {
        $then! {
            Area AdminArea "area" areas;
            Building Building "building" buildings;
            Road Road "road" roads;
            Water Water "water" water;
            GroundArea GroundArea "ground_area" ground_areas;
            Plant Plant "plant" plants;
            Place Place "place" places;
            Object CityObject "object" objects;
            Terrain Terrain "terrain" terrain;
            Material Material "material" materials;
            Texture Texture "texture" textures;
            Dwelling Dwelling "dwelling" dwellings;
            Household Household "household" households;
            Resident Resident "resident" residents;
            Vehicle Vehicle "vehicle" vehicles;
            Device Device "device" devices;
            Camera Camera "camera" cameras;
            Facility Facility "facility" facilities;
            Responder Responder "responder" responders;
            Event Event "event" events;
        }
    };
}
pub(super) use for_each_kind;

macro_rules! entity {
    ($($variant:ident $record:ident $name:literal $field:ident;)*) => {
        /// Any one record of the ground.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Entity { $(#[doc = concat!("One of `Ground::", stringify!($field), "`.")] $variant(Box<$record>),)* }

        /// The kind of an [`Entity`]; its name is also the table's in the city file.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum EntityKind { $(#[doc = concat!("`", $name, "`")] #[serde(rename = $name)] $variant,)* }

        /// Any one record of the ground, borrowed from it.
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub enum EntityView<'a> { $(#[doc = concat!("One of `Ground::", stringify!($field), "`.")] $variant(&'a $record),)* }

        impl Entity {
            /// The record, borrowed.
            #[must_use]
            pub fn view(&self) -> EntityView<'_> {
                match self { $(Self::$variant(one) => EntityView::$variant(one),)* }
            }
        }

        impl EntityKind {
            /// Every kind, in the order in which a city is written: what is pointed at comes first.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name of the kind and of its table.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The kind of this name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)* _ => None }
            }
        }

        impl Entity {
            /// Kind and id.
            #[must_use]
            pub fn key(&self) -> EntityRef {
                match self { $(Self::$variant(one) => EntityRef { kind: EntityKind::$variant, bits: one.id.bits() },)* }
            }

            /// Where it came from.
            #[must_use]
            pub fn source(&self) -> &Source {
                match self { $(Self::$variant(one) => &one.source,)* }
            }

            /// Marks it as written by another run.
            pub fn set_import(&mut self, import: crate::base::ImportId) {
                match self { $(Self::$variant(one) => one.source.import = import,)* }
            }
        }

        $(impl From<$record> for Entity {
            fn from(one: $record) -> Self { Self::$variant(Box::new(one)) }
        })*
    };
}
for_each_kind!(entity);

/// Names one record of the ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EntityRef {
    /// Its kind.
    pub kind: EntityKind,
    /// The bits of its typed id.
    pub bits: u64,
}
