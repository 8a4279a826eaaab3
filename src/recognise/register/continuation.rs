//! Rows that go on with the record above them: a page end or a narrow column has cut it.

use std::sync::Arc;

use super::{Reader, Source};
use crate::model::{Cell, Content, Flag, Record, Value};
use crate::pack::FieldKind;
use crate::text;

/// Rows on which one record may go on: a page end cuts it in two or three.
const MOST_ROWS: u32 = 50;
/// Records above that show how a column is written.
const RECENT: usize = 8;

impl Reader<'_> {
    /// Whether a row goes on with the record above it: it has no key of its own, and every cell it fills goes
    /// on with a cell that is filled above (fixtures/ptpct-servizi-informativi-2021.xlsx, n. 17 and 28).
    pub(super) fn continues(&self, previous: usize, cells: &[Cell]) -> bool {
        let Some(record) = self.table.records.get(previous) else { return false };
        let full = cells.iter().filter(|c| !c.raw.is_empty()).count();
        if full == self.sources.len() || full == 0 || record.rows.1 - record.rows.0 >= MOST_ROWS {
            return false;
        }
        let filled: Vec<(&Source<'_>, &Cell)> = self
            .sources
            .iter()
            .zip(cells)
            .filter(|(_, c)| !text::is_blank(&c.raw) && !c.flags.has(Flag::FilledDown))
            .collect();
        if filled.is_empty() || filled.len() > self.sources.len().saturating_sub(1) {
            return false;
        }
        let above = |source: &Source<'_>| {
            record
                .slots
                .cells(source.slot)
                .get(source.nth)
                .and_then(|id| self.table.cell(id))
                .is_some_and(|c| !text::is_blank(&c.raw))
        };
        if !filled.iter().all(|(s, _)| above(s)) {
            return false;
        }
        // Where records carry numbers, a row without one begins none (fixtures/ptpct-servizi-informativi-2021.xlsx).
        let unnumbered = self.number_column().is_some_and(|slot| !filled.iter().any(|(s, _)| s.slot == slot));
        let anew = if unnumbered { self.says_anew(&filled) } else { filled.iter().any(|(s, c)| self.begins(s, c)) };
        if anew {
            return false;
        }
        // More events or measures under one process are rows of their own, not text that goes on; but where the process
        // itself goes on, its row is cut, though a word of it may begin in upper case.
        let is_deeper = |s: &Source<'_>| self.below.contains(&s.slot);
        let goes_on = |(s, c): &(&Source<'_>, &Cell)| self.goes_on(record, s, c);
        let is_cut = || filled.iter().any(|f| !is_deeper(f.0) && is_rest_of_sentence(&f.1.raw) && goes_on(f));
        filled.iter().filter(|f| is_deeper(f.0)).all(goes_on)
            || is_cut() && filled.iter().filter(|f| goes_on(f)).count() * 2 > filled.len()
    }

    /// Whether a row that lacks the number of a record says all else of one: what the record is called, and in every
    /// other column, or in one whose values are known, something of its own.
    fn says_anew(&self, filled: &[(&Source<'_>, &Cell)]) -> bool {
        let is_name = |(s, c): &&(&Source<'_>, &Cell)| self.key.contains(&s.slot) && !is_rest_of_sentence(&c.raw);
        let is_known =
            |(s, c): &&(&Source<'_>, &Cell)| s.spec.by_content.iter().any(|p| self.schedule.pattern_matches(p, &c.raw));
        let whole = filled.len() + 1 == self.sources.len();
        filled.iter().any(|f| is_name(&f)) && (whole || filled.iter().any(|f| is_known(&f)))
    }

    /// Whether a text goes on with the one above: that one is left open, or this one begins in lower case; and where
    /// texts of the column do so anyway, as no text begins.
    fn goes_on(&self, record: &Record, source: &Source<'_>, cell: &Cell) -> bool {
        let of = |r: &Record| {
            let id = r.slots.cells(source.slot).get(source.nth)?;
            self.table.cell(id).filter(|c| !text::is_blank(&c.raw))
        };
        let begins_low = |c: &Cell| c.raw.trim_start().starts_with(char::is_lowercase);
        let habit = || self.table.records.iter().rev().take(RECENT).filter_map(of).any(begins_low);
        of(record).is_some_and(|above| text::is_left_open(&above.raw))
            || is_rest_of_sentence(&cell.raw) && (text::begins_midway(&cell.raw) || !habit())
    }

    /// The slot of the numbers, where the records so far carry them in a column of their own.
    fn number_column(&self) -> Option<usize> {
        let is_number = |s: &&Source<'_>| self.key.contains(&s.slot) && s.spec.kind == FieldKind::Number;
        let slot = self.sources.iter().find(is_number)?.slot;
        let has =
            |r: &Record| r.slots.first(slot).and_then(|id| self.table.cell(id)).is_some_and(|c| !c.value.is_missing());
        let recent = self.table.records.iter().rev().take(RECENT);
        (recent.clone().filter(|r| has(r)).count() * 2 > recent.count()).then_some(slot)
    }

    /// Whether a cell is the key of a new record: a number, or a text with its number before it.
    fn begins(&self, source: &Source<'_>, cell: &Cell) -> bool {
        let split = self.splits.iter().find(|split| split.slot == source.slot);
        if let Some(split) = split
            && self.numbered(source.slot)
        {
            return split.spec.pattern.is_match(&cell.raw);
        }
        self.key.contains(&source.slot) && !is_rest_of_sentence(&cell.raw)
    }

    /// Whether the records so far carry numbers in this cell.
    fn numbered(&self, slot: usize) -> bool {
        let Some(split) = self.splits.iter().find(|s| s.slot == slot) else { return false };
        let Some((number, _)) = split.parts.iter().find(|(s, _)| *s != slot) else { return false };
        let has = |r: &Record| {
            r.slots.first(*number).and_then(|id| self.table.cell(id)).is_some_and(|c| !c.value.is_missing())
        };
        let recent = self.table.records.iter().rev().take(RECENT);
        recent.clone().filter(|r| has(r)).count() * 2 > recent.count()
    }

    pub(super) fn join(&mut self, previous: usize, row: u32, cells: &[Cell]) {
        for (source, more) in self.sources.iter().zip(cells).filter(|(_, c)| !text::is_blank(&c.raw)) {
            let Some(record) = self.table.records.get(previous) else { return };
            let Some(id) = record.slots.cells(source.slot).get(source.nth) else { continue };
            let Some(cell) = self.table.cells.get_mut(id as usize) else { continue };
            let text: Arc<str> = joined(&cell.text, &more.text).into();
            let raw = joined(&cell.raw, &more.raw).into();
            let value = if [&cell.value, &more.value].contains(&&Value::Uncalculated) {
                Value::Uncalculated
            } else {
                self.cells.read(&text, None, Some(source.spec)).0
            };
            *cell.content_mut() = Content { raw, text, value };
            cell.flags.insert(Flag::Joined);
        }
        if let Some(record) = self.table.records.get_mut(previous) {
            record.rows.1 = row;
        }
    }
}

/// Two parts of a text put together; a hyphen at the end of a line cuts a word.
fn joined(text: &str, more: &str) -> String {
    let (text, more) = (text.trim_end(), more.trim_start());
    let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    match text.strip_suffix('-') {
        Some(cut) if letter(cut.chars().last()) && letter(more.chars().next()) => format!("{cut}{more}"),
        _ => format!("{text} {more}"),
    }
}

/// A text that goes on with a sentence begun above: it starts in lower case.
fn is_rest_of_sentence(text: &str) -> bool {
    text.trim_start().chars().next().is_some_and(|c| c.is_lowercase() || ",;:)".contains(c))
}
