//! Our notes taken out of comments parts and VML drawings that another program has written.

use std::collections::BTreeSet;

use super::vml::note_shapes;
use crate::ingest::{OWN_AUTHOR, OWN_LINE};
use crate::model::{CellRef, Error, Lang, Severity};
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
        let kept = kept_length(&text, author.is_some() && author == ours);
        if kept == 0 && !text.is_empty() {
            splice.replace(comment.start..comment.end, "");
            cells.extend(attribute(comment.tag(xml), "ref").and_then(|r| CellRef::parse(&r)));
        } else if kept < text.len() {
            cut(&runs, kept, &mut splice);
        }
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

/// How much of a note's text is the user's.
fn kept_length(text: &str, by_us: bool) -> usize {
    let mut at = 0_usize;
    for line in text.split('\n') {
        if line.trim() == OWN_LINE {
            return at.saturating_sub(1);
        }
        at += line.len() + 1;
    }
    if by_us || is_ours(text) { 0 } else { text.len() }
}

/// LibreOffice forgets who wrote a note: it is ours if it begins and ends as ours do.
fn is_ours(text: &str) -> bool {
    let severities = [Severity::Errore, Severity::Avviso, Severity::Osservazione];
    let labels = severities.iter().flat_map(|s| [Lang::It, Lang::En].map(|l| s.label(l).to_uppercase()));
    let begins = labels.into_iter().any(|l| text.strip_prefix(&l).is_some_and(|rest| rest.starts_with(" · ")));
    begins && text.lines().any(|l| l.starts_with('[') && l.trim_end().ends_with(']') && !l.contains(' '))
}

/// Cuts a note's runs behind so many bytes of its text.
fn cut(runs: &[Run], mut kept: usize, splice: &mut Splice) {
    for run in runs {
        if kept == 0 {
            splice.replace(run.whole.start..run.whole.end, "");
        } else if kept < run.text.len() {
            splice.replace(run.content.open_end..run.content.close, escape(run.text.get(..kept).unwrap_or_default()));
        }
        kept = kept.saturating_sub(run.text.len());
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

    const COMMENTS: &str = "<comments><authors><author>Ufficio</author><author>Riscontro</author></authors><commentList>\
        <comment ref=\"A1\" authorId=\"0\"><text><r><t>da vedere\n— Riscontro —\nERRORE</t></r><r><t>x</t></r></text></comment>\
        <comment ref=\"B2\" authorId=\"1\"><text><r><t>AVVISO</t></r></text></comment>\
        <comment ref=\"C3\" authorId=\"0\"><text><t>altra</t></text></comment></commentList></comments>";

    #[test]
    fn only_our_text_goes() {
        let (splice, cells) = without_notes(COMMENTS).unwrap();
        let (text, _) = splice.apply(COMMENTS).unwrap();
        assert!(text.contains("<r><t>da vedere</t></r></text>") && text.contains("<t>altra</t>"), "{text}");
        assert!(!text.contains("AVVISO") && !text.contains("ERRORE"));
        assert_eq!(cells.into_iter().collect::<Vec<_>>(), [CellRef::new(1, 1)]);
    }

    #[test]
    fn the_user_s_text_ends_before_our_separator() {
        assert_eq!(kept_length("da vedere\n— Riscontro —\nERRORE · x", false), "da vedere".len());
        assert_eq!(kept_length("nota su — Riscontro — altrui", false), "nota su — Riscontro — altrui".len());
        assert_eq!(kept_length("— Riscontro —\nERRORE · x", false), 0);
    }

    #[test]
    fn our_notes_are_known_without_their_author() {
        assert!(is_ours("AVVISO · il termine è passato\nRimedio: x\n[LEG-001]"));
        assert!(!is_ours("AVVISO · tornare qui domani"));
        assert!(!is_ours("avviso\n[1]"));
    }

    #[test]
    fn only_boxes_of_those_cells_go() {
        let shape = |row, col| format!("<v:shape id=\"s\"><x:Row>{row}</x:Row><x:Column>{col}</x:Column></v:shape>");
        let vml = format!("<xml>{}{}</xml>", shape(1, 1), shape(2, 2));
        let (text, _) = without_boxes(&vml, &BTreeSet::from([CellRef::new(1, 1)])).apply(&vml).unwrap();
        assert_eq!(text, format!("<xml>{}</xml>", shape(2, 2)));
    }
}
