//! How the rows that a table counts lie on its sheets, where they do not lie as it counts them.

use std::sync::Arc;

use super::place::{Area, CellRef};

/// A row of a table as it lies on a sheet: a card with labels and values, or a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The document that it is of, where the table is of several.
    pub path: Option<Arc<str>>,
    /// Index of the sheet in the grid.
    pub sheet: u32,
    /// Name of the sheet.
    pub sheet_name: Arc<str>,
    /// All of it.
    pub area: Area,
    /// The cell of each column, where the card has one.
    pub cells: Vec<Option<CellRef>>,
}

impl Card {
    /// The row with these cells on a sheet; `labels` are those that it has beside them. None without any place.
    pub(crate) fn new(
        sheet: u32,
        sheet_name: Arc<str>,
        cells: Vec<Option<CellRef>>,
        labels: Option<Area>,
    ) -> Option<Self> {
        let areas = cells.iter().flatten().map(|at| Area::cell(*at)).chain(labels);
        let area = areas.reduce(|a, b| a.union(&b))?;
        Some(Self { path: None, sheet, sheet_name, area, cells })
    }

    /// Where an area of the table stands that begins with this row: its cells in `rows` on the same sheet, else all of
    /// the row.
    pub(super) fn locate(&self, rows: &[Self], area: Area) -> Area {
        let columns = area.first.col as usize..=area.last.col as usize;
        let rows = rows.iter().filter(|row| row.sheet == self.sheet);
        let cells = rows.flat_map(|row| row.cells.get(columns.clone()).unwrap_or_default()).flatten();
        cells.map(|at| Area::cell(*at)).reduce(|a, b| a.union(&b)).unwrap_or(self.area)
    }
}

/// The rows of a table on one of its sheets: the table counts them through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TablePart {
    /// First row, as the table counts.
    pub from: u32,
    /// The same row on the sheet.
    pub row: u32,
    /// Index of the sheet in the grid.
    pub sheet: u32,
    /// Name of the sheet.
    pub sheet_name: Arc<str>,
}
