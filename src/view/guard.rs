//! Calls into libraries that panic where the machine lacks something: a driver, a display, a
//! typeface. A panic in there becomes a message; one on another thread is told as ever.
//! Used wherever `view` starts something of Bevy's or asks for fonts.

use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::{Arc, Mutex, PoisonError};

/// Runs `work`; a panic in it comes back as its message.
pub(super) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    let told = Arc::new(Mutex::new(String::new()));
    let guarded_thread = std::thread::current().id();
    let before = Arc::new(take_hook());
    let (told_by_hook, before_hook) = (Arc::clone(&told), Arc::clone(&before));
    set_hook(Box::new(move |info| {
        if std::thread::current().id() != guarded_thread {
            return before_hook(info);
        }
        let message = info.payload_as_str().unwrap_or("no reason is known");
        let first = message.lines().next().unwrap_or_default().trim();
        // The first panic is the cause; what follows while unwinding is not.
        let mut told = told_by_hook.lock().unwrap_or_else(PoisonError::into_inner);
        if told.is_empty() {
            *told = first.to_owned();
            if let Some(place) = info.location() {
                tracing::debug!("{message} ({}:{})", place.file(), place.line());
            }
        }
    }));
    let result = catch_unwind(AssertUnwindSafe(work));
    // Ours goes first, so that the one before has a single owner again.
    drop(take_hook());
    if let Ok(before) = Arc::try_unwrap(before) {
        set_hook(before);
    }
    result.map_err(|_| told.lock().unwrap_or_else(PoisonError::into_inner).clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_its_message() {
        assert_eq!(guarded(|| 7), Ok(7));
        let message = guarded(|| panic!("no driver\nlong explanation")).unwrap_err();
        assert_eq!(message, "no driver");
    }
}
