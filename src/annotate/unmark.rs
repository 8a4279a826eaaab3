//! Our marks taken out of a workbook that another program has saved since: they are known by what every program
//! keeps, namely hidden defined names, the condition of our conditional formats, and author and separator of notes.

use std::collections::BTreeSet;

use super::book::Book;
use super::highlight::CONDITION_TEXT;
use super::undo::{MARKS_RELATION, undo_styles};
use super::unnote::unnote;
use crate::ingest::{OWN_FOLDER, OWN_NAME, begins_as_ours, sheet_of};
use crate::model::Error;
use crate::package::{Element, Outline, Overlay, Splice, attribute, relations_of, unescape};

/// What was taken out.
pub(super) struct Unmarked {
    /// Sheets that a name of ours led to, but that were not ours: they stay.
    pub(super) kept: Vec<String>,
    /// Whether report sheets were taken out.
    pub(super) sheets: bool,
}

/// Takes our marks out as far as they can be known; `None` if there were none.
pub(super) fn unmark(package: &mut Overlay<'_>, book: &Book) -> Result<Option<Unmarked>, Error> {
    let names = book.defined_names()?;
    let relation = book.relations.iter().find(|r| r.kind == MARKS_RELATION);
    if !names.iter().any(|(n, _)| n.starts_with(OWN_NAME)) && relation.is_none() {
        return Ok(None);
    }
    undo_styles(package, book)?;
    let (ours, kept) = own_sheets(package, book)?;
    leave_sheets_out(package, book, &ours)?;
    for (index, sheet) in book.sheets.iter().enumerate() {
        if let (Some(part), false) = (&sheet.part, ours.contains(&index)) {
            clear_sheet(package, part)?;
        }
    }
    if let Some(relation) = relation {
        package.unrelate(&book.part.name, &relation.id)?;
        forget(package, &relation.target)?;
    }
    let splice = workbook_changes(book, &ours)?;
    package.patch(book.part.clone(), splice)?;
    Ok(Some(Unmarked { kept, sheets: !ours.is_empty() }))
}

/// The sheets that are ours, and the names of those that only a hidden name says to be: it may have been moved with a
/// cut cell.
fn own_sheets(package: &mut Overlay<'_>, book: &Book) -> Result<(BTreeSet<usize>, Vec<String>), Error> {
    let names = book.global_names()?;
    let marked: BTreeSet<String> =
        names.iter().filter(|(n, _)| n.starts_with(OWN_NAME)).map(|(_, target)| sheet_of(target)).collect();
    let (mut ours, mut kept) = (BTreeSet::new(), Vec::new());
    let mut strings = None;
    for (index, sheet) in book.sheets.iter().enumerate() {
        let Some(part) = &sheet.part else { continue };
        if part.to_lowercase().starts_with(OWN_FOLDER) {
            ours.insert(index);
        } else if marked.contains(&sheet.name) {
            let strings = match &strings {
                Some(strings) => strings,
                None => strings.insert(shared_strings(package, book)?),
            };
            if begins_as_ours(&package.needed(part)?.xml, strings.as_deref())? {
                ours.insert(index);
            } else {
                kept.push(sheet.name.clone());
            }
        }
    }
    Ok((ours, kept))
}

fn shared_strings(package: &mut Overlay<'_>, book: &Book) -> Result<Option<String>, Error> {
    let Some(relation) = book.relations.iter().find(|r| r.is("sharedStrings")) else { return Ok(None) };
    Ok(package.part(&relation.target)?.map(|p| p.xml))
}

fn forget(package: &mut Overlay<'_>, part: &str) -> Result<(), Error> {
    package.remove(part);
    package.remove(&relations_of(part));
    package.types()?.forget(part);
    Ok(())
}

/// Leaves out the parts of sheets, and those that only they lead to.
fn leave_sheets_out(package: &mut Overlay<'_>, book: &Book, ours: &BTreeSet<usize>) -> Result<(), Error> {
    let mut parts = BTreeSet::new();
    let mut to_do: Vec<String> =
        ours.iter().filter_map(|i| book.sheets.get(*i)).filter_map(|s| s.part.clone()).collect();
    for relation in book.relations.iter().filter(|r| to_do.contains(&r.target)) {
        package.unrelate(&book.part.name, &relation.id)?;
    }
    while let Some(part) = to_do.pop() {
        let relations = package.relationships(&part)?;
        if parts.insert(part) {
            to_do.extend(relations.into_iter().filter(|r| !r.external).map(|r| r.target));
        }
    }
    let sources: Vec<String> = package.names().map(str::to_owned).filter(|n| !parts.contains(n)).collect();
    let mut kept = BTreeSet::new();
    for source in sources.iter().filter(|n| package.has(&relations_of(n))).cloned().collect::<Vec<_>>() {
        kept.extend(package.relationships(&source)?.into_iter().map(|r| r.target));
    }
    for part in parts.difference(&kept) {
        forget(package, part)?;
    }
    Ok(())
}

/// The workbook part without the sheets, their defined names and our own.
fn workbook_changes(book: &Book, ours: &BTreeSet<usize>) -> Result<Splice, Error> {
    let xml = &book.part.xml;
    let mut splice = Splice::default();
    let moved = |i: usize| if ours.contains(&i) { None } else { Some(i - ours.range(..i).count()) };
    if let Some(list) = book.outline.child("sheets") {
        for (index, element) in Outline::inside(xml, list)?.children.iter().enumerate() {
            if ours.contains(&index) {
                splice.replace(element.start..element.end, "");
            }
        }
    }
    if let Some(list) = book.outline.child("definedNames") {
        let names = Outline::inside(xml, list)?.children;
        let local = |n: &Element| attribute(n.tag(xml), "localSheetId").and_then(|i| i.parse::<usize>().ok());
        let goes = |n: &Element| {
            attribute(n.tag(xml), "name").is_some_and(|n| n.starts_with(OWN_NAME))
                || local(n).is_some_and(|i| moved(i).is_none())
        };
        if names.iter().all(goes) {
            splice.replace(list.start..list.end, "");
        } else {
            for name in &names {
                if goes(name) {
                    splice.replace(name.start..name.end, "");
                } else if let Some(to) = local(name).and_then(moved) {
                    splice.set_attribute(xml, name, "localSheetId", &to.to_string());
                }
            }
        }
    }
    if let Some(views) = book.outline.child("bookViews") {
        for view in Outline::inside(xml, views)?.children {
            for tab in ["firstSheet", "activeTab"] {
                let index = attribute(view.tag(xml), tab).and_then(|i| i.parse::<usize>().ok());
                if let Some(index) = index.filter(|i| moved(*i) != Some(*i)) {
                    splice.set_attribute(xml, &view, tab, &moved(index).unwrap_or(0).to_string());
                }
            }
        }
    }
    Ok(splice)
}

/// Takes conditional formats and notes off one sheet.
fn clear_sheet(package: &mut Overlay<'_>, name: &str) -> Result<(), Error> {
    let part = package.needed(name)?;
    let outline = Outline::of(&part.xml)?;
    let mut splice = Splice::default();
    for element in outline.children.iter().filter(|c| c.local() == "conditionalFormatting") {
        let rules = Outline::inside(&part.xml, element)?.children;
        let mut ours = Vec::new();
        for rule in rules.iter().filter(|r| r.local() == "cfRule") {
            let formulas = Outline::inside(&part.xml, rule)?;
            let condition = formulas.child("formula").map(|f| unescape(f.inner(&part.xml)).into_owned());
            if condition.is_some_and(|c| c.trim() == CONDITION_TEXT) {
                ours.push(rule);
            }
        }
        if !rules.is_empty() && ours.len() == rules.len() {
            splice.replace(element.start..element.end, "");
        } else {
            for rule in ours {
                splice.replace(rule.start..rule.end, "");
            }
        }
    }
    let relations = package.relationships(&part.name)?;
    package.patch(part, splice)?;
    unnote(package, &relations)
}
