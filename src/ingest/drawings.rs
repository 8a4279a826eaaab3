//! Text boxes and notes: texts that stand on a sheet beside its cells.

use std::collections::BTreeMap;

use super::{OWN_AUTHOR, our_span};
use crate::model::{CellRef, Error, Note, TextBox};
use crate::package::{Markup, Node};

/// The text boxes of a drawing part, in its order.
pub(crate) fn boxes(xml: &[u8]) -> Result<Vec<TextBox>, Error> {
    let mut boxes = Vec::new();
    let (mut at, mut from) = ((0, 0), false);
    let mut markup = Markup::new(xml);
    while let Some(node) = markup.next()? {
        match node {
            Node::Open(tag) => match tag.name() {
                "twoCellAnchor" | "oneCellAnchor" | "absoluteAnchor" => at = (0, 0),
                "from" => from = true,
                "row" if from => at.0 = markup.text()?.trim().parse().unwrap_or(0),
                "col" if from => at.1 = markup.text()?.trim().parse().unwrap_or(0),
                // The same shape once more, for older programs.
                "Fallback" => markup.skip()?,
                "txBody" => {
                    let text = body(&mut markup)?;
                    let at = CellRef::new(at.0, at.1);
                    if !text.trim().is_empty() && at.row <= CellRef::MAX_ROW && at.col <= CellRef::MAX_COL {
                        boxes.push(TextBox { at, text: text.into() });
                    }
                }
                _ => {}
            },
            Node::Close(name) if name == "from" => from = false,
            _ => {}
        }
    }
    Ok(boxes)
}

/// The text of a shape, up to its end.
fn body(markup: &mut Markup<'_>) -> Result<String, Error> {
    let (mut text, mut paragraphs) = (String::new(), 0);
    while let Some(node) = markup.next()? {
        match node {
            Node::Open(tag) => match tag.name() {
                "p" => {
                    if paragraphs > 0 {
                        text.push('\n');
                    }
                    paragraphs += 1;
                }
                "br" => text.push('\n'),
                "t" => text.push_str(&markup.text()?),
                _ => {}
            },
            Node::Close(name) if name == "txBody" => break,
            _ => {}
        }
    }
    Ok(text)
}

/// The notes of a comments part, ours left out.
pub(crate) fn notes(xml: &[u8]) -> Result<Vec<Note>, Error> {
    let (mut authors, mut notes) = (Vec::new(), Vec::new());
    let mut open: Option<(Option<CellRef>, usize, String)> = None;
    let mut markup = Markup::new(xml);
    while let Some(node) = markup.next()? {
        match node {
            Node::Open(tag) => match tag.name() {
                "author" => authors.push(markup.text()?),
                "comment" => {
                    let at = tag.attr("ref").and_then(|r| CellRef::parse(&r));
                    let author = tag.number("authorId").and_then(|n| usize::try_from(n).ok());
                    open = Some((at, author.unwrap_or(usize::MAX), String::new()));
                }
                "t" => {
                    let piece = markup.text()?;
                    if let Some((_, _, text)) = &mut open {
                        text.push_str(&piece);
                    }
                }
                // How a text is to be pronounced.
                "rPh" => markup.skip()?,
                _ => {}
            },
            Node::Close(name) if name == "comment" => {
                if let Some((Some(at), author, text)) = open.take() {
                    let author = authors.get(author).cloned().unwrap_or_default();
                    let text = users_part(&text, author == OWN_AUTHOR);
                    if !text.trim().is_empty() {
                        notes.push(Note { at, author, text });
                    }
                }
            }
            _ => {}
        }
    }
    Ok(notes)
}

/// The text of a note without what is ours of it.
pub(crate) fn users_part(text: &str, by_us: bool) -> String {
    let span = our_span(text, by_us);
    let (before, behind) = (text.get(..span.start).unwrap_or_default(), text.get(span.end..).unwrap_or_default());
    let behind = if before.trim().is_empty() { behind.trim_start() } else { behind };
    format!("{before}{behind}").trim_end_matches(['\r', '\n']).to_owned()
}

/// The comments of a thread part, with their authors by `persons`.
pub(crate) fn threads(xml: &[u8], persons: &BTreeMap<String, String>) -> Result<Vec<Note>, Error> {
    let mut notes = Vec::new();
    let mut open = (None, String::new());
    let mut markup = Markup::new(xml);
    while let Some(node) = markup.next()? {
        let Node::Open(tag) = node else { continue };
        match tag.name() {
            "threadedComment" => {
                let author = tag.attr("personId").and_then(|p| persons.get(&*p)).cloned();
                open = (tag.attr("ref").and_then(|r| CellRef::parse(&r)), author.unwrap_or_default());
            }
            "text" => {
                let text = markup.text()?;
                // We write no threads: whoever these are by, a person has written them.
                if let (Some(at), author) = std::mem::take(&mut open)
                    && !text.trim().is_empty()
                {
                    notes.push(Note { at, author, text });
                }
            }
            _ => {}
        }
    }
    Ok(notes)
}

/// Display names of a persons part by id.
pub(crate) fn persons(xml: &[u8], into: &mut BTreeMap<String, String>) -> Result<(), Error> {
    let mut markup = Markup::new(xml);
    while let Some(node) = markup.next()? {
        let Node::Open(tag) = node else { continue };
        if let ("person", Some(id), Some(name)) = (tag.name(), tag.attr("id"), tag.attr("displayName")) {
            into.insert(id.into_owned(), name.into_owned());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_give_their_text_where_they_stand() {
        let xml = r#"<xdr:wsDr xmlns:xdr="x" xmlns:a="a" xmlns:mc="m">
            <xdr:twoCellAnchor><xdr:from><xdr:col>2</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>4</xdr:row></xdr:from>
            <xdr:to><xdr:col>9</xdr:col><xdr:row>9</xdr:row></xdr:to>
            <mc:AlternateContent><mc:Choice><xdr:grpSp><xdr:sp><xdr:txBody><a:p><a:r><a:t>prima</a:t></a:r><a:br/><a:r><a:t> riga &amp; </a:t></a:r></a:p>
            <a:p><a:r><a:t>seconda</a:t></a:r></a:p></xdr:txBody></xdr:sp><xdr:sp><xdr:txBody><a:p/></xdr:txBody></xdr:sp></xdr:grpSp></mc:Choice>
            <mc:Fallback><xdr:sp><xdr:txBody><a:p><a:r><a:t>doppione</a:t></a:r></a:p></xdr:txBody></xdr:sp></mc:Fallback></mc:AlternateContent>
            </xdr:twoCellAnchor></xdr:wsDr>"#;
        let boxes = boxes(xml.as_bytes()).unwrap();
        assert_eq!(boxes.len(), 1);
        assert_eq!((boxes[0].at, &*boxes[0].text), (CellRef::new(4, 2), "prima\n riga & \nseconda"));
    }

    #[test]
    fn our_own_notes_are_not_the_users() {
        let xml = "<comments><authors><author>Anna</author><author>Riscontro</author></authors><commentList>
            <comment ref=\"A1\" authorId=\"0\"><text><r><t>da </t></r><r><t>rivedere\n— Riscontro —\nmanca</t></r></text></comment>
            <comment ref=\"A2\" authorId=\"1\"><text><t>AVVISO · manca\n[A-1]</t></text></comment>
            <comment ref=\"B1\" authorId=\"1\"><text><t>da rivedere con l'ufficio</t></text></comment>
            <comment ref=\"B2\" authorId=\"1\"><text><t>ERRORE · manca\n[A-1]\nfatto</t></text></comment>
            <comment ref=\"B3\" authorId=\"9\"><text><t>ERRORE · manca\n[A-1]</t></text></comment>
            <comment ref=\"A3\" authorId=\"0\"><text><t>— Riscontro —\nmanca</t></text></comment>
            <comment ref=\"A4\" authorId=\"9\"><text><t>il — Riscontro — qui</t></text></comment>
            <comment ref=\"A0\" authorId=\"0\"><text><t>altrove</t></text></comment></commentList></comments>";
        let notes: Vec<_> =
            notes(xml.as_bytes()).unwrap().into_iter().map(|n| (n.at.to_string(), n.author.clone(), n.text)).collect();
        let note = |at: &str, author: &str, text: &str| (at.to_owned(), author.to_owned(), text.to_owned());
        assert_eq!(
            notes,
            [
                note("A1", "Anna", "da rivedere"),
                note("B1", "Riscontro", "da rivedere con l'ufficio"),
                note("B2", "Riscontro", "fatto"),
                note("A4", "", "il — Riscontro — qui")
            ]
        );
    }

    #[test]
    fn threads_have_the_names_of_their_persons() {
        let mut names = BTreeMap::new();
        persons(br#"<personList><person displayName="Anna" id="{1}"/></personList>"#, &mut names).unwrap();
        let xml = br#"<ThreadedComments><threadedComment ref="B2" personId="{1}" id="{a}"><text>da fare</text></threadedComment>
            <threadedComment ref="B2" personId="{2}" id="{b}"><text>fatto</text></threadedComment></ThreadedComments>"#;
        let notes: Vec<_> = threads(xml, &names).unwrap().into_iter().map(|n| (n.author, n.text)).collect();
        assert_eq!(notes, [("Anna".to_owned(), "da fare".to_owned()), (String::new(), "fatto".to_owned())]);
    }
}
