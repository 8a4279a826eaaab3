//! The fields of a check as variables of its expressions.

use std::collections::BTreeSet;
use std::sync::Arc;

use rhai::{Dynamic, Scope};

use super::evaluate::{Check, Runner};
use super::place::UnitRef;
use super::rule::{Rule, Subject};
use super::value::{Field, List, Reading, Spot};
use super::view::{lack, small};
use crate::model::FieldSlot;
use crate::pack::FieldSpec;

/// The variables of a rule on one table: where each takes its value from is settled once.
pub(super) struct Variables {
    /// What `when` and the condition read.
    deciding: Vec<Variable>,
    /// What only a finding reads.
    telling: Vec<Variable>,
    /// What decides, columns that the table lacks read as missing.
    lenient: Vec<Variable>,
}

struct Variable {
    name: Arc<str>,
    from: From,
}

enum From {
    /// The same for every check: a column the table lacks, or the whole column.
    Fixed(Dynamic),
    /// Nothing, at the place of the unit.
    Missing,
    /// The cell of the unit.
    Cell(usize),
    /// The cells of the units.
    Cells(usize),
}

impl Variables {
    /// Puts what decides into a scope that holds the parameters only.
    pub(super) fn decide(&self, runner: &Runner<'_>, check: &Check<'_>, scope: &mut Scope<'static>) {
        push(&self.deciding, runner, check, scope);
    }

    /// Puts everything into the scope for the finding that a column is absent.
    pub(super) fn lack(&self, runner: &Runner<'_>, check: &Check<'_>, scope: &mut Scope<'static>) {
        push(&self.lenient, runner, check, scope);
        push(&self.telling, runner, check, scope);
    }

    /// Adds what a finding reads beside.
    pub(super) fn tell(&self, runner: &Runner<'_>, check: &Check<'_>, scope: &mut Scope<'static>) {
        push(&self.telling, runner, check, scope);
    }
}

fn push(variables: &[Variable], runner: &Runner<'_>, check: &Check<'_>, scope: &mut Scope<'static>) {
    for variable in variables {
        let value = match &variable.from {
            From::Fixed(value) => value.clone(),
            From::Missing => Dynamic::from(Field::missing(check.here())),
            From::Cell(slot) => {
                let unit = (check.table, check.entity, check.group.first().copied().unwrap_or(usize::MAX));
                Dynamic::from(runner.field(unit, *slot))
            }
            From::Cells(slot) => Dynamic::from(runner.cells(check, *slot)),
        };
        scope.push_dynamic(variable.name.as_ref(), value);
    }
}

impl Runner<'_> {
    /// The variables of a rule on a table, whose checks are about units of an entity, or about the table.
    pub(super) fn variables(&self, rule: &Rule, table: usize, entity: Option<usize>) -> Variables {
        let deciding: BTreeSet<&Arc<str>> = rule.deciding().flat_map(|e| &e.fields).collect();
        let all: BTreeSet<&Arc<str>> = rule.expressions().flat_map(|e| &e.fields).collect();
        let optional = rule.optional();
        let make = |name: &&Arc<str>, optional: bool| {
            let from = self.from(rule, table, entity, name, optional);
            Variable { name: (*name).clone(), from }
        };
        Variables {
            // A finding is told whatever columns it would have quoted beside.
            telling: all.difference(&deciding).map(|n| make(n, true)).collect(),
            deciding: deciding.iter().map(|n| make(n, optional.contains(*n))).collect(),
            lenient: deciding.iter().map(|n| make(n, true)).collect(),
        }
    }

    fn from(&self, rule: &Rule, table: usize, entity: Option<usize>, name: &str, optional: bool) -> From {
        let of = self.view.tables.get(table);
        let Some((of, slot)) = of.and_then(|t| Some((t, t.slot(name)?))) else {
            if optional {
                return self.nothing(rule, table, entity, name);
            }
            let reading = Reading::Absent(lack(Some(&rule.pack), name));
            let field = Field { reading, ..Field::missing(Spot::Table { table: small(table) }) };
            return From::Fixed(Dynamic::from(field));
        };
        let is_each = matches!(rule.subject, Subject::Each(_));
        match (entity, of.spec(slot)) {
            (None, _) => From::Fixed(Dynamic::from(of.all(table, slot))),
            (Some(entity), Some(spec)) if is_each && self.is_one(rule, (table, entity, 0), spec) => From::Cell(slot),
            _ => From::Cells(slot),
        }
    }

    /// A field whose column the table may lack: missing, or an empty list.
    fn nothing(&self, rule: &Rule, table: usize, entity: Option<usize>, name: &str) -> From {
        let is_each = matches!(rule.subject, Subject::Each(_));
        let spec = rule.pack.schedule.field(name);
        match entity.zip(spec) {
            Some((entity, spec)) if is_each && self.is_one(rule, (table, entity, 0), spec) => From::Missing,
            _ => From::Fixed(Dynamic::from(List::new(Vec::new()))),
        }
    }

    /// Whether a field has one cell in a unit: it describes the unit or one above it.
    fn is_one(&self, rule: &Rule, unit: UnitRef, spec: &FieldSpec) -> bool {
        let schedule = &rule.pack.schedule;
        let entity = self.document.tables.get(unit.0).and_then(|t| t.entities.get(unit.1));
        let own = entity.and_then(|e| schedule.depth(&e.name));
        !spec.many && own.is_some_and(|own| schedule.depth(&spec.entity).is_some_and(|d| d <= own))
    }

    /// One field of a unit; where its own cell says nothing, that of the unit above that it describes.
    pub(super) fn field(&self, unit: UnitRef, slot: usize) -> Field {
        let (table, entity, index) = unit;
        let own = self.own_field(unit, slot);
        if !own.is_missing() {
            return own;
        }
        let name = self.document.tables.get(table).and_then(|t| t.entities.get(entity)).map(|e| &e.name);
        let spec = self.view.tables.get(table).and_then(|t| t.spec(slot));
        let parent =
            self.places.unit(unit).and_then(|u| u.parent).filter(|_| spec.is_some_and(|s| Some(&s.entity) != name));
        let above = parent.zip(entity.checked_sub(1)).map(|(parent, above)| (table, above, parent as usize));
        let above = above.map(|unit| self.field(unit, slot)).filter(|f| !f.is_missing());
        let nothing = Spot::Unit { table: small(table), entity: small(entity), unit: small(index), slot: small(slot) };
        above.unwrap_or_else(|| if own.spot == Spot::Nowhere { Field::missing(nothing) } else { own })
    }

    /// The cell of a field that a unit has itself; nothing, nowhere if it has none.
    fn own_field(&self, unit: UnitRef, slot: usize) -> Field {
        let nothing = || Field::missing(Spot::Nowhere);
        let Some(view) = self.view.tables.get(unit.0) else { return nothing() };
        let slots = self.places.unit(unit).map(|u| &u.slots);
        let cells = slots.and_then(|s| s.get(slot)).map_or(&[][..], FieldSlot::cells);
        let fields = || cells.iter().map(|id| view.cell(unit.0, *id, slot));
        fields().find(|f| !f.is_missing()).or_else(|| fields().next()).unwrap_or_else(nothing)
    }

    /// The cells of a field in the units of a check; a cell that several of them share stands once.
    fn cells(&self, check: &Check<'_>, slot: usize) -> List {
        let Some(view) = self.view.tables.get(check.table) else { return List::new(Vec::new()) };
        let many = view.spec(slot).is_some_and(|s| s.many);
        let mut fields: Vec<Field> = Vec::new();
        for unit in check.group {
            let at = (check.table, check.entity, *unit);
            let ids = self.places.unit(at).and_then(|u| u.slots.get(slot)).map_or(&[][..], FieldSlot::cells);
            for id in ids {
                let field = view.cell(check.table, *id, slot);
                if fields.last().map(|f| f.spot) != Some(field.spot) {
                    fields.push(field);
                }
            }
            if ids.is_empty() && !many && check.group.len() > 1 {
                fields.push(self.field(at, slot));
            }
        }
        List::new(fields)
    }
}
