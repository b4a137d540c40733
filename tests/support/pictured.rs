//! The program as a person starts it in a folder, and the pictures that it leaves there. Used by tests that
//! go from readings in an archive to a picture. Judges nothing.

use std::path::Path;
use std::process::{Command, Output};

/// Runs the program in a folder.
pub fn pingjiang(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_pingjiang"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("PINGJIANG_KEY")
        .output()
        .expect("the program starts")
}

/// What it said beside its answer.
pub fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// That it did what it was asked for.
pub fn done(output: &Output) {
    assert!(output.status.success(), "{}", told(output));
}

/// The pixels of a picture.
pub fn picture(path: &Path) -> Vec<u8> {
    let file = std::io::BufReader::new(std::fs::File::open(path).expect("the picture is there"));
    let mut reader = png::Decoder::new(file).read_info().expect("a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a small picture")];
    reader.next_frame(&mut pixels).expect("whole");
    pixels
}

/// How many pixels of two pictures differ.
pub fn differing(one: &[u8], other: &[u8]) -> usize {
    let pairs = one.chunks_exact(4).zip(other.chunks_exact(4));
    pairs.filter(|(a, b)| a != b).count()
}
