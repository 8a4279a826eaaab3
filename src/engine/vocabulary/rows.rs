//! The printed rows of a form: what is missing, what is there besides.

use super::{ARGS, Args, FIELD, Function, LIST, Param, UNIT, documents, row};
use crate::engine::env::Env;
use crate::engine::value::{Field, List, Spot, Stop, Val};
use crate::engine::view::{Departure, TableView, View, small};

pub(super) const FUNCTIONS: &[Function] = &[
    row(
        "deviations",
        &[],
        ARGS,
        LIST,
        deviations,
        (
            "i punti in cui le righe si scostano dal modulo",
            "where the rows depart from the form",
            "count(deviations()) == 0",
        ),
    ),
    row(
        "rows_missing",
        &[],
        UNIT,
        LIST,
        rows_missing,
        (
            "le righe del modulo che mancano sotto la domanda in esame; di ciascuna il posto è la riga da seguire",
            "the rows of the form missing under the question at hand; the place of each is the row to follow",
            "count(rows_missing()) == 0",
        ),
    ),
    row(
        "rows_stray",
        &[],
        UNIT,
        LIST,
        rows_stray,
        (
            "le righe sotto la domanda in esame che il modulo non ha, o ha altrove",
            "the rows under the question at hand that the form lacks, or has elsewhere",
            "first(rows_stray())",
        ),
    ),
    row(
        "missing_keys",
        &[],
        ARGS,
        LIST,
        missing_keys,
        (
            "i numeri del modulo che mancano dal documento; di ciascuno il posto è il numero che lo precede",
            "the numbers of the form that the document lacks; the place of each is the number before it",
            "count(missing_keys()) == 0",
        ),
    ),
    row(
        "key_before",
        &[Param::Text],
        UNIT,
        FIELD,
        key_before,
        (
            "il numero presente che nel modulo precede questo",
            "the number given that precedes this one in the form",
            "key_before(first(missing_keys()))",
        ),
    ),
];

fn departures(env: &Env, wanted: impl Fn(&Departure) -> bool) -> Val {
    let view = env.view();
    let found = view.tables.get(env.table()).map(|t| t.deviations.iter().filter(|d| wanted(d)));
    Val::List(List::new(found.into_iter().flatten().map(|d| d.place.clone()).collect()))
}

#[expect(clippy::unnecessary_wraps, reason = "a row of the table of functions")]
fn deviations(env: &Env, _: &Args<'_>) -> Result<Val, Stop> {
    Ok(departures(env, |_| true))
}

/// Whether a departure is told under the unit at hand, or under any where the whole table is looked at.
fn here(env: &Env, departure: &Departure) -> bool {
    if departure.under.is_empty() {
        return false;
    }
    let Spot::Unit { unit, .. } = env.here() else { return true };
    let view = env.view();
    let own = view.tables.get(env.table()).and_then(|t| t.numbered(&departure.under));
    own.is_some_and(|(own, _)| small(own) == unit)
}

#[expect(clippy::unnecessary_wraps, reason = "a row of the table of functions")]
fn rows_missing(env: &Env, _: &Args<'_>) -> Result<Val, Stop> {
    Ok(departures(env, |d| d.missing && here(env, d)))
}

#[expect(clippy::unnecessary_wraps, reason = "a row of the table of functions")]
fn rows_stray(env: &Env, _: &Args<'_>) -> Result<Val, Stop> {
    Ok(departures(env, |d| !d.missing && here(env, d)))
}

/// The tables that make up one form with the table at hand: a form may be kept in parts.
fn parts<'v>(env: &Env, view: &'v View) -> impl Iterator<Item = (usize, &'v TableView)> + use<'v> {
    let own = view.tables.get(env.table());
    let same = move |t: &TableView| own.is_some_and(|o| o.kind == t.kind && o.variant == t.variant);
    view.tables.iter().enumerate().filter(move |(_, t)| same(t))
}

/// The printed cell of a number, wherever the form's parts have it.
fn printed(env: &Env, view: &View, key: &str) -> Option<(usize, Field)> {
    parts(env, view).find_map(|(table, t)| {
        let (unit, _) = t.numbered(key).filter(|(_, printed)| *printed)?;
        let pack = t.pack.as_deref()?;
        let number = match (&pack.schedule.questionnaire, &pack.schedule.counts) {
            (Some(q), _) => t.slot(&q.number),
            (None, Some(c)) => t.slot(&c.number),
            (None, None) => None,
        };
        Some((table, t.unit_fields(table, unit, number?).into_iter().next()?))
    })
}

fn keys(env: &Env) -> Result<Vec<String>, Stop> {
    let variant = env.view().tables.get(env.table()).and_then(|t| t.variant.clone());
    let pack = env.pack()?;
    let keys: Vec<String> = documents::keys(&pack, variant.as_deref()).map(str::to_owned).collect();
    env.spend(keys.len() * 100)?;
    Ok(keys)
}

fn missing_keys(env: &Env, _: &Args<'_>) -> Result<Val, Stop> {
    let view = env.view();
    let first = parts(env, &view).next().map_or(0, |(i, _)| i);
    let mut before = (first, Field::missing(Spot::Table { table: small(first) }));
    let mut missing = Vec::new();
    for key in keys(env)? {
        match printed(env, &view, &key) {
            Some(found) => before = found,
            None if before.0 == env.table() => missing.push(Field { spot: before.1.spot, ..Field::computed(key) }),
            None => {}
        }
    }
    Ok(Val::List(List::new(missing)))
}

fn key_before(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (view, wanted) = (env.view(), args.words(0)?);
    let all = keys(env)?;
    let above = all.iter().take_while(|k| k.as_str() != wanted.text());
    let before = above.filter_map(|k| printed(env, &view, k)).last();
    Ok(Val::Field(before.map_or_else(|| Field::missing(env.here()), |(_, field)| field)))
}
