//! What plans are held to, in tests only: the script library's own interpreter, with the same vocabulary.
//!
//! No package of the library is loaded and its fast operators are off: they answer `false` when two values of
//! different types are compared. Every operator over every pair of types is registered here instead, and either
//! answers by the rules of the language or stops the evaluation.

use std::any::TypeId;
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use rhai::{
    AST, Array, Caches, Dynamic, Engine, EvalAltResult, GlobalRuntimeState, ImmutableString, OptimizationLevel,
    Position, Scope,
};
use rust_decimal::Decimal;

use super::env::Env;
use super::plan::operators::{BINARY, UNARY};
use super::plan::{Answer, Plan, Stopped, Values, run};
use super::script::engine;
use super::value::{Field, List, Stop, Val, Words};
use super::vocabulary::{self, Args, Function, Param};

/// The interpreter with its scratch memory.
pub(super) struct Reference {
    engine: Engine,
    pub(super) env: Rc<Env>,
    /// Function resolution and counters, kept from one evaluation to the next.
    scratch: RefCell<(GlobalRuntimeState, Caches)>,
}

impl Reference {
    pub(super) fn new(env: Rc<Env>) -> Self {
        let mut engine = engine();
        engine.register_type_with_name::<Field>("campo").register_type_with_name::<List>("elenco");
        for function in vocabulary::all() {
            register(&mut engine, &env, function);
        }
        operators(&mut engine, &env);
        let scratch = RefCell::new((engine.new_global_runtime_state(), Caches::new()));
        Self { engine, env, scratch }
    }

    /// An expression with constants computed.
    pub(super) fn parse(&self, text: &str) -> AST {
        let ast = self.engine.compile_expression(text).unwrap();
        self.engine.optimize_ast(&Scope::new(), ast, OptimizationLevel::Simple)
    }

    /// Evaluates an expression over the variables of a scope.
    pub(super) fn eval(&self, ast: &AST, scope: &mut Scope<'_>) -> Answer {
        let (global, caches) = &mut *self.scratch.borrow_mut();
        global.num_operations = 0;
        #[expect(deprecated, reason = "the only way to keep resolved functions from one evaluation to the next")]
        let result = self.engine.eval_statements_raw(global, caches, scope, ast.statements());
        let result = result.map_err(|e| stopped(*e))?;
        value(&result).ok_or_else(|| Stopped::at(foreign(), Position::NONE))
    }
}

/// As the library holds a value.
pub(super) fn dynamic(value: &Val) -> Dynamic {
    match value.clone() {
        Val::Field(field) => Dynamic::from(field),
        Val::List(list) => Dynamic::from(list),
        Val::Literal(words) => words.text().to_owned().into(),
        Val::Number(n) => Dynamic::from(n),
        Val::Bool(b) => b.into(),
        Val::Choices(items) => items.iter().map(|w| Dynamic::from(w.text().to_owned())).collect::<Array>().into(),
    }
}

/// From what the library holds; `None` for what is no value of the language.
fn value(value: &Dynamic) -> Option<Val> {
    if let Some(field) = value.read_lock::<Field>() {
        return Some(Val::Field(field.clone()));
    }
    if let Some(list) = value.read_lock::<List>() {
        return Some(Val::List(list.clone()));
    }
    if let Ok(b) = value.as_bool() {
        return Some(Val::Bool(b));
    }
    if let Ok(n) = value.as_decimal() {
        return Some(Val::Number(n));
    }
    if let Ok(n) = value.as_int() {
        return Some(Val::Number(n.into()));
    }
    if let Ok(text) = value.as_immutable_string_ref() {
        return Some(Val::Literal(Words::new(text.as_str())));
    }
    let items = value.as_array_ref().ok()?;
    let text = |d: &Dynamic| d.as_immutable_string_ref().ok().map(|t| Words::new(t.as_str()));
    items.iter().map(text).collect::<Option<Rc<[_]>>>().map(Val::Choices)
}

fn foreign() -> Stop {
    let (it, en) = ("valore che il linguaggio delle regole non ha", "a value that the rule language does not have");
    Stop::fault(it, en)
}

/// What stopped an evaluation, from the innermost error.
fn stopped(error: EvalAltResult) -> Stopped {
    let position = error.position();
    match error {
        EvalAltResult::ErrorInFunctionCall(_, _, inner, _) => stopped(*inner),
        EvalAltResult::ErrorRuntime(value, _) if value.is::<Stop>() => Stopped::at(value.cast::<Stop>(), position),
        other => {
            let said = other.unwrap_inner().to_string();
            Stopped::at(Stop::fault(format!("l'espressione non si calcola: {said}"), said), position)
        }
    }
}

/// A stop as the library carries it.
#[expect(clippy::unnecessary_box_returns, reason = "the library's results hold their errors so")]
fn raise(stop: Stop, position: Position) -> Box<EvalAltResult> {
    Box::new(EvalAltResult::ErrorRuntime(Dynamic::from(stop), position))
}

/// The types that a parameter may have at run time.
fn types(param: Param) -> Vec<TypeId> {
    let (field, text) = (TypeId::of::<Field>(), TypeId::of::<ImmutableString>());
    let numbers = [TypeId::of::<i64>(), TypeId::of::<Decimal>()];
    match param {
        Param::Field | Param::Column => vec![field],
        // A column that the table lacks comes as a field.
        Param::List => vec![TypeId::of::<List>(), field],
        Param::Text | Param::Question { .. } => vec![field, text],
        Param::Scalar => [vec![field, text], numbers.to_vec()].concat(),
        Param::Number => numbers.to_vec(),
        Param::Options => vec![TypeId::of::<List>(), TypeId::of::<Array>(), field],
        Param::Name(_) => vec![text],
    }
}

fn register(engine: &mut Engine, env: &Rc<Env>, function: &'static Function) {
    let mut signatures: Vec<Vec<TypeId>> = vec![Vec::new()];
    for param in function.params {
        let choices = types(*param);
        signatures = signatures.iter().flat_map(|s| choices.iter().map(|c| [s.as_slice(), &[*c]].concat())).collect();
    }
    for signature in signatures {
        let env = env.clone();
        engine.register_raw_fn(function.name, signature, move |context, args| {
            let values = args.iter().map(|a| value(a).map(Cow::Owned).ok_or_else(foreign)).collect();
            let values: Result<Vec<Cow<'_, Val>>, Stop> = values;
            let answer = values.and_then(|values| run(&env, function, &Args(&values)));
            answer.map(|v| dynamic(&v)).map_err(|s| raise(s, context.call_position()))
        });
    }
}

/// Registers every operator over every pair of types.
fn operators(engine: &mut Engine, env: &Rc<Env>) {
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
    for (name, operator) in BINARY {
        for (a, b) in types.into_iter().flat_map(|a| types.map(|b| (a, b))) {
            let env = env.clone();
            engine.register_raw_fn(name, [a, b], move |context, args| {
                let values = value(args[0]).zip(value(args[1])).ok_or_else(foreign);
                let answer = values.and_then(|(a, b)| operator.apply(&env, &a, &b));
                answer.map(|v| dynamic(&v)).map_err(|s| raise(s, context.call_position()))
            });
        }
    }
    for (name, sign) in UNARY {
        for ty in types {
            engine.register_raw_fn(name, [ty], move |context, args| {
                let answer = value(args[0]).ok_or_else(foreign).and_then(|v| sign.apply(&v));
                answer.map(|v| dynamic(&v)).map_err(|s| raise(s, context.call_position()))
            });
        }
    }
}

thread_local! {
    static HELD: Cell<Option<usize>> = const { Cell::new(None) };
    static KNOWN: RefCell<Option<Kept>> = const { RefCell::new(None) };
}

/// The interpreter of the rules at hand, and the expressions it has read.
struct Kept {
    reference: Reference,
    read: HashMap<Rc<str>, AST>,
}

/// Holds every plan evaluated meanwhile to the interpreter; how many there were.
pub(crate) fn holding(work: impl FnOnce()) -> usize {
    HELD.set(Some(0));
    work();
    KNOWN.take();
    HELD.take().unwrap_or_default()
}

/// Holds the answer of a plan to that of the interpreter, if the test at hand asks for it.
pub(super) fn hold<V: Values>(
    env: &Rc<Env>,
    (text, plan): (&str, &Plan),
    names: &[Rc<str>],
    on: &V,
    answer: &Result<Cow<'_, Val>, Stopped>,
) {
    let Some(count) = HELD.get() else { return };
    let fuel = env.fuel();
    let mut scope = Scope::new();
    for (number, name) in names.iter().enumerate().filter(|(number, _)| plan.uses(*number)) {
        // A named expression that stops stops what uses it: there is no value to put in its place.
        match on.variable(number) {
            Ok(value) => drop(scope.push_dynamic(name.to_string(), dynamic(value))),
            Err(_) => return,
        }
    }
    KNOWN.with_borrow_mut(|known| {
        if known.as_ref().is_none_or(|k| !Rc::ptr_eq(&k.reference.env, env)) {
            *known = Some(Kept { reference: Reference::new(env.clone()), read: HashMap::new() });
        }
        let Kept { reference, read } = known.as_mut().unwrap();
        let ast = read.entry(text.into()).or_insert_with(|| reference.parse(text));
        let wanted = reference.eval(ast, &mut scope);
        agree(text, answer.as_ref().map(|v| &**v), wanted.as_ref());
    });
    env.set_fuel(fuel);
    HELD.set(Some(count + 1));
}

/// Both give the same value, or stop for the same reason at the same place.
pub(super) fn agree(text: &str, plan: Result<&Val, &Stopped>, wanted: Result<&Val, &Stopped>) {
    match (plan, wanted) {
        (Ok(a), Ok(b)) => assert!(same(a, b), "{text}: {a:?}, not {b:?}"),
        (Err(a), Err(b)) => {
            assert_eq!((&a.stop, a.at), (&b.stop, b.at), "{text}");
        }
        (a, b) => panic!("{text}: {a:?}, not {b:?}"),
    }
}

fn same(a: &Val, b: &Val) -> bool {
    let field = |a: &Field, b: &Field| a.words.text() == b.words.text() && a.spot == b.spot && a.reading == b.reading;
    let words = |a: &Words, b: &Words| a.text() == b.text();
    match (a, b) {
        (Val::Field(a), Val::Field(b)) => field(a, b),
        (Val::List(a), Val::List(b)) => {
            a.fields().len() == b.fields().len() && a.fields().iter().zip(b.fields()).all(|(a, b)| field(a, b))
        }
        (Val::Literal(a), Val::Literal(b)) => words(a, b),
        (Val::Number(a), Val::Number(b)) => a == b,
        (Val::Bool(a), Val::Bool(b)) => a == b,
        (Val::Choices(a), Val::Choices(b)) => a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| words(a, b)),
        _ => false,
    }
}
