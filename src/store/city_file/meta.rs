//! What the file says about the city as a whole.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension};
use sha2::{Digest, Sha256};

use crate::base::{Sealer, Timestamp};
use crate::model::{CityInfo, EntityKind, KindId};
use crate::store::Vault;

use super::upgrade;

/// The format of the tables; raised with every change that older programs cannot read or write.
/// 1: a run had one row in the list of runs, numbered by its version.
pub(super) const FORMAT: u64 = 8;
/// What a city of an older format is brought up to without its key: what format 8 seals cannot be found
/// then.
pub(super) const FORMAT_WITHOUT_KEY: u64 = 7;

/// The table.
pub(super) const TABLE: &str = "pingjiang_meta";

/// The text that is sealed as the key check.
const KEY_CHECK: &[u8] = b"pingjiang key check";

/// The format that the file says it has; 0 of one that says none, which nobody opens.
pub(super) fn stored_format(connection: &Connection) -> rusqlite::Result<u64> {
    let meta = Meta::read(connection)?;
    Ok(meta.format().unwrap_or_default())
}

/// The kinds of device, with the number of devices of each.
pub(super) fn device_kinds(connection: &Connection) -> rusqlite::Result<BTreeMap<KindId, usize>> {
    // A city of the first format that never had devices has no table of them.
    if !upgrade::has_column(connection, EntityKind::Device.as_str(), "kind")? {
        return Ok(BTreeMap::new());
    }
    let select = "SELECT kind, COUNT(*) FROM device WHERE kind IS NOT NULL GROUP BY kind";
    let mut statement = connection.prepare(select)?;
    let rows = statement.query_map([], |row| {
        let kind: String = row.get(0)?;
        let count: i64 = row.get(1)?;
        Ok((KindId::new(&kind), count as usize))
    })?;
    rows.collect()
}

/// The meta table.
#[derive(Debug, Clone, Default)]
pub(super) struct Meta(BTreeMap<String, String>);

impl Meta {
    pub fn read(connection: &Connection) -> rusqlite::Result<Self> {
        let mut statement = connection.prepare("SELECT key, value FROM pingjiang_meta")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect::<Result<_, _>>().map(Self)
    }

    fn text(&self, key: &str) -> Result<&str, String> {
        self.0
            .get(key)
            .map(String::as_str)
            .ok_or_else(|| format!("pingjiang_meta lacks {key:?}"))
    }

    fn number<T: std::str::FromStr>(&self, key: &str) -> Result<T, String> {
        let text = self.text(key)?;
        text.parse()
            .map_err(|_| format!("pingjiang_meta has {key} = {text:?}, which it cannot be"))
    }

    pub fn format(&self) -> Result<u64, String> {
        self.number("format")
    }

    pub fn ground_version(&self) -> Result<u64, String> {
        self.number("ground_version")
    }

    pub fn srs_id(&self) -> Result<i32, String> {
        self.number("srs_id")
    }

    pub fn info(&self) -> Result<CityInfo, String> {
        Ok(CityInfo {
            name_zh: self.text("name_zh")?.to_owned(),
            name_en: self.text("name_en")?.to_owned(),
            crs: self.text("crs")?.to_owned(),
            vertical_datum: self.text("vertical_datum")?.to_owned(),
            utc_offset_minutes: self.number("utc_offset_minutes")?,
            synthetic: self.text("synthetic")? != "0",
        })
    }

    /// Whether the key is the one whose check is stored; a city without personal values yet has
    /// no check, and every key will do.
    pub fn key_fits(&self, vault: &Vault) -> bool {
        let Some(check) = self.0.get("key_check") else {
            return true;
        };
        let sealed = super::change::bytes_of_hex(check).unwrap_or_default();
        vault.unseal(&sealed).is_ok_and(|plain| plain == KEY_CHECK)
    }

    /// The key of fingerprints, where the city's key was changed since it began.
    pub fn hash_key(&self, vault: &Vault) -> Result<Option<[u8; 32]>, String> {
        let Some(sealed) = self.0.get("hash_key") else {
            return Ok(None);
        };
        let sealed = super::change::bytes_of_hex(sealed).unwrap_or_default();
        let plain = vault.unseal(&sealed);
        let plain = plain.map_err(|fault| format!("pingjiang_meta has a hash_key: {fault}"))?;
        let length = || "pingjiang_meta has a hash_key of another length".to_owned();
        plain.try_into().map(Some).map_err(|_| length())
    }

    /// The check, as it stands there.
    pub fn key_check(&self) -> Option<&str> {
        self.0.get("key_check").map(String::as_str)
    }

    /// Whether the city belongs to the key that it belonged to when `known` stood there: for
    /// whoever is about to write values of that time back. A check that came since is no other key
    /// where the vault at hand fits it.
    pub fn is_of_the_key_of(&self, known: Option<&str>, vault: Option<&Vault>) -> bool {
        match (known, self.key_check()) {
            (None, Some(_)) => vault.is_some_and(|vault| self.key_fits(vault)),
            (known, now) => known == now,
        }
    }
}

/// Names the key without telling anything of it: the beginning of the SHA-256 of its check, which
/// is sealed with a nonce of its own for every city and at every change of the key.
pub(super) fn key_name(connection: &Connection) -> rusqlite::Result<Option<String>> {
    const DIGITS: usize = 32;
    let check: Option<String> = connection
        .query_row(
            "SELECT value FROM pingjiang_meta WHERE key = 'key_check'",
            [],
            |row| row.get(0),
        )
        .optional()?;
    Ok(check.map(|check| {
        let mut name = super::change::hex(&Sha256::digest(check));
        name.truncate(DIGITS);
        name
    }))
}

/// Writes one value.
pub(super) fn set(connection: &Connection, key: &str, value: &str) -> rusqlite::Result<()> {
    connection.execute(
        "INSERT INTO pingjiang_meta (key, value) VALUES (?1, ?2)
         ON CONFLICT (key) DO UPDATE SET value = ?2",
        [key, value],
    )?;
    Ok(())
}

/// Takes one value away.
pub(super) fn forget(connection: &Connection, key: &str) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM pingjiang_meta WHERE key = ?1", [key])?;
    Ok(())
}

/// Writes everything about a new city but the key check.
pub(super) fn write_info(
    connection: &Connection,
    info: &CityInfo,
    srs_id: i32,
) -> rusqlite::Result<()> {
    for (key, value) in [
        ("format", FORMAT.to_string()),
        ("ground_version", "0".to_owned()),
        ("name_zh", info.name_zh.clone()),
        ("name_en", info.name_en.clone()),
        ("crs", info.crs.clone()),
        ("srs_id", srs_id.to_string()),
        ("vertical_datum", info.vertical_datum.clone()),
        ("utc_offset_minutes", info.utc_offset_minutes.to_string()),
        ("synthetic", u8::from(info.synthetic).to_string()),
    ] {
        set(connection, key, &value)?;
    }
    Ok(())
}

/// Keeps a check by which the key is recognised, and answers with it; `None` when the system gives
/// no random numbers.
pub(super) fn write_key_check(
    connection: &Connection,
    vault: &Vault,
) -> rusqlite::Result<Option<String>> {
    let Ok(check) = vault.seal(KEY_CHECK) else {
        return Ok(None);
    };
    let check = super::change::hex(&check);
    set(connection, "key_check", &check)?;
    Ok(Some(check))
}

/// The version of the ground.
pub(super) fn ground_version(connection: &Connection) -> rusqlite::Result<u64> {
    connection.query_row(
        "SELECT CAST(value AS INTEGER) FROM pingjiang_meta WHERE key = 'ground_version'",
        [],
        |row| row.get::<_, i64>(0).map(i64::cast_unsigned),
    )
}

/// A time as GeoPackage writes it.
pub(super) fn date_time(at: Timestamp) -> String {
    at.local(0, "%Y-%m-%dT%H:%M:%S%.3fZ")
}
