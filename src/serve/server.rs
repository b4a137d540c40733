//! The router on a port, in threads of its own, with TLS where there is a certificate.
//!
//! Beyond the loopback device nothing is served without TLS. Never decides who may ask.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
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

/// Longest time for the head of a request, from its first byte on, and of a connection on which
/// nothing is asked. Bodies and streams have limits of their own.
const HEAD: Duration = Duration::from_secs(10);

/// Answers on every connection, each in a task of its own.
async fn serve(mut connections: Connections, router: Router, head: Duration) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(head);
    while let Some((wire, peer)) = connections.next().await {
        let inner = TowerToHyperService::new(router.clone());
        let answer = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(Peer(peer)));
            inner.call(request)
        });
        let served = http
            .serve_connection(TokioIo::new(wire), answer)
            .with_upgrades();
        tokio::spawn(async move {
            // Whoever hangs up or takes too long is told by the end of the line: nobody else need know.
            if let Err(fault) = served.await {
                tracing::debug!("a connection ended early: {fault}");
            }
        });
    }
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
        Self::begin(listen, router, tls, HEAD)
    }

    /// As [`Server::start`], with a limit of time for heads.
    pub(super) fn begin(
        listen: SocketAddr,
        router: Router,
        tls: Option<&TlsIdentity>,
        head: Duration,
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
            Connections::of(listener, tls)
        };
        runtime.spawn(serve(connections, router, head));
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
