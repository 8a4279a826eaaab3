//! Examples of forms: a questionnaire or counts as printed, with some cells filled in.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::header::Tables;
use super::build::{cell, empty, push_record, set_columns, unknown};
use crate::model::{Bilingual, Cell, Flag, Table};
use crate::pack::{
    CellReader, Entry, FieldSource, FieldSpec, Pack, Packs, Questionnaire, Toml, TomlTable, assemble_counts,
    assemble_questionnaire, derived_fields,
};

/// The whole form with the answers given, everything else blank.
pub(super) fn questionnaire(
    pack: &Pack,
    tables: &Tables,
    answers: &TomlTable,
    sheet: usize,
) -> Result<Table, Bilingual> {
    let (Some(spec), Some(form)) = (&pack.schedule.questionnaire, pack.form()) else {
        return Err(Bilingual::new("la scheda non ha domande", "the schedule has no questions"));
    };
    let mut given = Given::new(pack, spec, answers)?;
    let column = |f: &&FieldSpec| f.source == FieldSource::Column;
    let without = |f: &&FieldSpec| !tables.columns_without.iter().any(|c| **c == *f.name);
    let fields: Vec<Arc<str>> =
        pack.schedule.fields.iter().filter(column).filter(without).map(|f| f.name.clone()).collect();
    let mut table = empty(pack, sheet);
    set_columns(&mut table, pack, &fields);
    let reader = CellReader::new(&pack.schedule, None);
    let mut entries = Vec::new();
    for (index, entry) in in_order(&form.entries, &tables.moved) {
        let (role, key) = (entry.get("role").unwrap_or_default(), entry.get("key").unwrap_or_default());
        let dropped =
            (role == "question" && tables.drop.iter().any(|d| d == key)) || tables.drop_rows.contains(&(index + 1));
        if dropped {
            continue;
        }
        let last = next_role(form.entries.get(index + 1)) != next_role(Some(entry));
        for value in given.take(entry, last) {
            let mut row: Vec<Cell> = Vec::with_capacity(fields.len());
            for field in &fields {
                let value = if *field == spec.answer { value.clone() } else { given.beside(entry, field) };
                row.push(form_cell(&reader, pack, spec, entry, field, value.as_ref()));
            }
            let boxed = |f: &Arc<str>| *f == spec.answer && tables.boxed_rows.contains(&(index + 1));
            let over = row.iter_mut().zip(&fields).filter(|(_, f)| boxed(f));
            over.for_each(|(cell, _)| cell.flags.insert(Flag::FromTextBox));
            push_record(&mut table, row);
            entries.push(Some(index));
        }
    }
    given.nothing_left()?;
    table.fields.extend(derived_fields(&pack.schedule));
    assemble_questionnaire(&mut table, pack, &entries);
    Ok(table)
}

/// The rows of a form with their places, those of the questions that `moved` names after all others.
fn in_order<'a>(entries: &'a [Entry], moved: &[String]) -> Vec<(usize, &'a Entry)> {
    let mut question = None;
    let (last, mut rows): (Vec<_>, Vec<_>) = entries.iter().enumerate().partition(|(_, entry)| {
        if entry.get("role") == Some("question") {
            question = entry.get("key");
        }
        moved.iter().any(|key| question == Some(key.as_str()))
    });
    rows.extend(last);
    rows
}

/// What tells the rows of one kind under one question.
fn next_role(entry: Option<&Entry>) -> Option<(Option<&str>, Option<&str>, Option<&str>)> {
    entry.map(|e| (e.get("role"), e.get("detail"), e.get("key")))
}

fn form_cell(
    reader: &CellReader,
    pack: &Pack,
    spec: &Questionnaire,
    entry: &Entry,
    field: &str,
    value: Option<&Toml>,
) -> Cell {
    let group = spec.groups.iter().position(|g| &**g == field);
    let printed = |text: Option<&str>| Toml::String(text.unwrap_or_default().to_owned());
    let of_field = pack.schedule.field(field);
    if field == &*spec.answer {
        // A number in an answer is a value of its own kind, even where text is asked.
        let stored = matches!(value, Some(Toml::Integer(_) | Toml::Float(_)));
        return cell(reader, value, of_field.filter(|_| !stored));
    }
    if value.is_some() {
        return cell(reader, value, of_field);
    }
    let text = if field == &*spec.text {
        printed(Some(&entry.value))
    } else if field == &*spec.number {
        printed(entry.get("key").filter(|_| entry.is_question()))
    } else {
        // What the form prints in any other column is an attribute of its rows, named as the field.
        let named = group.and_then(|g| ["section", "group"].get(g).copied()).unwrap_or(field);
        printed(entry.get(named))
    };
    cell(reader, Some(&text), of_field)
}

/// The answers of an example, taken as the rows of the form come by.
struct Given<'a> {
    pack: &'a Pack,
    answer: Arc<str>,
    /// Values by question and field, those that are left.
    values: BTreeMap<(String, String), Vec<Toml>>,
}

impl<'a> Given<'a> {
    fn new(pack: &'a Pack, spec: &Questionnaire, answers: &TomlTable) -> Result<Self, Bilingual> {
        let form = pack.form().map_or(&[][..], |f| f.entries.as_slice());
        let questions: Vec<&str> = form.iter().filter(|e| e.is_question()).filter_map(|e| e.get("key")).collect();
        // The form itself prints the number and the groups, and the text unless the example has another wording.
        let printed = |f: &Arc<str>| *f == spec.number || spec.groups.contains(f);
        let filled_in = |f: &&FieldSpec| f.source != FieldSource::Form && !printed(&f.name);
        let fields: Vec<&str> = pack.schedule.fields.iter().filter(filled_in).map(|f| &*f.name).collect();
        let mut values = BTreeMap::new();
        for (number, answer) in answers {
            if !questions.contains(&number.as_str()) {
                return Err(unknown("il modulo non ha la domanda", "the form has no question", number, &questions));
            }
            let single = TomlTable::from_iter([(spec.answer.to_string(), answer.clone())]);
            for (field, value) in answer.as_table().unwrap_or(&single) {
                if !fields.contains(&field.as_str()) {
                    return Err(unknown("campo sconosciuto", "unknown field", field, &fields));
                }
                let many = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
                values.insert((number.clone(), field.clone()), many);
            }
        }
        Ok(Self { pack, answer: spec.answer.clone(), values })
    }

    /// The values of the rows that an entry of the form stands for: one, or more if it is the last of its kind and
    /// values are left.
    fn take(&mut self, entry: &Entry, last: bool) -> Vec<Option<Toml>> {
        let Some(at) = self.asked(entry) else { return vec![None] };
        let Some(values) = self.values.get_mut(&at).filter(|v| !v.is_empty()) else { return vec![None] };
        let count = if last { values.len() } else { 1 };
        values.drain(..count).map(Some).collect()
    }

    /// What stands in another column beside a question.
    fn beside(&mut self, entry: &Entry, field: &str) -> Option<Toml> {
        let key = entry.get("key").filter(|_| entry.is_question())?;
        let values = self.values.get_mut(&(key.to_owned(), field.to_owned()))?;
        (!values.is_empty()).then(|| values.remove(0))
    }

    /// The question and field whose values stand on the rows of an entry.
    fn asked(&self, entry: &Entry) -> Option<(String, String)> {
        let role = entry.get("role")?;
        if role == "question" {
            return Some((entry.get("key")?.to_owned(), self.answer.to_string()));
        }
        let name = entry.get("detail").unwrap_or(role);
        let plays = |f: &&FieldSpec| f.role.iter().any(|r| r == name) && !f.role.iter().any(|r| r == "question");
        let field = self.pack.schedule.fields.iter().find(plays)?.name.to_string();
        if role != "annotations" {
            return Some((entry.get("key")?.to_owned(), field));
        }
        // The annotations of a category are given with any of its questions.
        let form = self.pack.form()?;
        let of_group = form.entries.iter().filter(|e| e.get("group") == entry.get("group"));
        let numbers = of_group.filter_map(|e| e.get("key"));
        numbers.map(|n| (n.to_owned(), field.clone())).find(|at| self.values.contains_key(at))
    }

    /// Every value must have found its row.
    fn nothing_left(&self) -> Result<(), Bilingual> {
        match self.values.iter().find(|(_, left)| !left.is_empty()) {
            None => Ok(()),
            Some(((number, field), _)) => Err(Bilingual::new(
                format!("la domanda {number} non ha righe per «{field}» nel modulo"),
                format!("question {number} has no rows for “{field}” in the form"),
            )),
        }
    }
}

/// One table of counts: the printed items, the values given, everything else blank.
pub(super) fn counts(
    pack: &Pack,
    tables: &Tables,
    variant: &str,
    values: &Toml,
    sheet: usize,
) -> Result<Table, Bilingual> {
    let (Some(spec), Some(form)) = (&pack.schedule.counts, pack.form()) else {
        return Err(Bilingual::new("la scheda non ha voci numerate", "the schedule has no numbered items"));
    };
    let variants: Vec<&str> = spec.variants.iter().map(|v| &*v.name).collect();
    if !variants.contains(&variant) {
        return Err(unknown("la scheda non ha la tabella", "the schedule has no table", variant, &variants));
    }
    let blank = TomlTable::new();
    let values = values.as_table().unwrap_or(&blank);
    let of_variant = |e: &&Entry| e.get("variant") == Some(variant);
    let known: Vec<&str> = form.entries.iter().filter(of_variant).filter_map(|e| e.get("key")).collect();
    if let Some(wrong) = values.keys().find(|k| !known.contains(&k.as_str())) {
        return Err(unknown("la tabella non ha la voce", "the table has no item", wrong, &known));
    }
    let fields = [&spec.number, &spec.label, &spec.value, &spec.note].map(Clone::clone);
    let fields: Vec<Arc<str>> =
        fields.into_iter().filter(|f| !tables.columns_without.iter().any(|c| **c == **f)).collect();
    let mut table = empty(pack, sheet);
    table.variant = Some(variant.into());
    set_columns(&mut table, pack, &fields);
    let reader = CellReader::new(&pack.schedule, None);
    let dropped = tables.drop_counts.get(variant);
    let mut entries = Vec::new();
    for (index, entry) in form.entries.iter().enumerate().filter(|(_, e)| of_variant(e)) {
        let key = entry.get("key").unwrap_or_default();
        let value = values.get(key);
        if dropped.is_some_and(|d| d.iter().any(|k| k == key)) || (value.is_none() && entry.get("required").is_none()) {
            continue;
        }
        let text = |t: &str| Some(Toml::String(t.to_owned()));
        let part = |name: &str| value.and_then(Toml::as_table).and_then(|t| t.get(name)).cloned();
        let row = fields.iter().map(|field| {
            let found = match field {
                f if *f == spec.number => text(key),
                f if *f == spec.label => part(f).or_else(|| text(&entry.value)),
                f if *f == spec.value => part(f).or_else(|| value.filter(|v| !v.is_table()).cloned()),
                f => part(f),
            };
            cell(&reader, found.as_ref(), pack.schedule.field(field))
        });
        let row = row.collect();
        push_record(&mut table, row);
        entries.push(Some(index));
    }
    assemble_counts(&mut table, pack, &entries);
    Ok(table)
}

/// The number of the question or item that a row of a form belongs to.
pub(super) fn number_at(packs: &Packs, table: &Table, row: u32) -> Option<String> {
    let schedule = &packs.get(&table.kind)?.schedule;
    let number = match (&schedule.questionnaire, &schedule.counts) {
        (Some(q), _) => &q.number,
        (None, Some(c)) => &c.number,
        (None, None) => return None,
    };
    let record = table.records.iter().position(|r| r.rows.0 <= row && row <= r.rows.1)?;
    let record = u32::try_from(record).ok()?;
    let units = &table.entities.first()?.units;
    let unit = units.iter().find(|u| u.records.0 <= record && record <= u.records.1)?;
    let id = unit.slots.first(table.slot(number)?)?;
    Some(table.cell(id)?.text.trim().to_owned())
}
