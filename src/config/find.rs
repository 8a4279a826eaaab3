//! Which configuration holds for a document.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::FILE_NAME;

/// Looks for files of one name upwards from documents, each folder once.
#[derive(Debug)]
pub struct Finder {
    name: &'static str,
    /// The nearest of them for a folder, itself included.
    known: HashMap<PathBuf, Option<PathBuf>>,
}

impl Default for Finder {
    /// Looks for configurations.
    fn default() -> Self {
        Self::named(FILE_NAME)
    }
}

impl Finder {
    /// Looks for files of this name.
    pub fn named(name: &'static str) -> Self {
        Self { name, known: HashMap::new() }
    }

    /// The file for a file given by its canonical path: that of its folder, else of the nearest one above.
    pub fn of(&mut self, file: &Path) -> Option<PathBuf> {
        file.parent().and_then(|folder| self.in_folder(folder))
    }

    fn in_folder(&mut self, folder: &Path) -> Option<PathBuf> {
        if let Some(known) = self.known.get(folder) {
            return known.clone();
        }
        let own = folder.join(self.name);
        // Whatever bears the name is meant, also what cannot be read then, such as a link without a target.
        let is_meant = own.symlink_metadata().is_ok() && !own.is_dir();
        let found = if is_meant { Some(own) } else { folder.parent().and_then(|above| self.in_folder(above)) };
        self.known.insert(folder.to_owned(), found.clone());
        found
    }
}
