//! What takes its shape only while it is written.

use std::fmt::Display;

use serde::{Serialize, Serializer};

/// A list whose items take the shape of the contract one by one, so that no list of shapes is held.
pub(super) struct Each<'a, T, R, C = ()> {
    items: &'a [T],
    with: C,
    shape: fn(&'a T, C) -> R,
}

impl<'a, T, R, C> Each<'a, T, R, C> {
    /// The items, to be shaped by `shape`, which is given `with` each time.
    pub(super) fn of(items: &'a [T], with: C, shape: fn(&'a T, C) -> R) -> Self {
        Self { items, with, shape }
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

impl<T, R: Serialize, C: Copy> Serialize for Each<'_, T, R, C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.items.iter().map(|item| (self.shape)(item, self.with)))
    }
}

/// A value as the text it is shown as.
pub(super) struct Shown<T>(pub(super) T);

impl<T: Display> Serialize for Shown<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}
