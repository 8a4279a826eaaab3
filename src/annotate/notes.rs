//! Notes on cells: their text, and the comments part that holds it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::book::Dialect;
use crate::ingest::{OWN_AUTHOR, OWN_LINE};
use crate::model::{CellRef, Error, Finding, Lang};
use crate::package::{Element, Outline, Splice, attribute, escape, prefixed};

/// Characters of our text in one note.
const MAX_TEXT: usize = 6_000;
/// Characters on one line of a box.
const LINE: usize = 46;
const ORDER: &[&str] = &["authors", "commentList", "extLst"];
const BOLD: &str = "<rPr><b/><sz val=\"9\"/><color indexed=\"81\"/><rFont val=\"Tahoma\"/><family val=\"2\"/></rPr>";
const PLAIN: &str = "<rPr><sz val=\"9\"/><color indexed=\"81\"/><rFont val=\"Tahoma\"/><family val=\"2\"/></rPr>";

/// The text of one note: pieces, and whether each is bold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NoteText(Vec<(bool, String)>);

impl NoteText {
    /// The note of one cell, gravest finding first.
    pub(super) fn of(findings: &[&Finding], lang: Lang) -> Self {
        let mut sorted = findings.to_vec();
        sorted.sort_by_key(|f| (f.waiver.is_some(), std::cmp::Reverse(f.severity)));
        let mut pieces = Vec::new();
        let mut room = MAX_TEXT;
        for (number, finding) in sorted.iter().enumerate() {
            let body = body(finding, lang);
            let length = body.chars().count();
            if length > room && number > 0 {
                let rest = sorted.len() - number;
                let (it, en) = match rest {
                    1 => ("rilievo", "finding"),
                    _ => ("rilievi", "findings"),
                };
                pieces.push((
                    false,
                    lang.pick(
                        format!(
                            "\n\n…{} {it} su questa cella: si veda il foglio dei rilievi",
                            lang.and_more(rest, false)
                        ),
                        format!("\n\n…{} {en} on this cell: see the sheet of findings", lang.and_more(rest, false)),
                    ),
                ));
                break;
            }
            room = room.saturating_sub(length);
            let gap = if number == 0 { "" } else { "\n\n" };
            if finding.waiver.is_some() {
                pieces.push((false, clipped(&format!("{gap}{body}"))));
                continue;
            }
            pieces.push((true, format!("{gap}{}", finding.severity.label(lang).to_uppercase())));
            pieces.push((false, clipped(&body)));
        }
        Self(pieces)
    }

    fn runs(&self) -> String {
        self.0.iter().fold(String::new(), |mut out, (bold, text)| {
            let format = if *bold { BOLD } else { PLAIN };
            let _ = write!(out, "<r>{format}<t xml:space=\"preserve\">{}</t></r>", literal(text));
            out
        })
    }

    /// The lines it takes in its box.
    pub(super) fn lines(&self) -> usize {
        let text: String = self.0.iter().map(|(_, text)| text.as_str()).collect();
        lines(&text)
    }
}

/// The lines that a text takes in a box.
fn lines(text: &str) -> usize {
    text.split('\n').map(|line| 1 + line.chars().count() / LINE).sum()
}

fn body(finding: &Finding, lang: Lang) -> String {
    if let Some(waiver) = &finding.waiver {
        let word = lang.pick("eccezione", "exception");
        return format!("riscontro: {word} {} {}", finding.code, waiver.told(lang));
    }
    let mut text = format!(" · {}", finding.message.trim());
    let remedy = lang.pick("Rimedio", "Remedy");
    let basis = lang.pick("Norma", "Basis");
    for (label, content) in [(remedy, &finding.remedy), (basis, &finding.basis)] {
        if !content.trim().is_empty() {
            let _ = write!(text, "\n{label}: {}", content.trim());
        }
    }
    let _ = write!(text, "\n[{}]", finding.code);
    text
}

fn clipped(text: &str) -> String {
    match text.char_indices().nth(MAX_TEXT) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// Text for a `t` element: spreadsheet programs read `_x0041_` in it as an escape.
fn literal(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    escape(&text.replace("_x", "_x005F_x"))
}

/// The comments part with our notes.
pub(super) struct Commented {
    /// What to change in it.
    pub(super) splice: Splice,
    /// The cells whose note is new and needs a box, with the lines of its text.
    pub(super) boxes: Vec<(CellRef, usize)>,
    /// The cells whose note was the user's and needs a larger box, with the lines of both texts.
    pub(super) grown: Vec<(CellRef, usize)>,
}

/// A comments part without comments.
pub(super) fn empty_comments(dialect: Dialect) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
         <comments xmlns=\"{}\"><authors></authors><commentList></commentList></comments>",
        dialect.main
    )
}

/// Puts notes into a comments part. A cell that has a note keeps its text; ours goes behind it.
pub(super) fn add_notes(xml: &str, notes: &BTreeMap<CellRef, NoteText>) -> Result<Commented, Error> {
    let outline = Outline::of(xml)?;
    if outline.root.is_empty_tag() {
        return fill_empty(xml, &outline, notes);
    }
    let prefix = outline.prefix();
    let mut splice = Splice::default();
    let author = add_author(xml, &outline, &mut splice)?;
    let list = match outline.child("commentList") {
        Some(list) => Some((list, Outline::inside(xml, list)?)),
        None => None,
    };
    let comments = list.iter().flat_map(|(_, inner)| &inner.children);
    let existing: BTreeMap<CellRef, &Element> =
        comments.filter_map(|c| Some((CellRef::parse(&attribute(c.tag(xml), "ref")?)?, c))).collect();
    let mut fresh = String::new();
    let (mut boxes, mut grown) = (Vec::new(), Vec::new());
    for (cell, text) in notes {
        if let Some(comment) = existing.get(cell) {
            let before = append_text(xml, comment, &text.runs(), &mut splice)?;
            grown.push((*cell, lines(&before) + 1 + text.lines()));
        } else {
            let _ =
                write!(fresh, "<comment ref=\"{cell}\" authorId=\"{author}\"><text>{}</text></comment>", text.runs());
            boxes.push((*cell, text.lines()));
        }
    }
    let fresh = prefixed(&fresh, prefix);
    match list {
        Some((element, _)) => splice.append_inside(xml, element, &fresh),
        None => splice
            .insert(outline.slot(ORDER, "commentList"), format!("<{prefix}commentList>{fresh}</{prefix}commentList>")),
    }
    Ok(Commented { splice, boxes, grown })
}

/// Puts notes into `<comments/>`.
fn fill_empty(xml: &str, outline: &Outline, notes: &BTreeMap<CellRef, NoteText>) -> Result<Commented, Error> {
    let prefix = outline.prefix();
    let lists = prefixed("<authors></authors><commentList></commentList>", prefix);
    let whole = format!("<{0}>{lists}</{0}>", outline.root.name);
    let inner = add_notes(&whole, notes)?;
    let (text, _) = inner.splice.clone().apply(&whole)?;
    let outline_of_text = Outline::of(&text)?;
    let mut splice = Splice::default();
    splice.append_inside(xml, &outline.root, outline_of_text.root.inner(&text));
    Ok(Commented { splice, ..inner })
}

/// Adds our author and returns its index.
fn add_author(xml: &str, outline: &Outline, splice: &mut Splice) -> Result<usize, Error> {
    let prefix = outline.prefix();
    let author = format!("<{prefix}author>{OWN_AUTHOR}</{prefix}author>");
    let Some(authors) = outline.child("authors") else {
        splice.insert(outline.slot(ORDER, "authors"), format!("<{prefix}authors>{author}</{prefix}authors>"));
        return Ok(0);
    };
    let before = Outline::inside(xml, authors)?.children;
    let ours = before.iter().position(|a| a.inner(xml) == OWN_AUTHOR);
    if let Some(index) = ours {
        return Ok(index);
    }
    splice.append_inside(xml, authors, &author);
    Ok(before.len())
}

/// Appends runs behind the text of a comment, after our separator. Returns the text it had.
fn append_text(xml: &str, comment: &Element, runs: &str, splice: &mut Splice) -> Result<String, Error> {
    let prefix = comment.prefix();
    let separator = format!("<r>{BOLD}<t xml:space=\"preserve\">\n{OWN_LINE}\n</t></r>");
    let runs = prefixed(&format!("{separator}{runs}"), prefix);
    let inner = Outline::inside(xml, comment)?;
    let Some(text) = inner.child("text") else {
        let text = format!("<{prefix}text>{runs}</{prefix}text>");
        if comment.is_empty_tag() {
            splice.append_inside(xml, comment, &text);
        } else {
            splice.insert(comment.open_end, text);
        }
        return Ok(String::new());
    };
    let pieces = Outline::inside(xml, text)?.children;
    // Plain text and runs do not stand side by side: plain text becomes a run of its own.
    for plain in pieces.iter().filter(|p| p.local() == "t") {
        splice.insert(plain.start, format!("<{prefix}r>"));
        splice.insert(plain.end, format!("</{prefix}r>"));
    }
    match pieces.iter().rfind(|p| matches!(p.local(), "t" | "r")) {
        Some(last) => splice.insert(last.end, runs),
        None if text.is_empty_tag() => splice.append_inside(xml, text, &runs),
        None => splice.insert(text.open_end, runs),
    }
    let mut before = String::new();
    for piece in &pieces {
        match piece.local() {
            "t" => before.push_str(piece.inner(xml)),
            "r" => before.push_str(Outline::inside(xml, piece)?.child("t").map_or("", |t| t.inner(xml))),
            _ => {}
        }
    }
    Ok(before)
}

/// The cells that have a threaded comment, by the text of its part.
pub(super) fn threaded_cells(xml: &str) -> Result<BTreeSet<CellRef>, Error> {
    let comments = Outline::of(xml)?.children;
    Ok(comments.iter().filter_map(|c| CellRef::parse(&attribute(c.tag(xml), "ref")?)).collect())
}
