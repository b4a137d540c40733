//! One connection to a broker: TCP, or TLS over it (rustls with ring). One thread reads and another
//! one writes; neither waits for the other. Used by the session.

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore};

/// Longest time that a broker may take to answer, or to take what is written.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a read waits before it gives back nothing, so that whoever reads can look around.
const LOOK: Duration = Duration::from_millis(200);

/// Certificates for TLS, each the text of a PEM file.
#[derive(Debug, Clone)]
pub struct TlsFiles {
    /// Who may vouch for the broker.
    pub authorities: Vec<u8>,
    /// Our own certificate with its key, where the broker asks for one.
    pub identity: Option<(Vec<u8>, Vec<u8>)>,
}

/// Why certificates cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsFault {
    /// None in the text, or none that can be used.
    #[error("no certificate of an authority can be used; give a PEM file with one or more")]
    Authorities,
    /// Certificate or key of our own.
    #[error("our own certificate or its key cannot be used: {0}; give both as PEM files")]
    Identity(String),
    /// rustls refuses.
    #[error("TLS cannot be set up: {0}")]
    Setup(#[from] rustls::Error),
}

impl TlsFiles {
    /// What connections go by.
    ///
    /// # Errors
    /// When there is no certificate in them, or our own does not fit its key.
    pub(super) fn config(&self) -> Result<Arc<ClientConfig>, TlsFault> {
        let mut roots = RootCertStore::empty();
        let found = CertificateDer::pem_slice_iter(&self.authorities).filter_map(Result::ok);
        if roots.add_parsable_certificates(found).0 == 0 {
            return Err(TlsFault::Authorities);
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots);
        let Some((certificate, key)) = &self.identity else {
            return Ok(Arc::new(builder.with_no_client_auth()));
        };
        let told = |fault: rustls::pki_types::pem::Error| TlsFault::Identity(fault.to_string());
        let chain = CertificateDer::pem_slice_iter(certificate);
        let chain: Vec<_> = chain.collect::<Result<_, _>>().map_err(told)?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(told)?;
        let config = builder.with_client_auth_cert(chain, key);
        let told = |fault: rustls::Error| TlsFault::Identity(fault.to_string());
        Ok(Arc::new(config.map_err(told)?))
    }
}

/// A connection. Reading and writing go on at the same time.
pub(super) struct Link {
    socket: TcpStream,
    tls: Option<Mutex<ClientConnection>>,
    /// Writers one after the other, so that what is encrypted goes out in order.
    writing: Mutex<()>,
}

impl Link {
    /// Connects, with TLS where there is a configuration for it.
    ///
    /// # Errors
    /// When nobody answers in time, or the broker is not whom the certificates name.
    pub(super) fn open(host: &str, port: u16, tls: Option<&Arc<ClientConfig>>) -> io::Result<Self> {
        let socket = connect(host, port)?;
        socket.set_nodelay(true)?;
        socket.set_read_timeout(Some(LOOK))?;
        socket.set_write_timeout(Some(PATIENCE))?;
        let tls = match tls {
            None => None,
            Some(config) => Some(Mutex::new(hand_shake(host, config, &socket)?)),
        };
        Ok(Self {
            socket,
            tls,
            writing: Mutex::new(()),
        })
    }

    /// Adds bytes as they come; none when none came for a while. `room` is worked with.
    ///
    /// # Errors
    /// When the connection has ended.
    pub(super) fn read(&self, room: &mut [u8], out: &mut Vec<u8>) -> io::Result<()> {
        // Without the lock: a writer must not wait until something comes.
        let count = awaited((&self.socket).read(room))?;
        let Some(tls) = &self.tls else {
            out.extend_from_slice(&room[..count]);
            return Ok(());
        };
        let mut rest = &room[..count];
        while !rest.is_empty() {
            let mut tls = lock(tls);
            tls.read_tls(&mut rest)?;
            tls.process_new_packets().map_err(io::Error::other)?;
            // At once: rustls takes nothing more in while much of it waits to be read.
            open(&mut tls, out)?;
        }
        self.flush(tls)
    }

    /// Writes all of it.
    ///
    /// # Errors
    /// When the connection has ended or the broker takes nothing for too long.
    pub(super) fn write(&self, bytes: &[u8]) -> io::Result<()> {
        match &self.tls {
            None => {
                let _turn = lock(&self.writing);
                (&self.socket).write_all(bytes)
            }
            Some(tls) => {
                lock(tls).writer().write_all(bytes)?;
                self.flush(tls)
            }
        }
    }

    /// Ends it, so that whoever reads or writes comes back.
    pub(super) fn close(&self) {
        // Fails only when it has ended already.
        let _ = self.socket.shutdown(std::net::Shutdown::Both);
    }

    /// Sends what is encrypted; without the lock while the socket is slow.
    fn flush(&self, tls: &Mutex<ClientConnection>) -> io::Result<()> {
        let _turn = lock(&self.writing);
        let mut sealed = Vec::new();
        {
            let mut tls = lock(tls);
            while tls.wants_write() {
                tls.write_tls(&mut sealed)?;
            }
        }
        (&self.socket).write_all(&sealed)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Adds everything that is decrypted.
fn open(tls: &mut ClientConnection, out: &mut Vec<u8>) -> io::Result<()> {
    let mut part = [0; 4 * 1_024];
    loop {
        match tls.reader().read(&mut part) {
            // What it said before comes first; the socket tells the end once more.
            Ok(0) if !out.is_empty() => return Ok(()),
            Ok(0) => return Err(ended()),
            Ok(count) => out.extend_from_slice(&part[..count]),
            Err(fault) if fault.kind() == io::ErrorKind::WouldBlock => return Ok(()),
            Err(fault) => return Err(fault),
        }
    }
}

/// A read of a socket: 0 where nothing came in time, a fault where it ended.
fn awaited(read: io::Result<usize>) -> io::Result<usize> {
    match read {
        Ok(0) => Err(ended()),
        Ok(count) => Ok(count),
        Err(fault) => match fault.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted => {
                Ok(0)
            }
            _ => Err(fault),
        },
    }
}

fn ended() -> io::Error {
    io::Error::new(
        io::ErrorKind::UnexpectedEof,
        "the broker ended the connection",
    )
}

fn connect(host: &str, port: u16) -> io::Result<TcpStream> {
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for place in (host, port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&place, PATIENCE) {
            Ok(socket) => return Ok(socket),
            Err(fault) => last = fault,
        }
    }
    Err(last)
}

fn hand_shake(
    host: &str,
    config: &Arc<ClientConfig>,
    mut socket: &TcpStream,
) -> io::Result<ClientConnection> {
    let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
    let mut tls = ClientConnection::new(config.clone(), name).map_err(io::Error::other)?;
    let began = Instant::now();
    while tls.is_handshaking() {
        match tls.complete_io(&mut socket) {
            Ok(_) => {}
            Err(fault) if fault.kind() == io::ErrorKind::WouldBlock => {}
            Err(fault) => return Err(fault),
        }
        if began.elapsed() > PATIENCE {
            return Err(io::Error::new(
                io::ErrorKind::TimedOut,
                "the broker does not answer in TLS; is this its port for TLS?",
            ));
        }
    }
    Ok(tls)
}
