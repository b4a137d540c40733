//! Connections as they come in: TCP, or TLS over it (rustls with ring), handed to the server once they
//! stand. A handshake that takes its time holds up nobody else. Used by the server. Never reads what
//! goes over them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio_rustls::TlsAcceptor;

use super::server::ServeError;

/// Longest time for a handshake.
const PATIENCE: Duration = Duration::from_secs(10);
/// Handshakes at once; more wait in the system's queue.
const HANDSHAKES: usize = 256;
/// Pause after the system could not take a connection, for example for want of file handles.
const PAUSE: Duration = Duration::from_millis(200);

/// The other end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

/// The server's own certificate with those that vouch for it, and its key: the text of PEM files.
#[derive(Clone)]
pub struct TlsIdentity {
    /// The chain, its own first.
    pub certificates: Vec<u8>,
    /// The key.
    pub key: Vec<u8>,
}

impl std::fmt::Debug for TlsIdentity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TlsIdentity")
    }
}

impl TlsIdentity {
    /// What connections go by.
    pub(super) fn config(&self) -> Result<Arc<ServerConfig>, ServeError> {
        let told = |fault: &dyn std::fmt::Display| ServeError::Tls(fault.to_string());
        let chain = CertificateDer::pem_slice_iter(&self.certificates);
        let chain: Vec<_> = chain
            .collect::<Result<_, _>>()
            .map_err(|fault| told(&format!("the certificate: {fault}")))?;
        if chain.is_empty() {
            return Err(told(&"there is no certificate in the file of --tls-cert"));
        }
        let key = PrivateKeyDer::from_pem_slice(&self.key)
            .map_err(|fault| told(&format!("the key: {fault}")))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key));
        Ok(Arc::new(config.map_err(|fault| told(&fault))?))
    }
}

/// Either kind of connection.
pub(super) trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}

/// A connection and its other end.
pub(super) type Arrived = (Box<dyn Wire>, SocketAddr);

/// Connections in the order in which they stood.
pub(super) struct Connections {
    arrived: mpsc::Receiver<Arrived>,
}

impl Connections {
    /// Takes connections from now on; to be called within a runtime.
    pub(super) fn of(listener: TcpListener, tls: Option<Arc<ServerConfig>>) -> Self {
        let (sender, arrived) = mpsc::channel(16);
        tokio::spawn(take_in(listener, tls.map(TlsAcceptor::from), sender));
        Self { arrived }
    }

    /// The next one; `None` when the runtime goes down.
    pub(super) async fn next(&mut self) -> Option<Arrived> {
        self.arrived.recv().await
    }
}

async fn take_in(listener: TcpListener, tls: Option<TlsAcceptor>, sender: mpsc::Sender<Arrived>) {
    let turns = Arc::new(Semaphore::new(HANDSHAKES));
    loop {
        let (stream, peer) = match listener.accept().await {
            Ok(arrived) => arrived,
            Err(fault) => {
                tracing::warn!("a connection could not be taken: {fault}");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        // Fails only when the other end is gone already.
        let _ = stream.set_nodelay(true);
        let Some(tls) = tls.clone() else {
            if sender.send((Box::new(stream), peer)).await.is_err() {
                return;
            }
            continue;
        };
        let Ok(turn) = turns.clone().acquire_owned().await else {
            return;
        };
        let sender = sender.clone();
        tokio::spawn(async move {
            if let Some(wire) = hand_shake(stream, &tls).await {
                // Fails only when the server has ended.
                let _ = sender.send((wire, peer)).await;
            }
            drop(turn);
        });
    }
}

async fn hand_shake(stream: TcpStream, tls: &TlsAcceptor) -> Option<Box<dyn Wire>> {
    match tokio::time::timeout(PATIENCE, tls.accept(stream)).await {
        Ok(Ok(stream)) => Some(Box::new(stream)),
        // Scanners and browsers that try plain HTTP: nothing to tell anybody.
        Ok(Err(fault)) => {
            tracing::debug!("no TLS came of a connection: {fault}");
            None
        }
        Err(_) => None,
    }
}
