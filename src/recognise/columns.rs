//! Finds the headers of a kind on a sheet: where the columns, assigned to fields, tell the most.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::again::{Mark, repeats};
use super::assign::{self, count};
use super::bare_years;
use super::below;
use super::bounds;
use super::calendar;
use super::candidate::{Named, may_suffice};
use super::evidence::Evidence;
use super::finer;
use super::header::{Heading, Part, Samples, headings, samples};
use super::heading::HeadingIndex;
use super::matches::{Matches, Values};
use super::repeated;
use super::restarts;
use super::spans;
use super::stacked::{has_groups, is_open, is_stack, is_wide_title};
use super::ticks::{self, Ticks};
use super::titles::{first_title, is_no_header};
use super::view::{SheetView, is_empty, is_figure, shown};
use super::years;
use crate::model::{Area, CellRef, Column, GridCell, Scalar};
use crate::pack::{Columns, Schedule};
use crate::text;

/// Rows at the top of a sheet in which headings with typos are looked for too; below, only exact ones.
pub(super) const FUZZY_ROWS: usize = 60;
/// Tables side by side at most.
const MOST_BESIDE: usize = 6;
/// What a scale to be ticked, or a group of columns that are no fields, tells of the header rows it is printed on.
const TICKED: f64 = 1.5;
/// Least score of a heading that names its field in full, and least such headings of a table that another title would
/// tell.
const NAMED: f64 = 0.9;
const LEAST_NAMED: usize = 3;
/// Header rows joined at most.
const MAX_DEPTH: usize = 3;

/// Where headers of one kind are looked for.
#[derive(Clone, Copy)]
struct Ground<'a> {
    view: &'a SheetView<'a>,
    schedule: &'a Schedule,
    index: &'a HeadingIndex,
    matches: &'a Matches<'a>,
}

/// A header with its columns, and the rows under it.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub(super) header: Area,
    pub(super) columns: Vec<Column>,
    /// First row under the header.
    pub(super) from: u32,
    /// First row of the header and last row that may belong to the table.
    pub(super) rows: (u32, u32),
    /// Last row before the next table; what lies between it and the table's last is notes, legends, signatures.
    pub(super) end: u32,
    /// First row above the header in which titles of the table may stand.
    pub(super) titles: u32,
    pub(super) confidence: f64,
    /// What tells its kind from others.
    pub(super) evidence: Evidence,
    /// For comparing layouts of several kinds on the same rows.
    pub(super) score: f64,
    /// Fields whose value is the heading of the column that is crossed.
    pub(super) ticks: Vec<Ticks>,
    /// For telling a repeated header quickly.
    pub(super) marks: Vec<Mark>,
}

impl Layout {
    /// Whether several headings name their fields in full: a table of the kind, and not one of words like its.
    pub(super) fn is_named(&self) -> bool {
        let named = |c: &&Column| c.field.is_some() && c.confidence >= NAMED;
        self.columns.iter().filter(named).count() >= LEAST_NAMED
    }

    /// The layout of a table that prints no headings; `header` is the row above it, `rows` its first and last.
    pub(super) fn without_header(header: Area, columns: Vec<Column>, rows: (u32, u32)) -> Self {
        Self {
            header,
            columns,
            from: rows.0,
            rows,
            end: rows.1,
            titles: rows.0,
            confidence: 0.7,
            evidence: Evidence::default(),
            score: 0.0,
            ticks: Vec::new(),
            marks: Vec::new(),
        }
    }
}

/// The layouts of one kind on a sheet, top to bottom, whose headings are known ones; `rows` are the positions of those in
/// which two texts may be headings.
pub(super) fn find(
    view: &SheetView<'_>,
    schedule: &Schedule,
    index: &HeadingIndex,
    headers: &bounds::Headers,
    rows: &[usize],
) -> Vec<Layout> {
    let mut known: FxHashMap<*const u8, bool> = FxHashMap::default();
    let exact = |cell: &GridCell| match &cell.value {
        Scalar::Text(text) => *known.entry(text.as_ptr()).or_insert_with(|| index.is_heading(text)),
        _ => false,
    };
    let matches = Matches::new(schedule);
    find_where(Ground { view, schedule, index, matches: &matches }, headers, rows.iter().copied(), exact)
}

/// The layouts of a kind whose headings are only like known ones, for a sheet where no header has two of those: data may
/// look like a heading with typos («Processo primario»). The rows of `tables` are data.
pub(super) fn find_alike(
    view: &SheetView<'_>,
    schedule: &Schedule,
    index: &HeadingIndex,
    headers: &bounds::Headers,
    tables: &[(u32, u32)],
) -> Vec<Layout> {
    let alike = |cell: &GridCell| match &cell.value {
        Scalar::Text(text) => index.scores(text).first().is_some_and(|s| s.1 > 0.6),
        _ => false,
    };
    let inside = |row: u32| tables.iter().any(|(first, last)| (*first..=*last).contains(&row));
    let may_be = |(_, (row, range)): &(usize, &(u32, Range<usize>))| !inside(*row) && range.len() <= bounds::MISSPELT;
    let rows = view.rows.iter().take(FUZZY_ROWS).enumerate().filter(may_be).map(|(i, _)| i);
    let matches = Matches::new(schedule);
    find_where(Ground { view, schedule, index, matches: &matches }, headers, rows, alike)
}

/// The layouts whose header has at least two headings, among the rows at these positions.
fn find_where(
    ground: Ground<'_>,
    headers: &bounds::Headers,
    rows: impl Iterator<Item = usize>,
    mut is_heading: impl FnMut(&GridCell) -> bool,
) -> Vec<Layout> {
    let Ground { view, schedule, index, .. } = ground;
    let mut layouts: Vec<Layout> = Vec::new();
    // Where the tables of the last header begin: several may stand side by side.
    let mut current = 0;
    for (position, (row, range)) in rows.filter_map(|position| Some((position, view.rows.get(position)?))) {
        let cells = view.cells(range);
        let under = layouts.last().is_some_and(|l| *row <= l.header.last.row);
        // A heading is text; far down, a row with figures is data, years apart.
        if under || position >= FUZZY_ROWS && cells.iter().any(is_figure) {
            continue;
        }
        let again = |layouts: &[Layout]| layouts.iter().skip(current).any(|l| repeats(l, cells));
        let known = cells.iter().filter(|c| is_heading(c)).count();
        if known < 2 || again(&layouts) || is_no_header(schedule, index, cells) {
            continue;
        }
        // Right below the rows of a table, two words that may be headings («Dirigente», «n.») are data.
        let follows = position.checked_sub(1).and_then(|p| view.rows.get(p)).is_some_and(|(r, _)| r + 1 == *row);
        if follows && !layouts.is_empty() && known * 2 < cells.iter().filter(|c| !is_empty(c)).count() {
            continue;
        }
        if !headers.takes(&view.sheet.name, *row, cells.len()) {
            layouts.iter_mut().skip(current).for_each(|l| l.rows.1 = row.saturating_sub(1));
            break;
        }
        let above = layouts.last().map(|l| l.header.last.row);
        let found = best_window(ground, position, above);
        let Some(first) = found.first().map(|l| l.header.first.row) else { continue };
        layouts.iter_mut().skip(current).for_each(|l| l.rows.1 = first.saturating_sub(1));
        current = layouts.len();
        layouts.extend(found);
    }
    let begins: BTreeSet<u32> = layouts.iter().map(|l| l.header.first.row).collect();
    let ends: BTreeSet<u32> = layouts.iter().map(|l| l.header.last.row).collect();
    for layout in &mut layouts {
        layout.titles = ends.range(..layout.header.first.row).next_back().map_or(0, |row| row + 1);
        layout.end = layout.rows.1;
        // What stands right above the next header is its title.
        let next = layout.end + 1;
        if begins.contains(&next) {
            layout.rows.1 = first_title(view, schedule, next, layout.from).saturating_sub(1);
        }
        layout.rows.1 = below::last_row(view, schedule, layout);
    }
    layouts
}

/// The best header among the windows of rows around `position`, below the header `above`: its tables, left to right.
fn best_window(ground: Ground<'_>, position: usize, above: Option<u32>) -> Vec<Layout> {
    let Ground { view, schedule, index, .. } = ground;
    let row_at = |i: usize| view.rows.get(i).map(|(r, _)| *r);
    let Some(row) = row_at(position) else { return Vec::new() };
    let mut best: Vec<Layout> = Vec::new();
    let total = |layouts: &[Layout]| layouts.iter().map(|l| l.score).sum::<f64>();
    for before in 0..MAX_DEPTH {
        for after in 0..MAX_DEPTH - before {
            let (Some(first), Some(last)) = (position.checked_sub(before).and_then(row_at), row_at(position + after))
            else {
                continue;
            };
            if last - first > u32::try_from(MAX_DEPTH).unwrap_or(3) || above.is_some_and(|a| first <= a) {
                continue;
            }
            let span = view.rows.get(position - before..=position + after).unwrap_or_default();
            let rows: Vec<u32> = span.iter().map(|(row, _)| *row).collect();
            // A row that headings are merged into is one of theirs, whatever it says.
            let no_header = |(row, range): &(u32, Range<usize>)| {
                !is_open(view, first, row.saturating_sub(1)) && is_no_header(schedule, index, view.cells(range))
            };
            if span.iter().any(no_header) || !is_stack(view, index, &rows) {
                continue;
            }
            if after + before + 1 < MAX_DEPTH && is_open(view, first, last) {
                continue;
            }
            // A row of years beside the headings is one of theirs.
            let beside = |at: Option<u32>, row: u32| at.is_some_and(|r| r.abs_diff(row) == 1 && years::row(view, r));
            let outer = position.checked_sub(before + 1).and_then(row_at);
            if after + before + 1 < MAX_DEPTH
                && (beside(row_at(position + after + 1), last) || beside(outer, first) && outer != above)
            {
                continue;
            }
            let upper = rows.get(..rows.len().saturating_sub(1)).unwrap_or_default();
            if first < last && is_title_over(view, index, first)
                || upper.iter().any(|row| is_wide_title(view, index, *row))
            {
                continue;
            }
            let headings = headings(view, first, last);
            if !headings.values().flat_map(|h| &h.parts).any(|p| index.is_asked(&p.text)) {
                continue;
            }
            let evidence = Evidence::of(view, schedule, index, &headings, (first, last));
            let mut found = layouts(ground, (first, last), &headings);
            for layout in &mut found {
                layout.evidence = evidence.with_values(view, schedule, index, layout);
            }
            if evidence.is_against() && found.iter().all(|l| l.evidence.is_against()) {
                return Vec::new();
            }
            // More header rows must tell clearly more, but titles of groups need no more than that.
            let more = if best.is_empty() || first < last && has_groups(view, index, first) { 0.0 } else { 0.12 };
            if !found.is_empty() && total(&found) > total(&best) + more {
                best = found;
            }
        }
    }
    best.retain(|l| {
        l.confidence >= schedule.recognition.table_threshold && (l.header.first.row..=l.header.last.row).contains(&row)
    });
    best
}

/// Whether the row is a lone text over one column that has no heading below it, or one that is whole without it: a title
/// («Obiettivi 2025» over «Area»).
fn is_title_over(view: &SheetView<'_>, index: &HeadingIndex, row: u32) -> bool {
    let mut filled = view.row(row).iter().filter(|c| !is_empty(c));
    let (Some(one), None) = (filled.next(), filled.next()) else { return false };
    let below = view.sheet.get(CellRef::new(row + 1, one.at.col));
    view.merged(one.at).is_none() && below.is_none_or(|c| is_empty(c) || index.is_heading(&shown(c)))
}

/// The tables under the header rows `first..=last`: one, or several side by side with blank columns between them.
fn layouts(ground: Ground<'_>, rows: (u32, u32), headings: &BTreeMap<u32, Heading>) -> Vec<Layout> {
    let samples = samples(ground.view, rows.1, headings);
    let cols: BTreeSet<u32> = headings.keys().chain(samples.keys()).copied().collect();
    let mut groups: Vec<BTreeSet<u32>> = Vec::new();
    for col in &cols {
        match groups.last_mut() {
            Some(group) if group.last().is_some_and(|l| l + 1 == *col) => {
                group.insert(*col);
            }
            _ => groups.push(BTreeSet::from([*col])),
        }
    }
    let of = |cols: &BTreeSet<u32>| layout(ground, rows, cols, (headings, &samples));
    if (2..=MOST_BESIDE).contains(&groups.len()) {
        let apart: Vec<Layout> = groups.iter().filter_map(of).collect();
        if apart.len() > 1 {
            return apart;
        }
    }
    of(&cols).into_iter().collect()
}

/// The columns under the header rows, assigned; `None` if too few of the kind's are there.
fn layout<'a>(
    Ground { view, schedule, index, matches }: Ground<'a>,
    (first, last): (u32, u32),
    cols: &BTreeSet<u32>,
    (headings, samples): (&BTreeMap<u32, Heading>, &Samples),
) -> Option<Layout> {
    let fields = assign::column_fields(schedule);
    let (left, right) = (*cols.first()?, *cols.last()?);
    let calendar = calendar::columns(headings);
    let (ticks, spans) = ticks::and_spans((schedule, index), cols, (headings, samples), &calendar);
    let further = further_groups(schedule, index, headings);
    let is_of_none = |col: &u32| {
        further.contains(col) || calendar.contains(col) && !spans.iter().any(|s| s.field.is_some() && s.has(*col))
    };
    let single = || cols.iter().filter(|col| !ticks.iter().any(|t| t.has(**col)));
    let named = |col: &u32| {
        let bare = Area::cell(CellRef::new(last, *col));
        let heading: (&[Part], Area) = headings.get(col).map_or((&[], bare), |h| (h.parts.as_slice(), h.area));
        Named::new((schedule, index), heading, spans.iter().find(|s| s.has(*col)))
    };
    let named: Vec<Named<'_>> = single().map(named).collect();
    if !may_suffice(schedule, &named, &ticks.iter().map(|t| &t.field).collect::<Vec<_>>()) {
        return None;
    }
    let weighed = |(col, named): (&u32, Named<'a>)| {
        let texts = samples.get(col).map_or(&[][..], Vec::as_slice);
        let sample = Values { texts, place: (*col, last) };
        let candidate = named.weigh((schedule, index, matches), &fields, sample);
        if is_of_none(col) { candidate.of_none() } else { candidate }
    };
    let candidates = single().zip(named).map(weighed).collect();
    let mut columns = assign::columns(schedule, &fields, candidates);
    finer::prefer(view, schedule, last + 1, &mut columns);
    spans::spread(&spans, &mut columns);
    for ticked in &ticks {
        ticked.join(&mut columns);
    }
    // What a merged heading covers beside its own column, with nothing below, is no column.
    let is_covered = |col: u32| view.merged(CellRef::new(last, col)).is_some_and(|a| a.first.col < col);
    columns.retain(|c| {
        let col = c.heading_area.first.col;
        c.field.is_some() || samples.contains_key(&col) || !is_covered(col)
    });
    columns.sort_by_key(|c| c.heading_area.first.col);
    restarts::leave(view, schedule, last + 1, &mut columns);
    assign::tell_taken(schedule, &mut columns);
    repeated::tell(&mut columns, &further);
    let (sum, confidence) = judge(schedule, &columns)?;
    bare_years::give(schedule, &mut columns);
    let hint = hints(view, schedule, first);
    let is_apart = |h: &&Heading| h.parts.len() > 1 && h.parts.iter().any(|p| p.wide && index.is_apart(&p.text));
    let apart = usize::from(headings.values().find(is_apart).is_some());
    let marks = columns.iter().filter(|c| !c.heading.is_empty()).map(Mark::new).collect();
    let end = view.rows.last().map_or(last, |(r, _)| *r);
    Some(Layout {
        marks,
        from: last + 1,
        header: Area::new(CellRef::new(first, left), CellRef::new(last, right)),
        columns,
        rows: (first, end),
        end,
        titles: 0,
        confidence: (confidence + hint).min(0.99),
        evidence: Evidence::default(),
        score: sum + hint + TICKED * count(ticks.len() + apart),
        ticks,
    })
}

/// The columns of groups that come again, where one of them names what has but one column.
fn further_groups(schedule: &Schedule, index: &HeadingIndex, headings: &BTreeMap<u32, Heading>) -> BTreeSet<u32> {
    let joined = |h: &Heading| h.parts.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join(" ");
    let texts: Vec<String> = headings.values().map(joined).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let single = |_: usize, stem: &str| {
        let best = index.scores(stem).first().copied();
        let named = best.filter(|(_, score)| *score >= schedule.recognition.column_threshold);
        named.and_then(|(field, _)| schedule.fields.get(field)).is_some_and(|f| f.columns != Columns::Many)
    };
    let further = repeated::further(&texts, single);
    headings.keys().enumerate().filter(|(place, _)| further.contains(place)).map(|(_, col)| *col).collect()
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
