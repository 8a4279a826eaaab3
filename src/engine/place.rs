//! Places as an official finds them: which unit a cell belongs to, how it is called, what its own key is.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::message::fill;
use super::value::{Field, Spot};
use super::whereabouts::found;
use crate::model::{Anchor, Area, Cell, CellId, CellRef, Document, Entity, Lang, Place, SlotCells, Table, Unit};
use crate::pack::{AnchorSpec, EntitySpec, Pack, Packs};
use crate::text;

/// A unit: index of its table, of its entity in the table, its own.
pub(super) type UnitRef = (usize, usize, usize);

/// Characters of a field that an anchor quotes.
const QUOTED: usize = 60;

/// A place with what findings are told apart and compared by.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Placed {
    pub(super) place: Place,
    pub(super) table: usize,
    /// The records of the unit that stands here; none for headings and the document head.
    pub(super) records: Option<(u32, u32)>,
    /// The field, empty if it is none.
    pub(super) field: Arc<str>,
    /// The text found, in normal form.
    pub(super) normal: String,
}

/// A unit's own key, and which of the units with that key it is.
pub(super) type Key = (Rc<str>, usize);
type Keys = Rc<Vec<Key>>;
/// The entity of a field and its unit by cell, in the order of the cells.
type Owners = Option<(usize, Rc<Vec<(CellId, u32)>>)>;

/// The places of one document.
pub(super) struct Places<'a> {
    document: &'a Document,
    pub(super) packs: &'a Packs,
    pub(super) lang: Lang,
    owners: RefCell<HashMap<(usize, usize), Owners>>,
    keys: RefCell<HashMap<(usize, usize), Keys>>,
    /// Those of the document before, with its path.
    pub(super) before: Option<(Box<Places<'a>>, &'a str)>,
}

impl<'a> Places<'a> {
    pub(super) fn new(document: &'a Document, packs: &'a Packs, lang: Lang) -> Self {
        Self { document, packs, lang, owners: RefCell::default(), keys: RefCell::default(), before: None }
    }

    fn table(&self, table: usize) -> Option<&'a Table> {
        self.document.tables.get(table)
    }

    fn pack(&self, table: usize) -> Option<&'a Arc<Pack>> {
        self.packs.get(&self.table(table)?.kind)
    }

    fn entity(&self, (table, entity, _): UnitRef) -> Option<&'a Entity> {
        self.table(table)?.entities.get(entity)
    }

    pub(super) fn unit(&self, at: UnitRef) -> Option<&'a Unit> {
        self.entity(at)?.units.get(at.2)
    }

    /// The unit that a unit belongs to.
    pub(super) fn parent(&self, at: UnitRef) -> Option<UnitRef> {
        self.unit(at)?.parent.map(|p| (at.0, p.entity, p.unit as usize))
    }

    /// What the pack says of a unit's entity.
    pub(super) fn spec(&self, at: UnitRef) -> Option<&'a EntitySpec> {
        self.pack(at.0)?.schedule.entity(&self.entity(at)?.name)
    }

    /// The records a unit stands on, if it stands on any.
    pub(super) fn records(&self, at: UnitRef) -> Option<(u32, u32)> {
        self.unit(at).map(|u| u.records)
    }

    /// Where a field or anything else stands. `unit` is the unit under evaluation.
    pub(super) fn placed(&self, field: &Field, unit: Option<UnitRef>) -> Option<Placed> {
        // A long text is told apart by its ends: there may be one on every row.
        let normal = text::identity(&field.words.shared());
        Some(Placed { normal, ..self.at(field.spot, unit)? })
    }

    /// The place of a spot.
    pub(super) fn at(&self, spot: Spot, unit: Option<UnitRef>) -> Option<Placed> {
        match spot {
            Spot::Nowhere => None,
            Spot::Cell { table, cell, slot } => self.cell((table as usize, cell, slot as usize), unit),
            Spot::Unit { table, entity, unit, slot } => {
                Some(self.blank((table as usize, entity as usize, unit as usize), slot as usize))
            }
            Spot::CellBefore { table, cell, slot } => self.at_before(Spot::Cell { table, cell, slot }),
            Spot::HeadBefore { datum } => self.at_before(Spot::Head { datum }),
            Spot::Head { datum } => self.head(datum as usize),
            Spot::Heading { table, column } => self.heading(table as usize, column as usize),
            Spot::Table { table } => self.whole(table as usize),
            Spot::Deviation { table, index } => self.deviation(table as usize, index as usize),
        }
    }

    fn cell(&self, (table, id, slot): (usize, CellId, usize), unit: Option<UnitRef>) -> Option<Placed> {
        let of = self.table(table)?;
        let cell = of.cell(id)?;
        let owner = self.owner(table, id, slot);
        // A cell that the unit under check shares with others, or has from one above, is told as its own.
        let own = unit.filter(|u| u.0 == table && owner.is_none_or(|o| o.1 <= u.1) && self.holds(*u, id, slot));
        let owner = own.or(owner);
        let anchor = owner.map_or_else(String::new, |u| self.anchor(self.of_field(u, slot)));
        let place = of.place(Area::cell(cell.at), self.beside(anchor, table, slot), found(cell));
        Some(Placed {
            place,
            table,
            records: owner.and_then(|u| self.records(u)),
            field: of.fields.get(slot).cloned().unwrap_or_default(),
            normal: text::identity(&cell.text),
        })
    }

    /// Whether a cell is one of a unit's.
    fn holds(&self, unit: UnitRef, id: CellId, slot: usize) -> bool {
        self.unit(unit).is_some_and(|u| u.slots.cells(slot).iter().any(|own| own == id))
    }

    /// The unit that a field of this unit describes: itself, or one above it; itself too where none of that entity stands
    /// above it.
    fn of_field(&self, unit: UnitRef, slot: usize) -> UnitRef {
        let spec = self.pack(unit.0).and_then(|p| p.schedule.field(self.table(unit.0)?.fields.get(slot)?));
        let Some(spec) = spec else { return unit };
        let is_described = |at: &UnitRef| self.entity(*at).is_some_and(|e| e.name == spec.entity);
        std::iter::successors(Some(unit), |at| self.parent(*at)).find(is_described).unwrap_or(unit)
    }

    /// The unit a cell belongs to: of the entity that its field describes, the first that holds it.
    fn owner(&self, table: usize, id: CellId, slot: usize) -> Option<UnitRef> {
        let known = self.owners.borrow().get(&(table, slot)).cloned();
        let owners = known.unwrap_or_else(|| {
            let made = self.owners_of(table, slot);
            self.owners.borrow_mut().insert((table, slot), made.clone());
            made
        });
        let (entity, owners) = owners?;
        let at = owners.binary_search_by_key(&id, |(cell, _)| *cell).ok()?;
        owners.get(at).map(|(_, unit)| (table, entity, *unit as usize))
    }

    fn owners_of(&self, table: usize, slot: usize) -> Owners {
        let of = self.table(table)?;
        let spec = self.pack(table).and_then(|p| p.schedule.field(of.fields.get(slot)?));
        let named = spec.and_then(|s| of.entities.iter().position(|e| e.name == s.entity));
        let entity = named.or_else(|| of.entities.len().checked_sub(1))?;
        let mut owners = Vec::new();
        for (unit, u) in (0u32..).zip(&of.entities.get(entity)?.units) {
            owners.extend(u.slots.cells(slot).iter().map(|id| (id, unit)));
        }
        // Of the units that share a cell the first.
        owners.sort_unstable();
        owners.dedup_by_key(|(id, _)| *id);
        Some((entity, Rc::new(owners)))
    }

    /// A field for which its unit has no cell: the unit's first key cell, else the table's heading.
    fn blank(&self, unit: UnitRef, slot: usize) -> Placed {
        let field = self.table(unit.0).and_then(|t| t.fields.get(slot).cloned()).unwrap_or_default();
        let found = self.anchor_cell(unit).and_then(|id| Some((self.table(unit.0)?, id)));
        let placed = found.and_then(|(of, id)| {
            let cell = of.cell(id)?;
            let anchor = self.beside(self.anchor(unit), unit.0, slot);
            Some(Placed {
                place: of.place(Area::cell(cell.at), anchor, None),
                table: unit.0,
                records: self.records(unit),
                field: field.clone(),
                normal: String::new(),
            })
        });
        let nowhere = || Placed {
            place: Place {
                path: None,
                sheet_index: 0,
                sheet: None,
                area: None,
                line: None,
                anchor: Anchor::default(),
                value: None,
            },
            table: unit.0,
            records: None,
            field: field.clone(),
            normal: String::new(),
        };
        placed.or_else(|| self.whole(unit.0)).unwrap_or_else(nowhere)
    }

    /// The cell that stands for a unit: of its first key field that has one.
    fn anchor_cell(&self, unit: UnitRef) -> Option<CellId> {
        let of = self.table(unit.0)?;
        let slots = &self.unit(unit)?.slots;
        let keys = self.spec(unit)?;
        let key = keys.key.iter().filter_map(|k| of.slot(k)).find_map(|s| slots.first(s));
        key.or_else(|| slots.iter().find_map(SlotCells::first))
    }

    fn head(&self, datum: usize) -> Option<Placed> {
        let (name, entry) = self.document.head.iter().nth(datum)?;
        let spec = self.packs.packs.iter().find_map(|p| p.schedule.head.get(&**name));
        let anchor = spec.map_or_else(|| name.to_string(), |s| s.title.get(self.lang).to_owned());
        let place = Place {
            path: None,
            sheet_index: entry.sheet,
            sheet: Some(entry.sheet_name.clone()),
            area: Some(Area::cell(entry.at)),
            line: None,
            anchor: Anchor::new("", anchor),
            value: Some(entry.text.clone()),
        };
        Some(Placed {
            place,
            table: usize::MAX,
            records: None,
            field: name.clone(),
            normal: text::identity(&entry.text),
        })
    }

    fn heading(&self, table: usize, column: usize) -> Option<Placed> {
        let of = self.table(table)?;
        let column = of.columns.get(column)?;
        let word = self.lang.pick("intestazione", "heading");
        let anchor = if column.heading.is_empty() { word.to_owned() } else { format!("{word} «{}»", column.heading) };
        let value = Some(column.heading.clone()).filter(|h| !h.is_empty());
        let place = of.place(column.heading_area, Anchor::new("", anchor), value);
        let field = column.field.clone().unwrap_or_default();
        Some(Placed { place, table, records: None, field, normal: text::identity(&column.heading) })
    }

    /// The table as a whole: its header rows.
    pub(super) fn whole(&self, table: usize) -> Option<Placed> {
        let of = self.table(table)?;
        let anchor = if of.is_text {
            self.lang.pick("inizio del documento", "beginning of the document")
        } else {
            self.lang.pick("intestazione della tabella", "header row of the table")
        };
        let place = of.place(of.header, Anchor::new("", anchor), None);
        Some(Placed { place, table, records: None, field: "".into(), normal: String::new() })
    }

    fn deviation(&self, table: usize, index: usize) -> Option<Placed> {
        let of = self.table(table)?;
        let deviation = of.deviations.get(index)?;
        let row = of.locate(deviation.area).2.first.row + 1;
        let schedule = self.pack(table).map(|p| &p.schedule);
        let anchors = schedule.and_then(|s| s.entities.first()).map_or(&[][..], |e| e.anchors.as_slice());
        let numbers = schedule.and_then(|s| s.questionnaire.as_ref()).map(|q| &*q.number);
        let given = |name: &str| match name {
            "row" => Some(row.to_string()),
            field if Some(field) == numbers => (!deviation.key.is_empty()).then(|| deviation.key.to_string()),
            _ => None,
        };
        let anchor = self.called(anchors, given);
        let value = deviation.found.clone();
        let normal = text::identity(value.as_deref().unwrap_or_default());
        let place = of.place(deviation.area, Anchor::new(anchor, ""), value);
        Some(Placed { place, table, records: None, field: deviation.key.clone(), normal })
    }

    /// The name of a unit with the title of a field behind it.
    fn beside(&self, unit: String, table: usize, slot: usize) -> Anchor {
        let spec = self.pack(table).and_then(|p| p.schedule.field(self.table(table)?.fields.get(slot)?));
        Anchor::new(unit, spec.map_or("", |s| s.title.get(self.lang)))
    }

    /// A unit in words (`processo n. 17`).
    pub(super) fn anchor(&self, unit: UnitRef) -> String {
        let spec = self.spec(unit);
        let row = self.records(unit).and_then(|(first, _)| self.table(unit.0)?.records.get(first as usize));
        let on_sheet =
            |row: u32| self.table(unit.0).map_or(row, |t| t.locate(Area::cell(CellRef::new(row, 0))).2.first.row);
        let row = row.map(|r| (on_sheet(r.rows.0) + 1).to_string());
        let anchors = spec.map_or(&[][..], |s| s.anchors.as_slice());
        let given = |name: &str| match name {
            "row" => row.clone(),
            "variant" => self.variant(unit.0),
            field => self.text_of(unit, field),
        };
        self.called(anchors, given)
    }

    /// What something is called: the first template whose fields are all given, filled in.
    fn called(&self, anchors: &[AnchorSpec], given: impl Fn(&str) -> Option<String>) -> String {
        let is_number = |field: &Arc<str>| given(field).is_some_and(|t| t.starts_with(|c: char| c.is_ascii_digit()));
        let fits = |anchor: &&AnchorSpec| anchor.digits.as_ref().is_none_or(is_number);
        anchors.iter().filter(fits).find_map(|a| fill(a.get(self.lang), &given)).unwrap_or_default()
    }

    /// What the variant of a table is called.
    pub(super) fn variant(&self, table: usize) -> Option<String> {
        let name = self.table(table)?.variant.as_ref()?;
        let counts = self.pack(table).and_then(|p| p.schedule.counts.as_ref());
        let spec = counts.and_then(|c| c.variants.iter().find(|v| v.name == *name));
        Some(spec.map_or_else(|| name.to_string(), |v| v.title.get(self.lang).to_owned()))
    }

    /// The cell of a field of a unit, or of the unit above, that holds something.
    fn cell_of(&self, unit: UnitRef, field: &str) -> Option<&'a Cell> {
        let of = self.table(unit.0)?;
        let slot = of.slot(field)?;
        let own = self.unit(unit)?;
        let cells = own.slots.cells(slot);
        let given = cells.iter().filter_map(|id| of.cell(id)).find(|c| !c.value.is_missing());
        // A unit above holds what all its units say of themselves: nothing of this one.
        let spec = self.pack(unit.0).and_then(|p| p.schedule.field(field));
        let is_own = spec.is_some_and(|s| self.entity(unit).is_some_and(|e| e.name == s.entity));
        if is_own {
            return given;
        }
        given.or_else(|| self.cell_of(self.parent(unit)?, field))
    }

    fn text_of(&self, unit: UnitRef, field: &str) -> Option<String> {
        Some(text::one_line(&self.cell_of(unit, field)?.text, QUOTED))
    }

    /// A unit's own key, and which of the units with that key it is in the document.
    pub(super) fn key(&self, unit: UnitRef) -> Key {
        let at = (unit.0, unit.1);
        if !self.keys.borrow().contains_key(&at) {
            let made = self.keys_like(at);
            self.keys.borrow_mut().extend(made);
        }
        self.keys.borrow().get(&at).and_then(|k| k.get(unit.2).cloned()).unwrap_or_else(|| ("".into(), 0))
    }

    /// The keys of an entity in all tables of one kind and variant, which count their equal keys together. A table that
    /// lacks an entity above has it under another index.
    fn keys_like(&self, (table, entity): (usize, usize)) -> Vec<((usize, usize), Keys)> {
        let Some((of, name)) = self.table(table).and_then(|t| Some((t, &t.entities.get(entity)?.name))) else {
            return Vec::new();
        };
        let mut met: HashMap<Rc<str>, usize> = HashMap::new();
        let alike =
            self.document.tables.iter().enumerate().filter(|(_, t)| t.kind == of.kind && t.variant == of.variant);
        let entities =
            alike.filter_map(|(table, t)| Some((table, t.entities.iter().position(|e| e.name == *name)?, t)));
        let mut key = String::new();
        let keyed = entities.map(|(table, entity, t)| {
            let units = 0..t.entities.get(entity).map_or(0, |e| e.units.len());
            met.reserve(units.len());
            let keys = units.map(|unit| {
                key.clear();
                self.own_key((table, entity, unit), &mut key);
                let key: Rc<str> = key.as_str().into();
                let ordinal = met.entry(key.clone()).or_default();
                *ordinal += 1;
                (key, *ordinal - 1)
            });
            ((table, entity), Rc::new(keys.collect()))
        });
        keyed.collect()
    }

    /// Writes the key fields of a unit and of those above it, in normal form.
    fn own_key(&self, unit: UnitRef, out: &mut String) {
        let Some(entity) = self.entity(unit) else { return };
        let spec = self.pack(unit.0).and_then(|p| p.schedule.entity(&entity.name));
        let parent = self.parent(unit);
        if let Some(parent) = parent {
            self.own_key(parent, out);
        }
        for (number, field) in spec.iter().flat_map(|s| &s.key).enumerate() {
            if number > 0 || parent.is_some() {
                out.push('\u{1f}');
            }
            let own = self.table(unit.0).and_then(|t| {
                let cells = self.unit(unit)?.slots.cells(t.slot(field)?);
                cells.iter().filter_map(|id| t.cell(id)).find(|c| !c.value.is_missing())
            });
            out.extend(own.map(|c| text::identity(&c.text)));
        }
    }
}
