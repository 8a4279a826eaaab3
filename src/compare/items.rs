//! The records of a document by what they are about, in an order that moved rows do not change.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{Anchor, Area, Cell, Document, Lang, Place, SlotCells, Slots, Table, Value};
use crate::pack::{EntitySpec, FieldSource, Pack};
use crate::text;

/// Characters of a name that is quoted.
const QUOTED: usize = 80;

/// What the tables of one kind hold.
#[derive(Debug, Default)]
pub(super) struct Items {
    /// The fields that some table has, in the order of the schedule.
    pub(super) fields: Vec<Arc<str>>,
    /// By their keys.
    pub(super) all: BTreeMap<Key, Item>,
}

/// What a record is known by: code and name in normal form; either may be blank.
pub(super) type Key = (String, String);

/// What a record is about: a process with its events and measures, a question.
#[derive(Debug, Default)]
pub(super) struct Item {
    pub(super) name: String,
    pub(super) rows: Vec<Row>,
}

/// One row of it: what each field says, in the order of [`Items::fields`].
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) cells: Vec<Told>,
}

/// What a field says in a row.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Told {
    pub(super) text: Arc<str>,
    /// The same in the form it is compared in.
    pub(super) normal: String,
    pub(super) place: Option<Place>,
}

impl Item {
    /// The first of its cells.
    pub(super) fn place(&self) -> Option<&Place> {
        self.rows.iter().flat_map(|row| &row.cells).find_map(|cell| cell.place.as_ref())
    }
}

impl Row {
    pub(super) fn normals(&self) -> Vec<&str> {
        self.cells.iter().map(|cell| cell.normal.as_str()).collect()
    }
}

impl Items {
    /// The records of the tables of a kind and variant.
    pub(super) fn of(document: &Document, pack: &Pack, variant: Option<&str>, lang: Lang) -> Self {
        let schedule = &pack.schedule;
        let tables: Vec<&Table> =
            document.tables.iter().filter(|t| t.kind == schedule.kind && t.variant.as_deref() == variant).collect();
        let is_told = |table: &Table, name: &str| {
            let spec = schedule.field(name);
            let is_printed = spec.is_some_and(|s| s.source == FieldSource::Form);
            !is_printed && (table.column_of(name).is_some() || spec.is_some_and(|s| s.source == FieldSource::Rows))
        };
        let given = schedule
            .fields
            .iter()
            .filter(|f| tables.iter().any(|table| table.slot(&f.name).is_some() && is_told(table, &f.name)));
        let mut items = Self { fields: given.map(|f| f.name.clone()).collect(), all: BTreeMap::new() };
        for table in tables {
            let Some(entity) = table.entities.first() else { continue };
            let Some(spec) = schedule.entity(&entity.name) else { continue };
            for unit in &entity.units {
                let reader = Reader { table, pack, fields: &items.fields };
                let rows = if schedule.shape.has_rows() {
                    let records = table.records.get(unit.records.0 as usize..=unit.records.1 as usize);
                    records.unwrap_or_default().iter().map(|record| reader.row(&record.slots)).collect()
                } else {
                    vec![reader.row(&unit.slots)]
                };
                let (key, name) = reader.key(&unit.slots, spec, lang);
                let item = items.all.entry(key).or_insert_with(|| Item { name, rows: Vec::new() });
                item.rows.extend(rows);
            }
        }
        for item in items.all.values_mut() {
            item.rows.sort_by(|a, b| a.normals().cmp(&b.normals()));
        }
        items
    }
}

/// Reads the cells of a table.
struct Reader<'a> {
    table: &'a Table,
    pack: &'a Pack,
    fields: &'a [Arc<str>],
}

impl Reader<'_> {
    fn row(&self, slots: &Slots) -> Row {
        let told = |field: &Arc<str>| {
            let slot = self.table.slot(field);
            slot.map_or_else(Told::default, |slot| self.told(slots.cells(slot)))
        };
        Row { cells: self.fields.iter().map(told).collect() }
    }

    /// What some cells of one field say: several are joined, top to bottom.
    fn told(&self, ids: SlotCells<'_>) -> Told {
        let cells: Vec<&Cell> = ids.iter().filter_map(|id| self.table.cell(id)).collect();
        let Some(first) = cells.first() else { return Told::default() };
        let given: Vec<&&Cell> = cells.iter().filter(|c| !c.value.is_missing() || c.value == UNCALCULATED).collect();
        let place = self.table.place(Area::cell(given.first().map_or(first.at, |c| c.at)), Anchor::default(), None);
        let text: Arc<str> = match given.as_slice() {
            [] => "".into(),
            [one] => one.text.clone(),
            many => many.iter().map(|c| c.text.trim()).collect::<Vec<_>>().join("; ").into(),
        };
        Told { normal: text::normal(&text), text, place: Some(place) }
    }

    /// What a unit is known by, and what it is called.
    fn key(&self, slots: &Slots, spec: &EntitySpec, lang: Lang) -> (Key, String) {
        let text = |field: &Arc<str>| {
            let cells = self.table.slot(field).map(|slot| slots.cells(slot)).unwrap_or_default();
            let cell = cells.iter().filter_map(|id| self.table.cell(id)).find(|c| !c.value.is_missing());
            cell.map_or("", |c| c.text.trim())
        };
        // Where the key is of one field alone, that is the name; a question's is its number.
        let (code, names) = match spec.key.as_slice() {
            [one] if self.pack.schedule.shape.has_rows() => ("", std::slice::from_ref(one)),
            [first, rest @ ..] => (text(first), rest),
            [] => ("", &[][..]),
        };
        let name = names.iter().map(text).find(|name| !name.is_empty()).unwrap_or_default();
        let quoted = text::one_line(name, QUOTED);
        let quoted = lang.pick(format!("«{quoted}»"), format!("“{quoted}”"));
        let words: Vec<&str> = [spec.one.get(lang), code, if name.is_empty() { "" } else { &quoted }].to_vec();
        let called = words.into_iter().filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ");
        ((text::normal(code), text::words(name)), called)
    }
}

const UNCALCULATED: Value = Value::Uncalculated;
