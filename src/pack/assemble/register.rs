//! Registers: a record begins a unit where the key of an entity changes.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::schedule::Schedule;
use crate::model::{Cell, CellId, CellRef, Entity, FieldSlot, Flag, Parent, Record, Table, Unit};
use crate::text;

/// A run of records with the unit of an entity above that stands on it: that entity's own, or where the run holds none
/// of its units (a measure whose event is blank), the one above that.
type Run = ((u32, u32), Option<Parent>);

/// Makes the units of a register: a record begins a unit of an entity where the entity's key changes.
///
/// Fields of an entity below hold the cells of all their units, so that the rules need not care whether a
/// process with three events is printed flat, merged or only on its first row.
pub fn assemble_register(table: &mut Table, schedule: &Schedule) {
    let mut entities: Vec<Entity> = Vec::new();
    // The runs of the units of the entity before, and what these and those above them cover: asked for only where another
    // entity lies below.
    let mut last: Option<Vec<Run>> = None;
    let mut above: Option<Vec<Run>> = None;
    for (depth, spec) in schedule.entities.iter().enumerate() {
        let keys: Vec<usize> = spec.key.iter().filter_map(|k| table.slot(k)).collect();
        let described = table.fields.iter().any(|f| schedule.field(f).is_some_and(|f| f.entity == spec.name));
        if keys.is_empty() && (!described && depth > 0) {
            continue;
        }
        if let (Some(runs), Some(entity)) = (last.take(), entities.len().checked_sub(1)) {
            above = Some(covered(&runs, above.as_deref(), entity));
        }
        let flat = !has_deeper(table, schedule, depth);
        let runs: Vec<Run> = match &above {
            None => spans(table, &keys, 0, table.records.len(), flat, true).into_iter().map(|s| (s, None)).collect(),
            Some(above) => above
                .iter()
                .flat_map(|&((a, b), parent)| {
                    let own = if keys.is_empty() {
                        vec![(a, b)]
                    } else {
                        spans(table, &keys, a as usize, b as usize + 1, flat, false)
                    };
                    own.into_iter().map(move |span| (span, parent))
                })
                .collect(),
        };
        let several = many(table, schedule, depth);
        let units = runs.iter().map(|&(span, parent)| unit(table, &several, span, parent)).collect();
        last = Some(runs);
        entities.push(Entity { name: spec.name.clone(), units });
    }
    table.entities = entities;
}

/// The runs of the units of `entity`, and those of the entities above that hold none of them.
fn covered(runs: &[Run], above: Option<&[Run]>, entity: usize) -> Vec<Run> {
    let own = (0..).zip(runs).map(|(unit, (span, _))| (*span, Some(Parent { entity, unit })));
    let Some(above) = above else { return own.collect() };
    let mut all = Vec::with_capacity(runs.len());
    let mut rest = own.peekable();
    for &((first, last), parent) in above {
        let mut next = first;
        while let Some(run) = rest.next_if(|(span, _)| span.0 <= last) {
            let (from, to) = run.0;
            if from > next {
                all.push(((next, from - 1), parent));
            }
            next = to + 1;
            all.push(run);
        }
        if next <= last {
            all.push(((next, last), parent));
        }
    }
    all
}

/// Whether the table has a field of an entity below `depth`.
fn has_deeper(table: &Table, schedule: &Schedule, depth: usize) -> bool {
    let below = |f: &Arc<str>| schedule.field(f).and_then(|f| schedule.depth(&f.entity)).is_some_and(|d| d > depth);
    table.fields.iter().any(below)
}

/// The runs of records between `from` and `to` that make one unit each, first and last.
fn spans(table: &Table, keys: &[usize], from: usize, to: usize, flat: bool, all: bool) -> Vec<(u32, u32)> {
    let mut spans: Vec<(u32, u32)> = Vec::new();
    let mut last: Option<Vec<String>> = None;
    for index in from..to {
        let key = key_of(table, index, keys, flat);
        let at = u32::try_from(index).unwrap_or(u32::MAX);
        let begins = match (&key, &last) {
            (Key::Own(own), Some(before)) => flat || own != before,
            (Key::Own(_), None) => true,
            (Key::Filled | Key::Blank, None) => all,
            (Key::Filled, Some(_)) => false,
            // A row without a key: a record of its own in a flat table, else more of the unit above.
            (Key::Blank, Some(_)) => flat && all,
        };
        if begins {
            spans.push((at, at));
            last = Some(if let Key::Own(own) = key { own } else { Vec::new() });
        } else if let Some(span) = spans.last_mut() {
            span.1 = at;
        }
    }
    spans
}

/// What the key cells of a record say.
enum Key {
    /// Written on the row itself.
    Own(Vec<String>),
    /// Filled down from a row above.
    Filled,
    /// Nothing.
    Blank,
}

fn key_of(table: &Table, record: usize, keys: &[usize], flat: bool) -> Key {
    let Some(record) = table.records.get(record) else { return Key::Blank };
    let cells = keys.iter().filter_map(|&slot| record.slots.first(slot)).filter_map(|id| table.cell(id));
    let cells = cells.filter(|c: &&Cell| !c.value.is_missing());
    if cells.clone().next().is_none() {
        Key::Blank
    } else if cells.clone().all(|c| c.flags.has(Flag::FilledDown)) {
        Key::Filled
    } else if flat {
        // Every row with a key is a unit of its own: what the key says does not matter.
        Key::Own(Vec::new())
    } else {
        Key::Own(cells.map(|c| text::identity(&c.text)).collect())
    }
}

/// For every slot whether it holds several cells in a unit at `depth`: fields of the entities below do.
fn many(table: &Table, schedule: &Schedule, depth: usize) -> Vec<bool> {
    let several = |field: &Arc<str>| {
        let spec = schedule.field(field);
        let below = spec.and_then(|f| schedule.depth(&f.entity)).is_some_and(|d| d > depth);
        let columns = || table.columns.iter().filter(|c| c.field.as_ref() == Some(field)).count();
        below || spec.is_some_and(|f| f.many) || columns() > 1
    };
    table.fields.iter().map(several).collect()
}

/// The unit on a run of records; `several` tells for each slot whether it holds all its cells or the first
/// that says something.
fn unit(table: &Table, several: &[bool], span: (u32, u32), parent: Option<Parent>) -> Unit {
    let alone = if span.0 == span.1 { table.records.get(span.0 as usize) } else { None };
    // Most units are one row, and their cells are those of its record.
    if let Some(record) = alone.filter(|r| is_plain(r, several)) {
        return Unit { records: span, parent, slots: record.slots.clone() };
    }
    let slots = several.iter().enumerate().map(|(slot, several)| {
        let cells = cells_of(table, slot, span);
        if *several {
            return cells.into_iter().collect();
        }
        let filled = |id: &CellId| table.cell(*id).is_some_and(|c| !c.value.is_missing());
        let best = cells.iter().copied().find(filled).or_else(|| cells.first().copied());
        best.map_or(FieldSlot::None, FieldSlot::One)
    });
    Unit { records: span, parent, slots: slots.collect() }
}

/// Whether each slot of a record holds one cell where one is asked for.
fn is_plain(record: &Record, several: &[bool]) -> bool {
    record.slots.len() == several.len() && record.slots.are_single() && !several.contains(&true)
}

/// The cells of a slot over a run of records, each once: merged cells and filled ones name their origin once.
fn cells_of(table: &Table, slot: usize, (first, last): (u32, u32)) -> Vec<CellId> {
    if first == last {
        let record = table.records.get(first as usize);
        return record.map(|r| r.slots.cells(slot).iter().collect()).unwrap_or_default();
    }
    let mut cells: Vec<CellId> = Vec::new();
    let mut origins: BTreeSet<CellRef> = BTreeSet::new();
    for record in table.records.get(first as usize..=last as usize).unwrap_or_default() {
        for id in record.slots.cells(slot).iter() {
            let Some(cell) = table.cell(id) else { continue };
            let is_new = origins.insert(cell.at);
            if is_new || !cell.flags.has(Flag::FilledDown) {
                cells.push(id);
            }
        }
    }
    cells
}
