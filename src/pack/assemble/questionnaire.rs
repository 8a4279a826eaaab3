//! Questionnaires: a printed question with the rows that belong to it, and where the rows depart from the form.

use std::sync::Arc;

use super::super::catalogue::Entry;
use super::super::cell::CellReader;
use super::super::schedule::{FieldSource, Pack, Schedule};
use super::push_text;
use crate::model::{CellId, Entity, FieldSlot, Table, Unit};

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
    let reader = CellReader::new(&pack.schedule, None);
    let units = questions.iter().map(|q| question_unit(table, pack, q, answer, &reader)).collect();
    table.deviations = super::super::deviations::find(table, pack, entries);
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

fn question_unit(
    table: &mut Table,
    pack: &Pack,
    question: &Question<'_>,
    answer: Option<usize>,
    reader: &CellReader,
) -> Unit {
    let cell_at =
        |table: &Table, record: u32, slot: Option<usize>| table.records.get(record as usize)?.slots.first(slot?);
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
                // Where it has a column, its cell beside the question, or the one of its own row that is filled in.
                let beside = cell_at(table, question.record, Some(slot));
                let cells = beside.into_iter().chain(rows.filter_map(|(_, record)| cell_at(table, *record, answer)));
                let mut cells: Vec<CellId> = cells.collect();
                cells.sort_by_key(|id| table.cell(*id).is_none_or(|c| c.value.is_missing()));
                cells
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
                        cell.content_mut().value = value;
                    }
                }
            }
        }
        slots.push(if spec.many {
            cells.into_iter().collect()
        } else {
            cells.first().map_or(FieldSlot::None, |id| FieldSlot::One(*id))
        });
    }
    Unit { records: (question.record, question.last), parent: None, slots: slots.into_iter().collect() }
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
