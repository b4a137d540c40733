//! GeoTIFF: one band of heights. The crate `tiff` undoes strips, tiles, compression and
//! predictors; this file bounds what a file may claim, places the raster and finds where it has no
//! data. Never reads pictures.

use std::io::Cursor;

use tiff::decoder::{ChunkType, Decoder, DecodingResult, Limits};
use tiff::tags::Tag;

use super::geo_keys::GeoKeys;
use super::grid::{Grid, Place, height_or_nan};
use super::{add_grid, check_size, no_height, tolerance_m};
use crate::ingest::raw::RawCity;
use crate::ingest::{Format, Input, ReadError, ReadOptions, Take};

/// No compression shrinks heights more than this (LZW and Deflate reach 1,400).
const SHRINKS_AT_MOST: u64 = 2_000;
/// The tag in which GDAL keeps scale and offset of heights.
const GDAL_METADATA: Tag = Tag::Unknown(42_112);
/// Heights from here down mean "no data" where a file does not say so itself.
const NO_DATA_AT_MOST: f64 = -9_999.0;

type Tiff<'a> = Decoder<Cursor<&'a [u8]>>;

/// Reads a raster of heights as nets of triangles.
///
/// # Errors
/// [`ReadError`] when the file is damaged, claims more than it can hold, is no raster of heights
/// or does not say where it lies.
pub fn read_geotiff(input: &Input, options: &ReadOptions, _: Take) -> Result<RawCity, ReadError> {
    let limits = Limits::default();
    let mut tiff = Decoder::new(Cursor::new(input.bytes))
        .map_err(damaged)?
        .with_limits(limits);
    let (columns, rows) = tiff.dimensions().map_err(damaged)?;
    check_size(columns.into(), rows.into())?;
    check_claim(columns, rows, input.bytes.len() as u64)?;
    check_bands(&mut tiff)?;
    let directory = tiff.find_tag(Tag::GeoKeyDirectoryTag).ok().flatten();
    let directory = directory.and_then(|value| value.into_u16_vec().ok());
    let ascii = text_of(&mut tiff, Tag::GeoAsciiParamsTag);
    let keys = GeoKeys::read(&directory.unwrap_or_default(), &ascii.unwrap_or_default());
    let place = place(&mut tiff, &keys, input)?;
    let mut raw = RawCity::new(Format::GeoTiff);
    raw.crs = keys.crs.clone();
    raw.crs_fault = keys.crs_fault.clone();
    if let Some(unit) = keys.unknown_unit {
        raw.notes.push(format!(
            "terrain: heights are in unit {unit}, which is not known; they are taken as metres"
        ));
    }
    let meaning = Meaning::of(&mut tiff, &keys);
    let grid = Grid {
        columns: columns as usize,
        rows: rows as usize,
        heights_m: heights(&mut tiff, columns, rows, &meaning)?,
        place,
    };
    add_grid(&mut raw, &grid, tolerance_m(options));
    if raw.features.is_empty() {
        return Err(no_height());
    }
    Ok(raw)
}

fn damaged(fault: tiff::TiffError) -> ReadError {
    let remedy = match fault {
        tiff::TiffError::UnsupportedError(_) => {
            "write it plainly first (GDAL: gdal_translate -co COMPRESS=DEFLATE -ot Float32 IN OUT)"
        }
        _ => "get the file again, or write it anew (GDAL: gdal_translate IN OUT)",
    };
    ReadError::Unusable {
        reason: format!("the TIFF cannot be read: {fault}"),
        remedy: remedy.to_owned(),
    }
}

/// Refuses a raster that its file cannot hold, before memory is taken for it.
fn check_claim(columns: u32, rows: u32, length: u64) -> Result<(), ReadError> {
    let claimed = u64::from(columns) * u64::from(rows);
    if claimed > length.saturating_mul(SHRINKS_AT_MOST) {
        return Err(ReadError::Unusable {
            reason: format!(
                "it claims {columns} × {rows} heights, more than {length} bytes can hold"
            ),
            remedy: "get the file again, or write it anew without gaps (GDAL: gdal_translate IN \
                     OUT)"
                .to_owned(),
        });
    }
    Ok(())
}

fn check_bands(tiff: &mut Tiff) -> Result<(), ReadError> {
    let number = |tiff: &mut Tiff, tag: Tag, otherwise: u64| {
        let value = tiff.find_tag(tag).ok().flatten();
        value.and_then(|v| v.into_u64().ok()).unwrap_or(otherwise)
    };
    let bands = number(tiff, Tag::SamplesPerPixel, 1);
    // 0 and 1 are shades of grey, which is how heights are stored.
    let kind = number(tiff, Tag::PhotometricInterpretation, 1);
    if bands != 1 || kind > 1 {
        return Err(ReadError::Unusable {
            reason: format!("it is a picture of {bands} bands, not a raster of heights"),
            remedy: "take the band with heights alone (GDAL: gdal_translate -b 1 IN OUT)"
                .to_owned(),
        });
    }
    Ok(())
}

fn text_of(tiff: &mut Tiff, tag: Tag) -> Option<String> {
    let value = tiff.find_tag(tag).ok().flatten()?;
    value.into_string().ok()
}

fn numbers_of(tiff: &mut Tiff, tag: Tag) -> Vec<f64> {
    let value = tiff.find_tag(tag).ok().flatten();
    value
        .and_then(|value| value.into_f64_vec().ok())
        .unwrap_or_default()
}

/// Where the heights lie: by a transformation, by a scale and a tie point, or by a world file.
fn place(tiff: &mut Tiff, keys: &GeoKeys, input: &Input) -> Result<Place, ReadError> {
    let matrix = numbers_of(tiff, Tag::ModelTransformationTag);
    let scale = numbers_of(tiff, Tag::ModelPixelScaleTag);
    let tie = numbers_of(tiff, Tag::ModelTiepointTag);
    let corner = if let [a, b, _, d, e, f, _, h, ..] = matrix[..] {
        Some(Place {
            x: [d, a, b],
            y: [h, e, f],
        })
    } else if let ([sx, sy, ..], [column, row, _, x, y, ..]) = (&scale[..], &tie[..]) {
        let from_tie = Place {
            x: [*x, *sx, 0.0],
            y: [*y, 0.0, -*sy],
        };
        Some(from_tie.moved(-*column, -*row))
    } else {
        None
    };
    let to_middle = if keys.is_point { 0.0 } else { 0.5 };
    let placed = corner.map(|corner| corner.moved(to_middle, to_middle));
    let placed = placed.or_else(|| {
        let endings = ["tfw", "tifw", "wld"];
        let text = endings.iter().find_map(|ending| input.sibling(ending))?;
        world_file(std::str::from_utf8(&text).ok()?)
    });
    placed
        .filter(Place::is_sound)
        .ok_or_else(|| ReadError::Unusable {
            reason: "it does not say where it lies".to_owned(),
            remedy: "put its world file (.tfw) beside it, or write its place into it (GDAL: \
                 gdal_translate -a_ullr WEST NORTH EAST SOUTH -a_srs EPSG:NNNN IN OUT)"
                .to_owned(),
        })
}

/// A world file: six numbers, the last two of which are the middle of the upper left cell.
fn world_file(text: &str) -> Option<Place> {
    let numbers = text.split_whitespace().map(|word| word.parse::<f64>().ok());
    let numbers: Vec<f64> = numbers.take(6).collect::<Option<_>>()?;
    let [a, d, b, e, c, f] = numbers[..] else {
        return None;
    };
    Some(Place {
        x: [c, a, b],
        y: [f, d, e],
    })
}

/// From stored numbers to heights.
struct Meaning {
    no_data: Option<f64>,
    scale: f64,
    offset: f64,
    unit_m: f64,
}

impl Meaning {
    fn of(tiff: &mut Tiff, keys: &GeoKeys) -> Self {
        let no_data = text_of(tiff, Tag::GdalNodata);
        let about = text_of(tiff, GDAL_METADATA).unwrap_or_default();
        let item = |role: &str| {
            let at = about.find(&format!("role=\"{role}\""))?;
            let rest = about.get(at..)?;
            let value = rest.get(rest.find('>')? + 1..rest.find('<')?)?;
            value.trim().parse::<f64>().ok().filter(|v| v.is_finite())
        };
        Self {
            no_data: no_data.and_then(|text| text.trim_matches([' ', '\0']).parse().ok()),
            scale: item("scale").unwrap_or(1.0),
            offset: item("offset").unwrap_or(0.0),
            unit_m: keys.height_unit_m,
        }
    }

    fn height_m(&self, stored: f64) -> f32 {
        let is_none = match self.no_data {
            // What is stored as `f32` is compared as such.
            Some(none) => stored == none || stored as f32 == none as f32,
            None => stored <= NO_DATA_AT_MOST,
        };
        if is_none {
            return f32::NAN;
        }
        height_or_nan((stored * self.scale + self.offset) * self.unit_m)
    }
}

/// All heights, chunk by chunk.
fn heights(
    tiff: &mut Tiff,
    columns: u32,
    rows: u32,
    meaning: &Meaning,
) -> Result<Vec<f32>, ReadError> {
    let [wide, high] = match tiff.get_chunk_type() {
        ChunkType::Strip => {
            let rows_per_strip = tiff.find_tag(Tag::RowsPerStrip).map_err(damaged)?;
            let high = rows_per_strip.and_then(|value| value.into_u32().ok());
            [columns, high.unwrap_or(rows).min(rows)]
        }
        ChunkType::Tile => [
            tiff.get_tag_u32(Tag::TileWidth).map_err(damaged)?,
            tiff.get_tag_u32(Tag::TileLength).map_err(damaged)?,
        ],
    };
    if wide == 0 || high == 0 {
        return Err(no_height());
    }
    let across = columns.div_ceil(wide);
    let down = rows.div_ceil(high);
    let mut all = vec![f32::NAN; columns as usize * rows as usize];
    let sizes = chunk_sizes(tiff);
    for chunk in 0..across.saturating_mul(down) {
        // A chunk without bytes is one that GDAL left out: it has no data.
        if sizes.get(chunk as usize) == Some(&0) {
            continue;
        }
        let part = numbers(tiff.read_chunk(chunk).map_err(damaged)?);
        let (west, north) = ((chunk % across) * wide, (chunk / across) * high);
        let part_wide = wide.min(columns - west) as usize;
        let part_high = high.min(rows - north) as usize;
        if part.len() < part_wide * part_high {
            return Err(no_height());
        }
        for (row, line) in part.chunks_exact(part_wide).take(part_high).enumerate() {
            let first = (north as usize + row) * columns as usize + west as usize;
            for (height, stored) in all[first..first + part_wide].iter_mut().zip(line) {
                *height = meaning.height_m(*stored);
            }
        }
    }
    Ok(all)
}

fn chunk_sizes(tiff: &mut Tiff) -> Vec<u64> {
    let tag = match tiff.get_chunk_type() {
        ChunkType::Strip => Tag::StripByteCounts,
        ChunkType::Tile => Tag::TileByteCounts,
    };
    let value = tiff.find_tag(tag).ok().flatten();
    value
        .and_then(|value| value.into_u64_vec().ok())
        .unwrap_or_default()
}

/// The numbers of a chunk, whatever they are stored as.
fn numbers(chunk: DecodingResult) -> Vec<f64> {
    fn all<T: Into<f64>>(list: Vec<T>) -> Vec<f64> {
        list.into_iter().map(Into::into).collect()
    }
    match chunk {
        DecodingResult::U8(list) => all(list),
        DecodingResult::U16(list) => all(list),
        DecodingResult::U32(list) => all(list),
        DecodingResult::U64(list) => list.into_iter().map(|v| v as f64).collect(),
        DecodingResult::F16(list) => list.into_iter().map(f64::from).collect(),
        DecodingResult::F32(list) => all(list),
        DecodingResult::F64(list) => list,
        DecodingResult::I8(list) => all(list),
        DecodingResult::I16(list) => all(list),
        DecodingResult::I32(list) => all(list),
        DecodingResult::I64(list) => list.into_iter().map(|v| v as f64).collect(),
    }
}
