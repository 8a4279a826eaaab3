//! One pass over the records, before anything is made of them.

use std::collections::{BTreeMap, BTreeSet};

use super::records::{Record, records};
use super::texts::Shapes;
use crate::ingest::formats::{Style, of_builtin, of_code};
use crate::ingest::refuse;
use crate::model::{Area, CellRef, Error, Visibility};
use crate::package::{Limits, corrupt, too_large};

/// Cells that the rectangles around the values of all sheets may have: the library keeps each of them.
const DENSE: u64 = 4_000_000;
/// Sheets of one workbook.
const SHEETS: usize = 4_000;

const EOF: u16 = 0x000A;
const DATE_MODE: u16 = 0x0022;
const FILE_PASS: u16 = 0x002F;
const BOUND_SHEET: u16 = 0x0085;
const XF: u16 = 0x00E0;
const FORMAT: u16 = 0x041E;
const BOF: u16 = 0x0809;
const COLUMNS: u16 = 0x007D;
const ROW: u16 = 0x0208;
const MERGED: u16 = 0x00E5;
const MANY_NUMBERS: u16 = 0x00BD;
const FORMULA: u16 = 0x0006;
/// The text that the formula before it results in.
const RESULT: u16 = 0x0207;
/// What may stand between the two: a formula shared by several cells, an array, a table, what goes on.
const BETWEEN: &[u16] = &[0x04BC, 0x0221, 0x0236, 0x003C];
/// Formula, text, label, value of a truth or an error, number, short number: each begins with row, column and format.
const VALUES: &[u16] = &[0x0006, 0x00D6, 0x00FD, 0x0204, 0x0205, 0x0203, 0x027E];

/// What the records say of a sheet.
#[derive(Debug, Default)]
pub(super) struct Scanned {
    pub(super) name: String,
    pub(super) is_worksheet: bool,
    pub(super) visibility: Visibility,
    pub(super) merged: Vec<Area>,
    pub(super) hidden_rows: BTreeSet<u32>,
    pub(super) hidden_cols: BTreeSet<u32>,
    /// The number of the format of each value that has one.
    pub(super) styles: BTreeMap<CellRef, u16>,
    pub(super) shapes: Shapes,
    /// Formulas whose text no program computed.
    pub(super) uncalculated: BTreeSet<CellRef>,
    /// The formula whose text comes next.
    awaiting: Option<CellRef>,
    offset: usize,
    extent: Option<Area>,
}

/// What the records say of a workbook.
#[derive(Debug, Default)]
pub(super) struct Scan {
    pub(super) sheets: Vec<Scanned>,
    pub(super) date1904: bool,
    formats: Vec<Style>,
}

impl Scan {
    /// Scans a stream; refuses one that is encrypted, or larger than can be kept.
    pub(super) fn of(stream: &[u8], limits: &Limits) -> Result<Self, Error> {
        let mut scan = Self::default();
        scan.globals(stream)?;
        let mut sheets = std::mem::take(&mut scan.sheets);
        let (mut dense, mut cells, mut seen) = (0u64, 0usize, BTreeSet::new());
        for sheet in sheets.iter_mut().filter(|s| s.is_worksheet) {
            if !seen.insert(sheet.offset) {
                return Err(corrupt("due fogli hanno lo stesso contenuto", "two sheets have one content"));
            }
            cells += scan.sheet(stream, sheet);
            let limit = limits.cells;
            if cells > limit {
                return Err(too_large(&format!("più di {limit} celle"), &format!("more than {limit} cells")));
            }
            dense += sheet
                .extent
                .map_or(0, |a| u64::from(a.last.row - a.first.row + 1) * u64::from(a.last.col - a.first.col + 1));
            if dense > DENSE {
                return Err(refuse::far_apart(&sheet.name));
            }
        }
        scan.sheets = sheets;
        Ok(scan)
    }

    /// The format of a cell.
    pub(super) fn style(&self, styles: &BTreeMap<CellRef, u16>, at: CellRef) -> Style {
        let style = styles.get(&at).and_then(|xf| self.formats.get(usize::from(*xf)));
        style.copied().unwrap_or_default()
    }

    fn globals(&mut self, stream: &[u8]) -> Result<(), Error> {
        let mut codes = BTreeMap::new();
        let mut numbers = Vec::new();
        let mut is_new = true;
        for record in records(stream, 0) {
            match record.kind {
                EOF => break,
                BOF => is_new = record.word(0) == Some(0x0600),
                FILE_PASS => return Err(refuse::encrypted()),
                DATE_MODE => self.date1904 = record.word(0) == Some(1),
                FORMAT => {
                    let code = if is_new {
                        record.word(2).and_then(|n| record.text(4, usize::from(n), true))
                    } else {
                        record.content.get(2).and_then(|n| record.text(3, usize::from(*n), false))
                    };
                    if let (Some(id), Some(code)) = (record.word(0), code) {
                        codes.insert(id, of_code(&code));
                    }
                }
                XF => numbers.push(record.word(2).unwrap_or(0)),
                BOUND_SHEET => self.sheets.extend(bound_sheet(&record, is_new)),
                _ => {}
            }
            if self.sheets.len() > SHEETS {
                return Err(too_large(&format!("più di {SHEETS} fogli"), &format!("more than {SHEETS} sheets")));
            }
        }
        let style = |id: &u16| codes.get(id).copied().unwrap_or_else(|| of_builtin(u32::from(*id)));
        self.formats = numbers.iter().map(style).collect();
        Ok(())
    }

    /// The records of one sheet; how many values it has.
    fn sheet(&self, stream: &[u8], sheet: &mut Scanned) -> usize {
        let (mut cells, mut depth) = (0, 0usize);
        for record in records(stream, sheet.offset) {
            sheet.await_text(&record);
            match record.kind {
                BOF => depth += 1,
                EOF if depth <= 1 => break,
                EOF => depth -= 1,
                // Charts lie inside sheets as streams of their own.
                _ if depth > 1 => {}
                kind if VALUES.contains(&kind) => {
                    if let (Some(row), Some(col), Some(xf)) = (record.word(0), record.word(2), record.word(4)) {
                        cells += 1;
                        self.value(sheet, row, col, xf);
                    }
                }
                MANY_NUMBERS => cells += self.numbers(sheet, &record),
                ROW if record.long(12).is_some_and(|options| options & 0x20 != 0) => {
                    sheet.hidden_rows.extend(record.word(0).map(u32::from));
                }
                COLUMNS if record.word(8).is_some_and(|options| options & 1 != 0) => {
                    if let (Some(first), Some(last)) = (record.word(0), record.word(2)) {
                        sheet.hidden_cols.extend(u32::from(first)..=u32::from(last.min(255)));
                    }
                }
                MERGED => sheet.merged.extend((0..record.word(0).unwrap_or(0)).filter_map(|i| merged(&record, i))),
                _ => sheet.shapes.take(&record),
            }
        }
        sheet.merged.sort_unstable();
        sheet.merged.dedup();
        sheet.shapes.boxes.sort_by_key(|b| b.at);
        sheet.shapes.notes.sort_by_key(|n| n.at);
        cells
    }

    fn value(&self, sheet: &mut Scanned, row: u16, col: u16, xf: u16) {
        let at = CellRef::new(row.into(), col.into());
        let cell = Area::cell(at);
        sheet.extent = Some(sheet.extent.map_or(cell, |e| e.union(&cell)));
        if self.formats.get(usize::from(xf)).is_some_and(|s| *s != Style::default()) {
            sheet.styles.insert(at, xf);
        }
    }

    /// Row, first column, then format and number of each; the last column behind them.
    fn numbers(&self, sheet: &mut Scanned, record: &Record<'_>) -> usize {
        let (Some(row), Some(first)) = (record.word(0), record.word(2)) else { return 0 };
        let count = record.content.len().saturating_sub(6) / 6;
        for (i, col) in (0..count).zip(first..) {
            self.value(sheet, row, col, record.word(4 + i * 6).unwrap_or(0));
        }
        count
    }
}

impl Scanned {
    /// A formula that says that its result is a text has it in a record behind it.
    fn await_text(&mut self, record: &Record<'_>) {
        if BETWEEN.contains(&record.kind) {
            return;
        }
        let awaited = self.awaiting.take().filter(|_| record.kind != RESULT);
        self.uncalculated.extend(awaited);
        let is_text = record.kind == FORMULA && record.word(12) == Some(0xFFFF) && record.content.get(6) == Some(&0);
        if let (true, Some(row), Some(col)) = (is_text, record.word(0), record.word(2)) {
            self.awaiting = Some(CellRef::new(row.into(), col.into()));
        }
    }
}

fn bound_sheet(record: &Record<'_>, is_new: bool) -> Option<Scanned> {
    let visibility = match record.content.get(4)? & 3 {
        0 => Visibility::Visible,
        1 => Visibility::Hidden,
        _ => Visibility::VeryHidden,
    };
    let length = usize::from(*record.content.get(6)?);
    Some(Scanned {
        name: record.text(7, length, is_new)?.replace('\0', ""),
        is_worksheet: *record.content.get(5)? == 0,
        visibility,
        offset: usize::try_from(record.long(0)?).ok()?,
        ..Scanned::default()
    })
}

fn merged(record: &Record<'_>, number: u16) -> Option<Area> {
    let at = 2 + usize::from(number) * 8;
    let corner = |at: usize| record.word(at).map(u32::from);
    let (first, last) = ((corner(at)?, corner(at + 4)?), (corner(at + 2)?, corner(at + 6)?));
    let area = Area::new(CellRef::new(first.0, first.1), CellRef::new(last.0, last.1));
    (first.0 <= last.0 && first.1 <= last.1 && !area.is_cell()).then_some(area)
}
