//! The router on a port, in threads of its own, with TLS where there is a certificate.
//!
//! Beyond the loopback device nothing is served without TLS. Never decides who may ask.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use tokio::runtime::Runtime;

use super::listener::{Connections, Peer, TlsIdentity};

/// Why nothing is served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// What goes over the line could be read by others, or anybody could ask.
    #[error(
        "other machines reach an engine over TLS and with accounts alone: give --tls-cert and \
         --tls-key, and make an account with `pingjiang user add` (docs/administration.md); or \
         listen on this machine only, on an address such as 127.0.0.1:0: {0}"
    )]
    NotLoopback(SocketAddr),
    /// Certificate or key cannot be used.
    #[error(
        "TLS cannot be set up: {0}; give certificate chain and key as PEM files that belong together"
    )]
    Tls(String),
    /// The port cannot be had.
    #[error("cannot listen: {reason}: {addr}")]
    Bind {
        /// The address asked for.
        addr: SocketAddr,
        /// What the system says.
        reason: std::io::Error,
    },
}

/// A running server; dropping it ends it.
pub struct Server {
    addr: SocketAddr,
    is_tls: bool,
    runtime: Option<Runtime>,
}

impl Server {
    /// Serves `router` at `listen`; port 0 takes any free one.
    ///
    /// # Errors
    /// When the address is beyond the loopback device and there is no TLS, the certificate cannot be
    /// used, or the address cannot be had.
    pub fn start(
        listen: SocketAddr,
        router: Router,
        tls: Option<&TlsIdentity>,
    ) -> Result<Self, ServeError> {
        let tls = tls.map(TlsIdentity::config).transpose()?;
        let is_tls = tls.is_some();
        if !listen.ip().is_loopback() && !is_tls {
            return Err(ServeError::NotLoopback(listen));
        }
        let failed = |reason| ServeError::Bind {
            addr: listen,
            reason,
        };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("serve")
            .enable_all()
            .build()
            .map_err(failed)?;
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind(listen))
            .map_err(failed)?;
        let addr = listener.local_addr().map_err(failed)?;
        let connections = {
            let _entered = runtime.enter();
            Connections::of(listener, addr, tls)
        };
        let service = router.into_make_service_with_connect_info::<Peer>();
        runtime.spawn(async move {
            if let Err(error) = axum::serve(connections, service).await {
                tracing::error!("the server ended: {error}");
            }
        });
        Ok(Self {
            addr,
            is_tls,
            runtime: Some(runtime),
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Its address as a URL.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = if self.is_tls { "https" } else { "http" };
        format!("{scheme}://{}", self.addr)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // A moment for answers that are on their way.
            runtime.shutdown_timeout(Duration::from_millis(300));
        }
    }
}
