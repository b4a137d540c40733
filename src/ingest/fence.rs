//! Calls into readers that are not ours and that panic on damaged files. The reason goes into the
//! message of the file, and nothing about a panic to the terminal. Never hides a panic of ours.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    static IS_FENCED: Cell<bool> = const { Cell::new(false) };
}

/// What the call gives; `None` where it panicked, for which the file is to blame.
pub(super) fn fenced<T>(call: impl FnOnce() -> T) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |info| {
            // Of any other thread, and of this one outside, panics are told as ever.
            if !IS_FENCED.try_with(Cell::get).unwrap_or(false) {
                before(info);
            }
        }));
    });
    let was_fenced = IS_FENCED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(call));
    IS_FENCED.set(was_fenced);
    result.ok()
}
