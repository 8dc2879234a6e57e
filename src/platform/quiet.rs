//! Panics that are caught on purpose. Libraries that read damaged bytes may panic; where one
//! is called on bytes that may be damaged, the call is guarded, nothing reaches the screen,
//! and the panic becomes an error.

use std::{
    cell::Cell,
    panic::{self, AssertUnwindSafe},
    sync::Once,
};

/// The guarded call panicked. What it said is dropped: it may hold a person's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("stopped by an inner check")]
pub struct Panicked;

thread_local! {
    static GUARDS: Cell<u32> = const { Cell::new(0) };
}

/// Runs `act`; a panic inside becomes an error and prints nothing. What `act` was changing
/// must not be used after a panic.
pub fn guarded<T>(act: impl FnOnce() -> T) -> Result<T, Panicked> {
    silence_once();
    let _guard = Guard::new();
    panic::catch_unwind(AssertUnwindSafe(act)).or(Err(Panicked))
}

/// Whether a panic on this thread, now, would be caught by [`guarded`]. A panic hook that
/// prints or restores the terminal asks this first.
pub fn is_guarded() -> bool {
    GUARDS.get() > 0
}

/// Puts a hook before the one in place that keeps silent in a guarded call.
fn silence_once() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let loud = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !is_guarded() {
                loud(info);
            }
        }));
    });
}

struct Guard;

impl Guard {
    fn new() -> Self {
        GUARDS.set(GUARDS.get() + 1);
        Self
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        GUARDS.set(GUARDS.get() - 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guarded_panic_is_an_error_and_the_next_call_works() {
        assert_eq!(guarded(|| panic!("inside")), Err::<(), _>(Panicked));
        assert!(!is_guarded());
        assert_eq!(guarded(is_guarded), Ok(true));
    }

    #[test]
    fn a_guard_inside_a_guard_leaves_the_outer_one_standing() {
        let outer = guarded(|| {
            let inner = guarded(|| panic!("inner"));
            (inner, is_guarded())
        });
        assert_eq!(outer, Ok((Err::<(), _>(Panicked), true)));
    }
}
