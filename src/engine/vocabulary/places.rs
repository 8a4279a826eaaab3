//! The document's head, the headings of the table, its cells at large.

use std::sync::Arc;

use super::{ARGS, Also, Args, BOOL, FIELD, Function, LIST, Name, Param, TEXT, row};
use crate::engine::env::Env;
use crate::engine::value::{Field, List, Spot, Stop, Val};
use crate::engine::view::small;
use crate::model::Bilingual;
use crate::pack::shown_declared;
use crate::text;

pub(super) const FUNCTIONS: &[Function] = &[
    row(
        "head",
        &[Param::Name(Name::Head)],
        ARGS,
        FIELD,
        head,
        ("un dato in testa al documento", "a datum of the document head", "present(head(\"ufficio\"))"),
    ),
    row(
        "datum",
        &[Param::Name(Name::Head)],
        ARGS,
        FIELD,
        datum,
        (
            "un dato del documento: quello in testa, altrimenti quello che l'ente dichiara in riscontro.toml",
            "a datum of the document: that in its head, else what the body declares in riscontro.toml",
            "days_between(datum(\"data_piano\"), datum(\"data_monitoraggio\")) <= 30",
        ),
    ),
    row(
        "has_datum",
        &[Param::Name(Name::Head)],
        ARGS,
        BOOL,
        has_datum,
        (
            "il documento dice questo dato in testa, o l'ente lo dichiara in riscontro.toml",
            "the document's head gives this datum, or the body declares it in riscontro.toml",
            "has_datum(\"anno\")",
        ),
    ),
    row(
        "heading",
        &[Param::Name(Name::Field)],
        ARGS,
        FIELD,
        heading,
        ("la cella di intestazione di un campo", "the heading cell of a field", "heading(\"risposta\")"),
    ),
    row(
        "headings",
        &[],
        ARGS,
        TEXT,
        headings,
        (
            "le intestazioni della tabella, unite da virgole",
            "the headings of the table, joined by commas",
            "headings()",
        ),
    ),
    row(
        "unread_headings",
        &[],
        ARGS,
        LIST,
        unread_headings,
        (
            "le intestazioni delle colonne che non sono state riconosciute",
            "the headings of the columns that were not recognised",
            "count(matching(unread_headings(), \"colonna_responsabile\")) == 0",
        ),
    ),
    row(
        "columns_missing",
        &[],
        ARGS,
        LIST,
        columns_missing,
        (
            "le intestazioni delle colonne del modulo che la tabella non ha",
            "the headings of the form's columns that the table lacks and nothing else tells",
            "count(columns_missing()) == 0",
        ),
    ),
    row(
        "cells_matching",
        &[Param::Name(Name::Pattern)],
        ARGS.also(Also::AllCells),
        LIST,
        cells_matching,
        (
            "le celle della tabella che corrispondono allo schema",
            "the cells of the table that match the pattern",
            "cells_matching(\"residuo_di_modello\")",
        ),
    ),
    row(
        "variant",
        &[],
        ARGS.also(Also::NamesVariant),
        TEXT,
        variant,
        ("quale delle tabelle del modulo è questa", "which of the form's tables this is", "variant() == \"operativi\""),
    ),
];

fn head(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let found = env.view().head(args.name(0)?).cloned();
    Ok(Val::Field(found.unwrap_or_else(|| Field::missing(Spot::Table { table: small(env.table()) }))))
}

/// A datum of the document, from its head or from what the body declares.
fn datum(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let name = args.name(0)?;
    let own = env.view().head(name).filter(|f| !f.is_missing()).cloned();
    if let Some(found) = own.or_else(|| declared(env, name)) {
        return Ok(Val::Field(found));
    }
    let pack = env.pack()?;
    let spec = pack.schedule.head.get(name);
    let title = spec.map_or_else(|| Bilingual::new(name, name), |s| s.title.clone());
    let (it, en) = (
        format!("manca «{}»: si scrive in testa al documento", title.it),
        format!("“{}” is missing: it is written in the head of the document", title.en),
    );
    Err(match spec.and_then(|s| s.declared.as_deref()).map(shown_declared) {
        Some(key) => Stop::not_evaluable(
            format!("{it} o in riscontro.toml, {key}"),
            format!("{en}, or in riscontro.toml, {key}"),
        ),
        None => Stop::not_evaluable(it, en),
    })
}

fn declared(env: &Env, name: &str) -> Option<Field> {
    env.declared(env.pack().ok()?.schedule.declared(name)?)
}

fn has_datum(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let name = args.name(0)?;
    let is_own = env.view().head(name).is_some_and(|f| !f.is_missing());
    Ok(Val::Bool(is_own || declared(env, name).is_some()))
}

fn heading(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let name = args.name(0)?;
    let view = env.view();
    let table = view.tables.get(env.table());
    let column = table.and_then(|t| t.headings.iter().find(|(f, _)| f.as_deref() == Some(name)));
    // A field without a column, told by titles or by a cell that holds several, is called what the pack calls it.
    let is_told = table.is_some_and(|t| t.slot(name).is_some());
    let title = || Some(Field::computed(env.pack().ok()?.schedule.field(name)?.title.it.as_str()));
    let found = column.map(|(_, field)| field.clone()).or_else(|| title().filter(|_| is_told));
    Ok(Val::Field(found.unwrap_or_else(|| Field::missing(Spot::Table { table: small(env.table()) }))))
}

#[expect(clippy::unnecessary_wraps, reason = "a row of the table of functions")]
fn headings(env: &Env, _: &Args<'_>) -> Result<Val, Stop> {
    let view = env.view();
    let table = view.tables.get(env.table());
    let texts = table.map(|t| t.headings.iter().map(|(_, f)| f.words.text()).filter(|t| !t.is_empty()).collect());
    let texts: Vec<&str> = texts.unwrap_or_default();
    Ok(Val::text(texts.join(", ")))
}

#[expect(clippy::unnecessary_wraps, reason = "a row of the table of functions")]
fn unread_headings(env: &Env, _: &Args<'_>) -> Result<Val, Stop> {
    let view = env.view();
    let table = view.tables.get(env.table());
    let unread = table.into_iter().flat_map(|t| &t.headings).filter(|(field, h)| field.is_none() && !h.is_missing());
    Ok(Val::List(List::new(unread.map(|(_, heading)| heading.clone()).collect())))
}

fn columns_missing(env: &Env, _: &Args<'_>) -> Result<Val, Stop> {
    let pack = env.pack()?;
    let view = env.view();
    let table = view.tables.get(env.table());
    let has = |name: &str| {
        table.is_some_and(|t| {
            // A column that its values tell, without a heading, has still to be headed.
            let headed = |(f, heading): &(Option<Arc<str>>, Field)| {
                f.as_deref() == Some(name) && !text::is_blank(heading.words.text())
            };
            t.told.iter().any(|f| &**f == name) || t.headings.iter().any(headed)
        })
    };
    let spot = Spot::Table { table: small(env.table()) };
    let missing = pack.schedule.fields.iter().filter(|f| f.required && !has(&f.name)).map(|f| {
        let text = f.headings.first().cloned().unwrap_or_else(|| f.title.it.clone());
        Field { spot, ..Field::computed(text) }
    });
    Ok(Val::List(List::new(missing.collect())))
}

fn cells_matching(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let name = args.name(0)?;
    let pattern = env.pattern(name)?;
    let view = env.view();
    let Some(table) = view.tables.get(env.table()) else { return Ok(Val::List(List::new(Vec::new()))) };
    let mut found = Vec::new();
    for (slot, cell, words) in table.every() {
        env.spend(words.text().len() * 2)?;
        if words.matches(&pattern) {
            found.push(table.cell(env.table(), cell, slot));
        }
    }
    // As read: row by row, left to right.
    found.sort_by_key(|f| match f.spot {
        Spot::Cell { cell, .. } => table.order.get(cell as usize).copied(),
        _ => None,
    });
    Ok(Val::List(List::new(found)))
}

#[expect(clippy::unnecessary_wraps, reason = "a row of the table of functions")]
fn variant(env: &Env, _: &Args<'_>) -> Result<Val, Stop> {
    let variant = env.view().tables.get(env.table()).and_then(|t| t.variant.clone());
    Ok(Val::text(variant.unwrap_or_default()))
}
