//! `json` and `jsonl`: version 1 of the contract with other programs. Fields may be added, never changed.
//!
//! A report may have many thousands of findings: each is put into the shape of the contract while it is written.

mod counted;
mod diff;
mod each;
mod flowmap;
mod indicatormap;
mod place;
mod reading;
mod riskmap;

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};

use serde::Serialize;

use super::timings::{self, JsonTiming};
use crate::model::{
    DocumentReport, Error, Finding, HeadEntry, Lang, NearMiss, Place, Report, RuleOutcome, Severity, Status, Summary,
    TableReport, Value, Waiver,
};
pub(super) use counted::write as write_allegato2;
pub(super) use diff::write as write_diff;
use each::Each;
pub(super) use flowmap::write as write_flowmap;
pub(super) use indicatormap::write as write_indicatormap;
use place::Spot;
use reading::Table;
pub(super) use riskmap::write as write_riskmap;

const VERSION: u32 = 1;

/// The whole report as one object.
pub(super) fn write(report: &Report, explain: bool, out: &mut dyn Write) -> io::Result<()> {
    let costs = report.timings();
    let whole = Whole {
        version: VERSION,
        tool: Tool::this(),
        as_of: report.as_of.map(|date| date.to_string()),
        documents: Each::of(&report.documents, (report.lang, explain), Document::new),
        summary: report.summary(),
        timings: timings::json(&costs),
    };
    line(&whole, out)
}

/// One document a line, the summary last.
pub(super) fn write_lines(report: &Report, explain: bool, out: &mut dyn Write) -> io::Result<()> {
    for document in &report.documents {
        line(&Document::new(document, (report.lang, explain)), out)?;
    }
    let costs = report.timings();
    line(&Last { summary: report.summary(), timings: timings::json(&costs) }, out)
}

pub(super) fn line(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    // The serializer writes a few bytes at a time.
    let mut out = BufWriter::with_capacity(1 << 16, out);
    serde_json::to_writer(&mut out, value).map_err(io::Error::from)?;
    out.write_all(b"\n")?;
    out.flush()
}

#[derive(Serialize)]
struct Whole<'a> {
    version: u32,
    tool: Tool,
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<String>,
    documents: Each<'a, DocumentReport, Document<'a>, (Lang, bool)>,
    summary: Summary,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    timings: Vec<JsonTiming<'a>>,
}

#[derive(Serialize)]
struct Last<'a> {
    summary: Summary,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    timings: Vec<JsonTiming<'a>>,
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
    tables: Each<'a, TableReport, Table<'a>, (Lang, bool)>,
    rules: Each<'a, RuleOutcome, Rule<'a>>,
    findings: Each<'a, Finding, FoundFault<'a>>,
    error: Option<Refusal<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    copy_error: Option<Refusal<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skipped: Option<&'a str>,
    #[serde(skip_serializing_if = "is_zero")]
    omitted: usize,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    remarks: &'a [String],
    #[serde(skip_serializing_if = "Each::is_empty")]
    near_misses: Each<'a, NearMiss, Near<'a>, Lang>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl<'a> Document<'a> {
    fn new(report: &'a DocumentReport, (lang, explain): (Lang, bool)) -> Self {
        let refusal = |e: &'a Error| Refusal { kind: e.kind().name(), message: e.message(lang) };
        Self {
            path: &report.path,
            sha256: Some(report.sha256.as_str()).filter(|s| !s.is_empty()),
            kinds: report.kinds.iter().map(AsRef::as_ref).collect(),
            head: report.head.iter().map(|(name, entry)| (&**name, datum(entry))).collect(),
            tables: Each::of(&report.tables, (lang, explain), Table::new),
            rules: Each::of(&report.rules, (), Rule::new),
            findings: Each::of(&report.findings, (), FoundFault::new),
            error: report.error.as_deref().map(refusal),
            copy_error: report.copy_error.as_deref().map(refusal),
            skipped: report.skipped.as_deref(),
            omitted: report.omitted,
            remarks: &report.remarks,
            near_misses: Each::of(&report.near_misses, lang, Near::new),
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
    missing: Vec<&'a str>,
    empty: bool,
    /// A table like those of the kind is there, but nothing tells that it is not another kind's.
    untold: bool,
    /// The title that speaks of another kind.
    foreign: Option<&'a str>,
}

impl<'a> Near<'a> {
    fn new(miss: &'a NearMiss, lang: Lang) -> Self {
        let missing = miss.missing.iter().map(|h| h.get(lang)).collect();
        let foreign = miss.foreign.as_deref();
        Self {
            sheet: &miss.sheet,
            kind: miss.kind.as_deref(),
            missing,
            empty: miss.empty,
            untold: miss.untold,
            foreign,
        }
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
    #[serde(skip_serializing_if = "Each::is_empty")]
    places: Each<'a, Place, Spot<'a>>,
}

impl<'a> Rule<'a> {
    fn new(rule: &'a RuleOutcome, (): ()) -> Self {
        Self {
            code: &rule.code,
            name: &rule.name,
            outcome: rule.kind.name(),
            findings: rule.findings,
            reason: rule.reason.as_deref(),
            superseded: rule.superseded,
            places: Each::of(&rule.places, (), Spot::of_place),
        }
    }
}

#[derive(Serialize)]
struct FoundFault<'a> {
    code: &'a str,
    name: &'a str,
    severity: Severity,
    message: &'a str,
    places: Each<'a, Place, Spot<'a>>,
    expected: Option<&'a str>,
    remedy: &'a str,
    suggestion: Option<&'a str>,
    basis: &'a str,
    related: Each<'a, Place, Spot<'a>>,
    fingerprint: &'a str,
    value_hash: &'a str,
    status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    waiver: Option<Decision<'a>>,
}

#[derive(Serialize)]
struct Decision<'a> {
    reason: &'a str,
    approved_by: Option<&'a str>,
    expires: Option<String>,
}

impl<'a> Decision<'a> {
    fn new(waiver: &'a Waiver) -> Self {
        Self {
            reason: &waiver.reason,
            approved_by: waiver.approved_by.as_deref(),
            expires: waiver.expires.map(|day| day.to_string()),
        }
    }
}

impl<'a> FoundFault<'a> {
    fn new(finding: &'a Finding, (): ()) -> Self {
        Self {
            code: &finding.code,
            name: &finding.name,
            severity: finding.severity,
            message: &finding.message,
            places: Each::of(&finding.places, (), Spot::of_place),
            expected: finding.expected.as_deref(),
            remedy: &finding.remedy,
            suggestion: finding.suggestion.as_deref(),
            basis: &finding.basis,
            related: Each::of(&finding.related, (), Spot::of_place),
            fingerprint: &finding.fingerprint,
            value_hash: &finding.value_hash,
            status: finding.status,
            waiver: finding.waiver.as_deref().map(Decision::new),
        }
    }
}
