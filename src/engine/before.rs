//! The document before the one at hand, of the year or the version before: what each unit was then.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::place::{Key, Placed, Places, UnitRef};
use super::value::{Field, Spot, Stop};
use super::view::{View, lack, small};
use crate::model::{Bilingual, Document, Place, Slots};
use crate::pack::Packs;

/// The document that rules compare the one at hand with.
#[derive(Debug, Clone, Copy)]
pub struct Previous<'d> {
    /// The document as recognised.
    pub document: &'d Document,
    /// Its path as results show it.
    pub path: &'d str,
}

/// What is known of the document before.
#[derive(Debug)]
pub(super) struct Before {
    pub(super) view: View,
    /// The table and cells then of each unit at hand: table, entity, unit.
    units: FxHashMap<(u32, u32, u32), (u32, Slots)>,
}

/// The units of a document by kind and variant of their table, entity, own key and ordinal among equal keys.
type Index = HashMap<(Arc<str>, Option<Arc<str>>, Arc<str>), HashMap<Key, UnitRef>>;

impl Before {
    /// Pairs the units of a document with those of the one before, by their own keys.
    pub(super) fn new(
        (document, places): (&Document, &Places<'_>),
        (previous, before): (&Document, &Places<'_>),
        packs: &Packs,
        used: Option<&BTreeSet<Arc<str>>>,
    ) -> Self {
        let mut index = Index::new();
        each_unit(previous, |of, at| {
            let key = before.key(at);
            if !is_blank(&key) {
                index.entry(of).or_default().insert(key, at);
            }
        });
        let mut units = FxHashMap::default();
        each_unit(document, |of, at| {
            let then = index.get(&of).and_then(|keys| keys.get(&places.key(at)));
            if let Some((table, slots)) = then.and_then(|then| Some((then.0, before.unit(*then)?.slots.clone()))) {
                units.insert((small(at.0), small(at.1), small(at.2)), (small(table), slots));
            }
        });
        Self { view: View::new(previous, packs, used), units }
    }

    /// Whether the unit at a spot was there; of a table as a whole, whether one of its kind was.
    pub(super) fn has(&self, spot: Spot, own: &View) -> bool {
        match spot {
            Spot::Unit { table, entity, unit, .. } => self.units.contains_key(&(table, entity, unit)),
            Spot::Table { table } => self.has_table(own, table as usize),
            _ => false,
        }
    }

    /// Whether there was a table like one of the document at hand.
    pub(super) fn has_table(&self, own: &View, table: usize) -> bool {
        let own = own.tables.get(table);
        own.is_some_and(|own| self.view.find(&own.kind, own.variant.as_deref()).is_some())
    }

    /// The cells then of a field of the unit at a spot; none where the unit was not there.
    pub(super) fn cells(&self, spot: Spot, field: &str) -> Result<Vec<Field>, Stop> {
        let Spot::Unit { table, entity, unit, .. } = spot else { return Ok(Vec::new()) };
        let Some((table, slots)) = self.units.get(&(table, entity, unit)) else { return Ok(Vec::new()) };
        let Some(of) = self.view.tables.get(*table as usize) else { return Ok(Vec::new()) };
        let column = of.slot(field).ok_or_else(|| lacking(&lack(of.pack.as_deref(), field)))?;
        let cells = slots.cells(column).iter().map(|id| of.cell(*table as usize, id, column));
        Ok(cells.map(then).collect())
    }
}

impl<'a> Places<'a> {
    /// The same, with the places of the document before.
    pub(super) fn after(mut self, previous: Option<Previous<'a>>) -> Self {
        let of = |p: Previous<'a>| (Box::new(Self::new(p.document, self.packs, self.lang)), p.path);
        self.before = previous.map(of);
        self
    }

    /// The places of the document before.
    pub(super) fn before(&self) -> Option<&Self> {
        self.before.as_ref().map(|(places, _)| &**places)
    }

    /// A place in the document before.
    pub(super) fn at_before(&self, spot: Spot) -> Option<Placed> {
        let (before, path) = self.before.as_ref()?;
        let placed = before.at(spot, None)?;
        let place = Place { path: Some((*path).to_owned()), ..placed.place };
        Some(Placed { place, table: usize::MAX, records: None, ..placed })
    }
}

fn each_unit(document: &Document, mut see: impl FnMut((Arc<str>, Option<Arc<str>>, Arc<str>), UnitRef)) {
    for (number, table) in document.tables.iter().enumerate() {
        for (at, entity) in table.entities.iter().enumerate() {
            for unit in 0..entity.units.len() {
                see((table.kind.clone(), table.variant.clone(), entity.name.clone()), (number, at, unit));
            }
        }
    }
}

/// A unit without a key of its own is known by nothing.
fn is_blank((key, _): &Key) -> bool {
    key.chars().all(|c| c == '\u{1f}')
}

/// A field of the document before, at its place there.
pub(super) fn then(field: Field) -> Field {
    let spot = match field.spot {
        Spot::Cell { table, cell, slot } => Spot::CellBefore { table, cell, slot },
        Spot::Head { datum } => Spot::HeadBefore { datum },
        _ => Spot::Nowhere,
    };
    Field { spot, ..field }
}

/// What the document before lacks.
pub(super) fn lacking(what: &Bilingual) -> Stop {
    let it = format!("nel documento precedente {}", what.it);
    Stop::not_evaluable(it, format!("in the previous document {}", what.en))
}

/// No document before was given: how to give it.
pub(super) fn no_previous() -> Stop {
    Stop::NotEvaluable(Rc::new(Bilingual::new(
        "manca il documento precedente (riscontro diff VECCHIO NUOVO, oppure check --previous FILE)",
        "the previous document is missing (riscontro diff OLD NEW, or check --previous FILE)",
    )))
}
