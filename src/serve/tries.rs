//! How often somebody may try to sign in: a few times at once, then with pauses that grow, counted by
//! name and by address. Used by the gate. Never reads a clock: time is an argument.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::time::{Duration, Instant};

/// Tries in a row without a pause.
const FREE: u32 = 4;
/// The first pause; each further failure doubles it.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// Longest pause for a name: somebody else's guesses must not shut its owner out for long.
const NAME_PAUSE_MAX: Duration = Duration::from_secs(60);
/// Longest pause for an address.
const ADDRESS_PAUSE_MAX: Duration = Duration::from_secs(15 * 60);
/// After so long without a try everything is forgotten.
const MEMORY: Duration = Duration::from_secs(60 * 60);
/// Names and addresses that are remembered.
const ENTRIES_MAX: usize = 20_000;

/// Who is counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Of {
    Name(String),
    Address(IpAddr),
}

#[derive(Debug, Clone, Copy)]
struct Count {
    failures: u32,
    last: Instant,
}

/// The tries of an engine's lifetime.
#[derive(Debug, Default)]
pub(super) struct Tries {
    counts: HashMap<Of, Count>,
    /// Who has signed in from where: guesses from elsewhere do not hold them up.
    known: HashSet<(String, IpAddr)>,
}

impl Tries {
    /// Counts a try as failed until [`Tries::succeeded`] says otherwise, so that tries side by side
    /// count too.
    ///
    /// # Errors
    /// How long to wait, when it comes too early.
    pub(super) fn begin(
        &mut self,
        name: &str,
        address: IpAddr,
        now: Instant,
    ) -> Result<(), Duration> {
        let (name, address) = (name.to_lowercase(), network(address));
        let is_known = self.known.contains(&(name.clone(), address));
        let of_address = self.pause(&Of::Address(address), ADDRESS_PAUSE_MAX, now);
        let of_name = match is_known {
            true => Duration::ZERO,
            false => self.pause(&Of::Name(name.clone()), NAME_PAUSE_MAX, now),
        };
        let pause = of_address.max(of_name);
        if !pause.is_zero() {
            return Err(pause);
        }
        self.make_room(now);
        self.fail(Of::Address(address), now);
        if !is_known {
            self.fail(Of::Name(name), now);
        }
        Ok(())
    }

    /// Takes the count of a try back: it was right.
    pub(super) fn succeeded(&mut self, name: &str, address: IpAddr) {
        let (name, address) = (name.to_lowercase(), network(address));
        self.counts.remove(&Of::Name(name.clone()));
        self.counts.remove(&Of::Address(address));
        if self.known.len() < ENTRIES_MAX {
            self.known.insert((name, address));
        }
    }

    fn pause(&self, of: &Of, longest: Duration, now: Instant) -> Duration {
        let Some(count) = self.counts.get(of) else {
            return Duration::ZERO;
        };
        let Some(over) = count.failures.checked_sub(FREE) else {
            return Duration::ZERO;
        };
        let pause = FIRST_PAUSE
            .saturating_mul(2u32.saturating_pow(over))
            .min(longest);
        pause.saturating_sub(now.saturating_duration_since(count.last))
    }

    fn fail(&mut self, of: Of, now: Instant) {
        let count = self.counts.entry(of).or_insert(Count {
            failures: 0,
            last: now,
        });
        if now.saturating_duration_since(count.last) > MEMORY {
            count.failures = 0;
        }
        count.failures = count.failures.saturating_add(1);
        count.last = now;
    }

    fn make_room(&mut self, now: Instant) {
        if self.counts.len() < ENTRIES_MAX {
            return;
        }
        self.counts
            .retain(|_, count| now.saturating_duration_since(count.last) <= MEMORY);
        // Still too many, as only an attack brings about: those with few failures are let go.
        let mut most = 1;
        while self.counts.len() >= ENTRIES_MAX {
            self.counts.retain(|_, count| count.failures > most);
            most *= 2;
        }
    }
}

/// Whoever has one address of IPv6 has all 2⁶⁴ of its network.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let bits = u128::from(address) & !u128::from(u64::MAX);
            IpAddr::V6(bits.into())
        }
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1));
    const ELSEWHERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 2));

    #[test]
    fn pauses_grow_and_end() {
        let mut tries = Tries::default();
        let begin = Instant::now();
        for _ in 0..FREE {
            tries.begin("li", HERE, begin).unwrap();
        }
        assert_eq!(
            tries.begin("LI", ELSEWHERE, begin),
            Err(FIRST_PAUSE),
            "the name waits"
        );
        assert_eq!(
            tries.begin("wu", HERE, begin),
            Err(FIRST_PAUSE),
            "the address waits"
        );
        assert_eq!(
            tries.begin("wu", ELSEWHERE, begin),
            Ok(()),
            "nobody else does"
        );
        let later = begin + FIRST_PAUSE;
        assert_eq!(tries.begin("li", HERE, later), Ok(()));
        assert_eq!(tries.begin("li", HERE, later), Err(2 * FIRST_PAUSE));
        let mut at = later;
        for _ in 0..30 {
            at += ADDRESS_PAUSE_MAX;
            assert_eq!(tries.begin("li", HERE, at), Ok(()));
        }
        assert_eq!(tries.begin("wu", HERE, at), Err(ADDRESS_PAUSE_MAX));
        assert_eq!(tries.begin("li", ELSEWHERE, at), Err(NAME_PAUSE_MAX));
        tries.succeeded("li", HERE);
        assert_eq!(tries.begin("li", HERE, at), Ok(()));
    }

    #[test]
    fn guesses_from_elsewhere_do_not_shut_the_owner_out() {
        let mut tries = Tries::default();
        let now = Instant::now();
        tries.begin("li", HERE, now).unwrap();
        tries.succeeded("li", HERE);
        for _ in 0..FREE {
            tries.begin("li", ELSEWHERE, now).unwrap();
        }
        assert!(tries.begin("li", ELSEWHERE, now).is_err());
        assert_eq!(tries.begin("li", HERE, now), Ok(()));
    }

    #[test]
    fn an_attack_from_everywhere_is_bounded() {
        let mut tries = Tries::default();
        let now = Instant::now();
        for number in 0..3 * ENTRIES_MAX as u128 {
            let address = IpAddr::V6((number << 64).into());
            let _ = tries.begin(&number.to_string(), address, now);
            assert!(tries.counts.len() <= ENTRIES_MAX + 1);
        }
        let [one, other] = [1, 2].map(|host: u128| network(IpAddr::V6(((7 << 64) | host).into())));
        assert_eq!(one, other, "a network is one address");
    }
}
