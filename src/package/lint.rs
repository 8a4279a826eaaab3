//! What an XML part must be before anybody parses it: balanced, shallow, without DTD.
//!
//! A worksheet leaves its skeleton behind: everything but its cells, which is all that is needed beside the
//! stream of cells, and the numbers of its hidden rows.

use super::fault::{corrupt, too_large};
use super::limits::{Limits, size};
use super::scan::{Piece, Scanner, tag_attributes, tag_name};
use crate::model::{CellRef, Error};

/// A worksheet without its cells.
#[derive(Debug, Clone, Default)]
pub struct Skeleton {
    /// The part with an empty `sheetData`.
    pub xml: Vec<u8>,
    /// Hidden rows, from 0, in the order of the part.
    pub hidden_rows: Vec<u32>,
}

/// What the root element says the part is.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Unknown,
    Other,
    Strings,
    Sheet,
    /// A sheet, between the tags of `sheetData`.
    Cells,
}

/// The pass over one part.
pub(crate) struct Lint<'a> {
    scanner: Scanner<'a>,
    form: Form<'a>,
    start: Vec<u8>,
    utf8: Utf8,
}

/// Whether the bytes so far are UTF-8.
#[derive(Default)]
struct Utf8 {
    /// The beginning of a character that a block has cut.
    cut: Vec<u8>,
    is_broken: bool,
}

impl Utf8 {
    fn feed(&mut self, block: &[u8]) {
        let mut rest = block;
        while let (false, Some((next, behind))) = (self.cut.is_empty(), rest.split_first()) {
            self.cut.push(*next);
            rest = behind;
            match std::str::from_utf8(&self.cut) {
                Ok(_) => self.cut.clear(),
                Err(error) if error.error_len().is_some() => {
                    self.is_broken = true;
                    self.cut.clear();
                }
                Err(_) => {}
            }
        }
        if let Err(error) = std::str::from_utf8(rest) {
            match error.error_len() {
                Some(_) => self.is_broken = true,
                None => self.cut = rest.get(error.valid_up_to()..).unwrap_or_default().to_vec(),
            }
        }
    }

    fn is_valid(&self) -> bool {
        !self.is_broken && self.cut.is_empty()
    }
}

impl<'a> Lint<'a> {
    pub(crate) fn new(name: &'a str, limits: &'a Limits) -> Self {
        let form = Form {
            name,
            limits,
            part: Part::Unknown,
            depth: 0,
            strings: 0,
            next_row: 0,
            skeleton: Skeleton::default(),
        };
        Self { scanner: Scanner::new(name, limits), form, start: Vec::new(), utf8: Utf8::default() }
    }

    /// Takes the next block, and hands what was found harmless to `sink`.
    pub(crate) fn feed<S>(&mut self, block: &[u8], mut sink: S) -> Result<(), Error>
    where
        S: FnMut(Piece<'_>) -> Result<(), Error>,
    {
        if self.start.len() < 4 {
            self.start.extend(block.iter().take(4));
            if matches!(self.start.as_slice(), [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [b'<', 0, ..] | [0, b'<', ..]) {
                return Err(self.form.fault("codifica UTF-16", "UTF-16 encoding"));
            }
        }
        self.utf8.feed(block);
        let form = &mut self.form;
        self.scanner.feed(block, &mut |piece: Piece<'_>| {
            form.piece(piece)?;
            sink(piece)
        })
    }

    /// The part has ended: the skeleton, if it was a worksheet.
    pub(crate) fn end(self) -> Result<Option<Skeleton>, Error> {
        let form = self.form;
        if !self.scanner.is_complete() || form.depth != 0 || form.part == Part::Unknown {
            return Err(form.fault("XML incompleto", "incomplete XML"));
        }
        // Parts that nobody reads may be in any encoding.
        if matches!(form.part, Part::Sheet | Part::Strings) && !self.utf8.is_valid() {
            return Err(form.fault("caratteri non in UTF-8", "characters that are not UTF-8"));
        }
        Ok((form.part == Part::Sheet).then_some(form.skeleton))
    }
}

/// What is known of the part so far.
struct Form<'a> {
    name: &'a str,
    limits: &'a Limits,
    part: Part,
    depth: usize,
    strings: usize,
    next_row: u32,
    skeleton: Skeleton,
}

impl Form<'_> {
    fn fault(&self, it: &str, en: &str) -> Error {
        corrupt(&format!("{}: {it}", self.name), &format!("{}: {en}", self.name))
    }

    fn piece(&mut self, piece: Piece<'_>) -> Result<(), Error> {
        match piece {
            Piece::Tag(tag) => match tag.strip_prefix(b"/") {
                Some(name) => self.close(name, tag),
                None => self.open(tag),
            },
            Piece::Text(text) => self.keep(&[text]),
            Piece::CData(text) => self.keep(&[b"<![CDATA[", text, b"]]>"]),
            Piece::Aside(_) => Ok(()),
        }
    }

    fn keep(&mut self, pieces: &[&[u8]]) -> Result<(), Error> {
        if self.part == Part::Sheet {
            for piece in pieces {
                self.skeleton.xml.extend_from_slice(piece);
            }
            let limit = self.limits.part;
            if self.skeleton.xml.len() as u64 > limit {
                return Err(too_large(
                    &format!("{} ha più di {} oltre alle celle", self.name, size(limit)),
                    &format!("{} has more than {} beside its cells", self.name, size(limit)),
                ));
            }
        }
        Ok(())
    }

    fn close(&mut self, name: &[u8], tag: &[u8]) -> Result<(), Error> {
        self.depth = self.depth.checked_sub(1).ok_or_else(|| self.fault("XML non valido", "invalid XML"))?;
        if self.part == Part::Cells && self.depth == 1 && tag_name(name) == b"sheetData" {
            self.part = Part::Sheet;
        }
        self.keep(&[b"<", tag, b">"])
    }

    fn open(&mut self, tag: &[u8]) -> Result<(), Error> {
        match self.part {
            Part::Cells => {
                if tag_name(tag) == b"row" {
                    self.row(tag)?;
                }
            }
            Part::Unknown => self.root(tag)?,
            Part::Strings => {
                if tag_name(tag) == b"si" {
                    self.count_string()?;
                }
            }
            Part::Sheet | Part::Other => {}
        }
        self.keep(&[b"<", tag, b">"])?;
        if tag.last() != Some(&b'/') {
            if self.part == Part::Sheet && self.depth == 1 && tag_name(tag) == b"sheetData" {
                self.part = Part::Cells;
            }
            self.depth += 1;
            if self.depth > self.limits.depth {
                let limit = self.limits.depth;
                return Err(self.fault(
                    &format!("elementi XML annidati oltre {limit} livelli"),
                    &format!("XML elements nested beyond {limit} levels"),
                ));
            }
        }
        Ok(())
    }

    fn root(&mut self, tag: &[u8]) -> Result<(), Error> {
        self.part = match tag_name(tag) {
            b"worksheet" => Part::Sheet,
            b"sst" => Part::Strings,
            _ => Part::Other,
        };
        if self.part == Part::Strings {
            let declared = tag_attributes(tag).find(|(n, _)| *n == b"uniqueCount").and_then(|(_, v)| number(v));
            if declared.is_some_and(|n| n > self.limits.shared as u64) {
                return Err(self.fault("numero di testi dichiarato assurdo", "absurd number of texts declared"));
            }
        }
        Ok(())
    }

    fn count_string(&mut self) -> Result<(), Error> {
        self.strings += 1;
        if self.strings > self.limits.shared {
            let limit = self.limits.shared;
            return Err(too_large(
                &format!("più di {limit} testi diversi"),
                &format!("more than {limit} distinct texts"),
            ));
        }
        Ok(())
    }

    fn row(&mut self, tag: &[u8]) -> Result<(), Error> {
        let (mut row, mut hidden) = (self.next_row, false);
        for (name, value) in tag_attributes(tag) {
            match name {
                b"r" => match number(value).and_then(|n| u32::try_from(n).ok()) {
                    Some(n) if (1..=CellRef::MAX_ROW + 1).contains(&n) => row = n - 1,
                    _ => return Err(self.fault("numero di riga impossibile", "impossible row number")),
                },
                b"hidden" => hidden = matches!(value, b"1" | b"true"),
                _ => {}
            }
        }
        self.next_row = row.saturating_add(1);
        if hidden && row <= CellRef::MAX_ROW {
            self.skeleton.hidden_rows.push(row);
        }
        Ok(())
    }
}

fn number(text: &[u8]) -> Option<u64> {
    std::str::from_utf8(text).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn linted(xml: &[u8], step: usize) -> Result<Option<Skeleton>, Error> {
        let limits = Limits::default();
        let mut lint = Lint::new("a.xml", &limits);
        xml.chunks(step).try_for_each(|block| lint.feed(block, |_| Ok(())))?;
        lint.end()
    }

    #[test]
    fn a_sheet_that_is_not_utf8_is_refused_wherever_blocks_end() {
        let sheet = |text: &[u8]| {
            [b"<worksheet><sheetData><row><c><v>", text, b"</v></c></row></sheetData></worksheet>"].concat()
        };
        let good = sheet("perché 𝒳".as_bytes());
        for step in 1..9 {
            assert!(linted(&good, step).is_ok(), "{step}");
            for bad in [&b"perch\xE9 no"[..], b"\xF0\x9D\x92", b"\x80"] {
                assert!(linted(&sheet(bad), step).is_err(), "{step} {bad:?}");
            }
        }
        assert!(linted(b"<other>perch\xE9</other>", 3).is_ok());
    }
}
