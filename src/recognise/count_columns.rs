//! The columns of a table of counts: the form prints no headings, so place and content decide, and headings where
//! somebody wrote some.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::counts::Hit;
use super::view::{SheetView, brief_words, formula_value, number, shown};
use super::years;
use crate::model::{CellRef, Format, GridCell};
use crate::pack::{Counts, Schedule};
use crate::text;

/// Columns before the labels and behind them that are looked at.
const BEFORE: u32 = 3;
const BEHIND: u32 = 8;

/// What is known of a table before its columns are.
#[derive(Clone, Copy)]
pub(super) struct Extent<'a> {
    /// The last column that may be its own.
    pub(super) end: u32,
    /// The column of its values, where a heading tells it.
    pub(super) value: Option<u32>,
    /// The columns of values of all the levels in the table.
    pub(super) values: &'a [(Arc<str>, u32)],
}

/// The fields with their columns, number and label first, and the row of headings if there is one. A table may have no
/// column for notes.
pub(super) fn places(
    view: &SheetView<'_>,
    schedule: &Schedule,
    spec: &Counts,
    hits: &[Hit],
    extent: Extent<'_>,
) -> (Vec<(Arc<str>, u32)>, Option<u32>) {
    let mut columns: BTreeMap<u32, usize> = BTreeMap::new();
    for hit in hits {
        *columns.entry(hit.col).or_default() += 1;
    }
    let label = columns.into_iter().max_by_key(|(_, n)| *n).map_or(0, |(col, _)| col);
    let mut columns = Columns { view, schedule, hits, label, number: None, extent, header: None };
    columns.number = (columns.first()..label).rev().find(|col| columns.is_numbering(*col));
    columns.header = columns.header_row();
    let value = columns.value(spec);
    let mut places = vec![
        (spec.number.clone(), columns.number.unwrap_or(label)),
        (spec.label.clone(), label),
        (spec.value.clone(), value),
    ];
    places.extend(columns.note(spec, value).map(|col| (spec.note.clone(), col)));
    (places, columns.header)
}

struct Columns<'a> {
    view: &'a SheetView<'a>,
    schedule: &'a Schedule,
    hits: &'a [Hit],
    label: u32,
    number: Option<u32>,
    extent: Extent<'a>,
    header: Option<u32>,
}

impl Columns<'_> {
    fn first(&self) -> u32 {
        self.label.saturating_sub(BEFORE)
    }

    /// The last of the cells merged with the one of a column in the first row.
    fn end(&self, col: u32) -> u32 {
        let top = self.hits.first().map_or(0, |h| h.row);
        self.view.merged(CellRef::new(top, col)).map_or(col, |a| a.last.col)
    }

    fn behind(&self, col: u32) -> impl Iterator<Item = u32> + use<> {
        let (from, last) = (self.end(col) + 1, self.extent.end);
        (from..from.saturating_add(BEHIND)).take_while(move |c| *c <= last)
    }

    /// Columns before the labels that do not number them.
    fn before(&self) -> impl Iterator<Item = u32> + use<> {
        let number = self.number;
        (self.first()..self.label).filter(move |c| Some(*c) != number)
    }

    fn filled(&self, col: u32, test: fn(&GridCell) -> bool) -> usize {
        self.hits.iter().filter_map(|h| self.view.sheet.get(CellRef::new(h.row, col))).filter(|c| test(c)).count()
    }

    fn counts(&self, col: u32) -> usize {
        self.filled(col, |c| c.format != Format::Percent && figure(c))
    }

    /// Whether the column holds the numbers of the rows: the form's, or others that go up by one.
    fn is_numbering(&self, col: u32) -> bool {
        let texts = self.hits.iter().map(|h| (h, self.view.text(CellRef::new(h.row, col))));
        let numbers = texts.map(|(h, t)| (h, t.trim().trim_end_matches(['.', ')']).parse::<u32>().ok()));
        let numbers: Vec<(bool, u32)> = numbers.filter_map(|(h, n)| Some((h.key == n?.to_string(), n?))).collect();
        let known = numbers.iter().filter(|(is_key, _)| *is_key).count();
        let mut steps = numbers.iter().zip(numbers.iter().skip(1));
        known * 2 > self.hits.len() || numbers.len() == self.hits.len() && steps.all(|(a, b)| a.1 + 1 == b.1)
    }

    /// The row above the first count, if it holds headings: a known one, or several texts of which none is a datum of
    /// the document.
    fn header_row(&self) -> Option<u32> {
        let first = self.hits.first()?.row;
        let (row, range) = self.view.rows.get(self.view.position(first).checked_sub(1)?)?;
        let last = self.extent.end.min(self.label.saturating_add(BEHIND));
        let own = |c: &&GridCell| (self.first()..=last).contains(&c.at.col);
        let texts: Vec<Arc<str>> = self.view.cells(range).iter().filter(own).map(shown).collect();
        let count = |t: &Arc<str>| t.trim().parse::<u32>().is_ok() && years::of(t.trim()).is_none();
        if first - row > 2 || texts.iter().any(count) {
            return None;
        }
        let headings = || self.schedule.fields.iter().flat_map(|f| &f.headings);
        let is_heading = |t: &Arc<str>| headings().any(|h| text::words(h) == brief_words(t));
        let is_datum = |t: &Arc<str>| self.schedule.head.values().any(|h| names(h, t));
        let several = texts.len() > 1 && !texts.iter().any(is_datum);
        (several || texts.iter().any(is_heading)).then_some(*row)
    }

    /// Whether the heading of a column is one of a field's.
    fn headed(&self, col: u32, field: &str) -> bool {
        let Some(row) = self.header else { return false };
        let heading = brief_words(&self.view.text(CellRef::new(row, col)));
        let known = self.schedule.field(field).map_or(&[][..], |f| f.headings.as_slice());
        known.iter().any(|h| text::words(h) == heading)
    }

    fn value(&self, spec: &Counts) -> u32 {
        let year = |col: &u32| {
            let heading = self.view.text(CellRef::new(self.header?, *col));
            let year = years::of(heading.trim())?;
            (self.counts(*col) > 0).then_some((year, *col))
        };
        let mut years: Vec<(u16, u32)> = self.behind(self.label).filter_map(|col| year(&col)).collect();
        // Of several years the last is the one reported on.
        years.sort_unstable();
        let latest = years.last().filter(|_| years.len() > 1).map(|(_, col)| *col);
        let fullest = |columns: &mut dyn Iterator<Item = u32>| {
            let best = columns.max_by_key(|c| (self.counts(*c), std::cmp::Reverse(*c)));
            best.filter(|c| self.counts(*c) > 0)
        };
        let behind = || self.behind(self.label);
        self.extent
            .value
            .or(latest)
            .or_else(|| fullest(&mut behind()))
            .or_else(|| behind().chain(self.before()).find(|c| self.headed(*c, &spec.value)))
            .or_else(|| fullest(&mut self.before()))
            .unwrap_or(self.end(self.label) + 1)
    }

    /// The column of the notes: one that is headed so or holds words, first those up to the values of the next level,
    /// then those behind all values, which the levels share, then those before; else the first that is free.
    fn note(&self, spec: &Counts, value: u32) -> Option<u32> {
        let values = || self.extent.values.iter().map(|v| v.1);
        let next = values().filter(|v| *v > value).min().unwrap_or(u32::MAX);
        let after = values().chain([value]).max().map_or(value, |v| v.max(self.label));
        let free = |c: &u32| *c != value && *c > self.label && !values().any(|v| v == *c);
        let own: Vec<u32> = self.behind(value).take_while(|c| *c < next).filter(free).collect();
        let shared: Vec<u32> = self.behind(after).filter(free).collect();
        let before: Vec<u32> = self.behind(self.label).take_while(|c| *c < value).filter(free).collect();
        let all = || own.iter().chain(&shared).copied();
        let words = |c: &u32| self.filled(*c, |cell| shown(cell).chars().any(char::is_alphabetic)) > 0;
        let figures = |c: &u32| self.filled(*c, figure) > 0;
        let headed = |c: &u32| self.headed(*c, &spec.note);
        all()
            .find(headed)
            .or_else(|| before.iter().copied().find(headed))
            .or_else(|| all().find(words))
            .or_else(|| before.iter().copied().find(words))
            .or_else(|| all().find(|c| !figures(c)))
    }
}

/// Whether a cell holds a number, be it written as text, a percentage, or a formula that nobody computed.
fn figure(cell: &GridCell) -> bool {
    let text = shown(cell);
    number(cell).is_some()
        || formula_value(cell).is_some()
        || text.trim().trim_end_matches('%').trim_end().parse::<u32>().is_ok()
}

/// Whether a text gives this datum of the document.
fn names(spec: &crate::pack::HeadSpec, text: &str) -> bool {
    let label = text.split_once(':').map_or(text, |(label, _)| label);
    let labelled = spec.labels.iter().any(|l| text::words(l) == text::words(label));
    labelled || spec.pattern.as_ref().is_some_and(|p| p.group(text, "value").is_some())
}
