//! Documents read and recognised, for commands that make something of them other than findings.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::document;
use super::options::Options;
use super::settings::Settings;
use super::targets;
use super::walk::{self, What};
use crate::model::{Document, DocumentReport, Error};
use crate::pack::{Declared, Packs};

/// What the inputs of a run are.
#[derive(Debug)]
#[non_exhaustive]
pub struct Gathered {
    /// The documents that were recognised, by path, in the order of the inputs.
    pub documents: Vec<(String, Document)>,
    /// Those passed over or refused.
    pub others: Vec<DocumentReport>,
    /// The packs they were recognised by: those of the first document, whose configuration may add headings of its own.
    pub packs: Arc<Packs>,
    /// Whether the run was stopped before all were read.
    pub is_stopped: bool,
}

impl Gathered {
    /// The documents with their paths.
    pub fn sources(&self) -> Vec<(&str, &Document)> {
        self.documents.iter().map(|(path, document)| (path.as_str(), document)).collect()
    }

    /// Takes out the documents that are not wanted.
    pub fn keep(&mut self, wanted: impl Fn(&Document) -> bool) {
        self.documents.retain(|(_, document)| wanted(document));
    }
}

/// Reads files, folders and patterns of paths, each file by the configuration that holds for it.
///
/// # Errors
///
/// A configuration that does not load, or a result that would be written over something that is read.
pub fn gather<P: AsRef<Path>>(paths: &[P], options: &Options) -> Result<Gathered, Error> {
    let inputs = walk::inputs(paths, options)?;
    let settings = Settings::of(&inputs, options)?;
    let read: Vec<PathBuf> = settings.files.clone();
    targets::plan(&inputs, &read, options)?;
    let packs = settings.get(0).map_or_else(|| Arc::clone(&options.packs), |s| Arc::clone(&s.options.packs));
    let mut gathered = Gathered { documents: Vec::new(), others: Vec::new(), packs, is_stopped: false };
    for (at, input) in inputs.iter().enumerate() {
        if options.is_stopped() {
            gathered.is_stopped = true;
            break;
        }
        let Some(setting) = settings.get(at) else { continue };
        match &input.what {
            What::Check(file) => match document::seen(file, &input.shown, setting) {
                Ok(document) => gathered.documents.push((input.shown.clone(), *document)),
                Err(report) => gathered.others.push(*report),
            },
            What::Skip(reason) => gathered.others.push(super::skipped(&input.shown, reason, options)),
            What::Refuse(error) => gathered.others.push(document::refused(&input.shown, Arc::clone(error))),
        }
    }
    Ok(gathered)
}

/// The packs that hold for a file that is yet to be written, with the lists that its configuration gives, and what this
/// declares beside.
///
/// # Errors
///
/// A configuration that does not load.
pub fn packs_for(file: &Path, options: &Options) -> Result<(Packs, Declared), Error> {
    let options = Settings::of_new(file, options)?.options;
    let mut packs = Packs::clone(&options.packs);
    packs.give(&options.overrides.declared);
    Ok((packs, options.overrides.declared))
}
