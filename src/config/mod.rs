//! `riscontro.toml`: what a body has settled for its own documents.
//!
//! The file stands in the folder of the documents or in one above it; the nearest one holds, alone. It adds to the
//! packs, chooses and changes rules, and tells what documents do not say; what the command line and the environment say
//! goes before it.

mod baseline;
mod check;
mod find;
mod form;
mod keys;
mod settled;
mod shown;
mod template;
mod waivers;
mod written;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use globset::GlobMatcher;
use schemars::Schema;

use crate::model::{Bilingual, Error, Lang, RuleFault};
use crate::pack::{Places, TomlPath, TomlTable, parse_toml, schema_of};

pub use baseline::{Baseline, baseline, may_hold_baseline};
pub use check::unknown_profile;
pub use find::Finder;
pub use keys::{Body, CatalogueEntry, Cycle, FailOn, Level, Matrix, RiskMethod, Scale, WholeEntry, WholePlan, Written};
pub use settled::Settled;
pub use shown::Given;
pub use template::template;
pub(crate) use waivers::Anchors;
pub use waivers::{Use, WAIVERS, WaiverNote, Waivers, waivers_schema};
use written::{BY_HAND, CONFIGURATION, shown, tail};

/// The name of the file.
pub const FILE_NAME: &str = "riscontro.toml";

/// One `riscontro.toml`, read and checked for its form; names in it are checked against packs and rules before it holds.
#[derive(Debug)]
pub struct Config {
    path: PathBuf,
    /// Its folder, which the patterns of `[[paths]]` are below.
    folder: PathBuf,
    written: Written,
    table: TomlTable,
    places: Places,
    globs: Vec<GlobMatcher>,
}

/// The shape of the file, for editors.
pub fn config_schema() -> Schema {
    schema_of::<Written>()
}

impl Config {
    /// Reads a file. An error names it, with line and column where it can.
    pub fn read(path: &Path) -> Result<Self, Error> {
        Self::of(path, &written::read(path, CONFIGURATION, BY_HAND)?)
    }

    /// The same for a text that stands, or is to stand, in a file.
    pub fn of(path: &Path, source: &str) -> Result<Self, Error> {
        let fail = |fault: Box<RuleFault>| Error::config(vec![*fault]);
        let written = parse_toml(&shown(path), source, 0).map_err(fail)?;
        let table = parse_toml(&shown(path), source, 0).map_err(fail)?;
        let mut config = Self {
            path: path.to_owned(),
            folder: folder(path),
            written,
            table,
            places: Places::of(source),
            globs: Vec::new(),
        };
        let faults = config.form_faults();
        if !faults.is_empty() {
            return Err(Error::config(faults));
        }
        config.globs = config.written.paths.iter().filter_map(|p| form::glob(p.matching.as_ref()?).ok()).collect();
        Ok(config)
    }

    /// The language that a file asks for, whatever else is wrong with it.
    pub fn language(path: &Path) -> Option<Lang> {
        let table: TomlTable = parse_toml(&shown(path), &written::read(path, CONFIGURATION, BY_HAND).ok()?, 0).ok()?;
        match table.get("lang")?.as_str()? {
            "it" => Some(Lang::It),
            "en" => Some(Lang::En),
            _ => None,
        }
    }

    /// Where it was read.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What it settles for a file given by its canonical path; for what is no file, what holds whatever the path.
    pub fn settle(self: &Arc<Self>, file: Option<&Path>) -> Settled {
        let below = file.and_then(|file| file.strip_prefix(&self.folder).ok());
        let holds = |glob: &GlobMatcher| below.is_some_and(|below| glob.is_match(below));
        let paths = self.globs.iter().enumerate().filter(|(_, glob)| holds(glob)).map(|(number, _)| number);
        Settled::new(Arc::clone(self), paths.collect())
    }

    /// The file itself and its `[[paths]]`, each with the path that its keys stand under.
    fn sections(&self) -> impl Iterator<Item = (TomlPath, &Written)> {
        let numbered = |(number, section): (usize, _)| (vec!["paths".to_owned(), number.to_string()], section);
        std::iter::once((Vec::new(), &self.written)).chain(self.written.paths.iter().enumerate().map(numbered))
    }

    /// A mistake at a key.
    fn at_key(&self, path: &[String], message: Bilingual) -> RuleFault {
        self.fault(self.places.key(path), message)
    }

    /// A mistake at a value.
    fn at_value(&self, path: &[String], message: Bilingual) -> RuleFault {
        self.fault(self.places.value_at(path), message)
    }

    fn fault(&self, (line, column): (usize, usize), message: Bilingual) -> RuleFault {
        RuleFault { file: shown(&self.path), line, column, message }
    }
}

/// A path of keys below another.
fn under(section: &[String], names: &[&str]) -> TomlPath {
    section.iter().cloned().chain(names.iter().map(ToString::to_string)).collect()
}

/// The folder of a file, canonical where it is there.
fn folder(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned())
}
