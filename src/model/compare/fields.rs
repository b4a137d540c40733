//! The fields of every kind of record, by the names that reports call them. Used by `compare`.

use crate::model::{
    AdminArea, Building, Camera, CityObject, Device, Dwelling, Event, Facility, GroundArea,
    Household, Material, Place, Plant, Resident, Responder, Road, Terrain, Texture, Vehicle, Water,
};

/// A record whose fields can be told apart.
pub(super) trait Fields {
    /// The names of the fields in which `after` differs.
    fn changed(&self, after: &Self) -> Vec<&'static str>;
}

macro_rules! fields {
    ($($record:ident { $($field:ident)* })*) => {$(
        impl Fields for $record {
            fn changed(&self, after: &Self) -> Vec<&'static str> {
                // Without `..`: a field that is not listed here does not compile.
                let Self { id: _, source, $($field,)* } = self;
                let mut changed = Vec::new();
                $(if *$field != after.$field {
                    changed.push(stringify!($field));
                })*
                let is_from = (&source.dataset, &source.key);
                if is_from != (&after.source.dataset, &after.source.key) {
                    changed.push("source");
                }
                changed
            }
        }
    )*};
}

fields! {
    AdminArea { level code name parent polygon }
    Building {
        name address footprint ground_m height_m height_origin storeys structure year usage
        protection roof party_walls area models repairs attributes
    }
    Road { name kind line width_m surfaces }
    Water { name kind polygon level_m }
    GroundArea { name kind polygon }
    Plant { position height_m crown_m }
    Place { name name_en kind position }
    CityObject { kind name models attributes }
    Terrain { tin }
    Material {
        name ambient_intensity diffuse emissive specular shininess transparency is_smooth
    }
    Texture { image format wrap_mode texture_type border_color }
    Dwelling { building floor door usage area_m2 address }
    Household { dwelling address }
    Resident {
        household dwelling name identity_no birth_date phone labels address verified_on traits
        contacts further
    }
    Vehicle { kind plate household position }
    Device { kind position building dwelling interval_s name home }
    Camera { name position heading_deg pitch_deg fov_deg range_m owner gb28181_id kind stream }
    Facility { kind name position building phone }
    Responder { kind title name area position duty phone }
    Event {
        kind group title position building dwelling area reported_at due_at status reporter text
        home
    }
}
