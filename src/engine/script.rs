//! The script engine: closed, bounded, and knowing nothing but the vocabulary.
//!
//! No package of the library is loaded and its fast operators are off: they answer `false` when two values of
//! different types are compared. Every operator over every pair of types is registered here instead, and either
//! answers by the rules of the language or stops the evaluation.

use std::any::TypeId;
use std::cell::RefCell;
use std::rc::Rc;

use rhai::{
    AST, Array, Caches, Dynamic, Engine, EvalAltResult, GlobalRuntimeState, ImmutableString, OptimizationLevel,
    ParseError, Position, Scope,
};
use rust_decimal::Decimal;

use super::env::Env;
use super::operators;
use super::value::{Field, List, Stop, Val};
use super::view::{Argument, Call};
use super::vocabulary::{self, Args, Function, Param};
use crate::model::Bilingual;

/// Keywords that an expression has no use for.
const DISABLED: [&str; 21] = [
    "eval",
    "print",
    "debug",
    "type_of",
    "call",
    "curry",
    "Fn",
    "this",
    "try",
    "catch",
    "throw",
    "import",
    "export",
    "is_shared",
    "is_def_var",
    "is_def_fn",
    "in",
    "let",
    "const",
    "fn",
    "private",
];

/// The script engine with its scratch memory. Not to be shared between threads.
pub(super) struct Script {
    engine: Engine,
    pub(super) env: Rc<Env>,
    /// Function resolution and counters, kept from one evaluation to the next.
    scratch: RefCell<(GlobalRuntimeState, Caches)>,
}

impl std::fmt::Debug for Script {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Script").finish_non_exhaustive()
    }
}

/// Why an expression did not give a value, and where in it.
pub(super) type Stopped = (Stop, Position);

impl Script {
    pub(super) fn new(env: Rc<Env>) -> Self {
        let mut engine = Engine::new_raw();
        engine.set_fast_operators(false);
        engine.set_optimization_level(OptimizationLevel::None);
        engine
            .set_allow_anonymous_fn(false)
            .set_allow_looping(false)
            .set_allow_if_expression(false)
            .set_allow_switch_expression(false)
            .set_allow_statement_expression(false)
            .set_allow_shadowing(false);
        engine
            .set_max_functions(0)
            .set_max_call_levels(0)
            .set_max_expr_depths(48, 1)
            .set_max_string_size(32_768)
            .set_max_array_size(1_000)
            .set_max_map_size(1)
            .set_max_variables(256)
            .set_max_operations(10_000);
        for word in DISABLED {
            engine.disable_symbol(word);
        }
        engine.register_type_with_name::<Field>("campo").register_type_with_name::<List>("elenco");
        for function in vocabulary::all() {
            register(&mut engine, &env, function);
        }
        operators::register(&mut engine, &env);
        let scratch = RefCell::new((engine.new_global_runtime_state(), Caches::new()));
        Self { engine, env, scratch }
    }

    /// Reads one expression, nothing folded away: the checks want to see all of it.
    pub(super) fn parse(&self, text: &str) -> Result<AST, ParseError> {
        self.engine.compile_expression(text)
    }

    /// The same with constants computed.
    pub(super) fn optimise(&self, ast: AST) -> AST {
        self.engine.optimize_ast(&Scope::new(), ast, OptimizationLevel::Simple)
    }

    /// Evaluates an expression over the variables of a scope.
    pub(super) fn eval(&self, ast: &AST, scope: &mut Scope<'_>) -> Result<Val, Stopped> {
        let (global, caches) = &mut *self.scratch.borrow_mut();
        global.num_operations = 0;
        #[expect(deprecated, reason = "the only way to keep resolved functions from one evaluation to the next")]
        let result = self.engine.eval_statements_raw(global, caches, scope, ast.statements());
        let value = result.map_err(|e| stopped(*e))?;
        Val::of(&value).ok_or_else(|| {
            (Stop::fault("l'espressione non dà un valore", "the expression gives no value"), Position::NONE)
        })
    }
}

/// What stopped an evaluation, from the innermost error.
fn stopped(error: EvalAltResult) -> Stopped {
    let position = error.position();
    match error {
        EvalAltResult::ErrorInFunctionCall(_, _, inner, _) => stopped(*inner),
        EvalAltResult::ErrorRuntime(value, _) if value.is::<Stop>() => (value.cast::<Stop>(), position),
        EvalAltResult::ErrorTooManyOperations(_) => {
            (Stop::fault("l'espressione fa troppe operazioni", "the expression takes too many operations"), position)
        }
        other => {
            let said = other.unwrap_inner().to_string();
            (Stop::fault(format!("l'espressione non si calcola: {said}"), said), position)
        }
    }
}

/// A stop as the script engine carries it.
#[expect(clippy::unnecessary_box_returns, reason = "the script engine's results hold their errors so")]
pub(super) fn raise(stop: Stop, position: Position) -> Box<EvalAltResult> {
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
            call(&env, function, args).map(Val::into_dynamic).map_err(|s| raise(s, context.call_position()))
        });
    }
}

fn call(env: &Env, function: &Function, args: &mut [&mut Dynamic]) -> Result<Val, Stop> {
    env.spend(0)?;
    let mut values: [Val; 5] = [const { Val::Bool(false) }; 5];
    let mut count = 0;
    for (value, arg) in values.iter_mut().zip(args.iter()) {
        *value = match (function.params.get(count), Val::of(arg)) {
            (Some(Param::Column), Some(value)) => value,
            _ => read(arg)?,
        };
        count += 1;
    }
    let args = Args(values.get(..count).unwrap_or_default());
    let Some(call) = lasting(function, args.0) else { return (function.run)(env, &args) };
    let view = env.view();
    if let Some(known) = view.computed.borrow().get(&call) {
        return Ok(known.clone());
    }
    let result = match (function.run)(env, &args)? {
        Val::List(list) => Val::List(list.into_lasting()),
        other => other,
    };
    let mut computed = view.computed.borrow_mut();
    if computed.len() < KEPT {
        computed.insert(call, result.clone());
    }
    Ok(result)
}

/// Results of calls that are kept for one document.
const KEPT: usize = 1_000;

/// What tells a call whose result is the same for every check of a table: it starts from a whole column, and nothing
/// in it depends on the unit.
fn lasting(function: &Function, args: &[Val]) -> Option<Call> {
    let Some(Val::List(_)) = args.first() else { return None };
    let argument = |value: &Val| match value {
        Val::List(list) => list.identity().map(Argument::List),
        Val::Literal(text) => Some(Argument::Text(text.clone())),
        Val::Number(n) => Some(Argument::Number(*n)),
        _ => None,
    };
    Some((function.name, args.iter().map(argument).collect::<Option<Vec<_>>>()?))
}

/// A value of the language; a field of a column that the table lacks stops the evaluation.
pub(super) fn read(value: &Dynamic) -> Result<Val, Stop> {
    use super::value::Reading;
    match Val::of(value) {
        Some(Val::Field(Field { reading: Reading::Absent(lack), .. })) => Err(Stop::Absent(lack)),
        Some(value) => Ok(value),
        None => Err(Stop::Fault(Rc::new(Bilingual::new(
            "valore di un tipo che il linguaggio delle regole non ha",
            "a value of a type that the rule language does not have",
        )))),
    }
}
