//! One rule on one document: unit by unit, what came of it.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use rhai::Position;

use rustc_hash::FxHashMap;

use super::before::{self, no_previous};
use super::check::Expression;
use super::draft::Draft;
use super::env::Env;
use super::fields::{Course, Frame, Lacking};
use super::joined::Joined;
use super::place::{Placed, Places, UnitRef};
use super::plan::{Stopped, impossible, no_condition};
use super::rule::{Need, Rule, Subject};
use super::value::{Field, Spot, Stop, Val, Why};
use super::view::{View, lack, small};
use super::vocabulary::{absent_document, known_year};
use crate::model::{Bilingual, Document, Lang, Table};
use crate::pack::shown_declared;

/// What came of the units of a rule.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) looked_at: usize,
    pub(super) passed: usize,
    pub(super) drafts: Vec<Draft>,
    /// Drafts of each severity that have no cause in common with others.
    alone: [usize; 3],
    /// Values that kept a unit from being decided.
    pub(super) unclear: Vec<(Placed, Why)>,
    /// What whole tables or the document lack, each with the tables that lack it.
    pub(super) lacking: Vec<(Rc<Bilingual>, BTreeSet<usize>)>,
    /// Why the rule says nothing of documents of this year.
    pub(super) outside: Option<Rc<Bilingual>>,
    /// Why the rule itself failed, with line and column.
    pub(super) error: Option<String>,
}

impl Tally {
    /// Adds a finding; of one beyond the bound only what others are compared with is kept. What shares a cause with others
    /// becomes one finding with them.
    fn take(&mut self, draft: Draft, most: Option<usize>) {
        let alone = self.alone.get_mut(draft.severity as usize).filter(|_| draft.cause.is_none());
        let is_told = alone.is_none_or(|number| {
            *number += 1;
            most.is_none_or(|most| *number <= most)
        });
        self.drafts.push(if is_told { draft } else { draft.counted() });
    }
}

/// One document under check.
pub(super) struct Runner<'a> {
    pub(super) env: &'a Rc<Env>,
    pub(super) document: &'a Document,
    pub(super) view: Rc<View>,
    pub(super) places: Places<'a>,
    pub(super) joined: Joined<'a>,
    pub(super) lang: Lang,
    /// The most findings of a rule, of each severity, that are told one by one.
    pub(super) most: Option<usize>,
    pub(super) groups: RefCell<HashMap<Grouped, Groups>>,
}

/// Units that agree in some fields, by what they share.
pub(super) type Groups = Rc<Vec<(String, Vec<usize>)>>;
/// The table, entity and fields of groups.
pub(super) type Grouped = (usize, usize, Vec<Arc<str>>);

/// One check: what it is about.
pub(super) struct Check<'u> {
    pub(super) table: usize,
    pub(super) entity: usize,
    /// Its units; none for the whole table.
    pub(super) group: &'u [usize],
    /// What the units of a group share.
    pub(super) cause: Option<&'u str>,
    /// Units in the group or table.
    pub(super) units: usize,
}

impl Check<'_> {
    /// The unit, or the first of the group.
    pub(super) fn unit(&self) -> Option<UnitRef> {
        self.group.first().map(|unit| (self.table, self.entity, *unit))
    }

    /// Where something stands that has no cell.
    pub(super) fn here(&self) -> Spot {
        self.unit().map_or(Spot::Table { table: small(self.table) }, |(table, entity, unit)| Spot::Unit {
            table: small(table),
            entity: small(entity),
            unit: small(unit),
            slot: u32::MAX,
        })
    }
}

impl Runner<'_> {
    /// Runs a rule over all tables of its kind.
    pub(super) fn run(&self, rule: &Rule) -> Tally {
        let mut tally = Tally::default();
        let is_own = |t: &Table| t.path.is_none() && t.kind == rule.info.kind;
        let tables = || self.document.tables.iter().enumerate().filter(|(_, t)| is_own(t));
        let bytes = tables().filter_map(|(i, _)| self.view.tables.get(i)).map(|t| t.bytes).sum();
        self.env.refuel(tables().map(|(_, t)| t.records.len()).sum(), bytes);
        for (table, _) in tables() {
            if let Err(stop) = self.table(rule, table, &mut tally) {
                self.stopped_table(rule, table, stop, &mut tally);
            }
            if tally.error.is_some() {
                break;
            }
        }
        self.joined.settle(&rule.info.kind, &mut tally);
        tally
    }

    fn table(&self, rule: &Rule, table: usize, tally: &mut Tally) -> Result<(), Stop> {
        let Some(of) = self.document.tables.get(table) else { return Ok(()) };
        self.env.enter(table, Spot::Table { table: small(table) }, of.records.len());
        if let Some(reason) = self.outside(rule)? {
            tally.looked_at += 1;
            tally.outside = Some(reason);
            return Ok(());
        }
        for need in &rule.needs {
            self.met(rule, table, need)?;
        }
        match &rule.subject {
            Subject::Each(name) => {
                let entity = entity(rule, of, Some(name))?;
                let units = of.entities.get(entity).map_or(0, |e| e.units.len());
                let mut course = self.course(rule, table, Some(entity), Lacking::Stops);
                for unit in 0..units {
                    let check = Check { table, entity, group: &[unit], cause: None, units };
                    self.check(&mut course, &check, tally);
                }
            }
            Subject::Group(fields, each) => {
                let entity = entity(rule, of, each.as_deref())?;
                let mut course = self.course(rule, table, Some(entity), Lacking::Stops);
                for (key, group) in &*self.groups(rule, (table, entity), fields)? {
                    let check = Check { table, entity, group, cause: Some(key), units: group.len() };
                    self.check(&mut course, &check, tally);
                }
            }
            Subject::Table => {
                let units = of.entities.first().map_or(of.records.len(), |e| e.units.len());
                let check = Check { table, entity: 0, group: &[], cause: None, units };
                self.check(&mut self.course(rule, table, None, Lacking::Stops), &check, tally);
            }
        }
        Ok(())
    }

    /// Why a rule says nothing of documents of this year; stops where the year decides and nobody tells it.
    fn outside(&self, rule: &Rule) -> Result<Option<Rc<Bilingual>>, Stop> {
        if rule.has_years() { Ok(rule.outside(known_year(self.env)?)) } else { Ok(None) }
    }

    /// Stops if something the rule needs is not there.
    fn met(&self, rule: &Rule, table: usize, need: &Need) -> Result<(), Stop> {
        match need {
            Need::Kind(kind) if self.view.find(kind, None).is_none() => Err(absent_document(self.env, kind, None)),
            Need::Previous => match &self.view.before {
                None => Err(no_previous()),
                Some(before) if before.has_table(&self.view, table) => Ok(()),
                Some(_) => Err(before::lacking(&Bilingual::new("manca questa tabella", "this table is missing"))),
            },
            Need::Columns(fields) => {
                let has = |f: &Arc<str>| self.view.tables.get(table).is_some_and(|t| t.slot(f).is_some());
                if fields.iter().any(has) { Ok(()) } else { Err(Stop::Absent(lacks(rule, fields))) }
            }
            Need::Declared(keys) => {
                let given = |key: &Arc<str>| rule.params.iter().any(|p| p.is_set && p.declared.as_ref() == Some(key));
                let is_there = |key: &Arc<str>| self.env.is_declared(key) || given(key);
                if keys.iter().any(is_there) { Ok(()) } else { Err(Stop::NotEvaluable(undeclared(keys))) }
            }
            Need::Kind(_) => Ok(()),
        }
    }

    /// The units of an entity that agree in some fields, with what they share; found once for all rules.
    fn groups(&self, rule: &Rule, (table, entity): (usize, usize), fields: &[Arc<str>]) -> Result<Groups, Stop> {
        let of = (table, entity, fields.to_vec());
        if let Some(known) = self.groups.borrow().get(&of) {
            return Ok(known.clone());
        }
        let found = Rc::new(self.grouped(rule, (table, entity), fields)?);
        self.groups.borrow_mut().insert(of, found.clone());
        Ok(found)
    }

    fn grouped(
        &self,
        rule: &Rule,
        (table, entity): (usize, usize),
        fields: &[Arc<str>],
    ) -> Result<Vec<(String, Vec<usize>)>, Stop> {
        let mut slots = Vec::new();
        for field in fields {
            let slot = self.view.tables.get(table).and_then(|t| t.slot(field));
            slots.push(slot.ok_or_else(|| Stop::Absent(lack(Some(&rule.pack), field)))?);
        }
        let of = self.document.tables.get(table).and_then(|t| t.entities.get(entity));
        let mut index: HashMap<String, usize> = HashMap::new();
        // By the text itself where it is one, for equal ones are mostly one.
        let mut known: FxHashMap<usize, usize> = FxHashMap::default();
        let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
        let mut keys: Vec<Field> = Vec::new();
        for unit in 0..of.map_or(0, |e| e.units.len()) {
            keys.clear();
            keys.extend(slots.iter().map(|s| self.field((table, entity, unit), *s)));
            // Any group may be the one it belongs to.
            if let Some(key) = keys.iter().find(|k| k.is_uncalculated()) {
                return Err(Stop::Unclear(key.spot, Why::Uncalculated));
            }
            if keys.iter().any(Field::is_missing) {
                continue;
            }
            let mut find = || {
                let key = keys.iter().map(|k| k.words.normal()).collect::<Vec<_>>().join("\u{1f}");
                *index.entry(key.clone()).or_insert_with(|| {
                    groups.push((key, Vec::new()));
                    groups.len() - 1
                })
            };
            let at = match keys.as_slice() {
                [key] => *known.entry(Rc::as_ptr(&key.words).addr()).or_insert_with(find),
                _ => find(),
            };
            if let Some((_, units)) = groups.get_mut(at) {
                units.push(unit);
            }
        }
        Ok(groups)
    }

    fn check(&self, course: &mut Course<'_>, check: &Check<'_>, tally: &mut Tally) {
        if tally.error.is_some() {
            return;
        }
        tally.looked_at += 1;
        self.env.enter(check.table, check.here(), check.units);
        course.next();
        let rule = course.rule;
        let frame = Frame { runner: self, course, check };
        if let Some(when) = &rule.when {
            match frame.holds(when) {
                Ok(true) => {}
                Ok(false) => return,
                Err(stopped) => return self.stopped(rule, check, (stopped, when), tally),
            }
        }
        match frame.holds(&rule.body) {
            Ok(true) => tally.passed += 1,
            Ok(false) => match frame.draft() {
                Ok(draft) => tally.take(draft, self.most),
                Err(failed) => self.stopped(rule, check, failed, tally),
            },
            Err(stopped) => self.stopped(rule, check, (stopped, &rule.body), tally),
        }
    }

    /// A stop before the first check of a table.
    fn stopped_table(&self, rule: &Rule, table: usize, stop: Stop, tally: &mut Tally) {
        let check = Check { table, entity: 0, group: &[], cause: None, units: 0 };
        self.stopped(rule, &check, (Stopped::at(stop, Position::NONE), &rule.body), tally);
    }

    /// A stop in an expression of a check, kept for the outcome.
    fn stopped(
        &self,
        rule: &Rule,
        check: &Check<'_>,
        (stopped, expression): (Stopped, &Expression),
        tally: &mut Tally,
    ) {
        match &stopped.stop {
            Stop::Unclear(..) if at_fault(rule, &stopped, expression).plan.is_written(stopped.at) => {
                let stopped = Stopped { stop: impossible(), ..stopped };
                self.failed(rule, (&stopped, expression), tally);
            }
            Stop::Unclear(spot, why) => {
                let placed = self.places.at(*spot, check.unit()).or_else(|| self.places.whole(check.table));
                tally.unclear.extend(placed.map(|p| (p, *why)));
            }
            Stop::Absent(reason) if rule.absent_is_finding => {
                let cause = crate::text::normal(&reason.it);
                let same = |d: &Draft| d.table == check.table && d.cause.as_ref() == Some(&cause);
                if !tally.drafts.iter().any(same) {
                    let entity = check.unit().map(|u| u.1);
                    let course = self.course(rule, check.table, entity, Lacking::IsMissing);
                    let frame = Frame { runner: self, course: &course, check };
                    match frame.absent((reason.get(self.lang), cause)) {
                        Ok(draft) => tally.drafts.push(draft),
                        Err((stopped, expression)) => self.failed(rule, (&stopped, expression), tally),
                    }
                }
            }
            Stop::Absent(reason) | Stop::NotEvaluable(reason) => {
                match tally.lacking.iter_mut().find(|(known, _)| known == reason) {
                    Some((_, tables)) => drop(tables.insert(check.table)),
                    None => tally.lacking.push((reason.clone(), BTreeSet::from([check.table]))),
                }
            }
            Stop::Fault(_) => self.failed(rule, (&stopped, expression), tally),
        }
    }

    /// A mistake of the rule itself: what it is, and where in the file.
    fn failed(&self, rule: &Rule, (stopped, expression): (&Stopped, &Expression), tally: &mut Tally) {
        let Stop::Fault(reason) = &stopped.stop else { return };
        let (line, column) = at_fault(rule, stopped, expression).line(&rule.source, stopped.at);
        let reason = reason.get(self.lang);
        let words = self.lang.pick(("riga", "colonna"), ("line", "column"));
        tally.error = Some(format!("{}, {} {line}, {} {column}: {reason}", rule.source.file, words.0, words.1));
    }
}

/// The expression that stopped: a named one that stands in another, or that other.
fn at_fault<'r>(rule: &'r Rule, stopped: &Stopped, expression: &'r Expression) -> &'r Expression {
    stopped.inside.and_then(|n| rule.named.get(n)).map_or(expression, |(_, named)| named)
}

impl Frame<'_> {
    /// Whether a condition holds.
    pub(super) fn holds(&self, expression: &Expression) -> Result<bool, Stopped> {
        match *self.eval(expression)? {
            Val::Bool(answer) => Ok(answer),
            _ => Err(Stopped::at(no_condition(), Position::NONE)),
        }
    }
}

/// A table with none of some columns, of which one would do.
fn lacks(rule: &Rule, fields: &[Arc<str>]) -> Rc<Bilingual> {
    let titles = || fields.iter().filter_map(|f| rule.pack.schedule.field(f)).map(|f| &f.title);
    let it = titles().map(|t| format!("«{}»", t.it)).collect::<Vec<_>>().join(" o ");
    let en = titles().map(|t| format!("“{}”", t.en)).collect::<Vec<_>>().join(" or ");
    Rc::new(Bilingual::new(format!("manca la colonna {it}"), format!("the column {en} is missing")))
}

/// Something that the body has not declared: by which keys it could.
fn undeclared(keys: &[Arc<str>]) -> Rc<Bilingual> {
    let keys = |or: &str| keys.iter().map(|key| shown_declared(key)).collect::<Vec<_>>().join(or);
    Rc::new(Bilingual::new(
        format!("manca ciò che l'ente dichiara in riscontro.toml: {}", keys(" o ")),
        format!("what the body declares in riscontro.toml is missing: {}", keys(" or ")),
    ))
}

/// The entity that checks are about; the outermost one if none is named.
fn entity(rule: &Rule, table: &Table, name: Option<&str>) -> Result<usize, Stop> {
    let found = match name {
        Some(name) => table.entities.iter().position(|e| &*e.name == name),
        None => (!table.entities.is_empty()).then_some(0),
    };
    found.ok_or_else(|| Stop::Absent(no_entity(rule, table, name.unwrap_or_default())))
}

/// A table without the entity that a rule is about: the columns it would be known by.
fn no_entity(rule: &Rule, table: &Table, entity: &str) -> Rc<Bilingual> {
    let keys = rule.pack.schedule.entity(entity).map_or(&[][..], |e| e.key.as_slice());
    let missing: Vec<Arc<str>> = keys.iter().filter(|k| table.slot(k).is_none()).cloned().collect();
    lacks(rule, &missing)
}
