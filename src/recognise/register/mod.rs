//! Registers: one record per data row, continuation rows joined, merged cells filled down.

mod alike;
mod continuation;
mod running;
mod sparse;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::assign::round;
use super::beside::{Split, given, implies, is_note, splits, subtitle_gives};
use super::columns::Layout;
use super::recent::Recent;
use super::rows::{Other, others, skipped};
use super::titles::{Given, above};
use super::view::{SheetView, formula_value, is_empty, number, shown};
use crate::model::{
    Area, Bilingual, Cell, CellId, CellRef, Content, FieldSlot, Flag, Flags, GridCell, NearMiss, Record, Repair,
    Scalar, Table, UNCALCULATED, Value,
};
use crate::pack::{CellReader, FieldSpec, ImplySpec, Pack, Schedule};
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
    /// The rows that are no records, by position.
    others: Vec<(usize, Other)>,
    /// Titles that give a field by their shape alone, by row.
    alike: BTreeMap<u32, Given>,
    /// Room for the cells of the row at hand, by slot.
    slots: Vec<FieldSlot>,
    /// What a cell holds that holds nothing.
    blank: Arc<Content>,
    /// What texts say in each slot.
    said: Recent<(Arc<Content>, Flags)>,
    /// Fields that a note may give, with their slots.
    implied: Vec<(usize, &'a ImplySpec)>,
    /// Slots of fields that a parent hands down.
    fill: Vec<usize>,
    /// Slots of the outermost entity's key, and of fields of the entities below.
    key: Vec<usize>,
    below: Vec<usize>,
    /// A row of totals was the last thing: no row goes on with the record above it.
    is_closed: bool,
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
        let others = others(view, schedule, &layout);
        for field in &schedule.register.subtitles {
            if !fields.contains(field) && subtitle_gives(view, schedule, &others, field) {
                fields.push(field.clone());
            }
        }
        let alike = alike::find(view, schedule, &layout, &others);
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
            implied: schedule.register.imply.iter().filter_map(|spec| Some((slot(&spec.field)?, spec))).collect(),
            fill: schedule.register.fill.iter().filter_map(slot).collect(),
            view,
            schedule,
            layout,
            sources,
            splits,
            cells: CellReader::new(schedule, None),
            table,
            carried: Vec::new(),
            others,
            alike,
            said: Recent::of(view.sheet.cells.len()),
            slots: Vec::new(),
            blank: Content::blank().into(),
            key,
            below,
            is_closed: false,
        }
    }

    fn read_rows(&mut self) {
        self.titles_above();
        let from = self.view.position(self.layout.from);
        let (view, last) = (self.view, self.layout.rows.1);
        let rows = view.position(last).saturating_sub(from) + 1;
        self.table.records.reserve(rows.min(view.sheet.cells.len()));
        self.table.cells.reserve((rows * self.table.fields.len()).min(2 * view.sheet.cells.len()));
        let mut others = std::mem::take(&mut self.others).into_iter().peekable();
        for (position, (row, range)) in view.rows.iter().enumerate().skip(from).take_while(|(_, (r, _))| *r <= last) {
            let (row, cells) = (*row, view.cells(range));
            match others.next_if(|(other, _)| *other == position).map(|(_, other)| other) {
                Some(Other::Skip(reason)) => {
                    self.table.reading.skipped.push(skipped(self.view, &self.layout, row, reason));
                }
                Some(Other::Total) => {
                    let reason = Bilingual::new("totale", "total");
                    self.table.reading.skipped.push(skipped(self.view, &self.layout, row, reason));
                    self.is_closed = true;
                }
                Some(title) => self.subtitle(row, &title, cells),
                None => self.row(row, cells),
            }
        }
    }

    /// A title inside the table: it may hold for the rows below.
    fn subtitle(&mut self, row: u32, title: &Other, cells: &[GridCell]) {
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
        let cell = Cell::new(given.at, flags, Content { raw: given.raw, text: given.text, value });
        self.carried.push((slot, cell));
    }

    fn row(&mut self, row: u32, found: &[GridCell]) {
        let from = self.table.cells.len();
        for source in 0..self.sources.len() {
            let cell = self.read_cell(row, source, found);
            self.table.cells.push(cell);
        }
        if let Some(previous) = self.table.records.len().checked_sub(1)
            && !self.is_closed
            && self.continues(previous, self.table.cells.get(from..).unwrap_or_default())
        {
            let more = self.table.cells.split_off(from);
            self.join(previous, row, &more);
        } else {
            self.record(row, found, from);
        }
    }

    /// Adds the record of a row, whose cells are those from `from` on, one of each column.
    fn record(&mut self, row: u32, found: &[GridCell], from: usize) {
        self.slots.clear();
        self.slots.resize(self.table.fields.len(), FieldSlot::None);
        // Further columns of a field that may have several.
        let mut further: Vec<(usize, CellId)> = Vec::new();
        for (source, id) in self.sources.iter().zip(CellId::try_from(from).unwrap_or(CellId::MAX)..) {
            match self.slots.get_mut(source.slot) {
                Some(slot) if source.nth == 0 => *slot = FieldSlot::One(id),
                _ => further.push((source.slot, id)),
            }
        }
        self.split();
        for carried in 0..self.carried.len() {
            if let Some((slot, cell)) = self.carried.get(carried)
                && self.cell(*slot).is_none()
            {
                let (slot, cell) = (*slot, cell.clone());
                self.put(slot, cell);
            }
        }
        self.imply(found);
        self.hand_down();
        for (slot, id) in further {
            if let Some(slot) = self.slots.get_mut(slot) {
                *slot = std::mem::take(slot).and(id);
            }
        }
        self.is_closed = false;
        self.table.records.push(Record { rows: (row, row), slots: self.slots.as_slice().into() });
    }

    /// The cell of a slot on the row at hand.
    fn cell(&self, slot: usize) -> Option<&Cell> {
        self.slots.get(slot).and_then(|s| self.table.cell(s.first()?))
    }

    /// Gives a slot of the row at hand a cell, in the place of the one that it has.
    fn put(&mut self, slot: usize, cell: Cell) {
        let Some(place) = self.slots.get_mut(slot) else { return };
        match place.first().and_then(|id| self.table.cells.get_mut(id as usize)) {
            Some(own) => *own = cell,
            None => *place = FieldSlot::One(self.table.push(cell)),
        }
    }

    /// Whether a slot of the row at hand says something.
    fn says(&self, slot: usize) -> bool {
        self.cell(slot).is_some_and(|c| !c.value.is_missing())
    }

    /// The cell of one column on a row; a cell inside a merged area has the value of its first.
    fn read_cell(&mut self, row: u32, source: usize, on_row: &[GridCell]) -> Cell {
        let Some(source) = self.sources.get(source) else { return Cell::blank(CellRef::new(row, 0)) };
        if let Some(ticks) = self.layout.ticks.iter().find(|t| t.has(source.col)) {
            let (at, raw, text) = ticks.read(self.view, row);
            let (value, flags) = self.cells.read(&text, None, Some(source.spec));
            return Cell::new(at, flags, Content { raw, text, value });
        }
        let here = CellRef::new(row, source.col);
        let at = self.view.merged(here).map_or(here, |a| a.first);
        let mut flags = Flags::default();
        if self.view.sheet.is_row_hidden(row) || self.view.sheet.is_col_hidden(source.col) {
            flags.insert(Flag::Hidden);
        }
        if at.row != row {
            flags.insert(Flag::FilledDown);
        }
        let beside = || on_row.binary_search_by_key(&at.col, |c| c.at.col).ok().and_then(|i| on_row.get(i));
        let found = if at.row == row { beside() } else { self.view.sheet.get(at) };
        let Some(found) = found else { return Cell::new(at, flags, self.blank.clone()) };
        let read = |text: &Arc<str>| {
            let (value, flags) = self.cells.read(text, number(found), Some(source.spec));
            let value = formula_value(found).unwrap_or(value);
            (Arc::new(Content::found(text.clone(), value)), flags)
        };
        let (content, more) = match &found.value {
            Scalar::Text(text) => self.said.get(source.slot, text, |_| read(text)),
            _ => read(&shown(found)),
        };
        Cell::new(at, flags.and(more), content)
    }

    /// Cells that hold a number and a name are read as two fields.
    fn split(&mut self) {
        let mut splits = std::mem::take(&mut self.splits);
        for split in &mut splits {
            let Some(whole) = self.cell(split.slot).cloned() else { continue };
            let parts = split.cutter.parts(&whole.text);
            for (i, (target, _)) in split.parts.iter().enumerate() {
                let (at, flags) = (whole.at, whole.flags);
                let cell = if whole.value == Value::Uncalculated {
                    // Which part the formula would have given, nobody can tell.
                    whole.clone()
                } else if let Some(part) = parts.get(i) {
                    let field = self.table.fields.get(*target).and_then(|f| self.schedule.field(f));
                    let (value, _) = self.cells.read(part, None, field);
                    Cell::new(at, flags, Content { raw: whole.raw.clone(), text: part.into(), value })
                } else if *target == split.slot {
                    continue;
                } else {
                    Cell::new(at, flags, self.blank.clone())
                };
                self.put(*target, cell);
            }
        }
        self.splits = splits;
    }

    /// A note in a column of no field, or of the outermost entity, gives a field if the row says nothing of the
    /// entities below.
    fn imply(&mut self, found: &[GridCell]) {
        if self.implied.is_empty() || self.below.iter().any(|slot| self.says(*slot)) {
            return;
        }
        for implied in 0..self.implied.len() {
            let Some(&(slot, spec)) = self.implied.get(implied).filter(|(slot, _)| !self.says(*slot)) else { continue };
            let Some(note) = found.iter().find(|c| is_note(spec, &shown(c))) else { continue };
            let content = Content { raw: shown(note), text: spec.value.clone(), value: Value::Text };
            self.put(slot, Cell::new(note.at, Flags::default(), content));
        }
    }

    /// A row that has no key of its own but something of an entity below belongs to the record above: what
    /// the process says there holds here too.
    fn hand_down(&mut self) {
        let keyless = !self.key.is_empty() && !self.key.iter().any(|slot| self.says(*slot));
        if !keyless || !self.below.iter().any(|slot| self.says(*slot)) {
            return;
        }
        for fill in 0..self.fill.len() {
            // An event of its own brings its own level; nothing of the event above is handed to it.
            let is_open = |slot: &&usize| !self.says(**slot) && !self.below.contains(*slot);
            let Some(&slot) = self.fill.get(fill).filter(is_open) else { continue };
            let above = self.table.records.last().and_then(|r| self.table.cell(r.slots.first(slot)?));
            if let Some(mut cell) = above.cloned() {
                cell.flags.insert(Flag::FilledDown);
                self.put(slot, cell);
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
