//! Finds the headers of a kind on a sheet: where the columns, assigned to fields, tell the most.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::assign::{self, Candidate, count};
use super::heading::HeadingIndex;
use super::view::{SheetView, shown};
use crate::model::{Area, CellRef, Column, GridCell, NearMiss, Scalar};
use crate::pack::{Pack, Schedule};
use crate::text;

/// Rows at the top of a sheet in which headings with typos are looked for too; below, only exact ones.
const FUZZY_ROWS: usize = 60;
/// Header rows joined at most.
const MAX_DEPTH: usize = 3;
/// Data rows looked at to tell what a column holds.
const SAMPLE: usize = 80;

/// A header with its columns, and the rows under it.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub(super) header: Area,
    pub(super) columns: Vec<Column>,
    /// First row under the header.
    pub(super) from: u32,
    /// First row of the header and last row that may belong to the table.
    pub(super) rows: (u32, u32),
    pub(super) confidence: f64,
    /// For comparing layouts of several kinds on the same rows.
    pub(super) score: f64,
    /// Column and heading, squeezed, for telling a repeated header quickly.
    marks: Vec<(u32, String)>,
}

impl Layout {
    /// The layout of a table that prints no headings; `header` is the row above it, `rows` its first and last.
    pub(super) fn without_header(header: Area, columns: Vec<Column>, rows: (u32, u32)) -> Self {
        Self { header, columns, from: rows.0, rows, confidence: 0.7, score: 0.0, marks: Vec::new() }
    }
}

/// The layouts of one kind on a sheet, top to bottom. Headings with typos are looked for only on a sheet where
/// no header has two exact ones: data may look like a heading with typos («Processo primario»).
pub(super) fn find(view: &SheetView<'_>, schedule: &Schedule, index: &HeadingIndex) -> Vec<Layout> {
    let mut known: HashMap<*const u8, bool> = HashMap::new();
    let exact = |cell: &GridCell| match &cell.value {
        Scalar::Text(text) => *known.entry(text.as_ptr()).or_insert_with(|| index.is_heading(text)),
        _ => false,
    };
    let found = find_where(view, schedule, index, view.rows.len(), exact);
    if !found.is_empty() {
        return found;
    }
    let alike = |cell: &GridCell| match &cell.value {
        Scalar::Text(text) => index.scores(text).first().is_some_and(|s| s.1 > 0.6),
        _ => false,
    };
    find_where(view, schedule, index, FUZZY_ROWS, alike)
}

/// The layouts whose header has at least two headings, among the first `rows` rows.
fn find_where(
    view: &SheetView<'_>,
    schedule: &Schedule,
    index: &HeadingIndex,
    rows: usize,
    mut is_heading: impl FnMut(&GridCell) -> bool,
) -> Vec<Layout> {
    let mut layouts: Vec<Layout> = Vec::new();
    for (position, (row, range)) in view.rows.iter().enumerate().take(rows) {
        let cells = view.cells(range);
        let under = layouts.last().is_some_and(|l| *row <= l.header.last.row);
        // A heading is text; far down, a row with figures is data, years apart.
        let figure = |c: &GridCell| matches!(c.value, Scalar::Number(n) if !(1900.0..2100.0).contains(&n));
        if under || position >= FUZZY_ROWS && cells.iter().any(figure) {
            continue;
        }
        if cells.iter().filter(|c| is_heading(c)).count() < 2 || layouts.last().is_some_and(|l| repeats(l, cells)) {
            continue;
        }
        let above = layouts.last().map(|l| l.header.last.row);
        if let Some(layout) = best_window(view, schedule, index, position, above) {
            if let Some(last) = layouts.last_mut() {
                last.rows.1 = layout.header.first.row.saturating_sub(1);
            }
            layouts.push(layout);
        }
    }
    layouts
}

/// Whether a row prints the headings of a layout again.
pub(super) fn repeats(layout: &Layout, cells: &[GridCell]) -> bool {
    let mut same = 0;
    for cell in cells {
        let Ok(i) = layout.marks.binary_search_by_key(&cell.at.col, |m| m.0) else { continue };
        let (Some((_, heading)), Scalar::Text(text)) = (layout.marks.get(i), &cell.value) else { continue };
        // Data is mostly longer than its heading: no normal form is made of it.
        if text.len() > heading.len() * 2 + 8 {
            continue;
        }
        let text = text::squeezed(text);
        if text == *heading || (text.len() > 3 && heading.contains(&text)) {
            same += 1;
        }
    }
    same >= 2 && same * 2 > layout.marks.len()
}

/// The best header among the windows of rows around `position`, below the header `above`.
fn best_window(
    view: &SheetView<'_>,
    schedule: &Schedule,
    index: &HeadingIndex,
    position: usize,
    above: Option<u32>,
) -> Option<Layout> {
    let row_at = |i: usize| view.rows.get(i).map(|(r, _)| *r);
    let row = row_at(position)?;
    let mut best: Option<Layout> = None;
    for before in 0..MAX_DEPTH {
        for after in 0..MAX_DEPTH - before {
            let (Some(first), Some(last)) = (position.checked_sub(before).and_then(row_at), row_at(position + after))
            else {
                continue;
            };
            if last - first > u32::try_from(MAX_DEPTH).unwrap_or(3) || above.is_some_and(|a| first <= a) {
                continue;
            }
            let Some(layout) = layout(view, schedule, index, first, last) else { continue };
            // More header rows must tell clearly more.
            let needed = best.as_ref().map_or(0.0, |b| b.score + 0.12);
            if layout.score > needed {
                best = Some(layout);
            }
        }
    }
    best.filter(|l| {
        l.confidence >= schedule.recognition.table_threshold && l.header.contains(CellRef::new(row, l.header.first.col))
    })
}

/// The columns under the header rows `first..=last`, assigned; `None` if too few of the kind's are there.
fn layout(view: &SheetView<'_>, schedule: &Schedule, index: &HeadingIndex, first: u32, last: u32) -> Option<Layout> {
    let headings = headings(view, first, last);
    let samples = samples(view, last, &headings);
    let fields = assign::column_fields(schedule);
    let cols: BTreeSet<u32> = headings.keys().chain(samples.keys()).copied().collect();
    let (left, right) = (*cols.first()?, *cols.last()?);
    let candidates: Vec<Candidate> = cols
        .iter()
        .map(|col| {
            let bare = Area::cell(CellRef::new(last, *col));
            let heading = headings.get(col).map_or((&[][..], bare), |h| (h.parts.as_slice(), h.area));
            Candidate::new(schedule, index, &fields, heading, samples.get(col).map_or(&[], Vec::as_slice))
        })
        .collect();
    let columns = assign::columns(&fields, &candidates, schedule.recognition.column_threshold);
    let (sum, confidence) = judge(schedule, &columns)?;
    let hint = hints(view, schedule, first);
    let named = columns.iter().filter(|c| !c.heading.is_empty());
    let marks = named.map(|c| (c.heading_area.first.col, text::squeezed(&c.heading))).collect();
    Some(Layout {
        marks,
        from: last + 1,
        header: Area::new(CellRef::new(first, left), CellRef::new(last, right)),
        columns,
        rows: (first, view.rows.last().map_or(last, |(r, _)| *r)),
        confidence: (confidence + hint).min(0.99),
        score: sum + hint,
    })
}

/// Sum of the columns' confidences and how sure the whole is; `None` if no minimum set of fields is there.
fn judge(schedule: &Schedule, columns: &[Column]) -> Option<(f64, f64)> {
    let assigned: Vec<&Column> = columns.iter().filter(|c| c.field.is_some()).collect();
    let has = |f: &Arc<str>| assigned.iter().any(|c| c.field.as_ref() == Some(f));
    if !schedule.recognition.minimum.iter().any(|set| set.iter().all(has)) {
        return None;
    }
    let sum: f64 = assigned.iter().map(|c| c.confidence).sum();
    let headed = columns.iter().filter(|c| !c.heading.is_empty()).count().max(1);
    let (assigned, headed) = (count(assigned.len()), count(headed));
    Some((sum, (sum / assigned) * (0.7 + 0.3 * (assigned / headed).min(1.0))))
}

/// What sheet name and titles add.
fn hints(view: &SheetView<'_>, schedule: &Schedule, header: u32) -> f64 {
    let name = text::normal(&view.sheet.name);
    let sheet = schedule.recognition.sheets.iter().any(|s| name.contains(&text::normal(s)));
    let above = view.rows.iter().take_while(|(r, _)| *r < header).take(20).flat_map(|(_, range)| view.cells(range));
    let titles: Vec<String> = schedule.recognition.titles.iter().map(|t| text::normal(t)).collect();
    let title = above.map(|c| text::normal(&shown(c))).any(|t| titles.iter().any(|w| t.contains(w.as_str())));
    f64::from(u8::from(sheet)) * 0.03 + f64::from(u8::from(title)) * 0.05
}

/// A heading, one text for each of its rows.
struct Heading {
    parts: Vec<String>,
    area: Area,
}

/// The heading over each column, the rows joined top down; a merged label spreads over its span.
fn headings(view: &SheetView<'_>, first: u32, last: u32) -> BTreeMap<u32, Heading> {
    let mut headings: BTreeMap<u32, Heading> = BTreeMap::new();
    for row in first..=last {
        for cell in view.row(row) {
            let text = shown(cell);
            if text::is_blank(&text) {
                continue;
            }
            let area = view.merged(cell.at).unwrap_or(Area::cell(cell.at));
            for col in area.first.col..=area.last.col.min(area.first.col + 200) {
                let place = Area::cell(CellRef::new(row, col));
                let known = headings.entry(col).or_insert_with(|| Heading { parts: Vec::new(), area: place });
                known.parts.push(text::one_line(&text, 400));
                known.area = known.area.union(&Area::cell(CellRef::new(row, col)));
            }
        }
    }
    headings
}

/// Up to [`SAMPLE`] texts per column from the rows under the header.
fn samples(view: &SheetView<'_>, last: u32, headings: &BTreeMap<u32, Heading>) -> BTreeMap<u32, Vec<Arc<str>>> {
    let mut samples: BTreeMap<u32, Vec<Arc<str>>> = BTreeMap::new();
    let (Some(left), Some(right)) = (headings.keys().next(), headings.keys().next_back()) else { return samples };
    let from = view.position(last + 1);
    for (_, range) in view.rows.iter().skip(from).take(SAMPLE) {
        for cell in view.cells(range).iter().filter(|c| (*left..=*right).contains(&c.at.col)) {
            let wide = view.merged(cell.at).is_some_and(|a| a.last.col - a.first.col >= 2);
            let text = shown(cell);
            if !wide && !text::is_blank(&text) {
                samples.entry(cell.at.col).or_default().push(text);
            }
        }
    }
    samples
}

/// The kind that came nearest on a sheet without a table, and the fields it lacks.
pub(super) fn nearest(view: &SheetView<'_>, indices: &[(Arc<Pack>, HeadingIndex)]) -> NearMiss {
    let mut best: Option<(usize, Arc<str>, Vec<String>)> = None;
    for (pack, index) in indices {
        let schedule = &pack.schedule;
        for (_, range) in view.rows.iter().take(FUZZY_ROWS) {
            let named: Vec<usize> = view
                .cells(range)
                .iter()
                .filter_map(|c| index.scores(&shown(c)).first().filter(|s| s.1 > 0.75).map(|s| s.0))
                .collect();
            let found =
                |name: &Arc<str>| named.iter().any(|i| schedule.fields.get(*i).is_some_and(|f| f.name == *name));
            let sets = schedule.recognition.minimum.iter();
            let missing = sets.map(|set| {
                set.iter()
                    .filter(|f| !found(f))
                    .filter_map(|f| schedule.field(f))
                    .map(|f| f.title.it.clone())
                    .collect::<Vec<_>>()
            });
            let fewest = missing.min_by_key(Vec::len).unwrap_or_default();
            if named.len() >= 2 && best.as_ref().is_none_or(|b| named.len() > b.0) {
                best = Some((named.len(), schedule.kind.clone(), fewest));
            }
        }
    }
    let (kind, missing) = best.map_or((None, Vec::new()), |(_, kind, missing)| (Some(kind), missing));
    NearMiss { sheet: view.sheet.name.clone(), kind, missing, empty: false }
}
