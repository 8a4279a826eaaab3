//! What the vocabulary knows while a rule runs: the document, the table and unit under evaluation, the fuel left.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::tree::Trees;
use super::value::{Field, Reading, Spot, Stop, Words};
use super::view::{View, small};
use crate::indicators::{Assessed, assess};
use crate::model::{Document, Value};
use crate::pack::{Catalogue, Declared, Pack, Packs, Pattern, Toml, decimal, declared_text, shown_declared};

/// Fuel of one rule on one document, and more for every unit it looks at.
const FUEL: u64 = 50_000_000;
const FUEL_PER_UNIT: u64 = 20_000;
/// And for every byte of text: passing over it some times is never too much.
const FUEL_PER_BYTE: u64 = 100;

/// What the functions of the vocabulary share with the evaluation that calls them.
#[derive(Debug, Default)]
pub(super) struct Env {
    /// All packs, for catalogues and forms.
    pub(super) packs: Packs,
    view: RefCell<Rc<View>>,
    table: Cell<usize>,
    here: Cell<Option<Spot>>,
    units: Cell<usize>,
    /// Whether the unit under evaluation was asked for.
    pub(super) asked: Cell<bool>,
    fuel: Cell<u64>,
    as_of: Cell<Option<Date>>,
    /// How results stand to targets, by table and unit.
    assessed: RefCell<Rc<[Vec<Assessed>]>>,
    /// What the body declares of itself.
    declared: Declared,
    /// What comes under what in the registers of the document.
    pub(super) trees: RefCell<Trees>,
}

impl Env {
    pub(super) fn new(packs: Packs) -> Self {
        Self { packs, ..Self::default() }
    }

    /// The same for a body that declares something of itself.
    pub(super) fn declaring(self, declared: Declared) -> Self {
        let mut packs = self.packs;
        packs.give(&declared);
        Self { packs, declared, ..Self::default() }
    }

    /// What the body declares under a key, where no cell is: at the heading of the table under evaluation.
    pub(super) fn declared(&self, key: &str) -> Option<Field> {
        let value = self.declared.get(key)?;
        let number = match value {
            Toml::Integer(n) => Some(Decimal::from(*n)),
            Toml::Float(n) => decimal(*n),
            _ => None,
        };
        let reading = number.map_or(Reading::Text, |n| Reading::Typed(Rc::new(Value::Number(None, n)), false));
        let spot = Spot::Table { table: small(self.table()) };
        Some(Field { words: Words::new(declared_text(value)), reading, spot })
    }

    /// Whether a key is declared.
    pub(super) fn is_declared(&self, key: &str) -> bool {
        self.declared.get(key).is_some()
    }

    /// The year that the body declares for documents of the kinds of this one.
    pub(super) fn declared_year(&self, document: &Document) -> Option<Field> {
        let schedules = document.tables.iter().filter_map(|t| self.packs.get(&t.kind)).map(|p| &p.schedule);
        schedules.filter_map(|s| s.declared(s.year()?)).find_map(|key| self.declared(key))
    }

    /// Begins a document.
    pub(super) fn open(&self, view: Rc<View>, as_of: Option<Date>) {
        self.view.replace(view);
        self.trees.borrow_mut().clear();
        self.as_of.set(as_of);
    }

    /// Has it known how the results of a document stand to their targets.
    pub(super) fn assess(&self, document: &Document, year: Option<i16>) {
        let tables = document.tables.iter();
        self.assessed.replace(tables.map(|table| assess(table, year, &self.packs)).collect());
    }

    /// How the results of the tables stand to their targets, by table and unit.
    pub(super) fn assessed(&self) -> Rc<[Vec<Assessed>]> {
        self.assessed.borrow().clone()
    }

    /// Forgets the document.
    pub(super) fn close(&self) {
        self.view.take();
        self.trees.borrow_mut().clear();
        self.assessed.take();
    }

    /// Begins a rule on the document, which looks at `units` units and `bytes` of text.
    pub(super) fn refuel(&self, units: usize, bytes: usize) {
        let price = |n: usize, each: u64| u64::try_from(n).unwrap_or(u64::MAX).saturating_mul(each);
        let more = price(units, FUEL_PER_UNIT).saturating_add(price(bytes, FUEL_PER_BYTE));
        self.fuel.set(FUEL.saturating_add(more));
    }

    /// Begins a unit: its table, where findings without a place of their own stand, how many units are looked at.
    pub(super) fn enter(&self, table: usize, here: Spot, units: usize) {
        self.table.set(table);
        self.here.set(Some(here));
        self.units.set(units);
    }

    /// Takes fuel: one unit is about a nanosecond's work.
    pub(super) fn spend(&self, cost: usize) -> Result<(), Stop> {
        let left = self.fuel.get();
        let cost = u64::try_from(cost).unwrap_or(u64::MAX).saturating_add(50);
        self.fuel.set(left.saturating_sub(cost));
        if cost > left {
            return Err(Stop::fault(
                "la regola costa troppo su questo documento",
                "the rule costs too much on this document",
            ));
        }
        Ok(())
    }

    #[cfg(test)]
    pub(super) fn fuel(&self) -> u64 {
        self.fuel.get()
    }

    #[cfg(test)]
    pub(super) fn set_fuel(&self, fuel: u64) {
        self.fuel.set(fuel);
    }

    pub(super) fn view(&self) -> Rc<View> {
        self.view.borrow().clone()
    }

    /// Index of the table under evaluation.
    pub(super) fn table(&self) -> usize {
        self.table.get()
    }

    /// Where something stands that has no cell: the unit under evaluation.
    pub(super) fn here(&self) -> Spot {
        self.asked.set(true);
        self.here.get().unwrap_or(Spot::Nowhere)
    }

    /// Units in the group or table.
    pub(super) fn units(&self) -> usize {
        self.asked.set(true);
        self.units.get()
    }

    pub(super) fn as_of(&self) -> Option<Date> {
        self.as_of.get()
    }

    /// The pack of the table under evaluation.
    pub(super) fn pack(&self) -> Result<Arc<Pack>, Stop> {
        let pack = self.view().tables.get(self.table()).and_then(|t| t.pack.clone());
        pack.ok_or_else(|| Stop::fault("nessuna tabella in esame", "no table under evaluation"))
    }

    /// A pattern of the pack.
    pub(super) fn pattern(&self, name: &str) -> Result<Pattern, Stop> {
        let fault = || Stop::fault(format!("schema «{name}» sconosciuto"), format!("unknown pattern “{name}”"));
        self.pack()?.schedule.patterns.get(name).cloned().ok_or_else(fault)
    }

    /// A catalogue of the pack, with a number that stands for it while the packs live.
    pub(super) fn with_catalogue<T>(&self, name: &str, answer: impl FnOnce(&Catalogue, usize) -> T) -> Result<T, Stop> {
        let pack = self.pack()?;
        let number = pack.catalogues.keys().position(|k| k == name);
        match number.zip(pack.catalogues.get(name)) {
            // Rules of several packs may look up one text: the kind is part of the number.
            Some((_, catalogue)) if let Some(key) = catalogue.wanted() => {
                let (title, key) = (&catalogue.title, shown_declared(key));
                Err(Stop::not_evaluable(
                    format!("manca l'elenco «{}»: si dà in riscontro.toml, {key}", title.it),
                    format!("the list “{}” is missing: it is given in riscontro.toml, {key}", title.en),
                ))
            }
            Some((number, catalogue)) => {
                let kind = self.packs.packs.iter().position(|p| p.schedule.kind == pack.schedule.kind).unwrap_or(0);
                Ok(answer(catalogue, kind * 1_000 + number))
            }
            None => Err(Stop::not_evaluable(
                format!("manca il catalogo «{name}»"),
                format!("the catalogue “{name}” is missing"),
            )),
        }
    }
}
