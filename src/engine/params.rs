//! The values of a rule that its expressions use by name.

use std::collections::BTreeMap;

use super::header::{Param, Split};
use super::rule::{ParamInfo, Rule};
use super::source::unknown;
use super::value::{Type, Val};
use crate::model::{Bilingual, RuleFault};
use crate::pack::{
    Declared, DeclaredKind, Toml, decimal, declared_kind, declared_text, shown_declared, unknown_declared,
};

pub(super) fn params(split: &Split, faults: &mut Vec<RuleFault>) -> (Vec<ParamInfo>, BTreeMap<String, Type>) {
    let mut infos = Vec::new();
    let mut types = BTreeMap::new();
    for (name, param) in &split.header.params {
        match value_of(param.default.as_ref()) {
            Some((value, ty)) => {
                types.insert(name.clone(), ty);
                faults.extend(wrong_key(split, name, param, ty));
                infos.push(info_of(name, param, value));
            }
            None => faults.push(split.source.fault_at(
                &param.default,
                Bilingual::new(
                    format!("il parametro «{name}» deve essere un numero, un testo o vero/falso"),
                    format!("the parameter “{name}” must be a number, a text or true/false"),
                ),
            )),
        }
    }
    (infos, types)
}

/// A key of the configuration that there is not, or that holds something else than the parameter. Of a parameter that is
/// yes or no any key will do: whether it is there is the answer.
fn wrong_key(split: &Split, name: &str, param: &Param, ty: Type) -> Option<RuleFault> {
    let key = param.declared.as_ref()?;
    let message = match declared_kind(key.as_ref()) {
        None => unknown_declared(key.as_ref()),
        Some(kind) => {
            let fits = match ty {
                Type::Bool => true,
                Type::Number => kind == DeclaredKind::Number,
                _ => matches!(kind, DeclaredKind::Text | DeclaredKind::Date),
            };
            if fits {
                return None;
            }
            let (shown, one) = (shown_declared(key.as_ref()), ty.one());
            Bilingual::new(
                format!("il parametro «{name}» è {}, e la voce {shown} di riscontro.toml non ne dà", one.0),
                format!("the parameter “{name}” is {}, and the key {shown} of riscontro.toml gives none", one.1),
            )
        }
    };
    Some(split.source.fault_at(key, message))
}

fn info_of(name: &str, param: &Param, value: Val) -> ParamInfo {
    ParamInfo {
        name: name.into(),
        meaning: Bilingual::new(&param.it, &param.en),
        default: plain(param.default.as_ref()),
        declared: param.declared.as_ref().map(|key| key.as_ref().as_str().into()),
        value,
        is_set: false,
    }
}

fn plain(value: &Toml) -> String {
    match value {
        Toml::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The value and type of a parameter.
pub(super) fn value_of(value: &Toml) -> Option<(Val, Type)> {
    match value {
        Toml::Integer(n) => Some((Val::Number((*n).into()), Type::Number)),
        Toml::Float(n) => Some((Val::Number(decimal(*n)?), Type::Number)),
        Toml::String(text) => Some((Val::text(text.as_str()), Type::Text)),
        Toml::Boolean(b) => Some((Val::Bool(*b), Type::Bool)),
        _ => None,
    }
}

/// The type of a parameter's value.
pub(super) fn type_of(value: &Val) -> Type {
    match value {
        Val::Number(_) => Type::Number,
        Val::Bool(_) => Type::Bool,
        _ => Type::Text,
    }
}

impl Rule {
    /// Why a value cannot be that of a parameter of this rule; `None` where it can.
    fn param_fault(&self, name: &str, value: &Toml) -> Option<ParamFault> {
        let code = &self.info.code;
        let Some(param) = self.params.iter().find(|p| &*p.name == name) else {
            if self.params.is_empty() {
                return Some(ParamFault::Name(Bilingual::new(
                    format!("la regola {code} non ha parametri"),
                    format!("the rule {code} has no parameters"),
                )));
            }
            let what = (format!("la regola {code} non ha il parametro"), format!("the rule {code} has no parameter"));
            let known = self.params.iter().map(|p| &*p.name);
            return Some(ParamFault::Name(unknown((&what.0, &what.1), name, known)));
        };
        let (wanted, found) = (type_of(&param.value), value_of(value).map(|(_, ty)| ty));
        (found != Some(wanted)).then(|| {
            let (wanted, shown) = (wanted.one(), plain(value));
            ParamFault::Value(Bilingual::new(
                format!("il parametro «{name}» della regola {code} è {}: trovato «{shown}»", wanted.0),
                format!("the parameter “{name}” of the rule {code} is {}: found “{shown}”", wanted.1),
            ))
        })
    }

    /// Gives a parameter another value; `false` if there is none of that name and type.
    pub(super) fn set_param(&mut self, name: &str, value: &Toml) -> bool {
        let Some((value, ty)) = value_of(value) else { return false };
        match self.params.iter_mut().find(|p| &*p.name == name) {
            Some(param) if type_of(&param.value) == ty => {
                (param.value, param.is_set) = (value, true);
                true
            }
            _ => false,
        }
    }

    /// Gives the parameters what the body declares.
    pub(super) fn declare(&mut self, declared: &Declared) {
        for param in &mut self.params {
            let Some(value) = param.declared.as_ref().and_then(|key| declared.get(key)) else { continue };
            let value = match type_of(&param.value) {
                Type::Bool => Some(Val::Bool(!matches!(value, Toml::Boolean(false)))),
                Type::Number => value_of(value).filter(|(_, ty)| *ty == Type::Number).map(|(value, _)| value),
                _ => Some(Val::text(declared_text(value))),
            };
            if let Some(value) = value {
                (param.value, param.is_set) = (value, true);
            }
        }
    }
}

/// Why a value cannot be that of a parameter of some rules: of several it is enough that one has it.
pub fn param_fault(rules: &[&Rule], name: &str, value: &Toml) -> Option<ParamFault> {
    let has = |rule: &&&Rule| rule.params.iter().any(|p| &*p.name == name);
    let mut bearers = rules.iter().filter(has).peekable();
    if bearers.peek().is_none() {
        return rules.first().and_then(|rule| rule.param_fault(name, value));
    }
    bearers.find_map(|rule| rule.param_fault(name, value))
}

/// What is wrong with a parameter that somebody gives a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParamFault {
    /// Its name.
    Name(Bilingual),
    /// Its value.
    Value(Bilingual),
}
