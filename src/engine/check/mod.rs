//! What can be known of an expression before it runs: every name, every type, every text that is compared with a
//! closed list. Nothing of a rule is left to the day when a document reaches it.

mod calls;
mod mistakes;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rhai::{AST, Expr, FnCallExpr, Position, Stmt};

use super::header::Split;
use super::plan::{Names, Plan};
use super::script::Script;
use super::source::{Origin, Source, nth, unknown};
use super::value::Type;
use super::vocabulary;
use crate::model::{Bilingual, RuleFault};
use crate::pack::{FieldSpec, Pack, Packs};

/// A checked expression.
#[derive(Debug)]
pub(super) struct Expression {
    pub(super) plan: Plan,
    pub(super) reads: Reads,
    pub(super) place: At,
    text: Arc<str>,
}

/// What an expression reads of a table, the named expressions in it too.
#[derive(Debug, Clone, Default)]
pub(super) struct Reads {
    /// Fields it reads as variables.
    pub(super) fields: BTreeSet<Arc<str>>,
    /// Fields it names, as in `all("ufficio")`.
    pub(super) named: BTreeSet<Arc<str>>,
    /// Fields whose column it asks for with `has_column`.
    pub(super) asked: BTreeSet<Arc<str>>,
    /// Whether it looks at all cells of the table.
    pub(super) everything: bool,
    /// Fields of which it asks whether they have a value.
    pub(super) guards: BTreeSet<Arc<str>>,
    /// Fields whose value it needs, with the first place.
    pub(super) bare: Vec<(Arc<str>, Position)>,
}

/// Where an expression stands in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    /// It is the body: its lines are those of the file.
    Body,
    /// Inside the header.
    Header(Origin),
}

/// What the names of an expression refer to.
pub(super) struct Scope<'a> {
    pub(super) packs: &'a Packs,
    pub(super) pack: &'a Pack,
    /// Depth of the entity that each check is about; `None` for groups and tables, where all fields are lists.
    pub(super) depth: Option<usize>,
    pub(super) params: BTreeMap<String, Type>,
}

impl Scope<'_> {
    /// The type of a field as a variable.
    pub(super) fn type_of(&self, field: &FieldSpec) -> Type {
        let depth = self.pack.schedule.depth(&field.entity);
        match (self.depth, depth) {
            (Some(own), Some(depth)) if depth <= own && !field.many => Type::Field,
            _ => Type::List,
        }
    }
}

/// A part of an expression: its type, the field it comes from, the text if it is a literal.
#[derive(Debug, Clone, Default)]
struct Known {
    ty: Option<Type>,
    field: Option<Arc<str>>,
    literal: Option<String>,
    /// Whether it is the name of the table's variant.
    is_variant: bool,
    /// Texts of a list written in the rule.
    choices: Option<Vec<(String, Position)>>,
}

impl Known {
    fn of(ty: Type) -> Self {
        Self { ty: Some(ty), ..Self::default() }
    }
}

/// Checks the expressions of one rule.
pub(super) struct Checker<'a> {
    script: &'a Script,
    scope: Scope<'a>,
    source: &'a Source,
    is_proven: bool,
    pub(super) faults: Vec<RuleFault>,
    /// What the expressions name.
    pub(super) names: Names,
    earlier: Vec<Earlier>,
}

/// A named expression, as later ones see it.
struct Earlier {
    name: String,
    known: Known,
    reads: Reads,
}

/// The expression at hand.
struct Current<'t> {
    text: &'t str,
    place: At,
    reads: Reads,
    found: Vec<(Position, Bilingual)>,
}

impl Reads {
    fn add(&mut self, other: &Self) {
        self.fields.extend(other.fields.iter().cloned());
        self.named.extend(other.named.iter().cloned());
        self.asked.extend(other.asked.iter().cloned());
        self.everything |= other.everything;
        self.guards.extend(other.guards.iter().cloned());
    }
}

impl Current<'_> {
    fn fault(&mut self, at: Position, it: impl Into<String>, en: impl Into<String>) {
        self.found.push((at, Bilingual::new(it, en)));
    }

    /// An unknown name, with the nearest known one.
    fn unknown<'k>(&mut self, at: Position, what: (&str, &str), name: &str, known: impl IntoIterator<Item = &'k str>) {
        self.found.push((at, unknown(what, name, known)));
    }
}

impl<'a> Checker<'a> {
    pub(super) fn new(script: &'a Script, scope: Scope<'a>, rule: &'a Split) -> Self {
        let (source, is_proven) = (&rule.source, rule.is_proven);
        Self { script, scope, source, is_proven, faults: Vec::new(), names: Names::default(), earlier: Vec::new() }
    }

    pub(super) fn scope(&self) -> &Scope<'a> {
        &self.scope
    }

    /// Checks an expression that must have one of some types; `None` if a fault was found.
    pub(super) fn expression(&mut self, text: &str, place: At, wanted: &[Type]) -> Option<Expression> {
        self.read(text, place, wanted).map(|(expression, _)| expression)
    }

    /// Checks an expression that has a name; the later ones may use it.
    pub(super) fn named(&mut self, name: &str, text: &str, place: At) -> Option<Expression> {
        const ALL: [Type; 5] = [Type::Field, Type::List, Type::Text, Type::Number, Type::Bool];
        let (expression, known) = self.read(text, place, &ALL)?;
        // A name is no text between quotes, whatever stands behind it.
        let known = Known { literal: None, ..known };
        self.earlier.push(Earlier { name: name.to_owned(), known, reads: expression.reads.clone() });
        Some(expression)
    }

    /// What a name may not be that an expression is given: why, in both languages.
    pub(super) fn taken(&self, name: &str) -> Option<(&'static str, &'static str)> {
        if self.scope.params.contains_key(name) {
            Some(("è già un parametro", "is a parameter already"))
        } else if self.scope.pack.schedule.field(name).is_some() {
            Some(("è già un campo", "is a field already"))
        } else if !vocabulary::named(name).is_empty() {
            Some(("è già una funzione", "is a function already"))
        } else if ["hint", "anchor", "anchors", "variant"].contains(&name) {
            Some(("è già un segnaposto dei messaggi", "is a placeholder of messages already"))
        } else {
            None
        }
    }

    fn slip(&self, text: &str) -> Option<mistakes::Slip> {
        let has = |name: &str| self.scope.params.contains_key(name) || self.earlier.iter().any(|n| n.name == name);
        let known = |name: &str| has(name) || self.scope.pack.schedule.field(name).is_some();
        mistakes::slip(text, &known)
    }

    fn read(&mut self, text: &str, place: At, wanted: &[Type]) -> Option<(Expression, Known)> {
        if text.trim().is_empty() {
            let nth = text.chars().count();
            self.fault(text, place, nth, Bilingual::new("la condizione è vuota", "the condition is empty"));
            return None;
        }
        if let Some((nth, message)) = if self.is_proven { None } else { self.slip(text) } {
            self.fault(text, place, nth, message);
            return None;
        }
        let ast = match self.script.parse(text) {
            Ok(ast) => ast,
            Err(error) => {
                let at = error.position();
                let at = at.line().map_or(text.chars().count(), |l| nth(text, l, at.position().unwrap_or(1)));
                self.fault(text, place, at, mistakes::explain(text, at, &error));
                return None;
            }
        };
        let mut current = Current { text, place, reads: Reads::default(), found: Vec::new() };
        let known = self.statements(&ast, &mut current);
        if known.choices.is_some() {
            current.fault(
                Position::new(1, 1),
                "un elenco scritto nella regola vale solo come argomento di una funzione",
                "a list written in the rule is good as an argument of a function only",
            );
        }
        if let Some(found) = known.ty.filter(|ty| !wanted.contains(ty)) {
            let names: Vec<(&str, &str)> = wanted.iter().map(|t| t.one()).collect();
            let it: Vec<&str> = names.iter().map(|n| n.0).collect();
            let en: Vec<&str> = names.iter().map(|n| n.1).collect();
            current.fault(
                Position::new(1, 1),
                format!("l'espressione dà {}: serve {}", found.one().0, it.join(" o ")),
                format!("the expression gives {}: needed is {}", found.one().1, en.join(" or ")),
            );
        }
        let expression = self.finish(&ast, &known, current)?;
        Some((expression, known))
    }

    fn finish(&mut self, ast: &AST, known: &Known, current: Current<'_>) -> Option<Expression> {
        let Current { text, place, reads, found } = current;
        let clean = found.is_empty();
        for (at, message) in found {
            let first = || text.chars().take_while(|c| c.is_whitespace()).count();
            let at = match at.line() {
                Some(line) if !(line == 1 && at.position() == Some(1)) => nth(text, line, at.position().unwrap_or(1)),
                _ => first(),
            };
            self.fault(text, place, at, message);
        }
        known.ty.filter(|_| clean)?;
        let plan = Plan::new(ast, &mut self.names)?;
        Some(Expression { plan, reads, place, text: text.into() })
    }

    fn fault(&mut self, text: &str, place: At, nth: usize, message: Bilingual) {
        let at = match place {
            At::Header(origin) => self.source.place(origin, nth),
            At::Body => line_of(text, nth),
        };
        self.faults.push(self.source.fault(at, message));
    }

    fn statements(&self, ast: &AST, current: &mut Current<'_>) -> Known {
        match ast.statements() {
            [Stmt::Expr(expr)] => self.walk(expr, current),
            [Stmt::FnCall(call, at)] => self.call(call, *at, current),
            [] => {
                current.fault(Position::NONE, "l'espressione è vuota", "the expression is empty");
                Known::default()
            }
            [other, ..] => refused(current, other.position()),
        }
    }

    fn walk(&self, expr: &Expr, current: &mut Current<'_>) -> Known {
        match expr {
            Expr::BoolConstant(..) => Known::of(Type::Bool),
            Expr::IntegerConstant(..) => Known::of(Type::Number),
            Expr::DynamicConstant(value, _) if value.is_decimal() => Known::of(Type::Number),
            Expr::StringConstant(text, _) => Known { literal: Some(text.to_string()), ..Known::of(Type::Text) },
            Expr::Variable(name, _, at) => self.variable(&name.1, *at, current),
            Expr::FnCall(call, at) => self.call(call, *at, current),
            Expr::And(parts, _) | Expr::Or(parts, _) => {
                for part in parts.iter() {
                    let known = self.walk(part, current);
                    want(&known, Type::Bool, part.start_position(), current);
                }
                Known::of(Type::Bool)
            }
            Expr::Array(items, at) => choices(items, *at, current),
            Expr::Dot(_, _, at) | Expr::MethodCall(_, at) | Expr::Property(_, at) => {
                current.fault(
                    *at,
                    "il punto non è del linguaggio delle regole: si scrive funzione(campo)",
                    "the dot is no part of the rule language: write function(field)",
                );
                Known::default()
            }
            Expr::Index(_, _, at) => {
                current.fault(
                    *at,
                    "le parentesi quadre dopo un nome non sono del linguaggio delle regole: usare nth(elenco, n)",
                    "square brackets behind a name are no part of the rule language: use nth(list, n)",
                );
                Known::default()
            }
            other => refused(current, other.start_position()),
        }
    }

    fn variable(&self, name: &str, at: Position, current: &mut Current<'_>) -> Known {
        if let Some(ty) = self.scope.params.get(name) {
            return Known::of(*ty);
        }
        if let Some(named) = self.earlier.iter().find(|n| n.name == name) {
            current.reads.add(&named.reads);
            // What a named expression needs is needed where its name stands.
            current.reads.bare.extend(named.reads.bare.iter().map(|(field, _)| (field.clone(), at)));
            return named.known.clone();
        }
        let schedule = &self.scope.pack.schedule;
        if let Some(spec) = schedule.field(name) {
            current.reads.fields.insert(spec.name.clone());
            return Known { field: Some(spec.name.clone()), ..Known::of(self.scope.type_of(spec)) };
        }
        if !vocabulary::named(name).is_empty() {
            current.fault(
                at,
                format!("«{name}» è una funzione: scrivere {name}(…)"),
                format!("“{name}” is a function: write {name}(…)"),
            );
            return Known::default();
        }
        let fields = schedule.fields.iter().map(|f| &*f.name);
        let own = self.scope.params.keys().chain(self.earlier.iter().map(|n| &n.name));
        let known = fields.chain(own.map(String::as_str));
        current.unknown(at, ("campo sconosciuto", "unknown field"), name, known);
        Known::default()
    }

    fn call(&self, call: &FnCallExpr, at: Position, current: &mut Current<'_>) -> Known {
        if call.is_operator_call() { self.operator(call, at, current) } else { self.function(call, at, current) }
    }
}

fn choices(items: &[Expr], at: Position, current: &mut Current<'_>) -> Known {
    let mut choices = Vec::new();
    for item in items {
        match item {
            Expr::StringConstant(text, at) => choices.push((text.to_string(), *at)),
            other => current.fault(
                other.start_position(),
                "un elenco scritto nella regola contiene solo testi tra virgolette",
                "a list written in the rule holds texts between quotes only",
            ),
        }
    }
    if items.is_empty() {
        current.fault(at, "l'elenco è vuoto", "the list is empty");
    }
    Known { choices: Some(choices), ..Known::default() }
}

fn want(known: &Known, ty: Type, at: Position, current: &mut Current<'_>) {
    if let Some(found) = known.ty.filter(|t| *t != ty) {
        current.fault(
            at,
            format!("qui serve {}, non {}", ty.one().0, found.one().0),
            format!("{} is needed here, not {}", ty.one().1, found.one().1),
        );
    }
}

fn refused(current: &mut Current<'_>, at: Position) -> Known {
    current.fault(
        at,
        "qui c'è qualcosa che il linguaggio delle regole non ha: la condizione è una sola espressione di campi, testi, numeri e funzioni",
        "something here is no part of the rule language: the condition is one expression of fields, texts, numbers and functions",
    );
    Known::default()
}

/// Line and column of a character of a text, from 1.
fn line_of(text: &str, nth: usize) -> (usize, usize) {
    let before: String = text.chars().take(nth).collect();
    let line = before.matches('\n').count() + 1;
    (line, before.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1)
}

impl Expression {
    #[cfg(test)]
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Line and column in the file of a place in the expression.
    pub(super) fn line(&self, source: &Source, at: Position) -> (usize, usize) {
        let (line, column) = (at.line().unwrap_or(1), at.position().unwrap_or(1));
        match self.place {
            At::Body => (line, column),
            At::Header(origin) => source.place(origin, nth(&self.text, line, column)),
        }
    }
}
