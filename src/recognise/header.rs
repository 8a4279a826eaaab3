//! The printed headings over the columns of a table, and what the columns hold.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::bounds;
use super::heading::HeadingIndex;
use super::view::{SheetView, is_empty, shown};
use crate::model::{Area, CellRef, Scalar};
use crate::text;

/// Data rows looked at to tell what a column holds.
pub(super) const SAMPLE: usize = 80;
/// Columns over which one label spreads at most.
const WIDEST: u32 = 200;
/// Rows that a heading is merged down at most.
const DEEPEST: usize = 3;

/// Texts of the first rows, by column.
pub(super) type Samples = BTreeMap<u32, Vec<Arc<str>>>;

/// A heading, one text for each of its rows.
#[derive(Debug)]
pub(super) struct Heading {
    pub(super) parts: Vec<Part>,
    pub(super) area: Area,
}

/// One row of a heading.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) text: String,
    /// The text as it is printed, where its lines are broken.
    pub(super) lines: Option<String>,
    /// It stands over several columns: the title of a group.
    pub(super) wide: bool,
}

impl Part {
    /// The title of a group and a label under it, where they are written as one with a colon between.
    pub(super) fn titled(&self, index: &HeadingIndex) -> Option<[Self; 2]> {
        let (title, label) = self.text.split_once(':')?;
        let part = |text: &str, wide: bool| Self { text: text.trim().to_owned(), lines: None, wide };
        let is_title = !text::is_blank(label) && index.group(title).is_some() && !index.is_heading(&self.text);
        is_title.then(|| [part(title, true), part(label, false)])
    }
}

/// The heading over each column, the rows joined top down; an upper label spreads over its span.
pub(super) fn headings(view: &SheetView<'_>, first: u32, last: u32) -> BTreeMap<u32, Heading> {
    let mut headings = merged_down(view, first);
    for row in first..=last {
        for cell in view.row(row).iter().filter(|c| !is_empty(c)) {
            let area = view.merged(cell.at).unwrap_or(Area::cell(cell.at));
            // What a merged area covers is not shown.
            if area.first != cell.at {
                continue;
            }
            let right = area.last.col.min(area.first.col + WIDEST);
            let end = if area.is_cell() && row < last { unmerged_span(view, cell.at) } else { right };
            let (text, lines) = (text::one_line(&shown(cell), 400), lines(&shown(cell)));
            for col in area.first.col..=end {
                let place = Area::cell(CellRef::new(row, col));
                let known = headings.entry(col).or_insert_with(|| Heading { parts: Vec::new(), area: place });
                known.parts.push(Part { text: text.clone(), lines: lines.clone(), wide: end > area.first.col });
                known.area = known.area.union(&place);
            }
        }
    }
    headings
}

/// Headings that are merged down into the row from one above it: they are of both.
fn merged_down(view: &SheetView<'_>, row: u32) -> BTreeMap<u32, Heading> {
    let above = view.rows.iter().take(view.position(row)).rev().take(DEEPEST);
    let cells = above.flat_map(|(_, range)| view.cells(range)).filter(|c| !is_empty(c));
    let into = cells.filter(|c| {
        let area = view.merged(c.at);
        area.is_some_and(|a| a.first == c.at && a.first.col == a.last.col && a.last.row >= row)
    });
    let heading = |shown: &str, col: u32| {
        let parts = vec![Part { text: text::one_line(shown, 400), lines: lines(shown), wide: false }];
        Heading { parts, area: Area::cell(CellRef::new(row, col)) }
    };
    into.map(|c| (c.at.col, heading(&shown(c), c.at.col))).collect()
}

/// A short text that is printed on several lines.
fn lines(shown: &str) -> Option<String> {
    let trimmed = shown.trim();
    (trimmed.len() <= bounds::HEADING && trimmed.contains('\n')).then(|| trimmed.to_owned())
}

/// The last column that an upper label stands over although nothing is merged: blank cells to its right, each with a
/// lower label under it, as there is one under the label itself.
fn unmerged_span(view: &SheetView<'_>, at: CellRef) -> u32 {
    let blank = |col: u32| {
        let here = CellRef::new(at.row, col);
        view.sheet.get(here).is_none_or(is_empty) && view.merged(here).is_none()
    };
    let labelled = |col: u32| view.sheet.get(CellRef::new(at.row + 1, col)).is_some_and(|c| !is_empty(c));
    // A text alone on its row is a title.
    let alone = view.row(at.row).iter().filter(|c| !is_empty(c)).count() < 2;
    if alone || !labelled(at.col) {
        return at.col;
    }
    (at.col + 1..at.col + WIDEST).take_while(|col| blank(*col) && labelled(*col)).last().unwrap_or(at.col)
}

/// A text as far as the patterns of columns look at it.
fn beginning(text: Arc<str>) -> Arc<str> {
    match text.get(..text.floor_char_boundary(bounds::SAMPLED)) {
        Some(beginning) if beginning.len() < text.len() => beginning.into(),
        _ => text,
    }
}

/// Up to [`SAMPLE`] texts per column from the rows under the header.
pub(super) fn samples(view: &SheetView<'_>, last: u32, headings: &BTreeMap<u32, Heading>) -> Samples {
    let mut samples: Samples = BTreeMap::new();
    let (Some(left), Some(right)) = (headings.keys().next(), headings.keys().next_back()) else { return samples };
    // Before the first heading a column without one may hold the numbers.
    let left = left.saturating_sub(1);
    let from = view.position(last + 1);
    for (_, range) in view.rows.iter().skip(from).take(SAMPLE) {
        for cell in view.cells(range).iter().filter(|c| (left..=*right).contains(&c.at.col)) {
            let wide = view.merged(cell.at).is_some_and(|a| a.last.col - a.first.col >= 2);
            let text = shown(cell);
            if !wide && !text::is_blank(&text) && cell.value != Scalar::Uncalculated {
                samples.entry(cell.at.col).or_default().push(beginning(text));
            }
        }
    }
    samples
}
