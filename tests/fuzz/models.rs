//! Terrain and glTF models, through reading and conversion. Seeds are made here: the smallest
//! files that have every part a reader looks at.

use std::io::Cursor;
use std::path::Path;

use pingjiang::ingest::{self, Format, Input, Placement, RawCity, ReadError, ReadOptions, Spot2};
use serde_json::json;
use tiff::encoder::{Compression, TiffEncoder, colortype};
use tiff::tags::Tag;

use crate::bodies::Seen;
use crate::imports;

/// A raster of heights.
pub fn geotiff(bytes: &[u8]) -> Seen {
    imports::check(read(bytes, Format::GeoTiff), Format::GeoTiff, bytes)
}

/// A list of heights.
pub fn xyz(bytes: &[u8]) -> Seen {
    imports::check(read(bytes, Format::Xyz), Format::Xyz, bytes)
}

/// A model at a stated place.
pub fn gltf(bytes: &[u8]) -> Seen {
    imports::check(read(bytes, Format::Gltf), Format::Gltf, bytes)
}

fn read(bytes: &[u8], format: Format) -> Result<RawCity, ReadError> {
    let input = Input::alone(Path::new("fuzz"), bytes);
    let options = ReadOptions {
        format: Some(format),
        placement: Some(Placement {
            as_building: bytes.len().is_multiple_of(2),
            ..Placement::at(Spot2::Projected([100_000.0, 400_000.0]))
        }),
        ..ReadOptions::default()
    };
    let read = ingest::read_input(&input, &options, &mut |_| Ok(()));
    for tin in read
        .iter()
        .flat_map(|raw| &raw.features)
        .flat_map(|one| &one.shape.tins)
    {
        for [a, b, c] in tin.corners() {
            let double = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]);
            // Coordinates may be so large that a triangle has no area that numbers can tell.
            assert!(
                !(double < 0.0),
                "a triangle runs clockwise: {a:?} {b:?} {c:?}"
            );
        }
    }
    read
}

/// Rasters in two kinds of numbers and two compressions.
pub fn geotiff_seeds() -> Vec<Vec<u8>> {
    let ways = [Compression::Uncompressed, Compression::Lzw];
    ways.into_iter().map(raster).collect()
}

fn raster(compression: Compression) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let heights: Vec<f32> = (0..63)
        .map(|k| if k == 20 { -9_999.0 } else { (k % 7) as f32 })
        .collect();
    let mut file = TiffEncoder::new(&mut bytes)
        .expect("memory")
        .with_compression(compression);
    let mut image = file
        .new_image::<colortype::Gray32Float>(9, 7)
        .expect("memory");
    let keys = [
        1_u16, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 28_992,
    ];
    let tags = image.encoder();
    let scale = [2.0_f64, 2.0, 0.0];
    let tie = [0.0_f64, 0.0, 0.0, 100_000.0, 400_000.0, 0.0];
    tags.write_tag(Tag::ModelPixelScaleTag, &scale[..])
        .expect("memory");
    tags.write_tag(Tag::ModelTiepointTag, &tie[..])
        .expect("memory");
    tags.write_tag(Tag::GeoKeyDirectoryTag, &keys[..])
        .expect("memory");
    tags.write_tag(Tag::GdalNodata, "-9999").expect("memory");
    image.write_data(&heights).expect("memory");
    bytes.into_inner()
}

/// A grid, a grid with a gap and names, and scattered places.
pub fn xyz_seeds() -> Vec<Vec<u8>> {
    let mut grid = String::new();
    for k in 0..30 {
        grid += &format!("{} {} {}\n", 100_000 + k % 6, 400_000 + k / 6, k % 4);
    }
    let named = "x;y;z\n100000;400000;1,5\n100001;400000;2\n100000;400001;-9999\n\
                 100001;400001;3\n100002;400000;1\n100002;400001;1\n";
    let scattered = "100000,400000,1\n100010.5,400003,2\n100007,400021,3\n100002,400011,1\n";
    [&grid, named, scattered]
        .map(|text| text.as_bytes().to_vec())
        .into()
}

/// A textured triangle as text and, with a node above it, as a binary file.
pub fn gltf_seeds() -> Vec<Vec<u8>> {
    let corners: [f32; 9] = [0., 0., 0., 4., 0., 0., 0., 3., 1.];
    let mut data: Vec<u8> = corners.iter().flat_map(|v| v.to_le_bytes()).collect();
    data.extend([0, 1, 2, 0]);
    let document = |buffer: serde_json::Value| {
        json!({
            "asset": {"version": "2.0"}, "scene": 0, "scenes": [{"nodes": [0]}],
            "nodes": [{"children": [1], "scale": [1, -2, 1]}, {"mesh": 0, "translation": [1, 2, 3]}],
            "meshes": [{"primitives": [{"attributes": {"POSITION": 0, "TEXCOORD_0": 2},
                "indices": 1, "material": 0, "mode": 4}]}],
            "materials": [{"name": "m", "pbrMetallicRoughness": {
                "baseColorFactor": [1, 0.5, 0, 0.5], "baseColorTexture": {"index": 0}}}],
            "textures": [{"source": 0}], "images": [{"uri": "a.png"}],
            "accessors": [
                {"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3",
                 "min": [0, 0, 0], "max": [4, 3, 1]},
                {"bufferView": 1, "componentType": 5121, "count": 3, "type": "SCALAR"},
                {"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC2"}],
            "bufferViews": [{"buffer": 0, "byteLength": 36, "byteStride": 12},
                {"buffer": 0, "byteOffset": 36, "byteLength": 3}],
            "buffers": [buffer]
        })
    };
    let inside = "AAAAAAAAAAAAAAAAAACAQAAAAAAAAAAAAAAAAAAAQEAAAIA/AAECAA==";
    let uri = format!("data:application/octet-stream;base64,{inside}");
    let text = document(json!({"byteLength": 40, "uri": uri})).to_string();
    let mut json = document(json!({"byteLength": 40})).to_string().into_bytes();
    json.resize(json.len().next_multiple_of(4), b' ');
    let mut binary = b"glTF\x02\0\0\0".to_vec();
    binary.extend(((12 + 8 + json.len() + 8 + data.len()) as u32).to_le_bytes());
    for (chunk, mark) in [(&json, b"JSON"), (&data, b"BIN\0")] {
        binary.extend((chunk.len() as u32).to_le_bytes());
        binary.extend(mark);
        binary.extend(chunk);
    }
    vec![text.into_bytes(), binary]
}
