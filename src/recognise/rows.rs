//! What a row under a header is: a record, more of the record above, or nothing of the table.

use std::ops::Range;
use std::sync::Arc;

use super::again::repeats;
use super::bounds;
use super::columns::Layout;
use super::recent::Recent;
use super::stacked::is_in_parentheses;
use super::titles::{Labels, is_label_of_titles, labelled};
use super::view::{SheetView, is_empty, shown};
use crate::model::{Area, Bilingual, CellRef, GridCell, Scalar, SkippedRow};
use crate::pack::{FieldKind, Schedule};
use crate::text;

/// Title rows above one header at most.
const MOST_TITLES: usize = 6;

/// Rows among which titles are looked for.
const MOST_TITLED: usize = 2000;
/// Rows of one table that are added up at most to see whether they are sums, and rows that are added.
const MOST_SUMS: usize = 50;
const MOST_ADDENDS: usize = 2_000;

/// A row that is no record.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Other {
    /// Passed over, with the reason.
    Skip(Bilingual),
    /// A row of totals, passed over: what stands below it begins anew.
    Total,
    /// A title inside the table, whose text may hold for the rows below.
    Subtitle(Arc<str>),
    /// Labels with their values, which hold for the rows below.
    Labels,
}

/// The rows under a header that are no records, by position among the rows of the sheet, top to bottom.
pub(super) fn others(view: &SheetView<'_>, schedule: &Schedule, layout: &Layout) -> Vec<(usize, Other)> {
    let mut rows = Rows::new(view, schedule, layout);
    let from = view.position(layout.from);
    let all = view.rows.iter().enumerate().skip(from).take_while(|(_, (row, _))| *row <= layout.rows.1);
    let mut other = |position: usize, cells: &[GridCell]| {
        let other = rows.other(position, cells);
        rows.is_closed = rows.is_closed && other.is_some() || other == Some(Other::Total);
        other
    };
    all.filter_map(|(position, (_, range))| Some((position, other(position, view.cells(range))?))).collect()
}

/// The rows of one table, with what was found of their texts: what says nothing of one row says nothing of the others.
struct Rows<'a> {
    view: &'a SheetView<'a>,
    schedule: &'a Schedule,
    layout: &'a Layout,
    labels: Labels,
    known: Recent<bool>,
    /// Whether several rows are known titles, once it was asked.
    has_titles: Option<bool>,
    /// No record has followed the last row of totals.
    is_closed: bool,
    /// Rows that may still be added up to see whether they are sums.
    sums: usize,
    words: text::Words,
}

/// What a text may be, alone or as the first of its row.
#[derive(Clone, Copy)]
enum As {
    Total,
    Note,
    Signature,
    Label,
}

impl<'a> Rows<'a> {
    fn new(view: &'a SheetView<'a>, schedule: &'a Schedule, layout: &'a Layout) -> Self {
        Self {
            view,
            schedule,
            layout,
            labels: Labels::new(schedule),
            known: Recent::of(view.sheet.cells.len()),
            has_titles: None,
            is_closed: false,
            sums: MOST_SUMS,
            words: text::Words::default(),
        }
    }

    /// Whether a row, of nothing but numbers, gives the sums of the columns above it.
    fn adds_up(&mut self, position: usize, filled: &[&GridCell]) -> bool {
        let addends = || {
            let above = self.view.rows.get(..position).unwrap_or_default().iter().rev();
            above.take_while(|(row, _)| *row >= self.layout.from).take(MOST_ADDENDS)
        };
        let is_sum = |cell: &&GridCell| {
            let Some(total) = amount(&self.words, cell) else { return false };
            let beside = |(_, range): &(u32, Range<usize>)| {
                self.view.cells(range).iter().find(|c| c.at.col == cell.at.col).and_then(|c| amount(&self.words, c))
            };
            let found: Vec<f64> = addends().filter_map(beside).collect();
            found.len() > 1 && (found.iter().sum::<f64>() - total).abs() <= total.abs() * 1e-6
        };
        self.sums = self.sums.saturating_sub(1);
        filled.iter().all(is_sum)
    }

    /// Whether a cell has a text that is known as such.
    fn is(&mut self, what: As, cell: &GridCell) -> bool {
        let register = &self.schedule.register;
        let any = |names: &[String], text: &str| names.iter().any(|n| self.schedule.pattern_matches(n, text));
        let is = |text: &str| match what {
            As::Total => any(&register.totals, text),
            As::Note => any(&register.skip, text),
            As::Signature => any(&register.signatures, text),
            As::Label => is_label_of_titles(self.schedule, text),
        };
        match &cell.value {
            Scalar::Text(text) => self.known.get(what as usize, text, is),
            _ => is(&shown(cell)),
        }
    }

    /// Whether a row may be one of labels with their values.
    fn begins_with_label(&mut self, cells: &[GridCell]) -> bool {
        let mut filled = cells.iter().filter(|c| !is_empty(c));
        let first = filled.next().filter(|first| self.labels.may_have(first));
        first.is_some_and(|first| !filled.count().is_multiple_of(2) && self.is(As::Label, first))
    }

    /// What the row is if it is no record; `None` for a record or its continuation. What takes longest to tell is asked
    /// last.
    fn other(&mut self, position: usize, cells: &[GridCell]) -> Option<Other> {
        let layout = self.layout;
        let (left, right) = (layout.header.first.col, layout.header.last.col);
        let filled = || cells.iter().filter(|c| (left..=right).contains(&c.at.col) && !is_empty(c));
        let skip = |it: &str, en: &str| Some(Other::Skip(Bilingual::new(it, en)));
        let (Some(first), count) = (filled().next(), filled().count()) else {
            return skip("fuori dalle colonne della tabella", "outside the columns of the table");
        };
        if filled().all(is_rule) && (count > 1 || shown(first).trim().len() > 1) {
            return skip("riga di trattini", "row of dashes");
        }
        if repeats(layout, cells) {
            return skip("intestazione ripetuta", "repeated heading");
        }
        if count >= 3 && filled().all(|c| !matches!(&c.value, Scalar::Text(t) if t.len() > 4)) && is_frame(filled()) {
            return skip("riga di lettere o numeri di colonna", "row of column letters or numbers");
        }
        if count >= 3 && first.at.row == layout.from && filled().all(is_explanation) {
            return skip("spiegazione delle intestazioni", "explanation of the headings");
        }
        if count > 1 && self.begins_with_label(cells) && !labelled(self.schedule, cells).is_empty() {
            return Some(Other::Labels);
        }
        if filled().skip(1).all(|c| is_amount(c) || self.is(As::Total, c)) && self.is(As::Total, first) {
            return Some(Other::Total);
        }
        // Nearly every row has a text, most of them first: nothing is gathered for those.
        if self.sums > 0
            && filled().all(|c| amount(&self.words, c).is_some())
            && self.adds_up(position, &filled().collect::<Vec<_>>())
        {
            return Some(Other::Total);
        }
        if count > 3 {
            return None;
        }
        if self.is(As::Note, first) {
            return skip("nota", "note");
        }
        if self.signs(position, &filled().collect::<Vec<_>>()) {
            return skip("firma", "signature");
        }
        // A title across the table, and a mark in a column that is not read.
        let is_read =
            |c: &GridCell| layout.columns.iter().any(|k| k.field.is_some() && k.heading_area.first.col == c.at.col);
        let wide = self.view.merged(first.at).is_some_and(|a| (a.last.col - a.first.col + 1) * 2 > right - left + 1);
        let titled = count == 2 && wide && !filled().skip(1).any(is_read);
        if count == 1 || titled { self.alone(position, first) } else { None }
    }

    /// What a text alone on its row is, if not a record.
    fn alone(&mut self, position: usize, first: &GridCell) -> Option<Other> {
        let (view, schedule, layout) = (self.view, self.schedule, self.layout);
        let text = shown(first);
        let width = layout.header.last.col - layout.header.first.col + 1;
        if text.chars().count() > bounds::TITLE {
            return Some(Other::Skip(Bilingual::new("testo fuori dalla tabella", "text outside the table")));
        }
        if width < 3 {
            return None;
        }
        // A text alone where numbers stand is the title of what follows, merged or not; so is one above a header.
        let headed = || {
            let mut next = view.rows.iter().skip(position + 1).map(|(_, range)| view.cells(range)).take(MOST_TITLES);
            // Above the header may stand several: area, office, owner.
            let is_label = |cells: &[GridCell]| !labelled(schedule, cells).is_empty();
            next.find(|cells| !is_label(cells)).is_some_and(|cells| repeats(layout, cells))
        };
        let is_titled = || schedule.register.titles.iter().any(|n| schedule.pattern_matches(n, &text));
        let wide = |a: &Area| (a.last.col - a.first.col + 1) * 2 > width;
        let is_title = is_title(schedule, layout, first, &text)
            || view.merged(first.at).is_some_and(|a| wide(&a))
            || is_titled()
            || self.is_capital_title(position, first, &text)
            || headed();
        if !is_title && self.is_closed {
            return Some(Other::Skip(Bilingual::new("testo sotto un totale", "text below a total")));
        }
        is_title.then_some(Other::Subtitle(text))
    }

    /// Whether a lone text in capitals stands in the first column above a full row that is written otherwise there, or a
    /// text in whatever letters where other rows of the table are known titles.
    fn is_capital_title(&mut self, position: usize, first: &GridCell, text: &str) -> bool {
        let header = self.layout.header;
        let in_capitals = |text: &str| !text.chars().any(char::is_lowercase);
        let is_titled = !in_capitals(text);
        if first.at.col != header.first.col
            || text.chars().filter(|c| c.is_alphabetic()).count() < 4
            || is_titled && !self.has_titles()
        {
            return false;
        }
        let below = self.view.rows.get(position + 1).map_or(&[][..], |(_, range)| self.view.cells(range));
        let filled = below.iter().filter(|c| c.at.col <= header.last.col && !is_empty(c));
        let own = filled.clone().next().filter(|c| c.at.col == first.at.col).map(shown);
        let width = header.last.col - header.first.col + 1;
        own.is_some_and(|own| is_titled || !in_capitals(&own)) && filled.count() as u64 * 2 > u64::from(width)
    }

    /// Whether several rows of the table are titles by their wording, each a text alone in the first column.
    fn has_titles(&mut self) -> bool {
        if let Some(known) = self.has_titles {
            return known;
        }
        let (view, layout, register) = (self.view, self.layout, &self.schedule.register);
        let from = view.position(layout.from);
        let rows = view.rows.iter().skip(from).take_while(|(row, _)| *row <= layout.rows.1).take(MOST_TITLED);
        let alone = |cells: &'a [GridCell]| {
            let mut filled = cells.iter().filter(|c| !is_empty(c));
            filled.next().filter(|c| c.at.col == layout.header.first.col && filled.next().is_none())
        };
        let is_titled = |cell: &GridCell| {
            let text = shown(cell);
            register.titles.iter().any(|n| self.schedule.pattern_matches(n, &text))
        };
        let titled = !register.titles.is_empty()
            && rows.filter_map(|(_, range)| alone(view.cells(range))).filter(|c| is_titled(c)).nth(1).is_some();
        *self.has_titles.insert(titled)
    }

    /// Whether the cells of a row are signatures, with place and date, or the names under them.
    fn signs(&mut self, position: usize, filled: &[&GridCell]) -> bool {
        let view = self.view;
        let row = filled.first().map_or(0, |c| c.at.row);
        let above = position.checked_sub(1).and_then(|above| view.rows.get(above)).filter(|(r, _)| r + 1 == row);
        let above = || above.map_or(&[][..], |(_, range)| view.cells(range)).iter().filter(|c| !is_empty(c));
        let mut is_under_names = || above().next().is_some() && above().all(|c| self.is(As::Signature, c));
        let under_names = is_under_names();
        if filled.iter().all(|c| self.is(As::Signature, c)) {
            let is_alone_under_a_record = filled.len() == 1 && above().next().is_some() && !under_names;
            return !(is_alone_under_a_record && filled.iter().any(|c| is_unit(self.schedule, self.layout, c)));
        }
        // The name of who signs stands under the office.
        under_names && filled.iter().all(|c| above().any(|a| a.at.col == c.at.col))
    }
}

/// The number that a cell is, stored or written.
fn amount(words: &text::Words, cell: &GridCell) -> Option<f64> {
    match &cell.value {
        Scalar::Number(number) => Some(*number),
        Scalar::Text(text) if text.len() < 16 && !text.contains(char::is_alphabetic) => {
            let parsed = text::parse(text, &text::Context { words, year: None });
            parsed.value.as_decimal()?.to_string().parse().ok()
        }
        _ => None,
    }
}

/// A number, or a text with little but figures in it: `28 processi`, `€`, `n. 4`.
fn is_amount(cell: &GridCell) -> bool {
    let Scalar::Text(text) = &cell.value else { return true };
    text.trim_start().starts_with(|c: char| c.is_ascii_digit())
        || text.chars().filter(|c| c.is_alphabetic()).nth(2).is_none()
}

/// Whether a lone text stands inside the table where units have their names: one that begins like a signature is an
/// event there («Il dirigente sceglie senza criteri»).
fn is_unit(schedule: &Schedule, layout: &Layout, cell: &GridCell) -> bool {
    let field = layout.columns.iter().find(|c| c.heading_area.first.col == cell.at.col).and_then(|c| c.field.as_ref());
    let is_key = field.is_some_and(|f| schedule.entities.iter().any(|e| e.key.contains(f)));
    is_key && cell.at.col > layout.header.first.col
}

/// Whether a lone text stands in a column of numbers and is none.
fn is_title(schedule: &Schedule, layout: &Layout, cell: &GridCell, text: &str) -> bool {
    let column = layout.columns.iter().find(|c| c.heading_area.first.col == cell.at.col);
    let field = column.and_then(|c| schedule.field(c.field.as_deref()?));
    field.is_some_and(|f| f.kind == FieldKind::Number) && !text.chars().any(|c| c.is_ascii_digit() && text.len() < 12)
}

/// Only dashes, underscores, dots or the like.
fn is_rule(cell: &GridCell) -> bool {
    matches!(&cell.value, Scalar::Text(t) if t.chars().all(|c| !c.is_alphanumeric()))
}

/// The alphabet of 26 letters, and the Italian one.
const ALPHABETS: [&str; 2] = ["ABCDEFGHIJKLMNOPQRSTUVWXYZ", "ABCDEFGHILMNOPQRSTUVZ"];

/// A, B, C … or 1, 2, 3 … over the columns: the frame of a spreadsheet, printed as a row.
fn is_frame<'a>(cells: impl Iterator<Item = &'a GridCell>) -> bool {
    let marks: Vec<Arc<str>> = cells.map(shown).collect();
    let bare = || marks.iter().map(|m| m.trim().trim_matches(['(', ')']).trim_end_matches('.'));
    let letters: String = bare().map(str::to_uppercase).collect();
    let spelt = bare().all(|m| m.len() == 1) && ALPHABETS.iter().any(|a| a.starts_with(&letters));
    spelt || bare().zip(1..).all(|(mark, n)| mark.parse::<usize>() == Ok(n))
}

/// Units, scales or explanations of the headings above, all in parentheses.
fn is_explanation(cell: &GridCell) -> bool {
    matches!(&cell.value, Scalar::Text(t) if is_in_parentheses(t))
}

/// The row as told in the reading.
pub(super) fn skipped(view: &SheetView<'_>, layout: &Layout, row: u32, reason: Bilingual) -> SkippedRow {
    let area = Area::new(CellRef::new(row, layout.header.first.col), CellRef::new(row, layout.header.last.col));
    let texts: Vec<String> =
        view.row(row).iter().map(|c| text::one_line(&shown(c), 80)).filter(|t| !t.is_empty()).collect();
    let sheet = view.sheet.name.clone();
    SkippedRow { sheet, area, reason, text: text::one_line(&texts.join(" | "), 160).into() }
}
