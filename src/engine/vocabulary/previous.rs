//! What the unit at hand was in the document before, of the year or version before.

use super::{ARGS, Args, BOOL, FIELD, Function, Name, Param, Returns, UNIT, absent_document, row};
use crate::engine::before::{lacking, no_previous, then};
use crate::engine::env::Env;
use crate::engine::value::{Field, List, Spot, Stop, Val};
use crate::engine::view::lack;
use crate::model::Bilingual;

pub(super) const FUNCTIONS: &[Function] = &[
    row(
        "has_before",
        &[],
        UNIT,
        BOOL,
        has_before,
        (
            "la voce in esame c'era già nel documento precedente, con la stessa chiave",
            "the unit at hand was in the previous document, under the same key",
            "has_before() && present(before(\"risposta\"))",
        ),
    ),
    row(
        "before",
        &[Param::Name(Name::Field)],
        UNIT,
        Returns::AsField(0),
        before,
        (
            "un campo della stessa voce nel documento precedente; in bianco se la voce non c'era",
            "a field of the same unit in the previous document; blank if the unit was not there",
            "before(\"ufficio\") == ufficio",
        ),
    ),
    row(
        "head_before",
        &[Param::Name(Name::Head)],
        ARGS,
        FIELD,
        head_before,
        (
            "un dato in testa al documento precedente",
            "a datum of the head of the previous document",
            "number(head_before(\"anno\")) + 1",
        ),
    ),
    row(
        "entry_before",
        &[Param::Name(Name::Kind), Param::Name(Name::Variant), Param::Number],
        ARGS,
        FIELD,
        entry_before,
        (
            "il valore di una voce dei conteggi del documento precedente",
            "the value of an item in the counts of the previous document",
            "number(entry_before(\"allegato2\", \"strategici\", 1))",
        ),
    ),
];

fn has_before(env: &Env, _: &Args<'_>) -> Result<Val, Stop> {
    let view = env.view();
    let before = view.before.as_ref().ok_or_else(no_previous)?;
    Ok(Val::Bool(before.has(env.here(), &view)))
}

fn before(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (view, name, here) = (env.view(), args.name(0)?, env.here());
    let before = view.before.as_ref().ok_or_else(no_previous)?;
    let cells = before.cells(here, name)?;
    if env.pack()?.schedule.field(name).is_some_and(|field| field.many) {
        return Ok(Val::List(List::new(cells)));
    }
    let given = cells.iter().position(|field| !field.is_missing()).unwrap_or(0);
    Ok(Val::Field(cells.into_iter().nth(given).unwrap_or_else(|| Field::missing(here))))
}

fn head_before(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let view = env.view();
    let before = view.before.as_ref().ok_or_else(no_previous)?;
    let datum = before.view.head(args.name(0)?).cloned().map(then);
    Ok(Val::Field(datum.unwrap_or_else(|| Field::missing(Spot::Nowhere))))
}

fn entry_before(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (view, kind, variant, number) = (env.view(), args.name(0)?, args.name(1)?, args.words(2)?);
    let before = view.before.as_ref().ok_or_else(no_previous)?;
    let Some((table, of)) = before.view.find(kind, Some(variant)) else {
        return Err(match absent_document(env, kind, Some(variant)) {
            Stop::NotEvaluable(reason) => lacking(&reason),
            other => other,
        });
    };
    let counts = of.pack.as_ref().and_then(|pack| pack.schedule.counts.as_ref());
    let field = counts.map(|counts| &*counts.value).unwrap_or_default();
    let slot = of.slot(field).ok_or_else(|| lacking(&lack(of.pack.as_deref(), field)))?;
    let Some((unit, _)) = of.numbered(number.text()) else {
        let item = number.text();
        return Err(lacking(&Bilingual::new(format!("manca la voce {item}"), format!("item {item} is missing"))));
    };
    let cell = of.unit_fields(table, unit, slot).into_iter().next().map(then);
    Ok(Val::Field(cell.unwrap_or_else(|| Field::missing(Spot::Nowhere))))
}
