//! What is known of a rule apart from its condition.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

use super::lang::Bilingual;
use super::report::Severity;

/// How a rule decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// Decided by the values.
    #[default]
    Mechanical,
    /// Decided on words or meaning: to be read by a person.
    Heuristic,
}

/// How far the text behind a rule was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    /// The text, the printed form or the arithmetic was checked.
    Verified,
    /// From memory, inferred, or a convention without an outside text.
    Unverified,
}

/// A norm or other ground that rules rest on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(from = "WrittenBasis")]
pub struct Basis {
    /// As printed with a finding.
    pub text: Bilingual,
    /// How far it was checked.
    pub certainty: Certainty,
    /// The first year of the documents that it holds for; without it, from ever.
    pub valid_from: Option<i16>,
    /// The last year of the documents that it holds for; without it, to this day.
    pub valid_to: Option<i16>,
    /// Ids of norms of the pack that are cited behind it in the years in which they hold: those that confirm it.
    pub beside: Vec<String>,
}

/// `[norms.id]` of a schedule.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WrittenBasis {
    it: String,
    en: String,
    certainty: Certainty,
    valid_from: Option<i16>,
    valid_to: Option<i16>,
    #[serde(default)]
    beside: Vec<String>,
}

impl From<WrittenBasis> for Basis {
    fn from(written: WrittenBasis) -> Self {
        let WrittenBasis { it, en, certainty, valid_from, valid_to, beside } = written;
        Self { text: Bilingual { it, en }, certainty, valid_from, valid_to, beside }
    }
}

impl Basis {
    /// Whether it holds for the documents of a year.
    pub fn holds_in(&self, year: i16) -> bool {
        self.valid_from.is_none_or(|from| from <= year) && self.valid_to.is_none_or(|to| year <= to)
    }
}

/// What is known of a rule apart from its condition.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleInfo {
    /// Stable short reference (`PT-A01`).
    pub code: Arc<str>,
    /// Its path (`ptpct/area-rischio-mancante`).
    pub name: Arc<str>,
    /// The kind of schedule it reports on.
    pub kind: Arc<str>,
    /// Severity as shipped.
    pub severity: Severity,
    /// The fault, in a few words.
    pub title: Bilingual,
    /// Why it matters.
    pub why: Bilingual,
    /// How to put it right.
    pub remedy: Bilingual,
    /// What it rests on.
    pub basis: Bilingual,
    /// How far that was checked.
    pub certainty: Certainty,
    /// How it decides.
    pub method: Method,
}
