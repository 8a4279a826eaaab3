//! Regular expressions as packs declare them: case-blind, bounded in size, compiled when first used.

use std::fmt;
use std::sync::{Arc, OnceLock};

use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Deserializer};

/// The largest compiled pattern, in bytes.
const SIZE_LIMIT: usize = 1 << 20;

/// A pattern. Compiling costs more than reading a small form does, so that it waits for the first use; a
/// pattern that does not compile matches nothing, and [`Pattern::check`] says why.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: Arc<str>,
    compiled: Arc<OnceLock<Result<Regex, String>>>,
}

impl Pattern {
    /// A pattern as written.
    pub fn new(text: &str) -> Self {
        Self { text: text.into(), compiled: Arc::default() }
    }

    /// Compiles the pattern now.
    ///
    /// # Errors
    ///
    /// What is wrong with it, in the words of the regular-expression library.
    pub fn check(&self) -> Result<(), String> {
        self.compiled().as_ref().map(drop).map_err(Clone::clone)
    }

    fn compiled(&self) -> &Result<Regex, String> {
        self.compiled.get_or_init(|| {
            let builder = &mut RegexBuilder::new(&self.text);
            builder.case_insensitive(true).size_limit(SIZE_LIMIT).build().map_err(|e| e.to_string())
        })
    }

    fn regex(&self) -> Option<&Regex> {
        self.compiled().as_ref().ok()
    }

    /// What tells the pattern from others while it lives.
    pub fn identity(&self) -> usize {
        Arc::as_ptr(&self.compiled).addr()
    }

    /// Whether the pattern is found in the text.
    pub fn is_match(&self, text: &str) -> bool {
        self.regex().is_some_and(|r| r.is_match(text))
    }

    /// The first match.
    pub fn find<'t>(&self, text: &'t str) -> Option<&'t str> {
        self.regex()?.find(text).map(|m| m.as_str())
    }

    /// What a named group of the first match holds.
    pub fn group<'t>(&self, text: &'t str, name: &str) -> Option<&'t str> {
        self.regex()?.captures(text)?.name(name).map(|m| m.as_str())
    }

    /// The named groups of the pattern.
    pub fn groups(&self) -> impl Iterator<Item = &str> {
        self.regex().into_iter().flat_map(Regex::capture_names).flatten()
    }

    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::new(&text))
    }
}
