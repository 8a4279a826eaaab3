//! Two documents side by side: what became of findings and records.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::error::Error;
use super::lang::Lang;
use super::place::Place;
use super::report::{Finding, Severity, Status};

/// What became of a finding from one document to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fate {
    /// It was not there.
    New,
    /// It is there with another value: changed, and still wrong.
    Changed,
    /// It is there as it was.
    Persisting,
    /// It is gone.
    Resolved,
}

impl Fate {
    /// All of them, in the order they are told.
    pub const ALL: [Self; 4] = [Self::New, Self::Changed, Self::Persisting, Self::Resolved];

    /// The name in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Persisting => "persisting",
            Self::Resolved => "resolved",
        }
    }

    /// What an official calls findings of this fate, one or many.
    pub fn label(self, many: bool, lang: Lang) -> &'static str {
        let (one, some) = match self {
            Self::New => (("nuovo", "new"), ("nuovi", "new")),
            Self::Changed => (
                ("cambiato ma ancora errato", "changed but still wrong"),
                ("cambiati ma ancora errati", "changed but still wrong"),
            ),
            Self::Persisting => (("rimasto", "persisting"), ("rimasti", "persisting")),
            Self::Resolved => (("risolto", "resolved"), ("risolti", "resolved")),
        };
        let (it, en) = if many { some } else { one };
        lang.pick(it, en)
    }
}

/// A finding and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct FindingChange {
    /// What became of it.
    pub fate: Fate,
    /// The finding as it is in the new document; of one that is resolved, as it was in the old.
    pub finding: Finding,
    /// The places it had in the old document, of one that is in both.
    pub before: Vec<Place>,
}

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RecordFate {
    /// It was not there.
    Added,
    /// It is gone.
    Removed,
    /// It has another number or another name.
    Renamed,
    /// Some of its cells say something else.
    Changed,
}

impl RecordFate {
    /// All of them, in the order they are told.
    pub const ALL: [Self; 4] = [Self::Added, Self::Removed, Self::Renamed, Self::Changed];

    /// The name in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Renamed => "renamed",
            Self::Changed => "changed",
        }
    }

    /// What an official reads, wording that fits every gender and number.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Added => lang.pick("in più", "added"),
            Self::Removed => lang.pick("in meno", "removed"),
            Self::Renamed => lang.pick("con altro nome o numero", "renamed"),
            Self::Changed => lang.pick("con celle cambiate", "changed"),
        }
    }
}

/// A cell that says something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellChange {
    /// What an official calls its field.
    pub field: String,
    /// As it was; `None` where the row was not there, or the cell was blank.
    pub old: Option<Arc<str>>,
    /// As it is; `None` where the row is gone, or the cell is blank.
    pub new: Option<Arc<str>>,
    /// Where it was.
    pub old_place: Option<Place>,
    /// Where it is.
    pub new_place: Option<Place>,
}

/// A record that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordChange {
    /// What became of it.
    pub fate: RecordFate,
    /// What it is called: in the new document, if it is there.
    pub name: String,
    /// What it was called, of one that is renamed.
    pub old_name: Option<String>,
    /// The first of its cells: in the new document, if it is there.
    pub place: Option<Place>,
    /// Its cells that say something else, rows added or removed within it included.
    pub cells: Vec<CellChange>,
}

/// The tables of one kind in both documents.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TableChange {
    /// Kind of schedule.
    pub kind: Arc<str>,
    /// Which of the kind's tables.
    pub variant: Option<Arc<str>>,
    /// Its title, in the language of the comparison.
    pub title: String,
    /// How many records there were.
    pub before: usize,
    /// How many there are.
    pub after: usize,
    /// Columns that only the old document has.
    pub columns_removed: Vec<String>,
    /// Columns that only the new document has.
    pub columns_added: Vec<String>,
    /// The records that are not as they were.
    pub records: Vec<RecordChange>,
}

/// Two documents side by side.
#[derive(Debug, Clone, Default)]
pub struct Comparison {
    /// Path of the old document; empty where there is none.
    pub old: String,
    /// Path of the new one; empty where there is none.
    pub new: String,
    /// Why one of them cannot be compared, with its path.
    pub errors: Vec<(String, Arc<Error>)>,
    /// Data of the document heads that differ.
    pub head: Vec<CellChange>,
    /// The tables of each kind.
    pub tables: Vec<TableChange>,
    /// The findings, the gravest first.
    pub findings: Vec<FindingChange>,
}

impl Comparison {
    /// Whether both documents are there and could be read.
    pub fn is_whole(&self) -> bool {
        self.errors.is_empty() && !self.old.is_empty() && !self.new.is_empty()
    }

    /// The gravest of the findings that are new and count.
    pub fn worst(&self) -> Option<Severity> {
        let new = self.findings.iter().filter(|f| f.fate == Fate::New && f.finding.status == Status::New);
        new.map(|f| f.finding.severity).max()
    }

    /// How many findings have a fate.
    pub fn count(&self, fate: Fate) -> usize {
        self.findings.iter().filter(|f| f.fate == fate).count()
    }

    /// How many records have a fate.
    pub fn count_records(&self, fate: RecordFate) -> usize {
        self.tables.iter().flat_map(|t| &t.records).filter(|r| r.fate == fate).count()
    }
}

/// The documents of two folders side by side, or two documents.
#[derive(Debug, Clone, Default)]
pub struct Comparisons {
    /// One for each pair, and for each document without its like.
    pub pairs: Vec<Comparison>,
    /// The language of all sentences.
    pub lang: Lang,
}
