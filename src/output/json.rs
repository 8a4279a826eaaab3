//! `json` and `jsonl`: version 1 of the contract with other programs. Fields may be added, never changed.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::model::{
    Area, Column, DocumentReport, Error, Finding, HeadEntry, Lang, NearMiss, Place, Report, RuleOutcome, Severity,
    Status, Summary, TableReport, Value,
};

const VERSION: u32 = 1;

/// The whole report as one object.
pub(super) fn write(report: &Report, explain: bool, out: &mut dyn Write) -> io::Result<()> {
    let whole = Whole {
        version: VERSION,
        tool: Tool::this(),
        as_of: report.as_of.map(|date| date.to_string()),
        documents: report.documents.iter().map(|d| Document::new(d, report.lang, explain)).collect(),
        summary: report.summary(),
    };
    line(&whole, out)
}

/// One document a line, the summary last.
pub(super) fn write_lines(report: &Report, explain: bool, out: &mut dyn Write) -> io::Result<()> {
    for document in &report.documents {
        line(&Document::new(document, report.lang, explain), out)?;
    }
    line(&Last { summary: report.summary() }, out)
}

pub(super) fn line(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value).map_err(io::Error::from)?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
struct Whole<'a> {
    version: u32,
    tool: Tool,
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<String>,
    documents: Vec<Document<'a>>,
    summary: Summary,
}

#[derive(Serialize)]
struct Last {
    summary: Summary,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

impl Tool {
    fn this() -> Self {
        Self { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") }
    }
}

#[derive(Serialize)]
struct Document<'a> {
    path: &'a str,
    sha256: Option<&'a str>,
    kinds: Vec<&'a str>,
    head: BTreeMap<&'a str, serde_json::Value>,
    tables: Vec<Table<'a>>,
    rules: Vec<Rule<'a>>,
    findings: Vec<FoundFault<'a>>,
    error: Option<Refusal<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    copy_error: Option<Refusal<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skipped: Option<&'a str>,
    #[serde(skip_serializing_if = "is_zero")]
    omitted: usize,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    remarks: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    near_misses: Vec<Near<'a>>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl<'a> Document<'a> {
    fn new(report: &'a DocumentReport, lang: Lang, explain: bool) -> Self {
        let refusal = |e: &'a Error| Refusal { kind: e.kind().name(), message: e.message(lang) };
        Self {
            path: &report.path,
            sha256: Some(report.sha256.as_str()).filter(|s| !s.is_empty()),
            kinds: report.kinds.iter().map(AsRef::as_ref).collect(),
            head: report.head.iter().map(|(name, entry)| (&**name, datum(entry))).collect(),
            tables: report.tables.iter().map(|t| Table::new(t, lang, explain)).collect(),
            rules: report.rules.iter().map(Rule::new).collect(),
            findings: report.findings.iter().map(FoundFault::new).collect(),
            error: report.error.as_deref().map(refusal),
            copy_error: report.copy_error.as_deref().map(refusal),
            skipped: report.skipped.as_deref(),
            omitted: report.omitted,
            remarks: &report.remarks,
            near_misses: report.near_misses.iter().map(Near::new).collect(),
        }
    }
}

/// A datum of the head: a number where it is one, else its text.
fn datum(entry: &HeadEntry) -> serde_json::Value {
    match &entry.value {
        Value::Missing(_) => serde_json::Value::Null,
        Value::Bool(b) => (*b).into(),
        Value::Number(None, n) => {
            let n = n.normalize();
            match i64::try_from(n) {
                Ok(whole) if n.is_integer() => whole.into(),
                _ => n.to_string().parse::<f64>().map_or(serde_json::Value::Null, Into::into),
            }
        }
        _ => (&*entry.text).into(),
    }
}

#[derive(Serialize)]
struct Refusal<'a> {
    kind: &'static str,
    message: &'a str,
}

#[derive(Serialize)]
struct Near<'a> {
    sheet: &'a str,
    kind: Option<&'a str>,
    missing: &'a [String],
    empty: bool,
}

impl<'a> Near<'a> {
    fn new(miss: &'a NearMiss) -> Self {
        Self { sheet: &miss.sheet, kind: miss.kind.as_deref(), missing: &miss.missing, empty: miss.empty }
    }
}

#[derive(Serialize)]
struct Table<'a> {
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    variant: Option<&'a str>,
    sheet: &'a str,
    range: String,
    records: usize,
    #[serde(serialize_with = "in_order")]
    entities: Vec<(&'a str, usize)>,
    #[serde(serialize_with = "rounded")]
    confidence: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    reading: Option<Reading<'a>>,
}

impl<'a> Table<'a> {
    fn new(table: &'a TableReport, lang: Lang, explain: bool) -> Self {
        Self {
            kind: &table.kind,
            variant: table.variant.as_deref(),
            sheet: &table.sheet,
            range: table.area.to_string(),
            records: table.records,
            entities: table.entities.iter().map(|(name, n)| (&**name, *n)).collect(),
            confidence: table.confidence,
            reading: explain.then(|| Reading::new(table, lang)),
        }
    }
}

fn in_order<S: Serializer>(entities: &[(&str, usize)], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(entities.len()))?;
    for (name, number) in entities {
        map.serialize_entry(name, number)?;
    }
    map.end()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn rounded<S: Serializer>(share: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((share * 100.0).round() / 100.0)
}

#[derive(Serialize)]
struct Reading<'a> {
    header: String,
    columns: Vec<ReadColumn<'a>>,
    records: Vec<ReadRecord<'a>>,
    skipped: Vec<Skipped<'a>>,
    repaired: Vec<Repaired<'a>>,
    notes: Vec<Note<'a>>,
}

#[derive(Serialize)]
struct ReadColumn<'a> {
    range: String,
    heading: &'a str,
    field: Option<&'a str>,
    #[serde(serialize_with = "rounded")]
    confidence: f64,
    runner_up: Option<RunnerUp<'a>>,
}

#[derive(Serialize)]
struct RunnerUp<'a> {
    field: &'a str,
    #[serde(serialize_with = "rounded")]
    confidence: f64,
}

#[derive(Serialize)]
struct ReadRecord<'a> {
    range: String,
    key: &'a str,
}

#[derive(Serialize)]
struct Skipped<'a> {
    range: String,
    reason: &'a str,
}

#[derive(Serialize)]
struct Repaired<'a> {
    cell: String,
    from: &'a str,
    to: &'a str,
    flag: &'static str,
}

#[derive(Serialize)]
struct Note<'a> {
    code: &'a str,
    message: &'a str,
    places: Vec<Spot<'a>>,
}

impl<'a> Reading<'a> {
    fn new(table: &'a TableReport, lang: Lang) -> Self {
        let reading = &table.reading;
        let skipped =
            |s: &'a crate::model::SkippedRow| Skipped { range: s.area.to_string(), reason: s.reason.get(lang) };
        let repaired = |r: &'a crate::model::Repair| Repaired {
            cell: r.at.to_string(),
            from: &r.from,
            to: &r.to,
            flag: r.flag.name(),
        };
        let note = |n: &'a crate::model::ReadingNote| Note {
            code: &n.code,
            message: n.message.get(lang),
            places: n.areas.iter().map(|area| Spot::of_area(&table.sheet, area)).collect(),
        };
        Self {
            header: table.header.to_string(),
            columns: table.columns.iter().map(column).collect(),
            records: table.record_places.iter().map(|(a, key)| ReadRecord { range: a.to_string(), key }).collect(),
            skipped: reading.skipped.iter().map(skipped).collect(),
            repaired: reading.repaired.iter().map(repaired).collect(),
            notes: reading.notes.iter().map(note).collect(),
        }
    }
}

fn column(column: &Column) -> ReadColumn<'_> {
    ReadColumn {
        range: column.heading_area.to_string(),
        heading: &column.heading,
        field: column.field.as_deref(),
        confidence: column.confidence,
        runner_up: column.runner_up.as_ref().map(|r| RunnerUp { field: &r.field, confidence: r.confidence }),
    }
}

#[derive(Serialize)]
struct Rule<'a> {
    code: &'a str,
    name: &'a str,
    outcome: &'static str,
    findings: usize,
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "is_zero")]
    superseded: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    places: Vec<Spot<'a>>,
}

impl<'a> Rule<'a> {
    fn new(rule: &'a RuleOutcome) -> Self {
        Self {
            code: &rule.code,
            name: &rule.name,
            outcome: rule.kind.name(),
            findings: rule.findings,
            reason: rule.reason.as_deref(),
            superseded: rule.superseded,
            places: rule.places.iter().map(Spot::of_place).collect(),
        }
    }
}

#[derive(Serialize)]
struct FoundFault<'a> {
    code: &'a str,
    name: &'a str,
    severity: Severity,
    message: &'a str,
    places: Vec<Spot<'a>>,
    expected: Option<&'a str>,
    remedy: &'a str,
    suggestion: Option<&'a str>,
    basis: &'a str,
    related: Vec<Spot<'a>>,
    fingerprint: &'a str,
    value_hash: &'a str,
    status: Status,
}

impl<'a> FoundFault<'a> {
    fn new(finding: &'a Finding) -> Self {
        Self {
            code: &finding.code,
            name: &finding.name,
            severity: finding.severity,
            message: &finding.message,
            places: finding.places.iter().map(Spot::of_place).collect(),
            expected: finding.expected.as_deref(),
            remedy: &finding.remedy,
            suggestion: finding.suggestion.as_deref(),
            basis: &finding.basis,
            related: finding.related.iter().map(Spot::of_place).collect(),
            fingerprint: &finding.fingerprint,
            value_hash: &finding.value_hash,
            status: finding.status,
        }
    }
}

/// A place: `path` only in another document, `cell` or `range`, or `line` in a text.
#[derive(Serialize, Default)]
struct Spot<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cell: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    anchor: Option<&'a str>,
    #[serde(skip_serializing_if = "Content::is_untold")]
    value: Content<'a>,
}

/// What a cell holds, where it is told at all: a reading note only names its cells.
#[derive(Serialize, Default)]
#[serde(untagged)]
enum Content<'a> {
    #[default]
    Untold,
    Found(Option<&'a str>),
}

impl Content<'_> {
    fn is_untold(&self) -> bool {
        matches!(self, Self::Untold)
    }
}

impl<'a> Spot<'a> {
    fn of_place(place: &'a Place) -> Self {
        Self {
            path: place.path.as_deref(),
            sheet: place.sheet.as_deref(),
            line: place.line,
            anchor: Some(&place.anchor),
            value: Content::Found(place.value.as_deref()),
            ..Self::default()
        }
        .at(place.area.as_ref())
    }

    fn of_area(sheet: &'a str, area: &Area) -> Self {
        Self { sheet: Some(sheet), ..Self::default() }.at(Some(area))
    }

    fn at(mut self, area: Option<&Area>) -> Self {
        match area {
            Some(area) if area.is_cell() => self.cell = Some(area.to_string()),
            Some(area) => self.range = Some(area.to_string()),
            None => {}
        }
        self
    }
}
