//! A rule on its way through the checks of one table: the values that its expressions name, each made at first use.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::check::Expression;
use super::env::Env;
use super::evaluate::{Check, Runner};
use super::place::UnitRef;
use super::plan::{Answer, Stopped, Values};
use super::rule::{Rule, Subject};
use super::value::{Field, List, Reading, Spot, Val};
use super::view::{lack, small};
use crate::pack::FieldSpec;

/// A rule on one table: where each variable takes its value from is settled once.
pub(super) struct Course<'r> {
    pub(super) rule: &'r Rule,
    from: Vec<From>,
    /// The values of the check at hand.
    values: Vec<OnceCell<Answer>>,
    /// The answers that are the same for every check.
    steady: Vec<OnceCell<Answer>>,
}

/// What a variable is.
enum From {
    /// The same for every check: a parameter, a column the table lacks, or the whole column.
    Fixed(Val),
    /// Nothing, at the place of the unit.
    Missing,
    /// The cell of the unit.
    Cell(usize),
    /// The cells of the units.
    Cells(usize),
    /// A named expression of the rule.
    Named(usize),
}

/// How columns are read that the table lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lacking {
    /// Using one stops the evaluation, unless only a finding reads it or the rule asks for it itself.
    Stops,
    /// They are missing: for the finding that a column is absent.
    IsMissing,
}

impl Course<'_> {
    /// Begins the next check.
    pub(super) fn next(&mut self) {
        for value in &mut self.values {
            value.take();
        }
    }
}

/// One check of a rule, whose expressions can be evaluated.
#[derive(Clone, Copy)]
pub(super) struct Frame<'a> {
    pub(super) runner: &'a Runner<'a>,
    pub(super) course: &'a Course<'a>,
    pub(super) check: &'a Check<'a>,
}

impl Frame<'_> {
    /// The value of an expression of the rule.
    pub(super) fn eval<'v>(&'v self, expression: &'v Expression) -> Result<Cow<'v, Val>, Stopped> {
        let answer = expression.plan.eval(self);
        #[cfg(test)]
        {
            let whole = (expression.text(), &expression.plan);
            super::reference::hold(self.runner.env, whole, &self.course.rule.names.variables, self, &answer);
        }
        answer
    }

    fn make(&self, number: usize) -> Answer {
        let check = self.check;
        Ok(match self.course.from.get(number) {
            Some(From::Fixed(value)) => value.clone(),
            Some(From::Cell(slot)) => {
                let unit = (check.table, check.entity, check.group.first().copied().unwrap_or(usize::MAX));
                Val::Field(self.runner.field(unit, *slot))
            }
            Some(From::Cells(slot)) => Val::List(self.runner.cells(check, *slot)),
            Some(From::Named(named)) => {
                let Some((_, expression)) = self.course.rule.named.get(*named) else {
                    return Ok(Val::Field(Field::missing(check.here())));
                };
                let inside = |stopped: Stopped| Stopped { inside: stopped.inside.or(Some(*named)), ..stopped };
                self.eval(expression).map(Cow::into_owned).map_err(inside)?
            }
            Some(From::Missing) | None => Val::Field(Field::missing(check.here())),
        })
    }
}

impl Values for Frame<'_> {
    fn env(&self) -> &Env {
        self.runner.env
    }

    fn variable(&self, number: usize) -> Result<&Val, Stopped> {
        if let Some(From::Fixed(value)) = self.course.from.get(number) {
            return Ok(value);
        }
        match self.course.values.get(number).map(|v| v.get_or_init(|| self.make(number))) {
            Some(answer) => answer.as_ref().map_err(Clone::clone),
            None => Err(unnumbered()),
        }
    }

    fn steady(&self, number: usize, make: &dyn Fn() -> Answer) -> Result<&Val, Stopped> {
        let once = || {
            self.runner.env.asked.set(false);
            let answer = make();
            debug_assert!(!self.runner.env.asked.get(), "a function that looks at the unit is kept for the table");
            answer
        };
        match self.course.steady.get(number).map(|v| v.get_or_init(once)) {
            Some(answer) => answer.as_ref().map_err(Clone::clone),
            None => Err(unnumbered()),
        }
    }
}

/// Numbers are given when the rule is loaded: there is none without its place.
fn unnumbered() -> Stopped {
    let stop = super::value::Stop::fault("variabile senza numero", "a variable without its number");
    Stopped::at(stop, rhai::Position::NONE)
}

impl Runner<'_> {
    /// A rule on a table, whose checks are about units of an entity, or about the table.
    pub(super) fn course<'r>(
        &self,
        rule: &'r Rule,
        table: usize,
        entity: Option<usize>,
        lacking: Lacking,
    ) -> Course<'r> {
        let deciding: BTreeSet<&Arc<str>> = rule.deciding().flat_map(|e| &e.reads.fields).collect();
        let optional = rule.optional();
        let from = rule.names.variables.iter().map(|name| {
            if let Some(param) = rule.params.iter().find(|p| *p.name == **name) {
                return From::Fixed(param.value.clone());
            }
            if let Some(named) = rule.named.iter().position(|(n, _)| **n == **name) {
                return From::Named(named);
            }
            // A finding is told whatever columns it would have quoted beside.
            let decides = deciding.iter().any(|n| ***n == **name);
            let is_optional = lacking == Lacking::IsMissing || !decides || optional.contains(&**name);
            self.from(rule, table, entity, name, is_optional)
        });
        let from: Vec<From> = from.collect();
        let cells = |n: usize| (0..n).map(|_| OnceCell::new()).collect();
        Course { rule, values: cells(from.len()), from, steady: cells(rule.names.steady) }
    }

    fn from(&self, rule: &Rule, table: usize, entity: Option<usize>, name: &str, optional: bool) -> From {
        let of = self.view.tables.get(table);
        let Some((of, slot)) = of.and_then(|t| Some((t, t.slot(name)?))) else {
            if optional {
                return self.nothing(rule, table, entity, name);
            }
            let reading = Reading::Absent(lack(Some(&rule.pack), name));
            let field = Field { reading, ..Field::missing(Spot::Table { table: small(table) }) };
            return From::Fixed(Val::Field(field));
        };
        let is_each = matches!(rule.subject, Subject::Each(_));
        match (entity, of.spec(slot)) {
            (None, _) => From::Fixed(Val::List(of.all(table, slot))),
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
            _ => From::Fixed(Val::List(List::new(Vec::new()))),
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
        let above = self.places.parent(unit).filter(|_| spec.is_some_and(|s| Some(&s.entity) != name));
        let above = above.map(|unit| self.field(unit, slot)).filter(|f| !f.is_missing());
        let nothing = Spot::Unit { table: small(table), entity: small(entity), unit: small(index), slot: small(slot) };
        above.unwrap_or_else(|| if own.spot == Spot::Nowhere { Field::missing(nothing) } else { own })
    }

    /// The cell of a field that a unit has itself; nothing, nowhere if it has none.
    fn own_field(&self, unit: UnitRef, slot: usize) -> Field {
        let nothing = || Field::missing(Spot::Nowhere);
        let Some(view) = self.view.tables.get(unit.0) else { return nothing() };
        let cells = self.places.unit(unit).map(|u| u.slots.cells(slot)).unwrap_or_default();
        let fields = || cells.iter().map(|id| view.cell(unit.0, id, slot));
        fields().find(|f| !f.is_missing()).or_else(|| fields().next()).unwrap_or_else(nothing)
    }

    /// The cells of a field in the units of a check; a cell that several of them share stands once.
    fn cells(&self, check: &Check<'_>, slot: usize) -> List {
        let Some(view) = self.view.tables.get(check.table) else { return List::new(Vec::new()) };
        let many = view.spec(slot).is_some_and(|s| s.many);
        let mut fields: Vec<Field> = Vec::new();
        for unit in check.group {
            let at = (check.table, check.entity, *unit);
            let ids = self.places.unit(at).map(|u| u.slots.cells(slot)).unwrap_or_default();
            for id in ids.iter() {
                let field = view.cell(check.table, id, slot);
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
