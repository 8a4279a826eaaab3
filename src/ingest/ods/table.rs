//! One sheet as it is read: where the next cell stands, and what repeats.

use std::collections::BTreeMap;

use super::lists::Lists;
use crate::ingest::sheet::List;
use crate::model::{Area, CellRef, Error, GridCell, Note, Sheet, TextBox, Visibility};
use crate::package::{corrupt, too_large};

/// Values that repeats may add to a workbook, and numbers of hidden rows that it may have.
const REPEATED: usize = 1_000_000;
const HIDDEN: usize = 4_000_000;
/// Areas with a list of answers.
const LISTED: usize = 100_000;

/// What all sheets share.
#[derive(Debug)]
pub(super) struct Budget {
    pub(super) cells: usize,
    repeated: usize,
    hidden: usize,
    listed: usize,
    limit: usize,
}

impl Budget {
    pub(super) fn new(cells: usize) -> Self {
        Self { cells, repeated: REPEATED, hidden: HIDDEN, listed: LISTED, limit: cells }
    }

    fn take(&mut self, repeated: usize, cells: usize) -> Result<(), Error> {
        let limit = self.limit;
        let much = || too_large(&format!("più di {limit} celle"), &format!("more than {limit} cells"));
        self.cells = self.cells.checked_sub(cells).ok_or_else(much)?;
        let much = || {
            too_large(&format!("più di {REPEATED} valori ripetuti"), &format!("more than {REPEATED} repeated values"))
        };
        self.repeated = self.repeated.checked_sub(repeated).ok_or_else(much)?;
        Ok(())
    }
}

/// A run of rows or columns, from the first to the last.
type Run = (u32, u32);

/// A sheet while its tags are open.
#[derive(Debug, Default)]
pub(super) struct Table {
    sheet: Sheet,
    next: (u32, u32),
    /// How often the row stands there, and what it began with.
    repeat: u32,
    row_cells: usize,
    row_merged: usize,
    cols: u32,
    hidden_rows: Vec<Run>,
    hidden_cols: Vec<Run>,
    lists: BTreeMap<String, Vec<Area>>,
}

impl Table {
    pub(super) fn new(name: &str, is_hidden: bool) -> Self {
        let visibility = if is_hidden { Visibility::Hidden } else { Visibility::Visible };
        Self { sheet: Sheet { name: name.into(), visibility, ..Sheet::default() }, ..Self::default() }
    }

    /// Where the open cell stands.
    pub(super) fn at(&self) -> CellRef {
        CellRef::new(self.next.0, self.next.1)
    }

    pub(super) fn columns(&mut self, repeat: u32, is_hidden: bool) {
        let first = self.cols;
        self.cols = first.saturating_add(repeat);
        if is_hidden && first <= CellRef::MAX_COL {
            self.hidden_cols.push((first, (self.cols - 1).min(CellRef::MAX_COL)));
        }
    }

    pub(super) fn row(&mut self, repeat: u32, is_hidden: bool) {
        self.next.1 = 0;
        self.repeat = repeat;
        (self.row_cells, self.row_merged) = (self.sheet.cells.len(), self.sheet.merged.len());
        if is_hidden {
            self.hidden_rows.push((self.next.0, self.next.0.saturating_add(repeat - 1)));
        }
    }

    /// The row ends: what it holds stands in each of its repetitions.
    pub(super) fn end_row(&mut self, budget: &mut Budget) -> Result<(), Error> {
        let cells = self.sheet.cells.get(self.row_cells..).unwrap_or_default().to_vec();
        let merged = self.sheet.merged.get(self.row_merged..).unwrap_or_default().to_vec();
        if !cells.is_empty() || !merged.is_empty() {
            let last = self.next.0.saturating_add(self.repeat - 1);
            if last > CellRef::MAX_ROW {
                return Err(self.beyond());
            }
            let copies = (self.repeat - 1) as usize;
            budget.take(copies.saturating_mul(cells.len() + merged.len()), copies.saturating_mul(cells.len()))?;
            for row in self.next.0 + 1..=last {
                let by = row - self.next.0;
                let down = |at: CellRef| CellRef::new(at.row.saturating_add(by).min(CellRef::MAX_ROW), at.col);
                self.sheet.cells.extend(cells.iter().map(|c| GridCell { at: down(c.at), ..c.clone() }));
                self.sheet.merged.extend(merged.iter().map(|a| Area::new(down(a.first), down(a.last))));
            }
        }
        self.next.0 = self.next.0.saturating_add(self.repeat);
        Ok(())
    }

    /// The open cell covers more than itself.
    pub(super) fn merge(&mut self, rows: u32, cols: u32) {
        let at = self.at();
        let last = CellRef::new(
            at.row.saturating_add(rows - 1).min(CellRef::MAX_ROW),
            at.col.saturating_add(cols - 1).min(CellRef::MAX_COL),
        );
        let area = Area::new(at, last);
        if !area.is_cell() && at.row <= CellRef::MAX_ROW && at.col <= CellRef::MAX_COL {
            self.sheet.merged.push(area);
        }
    }

    /// The open cell, and those after it that it stands for, take their answers from a list.
    pub(super) fn list(&mut self, name: &str, repeat: u32, budget: &mut Budget) {
        let (at, row) = (self.at(), self.next.0.saturating_add(self.repeat - 1).min(CellRef::MAX_ROW));
        let col = at.col.saturating_add(repeat - 1).min(CellRef::MAX_COL);
        if at.row > CellRef::MAX_ROW || at.col > CellRef::MAX_COL {
            return;
        }
        let areas = self.lists.entry(name.to_owned()).or_default();
        match areas.last_mut() {
            Some(last) if last.first.col == at.col && last.last.col == col && last.last.row + 1 == at.row => {
                last.last.row = row;
            }
            _ if budget.listed > 0 => {
                budget.listed -= 1;
                areas.push(Area::new(at, CellRef::new(row, col)));
            }
            _ => {}
        }
    }

    /// The open cell ends; `cell` is what it holds, as often as it stands there.
    pub(super) fn end_cell(&mut self, cell: Option<GridCell>, repeat: u32, budget: &mut Budget) -> Result<(), Error> {
        let at = self.at();
        let last = at.col.saturating_add(repeat - 1);
        if let Some(cell) = cell {
            if last > CellRef::MAX_COL || at.row > CellRef::MAX_ROW {
                return Err(self.beyond());
            }
            budget.take((repeat - 1) as usize, repeat as usize)?;
            let cells = (at.col..=last).map(|col| GridCell { at: CellRef::new(at.row, col), ..cell.clone() });
            self.sheet.cells.extend(cells);
        }
        self.next.1 = last.saturating_add(1);
        Ok(())
    }

    pub(super) fn note(&mut self, at: CellRef, author: String, text: String) {
        if at.row <= CellRef::MAX_ROW && at.col <= CellRef::MAX_COL {
            self.sheet.notes.push(Note { at, author, text });
        }
    }

    pub(super) fn text_box(&mut self, at: CellRef, text: &str) {
        if at.row <= CellRef::MAX_ROW && at.col <= CellRef::MAX_COL {
            self.sheet.boxes.push(TextBox { at, text: text.into() });
        }
    }

    /// The sheet with its lists, and those whose answers are to be looked up.
    pub(super) fn finish(self, answers: &Lists, budget: &mut Budget) -> Result<(Sheet, Vec<List>), Error> {
        let Self { mut sheet, hidden_rows, hidden_cols, lists, .. } = self;
        sheet.merged.sort_unstable();
        sheet.notes.sort_by_key(|n| n.at);
        sheet.boxes.sort_by_key(|b| b.at);
        // Only what lies beside a value can matter: programs hide the rest of a sheet down to its last row.
        let used = sheet.used().map_or(CellRef::new(0, 0), |a| a.last);
        let numbers = |runs: Vec<Run>, last: u32, budget: &mut Budget| {
            let mut all = Vec::new();
            for (first, end) in runs {
                let end = end.min(last);
                let length = end.checked_sub(first).map_or(0, |n| n as usize + 1);
                let much = || too_large("troppe righe nascoste", "too many hidden rows");
                budget.hidden = budget.hidden.checked_sub(length).ok_or_else(much)?;
                all.extend(first..first + u32::try_from(length).unwrap_or(0));
            }
            Ok::<_, Error>(all)
        };
        sheet.hidden_rows = numbers(hidden_rows, used.row, budget)?;
        sheet.hidden_cols = numbers(hidden_cols, used.col, budget)?;
        let (given, open) = answers.of(lists);
        sheet.dropdowns = given;
        Ok((sheet, open))
    }

    fn beyond(&self) -> Error {
        let name = &self.sheet.name;
        corrupt(
            &format!("foglio «{name}»: una cella oltre XFD1048576"),
            &format!("sheet “{name}”: a cell beyond XFD1048576"),
        )
    }
}
