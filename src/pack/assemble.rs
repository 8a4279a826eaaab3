//! How the records of a table make up units, as the schedule says.
//!
//! Recognition reads records; rules speak of units. This is the one place that knows how the first become
//! the second, for real documents and for the examples of rules alike.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::catalogue::Entry;
use super::cell::CellReader;
use super::schedule::{FieldSource, Pack, Schedule};
use crate::model::{Cell, CellId, CellRef, Entity, FieldSlot, Flag, Flags, Table, Unit, UnitId, Value};
use crate::text;

/// Makes the units of a register: a record begins a unit of an entity where the entity's key changes.
///
/// Fields of an entity below hold the cells of all their units, so that the rules need not care whether a
/// process with three events is printed flat, merged or only on its first row.
pub fn assemble_register(table: &mut Table, schedule: &Schedule) {
    let mut entities: Vec<Entity> = Vec::new();
    let mut above: Option<Vec<(u32, u32)>> = None;
    for (depth, spec) in schedule.entities.iter().enumerate() {
        let keys: Vec<usize> = spec.key.iter().filter_map(|k| table.slot(k)).collect();
        let described = table.fields.iter().any(|f| schedule.field(f).is_some_and(|f| f.entity == spec.name));
        if keys.is_empty() && (!described && depth > 0) {
            continue;
        }
        let flat = !has_deeper(table, schedule, depth);
        let spans = match &above {
            None => spans(table, &keys, 0, table.records.len(), flat, true),
            Some(parents) => parents
                .iter()
                .flat_map(|&(a, b)| {
                    if keys.is_empty() {
                        vec![(a, b)]
                    } else {
                        spans(table, &keys, a as usize, b as usize + 1, flat, false)
                    }
                })
                .collect(),
        };
        let several = many(table, schedule, depth);
        let units = spans.iter().map(|&span| unit(table, &several, span, above.as_deref())).collect();
        entities.push(Entity { name: spec.name.clone(), units });
        above = Some(covered(spans, above.as_deref()));
    }
    table.entities = entities;
}

/// The runs of an entity, and those of the entity above that hold none of it: a measure whose event is blank
/// is a measure all the same.
fn covered(spans: Vec<(u32, u32)>, above: Option<&[(u32, u32)]>) -> Vec<(u32, u32)> {
    let Some(above) = above else { return spans };
    let mut all = Vec::with_capacity(spans.len());
    let mut rest = spans.into_iter().peekable();
    for &(first, last) in above {
        let mut next = first;
        while let Some(span) = rest.next_if(|s| s.0 <= last) {
            if span.0 > next {
                all.push((next, span.0 - 1));
            }
            next = span.1 + 1;
            all.push(span);
        }
        if next <= last {
            all.push((next, last));
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
    let cells =
        keys.iter().filter_map(|&slot| record.slots.get(slot)?.cells().first()).filter_map(|&id| table.cell(id));
    let cells: Vec<&Cell> = cells.filter(|c| !c.value.is_missing()).collect();
    if cells.is_empty() {
        Key::Blank
    } else if cells.iter().all(|c| c.flags.has(Flag::FilledDown)) {
        Key::Filled
    } else if flat {
        // Every row with a key is a unit of its own: what the key says does not matter.
        Key::Own(Vec::new())
    } else {
        Key::Own(cells.iter().map(|c| text::normal(&c.text)).collect())
    }
}

/// For every slot whether it holds several cells in a unit at `depth`: fields of the entities below do.
fn many(table: &Table, schedule: &Schedule, depth: usize) -> Vec<bool> {
    let several = |field: &Arc<str>| {
        let spec = schedule.field(field);
        let below = spec.and_then(|f| schedule.depth(&f.entity)).is_some_and(|d| d > depth);
        below || spec.is_some_and(|f| f.many)
    };
    table.fields.iter().map(several).collect()
}

/// The unit on a run of records; `several` tells for each slot whether it holds all its cells or the first
/// that says something.
fn unit(table: &Table, several: &[bool], span: (u32, u32), above: Option<&[(u32, u32)]>) -> Unit {
    let slots = several.iter().enumerate().map(|(slot, several)| {
        let cells = cells_of(table, slot, span);
        if *several {
            return FieldSlot::Many(cells.into());
        }
        let filled = |id: &CellId| table.cell(*id).is_some_and(|c| !c.value.is_missing());
        let best = cells.iter().copied().find(filled).or_else(|| cells.first().copied());
        best.map_or(FieldSlot::None, FieldSlot::One)
    });
    let parent = above.and_then(|parents| UnitId::try_from(parents.partition_point(|p| p.1 < span.0)).ok());
    Unit { records: span, parent, slots: slots.collect() }
}

/// The cells of a slot over a run of records, each once: merged cells and filled ones name their origin once.
fn cells_of(table: &Table, slot: usize, (first, last): (u32, u32)) -> Vec<CellId> {
    if first == last {
        let slot = table.records.get(first as usize).and_then(|r| r.slots.get(slot));
        return slot.map(|s| s.cells().to_vec()).unwrap_or_default();
    }
    let mut cells: Vec<CellId> = Vec::new();
    let mut origins: BTreeSet<CellRef> = BTreeSet::new();
    for record in table.records.get(first as usize..=last as usize).unwrap_or_default() {
        for &id in record.slots.get(slot).map_or(&[][..], FieldSlot::cells) {
            let Some(cell) = table.cell(id) else { continue };
            let is_new = origins.insert(cell.at);
            if is_new || !cell.flags.has(Flag::FilledDown) {
                cells.push(id);
            }
        }
    }
    cells
}

/// The fields of a questionnaire that no column holds: they come from other rows or from the form.
pub fn derived_fields(schedule: &Schedule) -> impl Iterator<Item = Arc<str>> {
    schedule.fields.iter().filter(|f| f.source != FieldSource::Column).map(|f| f.name.clone())
}

/// Makes the questions of a questionnaire. `entries` tells for each record which row of the form it is.
///
/// `table.fields` must already hold the [`derived_fields`] behind those of its columns.
pub fn assemble_questionnaire(table: &mut Table, pack: &Pack, entries: &[Option<usize>]) {
    let (Some(spec), Some(form)) = (&pack.schedule.questionnaire, pack.form()) else { return };
    let mut questions: Vec<Question> = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        let Some(entry) = entry.and_then(|e| form.entries.get(e)) else { continue };
        let record = u32::try_from(index).unwrap_or(u32::MAX);
        let (role, key) = (entry.get("role").unwrap_or_default(), entry.get("key").unwrap_or_default());
        match role {
            "question" => {
                questions.push(Question { entry, record, last: record, rows: vec![("question".into(), record)] });
            }
            "annotations" => {
                let group = entry.get("group");
                questions
                    .iter_mut()
                    .filter(|q| q.entry.get("group") == group)
                    .for_each(|q| q.rows.push((role.into(), record)));
            }
            _ => {
                let name = entry.get("detail").unwrap_or(role);
                if let Some(question) = questions.iter_mut().rev().find(|q| q.entry.get("key") == Some(key)) {
                    question.rows.push((name.into(), record));
                    question.last = question.last.max(record);
                }
            }
        }
    }
    let answer = table.slot(&spec.answer);
    let units = questions.iter().map(|q| question_unit(table, pack, q, answer)).collect();
    table.deviations = super::deviations::find(table, pack, entries);
    table.entities =
        pack.schedule.entities.first().map(|e| Entity { name: e.name.clone(), units }).into_iter().collect();
}

struct Question<'a> {
    entry: &'a Entry,
    record: u32,
    last: u32,
    /// Role and record of every row that belongs to it, itself included.
    rows: Vec<(Box<str>, u32)>,
}

fn question_unit(table: &mut Table, pack: &Pack, question: &Question<'_>, answer: Option<usize>) -> Unit {
    let reader = CellReader::new(&pack.schedule, None);
    let cell_at = |table: &Table, record: u32, slot: Option<usize>| {
        table.records.get(record as usize)?.slots.get(slot?)?.cells().first().copied()
    };
    let fields = table.fields.clone();
    let number = pack.schedule.questionnaire.as_ref().and_then(|q| table.slot(&q.number));
    let mut slots = Vec::with_capacity(fields.len());
    for (slot, field) in fields.iter().enumerate() {
        let Some(spec) = pack.schedule.field(field) else {
            slots.push(FieldSlot::None);
            continue;
        };
        let cells: Vec<CellId> = match spec.source {
            FieldSource::Column => {
                let own = cell_at(table, question.record, Some(slot));
                if number == Some(slot) { vec![numbered(table, own, question)] } else { own.into_iter().collect() }
            }
            FieldSource::Rows => {
                let rows = question.rows.iter().filter(|(role, _)| spec.role.iter().any(|r| **r == **role));
                rows.filter_map(|(_, record)| cell_at(table, *record, answer)).collect()
            }
            FieldSource::Form => {
                let at = cell_at(table, question.record, answer)
                    .and_then(|id| table.cell(id))
                    .map_or(table.header.first, |c| c.at);
                let all = question.entry.all(field);
                let texts = if spec.many { all } else { all.get(..1).unwrap_or_default() };
                texts.iter().map(|t| push_text(table, at, t)).collect()
            }
        };
        if !spec.empty.is_empty() {
            for id in &cells {
                if let Some(cell) = table.cells.get_mut(*id as usize) {
                    let (value, _) = reader.read(&cell.text, None, Some(spec));
                    if value.is_missing() {
                        cell.value = value;
                    }
                }
            }
        }
        slots.push(if spec.many {
            FieldSlot::Many(cells.into())
        } else {
            cells.first().map_or(FieldSlot::None, |id| FieldSlot::One(*id))
        });
    }
    Unit { records: (question.record, question.last), parent: None, slots: slots.into() }
}

/// The number of a question as the form prints it, also where the sheet prints none or writes it otherwise.
fn numbered(table: &mut Table, own: Option<CellId>, question: &Question<'_>) -> CellId {
    let key: Arc<str> = question.entry.get("key").unwrap_or_default().into();
    if let Some(id) = own.filter(|id| table.cell(*id).is_some_and(|c| c.text == key)) {
        return id;
    }
    let at = own.and_then(|id| table.cell(id)).map_or(table.header.first, |c| c.at);
    push_text(table, at, &key)
}

/// Adds a cell that holds a text of the form, not of the document.
fn push_text(table: &mut Table, at: CellRef, text: &Arc<str>) -> CellId {
    let id = CellId::try_from(table.cells.len()).unwrap_or(CellId::MAX);
    table.cells.push(Cell { at, raw: text.clone(), text: text.clone(), value: Value::Text, flags: Flags::default() });
    id
}

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
    let mut slots = table.records.get(index).map_or_else(Default::default, |r| r.slots.clone());
    let place = slots.iter().find_map(|s| table.cell(*s.cells().first()?)).map_or(table.header.first, |c| c.at);
    // Also where the number is printed before the label, in its cell, or otherwise than the form does.
    let numbered = |table: &Table, slot: &FieldSlot| {
        slot.cells().first().and_then(|id| table.cell(*id)).is_some_and(|c| &*c.text == key)
    };
    if let Some(slot) = table.slot(number)
        && !slots.get(slot).is_some_and(|s| numbered(table, s))
    {
        let id = push_text(table, place, &key.into());
        if let Some(slot) = slots.get_mut(slot) {
            *slot = FieldSlot::One(id);
        }
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
            cell.value = Value::Missing(crate::model::Missing::Blank);
        }
        FieldSlot::One(id)
    });
    // No record stands for it: a number of its own keeps it apart from every other unit.
    let own = u32::MAX - u32::try_from(ordinal).unwrap_or(0);
    Unit { records: (own, own), parent: None, slots: slots.collect() }
}
