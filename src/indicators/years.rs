//! Which year a column or a row speaks of.

use std::collections::BTreeSet;

use crate::model::{Cell, CellId, Table, Unit};
use crate::text;

/// The field of a year or a period.
const YEAR: &str = "anno_periodo";

/// The year that a cell is of, as far as its heading tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Dated {
    /// No year is told.
    Undated,
    /// This one.
    In(i16),
    /// Another one than the first of a plan (`Target anno N+1`), or a span of several.
    Elsewhere,
}

/// The year of a heading.
pub(super) fn of_heading(heading: &str) -> Dated {
    let normal = text::normal(heading);
    let words = text::words(heading);
    let years: BTreeSet<i16> = words.split(' ').filter_map(year).collect();
    match (years.first(), years.len()) {
        (Some(only), 1) => Dated::In(*only),
        (Some(_), _) => Dated::Elsewhere,
        (None, _) if is_later(&normal, &words) => Dated::Elsewhere,
        (None, _) => Dated::Undated,
    }
}

/// The first year in a text.
pub(super) fn year_named(found: &str) -> Option<i16> {
    text::words(found).split(' ').find_map(year)
}

/// A word that is a year.
fn year(word: &str) -> Option<i16> {
    word.parse().ok().filter(|year| word.len() == 4 && (1990..=2099).contains(year))
}

/// The second or third year of a plan, or a time within a year.
fn is_later(normal: &str, words: &str) -> bool {
    const RELATIVE: [&str; 8] = ["n+1", "n+2", "n+3", "t+1", "t+2", "n-1", "t-1", "n-2"];
    const ORDINAL: [&str; 16] = [
        "secondo anno",
        "terzo anno",
        "2 anno",
        "3 anno",
        "ii anno",
        "iii anno",
        "anno 2",
        "anno 3",
        "anno ii",
        "anno iii",
        "triennale",
        "triennio",
        "pluriennale",
        "intermedio",
        "semestre",
        "trimestre",
    ];
    let packed: String = normal.chars().filter(|c| *c != ' ').collect();
    let padded = format!(" {words} ");
    RELATIVE.iter().any(|mark| packed.contains(mark)) || ORDINAL.iter().any(|o| padded.contains(&format!(" {o} ")))
}

/// The years of the columns of a table.
pub(super) struct Columns<'a> {
    table: &'a Table,
    /// By column.
    years: Vec<(u32, Dated)>,
}

impl<'a> Columns<'a> {
    pub(super) fn of(table: &'a Table) -> Self {
        let years = table.columns.iter().map(|c| (c.heading_area.first.col, of_heading(&c.heading)));
        let mut years: Vec<(u32, Dated)> = years.collect();
        years.sort_by_key(|(col, _)| *col);
        Self { table, years }
    }

    /// The year of a cell's column.
    pub(super) fn dated(&self, cell: &Cell) -> Dated {
        let at = self.years.partition_point(|(col, _)| *col <= cell.at.col);
        at.checked_sub(1).and_then(|at| self.years.get(at)).map_or(Dated::Undated, |(_, dated)| *dated)
    }

    /// The cells of a field in a unit, with the years of their columns.
    pub(super) fn cells(&self, unit: &Unit, field: &str) -> Vec<(CellId, &'a Cell, Dated)> {
        let Some(slot) = self.table.slot(field) else { return Vec::new() };
        let cells = unit.slots.cells(slot).iter().filter_map(|id| Some((id, self.table.cell(id)?)));
        cells.map(|(id, cell)| (id, cell, self.dated(cell))).collect()
    }

    /// The first cell of a field in a unit that says something.
    pub(super) fn said(&self, unit: &Unit, field: &str) -> Option<&'a Cell> {
        self.table.said_in(unit, field)
    }

    /// The year that a row is of.
    pub(super) fn of_row(&self, unit: &Unit) -> Option<i16> {
        row_year(self.table, unit)
    }
}

/// The year that a row is of, where it has a column for it and tells one.
pub(super) fn row_year(table: &Table, unit: &Unit) -> Option<i16> {
    let years: BTreeSet<i16> =
        table.cells_in(unit, YEAR).filter_map(|cell| year(text::words(&cell.text).trim())).collect();
    years.first().copied().filter(|_| years.len() == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_tell_their_year() {
        let cases = [
            ("Valore conseguito 2018", Dated::In(2018)),
            ("2020 Valore target", Dated::In(2020)),
            ("Risultato al 31/12/2024", Dated::In(2024)),
            ("Target 2023-2025", Dated::Elsewhere),
            ("Target anno N+1", Dated::Elsewhere),
            ("Target secondo anno", Dated::Elsewhere),
            ("Target", Dated::Undated),
            ("Target anno N", Dated::Undated),
            ("Standard", Dated::Undated),
        ];
        for (heading, expected) in cases {
            assert_eq!(of_heading(heading), expected, "{heading}");
        }
    }
}
