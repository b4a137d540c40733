//! The program as people run it.

use std::process::{Command, Output};

/// Runs the program in the package's folder; a key meant for another city stays out of it.
pub fn pingjiang(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_pingjiang"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("PINGJIANG_KEY")
        .args(arguments)
        .output()
        .unwrap()
}
