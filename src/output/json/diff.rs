//! Two documents side by side, for programs.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::each::Each;
use super::place::Spot;
use super::{FoundFault, Refusal, Tool, VERSION, line};
use crate::model::{
    CellChange, Comparison, Comparisons, Error, Fate, FindingChange, Lang, Place, RecordChange, RecordFate, Status,
    TableChange,
};

/// The whole comparison as one object.
pub(in crate::output) fn write(all: &Comparisons, out: &mut dyn Write) -> io::Result<()> {
    let count = |of: &dyn Fn(&Comparison) -> usize| all.pairs.iter().map(of).sum::<usize>();
    let status = |p: &Comparison, status| p.findings.iter().filter(|f| f.finding.status == status).count();
    let whole = Whole {
        version: VERSION,
        tool: Tool::this(),
        comparisons: Each::of(&all.pairs, all.lang, Pair::new),
        summary: Sum {
            comparisons: count(&|p| usize::from(p.is_whole())),
            refused: count(&|p| usize::from(!p.errors.is_empty())),
            findings: Fate::ALL.iter().map(|f| (f.name(), count(&|p| p.count(*f)))).collect(),
            records: RecordFate::ALL.iter().map(|f| (f.name(), count(&|p| p.count_records(*f)))).collect(),
            known: count(&|p| status(p, Status::Known)),
            waived: count(&|p| status(p, Status::Waived)),
        },
    };
    line(&whole, out)
}

#[derive(Serialize)]
struct Whole<'a> {
    version: u32,
    tool: Tool,
    comparisons: Each<'a, Comparison, Pair<'a>, Lang>,
    summary: Sum,
}

#[derive(Serialize)]
struct Sum {
    comparisons: usize,
    refused: usize,
    findings: BTreeMap<&'static str, usize>,
    records: BTreeMap<&'static str, usize>,
    known: usize,
    waived: usize,
}

#[derive(Serialize)]
struct Pair<'a> {
    old: Option<&'a str>,
    new: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Fault<'a>>,
    head: Each<'a, CellChange, Cell<'a>>,
    tables: Each<'a, TableChange, Table<'a>>,
    findings: Each<'a, FindingChange, Found<'a>>,
}

#[derive(Serialize)]
struct Fault<'a> {
    path: &'a str,
    #[serde(flatten)]
    error: Refusal<'a>,
}

impl<'a> Pair<'a> {
    fn new(pair: &'a Comparison, lang: Lang) -> Self {
        let refusal = |e: &'a Error| Refusal { kind: e.kind().name(), message: e.message(lang) };
        Self {
            old: Some(pair.old.as_str()).filter(|p| !p.is_empty()),
            new: Some(pair.new.as_str()).filter(|p| !p.is_empty()),
            errors: pair.errors.iter().map(|(path, error)| Fault { path, error: refusal(error) }).collect(),
            head: Each::of(&pair.head, (), Cell::new),
            tables: Each::of(&pair.tables, (), Table::new),
            findings: Each::of(&pair.findings, (), Found::new),
        }
    }
}

#[derive(Serialize)]
struct Table<'a> {
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    variant: Option<&'a str>,
    before: usize,
    after: usize,
    columns_added: &'a [String],
    columns_removed: &'a [String],
    records: Each<'a, RecordChange, Record<'a>>,
}

impl<'a> Table<'a> {
    fn new(table: &'a TableChange, (): ()) -> Self {
        Self {
            kind: &table.kind,
            variant: table.variant.as_deref(),
            before: table.before,
            after: table.after,
            columns_added: &table.columns_added,
            columns_removed: &table.columns_removed,
            records: Each::of(&table.records, (), Record::new),
        }
    }
}

#[derive(Serialize)]
struct Record<'a> {
    fate: RecordFate,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    old_name: Option<&'a str>,
    place: Option<At<'a>>,
    cells: Each<'a, CellChange, Cell<'a>>,
}

impl<'a> Record<'a> {
    fn new(record: &'a RecordChange, (): ()) -> Self {
        Self {
            fate: record.fate,
            name: &record.name,
            old_name: record.old_name.as_deref(),
            place: record.place.as_ref().map(At::new),
            cells: Each::of(&record.cells, (), Cell::new),
        }
    }
}

#[derive(Serialize)]
struct Cell<'a> {
    field: &'a str,
    old: Option<&'a str>,
    new: Option<&'a str>,
    old_place: Option<At<'a>>,
    new_place: Option<At<'a>>,
}

impl<'a> Cell<'a> {
    fn new(cell: &'a CellChange, (): ()) -> Self {
        Self {
            field: &cell.field,
            old: cell.old.as_deref(),
            new: cell.new.as_deref(),
            old_place: cell.old_place.as_ref().map(At::new),
            new_place: cell.new_place.as_ref().map(At::new),
        }
    }
}

/// A cell of one of the documents: what it holds is told beside.
#[derive(Serialize)]
struct At<'a> {
    sheet: Option<&'a str>,
    cell: Option<String>,
}

impl<'a> At<'a> {
    fn new(place: &'a Place) -> Self {
        Self { sheet: place.sheet.as_deref(), cell: place.area.map(|area| area.to_string()) }
    }
}

#[derive(Serialize)]
struct Found<'a> {
    fate: Fate,
    #[serde(flatten)]
    finding: FoundFault<'a>,
    before: Each<'a, Place, Spot<'a>>,
}

impl<'a> Found<'a> {
    fn new(change: &'a FindingChange, (): ()) -> Self {
        Self {
            fate: change.fate,
            finding: FoundFault::new(&change.finding, ()),
            before: Each::of(&change.before, (), Spot::of_place),
        }
    }
}
