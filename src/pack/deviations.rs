//! Where the printed rows of a questionnaire depart from its form.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::catalogue::{Catalogue, Entry};
use super::schedule::{FieldSource, FieldSpec, Pack, Questionnaire};
use crate::model::{Area, CellRef, Deviation, Table};
use crate::text;

/// Rows missing, repeated, out of place or unknown. `entries` tells for each record which row of the form it is.
pub(super) fn find(table: &Table, pack: &Pack, entries: &[Option<usize>]) -> Vec<Deviation> {
    let (Some(spec), Some(form)) = (&pack.schedule.questionnaire, pack.form()) else { return Vec::new() };
    let has_column = |f: &&FieldSpec| f.source == FieldSource::Rows && table.column_of(&f.name).is_some();
    let beside = pack.schedule.fields.iter().filter(has_column).collect();
    Search { table, spec, form, entries, beside }.run()
}

struct Search<'a> {
    table: &'a Table,
    spec: &'a Questionnaire,
    form: &'a Catalogue,
    entries: &'a [Option<usize>],
    /// The fields that have a column instead of rows.
    beside: Vec<&'a FieldSpec>,
}

impl Search<'_> {
    fn run(&self) -> Vec<Deviation> {
        let seen: BTreeMap<usize, usize> =
            self.entries.iter().enumerate().rev().filter_map(|(i, e)| Some(((*e)?, i))).collect();
        let mut found = Vec::new();
        let mut next = 0;
        let mut question: Arc<str> = "".into();
        for (record, entry) in self.entries.iter().enumerate() {
            match entry.and_then(|e| Some((e, self.form.entries.get(e)?))) {
                Some((index, e)) if index >= next => {
                    let skipped = (next..index).filter(|i| !seen.contains_key(i));
                    found.extend(skipped.filter_map(|i| self.missing(record, i)));
                    next = index + 1;
                    if e.is_question() {
                        question = key(e);
                    }
                }
                Some((_, e)) if self.extensible(e) => {}
                Some((_, e)) if e.is_question() => {
                    question = key(e);
                    found.push(self.stray(record, e.value.clone(), (next, &key(e), "")));
                }
                Some((_, e)) => found.push(self.stray(record, e.value.clone(), (next, &key(e), &question))),
                None => {
                    let text = self.text_of(record).filter(|t| !text::is_blank(t));
                    found.extend(text.map(|t| self.stray(record, t, (next, "", &question))));
                }
            }
        }
        let tail = (next..self.form.entries.len()).filter(|i| !seen.contains_key(i));
        found.extend(tail.filter_map(|i| self.missing(self.entries.len(), i)));
        in_place(&mut found);
        found
    }

    /// Rows that may be printed more often than the form does.
    fn extensible(&self, entry: &Entry) -> bool {
        let admits = self.spec.extensible.iter().any(|k| Some(k.as_str()) == entry.get("key"));
        entry.get("role") == Some("detail") && admits
    }

    fn area(&self, record: usize) -> Area {
        let table = self.table;
        let at = table.records.get(record).or(table.records.last());
        let row = at.map_or(table.header.last.row, |r| r.rows.0);
        Area::new(CellRef::new(row, table.area.first.col), CellRef::new(row, table.area.last.col))
    }

    fn text_of(&self, record: usize) -> Option<Arc<str>> {
        let slot = self.table.slot(&self.spec.text)?;
        let id = self.table.records.get(record)?.slots.first(slot)?;
        self.table.cell(id).map(|c| c.text.clone())
    }

    /// A row of the form that is not printed: it should stand before the record, below the one above that.
    fn missing(&self, record: usize, index: usize) -> Option<Deviation> {
        let entry = self.form.entries.get(index)?;
        let role = entry.get("detail").or(entry.get("role")).unwrap_or_default();
        // What has a column needs no row.
        if self.beside.iter().any(|field| field.role.iter().any(|r| r == role)) {
            return None;
        }
        let area = record.checked_sub(1).map_or(self.table.header, |above| self.area(above));
        let own = if entry.get("role") == Some("annotations") { "".into() } else { key(entry) };
        let above = || {
            let before = self.form.entries.get(..index).unwrap_or_default();
            before.iter().rev().find(|e| e.is_question()).map_or_else(|| "".into(), key)
        };
        let under = if entry.is_question() { "".into() } else { above() };
        Some(Deviation { area, found: None, expected: Some(entry.value.clone()), key: own, under })
    }

    /// A row printed where the form has another, `expected` being that one's index.
    fn stray(&self, record: usize, found: Arc<str>, (expected, key, under): (usize, &str, &str)) -> Deviation {
        let expected = self.form.entries.get(expected).map(|e| e.value.clone());
        Deviation { area: self.area(record), found: Some(found), expected, key: key.into(), under: under.into() }
    }
}

/// A row that is missing under a question where the same text stands besides is there: the question moved, not the row.
fn in_place(found: &mut Vec<Deviation>) {
    let same = |a: &Deviation, b: &Deviation| !a.under.is_empty() && a.under == b.under && a.found == b.expected;
    let mut gone = Vec::new();
    for (i, missing) in found.iter().enumerate().filter(|(_, d)| d.found.is_none()) {
        let other = |(j, d): &(usize, &Deviation)| d.found.is_some() && !gone.contains(j) && same(d, missing);
        if let Some((j, _)) = found.iter().enumerate().find(other) {
            gone.extend([i, j]);
        }
    }
    let mut index = 0..;
    found.retain(|_| index.next().is_none_or(|i| !gone.contains(&i)));
}

fn key(entry: &Entry) -> Arc<str> {
    entry.get("key").unwrap_or_default().into()
}
