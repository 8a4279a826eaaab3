//! Lists of numbers: gaps in a numbering, sums.

use std::collections::{BTreeMap, BTreeSet};

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
        "misnumbered",
        &[Param::List],
        ARGS,
        LIST,
        misnumbered,
        (
            "le celle il cui numero non è il loro posto nell'elenco, dalla prima che è 1; le celle vuote contano, e non sono fra queste",
            "the cells whose number is not their place in the list, the first being 1; blank cells count, and are none of these",
            "count(misnumbered(all(\"numero\"))) == 0",
        ),
    ),
    row(
        "outline_breaks",
        &[Param::List],
        ARGS,
        LIST,
        outline_breaks,
        (
            "le celle il cui numero a più livelli (1.2, 1.2.1) torna indietro, o ha perso un livello («1» prima di «1.2», senza «1.1»); vuoto se una cella non è un numero o nessuna ha più livelli",
            "the cells whose number of several levels (1.2, 1.2.1) goes back, or lost a level (“1” before “1.2”, without “1.1”); empty if a cell is no number or none has several levels",
            "outline_breaks(all(\"numero\"))",
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

fn misnumbered(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let list = args.list(0)?;
    env.spend(list.fields().len() * 50)?;
    let mut wrong = Vec::new();
    for (place, field) in (1i64..).zip(list.fields()).filter(|(_, field)| !field.is_missing()) {
        let number = match number_of(field) {
            Ok(number) => Some(number),
            // «01» is a number too, «primo» is none.
            Err(Stop::Unclear(_, Why::Uncalculated)) => return Err(Stop::Unclear(field.spot, Why::Uncalculated)),
            Err(_) => field.words.text().trim().parse().ok(),
        };
        if number != Some(Decimal::from(place)) {
            wrong.push(field.clone());
        }
    }
    Ok(Val::List(List::new(wrong)))
}

fn outline_breaks(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let list = args.list(0)?;
    let length: usize = list.given().map(|f| f.words.text().len()).sum();
    env.spend(list.fields().len() * 20 + length)?;
    let numbers: Option<Vec<(Vec<u32>, &Field)>> =
        list.given().map(|f| levels(f.words.text()).map(|n| (n, f))).collect();
    let numbers = numbers.unwrap_or_default();
    let known: BTreeSet<&[u32]> = numbers.iter().map(|(n, _)| n.as_slice()).collect();
    let has_lost = |number: &[u32], next: &[u32]| {
        let first = [number, &[1]].concat();
        next.len() == number.len() + 1 && next.starts_with(number) && !known.contains(first.as_slice())
    };
    let pairs = numbers.iter().zip(numbers.iter().skip(1));
    let broken = pairs.filter_map(|((a, at), (b, then))| {
        let goes_back = (b < a).then_some(*then);
        has_lost(a, b).then_some(*at).or(goes_back)
    });
    let has_levels = numbers.iter().any(|(n, _)| n.len() > 1);
    Ok(Val::List(List::new(broken.filter(|_| has_levels).cloned().collect())))
}

/// The levels of a number such as `1.2.1`, `P_1.2.1` or `n. 1.2`.
fn levels(text: &str) -> Option<Vec<u32>> {
    let text = text.trim().trim_end_matches('.');
    let start = text.rfind(|c: char| !c.is_ascii_digit() && c != '.').map_or(0, |at| at + 1);
    let numbers = text.get(start..)?.trim_start_matches('.');
    numbers.split('.').map(|n| n.parse().ok()).collect()
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

#[cfg(test)]
mod tests {
    use super::levels;

    #[test]
    fn numbers_of_several_levels_are_read() {
        for (text, wanted) in [
            ("1", Some(vec![1])),
            (" 1.2.10 ", Some(vec![1, 2, 10])),
            ("1.2.", Some(vec![1, 2])),
            ("P_1.1.1", Some(vec![1, 1, 1])),
            ("n. 3.4", Some(vec![3, 4])),
            ("n.3", Some(vec![3])),
            ("A", None),
            ("1..2", None),
            ("1.2a", None),
            ("", None),
        ] {
            assert_eq!(levels(text), wanted, "{text}");
        }
    }
}
