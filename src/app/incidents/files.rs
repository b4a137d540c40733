//! Files that belong to an incident: stored beside the archive, sealed with the city's key, under the
//! digest of what they hold, before the order that names them goes out. Which kind a file is its first
//! bytes tell, never its name. Never written over.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::app::audit::Deed;
use crate::base::{PersonalField, Rights, Sealer, Subject, why_unread, why_unwritten};
use crate::model::dispatch::{Act, Attachment, ShutText};
use crate::store::SqliteArchive;

use super::asked::FileAsked;
use super::{Incidents, KeyRing, Opened, digest, no_such};

/// Most bytes of a file.
const BYTES_MAX: u64 = 20_000_000;

/// What a file is, by its first bytes.
fn media_of(bytes: &[u8]) -> Option<&'static str> {
    let heads: [(&[u8], &str); 3] = [
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"%PDF-", "application/pdf"),
    ];
    let found = heads.iter().find(|(head, _)| bytes.starts_with(head));
    found.map(|(_, media)| *media)
}

fn place_of(city: &Path, sha256: &str) -> PathBuf {
    let ending = SqliteArchive::FILE_ENDING;
    SqliteArchive::files_of(city).join(format!("{sha256}.{ending}"))
}

/// Stores a file beside the archive of a city.
///
/// # Errors
/// When it cannot be read, is too large or of no kind that is taken, or cannot be written.
pub(super) fn store(city: &Path, from: &Path, ring: &KeyRing) -> anyhow::Result<Attachment> {
    let unread = |fault: io::Error| {
        anyhow::anyhow!(
            "the file cannot be read: {}: {}",
            why_unread(&fault),
            from.display()
        )
    };
    let mut bytes = Vec::new();
    let file = File::open(from).map_err(unread)?;
    file.take(BYTES_MAX + 1)
        .read_to_end(&mut bytes)
        .map_err(unread)?;
    if bytes.len() as u64 > BYTES_MAX {
        bail!(
            "a file has at most 20 MB; make the picture smaller: {}",
            from.display()
        );
    }
    let Some(media) = media_of(&bytes) else {
        bail!(
            "that is neither a JPEG nor a PNG picture nor a PDF: {}",
            from.display()
        );
    };
    let name = from
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let attachment = Attachment {
        sha256: digest(&bytes),
        bytes: bytes.len() as u64,
        media: media.to_owned(),
        name: ShutText::seal(&name.unwrap_or_default(), ring)
            .with_context(|| format!("its name cannot be kept: {}", from.display()))?,
    };
    let place = place_of(city, &attachment.sha256);
    if !place.exists() {
        let sealed = ring.seal(&bytes)?;
        write_whole(&place, &sealed).map_err(|fault| {
            anyhow::anyhow!(
                "the file cannot be stored: {}: {}",
                why_unwritten(&fault),
                place.display()
            )
        })?;
    }
    Ok(attachment)
}

/// Under another name first, so that nothing half-written ever has the right one.
fn write_whole(place: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = place.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let draft = place.with_extension(format!("part-{}", std::process::id()));
    let write = || {
        let mut file = File::create_new(&draft)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&draft, place)
    };
    let written = write();
    if written.is_err() {
        // Best effort: what matters is the first fault.
        let _ = std::fs::remove_file(&draft);
    }
    written
}

impl Incidents {
    /// Takes a file of an incident out again, for those who may read reports there.
    pub(super) fn save_file(&self, opened: &Opened, asked: &FileAsked) -> anyhow::Result<()> {
        let (twin, _) = self.twin(opened)?;
        let one = twin.live().dispatch.incidents.get(&asked.incident);
        let one = one.with_context(|| no_such(asked.incident))?;
        let mut files = one.history.iter().filter_map(|done| match &done.act {
            Act::Attached { file } => Some(file),
            _ => None,
        });
        let head = asked.sha256.to_lowercase();
        let file = files.find(|file| head.len() >= 8 && file.sha256.starts_with(&head));
        let file = file.with_context(|| {
            format!(
                "{} has no such file; `incidents show` lists them",
                asked.incident
            )
        })?;
        let session = self.session(opened)?;
        let subject = Subject {
            id: &one.id,
            area: one.area().map(crate::base::AreaId::bits),
        };
        let may = session
            .as_ref()
            .and_then(|it| it.reveal(PersonalField::Report, &subject));
        if may.is_none() {
            bail!(
                "a file is for roles that may read reports there, with a purpose (docs/roles.md)"
            );
        }
        let place = place_of(&self.city, &file.sha256);
        let sealed = std::fs::read(&place).map_err(|fault| {
            anyhow::anyhow!(
                "the file cannot be read: {}: {}",
                why_unread(&fault),
                place.display()
            )
        })?;
        let bytes = opened.ring()?.unseal(&sealed)?;
        if digest(&bytes) != file.sha256 {
            bail!(
                "the file was changed since it was stored: {}",
                place.display()
            );
        }
        self.put_on_record(opened, session.as_ref(), Deed::TookAway("incident file"))?;
        let mut out = File::create_new(&asked.out).map_err(|fault| {
            anyhow::anyhow!(
                "it cannot be written: {}: {}",
                why_unwritten(&fault),
                asked.out.display()
            )
        })?;
        out.write_all(&bytes)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_bytes_say() {
        assert_eq!(media_of(b"\xff\xd8\xff\xe0 rest"), Some("image/jpeg"));
        assert_eq!(media_of(b"\x89PNG\r\n\x1a\n"), Some("image/png"));
        assert_eq!(media_of(b"%PDF-1.7"), Some("application/pdf"));
        for other in [&b""[..], b"<html>", b"MZ", b"\xff\xd8"] {
            assert_eq!(media_of(other), None, "{other:?}");
        }
    }
}
