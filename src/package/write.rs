//! A changed copy of a zip package: what is not changed is copied with its compressed bytes.
//!
//! The package must have passed the pre-flight; every read is bounded all the same.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::opc::{Relations, Relationship, Types};
use super::rels::{key, rels_part};
use super::splice::{Change, Splice, Spliced, revert};
use crate::model::{Error, ErrorKind, fingerprint};

/// The most bytes of one part that is read as text.
const MAX_PART: u64 = 640 << 20;
/// From this size on a part is deflated fast rather than small: it is most of the time an annotation takes.
const LARGE_PART: usize = 1 << 20;
const CONTENT_TYPES: &str = "[Content_Types].xml";
const RELATIONS_TYPE: &str = "application/vnd.openxmlformats-package.relationships+xml";

/// One XML part as text, without its byte-order mark, which is put back on writing.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    /// The name in the package, as the zip spells it.
    pub(crate) name: String,
    /// The text; offsets count from its start.
    pub(crate) xml: String,
    bom: bool,
}

/// What was done to one part: enough to undo it, and to see whether it can be undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PartChange {
    /// The part.
    pub(crate) part: String,
    /// Length of the changed text in bytes.
    pub(crate) length: usize,
    /// Fingerprint of the texts put in.
    pub(crate) digest: String,
    /// The changes, as they stand in the changed text.
    pub(crate) changes: Vec<Change>,
}

impl PartChange {
    fn of(part: &str, spliced: &Spliced) -> Self {
        let digest = fingerprint(spliced.fresh());
        Self { part: part.to_owned(), length: spliced.length(), digest, changes: spliced.changes() }
    }

    /// The fingerprint of what stands in `text` where the new texts were put.
    fn digest_in(&self, text: &str) -> Option<String> {
        let spans: Option<Vec<&str>> =
            self.changes.iter().map(|c| text.get(c.at..c.at.checked_add(c.length)?)).collect();
        spans.map(fingerprint)
    }

    /// The text before the change, if every new text still stands in `text` where it was put.
    pub(crate) fn undo(&self, text: &str) -> Option<String> {
        let untouched = text.len() == self.length && self.digest_in(text).as_deref() == Some(&self.digest);
        if untouched { revert(text, &self.changes) } else { None }
    }
}

/// What a part is to hold.
enum Content {
    Whole(String),
    Spliced(Spliced),
}

/// A package and the changes to make in its copy.
pub(crate) struct Overlay<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    /// Zip entry of each part, by its name in lower case: producers spell names in several ways.
    entries: BTreeMap<String, (usize, String)>,
    /// Parts with another content, and whether each begins with a byte-order mark.
    changed: BTreeMap<usize, (bool, Content)>,
    removed: BTreeSet<usize>,
    added: Vec<(String, String)>,
    relations: BTreeMap<String, Relations>,
    types: Option<Types>,
    changes: Vec<PartChange>,
}

impl<'a> Overlay<'a> {
    /// Opens a package.
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self, Error> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|e| broken().because(e))?;
        let mut entries = BTreeMap::new();
        for index in 0..zip.len() {
            if let Some(Ok(name)) = zip.name_for_index(index) {
                entries.insert(key(&name), (index, name.into_owned()));
            }
        }
        Ok(Self {
            zip,
            entries,
            changed: BTreeMap::new(),
            removed: BTreeSet::new(),
            added: Vec::new(),
            relations: BTreeMap::new(),
            types: None,
            changes: Vec::new(),
        })
    }

    fn entry(&self, name: &str) -> Option<(usize, String)> {
        self.entries.get(&key(name)).filter(|(index, _)| !self.removed.contains(index)).cloned()
    }

    /// Whether the package has a part, added ones included.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.entry(name).is_some() || self.added.iter().any(|(n, _)| key(n) == key(name))
    }

    /// The names of all parts that the package came with.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.values().map(|(_, name)| name.as_str())
    }

    /// The first of `{before}1{after}`, `{before}2{after}`, … that no part has.
    pub(crate) fn free_name(&self, before: &str, after: &str) -> String {
        let mut number = 1;
        loop {
            let name = format!("{before}{number}{after}");
            if !self.has(&name) {
                return name;
            }
            number += 1;
        }
    }

    /// A part as it came, as text; `None` if the package has none of that name.
    pub(crate) fn part(&mut self, name: &str) -> Result<Option<Part>, Error> {
        let Some((index, name)) = self.entry(name) else { return Ok(None) };
        let file = self.zip.by_index(index).map_err(|e| broken().because(e))?;
        if file.size() > MAX_PART {
            return Err(too_large());
        }
        let mut bytes = Vec::new();
        file.take(MAX_PART + 1).read_to_end(&mut bytes).map_err(|e| broken().because(e))?;
        let mut xml = String::from_utf8(bytes).map_err(|e| broken().because(e))?;
        let bom = xml.starts_with('\u{feff}');
        if bom {
            xml.drain(..'\u{feff}'.len_utf8());
        }
        Ok(Some(Part { name, xml, bom }))
    }

    /// A part that the package cannot do without.
    pub(crate) fn needed(&mut self, name: &str) -> Result<Part, Error> {
        self.part(name)?.ok_or_else(|| broken().because(format!("part {name} is missing")))
    }

    /// Changes a part. A part is changed once: all its changes go into one splice.
    pub(crate) fn patch(&mut self, part: Part, splice: Splice) -> Result<(), Error> {
        if splice.is_empty() {
            return Ok(());
        }
        let spliced = splice.over(part.xml)?;
        self.changes.push(PartChange::of(&part.name, &spliced));
        if let Some((index, _)) = self.entry(&part.name) {
            self.changed.insert(index, (part.bom, Content::Spliced(spliced)));
        }
        Ok(())
    }

    /// Gives a part another text, without keeping how to undo it.
    pub(crate) fn replace(&mut self, part: &Part, text: String) {
        let Some((index, _)) = self.entry(&part.name) else { return };
        self.changed.insert(index, (part.bom, Content::Whole(text)));
    }

    /// Adds a part at the end of the package, under a free name and with its content type.
    pub(crate) fn add(&mut self, name: &str, content_type: &str, text: String) -> Result<(), Error> {
        self.add_untyped(name, text);
        self.types()?.set(name, content_type);
        Ok(())
    }

    /// Adds a part whose type goes by its extension: some programs look for the default type only.
    pub(crate) fn add_drawing(&mut self, name: &str, content_type: &str, text: String) -> Result<(), Error> {
        let extension = name.rsplit_once('.').map(|(_, e)| e).unwrap_or_default();
        self.types()?.set_default(extension, content_type);
        if self.types()?.of(name) != Some(content_type) {
            self.types()?.set(name, content_type);
        }
        self.add_untyped(name, text);
        Ok(())
    }

    /// The text of a part that was added.
    pub(crate) fn added_text(&self, name: &str) -> Option<&str> {
        self.added.iter().find(|(n, _)| n == name).map(|(_, text)| text.as_str())
    }

    /// Adds a part that a default content type covers.
    pub(crate) fn add_untyped(&mut self, name: &str, text: String) {
        self.added.push((name.to_owned(), text));
    }

    /// Leaves a part out of the copy.
    pub(crate) fn remove(&mut self, name: &str) {
        if let Some((index, _)) = self.entry(name) {
            self.removed.insert(index);
        }
    }

    /// The content types of the package, to read and to add to.
    pub(crate) fn types(&mut self) -> Result<&mut Types, Error> {
        let types = match self.types.take() {
            Some(types) => types,
            None => Types::read(self.needed(CONTENT_TYPES)?)?,
        };
        Ok(self.types.insert(types))
    }

    fn relations(&mut self, source: &str) -> Result<&mut Relations, Error> {
        let relations = match self.relations.remove(&key(source)) {
            Some(relations) => relations,
            None => Relations::read(source, self.part(&rels_part(source))?)?,
        };
        Ok(self.relations.entry(key(source)).or_insert(relations))
    }

    /// The relationships of a part; of the package itself for the empty name.
    pub(crate) fn relationships(&mut self, source: &str) -> Result<Vec<Relationship>, Error> {
        Ok(self.relations(source)?.list().to_vec())
    }

    /// Adds a relationship from `source` to the part `target`, and returns its id.
    pub(crate) fn relate(&mut self, source: &str, kind: &str, target: &str) -> Result<String, Error> {
        Ok(self.relations(source)?.add(kind, target))
    }

    /// Takes a relationship out.
    pub(crate) fn unrelate(&mut self, source: &str, id: &str) -> Result<(), Error> {
        self.relations(source)?.remove(id);
        Ok(())
    }

    /// Carries relationships and content types into their parts. What was done to the package so far: the
    /// changes of parts, and the names of parts added.
    pub(crate) fn settle(&mut self) -> Result<(Vec<PartChange>, Vec<String>), Error> {
        let relations = std::mem::take(&mut self.relations);
        for relations in relations.into_values().filter(Relations::is_changed) {
            let source = relations.source().to_owned();
            match relations.finish() {
                (Some(part), _, splice) => self.patch(part, splice)?,
                (None, text, _) => {
                    self.types()?.set_default("rels", RELATIONS_TYPE);
                    self.add_untyped(&rels_part(&source), text);
                }
            }
        }
        if let Some(types) = self.types.take() {
            let (part, splice) = types.finish();
            self.patch(part, splice)?;
        }
        Ok((self.changes.clone(), self.added.iter().map(|(name, _)| name.clone()).collect()))
    }

    /// The copy. Entries keep their order, parts added stand at the end.
    pub(crate) fn save(mut self) -> Result<Vec<u8>, Error> {
        self.settle()?;
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for index in 0..self.zip.len() {
            if self.removed.contains(&index) {
                continue;
            }
            let file = self.zip.by_index_raw(index).map_err(|e| broken().because(e))?;
            match self.changed.get(&index) {
                Some((bom, content)) => {
                    let name = file.name().map_err(|e| broken().because(e))?.into_owned();
                    drop(file);
                    let mark = if *bom { "\u{feff}" } else { "" };
                    match content {
                        Content::Whole(text) => write_part(&mut writer, &name, [mark, text].into_iter())?,
                        Content::Spliced(spliced) => {
                            write_part(&mut writer, &name, std::iter::once(mark).chain(spliced.pieces()))?;
                        }
                    }
                }
                None => writer.raw_copy_file(file).map_err(|e| broken().because(e))?,
            }
        }
        for (name, text) in &self.added {
            write_part(&mut writer, name, std::iter::once(text.as_str()))?;
        }
        writer.finish().map(Cursor::into_inner).map_err(|e| internal().because(e))
    }
}

fn write_part<'t>(
    writer: &mut ZipWriter<Cursor<Vec<u8>>>,
    name: &str,
    pieces: impl Iterator<Item = &'t str> + Clone,
) -> Result<(), Error> {
    let length: usize = pieces.clone().map(str::len).sum();
    let level = if length < LARGE_PART { 6 } else { 1 };
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(level))
        .last_modified_time(DateTime::default());
    writer.start_file(name, options).map_err(|e| internal().because(e))?;
    pieces.into_iter().try_for_each(|piece| writer.write_all(piece.as_bytes())).map_err(|e| internal().because(e))
}

fn broken() -> Error {
    Error::new(
        ErrorKind::Corrupt,
        "il file è danneggiato; aprirlo con il foglio di calcolo e salvarlo di nuovo",
        "the file is damaged; open it in the spreadsheet program and save it again",
    )
}

fn too_large() -> Error {
    Error::new(
        ErrorKind::TooLarge,
        "il file è troppo grande: un suo foglio supera 640 MiB",
        "the file is too large: one of its sheets is over 640 MiB",
    )
}

fn internal() -> Error {
    Error::new(ErrorKind::Internal, "la copia annotata non si può scrivere", "the annotated copy cannot be written")
}
