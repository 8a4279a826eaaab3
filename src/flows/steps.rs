//! The steps of a text as the rows of a sheet, with where each of its lines went.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{
    Area, Cell, CellId, CellRef, Document, Entity, Format, Grid, GridCell, Lang, Record, Scalar, Sheet, Table, Unit,
};
use crate::pack::{FieldSpec, Packs};

/// What values of one field in one cell are parted by.
const BETWEEN: &str = "; ";

/// A sheet with one row for each step of a text, under the headings by which such a sheet is read.
#[derive(Debug, Clone)]
pub struct StepSheet {
    /// The sheet.
    pub grid: Grid,
    /// Where on it what stands on a line of the text is, by the number of the line from 1: its cell; for what has no column,
    /// the heading of the step or of the whole.
    pub places: BTreeMap<u32, Area>,
    /// Headings and rows.
    pub area: Area,
}

/// The steps of a document that is a text; none where it is a workbook.
pub fn step_sheet(document: &Document, packs: &Packs, lang: Lang) -> Option<StepSheet> {
    let table = document.tables.iter().find(|table| table.is_text)?;
    let fields = packs.get(&table.kind).map_or(&[][..], |pack| pack.schedule.fields.as_slice());
    let columns: Vec<(usize, &FieldSpec)> = fields
        .iter()
        .filter(|field| !field.headings.is_empty() && table.column_of(&field.name).is_some())
        .filter_map(|field| Some((table.slot(&field.name)?, field)))
        .collect();
    let mut maker = Maker { table, places: BTreeMap::new(), cells: Vec::new() };
    for (col, (_, field)) in (0u32..).zip(&columns) {
        let heading = field.headings.first().map_or("", String::as_str);
        maker.put(CellRef::new(0, col), heading.into());
    }
    let rows = maker.rows();
    for (row, (record, units)) in (1u32..).zip(&rows) {
        for (col, (slot, _)) in (0u32..).zip(&columns) {
            maker.value(CellRef::new(row, col), record.slots.cells(*slot).iter());
        }
        // What has no column of its own is told at the beginning of the row.
        for unit in units {
            let all = unit.slots.iter().flat_map(|cells| cells.iter().collect::<Vec<_>>());
            maker.meet(CellRef::new(row, 0), all);
        }
    }
    let last = CellRef::new(
        u32::try_from(rows.len()).unwrap_or(u32::MAX),
        u32::try_from(columns.len().max(1) - 1).unwrap_or(0),
    );
    let name = lang.pick("Step", "Steps").into();
    let sheet = Sheet { name, cells: maker.cells, ..Sheet::default() };
    let area = Area::new(CellRef::new(0, 0), last);
    Some(StepSheet { grid: Grid { sheets: vec![sheet], ..Grid::default() }, places: maker.places, area })
}

struct Maker<'a> {
    table: &'a Table,
    places: BTreeMap<u32, Area>,
    cells: Vec<GridCell>,
}

impl<'a> Maker<'a> {
    /// The records, one a row; with each the units that it is of and no record before it.
    fn rows(&self) -> Vec<(&'a Record, Vec<&'a Unit>)> {
        let row = |(number, record): (u32, &'a Record)| {
            let of = |entity: &'a Entity| {
                let at = entity.units.partition_point(|unit| unit.records.1 < number);
                entity.units.get(at).filter(|unit| unit.records.0 == number)
            };
            // The innermost tells best where a line stands.
            (record, self.table.entities.iter().rev().filter_map(of).collect())
        };
        (0u32..).zip(&self.table.records).map(row).collect()
    }

    fn put(&mut self, at: CellRef, text: Arc<str>) {
        self.cells.push(GridCell { at, value: Scalar::Text(text), format: Format::General });
    }

    /// Writes the values of a field into one cell.
    fn value(&mut self, at: CellRef, ids: impl Iterator<Item = CellId>) {
        let cells: Vec<&Cell> = ids.filter_map(|id| self.table.cell(id)).collect();
        let texts: Vec<&str> = cells.iter().map(|cell| &*cell.text).filter(|text| !text.trim().is_empty()).collect();
        if !texts.is_empty() {
            self.put(at, texts.join(BETWEEN).into());
        }
        for cell in cells {
            self.places.entry(cell.at.row.saturating_add(1)).or_insert(Area::cell(at));
        }
    }

    /// Says where the lines of cells are told that no column tells.
    fn meet(&mut self, at: CellRef, ids: impl Iterator<Item = CellId>) {
        for cell in ids.filter_map(|id| self.table.cell(id)) {
            self.places.entry(cell.at.row.saturating_add(1)).or_insert(Area::cell(at));
        }
    }
}
