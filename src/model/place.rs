//! Where something stands in a document, named as Excel names it.

use std::fmt;
use std::sync::Arc;

/// One cell of a sheet. Rows and columns count from 0; the text form is Excel's (`E10`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellRef {
    /// Row, from 0.
    pub row: u32,
    /// Column, from 0.
    pub col: u32,
}

impl CellRef {
    /// The last row of a sheet, from 0.
    pub const MAX_ROW: u32 = 1_048_575;
    /// The last column of a sheet (XFD), from 0.
    pub const MAX_COL: u32 = 16_383;

    /// The cell at `row` and `col`, both from 0.
    pub const fn new(row: u32, col: u32) -> Self {
        Self { row, col }
    }

    /// Reads `E10` or `$E$10`; `None` for anything else or beyond the last cell of a sheet.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix('$').unwrap_or(text);
        let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (name, rest) = text.split_at_checked(letters)?;
        let rest = rest.strip_prefix('$').unwrap_or(rest);
        if name.is_empty() || name.len() > 3 || rest.len() > 7 || !rest.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let col = name.bytes().fold(0u32, |n, b| n * 26 + u32::from(b.to_ascii_uppercase() - b'A') + 1);
        let row: u32 = rest.parse().ok()?;
        let at = Self::new(row.checked_sub(1)?, col.checked_sub(1)?);
        (at.row <= Self::MAX_ROW && at.col <= Self::MAX_COL).then_some(at)
    }
}

impl fmt::Display for CellRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", column_name(self.col), u64::from(self.row) + 1)
    }
}

/// The letters of a column (0 is `A`, 26 is `AA`).
pub fn column_name(col: u32) -> String {
    let mut name = Vec::new();
    let mut rest = u64::from(col) + 1;
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).unwrap_or(0);
        name.push(char::from(b'A' + digit));
        rest = (rest - 1) / 26;
    }
    name.iter().rev().collect()
}

/// A rectangle of cells, both corners included. The text form is Excel's (`A2:F129`, `B4` for one cell).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Area {
    /// Upper left corner.
    pub first: CellRef,
    /// Lower right corner.
    pub last: CellRef,
}

impl Area {
    /// The rectangle between two corners; `first` must be the upper left one.
    pub const fn new(first: CellRef, last: CellRef) -> Self {
        Self { first, last }
    }

    /// One cell as an area.
    pub const fn cell(at: CellRef) -> Self {
        Self { first: at, last: at }
    }

    /// Reads `A2:F129` or `B4`; corners in any order.
    pub fn parse(text: &str) -> Option<Self> {
        let (a, b) = text.split_once(':').unwrap_or((text, text));
        let (a, b) = (CellRef::parse(a)?, CellRef::parse(b)?);
        Some(Self {
            first: CellRef::new(a.row.min(b.row), a.col.min(b.col)),
            last: CellRef::new(a.row.max(b.row), a.col.max(b.col)),
        })
    }

    /// Whether `at` lies inside.
    pub const fn contains(&self, at: CellRef) -> bool {
        self.first.row <= at.row && at.row <= self.last.row && self.first.col <= at.col && at.col <= self.last.col
    }

    /// Whether the area is one cell.
    pub fn is_cell(&self) -> bool {
        self.first == self.last
    }

    /// The smallest area that holds both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self {
            first: CellRef::new(self.first.row.min(other.first.row), self.first.col.min(other.first.col)),
            last: CellRef::new(self.last.row.max(other.last.row), self.last.col.max(other.last.col)),
        }
    }
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_cell() { write!(f, "{}", self.first) } else { write!(f, "{}:{}", self.first, self.last) }
    }
}

/// What stands at a place, in words: `domanda 2.3, RISPOSTA`. Either part may hold commas of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Anchor {
    /// What it belongs to (`domanda 2.3`); empty where it belongs to no unit.
    pub unit: String,
    /// Which of its data it is, or what it is of the whole (`RISPOSTA`, `intestazione della tabella`); empty for a unit
    /// as such.
    pub part: String,
}

impl Anchor {
    /// An anchor of two parts, either of which may be empty.
    pub fn new(unit: impl Into<String>, part: impl Into<String>) -> Self {
        Self { unit: unit.into(), part: part.into() }
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.unit.is_empty() && self.part.is_empty()
    }
}

impl fmt::Display for Anchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let comma = if self.unit.is_empty() || self.part.is_empty() { "" } else { ", " };
        write!(f, "{}{comma}{}", self.unit, self.part)
    }
}

/// A place of a document as an official finds it.
///
/// Sheet and area for a workbook, line for a text; the anchor says in words what stands there
/// (`domanda 2.3, RISPOSTA`), the value what was found, exactly as found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The document, only when it is not the one the finding reports on.
    pub path: Option<String>,
    /// Position of the sheet in the workbook, for sorting and for annotation.
    pub sheet_index: u32,
    /// Name of the sheet.
    pub sheet: Option<Arc<str>>,
    /// The cell or range; `None` for a place in a text.
    pub area: Option<Area>,
    /// Line of a text, from 1.
    pub line: Option<u32>,
    /// What stands there, in words.
    pub anchor: Anchor,
    /// The value found, as found; `None` for an empty or absent cell.
    pub value: Option<Arc<str>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_read_back_as_written() {
        for (text, row, col) in
            [("A1", 0, 0), ("E10", 9, 4), ("AA1", 0, 26), ("XFD1048576", CellRef::MAX_ROW, CellRef::MAX_COL)]
        {
            assert_eq!(CellRef::parse(text), Some(CellRef::new(row, col)), "{text}");
            assert_eq!(CellRef::new(row, col).to_string(), text);
        }
        assert_eq!(CellRef::parse("$B$2"), Some(CellRef::new(1, 1)));
    }

    #[test]
    fn references_beyond_the_sheet_are_none() {
        for text in ["", "A", "1", "A0", "XFE1", "A1048577", "AAAA1", "A-1", "A1B"] {
            assert_eq!(CellRef::parse(text), None, "{text}");
        }
    }

    #[test]
    fn areas_print_as_excel_does() {
        let area = Area::parse("F129:A2").unwrap();
        assert_eq!(area.to_string(), "A2:F129");
        assert!(area.contains(CellRef::new(1, 0)) && !area.contains(CellRef::new(0, 0)));
        assert_eq!(Area::parse("C3").unwrap().to_string(), "C3");
    }
}
