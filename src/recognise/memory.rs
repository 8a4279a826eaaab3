//! Answers about texts that come back: in several windows of rows, on other sheets, in other workbooks.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

/// Texts whose answers are kept: the headings and titles of some hundreds of workbooks.
const TEXTS: usize = 10_000;
/// Bytes of a text that is likely to come back.
const LONGEST: usize = 640;

/// What was answered for each text. It never holds more than some MiB.
#[derive(Debug)]
pub(super) struct Memory<T>(RwLock<HashMap<String, T>>);

impl<T> Default for Memory<T> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<T: Clone> Memory<T> {
    /// The answer for a text, from memory or else found now. It may depend on nothing but the text.
    pub(super) fn of(&self, text: &str, find: impl FnOnce() -> T) -> T {
        if text.len() > LONGEST {
            return find();
        }
        // A thread that failed has left whole what it had put here.
        if let Some(known) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(text) {
            return known.clone();
        }
        let found = find();
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < TEXTS {
            known.insert(text.to_owned(), found.clone());
        }
        found
    }
}
