//! Regular expressions as packs declare them: case-blind, bounded in size, compiled when first used.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Deserializer};

use super::cutter::Cutter;

/// The largest compiled pattern, in bytes.
const SIZE_LIMIT: usize = 1 << 20;
/// The blank at which no line is broken.
const UNBROKEN: char = '\u{a0}';

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

    /// Makes one pattern of those that are written alike, so that it is compiled once: kinds of schedule have many in
    /// common. `known` are those met so far.
    pub(super) fn share(&mut self, known: &mut HashMap<Arc<str>, Self>) {
        match known.get(&self.text) {
            Some(same) => *self = same.clone(),
            None => drop(known.insert(self.text.clone(), self.clone())),
        }
    }

    /// Compiles the pattern now.
    ///
    /// # Errors
    ///
    /// What is wrong with it, in the words of the regular-expression library.
    pub fn check(&self) -> Result<(), String> {
        build(&self.text)?;
        self.compiled().as_ref().map(drop).map_err(Clone::clone)
    }

    fn compiled(&self) -> &Result<Regex, String> {
        self.compiled.get_or_init(|| build(&with_plain_figures(&self.text)))
    }

    fn regex(&self) -> Option<&Regex> {
        self.compiled().as_ref().ok()
    }

    /// What tells the pattern from others while it lives.
    pub fn identity(&self) -> usize {
        Arc::as_ptr(&self.compiled).addr()
    }

    /// Whether the pattern is found in the text, in which a blank that does not break is a blank.
    pub fn is_match(&self, text: &str) -> bool {
        let is_in = |text: &str| self.regex().is_some_and(|r| r.is_match(text));
        if text.contains(UNBROKEN) { is_in(&text.replace(UNBROKEN, " ")) } else { is_in(text) }
    }

    /// The first match.
    pub fn find<'t>(&self, text: &'t str) -> Option<&'t str> {
        self.regex()?.find(text).map(|m| m.as_str())
    }

    /// Every match, one behind the other; of each what the group `value` holds, where the pattern has it.
    pub fn every<'t>(&self, text: &'t str) -> Vec<&'t str> {
        let matches = self.regex().into_iter().flat_map(|r| r.captures_iter(text));
        let wanted = matches.filter_map(|found| found.name("value").or_else(|| found.get(0)));
        wanted.map(|m| m.as_str()).collect()
    }

    /// What a named group of the first match holds.
    pub fn group<'t>(&self, text: &'t str, name: &str) -> Option<&'t str> {
        self.regex()?.captures(text)?.name(name).map(|m| m.as_str())
    }

    /// What takes many texts apart into these groups.
    pub fn cutter(&self, groups: &[&str]) -> Cutter {
        Cutter::new(self.regex(), &with_plain_figures(&self.text), groups)
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

pub(super) fn build(pattern: &str) -> Result<Regex, String> {
    let builder = &mut RegexBuilder::new(pattern);
    builder.case_insensitive(true).size_limit(SIZE_LIMIT).build().map_err(|e| e.to_string())
}

/// The pattern with `\d` for the figures 0 to 9 alone. Those of other scripts, which no schedule is written in, make a
/// pattern that repeats it many times as dear to compile.
fn with_plain_figures(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() * 2);
    let mut rest = pattern;
    while let Some((before, escaped)) = rest.split_once('\\') {
        out.push_str(before);
        let mut chars = escaped.chars();
        match chars.next() {
            // Inside a class, too: a class may stand in another.
            Some('d') => out.push_str("[0-9]"),
            other => {
                out.push('\\');
                out.extend(other);
            }
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
    out
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_those_from_0_to_9_wherever_they_stand() {
        for (pattern, text, found) in [
            (r"^\d+$", "2024", true),
            (r"^\d+$", "٢٠٢٤", false),
            (r"^[\d.,]+$", "1.204,5", true),
            (r"^[^\d-]+$", "senza cifre", true),
            (r"^[^\d-]+$", "a-b", false),
            (r"^[^\d-]+$", "a 1", false),
            (r"^\\d$", r"\d", true),
            (r"^\\\d$", r"\7", true),
        ] {
            let pattern = Pattern::new(pattern);
            assert_eq!((pattern.check(), pattern.is_match(text)), (Ok(()), found), "{pattern} on {text}");
        }
    }

    #[test]
    fn a_blank_that_does_not_break_is_a_blank() {
        let pattern = Pattern::new(r"^conflitt[oi] d");
        assert!(pattern.is_match("Conflitto\u{a0}d'interesse"));
        assert!(!pattern.is_match("conflitto\u{a0}\u{a0}d'interesse"));
    }

    #[test]
    fn a_mistake_is_told_of_the_pattern_as_written() {
        assert!(Pattern::new(r"\d(").check().unwrap_err().contains(r"\d("));
        assert!(Pattern::new(r"[\d-x]").check().is_err());
    }

    #[test]
    fn patterns_written_alike_are_one() {
        let mut known = HashMap::new();
        let mut patterns = ["a+", "b", "a+"].map(Pattern::new);
        for pattern in &mut patterns {
            pattern.share(&mut known);
        }
        let [a, b, again] = patterns.map(|p| p.identity());
        assert!(a == again && a != b);
    }
}
