//! Places in a rule file: where a piece of text inside the header or body stands, in lines and columns.

use std::ops::Range;
use std::sync::Arc;

use super::header::{Strings, Texts};
use crate::model::{Bilingual, RuleFault};
use crate::pack::{self, Spanned};
use crate::text;

/// The file of a rule.
#[derive(Debug, Clone)]
pub(super) struct Source {
    /// Path with `/`.
    pub(super) file: Arc<str>,
    /// The whole text.
    pub(super) text: Arc<str>,
    /// Where the header begins, in bytes.
    pub(super) header: usize,
}

/// A text in the file: where it begins, and whether escapes stand in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Origin {
    start: usize,
    escaped: bool,
}

impl Source {
    /// The origin of a TOML string of the header: its first character, behind the quotes.
    pub(super) fn origin<T>(&self, value: &Spanned<T>) -> Origin {
        self.origin_at(value.span())
    }

    /// The origin of a TOML string that takes up `span` of the header.
    pub(super) fn origin_at(&self, span: Range<usize>) -> Origin {
        let start = self.header + span.start;
        let rest = self.text.get(start..).unwrap_or_default();
        let (quotes, escaped) = [("\"\"\"", true), ("'''", false), ("\"", true), ("'", false)]
            .into_iter()
            .find(|(q, _)| rest.starts_with(q))
            .map_or((0, false), |(q, escaped)| (q.len(), escaped));
        // A line break right behind three quotes is no part of the text.
        let inner = rest.get(quotes..).unwrap_or_default();
        let first = match quotes {
            3 if inner.starts_with("\r\n") => 2,
            3 if inner.starts_with('\n') => 1,
            _ => 0,
        };
        Origin { start: start + quotes + first, escaped }
    }

    /// One or several texts with their origins.
    pub(super) fn texts(&self, value: &Texts) -> Vec<(String, Origin)> {
        let span = value.span();
        let many = match value.as_ref() {
            Strings::One(text) => return vec![(text.clone(), self.origin_at(span))],
            Strings::Many(many) => many,
        };
        let start = self.header + span.start;
        let inside = self.text.get(start..self.header + span.end).unwrap_or_default();
        let starts = string_starts(inside).into_iter().map(|at| self.origin_at(span.start + at..span.end));
        many.iter().cloned().zip(starts).collect()
    }

    /// Line and column of a byte of the file, from 1.
    pub(super) fn line(&self, offset: usize) -> (usize, usize) {
        pack::position(&self.text, offset)
    }

    /// Line and column of the character number `nth` of a text with this origin.
    pub(super) fn place(&self, origin: Origin, nth: usize) -> (usize, usize) {
        self.line(self.offset(origin, nth))
    }

    /// The same text, from its character number `nth`.
    pub(super) fn deeper(&self, origin: Origin, nth: usize) -> Origin {
        Origin { start: self.offset(origin, nth), ..origin }
    }

    fn offset(&self, origin: Origin, nth: usize) -> usize {
        let rest = self.text.get(origin.start..).unwrap_or_default();
        let mut chars = rest.char_indices();
        for _ in 0..nth {
            match chars.next() {
                Some((_, '\\')) if origin.escaped => {
                    let digits = match chars.next() {
                        Some((_, 'u')) => 4,
                        Some((_, 'U')) => 8,
                        _ => 0,
                    };
                    chars.by_ref().take(digits).for_each(drop);
                }
                Some(_) => {}
                None => break,
            }
        }
        origin.start + chars.next().map_or(rest.len(), |(at, _)| at)
    }

    /// A fault at a place given in lines and columns.
    pub(super) fn fault(&self, (line, column): (usize, usize), message: Bilingual) -> RuleFault {
        RuleFault { file: self.file.to_string(), line, column, message }
    }

    /// A fault at the first character of a TOML value's content.
    pub(super) fn fault_at<T>(&self, value: &Spanned<T>, message: Bilingual) -> RuleFault {
        self.fault(self.place(self.origin(value), 0), message)
    }
}

/// An unknown name, with the nearest known one: `what` is the sentence before the name in both languages.
pub(super) fn unknown<'k>(what: (&str, &str), name: &str, known: impl IntoIterator<Item = &'k str>) -> Bilingual {
    let (it, en) = (format!("{} «{name}»", what.0), format!("{} “{name}”", what.1));
    match text::closest(name, known) {
        Some(near) => Bilingual::new(format!("{it}; forse «{near}»"), format!("{en}; did you mean “{near}”?")),
        None => Bilingual::new(it, en),
    }
}

/// Whether a name is meant for one of the kinds and is none. Packs may run without each other: a name that is like none
/// of those in force, or apart from it by a figure (`allegato2` without its pack), is that of a kind that is left out.
pub(super) fn is_misspelt_kind(name: &str, kinds: &[&str]) -> bool {
    let figures = |name: &str| name.chars().filter(char::is_ascii_digit).collect::<String>();
    let near = text::closest(name, kinds.iter().copied());
    !kinds.contains(&name) && near.is_some_and(|near| figures(near) == figures(name))
}

/// Where the strings of a TOML array begin.
fn string_starts(array: &str) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut at = 0;
    while let Some(found) = array.get(at..).and_then(|rest| rest.find(['"', '\'', '#'])) {
        let start = at + found;
        let rest = array.get(start..).unwrap_or_default();
        if rest.starts_with('#') {
            at = start + rest.find('\n').unwrap_or(rest.len());
            continue;
        }
        let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|q| rest.starts_with(q)).unwrap_or("\"");
        let mut end = start + quote.len();
        while let Some(rest) = array.get(end..).filter(|r| !r.is_empty() && !r.starts_with(quote)) {
            let escape = rest.starts_with('\\') && quote.starts_with('"');
            end += rest.chars().take(if escape { 2 } else { 1 }).map(char::len_utf8).sum::<usize>();
        }
        starts.push(start);
        at = end + quote.len();
    }
    starts
}

/// Number of the character at a line and column (both from 1) of a text.
pub(super) fn nth(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(|l| l.chars().count()).sum();
    before + column.saturating_sub(1)
}
