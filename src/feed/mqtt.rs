//! Messages of an MQTT broker, 3.1.1 or 5, with or without TLS: subscribed at QoS 1 to what the table
//! of feeds names, acknowledged when the inbox says that they are committed.
//!
//! Used by `app::engine`. A client of its own: the crates for MQTT switch on features below Bevy, and
//! acknowledge when a message is handed over instead of when it is kept. Threads: one reads and
//! connects again for ever, one writes. Reads the time through what it is given, never by itself.
//! Start reading at [`Mqtt::start`]; one connection is in `session`.

mod codec;
mod link;
mod session;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::base::Timestamp;
use crate::model::FeedConnection;

use super::{Inbox, Intake};

pub use codec::{CodecFault, Credentials, Packet, Reader, Version};
pub use link::{TlsFault, TlsFiles};

/// Shortest and longest pause before connecting again.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(60)];
/// A connection that stood so long has made good for earlier failures.
const STEADY: Duration = Duration::from_secs(30);
/// How often waiting threads look whether it is over.
const LOOK: Duration = Duration::from_millis(100);

/// A broker, and who we are to it.
#[derive(Debug, Clone)]
pub struct Broker {
    /// Name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Version to speak; `None` begins with 5 and falls back where the broker does not know it.
    pub version: Option<Version>,
    /// Client, user, password.
    pub who: Credentials,
    /// Certificates, for TLS.
    pub tls: Option<TlsFiles>,
}

/// What the threads are given from outside.
pub struct Means {
    /// Tells the engine's time.
    pub now: Box<dyn Fn() -> Timestamp + Send>,
    /// A number from 0 to 1, at random: engines that were cut off together come back one by one.
    pub chance: Box<dyn FnMut() -> f64 + Send>,
}

/// A broker that is listened to, until this is dropped.
pub struct Mqtt {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    broker: Broker,
    tls: Option<Arc<rustls::ClientConfig>>,
    intake: Intake,
    inbox: Arc<Inbox>,
    over: AtomicBool,
    standing: Mutex<Standing>,
}

#[derive(Default)]
struct Standing {
    connected: bool,
    since: Timestamp,
    connections: u64,
}

impl Mqtt {
    /// Begins to listen; goes on however often the broker goes away.
    ///
    /// # Errors
    /// When the certificates cannot be used.
    pub fn start(
        broker: Broker,
        intake: Intake,
        inbox: Arc<Inbox>,
        means: Means,
    ) -> Result<Self, TlsFault> {
        let tls = broker.tls.as_ref().map(TlsFiles::config).transpose()?;
        let standing = Standing {
            since: (means.now)(),
            ..Standing::default()
        };
        let shared = Arc::new(Shared {
            broker,
            tls,
            intake,
            inbox,
            over: AtomicBool::new(false),
            standing: Mutex::new(standing),
        });
        let ours = shared.clone();
        let thread = std::thread::spawn(move || ours.run(means));
        Ok(Self {
            shared,
            thread: Some(thread),
        })
    }

    /// How the connection stands, and what came over it.
    #[must_use]
    pub fn status(&self) -> FeedConnection {
        let counts = self.shared.intake.counts();
        let standing = self.shared.standing();
        let refused = counts.refused.into_iter();
        FeedConnection {
            connected: standing.connected,
            since: standing.since,
            connections: standing.connections,
            messages: counts.messages,
            last_message: counts.last_message,
            refused: refused
                .map(|(why, count)| (why.to_string(), count))
                .collect(),
            low_battery: counts.low_battery.len() as u64,
        }
    }
}

impl Drop for Mqtt {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // It panicked, which its own message has told.
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn standing(&self) -> std::sync::MutexGuard<'_, Standing> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }

    fn stands(&self, connected: bool, now: Timestamp) {
        let mut standing = self.standing();
        if connected != standing.connected {
            standing.connected = connected;
            standing.since = now;
            standing.connections += u64::from(connected);
        }
    }

    /// Connects again and again.
    fn run(&self, mut means: Means) {
        let Broker { host, port, .. } = &self.broker;
        let mut version = self.broker.version.unwrap_or(Version::V5);
        let mut failures = 0;
        while !self.is_over() {
            let began = Instant::now();
            let ended = session::run(self, version, &means.now);
            self.stands(false, (means.now)());
            if self.is_over() {
                return;
            }
            if ended == session::Ended::OtherVersion && self.broker.version.is_none() {
                tracing::info!(
                    host,
                    port,
                    "the broker does not speak MQTT 5; going on with 3.1.1"
                );
                version = Version::V3;
                if failures == 0 {
                    failures = 1;
                    continue;
                }
            }
            if began.elapsed() > STEADY {
                failures = 0;
            }
            let pause = pause(failures, (means.chance)());
            failures += 1;
            tracing::warn!(
                host,
                port,
                again_in_s = pause.as_secs(),
                "cut off from the broker: {ended}"
            );
            self.wait(pause);
        }
    }

    fn wait(&self, pause: Duration) {
        let began = Instant::now();
        while began.elapsed() < pause && !self.is_over() {
            std::thread::sleep(LOOK);
        }
    }
}

/// How long to wait after so many failures in a row: doubled each time, and up to a quarter more by
/// chance.
fn pause(failures: u32, chance: f64) -> Duration {
    let [shortest, longest] = PAUSES;
    let doubled = shortest.saturating_mul(1 << failures.min(6)).min(longest);
    // No chance at all, and what is no number, adds nothing.
    let chance = if chance > 0.0 { chance.min(1.0) } else { 0.0 };
    doubled.mul_f64(1.0 + 0.25 * chance).min(longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_minute_and_differ_by_chance() {
        let seconds = |failures, chance| pause(failures, chance).as_secs_f64();
        assert_eq!(seconds(0, 0.0), 1.0);
        assert_eq!(seconds(0, 1.0), 1.25);
        assert_eq!(seconds(3, 0.0), 8.0);
        assert_eq!(seconds(5, 0.5), 36.0);
        assert_eq!(seconds(6, 0.0), 60.0);
        assert_eq!(seconds(u32::MAX, 1.0), 60.0);
        assert_eq!(seconds(0, f64::NAN), 1.0);
    }
}
