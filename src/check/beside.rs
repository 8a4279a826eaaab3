//! What a run knows beside its documents and rules: the exceptions that hold for each input, the findings known before.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::dossier::Dossiers;
use super::options::{Configuration, Options};
use super::walk::{Input, What};
use crate::config::{Baseline, Finder, Use, WAIVERS, WaiverNote, Waivers};
use crate::engine::Previous;
use crate::model::{DocumentReport, Error, Outcome, OutcomeKind};

/// What is known beside one document.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Beside<'a> {
    /// The exceptions that hold for it.
    pub(super) waivers: Option<&'a Waivers>,
    /// The findings known before, and which of its documents this one may be.
    pub(super) known: Option<(&'a Baseline, &'a [usize])>,
    /// The document of the year or version before.
    pub(super) previous: Option<Previous<'a>>,
    /// The documents of its dossier, and which of them it is.
    pub(super) dossier: Option<(&'a Dossiers, usize)>,
    /// What the rules on whole plans say of it, where it is one of several documents of a plan.
    pub(super) whole: &'a [Outcome],
    /// Whether its copy is made when all documents are checked, since findings on others may stand in it.
    pub(super) is_joint: bool,
    /// Whether what it was recognised as is wanted after the check.
    pub(super) keeps: bool,
    /// The file itself, by whatever path the run was given; `None` for a document that is none.
    pub(super) file: Option<&'a Path>,
}

impl<'a> Beside<'a> {
    /// The name by which exceptions know the document that the report calls `shown`.
    pub(super) fn name<'n>(&self, shown: &'n str) -> Cow<'n, str>
    where
        'a: 'n,
    {
        self.file.map_or(Cow::Borrowed(shown), Path::to_string_lossy)
    }
}

/// The findings known before a run, and the documents here that each input may be.
#[derive(Debug, Default)]
pub(super) struct Before {
    baseline: Option<Baseline>,
    of: Vec<Vec<usize>>,
}

impl Before {
    /// Reads what was known before, if the options name it; the documents of the run are given by their paths.
    pub(super) fn of(paths: &[Option<String>], options: &Options) -> Result<Self, Error> {
        let baseline = options.baseline.as_deref().map(Baseline::read).transpose()?;
        let of = baseline.as_ref().map_or_else(Vec::new, |baseline| baseline.of(paths));
        Ok(Self { baseline, of })
    }

    /// What was known of an input by its position.
    pub(super) fn get(&self, input: usize) -> Option<(&Baseline, &[usize])> {
        Some((self.baseline.as_ref()?, self.of.get(input)?))
    }

    /// The file that was read.
    pub(super) fn file(&self) -> Option<&Path> {
        self.baseline.as_ref().map(Baseline::path)
    }
}

/// The exceptions of a run, and which of them hold for each input.
#[derive(Debug, Default)]
pub(super) struct Exceptions {
    all: Vec<Waivers>,
    of: Vec<Option<usize>>,
}

impl Exceptions {
    /// The exceptions for some inputs. Every file is read here: a mistake in one stops the run before any document is
    /// checked.
    pub(super) fn of(inputs: &[Input], options: &Options) -> Result<Self, Error> {
        let mut exceptions = Self::default();
        let mut finder = Finder::named(WAIVERS);
        let mut known: Vec<PathBuf> = Vec::new();
        for input in inputs {
            let path = match (&options.configuration, &input.what) {
                (Configuration::File(path), _) => beside(path),
                (Configuration::Found, What::Check(file)) => finder.of(&file.identity),
                (Configuration::None, _) | (_, What::Skip(_) | What::Refuse(_)) => None,
            };
            let number = path.as_ref().and_then(|path| known.iter().position(|k| k == path));
            let number = match (number, path) {
                (None, Some(path)) => {
                    exceptions.all.push(read(&path, options)?);
                    known.push(path);
                    Some(known.len() - 1)
                }
                (number, _) => number,
            };
            exceptions.of.push(number);
        }
        Ok(exceptions)
    }

    /// The exceptions for a document that is no file.
    pub(super) fn without_file(options: &Options) -> Result<Option<Waivers>, Error> {
        let Configuration::File(path) = &options.configuration else { return Ok(None) };
        beside(path).map(|path| read(&path, options)).transpose()
    }

    /// The exceptions of an input by its position.
    pub(super) fn get(&self, input: usize) -> Option<&Waivers> {
        self.all.get((*self.of.get(input)?)?)
    }

    /// The files that were read, in the order of the inputs.
    pub(super) fn files(&self) -> impl Iterator<Item = &Path> {
        self.all.iter().map(Waivers::path)
    }

    /// What there is to say of the exceptions after the run, of which each document is given by its position.
    pub(super) fn notes(&self, done: &[(usize, &DocumentReport, &[Use])]) -> Vec<WaiverNote> {
        let of_file = |number: usize| {
            let own = done.iter().filter(move |(input, ..)| self.of.get(*input) == Some(&Some(number)));
            own.map(|(_, report, uses)| (*uses, evaluated(report))).collect::<Vec<_>>()
        };
        self.all.iter().enumerate().flat_map(|(number, waivers)| waivers.notes(&of_file(number))).collect()
    }
}

/// The exceptions beside a configuration that was named, if there are any.
fn beside(configuration: &Path) -> Option<PathBuf> {
    let file = configuration.with_file_name(WAIVERS);
    (file.symlink_metadata().is_ok() && !file.is_dir()).then_some(file)
}

fn read(path: &Path, options: &Options) -> Result<Waivers, Error> {
    Waivers::read(path, &options.packs.rule_names(), options.as_of.or(options.today))
}

/// The rules of which a document shows whether they find something.
fn evaluated(report: &DocumentReport) -> BTreeSet<&str> {
    let is_told = |kind| matches!(kind, OutcomeKind::Findings | OutcomeKind::Passed | OutcomeKind::NotApplicable);
    report.rules.iter().filter(|rule| is_told(rule.kind)).map(|rule| &*rule.code).collect()
}
