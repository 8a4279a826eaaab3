//! Lists of numbers: gaps in a numbering, sums.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::values::number_of;
use super::{ARGS, Args, Function, LIST, NUMBER, Param, row};
use crate::engine::env::Env;
use crate::engine::value::{Field, List, Stop, Val, Why};

pub(super) const FUNCTIONS: &[Function] = &[
    row(
        "gaps",
        &[Param::List],
        ARGS,
        LIST,
        gaps,
        (
            "i numeri interi che mancano tra il minore e il maggiore; vuoto se una cella non è un numero intero",
            "the whole numbers missing between the least and the greatest; empty if a cell is no whole number",
            "count(gaps(all(\"numero\"))) == 0",
        ),
    ),
    row(
        "after_gaps",
        &[Param::List],
        ARGS,
        LIST,
        after_gaps,
        (
            "le celle che seguono un numero mancante",
            "the cells that follow a missing number",
            "after_gaps(all(\"numero\"))",
        ),
    ),
    row(
        "sum",
        &[Param::List],
        ARGS,
        NUMBER,
        sum,
        ("la somma dei numeri dell'elenco", "the sum of the numbers of the list", "sum(peso) == 100"),
    ),
];

/// A numbering wider than this is none.
const WIDEST: i64 = 100_000;

/// The whole numbers of a list with the first cell of each; `None` if one is no whole number.
fn numbering(env: &Env, list: &List) -> Result<Option<BTreeMap<i64, Field>>, Stop> {
    env.spend(list.fields().len() * 50)?;
    let mut numbers = BTreeMap::new();
    for field in list.given() {
        let whole = number_of(field).ok().filter(Decimal::is_integer).and_then(|n| n.to_i64());
        let Some(n) = whole else { return Ok(None) };
        numbers.entry(n).or_insert_with(|| field.clone());
    }
    let width = numbers.keys().next().zip(numbers.keys().next_back()).and_then(|(a, b)| b.checked_sub(*a));
    Ok(width.is_some_and(|w| w < WIDEST).then_some(numbers))
}

fn gaps(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let numbers = numbering(env, args.list(0)?)?.unwrap_or_default();
    let ends = numbers.keys().next().zip(numbers.keys().next_back());
    let missing = ends.map(|(a, b)| (*a..=*b).filter(|n| !numbers.contains_key(n)).collect::<Vec<_>>());
    let missing = missing.unwrap_or_default();
    env.spend(missing.len() * 20)?;
    Ok(Val::List(List::new(missing.into_iter().map(|n| Field::computed(n.to_string())).collect())))
}

fn after_gaps(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let numbers = numbering(env, args.list(0)?)?.unwrap_or_default();
    let steps = numbers.keys().zip(numbers.iter().skip(1));
    let after = steps.filter(|(a, (b, _))| **b - **a > 1).map(|(_, (_, field))| field.clone());
    Ok(Val::List(List::new(after.collect())))
}

fn sum(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let list = args.list(0)?;
    env.spend(list.fields().len() * 20)?;
    let mut total = Decimal::ZERO;
    for field in list.fields() {
        let n = number_of(field)?;
        total = total.checked_add(n).ok_or(Stop::Unclear(field.spot, Why::Unreadable))?;
    }
    Ok(Val::Number(total))
}
