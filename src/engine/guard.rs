//! Cells that may be blank: a condition that needs their value says what it does without it.
//!
//! A blank cell makes a rule not evaluable, which is right where the value is what the rule is about and nothing else can be
//! said, and an oversight where it is not. Which of the two, the author says: by asking for the value, or by an example in
//! which it is blank.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::check::Expression;
use super::header::Split;
use super::rule::Subject;
use crate::model::{Bilingual, RuleFault};
use crate::pack::{Pack, TomlTable};

/// Functions that ask whether there is a value.
const ASKING: [&str; 6] = ["present", "missing", "not_applicable", "placeholder", "readable", "is_number"];

/// Functions that need the value of a cell.
const NEEDING: [&str; 21] = [
    "any_of",
    "about",
    "at_least",
    "at_most",
    "equal_to",
    "exactly",
    "has",
    "integer",
    "len",
    "listed",
    "lookup",
    "matches",
    "mentions",
    "no",
    "number",
    "part",
    "same",
    "similar",
    "starts",
    "yes",
    "days_between",
];

pub(super) fn asks(function: &str) -> bool {
    ASKING.contains(&function)
}

pub(super) fn needs(function: &str) -> bool {
    NEEDING.contains(&function)
}

/// The fields that the conditions need, for which they never ask and of which no example says what a blank one does.
pub(super) fn unguarded(split: &Split, pack: &Pack, subject: &Subject, deciding: &[&Expression]) -> Vec<RuleFault> {
    // The cells of a printed form are blank in most examples.
    let examples = &split.header.examples;
    // A rule without examples has none that could say it.
    if split.is_proven || examples.is_empty() || pack.form().is_some() || !matches!(subject, Subject::Each(_)) {
        return Vec::new();
    }
    let mut settled: BTreeSet<Arc<str>> = deciding.iter().flat_map(|e| e.reads.guards.iter().cloned()).collect();
    let mut faults = Vec::new();
    for expression in deciding {
        for (field, at) in &expression.reads.bare {
            if settled.contains(field) || is_blank_somewhere(split, field) {
                continue;
            }
            settled.insert(field.clone());
            let message = Bilingual::new(
                format!(
                    "«{field}» può essere in bianco, e qui ne serve il valore: chiedere present({field}) in «when», o aggiungere un esempio in cui è in bianco"
                ),
                format!(
                    "“{field}” may be blank, and its value is needed here: ask present({field}) in “when”, or add an example in which it is blank"
                ),
            );
            faults.push(split.source.fault(expression.line(&split.source, *at), message));
        }
    }
    faults
}

/// Whether some example has a blank cell in the column of a field.
fn is_blank_somewhere(split: &Split, field: &str) -> bool {
    let is_blank = |row: &TomlTable| row.get(field).is_none_or(|v| v.as_str().is_some_and(|v| v.trim().is_empty()));
    split.header.examples.iter().map(AsRef::as_ref).any(|example| {
        let rows: Vec<&TomlTable> = example.row.iter().chain(example.rows.iter().flatten()).collect();
        rows.iter().any(|row| row.contains_key(field)) && rows.iter().any(|row| is_blank(row))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::vocabulary;

    #[test]
    fn functions_that_need_or_ask_for_a_value_are_there() {
        for name in ASKING.iter().chain(&NEEDING) {
            assert!(!vocabulary::named(name).is_empty(), "{name}");
        }
    }
}
