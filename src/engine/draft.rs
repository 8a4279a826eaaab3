//! A finding in the making: its message, places and cause, while the values of its unit are at hand.

use std::borrow::Cow;
use std::collections::HashSet;

use super::check::Expression;
use super::fields::Frame;
use super::message::{Named, printed};
use super::place::{Key, Placed, UnitRef};
use super::plan::Stopped;
use super::rule::Case;
use super::value::{Spot, Stop, Val};
use super::view::small;
use crate::model::{Area, Lang, Severity};
use crate::text;

/// A finding before it is merged, compared and printed.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) table: usize,
    pub(super) severity: Severity,
    pub(super) message: String,
    /// Of the case that holds; without it, that of the rule.
    pub(super) remedy: Option<String>,
    pub(super) hint: Option<String>,
    pub(super) expected: Option<String>,
    /// What findings of one cause share, in normal form.
    pub(super) cause: Option<String>,
    /// The unit's own key, and which of the units with that key it is.
    pub(super) key: Key,
    /// The units it is about.
    pub(super) units: Vec<UnitRef>,
    pub(super) places: Vec<Placed>,
    pub(super) related: Vec<Placed>,
    /// It is one of too many: counted, not told.
    pub(super) is_counted: bool,
}

impl Draft {
    /// The same, without what only its telling needs.
    pub(super) fn counted(mut self) -> Self {
        for placed in self.places.iter_mut().chain(&mut self.related) {
            placed.place.anchor = crate::model::Anchor::default();
            placed.place.value = None;
            placed.normal = String::new();
        }
        self.places.shrink_to_fit();
        Self {
            table: self.table,
            severity: self.severity,
            message: String::new(),
            remedy: None,
            hint: None,
            expected: None,
            cause: None,
            key: nobody(),
            units: Vec::new(),
            places: self.places,
            related: self.related,
            is_counted: true,
        }
    }
}

/// The key of a finding that is about no one unit.
fn nobody() -> Key {
    ("".into(), 0)
}

/// The places that a finding rests on, without its own.
fn beside(own: &[Placed], related: impl Iterator<Item = Placed>) -> Vec<Placed> {
    // The same cell of another document is another place.
    fn key(p: &Placed) -> (Option<&str>, u32, Option<Area>, Option<u32>) {
        (p.place.path.as_deref(), p.place.sheet_index, p.place.area, p.place.line)
    }
    // Of a whole table there are as many as it has rows.
    let own: HashSet<_> = own.iter().map(key).collect();
    related.filter(|r| !own.contains(&key(r))).collect()
}

/// The columns that places stand in, each once: `PUBBLICAZIONE, COMPLETEZZA DEL CONTENUTO e Note`.
fn columns(places: &[Placed], lang: Lang) -> String {
    let mut names: Vec<&str> = places.iter().map(|p| p.place.anchor.part.as_str()).filter(|n| !n.is_empty()).collect();
    let mut met = HashSet::new();
    names.retain(|name| met.insert(*name));
    match names.split_last() {
        Some((last, before @ [_, ..])) => format!("{} {} {last}", before.join(", "), lang.pick("e", "and")),
        _ => names.concat(),
    }
}

/// The rule itself failed, in this expression of it.
pub(super) type Failed<'a> = (Stopped, &'a Expression);

impl<'a> Frame<'a> {
    /// The finding that a column is absent, in the words of the case that holds if one does; its place is the table's
    /// heading unless the case has one.
    pub(super) fn absent(&self, (reason, shared): (&str, String)) -> Result<Draft, Failed<'a>> {
        let case = self.case()?;
        let mut draft = self.draft()?;
        if case.is_none() {
            reason.clone_into(&mut draft.message);
        }
        if case.is_none_or(|c| c.at.is_none()) {
            draft.places = self.runner.places.whole(self.check.table).into_iter().collect();
            draft.related = Vec::new();
        }
        Ok(Draft { cause: Some(shared), key: nobody(), hint: None, ..draft })
    }

    /// The way in which the rule is broken, if it tells several apart.
    fn case(&self) -> Result<Option<&'a Case>, Failed<'a>> {
        for case in &self.course.rule.cases {
            if self.surely(&case.when)? {
                return Ok(Some(case));
            }
        }
        Ok(None)
    }

    /// The severity that a condition of the rule gives, if one holds.
    fn severity(&self) -> Result<Option<Severity>, Failed<'a>> {
        for (when, severity) in &self.course.rule.severity_when {
            if self.surely(when)? {
                return Ok(Some(*severity));
            }
        }
        Ok(None)
    }

    /// Whether a condition holds; a value that cannot be told is a no.
    fn surely(&self, condition: &'a Expression) -> Result<bool, Failed<'a>> {
        Ok(matches!(self.given(condition)?.as_deref(), Some(Val::Bool(true))))
    }

    /// The value of an expression; none if what the document says stops it.
    fn given<'v>(&'v self, expression: &'a Expression) -> Result<Option<Cow<'v, Val>>, Failed<'a>> {
        match self.eval(expression) {
            Ok(value) => Ok(Some(value)),
            Err(stopped @ Stopped { stop: Stop::Fault(_), .. }) => Err((stopped, expression)),
            Err(_) => Ok(None),
        }
    }

    /// The finding on a check whose condition does not hold.
    pub(super) fn draft(&self) -> Result<Draft, Failed<'a>> {
        let Self { runner, course, check } = *self;
        let (rule, places, lang) = (course.rule, &runner.places, runner.lang);
        let case = self.case()?;
        let severity = case.and_then(|c| c.severity).map_or_else(|| self.severity(), |s| Ok(Some(s)))?;
        let hint = self.words(case.and_then(|c| c.hint.as_ref()).or(rule.hint.as_ref()))?.filter(|h| !h.is_empty());
        let unit = check.unit().filter(|_| check.cause.is_none());
        let anchor = unit.map(|u| places.anchor(u));
        let anchor =
            anchor.or_else(|| places.whole(check.table).map(|p| p.place.anchor.to_string())).unwrap_or_default();
        let at = self.at(case.and_then(|c| c.at.as_ref()).or(rule.at.as_ref()))?;
        let named = Named {
            hint: hint.as_deref().unwrap_or_default(),
            anchor: &anchor,
            variant: &places.variant(check.table).unwrap_or_default(),
            columns: &columns(&at, lang),
        };
        let message = case.map_or(&rule.message, |c| &c.message);
        let message = lang.pick(&message.it, &message.en).render(self, named, lang)?;
        let remedy = case.and_then(|c| c.remedy.as_ref());
        let remedy = remedy.map(|r| lang.pick(&r.it, &r.en).render(self, named, lang)).transpose()?;
        let shared = self.words(case.and_then(|c| c.cause.as_ref()).or(rule.cause.as_ref()))?;
        let related = case.map(|c| &c.related).filter(|r| !r.is_empty()).unwrap_or(&rule.related);
        let related = related.iter().map(|e| self.placed(e)).collect::<Result<Vec<_>, _>>()?;
        Ok(Draft {
            table: check.table,
            severity: severity.unwrap_or(rule.info.severity),
            message,
            remedy,
            expected: self.expected()?,
            cause: shared.map(|c| text::identity(&c)).or_else(|| check.cause.map(str::to_owned)),
            key: unit.map_or_else(nobody, |u| places.key(u)),
            units: check.group.iter().map(|unit| (check.table, check.entity, *unit)).collect(),
            related: beside(&at, related.into_iter().flatten()),
            places: at,
            hint,
            is_counted: false,
        })
    }

    /// What an expression gives as text; nothing if it stops.
    fn words(&self, expression: Option<&'a Expression>) -> Result<Option<String>, Failed<'a>> {
        let Some(expression) = expression else { return Ok(None) };
        Ok(match self.given(expression)?.as_deref() {
            Some(Val::Field(field)) => Some(field.words.text().to_owned()),
            Some(Val::Literal(text)) => Some(text.text().to_owned()),
            Some(Val::Number(n)) => Some(n.normalize().to_string()),
            _ => None,
        })
    }

    /// What should have stood there.
    fn expected(&self) -> Result<Option<String>, Failed<'a>> {
        let Some(expression) = &self.course.rule.expected else { return Ok(None) };
        Ok(match self.given(expression)?.as_deref() {
            Some(Val::List(list)) => {
                let texts: Vec<&str> = list.given().map(|f| f.words.text()).collect();
                (!texts.is_empty()).then(|| texts.join(" | "))
            }
            Some(Val::Field(field)) if field.words.text().is_empty() => None,
            Some(value) => Some(printed(value, self.runner.lang)),
            None => None,
        })
    }

    /// The places that an expression gives; none if it stops.
    fn placed(&self, expression: &'a Expression) -> Result<Vec<Placed>, Failed<'a>> {
        let value = self.given(expression)?;
        let fields = match value.as_deref() {
            Some(Val::Field(field)) => std::slice::from_ref(field),
            Some(Val::List(list)) => list.fields(),
            _ => &[],
        };
        Ok(fields.iter().filter_map(|f| self.runner.places.placed(f, self.check.unit())).collect())
    }

    /// The cells at fault: those the rule names, else the first key cell, else the heading.
    fn at(&self, at: Option<&'a Expression>) -> Result<Vec<Placed>, Failed<'a>> {
        let (of, check) = (&self.runner.places, self.check);
        let mut placed = match at {
            Some(expression) => self.placed(expression)?,
            None => self.key_cells(),
        };
        if placed.is_empty() {
            let spot = if check.cause.is_none() { check.here() } else { Spot::Table { table: small(check.table) } };
            placed.extend(of.at(spot, check.unit()).or_else(|| of.whole(check.table)));
        }
        // Most findings have one, and there may be tens of thousands.
        placed.shrink_to_fit();
        Ok(placed)
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
