//! Documents that are no files of their own: those in an archive, and the standard input.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::walk::{ARCHIVES, File, Finder, Inside, has_extension, is_read, matches, shown, unreadable};
use crate::model::{Error, ErrorKind};
use crate::package::{Container, ZipFolder, sniff};

/// What the standard input is called where a name is needed.
const INPUT: &str = "stdin";

impl Finder {
    /// An archive that is a file. `folder` is the path of its own folder below the one asked for.
    pub(super) fn archive_at(&mut self, path: &Path, folder: &Path, named: bool) {
        let bytes = fs::File::open(path).and_then(|file| self.bounded(file));
        match bytes {
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
            Err(error) => self.refuse(path, unreadable(error)),
        }
    }

    /// The standard input, once.
    pub(super) fn input(&mut self) {
        let path = Path::new("-");
        match self.bounded(io::stdin().lock()) {
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

    /// What is read, cut just beyond the limit.
    fn bounded(&self, from: impl Read) -> io::Result<Arc<[u8]>> {
        let mut bytes = Vec::new();
        from.take(self.limits.file.saturating_add(1)).read_to_end(&mut bytes)?;
        Ok(bytes.into())
    }

    /// The documents of an archive, by name. Its own folders become folders below `below`.
    fn archive(&mut self, bytes: Arc<[u8]>, path: &Path, below: &Path, identity: &Path, named: bool) {
        let archive = match ZipFolder::open(bytes, &self.limits) {
            Ok(archive) => Arc::new(archive),
            Err(error) => return self.refuse(path, error),
        };
        // Elsewhere a colon would begin a path of its own.
        let name = |parts: Vec<&str>| parts.iter().map(|part| part.replace(':', "_")).collect::<PathBuf>();
        let mut files: Vec<(usize, PathBuf)> = archive.files().map(|(number, parts)| (number, name(parts))).collect();
        files.sort_by(|a, b| a.1.cmp(&b.1));
        files.retain(|(_, name)| self.is_wanted(name));
        let documents: Vec<usize> = files.iter().filter(|(_, name)| is_read(name)).map(|(number, _)| *number).collect();
        if files.is_empty() {
            return self.without_documents(path, named);
        }
        if let Err(error) = archive.within(&documents) {
            return self.refuse(path, error);
        }
        for (number, name) in files {
            let path = path.join(&name);
            if has_extension(&name, ARCHIVES) {
                self.refuse(&path, nested());
                continue;
            }
            let file = File {
                below: below.join(&name),
                named: false,
                identity: identity.join(&name),
                inside: Inside::Archive(Arc::clone(&archive), number),
                path: path.clone(),
            };
            self.take(shown(&path), file);
        }
    }

    /// Whether a file of an archive is looked at: as in a folder.
    fn is_wanted(&self, name: &Path) -> bool {
        let is_hidden = name.iter().any(|part| part.to_string_lossy().starts_with(['.', '~']) || part == "__MACOSX");
        let is_ours = name.to_string_lossy().to_lowercase().contains(".riscontro.");
        let is_left_out = self.include.as_ref().is_some_and(|set| !matches(set, name))
            || self.exclude.as_ref().is_some_and(|set| matches(set, name));
        !is_hidden && !is_ours && !is_left_out && (is_read(name) || has_extension(name, ARCHIVES))
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
