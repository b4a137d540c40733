//! Which broker an engine listens to: what the command line says, files for TLS and the password read,
//! the table of feeds taken. `feed::mqtt` does the listening.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail, ensure};
use clap::{Args, ValueEnum};
use sha2::{Digest, Sha256};

use crate::base::why_unread;
use crate::feed::mqtt::{Broker, Credentials, Means, Mqtt, TlsFiles, Version};
use crate::feed::payload::FeedTable;
use crate::feed::{Inbox, Intake};
use crate::model::{Ground, KindTable};

use super::clock::Clock;
use crate::app::tables;

/// The environment variable that gives the password.
const PASSWORD: &str = "PINGJIANG_MQTT_PASSWORD";
/// Where systems keep the authorities that everybody trusts.
const AUTHORITIES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];
/// Larger than any certificate or password.
const FILE_BYTES_MAX: u64 = 4 << 20;

/// Versions as they are typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TypedVersion {
    #[value(name = "3.1.1")]
    V3,
    #[value(name = "5")]
    V5,
}

/// The part of the command line that names a broker.
#[derive(Debug, Args)]
pub struct MqttArgs {
    /// Listen to a broker: mqtt://HOST[:PORT], or mqtts://HOST[:PORT] with TLS.
    ///
    /// Which topics, and how payloads are read, says CITY.feeds.toml (docs/feeds.md). The password
    /// comes from --mqtt-password-file or the environment variable PINGJIANG_MQTT_PASSWORD.
    #[arg(long, value_name = "URL")]
    mqtt: Option<String>,
    /// The table of feeds [default: CITY.feeds.toml beside the city, otherwise the built-in one].
    #[arg(long, requires = "mqtt", value_name = "TABLE")]
    feeds: Option<PathBuf>,
    /// User of the broker.
    #[arg(long, requires = "mqtt", value_name = "NAME")]
    mqtt_user: Option<String>,
    /// A file that holds the password of the broker's user.
    #[arg(long, requires = "mqtt_user", value_name = "FILE")]
    mqtt_password_file: Option<PathBuf>,
    /// Authorities that may vouch for the broker, PEM [default: those of the system].
    #[arg(long, requires = "mqtt", value_name = "FILE")]
    mqtt_ca: Option<PathBuf>,
    /// Our own certificate for the broker, PEM.
    #[arg(long, requires = "mqtt_key", value_name = "FILE")]
    mqtt_cert: Option<PathBuf>,
    /// Its key, PEM.
    #[arg(long, requires = "mqtt_cert", value_name = "FILE")]
    mqtt_key: Option<PathBuf>,
    /// Name of the session that the broker keeps while the engine is away; each engine of a broker
    /// needs its own [default: one that is made of the city's path].
    #[arg(long, requires = "mqtt", value_name = "ID")]
    mqtt_client: Option<String>,
    /// Version of MQTT [default: 5, and 3.1.1 where the broker does not know it].
    #[arg(long, requires = "mqtt", value_enum, value_name = "VERSION")]
    mqtt_version: Option<TypedVersion>,
}

/// A broker and what is read from it.
#[derive(Debug, Clone)]
pub struct MqttOptions {
    broker: Broker,
    feeds: FeedTable,
}

impl MqttArgs {
    /// What the command line says, with everything that it names read; `None` without a broker.
    ///
    /// # Errors
    /// When the address is none, or a file or the table of feeds cannot be used.
    pub(in crate::app) fn options(&self, city: &Path) -> anyhow::Result<Option<MqttOptions>> {
        let Some(url) = &self.mqtt else {
            return Ok(None);
        };
        let (host, port, with_tls) = address(url)?;
        ensure!(
            with_tls || (self.mqtt_ca.is_none() && self.mqtt_cert.is_none()),
            "certificates are for mqtts://, and the address is {url}"
        );
        let client_id = match &self.mqtt_client {
            Some(id) if id.is_empty() || id.len() > 128 || id.contains('\0') => {
                bail!("a client id has 1 to 128 bytes: --mqtt-client")
            }
            Some(id) => id.clone(),
            None => client_id(city)?,
        };
        let broker = Broker {
            host,
            port,
            version: self.mqtt_version.map(|version| match version {
                TypedVersion::V3 => Version::V3,
                TypedVersion::V5 => Version::V5,
            }),
            who: Credentials {
                client_id,
                user: self.mqtt_user.clone(),
                password: self.password()?,
            },
            tls: match with_tls {
                true => Some(self.tls()?),
                false => None,
            },
        };
        let feeds = tables::feeds(city, self.feeds.as_deref())?;
        Ok(Some(MqttOptions { broker, feeds }))
    }

    fn password(&self) -> anyhow::Result<Option<String>> {
        let Some(path) = &self.mqtt_password_file else {
            return Ok(match (&self.mqtt_user, std::env::var(PASSWORD)) {
                (Some(_), Ok(password)) => Some(password),
                _ => None,
            });
        };
        let bytes = read(path)?;
        let text = String::from_utf8(bytes).ok();
        let text = text.map(|text| text.trim_end_matches(['\r', '\n']).to_owned());
        match text {
            Some(password) if !password.is_empty() && password.len() <= usize::from(u16::MAX) => {
                Ok(Some(password))
            }
            _ => bail!(
                "the file holds no password: {}; write it as one line of UTF-8",
                path.display()
            ),
        }
    }

    fn tls(&self) -> anyhow::Result<TlsFiles> {
        let identity = match (&self.mqtt_cert, &self.mqtt_key) {
            (Some(certificate), Some(key)) => Some((read(certificate)?, read(key)?)),
            _ => None,
        };
        let authorities = match &self.mqtt_ca {
            Some(path) => read(path)?,
            None => {
                let own = std::env::var_os("SSL_CERT_FILE").map(PathBuf::from);
                let known = AUTHORITIES.into_iter().map(PathBuf::from);
                let mut places = own.into_iter().chain(known);
                let found = places.find(|path| path.is_file());
                read(&found.context(
                    "this system has no authorities for TLS where they are looked for; name a file \
                     with --mqtt-ca",
                )?)?
            }
        };
        Ok(TlsFiles {
            authorities,
            identity,
        })
    }
}

impl MqttOptions {
    /// The table of feeds.
    pub(super) fn feeds(&self) -> &FeedTable {
        &self.feeds
    }

    /// Begins to listen.
    pub(super) fn listen(
        &self,
        city: &Path,
        ground: &Ground,
        kinds: &Arc<KindTable>,
        inbox: &Arc<Inbox>,
        clock: &Clock,
    ) -> anyhow::Result<Mqtt> {
        let intake = Intake::new(self.feeds.clone(), ground, kinds, inbox.clone());
        let clock = clock.clone();
        let means = Means {
            now: Box::new(move || clock.now()),
            chance: Box::new(chance),
        };
        tracing::info!(
            host = self.broker.host,
            port = self.broker.port,
            client = self.broker.who.client_id,
            feeds = self.feeds.all().len(),
            "listening to a broker for {}",
            city.display()
        );
        Mqtt::start(self.broker.clone(), intake, inbox.clone(), means)
            .context("the broker cannot be listened to")
    }
}

/// From 0 to 1; 0 where the system gives no chance, which costs nothing but the spread.
fn chance() -> f64 {
    getrandom::u32().map_or(0.0, |number| f64::from(number) / f64::from(u32::MAX))
}

/// Host, port, and whether with TLS.
fn address(url: &str) -> anyhow::Result<(String, u16, bool)> {
    let remedy = "an address reads mqtt://HOST[:PORT], with TLS mqtts://HOST[:PORT]";
    let (scheme, rest) = url
        .split_once("://")
        .with_context(|| format!("{remedy}, not {url}"))?;
    let (with_tls, port) = match scheme {
        "mqtt" | "tcp" => (false, 1883),
        "mqtts" | "ssl" | "tls" => (true, 8883),
        _ => bail!("{remedy}, not {scheme}://"),
    };
    if rest.contains('@') {
        // Not repeated: what stands there may be a password.
        bail!("user and password do not belong into the address; use --mqtt-user and {PASSWORD}");
    }
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    // An address of IPv6 stands in brackets.
    let (host, tail) = match rest.strip_prefix('[') {
        Some(inner) => inner
            .split_once(']')
            .with_context(|| format!("{remedy}, not {url}"))?,
        None => rest.split_at(rest.find(':').unwrap_or(rest.len())),
    };
    let port = match tail.strip_prefix(':') {
        Some(port) => port.parse().ok(),
        None if tail.is_empty() => Some(port),
        None => None,
    };
    let is_host = !host.is_empty() && !host.contains(['/', '?', '#', ' ']);
    match port {
        Some(port) if is_host && port > 0 => Ok((host.to_owned(), port, with_tls)),
        _ => bail!("{remedy}, not {url}"),
    }
}

/// The same for the same city file, so that the broker keeps messages for an engine that is away.
fn client_id(city: &Path) -> anyhow::Result<String> {
    let path = std::fs::canonicalize(city)
        .map_err(|fault| anyhow::anyhow!("{}: {}", why_unread(&fault), city.display()))?;
    let host = std::fs::read("/etc/hostname").unwrap_or_default();
    let mut hash = Sha256::new();
    hash.update(host);
    hash.update(path.as_os_str().as_encoded_bytes());
    let hex: String = hash
        .finalize()
        .iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    // 23 letters and digits are what every broker takes.
    Ok(format!("pingjiang{hex}"))
}

/// The bytes of a file of certificates, a key or a password.
///
/// # Errors
/// When it cannot be read.
pub(in crate::app) fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    use std::io::Read;
    let told =
        |fault: std::io::Error| anyhow::anyhow!("{}: {}", path.display(), why_unread(&fault));
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(told)?;
    file.take(FILE_BYTES_MAX)
        .read_to_end(&mut bytes)
        .map_err(told)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_no_password_is_repeated() {
        let read = |url: &str| address(url).unwrap();
        assert_eq!(read("mqtt://broker"), ("broker".to_owned(), 1883, false));
        assert_eq!(
            read("mqtts://10.0.0.1:9000/"),
            ("10.0.0.1".to_owned(), 9000, true)
        );
        assert_eq!(read("mqtt://[::1]:99"), ("::1".to_owned(), 99, false));
        for url in [
            "broker",
            "http://b",
            "mqtt://",
            "mqtt://b:x",
            "mqtt://b:0",
            "mqtt://b/c",
            "mqtt://[::1",
        ] {
            let told = address(url).unwrap_err().to_string();
            assert!(told.contains("mqtt://HOST"), "{told}");
        }
        let told = address("mqtt://me:secret@b").unwrap_err().to_string();
        assert!(
            told.contains(PASSWORD) && !told.contains("secret"),
            "{told}"
        );
    }

    #[test]
    fn a_client_id_stays_and_fits_every_broker() {
        let folder = tempfile::tempdir().unwrap();
        let [one, other] = ["a.gpkg", "b.gpkg"].map(|name| folder.path().join(name));
        for path in [&one, &other] {
            std::fs::write(path, "").unwrap();
        }
        let id = client_id(&one).unwrap();
        assert_eq!(id, client_id(&folder.path().join("./a.gpkg")).unwrap());
        assert_ne!(id, client_id(&other).unwrap());
        assert!(id.len() <= 23 && id.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    }
}
