//! Typed ids that stay the same across imports and runs.
//!
//! An id is 64 bits of a SHA-256 over the kind, the source and the key within the source, so the
//! same object of the same source always gets the same id, on every machine. The written form is
//! a short kind prefix and 16 hexadecimal digits, for example `dev-03f2a9c1d4e5b677`. People type it
//! in capitals, in full width and with blanks around, too: [`id_bits`] is where ids are read.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::half_width;

/// Why a text is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an id of this kind reads \"{prefix}-\" and 16 hexadecimal digits, not {text:?}")]
pub struct IdError {
    prefix: &'static str,
    text: String,
}

fn digest(prefix: &str, source: &str, key: &str) -> u64 {
    let mut hash = Sha256::new();
    for part in [prefix, source, key] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let bytes = hash.finalize();
    let mut head = [0; 8];
    head.copy_from_slice(&bytes[..8]);
    // 63 bits: SQLite's integers are signed, and an id should never be negative there.
    u64::from_be_bytes(head) >> 1
}

/// The bits of a written id of the kind with this prefix; `None` where the text is none.
#[must_use]
pub fn id_bits(prefix: &str, text: &str) -> Option<u64> {
    let text = plain_id(text);
    let digits = text.strip_prefix(prefix)?.strip_prefix('-')?;
    let is_id = digits.len() == 16 && digits.bytes().all(|one| one.is_ascii_hexdigit());
    is_id.then(|| u64::from_str_radix(digits, 16).ok())?
}

/// A typed id, or the beginning of one, as ids are written: half-width, lower case, no blanks around.
#[must_use]
pub fn plain_id(text: &str) -> String {
    let half: String = text.chars().map(half_width).collect();
    half.trim().to_ascii_lowercase()
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u64);

        impl $name {
            /// The prefix of the written form.
            pub const PREFIX: &'static str = $prefix;

            /// The id of the object that `source` calls `key`.
            #[must_use]
            pub fn from_source(source: &str, key: &str) -> Self {
                Self(digest(Self::PREFIX, source, key))
            }

            /// The id with these bits, as a store keeps it.
            #[must_use]
            pub fn from_bits(bits: u64) -> Self {
                Self(bits)
            }

            /// The bits, for a store.
            #[must_use]
            pub fn bits(self) -> u64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "-{:016x}"), self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                id_bits($prefix, text)
                    .map(Self)
                    .ok_or_else(|| IdError { prefix: $prefix, text: text.to_owned() })
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// An alarm: one raising of one rule on one device.
    AlarmId = "alm";
    /// An administrative area: district, street, community or grid.
    AreaId = "are";
    /// A building.
    BuildingId = "bld";
    /// A camera.
    CameraId = "cam";
    /// A sensing device.
    DeviceId = "dev";
    /// A dwelling (套): one home or unit in a building.
    DwellingId = "dwl";
    /// An event: something reported, ordered or brought to a contact day.
    EventId = "evt";
    /// A facility such as a hydrant or a health house.
    FacilityId = "fac";
    /// A piece of ground that is neither road nor water: green, plaza, courtyard.
    GroundAreaId = "gnd";
    /// A household (户).
    HouseholdId = "hhd";
    /// One run of an import or of the generator.
    ImportId = "imp";
    /// An incident of the closed loop: one thing to be handled.
    IncidentId = "inc";
    /// How faces look: a colour with its gloss.
    MaterialId = "mat";
    /// Another city object, such as a free-standing bridge model or a piece of city furniture.
    ObjectId = "obj";
    /// A named place.
    PlaceId = "plc";
    /// A tree or another plant.
    PlantId = "plt";
    /// A resident.
    ResidentId = "res";
    /// A responder: a person or post that can be sent.
    ResponderId = "rsp";
    /// A road, lane or bridge.
    RoadId = "rod";
    /// A piece of the ground's shape.
    TerrainId = "ter";
    /// A picture that faces wear.
    TextureId = "tex";
    /// A vehicle.
    VehicleId = "veh";
    /// A piece of water.
    WaterId = "wat";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_key_gives_the_same_id_and_kinds_differ() {
        let a = BuildingId::from_source("osm", "7");
        assert_eq!(a, BuildingId::from_source("osm", "7"));
        assert_ne!(a.bits(), DeviceId::from_source("osm", "7").bits());
        assert_ne!(
            a,
            BuildingId::from_source("os", "m7"),
            "source and key must not run together"
        );
        assert_eq!(a.to_string().parse::<BuildingId>().unwrap(), a);
    }

    #[test]
    fn a_wrong_text_is_named() {
        let fault = "dev-12".parse::<BuildingId>().unwrap_err();
        assert!(fault.to_string().contains("bld-"), "{fault}");
        for none in [
            "bld-00000000000000zz",
            "bld-+000000000000001",
            "",
            "-",
            "ｂ",
        ] {
            assert!(none.parse::<BuildingId>().is_err(), "{none:?}");
        }
    }

    #[test]
    fn an_id_is_read_as_people_type_it() {
        let id = BuildingId::from_bits(0x03f2_a9c1_d4e5_b677);
        for typed in [
            "BLD-03F2A9C1D4E5B677",
            " Bld-03f2A9c1d4e5b677\t",
            "ｂｌｄ－０３ｆ２ａ９ｃ１ｄ４ｅ５ｂ６７７\u{3000}",
        ] {
            assert_eq!(typed.parse(), Ok(id), "{typed:?}");
        }
    }
}
