//! Counts: numbered rows with a label, a value and a note, known by their labels. The form prints no headings.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::variants::{self, Labels};
use super::view::{SheetView, number, shown};
use crate::model::{
    Area, Bilingual, Cell, CellId, CellRef, Column, FieldSlot, Missing, Record, SkippedRow, Table, Value,
};
use crate::pack::{Catalogue, CellReader, Counts, Pack, Schedule, VariantSpec, assemble_counts};
use crate::text;

/// Rows of the form that must be printed for a table to be one.
const LEAST: usize = 3;

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
pub(super) fn read(view: &SheetView<'_>, pack: &Pack) -> Vec<Table> {
    let (Some(spec), Some(form)) = (&pack.schedule.counts, pack.form()) else { return Vec::new() };
    let labels = Labels::new(form, spec);
    let mut hits: Vec<Hit> = Vec::new();
    // A form of counts is short: a long sheet is something else.
    for (row, range) in view.rows.iter().take(400) {
        hits.extend(view.cells(range).iter().filter_map(|c| labels.hit(*row, c.at.col, &shown(c))));
    }
    let mut tables = Vec::new();
    for (side, right) in sides(view, hits) {
        for (variant, rows) in tables_of(view, &side, spec).into_iter().filter(|(_, rows)| rows.len() >= LEAST) {
            let columns = variants::value_columns(view, spec, &rows, right);
            if columns.len() > 1 {
                let each =
                    columns.iter().map(|(v, col)| table(view, pack, (spec, form), v, &rows, (right, Some(*col))));
                tables.extend(each);
            } else {
                tables.push(table(view, pack, (spec, form), &variant, &rows, (right, None)));
            }
        }
    }
    tables
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
    for hit in hits {
        let key = |h: &Hit| h.key.parse::<u32>().unwrap_or(0);
        let other = |group: &Vec<Hit>| group.last().is_some_and(|l| key(l) >= key(hit) && clash(group, hit));
        match groups.last_mut() {
            Some(group) if !other(group) => group.push(hit.clone()),
            _ => groups.push(vec![hit.clone()]),
        }
    }
    let variant = |group: &[Hit]| {
        let own = |h: &Hit| (h.variants.len() == 1).then(|| h.variants.first().cloned()).flatten();
        let count = |v: &VariantSpec| group.iter().filter(|h| own(h).as_ref() == Some(&v.name)).count();
        let best = spec.variants.iter().max_by_key(|v| count(v)).filter(|v| count(v) > 0).map(|v| v.name.clone());
        best.or_else(|| variants::titled(view, spec, group)).or_else(|| spec.variants.first().map(|v| v.name.clone()))
    };
    groups.into_iter().filter_map(|g| Some((variant(&g)?, g))).collect()
}

/// A repeated row that names another variant begins another table; a plain repetition does not.
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
    (end, value): (u32, Option<u32>),
) -> Table {
    let places = places(view, &pack.schedule, spec, hits, (end, value));
    let (first, last) = (hits.first().map_or(0, |h| h.row), hits.last().map_or(0, |h| h.row));
    let left = places.iter().map(|p| p.1).min().unwrap_or(0);
    let right = places.iter().map(|p| p.1).max().unwrap_or(0);
    let header_row = title_row(view, first);
    let header = Area::new(CellRef::new(header_row, left), CellRef::new(header_row, right));
    let fields: Vec<Arc<str>> = places.iter().map(|p| p.0.clone()).collect();
    let mut table = Table {
        variant: Some(variant.clone()),
        area: Area::new(header.first, CellRef::new(last, right)),
        confidence: confidence(form, variant, hits),
        columns: places.iter().map(|(f, col)| column(f, CellRef::new(header_row, *col), view)).collect(),
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
            slots.push(FieldSlot::One(CellId::try_from(table.cells.len()).unwrap_or(CellId::MAX)));
            table.cells.push(cell);
        }
        table.records.push(Record { rows: (*row, *row), slots: slots.into() });
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

fn column(field: &Arc<str>, at: CellRef, view: &SheetView<'_>) -> Column {
    Column {
        heading_area: Area::cell(at),
        heading: if view.merged(at).is_some() { "".into() } else { text::one_line(&view.text(at), 120).into() },
        field: Some(field.clone()),
        confidence: 0.9,
        evidence: Bilingual::new(
            "decide la posizione rispetto alle voci stampate",
            "the place beside the printed items decides",
        ),
        runner_up: None,
    }
}

/// The row just above the first count, if it holds something: headings or the title of the table.
fn title_row(view: &SheetView<'_>, first: u32) -> u32 {
    let above = view.position(first).checked_sub(1).and_then(|i| view.rows.get(i));
    // A row with figures is a count of the table above.
    let words = |range: &Range<usize>| view.cells(range).iter().all(|c| shown(c).trim().parse::<u32>().is_err());
    above.filter(|(row, range)| first - row <= 2 && words(range)).map_or(first, |(row, _)| *row)
}

/// The column of each field: number before the label, value and note behind it.
/// `end` is the last column of the table; `value` the column of the values where a heading tells it.
fn places(
    view: &SheetView<'_>,
    schedule: &Schedule,
    spec: &Counts,
    hits: &[Hit],
    (last, value): (u32, Option<u32>),
) -> Vec<(Arc<str>, u32)> {
    let mut columns: BTreeMap<u32, usize> = BTreeMap::new();
    for hit in hits {
        *columns.entry(hit.col).or_default() += 1;
    }
    let label = columns.into_iter().max_by_key(|(_, n)| *n).map_or(0, |(c, _)| c);
    let merged = hits.iter().find(|h| h.col == label).and_then(|h| view.merged(CellRef::new(h.row, label)));
    let after = merged.map_or(label, |a| a.last.col) + 1;
    let mut places = Vec::new();
    let filled = |col: u32, test: &dyn Fn(&crate::model::GridCell) -> bool| {
        hits.iter().filter_map(|h| view.sheet.get(CellRef::new(h.row, col))).filter(|c| test(c)).count()
    };
    let is_number = |c: &crate::model::GridCell| number(c).is_some() || shown(c).trim().parse::<u32>().is_ok();
    if let Some(col) = (label.saturating_sub(3)..label).rev().find(|c| filled(*c, &is_number) * 2 > hits.len()) {
        places.push((spec.number.clone(), col));
    } else {
        places.push((spec.number.clone(), label));
    }
    places.push((spec.label.clone(), label));
    let behind: Vec<u32> = (after..after + 8).filter(|c| *c <= last).collect();
    let fullest = behind
        .iter()
        .copied()
        .max_by_key(|c| (filled(*c, &is_number), std::cmp::Reverse(*c)))
        .filter(|c| filled(*c, &is_number) > 0);
    let alone = value.is_none();
    let value = value.or(fullest).unwrap_or(after);
    places.push((spec.value.clone(), value));
    let headed = |col: u32| {
        let top = hits.first().map_or(0, |h| h.row);
        let heading = text::words(&view.text(CellRef::new(title_row(view, top), col)));
        schedule.field(&spec.note).is_some_and(|f| f.headings.iter().any(|h| text::words(h) == heading))
    };
    let end = |col: u32| view.merged(CellRef::new(hits.first().map_or(0, |h| h.row), col)).map_or(col, |a| a.last.col);
    let others: Vec<u32> = (end(value) + 1..end(value) + 9).filter(|c| *c <= last).collect();
    // Beside the values of one level may stand those of the other: then only a heading tells the notes.
    let note =
        others.iter().copied().find(|c| headed(*c)).or_else(|| {
            others.iter().copied().filter(|_| alone).find(|c| filled(*c, &|c| !text::is_blank(&shown(c))) > 0)
        });
    places.push((spec.note.clone(), note.unwrap_or(end(value) + 1)));
    places
}

fn cell(view: &SheetView<'_>, schedule: &Schedule, reader: &CellReader, field: &str, here: CellRef) -> Cell {
    let at = view.merged(here).map_or(here, |a| a.first);
    let Some(found) = view.sheet.get(at) else {
        return Cell {
            at,
            raw: "".into(),
            text: "".into(),
            value: Value::Missing(Missing::Blank),
            flags: crate::model::Flags::default(),
        };
    };
    let shown = shown(found);
    let (value, flags) = reader.read(&shown, number(found), schedule.field(field));
    Cell { at, raw: shown.clone(), text: shown, value, flags }
}
