//! An Allegato 2 computed, for programs.

use std::io::{self, Write};

use serde::Serialize;

use super::each::Each;
use super::place::Spot;
use super::{Tool, VERSION, line};
use crate::model::{Allegato2, Choice, CountedRow, CountedTable, LeftOut, Place};

/// The whole as one object.
pub(in crate::output) fn write(all: &Allegato2, out: &mut dyn Write) -> io::Result<()> {
    let whole = Whole {
        version: VERSION,
        tool: Tool::this(),
        year: all.year,
        sources: &all.sources,
        compared: all.compared.as_deref(),
        tables: Each::of(&all.tables, all, Table::new),
        choices: Each::of(&all.choices, (), Decision::new),
        left_out: Each::of(&all.left_out, (), Left::new),
        remarks: &all.remarks,
        summary: Sum { differences: all.differences() },
    };
    line(&whole, out)
}

#[derive(Serialize)]
struct Whole<'a> {
    version: u32,
    tool: Tool,
    year: Option<i16>,
    sources: &'a [String],
    compared: Option<&'a str>,
    tables: Each<'a, CountedTable, Table<'a>, &'a Allegato2>,
    choices: Each<'a, Choice, Decision<'a>>,
    left_out: Each<'a, LeftOut, Left<'a>>,
    remarks: &'a [String],
    summary: Sum,
}

#[derive(Serialize)]
struct Sum {
    differences: usize,
}

#[derive(Serialize)]
struct Table<'a> {
    level: &'static str,
    rows: Each<'a, CountedRow, Row<'a>, &'a Allegato2>,
}

impl<'a> Table<'a> {
    fn new(table: &'a CountedTable, all: &'a Allegato2) -> Self {
        Self { level: table.level.name(), rows: Each::of(&table.rows, all, Row::new) }
    }
}

#[derive(Serialize)]
struct Row<'a> {
    n: u8,
    label: &'a str,
    value: Option<usize>,
    declared: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    declared_at: Option<Spot<'a>>,
    difference: Option<i64>,
    note: Option<&'a str>,
    evidence: Vec<Spot<'a>>,
}

impl<'a> Row<'a> {
    fn new(row: &'a CountedRow, all: &'a Allegato2) -> Self {
        let places = row.evidence.iter().filter_map(|i| all.evidence.get(*i)).map(|e| Spot::of_place(&e.place, ()));
        Self {
            n: row.number,
            label: &row.label,
            value: row.value,
            declared: row.declared.as_ref().and_then(|d| d.value),
            declared_at: row.declared.as_ref().map(|d| Spot::of_place(&d.place, ())),
            difference: row.difference(),
            note: row.note.as_deref(),
            evidence: places.collect(),
        }
    }
}

#[derive(Serialize)]
struct Decision<'a> {
    name: &'a str,
    value: &'a str,
    default: &'a str,
    meaning: &'a str,
}

impl<'a> Decision<'a> {
    fn new(choice: &'a Choice, (): ()) -> Self {
        Self { name: choice.name, value: &choice.value, default: choice.default, meaning: &choice.meaning }
    }
}

#[derive(Serialize)]
struct Left<'a> {
    reason: &'a str,
    items: Each<'a, (String, Place), Item<'a>>,
}

impl<'a> Left<'a> {
    fn new(left: &'a LeftOut, (): ()) -> Self {
        Self { reason: &left.reason, items: Each::of(&left.items, (), Item::new) }
    }
}

#[derive(Serialize)]
struct Item<'a> {
    name: &'a str,
    place: Spot<'a>,
}

impl<'a> Item<'a> {
    fn new((name, place): &'a (String, Place), (): ()) -> Self {
        Self { name, place: Spot::of_place(place, ()) }
    }
}
