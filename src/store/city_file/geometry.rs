//! Geometry as GeoPackage keeps it: a small header with an envelope, then well-known binary.
//! Used by the city file's tables. Never knows what a geometry belongs to.

mod tin;

use geo_types::{Coord, LineString, Polygon};

pub(super) use tin::{read_tin, tin};

/// What is wrong with a geometry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum ShapeFault {
    /// A coordinate is NaN or infinite.
    #[error("a coordinate is not a number")]
    NotFinite,
    /// The blob ends too early or has an unknown header.
    #[error("the geometry is damaged")]
    Damaged,
    /// Another type of geometry than the table's.
    #[error("the geometry is not a {0}")]
    OtherType(&'static str),
}

/// West, east, south, north: the order of GeoPackage envelopes.
pub(super) type Envelope = [f64; 4];

const POINT: u32 = 1;
const LINE: u32 = 2;
const POLYGON: u32 = 3;
/// Added to the type of geometries with heights.
const WITH_Z: u32 = 1000;
const EMPTY_FLAG: u8 = 0x10;

/// A point with height.
pub(super) fn point_z(at: [f64; 3], srs_id: i32) -> Result<Vec<u8>, ShapeFault> {
    let mut blob = header(srs_id, None, false);
    blob.push(1);
    blob.extend((POINT + WITH_Z).to_le_bytes());
    put_corner(&mut blob, &at)?;
    Ok(blob)
}

/// The point that is nowhere.
pub(super) fn empty_point_z(srs_id: i32) -> Vec<u8> {
    let mut blob = header(srs_id, None, true);
    blob.push(1);
    blob.extend((POINT + WITH_Z).to_le_bytes());
    blob.extend([f64::NAN; 3].map(f64::to_le_bytes).concat());
    blob
}

/// A line; an empty one is marked as such.
pub(super) fn line(line: &LineString<f64>, srs_id: i32) -> Result<Vec<u8>, ShapeFault> {
    let envelope = envelope_of(line.0.iter().map(|at| [at.x, at.y]));
    let mut blob = header(srs_id, envelope, line.0.is_empty());
    blob.push(1);
    blob.extend(LINE.to_le_bytes());
    put_count(&mut blob, line.0.len());
    for at in &line.0 {
        put_corner(&mut blob, &[at.x, at.y])?;
    }
    Ok(blob)
}

/// A polygon with its holes; one without an outer ring is marked as empty.
pub(super) fn polygon(polygon: &Polygon<f64>, srs_id: i32) -> Result<Vec<u8>, ShapeFault> {
    let outer = polygon.exterior();
    let envelope = envelope_of(outer.0.iter().map(|at| [at.x, at.y]));
    let mut blob = header(srs_id, envelope, outer.0.is_empty());
    blob.push(1);
    blob.extend(POLYGON.to_le_bytes());
    let rings = if outer.0.is_empty() {
        0
    } else {
        1 + polygon.interiors().len()
    };
    put_count(&mut blob, rings);
    for ring in std::iter::once(outer)
        .chain(polygon.interiors())
        .take(rings)
    {
        put_count(&mut blob, ring.0.len());
        for at in &ring.0 {
            put_corner(&mut blob, &[at.x, at.y])?;
        }
    }
    Ok(blob)
}

/// A face with heights, from rings without a repeated closing point.
pub(super) fn polygon_z(rings: &[Vec<[f64; 3]>], srs_id: i32) -> Result<Vec<u8>, ShapeFault> {
    let corners = rings.iter().flatten().map(|at| [at[0], at[1]]);
    let mut blob = header(
        srs_id,
        envelope_of(corners),
        rings.iter().all(Vec::is_empty),
    );
    blob.push(1);
    blob.extend((POLYGON + WITH_Z).to_le_bytes());
    put_count(&mut blob, rings.len());
    for ring in rings {
        let closing = ring.first();
        put_count(&mut blob, ring.len() + usize::from(closing.is_some()));
        for at in ring.iter().chain(closing) {
            put_corner(&mut blob, at)?;
        }
    }
    Ok(blob)
}

/// Reads a point; a point without height lies at zero.
pub(super) fn read_point_z(blob: &[u8]) -> Result<[f64; 3], ShapeFault> {
    let mut reader = Reader::open(blob, POINT, "point")?;
    reader.corner()
}

/// Reads a line.
pub(super) fn read_line(blob: &[u8]) -> Result<LineString<f64>, ShapeFault> {
    let mut reader = Reader::open(blob, LINE, "line")?;
    reader.ring().map(flat)
}

/// Reads a polygon; heights are left out.
pub(super) fn read_polygon(blob: &[u8]) -> Result<Polygon<f64>, ShapeFault> {
    let mut rings = read_rings(blob)?.into_iter().map(flat);
    let outer = rings.next().unwrap_or(LineString(Vec::new()));
    Ok(Polygon::new(outer, rings.collect()))
}

/// Reads a face as rings without a repeated closing point.
pub(super) fn read_polygon_z(blob: &[u8]) -> Result<Vec<Vec<[f64; 3]>>, ShapeFault> {
    let mut rings = read_rings(blob)?;
    for ring in &mut rings {
        ring.pop();
    }
    Ok(rings)
}

/// The extent of a geometry: the header's envelope, or the position of a point. `None` for an
/// empty geometry and for what cannot be read.
pub(super) fn envelope(blob: &[u8]) -> Option<Envelope> {
    let flags = *blob.get(3)?;
    if flags & EMPTY_FLAG != 0 {
        return None;
    }
    if flags & 0x0f == 0x03 {
        let mut reader = Bytes {
            rest: blob.get(8..40)?,
            little: true,
        };
        let mut number = || reader.number().ok();
        return Some([number()?, number()?, number()?, number()?]);
    }
    let at = read_point_z(blob).ok()?;
    Some([at[0], at[0], at[1], at[1]])
}

fn envelope_of(corners: impl Iterator<Item = [f64; 2]>) -> Option<Envelope> {
    corners.fold(None, |known, [x, y]| {
        let [west, east, south, north] = known.unwrap_or([x, x, y, y]);
        Some([west.min(x), east.max(x), south.min(y), north.max(y)])
    })
}

fn header(srs_id: i32, envelope: Option<Envelope>, empty: bool) -> Vec<u8> {
    let mut flags = 0x01;
    if envelope.is_some() {
        flags |= 0x02;
    }
    if empty {
        flags |= EMPTY_FLAG;
    }
    let mut blob = vec![b'G', b'P', 0, flags];
    blob.extend(srs_id.to_le_bytes());
    for number in envelope.iter().flatten() {
        blob.extend(number.to_le_bytes());
    }
    blob
}

fn put_count(blob: &mut Vec<u8>, count: usize) {
    // Four billion corners do not fit into a SQLite row in any case.
    blob.extend((count as u32).to_le_bytes());
}

fn put_corner(blob: &mut Vec<u8>, at: &[f64]) -> Result<(), ShapeFault> {
    for number in at {
        if !number.is_finite() {
            return Err(ShapeFault::NotFinite);
        }
        blob.extend(number.to_le_bytes());
    }
    Ok(())
}

fn flat(ring: Vec<[f64; 3]>) -> LineString<f64> {
    LineString(ring.iter().map(|at| Coord { x: at[0], y: at[1] }).collect())
}

fn read_rings(blob: &[u8]) -> Result<Vec<Vec<[f64; 3]>>, ShapeFault> {
    let mut reader = Reader::open(blob, POLYGON, "polygon")?;
    let count = reader.bytes.count(4)?;
    (0..count).map(|_| reader.ring()).collect()
}

/// Bytes with their order.
struct Bytes<'a> {
    rest: &'a [u8],
    little: bool,
}

impl Bytes<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], ShapeFault> {
        let (head, rest) = self
            .rest
            .split_first_chunk::<N>()
            .ok_or(ShapeFault::Damaged)?;
        self.rest = rest;
        Ok(*head)
    }

    fn integer(&mut self) -> Result<u32, ShapeFault> {
        let bytes = self.take()?;
        Ok(if self.little {
            u32::from_le_bytes(bytes)
        } else {
            u32::from_be_bytes(bytes)
        })
    }

    fn number(&mut self) -> Result<f64, ShapeFault> {
        let bytes = self.take()?;
        Ok(if self.little {
            f64::from_le_bytes(bytes)
        } else {
            f64::from_be_bytes(bytes)
        })
    }

    /// A count of things of at least `size` bytes each: a damaged count asks for no memory.
    fn count(&mut self, size: usize) -> Result<usize, ShapeFault> {
        let count = self.integer()? as usize;
        if count > self.rest.len() / size {
            return Err(ShapeFault::Damaged);
        }
        Ok(count)
    }
}

/// A reader of one geometry behind its header; other programs may have written it, so byte order,
/// envelope and dimensions are taken as they come.
struct Reader<'a> {
    bytes: Bytes<'a>,
    dimensions: usize,
    with_z: bool,
}

impl<'a> Reader<'a> {
    fn open(blob: &'a [u8], expected: u32, name: &'static str) -> Result<Self, ShapeFault> {
        let [b'G', b'P', _, flags, ..] = blob else {
            return Err(ShapeFault::Damaged);
        };
        let envelope_bytes = match (flags >> 1) & 7 {
            0 => 0,
            1 => 32,
            2 | 3 => 48,
            4 => 64,
            _ => return Err(ShapeFault::Damaged),
        };
        let mut bytes = Bytes {
            rest: blob.get(8 + envelope_bytes..).ok_or(ShapeFault::Damaged)?,
            little: true,
        };
        bytes.little = bytes.take::<1>()? == [1];
        let kind = bytes.integer()?;
        if kind % WITH_Z != expected || kind / WITH_Z > 3 {
            return Err(ShapeFault::OtherType(name));
        }
        let (with_z, dimensions) = match kind / WITH_Z {
            0 => (false, 2),
            1 => (true, 3),
            2 => (false, 3),
            _ => (true, 4),
        };
        Ok(Self {
            bytes,
            dimensions,
            with_z,
        })
    }

    fn corner(&mut self) -> Result<[f64; 3], ShapeFault> {
        let mut at = [self.bytes.number()?, self.bytes.number()?, 0.0];
        if self.with_z {
            at[2] = self.bytes.number()?;
        }
        // A measure, which we have no use for.
        for _ in 2 + usize::from(self.with_z)..self.dimensions {
            self.bytes.number()?;
        }
        if at.iter().all(|number| number.is_finite()) {
            Ok(at)
        } else {
            Err(ShapeFault::NotFinite)
        }
    }

    fn ring(&mut self) -> Result<Vec<[f64; 3]>, ShapeFault> {
        let count = self.bytes.count(8 * self.dimensions)?;
        (0..count).map(|_| self.corner()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::polygon;
    use proptest::prelude::*;

    #[test]
    fn shapes_come_back_as_they_were() {
        let court = polygon!(exterior: [(x: 0., y: 0.), (x: 9., y: 0.), (x: 9., y: 8.)],
            interiors: [[(x: 5., y: 1.), (x: 6., y: 1.), (x: 6., y: 2.)]]);
        let blob = polygon(&court, 4549).unwrap();
        assert_eq!(read_polygon(&blob).unwrap(), court);
        assert_eq!(envelope(&blob), Some([0.0, 9.0, 0.0, 8.0]));
        let rings = vec![
            vec![[0.0, 0.0, 1.0], [1.0, 0.0, 1.0], [0.0, 1.0, 2.0]],
            vec![],
        ];
        let blob = polygon_z(&rings, 4549).unwrap();
        assert_eq!(read_polygon_z(&blob).unwrap(), rings);
        let empty = Polygon::new(LineString(vec![]), vec![]);
        let blob = polygon(&empty, 4549).unwrap();
        assert_eq!(read_polygon(&blob).unwrap(), empty);
        assert_eq!(envelope(&blob), None);
        let blob = point_z([1.0, 2.0, 3.0], 4549).unwrap();
        assert_eq!(read_point_z(&blob).unwrap(), [1.0, 2.0, 3.0]);
        assert_eq!(envelope(&blob), Some([1.0, 1.0, 2.0, 2.0]));
        assert_eq!(read_line(&blob), Err(ShapeFault::OtherType("line")));
        assert_eq!(point_z([f64::NAN, 0.0, 0.0], 1), Err(ShapeFault::NotFinite));
    }

    proptest! {
        /// Any bytes at all, and any damage to good ones, are told, not suffered.
        #[test]
        fn never_panics(noise in prop::collection::vec(any::<u8>(), 0..80), at in 0..60usize, byte: u8) {
            let rings = [vec![[0.0, 0.0, 1.0], [1.0, 0.0, 1.0], [0.0, 1.0, 2.0]]];
            let mut damaged = polygon_z(&rings, 4549).unwrap();
            damaged[at] = byte;
            for blob in [noise, damaged] {
                let _ = (read_point_z(&blob), read_line(&blob), read_polygon(&blob));
                let _ = (read_polygon_z(&blob), envelope(&blob));
            }
        }
    }
}
