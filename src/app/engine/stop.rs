//! When an engine stops: a signal, the end of standard input, or its time is up.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// A flag that anybody may set and nobody takes back.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Not set yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether it is time to stop.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Asks to stop.
    pub fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Sets it after a while.
    pub fn after(&self, time: Duration) {
        let stop = self.clone();
        thread::spawn(move || {
            thread::sleep(time);
            stop.set();
        });
    }

    /// Sets it when standard input ends, so an engine goes with the program that started it,
    /// however that ends.
    pub fn at_end_of_stdin(&self) {
        let stop = self.clone();
        thread::spawn(move || {
            let mut buffer = [0; 256];
            let mut stdin = io::stdin();
            loop {
                match stdin.read(&mut buffer) {
                    Ok(0) => break,
                    Ok(_) => {}
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(_) => break,
                }
            }
            stop.set();
        });
    }

    /// Sets it at the first signal that asks to end: interrupt, and on Unix terminate.
    ///
    /// # Errors
    /// When signals cannot be caught.
    pub fn on_signal(&self) -> io::Result<()> {
        let stop = self.clone();
        at_every_signal(move || stop.set())
    }
}

/// Calls `then`, on a thread of its own, at each signal that asks to end; from now on none ends the
/// program by itself.
///
/// # Errors
/// When signals cannot be caught.
pub(in crate::app) fn at_every_signal(mut then: impl FnMut() + Send + 'static) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let entered = runtime.enter();
    // Made here and not in the thread: from now on no signal is missed.
    let mut signals = Signals::new()?;
    drop(entered);
    thread::spawn(move || {
        runtime.block_on(async move {
            loop {
                signals.next().await;
                then();
            }
        });
    });
    Ok(())
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        // Without a handler the system ends the process itself; nothing better can be done.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
