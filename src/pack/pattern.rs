//! Regular expressions as packs declare them: case-blind, bounded in size, compiled when first used.

use std::fmt;
use std::sync::{Arc, OnceLock};

use regex::{CaptureLocations, Regex, RegexBuilder};
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
        self.compiled.get_or_init(|| compile(&self.text).map_err(|e| e.to_string()))
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

    /// What takes many texts apart into these groups.
    pub fn cutter(&self, groups: &[&str]) -> Cutter {
        let whole = self.regex().map(|regex| Cut::new(regex.clone(), groups));
        let short = whole.as_ref().and_then(|_| {
            let (start, group) = without_rest(&self.text)?;
            Some((Cut::new(compile(&start).ok()?, groups), groups.iter().position(|g| *g == group)?))
        });
        Cutter { whole, short }
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

fn compile(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern).case_insensitive(true).size_limit(SIZE_LIMIT).build()
}

/// How a last group ends that takes all that is left of a text.
const REST: &str = r"\S.*)$";

/// A pattern whose last group is the rest of the text, with no more of it than its first character; and that group.
fn without_rest(pattern: &str) -> Option<(String, &str)> {
    let start = pattern.strip_suffix(REST)?;
    let (_, group) = start.strip_suffix('>')?.rsplit_once("(?P<")?;
    group.chars().all(|c| c.is_alphanumeric() || c == '_').then(|| (format!(r"{start}\S)"), group))
}

/// Takes texts apart into the groups of a pattern.
#[derive(Debug)]
pub struct Cutter {
    whole: Option<Cut>,
    /// The same up to the rest of the text, which need not be walked through, and the place of the group that is the rest.
    short: Option<(Cut, usize)>,
}

impl Cutter {
    /// What each group holds of the first match; nothing for a text that does not match.
    pub fn parts<'t>(&mut self, text: &'t str) -> Vec<Option<&'t str>> {
        // The rest of a text is that of its line.
        match &mut self.short {
            Some((short, rest)) if ![b'\n', b'\r'].iter().any(|end| text.as_bytes().contains(end)) => {
                short.parts(text, Some(*rest))
            }
            _ => self.whole.as_mut().map(|whole| whole.parts(text, None)).unwrap_or_default(),
        }
    }
}

#[derive(Debug)]
struct Cut {
    regex: Regex,
    /// The numbers of the groups.
    groups: Vec<usize>,
    found: CaptureLocations,
}

impl Cut {
    fn new(regex: Regex, names: &[&str]) -> Self {
        let number = |name: &&str| regex.capture_names().position(|n| n == Some(*name));
        let groups = names.iter().map(|n| number(n).unwrap_or(usize::MAX)).collect();
        Self { groups, found: regex.capture_locations(), regex }
    }

    /// The groups, of which one may be `rest`, to the end of the text.
    fn parts<'t>(&mut self, text: &'t str, rest: Option<usize>) -> Vec<Option<&'t str>> {
        if self.regex.captures_read(&mut self.found, text).is_none() {
            return Vec::new();
        }
        let groups = self.groups.iter().enumerate();
        let part = |(place, group): (usize, &usize)| {
            let (from, to) = self.found.get(*group)?;
            if rest == Some(place) { text.get(from..) } else { text.get(from..to) }
        };
        groups.map(part).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_of_a_text_is_the_group_of_the_whole_pattern() {
        let packs = crate::pack::Packs::embedded().unwrap();
        let own = packs.packs.iter().flat_map(|p| &p.schedule.register.split).map(|s| s.pattern.clone());
        let others = [r"^a(?P<x>\d)?-?\s*(?P<rest>\S.*)$", r"^b|(?P<x>\d+)[.: -]*(?P<rest>\S.*)$"].map(Pattern::new);
        let mut shortened = 0;
        for pattern in own.chain(others) {
            let groups: Vec<&str> = pattern.groups().collect();
            let mut cutter = pattern.cutter(&groups);
            shortened += usize::from(cutter.short.is_some());
            for text in [
                "n. 12 Rilascio",
                "n. 12: - Rilascio",
                "12.3 Rilascio di atti n. 4 ",
                "N°7-Concorsi",
                "a1 - x",
                "a-",
                "b",
                "3: 4 5",
                "n. 12 Rilascio\ndi atti",
                "n. 12\nRilascio",
                "12",
                "",
                "OB1 Qualità",
                "1.1.2 – Più servizi\r",
            ] {
                let expected: Vec<_> = groups.iter().map(|group| pattern.group(text, group)).collect();
                let parts = cutter.parts(text);
                let found: Vec<_> = (0..groups.len()).map(|i| parts.get(i).copied().flatten()).collect();
                assert_eq!(found, expected, "{pattern} on {text:?}");
            }
        }
        assert!(shortened > 2);
    }
}
