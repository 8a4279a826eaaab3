//! A small reader over the XML of one part: elements by local name, text with its entities resolved.

use std::borrow::Cow;

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::fault::corrupt;
use crate::model::Error;

/// What comes next in a part. An empty element is opened and closed.
#[derive(Debug)]
pub enum Node<'a> {
    /// An element begins.
    Open(Tag<'a>),
    /// The element of this local name ends.
    Close(String),
    /// A piece of text. One text may come in several pieces.
    Text(Cow<'a, str>),
}

/// The start of an element.
#[derive(Debug)]
pub struct Tag<'a>(BytesStart<'a>);

impl Tag<'_> {
    /// Its name without prefix.
    pub fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }

    /// The attribute of this local name. A malformed one is as if absent.
    pub fn attr(&self, name: &str) -> Option<Cow<'_, str>> {
        let found = self.0.attributes().with_checks(false).flatten().find(|a| a.key.local_name().as_ref() == name)?;
        found.normalized_value(XmlVersion::Explicit1_0).ok()
    }

    /// Whether the attribute is set to a true value.
    pub fn is(&self, name: &str) -> bool {
        self.attr(name).is_some_and(|v| matches!(v.trim(), "1" | "true" | "on"))
    }

    /// The attribute as a number.
    pub fn number(&self, name: &str) -> Option<u32> {
        self.attr(name)?.trim().parse().ok()
    }
}

/// A reader over the XML of one part.
#[derive(Debug)]
pub struct Markup<'a> {
    reader: Reader<&'a [u8]>,
}

impl<'a> Markup<'a> {
    /// A reader at the start of `xml`.
    pub fn new(xml: &'a [u8]) -> Self {
        let mut reader = Reader::from_reader(xml);
        reader.config_mut().expand_empty_elements = true;
        Self { reader }
    }

    /// The next node, `None` at the end.
    #[expect(clippy::should_implement_trait, reason = "a step can fail, and a node borrows from the part")]
    pub fn next(&mut self) -> Result<Option<Node<'a>>, Error> {
        loop {
            let event = self.reader.read_event().map_err(|e| corrupt("XML non valido", "invalid XML").because(e))?;
            return Ok(Some(match event {
                Event::Start(tag) | Event::Empty(tag) => Node::Open(Tag(tag)),
                Event::End(tag) => Node::Close(tag.local_name().into_inner().to_owned()),
                Event::Text(text) => Node::Text(text.xml10_content()),
                Event::CData(text) => Node::Text(text.xml10_content()),
                Event::GeneralRef(entity) => match entity.resolve_char_ref() {
                    Ok(Some(c)) => Node::Text(Cow::Owned(c.to_string())),
                    _ => Node::Text(Cow::Borrowed(resolve_predefined_entity(&entity).unwrap_or_default())),
                },
                Event::Eof => return Ok(None),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => continue,
            }));
        }
    }

    /// The text up to the end of the element just opened, its children's texts included.
    pub fn text(&mut self) -> Result<String, Error> {
        let (mut text, mut depth) = (String::new(), 0usize);
        while let Some(node) = self.next()? {
            match node {
                Node::Open(_) => depth += 1,
                Node::Close(_) if depth == 0 => break,
                Node::Close(_) => depth -= 1,
                Node::Text(piece) => text.push_str(&piece),
            }
        }
        Ok(text)
    }

    /// Jumps over the element just opened.
    pub fn skip(&mut self) -> Result<(), Error> {
        self.text().map(drop)
    }
}

/// A text with its entities resolved; an unknown one stays as written.
pub fn unescape(raw: &str) -> Cow<'_, str> {
    quick_xml::escape::unescape(raw).unwrap_or(Cow::Borrowed(raw))
}
