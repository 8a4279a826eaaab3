//! Two documents, or two folders of them, side by side.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::beside::{Before, Beside, Exceptions};
use super::document::{self, Books, Checked};
use super::options::Options;
use super::settings::{Setting, Settings};
use super::targets;
use super::walk::{self, Input, What};
use crate::compare::{Differences, differences};
use crate::config::WaiverNote;
use crate::engine::Previous;
use crate::model::{Comparison, Comparisons, DocumentReport, Error, ErrorKind, Fate, Finding, FindingChange, Place};

/// A comparison that came to its end, or was stopped.
#[derive(Debug)]
#[non_exhaustive]
pub struct Diff {
    /// What differs.
    pub comparisons: Comparisons,
    /// The reports on the new documents, the old ones told the previous of each.
    pub reports: Vec<DocumentReport>,
    /// Whether there are new findings at the severity that fails a run, as options or configurations say.
    pub has_failing: bool,
    /// Pairs not compared, because the run was stopped.
    pub unchecked: usize,
    /// Exceptions that have expired, or match nothing that was checked.
    pub waiver_notes: Vec<WaiverNote>,
}

/// Compares two documents, or the documents of two folders that have the same name. Rules that compare with the
/// previous document take the old one for it.
///
/// # Errors
///
/// Rules or a configuration that do not load, a file and a folder side by side.
pub fn diff(old: &Path, new: &Path, options: &Options) -> Result<Diff, Error> {
    if old.is_dir() != new.is_dir() && old.exists() && new.exists() {
        let it = "un file e una cartella non si confrontano: indicare due file o due cartelle";
        let en = "a file and a folder are not compared: give two files or two folders";
        return Err(Error::new(ErrorKind::Usage, it, en).at(new));
    }
    let sides = [walk::inputs(&[old], options)?, walk::inputs(&[new], options)?];
    let [left, right] = &sides;
    let prepared = document::prepare(&Setting::plain(options)?)?;
    let mut run = Runner {
        settings: [Settings::of(left, options)?, Settings::of(right, options)?],
        books: [prepared, Books::default()],
        exceptions: Exceptions::of(right, options)?,
        before: Before::of(&right.iter().map(path).collect::<Vec<_>>(), options)?,
        options,
    };
    run.spare(&sides)?;
    let mut diff = Diff {
        comparisons: Comparisons { pairs: Vec::new(), lang: options.lang },
        reports: Vec::new(),
        has_failing: false,
        unchecked: 0,
        waiver_notes: Vec::new(),
    };
    let mut done = Vec::new();
    for (at_old, at_new) in paired(left, right) {
        let input = |inputs: &'_ [Input], at: Option<usize>| at.filter(|at| inputs.len() > *at);
        let own = input(left, at_old).and_then(|at| Some((at, left.get(at)?)));
        let other = input(right, at_new).and_then(|at| Some((at, right.get(at)?)));
        match run.compare(own, other)? {
            Some((comparison, checked)) => {
                let least = at_new.and_then(|at| run.settings.get(1)?.get(at)?.threshold());
                let worst = comparison.as_ref().and_then(Comparison::worst);
                diff.has_failing |= least.is_some_and(|least| worst >= Some(least));
                diff.comparisons.pairs.extend(comparison);
                done.extend(at_new.zip(checked));
            }
            None => diff.unchecked += 1,
        }
    }
    let uses: Vec<_> = done.iter().map(|(at, checked)| (*at, &checked.report, checked.uses.as_slice())).collect();
    diff.waiver_notes = run.exceptions.notes(&uses);
    diff.reports = done.into_iter().map(|(_, checked)| checked.report).collect();
    Ok(diff)
}

fn path(input: &Input) -> Option<String> {
    input.file().map(|file| file.to_string_lossy().into_owned())
}

/// The inputs that are each other, by position: the only ones, or those of the same name below the folders.
fn paired(old: &[Input], new: &[Input]) -> Vec<(Option<usize>, Option<usize>)> {
    let wanted = |inputs: &[Input]| -> Vec<(String, usize)> {
        let all = inputs.iter().enumerate().filter(|(_, input)| !matches!(input.what, What::Skip(_)));
        all.map(|(at, input)| (input.name().to_lowercase(), at)).collect()
    };
    let (old, new) = (wanted(old), wanted(new));
    if let ([(_, own)], [(_, other)]) = (old.as_slice(), new.as_slice()) {
        return vec![(Some(*own), Some(*other))];
    }
    let by_name: BTreeMap<&str, usize> = old.iter().map(|(name, at)| (name.as_str(), *at)).collect();
    let names: BTreeSet<&str> = new.iter().map(|(name, _)| name.as_str()).collect();
    let pairs = new.iter().map(|(name, at)| (by_name.get(name.as_str()).copied(), Some(*at)));
    let gone = old.iter().filter(|(name, _)| !names.contains(name.as_str())).map(|(_, at)| (Some(*at), None));
    pairs.chain(gone).collect()
}

/// What holds for both sides.
struct Runner<'o> {
    settings: [Settings; 2],
    books: [Books; 2],
    exceptions: Exceptions,
    before: Before,
    options: &'o Options,
}

/// A pair compared, if there is anything to tell of it, and its new document.
type Compared = (Option<Comparison>, Option<Checked>);

/// One document of a pair, with its position among the inputs of its side.
type Side<'i> = Option<(usize, &'i Input)>;

impl Runner<'_> {
    /// An error if a result would be written over something that is read.
    fn spare(&self, sides: &[Vec<Input>; 2]) -> Result<(), Error> {
        let settings = self.settings.iter().flat_map(|settings| &settings.files).map(PathBuf::as_path);
        let read: Vec<PathBuf> =
            settings.chain(self.exceptions.files()).chain(self.before.file()).map(Path::to_owned).collect();
        sides.iter().try_for_each(|side| targets::plan(side, &read, self.options).map(drop))
    }

    /// Compares the documents of a pair; nothing within where neither holds a known table, nothing at all if the run is
    /// stopped meanwhile.
    fn compare(&mut self, old: Side<'_>, new: Side<'_>) -> Result<Option<Compared>, Error> {
        let own = match old {
            Some((at, input)) => {
                let Some(own) = self.check(0, at, input, None)? else { return Ok(None) };
                Some(own)
            }
            None => None,
        };
        let previous = own
            .as_ref()
            .and_then(|own| Some(Previous { document: own.document.as_deref()?, path: own.report.path.as_str() }));
        let other = match new {
            Some((at, input)) => {
                let Some(other) = self.check(1, at, input, previous)? else { return Ok(None) };
                Some(other)
            }
            None => None,
        };
        let lang = self.options.lang;
        let found = own.as_ref().zip(other.as_ref()).and_then(|(own, other)| {
            let packs = &self.settings.get(1)?.get(new?.0)?.options.packs;
            Some(differences(own.document.as_deref()?, other.document.as_deref()?, packs, lang))
        });
        let comparison = compared(own.as_ref(), other.as_ref(), found.unwrap_or_default());
        Ok(Some((comparison, other)))
    }

    fn check(
        &mut self,
        side: usize,
        at: usize,
        input: &Input,
        previous: Option<Previous<'_>>,
    ) -> Result<Option<Checked>, Error> {
        let file = match &input.what {
            What::Check(file) => file,
            What::Skip(_) => return Ok(Some(Checked::default())),
            What::Refuse(error) => return Ok(Some(document::refused(&input.shown, Arc::clone(error)).into())),
        };
        let is_new = side == 1;
        let beside = Beside {
            waivers: self.exceptions.get(at).filter(|_| is_new),
            known: self.before.get(at).filter(|_| is_new),
            previous,
            file: input.file(),
            keeps: true,
            ..Beside::default()
        };
        let setting = self.settings.get(side).and_then(|settings| settings.get(at));
        let Some((setting, books)) = setting.zip(self.books.get_mut(side)) else { return Ok(None) };
        document::check_file(file, &input.shown, None, books, (setting, beside))
    }
}

/// What became of findings, beside what differs in the records; nothing where there is nothing to tell.
fn compared(old: Option<&Checked>, new: Option<&Checked>, found: Differences) -> Option<Comparison> {
    let told = |side: Option<&Checked>| {
        side.map(|c| &c.report).filter(|r| r.error.is_some() || !r.tables.is_empty()).map(|r| r.path.clone())
    };
    let (old_path, new_path) = (told(old).unwrap_or_default(), told(new).unwrap_or_default());
    if old_path.is_empty() && new_path.is_empty() {
        return None;
    }
    let reports = old.into_iter().chain(new).map(|checked| &checked.report);
    let errors: Vec<_> = reports.filter_map(|r| Some((r.path.clone(), r.error.clone()?))).collect();
    let of = |side: Option<&Checked>| side.map_or_else(Vec::new, |checked| checked.report.findings.clone());
    let findings = if errors.is_empty() { fates(of(old), of(new), &found) } else { Vec::new() };
    Some(Comparison { old: old_path, new: new_path, errors, head: found.head, tables: found.tables, findings })
}

/// Findings by fate, the gravest first; then by rule and place in words, which moved rows do not change.
fn fates(old: Vec<Finding>, new: Vec<Finding>, found: &Differences) -> Vec<FindingChange> {
    let mut left: BTreeMap<String, Finding> = old.into_iter().map(|f| (f.fingerprint.clone(), f)).collect();
    let mut changes = Vec::new();
    let mut alone = Vec::new();
    for finding in new {
        match left.remove(&finding.fingerprint) {
            Some(own) => changes.push(in_both(own, finding)),
            None => alone.push(finding),
        }
    }
    // A record with another name has another fingerprint, and is the same record.
    let row = |side: usize, finding: &Finding| {
        let place = finding.places.first().filter(|p| p.path.is_none())?;
        let record = found.rows.get(side)?.get(&(place.sheet_index, place.area?.first.row))?;
        Some((finding.code.clone(), place.anchor.part.clone(), *record))
    };
    let mut by_row: BTreeMap<_, Vec<String>> = BTreeMap::new();
    for (print, finding) in &left {
        if let Some(row) = row(0, finding) {
            by_row.entry(row).or_default().push(print.clone());
        }
    }
    for finding in alone {
        let own = row(1, &finding).and_then(|row| by_row.get_mut(&row)?.pop()).and_then(|print| left.remove(&print));
        changes.push(match own {
            Some(own) => in_both(own, finding),
            None => FindingChange { fate: Fate::New, finding, before: Vec::new() },
        });
    }
    let gone = |finding: Finding| FindingChange { fate: Fate::Resolved, finding, before: Vec::new() };
    changes.extend(left.into_values().map(gone));
    changes.sort_by(|a, b| order(a).cmp(&order(b)));
    changes
}

fn in_both(old: Finding, new: Finding) -> FindingChange {
    let fate = if old.value_hash == new.value_hash { Fate::Persisting } else { Fate::Changed };
    FindingChange { fate, finding: new, before: old.places }
}

fn order(change: &FindingChange) -> impl Ord + '_ {
    let finding = &change.finding;
    let anchor = finding.places.first().map(|place: &Place| place.anchor.to_string());
    (change.fate, std::cmp::Reverse(finding.severity), &finding.code, anchor, &finding.fingerprint)
}
