//! How the values of a text stand apart.

use std::collections::BTreeMap;
use std::io::{self, Read};

use csv::{ByteRecord, ReaderBuilder, Terminator};

use super::decode::Decoded;

/// The separators, the likeliest of Italian programs first.
const SEPARATORS: [u8; 4] = [b';', b'\t', b',', b'|'];
/// How much of a text is tried.
const START: usize = 1 << 16;

/// How a text is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) separator: u8,
    /// Quotation marks enclose values; not so if one of them is never closed.
    pub(super) quotes: bool,
    /// The first line only tells the separator (`sep=;`).
    pub(super) has_hint: bool,
}

impl Layout {
    /// Finds out, reading the text twice.
    pub(super) fn of<'a>(text: impl Fn() -> Decoded<'a>) -> io::Result<Self> {
        let mut start = Vec::new();
        text().take(START as u64).read_to_end(&mut start)?;
        if start.len() == START {
            let whole = start.iter().rposition(|b| *b == b'\n').map_or(START, |at| at + 1);
            start.truncate(whole);
        }
        let hint = match start.get(..6) {
            Some([a, b, c, b'=', sign, b'\n']) if [*a, *b, *c].eq_ignore_ascii_case(b"sep") && sign.is_ascii() => {
                Some(*sign)
            }
            _ => None,
        };
        let separator = hint.unwrap_or_else(|| guess(&start));
        Ok(Self { separator, quotes: are_closed(text(), separator)?, has_hint: hint.is_some() })
    }
}

/// The separator that gives most records the same width.
fn guess(start: &[u8]) -> u8 {
    let mut best = (0, b';');
    for separator in SEPARATORS {
        let mut widths: BTreeMap<usize, usize> = BTreeMap::new();
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator)
            .terminator(Terminator::Any(b'\n'))
            .from_reader(start);
        let mut record = ByteRecord::new();
        while reader.read_byte_record(&mut record).unwrap_or(false) {
            *widths.entry(record.len()).or_default() += 1;
        }
        let score = widths.into_iter().map(|(width, records)| records * (width - 1)).max().unwrap_or(0);
        if score > best.0 {
            best = (score, separator);
        }
    }
    best.1
}

/// Where a walk over quoted values is.
#[derive(Clone, Copy, PartialEq)]
enum State {
    Start,
    Bare,
    Quoted,
    /// Behind a quotation mark inside a quoted value: its end, or the first of two.
    Ended,
}

/// Whether every value that a quotation mark begins is ended by one.
fn are_closed(mut text: Decoded<'_>, separator: u8) -> io::Result<bool> {
    let mut block = vec![0; START];
    let mut state = State::Start;
    loop {
        let read = text.read(&mut block)?;
        let Some(bytes) = block.get(..read).filter(|b| !b.is_empty()) else { return Ok(state != State::Quoted) };
        // Most texts have no quotation mark at all.
        if state != State::Quoted && !bytes.contains(&b'"') {
            if bytes.contains(&b'\n') {
                text.end_of_line();
            }
            state =
                if bytes.last().is_some_and(|b| *b == separator || *b == b'\n') { State::Start } else { State::Bare };
            continue;
        }
        for &byte in bytes {
            let ends = byte == separator || byte == b'\n';
            if byte == b'\n' {
                text.end_of_line();
            }
            state = match (state, byte) {
                (State::Quoted, b'"') => State::Ended,
                (State::Quoted, _) | (State::Start | State::Ended, b'"') => State::Quoted,
                _ if ends => State::Start,
                _ => State::Bare,
            };
        }
    }
}
