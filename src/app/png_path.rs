//! Names of pictures to write. Used by `shot` and `query … coverage`. Never touches a file.

use std::path::PathBuf;

/// Takes the name of a picture that ends in `.png`: what is written is PNG.
///
/// # Errors
/// When it ends otherwise; the message names the file as it should be called.
pub(super) fn png_path(path: PathBuf) -> Result<PathBuf, String> {
    let ending = path.extension().and_then(|ending| ending.to_str());
    if ending.is_some_and(|ending| ending.eq_ignore_ascii_case("png")) {
        return Ok(path);
    }
    let instead = path.with_extension("png");
    Err(format!(
        "pictures are written as PNG: name it {}",
        instead.display()
    ))
}
