//! The catalogue of rules against whole documents: what each rule yields on a sample document, at which cells, and
//! which change of the document turns it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use riscontro::engine::{Context, RuleBook, Selection};
use riscontro::ingest;
use riscontro::model::{CellRef, Format, Grid, GridCell, Outcome, OutcomeKind, Scalar, Severity, Sheet, Status};
use riscontro::pack::Packs;
use riscontro::package::Limits;
use riscontro::recognise::recognise;
use serde::Deserialize;

/// What one rule yields on a sample document.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expectation {
    /// The rule.
    code: String,
    /// The outcome on the document as it is.
    outcome: String,
    /// The cells of its findings, `sheet!cell` on any sheet but the first.
    #[serde(default)]
    places: Vec<String>,
    /// Findings left to another rule.
    #[serde(default)]
    superseded: usize,
    /// Changes that turn the outcome, and near misses that must not.
    #[serde(default)]
    mutation: Vec<Mutation>,
}

/// A change of the document and the outcome after it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Mutation {
    ops: Vec<Change>,
    outcome: String,
    /// The cells of the findings after it, where they are told.
    places: Option<Vec<String>>,
    severity: Option<Severity>,
}

/// One change. Without a `value` the cell is emptied.
#[derive(Debug, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case", deny_unknown_fields)]
enum Change {
    /// RISPOSTA of the row `order` of the 121 printed ones.
    SetAnswer { order: u32, value: Option<Content> },
    /// Prints the question of the row `order` once more below it, with its number or without; those below move down.
    AddRow { order: u32, number: Option<String>, value: Option<Content> },
    /// Deletes the row `order`; those below move up.
    DropRow { order: u32 },
    /// The value of a row of Allegato 2.
    SetAllegato2Value { table: String, row: u32, value: Option<Content> },
    /// The note of a row of Allegato 2.
    SetAllegato2Note { table: String, row: u32, value: Option<Content> },
    /// Prints one more row of Allegato 2.
    AddAllegato2Row { table: String, row: u32, label: String, value: Option<Content> },
    /// Deletes a row of Allegato 2.
    DropAllegato2Row { table: String, row: u32 },
    /// Deletes a sheet.
    DropSheet { sheet: String },
    /// Any cell; on the first sheet, if none is named.
    SetCell { sheet: Option<String>, cell: String, value: Option<Content> },
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Content {
    Whole(i32),
    Text(String),
}

impl From<Content> for Scalar {
    fn from(content: Content) -> Self {
        match content {
            Content::Whole(n) => Self::Number(f64::from(n)),
            Content::Text(t) => Self::Text(t.into()),
        }
    }
}

/// Columns of the questions in the sample document: the number, RISPOSTA.
const QUESTION_NUMBER: u32 = 2;
const ANSWER: u32 = 4;
/// Columns of a table of Allegato 2 in the sample document.
const NUMBER: u32 = 0;
const LABEL: u32 = 1;
const VALUE: u32 = 2;
const NOTE: u32 = 3;

/// Row of the sheet, from 0, of a printed row: a hidden row stands before each ARGOMENTO.
fn row_of_order(order: u32) -> u32 {
    let hidden = [1, 41, 82, 87, 90, 95].into_iter().filter(|first| *first <= order).count();
    order + 1 + u32::try_from(hidden).unwrap()
}

/// Row of the sheet, from 0, of a row of Allegato 2.
fn row_of_count(row: u32) -> u32 {
    row + 2
}

impl Change {
    fn apply(&self, grid: &mut Grid) {
        let table = |name: &str| format!("N_Obiettivi {name}");
        match self {
            Self::SetAnswer { order, value } => {
                let at = CellRef::new(row_of_order(*order), ANSWER);
                let sheet = grid.sheets.first_mut().unwrap();
                sheet.boxes.retain(|b| b.at.row != at.row);
                put(sheet, at, value.clone());
            }
            Self::AddRow { order, number, value } => {
                let (sheet, above) = (grid.sheets.first_mut().unwrap(), row_of_order(*order));
                add_row(sheet, above);
                put(sheet, CellRef::new(above + 1, QUESTION_NUMBER), number.clone().map(Content::Text));
                put(sheet, CellRef::new(above + 1, ANSWER), value.clone());
            }
            Self::DropRow { order } => drop_row(grid.sheets.first_mut().unwrap(), row_of_order(*order)),
            Self::SetAllegato2Value { table: name, row, value } => {
                put(sheet(grid, &table(name)), CellRef::new(row_of_count(*row), VALUE), value.clone());
            }
            Self::SetAllegato2Note { table: name, row, value } => {
                put(sheet(grid, &table(name)), CellRef::new(row_of_count(*row), NOTE), value.clone());
            }
            Self::AddAllegato2Row { table: name, row, label, value } => {
                let (sheet, at) = (sheet(grid, &table(name)), row_of_count(*row));
                let number = Content::Whole(i32::try_from(*row).unwrap());
                put(sheet, CellRef::new(at, NUMBER), Some(number));
                put(sheet, CellRef::new(at, LABEL), Some(Content::Text(label.clone())));
                put(sheet, CellRef::new(at, VALUE), value.clone());
            }
            Self::DropAllegato2Row { table: name, row } => drop_row(sheet(grid, &table(name)), row_of_count(*row)),
            Self::DropSheet { sheet: name } => {
                sheet(grid, name);
                grid.sheets.retain(|s| &*s.name != name);
            }
            Self::SetCell { sheet: name, cell, value } => {
                let at = CellRef::parse(cell).unwrap();
                match name {
                    Some(name) => put(sheet(grid, name), at, value.clone()),
                    None => put(grid.sheets.first_mut().unwrap(), at, value.clone()),
                }
            }
        }
    }
}

fn sheet<'g>(grid: &'g mut Grid, name: &str) -> &'g mut Sheet {
    grid.sheets.iter_mut().find(|s| &*s.name == name).unwrap_or_else(|| panic!("no sheet {name}"))
}

fn put(sheet: &mut Sheet, at: CellRef, value: Option<Content>) {
    let place = sheet.cells.binary_search_by_key(&at, |c| c.at);
    match (place, value) {
        (Ok(i), Some(value)) => sheet.cells[i].value = value.into(),
        (Ok(i), None) => drop(sheet.cells.remove(i)),
        (Err(i), Some(value)) => sheet.cells.insert(i, GridCell { at, value: value.into(), format: Format::General }),
        (Err(_), None) => {}
    }
}

/// Copies a row below itself, as one does who needs more rows: everything below moves down.
fn add_row(sheet: &mut Sheet, row: u32) {
    let down = |r: &mut u32| *r += u32::from(*r > row);
    let copies = sheet.row(row).to_vec();
    sheet.cells.iter_mut().for_each(|c| down(&mut c.at.row));
    sheet.boxes.iter_mut().for_each(|b| down(&mut b.at.row));
    sheet.hidden_rows.iter_mut().for_each(down);
    for area in sheet.dropdowns.iter_mut().flat_map(|d| &mut d.areas).chain(&mut sheet.merged) {
        down(&mut area.first.row);
        down(&mut area.last.row);
    }
    let first_below = sheet.cells.partition_point(|c| c.at.row <= row);
    let copies = copies.into_iter().map(|c| GridCell { at: CellRef::new(row + 1, c.at.col), ..c });
    sheet.cells.splice(first_below..first_below, copies);
}

/// Deletes a row as a spreadsheet does: everything below moves up.
fn drop_row(sheet: &mut Sheet, row: u32) {
    let up = |r: &mut u32| *r -= u32::from(*r > row);
    sheet.cells.retain(|c| c.at.row != row);
    sheet.cells.iter_mut().for_each(|c| up(&mut c.at.row));
    sheet.boxes.retain(|b| b.at.row != row);
    sheet.boxes.iter_mut().for_each(|b| up(&mut b.at.row));
    sheet.hidden_rows.retain(|r| *r != row);
    sheet.hidden_rows.iter_mut().for_each(up);
    for area in sheet.dropdowns.iter_mut().flat_map(|d| &mut d.areas).chain(&mut sheet.merged) {
        up(&mut area.first.row);
        area.last.row -= u32::from(area.last.row >= row);
    }
}

const FORM: &str = "allegato1-lucca-2020.xlsx";

/// The kinds of the sample document.
const KINDS: [&str; 2] = ["allegato1", "allegato2"];

/// The rules of the two annexes, compiled once.
struct Bench {
    packs: Packs,
    book: RuleBook,
}

impl Bench {
    fn new() -> Self {
        let packs = Packs::embedded().unwrap();
        let book = RuleBook::compile(&packs, Some(&KINDS.map(Arc::from))).unwrap();
        Self { packs, book }
    }

    /// The outcome of every rule, by code.
    fn outcomes(&self, grid: &Grid) -> BTreeMap<String, Outcome> {
        let document = recognise(grid, &self.packs);
        let selected = self.book.select(&Selection::default()).unwrap();
        let outcomes = self.book.evaluate(&document, &selected, &Context::default());
        outcomes.into_iter().map(|o| (o.rule.code.to_string(), o)).collect()
    }

    /// The codes of the rules.
    fn codes(&self) -> BTreeSet<String> {
        self.book.rules().iter().map(|r| r.info().code.to_string()).collect()
    }

    /// Where the outcomes on the sample document are not the expected ones.
    fn differences(&self, expected: &[Expectation]) -> Vec<String> {
        let outcomes = self.outcomes(&grid(FORM));
        let mut wrong = Vec::new();
        for rule in expected {
            let Some(found) = outcomes.get(&rule.code) else {
                wrong.push(format!("{}: no outcome", rule.code));
                continue;
            };
            let asked = (&*rule.outcome, rule.places.clone(), rule.superseded);
            let given = (found.rule.kind.name(), places(found), found.rule.superseded);
            if asked != given {
                wrong.push(format!("{}: expected {asked:?}, found {given:?} ({:?})", rule.code, found.rule.reason));
            }
        }
        wrong
    }

    /// Where a change of the document does not lead to the expected outcome.
    fn unturned(&self, expected: &[Expectation]) -> Vec<String> {
        let original = grid(FORM);
        let mut wrong = Vec::new();
        for (rule, mutation) in expected.iter().flat_map(|r| r.mutation.iter().map(move |m| (r, m))) {
            let mut changed = original.clone();
            mutation.ops.iter().for_each(|op| op.apply(&mut changed));
            let outcomes = self.outcomes(&changed);
            let found = outcomes.get(&rule.code).map(|o| (o.rule.kind.name(), places(o)));
            let worst = outcomes.get(&rule.code).and_then(|o| o.findings.iter().map(|f| f.severity).max());
            let good = found.as_ref().is_some_and(|(outcome, places)| {
                *outcome == mutation.outcome && mutation.places.as_ref().is_none_or(|p| p == places)
            });
            if !good || mutation.severity.is_some_and(|s| worst != Some(s)) {
                let reason = outcomes.get(&rule.code).and_then(|o| o.rule.reason.clone());
                wrong.push(format!("{}: {mutation:?}: found {found:?} {worst:?} ({reason:?})", rule.code));
            }
        }
        wrong
    }

    /// The findings above `osservazione` on a sample document, and the rules that failed, in words.
    fn faults(&self, fixture: &str) -> Vec<String> {
        let outcomes = self.outcomes(&grid(fixture));
        let failed = outcomes.values().filter(|o| o.rule.kind == OutcomeKind::Error);
        let failed = failed.map(|o| format!("{}: {:?}", o.rule.code, o.rule.reason));
        let findings = outcomes.values().flat_map(|o| &o.findings);
        let grave = findings.filter(|f| f.status == Status::New && f.severity > Severity::Osservazione);
        failed.chain(grave.map(|f| format!("{}: {}", f.code, f.message))).collect()
    }
}

/// The cells of the findings, `sheet!cell` on any sheet but the first.
fn places(outcome: &Outcome) -> Vec<String> {
    let places = outcome.findings.iter().flat_map(|f| &f.places);
    let sorted: BTreeSet<_> = places.map(|p| (p.sheet_index, p.area.unwrap(), p.sheet.clone().unwrap())).collect();
    let name =
        |(index, area, sheet): (u32, _, _)| if index == 0 { format!("{area}") } else { format!("{sheet}!{area}") };
    sorted.into_iter().map(name).collect()
}

/// A sample document as read.
fn grid(fixture: &str) -> Grid {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(fixture);
    ingest::read(fs::read(path).unwrap(), fixture, &Limits::default()).unwrap()
}

/// The expectations, kept apart from the rules.
fn expectations() -> Vec<Expectation> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        rule: Vec<Expectation>,
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/cases/attese.toml");
    toml::from_str::<File>(&fs::read_to_string(path).unwrap()).unwrap().rule
}

#[test]
fn every_rule_of_the_two_annexes_is_in_the_table() {
    let listed: BTreeSet<String> = expectations().into_iter().map(|e| e.code).collect();
    assert_eq!(listed, Bench::new().codes());
}

#[test]
fn rules_of_the_two_annexes_find_what_the_form_of_lucca_holds() {
    let wrong = Bench::new().differences(&expectations());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn changes_to_the_form_of_lucca_turn_the_rules() {
    let wrong = Bench::new().unturned(&expectations());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn clean_twin_of_the_two_annexes_has_no_faults() {
    let found = Bench::new().faults("allegato1-lucca-2020-corretto.xlsx");
    assert!(found.is_empty(), "{}", found.join("\n"));
}
