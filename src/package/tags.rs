//! The tags of a part, one after the other.

use memchr::memchr;

use super::xml::damaged;
use crate::model::Error;

/// One tag as it stands in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tag<'a> {
    /// Its text, from `<` to `>`.
    pub(crate) text: &'a str,
    /// Its name without prefix.
    pub(crate) local: &'a str,
    /// Offset of its `<`.
    pub(crate) start: usize,
    /// Offset behind its `>`.
    pub(crate) end: usize,
    /// Whether it is an end tag.
    pub(crate) is_end: bool,
}

/// The tags of a part in order. Comments, declarations and CDATA are passed over.
#[derive(Debug)]
pub(crate) struct Tags<'a> {
    xml: &'a str,
    at: usize,
}

impl<'a> Tags<'a> {
    /// The tags of a text.
    pub(crate) fn of(xml: &'a str) -> Self {
        Self { xml, at: 0 }
    }

    fn read(&mut self, start: usize) -> Option<Tag<'a>> {
        let length = end_of_tag(self.xml.get(start..)?)?;
        let end = start + length;
        let text = self.xml.get(start..end)?;
        let is_end = text.starts_with("</");
        let name = text.get(if is_end { 2 } else { 1 }..)?;
        let name = name.get(..name.find(|c: char| c.is_whitespace() || c == '/' || c == '>')?)?;
        let local = name.rsplit(':').next()?;
        self.at = end;
        Some(Tag { text, local, start, end, is_end })
    }
}

/// A `>` inside a quoted value does not end the tag.
fn end_of_tag(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

impl<'a> Iterator for Tags<'a> {
    type Item = Result<Tag<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let rest = self.xml.get(self.at..)?;
            let start = self.at + memchr(b'<', rest.as_bytes())?;
            let rest = self.xml.get(start..)?;
            let end_mark = match rest {
                r if r.starts_with("<!--") => "-->",
                r if r.starts_with("<![CDATA[") => "]]>",
                r if r.starts_with("<?") => "?>",
                _ => {
                    let tag = self.read(start);
                    if tag.is_none() {
                        self.at = self.xml.len();
                    }
                    return Some(tag.ok_or_else(|| damaged("a tag does not end")));
                }
            };
            self.at = rest.find(end_mark).map_or(self.xml.len(), |i| start + i + end_mark.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_come_in_order_without_comments() {
        let xml = "<?xml version=\"1.0\"?><x:a b=\">\"><!-- <c> --><d/>t<![CDATA[<e>]]></x:a>";
        let tags: Vec<_> = Tags::of(xml).map(|t| t.unwrap()).map(|t| (t.local, t.is_end)).collect();
        assert_eq!(tags, [("a", false), ("d", false), ("a", true)]);
        assert!(Tags::of("<a><b").any(|t| t.is_err()));
    }
}
