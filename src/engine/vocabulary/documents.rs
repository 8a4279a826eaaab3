//! Questions and counts by number, in this table and in the other tables of the file.

use std::rc::Rc;

use super::{ARGS, Args, BOOL, FIELD, Function, LIST, Name, Param, Returns, row};
use crate::engine::env::Env;
use crate::engine::value::{Field, List, Spot, Stop, Val};
use crate::engine::view::{View, lack, small};
use crate::pack::{Pack, Schedule};

const QUESTION: Param = Param::Question { of_kind: false };
const QUESTION_OF: Param = Param::Question { of_kind: true };
const KIND: Param = Param::Name(Name::Kind);
const VARIANT: Param = Param::Name(Name::Variant);

pub(super) const FUNCTIONS: &[Function] = &[
    row(
        "answer",
        &[QUESTION],
        ARGS,
        FIELD,
        answer,
        ("la risposta a un'altra domanda della scheda", "the answer to another question", "yes(answer(\"9.1\"))"),
    ),
    row(
        "question",
        &[QUESTION, Param::Name(Name::Field)],
        ARGS,
        Returns::AsField(1),
        question,
        (
            "un campo di un'altra domanda della scheda",
            "a field of another question",
            "filled(question(\"2.3\", \"dettagli\"))",
        ),
    ),
    row(
        "form_keys",
        &[],
        ARGS,
        LIST,
        form_keys,
        (
            "i numeri delle domande o delle voci del modulo",
            "the numbers of the form's questions or items",
            "count(form_keys())",
        ),
    ),
    row(
        "entry",
        &[Param::Number],
        ARGS,
        FIELD,
        entry,
        ("il valore della voce con questo numero", "the value of the item with this number", "number(entry(4))"),
    ),
    row(
        "note",
        &[Param::Number],
        ARGS,
        FIELD,
        note,
        ("la nota della voce con questo numero", "the note of the item with this number", "present(note(4))"),
    ),
    row(
        "entry_of",
        &[KIND, VARIANT, Param::Number],
        ARGS,
        FIELD,
        entry_of,
        (
            "il valore di una voce di un'altra tabella del file",
            "the value of an item in another table of the file",
            "number(entry_of(\"allegato2\", \"strategici\", 8))",
        ),
    ),
    row(
        "note_of",
        &[KIND, VARIANT, Param::Number],
        ARGS,
        FIELD,
        note_of,
        (
            "la nota di una voce di un'altra tabella del file",
            "the note of an item in another table of the file",
            "present(note_of(\"allegato2\", \"strategici\", 4))",
        ),
    ),
    row(
        "all_of",
        &[KIND, VARIANT, Param::Name(Name::FieldOfKind)],
        ARGS,
        LIST,
        all_of,
        (
            "tutte le celle di un campo di un'altra tabella del file",
            "all cells of a field of another table of the file",
            "distinct(all_of(\"allegato2\", \"strategici\", \"nota\"))",
        ),
    ),
    row(
        "cells_of",
        &[KIND, Param::Name(Name::FieldOfKind)],
        ARGS,
        LIST,
        cells_of,
        (
            "tutte le celle di un campo nelle tabelle di un altro tipo, di questo documento o degli altri dell'ente",
            "all cells of a field in the tables of another kind, of this document or of the body's others",
            "distinct(cells_of(\"obiettivi\", \"unita_organizzativa_responsabile\"))",
        ),
    ),
    row(
        "has_entry_of",
        &[KIND, VARIANT, Param::Number],
        ARGS,
        BOOL,
        has_entry_of,
        (
            "la voce è stampata in un'altra tabella del file",
            "the item is printed in another table of the file",
            "has_entry_of(\"allegato2\", \"operativi\", 8)",
        ),
    ),
    row(
        "answer_of",
        &[KIND, QUESTION_OF],
        ARGS,
        FIELD,
        answer_of,
        (
            "la risposta a una domanda di un'altra scheda del file",
            "the answer to a question of another schedule of the file",
            "yes(answer_of(\"allegato1\", \"6.1\"))",
        ),
    ),
    row(
        "question_of",
        &[KIND, QUESTION_OF, Param::Name(Name::FieldOfKind)],
        ARGS,
        Returns::AsField(2),
        question_of,
        (
            "un campo di una domanda di un'altra scheda del file",
            "a field of a question of another schedule of the file",
            "present(question_of(\"allegato1\", \"6.1\", \"esempi\"))",
        ),
    ),
];

/// Which field of a form is asked for.
type Asked = fn(&Schedule) -> Option<&str>;

fn answer_field(schedule: &Schedule) -> Option<&str> {
    match (&schedule.questionnaire, &schedule.counts) {
        (Some(q), _) => Some(&*q.answer),
        (None, Some(c)) => Some(&*c.value),
        (None, None) => None,
    }
}

fn note_field(schedule: &Schedule) -> Option<&str> {
    schedule.counts.as_ref().map(|c| &*c.note)
}

/// A table of the file by kind and variant; the rule is not evaluable without it.
fn other(env: &Env, kind: &str, variant: Option<&str>) -> Result<usize, Stop> {
    env.view().find(kind, variant).map(|(index, _)| index).ok_or_else(|| absent(env, kind, variant))
}

/// The table of a kind that has a number, where the kind is kept in parts; else its first.
fn holding(env: &Env, kind: &str, number: &str) -> Result<usize, Stop> {
    let first = other(env, kind, None)?;
    let view = env.view();
    let with = view.tables.iter().position(|t| &*t.kind == kind && t.numbered(number).is_some());
    Ok(with.unwrap_or(first))
}

/// The document that is not there, in words.
pub(in crate::engine) fn absent(env: &Env, kind: &str, variant: Option<&str>) -> Stop {
    let pack = env.packs.get(kind);
    let (mut it, mut en) = pack.map_or((kind.to_owned(), kind.to_owned()), |p| {
        let head = |t: &str| t.split(':').next().unwrap_or(t).to_owned();
        (head(&p.schedule.title.it), head(&p.schedule.title.en))
    });
    let about = |p: &std::sync::Arc<Pack>| {
        let variants = &p.schedule.counts.as_ref()?.variants;
        variants.iter().find(|v| Some(&*v.name) == variant).map(|v| v.about.clone())
    };
    if let Some(about) = pack.and_then(about) {
        (it, en) = (format!("{it} ({})", about.it), format!("{en} ({})", about.en));
    }
    Stop::not_evaluable(format!("manca il documento: {it}"), format!("the document is missing: {en}"))
}

/// The cells of a field of the unit with a number; a missing one at the heading of the table if there is none.
fn fields(env: &Env, view: &Rc<View>, table: usize, number: &str, field: &str) -> Result<Vec<Field>, Stop> {
    let heading = || vec![Field::missing(Spot::Table { table: small(table) })];
    let Some(of) = view.tables.get(table) else { return Ok(heading()) };
    let Some(slot) = of.slot(field) else {
        let lack = lack(of.pack.as_deref(), field);
        return Err(if table == env.table() { Stop::Absent(lack) } else { Stop::NotEvaluable(lack) });
    };
    let Some((unit, _)) = of.numbered(number) else { return Ok(heading()) };
    let found = of.unit_fields(table, unit, slot);
    if found.is_empty() {
        let here = Spot::Unit { table: small(table), entity: 0, unit: small(unit), slot: small(slot) };
        return Ok(vec![Field::missing(here)]);
    }
    Ok(found)
}

fn one(env: &Env, table: usize, number: &str, asked: Asked) -> Result<Val, Stop> {
    let view = env.view();
    let schedule = view.tables.get(table).and_then(|t| t.pack.clone());
    let field = schedule.as_ref().and_then(|p| asked(&p.schedule)).unwrap_or_default();
    let found = fields(env, &view, table, number, field)?;
    let first = found.into_iter().next();
    Ok(Val::Field(first.unwrap_or_else(|| Field::missing(Spot::Table { table: small(table) }))))
}

/// A field by name: a list if the schedule says that it holds several cells.
fn by_name(env: &Env, table: usize, number: &str, field: &str) -> Result<Val, Stop> {
    let view = env.view();
    let found = fields(env, &view, table, number, field)?;
    let pack = view.tables.get(table).and_then(|t| t.pack.clone());
    if pack.and_then(|p| p.schedule.field(field).map(|f| f.many)).unwrap_or(false) {
        let cells = found.into_iter().filter(|f| matches!(f.spot, Spot::Cell { .. }));
        return Ok(Val::List(List::new(cells.collect())));
    }
    let first = found.into_iter().next();
    Ok(Val::Field(first.unwrap_or_else(|| Field::missing(Spot::Table { table: small(table) }))))
}

fn answer(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    one(env, env.table(), args.words(0)?.text(), answer_field)
}

fn question(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    by_name(env, env.table(), args.words(0)?.text(), args.name(1)?)
}

fn answer_of(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let number = args.words(1)?;
    one(env, holding(env, args.name(0)?, number.text())?, number.text(), answer_field)
}

fn question_of(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let number = args.words(1)?;
    by_name(env, holding(env, args.name(0)?, number.text())?, number.text(), args.name(2)?)
}

fn entry(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    one(env, env.table(), args.words(0)?.text(), answer_field)
}

fn note(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    one(env, env.table(), args.words(0)?.text(), note_field)
}

fn entry_of(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let table = other(env, args.name(0)?, Some(args.name(1)?))?;
    one(env, table, args.words(2)?.text(), answer_field)
}

fn note_of(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let table = other(env, args.name(0)?, Some(args.name(1)?))?;
    one(env, table, args.words(2)?.text(), note_field)
}

fn all_of(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let table = other(env, args.name(0)?, Some(args.name(1)?))?;
    let (view, field) = (env.view(), args.name(2)?);
    let Some(of) = view.tables.get(table) else { return Ok(Val::List(List::new(Vec::new()))) };
    let slot = of.slot(field).ok_or_else(|| Stop::NotEvaluable(lack(of.pack.as_deref(), field)))?;
    Ok(Val::List(of.all(table, slot)))
}

fn cells_of(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (kind, field) = (args.name(0)?, args.name(1)?);
    let first = other(env, kind, None)?;
    let view = env.view();
    let lacking = || Stop::NotEvaluable(lack(view.tables.get(first).and_then(|t| t.pack.as_deref()), field));
    view.of_kind(kind, field).map(Val::List).ok_or_else(lacking)
}

/// One table alone is a legitimate schedule: a table that is not there prints no item.
fn has_entry_of(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (kind, variant, number) = (args.name(0)?, args.name(1)?, args.words(2)?);
    other(env, kind, None)?;
    let view = env.view();
    let printed = view.find(kind, Some(variant)).and_then(|(_, t)| t.numbered(number.text()));
    Ok(Val::Bool(printed.is_some_and(|(_, printed)| printed)))
}

/// The numbers of the form of a pack: of a questionnaire its questions, of counts the items of a variant.
pub(in crate::engine) fn keys<'p>(pack: &'p Pack, variant: Option<&str>) -> impl Iterator<Item = &'p str> {
    let entries = pack.form().map_or(&[][..], |f| f.entries.as_slice());
    let wanted = entries.iter().filter(move |e| match &pack.schedule.questionnaire {
        Some(_) => e.is_question(),
        None => variant.is_none() || e.get("variant") == variant,
    });
    wanted.filter_map(|e| e.get("key"))
}

fn form_keys(env: &Env, _: &Args<'_>) -> Result<Val, Stop> {
    let variant = env.view().tables.get(env.table()).and_then(|t| t.variant.clone());
    let pack = env.pack()?;
    Ok(Val::List(List::new(keys(&pack, variant.as_deref()).map(Field::computed).collect())))
}
