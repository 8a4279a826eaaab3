//! What rules on registers ask: one of several columns, parts and matches of a whole column, what other tables give.

use super::texts::part_of;
use super::{ARGS, Args, BOOL, FIELD, Function, LIST, NUMBER, Name, Param, row};
use crate::engine::env::Env;
use crate::engine::value::{Field, List, Reading, Stop, Val};

pub(super) const FUNCTIONS: &[Function] = &[
    row(
        "either",
        &[Param::Column, Param::Column],
        ARGS,
        FIELD,
        either,
        (
            "il primo campo se non è in bianco, altrimenti il secondo; basta che la tabella abbia una delle due colonne",
            "the first field unless it is blank, else the second; the table need have only one of the two columns",
            "present(either(misura, misura_specifica))",
        ),
    ),
    row(
        "either",
        &[Param::Column, Param::Column, Param::Column],
        ARGS,
        FIELD,
        either,
        (
            "il primo dei tre campi che non è in bianco; basta che la tabella abbia una delle tre colonne",
            "the first of the three fields that is not blank; the table need have only one of the three columns",
            "present(either(misura, misura_specifica, misura_generale))",
        ),
    ),
    row("cells", &[Param::Column; 2], ARGS, LIST, cells, CELLS),
    row("cells", &[Param::Column; 3], ARGS, LIST, cells, CELLS),
    row("cells", &[Param::Column; 4], ARGS, LIST, cells, CELLS),
    row("cells", &[Param::Column; 5], ARGS, LIST, cells, CELLS),
    row(
        "parts",
        &[Param::List, Param::Name(Name::Part)],
        ARGS,
        LIST,
        parts,
        (
            "la parte di ogni cella dell'elenco, nello stesso ordine",
            "the part of every cell of the list, in the same order",
            "filled(parts(all(\"area_rischio\"), \"lettera\"))",
        ),
    ),
    row(
        "matching",
        &[Param::List, Param::Name(Name::Pattern)],
        ARGS.picking(0),
        LIST,
        matching,
        (
            "le celle dell'elenco che corrispondono allo schema",
            "the cells of the list that match the pattern",
            "count(matching(tipologia_misura, \"specifica\")) > 0",
        ),
    ),
    row(
        "once",
        &[Param::List],
        ARGS.picking(0),
        LIST,
        once,
        (
            "la prima cella di ciascun testo diverso dell'elenco",
            "the first cell of each different text of the list",
            "once(area_rischio)",
        ),
    ),
    row(
        "elsewhere",
        &[Param::Name(Name::Field)],
        ARGS,
        BOOL,
        elsewhere,
        (
            "un'altra tabella dello stesso tipo nel documento ha la colonna del campo",
            "another table of the same kind in the document has the column of the field",
            "has_column(\"ufficio\") || elsewhere(\"ufficio\")",
        ),
    ),
    row(
        "pairs",
        &[Param::List, Param::List, Param::Name(Name::Catalogue), Param::Name(Name::Attribute)],
        ARGS,
        NUMBER,
        super::catalogues::pairs,
        (
            "quante coppie di chiave ed etichetta si trovano nel catalogo",
            "how many pairs of key and label are found in the catalogue",
            "pairs(parts(all(\"area_rischio\"), \"lettera\"), parts(all(\"area_rischio\"), \"etichetta\"), \"aree_di_rischio\", \"lettera\") > 0",
        ),
    ),
];

const CELLS: (&str, &str, &str) = (
    "le celle di più campi in un elenco; i campi di cui la tabella non ha la colonna restano fuori, ma uno almeno deve averla",
    "the cells of several fields as one list; fields without a column in the table are left out, but one at least must have it",
    "count(blank(cells(misura_generale, misura_specifica))) < 2",
);

fn cells(_: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let mut found = Vec::with_capacity(args.0.len());
    let mut lacking = None;
    for i in 0..args.0.len() {
        let field = args.field(i)?;
        match &field.reading {
            Reading::Absent(what) => lacking = lacking.or(Some(what.clone())),
            _ => found.push(field.clone()),
        }
    }
    match lacking {
        Some(what) if found.is_empty() => Err(Stop::Absent(what)),
        _ => Ok(Val::List(List::new(found))),
    }
}

fn either(_: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let mut best: Option<&Field> = None;
    for i in 0..args.0.len() {
        let field = args.field(i)?;
        let absent = |f: &Field| matches!(f.reading, Reading::Absent(_));
        if !absent(field) && !field.is_missing() {
            return Ok(Val::Field(field.clone()));
        }
        if best.is_none_or(|b| absent(b) && !absent(field)) {
            best = Some(field);
        }
    }
    best.cloned().map(Val::Field).ok_or_else(super::wrong_type)
}

fn parts(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (list, name) = (args.list(0)?, args.name(1)?);
    let view = env.view();
    let slot = list.fields().first().and_then(|f| f.spot.slot());
    let spec = slot.and_then(|(table, slot)| view.tables.get(table)?.spec(slot));
    let pattern = spec.and_then(|s| s.parts.as_ref());
    let mut found = Vec::with_capacity(list.fields().len());
    for field in list.fields() {
        found.push(part_of(env, field, pattern, name)?);
    }
    Ok(Val::List(List::new(found)))
}

fn matching(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (list, name) = (args.list(0)?, args.name(1)?);
    let pattern = env.pattern(name)?;
    let mut found = Vec::new();
    for field in list.given() {
        env.spend(field.words.text().len() * 4)?;
        if field.words.matches(&pattern) {
            found.push(field.clone());
        }
    }
    Ok(Val::List(List::new(found)))
}

fn once(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let list = args.list(0)?;
    env.spend(list.fields().len() * 20)?;
    let mut seen = std::collections::HashSet::new();
    let found = list.given().filter(|f| seen.insert(f.words.normal_shared()));
    Ok(Val::List(List::new(found.cloned().collect())))
}

#[expect(clippy::unnecessary_wraps, reason = "the functions of the table have one type")]
fn elsewhere(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let view = env.view();
    let kind = view.tables.get(env.table()).map(|t| t.kind.clone());
    let name = args.name(0).unwrap_or_default();
    let others = view.tables.iter().enumerate().filter(|(i, t)| *i != env.table() && Some(&t.kind) == kind.as_ref());
    Ok(Val::Bool(others.into_iter().any(|(_, t)| t.slot(name).is_some())))
}
