//! The rows of one record in two documents: which is which, and what of them differs.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::items::{Item, Items, Row, Told};
use crate::model::CellChange;

/// Rows that are compared each with each at most; beyond, in their order.
const MOST_PAIRS: usize = 250_000;

/// Fields with what an official calls them.
type Titles = [(Arc<str>, String)];

/// A row, as far as fields are compared.
struct Part<'a> {
    cells: Vec<&'a Told>,
    key: Vec<&'a str>,
}

/// What the cells of a record say that is there in one document alone.
pub(super) fn alone(item: &Item, items: &Items, titles: &Titles, is_removed: bool) -> Vec<CellChange> {
    let parts = parts(item, items, titles);
    once(parts.iter().flat_map(|part| sided(part, titles, is_removed)).collect())
}

/// The cells of a record that say something else, rows that are there once alone included.
pub(super) fn changed(
    (old, of_old): (&Item, &Items),
    (new, of_new): (&Item, &Items),
    titles: &Titles,
) -> Vec<CellChange> {
    let (mut left, mut right) = (parts(old, of_old, titles), parts(new, of_new, titles));
    // Rows that say the same are the same, however they were moved.
    left.retain(|part| match right.iter().position(|other| other.key == part.key) {
        Some(same) => {
            right.remove(same);
            false
        }
        None => true,
    });
    let pairs = pairs(&left, &right);
    let mut changes = Vec::new();
    for (own, other) in pairs.iter().filter_map(|(i, j)| left.get(*i).zip(right.get(*j))) {
        let cells = titles.iter().zip(own.cells.iter().zip(&other.cells));
        let differ = cells.filter(|(_, (a, b))| a.normal != b.normal);
        changes.extend(differ.map(|((_, title), (was, is))| CellChange {
            field: title.clone(),
            old: said(was),
            new: said(is),
            old_place: was.place.clone(),
            new_place: is.place.clone(),
        }));
    }
    let (met, others): (BTreeSet<usize>, BTreeSet<usize>) = pairs.into_iter().unzip();
    for (parts, met, is_removed) in [(&left, met, true), (&right, others, false)] {
        let lone = parts.iter().enumerate().filter(|(i, _)| !met.contains(i));
        changes.extend(lone.flat_map(|(_, part)| sided(part, titles, is_removed)));
    }
    once(changes)
}

fn parts<'a>(item: &'a Item, items: &Items, titles: &Titles) -> Vec<Part<'a>> {
    let slots: Vec<usize> =
        titles.iter().filter_map(|(field, _)| items.fields.iter().position(|f| f == field)).collect();
    let part = |row: &'a Row| {
        let cells: Vec<&Told> = slots.iter().filter_map(|slot| row.cells.get(*slot)).collect();
        Part { key: cells.iter().map(|c| c.normal.as_str()).collect(), cells }
    };
    let mut parts: Vec<Part<'_>> = item.rows.iter().map(part).collect();
    parts.sort_by(|a, b| a.key.cmp(&b.key));
    parts
}

/// The rows that are each other: those that agree in most cells first; of those alike, in the order of what they say.
fn pairs(left: &[Part<'_>], right: &[Part<'_>]) -> Vec<(usize, usize)> {
    if let ([_], [_]) = (left, right) {
        return vec![(0, 0)];
    }
    if left.len().saturating_mul(right.len()) > MOST_PAIRS {
        return (0..left.len().min(right.len())).map(|i| (i, i)).collect();
    }
    let agree = |a: &Part<'_>, b: &Part<'_>| a.key.iter().zip(&b.key).filter(|(x, y)| !x.is_empty() && x == y).count();
    let mut scored: Vec<(usize, usize, usize)> = Vec::new();
    for (i, own) in left.iter().enumerate() {
        scored.extend(right.iter().enumerate().map(|(j, other)| (agree(own, other), i, j)).filter(|s| s.0 > 0));
    }
    scored.sort_by_key(|(score, i, j)| (std::cmp::Reverse(*score), *i, *j));
    let (mut own, mut other) = (BTreeSet::new(), BTreeSet::new());
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (_, i, j) in scored {
        if !own.contains(&i) && !other.contains(&j) {
            own.insert(i);
            other.insert(j);
            pairs.push((i, j));
        }
    }
    pairs
}

/// What a row says that is there in one document alone.
fn sided(part: &Part<'_>, titles: &Titles, is_removed: bool) -> Vec<CellChange> {
    let given = titles.iter().zip(&part.cells).filter(|(_, told)| !told.normal.is_empty());
    let change = |((_, title), told): (&(Arc<str>, String), &&Told)| {
        let (text, place) = (said(told), told.place.clone());
        let field = title.clone();
        if is_removed {
            CellChange { field, old: text, new: None, old_place: place, new_place: None }
        } else {
            CellChange { field, old: None, new: text, old_place: None, new_place: place }
        }
    };
    given.map(change).collect()
}

fn said(told: &Told) -> Option<Arc<str>> {
    (!told.normal.is_empty()).then(|| told.text.clone())
}

/// What rows of a record share is told once: the office that changed on each of them.
fn once(changes: Vec<CellChange>) -> Vec<CellChange> {
    let mut met = BTreeSet::new();
    changes.into_iter().filter(|c| met.insert((c.field.clone(), c.old.clone(), c.new.clone()))).collect()
}
