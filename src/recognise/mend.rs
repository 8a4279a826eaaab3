//! Puts words together that a narrow column has cut.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::model::{Cell, CellId, CellRef, Flag, Head, Repair, Table};
use crate::pack::{FieldKind, Schedule};
use crate::text;

/// A word this long without any blank has rather lost a blank than been put together.
const TOO_LONG: usize = 18;

/// Texts of one column that differ only by blanks inside words are read as the one that is whole: the one of
/// the document head, else the one with the fewest blanks. Only in columns whose values come back, where two
/// texts that differ by a blank are one name.
pub(super) fn cut_words(table: &mut Table, schedule: &Schedule, head: &Head) {
    if !schedule.shape.has_rows() || table.is_text {
        return;
    }
    let is_text = |field: &Arc<str>| schedule.field(field).is_some_and(|f| f.kind == FieldKind::Text);
    let slots = table.fields.iter().enumerate().filter(|(_, field)| is_text(field)).map(|(slot, _)| slot);
    for column in columns(table, slots.collect()) {
        let slot = column.slot;
        let of_head = table.fields.get(slot).and_then(|field| head.get(field)).map(|h| h.text.clone());
        let wholes: BTreeMap<Arc<str>, Arc<str>> = column.wholes(of_head.as_ref()).into_iter().collect();
        if wholes.is_empty() {
            continue;
        }
        let ids: Vec<CellId> = cells_of(table, slot).collect();
        let mut told: BTreeSet<CellRef> = BTreeSet::new();
        for id in ids {
            let cell = table.cells.get_mut(id as usize).filter(|c| !c.flags.has(Flag::MendedWord));
            let Some((cell, to)) = cell.and_then(|c| wholes.get(&c.text).map(|to| (c, to))) else { continue };
            let from = std::mem::replace(&mut cell.content_mut().text, to.clone());
            cell.flags.insert(Flag::MendedWord);
            // A cell that several rows share is told once.
            if told.insert(cell.at) {
                table.reading.repaired.push(Repair { at: cell.at, from, to: to.clone(), flag: Flag::MendedWord });
            }
        }
    }
}

fn cells_of(table: &Table, slot: usize) -> impl Iterator<Item = CellId> {
    table.records.iter().flat_map(move |r| r.slots.cells(slot).iter())
}

/// The texts of a column, each with how often it comes.
#[derive(Default)]
struct Texts {
    slot: usize,
    /// Equal texts of a workbook are mostly one shared text: counted by address first.
    places: FxHashMap<*const u8, usize>,
    shared: Vec<(Arc<str>, usize)>,
    /// The place of the text seen last: texts stand under themselves.
    last: usize,
    seen: usize,
}

impl Texts {
    /// Whether the texts hardly come back: a column of names has nothing to compare with.
    fn are_apart(&self) -> bool {
        self.seen > 2001 && self.shared.len() * 2 > self.seen - 1
    }

    fn add(&mut self, cell: &Cell) {
        self.seen += 1;
        if cell.value.is_missing() {
            return;
        }
        let is_last = self.shared.get(self.last).is_some_and(|(last, _)| Arc::ptr_eq(last, &cell.text));
        if !is_last {
            self.last = *self.places.entry(cell.text.as_ptr()).or_insert(self.shared.len());
        }
        match self.shared.get_mut(self.last) {
            Some((_, count)) => *count += 1,
            None => self.shared.push((cell.text.clone(), 1)),
        }
    }

    /// Which texts are to be read as which.
    fn wholes(&self, of_head: Option<&Arc<str>>) -> Vec<(Arc<str>, Arc<str>)> {
        let mut counts: BTreeMap<Arc<str>, usize> = BTreeMap::new();
        for (text, count) in &self.shared {
            *counts.entry(text.clone()).or_default() += count;
        }
        let filled: usize = counts.values().sum();
        if of_head.is_none() && counts.len() * 2 > filled {
            return Vec::new();
        }
        let mut groups: BTreeMap<String, Vec<Arc<str>>> = BTreeMap::new();
        for text in counts.keys().chain(of_head) {
            let group = groups.entry(without_blanks(text)).or_default();
            if !group.iter().any(|t| text::normal(t) == text::normal(text)) {
                group.push(text.clone());
            }
        }
        let several = groups.into_values().filter(|g| g.len() > 1);
        several
            .flat_map(|group| {
                let whole = of_head.filter(|h| group.contains(h)).cloned().or_else(|| whole(&group));
                let others: Vec<Arc<str>> = group.into_iter().filter(|t| Some(t) != whole.as_ref()).collect();
                others.into_iter().filter_map(move |t| Some((t, whole.clone()?)))
            })
            .collect()
    }
}

/// The columns whose texts come back, of those given, in one walk through the records.
fn columns(table: &Table, slots: Vec<usize>) -> Vec<Texts> {
    let mut columns: Vec<Texts> = slots.into_iter().map(|slot| Texts { slot, ..Texts::default() }).collect();
    for record in &table.records {
        columns.retain_mut(|column| {
            let cells = record.slots.cells(column.slot);
            cells.iter().filter_map(|id| table.cell(id)).all(|cell| {
                column.add(cell);
                !column.are_apart()
            })
        });
    }
    columns
}

fn whole(group: &[Arc<str>]) -> Option<Arc<str>> {
    let blanks = |t: &str| text::normal(t).matches(' ').count();
    let plausible = group.iter().filter(|t| blanks(t) > 0 || t.chars().count() <= TOO_LONG);
    plausible.min_by_key(|t| blanks(t)).cloned()
}

fn without_blanks(text: &str) -> String {
    text::normal(text).replace(' ', "")
}
