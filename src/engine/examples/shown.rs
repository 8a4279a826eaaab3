//! The examples as a reader of the documentation sees them: small tables, and what the rule says of each.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::book::RuleBook;
use super::super::header::{Example, Tables};
use super::{build, date, outcome_of, plain, with_params};
use crate::model::{Bilingual, CellRef, Document, Finding, Lang, Severity, Table};
use crate::pack::{Declared, Pack, Packs, shown_declared};

/// An example of a rule, made ready to be shown.
#[derive(Debug, Clone, Default)]
pub struct Illustration {
    /// The outcome it states (`findings`, `passed`, …).
    pub outcome: String,
    /// Data of the document itself: what an official calls each, and its text.
    pub head: Vec<(Bilingual, String)>,
    /// What is unlike the form as printed, and what the rule is told.
    pub notes: Vec<Bilingual>,
    /// The tables.
    pub tables: Vec<ShownTable>,
    /// What the rule says.
    pub said: Vec<Said>,
    /// Why it says nothing, if it cannot be evaluated.
    pub reason: Option<Bilingual>,
}

/// A table of an example: columns that say something, rows that do.
#[derive(Debug, Clone)]
pub struct ShownTable {
    /// Kind of schedule and, where it has several, which of its tables.
    pub title: Bilingual,
    /// The headings, as in a document.
    pub columns: Vec<String>,
    /// Its rows, top down.
    pub rows: Vec<Vec<ShownCell>>,
}

/// A cell of an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownCell {
    /// What stands in it.
    pub text: String,
    /// Whether a finding points to it.
    pub is_at_fault: bool,
}

/// A finding of an example.
#[derive(Debug, Clone)]
pub struct Said {
    /// Its severity.
    pub severity: Severity,
    /// Its message.
    pub message: Bilingual,
}

/// The examples of the rule of a code, in the order of its file.
pub fn illustrate(book: &mut RuleBook, code: &str) -> Vec<Illustration> {
    let Some(index) = book.rules().iter().position(|r| *r.info.code == *code) else { return Vec::new() };
    let examples = book.rules().get(index).map(|r| r.examples.clone()).unwrap_or_default();
    let each = examples.iter().map(|example| {
        let example = example.as_ref();
        with_params(book, index, example, |book| illustration(book, index, example)).ok().flatten()
    });
    each.collect::<Vec<_>>().into_iter().map(Option::unwrap_or_default).collect()
}

fn illustration(book: &RuleBook, index: usize, example: &Example) -> Option<Illustration> {
    let rule = book.rules().get(index)?;
    let (packs, kind) = (book.packs(), &rule.info.kind);
    let document = build::document(packs, kind, example).ok()?;
    let as_of = example.as_of.as_ref().map(date).transpose().ok()?;
    let previous = build::previous(packs, kind, example).ok()?;
    let of = (&document, previous.as_ref());
    let it = outcome_of(book, index, of, (Lang::It, as_of))?;
    let en = outcome_of(book, index, of, (Lang::En, as_of))?;
    let marks = marks(&it.findings);
    let said = it
        .findings
        .iter()
        .zip(&en.findings)
        .map(|(it, en)| Said { severity: it.severity, message: Bilingual::new(&it.message, &en.message) });
    let titles = packs.get(kind).map(|p| &p.schedule.head);
    let title = |name: &Arc<str>| titles.and_then(|t| t.get(&**name)).map(|spec| spec.title.clone());
    let head = document.head.iter().map(|(name, entry)| (title(name).unwrap_or_default(), entry.text.to_string()));
    Some(Illustration {
        outcome: it.rule.kind.name().to_owned(),
        head: head.collect(),
        notes: notes(packs, kind, example),
        tables: tables(packs, &document, previous.as_ref(), &marks),
        said: said.collect(),
        reason: it.rule.reason.zip(en.rule.reason).map(|(it, en)| Bilingual::new(it, en)),
    })
}

/// The tables of an example, those of the document before last.
fn tables(
    packs: &Packs,
    document: &Document,
    previous: Option<&Document>,
    marks: &BTreeSet<(u32, CellRef)>,
) -> Vec<ShownTable> {
    let own = document.tables.iter().filter_map(|t| shown(packs, document, t, marks));
    let before = previous.into_iter().flat_map(|p| {
        p.tables.iter().filter_map(|t| {
            let table = shown(packs, p, t, &BTreeSet::new())?;
            let beside = |title: &str, word: &str| {
                if title.is_empty() { word.to_owned() } else { format!("{title}, {word}") }
            };
            let (it, en) = ("documento precedente", "previous document");
            let title = Bilingual::new(beside(&table.title.it, it), beside(&table.title.en, en));
            Some(ShownTable { title, ..table })
        })
    });
    own.chain(before).collect()
}

/// The cells that findings point to, by sheet.
fn marks(findings: &[Finding]) -> BTreeSet<(u32, CellRef)> {
    let places = findings.iter().flat_map(|f| &f.places).filter(|p| p.path.is_none());
    let areas = places.filter_map(|p| Some((p.sheet_index, p.area?)));
    // A finding on a whole table marks its corner alone: nothing in it stands out.
    areas.filter(|(_, area)| area.first.row == area.last.row).map(|(sheet, area)| (sheet, area.first)).collect()
}

/// A table with the columns and rows that say something.
fn shown(packs: &Packs, document: &Document, table: &Table, marks: &BTreeSet<(u32, CellRef)>) -> Option<ShownTable> {
    let pack = packs.get(&table.kind)?;
    let mut texts: BTreeMap<CellRef, &str> = BTreeMap::new();
    for cell in &table.cells {
        texts.entry(cell.at).or_insert(&cell.raw);
    }
    let is_marked = |at: CellRef| marks.contains(&(table.sheet, at));
    let text = |at: CellRef| texts.get(&at).copied().unwrap_or_default();
    let said = saying(pack);
    let columns: Vec<(u32, &str)> = (0u32..)
        .zip(&table.columns)
        .filter(|(col, column)| {
            let field = column.field.as_deref().unwrap_or_default();
            let is_said = said.as_ref().is_none_or(|s| s.shown.contains(&field));
            is_said || table.records.iter().any(|r| is_marked(CellRef::new(r.rows.0, *col)))
        })
        .map(|(col, column)| (col, &*column.heading))
        .collect();
    let of = |names: &[&str]| -> Vec<u32> {
        let col = |name: &&str| table.columns.iter().position(|c| c.field.as_deref() == Some(*name));
        names.iter().filter_map(col).filter_map(|c| u32::try_from(c).ok()).collect()
    };
    let (filled, number) = said.as_ref().map_or_else(Default::default, |s| (of(&s.filled), of(&[s.number])));
    let speaks = |row: u32| {
        said.is_none()
            || filled.iter().any(|col| !text(CellRef::new(row, *col)).is_empty())
            || columns.iter().any(|(col, _)| is_marked(CellRef::new(row, *col)))
    };
    let mut rows: BTreeSet<u32> = BTreeSet::new();
    let mut question = None;
    for row in table.records.iter().map(|r| r.rows.0) {
        if number.iter().any(|col| !text(CellRef::new(row, *col)).is_empty()) {
            question = Some(row);
        }
        if speaks(row) {
            // The rows under a question do not repeat its number.
            rows.extend(question);
            rows.insert(row);
        }
    }
    let cell = |at: CellRef| ShownCell { text: text(at).to_owned(), is_at_fault: is_marked(at) };
    let line = |row: u32| columns.iter().map(|(col, _)| cell(CellRef::new(row, *col))).collect();
    Some(ShownTable {
        title: title(pack, table, document),
        columns: columns.iter().map(|(_, heading)| (*heading).to_owned()).collect(),
        rows: rows.into_iter().map(line).collect(),
    })
}

/// Of a printed form, which columns an example shows and which an office fills in.
struct Saying<'a> {
    shown: Vec<&'a str>,
    filled: Vec<&'a str>,
    number: &'a str,
}

fn saying(pack: &Pack) -> Option<Saying<'_>> {
    let schedule = &pack.schedule;
    if let Some(form) = &schedule.questionnaire {
        let shown = vec![&*form.number, &*form.text, &*form.answer];
        return Some(Saying { shown, filled: vec![&*form.answer], number: &form.number });
    }
    let form = schedule.counts.as_ref()?;
    let shown = vec![&*form.number, &*form.label, &*form.value, &*form.note];
    Some(Saying { shown, filled: vec![&*form.value, &*form.note], number: "" })
}

fn title(pack: &Pack, table: &Table, document: &Document) -> Bilingual {
    let schedule = &pack.schedule;
    let variants = schedule.counts.iter().flat_map(|c| &c.variants);
    let variant = variants.into_iter().find(|v| Some(&v.name) == table.variant.as_ref()).map(|v| &v.title);
    match variant {
        Some(variant) => Bilingual::new(
            format!("{}, {}", schedule.title.it, variant.it),
            format!("{}, {}", schedule.title.en, variant.en),
        ),
        None if document.tables.iter().all(|t| t.kind == table.kind) => Bilingual::default(),
        None => schedule.title.clone(),
    }
}

/// What an example says beside its tables.
fn notes(packs: &Packs, kind: &str, example: &Example) -> Vec<Bilingual> {
    let mut notes = Vec::new();
    for (name, value) in &example.params {
        let value = plain(value);
        notes.push(Bilingual::new(format!("parametro `{name}` = {value}"), format!("parameter `{name}` = {value}")));
    }
    let declared = Declared::of(&example.declared).unwrap_or_default();
    for (key, value) in declared.iter() {
        let said = format!("{} = {value}", shown_declared(key));
        notes.push(Bilingual::new(format!("riscontro.toml: `{said}`"), format!("riscontro.toml: `{said}`")));
    }
    if let Some(date) = &example.as_of {
        let date = plain(date);
        notes.push(Bilingual::new(format!("data del controllo: {date}"), format!("date of the check: {date}")));
    }
    if let Some(previous) = example.previous() {
        for (name, value) in &previous.head {
            let value = plain(value);
            let (it, en) =
                (format!("documento precedente: {name} {value}"), format!("previous document: {name} {value}"));
            notes.push(Bilingual::new(it, en));
        }
    }
    let own = example.tables();
    for (kind, tables) in [(kind, &own)].into_iter().chain(example.documents.iter().map(|(k, t)| (k.as_str(), t))) {
        notes.extend(lacks(packs.get(kind).map(AsRef::as_ref), tables));
    }
    notes
}

/// What of the printed form is not there, or stands elsewhere.
fn lacks(pack: Option<&Pack>, tables: &Tables) -> Vec<Bilingual> {
    let mut notes = Vec::new();
    for number in &tables.drop {
        let (it, en) =
            (format!("senza la riga della domanda {number}"), format!("without the row of question {number}"));
        notes.push(Bilingual::new(it, en));
    }
    for row in &tables.drop_rows {
        let (it, en) = (format!("senza la riga {row} del modulo"), format!("without row {row} of the form"));
        notes.push(Bilingual::new(it, en));
    }
    for number in &tables.moved {
        let it = format!("con la domanda {number} dopo tutte le altre");
        notes.push(Bilingual::new(it, format!("with question {number} after all others")));
    }
    for row in &tables.boxed_rows {
        let it = format!("il testo della riga {row} del modulo sta in una casella di testo");
        notes.push(Bilingual::new(it, format!("the text of row {row} of the form stands in a text box")));
    }
    for column in &tables.columns_without {
        let title = pack.and_then(|p| p.schedule.field(column)).map(|f| f.title.clone());
        let title = title.unwrap_or_else(|| Bilingual::new(column, column));
        let (it, en) = (format!("senza la colonna «{}»", title.it), format!("without the column “{}”", title.en));
        notes.push(Bilingual::new(it, en));
    }
    for (table, numbers) in &tables.drop_counts {
        for number in numbers {
            let it = format!("tabella «{table}» senza la voce {number}");
            notes.push(Bilingual::new(it, format!("table “{table}” without item {number}")));
        }
    }
    notes
}
