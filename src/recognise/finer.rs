//! Two columns of one field, one within the other: a department and its office. The finer one says more.

use std::collections::{BTreeMap, BTreeSet};

use super::header::SAMPLE;
use super::view::SheetView;
use crate::model::{CellRef, Column};
use crate::pack::Schedule;
use crate::text;

/// Least confidence of the column that was left without the field.
const SURE: f64 = 0.9;
/// Of the rows at least so many in ten are filled in both columns.
const FILLED: usize = 8;

/// Gives a field that titles may give too to the finer of the two columns that its headings name.
pub(super) fn prefer(view: &SheetView<'_>, schedule: &Schedule, from: u32, columns: &mut [Column]) {
    for field in &schedule.register.subtitles {
        let own = columns.iter().position(|c| c.field.as_ref() == Some(field));
        let named = |c: &Column| c.field.is_none() && c.confidence >= SURE && names(c, field);
        let Some((own, other)) = own.zip(columns.iter().position(named)) else { continue };
        let col = |i: usize| columns.get(i).map(|c| c.heading_area.first.col);
        let Some((coarse, fine)) = col(own).zip(col(other)) else { continue };
        if !is_within(view, from, coarse, fine) {
            continue;
        }
        let state = |i: usize| columns.get(i).map(|c| (c.field.clone(), c.evidence.clone(), c.runner_up.clone()));
        for (i, state) in [(own, state(other)), (other, state(own))] {
            if let (Some(column), Some(state)) = (columns.get_mut(i), state) {
                (column.field, column.evidence, column.runner_up) = state;
            }
        }
    }
}

/// Whether the field is the one that a column without any would have.
fn names(column: &Column, field: &str) -> bool {
    column.runner_up.as_ref().is_some_and(|r| *r.field == *field && r.confidence >= SURE)
}

/// Whether the texts of a column divide those of another: several under one of them, none under two.
fn is_within(view: &SheetView<'_>, from: u32, coarse: u32, fine: u32) -> bool {
    let rows = view.rows.iter().skip(view.position(from)).take(SAMPLE).map(|(row, _)| *row);
    let at = |row: u32, col: u32| {
        let here = CellRef::new(row, col);
        text::identity(&view.text(view.merged(here).map_or(here, |a| a.first)))
    };
    let pairs: Vec<(String, String)> = rows.map(|row| (at(row, coarse), at(row, fine))).collect();
    let filled: Vec<&(String, String)> = pairs.iter().filter(|(a, b)| !a.is_empty() && !b.is_empty()).collect();
    let mut above: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (whole, part) in filled.iter().copied() {
        above.entry(part).or_default().insert(whole);
    }
    let wholes: BTreeSet<&str> = filled.iter().map(|(whole, _)| whole.as_str()).collect();
    filled.len() * 10 >= pairs.len() * FILLED && above.len() > wholes.len() && above.values().all(|w| w.len() == 1)
}
