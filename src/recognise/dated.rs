//! Terms without a year («entro marzo»): the year of the document is theirs.

use crate::model::{CellId, Head, Table, Value};
use crate::pack::{CellReader, FieldKind, Schedule};

/// Reads the terms again that say nothing without a year, once the head tells it.
pub(super) fn with_year(table: &mut Table, schedule: &Schedule, head: &Head) {
    let year = schedule.year().and_then(|name| head.get(name)).and_then(|e| e.text.trim().parse::<i16>().ok());
    let Some(year) = year else { return };
    let mut reader = None;
    for (slot, field) in table.fields.clone().iter().enumerate() {
        let Some(spec) = schedule.field(field).filter(|s| matches!(s.kind, FieldKind::Timing | FieldKind::Value))
        else {
            continue;
        };
        let ids: Vec<CellId> = table.records.iter().flat_map(|r| r.slots.cells(slot).iter()).collect();
        let reader = reader.get_or_insert_with(|| CellReader::new(schedule, Some(year)));
        for id in ids {
            let cell = table.cells.get_mut(id as usize).filter(|c| c.value == Value::Text);
            let Some(cell) = cell else { continue };
            let (value, flags) = reader.read(&cell.text, None, Some(spec));
            if value != Value::Text {
                cell.content_mut().value = value;
                cell.flags = cell.flags.and(flags);
            }
        }
    }
}
