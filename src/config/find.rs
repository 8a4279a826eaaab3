//! Which configuration holds for a document.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::FILE_NAME;

/// Looks for configurations upwards from documents, each folder once.
#[derive(Debug, Default)]
pub struct Finder {
    /// The nearest configuration of a folder, itself included.
    known: HashMap<PathBuf, Option<PathBuf>>,
}

impl Finder {
    /// The configuration for a file given by its canonical path: that of its folder, else of the nearest one above.
    pub fn of(&mut self, file: &Path) -> Option<PathBuf> {
        file.parent().and_then(|folder| self.in_folder(folder))
    }

    fn in_folder(&mut self, folder: &Path) -> Option<PathBuf> {
        if let Some(known) = self.known.get(folder) {
            return known.clone();
        }
        let own = folder.join(FILE_NAME);
        // Whatever bears the name is meant, also what cannot be read then, such as a link without a target.
        let is_meant = own.symlink_metadata().is_ok() && !own.is_dir();
        let found = if is_meant { Some(own) } else { folder.parent().and_then(|above| self.in_folder(above)) };
        self.known.insert(folder.to_owned(), found.clone());
        found
    }
}
