//! One document: read, recognised, evaluated, annotated.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::beside::Beside;
use super::copy::copy_to;
use super::options::Options;
use super::reach;
use super::settings::Setting;
use super::targets::Target;
use super::tell;
use super::walk::{File, Inside};
use crate::config::{Anchors, Use};
use crate::engine::{Context, RuleBook, Selected, profile_faults};
use crate::ingest;
use crate::model::{
    Document, DocumentReport, Error, ErrorKind, Finding, Lang, Outcome, Panicked, Place, guarded, sha256_hex,
};

/// The compiled rules of one worker, by setting and the kinds they are for. Rules stay on the thread that compiled them.
#[derive(Default)]
pub(super) struct Books(BTreeMap<BookKey, (RuleBook, Selected)>);

/// Number of a setting, and kinds; no kinds for all.
type BookKey = (usize, Vec<Arc<str>>);

impl Books {
    /// The rules for documents with tables of these kinds.
    pub(super) fn of(&mut self, kinds: &[Arc<str>], setting: &Setting) -> Result<&(RuleBook, Selected), Error> {
        let options = &setting.options;
        // A selection may name rules of any kind: it is resolved against all of them.
        let is_whole = is_selective(options);
        let key = (setting.id, if is_whole { Vec::new() } else { kinds.to_vec() });
        if !self.0.contains_key(&key) {
            let mut book = RuleBook::to_run(&options.packs, (!is_whole).then_some(kinds))?;
            book.configure(&options.overrides);
            let selected = book.select(&options.selection)?;
            self.0.insert(key.clone(), (book, selected));
        }
        self.0.get(&key).ok_or_else(|| Error::new(ErrorKind::Internal, "regole non trovate", "rules not found"))
    }
}

fn is_selective(options: &Options) -> bool {
    !options.selection.select.is_empty() || !options.selection.ignore.is_empty()
}

/// What must be right before any document is read: rules from outside, and the selection.
pub(super) fn prepare(setting: &Setting) -> Result<Books, Error> {
    let mut books = Books::default();
    check_selection(&mut books, setting)?;
    if setting.options.has_outside && !is_selective(&setting.options) {
        // All of them: a code of one's own may be one that a shipped rule of another kind has.
        RuleBook::to_run(&setting.options.packs, None)?;
    }
    check_profiles(setting)?;
    Ok(books)
}

/// Profiles from outside must speak of rules that there are.
fn check_profiles(setting: &Setting) -> Result<(), Error> {
    let packs = &setting.options.packs;
    let mut own = packs.profiles.values().filter(|p| !p.is_shipped).peekable();
    if own.peek().is_none() {
        return Ok(());
    }
    let book = RuleBook::to_run(packs, None)?;
    let faults: Vec<_> = own.flat_map(|profile| profile_faults(profile, &book)).collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::rules(faults)) }
}

/// A selection must name rules, and leave some.
pub(super) fn check_selection(books: &mut Books, setting: &Setting) -> Result<(), Error> {
    if is_selective(&setting.options) {
        let (_, selected) = books.of(&[], setting)?;
        if selected.indices().is_empty() {
            let it = "nessuna regola resta: «ignore» o il profilo tolgono tutte quelle che «select» sceglie";
            let en = "no rule is left: “ignore” or the profile take out all that “select” chooses";
            return Err(Error::new(ErrorKind::Usage, it, en));
        }
    }
    Ok(())
}

/// A document, what became of its copy and of the exceptions that hold for it.
#[derive(Default)]
pub(super) struct Checked {
    pub(super) report: DocumentReport,
    pub(super) copy: Option<Result<Vec<String>, Arc<Error>>>,
    pub(super) uses: Vec<Use>,
    /// What it was recognised as, if that is wanted.
    pub(super) document: Option<Box<Document>>,
}

impl From<DocumentReport> for Checked {
    fn from(report: DocumentReport) -> Self {
        Self { report, ..Self::default() }
    }
}

/// Checks a file and writes its copy; nothing if the run is stopped meanwhile. An error is one of the run: rules that do not load.
pub(super) fn check_file(
    file: &File,
    shown: &str,
    target: Option<&Target>,
    books: &mut Books,
    (setting, beside): (&Setting, Beside<'_>),
) -> Result<Option<Checked>, Error> {
    let options = &setting.options;
    let mut run = || {
        let bytes = match read(file, options) {
            Ok(bytes) => bytes,
            Err(error) => return Ok(Some(refused(shown, error.at(&file.path)).into())),
        };
        let is_named = file.named || options.strict;
        let Some(mut checked) = examine(shown, &bytes, is_named, books, (setting, beside))? else {
            return Ok(None);
        };
        let report = &mut checked.report;
        let copy = target.filter(|_| report.error.is_none() && report.skipped.is_none());
        let copy = copy.map(|target| copy_to(target, shown, &bytes, report, setting).map_err(Arc::new));
        report.copy_error = copy.as_ref().and_then(|copy| copy.as_ref().err().cloned());
        Ok(Some(Checked { copy, ..checked }))
    };
    guarded(&mut run).unwrap_or_else(|panic| {
        *books = Books::default();
        Ok(Some(refused(shown, broken(panic).at(&file.path)).into()))
    })
}

/// Checks bytes already read; nothing if the run is stopped meanwhile. An error is one of the run.
pub(super) fn check_named(
    name: &str,
    bytes: &[u8],
    books: &mut Books,
    (setting, beside): (&Setting, Beside<'_>),
) -> Result<Option<DocumentReport>, Error> {
    guarded(|| Ok(examine(name, &bytes.into(), true, books, (setting, beside))?.map(|checked| checked.report)))
        .unwrap_or_else(|panic| Ok(Some(refused(name, broken(panic).at(name)))))
}

/// The report on an input that cannot be checked.
pub(super) fn refused(shown: &str, error: impl Into<Arc<Error>>) -> DocumentReport {
    DocumentReport { path: shown.to_owned(), error: Some(error.into()), ..DocumentReport::default() }
}

/// The bytes of a file.
pub(super) fn read(file: &File, options: &Options) -> Result<Arc<[u8]>, Error> {
    match &file.inside {
        Inside::Archive(archive, number) => archive.read(*number),
        Inside::Input(bytes) => Ok(Arc::clone(bytes)),
        Inside::No => reach::content(&file.path, &options.limits),
    }
}

/// What is told of a document that the program could not go through with; the cause is for whoever mends it.
pub(super) fn broken(cause: Panicked) -> Error {
    Error::new(
        ErrorKind::Internal,
        "il programma ha commesso un errore su questo documento; gli altri non ne risentono: segnalarlo",
        "the program made a mistake on this document; the others are not concerned: please report it",
    )
    .because(cause)
}

fn examine(
    name: &str,
    bytes: &Arc<[u8]>,
    is_named: bool,
    books: &mut Books,
    (setting, beside): (&Setting, Beside<'_>),
) -> Result<Option<Checked>, Error> {
    let options = &setting.options;
    let mut report = DocumentReport { path: name.to_owned(), sha256: sha256_hex(bytes), ..DocumentReport::default() };
    let document = match recognised(name, bytes, is_named, setting, &mut report) {
        Seen::Known(document) => document,
        Seen::Refused => return Ok(Some(report.into())),
        Seen::Stopped => return Ok(None),
    };
    report.kinds = tell::kinds(&document);
    let mut document = document;
    let own = document.tables.len();
    if let Some((dossiers, at)) = beside.dossier {
        let (tables, remarks) = dossiers.beside(at, &document, &options.packs);
        document.tables.extend(tables);
        report.remarks.extend(remarks.iter().map(|r| r.get(options.lang).to_owned()));
    }
    let (book, selected) = books.of(&report.kinds, setting)?;
    let of_whole: Vec<&str> = beside.whole.iter().map(|outcome| &*outcome.rule.code).collect();
    let selected = &selected.without(book, &of_whole);
    let previous = beside.previous;
    let evaluated = |lang: Lang| {
        let (most, stopwatch) = (Some(options.limits.findings), options.stopwatch);
        let context = Context { lang, as_of: options.as_of, most, previous, stopwatch };
        let outcomes = book.evaluate_unless(&document, selected, &context, &|| options.is_stopped());
        outcomes.filter(|_| !options.is_stopped())
    };
    let Some(mut outcomes) = evaluated(options.lang) else { return Ok(None) };
    outcomes.extend(beside.whole.iter().cloned());
    outcomes.sort_by(|a, b| a.rule.code.cmp(&b.rule.code));
    take_outcomes(&mut report, outcomes, options);
    let uses = beside.waivers.map_or_else(Vec::new, |waivers| {
        let name = &*beside.name(name);
        let uses = waivers.apply(name, &mut report.findings, &Anchors::new());
        // Who wrote the exceptions may have read the findings in the other language.
        match waivers.is_unsure(&uses).then(|| evaluated(options.lang.pick(Lang::En, Lang::It))).flatten() {
            Some(outcomes) => waivers.apply(name, &mut report.findings, &anchors(outcomes)),
            None => uses,
        }
    });
    if let Some((baseline, documents)) = beside.known {
        baseline.apply(documents, &mut report.findings);
    }
    document.tables.truncate(own);
    let kept = beside.keeps.then(|| document.clone());
    report.head = document.head;
    report.tables = document.tables.into_iter().map(|t| tell::table_report(t, options)).collect();
    Ok(Some(Checked { uses, document: kept, ..report.into() }))
}

/// The places of findings in words, by fingerprint.
fn anchors(outcomes: Vec<Outcome>) -> Anchors {
    let words = |place: Place| [place.anchor.to_string(), place.anchor.unit];
    let findings = outcomes.into_iter().flat_map(|outcome| outcome.findings);
    findings.map(|f| (f.fingerprint, f.places.into_iter().map(words).collect())).collect()
}

/// What the bytes of a document are.
enum Seen {
    /// A document with tables.
    Known(Box<Document>),
    /// None that is checked: the report says why.
    Refused,
    /// The run was stopped meanwhile.
    Stopped,
}

/// What the bytes of a document are; what there is to say of their reading goes into the report.
fn recognised(name: &str, bytes: &Arc<[u8]>, is_named: bool, setting: &Setting, report: &mut DocumentReport) -> Seen {
    let options = &setting.options;
    if options.is_stopped() {
        return Seen::Stopped;
    }
    let grid = match ingest::read(Arc::clone(bytes), name, &options.limits) {
        Ok(grid) => grid,
        Err(error) => {
            report.error = Some(Arc::new(error.at(name)));
            return Seen::Refused;
        }
    };
    report.remarks = grid.remarks.iter().map(|r| r.get(options.lang).to_owned()).collect();
    if options.is_stopped() {
        return Seen::Stopped;
    }
    let Some(document) = setting.recogniser().recognise_unless(&grid, options.stop.as_ref()) else {
        return Seen::Stopped;
    };
    let is_blank = grid.sheets.iter().all(|sheet| sheet.cells.is_empty());
    drop(grid);
    report.remarks.extend(document.remarks.iter().map(|r| r.get(options.lang).to_owned()));
    report.near_misses.clone_from(&document.near_misses);
    for miss in &mut report.near_misses {
        let pack = miss.kind.as_deref().and_then(|kind| options.packs.get(kind));
        miss.title = pack.map(|p| Box::new(p.schedule.title.clone()));
    }
    if document.tables.is_empty() {
        let (error, is_empty) = if is_blank {
            (tell::blank(), false)
        } else {
            tell::unrecognised(&document.near_misses, &options.packs, is_named)
        };
        if is_named || is_empty {
            report.error = Some(Arc::new(error.at(name)));
        } else {
            report.skipped = Some(error.message(options.lang).to_owned());
        }
        return Seen::Refused;
    }
    Seen::Known(Box::new(document))
}

/// What a file is, or the report on one that is none of a known kind or cannot be read.
pub(super) fn seen(file: &File, shown: &str, setting: &Setting) -> Result<Box<Document>, Box<DocumentReport>> {
    let read = || -> Result<Box<Document>, Box<DocumentReport>> {
        let refuse = |error: Error| Box::new(refused(shown, error.at(&file.path)));
        let bytes = read(file, &setting.options).map_err(refuse)?;
        let mut report = DocumentReport { path: shown.to_owned(), ..DocumentReport::default() };
        let is_named = file.named || setting.options.strict;
        match recognised(shown, &bytes, is_named, setting, &mut report) {
            Seen::Known(document) => Ok(document),
            Seen::Refused | Seen::Stopped => Err(Box::new(report)),
        }
    };
    guarded(read).unwrap_or_else(|panic| Err(Box::new(refused(shown, broken(panic).at(&file.path)))))
}

/// Outcomes as they come, by code; findings by place, then rule.
fn take_outcomes(report: &mut DocumentReport, outcomes: Vec<Outcome>, options: &Options) {
    for outcome in outcomes {
        if outcome.omitted > 0 {
            report.omitted += outcome.omitted;
            report.remarks.push(tell::omitted(&outcome, options.limits.findings).get(options.lang).to_owned());
        }
        report.rules.push(outcome.rule);
        report.findings.extend(outcome.findings);
    }
    report.findings.sort_by(|a, b| order(a).cmp(&order(b)));
}

/// What findings are sorted by.
pub(super) fn order(finding: &Finding) -> impl Ord + '_ {
    let place = finding.places.first().map(|p: &Place| (&p.path, p.sheet_index, p.area, p.line));
    (place, &finding.code, &finding.fingerprint)
}
