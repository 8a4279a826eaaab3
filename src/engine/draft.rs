//! A finding in the making: its message, places and cause, while the values of its unit are at hand.

use super::check::Expression;
use super::fields::Frame;
use super::message::{Named, printed};
use super::place::Placed;
use super::rule::Case;
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

impl Frame<'_> {
    /// The finding that a column is absent, in the words of the case that holds if one does; its place is the table's
    /// heading unless the case has one.
    pub(super) fn absent(&self, (reason, shared): (&str, String)) -> Draft {
        let case = self.case();
        let mut draft = self.draft();
        if case.is_none() {
            reason.clone_into(&mut draft.message);
        }
        if case.is_none_or(|c| c.at.is_none()) {
            draft.places = self.runner.places.whole(self.check.table).into_iter().collect();
            draft.related = Vec::new();
        }
        Draft { cause: Some(shared), key: (String::new(), 0), hint: None, ..draft }
    }

    /// The way in which the rule is broken, if it tells several apart.
    fn case(&self) -> Option<&Case> {
        self.course.rule.cases.iter().find(|c| self.holds(&c.when).unwrap_or(false))
    }

    /// The finding on a check whose condition does not hold.
    pub(super) fn draft(&self) -> Draft {
        let Self { runner, course, check } = *self;
        let (rule, places, lang) = (course.rule, &runner.places, runner.lang);
        let case = self.case();
        let when = rule.severity_when.iter().find(|(when, _)| self.holds(when).unwrap_or(false));
        let severity = case.and_then(|c| c.severity).or(when.map(|w| w.1)).unwrap_or(rule.info.severity);
        let hint = case.and_then(|c| c.hint.as_ref()).or(rule.hint.as_ref());
        let hint = hint.and_then(|h| self.words(h)).filter(|h| !h.is_empty());
        let unit = check.unit().filter(|_| check.cause.is_none());
        let anchor = unit.map(|u| places.anchor(u));
        let anchor = anchor.or_else(|| places.whole(check.table).map(|p| p.place.anchor)).unwrap_or_default();
        let named = Named {
            hint: hint.as_deref().unwrap_or_default(),
            anchor: &anchor,
            variant: &places.variant(check.table).unwrap_or_default(),
        };
        let message = case.map_or(&rule.message, |c| &c.message);
        let message = lang.pick(&message.it, &message.en).render(self, named, lang);
        let expected = rule.expected.as_ref().and_then(|e| self.expected(e));
        let shared = case.and_then(|c| c.cause.as_ref()).or(rule.cause.as_ref());
        let shared = shared.and_then(|c| self.words(c)).map(|c| text::normal(&c));
        let shared = shared.or_else(|| check.cause.map(str::to_owned));
        let at = case.and_then(|c| c.at.as_ref()).or(rule.at.as_ref());
        let related = case.map(|c| &c.related).filter(|r| !r.is_empty()).unwrap_or(&rule.related);
        let related = related.iter().flat_map(|e| self.placed(e)).collect();
        let key = unit.map(|u| places.key(u)).unwrap_or_default();
        let places = self.at(at);
        Draft { table: check.table, severity, message, hint, expected, cause: shared, key, places, related }
    }

    /// What an expression gives as text; nothing if it stops.
    fn words(&self, expression: &Expression) -> Option<String> {
        match &*self.eval(expression).ok()? {
            Val::Field(field) => Some(field.words.text().to_owned()),
            Val::Literal(text) => Some(text.text().to_owned()),
            Val::Number(n) => Some(n.normalize().to_string()),
            _ => None,
        }
    }

    fn expected(&self, expression: &Expression) -> Option<String> {
        match &*self.eval(expression).ok()? {
            Val::List(list) => {
                let texts: Vec<&str> = list.given().map(|f| f.words.text()).collect();
                (!texts.is_empty()).then(|| texts.join(" | "))
            }
            Val::Field(field) if field.words.text().is_empty() => None,
            value => Some(printed(value, self.runner.lang)),
        }
    }

    /// The places that an expression gives; none if it stops.
    fn placed(&self, expression: &Expression) -> Vec<Placed> {
        let Ok(value) = self.eval(expression) else { return Vec::new() };
        let fields = match &*value {
            Val::Field(field) => std::slice::from_ref(field),
            Val::List(list) => list.fields(),
            _ => &[],
        };
        fields.iter().filter_map(|f| self.runner.places.placed(f, self.check.unit())).collect()
    }

    /// The cells at fault: those the rule names, else the first key cell, else the heading.
    fn at(&self, at: Option<&Expression>) -> Vec<Placed> {
        let (of, check) = (&self.runner.places, self.check);
        let mut placed = match at {
            Some(expression) => self.placed(expression),
            None => self.key_cells(),
        };
        if placed.is_empty() {
            let spot = if check.cause.is_none() { check.here() } else { Spot::Table { table: small(check.table) } };
            placed.extend(of.at(spot, check.unit()).or_else(|| of.whole(check.table)));
        }
        placed
    }

    /// The first key field of the units under check.
    fn key_cells(&self) -> Vec<Placed> {
        let Self { runner, course, check } = *self;
        let Some(of) = runner.document.tables.get(check.table) else { return Vec::new() };
        let entity = of.entities.get(check.entity).and_then(|e| course.rule.pack.schedule.entity(&e.name));
        let Some(slot) = entity.and_then(|e| e.key.iter().find_map(|k| of.slot(k))) else { return Vec::new() };
        let units = check.group.iter().map(|u| (check.table, check.entity, *u));
        units.filter_map(|unit| runner.places.placed(&runner.field(unit, slot), Some(unit))).collect()
    }
}
