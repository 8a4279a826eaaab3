//! XML parts as text with byte offsets: where elements stand, and splicing at those offsets.
//!
//! Nothing is parsed into a tree and written again: what lies between two splices keeps its bytes.

use std::ops::Range;

use memchr::memmem;
use quick_xml::Reader;
use quick_xml::events::Event;

use crate::model::{Error, ErrorKind};

/// Where one element stands in its part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Element {
    /// Name with its prefix.
    pub(crate) name: String,
    /// Offset of the `<` of its start tag.
    pub(crate) start: usize,
    /// Offset behind the `>` of its start tag.
    pub(crate) open_end: usize,
    /// Offset of the `<` of its end tag; of an empty element, `open_end`.
    pub(crate) close: usize,
    /// Offset behind its last byte.
    pub(crate) end: usize,
}

impl Element {
    /// The name without its prefix.
    pub(crate) fn local(&self) -> &str {
        self.name.rsplit(':').next().unwrap_or_default()
    }

    /// The prefix with its colon (`x:`), empty if there is none.
    pub(crate) fn prefix(&self) -> &str {
        self.name.rfind(':').and_then(|i| self.name.get(..=i)).unwrap_or_default()
    }

    /// Whether it is written `<a/>`.
    pub(crate) fn is_empty_tag(&self) -> bool {
        self.open_end == self.end
    }

    /// The text of its start tag.
    pub(crate) fn tag<'a>(&self, xml: &'a str) -> &'a str {
        xml.get(self.start..self.open_end).unwrap_or_default()
    }

    /// All of its text.
    pub(crate) fn text<'a>(&self, xml: &'a str) -> &'a str {
        xml.get(self.start..self.end).unwrap_or_default()
    }

    /// What stands between its tags.
    pub(crate) fn inner<'a>(&self, xml: &'a str) -> &'a str {
        xml.get(self.open_end..self.close).unwrap_or_default()
    }

    fn moved(mut self, by: usize) -> Self {
        for offset in [&mut self.start, &mut self.open_end, &mut self.close, &mut self.end] {
            *offset += by;
        }
        self
    }
}

/// The root of a part and its direct children.
#[derive(Debug, Clone)]
pub(crate) struct Outline {
    /// The root.
    pub(crate) root: Element,
    /// Its children, in order.
    pub(crate) children: Vec<Element>,
}

impl Outline {
    /// Reads the outline of a part.
    pub(crate) fn of(xml: &str) -> Result<Self, Error> {
        let mut scan = Scan::default();
        let mut base = 0;
        while let Some(jump) = scan.run(xml, base)? {
            base = jump;
        }
        match scan.root {
            Some(root) if root.end > 0 => Ok(Self { root, children: scan.children }),
            _ => Err(damaged("the XML ends early")),
        }
    }

    /// Reads the children of one element of a part.
    pub(crate) fn inside(xml: &str, element: &Element) -> Result<Self, Error> {
        let inner = Self::of(element.text(xml))?;
        let children = inner.children.into_iter().map(|c| c.moved(element.start)).collect();
        Ok(Self { root: inner.root.moved(element.start), children })
    }

    /// The prefix of the part, with its colon.
    pub(crate) fn prefix(&self) -> &str {
        self.root.prefix()
    }

    /// The first child of that local name.
    pub(crate) fn child(&self, local: &str) -> Option<&Element> {
        self.children.iter().find(|c| c.local() == local)
    }

    /// Offset behind the last child that may stand before `local` by the schema's order of children.
    pub(crate) fn slot(&self, order: &[&str], local: &str) -> usize {
        let rank = |name: &str| order.iter().position(|o| *o == name);
        let want = rank(local);
        let before = |c: &&Element| rank(c.local()).is_some_and(|r| want.is_none_or(|w| r <= w));
        self.children.iter().filter(before).map(|c| c.end).next_back().unwrap_or(self.root.open_end)
    }
}

/// The state of a walk over a part, which may go on behind a jump.
#[derive(Default)]
struct Scan {
    depth: usize,
    root: Option<Element>,
    open: Option<Element>,
    children: Vec<Element>,
}

impl Scan {
    /// Walks from `base` to the end of the root, or to where a jump leads: then the offset to go on from.
    fn run(&mut self, xml: &str, base: usize) -> Result<Option<usize>, Error> {
        let mut reader = Reader::from_str(xml.get(base..).unwrap_or_default());
        // Behind a jump the end tags of root and sheetData have no start tag in the reader's sight.
        reader.config_mut().check_end_names = false;
        reader.config_mut().allow_unmatched_ends = true;
        loop {
            let from = base + offset(reader.buffer_position());
            let event = reader.read_event().map_err(|e| damaged("the XML is not well formed").because(e))?;
            let to = base + offset(reader.buffer_position());
            match event {
                Event::DocType(_) => return Err(damaged("a DTD is not allowed")),
                Event::Start(tag) => {
                    self.start(tag.name().as_ref(), from, to);
                    let is_data = self.depth == 2 && tag.local_name().as_ref() == "sheetData";
                    if is_data && let Some(behind) = self.jump(xml, tag.name().as_ref(), to) {
                        return Ok(Some(behind));
                    }
                }
                Event::Empty(tag) => {
                    self.start(tag.name().as_ref(), from, to);
                    self.finish(to, to)?;
                }
                Event::End(_) => self.finish(from, to)?,
                Event::Eof => return Err(damaged("the XML ends early")),
                _ => {}
            }
            if self.depth == 0 && self.root.is_some() {
                return Ok(None);
            }
        }
    }

    fn start(&mut self, name: &str, from: usize, to: usize) {
        let element = || Element { name: name.to_owned(), start: from, open_end: to, close: 0, end: 0 };
        match self.depth {
            0 => self.root = Some(element()),
            1 => self.open = Some(element()),
            _ => {}
        }
        self.depth += 1;
    }

    fn finish(&mut self, close: usize, end: usize) -> Result<(), Error> {
        self.depth = self.depth.checked_sub(1).ok_or_else(|| damaged("an end tag without a start"))?;
        match self.depth {
            0 => self.root = self.root.take().map(|e| Element { close, end, ..e }),
            1 => self.children.extend(self.open.take().map(|e| Element { close, end, ..e })),
            _ => {}
        }
        Ok(())
    }

    /// `sheetData` is most of a sheet part: its end is found by its end tag, which is safe where it holds no
    /// comment and no CDATA.
    fn jump(&mut self, xml: &str, name: &str, from: usize) -> Option<usize> {
        let end_tag = format!("</{name}>");
        let rest = xml.as_bytes().get(from..)?;
        let length = memmem::find(rest, end_tag.as_bytes())?;
        if memmem::find(rest.get(..length)?, b"<!").is_some() {
            return None;
        }
        let behind = from + length + end_tag.len();
        self.finish(from + length, behind).ok()?;
        Some(behind)
    }
}

fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

/// The error of a part that cannot be read as XML.
pub(crate) fn damaged(detail: &'static str) -> Error {
    Error::new(
        ErrorKind::Corrupt,
        "il file è danneggiato: una sua parte XML non si legge; aprirlo con il foglio di calcolo e salvarlo di nuovo",
        "the file is damaged: an XML part of it cannot be read; open it in the spreadsheet program and save it again",
    )
    .because(detail)
}

/// Names and value spans of the attributes in the text of a start tag.
pub(crate) fn attributes(tag: &str) -> Attributes<'_> {
    let name_end = tag.find(|c: char| c.is_whitespace() || c == '/' || c == '>').unwrap_or(tag.len());
    Attributes { tag, at: name_end }
}

/// See [`attributes`].
pub(crate) struct Attributes<'a> {
    tag: &'a str,
    at: usize,
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a str, Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.tag.get(self.at..)?;
        let name_at = self.at + rest.find(|c: char| !c.is_whitespace())?;
        let rest = self.tag.get(name_at..)?;
        let equals = rest.find('=')?;
        let name = rest.get(..equals)?.trim_end();
        let behind = rest.get(equals + 1..)?;
        let quote_at = behind.find(|c: char| !c.is_whitespace())?;
        let quote = behind.get(quote_at..)?.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let start = name_at + equals + 1 + quote_at + 1;
        let length = self.tag.get(start..)?.find(quote)?;
        self.at = start + length + 1;
        Some((name, start..start + length))
    }
}

/// The span of an attribute's value in the text of a start tag.
pub(crate) fn attribute_span(tag: &str, name: &str) -> Option<Range<usize>> {
    attributes(tag).find(|(n, _)| *n == name).map(|(_, span)| span)
}

/// The value of an attribute in the text of a start tag.
pub(crate) fn attribute(tag: &str, name: &str) -> Option<String> {
    attribute_span(tag, name).and_then(|span| tag.get(span)).map(|v| super::markup::unescape(v).into_owned())
}

/// The value of a prefixed attribute of that local name, whatever its prefix (`r:id`).
pub(crate) fn attribute_local(tag: &str, local: &str) -> Option<String> {
    let (_, span) = attributes(tag).find(|(n, _)| n.split_once(':').is_some_and(|(_, l)| l == local))?;
    tag.get(span).map(|v| super::markup::unescape(v).into_owned())
}

/// The span of a start tag to replace, and by what, so that an attribute is set.
pub(super) fn attribute_edit(tag: &str, name: &str, value: &str) -> (Range<usize>, String) {
    let value = escape(value);
    if let Some(span) = attribute_span(tag, name) {
        return (span, value);
    }
    let end = tag_end(tag);
    (end..end, format!(" {name}=\"{value}\""))
}

/// The offset of the `>` or `/>` of a start tag.
pub(crate) fn tag_end(tag: &str) -> usize {
    let tag = tag.strip_suffix('>').unwrap_or(tag);
    tag.strip_suffix('/').unwrap_or(tag).len()
}

/// A start tag with one attribute set.
pub(crate) fn with_attribute(tag: &str, name: &str, value: &str) -> String {
    let (span, text) = attribute_edit(tag, name, value);
    let (before, behind) = (tag.get(..span.start).unwrap_or_default(), tag.get(span.end..).unwrap_or_default());
    format!("{before}{text}{behind}")
}

/// A start tag without one attribute.
pub(crate) fn without_attribute(tag: &str, name: &str) -> String {
    let found = attributes(tag).find(|(n, _)| *n == name).map(|(_, span)| span);
    let cut = found.and_then(|span| {
        let before = tag.get(..span.start)?;
        let start = before.rfind(name)?;
        Some((tag.get(..start)?.trim_end(), tag.get(span.end + 1..)?))
    });
    cut.map_or_else(|| tag.to_owned(), |(before, behind)| format!("{before}{behind}"))
}

/// Text for element or attribute content, without the characters that XML does not admit.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(c),
            // A bare carriage return is read back as a line break.
            '\r' => out.push_str("&#13;"),
            c if c < ' ' || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}

/// A fragment written without prefixes, with the prefix of the part it goes into.
pub(crate) fn prefixed(fragment: &str, prefix: &str) -> String {
    if prefix.is_empty() {
        return fragment.to_owned();
    }
    let mut out = String::with_capacity(fragment.len() * 5 / 4);
    let mut rest = fragment;
    while let Some(i) = rest.find('<') {
        let slash = usize::from(rest.as_bytes().get(i + 1) == Some(&b'/'));
        let (before, behind) = rest.split_at(i + 1 + slash);
        out.push_str(before);
        out.push_str(prefix);
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// The numbers that follow `mark` in a text (`priority="`), as far as they are numbers.
pub(crate) fn numbers_after<'a>(text: &'a str, mark: &'a str) -> impl Iterator<Item = u64> + 'a {
    text.match_indices(mark).filter_map(move |(i, _)| {
        let rest = text.get(i + mark.len()..)?;
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        rest.get(..digits)?.parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHEET: &str = "<?xml version=\"1.0\"?>\n<x:worksheet a='1'><x:cols/><x:sheetData><x:row><x:c/></x:row>\
                         </x:sheetData><x:mergeCells count=\"1\"><x:mergeCell ref=\"A1:B1\"/></x:mergeCells></x:worksheet>";
    const ORDER: &[&str] = &["cols", "sheetData", "mergeCells", "conditionalFormatting", "pageMargins"];

    #[test]
    fn children_stand_where_the_text_has_them() {
        let outline = Outline::of(SHEET).unwrap();
        let names: Vec<_> = outline.children.iter().map(Element::local).collect();
        assert_eq!(names, ["cols", "sheetData", "mergeCells"]);
        assert_eq!(outline.child("sheetData").unwrap().inner(SHEET), "<x:row><x:c/></x:row>");
        assert_eq!(outline.root.text(SHEET), SHEET.split_once('\n').unwrap().1);
        let list = Outline::inside(SHEET, outline.child("mergeCells").unwrap()).unwrap();
        assert_eq!(list.children[0].text(SHEET), "<x:mergeCell ref=\"A1:B1\"/>");
    }

    #[test]
    fn a_comment_inside_sheet_data_does_not_end_it() {
        let xml = "<worksheet><sheetData><!--</sheetData>--><row/></sheetData><drawing/></worksheet>";
        let outline = Outline::of(xml).unwrap();
        assert_eq!(outline.child("sheetData").unwrap().inner(xml), "<!--</sheetData>--><row/>");
        assert!(outline.child("drawing").is_some());
    }

    #[test]
    fn new_children_go_where_the_order_wants_them() {
        let outline = Outline::of(SHEET).unwrap();
        assert_eq!(outline.slot(ORDER, "pageMargins"), outline.child("mergeCells").unwrap().end);
        assert_eq!(outline.slot(ORDER, "cols"), outline.child("cols").unwrap().end);
    }

    #[test]
    fn attributes_are_read_under_either_quote() {
        let tag = "<a r:id = 'x&amp;y' count=\"3\"/>";
        assert_eq!(attribute_local(tag, "id").as_deref(), Some("x&y"));
        assert_eq!(attribute(tag, "count").as_deref(), Some("3"));
        assert_eq!(attribute(tag, "id"), None);
        assert_eq!(with_attribute(tag, "count", "4"), "<a r:id = 'x&amp;y' count=\"4\"/>");
        assert_eq!(with_attribute("<a/>", "n", "1"), "<a n=\"1\"/>");
    }

    #[test]
    fn cut_parts_are_refused() {
        for length in 0..SHEET.len() {
            assert!(Outline::of(&SHEET[..length]).is_err(), "{length}");
        }
        assert!(Outline::of("<!DOCTYPE a><a/>").is_err());
    }
}
