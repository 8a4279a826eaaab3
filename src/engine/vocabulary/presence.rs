//! Whether something is there. Nothing here ever finds a value unclear.

use super::{ARGS, Also, Args, BOOL, Function, Name, Param, row};
use crate::engine::env::Env;
use crate::engine::value::{Reading, Stop, Val};
use crate::pack::FieldKind;

pub(super) const FUNCTIONS: &[Function] = &[
    row(
        "present",
        &[Param::Field],
        ARGS,
        BOOL,
        present,
        (
            "il campo ha un testo o un valore suo: non è in bianco né «non applicabile»",
            "the field has a text or value of its own: neither blank nor “non applicabile”",
            "present(area_rischio)",
        ),
    ),
    row(
        "missing",
        &[Param::Field],
        ARGS,
        BOOL,
        missing,
        ("il campo è in bianco", "the field is blank", "missing(evento)"),
    ),
    row(
        "not_applicable",
        &[Param::Field],
        ARGS,
        BOOL,
        not_applicable,
        ("il campo dice «non applicabile»", "the field says “non applicabile”", "not_applicable(risposta)"),
    ),
    row(
        "placeholder",
        &[Param::Field],
        ARGS,
        BOOL,
        placeholder,
        (
            "il testo sta al posto di un valore da scrivere («da definire», «xxx»)",
            "the text stands for a value to come (“da definire”, “xxx”)",
            "placeholder(responsabile_misura)",
        ),
    ),
    row(
        "readable",
        &[Param::Field],
        ARGS,
        BOOL,
        readable,
        (
            "il campo si legge come il numero, il termine o il valore che deve contenere",
            "the field reads as the number, term or value it should hold",
            "readable(punteggio)",
        ),
    ),
    row(
        "has_column",
        &[Param::Name(Name::Field)],
        ARGS.also(Also::Asks),
        BOOL,
        has_column,
        ("la tabella ha la colonna del campo", "the table has the column of the field", "has_column(\"livello\")"),
    ),
    row(
        "has_document",
        &[Param::Name(Name::Kind)],
        ARGS,
        BOOL,
        has_document,
        (
            "tra le tabelle del file c'è una scheda di questo tipo",
            "among the tables of the file is a schedule of this kind",
            "has_document(\"allegato2\")",
        ),
    ),
    row(
        "has_head",
        &[Param::Name(Name::Head)],
        ARGS,
        BOOL,
        has_head,
        ("il documento dice questo dato in testa", "the document's head gives this datum", "has_head(\"ufficio\")"),
    ),
];

#[expect(clippy::unnecessary_wraps, reason = "a row of the table of functions")]
fn yes(answer: bool) -> Result<Val, Stop> {
    Ok(Val::Bool(answer))
}

fn present(_: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    yes(matches!(args.field(0)?.reading, Reading::Text | Reading::Typed(..)))
}

fn missing(_: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    yes(args.field(0)?.is_missing())
}

fn not_applicable(_: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    yes(matches!(args.field(0)?.reading, Reading::NotApplicable))
}

fn placeholder(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let words = &args.field(0)?.words;
    yes(env.view().tables.get(env.table()).is_some_and(|t| t.is_placeholder(words)))
}

fn readable(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let field = args.field(0)?;
    let view = env.view();
    let spec = field.spot.slot().and_then(|(table, slot)| view.tables.get(table)?.spec(slot));
    let kind = spec.map_or(FieldKind::Text, |s| s.kind);
    yes(match field.reading {
        Reading::Missing | Reading::Uncalculated | Reading::Absent(_) => false,
        Reading::NotApplicable | Reading::Typed(..) => true,
        Reading::Text => kind == FieldKind::Text,
    })
}

fn has_column(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let name = args.name(0)?;
    yes(env.view().tables.get(env.table()).is_some_and(|t| t.slot(name).is_some()))
}

fn has_document(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    yes(env.view().find(args.name(0)?, None).is_some())
}

fn has_head(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    yes(env.view().head(args.name(0)?).is_some_and(|f| !f.is_missing()))
}
