//! A plain map of what cameras cover, one pixel a cell, north up. Green is seen, amber seen once a
//! camera turns, red blind; ground that nobody has to see stays pale.

use std::io;
use std::path::Path;

use anyhow::Context;

use crate::app::file_fault::in_words;
use crate::model::sight::{Cell, Cover, Coverage};
use crate::store::files::write_whole;

/// Writes the map; over no other file.
pub(super) fn write(path: &Path, map: &Coverage) -> anyhow::Result<()> {
    let mut pixels = Vec::with_capacity(map.cells.len() * 3);
    for row in (0..map.rows).rev() {
        for cell in &map.cells[row * map.columns..(row + 1) * map.columns] {
            pixels.extend(colour(cell));
        }
    }
    let failed = || format!("the map cannot be written: {}", path.display());
    let (columns, rows) = (u32::try_from(map.columns)?, u32::try_from(map.rows)?);
    let written: anyhow::Result<((), u64)> = write_whole(path, false, |file| {
        let mut encoder = png::Encoder::new(file, columns, rows);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        let header = encoder.write_header();
        let written = header.and_then(|mut writer| writer.write_image_data(&pixels));
        Ok(written.map_err(io::Error::from)?)
    });
    written.map_err(in_words).with_context(failed)?;
    Ok(())
}

fn colour(cell: &Cell) -> [u8; 3] {
    match (cell.cover, cell.seen, cell.turning) {
        (Cover::Built, ..) => [206, 205, 200],
        (Cover::Road | Cover::Open, 1.., _) => match cell.seen {
            1 => [150, 186, 150],
            2 => [112, 160, 118],
            _ => [74, 130, 88],
        },
        (Cover::Road | Cover::Open, 0, 1..) => [229, 196, 124],
        (Cover::Road, 0, 0) => [206, 110, 92],
        (Cover::Open, 0, 0) => [241, 229, 224],
    }
}
