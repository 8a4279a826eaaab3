//! The texts of a workbook: shared strings, and every distinct text kept once.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use crate::model::{Error, GridCell};
use crate::package::{Limits, Package, Piece, corrupt, size, tag_attributes, tag_name, too_large, unescape};

/// A text as it is put together from the `t` elements of a string item.
#[derive(Debug, Default)]
pub(crate) struct Gather {
    text: String,
    /// What is between the tags of an element, as written.
    raw: Vec<u8>,
    /// Inside an element whose content is wanted.
    open: bool,
    /// Blanks at the ends count.
    preserve: bool,
    /// Inside the guide to pronunciation, which is no text of the cell.
    phonetic: bool,
}

impl Gather {
    /// Begins a new text.
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.raw.clear();
        (self.open, self.phonetic) = (false, false);
    }

    /// An opening tag inside a string item.
    pub(crate) fn open(&mut self, name: &[u8], tag: &[u8]) {
        match name {
            b"t" if !self.phonetic && tag.last() != Some(&b'/') => {
                self.raw.clear();
                self.open = true;
                self.preserve = tag_attributes(tag).any(|(n, v)| n == b"xml:space" && v == b"preserve");
            }
            b"rPh" => self.phonetic = tag.last() != Some(&b'/'),
            _ => {}
        }
    }

    /// A closing tag inside a string item. `None` if the text is not UTF-8.
    pub(crate) fn close(&mut self, name: &[u8]) -> Option<()> {
        match name {
            b"t" if self.open => {
                self.open = false;
                let text = clean(std::str::from_utf8(&self.raw).ok()?);
                let blanks = [' ', '\t', '\r', '\n'];
                self.text.push_str(if self.preserve { &text } else { text.trim_matches(blanks) });
            }
            b"rPh" => self.phonetic = false,
            _ => {}
        }
        Some(())
    }

    /// Text between tags.
    pub(crate) fn text(&mut self, piece: Piece<'_>) {
        if self.open {
            push(&mut self.raw, piece);
        }
    }

    /// The text so far.
    pub(crate) fn get(&self) -> &str {
        &self.text
    }
}

/// Appends a piece of text as written, a CDATA section as it would be written outside of one.
pub(crate) fn push(raw: &mut Vec<u8>, piece: Piece<'_>) {
    match piece {
        Piece::Text(text) => raw.extend_from_slice(text),
        Piece::CData(text) => {
            for &b in text {
                if b == b'&' {
                    raw.extend_from_slice(b"&amp;");
                } else {
                    raw.push(b);
                }
            }
        }
        Piece::Tag(_) | Piece::Aside(_) => {}
    }
}

/// A text as it was meant: entities, line ends and the escapes of Excel (`_x000D_`) resolved.
pub(crate) fn clean(raw: &str) -> Cow<'_, str> {
    let lines = if raw.contains('\r') { Cow::Owned(raw.replace("\r\n", "\n").replace('\r', "\n")) } else { raw.into() };
    let text = if lines.contains('&') { Cow::Owned(unescape(&lines).into_owned()) } else { lines };
    if !text.contains("_x") {
        return text;
    }
    let (mut out, mut rest) = (String::with_capacity(text.len()), &*text);
    while let Some(at) = rest.find("_x") {
        let (before, escape) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(before);
        let code = escape.get(2..6).filter(|c| c.bytes().all(|b| b.is_ascii_hexdigit()));
        let letter = code.filter(|_| escape.get(6..7) == Some("_")).and_then(|c| u32::from_str_radix(c, 16).ok());
        let taken = if let Some(letter) = letter.and_then(char::from_u32) {
            out.push(letter);
            7
        } else {
            out.push_str("_x");
            2
        };
        rest = escape.get(taken..).unwrap_or_default();
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Bytes that a cell takes by the end of a check, as cell, part of a record and value of a rule: measured on registers
/// of 30 columns, all of them recognised, whose cells share few texts.
const OF_CELL: u64 = 200;
/// Bytes that a distinct text takes beside its own: measured on the same registers where no text comes twice.
const OF_TEXT: u64 = 280;
/// How often the bytes of a text are held at the worst: in the file, as written, in the normal forms that recognition and
/// rules compare. Measured on a register of texts of 27,000 characters.
const FORMS: u64 = 5;

/// Every distinct text once, and the cells they stand in, within the limits.
#[derive(Debug)]
pub(crate) struct Texts {
    shared: Vec<Arc<str>>,
    inline: HashSet<Arc<str>>,
    left: usize,
    limit: usize,
    /// Shared texts at most.
    most: usize,
    /// What is left of the memory that the check may take.
    room: u64,
    memory: u64,
}

impl Texts {
    /// No text yet.
    pub(crate) fn none(limits: &Limits) -> Self {
        Self {
            shared: Vec::new(),
            inline: HashSet::new(),
            left: limits.text,
            limit: limits.text,
            most: limits.shared,
            room: limits.memory,
            memory: limits.memory,
        }
    }

    /// Reads the shared strings, if the workbook has some.
    pub(crate) fn read(package: &Package, part: Option<&str>) -> Result<Self, Error> {
        let mut texts = Self::none(package.limits());
        let (mut gather, empty): (_, Arc<str>) = (Gather::default(), "".into());
        package.stream(part.unwrap_or_default(), |piece| {
            let Piece::Tag(tag) = piece else {
                gather.text(piece);
                return Ok(());
            };
            match (tag.strip_prefix(b"/"), tag_name(tag.strip_prefix(b"/").unwrap_or(tag))) {
                (None, b"si") if tag.last() == Some(&b'/') => texts.share(Arc::clone(&empty))?,
                (None, b"si") => gather.clear(),
                (None, name) => gather.open(name, tag),
                (Some(_), b"si") => {
                    let text = gather.get();
                    texts.count(text)?;
                    texts.share(text.into())?;
                }
                (Some(_), name) => gather.close(name).ok_or_else(not_text)?,
            }
            Ok(())
        })?;
        Ok(texts)
    }

    /// Adds a shared string, within their limit.
    fn share(&mut self, text: Arc<str>) -> Result<(), Error> {
        if self.shared.len() >= self.most {
            let most = self.most;
            return Err(too_large(
                &format!("più di {most} testi diversi"),
                &format!("more than {most} distinct texts"),
            ));
        }
        self.shared.push(text);
        Ok(())
    }

    /// The shared string of this number.
    pub(crate) fn shared(&self, number: usize) -> Option<&Arc<str>> {
        self.shared.get(number)
    }

    /// The one copy of a text.
    pub(crate) fn keep(&mut self, text: &str) -> Result<Arc<str>, Error> {
        if let Some(kept) = self.inline.get(text) {
            return Ok(Arc::clone(kept));
        }
        self.count(text)?;
        let kept: Arc<str> = text.into();
        self.inline.insert(Arc::clone(&kept));
        Ok(kept)
    }

    fn count(&mut self, text: &str) -> Result<(), Error> {
        let limit = size(self.limit as u64);
        let much = || too_large(&format!("più di {limit} di testo"), &format!("more than {limit} of text"));
        self.left = self.left.checked_sub(text.len()).ok_or_else(much)?;
        self.take(OF_TEXT + FORMS * text.len() as u64, ("i testi", "the texts"))
    }

    /// Counts the cells of a sheet.
    pub(crate) fn cells(&mut self, sheet: &str, cells: &[GridCell]) -> Result<(), Error> {
        let what = (&*format!("le celle fino al foglio «{sheet}»"), &*format!("the cells up to sheet “{sheet}”"));
        self.take(OF_CELL * cells.len() as u64, what)
    }

    fn take(&mut self, bytes: u64, (it, en): (&str, &str)) -> Result<(), Error> {
        let Some(room) = self.room.checked_sub(bytes) else {
            let limit = size(self.memory);
            return Err(too_large(
                &format!("{it} chiederebbero più di {limit} di memoria; il limite si alza con --limit memory=…"),
                &format!("{en} would take more than {limit} of memory; raise the limit by --limit memory=…"),
            ));
        };
        self.room = room;
        Ok(())
    }
}

fn not_text() -> Error {
    corrupt("un testo non è UTF-8", "a text is not UTF-8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_as_meant() {
        for (raw, expected) in [
            ("perch\u{e9}", "perch\u{e9}"),
            ("a &amp; b &#233; &lt;", "a & b \u{e9} <"),
            ("riga_x000D_\r\nriga", "riga\r\nriga"),
            ("_x005F_x000D_ _xZZZZ_ _x00", "_x000D_ _xZZZZ_ _x00"),
            ("_xD83D_", "_xD83D_"),
            ("_x\u{e9}\u{e9}", "_x\u{e9}\u{e9}"),
        ] {
            assert_eq!(clean(raw), expected, "{raw}");
        }
    }
}
