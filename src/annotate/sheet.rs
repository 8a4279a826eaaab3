//! The marks of one sheet: its conditional formats, its comments part and its VML drawing.

use std::collections::{BTreeMap, BTreeSet};

use super::anchor::Geometry;
use super::book::{Dialect, SHEET_ORDER};
use super::highlight::conditional_formats;
use super::notes::{Commented, NoteText, add_notes, empty_comments, threaded_cells};
use super::placing::SheetMarks;
use super::vml::{Blocks, Boxes, VML_TYPE};
use crate::ingest::OWN_FOLDER;
use crate::model::{CellRef, Error, Lang};
use crate::package::{Outline, Overlay, Part, Relationship, Splice, attribute_local, prefixed};

const COMMENTS_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml";

/// What is common to all sheets of a workbook while it is annotated.
pub(super) struct Context {
    /// The dialect of the workbook.
    pub(super) dialect: Dialect,
    /// The language of the notes.
    pub(super) lang: Lang,
    /// Index of the first of our differential formats.
    pub(super) first_format: usize,
    /// Free shape ids.
    pub(super) blocks: Blocks,
    /// Cells that got no note because they have a threaded comment.
    pub(super) threaded: usize,
}

/// One sheet while it is annotated.
struct Sheet {
    part: Part,
    outline: Outline,
    relations: Vec<Relationship>,
    splice: Splice,
}

/// Annotates one sheet.
pub(super) fn annotate_sheet(
    package: &mut Overlay<'_>,
    name: &str,
    marks: &SheetMarks<'_>,
    context: &mut Context,
) -> Result<(), Error> {
    let part = package.needed(name)?;
    let outline = Outline::of(&part.xml)?;
    let relations = package.relationships(&part.name)?;
    let mut sheet = Sheet { part, outline, relations, splice: Splice::default() };
    let tail_at = sheet.outline.child("sheetData").map_or(0, |d| d.end);
    let tail = sheet.part.xml.get(tail_at..).unwrap_or_default();
    let formats = conditional_formats(marks, tail, context.first_format);
    let slot = sheet.outline.slot(SHEET_ORDER, "conditionalFormatting");
    sheet.splice.insert(slot, prefixed(&formats, sheet.outline.prefix()));
    let threaded = threaded(package, &sheet.relations)?;
    let mut notes = BTreeMap::new();
    for (cell, findings) in &marks.notes {
        if threaded.contains(cell) {
            context.threaded += 1;
        } else {
            notes.insert(*cell, NoteText::of(findings, context.lang));
        }
    }
    if !notes.is_empty() {
        let commented = comment(package, &sheet, &notes, context.dialect)?;
        draw(package, &mut sheet, &commented, context)?;
    }
    package.patch(sheet.part, sheet.splice)
}

/// A spreadsheet program shows either a thread or a note: cells with a thread get no note.
fn threaded(package: &mut Overlay<'_>, relations: &[Relationship]) -> Result<BTreeSet<CellRef>, Error> {
    let mut cells = BTreeSet::new();
    for relation in relations.iter().filter(|r| r.is("threadedComment")) {
        if let Some(part) = package.part(&relation.target)? {
            cells.extend(threaded_cells(&part.xml)?);
        }
    }
    Ok(cells)
}

/// Puts the notes into the sheet's comments part, or into a new one.
fn comment(
    package: &mut Overlay<'_>,
    sheet: &Sheet,
    notes: &BTreeMap<CellRef, NoteText>,
    dialect: Dialect,
) -> Result<Commented, Error> {
    let existing = match sheet.relations.iter().find(|r| r.is("comments")) {
        Some(relation) => package.part(&relation.target)?,
        None => None,
    };
    if let Some(part) = existing {
        let mut commented = add_notes(&part.xml, notes)?;
        package.patch(part, std::mem::take(&mut commented.splice))?;
        return Ok(commented);
    }
    let empty = empty_comments(dialect);
    let mut commented = add_notes(&empty, notes)?;
    let splice = std::mem::take(&mut commented.splice);
    let name = package.free_name(&format!("{OWN_FOLDER}comments"), ".xml");
    package.add(&name, COMMENTS_TYPE, splice.apply(&empty)?.0)?;
    package.relate(&sheet.part.name, &dialect.relation("comments"), &name)?;
    Ok(commented)
}

/// Puts the boxes of notes into the sheet's VML drawing, or into a new one.
fn draw(package: &mut Overlay<'_>, sheet: &mut Sheet, notes: &Commented, context: &mut Context) -> Result<(), Error> {
    let geometry = Geometry::of(&sheet.part.xml, &sheet.outline)?;
    let boxes = Boxes { cells: &notes.boxes, grown: &notes.grown, geometry: &geometry };
    let legacy = sheet.outline.child("legacyDrawing");
    let id = legacy.and_then(|e| attribute_local(e.tag(&sheet.part.xml), "id"));
    let existing = match id.and_then(|id| sheet.relations.iter().find(|r| r.id == id)) {
        Some(relation) => package.part(&relation.target)?,
        None => None,
    };
    if let Some(part) = existing {
        let splice = boxes.add_to(&part.xml, &mut context.blocks)?;
        return package.patch(part, splice);
    }
    if notes.boxes.is_empty() {
        return Ok(());
    }
    let name = package.free_name(&format!("{OWN_FOLDER}vmlDrawing"), ".vml");
    package.add_drawing(&name, VML_TYPE, boxes.drawing(&mut context.blocks))?;
    let id = package.relate(&sheet.part.name, &context.dialect.relation("vmlDrawing"), &name)?;
    let prefix = sheet.outline.prefix();
    let element = format!("<{prefix}legacyDrawing xmlns:r=\"{}\" r:id=\"{id}\"/>", context.dialect.relations);
    match legacy {
        Some(dangling) => sheet.splice.replace(dangling.start..dangling.end, element),
        None => sheet.splice.insert(sheet.outline.slot(SHEET_ORDER, "legacyDrawing"), element),
    }
    Ok(())
}
