//! Plans and the interpreter of the script library: one answer, or one stop at one place.

use std::cell::OnceCell;
use std::rc::Rc;

use proptest::prelude::*;
use rhai::{Array, Dynamic, Scope};
use rust_decimal::Decimal;

use super::operators::{BINARY, UNARY};
use super::{Answer, Names, Plan, Stopped, Values};
use crate::engine::env::Env;
use crate::engine::reference::{self, Reference, dynamic};
use crate::engine::script::Script;
use crate::engine::value::{Field, List, Reading, Spot, Stop, Type, Val, Words};
use crate::engine::vocabulary;
use crate::model::{Bilingual, Value};

/// Values by their numbers.
struct Given<'a> {
    env: &'a Env,
    values: Vec<Val>,
    kept: Vec<OnceCell<Answer>>,
}

impl Values for Given<'_> {
    fn env(&self) -> &Env {
        self.env
    }

    fn variable(&self, number: usize) -> Result<&Val, Stopped> {
        Ok(&self.values[number])
    }

    fn steady(&self, number: usize, make: &dyn Fn() -> Answer) -> Result<&Val, Stopped> {
        let kept = self.kept.get(number).expect("a number of this expression");
        kept.get_or_init(make).as_ref().map_err(Clone::clone)
    }
}

fn kept() -> Vec<OnceCell<Answer>> {
    (0..100).map(|_| OnceCell::new()).collect()
}

fn absent() -> Field {
    let reading = Reading::Absent(Rc::new(Bilingual::new("manca", "missing")));
    Field { reading, ..Field::missing(Spot::Nowhere) }
}

/// A value of every type that can meet at run time, and what it is; what the language does not have is `None`.
fn operands() -> Vec<(&'static str, Dynamic, Option<Val>)> {
    let known = |name, value: Val| (name, dynamic(&value), Some(value));
    vec![
        known("field", Val::Field(Field::computed("due"))),
        known("missing", Val::Field(Field::missing(Spot::Nowhere))),
        known("absent", Val::Field(absent())),
        known("list", Val::List(List::new(Vec::new()))),
        known("text", Val::Literal(Words::new("Due"))),
        ("int", 2_i64.into(), Some(Val::Number(2.into()))),
        known("decimal", Val::Number(Decimal::new(20, 1))),
        known("bool", Val::Bool(true)),
        known("array", Val::Choices(Rc::from(Vec::new()))),
        ("empty array", Array::new().into(), None),
        ("unit", Dynamic::UNIT, None),
        ("char", 'd'.into(), None),
    ]
}

fn plan(text: &str, names: &[&str]) -> Plan {
    let mut given = Names { variables: names.iter().map(|n| (*n).into()).collect(), steady: 0 };
    Plan::new(&Script::new().parse(text).unwrap(), &mut given).unwrap()
}

fn on<'a>(env: &'a Env, values: &[Option<Val>]) -> Option<Given<'a>> {
    let values = values.iter().cloned().collect::<Option<Vec<_>>>()?;
    env.refuel(0, 0);
    Some(Given { env, values, kept: kept() })
}

#[test]
fn no_pair_of_types_gives_a_bare_answer() {
    let interpreter = Reference::new(Rc::default());
    let env = Env::default();
    let kind = |a: &str| match a {
        "field" | "text" => "words",
        "int" | "decimal" => "number",
        other => other.to_owned().leak(),
    };
    for (op, _) in BINARY {
        let ast = interpreter.parse(&format!("a {op} b"));
        let plan = plan(&format!("a {op} b"), &["a", "b"]);
        for (a, x, p) in operands() {
            for (b, y, q) in operands() {
                interpreter.env.refuel(0, 0);
                let mut scope = Scope::new();
                scope.push_dynamic("a", x.clone()).push_dynamic("b", y.clone());
                let planned = on(&env, &[p.clone(), q]).map(|on| plan.eval(&on).map(std::borrow::Cow::into_owned));
                let both = [Some(interpreter.eval(&ast, &mut scope)), planned];
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
                for got in both.into_iter().flatten() {
                    match got {
                        Ok(Val::Bool(answer)) => assert_eq!(Some(answer), wanted, "{a} {op} {b}"),
                        Ok(Val::Number(_)) => assert!(same && kind(a) == "number", "{a} {op} {b}"),
                        Ok(other) => panic!("{a} {op} {b}: {other:?}"),
                        Err(Stopped { stop, .. }) => {
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
}

#[test]
fn unary_operators_take_one_type_each() {
    let interpreter = Reference::new(Rc::default());
    let env = Env::default();
    for ((op, _), wanted) in UNARY.into_iter().zip([["bool"].as_slice(), &["int", "decimal"], &["int", "decimal"]]) {
        let ast = interpreter.parse(&format!("{op}a"));
        let plan = plan(&format!("{op}a"), &["a"]);
        for (a, x, value) in operands() {
            let mut scope = Scope::new();
            scope.push_dynamic("a", x);
            assert_eq!(interpreter.eval(&ast, &mut scope).is_ok(), wanted.contains(&a), "{op}{a}");
            if let Some(on) = on(&env, &[value]) {
                assert_eq!(plan.eval(&on).is_ok(), wanted.contains(&a), "{op}{a}");
            }
        }
    }
}

#[test]
fn figures_that_cannot_be_meant_are_unclear() {
    let env = Env::default();
    for text in ["1 / 0", "1 % 0", "79228162514264337593543950335.0 * 2"] {
        let plan = plan(text, &[]);
        let on = on(&env, &[]).unwrap();
        let stopped = plan.eval(&on);
        assert!(matches!(stopped, Err(Stopped { stop: Stop::Unclear(..), .. })), "{text}: {stopped:?}");
    }
}

#[test]
fn an_expression_of_any_length_is_bounded_by_fuel() {
    let env = Env::default();
    let plan = plan(&vec!["(1 < 2)"; 40].join(" && "), &[]);
    let spent = |plan: &Plan| {
        let on = on(&env, &[]).unwrap();
        let before = env.fuel();
        plan.eval(&on).unwrap();
        before - env.fuel()
    };
    assert!(spent(&plan) >= 40 * 50, "{}", spent(&plan));
}

/// The names that expressions of this test use, and what they are.
fn variables() -> Vec<(&'static str, Val)> {
    let typed =
        |text: &str, value: Value| Field { reading: Reading::Typed(Rc::new(value), false), ..Field::computed(text) };
    let texts = |texts: &[&str]| Val::List(List::new(texts.iter().map(|t| Field::computed(*t)).collect()));
    vec![
        ("testo", Val::Field(Field::computed("Ufficio Tributi"))),
        ("uguale", Val::Field(Field::computed("ufficio  TRIBUTI"))),
        ("cifra", Val::Field(typed("12", Value::Number(None, 12.into())))),
        ("vuoto", Val::Field(Field::missing(Spot::Nowhere))),
        ("assente", Val::Field(absent())),
        ("elenco", texts(&["Tributi", "tributi", "Anagrafe", "3"])),
        ("niente", texts(&[])),
        ("soglia", Val::Number(Decimal::new(125, 1))),
        ("vero", Val::Bool(true)),
    ]
}

/// An argument for a parameter of a function.
fn argument(param: vocabulary::Param) -> BoxedStrategy<String> {
    use vocabulary::Param;
    let field = || prop::sample::select(vec!["testo", "uguale", "cifra", "vuoto", "assente"]).prop_map(str::to_owned);
    let text = || prop::sample::select(vec!["\"Tributi\"", "\"\"", "\"12\"", "\"ufficio\""]).prop_map(str::to_owned);
    let list =
        || prop::sample::select(vec!["elenco", "niente", "given(elenco)", "repeated(elenco)"]).prop_map(str::to_owned);
    let number =
        || prop::sample::select(vec!["0", "1", "2.5", "soglia", "count(elenco)", "-3"]).prop_map(str::to_owned);
    match param {
        Param::Field | Param::Column => field().boxed(),
        Param::List => list().boxed(),
        Param::Text | Param::Question { .. } => prop_oneof![field(), text()].boxed(),
        Param::Scalar => prop_oneof![field(), text(), number()].boxed(),
        Param::Number => number().boxed(),
        Param::Options => prop_oneof![list(), Just("[\"Tributi\", \"Anagrafe\"]".to_owned())].boxed(),
        Param::Name(_) => Just("\"prova\"".to_owned()).boxed(),
    }
}

/// A call of any function of the vocabulary that gives one of some types.
fn call(types: &'static [Type]) -> BoxedStrategy<String> {
    let gives = |f: &&vocabulary::Function| matches!(f.returns, vocabulary::Returns::Type(ty) if types.contains(&ty));
    let all: Vec<&vocabulary::Function> = vocabulary::all().filter(gives).collect();
    prop::sample::select(all)
        .prop_flat_map(|function| {
            let args: Vec<_> = function.params.iter().map(|p| argument(*p)).collect();
            args.prop_map(move |args| format!("{}({})", function.name, args.join(", ")))
        })
        .boxed()
}

fn one_of(texts: &[&'static str]) -> impl Strategy<Value = String> + use<> {
    prop::sample::select(texts.to_vec()).prop_map(str::to_owned)
}

fn between(
    a: impl Strategy<Value = String>,
    operators: &[&'static str],
    b: impl Strategy<Value = String>,
) -> impl Strategy<Value = String> {
    (a, one_of(operators), b).prop_map(|(a, op, b)| format!("({a} {op} {b})"))
}

fn number() -> BoxedStrategy<String> {
    let leaf = prop_oneof![3 => call(&[Type::Number]), 2 => one_of(&["0", "1", "2.50", "12", "soglia"])];
    leaf.prop_recursive(3, 12, 2, |inner| {
        prop_oneof![
            3 => between(inner.clone(), &["+", "-", "*", "/", "%"], inner.clone()),
            1 => inner.prop_map(|n| format!("-({n})")),
        ]
    })
    .boxed()
}

fn words() -> BoxedStrategy<String> {
    let leaf = one_of(&["testo", "uguale", "cifra", "vuoto", "assente", "\"Tributi\"", "\"12\""]);
    prop_oneof![leaf, call(&[Type::Field, Type::Text])].boxed()
}

/// A condition as rules have them.
fn condition() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        4 => call(&[Type::Bool]),
        2 => between(number(), &["==", "!=", "<", "<=", ">", ">="], number()),
        2 => between(words(), &["==", "!="], words()),
        1 => one_of(&["true", "false", "vero"]),
    ];
    leaf.prop_recursive(4, 32, 2, |inner| {
        prop_oneof![4 => between(inner.clone(), &["&&", "||"], inner.clone()), 1 => inner.prop_map(|a| format!("!({a})"))]
    })
}

#[test]
fn plans_answer_as_the_interpreter_does_on_every_example() {
    let packs = crate::pack::Packs::embedded().unwrap();
    let held = reference::holding(|| {
        let run = crate::engine::run_examples(&packs).unwrap();
        assert!(run.failures.is_empty(), "{:?}", run.failures);
    });
    assert!(held > 10_000, "{held}");
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1_000,
        rng_seed: proptest::test_runner::RngSeed::Fixed(6_2013),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn plans_answer_as_the_interpreter_does(text in condition()) {
        thread_local!(static INTERPRETER: Reference = Reference::new(Rc::default()));
        let given = variables();
        let names: Vec<&str> = given.iter().map(|v| v.0).collect();
        let plan = plan(&text, &names);
        let env = Env::default();
        env.refuel(1_000, 0);
        let on = Given { env: &env, values: given.iter().map(|v| v.1.clone()).collect(), kept: kept() };
        let got = plan.eval(&on);
        INTERPRETER.with(|interpreter| {
            interpreter.env.refuel(1_000, 0);
            let mut scope = Scope::new();
            for (name, value) in &given {
                scope.push_dynamic(*name, dynamic(value));
            }
            let wanted = interpreter.eval(&interpreter.parse(&text), &mut scope);
            reference::agree(&text, got.as_ref().map(|v| &**v), wanted.as_ref());
        });
    }
}
