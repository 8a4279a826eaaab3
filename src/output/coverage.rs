//! What the rules of a book did on some documents: those that never found anything, and why.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::Painter;
use super::json::line;
use super::words::{count, one_line};
use crate::engine::Rule;
use crate::model::{Lang, OutcomeKind, Report};

/// What a rule did on all the documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Use {
    /// It reported something.
    Findings,
    /// It failed.
    Error,
    /// It was evaluated and found nothing.
    Passed,
    /// Its condition never arose.
    NotApplicable,
    /// What it needs was never there.
    NotEvaluable,
    /// Its condition did not arise, or what it needs was not there.
    NeverDecided,
    /// No document is of its kind, or the configuration leaves it out.
    NotAsked,
}

impl Use {
    const ALL: [Self; 7] = [
        Self::Findings,
        Self::Error,
        Self::Passed,
        Self::NotApplicable,
        Self::NotEvaluable,
        Self::NeverDecided,
        Self::NotAsked,
    ];

    fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Findings => lang.pick("con rilievi", "with findings"),
            Self::Error => lang.pick("in errore", "failed"),
            Self::Passed => lang.pick("sempre rispettate", "always passed"),
            Self::NotApplicable => lang.pick("mai applicabili", "never applicable"),
            Self::NotEvaluable => lang.pick("mai valutabili", "never evaluable"),
            Self::NeverDecided => lang.pick("mai applicabili o mai valutabili", "never applicable or not evaluable"),
            Self::NotAsked => lang.pick(
                "mai chieste: nessun documento del loro tipo, o escluse dalla configurazione",
                "never asked: no document of their kind, or left out by the configuration",
            ),
        }
    }
}

/// One rule with what it did.
struct Row<'a> {
    rule: &'a Rule,
    /// Documents by outcome.
    documents: BTreeMap<OutcomeKind, usize>,
    findings: usize,
    /// Why it could not be evaluated, or failed, by the number of documents.
    reasons: BTreeMap<&'a str, usize>,
}

impl Row<'_> {
    fn what(&self) -> Use {
        let has = |kind| self.documents.contains_key(&kind);
        if has(OutcomeKind::Findings) {
            Use::Findings
        } else if has(OutcomeKind::Error) {
            Use::Error
        } else if has(OutcomeKind::Passed) {
            Use::Passed
        } else {
            match (has(OutcomeKind::NotApplicable), has(OutcomeKind::NotEvaluable)) {
                (true, true) => Use::NeverDecided,
                (true, false) => Use::NotApplicable,
                (false, true) => Use::NotEvaluable,
                (false, false) => Use::NotAsked,
            }
        }
    }

    /// The reason told of most documents.
    fn reason(&self) -> Option<&str> {
        self.reasons.iter().max_by_key(|(_, n)| **n).map(|(reason, _)| *reason)
    }
}

fn rows<'a>(rules: &[&'a Rule], report: &'a Report) -> Vec<Row<'a>> {
    let mut rows: BTreeMap<&str, Row<'a>> = BTreeMap::new();
    for rule in rules {
        let row = Row { rule, documents: BTreeMap::new(), findings: 0, reasons: BTreeMap::new() };
        rows.insert(&rule.info().code, row);
    }
    for outcome in report.documents.iter().flat_map(|d| &d.rules) {
        let Some(row) = rows.get_mut(&*outcome.code) else { continue };
        *row.documents.entry(outcome.kind).or_default() += 1;
        row.findings += outcome.findings;
        if let Some(reason) = &outcome.reason {
            *row.reasons.entry(reason).or_default() += 1;
        }
    }
    rows.into_values().collect()
}

/// The rules by what they did, the busy ones first.
pub fn coverage(rules: &[&Rule], report: &Report, painter: &Painter, out: &mut dyn Write) -> io::Result<()> {
    let lang = report.lang;
    let rows = rows(rules, report);
    let codes = rows.iter().map(|r| r.rule.info().code.chars().count()).max().unwrap_or(0);
    for what in Use::ALL {
        let of: Vec<&Row<'_>> = rows.iter().filter(|r| r.what() == what).collect();
        if of.is_empty() {
            continue;
        }
        writeln!(out, "{}", painter.strong.paint(&format!("{} ({})", what.label(lang), of.len())))?;
        for row in of {
            let info = row.rule.info();
            write!(out, "  {:<codes$}  {}{}", info.code, info.name, numbers(row, what, lang))?;
            match row.reason().filter(|_| !matches!(what, Use::Findings | Use::Passed)) {
                Some(reason) => writeln!(out, "\n  {:codes$}  {}", "", painter.faint.paint(&one_line(reason)))?,
                None => writeln!(out)?,
            }
        }
        writeln!(out)?;
    }
    let documents = report.summary().documents;
    let active = rows.iter().filter(|r| r.what() == Use::Findings).count();
    let decided = rows.iter().filter(|r| r.what() == Use::Passed).count();
    let idle = rows.len() - active - decided;
    let told = lang.pick(
        format!(
            "{} su {}: {active} con rilievi, {decided} senza, {idle} senza esito",
            count(rows.len(), "regola", "regole"),
            count(documents, "documento", "documenti")
        ),
        format!(
            "{} on {}: {active} with findings, {decided} without, {idle} undecided",
            count(rows.len(), "rule", "rules"),
            count(documents, "document", "documents")
        ),
    );
    writeln!(out, "{}", painter.strong.paint(&told))
}

/// How often, in words.
fn numbers(row: &Row<'_>, what: Use, lang: Lang) -> String {
    let all: usize = row.documents.values().sum();
    let documents = |n| lang.pick(count(n, "documento", "documenti"), count(n, "document", "documents"));
    match what {
        Use::NotAsked => String::new(),
        // It found what another rule reports.
        Use::Findings if row.findings == 0 => {
            let silent = lang.pick("tace, perché parla un'altra regola", "silent, since another rule reports");
            format!(": {silent}, {}", documents(all))
        }
        Use::Findings => {
            let on = row.documents.get(&OutcomeKind::Findings).copied().unwrap_or_default();
            let found =
                lang.pick(count(row.findings, "rilievo", "rilievi"), count(row.findings, "finding", "findings"));
            let of = lang.pick("su", "of");
            format!(": {found}, {on} {of} {}", documents(all))
        }
        _ => format!(": {}", documents(all)),
    }
}

#[derive(Serialize)]
struct Whole<'a> {
    version: u32,
    documents: usize,
    rules: Vec<JsonRow<'a>>,
    summary: BTreeMap<Use, usize>,
}

#[derive(Serialize)]
struct JsonRow<'a> {
    code: &'a str,
    name: &'a str,
    kind: &'a str,
    #[serde(rename = "use")]
    what: Use,
    findings: usize,
    documents: BTreeMap<&'a str, usize>,
    reasons: Vec<JsonReason<'a>>,
}

#[derive(Serialize)]
struct JsonReason<'a> {
    reason: &'a str,
    documents: usize,
}

/// The same as one JSON object.
pub fn coverage_json(rules: &[&Rule], report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let rows = rows(rules, report);
    let mut summary: BTreeMap<Use, usize> = Use::ALL.iter().map(|what| (*what, 0)).collect();
    for row in &rows {
        *summary.entry(row.what()).or_default() += 1;
    }
    let rules = rows.iter().map(|row| {
        let info = row.rule.info();
        JsonRow {
            code: &info.code,
            name: &info.name,
            kind: &info.kind,
            what: row.what(),
            findings: row.findings,
            documents: row.documents.iter().map(|(kind, n)| (kind.name(), *n)).collect(),
            reasons: row.reasons.iter().map(|(reason, n)| JsonReason { reason, documents: *n }).collect(),
        }
    });
    line(&Whole { version: 1, documents: report.summary().documents, rules: rules.collect(), summary }, out)
}
