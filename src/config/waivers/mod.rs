//! `eccezioni.toml`: findings that a body has decided to except, each with its reason.
//!
//! The file stands beside the documents or in a folder above them, as the configuration does. A mistake in it stops
//! the run; what has expired or matches nothing is told.

mod read;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;
use schemars::Schema;

use super::tail;
use crate::model::{Bilingual, Error, Finding, Lang, Status, Waiver, printed};
use crate::pack::schema_of;
use crate::text;

/// The name of the file.
pub const WAIVERS: &str = "eccezioni.toml";

/// The shape of the file, for editors.
pub fn waivers_schema() -> Schema {
    schema_of::<read::Written>()
}

/// The exceptions of one file, in its order.
#[derive(Debug)]
pub struct Waivers {
    path: PathBuf,
    all: Vec<Entry>,
}

/// One exception.
#[derive(Debug)]
struct Entry {
    line: usize,
    /// Code of its rule.
    code: String,
    by: By,
    /// The end of the paths of the documents it is for; all of them if empty.
    document: Vec<String>,
    waiver: Arc<Waiver>,
    /// Whether its last day is over.
    is_over: bool,
}

/// How a finding is known.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Clone)]
enum By {
    /// Where it stands, in words.
    Place {
        words: String,
        written: String,
    },
    Fingerprint(String),
}

/// What became of an exception on one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Use {
    /// It is for other documents.
    Elsewhere,
    /// It matches no finding.
    Idle,
    /// It matches some of the places of a finding, which others stand at too: its fingerprint.
    Partial(String),
    /// It matches a finding.
    Used,
}

/// An exception that does not do what it is there for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WaiverNote {
    /// Its file.
    pub file: PathBuf,
    /// Its line in the file, from 1.
    pub line: usize,
    /// What is the matter, and what to do.
    pub message: Bilingual,
}

/// The places of findings in words of another language, by fingerprint.
pub(crate) type Anchors = BTreeMap<String, Vec<[String; 2]>>;

impl Waivers {
    /// Reads a file. `rules` are codes and names of the rules there are; of an exception whose last day is before
    /// `today` only the matter is told.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, and every mistake in it.
    pub fn read(path: &Path, rules: &[(String, String)], today: Option<Date>) -> Result<Self, Error> {
        let all = read::entries(path, rules, today)?;
        Ok(Self { path: path.to_owned(), all })
    }

    /// Where it was read.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Excepts the findings of a document, named as the report does; what became of each exception. `anchors` are
    /// other words for the places of findings that an exception may use.
    pub(crate) fn apply(&self, document: &str, findings: &mut [Finding], anchors: &Anchors) -> Vec<Use> {
        let path = tail(document);
        let mut uses: Vec<Use> =
            self.all.iter().map(|e| if path.ends_with(&e.document) { Use::Idle } else { Use::Elsewhere }).collect();
        for finding in findings {
            self.decide(finding, anchors.get(&finding.fingerprint).map_or(&[], Vec::as_slice), &mut uses);
        }
        uses
    }

    fn decide(&self, finding: &mut Finding, others: &[[String; 2]], uses: &mut [Use]) {
        let here = |i: &usize| uses.get(*i).is_some_and(|u| *u != Use::Elsewhere);
        let own = self.all.iter().enumerate().filter(|(i, e)| e.code == *finding.code && here(i));
        let own: Vec<(usize, &Entry)> = own.collect();
        if own.is_empty() {
            return;
        }
        let places: Vec<[String; 2]> =
            finding.places.iter().map(|p| [p.anchor.to_string(), p.anchor.unit.clone()]).collect();
        let covers: Vec<Vec<bool>> = own.iter().map(|(_, e)| e.by.covers(finding, &places, others)).collect();
        let covered = |wanted: &dyn Fn(&Entry) -> bool| {
            let counts: Vec<&Vec<bool>> =
                own.iter().zip(&covers).filter(|((_, e), _)| wanted(e)).map(|(_, c)| c).collect();
            (0..places.len()).all(|n| counts.iter().any(|c| c.get(n) == Some(&true))) && !counts.is_empty()
        };
        let is_whole = covered(&|_| true);
        for ((i, _), cover) in own.iter().zip(&covers).filter(|(_, c)| c.contains(&true)) {
            match uses.get_mut(*i) {
                Some(Use::Used) | None => {}
                Some(slot) => *slot = if is_whole { Use::Used } else { Use::Partial(finding.fingerprint.clone()) },
            }
            debug_assert!(!cover.is_empty());
        }
        if covered(&|e| !e.is_over) {
            let live = own.iter().zip(&covers).find(|((_, e), c)| !e.is_over && c.contains(&true));
            finding.waiver = live.map(|((_, e), _)| Arc::clone(&e.waiver));
            finding.status = Status::Waived;
        }
    }

    /// Whether some exception names a place of a rule among `codes` and matches nothing: it may be in the other language.
    pub(crate) fn is_unsure(&self, uses: &[Use]) -> bool {
        self.all.iter().zip(uses).any(|(e, u)| *u == Use::Idle && matches!(e.by, By::Place { .. }))
    }

    /// The exceptions that do not do what they are there for. Each document is given with the codes of the rules that
    /// were evaluated on it: of other rules nobody can tell.
    pub(crate) fn notes(&self, documents: &[(&[Use], BTreeSet<&str>)]) -> Vec<WaiverNote> {
        let mut notes = Vec::new();
        for (i, entry) in self.all.iter().enumerate() {
            let uses = || documents.iter().filter_map(|(uses, ran)| Some((uses.get(i)?, ran)));
            let is_used = uses().any(|(u, _)| *u == Use::Used);
            let partial = uses().find_map(|(u, _)| if let Use::Partial(print) = u { Some(print) } else { None });
            let is_judged = uses().any(|(u, ran)| *u != Use::Elsewhere && ran.contains(entry.code.as_str()));
            let message = match (entry.is_over, is_used, partial) {
                (true, ..) => entry.over(is_used),
                (false, false, Some(print)) => entry.partial(print),
                (false, false, None) if is_judged => entry.unused(),
                (false, ..) => continue,
            };
            notes.push(WaiverNote { file: self.path.clone(), line: entry.line, message });
        }
        notes
    }
}

impl By {
    /// Which places of a finding are meant; `others` are the same places in other words.
    fn covers(&self, finding: &Finding, places: &[[String; 2]], others: &[[String; 2]]) -> Vec<bool> {
        match self {
            Self::Fingerprint(print) => vec![*print == finding.fingerprint; places.len()],
            Self::Place { words, .. } => {
                let is_meant = |of: &[String; 2]| of.iter().any(|text| !text.is_empty() && text::words(text) == *words);
                let is_one = |n: usize| [places.get(n), others.get(n)].into_iter().flatten().any(is_meant);
                (0..places.len()).map(is_one).collect()
            }
        }
    }

    fn told(&self, lang: Lang) -> String {
        match self {
            Self::Place { written, .. } => lang.pick(format!("«{written}»"), format!("“{written}”")),
            Self::Fingerprint(print) => print.clone(),
        }
    }
}

impl Entry {
    fn said(&self, it: impl Fn(String) -> String, en: impl Fn(String) -> String) -> Bilingual {
        let name = |lang| format!("{} {}", self.code, self.by.told(lang));
        Bilingual::new(it(name(Lang::It)), en(name(Lang::En)))
    }

    fn over(&self, is_used: bool) -> Bilingual {
        let day = |lang: Lang| self.waiver.expires.map(|day| printed(day, lang)).unwrap_or_default();
        let counts = if is_used { (": il rilievo conta di nuovo", ": the finding counts again") } else { ("", "") };
        self.said(
            |name| format!("l'eccezione {name} è scaduta il {}{}; rinnovarla o toglierla", day(Lang::It), counts.0),
            |name| format!("the exception {name} expired on {}{}; renew it or take it out", day(Lang::En), counts.1),
        )
    }

    fn partial(&self, print: &str) -> Bilingual {
        self.said(
            |name| format!("l'eccezione {name} riguarda solo una parte dei punti di un rilievo, che conta ancora; per tutto il rilievo: fingerprint = \"{print}\""),
            |name| format!("the exception {name} is about only some of the places of a finding, which counts still; for the whole finding: fingerprint = \"{print}\""),
        )
    }

    fn unused(&self) -> Bilingual {
        self.said(
            |name| format!("l'eccezione {name} non corrisponde ad alcun rilievo: correggerla o toglierla"),
            |name| format!("the exception {name} matches no finding: mend it or take it out"),
        )
    }
}
