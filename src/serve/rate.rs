//! How many requests somebody may send: a bucket for each sender, that fills evenly. Used by feeds.
//! Never reads a clock: time is an argument.

use std::collections::HashMap;
use std::time::{Duration, Instant};

/// Senders that are remembered; who was idle for a minute has a full bucket and need not be.
const SENDERS_MAX: usize = 10_000;
const MINUTE: Duration = Duration::from_secs(60);

#[derive(Debug, Clone, Copy)]
struct Bucket {
    left: f64,
    at: Instant,
}

/// The buckets of all senders.
#[derive(Debug, Default)]
pub(super) struct Rates(HashMap<String, Bucket>);

impl Rates {
    /// Takes one request of a sender that may send so many in a minute, a tenth of these at once.
    ///
    /// # Errors
    /// How long to wait.
    pub(super) fn take(
        &mut self,
        sender: &str,
        per_minute: u32,
        now: Instant,
    ) -> Result<(), Duration> {
        let per_second = f64::from(per_minute) / 60.0;
        let most = (f64::from(per_minute) / 10.0).max(1.0);
        if self.0.len() >= SENDERS_MAX {
            self.0
                .retain(|_, one| now.saturating_duration_since(one.at) < MINUTE);
        }
        let bucket = self.0.entry(sender.to_owned()).or_insert(Bucket {
            left: most,
            at: now,
        });
        let passed = now.saturating_duration_since(bucket.at).as_secs_f64();
        bucket.left = (bucket.left + passed * per_second).min(most);
        bucket.at = now;
        if bucket.left < 1.0 {
            let seconds = (1.0 - bucket.left) / per_second;
            return Err(Duration::from_secs_f64(seconds));
        }
        bucket.left -= 1.0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_fills_for_each_sender_alone() {
        let mut rates = Rates::default();
        let now = Instant::now();
        for _ in 0..6 {
            rates.take("a", 60, now).unwrap();
        }
        let wait = rates.take("a", 60, now).unwrap_err();
        assert!(
            wait > Duration::ZERO && wait <= Duration::from_secs(1),
            "{wait:?}"
        );
        assert_eq!(rates.take("b", 60, now), Ok(()));
        assert_eq!(rates.take("a", 60, now + Duration::from_secs(1)), Ok(()));
        assert!(rates.take("a", 60, now + Duration::from_secs(1)).is_err());
        let taken = (0..100).filter(|_| rates.take("a", 60, now + 10 * MINUTE).is_ok());
        assert_eq!(taken.count(), 6, "no more at once after any pause");
        assert_eq!(rates.take("rare", 1, now), Ok(()));
        assert!(
            rates
                .take("rare", 1, now + Duration::from_secs(30))
                .is_err()
        );
    }
}
