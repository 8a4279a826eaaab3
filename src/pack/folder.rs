//! The files of a pack's folder, read within bounds.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::names::Checked;
use crate::model::{Error, ErrorKind};

/// The longest file of a pack.
const MOST_BYTES: u64 = 4 * 1024 * 1024;

/// The files of one pack folder: name and text.
pub(super) struct Folder {
    pub(super) name: String,
    pub(super) path: String,
    pub(super) files: BTreeMap<String, String>,
}

impl Folder {
    pub(super) fn checked(&self, name: &str) -> Checked<'_> {
        Checked::new(format!("{}/{name}", self.path), self.files.get(name).map_or("", String::as_str))
    }
}

/// Whether a file of a pack's folder is read, by its name.
fn is_read(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "toml" || e == "rhai")
}

/// Whether a file would be read but for the capital letters of its extension: systems that tell them apart would pass it
/// over, others read it.
fn is_misspelt(path: &Path) -> bool {
    let name = file_name(path);
    let is_known = |e: &std::ffi::OsStr| e.eq_ignore_ascii_case("toml") || e.eq_ignore_ascii_case("rhai");
    !name.starts_with('.') && !is_read(path) && path.extension().is_some_and(is_known)
}

/// The files that are read of a folder of packs, or of one pack.
pub(super) fn files(dir: &Path) -> Vec<PathBuf> {
    let inside = |dir: &Path| fs::read_dir(dir).into_iter().flatten().filter_map(|e| Some(e.ok()?.path()));
    let (folders, own): (Vec<PathBuf>, Vec<PathBuf>) = inside(dir).partition(|path| path.is_dir());
    own.into_iter().chain(folders.iter().flat_map(|f| inside(f))).filter(|path| is_read(path)).collect()
}

/// A rule at a place where no pack is looked for: the path itself, or a file in the folder that it is.
pub(super) fn stray_rule(path: &Path) -> Option<PathBuf> {
    let is_rule = |p: &Path| p.extension().is_some_and(|e| e.eq_ignore_ascii_case("rhai")) && p.is_file();
    if is_rule(path) {
        return Some(path.to_owned());
    }
    let mut rules: Vec<PathBuf> =
        fs::read_dir(path).ok()?.filter_map(|e| Some(e.ok()?.path())).filter(|p| is_rule(p)).collect();
    rules.sort();
    rules.into_iter().next()
}

pub(super) fn file_name(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

pub(super) fn unreadable(path: &Path, error: io::Error) -> Error {
    let (it, en) = match error.kind() {
        io::ErrorKind::NotFound => ("la cartella delle regole non esiste", "the rules folder does not exist"),
        io::ErrorKind::NotADirectory => (
            "non è una cartella: indicare quella che contiene le regole",
            "this is no folder: give the one that holds the rules",
        ),
        _ => ("la cartella delle regole non si legge", "the rules folder cannot be read"),
    };
    Error::new(ErrorKind::Usage, it, en).at(path).because(error)
}

/// The text of a file of rules. What is no file (a pipe, a device) would keep whoever reads it waiting.
fn read_file(path: &Path) -> Result<String, Error> {
    let refuse = |it: &str, en: &str| Error::new(ErrorKind::Usage, it, en).at(path);
    if !path.is_file() {
        return Err(refuse(
            "non è un file: toglierlo dalla cartella delle regole",
            "this is no file: take it out of the rules folder",
        ));
    }
    let unread = |e: io::Error| match e.kind() {
        io::ErrorKind::InvalidData => refuse(
            "il testo non è in UTF-8: salvarlo in questa codifica",
            "the text is not in UTF-8: save it in that encoding",
        ),
        _ => refuse("il file delle regole non si legge", "the rules file cannot be read"),
    };
    let mut text = String::new();
    let file = fs::File::open(path).map_err(unread)?;
    file.take(MOST_BYTES + 1).read_to_string(&mut text).map_err(unread)?;
    if text.len() as u64 > MOST_BYTES {
        return Err(refuse(
            "il file è troppo grande per contenere regole: il limite è 4 MiB",
            "the file is too large to hold rules: the limit is 4 MiB",
        ));
    }
    Ok(text)
}

pub(super) fn read_folder(dir: &Path) -> Result<Folder, Error> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(dir).map_err(|e| unreadable(dir, e))? {
        let path = entry.map_err(|e| unreadable(dir, e))?.path();
        if is_misspelt(&path) {
            return Err(Error::new(
                ErrorKind::Usage,
                "l'estensione ha lettere maiuscole e il file non sarebbe letto: scriverla in minuscolo",
                "the extension has capital letters and the file would not be read: write it in small ones",
            )
            .at(&path));
        }
        if is_read(&path) {
            let text = read_file(&path)?;
            files.insert(file_name(&path), text);
        }
    }
    Ok(Folder { name: file_name(dir), path: dir.to_string_lossy().replace('\\', "/"), files })
}

/// The files of the profiles beside packs, by name and text.
pub(super) fn profile_files(dir: &Path) -> Result<BTreeMap<String, String>, Error> {
    let folder = dir.join(super::profile::FOLDER);
    let is_there = folder.is_dir() && !folder.join("schedule.toml").is_file();
    if is_there { Ok(read_folder(&folder)?.files) } else { Ok(BTreeMap::new()) }
}
