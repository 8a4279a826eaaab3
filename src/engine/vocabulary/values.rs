//! What a field says as a number, and the comparison of numbers.

use rust_decimal::Decimal;

use super::{ARGS, Args, BOOL, Function, NUMBER, Param, UNIT, row};
use crate::engine::env::Env;
use crate::engine::value::{Field, Reading, Spot, Stop, Val, Why};
use crate::model::Value;
use crate::text;

pub(super) const FUNCTIONS: &[Function] = &[
    row(
        "number",
        &[Param::Text],
        ARGS,
        NUMBER,
        number,
        (
            "il numero nel campo (percentuali in punti, rapporti come quoziente; «non applicabile» è 0)",
            "the number in the field (percentages in points, ratios as quotient; “non applicabile” is 0)",
            "number(valore) > 0",
        ),
    ),
    row(
        "integer",
        &[Param::Text],
        ARGS,
        BOOL,
        integer,
        (
            "il campo contiene un numero intero non negativo e nient'altro",
            "the field holds a whole number, not negative, and nothing else",
            "integer(valore)",
        ),
    ),
    row(
        "is_number",
        &[Param::Text],
        ARGS,
        BOOL,
        is_number,
        (
            "al posto di parole c'è solo un numero, una percentuale, un rapporto o una data",
            "instead of words there is only a number, a percentage, a ratio or a date",
            "is_number(risposta)",
        ),
    ),
    row(
        "at_least",
        &[Param::Number, Param::Number],
        ARGS,
        BOOL,
        at_least,
        ("il primo numero non è minore del secondo", "the first number is not less", "at_least(count(misura), 1)"),
    ),
    row(
        "at_most",
        &[Param::Number, Param::Number],
        ARGS,
        BOOL,
        at_most,
        (
            "il primo numero non è maggiore del secondo",
            "the first number is not greater",
            "at_most(filled(dettagli), 5)",
        ),
    ),
    row(
        "about",
        &[Param::Number, Param::Number, Param::Number],
        UNIT,
        BOOL,
        about,
        (
            "i primi due numeri distano al più quanto il terzo",
            "the first two numbers are no further apart than the third",
            "about(number(punteggio), number(probabilita) * number(impatto), 0.5)",
        ),
    ),
    row(
        "year",
        &[],
        ARGS,
        NUMBER,
        year,
        ("l'anno del documento, o della data del controllo", "the document's year, or the run's", "year() >= 2019"),
    ),
];

fn number(_: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let words = args.words(0)?;
    let Ok(field) = args.field(0) else {
        return parsed(&words.shared(), Spot::Nowhere).map(Val::Number);
    };
    number_of(field).map(Val::Number)
}

/// The number in a field that holds something.
pub(super) fn number_of(field: &Field) -> Result<Decimal, Stop> {
    match &field.reading {
        Reading::Typed(value, _) => value.as_decimal().ok_or(Stop::Unclear(field.spot, Why::Unreadable)),
        Reading::NotApplicable => Ok(Decimal::ZERO),
        Reading::Text => parsed(field.words.text(), field.spot),
        Reading::Missing => Err(Stop::Unclear(field.spot, Why::Missing)),
        Reading::Uncalculated => Err(Stop::Unclear(field.spot, Why::Uncalculated)),
        Reading::Absent(lack) => Err(Stop::Absent(lack.clone())),
    }
}

fn parsed(found: &str, spot: Spot) -> Result<Decimal, Stop> {
    value_of(found).0.as_decimal().ok_or(Stop::Unclear(spot, Why::Unreadable))
}

/// What a text says by the whole grammar of values, and whether words stand beside it.
fn value_of(found: &str) -> (Value, bool) {
    let words = text::Words::default();
    let parsed = text::parse(found, &text::Context { words: &words, year: None });
    (parsed.value, parsed.remainder.is_some())
}

fn integer(_: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let words = args.words(0)?;
    let text = words.text().trim();
    Ok(Val::Bool(!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())))
}

fn is_number(_: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let words = args.words(0)?;
    let alone = |value: &Value, beside: bool| {
        !beside
            && matches!(
                value,
                Value::Number(..)
                    | Value::Percent(..)
                    | Value::Ratio(..)
                    | Value::Money(..)
                    | Value::Date(_)
                    | Value::Range(..)
                    | Value::PercentRange(..)
            )
    };
    let answer = match args.field(0).map(|f| &f.reading) {
        Ok(Reading::Typed(value, beside)) => alone(value, *beside),
        Ok(Reading::NotApplicable) => false,
        _ => {
            let (value, beside) = value_of(words.text());
            alone(&value, beside)
        }
    };
    Ok(Val::Bool(answer))
}

fn at_least(_: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    Ok(Val::Bool(args.number(0)? >= args.number(1)?))
}

fn at_most(_: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    Ok(Val::Bool(args.number(0)? <= args.number(1)?))
}

fn about(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (a, b, tolerance) = (args.number(0)?, args.number(1)?, args.number(2)?);
    let apart = a.checked_sub(b).map(|d| d.abs());
    apart.map(|d| Val::Bool(d <= tolerance)).ok_or(Stop::Unclear(env.here(), Why::Unreadable))
}

fn year(env: &Env, _: &Args<'_>) -> Result<Val, Stop> {
    known_year(env).map(|y| Val::Number(Decimal::from(y)))
}

/// The year of the document, else of the date of the run.
pub(in crate::engine) fn known_year(env: &Env) -> Result<i16, Stop> {
    let head = env.view().year.as_ref().and_then(year_of);
    head.or_else(|| env.as_of().map(jiff::civil::Date::year)).ok_or_else(no_year)
}

/// The year that a datum says.
pub(in crate::engine) fn year_of(datum: &Field) -> Option<i16> {
    use rust_decimal::prelude::ToPrimitive as _;
    number_of(datum).ok()?.to_i16()
}

/// Nobody says of which year the document is.
pub(super) fn no_year() -> Stop {
    Stop::not_evaluable(
        "il documento non dice il suo anno e non è indicata una data di riferimento: l'anno si può scrivere in riscontro.toml, [cycle] year",
        "the document does not tell its year and no reference date was given: the year may be written in riscontro.toml, [cycle] year",
    )
}
