//! A zip archive of documents, read one by one.

use std::io::Read;
use std::sync::Arc;

use super::fault::{broken, too_large, within};
use super::gather::read_shared;
use super::limits::{Limits, size};
use super::preflight::{Directory, preflight};
use crate::model::Error;

/// An archive whose directory was checked: no name climbs out of it, no two are the same.
#[derive(Debug)]
pub struct ZipFolder {
    directory: Directory,
    limits: Limits,
}

impl ZipFolder {
    /// Checks the directory of an archive.
    pub fn open(bytes: impl Into<Arc<[u8]>>, limits: &Limits) -> Result<Self, Error> {
        // None is read as XML here.
        let directory = preflight(&bytes.into(), limits, Some(&[]))?;
        Ok(Self { directory, limits: *limits })
    }

    /// Numbers and names of its files; the names are split at slashes of either kind, empty parts left out.
    pub fn files(&self) -> impl Iterator<Item = (usize, Vec<&str>)> {
        let files = self.directory.entries.iter().enumerate().filter(|(_, e)| !e.name.ends_with(['/', '\\']));
        files.map(|(i, e)| (i, e.name.split(['/', '\\']).filter(|part| !part.is_empty() && *part != ".").collect()))
    }

    /// Refuses an archive whose chosen files are too large together.
    pub fn within(&self, chosen: &[usize]) -> Result<(), Error> {
        let sizes = chosen.iter().filter_map(|i| self.directory.entries.get(*i)).map(|e| e.size);
        let all = sizes.fold(0, u64::saturating_add);
        if all <= self.limits.archive {
            return Ok(());
        }
        let (is, limit) = (size(all), size(self.limits.archive));
        Err(too_large(
            &format!("i suoi documenti sono di {is} una volta estratti, il limite è {limit}"),
            &format!("its documents are {is} once extracted, the limit is {limit}"),
        ))
    }

    /// The content of a file. One that is said to be beyond the limit of a file is refused; one that is so all the
    /// same is cut there, and refused by its reader.
    pub fn read(&self, number: usize) -> Result<Arc<[u8]>, Error> {
        let size = self.directory.entries.get(number).map_or(0, |entry| entry.size);
        within(size, &self.limits)?;
        let mut archive = self.directory.archive.clone();
        let file = archive.by_index(number).map_err(broken)?;
        read_shared(file, size, self.limits.file.saturating_add(1)).map_err(|e| broken(e.into()))
    }

    /// The first bytes of a file.
    pub fn head(&self, number: usize, bytes: usize) -> Result<Vec<u8>, Error> {
        let mut archive = self.directory.archive.clone();
        let file = archive.by_index(number).map_err(broken)?;
        let mut content = Vec::new();
        file.take(bytes as u64).read_to_end(&mut content).map_err(|e| broken(e.into()))?;
        Ok(content)
    }
}
