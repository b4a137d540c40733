//! Baked tiles as a city file keeps them. An input is a tile before it is packed: mutated packed
//! bytes would hardly ever unpack.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::OnceLock;

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use pingjiang::base::ImportId;
use pingjiang::ingest::{self, Origin, Target};
use pingjiang::model::{CityInfo, Ground, KindTable};
use pingjiang::portrayal::scene::{BakedTile, Plan};
use pingjiang::space::{Crs, Datum};

use sha2::{Digest, Sha256};

use crate::bodies::Seen;

/// Behind what is packed stand so many bytes of its SHA-256.
const CHECK_BYTES: usize = 8;

/// Two houses so far apart that a tile has few cells.
const HOUSES: &str = r#"{"type": "FeatureCollection", "features": [
  {"type": "Feature", "id": 1, "properties": {"building": "yes", "height": 7},
   "geometry": {"type": "Polygon", "coordinates":
    [[[119.0, 31.3], [119.0003, 31.3], [119.0003, 31.3002], [119.0, 31.3002], [119.0, 31.3]]]}},
  {"type": "Feature", "id": 2, "properties": {"building": "yes", "height": 24},
   "geometry": {"type": "Polygon", "coordinates":
    [[[121.0, 31.3], [121.0003, 31.3], [121.0003, 31.3004], [121.0001, 31.3002], [121.0, 31.3]]]}}
]}"#;

fn city() -> &'static Ground {
    static CITY: OnceLock<Ground> = OnceLock::new();
    CITY.get_or_init(|| {
        let raw = ingest::read(HOUSES.as_bytes(), Path::new("houses.geojson"), None);
        let target = Target {
            crs: Crs::from_epsg(4549).expect("built in"),
            extent: None,
        };
        let origin = Origin {
            dataset: "houses".into(),
            import: ImportId::from_bits(1),
            crs: None,
            datum: Datum::Wgs84,
        };
        let made = ingest::convert(raw.expect("GeoJSON"), &target, &origin).expect("converts");
        let mut ground = Ground::new(CityInfo {
            name_zh: "两".into(),
            name_en: "Two".into(),
            crs: "EPSG:4549".into(),
            vertical_datum: "not stated".into(),
            utc_offset_minutes: 480,
            synthetic: true,
        });
        for entity in made.entities {
            ground.put(entity);
        }
        ground
    })
}

/// The tiles of the city, unpacked.
pub fn seeds() -> Vec<Vec<u8>> {
    let plan = Plan::of(city());
    let unpacked = plan.tiles().map(|tile| {
        let packed = plan.bake(tile).to_bytes();
        let mut plain = Vec::new();
        let mut from = DeflateDecoder::new(&packed[..packed.len() - CHECK_BYTES]);
        from.read_to_end(&mut plain).expect("what was packed");
        plain
    });
    unpacked.collect()
}

/// Bytes are a tile or none; a tile is packed and unpacked without a loss, and a scene that is given
/// it for its own is built.
pub fn body(bytes: &[u8]) -> Seen {
    let _ = BakedTile::from_bytes(bytes);
    let mut packer = DeflateEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(bytes).expect("into memory");
    let mut packed = packer.finish().expect("into memory");
    packed.extend(&Sha256::digest(bytes)[..CHECK_BYTES]);
    let Some(tile) = BakedTile::from_bytes(&packed) else {
        return Seen::REFUSED;
    };
    let again = BakedTile::from_bytes(&tile.to_bytes());
    assert!(again.as_ref() == Some(&tile), "it comes back as another");
    let plan = Plan::of(city());
    let all: BTreeMap<_, _> = plan.tiles().map(|at| (at, tile.clone())).collect();
    let scene = plan.build(city(), &KindTable::standard(), all);
    let made = (0..scene.pieces.len() as u32).map(|piece| scene.make(city(), piece).indices.len());
    Seen::of(made.collect::<Vec<_>>())
}
