//! What a signal to end (Ctrl-C) does to an import: it stops, and says whether anything was written.
//! Without the feature `net`, which brings signals, the system ends the program without a word; the
//! city is the same then. Used by `import`. Never stops a write that is about to be complete.

#[cfg(feature = "net")]
pub(super) use caught::Interrupt;

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(feature = "net"), allow(dead_code))]
pub(super) enum Phase {
    /// Nothing stays of it if it is stopped.
    Working,
    /// It is about to be complete.
    Completing,
    /// It is written; only what is drawn of it is still baked.
    Written,
}

#[cfg(not(feature = "net"))]
pub(super) struct Interrupt;

#[cfg(not(feature = "net"))]
impl Interrupt {
    pub(super) fn of(_city: &std::path::Path) -> Self {
        Self
    }

    pub(super) fn enter(&self, _phase: Phase) {}
}

#[cfg(feature = "net")]
mod caught {
    use std::path::Path;
    use std::process::exit;
    use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

    use super::Phase;
    use crate::app::engine::at_every_signal;

    /// As shells have it of programs that a signal ended.
    const INTERRUPTED: i32 = 130;

    struct State {
        phase: Phase,
        is_wanted: bool,
    }

    /// Knows how far an import is when a signal comes.
    pub(in crate::app::import) struct Interrupt {
        state: Arc<Mutex<State>>,
        city: String,
    }

    impl Interrupt {
        /// Catches signals from now on.
        pub(in crate::app::import) fn of(city: &Path) -> Self {
            let state = Arc::new(Mutex::new(State {
                phase: Phase::Working,
                is_wanted: false,
            }));
            let city = city.display().to_string();
            let (seen, name) = (Arc::clone(&state), city.clone());
            // Where signals cannot be caught, the system ends the program without a word.
            let _ = at_every_signal(move || signalled(&mut locked(&seen), &name));
            Self { state, city }
        }

        /// Goes on; a signal that came while a write was about to be complete ends it now.
        pub(in crate::app::import) fn enter(&self, phase: Phase) {
            let mut state = locked(&self.state);
            state.phase = phase;
            if state.is_wanted && phase == Phase::Written {
                written(&self.city);
            }
        }
    }

    fn locked(state: &Mutex<State>) -> MutexGuard<'_, State> {
        state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The import waits for the lock while this looks how far it is, and can get no further.
    fn signalled(state: &mut State, city: &str) {
        match state.phase {
            Phase::Working => {
                eprintln!("pingjiang: stopped: nothing was written: {city}");
                exit(INTERRUPTED);
            }
            Phase::Completing if state.is_wanted => {
                eprintln!(
                    "pingjiang: stopped while it was being written: it is whole or not there at all, and pingjiang inspect tells: {city}"
                );
                exit(INTERRUPTED);
            }
            Phase::Completing => {
                state.is_wanted = true;
                eprintln!(
                    "pingjiang: it is being written; once more stops it all the same: {city}"
                );
            }
            Phase::Written => written(city),
        }
    }

    fn written(city: &str) {
        eprintln!(
            "pingjiang: stopped: all was written, and what is drawn of it is baked when the city is shown: {city}"
        );
        exit(INTERRUPTED);
    }
}
