//! Results as text, one file per format.
//!
//! Nothing here opens a file or knows a terminal: text goes to a writer, colours come from the caller.

mod concise;
mod counted;
mod coverage;
mod csv;
mod diff;
mod docs;
mod flowmap;
mod full;
mod functions;
mod indicatormap;
mod json;
mod limits;
mod markdown;
mod mermaid;
mod mutants;
mod painter;
mod reading;
mod riskmap;
mod rules;
mod settings;
mod timings;
mod words;

use std::io::{self, Write};

pub use counted::{allegato2, allegato2_csv, allegato2_line, allegato2_markdown};
pub use coverage::{Use, coverage, coverage_json};
pub use diff::{diff, diff_line, diff_markdown};
pub use docs::{DOC_MARK, DocPage, SCHEMA_MARK, language_docs, rule_docs, schema_docs};
pub use flowmap::{flowmap, flowmap_line, flowmap_markdown};
pub use functions::{functions_json, list_functions};
pub use indicatormap::{indicatormap, indicatormap_csv, indicatormap_line, indicatormap_markdown};
pub use limits::{limits_json, list_limits};
pub use mermaid::flowmap_mermaid;
pub use mutants::{mutants, mutants_json};
pub use painter::{Paint, Painter};
pub use riskmap::{riskmap, riskmap_line, riskmap_markdown};
pub use rules::{explain_rule, list_rules, rules_json, tests, tests_json};
pub use settings::{Settings, settings, settings_json};
pub use timings::timings;
pub use words::{count, one_line, run_line};

use crate::model::{Allegato2, Comparisons, DocumentReport, FlowMap, IndicatorMap, Lang, Report, RiskMap};

/// A format of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Format {
    /// For a person, everything.
    #[default]
    Full,
    /// One line per finding.
    Concise,
    /// The whole report, version 1 of the contract.
    Json,
    /// The same, one document a line.
    Jsonl,
    /// One row per place, for a spreadsheet program.
    Csv,
    /// Tables for a document or a web page.
    Markdown,
}

impl Format {
    /// The formats there are.
    pub const ALL: [Self; 6] = [Self::Full, Self::Concise, Self::Json, Self::Jsonl, Self::Csv, Self::Markdown];

    /// Formats that are to come: naming one deserves a better answer than "unknown".
    pub const PLANNED: [&str; 6] = ["html", "docx", "junit", "sarif", "github", "gitlab"];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Concise => "concise",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Markdown => "markdown",
        }
    }

    /// The format of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.name() == name)
    }

    /// Whether it tells a person which inputs were refused or passed over.
    pub fn tells_refusals(self) -> bool {
        matches!(self, Self::Full | Self::Concise | Self::Markdown)
    }
}

/// How results are written.
#[derive(Debug, Clone, Default)]
pub struct Style {
    /// Colours; none by default. Only `full` and `concise` use them.
    pub painter: Painter,
    /// Tell how each table was read.
    pub explain_reading: bool,
}

/// Writes a report.
pub fn write(report: &Report, format: Format, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Full => full::write(report, style, out),
        Format::Concise => concise::write(report, &style.painter, out),
        Format::Json => json::write(report, style.explain_reading, out),
        Format::Jsonl => json::write_lines(report, style.explain_reading, out),
        Format::Csv => csv::write(report, out),
        Format::Markdown => markdown::write(report, out),
    }
}

/// Two documents side by side, for programs.
pub fn diff_json(all: &Comparisons, out: &mut dyn Write) -> io::Result<()> {
    json::write_diff(all, out)
}

/// An Allegato 2 computed, for programs.
pub fn allegato2_json(all: &Allegato2, out: &mut dyn Write) -> io::Result<()> {
    json::write_allegato2(all, out)
}

/// A plan at a glance, for programs.
pub fn riskmap_json(map: &RiskMap, out: &mut dyn Write) -> io::Result<()> {
    json::write_riskmap(map, out)
}

/// Information flows at a glance, for programs.
pub fn flowmap_json(map: &FlowMap, out: &mut dyn Write) -> io::Result<()> {
    json::write_flowmap(map, out)
}

/// Indicators at a glance, for programs.
pub fn indicatormap_json(map: &IndicatorMap, out: &mut dyn Write) -> io::Result<()> {
    json::write_indicatormap(map, out)
}

/// Writes the result of one document in few lines.
pub fn digest(document: &DocumentReport, lang: Lang, painter: &Painter, out: &mut dyn Write) -> io::Result<()> {
    full::digest(document, lang, painter, out)
}
