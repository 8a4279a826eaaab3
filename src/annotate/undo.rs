//! The part in which an annotated workbook keeps what was done to it, so that it can be taken out again to the byte.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::book::Book;
use crate::ingest::OWN_FOLDER;
use crate::model::{Error, fingerprint};
use crate::package::{Change, Element, Outline, Overlay, PartChange, attribute, escape, unescape};

/// The content type of the part.
pub(super) const MARKS_TYPE: &str = "application/vnd.riscontro.marks+xml";
/// The type of the relationship that leads to it from the workbook; other programs ignore it.
pub(super) const MARKS_RELATION: &str = "urn:riscontro:relationships:marks";

/// Bytes of the part beyond which it is not ours: hundreds of thousands of changes.
const MAX_MARKS: usize = 8 << 20;

/// What was done to a package.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Marks {
    /// Parts changed.
    pub(super) changes: Vec<PartChange>,
    /// Parts added, with the fingerprint of their text where the user may have written into them since.
    pub(super) added: Vec<(String, Option<String>)>,
}

impl Marks {
    /// As XML.
    pub(super) fn write(&self) -> String {
        let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
                       <marks xmlns=\"urn:riscontro:marks\" version=\"1\">"
            .to_owned();
        for change in &self.changes {
            let _ = write!(
                out,
                "<part name=\"{}\" length=\"{}\" digest=\"{}\">",
                escape(&change.part),
                change.length,
                change.digest
            );
            for Change { at, length, before } in &change.changes {
                let _ = write!(out, "<change at=\"{at}\" length=\"{length}\">{}</change>", escape(before));
            }
            out.push_str("</part>");
        }
        for (name, digest) in &self.added {
            let digest = digest.as_ref().map(|d| format!(" digest=\"{d}\"")).unwrap_or_default();
            let _ = write!(out, "<added name=\"{}\"{digest}/>", escape(name));
        }
        out.push_str("</marks>");
        out
    }

    /// Reads them back; `None` if a part of what is needed is not there.
    pub(super) fn read(xml: &str) -> Option<Self> {
        if xml.len() > MAX_MARKS {
            return None;
        }
        let outline = Outline::of(xml).ok()?;
        let mut marks = Self::default();
        let mut named = BTreeSet::new();
        if attribute(outline.root.tag(xml), "version")? != "1" {
            return None;
        }
        for element in &outline.children {
            let tag = element.tag(xml);
            let name = attribute(tag, "name")?;
            // Each part stands here once: reading it again for every mention would have no end.
            if !named.insert(name.to_lowercase()) {
                return None;
            }
            match element.local() {
                "part" => {
                    let mut changes = Vec::new();
                    for change in Outline::inside(xml, element).ok()?.children {
                        let number = |name| attribute(change.tag(xml), name)?.parse().ok();
                        let before = unescape(change.inner(xml)).into_owned();
                        changes.push(Change { at: number("at")?, length: number("length")?, before });
                    }
                    let length = attribute(tag, "length")?.parse().ok()?;
                    marks.changes.push(PartChange { part: name, length, digest: attribute(tag, "digest")?, changes });
                }
                "added" => marks.added.push((name, attribute(tag, "digest"))),
                _ => return None,
            }
        }
        Some(marks)
    }

    /// Undoes all, if every part is still as it was left. Whether it was done.
    fn undo(&self, package: &mut Overlay<'_>, own_part: &str) -> Result<bool, Error> {
        for (name, digest) in &self.added {
            if !is_added(package, name)? {
                return Ok(false);
            }
            let Some(digest) = digest else { continue };
            let same = package.part(name)?.is_some_and(|p| fingerprint([p.xml.as_str()]) == *digest);
            if !same {
                return Ok(false);
            }
        }
        let mut before = Vec::new();
        for change in &self.changes {
            let Some(part) = package.part(&change.part)? else { return Ok(false) };
            match change.undo(&part.xml) {
                Some(text) => before.push((part, text)),
                None => return Ok(false),
            }
        }
        for (part, text) in before {
            package.replace(&part, text);
        }
        for (name, _) in &self.added {
            package.remove(name);
        }
        package.remove(own_part);
        Ok(true)
    }
}

/// Whether we may have added a part: in a folder of ours, or as the first relationships of a part of the user's, which
/// then lead into such a folder.
fn is_added(package: &mut Overlay<'_>, name: &str) -> Result<bool, Error> {
    let is_own = |name: &str| name.trim_start_matches('/').to_lowercase().starts_with(OWN_FOLDER.trim_end_matches('/'));
    if is_own(name) {
        return Ok(true);
    }
    let Some(part) = package.part(name)?.filter(|_| name.to_lowercase().ends_with(".rels")) else { return Ok(false) };
    let targets = Outline::of(&part.xml)?.children;
    let target = |e: &Element| attribute(e.tag(&part.xml), "Target").unwrap_or_default();
    Ok(targets.iter().all(|e| is_own(&target(e))))
}

/// Writes down what was done to the package; nothing may be changed in it afterwards.
pub(super) fn record(package: &mut Overlay<'_>, book: &Book) -> Result<(), Error> {
    let name = package.free_name(&format!("{OWN_FOLDER}marks"), ".xml");
    package.relate(&book.part.name, MARKS_RELATION, &name)?;
    package.types()?.set(&name, MARKS_TYPE);
    let (changes, added) = package.settle()?;
    let added = added
        .into_iter()
        .map(|name| {
            // Users write notes of their own into a comments part, whoever made it, and answers into report sheets.
            let written = ["/comments", "/worksheets/sheet"].iter().any(|folder| name.contains(folder));
            let digest = if written { package.added_text(&name).map(|t| fingerprint([t])) } else { None };
            (name, digest)
        })
        .collect();
    package.add_untyped(&name, Marks { changes, added }.write());
    Ok(())
}

fn marks(package: &mut Overlay<'_>, book: &Book) -> Result<Option<(String, Marks)>, Error> {
    let Some(relation) = book.relations.iter().find(|r| r.kind == MARKS_RELATION) else { return Ok(None) };
    let part = package.part(&relation.target)?;
    Ok(part.and_then(|part| Some((part.name, Marks::read(&part.xml)?))))
}

/// Takes our styles out where the styles part is as it was left: no sheet but ours refers to them.
pub(super) fn undo_styles(package: &mut Overlay<'_>, book: &Book) -> Result<(), Error> {
    let Some(styles) = book.relations.iter().find(|r| r.is("styles")) else { return Ok(()) };
    let Some(part) = package.part(&styles.target)? else { return Ok(()) };
    let (_, marks) = marks(package, book)?.unwrap_or_default();
    let before = marks.changes.iter().find(|c| c.part == part.name).and_then(|c| c.undo(&part.xml));
    if let Some(text) = before {
        package.replace(&part, text);
    }
    Ok(())
}

/// Takes the marks of an earlier run out, to the byte, if no other program has saved the workbook since. Whether it
/// was done.
pub(super) fn undo(package: &mut Overlay<'_>, book: &Book) -> Result<bool, Error> {
    match marks(package, book)? {
        Some((own_part, marks)) => marks.undo(package, &own_part),
        None => Ok(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_read_back_as_written() {
        let change = Change { at: 3, length: 7, before: "<a b=\"1\r\n\">".to_owned() };
        let part =
            PartChange { part: "xl/a&b.xml".to_owned(), length: 10, digest: "00".to_owned(), changes: vec![change] };
        let added = vec![("xl/c.xml".to_owned(), None), ("xl/comments1.xml".to_owned(), Some("ff".to_owned()))];
        let marks = Marks { changes: vec![part], added };
        assert_eq!(Marks::read(&marks.write()), Some(marks));
    }

    #[test]
    fn marks_that_lack_something_are_none() {
        assert_eq!(Marks::read("<marks version=\"2\"/>"), None);
        assert_eq!(Marks::read("<marks version=\"1\"><part name=\"a\"/></marks>"), None);
        assert_eq!(Marks::read("<marks"), None);
    }
}
