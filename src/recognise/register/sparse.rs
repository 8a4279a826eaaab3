//! Columns written only where their value changes: an area on the first row of its processes, nothing on the others.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Reader;
use crate::model::{CellId, Flag, Record};
use crate::text;

/// Least values and least blanks for a column to be one of those: one blank is a slip.
const LEAST: usize = 2;

impl Reader<'_> {
    /// Fills the columns that are written only where their value changes.
    pub(super) fn fill_sparse(&mut self) {
        let slots = self.fill.iter().copied();
        let of_unit = |slot: usize| self.table.fields.get(slot).is_some_and(|f| self.schedule.register.own.contains(f));
        let above = |slot: &usize| !self.key.contains(slot) && !self.below.contains(slot) && !of_unit(*slot);
        let slots: Vec<usize> = slots.filter(above).filter(|s| self.is_sparse(*s)).collect();
        for slot in slots {
            self.fill_slot(slot);
        }
    }

    /// Whether no value stands under itself: where a column is filled on every row, values come back on rows that follow
    /// each other, and a blank among them is a gap. Where blanks are few, no value may come back at all.
    fn is_sparse(&self, slot: usize) -> bool {
        let (mut values, mut blanks) = (0, 0);
        let mut above: Option<&Arc<str>> = None;
        for record in &self.table.records {
            let Some(cell) = cell_of(record, slot).and_then(|id| self.table.cell(id)) else { return false };
            let own = !cell.flags.has(Flag::FilledDown);
            if !own && self.view.merged(cell.at).is_some() {
                return false;
            }
            let blank = text::is_blank(&cell.raw);
            // A row that goes on with the process above has its cell blank too.
            blanks += usize::from(!own || blank);
            if own && !blank {
                // Equal texts are mostly one shared text.
                if above.is_some_and(|above| Arc::ptr_eq(above, &cell.raw)) {
                    return false;
                }
                values += 1;
                above = Some(&cell.raw);
            }
            if values == 0 {
                return false;
            }
        }
        values >= LEAST && blanks >= LEAST && self.is_apart(slot, blanks >= values)
    }

    /// Whether no value of a column stands under itself, nor, unless it may, comes back further below.
    fn is_apart(&self, slot: usize, may_come_back: bool) -> bool {
        let cells = self.table.records.iter().filter_map(|r| self.table.cell(cell_of(r, slot)?));
        let mut above: Option<String> = None;
        let mut distinct: BTreeSet<String> = BTreeSet::new();
        for cell in cells.filter(|c| !c.flags.has(Flag::FilledDown) && !text::is_blank(&c.raw)) {
            let own = text::identity(&cell.raw);
            if above.is_some_and(|above| above == own) || !may_come_back && !distinct.insert(own.clone()) {
                return false;
            }
            above = Some(own);
        }
        true
    }

    fn fill_slot(&mut self, slot: usize) {
        let ids: Vec<CellId> = self.table.records.iter().filter_map(|r| cell_of(r, slot)).collect();
        let mut above = None;
        for id in ids {
            let Some(cell) = self.table.cells.get_mut(id as usize) else { continue };
            if !text::is_blank(&cell.raw) {
                above = Some(cell.clone());
            } else if let Some(given) = &above {
                *cell = given.clone();
                cell.flags.insert(Flag::FilledDown);
            }
        }
    }
}

fn cell_of(record: &Record, slot: usize) -> Option<CellId> {
    record.slots.first(slot)
}
