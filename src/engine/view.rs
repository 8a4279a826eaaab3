//! The document as the vocabulary sees it: the cells that rules ask for, with shared texts, and what is computed
//! once per document. It owns what it holds: the functions of the vocabulary keep it without borrowing the document.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use super::before::Before;
use super::value::{Field, Lasting, List, Reading, Spot, Val, Words};
use crate::model::{
    Allegato2, Bilingual, Cell, CellId, CellRef, Deviation, Document, Flag, SlotCells, Slots, Table, Value,
};
use crate::pack::{FieldSource, FieldSpec, Pack, Packs};
use crate::text;

/// The whole document.
#[derive(Debug, Default)]
pub(super) struct View {
    pub(super) tables: Vec<TableView>,
    /// The document's own data, in the order of their names.
    pub(super) head: Vec<(Arc<str>, Field)>,
    /// Of that, the year of the document.
    pub(super) year: Option<Field>,
    /// The document before, if there is one.
    pub(super) before: Option<Box<Before>>,
    /// The figures of the document's Allegato 2, counted from the registers beside it.
    pub(super) counted: Option<Allegato2>,
    /// Columns over all tables of a kind, where they are several.
    kinds: RefCell<HashMap<Column, List>>,
    /// What functions gave for whole columns.
    pub(super) computed: RefCell<HashMap<Call, Val>>,
}

/// A field of a kind, over all its tables.
type Column = (Arc<str>, Arc<str>);

/// A call whose arguments are lasting lists and what is written in the rule: name, and what tells the arguments.
pub(super) type Call = (&'static str, Vec<Argument>);

/// An argument that stays the same from one check to the next.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Argument {
    List(Lasting),
    Text(Arc<str>),
    Number(Decimal),
}

/// One table.
#[derive(Debug, Default)]
pub(super) struct TableView {
    pub(super) kind: Arc<str>,
    pub(super) variant: Option<Arc<str>>,
    pub(super) pack: Option<Arc<Pack>>,
    /// The fields in slot order.
    pub(super) fields: Vec<Arc<str>>,
    /// Whether the table has the field of a slot at all.
    pub(super) given: Vec<bool>,
    /// Fields without a column that titles or sheets tell.
    pub(super) told: Vec<Arc<str>>,
    /// Headings, left to right: field assigned, heading.
    pub(super) headings: Vec<(Option<Arc<str>>, Field)>,
    pub(super) deviations: Vec<Departure>,
    placeholders: Placeholders,
    /// Bytes of text in the cells that rules read.
    pub(super) bytes: usize,
    /// For questionnaires and counts: unit by number.
    numbers: HashMap<String, usize>,
    /// Whether each of those units is printed.
    printed: Vec<bool>,
    units: Vec<Slots>,
    cells: Vec<Option<(Rc<Words>, Reading)>>,
    columns: HashMap<usize, Vec<Place>>,
    lists: RefCell<HashMap<usize, List>>,
    pub(super) spellings: RefCell<HashMap<usize, Rc<Spellings>>>,
    /// Where each cell stands.
    pub(super) order: Vec<CellRef>,
    /// The cells whose text stands in a text box or a note over them.
    pub(super) boxed: BTreeSet<CellId>,
}

/// The words that stand for a value still to come, in normal form.
#[derive(Debug, Default)]
struct Placeholders {
    words: HashSet<String>,
    /// Bytes of the longest.
    longest: usize,
}

impl Placeholders {
    fn new<'w>(words: impl Iterator<Item = &'w String>) -> Self {
        let words: HashSet<String> = words.map(|w| text::normal(w)).collect();
        let longest = words.iter().map(String::len).max().unwrap_or_default();
        Self { words, longest }
    }

    fn has(&self, words: &Words) -> bool {
        // The normal form keeps the letters and figures of ASCII: with more of them it is none of these.
        let kept = words.text().bytes().filter(u8::is_ascii_alphanumeric).count();
        kept <= self.longest && !words.normal().is_empty() && self.words.contains(words.normal())
    }
}

/// The main spelling of each text of a column, by normal form.
pub(super) type Spellings = HashMap<Rc<str>, Rc<Words>>;

/// Where the rows depart from the form.
#[derive(Debug)]
pub(super) struct Departure {
    pub(super) place: Field,
    pub(super) missing: bool,
    /// The number of the question under which it stands.
    pub(super) under: Arc<str>,
}

/// One entry of a column: a cell, or a unit that has none.
#[derive(Debug, Clone, Copy)]
enum Place {
    Cell(CellId),
    None { entity: u32, unit: u32 },
}

/// Texts by content, so that equal ones are brought to normal form once.
#[derive(Default)]
struct Texts {
    by_content: HashMap<Arc<str>, Rc<Words>>,
    /// By where they lie, which is quicker to look up: most workbooks hold equal texts once.
    by_place: FxHashMap<usize, Rc<Words>>,
}

impl Texts {
    fn get(&mut self, text: &Arc<str>) -> Rc<Words> {
        let known = self.by_place.entry(Arc::as_ptr(text).addr());
        let found = || self.by_content.entry(text.clone()).or_insert_with(|| Words::new(text.clone())).clone();
        known.or_insert_with(found).clone()
    }
}

impl View {
    /// The parts of a document that rules with these fields need; `None` takes all fields.
    pub(super) fn new(document: &Document, packs: &Packs, used: Option<&BTreeSet<Arc<str>>>) -> Self {
        let mut texts = Texts::default();
        let tables = (0u32..).zip(&document.tables);
        let tables = tables.map(|(i, t)| TableView::new(i, t, packs, used, &mut texts)).collect();
        let head = (0u32..).zip(&document.head).map(|(datum, (name, entry))| {
            let reading = reading(&entry.value, false);
            (name.clone(), Field { words: texts.get(&entry.text), reading, spot: Spot::Head { datum } })
        });
        let head: Vec<(Arc<str>, Field)> = head.collect();
        let is_year = |name: &str| packs.packs.iter().any(|p| p.schedule.year() == Some(name));
        let year = head.iter().find(|(name, field)| is_year(name) && !field.is_missing()).map(|(_, f)| f.clone());
        Self { tables, head, year, ..Self::default() }
    }

    /// The first table of a kind and variant.
    pub(super) fn find(&self, kind: &str, variant: Option<&str>) -> Option<(usize, &TableView)> {
        let fits = |t: &TableView| &*t.kind == kind && (variant.is_none() || t.variant.as_deref() == variant);
        self.tables.iter().enumerate().find(|(_, t)| fits(t))
    }

    /// All cells of a field in the tables of a kind, of this document or of others beside it; `None` where none of them has
    /// the field.
    pub(super) fn of_kind(&self, kind: &str, field: &str) -> Option<List> {
        let has = |(at, t): (usize, &TableView)| Some((at, t.slot(field).filter(|_| &*t.kind == kind)?));
        let tables: Vec<(usize, usize)> = self.tables.iter().enumerate().filter_map(has).collect();
        let (&(first, slot), more) = tables.split_first()?;
        let of = |(at, slot): (usize, usize)| self.tables.get(at).map(|t| t.all(at, slot));
        if more.is_empty() {
            return of((first, slot));
        }
        let key = (Arc::<str>::from(kind), Arc::<str>::from(field));
        if let Some(known) = self.kinds.borrow().get(&key) {
            return Some(known.clone());
        }
        let lists: Vec<List> = tables.into_iter().filter_map(of).collect();
        let list = List::lasting(lists.iter().flat_map(|l| l.fields().iter().cloned()).collect());
        self.kinds.borrow_mut().insert(key, list.clone());
        Some(list)
    }

    /// A datum of the document head.
    pub(super) fn head(&self, name: &str) -> Option<&Field> {
        self.head.iter().find(|(n, _)| &**n == name).map(|(_, f)| f)
    }
}

/// What a value is to the rules.
fn reading(value: &Value, remainder: bool) -> Reading {
    match value {
        Value::Missing(_) => Reading::Missing,
        Value::NotApplicable => Reading::NotApplicable,
        Value::Text => Reading::Text,
        Value::Uncalculated => Reading::Uncalculated,
        value => Reading::Typed(Rc::new(value.clone()), remainder),
    }
}

impl TableView {
    fn new(index: u32, table: &Table, packs: &Packs, used: Option<&BTreeSet<Arc<str>>>, texts: &mut Texts) -> Self {
        let pack = packs.get(&table.kind).cloned();
        let form = pack.as_ref().is_some_and(|p| !p.schedule.shape.has_rows());
        let wanted = |f: &Arc<str>| form || used.is_none_or(|u| u.contains(f));
        let mut view = Self {
            kind: table.kind.clone(),
            variant: table.variant.clone(),
            fields: table.fields.clone(),
            cells: vec![None; table.cells.len()],
            order: table.cells.iter().map(|c| c.at).collect(),
            boxed: (0..).zip(&table.cells).filter(|(_, c)| c.flags.has(Flag::FromTextBox)).map(|(id, _)| id).collect(),
            ..Self::default()
        };
        for (slot, field) in table.fields.iter().enumerate() {
            let spec = pack.as_ref().and_then(|p| p.schedule.field(field));
            view.given.push(is_given(table, slot, field, spec));
            if wanted(field) {
                let places = column(table, slot, spec);
                // No unit stands on a row whose key is blank, or says in words that there is none; what stands there is
                // read all the same.
                let beside = if table.entities.len() < 2 { Vec::new() } else { rows(table, slot) };
                for place in places.iter().chain(&beside) {
                    if let Place::Cell(id) = place {
                        view.see(table, *id, texts);
                    }
                }
                view.columns.insert(slot, places);
            }
        }
        if form {
            view.read_form(table, pack.as_deref(), texts);
        }
        for heading in &table.columns {
            let column = u32::try_from(view.headings.len()).unwrap_or(u32::MAX);
            let reading = if text::is_blank(&heading.heading) { Reading::Missing } else { Reading::Text };
            let spot = Spot::Heading { table: index, column };
            let field = Field { words: texts.get(&heading.heading), reading, spot };
            view.headings.push((heading.field.clone(), field));
        }
        view.told.clone_from(&table.given);
        view.deviations = (0u32..).zip(&table.deviations).map(|(i, d)| departure(index, i, d)).collect();
        let placeholders = pack.iter().flat_map(|p| &p.schedule.values.placeholders);
        view.placeholders = Placeholders::new(placeholders);
        view.pack = pack;
        view
    }

    /// Keeps the units of a questionnaire or of counts: they are few and may be asked for by number.
    fn read_form(&mut self, table: &Table, pack: Option<&Pack>, texts: &mut Texts) {
        let Some(entity) = table.entities.first() else { return };
        let number = pack.and_then(|p| match (&p.schedule.questionnaire, &p.schedule.counts) {
            (Some(q), _) => table.slot(&q.number),
            (None, Some(c)) => table.slot(&c.number),
            (None, None) => None,
        });
        for (i, unit) in entity.units.iter().enumerate() {
            for id in unit.slots.iter().flat_map(SlotCells::iter) {
                self.see(table, id, texts);
            }
            let key = number.and_then(|s| unit.slots.first(s)).and_then(|id| table.cell(id));
            if let Some(cell) = key {
                self.numbers.entry(text::normal(&cell.text)).or_insert(i);
            }
            self.printed.push((unit.records.0 as usize) < table.records.len());
            self.units.push(unit.slots.clone());
        }
    }

    fn see(&mut self, table: &Table, id: CellId, texts: &mut Texts) {
        let Some(seen @ None) = self.cells.get_mut(id as usize) else { return };
        let Some(cell) = table.cell(id) else { return };
        self.bytes += cell.text.len();
        *seen = Some((texts.get(&cell.text), reading(&cell.value, beside(cell))));
    }

    /// Whether a text stands for a value still to come.
    pub(super) fn is_placeholder(&self, words: &Words) -> bool {
        self.placeholders.has(words)
    }

    /// A cell as a field.
    pub(super) fn cell(&self, table: usize, id: CellId, slot: usize) -> Field {
        let here = Spot::Cell { table: small(table), cell: id, slot: small(slot) };
        match self.cells.get(id as usize) {
            Some(Some((words, reading))) => Field { words: words.clone(), reading: reading.clone(), spot: here },
            _ => Field::missing(here),
        }
    }

    /// The slot of a field the table has.
    pub(super) fn slot(&self, field: &str) -> Option<usize> {
        let slot = self.fields.iter().position(|f| &**f == field)?;
        self.given.get(slot).copied().unwrap_or(false).then_some(slot)
    }

    /// What the schedule says of the field of a slot.
    pub(super) fn spec(&self, slot: usize) -> Option<&FieldSpec> {
        self.pack.as_ref()?.schedule.field(self.fields.get(slot)?)
    }

    /// All cells of a field, one for each unit of its entity at least.
    pub(super) fn all(&self, table: usize, slot: usize) -> List {
        if let Some(list) = self.lists.borrow().get(&slot) {
            return list.clone();
        }
        let places = self.columns.get(&slot).map_or(&[][..], Vec::as_slice);
        let fields = places.iter().map(|place| match *place {
            Place::Cell(id) => self.cell(table, id, slot),
            Place::None { entity, unit } => {
                Field::missing(Spot::Unit { table: small(table), entity, unit, slot: small(slot) })
            }
        });
        let list = List::lasting(fields.collect());
        self.lists.borrow_mut().insert(slot, list.clone());
        list
    }

    /// Every cell of the columns assigned that holds something, column by column: its slot, its number, its text.
    pub(super) fn every(&self) -> impl Iterator<Item = (usize, CellId, &Words)> {
        let mut slots: Vec<usize> = self.columns.keys().copied().collect();
        slots.sort_unstable();
        slots.retain(|slot| self.spec(*slot).is_none_or(|s| s.source == FieldSource::Column));
        let places = slots.into_iter().filter_map(|slot| Some((slot, self.columns.get(&slot)?)));
        let cells = places.flat_map(|(slot, places)| {
            places.iter().filter_map(move |place| if let Place::Cell(id) = place { Some((slot, *id)) } else { None })
        });
        cells.filter_map(|(slot, id)| match self.cells.get(id as usize)? {
            Some((_, Reading::Missing)) | None => None,
            Some((words, _)) => Some((slot, id, &**words)),
        })
    }

    /// The unit of a questionnaire or of counts with a number, and whether it is printed.
    pub(super) fn numbered(&self, number: &str) -> Option<(usize, bool)> {
        let unit = *self.numbers.get(&text::normal(number))?;
        Some((unit, self.printed.get(unit).copied().unwrap_or(false)))
    }

    /// A field of a unit of a questionnaire or of counts.
    pub(super) fn unit_fields(&self, table: usize, unit: usize, slot: usize) -> Vec<Field> {
        let cells = self.units.get(unit).map(|slots| slots.cells(slot)).unwrap_or_default();
        cells.iter().map(|id| self.cell(table, id, slot)).collect()
    }
}

/// Whether words stand beside the value of a cell.
fn beside(cell: &Cell) -> bool {
    cell.flags.has(Flag::Remainder)
}

/// An index as the spots hold it.
pub(super) fn small(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

fn is_given(table: &Table, slot: usize, field: &str, spec: Option<&FieldSpec>) -> bool {
    spec.is_some_and(|s| s.source != FieldSource::Column)
        || table.is_text
        || table.column_of(field).is_some()
        || table.records.iter().any(|r| !r.slots.cells(slot).is_empty())
}

/// The cells of a field, unit by unit of the entity it describes; record by record if the table has no such entity.
fn column(table: &Table, slot: usize, spec: Option<&FieldSpec>) -> Vec<Place> {
    let entity = spec.and_then(|s| table.entities.iter().position(|e| e.name == s.entity));
    let many = spec.is_some_and(|s| s.many);
    let mut places = Vec::new();
    let Some((index, entity)) = entity.and_then(|e| Some((e, table.entities.get(e)?))) else {
        return rows(table, slot);
    };
    for (unit, u) in (0u32..).zip(&entity.units) {
        let cells = u.slots.cells(slot);
        places.extend(cells.iter().map(Place::Cell));
        if cells.is_empty() && !many {
            places.push(Place::None { entity: small(index), unit });
        }
    }
    places
}

/// The cells of a field row by row; a cell that rows share stands once.
fn rows(table: &Table, slot: usize) -> Vec<Place> {
    let mut ids: Vec<CellId> = table.records.iter().flat_map(|r| r.slots.cells(slot).iter()).collect();
    ids.dedup();
    ids.into_iter().map(Place::Cell).collect()
}

fn departure(table: u32, index: u32, deviation: &Deviation) -> Departure {
    let text = deviation.found.clone().or_else(|| deviation.expected.clone()).unwrap_or_default();
    let place = Field { words: Words::new(text), reading: Reading::Text, spot: Spot::Deviation { table, index } };
    Departure { place, missing: deviation.found.is_none(), under: deviation.under.clone() }
}

/// The column that a table lacks, as an official calls it.
pub(super) fn lack(pack: Option<&Pack>, field: &str) -> Rc<Bilingual> {
    let title = pack.and_then(|p| p.schedule.field(field)).map(|f| f.title.clone());
    let title = title.unwrap_or_else(|| Bilingual::new(field, field));
    Rc::new(Bilingual::new(format!("manca la colonna «{}»", title.it), format!("the column “{}” is missing", title.en)))
}
