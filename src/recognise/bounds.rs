//! How much reading looks into. A longer text is prose, or hostile: it is no heading, no title, no
//! label, and nothing costly is tried on it. The measures are those of published documents, with room to spare.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::model::Bilingual;

/// Bytes of a text that tell what its column holds.
pub(super) const SAMPLED: usize = 4096;

/// A heading is hardly longer, in characters: only instructions to the office and prose are.
pub(super) const HEADING: usize = 200;
/// Characters in which the names of fields are looked for; what goes on is an instruction.
pub(super) const NAMED_HEADING: usize = 160;
/// Bytes in which typos and abbreviations are forgiven: in a longer text so few letters tell nothing.
pub(super) const TYPOS: usize = 90;
/// Least similarity for a heading with typos.
pub(super) const SIMILAR: f64 = 0.84;
/// A title inside or above a table is not longer, in characters; a lone text that is longer is a paragraph.
pub(super) const TITLE: usize = 200;
/// A datum of the document (a name, a date, an area), in characters.
pub(super) const DATUM: usize = 160;
/// A label is not longer, in bytes.
pub(super) const LABEL: usize = 60;
/// A note on a row (of words that are looked for as a whole), in bytes.
pub(super) const NOTE: usize = 200;
/// Bytes beyond which a text is not even brought to its words.
pub(super) const WORDS: usize = 2000;
/// Bytes of the printed rows of a form: shorter ones stand in any table, longer ones are answers.
pub(super) const PRINTED: std::ops::Range<usize> = 16..WORDS;
/// Bytes of the labels of counts.
pub(super) const COUNT_LABEL: std::ops::RangeInclusive<usize> = 8..=200;

/// Cells of a row in which misspelt headings are looked for: no table that people fill in has so many columns.
pub(super) const MISSPELT: usize = 512;
/// Cells of a sheet that may be one form, or cards: many times as many as people fill in one by one.
pub(super) const CELLS: usize = 20_000;
/// Cells of the rows that cards are laid out as, blank ones too: a label more is a column for every card.
pub(super) const CARD_CELLS: usize = 10 * CELLS;
/// Header rows of a workbook that are weighed, each once for every kind that may have it, beside the first ones of each
/// sheet: one sheet has some tens of tables.
pub(super) const HEADERS: usize = 800;
/// Those of each sheet that are weighed whatever the others hold, and how many they may be in all: a plan may have a sheet
/// for each of some hundreds of offices.
const FIRST: usize = 12;
const ALL_FIRST: usize = 6_000;
/// Cells of header rows for each that is weighed: what one costs grows with its columns. The first ones of a sheet are
/// mostly its own header, which may be wide, and is weighed for several kinds.
const HEADER_CELLS: usize = 10;
const FIRST_CELLS: usize = 30;

/// The header rows that may still be weighed.
#[derive(Debug)]
pub(super) struct Headers {
    left: Cell<Left>,
    first_left: Cell<Left>,
    /// The sheet at hand, and how many of its rows were weighed.
    on: RefCell<(Arc<str>, usize)>,
    /// Sheet and row of the first that was not.
    beyond: RefCell<Option<(Arc<str>, u32)>>,
    /// Raised where nobody waits for the result any longer.
    stop: Option<Arc<AtomicBool>>,
}

/// Rows, and cells in them.
#[derive(Debug, Clone, Copy)]
struct Left {
    rows: usize,
    cells: usize,
}

impl Left {
    fn of(rows: usize, each: usize) -> Cell<Self> {
        Cell::new(Self { rows, cells: rows * each })
    }

    /// What is left behind a row of some cells; the last one may have more than are left.
    fn without(self, cells: usize) -> Option<Self> {
        let rows = self.rows.checked_sub(1).filter(|_| self.cells > 0)?;
        Some(Self { rows, cells: self.cells.saturating_sub(cells) })
    }
}

impl Headers {
    /// None weighed yet; none more is once `stop` is raised.
    pub(super) fn new(stop: Option<Arc<AtomicBool>>) -> Self {
        let (left, first_left) = (Left::of(HEADERS, HEADER_CELLS), Left::of(ALL_FIRST, FIRST_CELLS));
        Self { left, first_left, on: RefCell::new(("".into(), 0)), beyond: RefCell::default(), stop }
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stop.as_ref().is_some_and(|stop| stop.load(Ordering::Relaxed))
    }

    /// Whether one more may be weighed, on this row of so many cells.
    pub(super) fn takes(&self, sheet: &Arc<str>, row: u32, cells: usize) -> bool {
        if self.is_stopped() {
            return false;
        }
        let is_first = {
            let mut on = self.on.borrow_mut();
            if !Arc::ptr_eq(&on.0, sheet) {
                *on = (sheet.clone(), 0);
            }
            on.1 += 1;
            on.1 <= FIRST
        };
        let take = |from: &Cell<Left>| from.get().without(cells).inspect(|left| from.set(*left)).is_some();
        let taken = is_first && take(&self.first_left) || take(&self.left);
        if !taken {
            self.beyond.borrow_mut().get_or_insert_with(|| (sheet.clone(), row));
        }
        taken
    }

    /// What to say where there were more.
    pub(super) fn told(&self) -> Option<Bilingual> {
        let beyond = self.beyond.borrow();
        let (sheet, row) = beyond.as_ref()?;
        let row = row + 1;
        Some(Bilingual::new(
            format!(
                "le righe che sembrano intestazioni di tabelle sono troppe: dalla riga {row} del foglio \
                 «{sheet}» in poi non si legge altro"
            ),
            format!(
                "too many rows look like header rows of tables: from row {row} of the sheet “{sheet}” on \
                 nothing more is read"
            ),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_sheets_are_no_many_tables_on_one() {
        let headers = Headers::new(None);
        for office in 0..400 {
            let sheet: Arc<str> = format!("Ufficio {office}").into();
            assert!((0..9).all(|row| headers.takes(&sheet, row, 35)), "{office}");
        }
        assert!(headers.told().is_none());
        let sheet: Arc<str> = "Tutti".into();
        assert_eq!((0..2_000).filter(|row| headers.takes(&sheet, *row, 10)).count(), FIRST + HEADERS);
        assert!(headers.told().unwrap().it.contains("dalla riga 813 del foglio «Tutti»"));
    }

    #[test]
    fn wide_rows_count_for_more() {
        let headers = Headers::new(None);
        let sheet: Arc<str> = "Tutti".into();
        assert_eq!((0..2_000).filter(|row| headers.takes(&sheet, *row, 40)).count(), FIRST + HEADERS / 4);
        assert!(headers.told().is_some());
    }

    #[test]
    fn nothing_more_is_weighed_once_stopped_and_nothing_told() {
        let stop = Arc::new(AtomicBool::new(false));
        let headers = Headers::new(Some(Arc::clone(&stop)));
        let sheet: Arc<str> = "Tutti".into();
        assert!(headers.takes(&sheet, 0, 10));
        stop.store(true, Ordering::Relaxed);
        assert!(!headers.takes(&sheet, 1, 10) && headers.told().is_none());
    }
}
