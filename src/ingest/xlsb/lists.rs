//! Answer lists of binary parts, their formulas put into the words of those of XML parts.

use std::fmt::Write as _;

use super::records::{Record, records};
use crate::ingest::sheet::List;
use crate::ingest::workbook::DefinedName;
use crate::model::{Area, CellRef};

/// A sheet of the workbook.
pub(super) const BUNDLED_SHEET: u16 = 156;
const DEFINED_NAME: u16 = 39;
/// Where references lead to: other workbooks, this one, the same sheet, an add-in; and the table of sheets that formulas
/// count in.
const OTHER_BOOK: u16 = 355;
const THIS_BOOK: u16 = 357;
const SAME_SHEET: u16 = 358;
const ADD_IN: u16 = 667;
const SHEET_TABLE: u16 = 362;
/// A list, and one whose formula may name other sheets.
const VALIDATION: u16 = 64;
const VALIDATION_2010: u16 = 1_053;
/// The kind of validation that is a list.
const IS_LIST: u32 = 3;
/// The longest name of a sheet or a range that is followed, in bytes: programs write 255 characters at most.
const LONGEST: usize = 1_020;
/// Names that are kept.
const NAMES: usize = 1 << 17;

/// What formulas refer to by number.
#[derive(Debug, Default)]
pub(super) struct Book {
    /// The defined names, as formulas count them.
    pub(super) names: Vec<DefinedName>,
    sheets: Vec<String>,
    /// The sheet of each reference, none for several and for those of other workbooks.
    table: Vec<Option<usize>>,
}

impl Book {
    /// Reads the workbook part.
    pub(super) fn read(part: &[u8]) -> Self {
        let (mut book, mut is_this, mut formulas) = (Self::default(), Vec::new(), Vec::new());
        for record in records(part) {
            match record.kind {
                BUNDLED_SHEET => {
                    let name = record.text(8).and_then(|(_, end)| record.text(end));
                    book.sheets.push(name.map(|(name, _)| name).unwrap_or_default());
                }
                OTHER_BOOK | SAME_SHEET | ADD_IN => is_this.push(false),
                THIS_BOOK => is_this.push(true),
                SHEET_TABLE => book.table = table(&record, &is_this),
                DEFINED_NAME if book.names.len() < NAMES => {
                    let (name, end) = record.text(9).filter(|(n, _)| n.len() <= LONGEST).unwrap_or_default();
                    let local = record.long(5).filter(|sheet| *sheet != u32::MAX);
                    book.names.push(DefinedName { name, local, formula: String::new() });
                    formulas.push(tokens(&record, end));
                }
                _ => {}
            }
        }
        let written: Vec<_> = formulas.into_iter().map(|t| book.formula(t.unwrap_or_default(), None)).collect();
        for (name, formula) in book.names.iter_mut().zip(written) {
            name.formula = formula.unwrap_or_default();
        }
        book
    }

    /// The list that a record of a sheet holds.
    pub(super) fn list(&self, record: &Record<'_>) -> Option<List> {
        let (areas, tokens) = match record.kind {
            VALIDATION => validation(record)?,
            VALIDATION_2010 => validation_2010(record)?,
            _ => return None,
        };
        let base = areas.first()?.first;
        Some(List { areas, formula: self.formula(tokens, Some(base)).unwrap_or_default() })
    }

    /// A formula that is a text, a place or a name; `base` is the cell that relative places count from.
    fn formula(&self, tokens: &[u8], base: Option<CellRef>) -> Option<String> {
        // Blanks before what counts.
        let mut tokens = tokens;
        while let Some(rest) = tokens.strip_prefix(&[0x19, 0x40]) {
            tokens = rest.get(2..)?;
        }
        let record = Record { kind: 0, content: tokens };
        let token = record.byte(0)?;
        // The class of a reference does not matter here.
        let kind = if token >= 0x20 { token & 0x1F | 0x20 } else { token };
        let place =
            |at: usize, base: Option<CellRef>, is_area: bool| Some(place(&record, at, base, is_area)?.to_string());
        let (text, end) = match kind {
            0x17 => {
                let end = 3 + 2 * usize::from(record.word(1)?);
                let units = tokens.get(3..end)?.chunks_exact(2).filter_map(|c| c.try_into().ok());
                let text = char::decode_utf16(units.map(u16::from_le_bytes));
                let text: String = text.map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
                // As the older format parts the answers.
                (format!("\"{}\"", text.replace('"', "\"\"").replace('\0', ",")), end)
            }
            0x23 => {
                let number = usize::try_from(record.long(1)?).ok()?.checked_sub(1)?;
                (self.names.get(number)?.name.clone(), 5)
            }
            0x24 => (place(1, None, false)?, 7),
            0x25 => (place(1, None, true)?, 13),
            0x2C => (place(1, Some(base?), false)?, 7),
            0x2D => (place(1, Some(base?), true)?, 13),
            0x3A => (self.sheet(record.word(1)?)? + &*place(3, None, false)?, 9),
            0x3B => (self.sheet(record.word(1)?)? + &*place(3, None, true)?, 15),
            _ => return None,
        };
        // Behind the operand nothing but parentheses around it.
        tokens.get(end..)?.iter().all(|t| *t == 0x15).then_some(text)
    }

    /// The sheet of a reference with the sign that parts it from the place.
    fn sheet(&self, number: u16) -> Option<String> {
        let sheet = (*self.table.get(usize::from(number))?)?;
        let name = self.sheets.get(sheet).filter(|n| n.len() <= LONGEST)?;
        let mut text = String::new();
        write!(text, "'{}'!", name.replace('\'', "''")).ok()?;
        Some(text)
    }
}

/// The sheet of each reference; `is_this` tells of each workbook whether it is this one.
fn table(record: &Record<'_>, is_this: &[bool]) -> Vec<Option<usize>> {
    let of = |entry: &[u8]| {
        let entry = Record { kind: 0, content: entry };
        let (book, first, last) = (entry.long(0)?, entry.long(4)?, entry.long(8)?);
        let is_this = is_this.get(usize::try_from(book).ok()?).copied().unwrap_or(false);
        usize::try_from(first).ok().filter(|_| is_this && first == last)
    };
    record.content.get(4..).unwrap_or_default().chunks_exact(12).map(of).collect()
}

/// An area as four numbers: first and last row, first and last column.
pub(super) fn area(record: &Record<'_>, at: usize) -> Option<Area> {
    let (first, last) = ((record.long(at)?, record.long(at + 8)?), (record.long(at + 4)?, record.long(at + 12)?));
    let fits = first.0 <= last.0 && first.1 <= last.1 && last.0 <= CellRef::MAX_ROW && last.1 <= CellRef::MAX_COL;
    fits.then(|| Area::new(CellRef::new(first.0, first.1), CellRef::new(last.0, last.1)))
}

/// The cell or area that a formula names; parts marked as relative count from `base`, where there is one.
fn place(record: &Record<'_>, at: usize, base: Option<CellRef>, is_area: bool) -> Option<Area> {
    let columns = at + if is_area { 8 } else { 4 };
    let corner = |row: usize, col: usize| {
        let (row, marks) = (record.long(row)?, record.word(col)?);
        let (mut row, mut col) = (row, u32::from(marks & 0x3FFF));
        if let Some(base) = base {
            if marks & 0x8000 != 0 {
                row = row.wrapping_add(base.row) & CellRef::MAX_ROW;
            }
            if marks & 0x4000 != 0 {
                col = (col + base.col) & CellRef::MAX_COL;
            }
        }
        (row <= CellRef::MAX_ROW).then(|| CellRef::new(row, col))
    };
    let first = corner(at, columns)?;
    let last = if is_area { corner(at + 4, columns + 2)? } else { first };
    (first.row <= last.row && first.col <= last.col).then(|| Area::new(first, last))
}

/// The tokens of a formula whose length stands before them.
fn tokens<'a>(record: &Record<'a>, at: usize) -> Option<&'a [u8]> {
    let length = usize::try_from(record.long(at)?).ok()?;
    record.content.get(at + 4..(at + 4).checked_add(length)?)
}

/// So many areas, and the offset behind them. Those that are none are left out.
fn areas(record: &Record<'_>, at: usize) -> Option<(Vec<Area>, usize)> {
    let end = usize::try_from(record.long(at)?).ok()?.checked_mul(16)?.checked_add(at + 4)?;
    let all = record.content.get(at + 4..end)?.chunks_exact(16);
    Some((all.filter_map(|content| area(&Record { kind: 0, content }, 0)).collect(), end))
}

/// The areas of a list and the tokens of its formula.
fn validation<'a>(record: &Record<'a>) -> Option<(Vec<Area>, &'a [u8])> {
    record.long(0).filter(|flags| flags & 0xF == IS_LIST)?;
    let (areas, mut at) = areas(record, 4)?;
    // Titles and texts of the prompt and the refusal.
    for _ in 0..4 {
        at = record.text(at)?.1;
    }
    Some((areas, tokens(record, at)?))
}

/// The same as an extension: areas and formulas stand in front, each behind marks of its own.
fn validation_2010<'a>(record: &Record<'a>) -> Option<(Vec<Area>, &'a [u8])> {
    let marks = record.long(0)?;
    let count = |at: usize| Some((record.long(at)?, at + 4));
    let (mut found, mut at) = (Vec::new(), 4);
    if marks & 1 != 0 {
        let (number, start) = count(at)?;
        at = start;
        for _ in 0..number {
            found.extend(area(record, at + 4));
            at += 20;
            record.content.get(at..)?;
        }
    }
    if marks & 2 != 0 {
        let (number, start) = count(at)?;
        at = start;
        for _ in 0..number {
            let (more, end) = areas(record, at + 4)?;
            found.extend(more);
            at = end;
        }
    }
    let mut first = None;
    if marks & 4 != 0 {
        let (number, start) = count(at)?;
        at = start;
        for _ in 0..number {
            // Both lengths, then what they measure.
            let start = at + 12;
            let end = start.checked_add(usize::try_from(record.long(at + 4)?).ok()?)?;
            let tokens = record.content.get(start..end)?;
            first.get_or_insert(tokens);
            at = end.checked_add(usize::try_from(record.long(at + 8)?).ok()?)?;
        }
    }
    record.long(at).filter(|flags| flags & 0xF == IS_LIST)?;
    Some((found, first?))
}
