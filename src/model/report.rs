//! The result of a check: outcomes of rules, findings, and what was read.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::document::{Column, EntityCount, Head, Reading};
use super::error::Error;
use super::lang::Lang;
use super::near::NearMiss;
use super::place::{Area, Place};
use super::waiver::Waiver;

/// How grave a finding is. The order is from the least to the gravest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Osservazione,
    /// Likely wrong, or a matter of judgement.
    Avviso,
    /// Wrong: arithmetic, a broken rule of the form, a blank where a value is asked, a verified norm.
    Errore,
}

impl Severity {
    /// The name in results, in both languages of the output the same.
    pub fn name(self) -> &'static str {
        match self {
            Self::Osservazione => "osservazione",
            Self::Avviso => "avviso",
            Self::Errore => "errore",
        }
    }

    /// The name an official reads.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Osservazione => lang.pick("osservazione", "info"),
            Self::Avviso => lang.pick("avviso", "warning"),
            Self::Errore => lang.pick("errore", "error"),
        }
    }
}

/// What came of a rule on a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeKind {
    /// The rule itself failed: the run cannot be called clean.
    Error,
    /// At least one finding.
    Findings,
    /// Something it needs is absent or unreadable.
    NotEvaluable,
    /// Looked at, nothing to report.
    Passed,
    /// Its condition does not arise.
    NotApplicable,
}

impl OutcomeKind {
    /// The name in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Findings => "findings",
            Self::NotEvaluable => "not_evaluable",
            Self::Passed => "passed",
            Self::NotApplicable => "not_applicable",
        }
    }
}

/// The outcome of one rule on one document, with its findings apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// What is kept in the report.
    pub rule: RuleOutcome,
    /// The findings, sorted by place.
    pub findings: Vec<Finding>,
    /// Findings that are only counted, for there are too many of them.
    pub omitted: usize,
}

/// What the report keeps of a rule's outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleOutcome {
    /// Code of the rule.
    pub code: Arc<str>,
    /// Name of the rule.
    pub name: Arc<str>,
    /// What the rule is about, in the language of the report.
    pub title: String,
    /// What came of it.
    pub kind: OutcomeKind,
    /// Findings reported, those that are only counted included.
    pub findings: usize,
    /// Findings not reported because another rule reports the same fault.
    pub superseded: usize,
    /// Why it could not be evaluated, or how it failed, in the language of the report.
    pub reason: Option<String>,
    /// The cells that were missing or unreadable.
    pub places: Vec<Place>,
    /// The time it took, if the run is measured.
    pub time: Option<std::time::Duration>,
}

/// Whether a finding counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It counts.
    #[default]
    New,
    /// In the baseline with the same value.
    Known,
    /// Excepted, with a reason.
    Waived,
}

impl Status {
    /// Its name in results for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Known => "known",
            Self::Waived => "waived",
        }
    }

    /// What an official calls a finding of this status.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::New => lang.pick("nuovo", "new"),
            Self::Known => lang.pick("già noto", "known"),
            Self::Waived => lang.pick("in eccezione", "waived"),
        }
    }

    /// The same in brackets behind a finding that does not count; nothing behind one that does.
    pub(crate) fn remark(self, lang: Lang) -> String {
        if self == Self::New { String::new() } else { format!(" ({})", self.label(lang)) }
    }
}

/// One fault of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Code of the rule.
    pub code: Arc<str>,
    /// Name of the rule.
    pub name: Arc<str>,
    /// How grave it is.
    pub severity: Severity,
    /// One sentence, lower case, no full stop.
    pub message: String,
    /// The cells at fault, at least one.
    pub places: Vec<Place>,
    /// What was expected, if the rule can say.
    pub expected: Option<String>,
    /// How to put it right.
    pub remedy: String,
    /// A correction that could be computed.
    pub suggestion: Option<String>,
    /// The norm or other ground.
    pub basis: String,
    /// Cells that the finding rests on, but that are not at fault.
    pub related: Vec<Place>,
    /// Identity that survives moved rows and changed values.
    pub fingerprint: String,
    /// Hash of the values found.
    pub value_hash: String,
    /// Whether it counts.
    pub status: Status,
    /// The decision by which it does not count, of one that is excepted.
    pub waiver: Option<Arc<Waiver>>,
}

impl Finding {
    /// In brackets why it does not count; nothing where it does.
    pub(crate) fn remark(&self, lang: Lang) -> String {
        match &self.waiver {
            Some(waiver) => format!(" ({} {})", self.status.label(lang), waiver.told(lang)),
            None => self.status.remark(lang),
        }
    }
}

/// A table as the report tells of it.
#[derive(Debug, Clone, PartialEq)]
pub struct TableReport {
    /// Kind of schedule.
    pub kind: Arc<str>,
    /// Its title, in the language of the report.
    pub title: String,
    /// Which of the kind's tables.
    pub variant: Option<Arc<str>>,
    /// Name of the sheet.
    pub sheet: Arc<str>,
    /// Index of the sheet in the workbook.
    pub sheet_index: u32,
    /// Whether its rows are the lines of a text.
    pub is_text: bool,
    /// Header and records, of a table in parts those of the first.
    pub area: Area,
    /// Sheet and area of its further parts.
    pub parts: Vec<(Arc<str>, Area)>,
    /// Header rows.
    pub header: Area,
    /// Data rows after joining.
    pub records: usize,
    /// What they are about, outermost first.
    pub entities: Vec<EntityCount>,
    /// Whether there are rules for its kind at all.
    pub has_rules: bool,
    /// How sure the recognition is, from 0 to 1.
    pub confidence: f64,
    /// The columns.
    pub columns: Vec<Column>,
    /// Titles of the fields of its kind, in the language of the report; empty unless the reading is to be explained.
    pub field_titles: BTreeMap<Arc<str>, String>,
    /// Sheet, area and key of every record; empty unless the reading is to be explained.
    pub record_places: Vec<(Arc<str>, Area, String)>,
    /// What reading did.
    pub reading: Reading,
}

/// The report on one input.
#[derive(Debug, Clone, Default)]
pub struct DocumentReport {
    /// The path as given, with `/`.
    pub path: String,
    /// SHA-256 of the bytes, hexadecimal; empty if they could not be read.
    pub sha256: String,
    /// Kinds of the tables found, each once, sorted.
    pub kinds: Vec<Arc<str>>,
    /// The document's own data.
    pub head: Head,
    /// The tables found.
    pub tables: Vec<TableReport>,
    /// Sheets without a known table.
    pub near_misses: Vec<NearMiss>,
    /// What the reader had to say of the file.
    pub remarks: Vec<String>,
    /// The outcome of every rule of the kinds found, sorted by code.
    pub rules: Vec<RuleOutcome>,
    /// The findings, sorted by place, then rule.
    pub findings: Vec<Finding>,
    /// Findings left out by a limit on their number.
    pub omitted: usize,
    /// Why the input could not be checked.
    pub error: Option<Arc<Error>>,
    /// Why the annotated copy that was asked for could not be made. The check itself is whole.
    pub copy_error: Option<Arc<Error>>,
    /// Why the input was passed over, in the language of the report.
    pub skipped: Option<String>,
}

impl DocumentReport {
    /// The gravest of the findings that count.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().filter(|f| f.status == Status::New).map(|f| f.severity).max()
    }

    /// Whether there is no rule for any of the tables found.
    pub fn is_without_rules(&self) -> bool {
        !self.tables.is_empty() && self.tables.iter().all(|t| !t.has_rules)
    }

    /// What is not checked because its kind has no rules, so that nobody takes it for right.
    pub fn unruled(&self, lang: Lang) -> Option<String> {
        if self.is_without_rules() {
            return Some(no_rule(self.kinds.len(), lang).to_owned());
        }
        let mut titles: Vec<&str> = self.tables.iter().filter(|t| !t.has_rules).map(|t| t.title.as_str()).collect();
        titles.dedup();
        let quoted = |t: &&str| lang.pick(format!("«{t}»"), format!("“{t}”"));
        let titles = titles.iter().map(quoted).collect::<Vec<_>>().join(", ");
        let sentence =
            || lang.pick(format!("per {titles} nessuna regola, per ora"), format!("no rule for {titles} yet"));
        (!titles.is_empty()).then(sentence)
    }
}

/// What is said where nothing is checked, of so many kinds.
pub(crate) fn no_rule(kinds: usize, lang: Lang) -> &'static str {
    if kinds < 2 {
        lang.pick("nessuna regola per questo tipo di scheda, per ora", "no rule for this kind of schedule yet")
    } else {
        lang.pick("nessuna regola per questi tipi di scheda, per ora", "no rule for these kinds of schedule yet")
    }
}

/// Counts over a whole run.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Summary {
    /// Documents checked, refused and skipped ones not counted.
    pub documents: usize,
    /// Inputs refused.
    pub refused: usize,
    /// Inputs passed over.
    pub skipped: usize,
    /// New findings of severity errore.
    pub errore: usize,
    /// New findings of severity avviso.
    pub avviso: usize,
    /// New findings of severity osservazione.
    pub osservazione: usize,
    /// Findings of the baseline.
    pub known: usize,
    /// Findings excepted.
    pub waived: usize,
    /// Findings left out by a limit on their number.
    pub omitted: usize,
    /// Outcomes of rules by kind, over all documents.
    pub rules: BTreeMap<String, usize>,
    /// Documents checked for whose tables there is no rule; in JSON their `rules` are empty.
    #[serde(skip)]
    pub without_rules: usize,
}

/// The result of a run.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// One per input, in the order of the inputs.
    pub documents: Vec<DocumentReport>,
    /// The language of all sentences.
    pub lang: Lang,
    /// The date given for the run, if one was.
    pub as_of: Option<Date>,
}

impl Report {
    /// The counts over all documents.
    pub fn summary(&self) -> Summary {
        let kinds = [
            OutcomeKind::Findings,
            OutcomeKind::Passed,
            OutcomeKind::NotApplicable,
            OutcomeKind::NotEvaluable,
            OutcomeKind::Error,
        ];
        let mut sum = Summary { rules: kinds.iter().map(|k| (k.name().to_owned(), 0)).collect(), ..Summary::default() };
        for document in &self.documents {
            match (&document.error, &document.skipped) {
                (Some(_), _) => sum.refused += 1,
                (None, Some(_)) => sum.skipped += 1,
                (None, None) => sum.documents += 1,
            }
            sum.without_rules += usize::from(document.is_without_rules());
            sum.omitted += document.omitted;
            for rule in &document.rules {
                *sum.rules.entry(rule.kind.name().to_owned()).or_default() += 1;
            }
            for finding in &document.findings {
                match (finding.status, finding.severity) {
                    (Status::Known, _) => sum.known += 1,
                    (Status::Waived, _) => sum.waived += 1,
                    (Status::New, Severity::Errore) => sum.errore += 1,
                    (Status::New, Severity::Avviso) => sum.avviso += 1,
                    (Status::New, Severity::Osservazione) => sum.osservazione += 1,
                }
            }
        }
        sum
    }
}

/// The first 16 hexadecimal digits of the SHA-256 of the parts, each ended by a zero byte.
pub fn fingerprint<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.as_bytes());
        hasher.update([0]);
    }
    let mut hex = hex(&hasher.finalize());
    hex.truncate(16);
    hex
}

/// The SHA-256 of some bytes, hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    let figure = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [figure(byte >> 4), figure(byte & 15)]).collect()
}
