//! The file of accounts beside a city, `CITY.accounts.toml`: read whole, written whole, for its owner
//! alone. Used by `user` and by a running engine. Never shows what is in it.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::access::{Accounts, RoleTable};
use crate::base::{why_unread, why_unwritten};
use crate::store::files::replace_private;

/// Larger than any file of accounts.
const BYTES_MAX: u64 = 4 << 20;

/// Where the accounts of a city lie.
pub(super) fn path_of(city: &Path) -> PathBuf {
    city.with_extension("accounts.toml")
}

/// The text of the file; empty where there is none.
///
/// # Errors
/// When there is one that cannot be read, or that others may read.
pub(super) fn text(city: &Path) -> anyhow::Result<String> {
    let path = path_of(city);
    let unread = |fault: &std::io::Error| {
        anyhow::anyhow!(
            "the accounts cannot be read: {}: {}",
            why_unread(fault),
            path.display()
        )
    };
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(fault) if fault.kind() == ErrorKind::NotFound => return Ok(String::new()),
        Err(fault) => return Err(unread(&fault)),
    };
    check_mode(&file, &path)?;
    let mut text = String::new();
    let mut limited = file.take(BYTES_MAX + 1);
    limited
        .read_to_string(&mut text)
        .map_err(|fault| unread(&fault))?;
    if text.len() as u64 > BYTES_MAX {
        bail!("a file of accounts has at most 4 MB: {}", path.display());
    }
    Ok(text)
}

/// Hashes may be tried out by whoever reads them.
#[cfg(unix)]
fn check_mode(file: &File, path: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let about = file.metadata().map_err(|fault| {
        anyhow::anyhow!(
            "the accounts cannot be read: {}: {}",
            why_unread(&fault),
            path.display()
        )
    })?;
    if about.permissions().mode() & 0o077 != 0 {
        bail!(
            "others may read the accounts, and try out passwords on the hashes: chmod 600 {}",
            path.display()
        );
    }
    Ok(())
}

#[cfg(not(unix))]
fn check_mode(_file: &File, _path: &Path) -> anyhow::Result<()> {
    Ok(())
}

/// The accounts in a text of the file.
///
/// # Errors
/// When it is not of its shape; the message names file, line and remedy.
pub(super) fn read(city: &Path, text: &str, roles: &RoleTable) -> anyhow::Result<Accounts> {
    Accounts::from_toml(text, roles).with_context(|| {
        format!(
            "{} cannot be used; mend it (docs/administration.md)",
            path_of(city).display()
        )
    })
}

/// Writes the accounts whole in place of `before`, the text that they were read of.
///
/// # Errors
/// When the file cannot be written, or somebody else wrote it since.
pub(super) fn write(city: &Path, accounts: &Accounts, before: &str) -> anyhow::Result<()> {
    let path = path_of(city);
    let written = accounts.to_toml().map_err(anyhow::Error::msg)?;
    replace_private(&path, written.as_bytes(), || match text(city)? == before {
        true => Ok(()),
        false => bail!("somebody else changed the accounts meanwhile; give the command again"),
    })
    .map_err(
        |fault: anyhow::Error| match fault.downcast_ref::<std::io::Error>() {
            Some(said) => anyhow::anyhow!(why_unwritten(said)),
            None => fault,
        },
    )
    .with_context(|| format!("the accounts stay as they are: {}", path.display()))
}
