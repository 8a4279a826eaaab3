//! Workbooks of binary parts (`.xlsb`), within the limits of those of XML parts.
//!
//! The parts are read here and not by a library: the one at hand keeps neither formats of percentages nor merged areas
//! nor what is hidden, leaves out formulas that result in an error, and trusts lengths.

mod lists;
mod records;
mod sheet;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::drawings::{self, users_part};
use super::formats::{Style, of_builtin, of_code};
use super::lists::Lookup;
use super::texts::Texts;
use super::{OWN_AUTHOR, cut_lists, followed_not, own, refuse};
use crate::model::{CellRef, Error, Grid, Note, Sheet, Visibility};
use crate::package::{Limits, Package, Rel, corrupt, too_large};
use lists::{BUNDLED_SHEET, Book};
use records::{Record, records};

const SETTINGS: u16 = 153;
const SHARED_TEXT: u16 = 19;
const FORMAT: u16 = 44;
const STYLE: u16 = 47;
const STYLES: u16 = 617;
const END_OF_STYLES: u16 = 618;
const AUTHOR: u16 = 632;
const NOTE: u16 = 635;
const TEXT_OF_NOTE: u16 = 637;

/// More cell styles than any program writes.
const MOST_STYLES: usize = 1 << 17;
/// Areas with a list of answers; those beyond have none.
const LISTED: usize = 100_000;

/// What the cells of all sheets share.
struct Shared<'a> {
    limits: &'a Limits,
    texts: Texts,
    strings: Vec<Arc<str>>,
    styles: Vec<Style>,
    book: Book,
    date1904: bool,
    left: usize,
    /// Areas that answer lists may have yet.
    listed: usize,
}

/// A worksheet as the workbook lists it.
struct Listed {
    /// Its position among all sheets, those without cells too.
    position: u32,
    sheet: Sheet,
    part: String,
}

/// Reads a workbook whose container is open.
pub(crate) fn read(package: &Package) -> Result<Grid, Error> {
    let main = package.rels("")?.into_iter().find(|r| r.kind == "officeDocument" && !r.external);
    let main = main.ok_or_else(refuse::no_workbook)?.target;
    let rels = package.rels(&main)?;
    let part_of = |kind: &str| {
        let rel = rels.iter().find(|r| r.kind == kind && !r.external);
        Ok::<_, Error>(rel.map(|r| package.part(&r.target)).transpose()?.flatten().unwrap_or_default())
    };
    let workbook = package.part(&main)?.ok_or_else(broken)?;
    let (listed, date1904) = listed(&workbook, &rels)?;
    let book = Book::read(&workbook);
    drop(workbook);
    let limits = package.limits();
    let mut texts = Texts::none(limits);
    let strings = strings(&part_of("sharedStrings")?, &mut texts, limits)?;
    let styles = styles(&part_of("styles")?)?;
    let mut shared = Shared { limits, texts, strings, styles, book, date1904, left: limits.cells, listed: LISTED };
    let (mut sheets, mut lists, mut positions) = (Vec::new(), Vec::new(), Vec::new());
    let mut seen = BTreeSet::new();
    for Listed { position, mut sheet, part } in listed {
        let content = package.part(&part)?.ok_or_else(broken)?;
        let found = sheet::read(&content, &mut sheet, &mut shared)?;
        drop(content);
        shared.texts.cells(&sheet.name, &sheet.cells)?;
        // Our report sheets, saved by another program.
        if own::is_report(&sheet.cells) {
            continue;
        }
        beside(package, &part, &mut sheet, &mut seen)?;
        sheets.push(sheet);
        lists.push(found);
        positions.push(position);
    }
    if sheets.is_empty() {
        return Err(refuse::no_sheets());
    }
    let mut lookup = Lookup::new(&sheets, &positions, &shared.book.names);
    let dropdowns: Vec<_> = lists.into_iter().enumerate().map(|(i, list)| lookup.dropdowns(i, list)).collect();
    let cut = lookup.cut;
    for (sheet, dropdowns) in sheets.iter_mut().zip(dropdowns) {
        sheet.dropdowns = dropdowns;
    }
    let has_links = rels.iter().any(|r| r.kind == "externalLink");
    Ok(Grid { sheets, remarks: has_links.then(followed_not).into_iter().chain(cut.then(cut_lists)).collect() })
}

/// The worksheets; whether serial 0 is 1 January 1904.
fn listed(workbook: &[u8], rels: &[Rel]) -> Result<(Vec<Listed>, bool), Error> {
    // The first of an id holds, as everywhere.
    let by_id: BTreeMap<&str, &Rel> = rels.iter().rev().filter(|r| !r.external).map(|r| (r.id.as_str(), r)).collect();
    let (mut sheets, mut parts, mut date1904) = (Vec::new(), BTreeSet::new(), false);
    let mut positions = 0..;
    for record in records(workbook) {
        match record.kind {
            SETTINGS => date1904 = record.long(0).is_some_and(|flags| flags & 1 != 0),
            BUNDLED_SHEET => {
                let position = positions.next().unwrap_or_default();
                let visibility = match record.long(0) {
                    Some(1) => Visibility::Hidden,
                    Some(2) => Visibility::VeryHidden,
                    _ => Visibility::Visible,
                };
                let (id, end) = record.text(8).ok_or_else(broken)?;
                let (name, _) = record.text(end).ok_or_else(broken)?;
                let rel = by_id.get(id.as_str()).ok_or_else(broken)?;
                if rel.kind != "worksheet" {
                    continue;
                }
                // Two sheets over one part would be read twice, at any number.
                if !parts.insert(rel.target.to_lowercase()) {
                    return Err(corrupt("due fogli hanno lo stesso contenuto", "two sheets have one content"));
                }
                let sheet = Sheet { name: name.into(), visibility, ..Sheet::default() };
                sheets.push(Listed { position, sheet, part: rel.target.clone() });
            }
            _ => {}
        }
    }
    Ok((sheets, date1904))
}

fn strings(part: &[u8], texts: &mut Texts, limits: &Limits) -> Result<Vec<Arc<str>>, Error> {
    let mut strings = Vec::new();
    for record in records(part).filter(|r| r.kind == SHARED_TEXT) {
        let (text, _) = record.text(1).ok_or_else(broken)?;
        if strings.len() == limits.shared {
            let limit = limits.shared;
            return Err(too_large(&format!("più di {limit} testi"), &format!("more than {limit} texts")));
        }
        strings.push(texts.keep(&text.replace("\r\n", "\n"))?);
    }
    Ok(strings)
}

fn styles(part: &[u8]) -> Result<Vec<Style>, Error> {
    let (mut codes, mut styles, mut inside) = (BTreeMap::new(), Vec::new(), false);
    for record in records(part) {
        match record.kind {
            FORMAT => {
                if let (Some(id), Some((code, _))) = (record.word(0), record.text(2)) {
                    codes.insert(id, of_code(&code));
                }
            }
            STYLES => inside = true,
            END_OF_STYLES => inside = false,
            STYLE if inside => {
                let id = record.word(2).unwrap_or(0);
                styles.push(codes.get(&id).copied().unwrap_or_else(|| of_builtin(u32::from(id))));
            }
            _ => {}
        }
        if styles.len() > MOST_STYLES {
            return Err(too_large(&format!("più di {MOST_STYLES} stili"), &format!("more than {MOST_STYLES} styles")));
        }
    }
    Ok(styles)
}

/// Notes and text boxes. No part is read for two sheets.
fn beside(package: &Package, part: &str, sheet: &mut Sheet, seen: &mut BTreeSet<String>) -> Result<(), Error> {
    for rel in package.rels(part)?.into_iter().filter(|r| !r.external) {
        if !matches!(rel.kind.as_str(), "comments" | "drawing") || !seen.insert(rel.target.to_lowercase()) {
            continue;
        }
        let Some(content) = package.part(&rel.target)? else { continue };
        match rel.kind.as_str() {
            "comments" => sheet.notes.extend(notes(&content)),
            _ => sheet.boxes.extend(drawings::boxes(&content)?),
        }
    }
    sheet.notes.sort_by_key(|n| n.at);
    sheet.boxes.sort_by_key(|b| b.at);
    Ok(())
}

fn notes(part: &[u8]) -> Vec<Note> {
    let (mut authors, mut notes, mut open) = (Vec::new(), Vec::new(), None);
    for record in records(part) {
        match record.kind {
            AUTHOR => authors.push(record.text(0).map(|(name, _)| name).unwrap_or_default()),
            NOTE => open = place_of_note(&record),
            TEXT_OF_NOTE => {
                let (Some((author, at)), Some((text, _))) = (open.take(), record.text(1)) else { continue };
                let author: String = authors.get(author).cloned().unwrap_or_default();
                let text = users_part(&text.replace("\r\n", "\n"), author == OWN_AUTHOR);
                if !text.trim().is_empty() {
                    notes.push(Note { at, author, text });
                }
            }
            _ => {}
        }
    }
    notes
}

/// The number of the author of a note, and its cell.
fn place_of_note(record: &Record<'_>) -> Option<(usize, CellRef)> {
    let (row, col) = (record.long(4)?, record.long(12)?);
    let fits = row <= CellRef::MAX_ROW && col <= CellRef::MAX_COL;
    fits.then_some((usize::try_from(record.long(0)?).ok()?, CellRef::new(row, col)))
}

fn broken() -> Error {
    corrupt("i suoi dati non si leggono", "its data cannot be read")
}
