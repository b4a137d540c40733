//! The accounts beside the city of a running engine: read when it starts, looked at every few seconds,
//! and taken when they have changed and can be used; otherwise those before hold, and why is told.
//! Puts on record who signs in. Used by the engine's one thread; never changes an account.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::bail;

use super::Options;
use crate::access::RoleTable;
use crate::app::{account_file, tables};
use crate::model::Ground;
use crate::serve::{Gate, GateMeans, SignNote, Vitals};

/// Time between two looks at the file.
const LOOK: Duration = Duration::from_secs(2);
/// From this size on the record of sign-ins begins anew; the one before is kept.
const RECORD_BYTES_MAX: u64 = 64 << 20;

/// What lies beside the city: a text, or what cannot be read.
type Found = Result<String, String>;

/// Keeps the accounts of an engine as the file has them.
pub(super) struct AccountWatch {
    city: PathBuf,
    roles: RoleTable,
    gate: Arc<Gate>,
    vitals: Arc<Vitals>,
    looked: Instant,
    taken: Found,
    seen: Found,
}

impl AccountWatch {
    /// Reads the accounts and makes the gate.
    ///
    /// # Errors
    /// When the file or the table of roles cannot be used, or other machines may ask and nobody has an
    /// account.
    pub(super) fn new(
        options: &Options,
        ground: &Arc<Ground>,
        vitals: Arc<Vitals>,
    ) -> anyhow::Result<Self> {
        let city = &options.city;
        let is_open = !options.listen.ip().is_loopback();
        let roles = tables::roles(city)?;
        let text = account_file::text(city)?;
        let accounts = account_file::read(city, &text, &roles)?;
        if is_open && accounts.all().iter().all(|one| one.disabled) {
            bail!(
                "other machines reach an engine with accounts alone, and this city has none: make one \
                 with `pingjiang user add {} NAME --role ROLE` (docs/administration.md), or listen on \
                 this machine only, on an address such as 127.0.0.1:0",
                city.display()
            );
        }
        let record = Record(Mutex::new(city.with_extension("signins.jsonl")));
        let means = GateMeans {
            now: Box::new(crate::app::clock::now),
            note: Box::new(move |note| record.keep(&note)),
        };
        let gate = Gate::new(
            accounts,
            roles.clone(),
            ground.clone(),
            &options.token,
            means,
        );
        Ok(Self {
            city: city.clone(),
            roles,
            gate: Arc::new(gate),
            vitals,
            looked: Instant::now(),
            taken: Ok(text.clone()),
            seen: Ok(text),
        })
    }

    /// Who may pass.
    pub(super) fn gate(&self) -> &Arc<Gate> {
        &self.gate
    }

    /// Looks at the file when it is time to.
    pub(super) fn look(&mut self) {
        if self.looked.elapsed() < LOOK {
            return;
        }
        self.looked = Instant::now();
        let found = account_file::text(&self.city).map_err(|fault| format!("{fault:#}"));
        // Twice the same: a file that somebody edits by hand may be half written.
        let is_settled = found == self.seen;
        self.seen = found;
        if is_settled && self.seen != self.taken {
            self.take();
        }
    }

    fn take(&mut self) {
        self.taken.clone_from(&self.seen);
        let read = self.seen.clone().and_then(|text| {
            let accounts = account_file::read(&self.city, &text, &self.roles);
            accounts.map_err(|fault| format!("{fault:#}"))
        });
        self.vitals.accounts_refused(read.is_err());
        match read {
            Ok(accounts) => {
                tracing::info!(
                    accounts = accounts.all().len(),
                    "the accounts are read anew"
                );
                self.gate.set_accounts(accounts);
            }
            Err(reason) => tracing::warn!(
                "the accounts stay as they are: {reason}; mend the file and it is taken by itself"
            ),
        }
    }
}

/// The record of who signed in, a JSON object a line, for its owner alone.
struct Record(Mutex<PathBuf>);

impl Record {
    fn keep(&self, note: &SignNote) {
        let path = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = open(&path).and_then(|mut file| {
            let line = serde_json::to_string(note).map_err(std::io::Error::other)?;
            file.write_all(format!("{line}\n").as_bytes())
        });
        if let Err(fault) = kept {
            tracing::error!(
                event = note.event,
                "a sign-in is not on record: {fault}: {}",
                path.display()
            );
        }
    }
}

fn open(path: &Path) -> std::io::Result<File> {
    let is_full = path
        .metadata()
        .is_ok_and(|about| about.len() > RECORD_BYTES_MAX);
    if is_full {
        std::fs::rename(path, path.with_extension("jsonl.1"))?;
    }
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
