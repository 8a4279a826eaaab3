//! The reading notes: what was done to a table, one sentence per kind of intervention, texts from the pack.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::sync::Arc;

use super::view::shown;
use super::{repeated, sides};
use crate::model::{
    Area, Bilingual, CellRef, Column, Flag, Flags, Grid, Head, Lang, ReadingNote, Repair, SkippedRow, Table,
    column_name,
};
use crate::pack::{Columns, FieldSpec, MarkSpec, Pack, Schedule};
use crate::text;

/// Rows and cells named in one note; the rest are counted.
const NAMED: usize = 12;

/// Writes the notes of a table, and moves what was told of its rows to the sheets they stand on.
pub(super) fn write(table: &mut Table, pack: &Pack, head: &Head, grid: &Grid) {
    let mut notes = Vec::new();
    if table.is_text {
        return;
    }
    let done = interventions(table, pack, grid).into_iter().chain(renamed(table, pack, head, grid));
    for (behaviour, areas, words) in done {
        let Some(template) = pack.reading.get(behaviour) else { continue };
        for (sheet, areas) in by_sheet(table, areas) {
            let fill = |lang: Lang| {
                let common = [
                    ("rows", rows_in_words(areas.iter().map(|a| a.first.row).collect(), lang)),
                    ("cells", cells_in_words(&areas, lang)),
                    ("count", areas.len().to_string()),
                ];
                let text = lang.pick(&template.it, &template.en).clone();
                let own = words.iter().map(|(name, value)| (*name, value.get(lang)));
                let words = common.iter().map(|(name, value)| (*name, value.as_str())).chain(own);
                words.fold(text, |t, (name, value)| t.replace(&format!("{{{name}}}"), value))
            };
            let message = Bilingual::new(fill(Lang::It), fill(Lang::En));
            notes.push(ReadingNote { sheet, code: template.code.clone(), message, areas });
        }
    }
    table.reading.notes.splice(0..0, notes);
    let skipped = std::mem::take(&mut table.reading.skipped);
    let located = skipped.into_iter().map(|row| {
        let (_, sheet, area) = table.locate(row.area);
        SkippedRow { sheet, area, ..row }
    });
    table.reading.skipped = located.collect();
    let repaired = std::mem::take(&mut table.reading.repaired);
    let located = repaired.into_iter().map(|r| Repair { at: table.locate(Area::cell(r.at)).2.first, ..r });
    table.reading.repaired = located.collect();
}

/// What was done (its name in the pack), to which cells, and the words of its own that the sentence takes.
type Intervention = (&'static str, Vec<Area>, Vec<(&'static str, Bilingual)>);

/// Headings one after the other, in quotes.
fn in_quotes(headings: &[Bilingual]) -> Bilingual {
    let quoted = |(lang, open, close): (Lang, char, char)| {
        headings.iter().map(|h| format!("{open}{}{close}", h.get(lang))).collect::<Vec<_>>().join(", ")
    };
    Bilingual::new(quoted((Lang::It, '«', '»')), quoted((Lang::En, '“', '”')))
}

/// What a document prints, on one line: the same in both languages.
fn printed(text: &str, most: usize) -> Bilingual {
    let line = text::one_line(text, most);
    Bilingual::new(line.clone(), line)
}

fn interventions(table: &Table, pack: &Pack, grid: &Grid) -> Vec<Intervention> {
    let mut done: Vec<Intervention> = Vec::new();
    let (listed, broken) = joined_rows(table, pack, grid);
    done.push(("joined", broken, Vec::new()));
    done.push(("listed", listed, Vec::new()));
    let flags: Flags = table.cells.iter().fold(Flags::default(), |all, cell| all.and(cell.flags));
    let fill = |slot: usize| if flags.has(Flag::FilledDown) { filled_down(table, slot) } else { Vec::new() };
    let down: Vec<Vec<Filled>> = (0..table.fields.len()).map(fill).collect();
    let titles = title_rows(table, &down);
    let skipped = table.reading.skipped.iter().map(|s| s.area);
    done.push(("skipped", skipped.filter(|a| !titles.contains(&a.first.row)).collect(), Vec::new()));
    for ((from, to), cells) in mended(table) {
        done.push(("mended", cells, vec![("from", printed(&from, 80)), ("to", printed(&to, 80))]));
    }
    for ((from, to), cells) in scanned(table) {
        done.push(("scanned", cells, vec![("from", printed(&from, 80)), ("to", printed(&to, 80))]));
    }
    let mut merged: (Vec<Area>, Vec<Bilingual>) = Default::default();
    for (slot, (field, down)) in table.fields.iter().zip(down).enumerate() {
        let heading = match table.column_of(field) {
            Some(column) => printed(&column.heading, 60),
            None => pack.schedule.field(field).map(|f| f.title.clone()).unwrap_or_default(),
        };
        let (under, filled): (Vec<Filled>, Vec<Filled>) =
            down.into_iter().partition(|f| titles.contains(&f.from.first.row));
        if !filled.is_empty() {
            merged.0.extend(filled.into_iter().map(|f| f.into));
            merged.1.push(heading.clone());
        }
        let under = under.into_iter().map(|f| f.from).collect();
        done.push(("headed", under, vec![("column", heading.clone())]));
        if let Some((area, text)) = titled(table, slot) {
            done.push(("titled", vec![area], vec![("column", heading), ("text", printed(&text, 80))]));
        }
    }
    done.push(("filled", merged.0, vec![("columns", in_quotes(&merged.1))]));
    done.extend(columns_in_words(table, pack));
    for split in &pack.schedule.register.split {
        let groups: Vec<&str> = split.pattern.groups().collect();
        let without_column = groups.iter().any(|g| table.slot(g).is_some() && table.column_of(g).is_none());
        if let Some(column) = table.column_of(&split.field).filter(|_| without_column) {
            let heading = printed(&column.heading, 60);
            // A number and a name are two; a measure with its owner and its term are more.
            let behaviour = if groups.len() > 2 { "parted" } else { "split" };
            done.push((behaviour, split_cells(table, &split.field), vec![("column", heading)]));
        }
    }
    for mark in &pack.schedule.register.mark {
        done.push(("marked", marked(table, &pack.schedule, mark), Vec::new()));
    }
    for (heading, area) in exchanged(table, pack) {
        done.push(("exchanged", vec![area], vec![("column", heading)]));
    }
    let boxes = table.cells.iter().filter(|_| flags.has(Flag::FromTextBox));
    let boxes = boxes.filter(|c| c.flags.has(Flag::FromTextBox)).map(|c| Area::cell(c.at));
    done.push(("textbox", boxes.collect(), Vec::new()));
    done.push(("hidden", hidden(table, grid), Vec::new()));
    done
}

/// The cells of a mark's fields that bear it, each once.
fn marked(table: &Table, schedule: &Schedule, mark: &MarkSpec) -> Vec<Area> {
    let slots = mark.fields.iter().filter_map(|field| table.slot(field)).collect::<Vec<_>>();
    let cells = table.records.iter().flat_map(|r| slots.iter().flat_map(|slot| r.slots.cells(*slot).iter()));
    let cells = cells.filter_map(|id| table.cell(id)).filter(|c| !c.value.is_missing());
    // Measures come back: each text is looked at once.
    let mut known: HashMap<&str, bool> = HashMap::new();
    let mut bears = |text| *known.entry(text).or_insert_with(|| schedule.pattern_matches(&mark.pattern, text));
    let bearing = cells.filter(|c| bears(&*c.text));
    bearing.map(|c| c.at).collect::<BTreeSet<CellRef>>().into_iter().map(Area::cell).collect()
}

/// What the form calls by an older name, where the document is of a year with the new one.
fn renamed(table: &Table, pack: &Pack, head: &Head, grid: &Grid) -> Option<Intervention> {
    let note = pack.reading.get("renamed")?;
    let from = note.from_year?;
    if note.said.as_ref().is_some_and(|said| is_said_above(table, grid, said)) {
        return None;
    }
    let entry = head.get(pack.schedule.year()?)?;
    let year = entry.value.as_decimal().filter(|year| *year >= from.into())?;
    let year = year.normalize().to_string();
    Some(("renamed", vec![table.header], vec![("year", Bilingual::new(year.clone(), year))]))
}

/// Whether some cell above a table has these words.
fn is_said_above(table: &Table, grid: &Grid, said: &str) -> bool {
    let said = text::words(said);
    let (sheet, _, header) = table.locate(table.header);
    let cells = grid.sheets.get(sheet as usize).into_iter().flat_map(|s| &s.cells);
    cells.take_while(|c| c.at.row < header.first.row).any(|c| text::words(&shown(c)).contains(&said))
}

/// The rows that were joined to the one above: those that list more of the same under one record (its phases, who does
/// them), and those that go on with a text.
fn joined_rows(table: &Table, pack: &Pack, grid: &Grid) -> (Vec<Area>, Vec<Area>) {
    let outermost = pack.schedule.entities.first().map(|e| &e.name);
    let lists = |field: &Arc<str>| {
        let own = pack.schedule.field(field).is_some_and(|f| Some(&f.entity) == outermost);
        own && !pack.schedule.register.fill.contains(field)
    };
    let text_at = |row: u32, col: u32| {
        let (sheet, _, there) = table.locate(Area::cell(CellRef::new(row, col)));
        let cell = grid.sheets.get(sheet as usize).and_then(|s| s.get(there.first));
        cell.map(shown).filter(|t| !text::is_blank(t))
    };
    let begins = |t: &str| t.trim_start().chars().next().is_some_and(|c| !c.is_lowercase());
    let skipped: BTreeSet<u32> = table.reading.skipped.iter().map(|s| s.area.first.row).collect();
    let area = |row: u32| Area::new(CellRef::new(row, table.area.first.col), CellRef::new(row, table.area.last.col));
    let (mut listed, mut broken) = (Vec::new(), Vec::new());
    let fields: Vec<(u32, &Arc<str>)> =
        table.columns.iter().filter_map(|c| Some((c.heading_area.first.col, c.field.as_ref()?))).collect();
    for row in table.records.iter().flat_map(|r| r.rows.0 + 1..=r.rows.1).filter(|row| !skipped.contains(row)) {
        let filled: Vec<(&Arc<str>, Arc<str>)> =
            fields.iter().filter_map(|(col, field)| Some((*field, text_at(row, *col)?))).collect();
        if filled.is_empty() {
            continue;
        }
        let own = filled.iter().all(|(field, text)| lists(field) && begins(text));
        if own { listed.push(area(row)) } else { broken.push(area(row)) }
    }
    (listed, broken)
}

/// Areas as the table counts, by the sheets they stand on, in the order of the table's parts.
fn by_sheet(table: &Table, areas: Vec<Area>) -> Vec<(Arc<str>, Vec<Area>)> {
    if table.parts.is_empty() && table.cards.is_empty() {
        return if areas.is_empty() { Vec::new() } else { vec![(table.sheet_name.clone(), areas)] };
    }
    let mut sheets: BTreeMap<u32, (Arc<str>, Vec<Area>)> = BTreeMap::new();
    for area in areas {
        let (number, name, area) = table.locate(area);
        sheets.entry(number).or_insert_with(|| (name, Vec::new())).1.push(area);
    }
    sheets.into_values().collect()
}

/// Columns whose heading is that of one field and whose values are another's, where the pack names the pair.
fn exchanged(table: &Table, pack: &Pack) -> Vec<(Bilingual, Area)> {
    let heading_of = |field: &str, heading: &str| {
        let known = pack.schedule.field(field).map_or(&[][..], |f| f.headings.as_slice());
        known.iter().any(|h| text::words(h) == text::words(heading))
    };
    let pairs = pack.schedule.register.exchange.iter();
    let columns = pairs.filter_map(|pair| {
        let column = table.column_of(&pair.read_as).filter(|c| heading_of(&pair.named, &c.heading))?;
        Some((printed(&column.heading, 60), column.heading_area))
    });
    columns.collect()
}

/// Values whose stroke a scan took for a figure, as found and as read.
fn scanned(table: &Table) -> BTreeMap<(Arc<str>, Arc<str>), Vec<Area>> {
    let mut found: BTreeMap<(Arc<str>, Arc<str>), Vec<Area>> = BTreeMap::new();
    for cell in table.cells.iter().filter(|cell| cell.flags.has(Flag::OcrSlash)) {
        let to = text::canonical(&cell.value).into();
        found.entry((cell.text.clone(), to)).or_default().push(Area::cell(cell.at));
    }
    found
}

fn mended(table: &Table) -> BTreeMap<(Arc<str>, Arc<str>), Vec<Area>> {
    let mut groups: BTreeMap<(Arc<str>, Arc<str>), Vec<Area>> = BTreeMap::new();
    for repair in table.reading.repaired.iter().filter(|r| r.flag == Flag::MendedWord) {
        groups.entry((repair.from.clone(), repair.to.clone())).or_default().push(Area::cell(repair.at));
    }
    groups
}

/// A cell that takes its value from one above it.
#[derive(Debug)]
struct Filled {
    from: Area,
    into: Area,
}

/// The cells that a value above them was filled into.
fn filled_down(table: &Table, slot: usize) -> Vec<Filled> {
    let cells = table.records.iter().filter_map(|r| {
        let cell = table.cell(r.slots.first(slot)?)?;
        let into = CellRef::new(r.rows.0, cell.at.col);
        let is = cell.flags.has(Flag::FilledDown) && !cell.value.is_missing() && cell.at.row >= table.header.first.row;
        is.then(|| Filled { from: Area::cell(cell.at), into: Area::cell(into) })
    });
    cells.collect()
}

/// What is said of columns by their headings: groups that come again, several data in one.
fn columns_in_words(table: &Table, pack: &Pack) -> Vec<Intervention> {
    let columns = &table.columns;
    let headings: Vec<&str> = columns.iter().map(|c| &*c.heading).collect();
    let field_of = |place: usize| columns.get(place).and_then(|c| pack.schedule.field(c.field.as_deref()?));
    let single = |place: usize, _: &str| {
        let first = repeated::first_of(&headings, place).and_then(field_of);
        first.is_some_and(|f| f.columns != Columns::Many)
    };
    let further: Vec<&Column> = repeated::further(&headings, single)
        .iter()
        .filter_map(|place| columns.get(*place))
        .filter(|c| c.field.is_none())
        .collect();
    let named: Vec<Bilingual> = further.iter().map(|c| printed(&c.heading, 60)).collect();
    let areas = further.iter().map(|c| c.heading_area).collect();
    let mut told: Vec<Intervention> = vec![("repeated", areas, vec![("columns", in_quotes(&named))])];
    for column in columns {
        let Some(field) = column.field.as_deref().and_then(|f| pack.schedule.field(f)) else { continue };
        let others = others_in(&column.heading, field, table, &pack.schedule);
        if !others.is_empty() {
            let words = vec![
                ("column", printed(&column.heading, 60)),
                ("field", field.title.clone()),
                ("others", printed(&others.join(", "), 200)),
            ];
            told.push(("together", vec![column.heading_area], words));
        }
    }
    told
}

/// The sides of a heading that name other fields than its column's, which no other column gives.
fn others_in(heading: &str, own: &FieldSpec, table: &Table, schedule: &Schedule) -> Vec<String> {
    let sides = sides::of(heading).unwrap_or_default();
    let names = |field: &FieldSpec, side: &str| {
        let words = text::words(side);
        field.headings.iter().chain(&field.also).any(|h| text::words(h) == words)
    };
    if !sides.iter().any(|side| names(own, side)) || names(own, heading) && sides.len() < 3 {
        return Vec::new();
    }
    let others = sides.iter().filter(|side| {
        let mut fields: Vec<&FieldSpec> = schedule.fields.iter().filter(|f| names(f, side)).collect();
        // Of the fields that share a name, that of what the column is about.
        if fields.iter().any(|f| f.entity == own.entity) {
            fields.retain(|f| f.entity == own.entity);
        }
        !fields.is_empty() && fields.iter().all(|f| f.name != own.name && table.slot(&f.name).is_none())
    });
    others.map(|side| side.to_lowercase()).collect()
}

/// Rows between the records whose title holds for the rows below, of what was filled `down`.
fn title_rows(table: &Table, down: &[Vec<Filled>]) -> BTreeSet<u32> {
    let skipped: BTreeSet<u32> = table.reading.skipped.iter().map(|s| s.area.first.row).collect();
    down.iter().flatten().map(|f| f.from.first.row).filter(|row| skipped.contains(row)).collect()
}

/// The title above the table that gives a field to its first record.
fn titled(table: &Table, slot: usize) -> Option<(Area, Arc<str>)> {
    let cell = table.cell(table.records.first()?.slots.first(slot)?)?;
    let above = cell.at.row < table.header.first.row && cell.flags.has(Flag::FilledDown);
    above.then(|| (Area::cell(cell.at), cell.text.clone()))
}

fn split_cells(table: &Table, field: &str) -> Vec<Area> {
    let Some(slot) = table.slot(field) else { return Vec::new() };
    let cells = table.records.iter().filter_map(|r| r.slots.first(slot));
    cells.filter_map(|id| table.cell(id)).filter(|c| c.raw.len() > c.text.len() + 1).map(|c| Area::cell(c.at)).collect()
}

/// Hidden rows of the table that hold text, and hidden columns.
fn hidden(table: &Table, grid: &Grid) -> Vec<Area> {
    let (first, last) = (table.area.first, table.area.last);
    let row = |row: u32| Area::new(CellRef::new(row, first.col), CellRef::new(row, last.col));
    let is_hidden = |row: u32| {
        let (sheet, _, there) = table.locate(row_of(row));
        grid.sheets.get(sheet as usize).is_some_and(|s| s.is_row_hidden(there.first.row))
    };
    let any = grid.sheets.iter().any(|s| !s.hidden_rows.is_empty());
    let records = table.records.iter().filter(|_| any);
    let mut areas: Vec<Area> = records.map(|r| r.rows.0).filter(|r| is_hidden(*r)).map(row).collect();
    let ends = table.parts.iter().skip(1).map(|p| p.from).chain([u32::MAX]);
    let starts = table.parts.iter().skip(1).map(|p| p.from);
    for (from, end) in [first.row].into_iter().chain(starts).zip(ends) {
        let Some(sheet) = grid.sheets.get(table.locate(row_of(from)).0 as usize) else { continue };
        let columns = table.columns.iter().map(|c| c.heading_area.first.col);
        let to = last.row.min(end.saturating_sub(1));
        let area = |col: u32| Area::new(CellRef::new(from, col), CellRef::new(to, col));
        areas.extend(columns.filter(|c| sheet.is_col_hidden(*c)).map(area));
    }
    areas
}

fn row_of(row: u32) -> Area {
    Area::cell(CellRef::new(row, 0))
}

/// `12, 14-17 e altre 3`: row numbers as a person writes them.
fn rows_in_words(mut rows: Vec<u32>, lang: Lang) -> String {
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
    more(words, runs.len(), lang)
}

fn cells_in_words(areas: &[Area], lang: Lang) -> String {
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
    more(names.join(", "), areas.len(), lang)
}

fn more(words: String, all: usize, lang: Lang) -> String {
    words + lang.and_more(all.saturating_sub(NAMED), true).as_str()
}
