//! A picture on its way to its file: begun before anything is drawn, so that a folder that cannot be
//! written is told first, and there under its name only when it is complete. Used by `shot` and
//! `demo`. Never leaves an unfinished file behind.

use std::fs;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::app::file_fault::in_words;
use crate::view::Picture;

/// A file that is not complete yet.
#[derive(Debug)]
pub(in crate::app) struct PngFile {
    out: PathBuf,
    unfinished: PathBuf,
    /// `None` once it is complete.
    file: Option<fs::File>,
}

impl PngFile {
    /// Begins a picture, with its folder where there is none.
    ///
    /// # Errors
    /// When it cannot be written there.
    pub fn begin(out: &Path) -> anyhow::Result<Self> {
        let unfinished = out.with_extension("png.part");
        let begin = || {
            if let Some(folder) = out.parent().filter(|folder| !folder.as_os_str().is_empty()) {
                fs::create_dir_all(folder)?;
            }
            // It would only be found when the picture is there.
            if out.is_dir() {
                return Err(io::Error::from(io::ErrorKind::IsADirectory));
            }
            fs::File::create(&unfinished)
        };
        let file = in_place(begin().map_err(anyhow::Error::from), out)?;
        Ok(Self {
            out: out.to_owned(),
            unfinished,
            file: Some(file),
        })
    }

    /// Writes the picture and gives the file its name.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self, picture: &Picture) -> anyhow::Result<()> {
        let written = match self.file.take() {
            Some(file) => {
                write(file, picture).and_then(|()| Ok(fs::rename(&self.unfinished, &self.out)?))
            }
            None => Ok(()),
        };
        if written.is_err() {
            let _ = fs::remove_file(&self.unfinished);
        }
        in_place(written, &self.out)
    }
}

impl Drop for PngFile {
    fn drop(&mut self) {
        if self.file.take().is_some() {
            let _ = fs::remove_file(&self.unfinished);
        }
    }
}

fn write(file: fs::File, picture: &Picture) -> anyhow::Result<()> {
    let mut encoder = png::Encoder::new(BufWriter::new(file), picture.width, picture.height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().map_err(io::Error::from)?;
    writer
        .write_image_data(&picture.rgba)
        .and_then(|()| writer.finish())
        .map_err(io::Error::from)?;
    Ok(())
}

fn in_place<T>(done: anyhow::Result<T>, out: &Path) -> anyhow::Result<T> {
    done.map_err(in_words)
        .with_context(|| format!("the picture cannot be written: {}", out.display()))
}
