//! XML as a stream of tags and texts, in bounded memory.
//!
//! The scanner knows quotes, comments and CDATA as an XML reader does, so that none sees a longer tag than was
//! measured here. It resolves no entities and builds no tree.

use memchr::memchr;

use super::fault::{corrupt, too_large};
use super::limits::{Limits, size};
use crate::model::Error;

/// A piece of an XML part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// What stands between `<` and `>`: `c r="A1"`, `/c`, `row/`.
    Tag(&'a [u8]),
    /// Text as written. One text may come in several pieces.
    Text(&'a [u8]),
    /// The content of a CDATA section.
    CData(&'a [u8]),
    /// A comment or processing instruction, between `<` and `>`.
    Aside(&'a [u8]),
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Text,
    /// Inside a tag; the quote that is open, or 0.
    Tag(u8),
    /// Inside a comment, CDATA section or processing instruction.
    Special,
}

/// The state of the scan between two blocks.
pub(crate) struct Scanner<'a> {
    name: &'a str,
    limits: &'a Limits,
    state: State,
    /// The tag so far, when a block ended inside it.
    pending: Vec<u8>,
    run: usize,
}

/// A block up to the byte sought, and what follows that byte.
fn cut(block: &[u8], end: Option<usize>) -> (&[u8], &[u8]) {
    let (piece, after) = block.split_at_checked(end.unwrap_or(block.len())).unwrap_or((block, &[]));
    (piece, after.get(1..).unwrap_or_default())
}

impl<'a> Scanner<'a> {
    /// A scanner at the start of the part `name`.
    pub(crate) fn new(name: &'a str, limits: &'a Limits) -> Self {
        Self { name, limits, state: State::Text, pending: Vec::new(), run: 0 }
    }

    /// Takes the next block and hands its pieces to `sink`.
    pub(crate) fn feed<S>(&mut self, block: &[u8], sink: &mut S) -> Result<(), Error>
    where
        S: FnMut(Piece<'_>) -> Result<(), Error>,
    {
        let mut rest = block;
        while !rest.is_empty() {
            rest = match self.state {
                State::Text => self.text(rest, sink)?,
                State::Tag(quote) => self.tag(rest, quote, sink)?,
                State::Special => self.special(rest, sink)?,
            };
        }
        Ok(())
    }

    /// Whether the part may end here.
    pub(crate) fn is_complete(&self) -> bool {
        self.state == State::Text
    }

    fn fault(&self, it: &str, en: &str) -> Error {
        corrupt(&format!("{}: {it}", self.name), &format!("{}: {en}", self.name))
    }

    fn text<'b, S>(&mut self, block: &'b [u8], sink: &mut S) -> Result<&'b [u8], Error>
    where
        S: FnMut(Piece<'_>) -> Result<(), Error>,
    {
        let end = memchr(b'<', block);
        let (text, after) = cut(block, end);
        self.run += text.len();
        if self.run > self.limits.run {
            let limit = size(self.limits.run as u64);
            return Err(too_large(
                &format!("{}: un testo supera {limit}", self.name),
                &format!("{}: a text exceeds {limit}", self.name),
            ));
        }
        if !text.is_empty() {
            sink(Piece::Text(text))?;
        }
        if end.is_some() {
            self.state = State::Tag(0);
            self.run = 0;
        }
        Ok(after)
    }

    fn tag<'b, S>(&mut self, block: &'b [u8], open: u8, sink: &mut S) -> Result<&'b [u8], Error>
    where
        S: FnMut(Piece<'_>) -> Result<(), Error>,
    {
        let first = self.pending.first().or(block.first()).copied().unwrap_or(0);
        if matches!(first, b'!' | b'?') {
            self.state = State::Special;
            return Ok(block);
        }
        let mut quote = open;
        let end = block.iter().position(|&b| {
            if quote != 0 {
                if b == quote {
                    quote = 0;
                }
                return false;
            }
            // The name of a closing tag has no quotes.
            if matches!(b, b'"' | b'\'') && first != b'/' {
                quote = b;
            }
            b == b'>'
        });
        let (piece, after) = cut(block, end);
        if self.pending.len() + piece.len() > self.limits.tag {
            let limit = size(self.limits.tag as u64);
            return Err(self.fault(&format!("un tag XML supera {limit}"), &format!("an XML tag exceeds {limit}")));
        }
        if end.is_none() {
            self.pending.extend_from_slice(piece);
            self.state = State::Tag(quote);
        } else if self.pending.is_empty() {
            self.state = State::Text;
            sink(Piece::Tag(piece))?;
        } else {
            self.state = State::Text;
            self.pending.extend_from_slice(piece);
            sink(Piece::Tag(&self.pending))?;
            self.pending.clear();
        }
        Ok(after)
    }

    fn special<'b, S>(&mut self, block: &'b [u8], sink: &mut S) -> Result<&'b [u8], Error>
    where
        S: FnMut(Piece<'_>) -> Result<(), Error>,
    {
        const CDATA: &[u8] = b"![CDATA[";
        let end = memchr(b'>', block);
        let (piece, after) = cut(block, end);
        self.pending.extend_from_slice(piece);
        let so_far = self.pending.as_slice();
        if so_far.len() > self.limits.run {
            return Err(self.fault("un commento XML troppo lungo", "an XML comment too long"));
        }
        let begins = |with: &[u8]| so_far.iter().zip(with).all(|(a, b)| a == b);
        let (closing, least): (&[u8], usize) = if begins(b"?") {
            (b"?", 2)
        } else if begins(b"!--") {
            (b"--", 5)
        } else if begins(CDATA) {
            (b"]]", 10)
        } else if so_far.get(1).is_some_and(|b| b.eq_ignore_ascii_case(&b'd')) {
            return Err(self.fault("una DTD, che qui non è ammessa", "a DTD, which is not admitted here"));
        } else {
            return Err(self.fault("XML non valido", "invalid XML"));
        };
        if end.is_none() {
            return Ok(after);
        }
        if so_far.len() >= least && so_far.ends_with(closing) {
            sink(match so_far.strip_prefix(CDATA) {
                Some(content) => Piece::CData(content.strip_suffix(closing).unwrap_or_default()),
                None => Piece::Aside(so_far),
            })?;
            self.pending.clear();
            self.state = State::Text;
        } else {
            self.pending.push(b'>');
        }
        Ok(after)
    }
}

/// Streams a text that is in memory, as a part of a container is streamed.
#[cfg(test)]
pub(crate) fn scan_text<S>(xml: &str, limits: &Limits, mut sink: S) -> Result<(), Error>
where
    S: FnMut(Piece<'_>) -> Result<(), Error>,
{
    Scanner::new("a.xml", limits).feed(xml.as_bytes(), &mut sink)
}

/// The name of a tag without its prefix, the slash of a closing tag taken off.
pub fn tag_name(tag: &[u8]) -> &[u8] {
    let end = tag.iter().position(|b| b.is_ascii_whitespace() || *b == b'/').unwrap_or(tag.len());
    let name = tag.get(..end).unwrap_or_default();
    match name.iter().position(|&b| b == b':') {
        Some(colon) => name.get(colon + 1..).unwrap_or_default(),
        None => name,
    }
}

/// The attributes of a tag, names and values as written.
pub fn tag_attributes(tag: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let start = tag.iter().position(u8::is_ascii_whitespace).unwrap_or(tag.len());
    let mut rest = tag.get(start..).unwrap_or_default();
    std::iter::from_fn(move || {
        let equals = memchr(b'=', rest)?;
        let name = rest.get(..equals)?.trim_ascii();
        let value = rest.get(equals + 1..)?.trim_ascii_start();
        let (&quote, value) = value.split_first()?;
        let end = memchr(quote, value)?;
        rest = value.get(end + 1..)?;
        Some((name, value.get(..end)?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pieces of a part that arrives in blocks of `step` bytes, texts joined.
    fn pieces(xml: &str, step: usize) -> Result<Vec<String>, Error> {
        let limits = Limits::default();
        let mut scanner = Scanner::new("a.xml", &limits);
        let mut out: Vec<String> = Vec::new();
        let mut sink = |piece: Piece<'_>| {
            let show = |kind: &str, bytes: &[u8]| format!("{kind} {}", String::from_utf8_lossy(bytes));
            match piece {
                Piece::Tag(tag) => out.push(show("tag", tag)),
                Piece::CData(text) => out.push(show("cdata", text)),
                Piece::Aside(text) => out.push(show("aside", text)),
                Piece::Text(text) => match out.last_mut().filter(|l| l.starts_with("text")) {
                    Some(last) => last.push_str(&String::from_utf8_lossy(text)),
                    None => out.push(show("text", text)),
                },
            }
            Ok(())
        };
        xml.as_bytes().chunks(step).try_for_each(|block| scanner.feed(block, &mut sink))?;
        assert!(scanner.is_complete());
        Ok(out)
    }

    #[test]
    fn pieces_do_not_depend_on_blocks() {
        let xml = r#"<?xml version="1.0"?><!-- a > <b> --><a x="1>2" y='"'>t&amp;u<![CDATA[<p>]]]]></a>"#;
        let whole = pieces(xml, 1000).unwrap();
        assert_eq!(
            whole,
            [
                r#"aside ?xml version="1.0"?"#,
                "aside !-- a > <b> --",
                r#"tag a x="1>2" y='"'"#,
                "text t&amp;u",
                "cdata <p>]]",
                "tag /a",
            ]
        );
        for step in 1..20 {
            assert_eq!(pieces(xml, step).unwrap(), whole, "blocks of {step}");
        }
    }

    #[test]
    fn attributes_are_read_as_written() {
        let tag = br#"x:c r="A1" s = '3' t="a=b" bad"#;
        assert_eq!(tag_name(tag), b"c");
        let found: Vec<_> = tag_attributes(tag).collect();
        assert_eq!(found, [(&b"r"[..], &b"A1"[..]), (b"s", b"3"), (b"t", b"a=b")]);
        assert_eq!(tag_name(b"sheetData/"), b"sheetData");
    }
}
