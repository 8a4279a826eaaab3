//! From what was found in a text to a table: records, units and columns.

use std::collections::BTreeSet;
use std::ops::Range;

use super::super::view::SheetView;
use crate::model::{
    Area, Bilingual, Cell, CellId, CellRef, Column, Content, Entity, FieldSlot, Parent, Record, SkippedRow, Slots,
    Table, Unit, UnitId,
};
use crate::pack::{CellReader, Schedule};

/// A value found.
pub(super) struct Found {
    /// Position of the field in the schedule.
    pub(super) slot: usize,
    pub(super) row: u32,
    pub(super) text: String,
}

/// A unit: the whole text, or what a heading begins.
pub(super) struct Part {
    /// Position of its entity.
    pub(super) depth: usize,
    /// The unit that it stands in.
    pub(super) above: Option<usize>,
    /// Its first and last row.
    pub(super) row: u32,
    pub(super) last: u32,
    pub(super) found: Vec<Found>,
    /// The fields among what was found.
    pub(super) slots: BTreeSet<usize>,
}

impl Part {
    pub(super) fn new(depth: usize, above: Option<usize>, row: u32) -> Self {
        Self { depth, above, row, last: row, found: Vec::new(), slots: BTreeSet::new() }
    }
}

/// The cells of a part by slot.
type Cells = Vec<Vec<CellId>>;

/// The table of the parts of a text.
pub(super) fn table(view: &SheetView<'_>, schedule: &Schedule, parts: &[Part], skipped: Vec<SkippedRow>) -> Table {
    let top = Area::cell(CellRef::new(0, 0));
    let mut table = Table {
        is_text: true,
        fields: schedule.fields.iter().map(|f| f.name.clone()).collect(),
        confidence: 1.0,
        ..Table::new(schedule.kind.clone(), view.number, view.sheet.name.clone(), top)
    };
    table.reading.skipped = skipped;
    columns(&mut table, schedule, parts);
    let cells: Vec<Cells> = parts.iter().map(|part| cells_of(&mut table, schedule, part)).collect();
    let tree = Tree::new(parts);
    for (number, part) in parts.iter().enumerate().filter(|(number, _)| tree.below(*number).is_empty()) {
        let slots = slots_of(schedule, parts, &cells, number, (0..0, true));
        table.records.push(Record { rows: (part.row, part.last), slots });
    }
    let last = parts.iter().map(|p| p.last).max().unwrap_or(0);
    table.area = Area::new(CellRef::new(0, 0), CellRef::new(last, 0));
    units(&mut table, schedule, parts, &cells, &tree);
    table
}

/// Reads what was found in a part. A field of its entity that is not there has a blank cell on its first line.
fn cells_of(table: &mut Table, schedule: &Schedule, part: &Part) -> Cells {
    let reader = CellReader::new(schedule, None);
    let entity = schedule.entities.get(part.depth).map(|e| e.name.clone());
    let mut cells: Cells = vec![Vec::new(); schedule.fields.len()];
    for (slot, (spec, ids)) in schedule.fields.iter().zip(&mut cells).enumerate() {
        let blank = Found { slot, row: part.row, text: String::new() };
        let own: Vec<&Found> = part.found.iter().filter(|f| f.slot == slot).collect();
        let is_blank = own.is_empty() && entity.as_ref() == Some(&spec.entity);
        for found in own.into_iter().chain(is_blank.then_some(&blank)) {
            let (value, flags) = reader.read(&found.text, None, Some(spec));
            let content = Content::found(found.text.as_str().into(), value);
            ids.push(table.push(Cell::new(CellRef::new(found.row, 0), flags, content)));
        }
    }
    cells
}

/// Which parts stand in which: they lie one behind the other, each before those that stand in it.
struct Tree {
    /// How many parts stand in each, itself included.
    sizes: Vec<usize>,
    /// How many parts before each hold no others: the records.
    records: Vec<usize>,
}

impl Tree {
    fn new(parts: &[Part]) -> Self {
        let mut sizes = vec![1; parts.len()];
        for (number, part) in parts.iter().enumerate().rev() {
            let own = sizes.get(number).copied().unwrap_or(1);
            if let Some(above) = part.above.and_then(|above| sizes.get_mut(above)) {
                *above += own;
            }
        }
        let mut records = vec![0];
        for size in &sizes {
            records.push(records.last().copied().unwrap_or(0) + usize::from(*size == 1));
        }
        Self { sizes, records }
    }

    /// The parts that stand in one.
    fn below(&self, part: usize) -> Range<usize> {
        part + 1..part + self.sizes.get(part).copied().unwrap_or(1)
    }

    /// The records of a part, first and last.
    fn span(&self, part: usize) -> (u32, u32) {
        let before = |part: usize| self.records.get(part).copied().unwrap_or(0);
        (small(before(part)), small(before(self.below(part).end).saturating_sub(1)))
    }
}

/// The cells of a unit: those of the units above it, its own, and those of all `below` it. Lists of the units above are not
/// repeated, but for the first `record` in them: a text of many steps may have as many references.
fn slots_of(
    schedule: &Schedule,
    parts: &[Part],
    cells: &[Cells],
    part: usize,
    (below, record): (Range<usize>, bool),
) -> Slots {
    let above = |part: usize| std::iter::successors(Some(part), |p| parts.get(*p)?.above);
    let mut chain: Vec<usize> = above(part).collect();
    chain.reverse();
    // The first record of a part stands right below it.
    let is_first = |of: usize| record && (of..part).all(|p| parts.get(p + 1).is_some_and(|next| next.above == Some(p)));
    let depth = parts.get(part).map_or(0, |p| p.depth);
    let of = |slot: usize| {
        let spec = schedule.fields.get(slot);
        let field_depth = spec.and_then(|s| schedule.depth(&s.entity)).unwrap_or(0);
        let many = spec.is_some_and(|s| s.many);
        let own = chain.iter().copied().filter(|p| !many || *p == part || is_first(*p));
        let all = own.chain(below.clone()).filter_map(|p| cells.get(p)?.get(slot)).flatten().copied();
        if many || field_depth > depth {
            all.collect()
        } else {
            all.into_iter().next().map_or(FieldSlot::None, FieldSlot::One)
        }
    };
    (0..schedule.fields.len()).map(of).collect()
}

/// The units of each entity, with the records they stand on.
fn units(table: &mut Table, schedule: &Schedule, parts: &[Part], cells: &[Cells], tree: &Tree) {
    let mut entities: Vec<Entity> = Vec::new();
    let mut known: Vec<Option<Parent>> = vec![None; parts.len()];
    for (depth, spec) in schedule.entities.iter().enumerate() {
        let mut units = Vec::new();
        for (number, part) in parts.iter().enumerate().filter(|(_, p)| p.depth == depth) {
            let slots = slots_of(schedule, parts, cells, number, (tree.below(number), false));
            let parent = part.above.and_then(|above| known.get(above).copied().flatten());
            if let Some(own) = known.get_mut(number) {
                *own = Some(Parent { entity: entities.len(), unit: small(units.len()) });
            }
            units.push(Unit { records: tree.span(number), parent, slots });
        }
        if !units.is_empty() {
            entities.push(Entity { name: spec.name.clone(), units });
        }
    }
    table.entities = entities;
}

fn small(index: usize) -> UnitId {
    UnitId::try_from(index).unwrap_or(UnitId::MAX)
}

/// What each field was read from: a column for each field found, on the line where it stands first.
fn columns(table: &mut Table, schedule: &Schedule, parts: &[Part]) {
    for (slot, spec) in schedule.fields.iter().enumerate() {
        let all = || parts.iter().flat_map(|p| &p.found).filter(|f| f.slot == slot && !f.text.is_empty());
        let Some(first) = all().map(|f| f.row).min() else { continue };
        let lines = all().count();
        table.columns.push(Column {
            heading_area: Area::cell(CellRef::new(first, 0)),
            sheet: None,
            heading: spec.title.it.as_str().into(),
            field: Some(spec.name.clone()),
            confidence: 1.0,
            evidence: Bilingual::new(
                if lines == 1 { "scritto una volta".to_owned() } else { format!("scritto {lines} volte") },
                if lines == 1 { "written once".to_owned() } else { format!("written {lines} times") },
            ),
            runner_up: None,
        });
    }
    table.columns.sort_by_key(|c| c.heading_area.first);
}
