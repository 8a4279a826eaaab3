//! The operators over every pair of types that can meet at run time: an answer by the rules of the language, or a
//! stop, never a bare `false`.

use std::any::TypeId;
use std::cmp::Ordering;
use std::rc::Rc;

use rhai::{Array, Dynamic, Engine, ImmutableString};
use rust_decimal::Decimal;

use super::env::Env;
use super::script::{raise, read};
use super::value::{Field, List, Stop, Val, Why};

/// Comparisons and arithmetic.
pub(super) const BINARY: [&str; 11] = ["==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%"];

/// Registers every operator over every pair of types.
pub(super) fn register(engine: &mut Engine, env: &Rc<Env>) {
    let types = [
        TypeId::of::<Field>(),
        TypeId::of::<List>(),
        TypeId::of::<ImmutableString>(),
        TypeId::of::<i64>(),
        TypeId::of::<Decimal>(),
        TypeId::of::<bool>(),
        TypeId::of::<Array>(),
        TypeId::of::<()>(),
        TypeId::of::<char>(),
    ];
    for op in BINARY {
        for a in types {
            for b in types {
                let env = env.clone();
                engine.register_raw_fn(op, [a, b], move |context, args| {
                    let [a, b] = args else { return Err(raise(wrong(op), context.call_position())) };
                    binary(&env, op, a, b).map(Val::into_dynamic).map_err(|s| raise(s, context.call_position()))
                });
            }
        }
    }
    for op in ["!", "-", "+"] {
        for ty in types {
            engine.register_raw_fn(op, [ty], move |context, args| {
                let [value] = args else { return Err(raise(wrong(op), context.call_position())) };
                unary(op, value).map(Val::into_dynamic).map_err(|s| raise(s, context.call_position()))
            });
        }
    }
}

fn wrong(op: &str) -> Stop {
    Stop::fault(
        format!("l'operatore «{op}» non si applica a questi valori"),
        format!("the operator “{op}” does not apply to these values"),
    )
}

fn unary(op: &str, value: &Dynamic) -> Result<Val, Stop> {
    match (op, read(value)?) {
        ("!", Val::Bool(b)) => Ok(Val::Bool(!b)),
        ("-", Val::Number(n)) => Ok(Val::Number(-n)),
        ("+", Val::Number(n)) => Ok(Val::Number(n)),
        _ => Err(wrong(op)),
    }
}

fn binary(env: &Env, op: &str, a: &Dynamic, b: &Dynamic) -> Result<Val, Stop> {
    let (a, b) = (read(a)?, read(b)?);
    // What is missing is missing whatever it meets.
    for value in [&a, &b] {
        if let Val::Field(field) = value
            && field.is_missing()
        {
            return Err(Stop::Unclear(field.spot, Why::Missing));
        }
    }
    match (&a, &b) {
        (Val::Number(x), Val::Number(y)) => numbers(env, op, *x, *y),
        (Val::Bool(x), Val::Bool(y)) => equality(op, x == y),
        (Val::Field(x), Val::Field(y)) => {
            equality(op, Rc::ptr_eq(&x.words, &y.words) || x.words.normal() == y.words.normal())
        }
        (Val::Field(x), Val::Literal(y)) | (Val::Literal(y), Val::Field(x)) => {
            equality(op, x.words.normal() == env.literal(y).normal())
        }
        (Val::Literal(x), Val::Literal(y)) => equality(op, env.literal(x).normal() == env.literal(y).normal()),
        _ => Err(wrong(op)),
    }
}

fn equality(op: &str, equal: bool) -> Result<Val, Stop> {
    match op {
        "==" => Ok(Val::Bool(equal)),
        "!=" => Ok(Val::Bool(!equal)),
        _ => Err(wrong(op)),
    }
}

fn numbers(env: &Env, op: &str, a: Decimal, b: Decimal) -> Result<Val, Stop> {
    let order = a.cmp(&b);
    let answer = match op {
        "==" => order == Ordering::Equal,
        "!=" => order != Ordering::Equal,
        "<" => order == Ordering::Less,
        "<=" => order != Ordering::Greater,
        ">" => order == Ordering::Greater,
        ">=" => order != Ordering::Less,
        _ => return arithmetic(env, op, a, b),
    };
    Ok(Val::Bool(answer))
}

/// A division by zero, or a result beyond all numbers, says that the figures of the document cannot be meant.
fn arithmetic(env: &Env, op: &str, a: Decimal, b: Decimal) -> Result<Val, Stop> {
    let result = match op {
        "+" => a.checked_add(b),
        "-" => a.checked_sub(b),
        "*" => a.checked_mul(b),
        "/" => a.checked_div(b),
        "%" => a.checked_rem(b),
        _ => return Err(wrong(op)),
    };
    result.map(Val::Number).ok_or(Stop::Unclear(env.here(), Why::Unreadable))
}

#[cfg(test)]
mod tests {
    use rhai::Scope;

    use super::*;
    use crate::engine::script::Script;
    use crate::engine::value::{Reading, Spot};
    use crate::model::Bilingual;

    /// A value of every type that can meet at run time, and what it is.
    fn operands() -> Vec<(&'static str, Dynamic)> {
        let absent = Reading::Absent(Rc::new(Bilingual::new("manca", "missing")));
        vec![
            ("field", Dynamic::from(Field::computed("due"))),
            ("missing", Dynamic::from(Field::missing(Spot::Nowhere))),
            ("absent", Dynamic::from(Field { reading: absent, ..Field::missing(Spot::Nowhere) })),
            ("list", Dynamic::from(List::new(Vec::new()))),
            ("text", "Due".into()),
            ("int", 2_i64.into()),
            ("decimal", Dynamic::from(Decimal::new(20, 1))),
            ("bool", true.into()),
            ("array", Dynamic::from(Array::new())),
            ("unit", Dynamic::UNIT),
            ("char", 'd'.into()),
        ]
    }

    #[test]
    fn no_pair_of_types_gives_a_bare_answer() {
        let script = Script::new(Rc::new(Env::default()));
        let kind = |a: &str| match a {
            "field" | "text" => "words",
            "int" | "decimal" => "number",
            other => other.to_owned().leak(),
        };
        for op in BINARY {
            let ast = script.parse(&format!("a {op} b")).unwrap();
            for (a, x) in operands() {
                for (b, y) in operands() {
                    script.env.refuel(0);
                    let mut scope = Scope::new();
                    scope.push_dynamic("a", x.clone()).push_dynamic("b", y.clone());
                    let got = script.eval(&ast, &mut scope);
                    let same = kind(a) == kind(b);
                    let compares = same && matches!(kind(a), "words" | "number" | "bool");
                    let orders = same && kind(a) == "number";
                    let wanted = match op {
                        "==" => compares.then_some(true),
                        "!=" => compares.then_some(false),
                        "<=" | ">=" => orders.then_some(true),
                        "<" | ">" => orders.then_some(false),
                        _ => None,
                    };
                    match got {
                        Ok(Val::Bool(answer)) => assert_eq!(Some(answer), wanted, "{a} {op} {b}"),
                        Ok(Val::Number(_)) => assert!(same && kind(a) == "number", "{a} {op} {b}"),
                        Ok(other) => panic!("{a} {op} {b}: {other:?}"),
                        Err((stop, _)) => {
                            assert_eq!(wanted, None, "{a} {op} {b}");
                            match stop {
                                Stop::Absent(_) => assert!(a == "absent" || b == "absent", "{a} {op} {b}"),
                                Stop::Unclear(..) => assert!(a == "missing" || b == "missing", "{a} {op} {b}"),
                                Stop::Fault(_) => assert!(
                                    a != "missing" || b == "absent" || b == "unit" || b == "char",
                                    "{a} {op} {b}"
                                ),
                                Stop::NotEvaluable(_) => panic!("{a} {op} {b}"),
                            }
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn unary_operators_take_one_type_each() {
        let script = Script::new(Rc::new(Env::default()));
        for (op, wanted) in [("!", ["bool"].as_slice()), ("-", &["int", "decimal"])] {
            let ast = script.parse(&format!("{op}a")).unwrap();
            for (a, x) in operands() {
                let mut scope = Scope::new();
                scope.push_dynamic("a", x);
                assert_eq!(script.eval(&ast, &mut scope).is_ok(), wanted.contains(&a), "{op}{a}");
            }
        }
    }

    #[test]
    fn figures_that_cannot_be_meant_are_unclear() {
        let script = Script::new(Rc::new(Env::default()));
        for text in ["1 / 0", "1 % 0", "79228162514264337593543950335.0 * 2"] {
            let ast = script.parse(text).unwrap();
            let stopped = script.eval(&ast, &mut Scope::new());
            assert!(matches!(stopped, Err((Stop::Unclear(..), _))), "{text}: {stopped:?}");
        }
    }
}
