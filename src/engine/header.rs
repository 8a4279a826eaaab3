//! The header of a rule file: TOML between the first line and the first line that is exactly `---*/`.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use super::source::Source;
use crate::model::{Bilingual, Method, RuleFault, Severity};
use crate::pack::{Anything, RuleSource, Spanned, Toml, TomlTable, parse_toml};

/// How a rule file begins.
const OPEN: &str = "/*---";
/// The line that ends the header.
const CLOSE: &str = "---*/";

/// A text that knows its place.
pub(super) type Text = Spanned<String>;

/// One or several texts.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum Strings {
    One(String),
    Many(Vec<String>),
}

/// Texts whose places are found from that of the whole.
pub(super) type Texts = Spanned<Strings>;

/// The header as written.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    pub(super) code: Text,
    pub(super) severity: Severity,
    pub(super) basis: Text,
    pub(super) each: Option<Text>,
    pub(super) group_by: Option<Texts>,
    pub(super) when: Option<Text>,
    pub(super) at: Option<Text>,
    pub(super) related: Option<Texts>,
    pub(super) hint: Option<Text>,
    pub(super) expected: Option<Text>,
    pub(super) cause: Option<Text>,
    #[serde(default)]
    pub(super) needs: Vec<Text>,
    #[serde(default)]
    pub(super) params: BTreeMap<String, Param>,
    /// Named expressions; their order is that of the file.
    #[serde(default, rename = "let")]
    pub(super) named: BTreeMap<String, Text>,
    #[serde(default)]
    pub(super) method: Method,
    pub(super) valid_from: Option<i16>,
    pub(super) valid_to: Option<i16>,
    pub(super) absent: Option<Absent>,
    #[serde(default)]
    pub(super) superseded_by: Vec<Text>,
    pub(super) it: Texted,
    pub(super) en: Texted,
    #[serde(default)]
    pub(super) severity_when: Vec<SeverityWhen>,
    #[serde(default, rename = "case")]
    pub(super) cases: Vec<Case>,
    /// Changes of the conditions that make no difference.
    #[serde(default)]
    pub(super) equivalent: Vec<Equivalent>,
    #[serde(default, rename = "example")]
    pub(super) examples: Vec<Spanned<Example>>,
}

/// A change of a condition that makes no difference, as `riscontro test --mutate` names it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Equivalent {
    pub(super) change: Text,
    /// The reason: no document can show the difference.
    #[expect(dead_code, reason = "it is for those who read the rule; that it is there is checked")]
    pub(super) why: Text,
}

/// What an absent column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Absent {
    /// One finding on the heading row.
    Finding,
}

/// A value that expressions use by its name.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Param {
    #[schemars(with = "Anything")]
    pub(super) default: Spanned<Toml>,
    /// The key of `riscontro.toml` that gives it.
    pub(super) declared: Option<Text>,
    pub(super) it: String,
    pub(super) en: String,
}

/// The texts of a rule in one language.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Texted {
    pub(super) title: Text,
    pub(super) message: Text,
    pub(super) why: Text,
    pub(super) remedy: Text,
}

/// Another severity under a condition.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SeverityWhen {
    pub(super) when: Text,
    pub(super) severity: Severity,
}

/// One of the ways in which a rule can be broken.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    pub(super) when: Text,
    pub(super) severity: Option<Severity>,
    pub(super) at: Option<Text>,
    pub(super) related: Option<Texts>,
    pub(super) hint: Option<Text>,
    pub(super) cause: Option<Text>,
    pub(super) it: CaseText,
    pub(super) en: CaseText,
}

/// What a case says in one language; without a remedy of its own, that of the rule.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CaseText {
    pub(super) message: Text,
    pub(super) remedy: Option<Text>,
}

/// A small document and what the rule must make of it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Example {
    #[schemars(with = "Option<BTreeMap<String, Anything>>")]
    pub(super) row: Option<TomlTable>,
    #[schemars(with = "Option<Vec<BTreeMap<String, Anything>>>")]
    pub(super) rows: Option<Vec<TomlTable>>,
    #[schemars(with = "Option<BTreeMap<String, Anything>>")]
    pub(super) answers: Option<TomlTable>,
    #[schemars(with = "Option<BTreeMap<String, Anything>>")]
    pub(super) counts: Option<TomlTable>,
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Anything>")]
    pub(super) head: TomlTable,
    #[serde(default)]
    pub(super) drop: Vec<String>,
    #[serde(default)]
    pub(super) drop_rows: Vec<usize>,
    /// Questions that stand after all others, with their rows.
    #[serde(default)]
    pub(super) moved: Vec<String>,
    #[serde(default)]
    pub(super) boxed_rows: Vec<usize>,
    #[serde(default)]
    pub(super) columns_without: Vec<String>,
    /// Headings of columns, by field, where the first that the schedule lists will not do.
    #[serde(default)]
    pub(super) headings: BTreeMap<String, Headings>,
    #[serde(default)]
    pub(super) drop_counts: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub(super) documents: BTreeMap<String, Tables>,
    /// The document before.
    pub(super) prev: Option<Prev>,
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Anything>")]
    pub(super) params: TomlTable,
    /// What the body declares, as in `riscontro.toml`.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Anything>")]
    pub(super) declared: TomlTable,
    #[schemars(with = "Option<Anything>")]
    pub(super) as_of: Option<Toml>,
    pub(super) outcome: Expected,
    #[schemars(with = "Option<Vec<Anything>>")]
    pub(super) at: Option<Vec<Toml>>,
    pub(super) severity: Option<Severity>,
    pub(super) hint: Option<String>,
    pub(super) message: Option<String>,
    pub(super) findings: Option<usize>,
}

/// The document before that of an example: rows of the rule's own kind, or tables.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum Prev {
    Rows(#[schemars(with = "Vec<BTreeMap<String, Anything>>")] Vec<TomlTable>),
    Tables(Box<PrevTables>),
}

/// The tables of the document before, and what its head says.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct PrevTables {
    #[schemars(with = "Option<Vec<BTreeMap<String, Anything>>>")]
    rows: Option<Vec<TomlTable>>,
    #[schemars(with = "Option<BTreeMap<String, Anything>>")]
    answers: Option<TomlTable>,
    #[schemars(with = "Option<BTreeMap<String, Anything>>")]
    counts: Option<TomlTable>,
    drop: Vec<String>,
    columns_without: Vec<String>,
    #[schemars(with = "BTreeMap<String, Anything>")]
    head: TomlTable,
    documents: BTreeMap<String, Tables>,
}

/// The outcome an example states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Expected {
    Findings,
    Passed,
    NotApplicable,
    NotEvaluable,
}

/// The tables of one kind in an example.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Tables {
    #[schemars(with = "Option<BTreeMap<String, Anything>>")]
    pub(super) row: Option<TomlTable>,
    #[schemars(with = "Option<Vec<BTreeMap<String, Anything>>>")]
    pub(super) rows: Option<Vec<TomlTable>>,
    #[schemars(with = "Option<BTreeMap<String, Anything>>")]
    pub(super) answers: Option<TomlTable>,
    #[schemars(with = "Option<BTreeMap<String, Anything>>")]
    pub(super) counts: Option<TomlTable>,
    pub(super) drop: Vec<String>,
    pub(super) drop_rows: Vec<usize>,
    pub(super) moved: Vec<String>,
    pub(super) boxed_rows: Vec<usize>,
    pub(super) columns_without: Vec<String>,
    pub(super) headings: BTreeMap<String, Headings>,
    pub(super) drop_counts: BTreeMap<String, Vec<String>>,
}

impl Example {
    /// The document before, as an example of its own; only what makes the document is of use.
    pub(super) fn previous(&self) -> Option<Self> {
        let tables = match self.prev.clone()? {
            Prev::Rows(rows) => PrevTables { rows: Some(rows), ..PrevTables::default() },
            Prev::Tables(tables) => *tables,
        };
        Some(Self {
            row: None,
            rows: tables.rows,
            answers: tables.answers,
            counts: tables.counts,
            drop: tables.drop,
            columns_without: tables.columns_without,
            head: tables.head,
            documents: tables.documents,
            drop_rows: Vec::new(),
            moved: Vec::new(),
            boxed_rows: Vec::new(),
            headings: BTreeMap::new(),
            drop_counts: BTreeMap::new(),
            prev: None,
            ..self.clone()
        })
    }

    /// The tables of the rule's own kind.
    pub(super) fn tables(&self) -> Tables {
        Tables {
            row: self.row.clone(),
            rows: self.rows.clone(),
            answers: self.answers.clone(),
            counts: self.counts.clone(),
            drop: self.drop.clone(),
            drop_rows: self.drop_rows.clone(),
            moved: self.moved.clone(),
            boxed_rows: self.boxed_rows.clone(),
            columns_without: self.columns_without.clone(),
            headings: self.headings.clone(),
            drop_counts: self.drop_counts.clone(),
        }
    }
}

/// The heading of a field's column, or those of its columns, left to right.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum Headings {
    One(String),
    Many(Vec<String>),
}

/// A rule file taken apart.
pub(super) struct Split {
    pub(super) source: Source,
    pub(super) header: Header,
    /// Blank lines in place of the header, then the body: positions in it are those of the file.
    pub(super) body: String,
    /// The body alone, trimmed.
    pub(super) condition: Arc<str>,
    /// The text of the header.
    pub(super) toml: Arc<str>,
    /// Whether the rule came with the program and is only to be run: mistakes that its tests would have told are not
    /// looked for.
    pub(super) is_proven: bool,
}

/// What of a rule file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// All of it.
    Whole,
    /// What running the rule needs: of a rule that the program came with, not the examples, which are half of its text.
    ToRun,
}

/// The heading of an example.
const EXAMPLE: &str = "\n[[example]]";

/// Takes a rule file apart; the mistake, if the header cannot be read.
pub(super) fn split(rule: &RuleSource, reading: Reading) -> Result<Split, Box<RuleFault>> {
    let text = rule.text.strip_prefix('\u{feff}').unwrap_or(&rule.text);
    let fault = |line, it: &str, en: &str| {
        let message = Bilingual::new(it, en);
        Box::new(RuleFault { file: rule.file.clone(), line, column: 1, message })
    };
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().unwrap_or_default();
    if first.trim_end() != OPEN {
        return Err(fault(
            1,
            "il file deve cominciare con la riga «/*---», che apre l'intestazione della regola",
            "the file must begin with the line “/*---”, which opens the header of the rule",
        ));
    }
    let mut end = first.len();
    let mut body = None;
    for line in lines {
        if line.trim_end_matches(['\r', '\n']) == CLOSE {
            body = Some(end + line.len());
            break;
        }
        end += line.len();
    }
    let Some(body) = body else {
        if let Some(line) = text.lines().position(|l| l.trim() == CLOSE) {
            return Err(fault(
                line + 1,
                "la riga che chiude l'intestazione deve essere soltanto «---*/», senza spazi",
                "the line that closes the header must be only “---*/”, without blanks",
            ));
        }
        return Err(fault(
            1,
            "l'intestazione non si chiude: manca una riga che sia soltanto «---*/»",
            "the header is not closed: a line that is only “---*/” is missing",
        ));
    };
    let toml = text.get(first.len()..end).unwrap_or_default();
    let source = Source { file: rule.file.as_str().into(), text: text.into(), header: first.len() };
    let is_proven = rule.is_shipped && reading == Reading::ToRun;
    let to_run = toml.split(EXAMPLE).next().filter(|_| is_proven);
    let header = parse_toml(&rule.file, to_run.unwrap_or(toml), 1)?;
    let blank: String = text.get(..body).unwrap_or_default().chars().filter(|c| *c == '\n').collect();
    let condition = text.get(body..).unwrap_or_default();
    let (body, condition) = (blank + condition, condition.trim().into());
    Ok(Split { source, header, body, condition, toml: toml.into(), is_proven })
}
