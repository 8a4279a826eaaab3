//! The records of one sheet to its cells and what stands around them.

use std::collections::BTreeSet;

use super::Shared;
use super::lists::area;
use super::records::{Record, records};
use crate::ingest::dates::DAYS_1904;
use crate::ingest::sheet::List;
use crate::model::{CellRef, Error, Format, GridCell, Scalar, Sheet};
use crate::package::{corrupt, too_large};

const ROW: u16 = 0;
const COLUMNS: u16 = 60;
const END_OF_CELLS: u16 = 146;
const MERGED: u16 = 176;
/// Blank, short number, error, truth, number, text, shared text, the same four as results of formulas.
const FIRST: u16 = 1;
const LAST: u16 = 11;
/// The first seven again, of the cell right of the one before.
const SHORT_FIRST: u16 = 12;
const SHORT_LAST: u16 = 18;
/// A text with formats of its own.
const RICH: u16 = 62;

/// Reads a sheet into `sheet`; its answer lists before their options are known.
pub(super) fn read(part: &[u8], sheet: &mut Sheet, shared: &mut Shared<'_>) -> Result<Vec<List>, Error> {
    let (mut row, mut col) = (0, 0);
    let (mut is_whole, mut disordered) = (false, false);
    let (mut hidden_rows, mut hidden_cols) = (BTreeSet::new(), BTreeSet::new());
    let mut lists = Vec::new();
    for record in records(part) {
        match record.kind {
            ROW => {
                row = record.long(0).filter(|row| *row <= CellRef::MAX_ROW).ok_or_else(|| beyond(sheet))?;
                col = 0;
                if record.byte(11).is_some_and(|flags| flags & 0x10 != 0) {
                    hidden_rows.insert(row);
                }
            }
            COLUMNS if record.word(16).is_some_and(|flags| flags & 1 != 0) => {
                if let (Some(first), Some(last)) = (record.long(0), record.long(4)) {
                    hidden_cols.extend(first..=last.min(CellRef::MAX_COL));
                }
            }
            MERGED => sheet.merged.extend(area(&record, 0).filter(|a| !a.is_cell())),
            END_OF_CELLS => is_whole = true,
            FIRST..=LAST | SHORT_FIRST..=SHORT_LAST | RICH => {
                let (kind, start) = match record.kind {
                    short @ SHORT_FIRST..=SHORT_LAST => (short - LAST, 0),
                    kind => (kind, 4),
                };
                if start > 0 {
                    col = record.long(0).unwrap_or(u32::MAX);
                }
                if col > CellRef::MAX_COL {
                    return Err(beyond(sheet));
                }
                let at = CellRef::new(row, col);
                col += 1;
                let found = cell(&record, kind, start, shared)?.map_err(|()| fault(sheet, at))?;
                let Some((value, format)) = found else { continue };
                shared.count()?;
                disordered |= sheet.cells.last().is_some_and(|last: &GridCell| last.at >= at);
                sheet.cells.push(GridCell { at, value, format });
            }
            _ => lists.extend(shared.list(&record)),
        }
    }
    if !is_whole {
        return Err(corrupt(
            &format!("il foglio «{}» è incompleto", sheet.name),
            &format!("sheet “{}” is incomplete", sheet.name),
        ));
    }
    if disordered {
        sheet.cells.reverse();
        sheet.cells.sort_by_key(|c| c.at);
        sheet.cells.dedup_by_key(|c| c.at);
    }
    sheet.merged.sort_unstable();
    sheet.merged.dedup();
    sheet.hidden_rows = hidden_rows.into_iter().collect();
    sheet.hidden_cols = hidden_cols.into_iter().collect();
    Ok(lists)
}

/// What a cell holds, `None` for nothing; an inner error for what no program writes.
type Found = Result<Option<(Scalar, Format)>, ()>;

fn cell(record: &Record<'_>, kind: u16, start: usize, shared: &mut Shared<'_>) -> Result<Found, Error> {
    let number = record.long(start).and_then(|s| usize::try_from(s & 0x00FF_FFFF).ok()).unwrap_or(0);
    let style = shared.styles.get(number).copied().unwrap_or_default();
    let at = start + 4;
    let real = |n: Option<f64>| {
        let n = n.filter(|n| n.is_finite())?;
        Some(Scalar::Number(if shared.date1904 && style.calendar { n + DAYS_1904 } else { n }))
    };
    let text = |at: usize| record.text(at).map(|(text, _)| text);
    let value = match kind {
        1 => return Ok(Ok(None)),
        2 => real(record.long(at).map(short_number)),
        3 | 11 => match record.byte(at).and_then(error) {
            Some(error) => Some(Scalar::Error(shared.texts.keep(error)?)),
            None => None,
        },
        4 | 10 => record.byte(at).map(|b| Scalar::Bool(b != 0)),
        5 | 9 => real(record.real(at)),
        7 => {
            let index = record.long(at).and_then(|i| usize::try_from(i).ok());
            index.and_then(|i| shared.strings.get(i)).map(|text| Scalar::Text(text.clone()))
        }
        // A text, in a rich one behind a byte that tells what follows.
        _ => match text(at + usize::from(kind == RICH)) {
            Some(text) => Some(Scalar::Text(shared.texts.keep(&text.replace("\r\n", "\n"))?)),
            None => None,
        },
    };
    Ok(match value {
        Some(Scalar::Text(text)) if text.is_empty() => Ok(None),
        Some(value) => Ok(Some((value, style.format))),
        None => Err(()),
    })
}

/// Thirty bits, and two that tell what they are: a hundredth, a whole number.
fn short_number(bits: u32) -> f64 {
    let n = if bits & 2 != 0 { f64::from(bits.cast_signed() >> 2) } else { f64::from_bits(u64::from(bits & !3) << 32) };
    if bits & 1 != 0 { n / 100.0 } else { n }
}

fn error(code: u8) -> Option<&'static str> {
    Some(match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        0x2A => "#N/A",
        0x2B => "#GETTING_DATA",
        _ => return None,
    })
}

fn beyond(sheet: &Sheet) -> Error {
    corrupt(
        &format!("foglio «{}»: una cella oltre XFD1048576", sheet.name),
        &format!("sheet “{}”: a cell beyond XFD1048576", sheet.name),
    )
}

fn fault(sheet: &Sheet, at: CellRef) -> Error {
    let name = &sheet.name;
    corrupt(
        &format!("foglio «{name}», cella {at}: un valore non valido"),
        &format!("sheet “{name}”, cell {at}: an invalid value"),
    )
}

impl Shared<'_> {
    /// One cell more.
    fn count(&mut self) -> Result<(), Error> {
        let limit = self.limits.cells;
        self.left = self
            .left
            .checked_sub(1)
            .ok_or_else(|| too_large(&format!("più di {limit} celle"), &format!("more than {limit} cells")))?;
        Ok(())
    }

    /// The answer list that a record holds, within the bound.
    fn list(&mut self, record: &Record<'_>) -> Option<List> {
        let list = self.book.list(record)?;
        self.listed = self.listed.checked_sub(list.areas.len())?;
        Some(list)
    }
}
