//! Counts that lie across: the labels in one row, the values of each level in a row below. They are read as if they
//! stood one below the other, and know the cells they come from ([`Table::cards`]).

use super::kind::Kind;
use super::view::{SheetView, is_empty};
use super::{bounds, counts};
use crate::model::{Card, CellRef, GridCell, Sheet, Table};

/// Labels that the row must have.
const LEAST: usize = 4;
/// Rows of values below the labels.
const MOST_ROWS: usize = 12;

/// The tables of counts that lie across on a sheet.
pub(super) fn read(view: &SheetView<'_>, kind: &Kind) -> Vec<Table> {
    if view.sheet.cells.len() > bounds::CELLS {
        return Vec::new();
    }
    let Some(position) = counts::row_of_labels(view, kind, LEAST) else { return Vec::new() };
    let (sheet, cards) = turned(view, position);
    let mut tables = counts::read(&SheetView::new(view.number, &sheet), kind);
    for table in &mut tables {
        table.cards.clone_from(&cards);
    }
    tables
}

/// The rows above the labels as they are, then labels and values with rows and columns exchanged.
fn turned(view: &SheetView<'_>, labels: usize) -> (Sheet, Vec<Card>) {
    let mut sheet = Sheet { name: view.sheet.name.clone(), ..Sheet::default() };
    let mut rows: Vec<Vec<&GridCell>> = Vec::new();
    let filled = |range| view.cells(range).iter().filter(|c| !is_empty(c));
    for (_, range) in view.rows.iter().take(labels) {
        rows.push(filled(range).collect());
    }
    let block = view.rows.get(labels..).unwrap_or_default();
    let block = block.get(..block.len().min(MOST_ROWS)).unwrap_or_default();
    let mut columns: Vec<u32> = block.iter().flat_map(|(_, range)| filled(range)).map(|c| c.at.col).collect();
    columns.sort_unstable();
    columns.dedup();
    let above = rows.len();
    let card = |cells| Card::new(view.number, view.sheet.name.clone(), cells, None);
    let mut cards = Vec::new();
    for (at, cells) in (0..).zip(&rows) {
        let places: Vec<Option<CellRef>> = cells.iter().map(|c| Some(c.at)).collect();
        for (col, cell) in (0..).zip(cells) {
            sheet.cells.push(GridCell { at: CellRef::new(at, col), ..(*cell).clone() });
        }
        cards.extend(card(places));
    }
    for (at, column) in (u32::try_from(above).unwrap_or(u32::MAX)..).zip(columns) {
        let places: Vec<CellRef> = block.iter().map(|(row, _)| CellRef::new(*row, column)).collect();
        for (col, place) in (0..).zip(&places) {
            let found = view.sheet.get(*place).filter(|c| !is_empty(c));
            sheet.cells.extend(found.map(|cell| GridCell { at: CellRef::new(at, col), ..cell.clone() }));
        }
        cards.extend(card(places.into_iter().map(Some).collect()));
    }
    (sheet, cards)
}
