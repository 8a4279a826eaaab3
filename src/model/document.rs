//! What a grid turned out to be: documents with a head, tables, records and units.
//!
//! A *record* is a data row as printed (continuation rows joined). A *unit* is what rules speak of: a
//! process, an event, a measure, a question with its details. Units share the cells of the records.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::card::{Card, TablePart};
use super::cell::Cell;
use super::near::NearMiss;
use super::place::{Anchor, Area, CellRef, Place};
use super::slots::{CellId, Slots};
use super::value::Value;

/// One workbook as recognised.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// The document's own data, common to all its tables.
    pub head: Head,
    /// The tables found, in the order of sheets and rows.
    pub tables: Vec<Table>,
    /// Sheets in which no table was found, with the kind that came nearest.
    pub near_misses: Vec<NearMiss>,
    /// What reading left out of a workbook beyond all measure.
    pub remarks: Vec<super::lang::Bilingual>,
}

/// The document's own data by field name (`anno`, `ente`, `ufficio`).
pub type Head = BTreeMap<Arc<str>, HeadEntry>;

/// One datum of the document head.
#[derive(Debug, Clone, PartialEq)]
pub struct HeadEntry {
    /// What an official calls it.
    pub title: super::lang::Bilingual,
    /// The sheet it was read on (index in the grid).
    pub sheet: u32,
    /// Name of that sheet.
    pub sheet_name: Arc<str>,
    /// The cell it was read in.
    pub at: CellRef,
    /// The text read, without its label.
    pub text: Arc<str>,
    /// Its value.
    pub value: Value,
}

/// How many units of a kind a table has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntityCount {
    /// Name of the kind (`processo`).
    pub name: Arc<str>,
    /// How many.
    pub number: usize,
    /// The same in words, in the language of the report (`28 processi`).
    pub words: String,
}

/// Index of a unit in [`Entity::units`].
pub type UnitId = u32;

/// One table of a document.
#[derive(Debug, Clone)]
pub struct Table {
    /// The kind of schedule (name of the pack's schedule: `allegato1`, `ptpct`).
    pub kind: Arc<str>,
    /// Which of the kind's tables this is, where it has several (`strategici`, `operativi`).
    pub variant: Option<Arc<str>>,
    /// The document that it is of, where that is another than the one at hand.
    pub path: Option<Arc<str>>,
    /// Index of the sheet in the grid.
    pub sheet: u32,
    /// Name of the sheet.
    pub sheet_name: Arc<str>,
    /// Its parts, where it goes on over several sheets; empty for a table on one sheet.
    pub parts: Vec<TablePart>,
    /// Its rows as they lie on the sheets, from row 0 on, where each record is a card or a column and not a row; empty
    /// for a table that lies as it is counted.
    pub cards: Vec<Card>,
    /// Whether its rows are the lines of a text: places in it are lines.
    pub is_text: bool,
    /// Header and records.
    pub area: Area,
    /// The header rows. For a table without a header row, its first row.
    pub header: Area,
    /// How sure the recognition is, from 0 to 1.
    pub confidence: f64,
    /// Every column of the table, assigned or not, left to right.
    pub columns: Vec<Column>,
    /// Fields of the form that have no column and are told all the same, by titles between the rows or by the sheets.
    pub given: Vec<Arc<str>>,
    /// The fields that records and units have, in slot order.
    pub fields: Vec<Arc<str>>,
    /// The cells of the records. A blank cell of an assigned column is here too: it has a place.
    pub cells: Vec<Cell>,
    /// The data rows.
    pub records: Vec<Record>,
    /// The kinds of unit the rows are about, outermost first (`processo`, `evento`, `misura`).
    pub entities: Vec<Entity>,
    /// Where the printed rows depart from the form, for kinds whose rows are fixed.
    pub deviations: Vec<Deviation>,
    /// What reading did.
    pub reading: Reading,
}

impl Table {
    /// A table without rows: its header, on a sheet given by index and name, is all there is of it.
    pub fn new(kind: Arc<str>, sheet: u32, sheet_name: Arc<str>, header: Area) -> Self {
        Self {
            kind,
            variant: None,
            path: None,
            sheet,
            sheet_name,
            area: header,
            header,
            confidence: 0.0,
            columns: Vec::new(),
            given: Vec::new(),
            fields: Vec::new(),
            cells: Vec::new(),
            records: Vec::new(),
            entities: Vec::new(),
            deviations: Vec::new(),
            parts: Vec::new(),
            cards: Vec::new(),
            is_text: false,
            reading: Reading::default(),
        }
    }

    /// The slot of a field, if the table has it.
    pub fn slot(&self, field: &str) -> Option<usize> {
        self.fields.iter().position(|f| &**f == field)
    }

    /// The column that a field is read from.
    pub fn column_of(&self, field: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.field.as_deref() == Some(field))
    }

    /// The units of an entity.
    pub fn entity(&self, name: &str) -> Option<&Entity> {
        self.entities.iter().find(|e| &*e.name == name)
    }

    /// Where an area of the table stands: sheet, its name, and the area there. Of an area over several parts, the
    /// beginning in the first.
    pub fn locate(&self, area: Area) -> (u32, Arc<str>, Area) {
        if let Some(card) = self.cards.get(area.first.row as usize) {
            let rows = self.cards.get(area.first.row as usize..=area.last.row as usize);
            return (card.sheet, card.sheet_name.clone(), card.locate(rows.unwrap_or_default(), area));
        }
        let after = self.parts.partition_point(|p| p.from <= area.first.row);
        let Some(part) = after.checked_sub(1).and_then(|i| self.parts.get(i)) else {
            return (self.sheet, self.sheet_name.clone(), area);
        };
        let end = self.parts.get(after).map_or(u32::MAX, |next| next.from.saturating_sub(1));
        let there = |row: u32| row.min(end) - part.from + part.row;
        let (first, last) = (area.first, area.last);
        let area = Area::new(CellRef::new(there(first.row), first.col), CellRef::new(there(last.row), last.col));
        (part.sheet, part.sheet_name.clone(), area)
    }

    /// An area of the table as the place of a result, cells of a sheet or a line of a text: with the document, where that
    /// is another than the one in hand.
    pub fn place(&self, area: Area, anchor: Anchor, value: Option<Arc<str>>) -> Place {
        let of_row = self.cards.get(area.first.row as usize).and_then(|card| card.path.as_deref());
        let path = of_row.or(self.path.as_deref()).map(str::to_owned);
        let (sheet_index, sheet, area) = self.locate(area);
        if self.is_text {
            let line = Some(area.first.row.saturating_add(1));
            return Place { path, sheet_index, sheet: None, area: None, line, anchor, value };
        }
        Place { path, sheet_index, sheet: Some(sheet), area: Some(area), line: None, anchor, value }
    }

    /// A cell as a place in a result of several documents: with the path of its own, which is `path` where it is the one
    /// in hand, and with what it holds.
    pub fn place_of(&self, cell: &Cell, path: &str) -> Place {
        let value = Some(cell.raw.clone()).filter(|raw| !raw.is_empty());
        let place = self.place(Area::cell(cell.at), Anchor::default(), value);
        Place { path: place.path.or_else(|| Some(path.to_owned())), ..place }
    }

    /// Whether a row of a sheet is one of the table's, header included.
    pub fn covers(&self, sheet: u32, row: u32) -> bool {
        let within = |area: &Area| area.first.row <= row && row <= area.last.row;
        if !self.cards.is_empty() {
            let from = self.header.first.row as usize;
            return self.cards.iter().skip(from).any(|card| card.sheet == sheet && within(&card.area));
        }
        let (first, last) = (self.header.first.row, self.area.last.row);
        if self.parts.is_empty() {
            return self.sheet == sheet && first <= row && row <= last;
        }
        let ends = self.parts.iter().skip(1).map(|next| next.from).chain([last.saturating_add(1)]);
        let mut parts = self.parts.iter().zip(ends);
        parts.any(|(part, end)| {
            let from = first.max(part.from);
            let there = |at: u32| at - part.from + part.row;
            part.sheet == sheet && from < end && there(from) <= row && row < there(end)
        })
    }

    /// The sheets of its rows, each with the area it has there: one, or as many as the table has parts.
    pub fn spread(&self) -> Vec<(Arc<str>, Area)> {
        let whole = self.locate(self.area);
        let mut spread = vec![(whole.1, whole.2)];
        for card in self.cards.get(self.area.first.row as usize..=self.area.last.row as usize).unwrap_or_default() {
            match spread.iter_mut().find(|(name, _)| *name == card.sheet_name) {
                Some((_, area)) => *area = area.union(&card.area),
                None => spread.push((card.sheet_name.clone(), card.area)),
            }
        }
        for (i, part) in self.parts.iter().enumerate().skip(1) {
            let end = self.parts.get(i + 1).map_or(u32::MAX, |next| next.from);
            let rows = || self.records.iter().map(|r| r.rows).filter(|r| part.from <= r.0 && r.0 < end);
            let Some((first, last)) = rows().map(|r| r.0).min().zip(rows().map(|r| r.1).max()) else { continue };
            let area = Area::new(CellRef::new(first, self.area.first.col), CellRef::new(last, self.area.last.col));
            spread.push((part.sheet_name.clone(), self.locate(area).2));
        }
        spread
    }

    /// Adds a cell, to be given to a record or unit.
    pub fn push(&mut self, cell: Cell) -> CellId {
        let id = CellId::try_from(self.cells.len()).unwrap_or(CellId::MAX);
        self.cells.push(cell);
        id
    }

    /// A cell by its index.
    pub fn cell(&self, id: CellId) -> Option<&Cell> {
        self.cells.get(id as usize)
    }
}

/// One column of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The cells of its heading.
    pub heading_area: Area,
    /// In a report, the sheet of its heading where that is not the table's first.
    pub sheet: Option<Arc<str>>,
    /// The heading as printed, its rows joined by blanks.
    pub heading: Arc<str>,
    /// The field assigned; `None` where none is likely enough.
    pub field: Option<Arc<str>>,
    /// How sure the assignment is, from 0 to 1; for an unassigned column, of the best candidate.
    pub confidence: f64,
    /// What the assignment rests on, in words, one per language.
    pub evidence: super::lang::Bilingual,
    /// The field that came second.
    pub runner_up: Option<RunnerUp>,
}

/// The second-best field of a column.
#[derive(Debug, Clone, PartialEq)]
pub struct RunnerUp {
    /// The field.
    pub field: Arc<str>,
    /// Its score, from 0 to 1.
    pub confidence: f64,
}

/// One data row.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The rows it stands on, first and last.
    pub rows: (u32, u32),
    /// One cell per field of the table.
    pub slots: Slots,
}

/// The units of one kind in a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Entity {
    /// `processo`, `evento`, `misura`, `domanda`, `voce`.
    pub name: Arc<str>,
    /// The units, top to bottom.
    pub units: Vec<Unit>,
}

/// The unit that another belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parent {
    /// Index of its entity in [`Table::entities`].
    pub entity: usize,
    /// Index of the unit in [`Entity::units`].
    pub unit: UnitId,
}

/// One thing that rules speak of.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// The records it stands on, as indices in [`Table::records`], first and last.
    pub records: (u32, u32),
    /// The unit that it belongs to, of the nearest entity above that has one on its records.
    pub parent: Option<Parent>,
    /// One slot per field of the table. Fields of entities below hold the cells of all their units.
    pub slots: Slots,
}

/// Where the printed rows depart from the form.
#[derive(Debug, Clone, PartialEq)]
pub struct Deviation {
    /// The row; for a missing one the row that it should follow.
    pub area: Area,
    /// The text of the row found, if one is there.
    pub found: Option<Arc<str>>,
    /// The text of the row expected, if one is.
    pub expected: Option<Arc<str>>,
    /// Key of the unit concerned (`14.1`), empty if none.
    pub key: Arc<str>,
    /// Key of the question under which it stands; empty for a question itself, which is known by its number.
    pub under: Arc<str>,
}

/// What reading did to a table: told once, never as findings.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reading {
    /// Rows that are no records.
    pub skipped: Vec<SkippedRow>,
    /// Cells whose text was put right.
    pub repaired: Vec<Repair>,
    /// What to tell an official, one note per kind of intervention.
    pub notes: Vec<ReadingNote>,
}

/// A row that is no record.
#[derive(Debug, Clone, PartialEq)]
pub struct SkippedRow {
    /// Name of its sheet.
    pub sheet: Arc<str>,
    /// Its cells.
    pub area: Area,
    /// Why it was skipped, a short name (`trattini`, `intestazione ripetuta`, `sotto-titolo`, `riga vuota nascosta`).
    pub reason: super::lang::Bilingual,
    /// The text found in it.
    pub text: Arc<str>,
}

/// A cell whose text was put right.
#[derive(Debug, Clone, PartialEq)]
pub struct Repair {
    /// The cell.
    pub at: CellRef,
    /// As found.
    pub from: Arc<str>,
    /// As read.
    pub to: Arc<str>,
    /// What was done.
    pub flag: super::value::Flag,
}

/// One sentence on how a table was read on one of its sheets.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadingNote {
    /// Name of that sheet.
    pub sheet: Arc<str>,
    /// The code of the behaviour (`PT-S02`).
    pub code: Arc<str>,
    /// The sentence.
    pub message: super::lang::Bilingual,
    /// The cells concerned.
    pub areas: Vec<Area>,
}
