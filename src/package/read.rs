//! A container that passed the pre-flight, and its parts.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;

use super::fault::{broken, corrupt, too_large};
use super::limits::{Limits, size};
use super::lint::{Lint, Skeleton};
use super::preflight::{Archive, Directory, Entry, preflight};
use super::rels::{ContentTypes, Rel, key, parse, rels_part};
use super::scan::{Piece, Scanner};
use crate::model::Error;

const BLOCK: usize = 1 << 16;
const CONTENT_TYPES: &str = "[Content_Types].xml";

/// An Office container (`.xlsx` and kin) whose entries and XML parts were found harmless.
///
/// Part names are looked up case-blind, with or without leading slash, forward or backward slashes.
#[derive(Debug, Clone)]
pub struct Package {
    bytes: Arc<[u8]>,
    limits: Limits,
    directory: Directory,
    types: ContentTypes,
    skeletons: BTreeMap<String, Skeleton>,
}

impl Package {
    /// Checks the container and every XML part in it within `limits`.
    pub fn open(bytes: impl Into<Arc<[u8]>>, limits: &Limits) -> Result<Self, Error> {
        let mut package = Self::checked(bytes.into(), limits, None)?;
        if let Some(xml) = package.part(CONTENT_TYPES)? {
            package.types = ContentTypes::parse(&xml)?;
        }
        Ok(package)
    }

    /// Checks a container of another kind, of whose XML only the parts `only` are read. The others are not looked at.
    pub fn open_for(bytes: impl Into<Arc<[u8]>>, only: &[&str], limits: &Limits) -> Result<Self, Error> {
        Self::checked(bytes.into(), limits, Some(only))
    }

    fn checked(bytes: Arc<[u8]>, limits: &Limits, only: Option<&[&str]>) -> Result<Self, Error> {
        let directory = preflight(&bytes, limits, only)?;
        let (types, skeletons) = (ContentTypes::default(), BTreeMap::new());
        let mut package = Self { bytes, limits: *limits, directory, types, skeletons };
        package.lint()?;
        Ok(package)
    }

    /// The container itself.
    pub fn bytes(&self) -> &Arc<[u8]> {
        &self.bytes
    }

    /// The limits it was opened with.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The part names as written, in the order of the container. Folders are no parts.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.directory.entries.iter().map(|e| e.name.as_str()).filter(|n| !n.ends_with(['/', '\\']))
    }

    /// Whether there is such a part.
    pub fn has(&self, part: &str) -> bool {
        self.directory.index.contains_key(&key(part))
    }

    /// The name of a part as the container writes it.
    pub fn name_of(&self, part: &str) -> Option<&str> {
        self.directory.index.get(&key(part)).and_then(|&i| self.directory.entries.get(i)).map(|e| e.name.as_str())
    }

    /// The content of a part, `None` if there is none of that name. A worksheet may be as large as its limit
    /// allows, any other part as [`Limits::part`].
    pub fn part(&self, part: &str) -> Result<Option<Vec<u8>>, Error> {
        let Some((i, entry)) = self.entry(part) else { return Ok(None) };
        let limit = if self.skeletons.contains_key(&key(part)) { self.limits.sheet } else { self.limits.part };
        if entry.size > limit {
            let (name, is, limit) = (&entry.name, size(entry.size), size(limit));
            return Err(too_large(
                &format!("{name} è di {is} una volta espanso, il limite è {limit}"),
                &format!("{name} is {is} once inflated, the limit is {limit}"),
            ));
        }
        let mut content = Vec::with_capacity(usize::try_from(entry.size).unwrap_or(0));
        let mut archive = self.directory.archive.clone();
        let file = archive.by_index(i).map_err(broken)?;
        // One byte more than declared is asked for, so that the check sum at the end is read.
        file.take(entry.size + 1).read_to_end(&mut content).map_err(|e| damaged(&entry.name, e))?;
        Ok(Some(content))
    }

    /// A worksheet without its cells, kept from the pre-flight. `None` for other parts.
    pub fn skeleton(&self, part: &str) -> Option<&Skeleton> {
        self.skeletons.get(&key(part))
    }

    /// The relationships of a part, of the package itself for an empty name. None, if it has none.
    pub fn rels(&self, part: &str) -> Result<Vec<Rel>, Error> {
        match self.part(&rels_part(part))? {
            Some(xml) => parse(part, &xml),
            None => Ok(Vec::new()),
        }
    }

    /// The type that a part declares.
    pub fn content_type(&self, part: &str) -> Option<&str> {
        self.types.of(part)
    }

    /// Streams a part to `sink`, in bounded memory. Nothing comes of a part that is not there.
    pub fn scan<S>(&self, part: &str, mut sink: S) -> Result<(), Error>
    where
        S: FnMut(Piece<'_>) -> Result<(), Error>,
    {
        let Some((i, entry)) = self.entry(part) else { return Ok(()) };
        let mut archive = self.directory.archive.clone();
        let mut scanner = Scanner::new(&entry.name, &self.limits);
        blocks(&mut archive, i, &entry.name, |block| scanner.feed(block, &mut sink))
    }

    fn entry(&self, part: &str) -> Option<(usize, &Entry)> {
        let i = *self.directory.index.get(&key(part))?;
        Some((i, self.directory.entries.get(i)?))
    }

    fn lint(&mut self) -> Result<(), Error> {
        let mut held = 0;
        for (i, entry) in self.directory.entries.iter().enumerate().filter(|(_, e)| e.is_xml() && e.size > 0) {
            let mut lint = Lint::new(&entry.name, &self.limits);
            blocks(&mut self.directory.archive, i, &entry.name, |block| lint.feed(block))?;
            if let Some(skeleton) = lint.end()? {
                held += skeleton.xml.len() as u64;
                self.skeletons.insert(key(&entry.name), skeleton);
            }
            if held > self.limits.part {
                let limit = size(self.limits.part);
                return Err(too_large(
                    &format!("i fogli hanno più di {limit} oltre alle celle"),
                    &format!("the sheets have more than {limit} beside their cells"),
                ));
            }
        }
        Ok(())
    }
}

/// Inflates an entry to its end, where the check sum is compared.
fn blocks(
    archive: &mut Archive,
    i: usize,
    name: &str,
    mut take: impl FnMut(&[u8]) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut file = archive.by_index(i).map_err(broken)?;
    let mut block = vec![0; BLOCK];
    loop {
        let read = file.read(&mut block).map_err(|e| damaged(name, e))?;
        match block.get(..read) {
            Some(piece) if !piece.is_empty() => take(piece)?,
            _ => return Ok(()),
        }
    }
}

fn damaged(part: &str, source: std::io::Error) -> Error {
    corrupt(&format!("{part} non si legge"), &format!("{part} cannot be read")).because(source)
}
