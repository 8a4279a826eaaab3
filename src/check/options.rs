//! What a run is asked to do.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::civil::Date;

use crate::config::FailOn;
use crate::engine::{Overrides, Selection, Stopwatch};
use crate::model::{Error, Lang};
use crate::pack::Packs;
use crate::package::Limits;

/// Where annotated copies go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Copies {
    /// Nowhere: none are made.
    #[default]
    None,
    /// Under a folder, which keeps the structure below each path checked. Earlier copies are replaced.
    Under(PathBuf),
    /// Beside each source, under the next free name. Nothing that exists is replaced.
    Beside,
}

/// Which `riscontro.toml` holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Configuration {
    /// None: nothing is looked for.
    #[default]
    None,
    /// For each document the nearest one in its folder or above.
    Found,
    /// This one, for all documents.
    File(PathBuf),
}

/// What to check with, and what to make of it.
///
/// A run reads the files it is given, with [`Configuration::Found`] also the `riscontro.toml` and `eccezioni.toml` of
/// their folders, and nothing else: no clock, network, locale or home folder.
#[derive(Debug, Clone)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub struct Options {
    /// The kinds of schedule and their rules.
    pub packs: Arc<Packs>,
    /// Whether some of the packs do not ship with the program: all rules are then compiled before any document is
    /// read, so that a mistake in one stops the run. Else those of a kind are compiled when first needed.
    pub has_outside: bool,
    /// The rules to evaluate.
    pub selection: Selection,
    /// Where a body's own settings come from. What the fields here say goes before them.
    pub configuration: Configuration,
    /// The documents of the run are those of one body and cycle, and each is checked beside the others. Those whose
    /// configuration declares the same body and cycle are so anyway.
    pub dossier: bool,
    /// The folder whose documents are one whole plan, checked beside the paths given: rules on a whole plan look at all of
    /// them at once. Those whose configuration declares `plan.complete` are so anyway.
    pub whole_plan: Option<PathBuf>,
    /// The document of the year or version before, for the rules that compare with it; only one document is checked then.
    pub previous: Option<PathBuf>,
    /// The file of findings known before, if there is one.
    pub baseline: Option<PathBuf>,
    /// The profile that holds, whatever configurations say.
    pub profile: Option<String>,
    /// From which severity findings make the run fail, whatever configurations say.
    pub fail_on: Option<FailOn>,
    /// Changes of rules and declarations of the body, over those of profile and configuration.
    pub overrides: Overrides,
    /// The language of all sentences.
    pub lang: Lang,
    /// The date of the run, if it is to play a part.
    pub as_of: Option<Date>,
    /// The day on which exceptions must not have expired, where `as_of` gives none; without either none expires.
    pub today: Option<Date>,
    /// What a workbook may cost.
    pub limits: Limits,
    /// Where annotated copies go.
    pub copies: Copies,
    /// Files that the caller is going to write: a run that would check one of them is refused.
    pub outputs: Vec<PathBuf>,
    /// Keep place and key of every record in the report.
    pub explain_reading: bool,
    /// The most findings in the report, the gravest first. What is cut is counted as omitted.
    pub max_findings: Option<usize>,
    /// Documents checked at a time; as many as the machine has processors where `None`.
    pub jobs: Option<NonZeroUsize>,
    /// What would be passed over in a folder (no known table, a type not read) is an error.
    pub strict: bool,
    /// Patterns of the files to check in folders; all where empty.
    pub include: Vec<String>,
    /// Patterns of the files and folders to pass over in folders.
    pub exclude: Vec<String>,
    /// What tells the time that rules take, if it is to be in the report.
    pub stopwatch: Option<Stopwatch>,
    /// Raised by the caller to end the run: between documents, and in each between its stages and rules. What is not
    /// checked to the end is told as skipped.
    pub stop: Option<Arc<AtomicBool>>,
}

impl Options {
    /// Everything at its default, with the packs given.
    pub fn new(packs: Arc<Packs>) -> Self {
        Self {
            packs,
            has_outside: false,
            selection: Selection::default(),
            configuration: Configuration::default(),
            dossier: false,
            whole_plan: None,
            previous: None,
            baseline: None,
            profile: None,
            fail_on: None,
            overrides: Overrides::default(),
            lang: Lang::default(),
            as_of: None,
            today: None,
            limits: Limits::default(),
            copies: Copies::default(),
            outputs: Vec::new(),
            explain_reading: false,
            max_findings: None,
            jobs: None,
            strict: false,
            include: Vec::new(),
            exclude: Vec::new(),
            stopwatch: None,
            stop: None,
        }
    }

    /// Everything at its default, with the packs that ship with the program.
    pub fn embedded() -> Result<Self, Error> {
        Ok(Self::new(Arc::new(Packs::embedded()?)))
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stop.as_ref().is_some_and(|stop| stop.load(Ordering::Relaxed))
    }
}
