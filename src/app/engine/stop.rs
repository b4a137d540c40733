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
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let entered = runtime.enter();
        // Made here and not in the thread: from now on no signal is missed.
        let signal = signal()?;
        drop(entered);
        let stop = self.clone();
        thread::spawn(move || {
            runtime.block_on(signal);
            stop.set();
        });
        Ok(())
    }
}

#[cfg(unix)]
fn signal() -> io::Result<impl Future<Output = ()> + Send> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn signal() -> io::Result<impl Future<Output = ()> + Send> {
    Ok(async {
        // Without a handler the system ends the process itself; nothing better can be done.
        let _ = tokio::signal::ctrl_c().await;
    })
}
