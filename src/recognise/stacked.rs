//! Where a heading of several rows stops: its lower rows hold headings too, never the values of the first record.

use std::sync::Arc;

use super::heading::HeadingIndex;
use super::view::{SheetView, is_empty, shown};
use crate::model::{CellRef, GridCell, Scalar};

/// Score from which two texts one above the other name a field together.
const TOGETHER: f64 = 0.9;
/// What they must score more than the upper one alone.
const MORE: f64 = 0.05;

/// Whether every row under the first of `rows` may be of one heading with the row above it.
pub(super) fn is_stack(view: &SheetView<'_>, index: &HeadingIndex, rows: &[u32]) -> bool {
    rows.iter().zip(rows.iter().skip(1)).all(|(above, row)| goes_on(view, index, *above, *row))
}

/// Whether a row goes on with the heading above it: under a label that stands over several columns, beside a heading
/// merged down into it, with headings of its own, with what explains the headings above, or with their last words.
fn goes_on(view: &SheetView<'_>, index: &HeadingIndex, above: u32, row: u32) -> bool {
    let filled: Vec<&GridCell> = view.row(row).iter().filter(|c| !is_empty(c)).collect();
    let figure = |c: &&GridCell| matches!(c.value, Scalar::Number(n) if !(1900.0..2100.0).contains(&n));
    if filled.iter().any(figure) {
        return false;
    }
    let upper: Vec<&GridCell> = view.row(above).iter().filter(|c| !is_empty(c)).collect();
    let spans = |c: &&GridCell| view.merged(c.at).is_some_and(|a| a.last.col > a.first.col || a.last.row >= row);
    if upper.iter().any(spans) || stands_over_blanks(view, &upper, row) {
        return true;
    }
    let named = filled.iter().filter(|c| index.is_heading(&shown(c))).count();
    let explained = filled.iter().filter(|c| is_in_parentheses(&shown(c))).count();
    if (named + explained) * 2 >= filled.len() {
        return true;
    }
    filled.iter().any(|c| {
        let over = view.text(CellRef::new(above, c.at.col));
        !over.is_empty() && is_rest(index, &over, &shown(c))
    })
}

/// Whether an upper label stands over several lower ones, though nothing is merged: beside it blanks, under each of them
/// and under itself a text.
fn stands_over_blanks(view: &SheetView<'_>, upper: &[&GridCell], row: u32) -> bool {
    let below = |col: u32| view.sheet.get(CellRef::new(row, col)).is_some_and(|c| !is_empty(c));
    let blank = |c: &&&GridCell| !upper.iter().any(|u| u.at.col == c.at.col + 1);
    upper.iter().filter(blank).any(|c| below(c.at.col) && below(c.at.col + 1))
}

/// A unit, a scale, an explanation: `(1-5)`, `[sì/no]`.
pub(super) fn is_in_parentheses(text: &str) -> bool {
    let text = text.trim();
    text.starts_with(['(', '[']) && text.ends_with([')', ']'])
}

/// Whether a text goes on with a heading that the row above has begun.
fn is_rest(index: &HeadingIndex, over: &Arc<str>, text: &Arc<str>) -> bool {
    let best = |text: &str| index.scores(text).first().map_or(0.0, |s| s.1);
    let together = best(&format!("{over} {text}"));
    let unclosed = |t: &str| t.matches('(').count() > t.matches(')').count();
    unclosed(over) || together >= TOGETHER && together > best(over) + MORE
}
