//! The reading notes: what was done to a table, one sentence per kind of intervention, texts from the pack.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use crate::model::{Area, Bilingual, CellRef, Flag, ReadingNote, Sheet, Table, column_name};
use crate::pack::Pack;
use crate::text;

/// Rows and cells named in one note; the rest are counted.
const NAMED: usize = 12;

/// Writes the notes of a table.
pub(super) fn write(table: &mut Table, pack: &Pack, sheet: &Sheet) {
    let mut notes = Vec::new();
    let mut add = |behaviour: &str, areas: Vec<Area>, words: &[(&str, String)]| {
        let Some(template) = pack.reading.get(behaviour).filter(|_| !areas.is_empty()) else { return };
        let fill = |text: &str| {
            words.iter().fold(text.to_owned(), |t, (name, value)| t.replace(&format!("{{{name}}}"), value))
        };
        let message = Bilingual::new(fill(&template.it), fill(&template.en));
        notes.push(ReadingNote { code: template.code.clone(), message, areas });
    };
    let rows = |areas: &[Area]| ("rows", rows_in_words(areas.iter().map(|a| a.first.row).collect()));
    let joined: Vec<Area> = table
        .records
        .iter()
        .filter(|r| r.rows.1 > r.rows.0)
        .map(|r| Area::new(CellRef::new(r.rows.1, table.area.first.col), CellRef::new(r.rows.1, table.area.last.col)))
        .collect();
    add("joined", joined.clone(), &[rows(&joined)]);
    let skipped: Vec<Area> = table.reading.skipped.iter().map(|s| s.area).collect();
    add("skipped", skipped.clone(), &[rows(&skipped)]);
    for ((from, to), cells) in mended(table) {
        let words =
            [("from", text::one_line(&from, 80)), ("to", text::one_line(&to, 80)), ("count", cells.len().to_string())];
        add("mended", cells, &words);
    }
    for (slot, field) in table.fields.iter().enumerate() {
        let heading = table.column_of(field).map_or_else(
            || pack.schedule.field(field).map_or_else(String::new, |f| f.title.it.clone()),
            |c| c.heading.to_string(),
        );
        let heading = text::one_line(&heading, 60);
        let filled = filled_down(table, slot);
        add("filled", filled.clone(), &[("column", heading.clone()), ("count", filled.len().to_string())]);
    }
    for split in &pack.schedule.register.split {
        let groups: Vec<&str> = split.pattern.groups().collect();
        let without_column = groups.iter().any(|g| table.slot(g).is_some() && table.column_of(g).is_none());
        if let Some(column) = table.column_of(&split.field).filter(|_| without_column) {
            let areas = split_cells(table, &split.field);
            let words = [("column", text::one_line(&column.heading, 60)), ("count", areas.len().to_string())];
            add("split", areas, &words);
        }
    }
    for (heading, area) in exchanged(table, pack) {
        add("exchanged", vec![area], &[("column", heading)]);
    }
    let boxes: Vec<Area> =
        table.cells.iter().filter(|c| c.flags.has(Flag::FromTextBox)).map(|c| Area::cell(c.at)).collect();
    add("textbox", boxes.clone(), &[("cells", cells_in_words(&boxes))]);
    let hidden = hidden(table, sheet);
    add("hidden", hidden.clone(), &[("cells", cells_in_words(&hidden))]);
    table.reading.notes.splice(0..0, notes);
}

/// Columns whose heading is that of one field and whose values are another's, where the pack names the pair.
fn exchanged(table: &Table, pack: &Pack) -> Vec<(String, Area)> {
    let heading_of = |field: &str, heading: &str| {
        let known = pack.schedule.field(field).map_or(&[][..], |f| f.headings.as_slice());
        known.iter().any(|h| text::words(h) == text::words(heading))
    };
    let pairs = pack.schedule.register.exchange.iter();
    let columns = pairs.filter_map(|pair| {
        let column = table.column_of(&pair.read_as).filter(|c| heading_of(&pair.named, &c.heading))?;
        Some((text::one_line(&column.heading, 60), column.heading_area))
    });
    columns.collect()
}

fn mended(table: &Table) -> BTreeMap<(Arc<str>, Arc<str>), Vec<Area>> {
    let mut groups: BTreeMap<(Arc<str>, Arc<str>), Vec<Area>> = BTreeMap::new();
    for repair in table.reading.repaired.iter().filter(|r| r.flag == Flag::MendedWord) {
        groups.entry((repair.from.clone(), repair.to.clone())).or_default().push(Area::cell(repair.at));
    }
    groups
}

/// The cells that were filled into rows below them, each record counted.
fn filled_down(table: &Table, slot: usize) -> Vec<Area> {
    let cells = table.records.iter().filter_map(|r| r.slots.get(slot)?.cells().first().copied());
    cells
        .filter_map(|id| table.cell(id))
        .filter(|c| c.flags.has(Flag::FilledDown) && !c.value.is_missing())
        .map(|c| Area::cell(c.at))
        .collect()
}

fn split_cells(table: &Table, field: &str) -> Vec<Area> {
    let Some(slot) = table.slot(field) else { return Vec::new() };
    let cells = table.records.iter().filter_map(|r| r.slots.get(slot)?.cells().first().copied());
    cells.filter_map(|id| table.cell(id)).filter(|c| c.raw.len() > c.text.len() + 1).map(|c| Area::cell(c.at)).collect()
}

/// Hidden rows of the table that hold text, and hidden columns that have a field.
fn hidden(table: &Table, sheet: &Sheet) -> Vec<Area> {
    let (first, last) = (table.area.first, table.area.last);
    let mut areas: Vec<Area> = table
        .records
        .iter()
        .filter(|r| sheet.is_row_hidden(r.rows.0))
        .map(|r| Area::new(CellRef::new(r.rows.0, first.col), CellRef::new(r.rows.0, last.col)))
        .collect();
    let columns = table.columns.iter().filter(|c| c.field.is_some()).map(|c| c.heading_area.first.col);
    areas.extend(
        columns
            .filter(|c| sheet.is_col_hidden(*c))
            .map(|c| Area::new(CellRef::new(first.row, c), CellRef::new(last.row, c))),
    );
    areas
}

/// `12, 14-17 e altre 3`: row numbers as a person writes them.
fn rows_in_words(mut rows: Vec<u32>) -> String {
    rows.sort_unstable();
    rows.dedup();
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for row in rows {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == row => *last = row,
            _ => runs.push((row, row)),
        }
    }
    let mut words = String::new();
    for (i, (first, last)) in runs.iter().take(NAMED).enumerate() {
        let separator = if i == 0 { "" } else { ", " };
        let _ = if first == last {
            write!(words, "{separator}{}", first + 1)
        } else {
            write!(words, "{separator}{}-{}", first + 1, last + 1)
        };
    }
    more(words, runs.len())
}

fn cells_in_words(areas: &[Area]) -> String {
    let names: Vec<String> = areas
        .iter()
        .take(NAMED)
        .map(|a| {
            if a.first.row == 0 && a.last.row > 0 && a.first.col == a.last.col {
                column_name(a.first.col)
            } else {
                a.to_string()
            }
        })
        .collect();
    more(names.join(", "), areas.len())
}

fn more(words: String, all: usize) -> String {
    if all > NAMED { format!("{words} … (+{})", all - NAMED) } else { words }
}
