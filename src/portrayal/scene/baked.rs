//! A baked tile, and how it is kept as bytes in a city file: small, the same on every machine, and
//! checked when it is read back, for files can be damaged. Used by `plan` and by whoever keeps
//! tiles. Never baked here: that is `bake`.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use sha2::{Digest, Sha256};

use crate::base::BuildingId;

use super::far::STEPS_PER_M;
use super::recipe::Part;
use super::vertex::Vertex;

/// What is kept of a tile: its light, and its houses as seen from afar.
#[derive(Debug, Clone, PartialEq)]
pub struct BakedTile {
    /// Cells of light along its side.
    pub(super) cells: u32,
    /// Those of them that are kept.
    pub(super) part: Part,
    /// Their light, as [`super::Shade::bytes`].
    pub(super) shade: Vec<u8>,
    /// The houses in it: a vertex's building index is a place in this list.
    pub(super) houses: Vec<BuildingId>,
    /// Height from which the vertices count, in the city's vertical datum; metres.
    pub(super) foot_m: f64,
    /// Corners of the houses, counted from the middle of the tile.
    pub(super) vertices: Vec<Vertex>,
    pub(super) indices: Vec<u32>,
}

/// A tile has no more cells along its side: 1,024 m in cells of 0.35 m are fewer. Numbers above it
/// are as wrong as the next.
const CELLS_MAX: u64 = 4_096;
/// Bytes of the check behind what is packed.
const CHECK_BYTES: usize = 8;
/// A tile takes no more bytes before they are packed, so that damage cannot fill the memory.
const PLAIN_MAX_BYTES: u64 = 32 << 20;

impl BakedTile {
    /// The tile as bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut plain = Plain::default();
        plain.number(u64::from(self.cells));
        for edge in self.part.first.into_iter().chain(self.part.size) {
            plain.number(u64::from(edge));
        }
        plain.number(self.houses.len() as u64);
        plain.number(self.vertices.len() as u64);
        plain.number(self.indices.len() as u64);
        plain.0.extend(self.foot_m.to_bits().to_le_bytes());
        for id in &self.houses {
            plain.0.extend(id.bits().to_le_bytes());
        }
        // One kind of byte after the other, and steps instead of values, pack far better.
        for plane in 0..2 {
            let mut last = 0_u8;
            for byte in self.shade.iter().skip(plane).step_by(2) {
                plain.0.push(byte.wrapping_sub(last));
                last = *byte;
            }
        }
        let positions = |axis: usize| {
            let along = self.vertices.iter().map(move |one| one.position[axis]);
            along.map(|v| (f64::from(v) * STEPS_PER_M).round() as i64)
        };
        (0..3).for_each(|axis| plain.steps(positions(axis)));
        let tags = || self.vertices.iter().map(|one| one.tag);
        plain.steps(tags().map(|tag| i64::from(tag >> 8)));
        plain.0.extend(tags().map(|tag| tag as u8));
        for axis in 0..3 {
            plain
                .0
                .extend(self.vertices.iter().map(|one| one.normal[axis] as u8));
        }
        for light in 0..2 {
            let bytes = self.vertices.iter().map(|one| one.along_up[light] as u8);
            plain.0.extend(bytes);
        }
        plain.steps(self.indices.iter().map(|index| i64::from(*index)));
        packed(&plain.0)
    }

    /// The tile that bytes hold; `None` when they hold none.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let plain = unpacked(bytes)?;
        let mut from = Reader(&plain);
        let cells = from.number().filter(|cells| *cells <= CELLS_MAX)?;
        let part = from.part(cells)?;
        let [houses, vertices, indices] = [from.count()?, from.count()?, from.count()?];
        let foot_m = f64::from_bits(from.word()?);
        if !foot_m.is_finite() {
            return None;
        }
        let ids = (0..houses).map(|_| from.word().map(BuildingId::from_bits));
        let houses: Vec<BuildingId> = ids.collect::<Option<_>>()?;
        let shade = from.shade(part.size.map(u64::from).iter().product())?;
        let vertices = from.vertices(vertices, houses.len() as u64)?;
        let indices = from.steps(indices, vertices.len() as u64)?;
        // A whole number of triangles, and nothing behind them.
        if indices.len() % 3 != 0 || !from.0.is_empty() {
            return None;
        }
        Some(Self {
            cells: cells as u32,
            part,
            shade,
            houses,
            foot_m,
            vertices,
            indices,
        })
    }
}

fn packed(plain: &[u8]) -> Vec<u8> {
    let mut packer = DeflateEncoder::new(Vec::new(), Compression::new(3));
    // Writing to a vector cannot fail.
    let _ = packer.write_all(plain);
    let mut packed = packer.finish().unwrap_or_default();
    packed.extend(check(plain));
    packed
}

/// Tells damage from what was packed: the first bytes of SHA-256.
fn check(plain: &[u8]) -> [u8; CHECK_BYTES] {
    let digest = Sha256::digest(plain);
    std::array::from_fn(|at| digest[at])
}

fn unpacked(bytes: &[u8]) -> Option<Vec<u8>> {
    let (bytes, known) = bytes.split_last_chunk::<CHECK_BYTES>()?;
    let mut plain = Vec::new();
    let mut from = DeflateDecoder::new(bytes).take(PLAIN_MAX_BYTES);
    from.read_to_end(&mut plain).ok()?;
    (check(&plain) == *known).then_some(plain)
}

/// Bytes before they are packed.
#[derive(Default)]
struct Plain(Vec<u8>);

impl Plain {
    /// Seven bits a byte, the lowest first; the highest bit tells that more follow.
    fn number(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    /// Numbers by how far each is from the one before.
    fn steps(&mut self, values: impl Iterator<Item = i64>) {
        let mut last = 0_i64;
        for value in values {
            let step = value.wrapping_sub(last);
            self.number(((step << 1) ^ (step >> 63)).cast_unsigned());
            last = value;
        }
    }
}

/// Reads what was packed; never takes more memory than the bytes give reason for.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn bytes(&mut self, count: u64) -> Option<&[u8]> {
        let (bytes, rest) = self.0.split_at_checked(usize::try_from(count).ok()?)?;
        self.0 = rest;
        Some(bytes)
    }

    fn word(&mut self) -> Option<u64> {
        let (word, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u64::from_le_bytes(*word))
    }

    fn number(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            value |= u64::from(byte & 0x7f) << shift;
            if *byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    /// How many there are of something that takes at least a byte each.
    fn count(&mut self) -> Option<u64> {
        let count = self.number()?;
        (count <= self.0.len() as u64).then_some(count)
    }

    fn step(&mut self) -> Option<i64> {
        let coded = self.number()?;
        Some((coded >> 1).cast_signed() ^ -((coded & 1).cast_signed()))
    }

    /// Numbers from 0 to below `end`.
    fn steps(&mut self, count: u64, end: u64) -> Option<Vec<u32>> {
        let mut last = 0_i64;
        let values = (0..count).map(|_| {
            last = last.wrapping_add(self.step()?);
            let value = u32::try_from(last).ok()?;
            (u64::from(value) < end).then_some(value)
        });
        values.collect()
    }

    /// A part of a tile of so many cells along its side.
    fn part(&mut self, cells: u64) -> Option<Part> {
        let mut edge = || Some(self.number()?.min(CELLS_MAX + 1) as u32);
        let (first, size) = ([edge()?, edge()?], [edge()?, edge()?]);
        let fits = (0..2).all(|k| u64::from(first[k]) + u64::from(size[k]) <= cells);
        fits.then_some(Part { first, size })
    }

    fn shade(&mut self, cells: u64) -> Option<Vec<u8>> {
        let (suns, skies) = self.bytes(2 * cells)?.split_at(cells as usize);
        let mut last = [0_u8; 2];
        let mut shade = Vec::with_capacity(suns.len() * 2);
        for (sun, sky) in suns.iter().zip(skies) {
            last = [last[0].wrapping_add(*sun), last[1].wrapping_add(*sky)];
            shade.extend(last);
        }
        Some(shade)
    }

    fn vertices(&mut self, count: u64, houses: u64) -> Option<Vec<Vertex>> {
        let mut axes = [const { Vec::new() }; 3];
        for axis in &mut axes {
            let mut last = 0_i64;
            let values = (0..count).map(|_| {
                last = last.wrapping_add(self.step()?);
                Some((last as f64 / STEPS_PER_M) as f32)
            });
            *axis = values.collect::<Option<Vec<f32>>>()?;
        }
        let owners = self.steps(count, houses)?;
        let planes = self.bytes(6 * count)?;
        let known = super::MATERIALS as u8;
        let vertex = |i: usize| {
            let [material, x, y, z, sun, sky] =
                std::array::from_fn(|plane| planes[plane * count as usize + i]);
            (material < known).then(|| Vertex {
                position: [axes[0][i], axes[1][i], axes[2][i]],
                normal: [x.cast_signed(), y.cast_signed(), z.cast_signed(), 127],
                tag: u32::from(material) | (owners[i] << 8),
                along_up: [sun, sky].map(|light| u16::from(light) * 257),
            })
        };
        (0..count as usize).map(vertex).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::sample;
    use crate::portrayal::scene::Plan;

    fn tiles() -> Vec<BakedTile> {
        let city = sample::city(1);
        let plan = Plan::of(&city);
        plan.tiles().map(|tile| plan.bake(tile)).collect()
    }

    #[test]
    fn a_tile_comes_back_as_it_was() {
        let tiles = tiles();
        assert!(tiles.iter().any(|tile| !tile.vertices.is_empty()));
        assert!(tiles.iter().any(|tile| tile.shade.iter().any(|v| *v > 0)));
        for tile in tiles {
            assert_eq!(BakedTile::from_bytes(&tile.to_bytes()), Some(tile));
        }
    }

    #[test]
    fn what_is_cut_or_longer_is_no_tile() {
        let bytes = tiles()[0].to_bytes();
        for end in 0..bytes.len() {
            assert_eq!(BakedTile::from_bytes(&bytes[..end]), None, "{end}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_tile_or_none(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            let _ = BakedTile::from_bytes(&bytes);
            if let Some(tile) = BakedTile::from_bytes(&packed(&bytes)) {
                prop_assert!(tile.indices.iter().all(|at| (*at as usize) < tile.vertices.len()));
            }
        }
    }
}
