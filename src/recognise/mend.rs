//! Puts words together that a narrow column has cut.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::model::{CellId, CellRef, FieldSlot, Flag, Head, Repair, Table};
use crate::pack::{FieldKind, Schedule, Shape};
use crate::text;

/// A word this long without any blank has rather lost a blank than been put together.
const TOO_LONG: usize = 18;

/// Texts of one column that differ only by blanks inside words are read as the one that is whole: the one of
/// the document head, else the one with the fewest blanks. Only in columns whose values come back, where two
/// texts that differ by a blank are one name.
pub(super) fn cut_words(table: &mut Table, schedule: &Schedule, head: &Head) {
    if schedule.shape != Shape::Register {
        return;
    }
    for (slot, field) in table.fields.clone().iter().enumerate() {
        if schedule.field(field).is_none_or(|f| f.kind != FieldKind::Text) {
            continue;
        }
        let ids: Vec<CellId> =
            table.records.iter().filter_map(|r| r.slots.get(slot).map(FieldSlot::cells)).flatten().copied().collect();
        let of_head = head.get(field).map(|h| h.text.clone());
        let wholes: BTreeMap<Arc<str>, Arc<str>> = wholes(table, &ids, of_head.as_ref()).into_iter().collect();
        let mut told: BTreeSet<CellRef> = BTreeSet::new();
        for id in ids.iter().filter(|_| !wholes.is_empty()) {
            let cell = table.cells.get_mut(*id as usize).filter(|c| !c.flags.has(Flag::MendedWord));
            let Some((cell, to)) = cell.and_then(|c| wholes.get(&c.text).map(|to| (c, to))) else { continue };
            let from = std::mem::replace(&mut cell.text, to.clone());
            cell.flags.insert(Flag::MendedWord);
            // A cell that several rows share is told once.
            if told.insert(cell.at) {
                table.reading.repaired.push(Repair { at: cell.at, from, to: to.clone(), flag: Flag::MendedWord });
            }
        }
    }
}

/// Which texts are to be read as which.
fn wholes(table: &Table, ids: &[CellId], of_head: Option<&Arc<str>>) -> Vec<(Arc<str>, Arc<str>)> {
    // Equal texts of a workbook are mostly one shared text: counted by address first.
    let mut places: FxHashMap<*const u8, usize> = FxHashMap::default();
    let mut shared: Vec<(Arc<str>, usize)> = Vec::new();
    for (seen, id) in ids.iter().enumerate() {
        if let Some(cell) = table.cell(*id).filter(|c| !c.value.is_missing()) {
            let place = *places.entry(cell.text.as_ptr()).or_insert(shared.len());
            match shared.get_mut(place) {
                Some((_, count)) => *count += 1,
                None => shared.push((cell.text.clone(), 1)),
            }
        }
        // A column of names that never come back has nothing to compare with.
        if seen > 2000 && shared.len() * 2 > seen {
            return Vec::new();
        }
    }
    let mut counts: BTreeMap<Arc<str>, usize> = BTreeMap::new();
    for (text, count) in &shared {
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

fn whole(group: &[Arc<str>]) -> Option<Arc<str>> {
    let blanks = |t: &str| text::normal(t).matches(' ').count();
    let plausible = group.iter().filter(|t| blanks(t) > 0 || t.chars().count() <= TOO_LONG);
    plausible.min_by_key(|t| blanks(t)).cloned()
}

fn without_blanks(text: &str) -> String {
    text::normal(text).replace(' ', "")
}
