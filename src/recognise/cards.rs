//! Cards and turned tables: where a record is a block of labels and values, or a column, each is read as a row.
//!
//! The labels stand one below the other in a column. Where the first of them comes back, another card begins; where
//! several columns beside them hold values, each is a record; a card may have a sheet of its own. The rows so made are
//! recognised like any others, and know the cells they come from ([`Table::cards`]).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::heading::HeadingIndex;
use super::kind::Kind;
use super::view::{SheetView, is_empty, shown};
use super::{Found, Kinds, bounds, sheet_tables};
use crate::model::{Area, Card, CellRef, Format, Grid, GridCell, Scalar, Sheet, Table};
use crate::text;

/// Labels that a card must have, and columns that the table read from it must know.
const LEAST: usize = 3;
/// Labels that a further column of labels must have, each beside one of the first.
const BESIDE: usize = 2;
/// Columns known in a row of headings, which no row of a card has: there a value stands beside each label.
const HEADINGS: usize = 5;
/// Columns of values of a turned table.
const MOST_COLUMNS: u32 = 400;
/// Bytes of the longest label.
const LONGEST_LABEL: usize = 120;

/// A label and its values; a blank one is a place to fill in.
struct Line {
    words: String,
    label: (CellRef, String),
    /// What stands behind the label in its own cell.
    behind: Option<GridCell>,
    /// Where the first value beside the label stands, and the last column there may be one in.
    beside: (CellRef, u32),
    /// Those that hold something, left to right.
    filled: Vec<GridCell>,
}

/// The cards of one sheet.
struct Deck {
    sheet: usize,
    lines: Vec<Line>,
    /// Row of the first label.
    first: u32,
    /// Columns of values.
    width: usize,
    /// Rows of headings between the labels: of tables that stand under a card.
    headers: BTreeSet<u32>,
}

/// Replaces what sheets with cards gave alone by the table of their cards, where that knows more columns.
pub(super) fn join(grid: &Grid, (kinds, headers): Kinds<'_>, known: &[Arc<str>], found: &mut [Found]) {
    let registers = |(_, kind): &(usize, &Kind)| kind.pack.schedule.shape.has_rows();
    for (i, Kind { index, .. }) in kinds.iter().enumerate().filter(registers) {
        let own = kinds.get(i..=i).unwrap_or_default();
        let mut groups: Vec<Vec<Deck>> = Vec::new();
        for (number, sheet) in grid.sheets.iter().enumerate().filter(|(_, s)| s.cells.len() <= bounds::CELLS) {
            let view = SheetView::new(u32::try_from(number).unwrap_or(u32::MAX), sheet);
            let tables = found.get(number).map_or(&[][..], |f| &f.tables);
            if tables.iter().any(|t| t.is_text) {
                continue;
            }
            let Some(deck) = deck(number, &view, index).and_then(|deck| deck.above(tables)) else { continue };
            let known = groups.iter_mut().find(|g| g.first().is_some_and(|d| d.begins() == deck.begins()));
            match known {
                Some(group) => group.push(deck),
                None => groups.push(vec![deck]),
            }
        }
        for group in &groups {
            let Some((sheet, cards)) = laid_out(grid, group) else { continue };
            let number = group.first().map_or(0, |d| d.sheet);
            let view = SheetView::new(u32::try_from(number).unwrap_or(u32::MAX), &sheet);
            let read = sheet_tables(&view, (own, headers), known).tables;
            let Some(mut table) = read.into_iter().max_by_key(known_columns) else { continue };
            let sheets: BTreeSet<usize> = group.iter().map(|d| d.sheet).collect();
            let inside = |n: usize, table: &Table| group.iter().any(|d| d.holds(n, table));
            let alone = found.iter().enumerate().flat_map(|(n, f)| f.tables.iter().filter(move |t| inside(n, t)));
            let best = alone.map(|table| weight(table, kinds)).max();
            if known_columns(&table) < LEAST || best.is_some_and(|best| weight(&table, kinds) <= best) {
                continue;
            }
            table.cards = cards;
            for sheet in sheets {
                if let Some(found) = found.get_mut(sheet) {
                    found.tables.retain(|t| !inside(sheet, t));
                    found.near = None;
                }
            }
            if let Some(first) = found.get_mut(number) {
                let begins = group.first().map_or(0, |d| d.first);
                let after = first.tables.iter().take_while(|t| t.header.first.row < begins).count();
                first.tables.insert(after, table);
            }
        }
    }
}

/// How many columns a table knows, those aside that are of tables of other kinds.
fn weight(table: &Table, kinds: &[Kind]) -> usize {
    let own = kinds.iter().find(|kind| kind.pack.schedule.kind == table.kind);
    let is_foreign = |heading: &str| own.is_some_and(|kind| kind.index.is_foreign(heading));
    known_columns(table).saturating_sub(table.columns.iter().filter(|c| is_foreign(&c.heading)).count())
}

fn known_columns(table: &Table) -> usize {
    table.columns.iter().filter(|c| c.field.is_some()).count()
}

impl Deck {
    /// Whether a row is one of its cards, not the heading of a table under one.
    fn has(&self, row: u32) -> bool {
        let last = self.lines.last().map_or(self.first, |l| l.label.0.row);
        (self.first..=last).contains(&row) && !self.headers.contains(&row)
    }

    /// Whether a table of sheet `n` is read from its rows: one of cards has no header there, but its cards.
    fn holds(&self, n: usize, table: &Table) -> bool {
        let here = |card: &Card| card.sheet as usize == self.sheet && self.has(card.area.last.row);
        self.sheet == n
            && if table.cards.is_empty() { self.has(table.header.last.row) } else { table.cards.iter().any(here) }
    }

    /// Without the labels that are headings of a table under the card; none where too few are left.
    fn above(mut self, tables: &[Table]) -> Option<Self> {
        let is_heading = |row: u32, table: &Table| {
            let header = table.header;
            table.cards.is_empty()
                && (header.first.row..=header.last.row).contains(&row)
                && known_columns(table) >= HEADINGS
        };
        self.lines.retain(|line| !tables.iter().any(|table| is_heading(line.label.0.row, table)));
        (self.lines.len() >= LEAST).then_some(self)
    }

    fn begins(&self) -> &str {
        self.lines.first().map_or("", |l| &l.words)
    }
}

/// A label: what stands before the colon, or all of a text without one; and what stands behind it.
fn label(text: &str) -> Option<(&str, &str)> {
    if text.len() > LONGEST_LABEL && !text.get(..LONGEST_LABEL).is_some_and(|t| t.contains(':')) {
        return None;
    }
    let (label, rest) = text.split_once(':').unwrap_or((text, ""));
    let has_words = || label.contains(|c: char| c.is_ascii_alphanumeric()) || !text::words(label).is_empty();
    (label.len() <= LONGEST_LABEL && has_words()).then_some((label.trim(), rest.trim()))
}

/// The cards of a sheet, if one of its columns holds enough labels.
fn deck(number: usize, view: &SheetView<'_>, index: &HeadingIndex) -> Option<Deck> {
    let sheet = view.sheet;
    let known = labels(sheet, index);
    let (&col, own) = known.iter().max_by_key(|(col, labels)| (labels.words.len(), u32::MAX - *col))?;
    let (first, last) = (*own.rows.first()?, *own.rows.last()?);
    if own.words.len() < LEAST {
        return None;
    }
    let further = known.iter().filter(|(c, labels)| **c > col && labels.are_beside(own)).map(|(c, _)| *c);
    let further: BTreeSet<u32> = further.collect();
    let mut lines: Vec<Line> = Vec::new();
    let right =
        sheet.cells.iter().filter(|c| (first..=last).contains(&c.at.row)).map(|c| c.at.col).max().unwrap_or(col);
    let right = right.min(col.saturating_add(MOST_COLUMNS));
    let (mut in_table, mut headers) = (false, BTreeSet::new());
    for row in first..=last {
        let cells: Vec<&GridCell> = sheet.row(row).iter().filter(|c| !is_empty(c)).collect();
        let at = cells.iter().find(|c| c.at.col == col);
        // Under its labels a card may have a table, of its measures say, which ends where the next card begins.
        let opens =
            || at.and_then(|c| Some(text::words(label(&shown(c))?.0))) == lines.first().map(|l| l.words.clone());
        if is_header(&cells, index) {
            headers.insert(row);
        }
        in_table = headers.contains(&row) || in_table && !opens();
        if in_table {
            continue;
        }
        let filled = |from: u32| -> Vec<GridCell> {
            cells.iter().filter(|c| (from..=right).contains(&c.at.col)).map(|c| (*c).clone()).collect()
        };
        let Some(at) = at else {
            // Another value of the label above.
            if let Some(above) = lines.last().filter(|_| cells.iter().any(|c| c.at.col > col)) {
                let (words, label) = (above.words.clone(), above.label.clone());
                let beside = (CellRef::new(row, col + 1), right);
                lines.push(Line { words, label, behind: None, beside, filled: filled(col + 1) });
            }
            continue;
        };
        let said = shown(at);
        let Some((label, rest)) = label(&said) else { continue };
        let end = view.merged(at.at).map_or(col, |a| a.last.col);
        let has_value = cells.iter().any(|c| c.at.col > end);
        // A title over the card, or between two.
        if rest.is_empty() && !has_value && !said.trim_end().ends_with(':') && !index.is_heading(label) {
            continue;
        }
        let starts = |c: &&&GridCell| further.contains(&c.at.col) && known_label(&shown(c), index).is_some();
        let starts: Vec<&GridCell> = [*at].into_iter().chain(cells.iter().filter(starts).copied()).collect();
        let ends = starts.iter().skip(1).map(|next| next.at.col - 1).chain([right]);
        lines.extend(starts.iter().zip(ends).filter_map(|(at, right)| line(view, &cells, at, right)));
    }
    let begins = lines.first()?.words.clone();
    let repeats = lines.iter().filter(|l| l.words == begins).count() > 1;
    let width = if repeats { 1 } else { columns_of_values(&lines) };
    Some(Deck { sheet: number, lines, first, width, headers })
}

/// A label with the values between it and the column `right`.
fn line(view: &SheetView<'_>, cells: &[&GridCell], at: &GridCell, right: u32) -> Option<Line> {
    let said = shown(at);
    let (label, rest) = label(&said)?;
    let end = view.merged(at.at).map_or(at.at.col, |a| a.last.col);
    let behind = (!rest.is_empty()).then(|| GridCell { value: Scalar::Text(rest.into()), ..at.clone() });
    let filled = cells.iter().filter(|c| (end + 1..=right).contains(&c.at.col)).map(|c| (*c).clone()).collect();
    let beside = (CellRef::new(at.at.row, end + 1), right);
    Some(Line { words: text::words(label), label: (at.at, label.to_owned()), behind, beside, filled })
}

/// The labels that stand in a column.
#[derive(Default)]
struct Labels {
    words: BTreeSet<String>,
    rows: BTreeSet<u32>,
}

impl Labels {
    /// Whether they stand beside others, pair by pair: «Processo | … | Area di rischio | …».
    fn are_beside(&self, others: &Self) -> bool {
        let beside = self.rows.intersection(&others.rows).count();
        self.words.len() >= BESIDE && beside >= BESIDE && beside * 2 >= others.rows.len()
    }
}

/// The label that a text is or begins with, if it is a known heading.
fn known_label<'t>(text: &'t str, index: &HeadingIndex) -> Option<&'t str> {
    label(text).map(|(label, _)| label).filter(|label| index.is_heading(label))
}

/// The labels of a sheet by their columns.
fn labels(sheet: &Sheet, index: &HeadingIndex) -> BTreeMap<u32, Labels> {
    let mut known: BTreeMap<u32, Labels> = BTreeMap::new();
    for cell in &sheet.cells {
        let Scalar::Text(text) = &cell.value else { continue };
        let Some(label) = known_label(text, index) else { continue };
        let labels = known.entry(cell.at.col).or_default();
        labels.words.insert(text::words(label));
        labels.rows.insert(cell.at.row);
    }
    known
}

/// Whether a row is one of headings, three at least and nearly all of it: of a table, not labels with their values.
fn is_header(cells: &[&GridCell], index: &HeadingIndex) -> bool {
    let is_heading = |c: &&&GridCell| matches!(&c.value, Scalar::Text(t) if index.is_heading(t));
    let headings = || cells.iter().filter(is_heading).count();
    cells.len() >= 3 && headings() >= 3.max((cells.len() * 3).div_ceil(4))
}

/// Columns beside the labels of which at least half the labels have a value; one if none.
fn columns_of_values(lines: &[Line]) -> usize {
    let mut filled: BTreeMap<usize, usize> = BTreeMap::new();
    for index in lines.iter().flat_map(Line::indices) {
        *filled.entry(index).or_default() += 1;
    }
    filled.into_iter().rev().find(|(_, n)| 2 * n >= lines.len()).map_or(1, |(index, _)| index + 1)
}

/// The cards as the rows of a sheet: titles above them, labels as headings, a row for each card and for each further
/// value of a label; and where these rows come from. Nothing if they are more than any cards.
fn laid_out(grid: &Grid, decks: &[Deck]) -> Option<(Sheet, Vec<Card>)> {
    let mut rows = Rows { sheet: Sheet::default(), cards: Vec::new(), left: bounds::CARD_CELLS };
    let columns = columns(decks);
    for (i, deck) in decks.iter().enumerate() {
        let Some(sheet) = grid.sheets.get(deck.sheet) else { continue };
        let number = u32::try_from(deck.sheet).unwrap_or(u32::MAX);
        if i == 0 {
            rows.sheet.name = sheet.name.clone();
            let view = SheetView::new(number, sheet);
            for (_, range) in view.rows.iter().take_while(|(row, _)| *row < deck.first) {
                let cells = view.cells(range).iter().filter(|c| !is_empty(c)).cloned().map(Some).collect();
                rows.add(number, sheet, cells, None)?;
            }
            let mut headings: Vec<Option<GridCell>> = vec![None; columns.len()];
            for line in decks.iter().flat_map(|d| &d.lines) {
                if let Some(slot) = columns.get(&line.words).and_then(|c| headings.get_mut(*c)).filter(|s| s.is_none())
                {
                    let value = Scalar::Text(line.label.1.as_str().into());
                    *slot = Some(GridCell { at: line.label.0, value, format: Format::General });
                }
            }
            rows.add(number, sheet, headings, None)?;
        }
        for value in 0..deck.width {
            let mut row: Vec<Option<GridCell>> = vec![None; columns.len()];
            let mut labels: Option<Area> = None;
            for line in &deck.lines {
                let Some(column) = columns.get(&line.words).copied() else { continue };
                let cell = if deck.width > 1 { line.value(value) } else { Some(line.only()) };
                let Some(cell) = cell else { continue };
                let begins = line.words == deck.begins() && row.iter().any(Option::is_some);
                if begins || row.get(column).is_some_and(Option::is_some) {
                    rows.add(number, sheet, std::mem::replace(&mut row, vec![None; columns.len()]), labels.take())?;
                }
                // A column of a turned table has the labels in common with the others.
                if deck.width == 1 {
                    let at = Area::cell(line.label.0);
                    labels = Some(labels.map_or(at, |area| area.union(&at)));
                }
                if let Some(slot) = row.get_mut(column) {
                    *slot = Some(cell);
                }
            }
            rows.add(number, sheet, row, labels)?;
        }
    }
    Some((rows.sheet, rows.cards))
}

/// The labels of all cards, in the order in which they come, with their columns.
fn columns(decks: &[Deck]) -> HashMap<String, usize> {
    let mut columns = HashMap::new();
    for line in decks.iter().flat_map(|d| &d.lines) {
        let next = columns.len();
        columns.entry(line.words.clone()).or_insert(next);
    }
    columns
}

impl Line {
    /// The value of a card: what stands behind the label or first beside it, else the next cell.
    fn only(&self) -> GridCell {
        self.behind.as_ref().or(self.filled.first()).cloned().unwrap_or_else(|| blank(self.beside.0))
    }

    /// The value in a column of values, blank or not; none to the right of the last column.
    fn value(&self, index: usize) -> Option<GridCell> {
        let index = match &self.behind {
            Some(behind) if index == 0 => return Some(behind.clone()),
            behind => index - usize::from(behind.is_some()),
        };
        let (first, last) = self.beside;
        let col = first.col.checked_add(u32::try_from(index).ok()?).filter(|c| *c <= last.max(first.col))?;
        let found = self.filled.binary_search_by_key(&col, |c| c.at.col).ok().and_then(|i| self.filled.get(i));
        Some(found.cloned().unwrap_or_else(|| blank(CellRef::new(first.row, col))))
    }

    /// The columns of values that hold something.
    fn indices(&self) -> impl Iterator<Item = usize> {
        let own = usize::from(self.behind.is_some());
        let beside = self.filled.iter().map(move |c| own + (c.at.col - self.beside.0.col) as usize);
        self.behind.iter().map(|_| 0).chain(beside)
    }
}

fn blank(at: CellRef) -> GridCell {
    GridCell { at, value: Scalar::Text("".into()), format: Format::General }
}

struct Rows {
    sheet: Sheet,
    cards: Vec<Card>,
    /// Cells that may still be laid out.
    left: usize,
}

impl Rows {
    /// Adds a row of cells, which may have labels of its own beside them; nothing if there is no room for it.
    fn add(&mut self, number: u32, sheet: &Sheet, row: Vec<Option<GridCell>>, labels: Option<Area>) -> Option<()> {
        self.left = self.left.checked_sub(row.len())?;
        let at = u32::try_from(self.cards.len()).unwrap_or(u32::MAX);
        let cells: Vec<Option<CellRef>> = row.iter().map(|c| c.as_ref().map(|c| c.at)).collect();
        let Some(card) = Card::new(number, sheet.name.clone(), cells, labels) else { return Some(()) };
        for (col, cell) in (0..).zip(row) {
            self.sheet.cells.extend(cell.map(|cell| GridCell { at: CellRef::new(at, col), ..cell }));
        }
        self.cards.push(card);
        Some(())
    }
}
