//! The findings that were there before: written once, known again wherever their rows have moved to.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::tail;
use super::written::{self, What, shown};
use crate::model::{Bilingual, DocumentReport, Error, ErrorKind, Finding, Lang, RuleFault, Status};
use crate::pack::{Spanned, parse_toml, position};

const WHAT: What = What { it: "il file dei rilievi noti", en: "the file of known findings" };
/// The longest file: some hundred thousand findings.
const MOST: u64 = 64 * 1024 * 1024;
/// The line every such file begins with, in either language.
const OPENING: &str = "# riscontro baseline";
const VERSION: u32 = 1;

/// Known findings, document by document.
#[derive(Debug)]
pub struct Baseline {
    path: PathBuf,
    documents: Vec<Known>,
}

/// The known findings of one document.
#[derive(Debug)]
struct Known {
    /// The end of its path.
    tail: Vec<String>,
    /// Fingerprint and hash of the values.
    findings: BTreeSet<(String, String)>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    version: Spanned<u32>,
    #[serde(default)]
    document: Vec<Document>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    path: Spanned<String>,
    #[serde(default)]
    known: Vec<One>,
}

/// What is there for people is read and left alone.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct One {
    #[expect(dead_code, reason = "it is for those who read the file")]
    code: String,
    #[serde(rename = "where")]
    #[expect(dead_code, reason = "it is for those who read the file")]
    place: Option<String>,
    fingerprint: String,
    value_hash: String,
}

impl Baseline {
    /// Reads a file that [`baseline`] made.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, or is none of these.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let source = written::read(path, WHAT, MOST)?;
        if !source.starts_with(OPENING) {
            let it = "non è un elenco di rilievi noti: indicarne uno scritto da «riscontro baseline»";
            let en = "this is no list of known findings: give one that “riscontro baseline” wrote";
            return Err(Error::new(ErrorKind::Usage, it, en).at(path));
        }
        let file = shown(path);
        let written: Written = parse_toml(&file, &source, 0).map_err(|fault| Error::config(vec![*fault]))?;
        let fault = |at: usize, it: String, en: String| {
            let (line, column) = position(&source, at);
            Error::config(vec![RuleFault { file: file.clone(), line, column, message: Bilingual::new(it, en) }])
        };
        let version = *written.version.as_ref();
        if version != VERSION {
            let it = format!("versione {version} sconosciuta, attesa {VERSION}: riscriverlo con «riscontro baseline»");
            let en = format!("unknown version {version}, expected {VERSION}: write it again with “riscontro baseline”");
            return Err(fault(written.version.span().start, it, en));
        }
        let mut documents = Vec::new();
        for document in written.document {
            let tail = tail(document.path.as_ref());
            if tail.is_empty() {
                let (it, en) = ("«path» è vuoto", "“path” is empty");
                return Err(fault(document.path.span().start, it.to_owned(), en.to_owned()));
            }
            let findings = document.known.into_iter().map(|one| (one.fingerprint, one.value_hash)).collect();
            documents.push(Known { tail, findings });
        }
        Ok(Self { path: path.to_owned(), documents })
    }

    /// Where it was read.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// For each document of a run, given by its whole path, the numbers of the documents here that it may be: the one
    /// whose path its own ends with; for one that is not here, those that the run does not have, for it may have been
    /// renamed.
    pub(crate) fn of(&self, paths: &[Option<String>]) -> Vec<Vec<usize>> {
        let nearest = |path: &Option<String>| {
            let path = tail(path.as_ref()?);
            let fits = self.documents.iter().enumerate().filter(|(_, known)| path.ends_with(&known.tail));
            fits.max_by_key(|(_, known)| known.tail.len()).map(|(number, _)| number)
        };
        let own: Vec<Option<usize>> = paths.iter().map(nearest).collect();
        let met: BTreeSet<usize> = own.iter().copied().flatten().collect();
        let left: Vec<usize> = (0..self.documents.len()).filter(|number| !met.contains(number)).collect();
        own.into_iter().map(|own| own.map_or_else(|| left.clone(), |number| vec![number])).collect()
    }

    /// Marks the findings that are known from the documents of these numbers.
    pub(crate) fn apply(&self, documents: &[usize], findings: &mut [Finding]) {
        let known: Vec<&Known> = documents.iter().filter_map(|number| self.documents.get(*number)).collect();
        for finding in findings.iter_mut().filter(|f| f.status == Status::New) {
            let key = (finding.fingerprint.clone(), finding.value_hash.clone());
            if known.iter().any(|document| document.findings.contains(&key)) {
                finding.status = Status::Known;
            }
        }
    }
}

/// The text of a file with the findings of some documents that count, each under the name by which it is known again.
/// Equal findings give equal text.
pub fn baseline(documents: &[(&str, &DocumentReport)], lang: Lang) -> String {
    let mut sorted: BTreeMap<String, BTreeSet<(String, String, String, String)>> = BTreeMap::new();
    for (name, report) in documents.iter().filter(|(_, d)| d.error.is_none() && d.skipped.is_none()) {
        let known = sorted.entry(name.replace('\\', "/")).or_default();
        for finding in report.findings.iter().filter(|f| f.status == Status::New) {
            let place = finding.places.first().map(|p| p.anchor.to_string()).unwrap_or_default();
            let (print, hash) = (finding.fingerprint.clone(), finding.value_hash.clone());
            known.insert((finding.code.to_string(), place, print, hash));
        }
    }
    let about = lang.pick(
        "rilievi già noti: «riscontro check --baseline» non li conta finché il valore resta lo stesso",
        "known findings: “riscontro check --baseline” does not count them while the value stays the same",
    );
    let mut out = format!("{OPENING}: {about}\nversion = {VERSION}\n");
    for (name, known) in sorted {
        let _ = writeln!(out, "\n[[document]]\npath = {}\nknown = [", quoted(&name));
        for (code, place, print, hash) in known {
            let (code, place) = (quoted(&code), quoted(&place));
            let _ = writeln!(
                out,
                "  {{ code = {code}, where = {place}, fingerprint = \"{print}\", value_hash = \"{hash}\" }},"
            );
        }
        out.push_str("]\n");
    }
    out
}

/// A TOML string on one line.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Whether a file may be replaced by known findings: it is not there, or holds such.
pub fn may_hold_baseline(path: &Path) -> bool {
    match std::fs::metadata(path) {
        Ok(data) if data.is_file() && data.len() > 0 => {
            let mut start = vec![0; OPENING.len()];
            let read = std::fs::File::open(path).and_then(|mut file| std::io::Read::read_exact(&mut file, &mut start));
            read.is_ok() && start == OPENING.as_bytes()
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_is_read_back_as_it_was() {
        for text in ["", "a\"b\\c", "riga\nnuova\t\u{7f}", "«processo» n. 1", "\u{0}"] {
            let table: BTreeMap<String, String> = parse_toml("t", &format!("x = {}", quoted(text)), 0).unwrap();
            assert_eq!(table["x"], text);
        }
    }

    #[test]
    fn a_document_is_known_by_the_end_of_its_path_or_by_being_the_one_left() {
        let known = |path: &str| Known { tail: tail(path), findings: BTreeSet::new() };
        let documents = vec![known("lucca/a.xlsx"), known("a.xlsx"), known("pisa/a.xlsx")];
        let baseline = Baseline { path: PathBuf::new(), documents };
        let of = |paths: &[&str]| baseline.of(&paths.iter().map(|p| Some((*p).to_owned())).collect::<Vec<_>>());
        assert_eq!(of(&["/x/Lucca/A.xlsx", "/x/siena/a.xlsx"]), [vec![0], vec![1]]);
        assert_eq!(of(&["/x/lucca/a.xlsx", "/x/nuovo.xlsx"]), [vec![0], vec![1, 2]]);
    }
}
