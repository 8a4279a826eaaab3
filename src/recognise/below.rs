//! Where a table ends: notes, legends, labels of the document and signatures stand below it and are no records.

use super::columns::Layout;
use super::rows::skipped;
use super::view::{SheetView, is_empty, shown};
use crate::model::{Bilingual, GridCell, SkippedRow};
use crate::pack::Schedule;
use crate::text;

/// Rows below a table that are told one by one.
const TOLD: usize = 40;
/// A row with more cells than this is no note.
const MOST: usize = 3;

/// The last row that may belong to the table: the row above the first of those that close the sheet, if all of them
/// are thin and the first is a note, a signature or a label of the document.
pub(super) fn last_row(view: &SheetView<'_>, schedule: &Schedule, layout: &Layout) -> u32 {
    let cols = layout.header.first.col..=layout.header.last.col;
    let filled = |cells: &'_ [GridCell]| cells.iter().filter(|c| cols.contains(&c.at.col) && !is_empty(c)).count();
    let headed = layout.columns.iter().filter(|c| c.field.is_some()).count();
    let full = |cells: &[GridCell]| {
        let n = filled(cells);
        n > 2 && n * 2 > headed || n >= headed
    };
    let (from, to) = (view.position(layout.from), view.position(layout.rows.1.saturating_add(1)));
    let rows = view.rows.get(from..to).unwrap_or_default();
    let Some(last) = rows.iter().rposition(|(_, range)| full(view.cells(range))) else { return layout.rows.1 };
    let mut above = rows.get(last).map_or(layout.rows.1, |(row, _)| *row);
    for (row, range) in rows.get(last + 1..).unwrap_or_default() {
        let cells = view.cells(range);
        let gap = *row > above + 1;
        let n = filled(cells);
        if let Some(first) = cells.iter().find(|c| !is_empty(c))
            && n <= MOST
            && closes(schedule, &shown(first), gap)
        {
            return above;
        }
        above = *row;
    }
    layout.rows.1
}

/// Whether a text is what stands below tables: after a blank row a note or signature, anywhere a label of the document.
fn closes(schedule: &Schedule, text: &str, gap: bool) -> bool {
    let skips = || schedule.register.skip.iter().filter_map(|n| schedule.patterns.get(n)).any(|p| p.is_match(text));
    let label = || {
        let label = text.split_once(':').map(|(label, _)| text::words(label));
        label.is_some_and(|l| schedule.head.values().flat_map(|h| &h.labels).any(|known| text::words(known) == l))
    };
    gap && skips() || label()
}

/// The rows below the table, as told in the reading.
pub(super) fn told(view: &SheetView<'_>, layout: &Layout) -> Vec<SkippedRow> {
    let rows = view.rows.iter().map(|(row, _)| *row).skip(view.position(layout.rows.1.saturating_add(1)));
    rows.take_while(|row| *row <= layout.end)
        .take(TOLD)
        .map(|row| skipped(view, layout, row, Bilingual::new("sotto la tabella", "below the table")))
        .collect()
}
