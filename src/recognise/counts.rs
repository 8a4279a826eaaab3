//! Counts: numbered rows with a label, a value and a note, known by their labels. The form prints no headings.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::view::{SheetView, number, shown};
use crate::model::{
    Area, Bilingual, Cell, CellId, CellRef, Column, FieldSlot, Missing, Reading, Record, SkippedRow, Table, Value,
};
use crate::pack::{Catalogue, CellReader, Counts, Pack, Schedule, VariantSpec, assemble_counts};
use crate::text;

/// Rows of the form that must be printed for a table to be one.
const LEAST: usize = 3;
/// Least similarity of a printed label with one of the form.
const SIMILAR: f64 = 0.87;

/// A row whose label is one of the form's.
#[derive(Debug, Clone)]
struct Hit {
    row: u32,
    col: u32,
    /// The row number in the form.
    key: String,
    /// The variants in which the label stands.
    variants: Vec<Arc<str>>,
}

/// The tables of counts on a sheet, top to bottom.
pub(super) fn read(view: &SheetView<'_>, pack: &Pack) -> Vec<Table> {
    let (Some(spec), Some(form)) = (&pack.schedule.counts, pack.form()) else { return Vec::new() };
    let labels = Labels::new(form, spec);
    let mut hits: Vec<Hit> = Vec::new();
    // A form of counts is short: a long sheet is something else.
    for (row, range) in view.rows.iter().take(400) {
        hits.extend(view.cells(range).iter().find_map(|c| labels.hit(*row, c.at.col, &shown(c))));
    }
    let groups = tables_of(&hits, spec);
    groups
        .into_iter()
        .filter(|(_, rows)| rows.len() >= LEAST)
        .map(|(variant, rows)| table(view, pack, spec, form, &variant, &rows))
        .collect()
}

/// The labels of the form in words.
struct Labels {
    entries: Vec<(String, String, Arc<str>)>,
    /// Other words for a variant, and its name: the terms of the law change, the form stays.
    terms: Vec<(String, Arc<str>)>,
}

impl Labels {
    fn new(form: &Catalogue, spec: &Counts) -> Self {
        let entry = |e: &crate::pack::Entry| {
            Some((text::words(&e.value), e.get("key")?.to_owned(), e.all("variant").first()?.clone()))
        };
        let terms = spec.variants.iter().flat_map(|v| v.words.iter().map(|w| (text::words(w), v.name.clone())));
        Self { entries: form.entries.iter().filter_map(entry).collect(), terms: terms.collect() }
    }

    fn in_terms_of_the_form(&self, words: &str) -> String {
        let term = |word: &str| {
            self.terms.iter().find(|(w, _)| w == word).map_or(word.to_owned(), |(_, name)| name.to_string())
        };
        words.split(' ').map(term).collect::<Vec<_>>().join(" ")
    }

    fn hit(&self, row: u32, col: u32, shown: &str) -> Option<Hit> {
        if shown.len() < 8 || shown.len() > 200 {
            return None;
        }
        let words = self.in_terms_of_the_form(&text::words(strip_number(shown)));
        if words.len() < 8 {
            return None;
        }
        let mut found: Vec<&(String, String, Arc<str>)> = self.entries.iter().filter(|e| e.0 == words).collect();
        if found.is_empty() {
            let likely = self.entries.iter().filter(|e| shares_words(&e.0, &words));
            let best = likely.map(|e| (text::similarity(&e.0, &words), e)).max_by(|a, b| a.0.total_cmp(&b.0))?;
            if best.0 < SIMILAR {
                return None;
            }
            found = self.entries.iter().filter(|e| e.0 == best.1.0).collect();
        }
        let key = found.first()?.1.clone();
        Some(Hit { row, col, key, variants: found.iter().map(|e| e.2.clone()).collect() })
    }
}

/// Whether half of the label's words stand in the text: only then is its likeness worth weighing.
fn shares_words(label: &str, text: &str) -> bool {
    let words = label.split(' ').filter(|w| w.len() > 3);
    let all = words.clone().count();
    let beginnings = words.filter(|w| w.get(..4).is_some_and(|start| text.contains(start)));
    beginnings.count() * 2 >= all && label.len().abs_diff(text.len()) * 3 <= label.len().max(text.len())
}

/// `3. N. indicatori tot` without its number.
fn strip_number(text: &str) -> &str {
    let rest = text.trim_start().trim_start_matches(|c: char| c.is_ascii_digit());
    let rest = rest.trim_start_matches(['.', ')', '-', ' ', '\u{a0}']);
    if rest.is_empty() { text } else { rest }
}

/// The hits by table: a new one begins where the numbering starts again, and its variant is the one that most
/// of its labels name.
fn tables_of(hits: &[Hit], spec: &Counts) -> Vec<(Arc<str>, Vec<Hit>)> {
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
        let count =
            |v: &VariantSpec| group.iter().filter(|h| h.variants.len() == 1 && h.variants.contains(&v.name)).count();
        spec.variants.iter().max_by_key(|v| count(v)).map(|v| v.name.clone())
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
    spec: &Counts,
    form: &Catalogue,
    variant: &Arc<str>,
    hits: &[Hit],
) -> Table {
    let places = places(view, &pack.schedule, spec, hits);
    let (first, last) = (hits.first().map_or(0, |h| h.row), hits.last().map_or(0, |h| h.row));
    let left = places.iter().map(|p| p.1).min().unwrap_or(0);
    let right = places.iter().map(|p| p.1).max().unwrap_or(0);
    let header_row = title_row(view, first);
    let header = Area::new(CellRef::new(header_row, left), CellRef::new(header_row, right));
    let fields: Vec<Arc<str>> = places.iter().map(|p| p.0.clone()).collect();
    let mut table = Table {
        kind: pack.schedule.kind.clone(),
        variant: Some(variant.clone()),
        sheet: view.number,
        sheet_name: view.sheet.name.clone(),
        area: Area::new(header.first, CellRef::new(last, right)),
        header,
        confidence: confidence(form, variant, hits),
        columns: places.iter().map(|(f, col)| column(f, CellRef::new(header_row, *col), view)).collect(),
        fields,
        cells: Vec::new(),
        records: Vec::new(),
        entities: Vec::new(),
        deviations: Vec::new(),
        reading: Reading::default(),
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
            table.reading.skipped.push(SkippedRow { area, reason, text: text.into() });
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
fn places(view: &SheetView<'_>, schedule: &Schedule, spec: &Counts, hits: &[Hit]) -> Vec<(Arc<str>, u32)> {
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
    let behind: Vec<u32> = (after..after + 8).collect();
    let value = behind
        .iter()
        .copied()
        .max_by_key(|c| (filled(*c, &is_number), std::cmp::Reverse(*c)))
        .filter(|c| filled(*c, &is_number) > 0)
        .unwrap_or(after);
    places.push((spec.value.clone(), value));
    let headed = |col: u32| {
        let top = hits.first().map_or(0, |h| h.row);
        let heading = text::words(&view.text(CellRef::new(title_row(view, top), col)));
        schedule.field(&spec.note).is_some_and(|f| f.headings.iter().any(|h| text::words(h) == heading))
    };
    let end = |col: u32| view.merged(CellRef::new(hits.first().map_or(0, |h| h.row), col)).map_or(col, |a| a.last.col);
    let others: Vec<u32> = (end(value) + 1..end(value) + 9).collect();
    let note = others
        .iter()
        .copied()
        .find(|c| headed(*c))
        .or_else(|| others.iter().copied().find(|c| filled(*c, &|c| !text::is_blank(&shown(c))) > 0));
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
