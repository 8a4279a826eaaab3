//! Which cells get which findings.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::book::Book;
use crate::model::{Area, CellRef, DocumentReport, Finding, Place, Severity, Status};

/// Places of one finding that get a note; all of them are highlighted.
const MAX_NOTES: usize = 2_000;

/// What goes onto one sheet.
#[derive(Debug, Default)]
pub(super) struct SheetMarks<'a> {
    /// The findings of each cell that gets a note.
    pub(super) notes: BTreeMap<CellRef, Vec<&'a Finding>>,
    /// The areas to highlight, gravest first.
    pub(super) areas: BTreeMap<Reverse<Severity>, Vec<Area>>,
}

/// What goes onto the sheets, by their index among all sheets of the workbook.
#[derive(Debug, Default)]
pub(super) struct Placing<'a> {
    /// The marks of each sheet that gets some.
    pub(super) sheets: BTreeMap<usize, SheetMarks<'a>>,
    /// Places beyond [`MAX_NOTES`], which have no note.
    pub(super) without_note: usize,
    /// Places whose sheet the workbook does not have.
    pub(super) lost: usize,
}

impl<'a> Placing<'a> {
    /// Places the findings that count, and those excepted, whose cells get a note and no colour; known ones are told on
    /// the report sheet only.
    pub(super) fn of(document: &'a DocumentReport, book: &Book) -> Self {
        let mut placing = Self::default();
        for finding in document.findings.iter().filter(|f| f.status == Status::New || f.waiver.is_some()) {
            let here = finding.places.iter().filter(|p| p.path.is_none());
            for (number, place) in here.enumerate() {
                let Some(area) = place.area else { continue };
                match sheet_of(place, book) {
                    Some(sheet) => placing.put(sheet, finding, area, number < MAX_NOTES),
                    None => placing.lost += 1,
                }
            }
        }
        placing
    }

    fn put(&mut self, sheet: usize, finding: &'a Finding, area: Area, with_note: bool) {
        let marks = self.sheets.entry(sheet).or_default();
        if finding.status == Status::New {
            marks.areas.entry(Reverse(finding.severity)).or_default().push(area);
        }
        if with_note {
            let notes = marks.notes.entry(area.first).or_default();
            if !notes.iter().any(|f| std::ptr::eq(*f, finding)) {
                notes.push(finding);
            }
        } else {
            self.without_note += 1;
        }
    }
}

/// A sheet is found by its name; a place without one by its position among the worksheets.
fn sheet_of(place: &Place, book: &Book) -> Option<usize> {
    let worksheets = || book.sheets.iter().enumerate().filter(|(_, s)| s.part.is_some());
    match &place.sheet {
        Some(name) => worksheets().find(|(_, s)| s.name == **name).map(|(i, _)| i),
        None => worksheets().nth(usize::try_from(place.sheet_index).ok()?).map(|(i, _)| i),
    }
}

/// Areas with single cells that follow each other down a column joined, each once, sorted.
pub(super) fn joined(areas: &[Area]) -> Vec<Area> {
    let mut sorted = areas.to_vec();
    sorted.sort_by_key(|a| (a.first.col, a.last.col, a.first.row, a.last.row));
    let mut out: Vec<Area> = Vec::with_capacity(sorted.len());
    for area in sorted {
        match out.last_mut() {
            Some(last)
                if last.first.col == area.first.col
                    && last.last.col == area.last.col
                    && area.first.row <= last.last.row.saturating_add(1) =>
            {
                last.last.row = last.last.row.max(area.last.row);
            }
            _ => out.push(area),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_below_each_other_are_joined() {
        let areas: Vec<Area> =
            ["B4", "A1", "A3", "A2", "A2", "A9", "B1:C3"].iter().filter_map(|a| Area::parse(a)).collect();
        let text: Vec<String> = joined(&areas).iter().map(ToString::to_string).collect();
        assert_eq!(text, ["A1:A3", "A9", "B4", "B1:C3"]);
    }
}
