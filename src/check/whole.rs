//! The tables of several documents as one: a plan made of one annex for each office is one register.

use std::sync::Arc;

use crate::model::{
    Area, Card, CellRef, Column, Entity, FieldSlot, Parent, Record, SlotCells, Slots, Table, Unit, UnitId,
};

/// One table with the rows of all, each of a document with its path. They are of one kind, and all of workbooks or all of
/// texts. The rows follow each other in the order given, and each knows in which document it lies.
pub(super) fn whole(tables: &[(Arc<str>, &Table)]) -> Option<Table> {
    let (_, first) = tables.first()?;
    let header = Area::cell(CellRef::new(0, first.header.first.col));
    let mut all = Table {
        variant: first.variant.clone(),
        is_text: first.is_text,
        confidence: first.confidence,
        ..Table::new(first.kind.clone(), first.sheet, first.sheet_name.clone(), header)
    };
    for (_, table) in tables {
        add_new(&mut all.fields, &table.fields);
        add_new(&mut all.given, &table.given);
    }
    let names = entities(tables.iter().map(|(_, t)| *t));
    all.entities = names.into_iter().map(|name| Entity { name, units: Vec::new() }).collect();
    for (path, table) in tables {
        add(&mut all, path, table);
    }
    Some(all)
}

fn add_new(all: &mut Vec<Arc<str>>, more: &[Arc<str>]) {
    for name in more {
        if !all.contains(name) {
            all.push(name.clone());
        }
    }
}

/// The kinds of unit of all tables, outermost first: one that some lack stands behind the one before it in the others.
fn entities<'t>(tables: impl Iterator<Item = &'t Table>) -> Vec<Arc<str>> {
    let mut names: Vec<Arc<str>> = Vec::new();
    for table in tables {
        let mut after = 0;
        for entity in &table.entities {
            let known = names.iter().position(|n| *n == entity.name);
            let at = known.unwrap_or_else(|| {
                names.insert(after, entity.name.clone());
                after
            });
            after = at + 1;
        }
    }
    names
}

/// What moves when a table becomes part of the whole: its rows, its cells, its records, its units.
struct Moved {
    /// The first row in its own table, and in the whole.
    rows: (u32, u32),
    cells: u32,
    records: u32,
    /// For each of its entities, the place of that entity in the whole and how many units it has already.
    entities: Vec<(usize, UnitId)>,
    /// For each field of the whole, its slot in the table.
    slots: Vec<Option<usize>>,
}

impl Moved {
    fn row(&self, row: u32) -> u32 {
        row.saturating_sub(self.rows.0) + self.rows.1
    }

    fn at(&self, at: CellRef) -> CellRef {
        CellRef::new(self.row(at.row), at.col)
    }

    fn area(&self, area: Area) -> Area {
        Area::new(self.at(area.first), self.at(area.last))
    }

    fn slots(&self, slots: &Slots) -> Slots {
        let slot = |cells: SlotCells<'_>| match (cells.first(), cells.len()) {
            (None, _) => FieldSlot::None,
            (Some(only), 1) => FieldSlot::One(only + self.cells),
            _ => cells.iter().map(|id| id + self.cells).collect(),
        };
        self.slots.iter().map(|own| own.map_or(FieldSlot::None, |own| slot(slots.cells(own)))).collect()
    }

    fn record(&self, index: u32) -> u32 {
        index.saturating_add(self.records)
    }

    fn unit(&self, unit: &Unit) -> Unit {
        let parent = unit.parent.and_then(|parent| {
            let (entity, before) = *self.entities.get(parent.entity)?;
            Some(Parent { entity, unit: parent.unit + before })
        });
        let records = (self.record(unit.records.0), self.record(unit.records.1));
        Unit { records, parent, slots: self.slots(&unit.slots) }
    }
}

fn add(all: &mut Table, path: &Arc<str>, table: &Table) {
    let (first, last) = rows(table);
    let size = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let place = |entity: &Entity| {
        let at = all.entities.iter().position(|e| e.name == entity.name)?;
        Some((at, size(all.entities.get(at)?.units.len())))
    };
    let moved = Moved {
        rows: (first, size(all.cards.len())),
        cells: size(all.cells.len()),
        records: size(all.records.len()),
        entities: table.entities.iter().filter_map(place).collect(),
        slots: all.fields.iter().map(|field| table.slot(field)).collect(),
    };
    if all.cells.is_empty() {
        all.header = moved.area(table.header);
    }
    let width = table.cells.iter().map(|c| c.at.col).chain([table.area.last.col, table.header.last.col]).max();
    all.cards.extend((first..=last).map(|row| card(path, table, row, width.unwrap_or(0))));
    for column in &table.columns {
        if column.field.as_ref().is_none_or(|f| all.column_of(f).is_none()) {
            all.columns.push(Column { heading_area: moved.area(column.heading_area), ..column.clone() });
        }
    }
    all.cells.extend(table.cells.iter().cloned().map(|mut cell| {
        cell.at = moved.at(cell.at);
        cell
    }));
    all.records.extend(table.records.iter().map(|record| Record {
        rows: (moved.row(record.rows.0), moved.row(record.rows.1)),
        slots: moved.slots(&record.slots),
    }));
    for (entity, (at, _)) in table.entities.iter().zip(&moved.entities) {
        if let Some(whole) = all.entities.get_mut(*at) {
            whole.units.extend(entity.units.iter().map(|unit| moved.unit(unit)));
        }
    }
    all.area = Area::new(all.header.first, CellRef::new(moved.row(last), width.unwrap_or(0)));
}

/// The rows from the first to the last with something of the table: a title above it may give a field to its rows.
fn rows(table: &Table) -> (u32, u32) {
    let cells = table.cells.iter().map(|c| c.at.row);
    let around = [table.header, table.area].into_iter().flat_map(|a| [a.first.row, a.last.row]);
    let rows = || cells.clone().chain(around.clone());
    (rows().min().unwrap_or(0), rows().max().unwrap_or(0))
}

/// A row of a table where it lies: document, sheet and cells.
fn card(path: &Arc<str>, table: &Table, row: u32, width: u32) -> Card {
    let here = |from: u32, to: u32| table.locate(Area::new(CellRef::new(row, from), CellRef::new(row, to)));
    let (sheet, sheet_name, area) = here(0, width);
    let cells = match table.cards.get(row as usize) {
        Some(card) => card.cells.clone(),
        None => (0..=width).map(|col| Some(here(col, col).2.first)).collect(),
    };
    Card { path: Some(path.clone()), sheet, sheet_name, area, cells }
}
