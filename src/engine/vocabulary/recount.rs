//! The figures of an Allegato 2, counted anew from the body's registers of objectives.

use super::{ARGS, Args, Function, NUMBER, Param, TEXT, absent_document, row};
use crate::engine::env::Env;
use crate::engine::value::{Stop, Val};
use crate::model::{Allegato2, CountedRow, Level};
use crate::text;

/// The kind of schedule that is counted.
const REGISTER: &str = "obiettivi";
/// Characters of a list of names.
const ROOM: usize = 200;

pub(super) const FUNCTIONS: &[Function] = &[
    row(
        "recount",
        &[Param::Field],
        ARGS,
        NUMBER,
        recount,
        (
            "la voce dell'Allegato 2 con questo numero, contata dai registri degli obiettivi dell'ente",
            "the item of the Allegato 2 with this number, counted from the body's registers of objectives",
            "number(valore) == recount(numero)",
        ),
    ),
    row(
        "recounted",
        &[Param::Field],
        ARGS,
        TEXT,
        recounted,
        (
            "gli obiettivi contati nella voce dell'Allegato 2 con questo numero, per codice o titolo",
            "the objectives counted in the item of the Allegato 2 with this number, by code or title",
            "recounted(numero)",
        ),
    ),
];

fn recount(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    with_row(env, args, |_, row| {
        let not_computable = || {
            let note = row.note.clone().unwrap_or_default();
            Stop::not_evaluable(note.clone(), note)
        };
        row.value.map(|n| Val::Number(n.into())).ok_or_else(not_computable)
    })
}

fn recounted(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    with_row(env, args, |counted, row| {
        let names = text::one_line(&counted.objectives_of(row).join("; "), ROOM);
        Ok(Val::text(if names.is_empty() { "-" } else { &names }))
    })
}

/// What is known of the row with a number in the table under evaluation.
fn with_row(
    env: &Env,
    args: &Args<'_>,
    give: impl FnOnce(&Allegato2, &CountedRow) -> Result<Val, Stop>,
) -> Result<Val, Stop> {
    let number = args.given(0)?.words.normal().trim_end_matches(['.', ')']).to_owned();
    let view = env.view();
    let Some(counted) = &view.counted else { return Err(absent_document(env, REGISTER, None)) };
    let variant = view.tables.get(env.table()).and_then(|t| t.variant.clone());
    let level = Level::COUNTED.into_iter().find(|level| Some(level.variant()) == variant.as_deref());
    let table = counted.tables.iter().find(|t| Some(t.level) == level);
    let row = table.and_then(|t| t.rows.iter().find(|r| r.number.to_string() == number));
    let unknown = || {
        Stop::not_evaluable(
            format!("la riga {number} non è tra quelle che si contano"),
            format!("row {number} is none of those counted"),
        )
    };
    give(counted, row.ok_or_else(unknown)?)
}
