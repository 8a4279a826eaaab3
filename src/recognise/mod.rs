//! Finds the tables of a grid by their content, as the packs say, and reads their records.
//!
//! Nothing here knows a form: headings, questions, patterns and thresholds are the packs'. A table is found
//! by its headings (`register`, `questionnaire`) or by its printed rows (`questionnaire`, `counts`).

mod again;
mod align;
mod answers;
mod assign;
mod bare_years;
mod below;
mod beside;
mod bounds;
mod calendar;
mod candidate;
mod cards;
mod columns;
mod count_columns;
mod counts;
mod dated;
mod evidence;
mod finer;
mod flow;
mod form;
mod head;
mod header;
mod heading;
mod headless;
mod kind;
mod late;
mod looser;
mod marks;
mod matches;
mod memory;
mod mend;
mod names;
mod nearest;
mod notes;
mod own;
mod paraphrase;
mod parts;
mod phrases;
mod printed;
mod questionnaire;
mod recent;
mod register;
mod repeated;
mod restarts;
mod rows;
mod sections;
mod sides;
mod sieve;
mod spans;
mod spellings;
mod stacked;
mod strays;
mod ticks;
mod titles;
mod turned;
mod variants;
mod view;
mod wordings;
mod years;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::model::{Area, CellId, CellRef, Document, Grid, Head, NearMiss, Table};
use crate::pack::{Pack, Packs, Shape};
use columns::Layout;
use kind::Kind;
use view::SheetView;

/// The kinds that a workbook is read for, and the header rows that may still be weighed for them.
type Kinds<'a> = (&'a [Kind], &'a bounds::Headers);

/// What a sheet gave: its tables, and the kind that came nearest where there is none.
#[derive(Debug, Default)]
struct Found {
    tables: Vec<Table>,
    near: Option<NearMiss>,
}

/// The kinds of schedule made ready to be recognised: made once, good for any number of workbooks, on any thread.
#[derive(Debug, Clone)]
pub struct Recogniser {
    packs: Packs,
    kinds: Arc<[Kind]>,
}

impl Recogniser {
    /// Makes the headings of packs ready.
    pub fn new(packs: &Packs) -> Self {
        Self { packs: packs.clone(), kinds: packs.packs.iter().map(Kind::new).collect() }
    }

    /// Recognises every table of a workbook. Sheets without a known table are told in `near_misses`.
    pub fn recognise(&self, grid: &Grid) -> Document {
        document(grid, &self.packs, &self.kinds, &bounds::Headers::new(None))
    }

    /// The same, given up once `stop` is raised.
    pub(crate) fn recognise_unless(&self, grid: &Grid, stop: Option<&Arc<AtomicBool>>) -> Option<Document> {
        let headers = bounds::Headers::new(stop.cloned());
        let document = document(grid, &self.packs, &self.kinds, &headers);
        (!headers.is_stopped()).then_some(document)
    }
}

/// Recognises every table of one workbook. For many, [`Recogniser`] makes the packs ready but once.
pub fn recognise(grid: &Grid, packs: &Packs) -> Document {
    Recogniser::new(packs).recognise(grid)
}

fn document(grid: &Grid, packs: &Packs, kinds: &[Kind], headers: &bounds::Headers) -> Document {
    let mut document = Document::default();
    let mut sheets: Vec<Found> = Vec::with_capacity(grid.sheets.len());
    let views: Vec<SheetView<'_>> = (0..).zip(&grid.sheets).map(|(n, sheet)| SheetView::new(n, sheet)).collect();
    for view in &views {
        let text = kinds.iter().find_map(|kind| flow::read(view, &kind.pack.schedule));
        let of_text = text.map(|table| Found { tables: vec![table], near: None });
        sheets.push(of_text.unwrap_or_else(|| sheet_tables(view, (kinds, headers), &[])));
    }
    // A form kept in parts: where one sheet holds some of its rows, another may hold the few others. And what one sheet
    // tells of the workbook holds for tables that have nothing telling of their own.
    let known = known_kinds(&views, kinds, &sheets);
    for (found, view) in sheets.iter_mut().zip(&views) {
        if found.tables.is_empty() && !known.is_empty() {
            let part = sheet_tables(view, (kinds, headers), &known);
            if !part.tables.is_empty() {
                *found = part;
            }
        }
    }
    for kind in kinds.iter().filter(|k| k.pack.schedule.shape == Shape::Questionnaire) {
        parts::join(grid, kind, headers, &mut sheets);
    }
    cards::join(grid, (kinds, headers), &known, &mut sheets);
    document.remarks.extend(headers.told());
    document.remarks.extend(headless::told(&views, &sheets));
    for found in sheets {
        document.near_misses.extend(found.near);
        document.tables.extend(found.tables);
    }
    for Kind { pack, .. } in kinds.iter().filter(|k| k.pack.schedule.shape.has_rows()) {
        own::titles(&views, pack, &mut document.tables);
    }
    document.head = head::read(&views, packs, &document.tables);
    // What a title says of the rows below it says nothing of the whole document.
    let tables = &document.tables;
    document.head.retain(|name, entry| !tables.iter().any(|t| t.sheet == entry.sheet && carries(t, name, entry.at)));
    answers::give(packs, &document.tables, &mut document.head);
    for table in &mut document.tables {
        if let Some(pack) = packs.get(&table.kind) {
            mend::cut_words(table, &pack.schedule, &document.head);
            dated::with_year(table, &pack.schedule, &document.head);
            finish(table, pack, &document.head, grid);
        }
    }
    document
}

/// The kinds that other sheets hold tables of, or whose name stands in titles anywhere in the workbook.
fn known_kinds(views: &[SheetView<'_>], kinds: &[Kind], sheets: &[Found]) -> Vec<Arc<str>> {
    let mut known: Vec<Arc<str>> = sheets.iter().flat_map(|f| &f.tables).map(|t| t.kind.clone()).collect();
    for Kind { pack, index, .. } in kinds {
        let told = || views.iter().any(|view| evidence::is_told(view, index));
        if !known.contains(&pack.schedule.kind) && told() {
            known.push(pack.schedule.kind.clone());
        }
    }
    known
}

/// Whether the rows of a table have a field from a cell outside them.
fn carries(table: &Table, field: &str, at: CellRef) -> bool {
    let Some(slot) = table.slot(field) else { return false };
    let from = |id: CellId| table.cell(id).is_some_and(|c| c.at == at);
    table.records.iter().any(|r| r.slots.cells(slot).iter().any(from))
}

/// Units and notes, once the records are as they will be.
fn finish(table: &mut Table, pack: &Pack, head: &Head, grid: &Grid) {
    // Of a text the units are known from its headings.
    if pack.schedule.shape.has_rows() && !table.is_text {
        crate::pack::assemble_register(table, &pack.schedule);
    }
    notes::write(table, pack, head, grid);
}

/// The headers on a sheet that tell their kind, the likeliest reading first: one that shares rows with a likelier one is
/// another kind's misreading. Beside them the kind of those that do not tell it.
fn sheet_layouts(
    view: &SheetView<'_>,
    (kinds, headers): Kinds<'_>,
    known: &[Arc<str>],
) -> (Vec<(usize, Layout)>, Option<NearMiss>) {
    let mut layouts: Vec<(usize, Layout)> = Vec::new();
    let mut near = None;
    let with_headings = |(_, kind): &(usize, &Kind)| kind.pack.schedule.shape != Shape::Counts;
    let rows = sieve::rows(view, kinds.iter().map(|kind| &kind.index));
    let exact = |(i, kind): (usize, &Kind)| (i, columns::find(view, &kind.pack.schedule, &kind.index, headers, &rows));
    let exact: Vec<(usize, Vec<Layout>)> = kinds.iter().enumerate().filter(with_headings).map(exact).collect();
    // One table tells of the others beside and below it.
    let is_told = |pack: &Pack, own: &[Layout]| {
        known.contains(&pack.schedule.kind) || own.iter().any(|l| !l.evidence.is_thin(&pack.schedule))
    };
    let of = |i: usize| kinds.get(i).map(|kind| &kind.pack);
    let told = exact.iter().filter(|(i, own)| of(*i).is_some_and(|pack| is_told(pack, own)));
    let tables: Vec<(u32, u32)> = told.flat_map(|(_, own)| own).filter(|l| l.is_named()).map(|l| l.rows).collect();
    for (i, mut own) in exact {
        let Some(Kind { pack, index, .. }) = kinds.get(i) else { continue };
        if own.is_empty() {
            own = columns::find_alike(view, &pack.schedule, index, headers, &tables);
        }
        if is_told(pack, &own) {
            layouts.extend(own.into_iter().map(|l| (i, l)));
        } else if own.iter().any(Layout::is_named) {
            let (sheet, kind) = (view.sheet.name.clone(), Some(pack.schedule.kind.clone()));
            let weight = own.iter().map(|l| l.columns.len()).max().unwrap_or(0) * view.rows.len();
            near = Some(NearMiss { sheet, kind, untold: true, weight, ..NearMiss::default() });
        }
    }
    let score = |layout: &Layout| layout.score - layout.evidence.foreign();
    layouts.sort_by(|a, b| score(&b.1).total_cmp(&score(&a.1)).then(a.1.header.first.cmp(&b.1.header.first)));
    (layouts, near)
}

/// The tables of one sheet; of the kinds in `known` the workbook speaks elsewhere.
fn sheet_tables(view: &SheetView<'_>, (kinds, headers): Kinds<'_>, known: &[Arc<str>]) -> Found {
    let (mut layouts, near) = sheet_layouts(view, (kinds, headers), known);
    let mut counted: Vec<Table> = kinds.iter().flat_map(|kind| counts::read(view, kind)).collect();
    // The printed rows of a form are no headings, whatever words they share with them.
    layouts.retain(|(_, layout)| !counted.iter().any(|t| is_row_of(t, layout.header)));
    let mut found = Found { near, ..Found::default() };
    let mut taken: Vec<Area> = Vec::new();
    for (i, layout) in layouts {
        let Some(kind @ Kind { pack, .. }) = kinds.get(i) else { continue };
        let (left, right) = (layout.header.first.col, layout.header.last.col);
        let area = Area::new(CellRef::new(layout.rows.0, left), CellRef::new(layout.rows.1, right));
        if taken.iter().any(|t| overlap(t, &area)) {
            continue;
        }
        let read = match pack.schedule.shape {
            Shape::Register | Shape::Flow => {
                let below = below::told(view, &layout);
                register::read(view, pack, layout).map(|mut table| {
                    table.reading.skipped.extend(below);
                    table
                })
            }
            _ => questionnaire::read(view, kind, &layout, known.contains(&pack.schedule.kind)),
        };
        match read {
            Ok(table) => {
                taken.push(area);
                found.tables.push(table);
            }
            Err(near) => found.near = found.near.or(near),
        }
    }
    for kind in kinds {
        let pack = &kind.pack;
        let without_header = match pack.schedule.shape {
            Shape::Counts => {
                let tables: Vec<Table> = counted.extract_if(.., |t| t.kind == pack.schedule.kind).collect();
                if tables.is_empty() && found.tables.is_empty() { turned::read(view, kind) } else { tables }
            }
            Shape::Questionnaire if found.tables.is_empty() => {
                questionnaire::read_without_header(view, kind).into_iter().collect()
            }
            _ => Vec::new(),
        };
        let before = taken.len();
        for table in without_header {
            // Tables of one kind may share the column of their labels.
            let taken_by_others = taken.get(..before).unwrap_or_default();
            if !taken_by_others.iter().any(|t| overlap(t, &table.area)) {
                taken.push(table.area);
                found.tables.push(table);
            }
        }
    }
    found.tables.sort_by_key(|t| t.area.first);
    if !found.tables.is_empty() || view.rows.is_empty() {
        found.near = None;
    } else if found.near.is_none() {
        found.near = Some(nearest::nearest(view, kinds));
    }
    found
}

/// Whether a header stands on rows that are a table's records.
fn is_row_of(table: &Table, header: Area) -> bool {
    let on = |row: u32| (header.first.row..=header.last.row).contains(&row);
    overlap(&table.area, &header) && table.records.iter().any(|r| on(r.rows.0))
}

/// Whether two areas have a cell in common.
fn overlap(a: &Area, b: &Area) -> bool {
    a.first.row <= b.last.row && b.first.row <= a.last.row && a.first.col <= b.last.col && b.first.col <= a.last.col
}
