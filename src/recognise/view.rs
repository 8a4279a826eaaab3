//! A sheet seen as rows of shown texts.

use std::ops::Range;
use std::sync::Arc;

use super::{bounds, years};
use crate::model::{Area, AreaIndex, CellRef, Format, GridCell, Scalar, Sheet, UNCALCULATED, Value};
use crate::pack::decimal;
use crate::text;

/// A sheet with its rows that hold something.
#[derive(Debug)]
pub(super) struct SheetView<'a> {
    /// Index of the sheet in the grid.
    pub(super) number: u32,
    pub(super) sheet: &'a Sheet,
    /// Row number and its cells, for every row with text in it.
    pub(super) rows: Vec<(u32, Range<usize>)>,
    merged: AreaIndex,
}

impl<'a> SheetView<'a> {
    pub(super) fn new(number: u32, sheet: &'a Sheet) -> Self {
        let mut rows: Vec<(u32, Range<usize>)> = Vec::new();
        for (i, cell) in sheet.cells.iter().enumerate() {
            match rows.last_mut() {
                Some((row, range)) if *row == cell.at.row => range.end = i + 1,
                _ => rows.push((cell.at.row, i..i + 1)),
            }
        }
        rows.retain(|(_, range)| sheet.cells.get(range.clone()).unwrap_or_default().iter().any(|c| !is_empty(c)));
        Self { number, sheet, rows, merged: AreaIndex::new(&sheet.merged) }
    }

    /// The cells of a range of `rows`.
    pub(super) fn cells(&self, range: &Range<usize>) -> &'a [GridCell] {
        self.sheet.cells.get(range.clone()).unwrap_or_default()
    }

    /// Position in `rows` of the first row at or below `row`.
    pub(super) fn position(&self, row: u32) -> usize {
        self.rows.partition_point(|(r, _)| *r < row)
    }

    /// The cells of the row, left to right; none for a row without text.
    pub(super) fn row(&self, row: u32) -> &'a [GridCell] {
        match self.rows.get(self.position(row)) {
            Some((r, range)) if *r == row => self.cells(range),
            _ => &[],
        }
    }

    /// The text shown at a place, empty if there is none.
    pub(super) fn text(&self, at: CellRef) -> Arc<str> {
        self.sheet.get(at).map_or_else(|| "".into(), shown)
    }

    /// The merged area over `at` that is more than one cell.
    pub(super) fn merged(&self, at: CellRef) -> Option<Area> {
        self.merged.find(at)
    }
}

/// The words of a heading, a title or a label; none of a longer text, which is prose.
pub(super) fn brief_words(text: &str) -> String {
    if text.len() <= bounds::WORDS { text::words(text) } else { String::new() }
}

/// Whether a cell holds a number that is no year: years stand in headings, other figures in data.
pub(super) fn is_figure(cell: &GridCell) -> bool {
    matches!(cell.value, Scalar::Number(n) if !years::is(n))
}

/// Whether a cell holds nothing but blanks.
pub(super) fn is_empty(cell: &GridCell) -> bool {
    matches!(&cell.value, Scalar::Text(t) if text::is_blank(t))
}

/// The text that a cell shows: numbers as an Italian reads them, dates and percentages by their format.
pub(super) fn shown(cell: &GridCell) -> Arc<str> {
    match (&cell.value, cell.format) {
        (Scalar::Text(t) | Scalar::Error(t), _) => t.clone(),
        (Scalar::Uncalculated, _) => UNCALCULATED.into(),
        (Scalar::Number(n), Format::Date) => match text::date_of_serial(*n) {
            Some(date) => text::format_date(date).into(),
            None => n.to_string().into(),
        },
        (Scalar::Number(n), Format::Percent) => format!("{}%", plain(*n * 100.0)).into(),
        (Scalar::Number(n), _) => plain(*n).into(),
        (Scalar::Bool(b), _) => Arc::from(if *b { "VERO" } else { "FALSO" }),
    }
}

/// A number without separator of thousands, with the decimal comma.
fn plain(n: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "a whole number below 2^53 is exact")]
    if n.fract() == 0.0 && n.abs() < 9e15 {
        return (n as i64).to_string();
    }
    let rounded = decimal(n).map(|d| d.round_dp(10).normalize());
    rounded.map_or_else(|| n.to_string(), |d| d.to_string().replace('.', ","))
}

/// The stored number of a cell with its format.
pub(super) fn number(cell: &GridCell) -> Option<(f64, Format)> {
    match cell.value {
        Scalar::Number(n) => Some((n, cell.format)),
        _ => None,
    }
}

/// What a cell says whatever its field: a formula that failed, or that has no result.
pub(super) fn formula_value(cell: &GridCell) -> Option<Value> {
    match &cell.value {
        Scalar::Error(error) => Some(Value::Error(Box::from(&**error))),
        Scalar::Uncalculated => Some(Value::Uncalculated),
        _ => None,
    }
}
