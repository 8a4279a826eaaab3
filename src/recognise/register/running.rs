//! Columns whose value holds until another stands there: the strategic objective, written over the first of its own.

use crate::model::{CellId, FieldSlot, Flag, Table};
use crate::pack::Schedule;
use crate::text;

/// Fills such columns down. Where a value is written twice in a row, or the first row has none, a blank says nothing.
pub(super) fn fill(table: &mut Table, schedule: &Schedule) {
    for field in &schedule.register.running {
        let Some(slot) = table.slot(field) else { continue };
        if runs(table, slot) {
            fill_slot(table, slot);
        }
    }
}

fn id(table: &Table, record: usize, slot: usize) -> Option<CellId> {
    table.records.get(record)?.slots.first(slot)
}

/// The value written on the row itself or in a cell merged into it.
fn value(table: &Table, record: usize, slot: usize) -> Option<String> {
    let cell = table.cell(id(table, record, slot)?)?;
    (!cell.value.is_missing()).then(|| text::identity(&cell.text))
}

fn runs(table: &Table, slot: usize) -> bool {
    let mut blanks = false;
    let mut above: Option<String> = None;
    for record in 0..table.records.len() {
        let own = value(table, record, slot);
        if own.is_none() && record == 0 || own.is_some() && own == above {
            return false;
        }
        blanks |= own.is_none();
        above = own;
    }
    blanks
}

fn fill_slot(table: &mut Table, slot: usize) {
    let mut above: Option<CellId> = None;
    for record in 0..table.records.len() {
        if value(table, record, slot).is_some() {
            above = id(table, record, slot);
            continue;
        }
        let Some(mut cell) = above.and_then(|id| table.cell(id)).cloned() else { continue };
        cell.flags.insert(Flag::FilledDown);
        let own = table.push(cell);
        if let Some(record) = table.records.get_mut(record) {
            record.slots.set(slot, FieldSlot::One(own));
        }
    }
}
