//! What a container must be before any of it is inflated.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::Arc;

use memchr::memmem;
use zip::ZipArchive;

use super::fault::{broken, corrupt, spoiled, too_large, within};
use super::limits::{Limits, size};
use super::rels::key;
use crate::model::{Error, ErrorKind};

pub(crate) type Archive = ZipArchive<Cursor<Arc<[u8]>>>;

/// One entry as the directory of the container declares it.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) size: u64,
    pub(crate) packed: u64,
    /// Only carried along, whatever it is.
    carried: bool,
}

impl Entry {
    /// Whether it is read as XML. What other programs keep in `customXml` is only carried along.
    pub(crate) fn is_xml(&self) -> bool {
        let key = key(&self.name);
        !self.carried && matches!(key.rsplit_once('.'), Some((_, "xml" | "rels"))) && !key.starts_with("customxml/")
    }
}

/// A container whose directory was checked.
#[derive(Debug, Clone)]
pub(crate) struct Directory {
    pub(crate) archive: Archive,
    /// In the order of the directory.
    pub(crate) entries: Vec<Entry>,
    /// Their places by [`key`].
    pub(crate) index: BTreeMap<String, usize>,
}

/// Opens the container and checks its directory. Where `only` names parts, no others are read as XML.
pub(crate) fn preflight(bytes: &Arc<[u8]>, limits: &Limits, only: Option<&[&str]>) -> Result<Directory, Error> {
    let length = bytes.len() as u64;
    within(length, limits)?;
    // Counted before the directory is read, for reading it already costs memory for each entry.
    if memmem::find_iter(bytes, b"PK\x01\x02").take(limits.entries + 1).count() > limits.entries {
        let limit = limits.entries;
        return Err(too_large(
            &format!("più di {limit} parti nell'archivio"),
            &format!("more than {limit} zip entries"),
        ));
    }
    let mut archive = ZipArchive::new(Cursor::new(Arc::clone(bytes))).map_err(broken)?;
    // No program that reads workbooks opens an archive of documents.
    let corrupt = if only.is_some_and(<[_]>::is_empty) { spoiled } else { corrupt };
    if archive.has_duplicate_names() {
        return Err(corrupt("due parti hanno lo stesso nome", "two parts have the same name"));
    }
    if archive.has_overlapping_entries().map_err(broken)? {
        return Err(corrupt("le parti dell'archivio si sovrappongono", "the zip entries overlap"));
    }
    let mut entries = Vec::with_capacity(archive.len());
    let (mut index, mut xml) = (BTreeMap::new(), 0u64);
    for i in 0..archive.len() {
        let mut entry = entry(&mut archive, i)?;
        entry.carried = only.is_some_and(|only| only.iter().all(|part| key(&entry.name) != key(part)));
        check(&entry, length, limits, corrupt)?;
        if entry.is_xml() {
            xml = xml.saturating_add(entry.size);
        }
        if index.insert(key(&entry.name), i).is_some() {
            return Err(corrupt(
                &format!("due parti si chiamano {}", entry.name),
                &format!("two parts are called {}", entry.name),
            ));
        }
        entries.push(entry);
    }
    if xml > limits.xml {
        let (is, limit) = (size(xml), size(limits.xml));
        return Err(too_large(
            &format!("{is} di XML una volta espanso, il limite è {limit}"),
            &format!("{is} of XML once inflated, the limit is {limit}"),
        ));
    }
    Ok(Directory { archive, entries, index })
}

fn entry(archive: &mut Archive, i: usize) -> Result<Entry, Error> {
    let file = archive.by_index_raw(i).map_err(broken)?;
    let name = file.name().map_err(broken)?.into_owned();
    if file.encrypted() {
        return Err(Error::new(
            ErrorKind::Encrypted,
            "l'archivio è cifrato: togliere la password e salvarlo di nuovo",
            "the archive is encrypted: remove the password and save it again",
        ));
    }
    Ok(Entry { name, size: file.size(), packed: file.compressed_size(), carried: false })
}

fn check(entry: &Entry, length: u64, limits: &Limits, corrupt: fn(&str, &str) -> Error) -> Result<(), Error> {
    let name = entry.name.as_str();
    let climbs = name.split(['/', '\\']).any(|segment| segment == "..");
    let drive = name.as_bytes().get(1) == Some(&b':');
    if climbs || drive || name.chars().any(char::is_control) {
        let shown: String = name.chars().filter(|c| !c.is_control()).take(80).collect();
        return Err(corrupt(
            &format!("una parte ha un nome inammissibile, «{shown}»"),
            &format!("a part has an inadmissible name, “{shown}”"),
        ));
    }
    // Deflate cannot shrink more than 1,032 times.
    if entry.packed > length || entry.size > entry.packed.saturating_mul(1_100).saturating_add(1_024) {
        return Err(corrupt(
            &format!("{name} dichiara una dimensione impossibile"),
            &format!("{name} declares an impossible size"),
        ));
    }
    let limit = if key(name).ends_with("sharedstrings.xml") { limits.strings } else { limits.sheet };
    if entry.is_xml() && entry.size > limit {
        let (is, limit) = (size(entry.size), size(limit));
        return Err(too_large(
            &format!("{name} è di {is} una volta espanso, il limite è {limit}"),
            &format!("{name} is {is} once inflated, the limit is {limit}"),
        ));
    }
    Ok(())
}
