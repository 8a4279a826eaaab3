//! The pass over the content: tags to sheets.

use std::borrow::Cow;

use super::line::Lines;
use super::lists::Lists;
use super::pages::Looks;
use super::table::{Budget, Table};
use crate::ingest::OWN_AUTHOR;
use crate::ingest::dates::serial;
use crate::ingest::drawings::users_part;
use crate::ingest::sheet::List;
use crate::ingest::texts::Texts;
use crate::ingest::workbook::DefinedName;
use crate::model::{CellRef, Error, Format, GridCell, Scalar, Sheet};
use crate::package::{Limits, Piece, corrupt, size, tag_attributes, too_large, unescape};

/// Sheets of one workbook.
pub(super) const SHEETS: usize = 10_000;
/// What holds cells or texts that are none of the sheet's.
const ASIDE: &[&[u8]] = &[
    b"table:tracked-changes",
    b"table:dde-links",
    b"office:forms",
    b"office:scripts",
    b"office:font-face-decls",
    b"draw:object",
    b"svg:title",
    b"svg:desc",
];

/// What is told of the open cell.
#[derive(Debug, Default)]
struct Open {
    repeat: u32,
    kind: Vec<u8>,
    value: Option<String>,
    /// It has a formula.
    formula: bool,
    /// Hidden below a merged area.
    covered: bool,
}

/// The state of the pass.
pub(super) struct Pass<'a> {
    texts: Texts,
    limits: &'a Limits,
    budget: Budget,
    sheets: Vec<Sheet>,
    /// The page of each sheet.
    pages: Vec<String>,
    table: Option<Table>,
    cell: Option<Open>,
    /// Nesting inside what is passed over, of shapes, and of a note.
    aside: usize,
    shape: usize,
    in_note: bool,
    in_author: bool,
    lines: Lines,
    note: Lines,
    boxed: Lines,
    author: String,
    looks: Looks,
    lists: Lists,
    /// The lists of each sheet whose answers stand elsewhere.
    open: Vec<Vec<List>>,
}

impl<'a> Pass<'a> {
    pub(super) fn new(texts: Texts, limits: &'a Limits) -> Self {
        Self {
            texts,
            limits,
            budget: Budget::new(limits.cells),
            sheets: Vec::new(),
            pages: Vec::new(),
            table: None,
            cell: None,
            aside: 0,
            shape: 0,
            in_note: false,
            in_author: false,
            lines: Lines::default(),
            note: Lines::default(),
            boxed: Lines::default(),
            author: String::new(),
            looks: Looks::default(),
            lists: Lists::default(),
            open: Vec::new(),
        }
    }

    /// The sheets read, the page of each, the lists that wait for their answers, and the names these go by.
    pub(super) fn finish(self) -> (Vec<Sheet>, Vec<String>, Vec<Vec<List>>, Vec<DefinedName>) {
        (self.sheets, self.pages, self.open, self.lists.names)
    }

    pub(super) fn piece(&mut self, piece: Piece<'_>) -> Result<(), Error> {
        match piece {
            Piece::Tag(tag) => {
                if let Some(name) = tag.strip_prefix(b"/") {
                    return self.close(name.trim_ascii_end());
                }
                let is_empty = tag.last() == Some(&b'/');
                let name = full_name(tag);
                self.open(name, tag, is_empty)?;
                if is_empty { self.close_empty(name) } else { Ok(()) }
            }
            Piece::Text(text) => self.text(text, true),
            Piece::CData(text) => self.text(text, false),
            Piece::Aside(_) => Ok(()),
        }
    }

    /// Where text goes.
    fn target(&mut self) -> &mut Lines {
        match () {
            () if self.in_note => &mut self.note,
            () if self.shape > 0 => &mut self.boxed,
            () => &mut self.lines,
        }
    }

    fn text(&mut self, text: &[u8], is_escaped: bool) -> Result<(), Error> {
        if self.aside > 0 || self.table.is_none() {
            return Ok(());
        }
        let not_text = || corrupt("un testo non è UTF-8", "a text is not UTF-8");
        let text = std::str::from_utf8(text).map_err(|_| not_text())?;
        let text = if is_escaped { unescape(text) } else { Cow::Borrowed(text) };
        if self.in_author {
            self.author.extend(text.chars().take(200));
            return Ok(());
        }
        let limit = self.limits.run;
        let target = self.target();
        target.push(&text);
        if target.len() > limit {
            let limit = size(limit as u64);
            return Err(too_large(&format!("un testo supera {limit}"), &format!("a text exceeds {limit}")));
        }
        Ok(())
    }

    fn open(&mut self, name: &[u8], tag: &[u8], is_empty: bool) -> Result<(), Error> {
        if self.aside > 0 || ASIDE.contains(&name) || name == b"table:table" && self.table.is_some() {
            self.aside += usize::from(!is_empty);
            return Ok(());
        }
        match name {
            b"style:style" => self.looks.begin(tag),
            b"style:table-properties" if attr(tag, b"table:display").as_deref() == Some("false") => self.looks.hide(),
            b"table:content-validation" => self.lists.validation(tag),
            b"table:named-range" => self.lists.name(tag, self.table.is_some().then_some(self.sheets.len())),
            b"table:table" => self.begin_table(tag)?,
            _ if self.table.is_some() => self.open_inside(name, tag, is_empty),
            _ => {}
        }
        Ok(())
    }

    /// An element inside a sheet.
    fn open_inside(&mut self, name: &[u8], tag: &[u8], is_empty: bool) {
        match name {
            b"table:table-column" => {
                let (repeat, hidden) = (repeat(tag, b"table:number-columns-repeated"), is_hidden(tag));
                if let Some(table) = &mut self.table {
                    table.columns(repeat, hidden);
                }
            }
            b"table:table-row" => {
                let (repeat, hidden) = (repeat(tag, b"table:number-rows-repeated"), is_hidden(tag));
                if let Some(table) = &mut self.table {
                    table.row(repeat, hidden);
                }
            }
            b"table:table-cell" | b"table:covered-table-cell" => self.begin_cell(name, tag),
            b"office:annotation" => {
                self.in_note = true;
                self.note.clear();
                self.author.clear();
            }
            b"dc:creator" if self.in_note => self.in_author = !is_empty,
            b"text:p" | b"text:h" => self.target().begin(is_empty),
            b"text:s" => {
                let times = attr(tag, b"text:c").and_then(|c| c.parse().ok()).unwrap_or(1);
                self.target().sign(' ', times);
            }
            b"text:tab" => self.target().sign('\t', 1),
            b"text:line-break" => self.target().sign('\n', 1),
            _ if name.starts_with(b"draw:") && !is_empty => {
                if self.shape == 0 {
                    self.boxed.clear();
                }
                self.shape += 1;
            }
            _ => {}
        }
    }

    /// An element without content ends where it begins.
    fn close_empty(&mut self, name: &[u8]) -> Result<(), Error> {
        match name {
            b"table:table-cell" | b"table:covered-table-cell" | b"table:table-row" | b"table:table"
                if self.aside == 0 =>
            {
                self.close(name)
            }
            _ => Ok(()),
        }
    }

    fn close(&mut self, name: &[u8]) -> Result<(), Error> {
        if self.aside > 0 {
            self.aside -= 1;
            return Ok(());
        }
        match name {
            b"style:style" => self.looks.end(),
            _ if self.table.is_none() => {}
            b"table:table" => {
                if let Some(table) = self.table.take() {
                    let (sheet, open) = table.finish(&self.lists, &mut self.budget)?;
                    self.texts.cells(&sheet.name, &sheet.cells)?;
                    self.sheets.push(sheet);
                    self.open.push(open);
                }
            }
            b"table:table-row" => {
                if let Some(table) = &mut self.table {
                    table.end_row(&mut self.budget)?;
                }
            }
            b"table:table-cell" | b"table:covered-table-cell" => self.end_cell()?,
            b"office:annotation" => self.end_note(),
            b"dc:creator" => self.in_author = false,
            b"text:p" | b"text:h" => self.target().end(),
            _ if name.starts_with(b"draw:") => {
                self.shape = self.shape.saturating_sub(1);
                let at = self.place();
                if let (0, Some(table), false) = (self.shape, &mut self.table, self.boxed.get().trim().is_empty()) {
                    table.text_box(at, self.boxed.get());
                    self.boxed.clear();
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn begin_table(&mut self, tag: &[u8]) -> Result<(), Error> {
        if self.sheets.len() == SHEETS {
            return Err(too_large(&format!("più di {SHEETS} fogli"), &format!("more than {SHEETS} sheets")));
        }
        let style = attr(tag, b"table:style-name").unwrap_or_default();
        let name = attr(tag, b"table:name").unwrap_or_default();
        self.table = Some(Table::new(&name, self.looks.is_hidden(&style)));
        self.pages.push(self.looks.page(&style));
        Ok(())
    }

    fn begin_cell(&mut self, name: &[u8], tag: &[u8]) {
        let Some(table) = &mut self.table else { return };
        let covered = name == b"table:covered-table-cell";
        let mut cell = Open { repeat: repeat(tag, b"table:number-columns-repeated"), covered, ..Open::default() };
        let (mut rows, mut cols, mut list) = (1, 1, None);
        for (name, value) in tag_attributes(tag) {
            match name {
                b"office:value-type" if cell.kind.is_empty() => cell.kind = value.to_vec(),
                b"calcext:value-type" if value == b"error" => cell.kind = value.to_vec(),
                b"office:value"
                | b"office:date-value"
                | b"office:time-value"
                | b"office:boolean-value"
                | b"office:string-value" => {
                    cell.value = std::str::from_utf8(value).ok().map(|v| unescape(v).into_owned());
                }
                b"table:formula" => cell.formula = true,
                b"table:number-rows-spanned" => rows = count(value),
                b"table:number-columns-spanned" => cols = count(value),
                b"table:content-validation-name" => list = std::str::from_utf8(value).ok(),
                _ => {}
            }
        }
        if !covered {
            table.merge(rows, cols);
        }
        if let Some(list) = list {
            table.list(&unescape(list), cell.repeat, &mut self.budget);
        }
        self.lines.clear();
        self.cell = Some(cell);
    }

    fn end_cell(&mut self) -> Result<(), Error> {
        let Some(cell) = self.cell.take() else { return Ok(()) };
        // What a merged area covers is not seen.
        let value = if cell.covered { None } else { self.value(&cell)? };
        let Some(table) = &mut self.table else { return Ok(()) };
        let at = table.at();
        table.end_cell(value.map(|(value, format)| GridCell { at, value, format }), cell.repeat, &mut self.budget)
    }

    fn value(&mut self, cell: &Open) -> Result<Option<(Scalar, Format)>, Error> {
        let written = cell.value.as_deref().unwrap_or_default();
        let number = || written.trim().parse::<f64>().ok().filter(|n| n.is_finite());
        let found = match cell.kind.as_slice() {
            b"float" | b"currency" => number().map(|n| (Scalar::Number(n), Format::General)),
            b"percentage" => number().map(|n| (Scalar::Number(n), Format::Percent)),
            b"date" => serial(written).map(|n| (Scalar::Number(n), Format::Date)),
            b"time" => duration(written).map(|n| (Scalar::Number(n), Format::Date)),
            b"boolean" => Some((Scalar::Bool(written == "true"), Format::General)),
            b"error" => Some((Scalar::Error(self.texts.keep(self.lines.get())?), Format::General)),
            _ => None,
        };
        if found.is_some() {
            return Ok(found);
        }
        let text = if self.lines.is_empty() && cell.kind == b"string" { written } else { self.lines.get() };
        if text.is_empty() {
            // An empty text is a result; any other value left out was never computed.
            return Ok((cell.formula && cell.kind != b"string").then_some((Scalar::Uncalculated, Format::General)));
        }
        Ok(Some((Scalar::Text(self.texts.keep(text)?), Format::General)))
    }

    fn end_note(&mut self) {
        self.in_note = false;
        let at = self.place();
        let text = users_part(self.note.get(), self.author == OWN_AUTHOR);
        if let (Some(table), false) = (&mut self.table, text.trim().is_empty()) {
            table.note(at, std::mem::take(&mut self.author), text);
        }
    }

    /// The open cell; for what lies on no cell, the first.
    fn place(&self) -> CellRef {
        let table = self.table.as_ref().filter(|_| self.cell.is_some());
        table.map_or(CellRef::new(0, 0), Table::at)
    }
}

/// The name of a tag with its prefix: one local name means different things here.
pub(super) fn full_name(tag: &[u8]) -> &[u8] {
    let end = tag.iter().position(|b| b.is_ascii_whitespace() || *b == b'/').unwrap_or(tag.len());
    tag.get(..end).unwrap_or_default()
}

pub(super) fn attr<'t>(tag: &'t [u8], name: &[u8]) -> Option<Cow<'t, str>> {
    let (_, value) = tag_attributes(tag).find(|(n, _)| *n == name)?;
    Some(unescape(std::str::from_utf8(value).ok()?))
}

/// A count of at least one; beyond all sheets for one that is no number of theirs.
fn count(value: &[u8]) -> u32 {
    let digits = std::str::from_utf8(value).ok().filter(|v| !v.is_empty() && v.bytes().all(|b| b.is_ascii_digit()));
    digits.map_or(1, |d| d.parse::<u32>().unwrap_or(u32::MAX).max(1))
}

fn repeat(tag: &[u8], name: &[u8]) -> u32 {
    tag_attributes(tag).find(|(n, _)| *n == name).map_or(1, |(_, v)| count(v))
}

fn is_hidden(tag: &[u8]) -> bool {
    tag_attributes(tag).any(|(n, v)| n == b"table:visibility" && (v == b"collapse" || v == b"filter"))
}

/// `PT08H30M00S` as a part of a day.
fn duration(text: &str) -> Option<f64> {
    let mut rest = text.strip_prefix("PT")?;
    let mut days = 0.0;
    for (unit, share) in [('H', 24.0), ('M', 1_440.0), ('S', 86_400.0)] {
        if let Some((number, behind)) = rest.split_once(unit) {
            days += number.replace(',', ".").parse::<f64>().ok().filter(|n| n.is_finite())? / share;
            rest = behind;
        }
    }
    rest.is_empty().then_some(days)
}
