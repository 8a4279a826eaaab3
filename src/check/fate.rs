//! What becomes of a file met in a folder or in an archive, by its name.

use std::path::Path;

use globset::{Candidate, GlobSet};

/// Workbooks and texts that are read.
const READ: &[&str] = &["xlsx", "xlsm", "xlsb", "xltx", "xltm", "csv", "tsv", "ods", "xls", "md", "markdown"];
/// Workbooks that could hold a schedule, but are not read.
const UNREAD: &[&str] = &["fods", "numbers"];
/// Signed envelopes, of which the document inside is read.
const ENVELOPES: &[&str] = &["p7m"];
/// Archives, which are walked as folders are.
pub(super) const ARCHIVES: &[&str] = &["zip"];
/// What a table of findings begins with: one that an earlier run wrote, with a mark in front.
pub(super) const OWN_HEAD: &str = "\u{feff}path;sheet;cell;anchor;severity;";

/// What becomes of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is no document, or not asked for.
    PassedOver,
    /// It is walked.
    Archive,
    /// It is checked, unless it is a table of findings, which the first bytes tell.
    Read { may_be_own: bool },
    /// It could be a schedule, but its format is not read.
    Unread(String),
}

/// The files that are looked at.
#[derive(Debug, Default)]
pub(super) struct Choice {
    pub(super) include: Option<GlobSet>,
    pub(super) exclude: Option<GlobSet>,
}

impl Choice {
    /// What becomes of a file; `below` is its path below the folder or archive that is walked.
    pub(super) fn fate(&self, below: &Path) -> Fate {
        let name = below.file_name().map(|n| n.to_string_lossy().to_lowercase()).unwrap_or_default();
        let is_ours = name.contains(".riscontro.");
        let is_left_out = self.include.as_ref().is_some_and(|set| !matches(set, below)) || self.excludes(below);
        // `.` begins the names that systems hide, the shadows of files on other disks among them (`._piano.xlsx`).
        if name.starts_with("~$") || name.starts_with('.') || is_ours || is_left_out {
            Fate::PassedOver
        } else if has_extension(below, ARCHIVES) {
            Fate::Archive
        } else if is_read(below) {
            Fate::Read { may_be_own: has_extension(below, &["csv"]) }
        } else {
            let extension = below.extension().filter(|_| has_extension(below, UNREAD));
            extension.map_or(Fate::PassedOver, |e| Fate::Unread(e.to_string_lossy().to_lowercase()))
        }
    }

    /// Whether a file or a folder is left out.
    pub(super) fn excludes(&self, below: &Path) -> bool {
        self.exclude.as_ref().is_some_and(|set| matches(set, below))
    }
}

/// Whether a path or a folder above it is one of the set.
fn matches(set: &GlobSet, below: &Path) -> bool {
    below.ancestors().filter(|p| !p.as_os_str().is_empty()).any(|p| set.is_match_candidate(&Candidate::new(p)))
}

pub(super) fn has_extension(path: &Path, known: &[&str]) -> bool {
    path.extension().is_some_and(|e| known.iter().any(|k| e.eq_ignore_ascii_case(k)))
}

/// Whether a file is one that is read, by its name: `piano.xlsx`, or `piano.xlsx.p7m`.
fn is_read(path: &Path) -> bool {
    let in_envelope = || path.file_stem().is_some_and(|stem| is_read(Path::new(stem)));
    has_extension(path, READ) || has_extension(path, ENVELOPES) && in_envelope()
}
