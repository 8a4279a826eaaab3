//! One form over several sheets: a questionnaire with a sheet for each of its sections is read as one.

use std::collections::BTreeSet;

use super::Found;
use super::bounds::Headers;
use super::columns::Layout;
use super::form::Form;
use super::kind::Kind;
use super::printed::{number_key, split_number};
use super::view::{SheetView, shown};
use super::{bounds, columns, questionnaire, sections, sieve};
use crate::model::{Area, CellRef, Column, Grid, GridCell, Sheet, Table, TablePart};

/// Columns before a text in which its number may stand.
const NUMBER: u32 = 3;
/// Blank rows between two parts.
const GAP: u32 = 2;

/// What one sheet has of the form.
struct Share {
    sheet: usize,
    /// First and last row with a text of the form.
    rows: (u32, u32),
    /// The questions printed, as entries of the form.
    questions: BTreeSet<usize>,
}

/// Puts the sheets together that print different questions of one form, if each of them prints some and none twice.
/// The one table replaces those that the sheets gave alone.
pub(super) fn join(grid: &Grid, kind: &Kind, headers: &Headers, found: &mut [Found]) {
    let pack = &kind.pack;
    let shares = shares(grid, kind);
    let all: BTreeSet<usize> = shares.iter().flat_map(|s| &s.questions).copied().collect();
    let printed: usize = shares.iter().map(|s| s.questions.len()).sum();
    if shares.len() < 2 || printed != all.len() {
        return;
    }
    let own: Vec<Option<Layout>> = shares.iter().map(|s| own_layout(grid, kind, headers, s)).collect();
    let differ = own.iter().flatten().any(|l| own.iter().flatten().next().is_some_and(|f| places(l) != places(f)));
    let begins = |(s, l): (&Share, &Option<Layout>)| match l {
        Some(layout) if differ => layout.header.first.row.min(s.rows.0),
        _ => s.rows.0,
    };
    let begins: Vec<u32> = shares.iter().zip(&own).map(begins).collect();
    let (sheet, parts) = together(grid, &shares, &begins);
    let number = shares.first().map_or(0, |s| s.sheet);
    let view = SheetView::new(u32::try_from(number).unwrap_or(u32::MAX), &sheet);
    let table = if differ { apart(&view, kind, (&own, &parts)) } else { alike(&view, kind, headers) };
    let Some(mut table) = table else { return };
    let units = |t: &Table| t.entities.first().map_or(0, |e| e.units.len());
    if units(&table) < all.len() {
        return;
    }
    table.parts = parts;
    if let (Some(spec), Some(form)) = (&pack.schedule.questionnaire, pack.form()) {
        let sheets = shares.iter().filter_map(|s| Some((u32::try_from(s.sheet).ok()?, grid.sheets.get(s.sheet)?)));
        let views: Vec<SheetView<'_>> = sheets.map(|(number, sheet)| SheetView::new(number, sheet)).collect();
        sections::give(&mut table, spec, form, &all, &views.iter().collect::<Vec<_>>());
    }
    for share in &shares {
        let Some(found) = found.get_mut(share.sheet) else { continue };
        found.tables.retain(|t| t.kind != table.kind);
        found.near = None;
    }
    if let Some(first) = found.get_mut(number) {
        first.tables.insert(0, table);
    }
}

/// The sheets put together, where all have the same columns.
fn alike(view: &SheetView<'_>, kind: &Kind, headers: &Headers) -> Option<Table> {
    let Kind { pack, index, .. } = kind;
    let rows = sieve::rows(view, [index].into_iter());
    let mut layouts = columns::find(view, &pack.schedule, index, headers, &rows);
    if layouts.is_empty() {
        layouts = columns::find_alike(view, &pack.schedule, index, headers, &[]);
    }
    let headed = layouts.into_iter().find_map(|mut layout| {
        // The headings come back on each sheet; the form goes on below them.
        layout.rows.1 = last_row(view, layout.rows.1);
        questionnaire::read(view, kind, &layout, true).ok()
    });
    headed.or_else(|| questionnaire::read_without_header(view, kind))
}

/// The same where each has columns of its own.
fn apart(view: &SheetView<'_>, kind: &Kind, (own, parts): (&[Option<Layout>], &[TablePart])) -> Option<Table> {
    let moved = own.iter().zip(parts).map(|(layout, part)| Some(moved(layout.clone()?, part)));
    let mut layouts = moved.collect::<Option<Vec<_>>>()?;
    let first = layouts.first_mut()?;
    first.rows.1 = last_row(view, first.rows.1);
    let (first, later) = layouts.split_first()?;
    questionnaire::read_under(view, kind, (first, later), true).ok()
}

fn last_row(view: &SheetView<'_>, otherwise: u32) -> u32 {
    view.rows.last().map_or(otherwise, |(row, _)| *row)
}

/// The layout that a sheet has of its own: its last header above the form's rows, or its columns by place.
fn own_layout(grid: &Grid, kind: &Kind, headers: &Headers, share: &Share) -> Option<Layout> {
    let Kind { pack, index, .. } = kind;
    let view = SheetView::new(u32::try_from(share.sheet).unwrap_or(u32::MAX), grid.sheets.get(share.sheet)?);
    let rows = sieve::rows(&view, [index].into_iter());
    let found = columns::find(&view, &pack.schedule, index, headers, &rows);
    let above = found.into_iter().rfind(|l| l.header.last.row < share.rows.0);
    above.or_else(|| questionnaire::without_header(&view, kind).map(|(layout, _)| layout))
}

/// The fields of a layout by column.
fn places(layout: &Layout) -> Vec<(u32, &str)> {
    layout.columns.iter().filter_map(|c| Some((c.heading_area.first.col, c.field.as_deref()?))).collect()
}

/// A layout of one sheet where the sheet stands in the whole.
fn moved(layout: Layout, part: &TablePart) -> Layout {
    let row = |row: u32| (row + part.from).saturating_sub(part.row);
    let area =
        |a: Area| Area::new(CellRef::new(row(a.first.row), a.first.col), CellRef::new(row(a.last.row), a.last.col));
    let of = |c: Column| Column { heading_area: area(c.heading_area), ..c };
    let columns = layout.columns.into_iter().map(of).collect();
    let (header, from, rows) = (area(layout.header), row(layout.from), (row(layout.rows.0), row(layout.rows.1)));
    Layout { header, columns, from, rows, ..layout }
}

/// What each sheet has of the form, for the sheets that have a question of it.
fn shares(grid: &Grid, kind: &Kind) -> Vec<Share> {
    let Some(form) = &kind.form else { return Vec::new() };
    let is_question = |i: &usize| form.rows.get(*i).is_some_and(|r| r.question);
    let mut shares = Vec::new();
    for (sheet, content) in grid.sheets.iter().enumerate().filter(|(_, s)| s.cells.len() <= bounds::CELLS) {
        let mut share = Share { sheet, rows: (u32::MAX, 0), questions: BTreeSet::new() };
        for cell in &content.cells {
            let text = shown(cell);
            let printed = text.trim_start_matches(|c: char| c.is_ascii_digit() || ". ),".contains(c));
            let short = !bounds::PRINTED.contains(&printed.len()) && share.questions.is_empty();
            let Some(entries) = (!short).then(|| form.printed(printed)).flatten() else { continue };
            let mut questions = entries.iter().copied().filter(is_question);
            let question = match (questions.next(), questions.next()) {
                // A text that several questions share tells none of them without its number.
                (Some(_), Some(_)) => numbered(content, form, cell, &text).filter(|q| entries.contains(q)),
                (one, _) => one,
            };
            if let Some(question) = question {
                share.questions.insert(question);
                share.rows.0 = share.rows.0.min(cell.at.row);
            }
            share.rows.1 = share.rows.1.max(cell.at.row);
        }
        if !share.questions.is_empty() {
            shares.push(share);
        }
    }
    shares
}

/// The question whose number stands before its text, in the same cell or in one to the left.
fn numbered(sheet: &Sheet, form: &Form, cell: &GridCell, text: &str) -> Option<usize> {
    let before = (cell.at.col.saturating_sub(NUMBER)..cell.at.col).rev();
    let beside = before.filter_map(|col| number_key(&shown(sheet.get(CellRef::new(cell.at.row, col))?), form));
    let own = split_number(text, form).and_then(|(number, _)| number_key(number, form));
    let key = own.into_iter().chain(beside).next()?;
    form.question(&key)
}

/// The sheets as one, each from the row where its part begins: the first with what stands above the form, the last with
/// what stands below it.
fn together(grid: &Grid, shares: &[Share], begins: &[u32]) -> (Sheet, Vec<TablePart>) {
    let mut whole = Sheet::default();
    let mut parts: Vec<TablePart> = Vec::new();
    let mut next = 0;
    for (i, (share, begin)) in shares.iter().zip(begins).enumerate() {
        let Some(sheet) = grid.sheets.get(share.sheet) else { continue };
        let first = if i == 0 { 0 } else { *begin };
        let last = if i + 1 == shares.len() { CellRef::MAX_ROW } else { share.rows.1 };
        if i == 0 {
            whole.name = sheet.name.clone();
        }
        let inside = |at: CellRef| (first..=last).contains(&at.row);
        let moved = |at: CellRef| CellRef::new(at.row - first + next, at.col);
        let moved_area = |a: &Area| Area::new(moved(a.first), moved(a.last));
        let kept = |a: &&Area| inside(a.first) && inside(a.last);
        for cell in sheet.cells.iter().filter(|c| inside(c.at)) {
            whole.cells.push(GridCell { at: moved(cell.at), ..cell.clone() });
        }
        whole.merged.extend(sheet.merged.iter().filter(kept).map(moved_area));
        whole
            .hidden_rows
            .extend(sheet.hidden_rows.iter().filter(|r| (first..=last).contains(*r)).map(|r| r - first + next));
        for list in &sheet.dropdowns {
            let areas = list.areas.iter().filter(kept).map(moved_area).collect();
            whole.dropdowns.push(crate::model::Dropdown { areas, ..list.clone() });
        }
        for text_box in sheet.boxes.iter().filter(|b| inside(b.at)) {
            whole.boxes.push(crate::model::TextBox { at: moved(text_box.at), ..text_box.clone() });
        }
        let number = u32::try_from(share.sheet).unwrap_or(u32::MAX);
        parts.push(TablePart { from: next, row: first, sheet: number, sheet_name: sheet.name.clone() });
        next = whole.cells.last().map_or(next, |c| c.at.row + GAP);
    }
    (whole, parts)
}
