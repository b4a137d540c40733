//! What a backup says of itself: `backup.json` in its folder. Never judges what is in the files.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path};

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::base::Timestamp;

/// Its name.
pub(super) const MANIFEST: &str = "backup.json";
/// Its format.
pub(super) const FORMAT: u32 = 1;

/// A file of the backup.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Part {
    /// Its place in the folder.
    pub file: String,
    pub bytes: u64,
    pub sha256: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CityPart {
    pub file: Part,
    pub ground_version: u64,
    /// Names the key that personal values are sealed with, and tells nothing of it.
    pub key_name: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ArchivePart {
    pub file: Part,
    pub last_batch: u64,
    pub last_at: Timestamp,
}

/// All of it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    pub pingjiang_backup: u32,
    pub made_at: Timestamp,
    /// The version of the program that made it.
    pub made_by: String,
    pub city: CityPart,
    pub archive: Option<ArchivePart>,
    /// Files that belong to incidents, sealed as they lie beside the log.
    #[serde(default)]
    pub files: Vec<Part>,
    pub tables: Vec<Part>,
    pub key_included: bool,
}

impl Manifest {
    pub fn read(folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join(MANIFEST);
        let text = fs::read_to_string(&path).with_context(|| {
            format!(
                "this is no backup, or an unfinished one: {}",
                path.display()
            )
        })?;
        let manifest: Self = serde_json::from_str(&text)
            .with_context(|| format!("the manifest is damaged: {}", path.display()))?;
        if manifest.pingjiang_backup != FORMAT {
            bail!(
                "it is a backup of format {}; take the pingjiang that made it ({}): {}",
                manifest.pingjiang_backup,
                manifest.made_by,
                path.display()
            );
        }
        let is_inside = |part: &&Part| {
            let mut places = Path::new(&part.file).components();
            places.all(|place| matches!(place, Component::Normal(_)))
        };
        if let Some(outside) = manifest.parts().find(|part| !is_inside(part)) {
            bail!(
                "the manifest names a file outside of it, {:?}: {}",
                outside.file,
                path.display()
            );
        }
        Ok(manifest)
    }

    pub fn write(&self, folder: &Path) -> anyhow::Result<()> {
        let path = folder.join(MANIFEST);
        let text = serde_json::to_string_pretty(self)? + "\n";
        fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
        sync(&path)?;
        sync_folder(Some(folder))
    }

    /// Every file that is in it.
    pub fn parts(&self) -> impl Iterator<Item = &Part> {
        let archive = self.archive.iter().map(|archive| &archive.file);
        [&self.city.file]
            .into_iter()
            .chain(archive)
            .chain(&self.files)
            .chain(&self.tables)
    }
}

impl Part {
    pub fn of(folder: &Path, path: &Path) -> anyhow::Result<Self> {
        let place = path.strip_prefix(folder).unwrap_or(path);
        let (bytes, sha256) =
            digest(path).with_context(|| format!("reading {}", path.display()))?;
        let Some(file) = place.to_str() else {
            bail!("a backup needs names in UTF-8: {}", place.display());
        };
        Ok(Self {
            file: file.to_owned(),
            bytes,
            sha256,
        })
    }

    pub fn check(&self, folder: &Path) -> anyhow::Result<()> {
        let path = folder.join(&self.file);
        let (bytes, sha256) =
            digest(&path).with_context(|| format!("reading {}", path.display()))?;
        if bytes != self.bytes {
            bail!(
                "it has {bytes} bytes, not {} as when it was made: {}",
                self.bytes,
                path.display()
            );
        }
        if sha256 != self.sha256 {
            bail!("it was changed since it was made: {}", path.display());
        }
        Ok(())
    }
}

fn digest(path: &Path) -> io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    let (mut hash, mut bytes) = (Sha256::new(), 0);
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            read => {
                hash.update(&buffer[..read]);
                bytes += read as u64;
            }
        }
    }
    let digest = hash.finalize();
    let text = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((bytes, text))
}

pub(super) fn sync(path: &Path) -> anyhow::Result<()> {
    let synced = File::open(path).and_then(|file| file.sync_all());
    synced.with_context(|| format!("writing {}", path.display()))
}

/// Brings the names in a folder to the disk.
pub(super) fn sync_folder(folder: Option<&Path>) -> anyhow::Result<()> {
    let folder = folder.filter(|one| !one.as_os_str().is_empty());
    sync(folder.unwrap_or(Path::new(".")))
}
