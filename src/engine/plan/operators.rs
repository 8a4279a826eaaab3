//! The operators: an answer by the rules of the language, or a stop, never a bare `false` for values of two types.

use std::cmp::Ordering;
use std::rc::Rc;

use rust_decimal::Decimal;

use super::{calculated, there};
use crate::engine::env::Env;
use crate::engine::value::{Stop, Val, Why};

/// An operator between two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) enum Operator {
    Equal,
    Differs,
    Less,
    AtMost,
    Greater,
    AtLeast,
    Plus,
    Minus,
    Times,
    Over,
    Rest,
}

/// An operator before one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) enum Sign {
    Not,
    Minus,
    Plus,
}

use Operator::{AtLeast, AtMost, Differs, Equal, Greater, Less, Minus, Over, Plus, Rest, Times};

/// Every operator between two values, as written.
pub(in crate::engine) const BINARY: [(&str, Operator); 11] = [
    ("==", Equal),
    ("!=", Differs),
    ("<", Less),
    ("<=", AtMost),
    (">", Greater),
    (">=", AtLeast),
    ("+", Plus),
    ("-", Minus),
    ("*", Times),
    ("/", Over),
    ("%", Rest),
];

/// Every operator before one value, as written.
pub(in crate::engine) const UNARY: [(&str, Sign); 3] = [("!", Sign::Not), ("-", Sign::Minus), ("+", Sign::Plus)];

fn wrong(op: &str) -> Stop {
    Stop::fault(
        format!("l'operatore «{op}» non si applica a questi valori"),
        format!("the operator “{op}” does not apply to these values"),
    )
}

impl Sign {
    pub(super) fn named(name: &str) -> Option<Self> {
        UNARY.iter().find(|(n, _)| *n == name).map(|(_, sign)| *sign)
    }

    pub(super) fn name(self) -> &'static str {
        UNARY.iter().find(|(_, s)| *s == self).map_or("", |(name, _)| name)
    }

    pub(in crate::engine) fn apply(self, value: &Val) -> Result<Val, Stop> {
        there(value)?;
        calculated(value)?;
        match (self, value) {
            (Self::Not, Val::Bool(b)) => Ok(Val::Bool(!b)),
            (Self::Minus, Val::Number(n)) => Ok(Val::Number(-n)),
            (Self::Plus, Val::Number(n)) => Ok(Val::Number(*n)),
            _ => Err(wrong(self.name())),
        }
    }
}

impl Operator {
    pub(super) fn named(name: &str) -> Option<Self> {
        BINARY.iter().find(|(n, _)| *n == name).map(|(_, operator)| *operator)
    }

    pub(super) fn name(self) -> &'static str {
        BINARY.iter().find(|(_, o)| *o == self).map_or("", |(name, _)| name)
    }

    pub(in crate::engine) fn apply(self, env: &Env, a: &Val, b: &Val) -> Result<Val, Stop> {
        there(a)?;
        there(b)?;
        calculated(a)?;
        calculated(b)?;
        // What is missing is missing whatever it meets.
        for value in [a, b] {
            if let Val::Field(field) = value
                && field.is_missing()
            {
                return Err(Stop::Unclear(field.spot, Why::Missing));
            }
        }
        match (a, b) {
            (Val::Number(x), Val::Number(y)) => self.numbers(env, *x, *y),
            (Val::Bool(x), Val::Bool(y)) => self.equality(x == y),
            (Val::Field(x), Val::Field(y)) => {
                self.equality(Rc::ptr_eq(&x.words, &y.words) || x.words.normal() == y.words.normal())
            }
            (Val::Field(x), Val::Literal(y)) | (Val::Literal(y), Val::Field(x)) => {
                self.equality(x.words.normal() == y.normal())
            }
            (Val::Literal(x), Val::Literal(y)) => self.equality(x.normal() == y.normal()),
            _ => Err(wrong(self.name())),
        }
    }

    fn equality(self, equal: bool) -> Result<Val, Stop> {
        match self {
            Equal => Ok(Val::Bool(equal)),
            Differs => Ok(Val::Bool(!equal)),
            _ => Err(wrong(self.name())),
        }
    }

    /// A division by zero, or a result beyond all numbers, says that the figures of the document cannot be meant.
    fn numbers(self, env: &Env, a: Decimal, b: Decimal) -> Result<Val, Stop> {
        let order = || a.cmp(&b);
        let result = match self {
            Equal => return Ok(Val::Bool(a == b)),
            Differs => return Ok(Val::Bool(a != b)),
            Less => return Ok(Val::Bool(order() == Ordering::Less)),
            AtMost => return Ok(Val::Bool(order() != Ordering::Greater)),
            Greater => return Ok(Val::Bool(order() == Ordering::Greater)),
            AtLeast => return Ok(Val::Bool(order() != Ordering::Less)),
            Plus => a.checked_add(b),
            Minus => a.checked_sub(b),
            Times => a.checked_mul(b),
            Over => a.checked_div(b),
            Rest => a.checked_rem(b),
        };
        result.map(Val::Number).ok_or(Stop::Unclear(env.here(), Why::Unreadable))
    }
}
