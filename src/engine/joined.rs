//! Tables that list the same units: the processes in one sheet, their events in the next, their measures in a third.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use super::evaluate::Tally;
use crate::model::{Document, Table};
use crate::pack::Packs;
use crate::text;

/// The share of a table's units that another must list, in percent: a few are spelled otherwise, or were added since.
const SHARED: usize = 80;

/// What the units of an entity of a table are called, one set for each field of its key: a code, a name.
type Names = Rc<Vec<HashSet<String>>>;

/// What the units of the tables of a document are called, found as it is asked for.
pub(super) struct Joined<'a> {
    document: &'a Document,
    packs: &'a Packs,
    names: RefCell<HashMap<(usize, Arc<str>), Names>>,
}

impl<'a> Joined<'a> {
    pub(super) fn new(document: &'a Document, packs: &'a Packs) -> Self {
        Self { document, packs, names: RefCell::default() }
    }

    /// Takes back what a table of the kind lacks whose units were looked at in another, which lacks nothing: the areas of
    /// the processes stand in the table of processes, not in that of their measures.
    pub(super) fn settle(&self, kind: &str, tally: &mut Tally) {
        if tally.lacking.is_empty() || tally.error.is_some() {
            return;
        }
        let lacking: BTreeSet<usize> = tally.lacking.iter().flat_map(|(_, tables)| tables.iter().copied()).collect();
        let of_kind = self.document.tables.iter().enumerate().filter(|(_, t)| &*t.kind == kind).map(|(i, _)| i);
        let whole: Vec<usize> = of_kind.filter(|t| !lacking.contains(t)).collect();
        let settled: BTreeSet<usize> =
            lacking.into_iter().filter(|t| whole.iter().any(|w| self.goes_on(*t, *w))).collect();
        for (_, tables) in &mut tally.lacking {
            tables.retain(|t| !settled.contains(t));
        }
        tally.lacking.retain(|(_, tables)| !tables.is_empty());
    }

    /// Whether a table goes on with another: it says more of its units, which by their codes or names are units of the
    /// other too.
    /// One that says nothing more is another list of the same form: each office has a process «Protocollo».
    fn goes_on(&self, table: usize, other: usize) -> bool {
        let (Some(own), Some(of)) = (self.document.tables.get(table), self.document.tables.get(other)) else {
            return false;
        };
        let Some(entity) = own.entities.first().map(|e| &e.name) else { return false };
        if own.variant != of.variant || own.fields.iter().all(|field| of.fields.contains(field)) {
            return false;
        }
        let (names, others) = (self.names(table, entity), self.names(other, entity));
        // Codes begin anew in the list of each office, so that names must not tell otherwise.
        let mut both = names.iter().zip(&*others).filter(|(n, o)| !n.is_empty() && !o.is_empty()).peekable();
        let shared = |(n, o): (&HashSet<String>, &HashSet<String>)| n.intersection(o).count() * 100 >= n.len() * SHARED;
        both.peek().is_some() && both.all(shared)
    }

    fn names(&self, table: usize, entity: &Arc<str>) -> Names {
        let key = (table, entity.clone());
        if let Some(known) = self.names.borrow().get(&key) {
            return known.clone();
        }
        let of = self.document.tables.get(table);
        let names = Rc::new(of.map_or_else(Vec::new, |t| names(t, entity, self.packs)));
        self.names.borrow_mut().insert(key, names.clone());
        names
    }
}

/// What the units of an entity are called, field by field of its key. A bare number is no name: each sheet may begin at 1.
fn names(table: &Table, entity: &str, packs: &Packs) -> Vec<HashSet<String>> {
    let keys = packs.get(&table.kind).and_then(|p| p.schedule.entity(entity)).map_or(&[][..], |e| e.key.as_slice());
    let units = table.entities.iter().find(|e| &*e.name == entity).map_or(&[][..], |e| e.units.as_slice());
    let of = |key: &Arc<str>| {
        let slot = table.slot(key).into_iter();
        let ids = slot.flat_map(|slot| units.iter().flat_map(move |u| u.slots.cells(slot).iter()));
        let texts = ids.filter_map(|id| table.cell(id)).map(|cell| text::identity(&cell.text));
        texts.filter(|t| t.chars().any(char::is_alphabetic)).collect()
    };
    keys.iter().map(of).collect()
}
