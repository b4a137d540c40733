//! What several integration tests need.

use std::path::{Path, PathBuf};

/// A file or folder of the borrowed data: `PINGJIANG_TEST_DATA`, by default `../shared/data`;
/// a relative folder counts from the package. Without it a test is skipped; on the CI machine it
/// must be there.
pub fn borrowed(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("PINGJIANG_TEST_DATA").unwrap_or_else(|| "../shared/data".into());
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(folder)
        .join(name);
    if path.exists() {
        return Some(path);
    }
    let is_ci = std::env::var("CI").as_deref() == Ok("true");
    assert!(!is_ci, "borrowed data is missing: {}", path.display());
    eprintln!("skipped: no {}", path.display());
    None
}
