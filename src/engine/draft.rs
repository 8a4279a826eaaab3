//! A finding in the making: its message, places and cause, while the values of its unit are at hand.

use rhai::Scope;

use super::check::Expression;
use super::evaluate::{Check, Runner};
use super::message::{Named, printed};
use super::place::Placed;
use super::rule::Rule;
use super::value::{Spot, Val};
use super::view::small;
use crate::model::Severity;
use crate::text;

/// A finding before it is merged, compared and printed.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) table: usize,
    pub(super) severity: Severity,
    pub(super) message: String,
    pub(super) hint: Option<String>,
    pub(super) expected: Option<String>,
    /// What findings of one cause share, in normal form.
    pub(super) cause: Option<String>,
    /// The unit's own key, and which of the units with that key it is.
    pub(super) key: (String, usize),
    pub(super) places: Vec<Placed>,
    pub(super) related: Vec<Placed>,
}

impl Runner<'_> {
    /// The finding that a column is absent, in the words of the case that holds if one does; its place is the table's
    /// heading unless the case has one.
    pub(super) fn absent(
        &self,
        rule: &Rule,
        check: &Check<'_>,
        scope: &mut Scope<'_>,
        (reason, shared): (&str, String),
    ) -> Draft {
        let case = rule.cases.iter().find(|c| self.holds(&c.when, scope).unwrap_or(false));
        let mut draft = self.draft(rule, check, scope);
        if case.is_none() {
            reason.clone_into(&mut draft.message);
        }
        if case.is_none_or(|c| c.at.is_none()) {
            draft.places = self.places.whole(check.table).into_iter().collect();
            draft.related = Vec::new();
        }
        Draft { cause: Some(shared), key: (String::new(), 0), hint: None, ..draft }
    }

    /// The finding on a check whose condition does not hold; its values are in the scope.
    pub(super) fn draft(&self, rule: &Rule, check: &Check<'_>, scope: &mut Scope<'_>) -> Draft {
        let case = rule.cases.iter().find(|c| self.holds(&c.when, scope).unwrap_or(false));
        let when = rule.severity_when.iter().find(|(when, _)| self.holds(when, scope).unwrap_or(false));
        let severity = case.and_then(|c| c.severity).or(when.map(|w| w.1)).unwrap_or(rule.info.severity);
        let hint = case.and_then(|c| c.hint.as_ref()).or(rule.hint.as_ref());
        let hint = hint.and_then(|h| self.words(h, scope)).filter(|h| !h.is_empty());
        let unit = check.unit().filter(|_| check.cause.is_none());
        let anchor = unit.map(|u| self.places.anchor(u));
        let anchor = anchor.or_else(|| self.places.whole(check.table).map(|p| p.place.anchor)).unwrap_or_default();
        let named = Named {
            hint: hint.as_deref().unwrap_or_default(),
            anchor: &anchor,
            variant: &self.places.variant(check.table).unwrap_or_default(),
        };
        let message = case.map_or(&rule.message, |c| &c.message);
        let message = self.lang.pick(&message.it, &message.en).render(self.script, scope, named, self.lang);
        let expected = rule.expected.as_ref().and_then(|e| self.expected(e, scope));
        let shared = case.and_then(|c| c.cause.as_ref()).or(rule.cause.as_ref());
        let shared = shared.and_then(|c| self.words(c, scope)).map(|c| text::normal(&c));
        let shared = shared.or_else(|| check.cause.map(str::to_owned));
        let at = case.and_then(|c| c.at.as_ref()).or(rule.at.as_ref());
        let places = self.at(rule, check, at, scope);
        let related = case.map(|c| &c.related).filter(|r| !r.is_empty()).unwrap_or(&rule.related);
        let related = related.iter().flat_map(|e| self.placed(e, check, scope)).collect();
        let key = unit.map(|u| self.places.key(u)).unwrap_or_default();
        Draft { table: check.table, severity, message, hint, expected, cause: shared, key, places, related }
    }

    /// What an expression gives as text; nothing if it stops.
    fn words(&self, expression: &Expression, scope: &mut Scope<'_>) -> Option<String> {
        match self.script.eval(&expression.ast, scope).ok()? {
            Val::Field(field) => Some(field.words.text().to_owned()),
            Val::Literal(text) => Some(text.to_string()),
            Val::Number(n) => Some(n.normalize().to_string()),
            _ => None,
        }
    }

    fn expected(&self, expression: &Expression, scope: &mut Scope<'_>) -> Option<String> {
        match self.script.eval(&expression.ast, scope).ok()? {
            Val::List(list) => {
                let texts: Vec<&str> = list.given().map(|f| f.words.text()).collect();
                (!texts.is_empty()).then(|| texts.join(" | "))
            }
            Val::Field(field) if field.words.text().is_empty() => None,
            value => Some(printed(&value, self.lang)),
        }
    }

    /// The places that an expression gives; none if it stops.
    fn placed(&self, expression: &Expression, check: &Check<'_>, scope: &mut Scope<'_>) -> Vec<Placed> {
        let fields = match self.script.eval(&expression.ast, scope) {
            Ok(Val::Field(field)) => vec![field],
            Ok(Val::List(list)) => list.fields().to_vec(),
            _ => Vec::new(),
        };
        fields.iter().filter_map(|f| self.places.placed(f, check.unit())).collect()
    }

    /// The cells at fault: those the rule names, else the first key cell, else the heading.
    fn at(&self, rule: &Rule, check: &Check<'_>, at: Option<&Expression>, scope: &mut Scope<'_>) -> Vec<Placed> {
        let mut placed = match at {
            Some(expression) => self.placed(expression, check, scope),
            None => self.key_cells(rule, check),
        };
        if placed.is_empty() {
            let spot = if check.cause.is_none() { check.here() } else { Spot::Table { table: small(check.table) } };
            placed.extend(self.places.at(spot, check.unit()).or_else(|| self.places.whole(check.table)));
        }
        placed
    }

    /// The first key field of the units under check.
    fn key_cells(&self, rule: &Rule, check: &Check<'_>) -> Vec<Placed> {
        let Some(of) = self.document.tables.get(check.table) else { return Vec::new() };
        let entity = of.entities.get(check.entity).and_then(|e| rule.pack.schedule.entity(&e.name));
        let Some(slot) = entity.and_then(|e| e.key.iter().find_map(|k| of.slot(k))) else { return Vec::new() };
        let units = check.group.iter().map(|u| (check.table, check.entity, *u));
        units.filter_map(|unit| self.places.placed(&self.field(unit, slot), Some(unit))).collect()
    }
}
