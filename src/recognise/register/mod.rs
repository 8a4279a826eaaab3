//! Registers: one record per data row, continuation rows joined, merged cells filled down.

mod alike;
mod continuation;
mod running;
mod sparse;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::assign::round;
use super::beside::{Split, given, implies, is_note, splits, subtitle_gives};
use super::columns::Layout;
use super::rows::{Other, other, skipped};
use super::titles::{Given, above};
use super::view::{SheetView, formula_value, is_empty, number, shown};
use crate::model::{
    Area, Cell, CellId, CellRef, FieldSlot, Flag, Flags, GridCell, NearMiss, Record, Repair, Scalar, Table,
    UNCALCULATED, Value,
};
use crate::pack::{CellReader, FieldKind, FieldSpec, Pack, Schedule};
use crate::text;

/// Reads the records under a header. Without any, the near miss says so.
pub(super) fn read(view: &SheetView<'_>, pack: &Pack, layout: Layout) -> Result<Table, Option<NearMiss>> {
    let mut reader = Reader::new(view, &pack.schedule, layout);
    reader.read_rows();
    reader.fill_sparse();
    if reader.table.records.is_empty() {
        let kind = Some(pack.schedule.kind.clone());
        let sheet = view.sheet.name.clone();
        return Err(Some(NearMiss { sheet, kind, empty: true, ..NearMiss::default() }));
    }
    Ok(reader.finish())
}

/// Bytes up to which a text of a column is likely to come back.
const KEPT: usize = 40;

/// An assigned column: position of the sheet, slot of the record, and which of the slot's cells it gives.
struct Source<'a> {
    col: u32,
    slot: usize,
    nth: usize,
    spec: &'a FieldSpec,
}

struct Reader<'a> {
    view: &'a SheetView<'a>,
    schedule: &'a Schedule,
    layout: Layout,
    sources: Vec<Source<'a>>,
    splits: Vec<Split<'a>>,
    cells: CellReader,
    table: Table,
    /// Values that a title row gives to the rows below: slot and cell.
    carried: Vec<(usize, Cell)>,
    /// Titles that give a field by their shape alone, by row.
    alike: BTreeMap<u32, Given>,
    /// A cell that holds nothing.
    blank: Cell,
    /// Values already read, by the address of their shared text.
    values: HashMap<(usize, *const u8), (Value, Flags)>,
    /// Slots of fields that a parent hands down.
    fill: Vec<usize>,
    /// Slots of the outermost entity's key, and of fields of the entities below.
    key: Vec<usize>,
    below: Vec<usize>,
}

impl<'a> Reader<'a> {
    fn new(view: &'a SheetView<'a>, schedule: &'a Schedule, layout: Layout) -> Self {
        let mut fields: Vec<Arc<str>> = Vec::new();
        let mut sources = Vec::new();
        for column in &layout.columns {
            if let Some(spec) = column.field.as_deref().and_then(|f| schedule.field(f)) {
                let slot = fields.iter().position(|f| *f == spec.name).unwrap_or(fields.len());
                let nth = sources.iter().filter(|s: &&Source<'_>| s.slot == slot).count();
                sources.push(Source { col: column.heading_area.first.col, slot, nth, spec });
                if slot == fields.len() {
                    fields.push(spec.name.clone());
                }
            }
        }
        let splits = splits(view, schedule, &layout, &mut fields);
        let carried = &schedule.register.subtitles;
        for field in carried {
            if !fields.contains(field) && subtitle_gives(view, schedule, &layout, field) {
                fields.push(field.clone());
            }
        }
        let alike = alike::find(view, schedule, &layout);
        if let Some(given) = alike.values().next().filter(|g| !fields.contains(&g.field)) {
            fields.push(given.field.clone());
        }
        for spec in &schedule.register.imply {
            if !fields.contains(&spec.field) && implies(view, &layout, spec) {
                fields.push(spec.field.clone());
            }
        }
        let slot = |f: &Arc<str>| fields.iter().position(|x| x == f);
        let key: Vec<usize> =
            schedule.entities.first().map(|e| e.key.iter().filter_map(slot).collect()).unwrap_or_default();
        let deep = |f: &Arc<str>| schedule.field(f).and_then(|s| schedule.depth(&s.entity)).is_some_and(|d| d > 0);
        let below = fields.iter().enumerate().filter(|(_, f)| deep(f)).map(|(i, _)| i).collect();
        let table = Table {
            confidence: round(layout.confidence),
            columns: layout.columns.clone(),
            fields: fields.clone(),
            ..Table::new(schedule.kind.clone(), view.number, view.sheet.name.clone(), layout.header)
        };
        Self {
            fill: schedule.register.fill.iter().filter_map(slot).collect(),
            view,
            schedule,
            layout,
            sources,
            splits,
            cells: CellReader::new(schedule, None),
            table,
            carried: Vec::new(),
            alike,
            values: HashMap::new(),
            blank: blank(CellRef::new(0, 0)),
            key,
            below,
        }
    }

    fn read_rows(&mut self) {
        self.titles_above();
        let from = self.view.position(self.layout.from);
        let (view, last) = (self.view, self.layout.rows.1);
        let rows = view.position(last).saturating_sub(from) + 1;
        self.table.records.reserve(rows.min(view.sheet.cells.len()));
        self.table.cells.reserve((rows * self.table.fields.len()).min(view.sheet.cells.len()));
        for (row, range) in view.rows.iter().skip(from).take_while(|(r, _)| *r <= last) {
            let (row, cells) = (*row, view.cells(range));
            match other(view, self.schedule, &self.layout, cells) {
                Some(Other::Skip(reason)) => {
                    self.table.reading.skipped.push(skipped(self.view, &self.layout, row, reason));
                }
                Some(title) => self.subtitle(row, &title, cells),
                None => self.row(row, cells),
            }
        }
    }

    /// A title inside the table: it may hold for the rows below.
    fn subtitle(&mut self, row: u32, title: &Other, cells: &[GridCell]) {
        use crate::model::Bilingual;
        let reason = Bilingual::new("sotto-titolo", "sub-title");
        self.table.reading.skipped.push(skipped(self.view, &self.layout, row, reason));
        self.give(row, title, cells);
    }

    /// What a title row gives to the rows below.
    fn give(&mut self, row: u32, title: &Other, cells: &[GridCell]) {
        let alike = self.alike.remove(&row);
        for given in given(self.schedule, title, cells).into_iter().chain(alike) {
            self.carry(given);
        }
    }

    /// The titles above the header, where others of their kind stand between the rows.
    fn titles_above(&mut self) {
        let view = self.view;
        let rows: Vec<(u32, &[GridCell])> = above(view, self.layout.header.first.row, self.layout.titles).collect();
        for (row, cells) in rows.into_iter().rev() {
            let mut filled = cells.iter().filter(|c| !is_empty(c));
            let (Some(first), alone) = (filled.next(), filled.next().is_none()) else { continue };
            let title = if alone { Other::Subtitle(shown(first)) } else { Other::Labels };
            self.give(row, &title, cells);
        }
    }

    /// What holds for the rows below, unless a column says it.
    fn carry(&mut self, given: Given) {
        let Some(slot) = self.table.slot(&given.field) else { return };
        if self.sources.iter().any(|s| s.slot == slot) {
            return;
        }
        self.carried.retain(|(s, _)| *s != slot);
        let flags = Flags::from_iter([Flag::FilledDown]);
        let value = if *given.text == *UNCALCULATED { Value::Uncalculated } else { Value::Text };
        let cell = Cell { at: given.at, raw: given.raw, text: given.text, value, flags };
        self.carried.push((slot, cell));
    }

    fn row(&mut self, row: u32, found: &[GridCell]) {
        let cells: Vec<Cell> = (0..self.sources.len()).map(|i| self.read_cell(row, i, found)).collect();
        if let Some(previous) = self.table.records.len().checked_sub(1)
            && self.continues(previous, &cells)
        {
            self.join(previous, row, &cells);
            return;
        }
        let mut slots: Vec<Option<Cell>> = vec![None; self.table.fields.len()];
        // Further columns of a field that may have several.
        let mut further: Vec<(usize, Cell)> = Vec::new();
        for (source, cell) in self.sources.iter().zip(cells) {
            match slots.get_mut(source.slot) {
                Some(slot) if source.nth == 0 => *slot = Some(cell),
                _ => further.push((source.slot, cell)),
            }
        }
        for (slot, cell) in &self.carried {
            if let Some(empty) = slots.get_mut(*slot).filter(|s| s.is_none()) {
                *empty = Some(cell.clone());
            }
        }
        self.split(&mut slots);
        self.imply(&mut slots, found);
        self.hand_down(&mut slots);
        let slots = slots.into_iter().map(|cell| cell.map_or(FieldSlot::None, |c| FieldSlot::One(self.push(c))));
        let mut slots: Box<[FieldSlot]> = slots.collect::<Vec<_>>().into();
        for (slot, cell) in further {
            let id = self.push(cell);
            if let Some(slot) = slots.get_mut(slot) {
                *slot = FieldSlot::Many(slot.cells().iter().copied().chain([id]).collect());
            }
        }
        self.table.records.push(Record { rows: (row, row), slots });
    }

    fn push(&mut self, cell: Cell) -> CellId {
        let id = CellId::try_from(self.table.cells.len()).unwrap_or(CellId::MAX);
        self.table.cells.push(cell);
        id
    }

    /// The cell of one column on a row; a cell inside a merged area has the value of its first.
    fn read_cell(&mut self, row: u32, source: usize, on_row: &[GridCell]) -> Cell {
        let mut cell = Cell { at: CellRef::new(row, 0), ..self.blank.clone() };
        let Some(source) = self.sources.get(source) else { return cell };
        if let Some(ticks) = self.layout.ticks.iter().find(|t| t.has(source.col)) {
            let (at, raw, text) = ticks.read(self.view, row);
            let (value, flags) = self.cells.read(&text, None, Some(source.spec));
            return Cell { at, raw, text, value, flags };
        }
        let here = CellRef::new(row, source.col);
        let at = self.view.merged(here).map_or(here, |a| a.first);
        cell.at = at;
        if self.view.sheet.is_row_hidden(row) || self.view.sheet.is_col_hidden(source.col) {
            cell.flags.insert(Flag::Hidden);
        }
        if at.row != row {
            cell.flags.insert(Flag::FilledDown);
        }
        let inside = if at.row == row { on_row.iter().find(|c| c.at == at) } else { self.view.sheet.get(at) };
        let Some(found) = inside else { return cell };
        let shown = shown(found);
        let key = (source.slot, shown.as_ptr());
        let (value, flags) = match (number(found), self.values.get(&key)) {
            (None, Some(known)) => known.clone(),
            (stored, _) => {
                let read = self.cells.read(&shown, stored, Some(source.spec));
                // Names that come back are read once; a text that does not is not worth keeping.
                let shared = matches!(found.value, Scalar::Text(_));
                if shared && (source.spec.kind != FieldKind::Text || shown.len() < KEPT) {
                    self.values.insert(key, read.clone());
                }
                read
            }
        };
        flags.iter().for_each(|f| cell.flags.insert(f));
        cell.value = formula_value(found).unwrap_or(value);
        cell.raw = shown.clone();
        cell.text = shown;
        cell
    }

    /// Cells that hold a number and a name are read as two fields.
    fn split(&self, slots: &mut [Option<Cell>]) {
        for (slot, spec, parts) in &self.splits {
            let Some(whole) = slots.get(*slot).cloned().flatten() else { continue };
            for (target, group) in parts {
                // Which part the formula would have given, nobody can tell.
                if whole.value == Value::Uncalculated {
                    if let Some(place) = slots.get_mut(*target).filter(|_| target != slot) {
                        *place = Some(whole.clone());
                    }
                    continue;
                }
                let part = spec.pattern.group(&whole.text, group);
                let field = self.table.fields.get(*target).and_then(|f| self.schedule.field(f));
                let mut cell = whole.clone();
                if let Some(part) = part {
                    cell.text = part.into();
                    let (value, _) = self.cells.read(part, None, field);
                    cell.value = value;
                } else if target != slot {
                    cell.raw = "".into();
                    cell.text = "".into();
                    cell.value = Value::Missing(crate::model::Missing::Blank);
                }
                if let Some(place) = slots.get_mut(*target) {
                    *place = Some(cell);
                }
            }
        }
    }

    /// A note in a column of no field, or of the outermost entity, gives a field if the row says nothing of the
    /// entities below.
    fn imply(&self, slots: &mut [Option<Cell>], found: &[GridCell]) {
        let said = |slot: &usize, slots: &[Option<Cell>]| {
            slots.get(*slot).and_then(Option::as_ref).is_some_and(|c| !c.value.is_missing())
        };
        if self.schedule.register.imply.is_empty() || self.below.iter().any(|s| said(s, slots)) {
            return;
        }
        for spec in &self.schedule.register.imply {
            let Some(slot) = self.table.slot(&spec.field).filter(|s| !said(s, slots)) else { continue };
            let Some(note) = found.iter().find(|c| is_note(spec, &shown(c))) else { continue };
            let cell = Cell {
                at: note.at,
                raw: shown(note),
                text: spec.value.clone(),
                value: Value::Text,
                ..self.blank.clone()
            };
            if let Some(place) = slots.get_mut(slot) {
                *place = Some(cell);
            }
        }
    }

    /// A row that has no key of its own but something of an entity below belongs to the record above: what
    /// the process says there holds here too.
    fn hand_down(&mut self, slots: &mut [Option<Cell>]) {
        let blank = |slot: &usize, slots: &[Option<Cell>]| {
            slots.get(*slot).and_then(Option::as_ref).is_none_or(|c| c.value.is_missing())
        };
        let keyless = !self.key.is_empty() && self.key.iter().all(|k| blank(k, slots));
        let deep = self.below.iter().any(|s| !blank(s, slots));
        let Some(previous) = self.table.records.last().filter(|_| keyless && deep) else { return };
        for slot in &self.fill {
            // An event of its own brings its own level; nothing of the event above is handed to it.
            if !blank(slot, slots) || self.below.contains(slot) {
                continue;
            }
            let above = previous.slots.get(*slot).and_then(|s| self.table.cell(*s.cells().first()?));
            if let (Some(above), Some(place)) = (above, slots.get_mut(*slot)) {
                let mut cell = above.clone();
                cell.flags.insert(Flag::FilledDown);
                *place = Some(cell);
            }
        }
    }

    fn finish(mut self) -> Table {
        running::fill(&mut self.table, self.schedule);
        let last = self.table.records.last().map_or(self.layout.header.last.row, |r| r.rows.1);
        self.table.area = Area::new(self.layout.header.first, CellRef::new(last, self.layout.header.last.col));
        // Rows put together are told by row, a number taken off a name by column; a cell is told where joining changed
        // what it says.
        let changed =
            |c: &&Cell| c.flags.has(Flag::Joined) && !text::squeezed(&c.raw).ends_with(&*text::squeezed(&c.text));
        let joined = self.table.cells.iter().filter(changed);
        self.table.reading.repaired =
            joined.map(|c| Repair { at: c.at, from: c.raw.clone(), to: c.text.clone(), flag: Flag::Joined }).collect();
        self.table
    }
}

fn blank(at: CellRef) -> Cell {
    Cell {
        at,
        raw: "".into(),
        text: "".into(),
        value: Value::Missing(crate::model::Missing::Blank),
        flags: Flags::default(),
    }
}
