//! Counts: numbered rows with a label, a value and a note, known by their labels. The form prints no headings.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::count_columns::{Extent, places};
use super::kind::Kind;
use super::memory::Memory;
use super::paraphrase::{Meant, Paraphrases};
use super::variants::{self, Label, Labels};
use super::view::{SheetView, formula_value, is_empty, number, shown};
use crate::model::{Area, Bilingual, Cell, CellRef, Column, Content, FieldSlot, Record, SkippedRow, Table};
use crate::pack::{Catalogue, CellReader, Counts, Pack, Schedule, VariantSpec, assemble_counts};
use crate::text;

/// Rows of the form that must be printed for a table to be one.
const LEAST: usize = 3;

/// Rows in which labels are looked for, and columns.
const MOST_ROWS: usize = 400;
const WIDEST: u32 = 40;
/// Labels in their order, among them some in other words, that tell a form of counts.
const IN_OTHER_WORDS: usize = 4;

/// The labels of a form of counts, as it prints them and as offices word them.
#[derive(Debug)]
pub(super) struct Wordings {
    labels: Labels,
    paraphrases: Paraphrases,
    /// What each text was found to be the label of.
    printed: Memory<Option<Label>>,
    meant: Memory<Option<Meant>>,
}

impl Wordings {
    /// Those of a pack whose form is of counts.
    pub(super) fn of(pack: &Pack) -> Option<Self> {
        let (spec, form) = (pack.schedule.counts.as_ref()?, pack.form()?);
        let (labels, paraphrases) = (Labels::new(form, spec), Paraphrases::new(form, spec));
        Some(Self { labels, paraphrases, printed: Memory::default(), meant: Memory::default() })
    }

    /// The row of the form that a text is the label of.
    fn printed(&self, text: &str) -> Option<Label> {
        self.printed.of(text, || self.labels.find(text))
    }

    /// The row that a text means in an office's own words.
    fn meant(&self, text: &str) -> Option<Meant> {
        self.meant.of(text, || self.paraphrases.meant(text))
    }
}

/// A row whose label is one of the form's.
#[derive(Debug, Clone)]
pub(super) struct Hit {
    pub(super) row: u32,
    pub(super) col: u32,
    /// The row number in the form.
    pub(super) key: String,
    /// The variants in which the label stands.
    pub(super) variants: Vec<Arc<str>>,
}

/// The tables of counts on a sheet, top to bottom.
pub(super) fn read(view: &SheetView<'_>, Kind { pack, wordings, .. }: &Kind) -> Vec<Table> {
    let (Some(spec), Some(form)) = (&pack.schedule.counts, pack.form()) else { return Vec::new() };
    let hits = wordings.as_ref().map_or_else(Vec::new, |w| hits(view, w, spec));
    let mut tables = Vec::new();
    for (side, right) in sides(view, hits) {
        for (variant, rows) in tables_of(view, &side, spec).into_iter().filter(|(_, rows)| rows.len() >= LEAST) {
            let columns = variants::value_columns(view, spec, &rows, right);
            let extent = Extent { end: right, value: None, values: &columns };
            if columns.len() > 1 {
                let one = |col: u32| Extent { value: Some(col), ..extent };
                tables.extend(columns.iter().map(|(v, col)| table(view, pack, (spec, form), v, &rows, one(*col))));
            } else {
                tables.push(table(view, pack, (spec, form), &variant, &rows, Extent { values: &[], ..extent }));
            }
        }
    }
    tables
}

/// The labels on a sheet: those printed as the form does, and where there are enough of them in their order, beside
/// numbers, those in an office's own words.
fn hits(view: &SheetView<'_>, wordings: &Wordings, spec: &Counts) -> Vec<Hit> {
    let mut hits: Vec<Hit> = Vec::new();
    let mut meant: BTreeMap<u32, Vec<Hit>> = BTreeMap::new();
    // A form of counts is short: a long sheet is something else.
    for (row, range) in view.rows.iter().take(MOST_ROWS) {
        let cells = view.cells(range);
        for cell in cells {
            let (text, col) = (shown(cell), cell.at.col);
            if let Some(Label { key, variants }) = wordings.printed(&text) {
                let hit = Hit { row: *row, col, key, variants };
                meant.entry(col).or_default().push(hit.clone());
                hits.push(hit);
            } else if let Some(found) = wordings.meant(&text)
                && cells.iter().any(|c| c.at.col > col && number(c).is_some())
            {
                let variants = match found.variant {
                    Some(variant) => vec![variant],
                    None => spec.variants.iter().map(|v| v.name.clone()).collect(),
                };
                meant.entry(col).or_default().push(Hit { row: *row, col, key: found.key, variants });
            }
        }
    }
    for column in meant.into_values() {
        for run in column.chunk_by(|a, b| key(a) < key(b)).filter(|run| run.len() >= IN_OTHER_WORDS) {
            hits.extend(
                run.iter()
                    .filter(|h| !hits.iter().any(|k| (k.row, k.col) == (h.row, h.col)))
                    .cloned()
                    .collect::<Vec<_>>(),
            );
        }
    }
    hits.sort_by_key(|h| (h.row, h.col));
    without_titles(view, hits)
}

/// The hits without the titles among them: alone on its row, in the words of the label that follows («N. obiettivi
/// strategici» over the first of its rows).
fn without_titles(view: &SheetView<'_>, mut hits: Vec<Hit>) -> Vec<Hit> {
    let is_alone = |h: &Hit| view.row(h.row).iter().filter(|c| !is_empty(c)).count() < 2;
    let next = |i: usize, h: &Hit| hits.iter().skip(i + 1).find(|n| n.row > h.row);
    let goes_on = |n: &Hit, h: &Hit| n.key == h.key && !is_alone(n);
    let titles: Vec<bool> =
        hits.iter().enumerate().map(|(i, h)| is_alone(h) && next(i, h).is_some_and(|n| goes_on(n, h))).collect();
    let mut titles = titles.into_iter();
    hits.retain(|_| !titles.next().unwrap_or_default());
    hits
}

/// Position among the rows of the first with labels beside one another, at least so many.
pub(super) fn row_of_labels(view: &SheetView<'_>, kind: &Kind, least: usize) -> Option<usize> {
    let wordings = kind.wordings.as_ref()?;
    view.rows.iter().take(MOST_ROWS).position(|(_, range)| {
        let cells = view.cells(range).iter().filter(|c| c.at.col < WIDEST);
        let keys: Vec<u32> = cells
            .filter_map(|c| {
                let text = shown(c);
                let found = wordings.printed(&text).map(|label| label.key);
                found.or_else(|| wordings.meant(&text).map(|m| m.key))?.parse().ok()
            })
            .collect();
        keys.len() >= least && keys.iter().zip(keys.iter().skip(1)).all(|(a, b)| a < b)
    })
}

fn key(hit: &Hit) -> u32 {
    hit.key.parse().unwrap_or(0)
}

/// The hits by the column of their labels, with the last column that may belong to each: tables may stand side by
/// side. A label in a column with few others is one of the table to its left.
fn sides(view: &SheetView<'_>, hits: Vec<Hit>) -> Vec<(Vec<Hit>, u32)> {
    let mut columns: BTreeMap<u32, usize> = BTreeMap::new();
    for hit in &hits {
        *columns.entry(hit.col).or_default() += 1;
    }
    let starts: Vec<u32> = columns.into_iter().filter(|(_, n)| *n >= LEAST).map(|(col, _)| col).collect();
    let two_in_a_row = hits.iter().zip(hits.iter().skip(1)).filter(|(a, b)| a.row == b.row).count() >= LEAST;
    if starts.len() < 2 || !two_in_a_row {
        let mut rows = hits;
        rows.dedup_by_key(|h| h.row);
        return vec![(rows, u32::MAX)];
    }
    let numbers = |col: u32, hits: &[Hit]| {
        let own = |h: &&Hit| view.text(CellRef::new(h.row, col)).trim().trim_end_matches('.') == h.key;
        hits.iter().filter(own).count() * 2 > hits.len()
    };
    let of = |i: usize| -> Vec<Hit> {
        let (from, to) = (starts.get(i).copied().unwrap_or(0), starts.get(i + 1).copied().unwrap_or(u32::MAX));
        let mut side: Vec<Hit> = hits.iter().filter(|h| (from..to).contains(&h.col)).cloned().collect();
        side.dedup_by_key(|h| h.row);
        side
    };
    let end = |i: usize| match starts.get(i + 1) {
        None => u32::MAX,
        Some(next) => {
            let own = (1..=3).find(|back| numbers(next.saturating_sub(*back), &of(i + 1)));
            next.saturating_sub(1 + own.unwrap_or(0))
        }
    };
    (0..starts.len()).map(|i| (of(i), end(i))).collect()
}

/// The hits by table: a new one begins where the numbering starts again, and its variant is the one that most
/// of its labels name.
fn tables_of(view: &SheetView<'_>, hits: &[Hit], spec: &Counts) -> Vec<(Arc<str>, Vec<Hit>)> {
    let mut groups: Vec<Vec<Hit>> = Vec::new();
    for (i, hit) in hits.iter().enumerate() {
        let again = |l: &Hit| key(l) >= key(hit);
        let titled = |l: &Hit| variants::is_titled_between(view, spec, (l.row, hit.row));
        let whole = || is_whole(hits.get(i..).unwrap_or_default());
        let other = |group: &Vec<Hit>| {
            group.last().is_some_and(|l| again(l) && (clash(group, hit) || titled(l) || is_whole(group) && whole()))
        };
        match groups.last_mut() {
            Some(group) if !other(group) => group.push(hit.clone()),
            _ => groups.push(vec![hit.clone()]),
        }
    }
    let variant = |group: &[Hit]| {
        let own = |h: &Hit| (h.variants.len() == 1).then(|| h.variants.first().cloned()).flatten();
        let count = |v: &VariantSpec| group.iter().filter(|h| own(h).as_ref() == Some(&v.name)).count();
        let best = spec.variants.iter().max_by_key(|v| count(v)).filter(|v| count(v) > 0).map(|v| v.name.clone());
        best.or_else(|| variants::titled(view, spec, group))
    };
    let mut tables: Vec<(Arc<str>, Vec<Hit>)> = Vec::new();
    for group in groups {
        // One that no word tells is of the level that none has yet.
        let free = || spec.variants.iter().map(|v| &v.name).find(|name| tables.iter().all(|(known, _)| known != *name));
        let first = || spec.variants.first().map(|v| v.name.clone());
        if let Some(variant) = variant(&group).or_else(|| free().cloned()).or_else(first) {
            tables.push((variant, group));
        }
    }
    tables
}

/// Whether hits begin with a whole table that names no variant but in passing: so many rows in their order, from the
/// first on.
fn is_whole(hits: &[Hit]) -> bool {
    let run = hits.chunk_by(|a, b| key(a) < key(b)).next().unwrap_or_default();
    let named = run.iter().filter(|h| h.variants.len() == 1).count();
    run.len() >= IN_OTHER_WORDS && run.first().is_some_and(|h| key(h) == 1) && named * 2 < run.len()
}

/// A repeated row that names another variant, or has a title that names one above it, begins another table; a plain
/// repetition does not.
fn clash(group: &[Hit], hit: &Hit) -> bool {
    let own = |h: &Hit| (h.variants.len() == 1).then(|| h.variants.first().cloned()).flatten();
    let (first, new) = (group.iter().find_map(own), own(hit));
    first.is_some() && new.is_some() && first != new
}

fn table(
    view: &SheetView<'_>,
    pack: &Pack,
    (spec, form): (&Counts, &Catalogue),
    variant: &Arc<str>,
    hits: &[Hit],
    extent: Extent<'_>,
) -> Table {
    let (places, headings) = places(view, &pack.schedule, spec, hits, extent);
    let (first, last) = (hits.first().map_or(0, |h| h.row), hits.last().map_or(0, |h| h.row));
    let label = places.iter().find(|p| p.0 == spec.label).map_or(0, |p| p.1);
    let left = places.iter().map(|p| p.1).min().unwrap_or(0);
    let right = places.iter().map(|p| p.1).max().unwrap_or(0);
    let header_row = headings.unwrap_or(first);
    let header = Area::new(CellRef::new(header_row, left), CellRef::new(header_row, right));
    let mut fields: Vec<Arc<str>> = places.iter().map(|p| p.0.clone()).collect();
    if !fields.contains(&spec.note) {
        fields.push(spec.note.clone());
    }
    let mut table = Table {
        variant: Some(variant.clone()),
        area: Area::new(header.first, CellRef::new(last, right)),
        confidence: confidence(form, variant, hits),
        // A number that stands before its label in the same cell has no column of its own.
        columns: (places.iter().filter(|(f, col)| *f != spec.number || *col != label))
            .map(|(f, col)| column(f, CellRef::new(header_row, *col), headings, view))
            .collect(),
        fields,
        ..Table::new(pack.schedule.kind.clone(), view.number, view.sheet.name.clone(), header)
    };
    let reader = CellReader::new(&pack.schedule, None);
    let mut entries = Vec::new();
    for (row, _) in view.rows.iter().filter(|(r, _)| (first..=last).contains(r)) {
        let Some(hit) = hits.iter().find(|h| h.row == *row) else {
            let text = text::one_line(
                &view.row(*row).iter().map(|c| shown(c).to_string()).collect::<Vec<_>>().join(" | "),
                160,
            );
            let area = Area::new(CellRef::new(*row, left), CellRef::new(*row, right));
            let reason = Bilingual::new("voce non prevista dal modulo", "item not foreseen by the form");
            table.reading.skipped.push(SkippedRow { sheet: view.sheet.name.clone(), area, reason, text: text.into() });
            continue;
        };
        let mut slots = Vec::new();
        for (field, col) in &places {
            let cell = cell(view, &pack.schedule, &reader, field, CellRef::new(*row, *col));
            slots.push(table.push(cell));
        }
        if places.iter().all(|p| p.0 != spec.note) {
            // Without a column of their own there are no notes: blank ones, beside the value.
            let value = table.slot(&spec.value).and_then(|s| table.cell(*slots.get(s)?));
            let at = value.map_or(CellRef::new(*row, right), |c| c.at);
            slots.push(table.push(Cell::blank(at)));
        }
        table.records.push(Record { rows: (*row, *row), slots: slots.into_iter().map(FieldSlot::One).collect() });
        entries.push(
            form.entries.iter().position(|e| e.get("key") == Some(&hit.key) && e.get("variant") == Some(variant)),
        );
    }
    assemble_counts(&mut table, pack, &entries);
    table
}

fn confidence(form: &Catalogue, variant: &str, hits: &[Hit]) -> f64 {
    let required =
        form.entries.iter().filter(|e| e.get("variant") == Some(variant) && e.get("required").is_some()).count();
    let share =
        f64::from(u32::try_from(hits.len()).unwrap_or(0)) / f64::from(u32::try_from(required.max(1)).unwrap_or(1));
    super::assign::round((0.5 + 0.5 * share.min(1.0)).min(0.99))
}

fn column(field: &Arc<str>, at: CellRef, headings: Option<u32>, view: &SheetView<'_>) -> Column {
    let is_headed = headings.is_some() && view.merged(at).is_none();
    Column {
        sheet: None,
        heading_area: Area::cell(at),
        heading: if is_headed { text::one_line(&view.text(at), 120).into() } else { "".into() },
        field: Some(field.clone()),
        confidence: 0.9,
        evidence: Bilingual::new(
            "decide la posizione rispetto alle voci stampate",
            "the place beside the printed items decides",
        ),
        runner_up: None,
    }
}

fn cell(view: &SheetView<'_>, schedule: &Schedule, reader: &CellReader, field: &str, here: CellRef) -> Cell {
    let at = view.merged(here).map_or(here, |a| a.first);
    let Some(found) = view.sheet.get(at) else { return Cell::blank(at) };
    let shown = shown(found);
    let (value, flags) = reader.read(&shown, number(found), schedule.field(field));
    let value = formula_value(found).unwrap_or(value);
    Cell::new(at, flags, Content::found(shown, value))
}
