//! What the pages of sheets say in their headers and footers: the master pages of `styles.xml`.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::line::Lines;
use super::pass::{SHEETS, attr, full_name};
use crate::ingest::sheet::{SECTIONS, tidy};
use crate::model::{Error, Sheet};
use crate::package::{Limits, Piece, corrupt, size, tag_name, too_large, unescape};

/// The page of a sheet whose style names none.
const USUAL: &str = "Default";
/// The longest name of a style or page that is kept, in bytes.
const NAME: usize = 1_000;
/// Text of the headers of all sheets together, in bytes.
const TEXT: usize = 8 << 20;
/// Fields that say nothing of the document.
const FIELDS: &[&[u8]] =
    &[b"page-number", b"page-count", b"page-continuation", b"sheet-name", b"file-name", b"date", b"time"];

/// The styles of sheets: whether they are shown, and on what pages they are printed. Of no more than there can be
/// sheets.
#[derive(Debug, Default)]
pub(super) struct Looks {
    /// The style whose properties come next.
    open: Option<String>,
    hidden: BTreeSet<String>,
    pages: BTreeMap<String, String>,
}

impl Looks {
    /// A style begins.
    pub(super) fn begin(&mut self, tag: &[u8]) {
        let is_of_sheets = attr(tag, b"style:family").as_deref() == Some("table");
        let name = |name: &[u8]| attr(tag, name).filter(|n| is_of_sheets && n.len() <= NAME).map(Cow::into_owned);
        self.open = name(b"style:name");
        if let (Some(style), Some(page), true) =
            (&self.open, name(b"style:master-page-name"), self.pages.len() < SHEETS)
        {
            self.pages.insert(style.clone(), page);
        }
    }

    /// The open style hides its sheets.
    pub(super) fn hide(&mut self) {
        if self.hidden.len() < SHEETS {
            self.hidden.extend(self.open.take());
        }
    }

    pub(super) fn end(&mut self) {
        self.open = None;
    }

    pub(super) fn is_hidden(&self, style: &str) -> bool {
        self.hidden.contains(style)
    }

    /// The page of sheets of this style.
    pub(super) fn page(&self, style: &str) -> String {
        self.pages.get(style).map_or(USUAL, String::as_str).to_owned()
    }
}

/// The pass over the master pages.
pub(super) struct Pages<'a> {
    limits: &'a Limits,
    /// The sections of the pages that sheets are printed on.
    found: BTreeMap<String, Vec<String>>,
    /// Bytes that the texts may have yet.
    left: usize,
    page: Option<String>,
    /// Inside a header or footer.
    inside: bool,
    /// Nesting inside what is not printed, or says nothing.
    aside: usize,
    lines: Lines,
}

impl<'a> Pages<'a> {
    /// Looks for the pages of these names.
    pub(super) fn new<'n>(names: impl IntoIterator<Item = &'n String>, limits: &'a Limits) -> Self {
        let found = names.into_iter().map(|name| (name.clone(), Vec::new())).collect();
        Self { limits, found, left: TEXT, page: None, inside: false, aside: 0, lines: Lines::default() }
    }

    pub(super) fn piece(&mut self, piece: Piece<'_>) -> Result<(), Error> {
        match piece {
            Piece::Tag(tag) => {
                if let Some(name) = tag.strip_prefix(b"/") {
                    return self.close(full_name(name));
                }
                self.open(tag, tag.last() == Some(&b'/'));
            }
            Piece::Text(text) => self.text(text, true)?,
            Piece::CData(text) => self.text(text, false)?,
            Piece::Aside(_) => {}
        }
        Ok(())
    }

    fn open(&mut self, tag: &[u8], is_empty: bool) {
        let name = full_name(tag);
        if self.aside > 0 {
            self.aside += usize::from(!is_empty);
        } else if name == b"style:master-page" && !is_empty {
            let page = attr(tag, b"style:name").filter(|page| self.found.contains_key(&**page));
            self.page = page.map(Cow::into_owned);
        } else if self.page.is_some() && is_band(name) {
            let is_shown = attr(tag, b"style:display").as_deref() != Some("false");
            self.inside = is_shown && !is_empty;
            self.aside = usize::from(!is_shown && !is_empty);
            self.lines.clear();
        } else if self.inside && FIELDS.contains(&tag_name(tag)) {
            self.aside = usize::from(!is_empty);
        } else if self.inside {
            match name {
                b"text:p" | b"text:h" => self.lines.begin(is_empty),
                b"text:s" | b"text:tab" => self.lines.sign(' ', 1),
                b"text:line-break" => self.lines.sign('\n', 1),
                _ => {}
            }
        }
    }

    fn close(&mut self, name: &[u8]) -> Result<(), Error> {
        match name {
            _ if self.aside > 0 => self.aside -= 1,
            b"style:master-page" => (self.page, self.inside) = (None, false),
            b"style:region-left" | b"style:region-center" | b"style:region-right" if self.inside => {
                return self.section();
            }
            b"text:p" | b"text:h" if self.inside => self.lines.end(),
            _ if self.inside && is_band(name) => {
                self.inside = false;
                return self.section();
            }
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &[u8], is_escaped: bool) -> Result<(), Error> {
        if !self.inside || self.aside > 0 {
            return Ok(());
        }
        let not_text = || corrupt("un testo non è UTF-8", "a text is not UTF-8");
        let text = std::str::from_utf8(text).map_err(|_| not_text())?;
        self.lines.push(&if is_escaped { unescape(text) } else { Cow::Borrowed(text) });
        let limit = self.limits.run.min(TEXT);
        if self.lines.len() > limit {
            return Err(much(limit));
        }
        Ok(())
    }

    /// A section ends: what stands left, in the middle or on the right, or all of a header without such parts.
    fn section(&mut self) -> Result<(), Error> {
        let section = tidy(self.lines.get());
        self.lines.clear();
        let sections = self.page.as_ref().and_then(|page| self.found.get_mut(page));
        if let Some(sections) = sections.filter(|s| s.len() < SECTIONS && !section.is_empty() && !s.contains(&section))
        {
            self.left = self.left.checked_sub(section.len()).ok_or_else(|| much(TEXT))?;
            sections.push(section);
        }
        Ok(())
    }

    /// Gives each sheet what its page says.
    pub(super) fn finish(mut self, sheets: &mut [Sheet], pages: &[String]) -> Result<(), Error> {
        self.left = TEXT;
        for (sheet, page) in sheets.iter_mut().zip(pages) {
            let sections = self.found.get(page).cloned().unwrap_or_default();
            let taken = sections.iter().map(String::len).sum();
            self.left = self.left.checked_sub(taken).ok_or_else(|| much(TEXT))?;
            sheet.header_footer = sections;
        }
        Ok(())
    }
}

/// Whether an element is a header or footer: of all pages, of those on the left, or of the first, which older programs
/// put in a name space of their own.
fn is_band(name: &[u8]) -> bool {
    let (b"style" | b"loext", name) = name.split_at(name.iter().position(|b| *b == b':').unwrap_or(0)) else {
        return false;
    };
    matches!(name, b":header" | b":header-left" | b":header-first" | b":footer" | b":footer-left" | b":footer-first")
}

fn much(limit: usize) -> Error {
    let limit = size(limit as u64);
    too_large(
        &format!("le intestazioni di pagina hanno più di {limit} di testo"),
        &format!("the page headers have more than {limit} of text"),
    )
}
