//! The values of a rule that its expressions use by name.

use std::collections::BTreeMap;

use super::header::{Param, Split};
use super::rule::ParamInfo;
use super::value::{Type, Val};
use crate::model::{Bilingual, RuleFault};
use crate::pack::{Toml, decimal};

pub(super) fn params(split: &Split, faults: &mut Vec<RuleFault>) -> (Vec<ParamInfo>, BTreeMap<String, Type>) {
    let mut infos = Vec::new();
    let mut types = BTreeMap::new();
    for (name, param) in &split.header.params {
        match value_of(param.default.as_ref()) {
            Some((value, ty)) => {
                types.insert(name.clone(), ty);
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

fn info_of(name: &str, param: &Param, value: Val) -> ParamInfo {
    ParamInfo {
        name: name.into(),
        meaning: Bilingual::new(&param.it, &param.en),
        default: match param.default.as_ref() {
            Toml::String(text) => text.clone(),
            other => other.to_string(),
        },
        value,
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
