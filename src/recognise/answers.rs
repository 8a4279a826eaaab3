//! Data of the document that the form itself asks for: the answers to some of its questions.

use std::sync::Arc;

use crate::model::{Area, Cell, Head, HeadEntry, Table, Value};
use crate::pack::{FieldKind, HeadSpec, Packs, Questionnaire, number_of};

/// Adds to the head what the questions say that a schedule names, for data that nothing around the tables tells.
pub(super) fn give(packs: &Packs, tables: &[Table], head: &mut Head) {
    for table in tables {
        let Some(pack) = packs.get(&table.kind) else { continue };
        let Some(questionnaire) = &pack.schedule.questionnaire else { continue };
        for (name, spec) in &pack.schedule.head {
            let key = spec.question.as_deref().filter(|_| !head.contains_key(name.as_str()));
            if let Some(entry) = key.and_then(|key| entry(table, spec, answer(table, questionnaire, key)?)) {
                head.insert(Arc::from(name.as_str()), entry);
            }
        }
    }
}

/// The answer to a question, if it says something.
fn answer<'t>(table: &'t Table, questionnaire: &Questionnaire, key: &str) -> Option<&'t Cell> {
    let (number, answer) = (table.slot(&questionnaire.number)?, table.slot(&questionnaire.answer)?);
    let of = |unit: &crate::model::Unit, slot: usize| unit.slots.first(slot).and_then(|id| table.cell(id));
    let units = &table.entities.first()?.units;
    let unit = units.iter().find(|unit| of(unit, number).is_some_and(|c| *c.text == *key))?;
    of(unit, answer).filter(|cell| !cell.value.is_missing())
}

fn entry(table: &Table, spec: &HeadSpec, cell: &Cell) -> Option<HeadEntry> {
    let (sheet, sheet_name, area) = table.locate(Area::cell(cell.at));
    let value = match spec.kind {
        FieldKind::Number => number_of(&cell.text)?,
        _ if cell.value == Value::Uncalculated => Value::Uncalculated,
        _ => Value::Text,
    };
    Some(HeadEntry { title: spec.title.clone(), sheet, sheet_name, at: area.first, text: cell.text.clone(), value })
}
