//! A run: from paths to a report, documents side by side, one document's fault its own.
//!
//! Finding the files, reading, recognising, evaluating, and writing annotated copies. What is printed of it,
//! and with which exit code, is left to the caller.

mod beside;
mod copy;
mod diff;
mod document;
mod dossier;
mod fate;
mod gather;
mod inside;
mod names;
mod options;
mod plan;
mod reach;
mod settings;
mod targets;
mod tell;
mod walk;
mod whole;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use rayon::ThreadPoolBuilder;

pub use diff::{Diff, diff};
pub use gather::{Gathered, gather, packs_for};
pub use options::{Configuration, Copies, Options};
pub use reach::content;

use crate::config::WaiverNote;
use crate::engine::Previous;
use crate::model::{Bilingual, Document, DocumentReport, Error, ErrorKind, Report, Severity, Status};
use beside::{Before, Beside, Exceptions};
use document::{Books, Checked};
use dossier::{Dossiers, mirrored};
use plan::Plans;
use settings::{Setting, Settings};
use targets::Target;
use walk::{Input, What};

/// A run that came to its end, or was stopped.
#[derive(Debug)]
#[non_exhaustive]
pub struct Run {
    /// What was found.
    pub report: Report,
    /// The path of each document below the one that was asked for.
    pub names: Vec<String>,
    /// The annotated copies, in the order of the documents.
    pub copies: Vec<AnnotatedCopy>,
    /// Documents not checked, or not to the end, because the run was stopped.
    pub unchecked: usize,
    /// The configurations that held for some of the documents.
    pub configurations: Vec<PathBuf>,
    /// The files of exceptions that held for some of them.
    pub exceptions: Vec<PathBuf>,
    /// Exceptions that have expired, or match nothing that was checked.
    pub waiver_notes: Vec<WaiverNote>,
    /// From which severity the findings of each document make the run fail; `None` for never.
    pub thresholds: Vec<Option<Severity>>,
}

impl Run {
    /// Whether findings that count make the run fail.
    pub fn fails(&self) -> bool {
        let mut documents = self.report.documents.iter().zip(&self.thresholds);
        documents.any(|(document, least)| least.is_some_and(|least| document.worst() >= Some(least)))
    }
}

/// One annotated copy.
#[derive(Debug)]
#[non_exhaustive]
pub struct AnnotatedCopy {
    /// The document as the report names it.
    pub source: String,
    /// The file.
    pub target: PathBuf,
    /// What could not be carried over into it, or why it could not be written.
    pub written: Result<Vec<String>, Arc<Error>>,
}

/// Checks files, folders and patterns of paths.
///
/// Faults of one document are in its part of the report, that of its copy too
/// ([`DocumentReport::copy_error`]). An error is one of the run: a rule that does not load, an output that would
/// overwrite an input.
pub fn check<P: AsRef<Path>>(paths: &[P], options: &Options) -> Result<Report, Error> {
    Ok(run(paths, options)?.report)
}

/// Checks a workbook held in memory, under the name that the report is to give it. Of one that [`Options::stop`] cuts
/// short the report says that it was skipped.
pub fn check_bytes(name: &str, bytes: &[u8], options: &Options) -> Result<DocumentReport, Error> {
    let setting = Settings::without_file(options)?;
    let mut books = document::prepare(&setting)?;
    let waivers = Exceptions::without_file(&setting.options)?;
    let before = Before::of(&[Some(name.to_owned())], &setting.options)?;
    let beside = Beside { waivers: waivers.as_ref(), known: before.get(0), ..Beside::default() };
    let document = document::check_named(name, bytes, &mut books, (&setting, beside))?;
    let document = document.unwrap_or_else(|| skipped(name, &interrupted(), options));
    let mut documents = [document];
    cut(&mut documents, options.max_findings);
    let [document] = documents;
    Ok(document)
}

/// Like [`check()`], telling also which copies were written and whether the run was stopped.
pub fn run<P: AsRef<Path>>(paths: &[P], options: &Options) -> Result<Run, Error> {
    let mut books = document::prepare(&Setting::plain(options)?)?;
    let paths = paths.iter().map(AsRef::as_ref).chain(options.whole_plan.as_deref()).collect::<Vec<_>>();
    let inputs = walk::inputs(&paths, options)?;
    let settings = Settings::of(&inputs, options)?;
    let exceptions = Exceptions::of(&inputs, options)?;
    let path = |input: &Input| input.file().map(|file| file.to_string_lossy().into_owned());
    let before = Before::of(&inputs.iter().map(path).collect::<Vec<_>>(), options)?;
    let kept: Vec<PathBuf> = exceptions.files().map(Path::to_owned).collect();
    let read = settings.files.iter().map(PathBuf::as_path).chain(exceptions.files()).chain(before.file());
    let targets = targets::plan(&inputs, &read.map(Path::to_owned).collect::<Vec<_>>(), options)?;
    for (setting, file) in settings.configured() {
        document::check_selection(&mut books, setting).map_err(|e| e.at(file))?;
    }
    let previous = previous(&inputs, options, settings.get(0))?;
    let dossiers = Dossiers::of(&inputs, &settings, options);
    let plans = Plans::of(&inputs, &settings, options)?;
    let is_joint = !dossiers.is_empty() || !plans.is_empty();
    let before_this = previous.as_ref().and_then(|previous| previous.as_ref().ok());
    let before_this = before_this.map(|(document, path)| Previous { document, path });
    let beside = |i: usize| Beside {
        waivers: exceptions.get(i),
        known: before.get(i),
        previous: before_this,
        dossier: (!dossiers.is_empty()).then_some((&dossiers, i)),
        whole: plans.outcomes(i),
        is_joint,
        ..Beside::default()
    };
    let work = work(&inputs, &targets, &settings, beside);
    let checked = side_by_side(&work, books, options)?;

    let mut run = Run {
        report: Report { documents: Vec::new(), lang: options.lang, as_of: options.as_of },
        names: inputs.iter().map(Input::name).collect(),
        copies: Vec::new(),
        unchecked: 0,
        configurations: settings.files.clone(),
        exceptions: kept,
        waiver_notes: notes(&exceptions, &checked),
        thresholds: work.iter().map(|w| w.setting.threshold()).collect(),
    };
    for (Work { input, target, .. }, done) in work.into_iter().zip(checked) {
        let Some(done) = done else {
            run.unchecked += 1;
            run.report.documents.push(skipped(&input.shown, &interrupted(), options));
            continue;
        };
        if let (Some(written), Some(target)) = (done.copy, target) {
            run.copies.push(AnnotatedCopy { source: input.shown.clone(), target: target.path.clone(), written });
        }
        run.report.documents.push(done.report);
    }
    if is_joint {
        copies(&mut run, &inputs, &targets, &settings);
    }
    if let Some(Err(refused)) = previous {
        run.report.documents.push(*refused);
    }
    cut(&mut run.report.documents, options.max_findings);
    Ok(run)
}

/// Makes the copies of documents that belong together, each with the findings on other documents that have a place in it.
fn copies(run: &mut Run, inputs: &[Input], targets: &[Option<Target>], settings: &Settings) {
    let mut made = Vec::new();
    for (i, (input, target)) in inputs.iter().zip(targets).enumerate() {
        let (What::Check(file), Some(target), Some(setting)) = (&input.what, target, settings.get(i)) else { continue };
        let Some(report) = run.report.documents.get(i).filter(|r| r.error.is_none() && r.skipped.is_none()) else {
            continue;
        };
        let others = run.report.documents.iter().filter(|d| d.path != report.path);
        let others = others.flat_map(|d| d.findings.iter().map(|f| (d.path.as_str(), f)));
        let more = mirrored(&report.path, others);
        let written = copy::copy_with(file, &input.shown, target, report, more, setting).map_err(Arc::new);
        made.push((i, AnnotatedCopy { source: input.shown.clone(), target: target.path.clone(), written }));
    }
    for (i, copy) in made {
        if let Some(report) = run.report.documents.get_mut(i) {
            report.copy_error = copy.written.as_ref().err().cloned();
        }
        run.copies.push(copy);
    }
}

/// The document before, with its path, or the report on one that cannot be read.
type Earlier = Result<(Box<Document>, String), Box<DocumentReport>>;

/// Reads the document before, if the options name one.
fn previous(inputs: &[Input], options: &Options, setting: Option<&Setting>) -> Result<Option<Earlier>, Error> {
    let Some((path, setting)) = options.previous.as_ref().zip(setting) else { return Ok(None) };
    let documents = inputs.iter().filter(|input| matches!(input.what, What::Check(_))).count();
    if documents > 1 {
        let it = format!("il documento precedente si confronta con uno solo: qui sono {documents}");
        let en = format!("the previous document is compared with one only: here are {documents}");
        return Err(Error::new(ErrorKind::Usage, it, en).at(path));
    }
    let shown = walk::shown(path);
    Ok(Some(document::seen(&walk::File::named(path), &shown, setting).map(|document| (document, shown))))
}

/// What there is to say of the exceptions after the run.
fn notes(exceptions: &Exceptions, checked: &[Option<Checked>]) -> Vec<WaiverNote> {
    let done = checked.iter().enumerate().filter_map(|(i, done)| done.as_ref().map(|done| (i, done)));
    let done: Vec<_> = done.map(|(i, done)| (i, &done.report, done.uses.as_slice())).collect();
    exceptions.notes(&done)
}

/// One input, where its copy goes, and what holds for it.
struct Work<'a> {
    input: &'a Input,
    target: Option<&'a Target>,
    setting: &'a Setting,
    beside: Beside<'a>,
}

/// What there is to do, input by input.
fn work<'a>(
    inputs: &'a [Input],
    targets: &'a [Option<Target>],
    settings: &'a Settings,
    beside: impl Fn(usize) -> Beside<'a>,
) -> Vec<Work<'a>> {
    let of = |(i, (input, target)): (usize, (&'a Input, &'a Option<Target>))| {
        let beside = Beside { file: input.file(), ..beside(i) };
        // The copies of documents that belong together are made when all of them are checked.
        let target = target.as_ref().filter(|_| !beside.is_joint);
        Some(Work { input, target, setting: settings.get(i)?, beside })
    };
    inputs.iter().zip(targets).enumerate().filter_map(of).collect()
}

/// Whole documents, each on one thread; `None` for those left when the run was stopped.
fn side_by_side(work: &[Work<'_>], mut books: Books, options: &Options) -> Result<Vec<Option<Checked>>, Error> {
    let jobs = options.jobs.or_else(|| thread::available_parallelism().ok()).map_or(1, usize::from);
    let jobs = jobs.min(work.iter().filter(|w| matches!(w.input.what, What::Check(_))).count());
    if jobs <= 1 {
        return work.iter().map(|item| one(item, &mut books)).collect();
    }
    drop(books);
    let pool = ThreadPoolBuilder::new().num_threads(jobs).build().map_err(|e| {
        Error::new(ErrorKind::Internal, "i lavori paralleli non partono", "the worker threads do not start").because(e)
    })?;
    let next = AtomicUsize::new(0);
    let by_worker = pool.broadcast(|_| {
        let mut books = Books::default();
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = work.get(index) else { return done };
            done.push((index, one(item, &mut books)));
        }
    });
    let mut all: Vec<_> = by_worker.into_iter().flatten().collect();
    all.sort_by_key(|(index, _)| *index);
    all.into_iter().map(|(_, done)| done).collect()
}

fn one(Work { input, target, setting, beside }: &Work<'_>, books: &mut Books) -> Result<Option<Checked>, Error> {
    let options = &setting.options;
    let report = match &input.what {
        What::Check(_) if options.is_stopped() => return Ok(None),
        What::Check(file) => return document::check_file(file, &input.shown, *target, books, (setting, *beside)),
        What::Skip(reason) => skipped(&input.shown, reason, options),
        What::Refuse(error) => document::refused(&input.shown, Arc::clone(error)),
    };
    Ok(Some(report.into()))
}

fn interrupted() -> Bilingual {
    Bilingual::new("interrotto: il controllo non è finito", "interrupted: the check did not come to its end")
}

fn skipped(shown: &str, reason: &Bilingual, options: &Options) -> DocumentReport {
    DocumentReport {
        path: shown.to_owned(),
        skipped: Some(reason.get(options.lang).to_owned()),
        ..DocumentReport::default()
    }
}

/// Leaves the `most` gravest findings of the run, those that count first, and counts the others as omitted.
/// The gravest stay, so that the worst of what is left is the worst of all.
fn cut(documents: &mut [DocumentReport], most: Option<usize>) {
    let Some(most) = most else { return };
    let rank = |status: Status, severity: Severity| (status == Status::New, severity);
    let mut ranks: Vec<_> = documents.iter().flat_map(|d| &d.findings).map(|f| rank(f.status, f.severity)).collect();
    if ranks.len() <= most {
        return;
    }
    ranks.sort_unstable_by(|a, b| b.cmp(a));
    let last = most.checked_sub(1).and_then(|i| ranks.get(i)).copied();
    // Findings of the last rank that fit, in the order of the report.
    let mut room = most - ranks.iter().filter(|r| Some(**r) > last).count().min(most);
    for document in documents {
        let before = document.findings.len();
        document.findings.retain(|f| {
            let own = Some(rank(f.status, f.severity));
            let fits = own == last && room > 0;
            room -= usize::from(fits);
            last.is_some() && own > last || fits
        });
        document.omitted += before - document.findings.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Finding;

    fn finding(severity: Severity, status: Status) -> Finding {
        Finding {
            code: "X-1".into(),
            name: "prova/caso".into(),
            severity,
            message: String::new(),
            places: Vec::new(),
            expected: None,
            remedy: String::new(),
            suggestion: None,
            basis: String::new(),
            related: Vec::new(),
            fingerprint: String::new(),
            value_hash: String::new(),
            status,
            waiver: None,
        }
    }

    #[test]
    fn cutting_keeps_the_gravest_and_counts_the_rest() {
        use Severity::{Avviso, Errore, Osservazione};
        let document = |severities: &[Severity]| DocumentReport {
            findings: severities.iter().map(|s| finding(*s, Status::New)).collect(),
            ..DocumentReport::default()
        };
        let left = |most| {
            let mut documents = [document(&[Osservazione, Avviso, Errore]), document(&[Avviso, Errore])];
            cut(&mut documents, Some(most));
            documents.map(|d| (d.findings.iter().map(|f| f.severity).collect::<Vec<_>>(), d.omitted))
        };
        assert_eq!(left(0), [(vec![], 3), (vec![], 2)]);
        assert_eq!(left(1), [(vec![Errore], 2), (vec![], 2)]);
        assert_eq!(left(3), [(vec![Avviso, Errore], 1), (vec![Errore], 1)]);
        assert_eq!(left(9), [(vec![Osservazione, Avviso, Errore], 0), (vec![Avviso, Errore], 0)]);
    }

    #[test]
    fn cutting_prefers_findings_that_count() {
        let findings = vec![finding(Severity::Errore, Status::Waived), finding(Severity::Osservazione, Status::New)];
        let mut documents = [DocumentReport { findings, ..DocumentReport::default() }];
        cut(&mut documents, Some(1));
        assert_eq!(documents[0].worst(), Some(Severity::Osservazione));
    }

    #[test]
    fn what_is_stopped_is_not_reported_as_checked() {
        let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/allegato1-lucca-2020.xlsx");
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/never-made");
        let mut options = Options::embedded().unwrap();
        options.copies = Copies::Under(folder.clone());
        options.stop = Some(Arc::new(true.into()));
        let run = run(&[&fixture], &options).unwrap();
        assert_eq!((run.unchecked, run.copies.len()), (1, 0));
        assert!(!folder.exists());
        let alone = check_bytes("scheda.xlsx", &std::fs::read(fixture).unwrap(), &options).unwrap();
        for document in run.report.documents.iter().chain([&alone]) {
            assert!(document.skipped.as_ref().is_some_and(|s| s.starts_with("interrotto")), "{document:?}");
            assert!(document.rules.is_empty() && document.findings.is_empty());
        }
    }

    #[test]
    fn rules_run_as_the_interpreter_would_on_every_fixture() {
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
        let mut options = Options::embedded().unwrap();
        options.jobs = std::num::NonZero::new(1);
        let held = crate::engine::reference::holding(|| {
            let report = check(&[fixtures], &options).unwrap();
            assert!(report.documents.iter().any(|d| !d.findings.is_empty()));
        });
        assert!(held > 2_000, "{held}");
    }
}
