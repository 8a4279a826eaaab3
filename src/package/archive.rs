//! A zip archive of documents, read one by one.

use std::io::Read;
use std::sync::Arc;

use super::fault::{broken, too_large};
use super::limits::{Limits, size};
use super::preflight::{Directory, preflight};
use crate::model::Error;

/// Bytes that all documents of an archive may have together, once inflated.
const ALL: u64 = 1 << 30;

/// An archive whose directory was checked: no name climbs out of it, no two are the same.
#[derive(Debug)]
pub struct ZipFolder {
    directory: Directory,
    limit: u64,
}

impl ZipFolder {
    /// Checks the directory of an archive.
    pub fn open(bytes: impl Into<Arc<[u8]>>, limits: &Limits) -> Result<Self, Error> {
        // None is read as XML here.
        let directory = preflight(&bytes.into(), limits, Some(&[]))?;
        Ok(Self { directory, limit: limits.file })
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
        if all <= ALL {
            return Ok(());
        }
        let (is, limit) = (size(all), size(ALL));
        Err(too_large(
            &format!("i suoi documenti sono di {is} una volta estratti, il limite è {limit}"),
            &format!("its documents are {is} once extracted, the limit is {limit}"),
        ))
    }

    /// The content of a file, cut just beyond the limit of a file: its reader refuses it then.
    pub fn read(&self, number: usize) -> Result<Vec<u8>, Error> {
        self.cut(number, self.limit.saturating_add(1))
    }

    /// The first bytes of a file.
    pub fn head(&self, number: usize, bytes: usize) -> Result<Vec<u8>, Error> {
        self.cut(number, bytes as u64)
    }

    fn cut(&self, number: usize, bytes: u64) -> Result<Vec<u8>, Error> {
        let mut archive = self.directory.archive.clone();
        let file = archive.by_index(number).map_err(broken)?;
        let mut content = Vec::new();
        file.take(bytes).read_to_end(&mut content).map_err(|e| broken(e.into()))?;
        Ok(content)
    }
}
