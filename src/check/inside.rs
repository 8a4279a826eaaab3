//! Documents that are no files of their own: those in an archive, and the standard input.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::fate::{Fate, OWN_HEAD};
use super::reach::{content, unreadable};
use super::walk::{File, Finder, Inside, shown};
use crate::model::{Error, ErrorKind};
use crate::package::{Container, Limits, ZipFolder, read_shared, sniff};

/// What the standard input is called where a name is needed.
const INPUT: &str = "stdin";

/// An archive with documents to check. Its bytes are in memory from the first document that is read to the last: those
/// of a whole delivery would fill it.
#[derive(Debug)]
pub(super) struct Archive {
    path: PathBuf,
    limits: Limits,
    open: Mutex<Open>,
}

#[derive(Debug)]
struct Open {
    folder: Option<Arc<ZipFolder>>,
    /// Documents not yet read.
    left: usize,
}

impl Archive {
    /// The content of a document.
    pub(super) fn read(&self, number: usize) -> Result<Arc<[u8]>, Error> {
        let folder = {
            let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            let known = open.folder.take();
            let folder = known.map_or_else(|| self.opened().map(Arc::new), Ok)?;
            open.left = open.left.saturating_sub(1);
            open.folder = (open.left > 0).then(|| Arc::clone(&folder));
            folder
        };
        folder.read(number)
    }

    fn opened(&self) -> Result<ZipFolder, Error> {
        ZipFolder::open(content(&self.path, &self.limits)?, &self.limits)
    }
}

impl Finder {
    /// An archive that is a file. `folder` is the path of its own folder below the one asked for.
    pub(super) fn archive_at(&mut self, path: &Path, folder: &Path, named: bool) {
        match content(path, &self.limits) {
            // A workbook may be called so, too.
            Ok(bytes) if !matches!(sniff(&bytes), Container::Zip) => {
                let name = path.file_name().map(PathBuf::from).unwrap_or_default();
                self.file(path.to_owned(), folder.join(name), named);
            }
            Ok(bytes) => {
                let below = folder.join(path.file_stem().unwrap_or_default());
                let identity = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
                self.archive(bytes, path, &below, &identity, named);
            }
            Err(error) => self.refuse(path, error),
        }
    }

    /// The standard input, once.
    pub(super) fn input(&mut self) {
        let path = Path::new("-");
        match read_shared(io::stdin().lock(), 0, self.limits.file.saturating_add(1)) {
            Ok(bytes) if matches!(sniff(&bytes), Container::Zip) => {
                self.archive(bytes, path, Path::new(INPUT), path, true);
            }
            Ok(bytes) => {
                let inside = Inside::Input(bytes);
                let below = PathBuf::from(INPUT);
                self.take(
                    "-".to_owned(),
                    File { path: below.clone(), below, named: true, identity: path.into(), inside },
                );
            }
            Err(error) => self.refuse(path, unreadable(error)),
        }
    }

    /// The documents of an archive, by name. Its own folders become folders below `below`.
    fn archive(&mut self, bytes: Arc<[u8]>, path: &Path, below: &Path, identity: &Path, named: bool) {
        let folder = match ZipFolder::open(bytes, &self.limits) {
            Ok(folder) => Arc::new(folder),
            Err(error) => return self.refuse(path, error),
        };
        let files = self.files_of(&folder);
        let is_document = |fate: &Fate| matches!(fate, Fate::Read { .. });
        let documents: Vec<usize> = files.iter().filter(|f| is_document(&f.2)).map(|f| f.0).collect();
        if let Err(error) = folder.within(&documents) {
            return self.refuse(path, error);
        }
        if documents.is_empty() && !files.iter().any(|f| f.2 == Fate::Archive) {
            self.without_documents(path, named);
        }
        // What comes from the standard input is not there a second time.
        let (known, left) = if identity == Path::new("-") { (Some(folder), usize::MAX) } else { (None, 0) };
        let open = Mutex::new(Open { folder: known, left });
        let archive = Arc::new(Archive { path: path.to_owned(), limits: self.limits, open });
        for (number, name, fate) in files {
            let path = path.join(&name);
            match fate {
                Fate::Archive => self.refuse(&path, nested()),
                Fate::Unread(extension) => self.unread(&path, &extension),
                Fate::PassedOver => {}
                Fate::Read { .. } => {
                    let inside = Inside::Archive(Arc::clone(&archive), number);
                    let (below, identity) = (below.join(&name), identity.join(&name));
                    let shown = shown(&path);
                    if self.take(shown, File { path, below, named: false, identity, inside }) {
                        let mut open = archive.open.lock().unwrap_or_else(PoisonError::into_inner);
                        open.left = open.left.saturating_add(1);
                    }
                }
            }
        }
    }

    /// The files of an archive that are looked at, as in a folder: number, name and what becomes of each.
    fn files_of(&self, folder: &ZipFolder) -> Vec<(usize, PathBuf, Fate)> {
        // Elsewhere a colon would begin a path of its own.
        let name = |parts: Vec<&str>| parts.iter().map(|part| part.replace(':', "_")).collect::<PathBuf>();
        let is_hidden = |parts: &[&str]| parts.iter().any(|part| part.starts_with('.') || *part == "__MACOSX");
        let is_own = |number| folder.head(number, OWN_HEAD.len()).is_ok_and(|head| head == OWN_HEAD.as_bytes());
        let seen = folder.files().filter(|(_, parts)| !is_hidden(parts)).map(|(number, parts)| (number, name(parts)));
        let fated = seen.map(|(number, name)| {
            let fate = self.choice.fate(&name);
            (number, name, fate)
        });
        let kept = fated.filter(|(number, _, fate)| match fate {
            Fate::PassedOver => false,
            Fate::Read { may_be_own: true } => !is_own(*number),
            _ => true,
        });
        let mut files: Vec<_> = kept.collect();
        files.sort_by(|a, b| a.1.cmp(&b.1));
        files
    }

    fn without_documents(&mut self, path: &Path, named: bool) {
        let it = "il file è un archivio zip senza documenti da controllare: estrarne i file e indicare quello giusto";
        let en = "the file is a zip archive without a document to check: extract its files and name the right one";
        if named {
            self.refuse(path, Error::new(ErrorKind::Unsupported, it, en));
        } else {
            self.skip(path, ErrorKind::Unsupported, it, en);
        }
    }
}

fn nested() -> Error {
    Error::new(
        ErrorKind::Unsupported,
        "è un archivio dentro un altro, che non viene aperto: estrarlo e controllare la cartella che ne risulta",
        "is an archive inside another, which is not opened: extract it and check the folder that results",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_is_held_from_its_first_document_to_its_last() {
        // A workbook is a zip archive too, and its parts are files.
        let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/allegato1-lucca-2020.xlsx"));
        let open = Mutex::new(Open { folder: None, left: 2 });
        let archive = Archive { path, limits: Limits::default(), open };
        let is_held = || archive.open.lock().unwrap().folder.is_some();
        assert!(!archive.read(0).unwrap().is_empty() && is_held());
        assert!(!archive.read(1).unwrap().is_empty() && !is_held());
    }
}
