//! Our notes taken out of comments parts and VML drawings that another program has written.

use std::collections::BTreeSet;
use std::ops::Range;

use super::vml::note_shapes;
use crate::ingest::{OWN_AUTHOR, OWN_LINE};
use crate::model::{CellRef, Error, Lang, Severity};
use crate::package::{Element, Outline, Overlay, Relationship, Splice, attribute, escape, unescape};

/// Bytes of a text beyond which it may have been clipped, and so lacks the code at its end.
const CLIPPED: usize = 6_000;

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

/// The span of a note's text that is ours. What stands before and behind it, somebody has written.
fn our_span(text: &str, by_us: bool) -> Range<usize> {
    let lines = lines(text);
    let separator = lines.iter().position(|(_, line)| line.trim() == OWN_LINE);
    let begins = |line: &str| labels().any(|l| line.strip_prefix(&l).is_some_and(|rest| rest.starts_with(" · ")));
    let first = match separator {
        Some(separator) => Some(separator + 1),
        // LibreOffice forgets who wrote a note; another program may have given the user's notes our author.
        None if by_us => lines.iter().position(|(_, line)| begins(line)),
        None => lines.first().filter(|(_, line)| begins(line)).map(|_| 0),
    };
    let last = first.and_then(|first| {
        let ours = lines.get(first..)?;
        let (mut last, mut open) = (None, true);
        for (at, line) in ours {
            if !open && begins(line) {
                open = true;
            } else if !open && !line.is_empty() && !is_more(line) {
                break;
            }
            let is_clipped = line.ends_with('…') && at + line.len() >= CLIPPED;
            if is_code(line) || is_more(line) || is_clipped {
                last = Some(at + line.len());
                open = false;
            }
        }
        last
    });
    match (separator.and_then(|s| lines.get(s)), first.and_then(|f| lines.get(f)), last) {
        (Some((at, _)), _, Some(end)) | (None, Some((at, _)), Some(end)) => at.saturating_sub(1)..end,
        (Some((at, _)), ..) => at.saturating_sub(1)..text.len(),
        _ => 0..0,
    }
}

/// The lines of a text with their offsets.
fn lines(text: &str) -> Vec<(usize, &str)> {
    let mut at = 0;
    text.split('\n')
        .map(|line| {
            let from = at;
            at += line.len() + 1;
            (from, line.trim_end_matches('\r'))
        })
        .collect()
}

fn labels() -> impl Iterator<Item = String> {
    let severities = [Severity::Errore, Severity::Avviso, Severity::Osservazione];
    severities.into_iter().flat_map(|s| [Lang::It, Lang::En].map(|l| s.label(l).to_uppercase()))
}

/// The line of a code, which ends a finding.
fn is_code(line: &str) -> bool {
    line.starts_with('[') && line.trim_end().ends_with(']') && !line.trim_end().contains(' ')
}

/// The line that ends a note whose findings are too many.
fn is_more(line: &str) -> bool {
    line.starts_with("… e altri ") || line.starts_with("… and ")
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

    const OURS: &str = "AVVISO · il termine è passato\nRimedio: x\nNorma: y\n[LEG-001]";

    fn kept(text: &str, by_us: bool) -> String {
        let span = our_span(text, by_us);
        format!("{}|{}", &text[..span.start], &text[span.end..])
    }

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
    fn the_user_s_text_ends_before_our_separator() {
        assert_eq!(kept(&format!("da vedere\n— Riscontro —\n{OURS}"), false), "da vedere|");
        assert_eq!(kept(&format!("da vedere\n— Riscontro —\n{OURS}\nfatto"), false), "da vedere|\nfatto");
        assert_eq!(kept("nota su — Riscontro — altrui", false), "|nota su — Riscontro — altrui");
        assert_eq!(kept(&format!("— Riscontro —\n{OURS}"), false), "|");
        assert_eq!(kept("da vedere\n— Riscontro —\nsenza forma", false), "da vedere|");
    }

    #[test]
    fn our_notes_are_known_by_their_form() {
        assert_eq!(kept(OURS, false), "|");
        for text in ["AVVISO · tornare qui domani", "avviso\n[1]", "nota\n[PT-A01]"] {
            for by_us in [false, true] {
                assert_eq!(kept(text, by_us), format!("|{text}"), "{by_us}");
            }
        }
    }

    #[test]
    fn what_others_add_to_our_note_stays() {
        let two = format!("{OURS}\n\n{OURS}\n\n… e altri 3 rilievi su questa cella: si veda il foglio dei rilievi");
        assert_eq!(kept(&two, true), "|");
        assert_eq!(kept(&format!("{two}\nvisto"), true), "|\nvisto");
        assert_eq!(
            kept(&format!("{OURS}\nRISPOSTA: corretto, si veda\n[1]"), true),
            "|\nRISPOSTA: corretto, si veda\n[1]"
        );
        assert_eq!(kept(&format!("RISPOSTA\n{OURS}"), true), "RISPOSTA|");
    }

    #[test]
    fn a_clipped_note_is_ours_without_its_code() {
        let long = format!("ERRORE · {}…", "a".repeat(6_000));
        assert_eq!(kept(&long, true), "|");
        assert_eq!(kept(&format!("{long}\nvisto"), true), "|\nvisto");
    }

    #[test]
    fn only_boxes_of_those_cells_go() {
        let shape = |row, col| format!("<v:shape id=\"s\"><x:Row>{row}</x:Row><x:Column>{col}</x:Column></v:shape>");
        let vml = format!("<xml>{}{}</xml>", shape(1, 1), shape(2, 2));
        let (text, _) = without_boxes(&vml, &BTreeSet::from([CellRef::new(1, 1)])).apply(&vml).unwrap();
        assert_eq!(text, format!("<xml>{}</xml>", shape(2, 2)));
    }
}
