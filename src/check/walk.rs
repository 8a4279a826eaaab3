//! From the paths of a run to its inputs: files, folders and patterns.

use std::collections::HashMap;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf, is_separator};
use std::sync::Arc;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use walkdir::{DirEntry, WalkDir};

use super::fate::{ARCHIVES, Choice, Fate, OWN_HEAD, has_extension};
use super::inside::Archive;
use super::options::{Copies, Options};
use super::reach::{not_a_file, out_of_reach, unreadable};
use crate::model::{Bilingual, Error, ErrorKind};
use crate::package::Limits;

/// One input of a run, checkable or not.
#[derive(Debug)]
pub(super) struct Input {
    /// The path as the report shows it, with `/`.
    pub(super) shown: String,
    /// What is to be done with it.
    pub(super) what: What,
}

/// What is to be done with an input.
#[derive(Debug)]
pub(super) enum What {
    /// Check it.
    Check(File),
    /// Nothing: the reason.
    Skip(Bilingual),
    /// Nothing: it cannot be reached.
    Refuse(Arc<Error>),
}

/// A file to check.
#[derive(Debug)]
pub(super) struct File {
    /// Where it is.
    pub(super) path: PathBuf,
    /// Its path below the one that was asked for, for copies in a folder; the bare name of a file.
    pub(super) below: PathBuf,
    /// Asked for by its own name, not found in a folder.
    pub(super) named: bool,
    /// The same for every path that leads to this file.
    pub(super) identity: PathBuf,
    /// Where its bytes come from, if not from the file at `path`.
    pub(super) inside: Inside,
}

impl File {
    /// A file asked for by its name.
    pub(super) fn named(path: &Path) -> Self {
        let (path, below, identity) = (path.to_owned(), path.to_owned(), path.to_owned());
        Self { path, below, named: true, identity, inside: Inside::No }
    }
}

/// Where the bytes of a file come from.
#[derive(Debug, Clone, Default)]
pub(super) enum Inside {
    /// The file itself.
    #[default]
    No,
    /// A file in an archive, by its number.
    Archive(Arc<Archive>, usize),
    /// What was read from the standard input.
    Input(Arc<[u8]>),
}

/// The inputs of a run, in the order of `paths`, folders by name; each file once.
pub(super) fn inputs(paths: &[impl AsRef<Path>], options: &Options) -> Result<Vec<Input>, Error> {
    let mut finder = Finder {
        choice: Choice { include: patterns(&options.include)?, exclude: patterns(&options.exclude)? },
        out: match &options.copies {
            Copies::Under(dir) => fs::canonicalize(dir).ok(),
            Copies::None | Copies::Beside => None,
        },
        strict: options.strict,
        limits: options.limits,
        found: Vec::new(),
        seen: HashMap::new(),
    };
    for path in paths {
        finder.add(path.as_ref())?;
    }
    Ok(finder.found)
}

/// The path as results show it.
pub(super) fn shown(path: &Path) -> String {
    let short = path.strip_prefix(".").unwrap_or(path);
    let short = if short.as_os_str().is_empty() { path } else { short };
    let text = short.to_string_lossy();
    if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
}

pub(super) struct Finder {
    pub(super) choice: Choice,
    out: Option<PathBuf>,
    strict: bool,
    pub(super) limits: Limits,
    found: Vec<Input>,
    /// Position in `found` by identity.
    seen: HashMap<PathBuf, usize>,
}

impl Finder {
    fn add(&mut self, path: &Path) -> Result<(), Error> {
        if path == Path::new("-") {
            self.input();
            return Ok(());
        }
        match fs::metadata(path) {
            Ok(data) if data.is_dir() => self.folder(path),
            Ok(data) if data.is_file() && has_extension(path, ARCHIVES) => self.archive_at(path, Path::new(""), true),
            Ok(data) if data.is_file() => {
                let name = path.file_name().map(PathBuf::from).unwrap_or_default();
                self.file(path.to_owned(), name, true);
            }
            Ok(_) => self.refuse(path, not_a_file()),
            Err(e) if e.kind() == io::ErrorKind::NotFound && is_pattern(path) => self.pattern(path)?,
            Err(e) => self.refuse(path, unreadable(e)),
        }
        Ok(())
    }

    fn folder(&mut self, root: &Path) {
        let before = self.found.len();
        for entry in self.walk(root) {
            match entry {
                Ok(entry) => self.walked(root, &entry),
                Err(e) => self.unreached(root, e),
            }
        }
        if self.found.len() == before && !self.knows_any_below(root) {
            self.skip(
                root,
                ErrorKind::Io,
                "la cartella non contiene file da controllare",
                "the folder holds no file to check",
            );
        }
    }

    fn pattern(&mut self, pattern: &Path) -> Result<(), Error> {
        let (base, rest) = split_pattern(pattern);
        let wanted = glob(&rest)?.compile_matcher();
        let root = if base.as_os_str().is_empty() { PathBuf::from(".") } else { base };
        let mut is_empty = true;
        for entry in self.walk(&root) {
            match entry {
                Ok(entry) => {
                    let below = entry.path().strip_prefix(&root).unwrap_or(entry.path());
                    // A folder that matches stands for all that is in it, as when the shell expands the pattern.
                    if below.ancestors().any(|p| !p.as_os_str().is_empty() && wanted.is_match(p)) {
                        is_empty = false;
                        self.walked(&root, &entry);
                    }
                }
                // A pattern may begin with a folder that is not there: then it matches nothing.
                Err(e) if e.depth() == 0 => {}
                Err(e) => self.unreached(&root, e),
            }
        }
        if is_empty {
            self.skip(pattern, ErrorKind::Io, "nessun file corrisponde", "no file matches");
        }
        Ok(())
    }

    /// The files of a folder by name, without what is always passed over.
    fn walk(&self, root: &Path) -> Vec<walkdir::Result<DirEntry>> {
        let is_wanted = |e: &DirEntry| e.depth() == 0 || !e.file_type().is_dir() || !self.is_passed_over(e, root);
        WalkDir::new(root)
            .sort_by_file_name()
            .into_iter()
            .filter_entry(is_wanted)
            .filter(|e| e.as_ref().map_or(true, |e| !e.path().is_dir()))
            .collect()
    }

    fn is_passed_over(&self, folder: &DirEntry, root: &Path) -> bool {
        let below = folder.path().strip_prefix(root).unwrap_or(folder.path());
        let is_out = || self.out.is_some() && fs::canonicalize(folder.path()).ok() == self.out;
        is_hidden(folder) || self.choice.excludes(below) || is_out()
    }

    /// A file met in a folder.
    fn walked(&mut self, root: &Path, entry: &DirEntry) {
        let path = entry.path();
        let below = path.strip_prefix(root).unwrap_or(path).to_owned();
        let fate = self.choice.fate(&below);
        if matches!(fate, Fate::Archive | Fate::Read { .. })
            && let Some(error) = out_of_reach(path)
        {
            return self.refuse(path, error);
        }
        match fate {
            Fate::PassedOver => {}
            Fate::Archive => self.archive_at(path, below.parent().unwrap_or(Path::new("")), false),
            Fate::Read { may_be_own: true } if is_own_result(path) => {}
            Fate::Read { .. } => self.file(path.to_owned(), below, false),
            Fate::Unread(extension) => self.unread(path, &extension),
        }
    }

    /// Lists a file of a format that is not read.
    pub(super) fn unread(&mut self, path: &Path, extension: &str) {
        let it = format!("i file .{extension} non si leggono ancora: salvarlo come .xlsx");
        let en = format!(".{extension} files are not read yet: save it as .xlsx");
        self.skip(path, ErrorKind::Unsupported, it, en);
    }

    pub(super) fn file(&mut self, path: PathBuf, below: PathBuf, named: bool) {
        let identity = fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
        let shown = shown(&path);
        self.take(shown, File { path, below, named, identity, inside: Inside::No });
    }

    /// Adds a file to check; whether it is none of those already there.
    pub(super) fn take(&mut self, shown: String, file: File) -> bool {
        if let Some(input) = self.seen.get(&file.identity).and_then(|i| self.found.get_mut(*i)) {
            if let What::Check(known) = &mut input.what {
                known.named |= file.named;
            }
            return false;
        }
        self.seen.insert(file.identity.clone(), self.found.len());
        self.found.push(Input { shown, what: What::Check(file) });
        true
    }

    /// Whether an earlier path already brought a file of this folder.
    fn knows_any_below(&self, root: &Path) -> bool {
        fs::canonicalize(root).is_ok_and(|root| self.found.iter().any(|i| i.is_below(&root)))
    }

    /// Lists what is passed over; an error of `kind` where nothing may be.
    pub(super) fn skip(&mut self, path: &Path, kind: ErrorKind, it: impl Into<String>, en: impl Into<String>) {
        if self.strict {
            return self.refuse(path, Error::new(kind, it, en));
        }
        let shown = shown(path);
        if self.found.iter().all(|i| i.shown != shown) {
            self.found.push(Input { shown, what: What::Skip(Bilingual::new(it, en)) });
        }
    }

    pub(super) fn refuse(&mut self, path: &Path, error: Error) {
        self.found.push(Input { shown: shown(path), what: What::Refuse(Arc::new(error.at(path))) });
    }

    fn unreached(&mut self, root: &Path, error: walkdir::Error) {
        let path = error.path().unwrap_or(root).to_owned();
        let error = error.into_io_error().unwrap_or_else(|| io::Error::other("loop of links"));
        self.refuse(&path, unreadable(error));
    }
}

impl Input {
    /// Its path below the one that was asked for, with `/`.
    pub(super) fn name(&self) -> String {
        match &self.what {
            What::Check(file) => shown(&file.below),
            What::Skip(_) | What::Refuse(_) => self.shown.clone(),
        }
    }

    /// The file to check, the same for every path that leads to it.
    pub(super) fn file(&self) -> Option<&Path> {
        match &self.what {
            What::Check(file) => Some(&file.identity),
            What::Skip(_) | What::Refuse(_) => None,
        }
    }

    fn is_below(&self, root: &Path) -> bool {
        matches!(&self.what, What::Check(file) if file.identity.starts_with(root))
    }
}

/// Whether a file is a table of findings, written by an earlier run.
fn is_own_result(path: &Path) -> bool {
    let mut start = [0; OWN_HEAD.len()];
    fs::File::open(path).and_then(|mut file| file.read_exact(&mut start)).is_ok() && start == *OWN_HEAD.as_bytes()
}

fn is_hidden(entry: &DirEntry) -> bool {
    #[cfg(windows)]
    {
        use std::os::windows::fs::MetadataExt as _;
        const HIDDEN: u32 = 0x2;
        if entry.metadata().is_ok_and(|data| data.file_attributes() & HIDDEN != 0) {
            return true;
        }
    }
    entry.file_name().to_string_lossy().starts_with('.')
}

fn is_pattern(path: &Path) -> bool {
    path.to_string_lossy().contains(['*', '?', '[', '{'])
}

/// The folder that a pattern begins with, and the rest with `/`.
fn split_pattern(pattern: &Path) -> (PathBuf, String) {
    let mut base = PathBuf::new();
    let mut rest = Vec::new();
    for part in pattern.components() {
        if rest.is_empty() && !is_pattern(Path::new(&part)) {
            base.push(part);
        } else if part != Component::CurDir {
            rest.push(part.as_os_str().to_string_lossy().into_owned());
        }
    }
    (base, rest.join("/"))
}

fn glob(pattern: &str) -> Result<globset::Glob, Error> {
    GlobBuilder::new(pattern).literal_separator(true).case_insensitive(cfg!(windows)).build().map_err(|e| {
        Error::new(
            ErrorKind::Usage,
            format!("il modello di percorso «{pattern}» non è valido"),
            format!("the path pattern “{pattern}” is not valid"),
        )
        .because(e)
    })
}

/// Patterns with a separator speak of the path below the folder asked for, others of any name in it.
fn patterns(patterns: &[String]) -> Result<Option<GlobSet>, Error> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let clean = pattern.trim_end_matches(is_separator).replace(std::path::MAIN_SEPARATOR, "/");
        let clean = clean.strip_prefix("./").unwrap_or(&clean);
        let whole = if clean.contains('/') { clean.to_owned() } else { format!("**/{clean}") };
        set.add(glob(&whole)?);
    }
    let built = set
        .build()
        .map_err(|e| Error::new(ErrorKind::Usage, "troppi modelli di percorso", "too many path patterns").because(e))?;
    Ok(if patterns.is_empty() { None } else { Some(built) })
}
