//! Counts: one unit for each row of the form, printed or not.

use std::sync::Arc;

use super::super::schedule::Pack;
use super::push_text;
use crate::model::{Entity, FieldSlot, Missing, Slots, Table, Unit, Value};

/// Makes the counts of a table of shape `counts`. `entries` tells for each record which row of the form it
/// is. A required row that is not printed becomes a unit of blank cells placed on the table's heading.
pub fn assemble_counts(table: &mut Table, pack: &Pack, entries: &[Option<usize>]) {
    let (Some(spec), Some(form)) = (&pack.schedule.counts, pack.form()) else { return };
    let variant = table.variant.clone();
    let mut units: Vec<(String, Unit)> = Vec::new();
    for (index, entry) in form.entries.iter().enumerate() {
        if variant.as_deref() != entry.get("variant") {
            continue;
        }
        let key = entry.get("key").unwrap_or_default();
        let records: Vec<usize> =
            entries.iter().enumerate().filter(|(_, e)| **e == Some(index)).map(|(i, _)| i).collect();
        for record in &records {
            units.push((key.to_owned(), count_unit(table, *record, key, &spec.number)));
        }
        if records.is_empty() && entry.get("required").is_some() {
            units.push((key.to_owned(), absent_count(table, units.len(), key, &spec.number)));
        }
    }
    units.sort_by_key(|(key, unit)| (key.parse::<u32>().unwrap_or(u32::MAX), unit.records.0));
    let units = units.into_iter().map(|(_, u)| u).collect();
    table.entities =
        pack.schedule.entities.first().map(|e| Entity { name: e.name.clone(), units }).into_iter().collect();
}

fn count_unit(table: &mut Table, index: usize, key: &str, number: &str) -> Unit {
    let at = u32::try_from(index).unwrap_or(u32::MAX);
    let mut slots = table.records.get(index).map_or_else(|| Slots::row(0, 0), |r| r.slots.clone());
    let place = slots.iter().find_map(|s| table.cell(s.first()?)).map_or(table.header.first, |c| c.at);
    // Also where the number is printed before the label, in its cell, or otherwise than the form does.
    if let Some(slot) = table.slot(number)
        && slots.first(slot).and_then(|id| table.cell(id)).is_none_or(|c| *c.text != *key)
    {
        let id = push_text(table, place, &key.into());
        slots.set(slot, FieldSlot::One(id));
    }
    Unit { records: (at, at), parent: None, slots }
}

fn absent_count(table: &mut Table, ordinal: usize, key: &str, number: &str) -> Unit {
    let at = table.header.first;
    let fields = table.fields.clone();
    let slots = fields.iter().map(|field| {
        let id = push_text(table, at, &if &**field == number { key.into() } else { Arc::from("") });
        if &**field != number
            && let Some(cell) = table.cells.get_mut(id as usize)
        {
            cell.content_mut().value = Value::Missing(Missing::Blank);
        }
        FieldSlot::One(id)
    });
    // No record stands for it: a number of its own keeps it apart from every other unit.
    let own = u32::MAX - u32::try_from(ordinal).unwrap_or(0);
    Unit { records: (own, own), parent: None, slots: slots.collect() }
}
