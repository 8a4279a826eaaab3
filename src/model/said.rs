//! What a unit of a table says in its cells, and where.

use super::cell::Cell;
use super::document::{Table, Unit};
use super::place::{Anchor, Place};
use super::slots::SlotCells;
use super::value::Value;

impl Cell {
    /// Whether it says something: what is blank, a filler or declared not to apply does not.
    pub fn says(&self) -> bool {
        !self.value.is_missing() && self.value != Value::NotApplicable
    }
}

impl Table {
    /// The cells of a field in a unit, those of the units above where it has none of its own.
    pub fn cells_in(&self, unit: &Unit, field: &str) -> impl Iterator<Item = &Cell> {
        let cells = self.slot(field).map(|slot| unit.slots.cells(slot).iter().collect::<Vec<_>>());
        cells.into_iter().flatten().filter_map(|id| self.cell(id))
    }

    /// The first cell of a field in a unit that says something.
    pub fn said_in(&self, unit: &Unit, field: &str) -> Option<&Cell> {
        self.cells_in(unit, field).find(|cell| cell.says())
    }

    /// Where a unit stands, with the path of its document: the first of its cells that is filled; the header where none is.
    pub fn place_of_unit(&self, unit: &Unit, path: &str) -> Place {
        let mut cells = unit.slots.iter().flat_map(SlotCells::iter).filter_map(|id| self.cell(id));
        match cells.find(|cell| !cell.value.is_missing()) {
            Some(cell) => self.place_of(cell, path),
            None => Place { path: Some(path.to_owned()), ..self.place(self.header, Anchor::default(), None) },
        }
    }
}
