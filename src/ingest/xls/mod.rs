//! Workbooks of the old binary kind (`.xls`): values by calamine, which keeps each sheet as one dense rectangle; so
//! the records are scanned first, and rectangles out of all proportion refused.
//!
//! The scan also finds what calamine does not tell: formats, hidden rows and columns, merged areas, notes, text boxes.

mod records;
mod scan;
mod texts;

use std::collections::BTreeSet;
use std::io::Cursor;

use calamine::{Data, Range, Reader, Xls};

use super::dates::DAYS_1904;
use super::formats::Style;
use super::texts::Texts;
use super::{own, refuse};
use crate::model::{CellRef, Error, Format, Grid, GridCell, Scalar, Sheet, guarded};
use crate::package::{Limits, compound_stream, corrupt, within};
use scan::Scan;

/// The stream of records, as newer and older versions call it.
const STREAMS: &[&str] = &["Workbook", "Book"];

/// Reads a workbook.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Grid, Error> {
    within(bytes.len() as u64, limits)?;
    let stream = compound_stream(bytes, STREAMS)?.ok_or_else(refuse::no_xls)?;
    let mut scan = Scan::of(&stream, limits)?;
    drop(stream);
    // The library may stumble over what no program writes.
    let open = || Xls::new(Cursor::new(bytes)).map_err(|e| broken().because(e));
    let mut book = guarded(open).unwrap_or_else(|panic| Err(broken().because(panic)))?;
    let mut texts = Texts::none(limits);
    let mut sheets = Vec::new();
    // The library knows the encoding of names in old versions.
    let names = book.sheet_names();
    let scanned = std::mem::take(&mut scan.sheets).into_iter().zip(names);
    for (scanned, name) in scanned.filter(|(s, _)| s.is_worksheet) {
        let range = guarded(|| book.worksheet_range(&name)).map_err(|panic| broken().because(panic))?;
        let range = range.map_err(|e| broken().because(e))?;
        let mut cells = cells(&range, |at| scan.style(&scanned.styles, at), scan.date1904, &mut texts)?;
        let known: BTreeSet<CellRef> = cells.iter().map(|c| c.at).collect();
        let unknown = scanned.uncalculated.into_iter().filter(|at| !known.contains(at));
        cells.extend(unknown.map(|at| GridCell { at, value: Scalar::Uncalculated, format: Format::General }));
        cells.sort_by_key(|c| c.at);
        texts.cells(&name, &cells)?;
        if own::is_report(&cells) {
            continue;
        }
        sheets.push(Sheet {
            name: name.into(),
            visibility: scanned.visibility,
            cells,
            merged: scanned.merged,
            hidden_rows: scanned.hidden_rows.into_iter().collect(),
            hidden_cols: scanned.hidden_cols.into_iter().collect(),
            boxes: scanned.shapes.boxes,
            notes: scanned.shapes.notes,
            ..Sheet::default()
        });
    }
    if sheets.is_empty() {
        return Err(refuse::no_sheets());
    }
    Ok(Grid { sheets, remarks: Vec::new() })
}

/// The cells of a range that hold something.
fn cells(
    range: &Range<Data>,
    style: impl Fn(CellRef) -> Style,
    date1904: bool,
    texts: &mut Texts,
) -> Result<Vec<GridCell>, Error> {
    let (first_row, first_col) = range.start().unwrap_or_default();
    let mut cells = Vec::new();
    for (row, col, value) in range.used_cells() {
        let offset = |from: u32, by: usize| u32::try_from(by).map_or(u32::MAX, |by| from.saturating_add(by));
        let at = CellRef::new(offset(first_row, row), offset(first_col, col));
        let style = style(at);
        if let Some(value) = scalar(value, style, date1904, texts)? {
            let format = if matches!(value, Scalar::Number(_)) || style.format == Format::Text {
                style.format
            } else {
                Format::General
            };
            cells.push(GridCell { at, value, format });
        }
    }
    Ok(cells)
}

fn scalar(value: &Data, style: Style, date1904: bool, texts: &mut Texts) -> Result<Option<Scalar>, Error> {
    let shifted = |n: f64| if date1904 && style.calendar { n + DAYS_1904 } else { n };
    let number = |n: f64| n.is_finite().then(|| Scalar::Number(shifted(n)));
    #[expect(
        clippy::cast_precision_loss,
        reason = "the container itself stores no more than 30 bits as a whole number"
    )]
    let whole = |n: i64| number(n as f64);
    Ok(match value {
        Data::Empty => None,
        Data::Int(n) => whole(*n),
        Data::Float(n) => number(*n),
        Data::DateTime(date) => number(date.as_f64()),
        Data::Bool(b) => Some(Scalar::Bool(*b)),
        Data::Error(error) => Some(Scalar::Error(texts.keep(&error.to_string())?)),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) if text.is_empty() => None,
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => {
            Some(Scalar::Text(texts.keep(&text.replace("\r\n", "\n"))?))
        }
    })
}

fn broken() -> Error {
    corrupt("i suoi dati non si leggono", "its data cannot be read")
}
