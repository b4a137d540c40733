//! The router on a loopback port, in threads of its own.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use tokio::runtime::Runtime;

/// Why nothing is served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Accounts and TLS come later; until then nobody else may reach the engine.
    #[error(
        "an engine listens on this machine only, on an address such as 127.0.0.1:0; \
         other machines need accounts and TLS, which do not exist yet: {0}"
    )]
    NotLoopback(SocketAddr),
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
    runtime: Option<Runtime>,
}

impl Server {
    /// Serves `router` at `listen`; port 0 takes any free one.
    ///
    /// # Errors
    /// When the address is not on the loopback device or cannot be had.
    pub fn start(listen: SocketAddr, router: Router) -> Result<Self, ServeError> {
        if !listen.ip().is_loopback() {
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
        runtime.spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!("the server ended: {error}");
            }
        });
        Ok(Self {
            addr,
            runtime: Some(runtime),
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
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
