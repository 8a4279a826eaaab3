//! A container that passed the pre-flight, and its parts.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::fault::{broken, corrupt, too_large};
use super::limits::{Limits, size};
use super::lint::{Lint, Skeleton};
use super::preflight::{Archive, Directory, Entry, preflight};
use super::rels::{ContentTypes, Rel, key, parse, rels_part};
use super::scan::{Piece, Scanner};
use crate::model::Error;

const BLOCK: usize = 1 << 16;
const CONTENT_TYPES: &str = "[Content_Types].xml";
/// How the types of parts end that are checked while they are streamed: nearly all there is of a workbook.
const STREAMED: [&str; 2] = [".worksheet+xml", ".sharedStrings+xml"];

/// An Office container (`.xlsx` and kin) whose entries and XML parts were found harmless; worksheets and shared texts are
/// checked while they are streamed, those left over by [`Package::check_rest`].
///
/// Part names are looked up case-blind, with or without leading slash, forward or backward slashes.
#[derive(Debug, Clone)]
pub struct Package {
    bytes: Arc<[u8]>,
    limits: Limits,
    directory: Directory,
    types: ContentTypes,
    /// Which entries were checked as XML.
    checked: Arc<[AtomicBool]>,
}

impl Package {
    /// Checks the container and the XML parts in it within `limits`, but for those that are streamed.
    pub fn open(bytes: impl Into<Arc<[u8]>>, limits: &Limits) -> Result<Self, Error> {
        let mut package = Self::of(bytes.into(), limits, None)?;
        if let Some(xml) = package.part(CONTENT_TYPES)? {
            package.types = ContentTypes::parse(&xml)?;
        }
        package.lint(|part| !package.is_streamed(part))?;
        Ok(package)
    }

    /// Checks a container of another kind, of whose XML only the parts `only` are read. The others are not looked at.
    pub fn open_for(bytes: impl Into<Arc<[u8]>>, only: &[&str], limits: &Limits) -> Result<Self, Error> {
        let package = Self::of(bytes.into(), limits, Some(only))?;
        package.check_rest()?;
        Ok(package)
    }

    fn of(bytes: Arc<[u8]>, limits: &Limits, only: Option<&[&str]>) -> Result<Self, Error> {
        let directory = preflight(&bytes, limits, only)?;
        // What nobody reads as XML needs no check.
        let checked = directory.entries.iter().map(|e| AtomicBool::new(!e.is_xml() || e.size == 0)).collect();
        Ok(Self { bytes, limits: *limits, directory, types: ContentTypes::default(), checked })
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

    /// Whether there is such a part, and its name is that of an XML part.
    pub fn is_xml(&self, part: &str) -> bool {
        self.entry(part).is_some_and(|(_, entry)| entry.is_xml())
    }

    /// The name of a part as the container writes it.
    pub fn name_of(&self, part: &str) -> Option<&str> {
        self.directory.index.get(&key(part)).and_then(|&i| self.directory.entries.get(i)).map(|e| e.name.as_str())
    }

    /// The content of a part, `None` if there is none of that name. It may be as large as [`Limits::part`]; a larger
    /// worksheet can be streamed.
    pub fn part(&self, part: &str) -> Result<Option<Vec<u8>>, Error> {
        let Some((i, entry)) = self.entry(part) else { return Ok(None) };
        if entry.size > self.limits.part {
            let (name, is, limit) = (&entry.name, size(entry.size), size(self.limits.part));
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
        if !self.is_checked(i) {
            let mut lint = Lint::new(&entry.name, &self.limits);
            lint.feed(&content, |_| Ok(()))?;
            lint.end()?;
            self.check(i);
        }
        Ok(Some(content))
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

    /// Checks a part and streams it to `sink` at once, in bounded memory. What is left of a worksheet without its cells;
    /// nothing of other parts, nor of one that is not there, blank or not named as XML.
    pub fn stream<S>(&self, part: &str, sink: S) -> Result<Option<Skeleton>, Error>
    where
        S: FnMut(Piece<'_>) -> Result<(), Error>,
    {
        let Some((i, entry)) = self.entry(part).filter(|(_, e)| e.is_xml() && e.size > 0) else { return Ok(None) };
        self.lint_entry(i, entry, sink)
    }

    /// Streams a part that was checked to `sink`, in bounded memory. Nothing comes of a part that is not there.
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

    fn is_streamed(&self, part: &str) -> bool {
        self.types.of(part).is_some_and(|kind| STREAMED.iter().any(|end| kind.ends_with(end)))
    }

    fn is_checked(&self, i: usize) -> bool {
        self.checked.get(i).is_none_or(|c| c.load(Ordering::Relaxed))
    }

    fn check(&self, i: usize) {
        if let Some(checked) = self.checked.get(i) {
            checked.store(true, Ordering::Relaxed);
        }
    }

    /// Checks the parts that nobody streamed: whoever takes the container further finds nothing unchecked in it.
    pub fn check_rest(&self) -> Result<(), Error> {
        self.lint(|_| true)
    }

    /// Checks what was not checked, of the parts that are `wanted` by their names.
    fn lint(&self, wanted: impl Fn(&str) -> bool) -> Result<(), Error> {
        for (i, entry) in self.directory.entries.iter().enumerate() {
            if self.is_checked(i) || !wanted(&entry.name) {
                continue;
            }
            self.lint_entry(i, entry, |_| Ok(()))?;
        }
        Ok(())
    }

    /// Checks an entry from beginning to end, and streams it to `sink` at once.
    fn lint_entry<S>(&self, i: usize, entry: &Entry, mut sink: S) -> Result<Option<Skeleton>, Error>
    where
        S: FnMut(Piece<'_>) -> Result<(), Error>,
    {
        let mut archive = self.directory.archive.clone();
        let mut lint = Lint::new(&entry.name, &self.limits);
        blocks(&mut archive, i, &entry.name, |block| lint.feed(block, &mut sink))?;
        let skeleton = lint.end()?;
        self.check(i);
        Ok(skeleton)
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
