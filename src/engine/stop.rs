//! Why the evaluation of an expression stops without an answer.

use std::rc::Rc;

use super::value::Spot;
use crate::model::Bilingual;

/// Why a value keeps a rule from being decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Why {
    /// Nothing is there.
    Missing,
    /// What is there cannot be read as what is needed.
    Unreadable,
    /// A formula is there, and the file holds no result of it.
    Uncalculated,
}

/// Why an evaluation stopped.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Stop {
    /// A value it needs is missing or unreadable.
    Unclear(Spot, Why),
    /// Something the whole table or document lacks.
    NotEvaluable(Rc<Bilingual>),
    /// A column the table lacks.
    Absent(Rc<Bilingual>),
    /// The rule itself failed.
    Fault(Rc<Bilingual>),
}

impl Stop {
    pub(super) fn fault(it: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Fault(Rc::new(Bilingual::new(it, en)))
    }

    pub(super) fn not_evaluable(it: impl Into<String>, en: impl Into<String>) -> Self {
        Self::NotEvaluable(Rc::new(Bilingual::new(it, en)))
    }
}
