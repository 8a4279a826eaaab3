//! Changes of a part at byte offsets, and how they are undone.

use std::ops::Range;

use super::xml::{Element, Outline, attribute_edit, damaged, prefixed, tag_end};
use crate::model::Error;

/// Changes of one part, as offsets in its original text. Insertions at one offset keep their order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Splice(Vec<(Range<usize>, String)>);

/// One change as it stands in the changed text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    /// Offset of the new text.
    pub(crate) at: usize,
    /// Length of the new text.
    pub(crate) length: usize,
    /// What stood there before.
    pub(crate) before: String,
}

impl Splice {
    /// Inserts `text` at an offset.
    pub(crate) fn insert(&mut self, at: usize, text: impl Into<String>) {
        self.replace(at..at, text);
    }

    /// Replaces a span.
    pub(crate) fn replace(&mut self, span: Range<usize>, text: impl Into<String>) {
        let text = text.into();
        if !(span.is_empty() && text.is_empty()) {
            self.0.push((span, text));
        }
    }

    /// Sets an attribute of an element.
    pub(crate) fn set_attribute(&mut self, xml: &str, element: &Element, name: &str, value: &str) {
        let (span, text) = attribute_edit(element.tag(xml), name, value);
        self.replace(element.start + span.start..element.start + span.end, text);
    }

    /// Appends `fragment` to the content of an element, which may be empty (`<a/>`).
    pub(crate) fn append_inside(&mut self, xml: &str, element: &Element, fragment: &str) {
        if fragment.is_empty() {
        } else if element.is_empty_tag() {
            let slash = element.start + tag_end(element.tag(xml));
            self.replace(slash..element.end, format!(">{fragment}</{}>", element.name));
        } else {
            self.insert(element.close, fragment);
        }
    }

    /// Appends `items` elements (written without prefixes) to a counted list of the root, which is made where the
    /// order of children wants it if the part has none. Returns how many elements the list had.
    pub(crate) fn append_list(
        &mut self,
        xml: &str,
        outline: &Outline,
        list: (&str, &[&str]),
        fragment: &str,
        items: usize,
    ) -> Result<usize, Error> {
        let (local, order) = list;
        let prefix = outline.prefix();
        let fragment = prefixed(fragment, prefix);
        let Some(element) = outline.child(local) else {
            let text = format!("<{prefix}{local} count=\"{items}\">{fragment}</{prefix}{local}>");
            self.insert(outline.slot(order, local), text);
            return Ok(0);
        };
        let before = Outline::inside(xml, element)?.children.len();
        self.set_attribute(xml, element, "count", &(before + items).to_string());
        self.append_inside(xml, element, &fragment);
        Ok(before)
    }

    /// Whether there is nothing to change.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The changed text, and each change as it stands there.
    pub(crate) fn apply(self, xml: &str) -> Result<(String, Vec<Change>), Error> {
        let spliced = self.over(xml.to_owned())?;
        Ok((spliced.pieces().collect(), spliced.changes()))
    }

    /// A text with these changes, not yet put together.
    pub(super) fn over(mut self, xml: String) -> Result<Spliced, Error> {
        self.0.sort_by_key(|(span, _)| (span.start, span.end));
        let mut done = 0;
        for (span, _) in &self.0 {
            xml.get(done..span.start).ok_or_else(|| damaged("overlapping changes"))?;
            xml.get(span.clone()).ok_or_else(|| damaged("a change beyond the end"))?;
            done = span.end;
        }
        Ok(Spliced { xml, edits: self.0 })
    }
}

/// A text and its changes in order. A large sheet is not held twice: it is written piece by piece.
#[derive(Debug)]
pub(super) struct Spliced {
    xml: String,
    edits: Vec<(Range<usize>, String)>,
}

impl Spliced {
    /// The pieces of the changed text: what stays and what is put in, by turns.
    pub(super) fn pieces(&self) -> impl Iterator<Item = &str> + Clone {
        let mut done = 0;
        let edited = self.edits.iter().flat_map(move |(span, text)| {
            let kept = self.xml.get(done..span.start).unwrap_or_default();
            done = span.end;
            [kept, text.as_str()]
        });
        let tail = self.edits.last().map_or(0, |(span, _)| span.end);
        edited.chain(std::iter::once(self.xml.get(tail..).unwrap_or_default()))
    }

    /// The texts put in.
    pub(super) fn fresh(&self) -> impl Iterator<Item = &str> {
        self.edits.iter().map(|(_, text)| text.as_str())
    }

    /// Each change as it stands in the changed text.
    pub(super) fn changes(&self) -> Vec<Change> {
        let (mut out, mut done) = (0, 0);
        let change = |(span, text): &(Range<usize>, String)| {
            let at = out + (span.start - done);
            (out, done) = (at + text.len(), span.end);
            Change { at, length: text.len(), before: self.xml.get(span.clone()).unwrap_or_default().to_owned() }
        };
        self.edits.iter().map(change).collect()
    }

    /// Bytes of the changed text.
    pub(super) fn length(&self) -> usize {
        self.pieces().map(str::len).sum()
    }
}

/// The text before the changes, if each still lies inside it.
pub(crate) fn revert(text: &str, changes: &[Change]) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for change in changes {
        out.push_str(text.get(done..change.at)?);
        out.push_str(&change.before);
        done = change.at.checked_add(change.length)?;
    }
    out.push_str(text.get(done..)?);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHEET: &str = "<?xml version=\"1.0\"?>\n<x:worksheet a='1'><x:cols/><x:sheetData/>\
                         <x:mergeCells count=\"1\"><x:mergeCell ref=\"A1:B1\"/></x:mergeCells></x:worksheet>";
    const ORDER: &[&str] = &["cols", "sheetData", "mergeCells", "conditionalFormatting", "pageMargins"];

    #[test]
    fn a_list_grows_and_shrinks_back() {
        let outline = Outline::of(SHEET).unwrap();
        let mut splice = Splice::default();
        let list = ("mergeCells", ORDER);
        assert_eq!(splice.append_list(SHEET, &outline, list, "<mergeCell ref=\"C1\"/>", 1).unwrap(), 1);
        splice.append_inside(SHEET, outline.child("cols").unwrap(), "<x:col/>");
        let (text, changes) = splice.apply(SHEET).unwrap();
        assert!(text.contains("count=\"2\"><x:mergeCell ref=\"A1:B1\"/><x:mergeCell ref=\"C1\"/></x:mergeCells>"));
        assert!(text.contains("<x:cols><x:col/></x:cols>"));
        assert_eq!(revert(&text, &changes).as_deref(), Some(SHEET));
    }

    #[test]
    fn overlapping_changes_are_an_error() {
        let mut splice = Splice::default();
        splice.replace(0..5, "a");
        splice.replace(3..8, "b");
        assert!(splice.apply(SHEET).is_err());
        let change = |at| Change { at, length: 9, before: String::new() };
        assert_eq!(revert("short", &[change(0)]), None);
        assert_eq!(revert("long enough for two", &[change(4), change(0)]), None);
    }
}
