//! `riscontro.toml`: what a body has settled for its own documents.
//!
//! The file stands in the folder of the documents or in one above it; the nearest one holds, alone. It adds to the
//! packs and chooses rules; what the command line says goes before it.

mod baseline;
mod find;
mod waivers;
mod written;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use schemars::{JsonSchema, Schema};
use serde::Deserialize;

use crate::model::{Bilingual, Error, RuleFault};
use crate::pack::{Packs, Spanned, parse_toml, position, schema_of};
use crate::text;

pub use baseline::{Baseline, baseline, may_hold_baseline};
pub use find::Finder;
pub(crate) use waivers::Anchors;
pub use waivers::{Use, WAIVERS, WaiverNote, Waivers, waivers_schema};
use written::{BY_HAND, CONFIGURATION, shown, tail};

/// The name of the file.
pub const FILE_NAME: &str = "riscontro.toml";

/// Headings by field, by kind of schedule, each with its place in the file.
type Headings = BTreeMap<Spanned<String>, BTreeMap<Spanned<String>, Vec<Spanned<String>>>>;

/// One `riscontro.toml`, read and checked for its form; names in it are checked when it is applied.
#[derive(Debug)]
pub struct Config {
    path: PathBuf,
    source: String,
    written: Written,
}

/// The file as it is written.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Written {
    select: Vec<String>,
    ignore: Vec<String>,
    headings: Headings,
}

/// The shape of the file, for editors.
pub fn config_schema() -> Schema {
    schema_of::<Written>()
}

impl Config {
    /// Reads a file. An error names it, with line and column where it can.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let source = written::read(path, CONFIGURATION, BY_HAND)?;
        let written = parse_toml(&shown(path), &source, 0).map_err(|fault| Error::config(vec![*fault]))?;
        Ok(Self { path: path.to_owned(), source, written })
    }

    /// Where it was read.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The rules to evaluate, all where empty: codes, beginnings of codes, names.
    pub fn select(&self) -> &[String] {
        &self.written.select
    }

    /// The rules to leave out.
    pub fn ignore(&self) -> &[String] {
        &self.written.ignore
    }

    /// Whether it changes the packs.
    pub fn adds(&self) -> bool {
        !self.written.headings.is_empty()
    }

    /// The packs with what the file adds to them.
    ///
    /// # Errors
    ///
    /// A kind or field that is not there, a field that no column holds, a heading without text.
    pub fn apply(&self, packs: &Packs) -> Result<Packs, Error> {
        let mut packs = packs.clone();
        let mut faults = Vec::new();
        for (kind, fields) in &self.written.headings {
            let kinds: Vec<&str> = packs.packs.iter().map(|p| &*p.schedule.kind).collect();
            if packs.get(kind.get_ref()).is_none() {
                faults.push(self.unknown(kind, ("tipo di scheda", "kind of schedule"), &kinds));
                continue;
            }
            faults.extend(self.clashes(fields));
            for (field, headings) in fields {
                let columns = packs.columns(kind.get_ref());
                if !columns.iter().any(|name| **name == *field.get_ref().as_str()) {
                    let columns: Vec<&str> = columns.iter().map(AsRef::as_ref).collect();
                    faults.push(self.unknown(field, ("colonna", "column"), &columns));
                    continue;
                }
                let blank = headings.iter().filter(|h| text::words(h.get_ref()).is_empty());
                faults.extend(blank.map(|h| self.fault(h, Bilingual::new(NO_TEXT.0, NO_TEXT.1))));
                let own = headings.iter().map(|h| h.get_ref().clone()).collect();
                packs.add_headings(kind.get_ref(), field.get_ref(), own);
            }
        }
        if faults.is_empty() { Ok(packs) } else { Err(Error::config(faults)) }
    }

    /// Headings that two fields of a kind claim: which of them a column would be is nobody's to guess.
    fn clashes(&self, fields: &BTreeMap<Spanned<String>, Vec<Spanned<String>>>) -> Vec<RuleFault> {
        let mut all: Vec<_> =
            fields.iter().flat_map(|(field, own)| own.iter().map(move |h| (h, field.get_ref()))).collect();
        // Those that name nothing are told as such.
        all.retain(|(heading, _)| !text::words(heading.get_ref()).is_empty());
        all.sort_by_key(|(heading, _)| heading.span().start);
        let mut owners = BTreeMap::new();
        let mut faults = Vec::new();
        for (heading, field) in all {
            let first: &String = owners.entry(text::words(heading.get_ref())).or_insert(field);
            if first != field {
                let written = heading.get_ref();
                let it = format!(
                    "l'intestazione «{written}» è scritta per due campi, «{first}» e «{field}»: toglierla da uno dei due"
                );
                let en = format!(
                    "the heading “{written}” is written for two fields, “{first}” and “{field}”: take it from one of them"
                );
                faults.push(self.fault(heading, Bilingual::new(it, en)));
            }
        }
        faults
    }

    fn unknown(&self, name: &Spanned<String>, what: (&str, &str), known: &[&str]) -> RuleFault {
        let written = name.get_ref();
        let it = format!("{} «{written}» non c'è", what.0);
        let en = format!("there is no {} “{written}”", what.1);
        let message = if let Some(near) = text::closest(written, known.iter().copied()) {
            Bilingual::new(format!("{it}; forse «{near}»"), format!("{en}; did you mean “{near}”?"))
        } else {
            let all = known.join(", ");
            Bilingual::new(format!("{it}: ci sono {all}"), format!("{en}: there are {all}"))
        };
        self.fault(name, message)
    }

    fn fault<T>(&self, at: &Spanned<T>, message: Bilingual) -> RuleFault {
        let (line, column) = position(&self.source, at.span().start);
        RuleFault { file: shown(&self.path), line, column, message }
    }
}

/// A heading that names nothing.
const NO_TEXT: (&str, &str) =
    ("intestazione senza testo: scriverla come sta nella tabella", "a heading without text: write it as in the table");
