//! A checked expression as the program runs it: a tree of native operations, built once when the rule is loaded.
//!
//! The syntax tree of the script library is read here and nowhere at run time. What an expression means is also what
//! the library's interpreter makes of it with the same vocabulary: `reference` holds both together in the tests.

mod build;
mod mutate;
pub(super) mod operators;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::rc::Rc;

use rhai::Position;

use self::operators::{Operator, Sign};
use super::env::Env;
use super::value::{Field, Reading, Stop, Val, Why};
use super::view::{Argument, Call as Known};
use super::vocabulary::{Args, Function, Param};

/// An expression, or a part of one.
#[derive(Debug)]
pub(super) enum Plan {
    /// What is written in the rule.
    Value(Val),
    /// A field, parameter or named expression, by its number in the rule.
    Variable(usize),
    /// `&&`
    All(Box<[Plan]>),
    /// `||`
    Any(Box<[Plan]>),
    /// One operand.
    Signed(Sign, Box<Plan>, Position),
    /// Two operands.
    Operation(Operator, Box<[Plan; 2]>, Position),
    /// A function of the vocabulary.
    Call(Box<Call>),
    /// The same where the answer cannot change from one check of a table to the next; by its number in the rule.
    Steady(usize, Box<Call>),
}

/// A call of a function.
#[derive(Debug)]
pub(super) struct Call {
    function: &'static Function,
    args: Box<[Plan]>,
    at: Position,
}

/// What a rule's expressions name, each by a number that the plans hold.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Fields, parameters and named expressions.
    pub(super) variables: Vec<Rc<str>>,
    /// How many calls have one answer for a table.
    pub(super) steady: usize,
}

impl Names {
    fn number(&mut self, name: &str) -> usize {
        self.variables.iter().position(|v| **v == *name).unwrap_or_else(|| {
            self.variables.push(name.into());
            self.variables.len() - 1
        })
    }
}

/// Why an expression did not give a value, and where in it.
#[derive(Debug, Clone)]
pub(super) struct Stopped {
    pub(super) stop: Stop,
    pub(super) at: Position,
    /// The named expression in which it happened, if it was in one.
    pub(super) inside: Option<usize>,
}

impl Stopped {
    pub(super) fn at(stop: Stop, at: Position) -> Self {
        Self { stop, at, inside: None }
    }
}

/// A value, or why there is none.
pub(super) type Answer = Result<Val, Stopped>;

/// What an expression is evaluated over.
pub(super) trait Values {
    /// What the vocabulary knows.
    fn env(&self) -> &Env;
    /// The value of a variable.
    fn variable(&self, number: usize) -> Result<&Val, Stopped>;
    /// The answer kept for a steady call; made if there is none yet.
    fn steady(&self, number: usize, make: &dyn Fn() -> Answer) -> Result<&Val, Stopped>;
}

impl Plan {
    /// The value of the expression.
    pub(super) fn eval<'v, V: Values>(&'v self, on: &'v V) -> Result<Cow<'v, Val>, Stopped> {
        match self {
            Self::Value(value) => Ok(Cow::Borrowed(value)),
            Self::Variable(number) => on.variable(*number).map(Cow::Borrowed),
            Self::All(parts) => every(parts, on, true),
            Self::Any(parts) => every(parts, on, false),
            Self::Signed(sign, part, at) => {
                let value = part.eval(on)?;
                spend(on, *at)?;
                sign.apply(&value).map(Cow::Owned).map_err(|s| Stopped::at(s, *at))
            }
            Self::Operation(operator, parts, at) => {
                let [a, b] = &**parts;
                let (a, b) = (a.eval(on)?, b.eval(on)?);
                spend(on, *at)?;
                operator.apply(on.env(), &a, &b).map(Cow::Owned).map_err(|s| Stopped::at(s, *at))
            }
            Self::Call(call) => call.eval(on).map(Cow::Owned),
            Self::Steady(number, call) => on.steady(*number, &|| call.eval(on)).map(Cow::Borrowed),
        }
    }
}

impl Plan {
    /// Whether the operation at this place, all of it, is written in the rule: what comes of it is no matter of the
    /// document.
    pub(super) fn is_written(&self, place: Position) -> bool {
        match self {
            Self::Value(_) | Self::Variable(_) => false,
            Self::All(parts) | Self::Any(parts) => parts.iter().any(|p| p.is_written(place)),
            Self::Signed(_, part, _) => part.is_written(place),
            Self::Operation(_, parts, at) if *at == place => parts.iter().all(Self::is_constant),
            Self::Operation(_, parts, _) => parts.iter().any(|p| p.is_written(place)),
            Self::Call(call) | Self::Steady(_, call) => call.args.iter().any(|p| p.is_written(place)),
        }
    }

    fn is_constant(&self) -> bool {
        match self {
            Self::Value(_) => true,
            Self::Signed(_, part, _) => part.is_constant(),
            Self::Operation(_, parts, _) => parts.iter().all(Self::is_constant),
            Self::All(_) | Self::Any(_) | Self::Variable(_) | Self::Call(_) | Self::Steady(..) => false,
        }
    }
}

/// An operation on numbers of the rule that has no result.
pub(super) fn impossible() -> Stop {
    Stop::fault(
        "il conto non ha risultato: divide per zero, o va oltre ogni numero",
        "the calculation has no result: it divides by zero, or goes beyond all numbers",
    )
}

#[cfg(test)]
impl Plan {
    /// Whether a variable stands in it.
    pub(super) fn uses(&self, number: usize) -> bool {
        match self {
            Self::Value(_) => false,
            Self::Variable(own) => *own == number,
            Self::All(parts) | Self::Any(parts) => parts.iter().any(|p| p.uses(number)),
            Self::Signed(_, part, _) => part.uses(number),
            Self::Operation(_, parts, _) => parts.iter().any(|p| p.uses(number)),
            Self::Call(call) | Self::Steady(_, call) => call.args.iter().any(|p| p.uses(number)),
        }
    }
}

/// An operation costs as a call does: a rule as long as its file allows is bounded like one that calls much.
fn spend<V: Values>(on: &V, at: Position) -> Result<(), Stopped> {
    on.env().spend(0).map_err(|s| Stopped::at(s, at))
}

/// Conditions in a row, up to the first that is not `wanted`.
fn every<'v, V: Values>(parts: &'v [Plan], on: &'v V, wanted: bool) -> Result<Cow<'v, Val>, Stopped> {
    for part in parts {
        match *part.eval(on)? {
            Val::Bool(answer) if answer == wanted => {}
            Val::Bool(answer) => return Ok(Cow::Owned(Val::Bool(answer))),
            _ => return Err(Stopped::at(no_condition(), Position::NONE)),
        }
    }
    Ok(Cow::Owned(Val::Bool(wanted)))
}

/// The checks at load time keep this from happening.
pub(super) fn no_condition() -> Stop {
    Stop::fault("la condizione non è né vera né falsa", "the condition is neither true nor false")
}

impl Call {
    fn eval<V: Values>(&self, on: &V) -> Answer {
        match &*self.args {
            [] => self.with(on, &[]),
            [a] => self.with(on, &[a.eval(on)?]),
            [a, b] => self.with(on, &[a.eval(on)?, b.eval(on)?]),
            [a, b, c] => self.with(on, &[a.eval(on)?, b.eval(on)?, c.eval(on)?]),
            args => self.with(on, &args.iter().map(|a| a.eval(on)).collect::<Result<Vec<_>, _>>()?),
        }
    }

    fn with<V: Values>(&self, on: &V, args: &[Cow<'_, Val>]) -> Answer {
        run(on.env(), self.function, &Args(args)).map_err(|s| Stopped::at(s, self.at))
    }
}

/// Calls a function; what it gives for whole columns is kept for the document.
pub(super) fn run(env: &Env, function: &'static Function, args: &Args<'_>) -> Result<Val, Stop> {
    env.spend(0)?;
    for (value, param) in args.0.iter().zip(function.params) {
        if *param != Param::Column {
            there(value)?;
        }
        calculated(value)?;
    }
    let Some(call) = lasting(function, args.0) else { return (function.run)(env, args) };
    let view = env.view();
    if let Some(known) = view.computed.borrow().get(&call) {
        return Ok(known.clone());
    }
    let result = match (function.run)(env, args)? {
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
fn lasting(function: &Function, args: &[Cow<'_, Val>]) -> Option<Known> {
    let kept = |value: &Val| match value {
        Val::List(list) => list.is_lasting(),
        Val::Literal(_) | Val::Number(_) => true,
        _ => false,
    };
    if !matches!(args.first().map(|v| &**v), Some(Val::List(_))) || !args.iter().all(|v| kept(v)) {
        return None;
    }
    let argument = |value: &Cow<'_, Val>| match &**value {
        Val::List(list) => list.identity().map(Argument::List),
        Val::Literal(text) => Some(Argument::Text(text.shared())),
        Val::Number(n) => Some(Argument::Number(*n)),
        _ => None,
    };
    Some((function.name, args.iter().map(argument).collect::<Option<Vec<_>>>()?))
}

/// A formula without a result stops the evaluation, alone or in a list: whatever is said of it may be wrong, that it
/// is blank too.
pub(super) fn calculated(value: &Val) -> Result<(), Stop> {
    let spot = match value {
        Val::Field(field) if field.is_uncalculated() => Some(field.spot),
        Val::List(list) => list.uncalculated(),
        _ => None,
    };
    spot.map_or(Ok(()), |spot| Err(Stop::Unclear(spot, Why::Uncalculated)))
}

/// A field of a column that the table lacks stops the evaluation.
pub(super) fn there(value: &Val) -> Result<(), Stop> {
    match value {
        Val::Field(Field { reading: Reading::Absent(lack), .. }) => Err(Stop::Absent(lack.clone())),
        _ => Ok(()),
    }
}
