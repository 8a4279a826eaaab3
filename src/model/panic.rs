//! A fault of this program, or of a library, kept from ending the run: what was said of it, and where it happened.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::{error, fmt};

thread_local! {
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Why something did not come to its end: a panic, as whoever mends it wants it told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Panicked {
    message: String,
    place: Option<String>,
}

impl fmt::Display for Panicked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(place) => write!(f, "panic at {place}: {}", self.message),
            None => write!(f, "panic: {}", self.message),
        }
    }
}

impl error::Error for Panicked {}

/// Runs something that may panic. What it changes must not be used where it did.
pub fn guarded<T>(run: impl FnOnce() -> T) -> Result<T, Panicked> {
    PLACE.take();
    catch_unwind(AssertUnwindSafe(run)).map_err(|cause| Panicked { message: words(&*cause), place: PLACE.take() })
}

fn words(cause: &(dyn Any + Send)) -> String {
    let words = cause.downcast_ref::<String>().map(String::as_str).or_else(|| cause.downcast_ref::<&str>().copied());
    words.unwrap_or("without a message").to_owned()
}

/// A panic hook that prints nothing and keeps the place for [`guarded`]; without it a panic is told without its place.
pub fn note_panic(info: &PanicHookInfo<'_>) {
    PLACE.set(info.location().map(ToString::to_string));
}

#[cfg(test)]
mod tests {
    use std::panic;

    use super::*;

    #[test]
    fn a_panic_is_told_with_its_words_and_place() {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(note_panic));
        let told = guarded(|| panic!("slot {}", 7)).map(|(): ()| ()).unwrap_err().to_string();
        panic::set_hook(usual);
        assert!(told.starts_with("panic at src/model/panic.rs:") && told.ends_with(": slot 7"), "{told}");
        assert_eq!(guarded(|| 1), Ok(1));
    }
}
