//! Numbers out of buffers, every step held against what there is: counts, offsets, strides, sparse
//! parts. Never trusts a length, and takes memory only for what is really there.

use gltf::accessor::{DataType, Dimensions, sparse::IndexType};
use gltf::{Accessor, buffer::View};

use super::super::error::ReadError;
use super::unusable;

/// Most numbers of one accessor without bytes behind it (all zero, or sparse).
const ZEROS_MAX: usize = 4_000_000;

fn size_of(kind: DataType) -> usize {
    match kind {
        DataType::I8 | DataType::U8 => 1,
        DataType::I16 | DataType::U16 => 2,
        DataType::U32 | DataType::F32 => 4,
    }
}

/// Rows of `width` numbers each.
pub(super) struct Rows {
    pub(super) width: usize,
    pub(super) numbers: Vec<f64>,
}

impl Rows {
    /// How many rows there are.
    pub(super) fn count(&self) -> usize {
        self.numbers.len() / self.width.max(1)
    }

    /// The first three, or fewer, numbers of a row.
    pub(super) fn row(&self, index: usize) -> Option<&[f64]> {
        let from = index.checked_mul(self.width)?;
        self.numbers.get(from..from.checked_add(self.width)?)
    }
}

/// All numbers of an accessor, whatever they are stored as; normalised ones as shares.
pub(super) fn rows(accessor: &Accessor, buffers: &[Vec<u8>]) -> Result<Rows, ReadError> {
    let fault = |what: &str| {
        unusable(
            format!("accessors[{}]: {what}", accessor.index()),
            "the file is damaged: write it anew",
        )
    };
    let width = match accessor.dimensions() {
        Dimensions::Scalar => 1,
        Dimensions::Vec2 => 2,
        Dimensions::Vec3 => 3,
        Dimensions::Vec4 => 4,
        _ => return Err(fault("it is a matrix")),
    };
    let kind = accessor.data_type();
    let count = accessor.count();
    let total = count
        .checked_mul(width)
        .ok_or_else(|| fault("its count is too large"))?;
    let scale = if accessor.normalized() {
        shares_of(kind)
    } else {
        1.0
    };
    let mut numbers = match accessor.view() {
        Some(view) => {
            let packed = size_of(kind) * width;
            let places = Places {
                view: &view,
                offset: accessor.offset(),
                stride: view.stride().unwrap_or(packed),
                size: packed,
                count,
            };
            let bytes = places
                .find(buffers)
                .ok_or_else(|| fault("it reaches beyond its buffer"))?;
            let mut numbers = Vec::with_capacity(total);
            for row in bytes {
                numbers.extend(row.chunks_exact(size_of(kind)).map(|one| number(kind, one)));
            }
            numbers
        }
        None if total <= ZEROS_MAX => vec![0.0; total],
        None => return Err(fault("its count is too large")),
    };
    if let Some(sparse) = accessor.sparse() {
        overlay(&mut numbers, &sparse, (kind, width), buffers)
            .ok_or_else(|| fault("its sparse part reaches beyond it"))?;
    }
    if scale != 1.0 {
        numbers.iter_mut().for_each(|v| *v = (*v * scale).max(-1.0));
    }
    Ok(Rows { width, numbers })
}

/// The rows of a view that an accessor names.
struct Places<'a> {
    view: &'a View<'a>,
    offset: usize,
    stride: usize,
    size: usize,
    count: usize,
}

impl Places<'_> {
    fn find<'b>(&self, buffers: &'b [Vec<u8>]) -> Option<impl Iterator<Item = &'b [u8]> + use<'b>> {
        let buffer = buffers.get(self.view.buffer().index())?;
        let end = self.view.offset().checked_add(self.view.length())?;
        let part = buffer.get(self.view.offset()..end)?;
        let (stride, size, count) = (self.stride.max(1), self.size, self.count);
        let part = if count == 0 {
            &[]
        } else {
            let reach = stride.checked_mul(count - 1)?.checked_add(size)?;
            part.get(self.offset..self.offset.checked_add(reach)?)?
        };
        Some(
            part.chunks(stride)
                .take(count)
                .map(move |row| &row[..size.min(row.len())]),
        )
    }
}

/// Puts the values of a sparse part in their places.
fn overlay(
    numbers: &mut [f64],
    sparse: &gltf::accessor::sparse::Sparse,
    (kind, width): (DataType, usize),
    buffers: &[Vec<u8>],
) -> Option<()> {
    let count = sparse.count();
    let (indices, values) = (sparse.indices(), sparse.values());
    let index_kind = match indices.index_type() {
        IndexType::U8 => DataType::U8,
        IndexType::U16 => DataType::U16,
        IndexType::U32 => DataType::U32,
    };
    let rows_of = |view: View, offset: usize, size: usize| -> Option<Vec<Vec<u8>>> {
        let places = Places {
            view: &view,
            offset,
            stride: size,
            size,
            count,
        };
        Some(places.find(buffers)?.map(<[u8]>::to_vec).collect())
    };
    let at = rows_of(indices.view(), indices.offset(), size_of(index_kind))?;
    let what = rows_of(values.view(), values.offset(), size_of(kind) * width)?;
    for (at, what) in at.iter().zip(&what) {
        let from = (number(index_kind, at) as usize).checked_mul(width)?;
        let row = numbers.get_mut(from..from.checked_add(width)?)?;
        for (place, one) in row.iter_mut().zip(what.chunks_exact(size_of(kind))) {
            *place = number(kind, one);
        }
    }
    Some(())
}

/// One number; 0 of too few bytes, which `Places` does not give.
fn number(kind: DataType, bytes: &[u8]) -> f64 {
    let all = |count: usize| -> [u8; 4] {
        std::array::from_fn(|i| bytes.get(i).copied().filter(|_| i < count).unwrap_or(0))
    };
    let two = || {
        let [a, b, ..] = all(2);
        [a, b]
    };
    match kind {
        DataType::U8 => f64::from(all(1)[0]),
        DataType::I8 => f64::from(all(1)[0] as i8),
        DataType::U16 => f64::from(u16::from_le_bytes(two())),
        DataType::I16 => f64::from(i16::from_le_bytes(two())),
        DataType::U32 => f64::from(u32::from_le_bytes(all(4))),
        DataType::F32 => f64::from(f32::from_le_bytes(all(4))),
    }
}

/// What one stands for in normalised numbers.
fn shares_of(kind: DataType) -> f64 {
    match kind {
        DataType::U8 => 1.0 / 255.0,
        DataType::I8 => 1.0 / 127.0,
        DataType::U16 => 1.0 / 65_535.0,
        DataType::I16 => 1.0 / 32_767.0,
        DataType::U32 | DataType::F32 => 1.0,
    }
}
