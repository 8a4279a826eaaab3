//! Our notes taken out of comments parts and VML drawings that another program has written.

use std::collections::BTreeSet;
use std::ops::Range;

use super::vml::note_shapes;
use crate::ingest::{OWN_AUTHOR, our_span};
use crate::model::{CellRef, Error};
use crate::package::{Element, Outline, Overlay, Relationship, Splice, attribute, escape, unescape};

/// Takes our notes off the sheet that has these relationships.
pub(super) fn unnote(package: &mut Overlay<'_>, relations: &[Relationship]) -> Result<(), Error> {
    let Some(comments) = relations.iter().find(|r| r.is("comments")) else { return Ok(()) };
    let Some(part) = package.part(&comments.target)? else { return Ok(()) };
    let (splice, cells) = without_notes(&part.xml)?;
    package.patch(part, splice)?;
    let Some(drawing) = relations.iter().find(|r| r.is("vmlDrawing")) else { return Ok(()) };
    match package.part(&drawing.target)? {
        Some(part) if !cells.is_empty() => {
            let splice = without_boxes(&part.xml, &cells);
            package.patch(part, splice)
        }
        _ => Ok(()),
    }
}

/// The changes that take our notes out, and the cells that have none left.
fn without_notes(xml: &str) -> Result<(Splice, BTreeSet<CellRef>), Error> {
    let outline = Outline::of(xml)?;
    let (mut splice, mut cells) = (Splice::default(), BTreeSet::new());
    let authors = match outline.child("authors") {
        Some(authors) => Outline::inside(xml, authors)?.children,
        None => Vec::new(),
    };
    let ours = authors.iter().position(|a| unescape(a.inner(xml)) == OWN_AUTHOR);
    let Some(list) = outline.child("commentList") else { return Ok((splice, cells)) };
    for comment in Outline::inside(xml, list)?.children {
        let author = attribute(comment.tag(xml), "authorId").and_then(|i| i.parse::<usize>().ok());
        let runs = runs(xml, &comment)?;
        let text: String = runs.iter().map(|r| r.text.as_str()).collect();
        let mut span = our_span(&text, author.is_some() && author == ours);
        let (before, behind) = (text.get(..span.start).unwrap_or_default(), text.get(span.end..).unwrap_or_default());
        if span.is_empty() {
            continue;
        }
        if before.trim().is_empty() && behind.trim().is_empty() {
            splice.replace(comment.start..comment.end, "");
            cells.extend(attribute(comment.tag(xml), "ref").and_then(|r| CellRef::parse(&r)));
            continue;
        }
        if before.trim().is_empty() {
            span = 0..text.len() - behind.trim_start().len();
        } else if behind.trim().is_empty() {
            span.end = text.len();
        }
        cut(&runs, &span, &mut splice);
    }
    Ok((splice, cells))
}

/// One run of a note.
struct Run {
    /// All of it.
    whole: Element,
    /// Its `t` element.
    content: Element,
    /// What it says.
    text: String,
}

fn runs(xml: &str, comment: &Element) -> Result<Vec<Run>, Error> {
    let inner = Outline::inside(xml, comment)?;
    let Some(text) = inner.child("text") else { return Ok(Vec::new()) };
    let mut runs = Vec::new();
    for whole in Outline::inside(xml, text)?.children {
        let content = match whole.local() {
            "t" => Some(whole.clone()),
            "r" => Outline::inside(xml, &whole)?.child("t").cloned(),
            _ => None,
        };
        if let Some(content) = content {
            let text = unescape(content.inner(xml)).into_owned();
            runs.push(Run { whole, content, text });
        }
    }
    Ok(runs)
}

/// Cuts a span of its text out of a note's runs.
fn cut(runs: &[Run], span: &Range<usize>, splice: &mut Splice) {
    let mut at = 0;
    for run in runs {
        let (from, to) = (at, at + run.text.len());
        at = to;
        let (start, end) = (span.start.clamp(from, to) - from, span.end.clamp(from, to) - from);
        if start == end {
            continue;
        }
        let (before, behind) = (run.text.get(..start).unwrap_or_default(), run.text.get(end..).unwrap_or_default());
        if before.is_empty() && behind.is_empty() {
            splice.replace(run.whole.start..run.whole.end, "");
        } else {
            splice.replace(run.content.open_end..run.content.close, escape(&format!("{before}{behind}")));
        }
    }
}

/// The changes that take the boxes of these cells out of a drawing.
fn without_boxes(vml: &str, cells: &BTreeSet<CellRef>) -> Splice {
    let mut splice = Splice::default();
    for shape in note_shapes(vml).into_iter().filter(|s| cells.contains(&s.cell)) {
        splice.replace(shape.span, "");
    }
    splice
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_text_goes() {
        let comments = "<comments><authors><author>Ufficio</author><author>Riscontro</author></authors><commentList>\
             <comment ref=\"A1\" authorId=\"0\"><text><r><t>da vedere\n— Riscontro —\nERRORE</t></r>\
             <r><t> · x\n[A-1]</t></r></text></comment>\
             <comment ref=\"B2\" authorId=\"1\"><text><r><t>AVVISO</t></r><r><t> · x\n[A-1]</t></r></text></comment>\
             <comment ref=\"C3\" authorId=\"0\"><text><t>altra</t></text></comment>\
             <comment ref=\"D4\" authorId=\"1\"><text><r><t>AVVISO</t></r><r><t> · x\n[A-1]\nfatto &amp; detto</t></r>\
             </text></comment></commentList></comments>";
        let (splice, cells) = without_notes(comments).unwrap();
        let (text, _) = splice.apply(comments).unwrap();
        assert!(text.contains("<r><t>da vedere</t></r></text>") && text.contains("<t>altra</t>"), "{text}");
        assert!(text.contains("<text><r><t>fatto &amp; detto</t></r></text>"), "{text}");
        assert!(!text.contains("AVVISO") && !text.contains("ERRORE"));
        assert_eq!(cells.into_iter().collect::<Vec<_>>(), [CellRef::new(1, 1)]);
    }

    #[test]
    fn only_boxes_of_those_cells_go() {
        let shape = |row, col| format!("<v:shape id=\"s\"><x:Row>{row}</x:Row><x:Column>{col}</x:Column></v:shape>");
        let vml = format!("<xml>{}{}</xml>", shape(1, 1), shape(2, 2));
        let (text, _) = without_boxes(&vml, &BTreeSet::from([CellRef::new(1, 1)])).apply(&vml).unwrap();
        assert_eq!(text, format!("<xml>{}</xml>", shape(2, 2)));
    }
}
