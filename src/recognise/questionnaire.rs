//! Questionnaires: printed rows known from the form, an answer beside each.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::align::{RowKey, align};
use super::assign::round;
use super::columns::Layout;
use super::rows::skipped;
use super::view::{SheetView, number, shown};
use crate::model::{
    Area, Bilingual, Cell, CellId, CellRef, Column, FieldSlot, Flag, Flags, Missing, NearMiss, Record, Table, Value,
};
use crate::pack::{Catalogue, CellReader, Pack, Questionnaire, Schedule, assemble_questionnaire, derived_fields};
use crate::text;

/// Share of the form's questions that a sheet must print to be this form, and their least number.
const LEAST_SHARE: f64 = 0.3;
const LEAST: usize = 4;
/// Bytes of the longest text that is compared with the printed rows of a form.
const LONGEST: usize = 2000;

/// Rows weighed against the form, many times as many as any form prints; the work grows with both.
const MOST_ROWS: usize = 2_000;

/// Reads the rows under a header. If too few are rows of the form, it is another document; a part of a form that other
/// sheets hold too may be small, but then most of its rows are the form's.
pub(super) fn read(view: &SheetView<'_>, pack: &Pack, layout: &Layout, part: bool) -> Result<Table, Option<NearMiss>> {
    let (Some(spec), Some(form)) = (&pack.schedule.questionnaire, pack.form()) else { return Err(None) };
    let mut sheet = Lines::new(view, &pack.schedule, spec, form, layout);
    sheet.read();
    let entries = align(&sheet.keys, form, &spec.extensible);
    let asked = form.entries.iter().filter(|e| e.get("role") == Some("question")).count();
    let is_question = |e: &usize| form.entries.get(*e).is_some_and(|e| e.get("role") == Some("question"));
    let mut matched: Vec<usize> = entries.iter().flatten().copied().filter(is_question).collect();
    matched.sort_unstable();
    matched.dedup();
    let share = ratio(matched.len(), asked);
    if sheet.keys.is_empty() {
        let kind = Some(pack.schedule.kind.clone());
        return Err(Some(NearMiss { sheet: view.sheet.name.clone(), kind, missing: Vec::new(), empty: true }));
    }
    let known = entries.iter().flatten().count();
    let is_part = part && !matched.is_empty() && known * 2 > sheet.keys.len();
    if !is_part && (share < LEAST_SHARE || matched.len() < LEAST) {
        return Err(None);
    }
    let (mut table, entries) = sheet.into_table(layout, &entries);
    table.confidence = round(layout.confidence.min(0.99) * 0.4 + share * 0.6).min(0.99);
    text_boxes(view, pack, spec, &mut table);
    table.fields.extend(derived_fields(&pack.schedule));
    assemble_questionnaire(&mut table, pack, &entries);
    options_of_dropdowns(view, spec, &mut table);
    Ok(table)
}

fn ratio(part: usize, whole: usize) -> f64 {
    f64::from(u32::try_from(part).unwrap_or(0)) / f64::from(u32::try_from(whole.max(1)).unwrap_or(1))
}

/// A text box over an empty answer is the answer: that is where the office wrote it.
fn text_boxes(view: &SheetView<'_>, pack: &Pack, spec: &Questionnaire, table: &mut Table) {
    let Some(slot) = table.slot(&spec.answer) else { return };
    let reader = CellReader::new(&pack.schedule, None);
    for text_box in &view.sheet.boxes {
        let row = text_box.at.row;
        let record = table.records.iter().find(|r| r.rows.0 <= row && row <= r.rows.1);
        let Some(&id) = record.and_then(|r| r.slots.get(slot)?.cells().first()) else { continue };
        let Some(cell) = table.cells.get_mut(id as usize).filter(|c| c.value.is_missing()) else { continue };
        let (value, _) = reader.read(&text_box.text, None, pack.schedule.field(&spec.answer));
        cell.raw = text_box.text.clone();
        cell.text = text_box.text.clone();
        cell.value = value;
        cell.flags.insert(Flag::FromTextBox);
    }
}

/// What the cell's own drop-down admits is admitted, whatever the catalogue knows.
fn options_of_dropdowns(view: &SheetView<'_>, spec: &Questionnaire, table: &mut Table) {
    let (Some(answer), Some(slot)) = (table.slot(&spec.answer), spec.options.as_ref().and_then(|o| table.slot(o)))
    else {
        return;
    };
    let units = table.entities.first().map_or(0, |e| e.units.len());
    for unit in 0..units {
        let Some(unit_ref) = table.entities.first().and_then(|e| e.units.get(unit)) else { continue };
        let Some(at) = unit_ref.slots.get(answer).and_then(|s| table.cell(*s.cells().first()?)).map(|c| c.at) else {
            continue;
        };
        let mut ids: Vec<CellId> = unit_ref.slots.get(slot).map(|s| s.cells().to_vec()).unwrap_or_default();
        if ids.is_empty() {
            continue;
        }
        let known: Vec<String> = ids.iter().filter_map(|id| table.cell(*id)).map(|c| text::normal(&c.text)).collect();
        let offered =
            view.sheet.dropdowns.iter().filter(|d| d.areas.iter().any(|a| a.contains(at))).flat_map(|d| &d.options);
        for option in offered.filter(|o| !known.contains(&text::normal(o)) && !text::is_blank(o)) {
            ids.push(CellId::try_from(table.cells.len()).unwrap_or(CellId::MAX));
            table.cells.push(Cell {
                at,
                raw: option.clone(),
                text: option.clone(),
                value: Value::Text,
                flags: Flags::default(),
            });
        }
        if let Some(unit) = table.entities.first_mut().and_then(|e| e.units.get_mut(unit))
            && let Some(place) = unit.slots.get_mut(slot)
        {
            *place = FieldSlot::Many(ids.into());
        }
    }
}

/// The rows of a sheet under a header, as cells of the columns' fields.
struct Lines<'a> {
    view: &'a SheetView<'a>,
    schedule: &'a Schedule,
    spec: &'a Questionnaire,
    form: &'a Catalogue,
    layout: &'a Layout,
    reader: CellReader,
    /// Column of the sheet and field, in slot order.
    sources: Vec<(u32, Arc<str>)>,
    cells: Vec<Vec<Cell>>,
    rows: Vec<u32>,
    keys: Vec<RowKey>,
    skipped: Vec<(u32, Bilingual)>,
}

impl<'a> Lines<'a> {
    fn new(
        view: &'a SheetView<'a>,
        schedule: &'a Schedule,
        spec: &'a Questionnaire,
        form: &'a Catalogue,
        layout: &'a Layout,
    ) -> Self {
        let of = |c: &Column| Some((c.heading_area.first.col, c.field.clone()?));
        let mut sources: Vec<(u32, Arc<str>)> = layout.columns.iter().filter_map(of).collect();
        if !sources.iter().any(|(_, f)| *f == spec.number)
            && let Some((col, _)) = sources.iter().find(|(_, f)| *f == spec.text)
        {
            // The number stands before the text, in the same cell.
            sources.push((*col, spec.number.clone()));
        }
        Self {
            view,
            schedule,
            spec,
            form,
            layout,
            reader: CellReader::new(schedule, None),
            sources,
            cells: Vec::new(),
            rows: Vec::new(),
            keys: Vec::new(),
            skipped: Vec::new(),
        }
    }

    fn slot(&self, field: &str) -> Option<usize> {
        self.sources.iter().position(|(_, f)| &**f == field)
    }

    fn read(&mut self) {
        let optional: Vec<String> = self.form.optional.iter().map(|o| text::words(o)).collect();
        let from = self.view.position(self.layout.from);
        let rows: Vec<u32> =
            self.view.rows.iter().skip(from).map(|(r, _)| *r).take_while(|r| *r <= self.layout.rows.1).collect();
        for row in rows {
            if self.rows.len() >= MOST_ROWS {
                self.skipped.push((row, Bilingual::new("troppo sotto il modulo", "too far below the form")));
                continue;
            }
            if super::columns::repeats(self.layout, self.view.row(row)) {
                self.skipped.push((row, Bilingual::new("intestazione ripetuta", "repeated heading")));
                continue;
            }
            let cells = self.cells_of(row);
            let text = self.text_of(&cells, &self.spec.text);
            if optional.contains(&comparable(&text)) {
                self.skipped.push((row, Bilingual::new("riga facoltativa del modulo", "optional row of the form")));
                continue;
            }
            let answer = self.text_of(&cells, &self.spec.answer);
            if text::is_blank(&text) && text::is_blank(&answer) && self.text_of(&cells, &self.spec.number).is_empty() {
                self.skipped.push((row, Bilingual::new("sotto-titolo o nota", "sub-title or note")));
                continue;
            }
            let number = number_key(&self.text_of(&cells, &self.spec.number), self.form);
            let groups = self.spec.groups.iter().map(|g| comparable(&self.text_of(&cells, g))).collect();
            self.keys.push(RowKey { text: comparable(&text), number, groups });
            self.cells.push(cells);
            self.rows.push(row);
        }
    }

    fn text_of(&self, cells: &[Cell], field: &str) -> Arc<str> {
        self.slot(field).and_then(|s| cells.get(s)).map_or_else(|| "".into(), |c| c.text.clone())
    }

    fn cells_of(&self, row: u32) -> Vec<Cell> {
        let mut cells: Vec<Cell> = self.sources.iter().map(|(col, field)| self.cell(row, *col, field)).collect();
        let shared = self
            .slot(&self.spec.number)
            .zip(self.slot(&self.spec.text))
            .filter(|(n, t)| self.sources.get(*n).map(|s| s.0) == self.sources.get(*t).map(|s| s.0));
        if let Some((number, text)) = shared {
            let whole = cells.get(text).map_or_else(|| Arc::from(""), |c| c.text.clone());
            let (head, rest) = split_number(&whole, self.form).map_or(("", &*whole), |(n, r)| (n, r));
            let (head, rest): (Arc<str>, Arc<str>) = (head.into(), rest.into());
            for (slot, part) in [(number, head), (text, rest)] {
                if let Some(cell) = cells.get_mut(slot) {
                    cell.value = if part.is_empty() { Value::Missing(Missing::Blank) } else { Value::Text };
                    cell.text = part;
                }
            }
        }
        cells
    }

    fn cell(&self, row: u32, col: u32, field: &str) -> Cell {
        let here = CellRef::new(row, col);
        let at = self.view.merged(here).map_or(here, |a| a.first);
        let mut flags = Flags::default();
        if at.row != row {
            flags.insert(Flag::FilledDown);
        }
        let spec = self.schedule.field(field);
        let Some(found) = self.view.sheet.get(at) else {
            return Cell { at, raw: "".into(), text: "".into(), value: Value::Missing(Missing::Blank), flags };
        };
        let shown = shown(found);
        // A number or date in an answer is a value of its own kind, even where text is asked.
        let stored = number(found);
        let (value, more) = match stored {
            Some(_) if field == &*self.spec.answer => self.reader.read(&shown, stored, None),
            _ => self.reader.read(&shown, None, spec),
        };
        more.iter().for_each(|f| flags.insert(f));
        Cell { at, raw: shown.clone(), text: shown, value, flags }
    }

    /// The table, ended at the last row of the form; rows below it are told as skipped.
    fn into_table(self, layout: &Layout, entries: &[Option<usize>]) -> (Table, Vec<Option<usize>>) {
        let last = entries.iter().rposition(Option::is_some).map_or(0, |i| i + 1);
        let mut table = Table {
            columns: layout.columns.clone(),
            fields: self.sources.iter().map(|(_, f)| f.clone()).collect(),
            ..Table::new(self.schedule.kind.clone(), self.view.number, self.view.sheet.name.clone(), layout.header)
        };
        let mut others = self.skipped;
        for (i, (row, cells)) in self.rows.iter().zip(self.cells).enumerate() {
            if i >= last {
                others.push((*row, Bilingual::new("sotto la tabella", "below the table")));
                continue;
            }
            let mut slots = Vec::with_capacity(cells.len());
            for cell in cells {
                slots.push(FieldSlot::One(CellId::try_from(table.cells.len()).unwrap_or(CellId::MAX)));
                table.cells.push(cell);
            }
            table.records.push(Record { rows: (*row, *row), slots: slots.into() });
        }
        let end = table.records.last().map_or(layout.header.last.row, |r| r.rows.1);
        table.area = Area::new(layout.header.first, CellRef::new(end, layout.header.last.col));
        others.sort_by_key(|(row, _)| *row);
        table.reading.skipped = others.into_iter().map(|(row, why)| skipped(self.view, layout, row, why)).collect();
        (table, entries.get(..last).unwrap_or_default().to_vec())
    }
}

/// A text in words, empty where it is too long to be a printed row.
fn comparable(text: &str) -> String {
    if text.len() < LONGEST { text::words(text) } else { String::new() }
}

/// A number as the form writes it (`1,1` and `1.1.` are 1.1), if it is one of the form's.
fn number_key(found: &str, form: &Catalogue) -> Option<String> {
    let key: String = found.trim().trim_end_matches(['.', ')']).replace(',', ".").split_whitespace().collect();
    form.entries.iter().any(|e| e.get("role") == Some("question") && e.get("key") == Some(key.as_str())).then_some(key)
}

/// `1.1 Gli obiettivi …` as number and text.
fn split_number<'t>(whole: &'t str, form: &Catalogue) -> Option<(&'t str, &'t str)> {
    let trimmed = whole.trim_start();
    let end = trimmed.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',')?;
    let (number, rest) = trimmed.split_at(end);
    number_key(number, form)?;
    Some((number.trim_end_matches('.'), rest.trim_start_matches([')', '-', '–', ':', '.', ' ', '\u{a0}']).trim_start()))
}

/// Finds the form on a sheet without a header row: by the printed questions themselves.
pub(super) fn read_without_header(view: &SheetView<'_>, pack: &Pack) -> Option<Table> {
    let (spec, form) = (pack.schedule.questionnaire.as_ref()?, pack.form()?);
    let questions: Vec<String> =
        form.entries.iter().filter(|e| e.get("role") == Some("question")).map(|e| text::words(&e.value)).collect();
    let mut by_column: BTreeMap<u32, (usize, u32)> = BTreeMap::new();
    for (row, range) in &view.rows {
        for cell in view.cells(range) {
            let text = shown(cell);
            let bare = split_number(&text, form).map_or(&*text, |(_, rest)| rest);
            if (16..LONGEST).contains(&bare.len()) && questions.contains(&text::words(bare)) {
                let known = by_column.entry(cell.at.col).or_insert((0, *row));
                known.0 += 1;
            }
        }
    }
    let (col, (hits, first)) = by_column.into_iter().max_by_key(|(_, (n, _))| *n)?;
    if hits < LEAST || ratio(hits, questions.len()) < LEAST_SHARE {
        return None;
    }
    let layout = bare_layout(view, spec, form, col, first);
    read(view, pack, &layout, false).ok()
}

/// Columns by place and content: the number before the text, the answer behind it.
fn bare_layout(view: &SheetView<'_>, spec: &Questionnaire, form: &Catalogue, text_col: u32, first: u32) -> Layout {
    let numbers = |col: u32| {
        let rows = view.rows.iter().filter(|(r, _)| *r >= first).take(80);
        rows.filter(|(r, _)| number_key(&view.text(CellRef::new(*r, col)), form).is_some()).count()
    };
    let number_col = (0..text_col).rev().find(|c| numbers(*c) >= 3);
    let mut fields: Vec<(u32, Arc<str>)> = number_col.map(|c| (c, spec.number.clone())).into_iter().collect();
    let mut group_cols: Vec<u32> = (0..text_col).filter(|c| Some(*c) != number_col).collect();
    let keep = group_cols.len().saturating_sub(spec.groups.len());
    group_cols.drain(..keep);
    fields.extend(group_cols.into_iter().zip(spec.groups.iter().cloned()));
    fields.push((text_col, spec.text.clone()));
    let after = view.merged(CellRef::new(first, text_col)).map_or(text_col, |a| a.last.col) + 1;
    fields.push((after, spec.answer.clone()));
    fields.sort_by_key(|f| f.0);
    let columns = fields
        .iter()
        .map(|(col, field)| Column {
            heading_area: Area::cell(CellRef::new(first, *col)),
            heading: "".into(),
            field: Some(field.clone()),
            confidence: 0.7,
            evidence: Bilingual::new(
                "senza intestazione: decidono le domande stampate",
                "no heading: the printed questions decide",
            ),
            runner_up: None,
        })
        .collect();
    let left = fields.first().map_or(text_col, |f| f.0);
    let header = Area::new(CellRef::new(first, left), CellRef::new(first, after));
    Layout::without_header(header, columns, (first, view.rows.last().map_or(first, |(r, _)| *r)))
}
