//! What texts quote: the passages a pattern finds in them, the rows of the sheet they refer to, days between dates.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::values::{no_year, number_of};
use super::{ARGS, Args, FIELD, Function, LIST, NUMBER, Name, Param, row};
use crate::engine::env::Env;
use crate::engine::value::{Field, List, Reading, Spot, Stop, Val, Why, Words};
use crate::engine::view::{TableView, small};
use crate::model::{CellRef, Value};
use crate::text;

pub(super) const FUNCTIONS: &[Function] = &[
    row(
        "excerpts",
        &[Param::List, Param::Name(Name::Pattern)],
        ARGS,
        LIST,
        excerpts,
        (
            "tutti i brani delle celle dell'elenco che corrispondono allo schema; del gruppo «value», se lo schema lo ha",
            "all passages of the list's cells that match the pattern; of its group “value”, if the pattern has one",
            "excerpts(all(\"processo\"), \"maiuscolo\")",
        ),
    ),
    row(
        "boxed",
        &[Param::List],
        ARGS.picking(0),
        LIST,
        boxed,
        (
            "le celle dell'elenco il cui testo sta in una casella di testo sopra il foglio",
            "the cells of the list whose text stands in a text box over the sheet",
            "count(boxed(all(\"processo\"))) == 0",
        ),
    ),
    row(
        "sheet_row",
        &[Param::Field],
        ARGS,
        NUMBER,
        sheet_row,
        (
            "il numero della riga del foglio in cui sta la cella, anche in bianco",
            "the number of the sheet's row on which the cell stands, blank or not",
            "sheet_row(processo) > 1",
        ),
    ),
    row(
        "at_row",
        &[Param::Name(Name::Field), Param::Number],
        ARGS,
        FIELD,
        at_row,
        (
            "la cella della colonna del campo nella riga del foglio con questo numero",
            "the cell of the field's column on the row of the sheet with this number",
            "present(at_row(\"processo\", 12))",
        ),
    ),
    row(
        "days_between",
        &[Param::Text, Param::Text],
        ARGS,
        NUMBER,
        days_between,
        (
            "quanti giorni passano dalla prima data alla seconda, meno di 0 se viene prima; senza anno vale quello del documento",
            "how many days pass from the first date to the second, below 0 if it comes first; without a year that of the document",
            "days_between(\"31 gennaio\", fasi_tempi) <= 0",
        ),
    ),
];

fn excerpts(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (list, name) = (args.list(0)?, args.name(1)?);
    let pattern = env.pattern(name)?;
    let mut found = Vec::new();
    for field in list.given() {
        env.spend(field.words.text().len() * 4)?;
        let single = text::single_blanks(field.words.text());
        let passages = pattern.every(&single).into_iter().map(str::trim).filter(|p| !p.is_empty());
        found.extend(passages.map(|p| field.with_words(Words::new(p))));
    }
    Ok(Val::List(List::new(found)))
}

fn boxed(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (list, view) = (args.list(0)?, env.view());
    env.spend(list.fields().len() * 2)?;
    let is_boxed = |f: &Field| match f.spot {
        Spot::Cell { table, cell, .. } => view.tables.get(table as usize).is_some_and(|t| t.boxed.contains(&cell)),
        _ => false,
    };
    Ok(Val::List(List::new(list.given().filter(|f| is_boxed(f)).cloned().collect())))
}

/// Where a field stands on its sheet.
fn place(env: &Env, field: &Field) -> Option<CellRef> {
    let Spot::Cell { table, cell, .. } = field.spot else { return None };
    env.view().tables.get(table as usize)?.order.get(cell as usize).copied()
}

fn sheet_row(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let field = args.field(0)?;
    let at = place(env, field).ok_or(Stop::Unclear(field.spot, Why::Missing))?;
    Ok(Val::Number(Decimal::from(at.row) + Decimal::ONE))
}

/// The cell of a column on a row of the sheet.
fn cell_at(env: &Env, table: &TableView, slot: usize, row: Decimal) -> Option<u32> {
    let col = table.all(env.table(), slot).fields().iter().find_map(|f| place(env, f))?.col;
    let wanted = |at: &CellRef| at.col == col && Decimal::from(at.row) + Decimal::ONE == row;
    table.order.iter().position(wanted).map(small)
}

fn at_row(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (name, row, view) = (args.name(0)?, args.number(1)?, env.view());
    let here = Spot::Table { table: small(env.table()) };
    let Some(table) = view.tables.get(env.table()) else { return Ok(Val::Field(Field::missing(here))) };
    let Some(slot) = table.slot(name) else {
        return Err(Stop::Absent(crate::engine::view::lack(table.pack.as_deref(), name)));
    };
    env.spend(table.order.len())?;
    let found = cell_at(env, table, slot, row).map(|id| table.cell(env.table(), id, slot));
    Ok(Val::Field(found.unwrap_or_else(|| Field::missing(here))))
}

/// A year, to see whether only that is lacking.
const ANY_YEAR: i16 = 2024;

/// The day that a text names, or a field read as one; one without a year is a day of the document's year.
fn day(env: &Env, args: &Args<'_>, i: usize) -> Result<jiff::civil::Date, Stop> {
    let words = args.words(i)?;
    let of = |value: &Value| match value {
        Value::Date(day) | Value::Deadline(day) => Some(*day),
        _ => None,
    };
    let (spot, typed) = match args.field(i) {
        Ok(Field { spot, reading: Reading::Typed(value, _), .. }) => (*spot, of(value)),
        Ok(field) => (field.spot, None),
        Err(_) => (Spot::Nowhere, None),
    };
    let context = text::Words::default();
    let year = env.view().year.as_ref().and_then(|f| number_of(f).ok()?.to_i16());
    let read = |year| of(&text::parse(words.text(), &text::Context { words: &context, year }).value);
    typed.or_else(|| read(year)).ok_or_else(|| {
        let wants_year = year.is_none() && read(Some(ANY_YEAR)).is_some();
        if wants_year { no_year() } else { Stop::Unclear(spot, Why::Unreadable) }
    })
}

fn days_between(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (from, to) = (day(env, args, 0)?, day(env, args, 1)?);
    let unreadable = |_| Stop::Unclear(Spot::Nowhere, Why::Unreadable);
    let days = from.until(to).map_err(unreadable)?.get_days();
    Ok(Val::Number(Decimal::from(days)))
}
