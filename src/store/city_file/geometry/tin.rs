//! Terrain as a multipolygon of triangles, which every program reads. Corners that triangles share
//! are told apart by their exact position, so a net comes back as it was.

use super::{POLYGON, Reader, ShapeFault, WITH_Z, envelope_of, header, put_corner, put_count};
use crate::space::Tin;

const MULTI_POLYGON: u32 = 6;

/// A net of triangles; one without any is marked as empty.
pub(in super::super) fn tin(tin: &Tin, srs_id: i32) -> Result<Vec<u8>, ShapeFault> {
    let corner = |place: u32| {
        let at = tin.vertices.get(place as usize);
        at.ok_or(ShapeFault::Damaged)
    };
    let used = tin.triangles.iter().flatten();
    let at = used.map(|place| corner(*place).map(|at| [at[0], at[1]]));
    let at = at.collect::<Result<Vec<_>, _>>()?;
    let mut blob = header(
        srs_id,
        envelope_of(at.into_iter()),
        tin.triangles.is_empty(),
    );
    blob.push(1);
    blob.extend((MULTI_POLYGON + WITH_Z).to_le_bytes());
    put_count(&mut blob, tin.triangles.len());
    for [a, b, c] in &tin.triangles {
        blob.push(1);
        blob.extend((POLYGON + WITH_Z).to_le_bytes());
        put_count(&mut blob, 1);
        put_count(&mut blob, 4);
        for place in [a, b, c, a] {
            put_corner(&mut blob, corner(*place)?)?;
        }
    }
    Ok(blob)
}

/// Reads a net; what another program made of it must still be triangles.
pub(in super::super) fn read_tin(blob: &[u8]) -> Result<Tin, ShapeFault> {
    let mut reader = Reader::open(blob, MULTI_POLYGON, "multipolygon")?;
    // The smallest polygon is its order, its type and its count.
    let count = reader.bytes.count(9)?;
    let mut triangles = Vec::with_capacity(count);
    for _ in 0..count {
        reader.bytes.little = reader.bytes.take::<1>()? == [1];
        let kind = reader.bytes.integer()?;
        let rings = reader.bytes.count(4)?;
        if kind % WITH_Z != POLYGON || rings != 1 {
            return Err(ShapeFault::OtherType("net of triangles"));
        }
        match reader.ring()?[..] {
            [a, b, c, _] => triangles.push([a, b, c]),
            _ => return Err(ShapeFault::OtherType("net of triangles")),
        }
    }
    Ok(Tin::from_triangles(&triangles))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_net_comes_back_as_it_was() {
        let net = Tin {
            vertices: vec![[0., 0., 1.], [2., 0., 1.5], [0., 2., 0.5], [2., 2., -1.]],
            triangles: vec![[0, 1, 2], [1, 3, 2]],
        };
        assert_eq!(read_tin(&tin(&net, 4549).unwrap()), Ok(net));
        let empty = Tin::default();
        assert_eq!(read_tin(&tin(&empty, 4549).unwrap()), Ok(empty));
    }

    #[test]
    fn a_damaged_net_is_refused() {
        let net = Tin::from_triangles(&[[[0.; 3], [1., 0., 0.], [0., 1., 0.]]]);
        let blob = tin(&net, 4549).unwrap();
        for length in 0..blob.len() {
            assert!(read_tin(&blob[..length]).is_err(), "{length}");
        }
        let astray = Tin {
            vertices: vec![],
            triangles: vec![[0, 1, 2]],
        };
        assert_eq!(tin(&astray, 4549), Err(ShapeFault::Damaged));
    }
}
