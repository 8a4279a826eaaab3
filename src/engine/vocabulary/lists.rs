//! Lists of cells: counting, picking, comparing with a value.

use std::rc::Rc;

use super::{ARGS, Args, BOOL, FIELD, Function, LIST, NUMBER, Name, Param, TEXT, UNIT, row};
use crate::engine::env::Env;
use crate::engine::value::{Field, List, Stop, Val, Words};
use crate::text;

pub(super) const FUNCTIONS: &[Function] = &[
    row(
        "count",
        &[Param::List],
        ARGS.comparing(0, 1),
        NUMBER,
        count,
        ("quante celle ha l'elenco", "how many cells the list has", "count(all(\"processo\"))"),
    ),
    row(
        "count",
        &[Param::List, Param::Scalar],
        ARGS.comparing(0, 1),
        NUMBER,
        count_of,
        ("quante celle dell'elenco dicono questo", "how many cells say this", "count(all(\"numero\"), numero) == 1"),
    ),
    row(
        "filled",
        &[Param::List],
        ARGS,
        NUMBER,
        filled,
        ("quante celle dell'elenco non sono in bianco", "how many cells are not blank", "filled(dettagli) > 0"),
    ),
    row(
        "given",
        &[Param::List],
        ARGS.picking(0),
        LIST,
        given,
        ("le celle dell'elenco che non sono in bianco", "the cells that are not blank", "first(given(dettagli))"),
    ),
    row(
        "blank",
        &[Param::List],
        ARGS.picking(0),
        LIST,
        blank,
        ("le celle dell'elenco che sono in bianco", "the cells that are blank", "first(blank(misura))"),
    ),
    row(
        "first",
        &[Param::List],
        UNIT.picking(0),
        FIELD,
        first,
        ("la prima cella dell'elenco", "the first cell of the list", "first(tipo_ruolo)"),
    ),
    row(
        "last",
        &[Param::List],
        UNIT.picking(0),
        FIELD,
        last,
        ("l'ultima cella dell'elenco", "the last cell of the list", "last(tipo_ruolo)"),
    ),
    row(
        "nth",
        &[Param::List, Param::Number],
        UNIT.picking(0),
        FIELD,
        nth,
        ("la cella con questo numero d'ordine, da 1", "the cell with this ordinal, from 1", "nth(fase, 2)"),
    ),
    row(
        "distinct",
        &[Param::List],
        ARGS,
        NUMBER,
        distinct,
        ("quanti testi diversi ha l'elenco", "how many different texts the list has", "distinct(ufficio) == 1"),
    ),
    row(
        "contains",
        &[Param::List, Param::Scalar],
        ARGS.comparing(0, 1),
        BOOL,
        contains,
        ("una cella dell'elenco dice questo", "a cell of the list says this", "contains(misura, evento)"),
    ),
    row(
        "any_of",
        &[Param::Text, Param::Options],
        ARGS.comparing(0, 1),
        BOOL,
        any_of,
        ("il testo è uno di questi", "the text is one of these", "any_of(livello, [\"alto\", \"medio\"])"),
    ),
    row(
        "equal_to",
        &[Param::List, Param::Scalar],
        ARGS.picking(0).comparing(0, 1),
        LIST,
        equal_to,
        ("le celle dell'elenco che dicono questo", "the cells that say this", "equal_to(all(\"numero\"), numero)"),
    ),
    row(
        "where",
        &[Param::List, Param::List, Param::Scalar],
        ARGS.picking(0).comparing(1, 2),
        LIST,
        where_,
        (
            "le celle del primo elenco accanto a cui il secondo dice questo",
            "the cells of the first list beside which the second says this",
            "where(processo, ufficio, \"Ragioneria\")",
        ),
    ),
    row(
        "most_common",
        &[Param::List],
        UNIT.picking(0),
        FIELD,
        most_common,
        ("la cella col testo più frequente", "the cell with the most frequent text", "most_common(livello)"),
    ),
    row(
        "join",
        &[Param::List],
        ARGS,
        TEXT,
        join,
        ("i testi dell'elenco uniti da «; »", "the texts of the list joined by “; ”", "join(risposte)"),
    ),
    row(
        "all",
        &[Param::Name(Name::Field)],
        ARGS.picking(0),
        LIST,
        all,
        ("tutte le celle di un campo nella tabella", "all cells of a field in the table", "all(\"ufficio\")"),
    ),
    row(
        "units",
        &[],
        UNIT,
        NUMBER,
        units,
        ("quante unità ha il gruppo o la tabella", "how many units the group or table has", "units() > 1"),
    ),
    row(
        "nearest",
        &[Param::Text, Param::Options],
        ARGS,
        TEXT,
        nearest,
        (
            "la voce dell'elenco più vicina al testo o da esso intesa, vuoto se nessuna lo è",
            "the entry of the list nearest to the text or meant by it, empty if none is",
            "nearest(risposta, opzioni)",
        ),
    ),
    row(
        "position",
        &[Param::Text, Param::Options],
        ARGS,
        NUMBER,
        position,
        (
            "il posto del testo tra le voci dell'elenco, dalla prima che è 1; 0 se non vi è",
            "the place of the text among the entries of the list, the first being 1; 0 if it is none of them",
            "position(risposta, opzioni)",
        ),
    ),
    row(
        "choices_in",
        &[Param::Text, Param::Options],
        ARGS,
        NUMBER,
        choices_in,
        (
            "quante voci dell'elenco compongono il testo, se è fatto solo di voci; altrimenti 0",
            "of how many options the text is made, if of options only; otherwise 0",
            "choices_in(risposta, opzioni) > 1",
        ),
    ),
];

fn count(_: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    Ok(Val::count(args.list(0)?.fields().len()))
}

/// Lists longer than this are counted once for all values.
const SHORT: usize = 16;

fn count_of(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (list, wanted) = (args.list(0)?, args.words(1)?);
    if list.fields().len() <= SHORT {
        return Ok(Val::count(list.given().filter(|f| says(f, &wanted)).count()));
    }
    if !list.is_counted() {
        env.spend(list.fields().len() * 20)?;
    }
    Ok(Val::count(list.counts().get(wanted.normal()).map_or(0, |n| *n as usize)))
}

/// Whether a cell says a text, in normal form.
pub(super) fn says(field: &Field, wanted: &Words) -> bool {
    std::ptr::eq(&raw const *field.words, wanted) || field.words.normal() == wanted.normal()
}

fn filled(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let list = args.list(0)?;
    env.spend(list.fields().len())?;
    Ok(Val::count(list.given().count()))
}

fn given(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let list = args.list(0)?;
    env.spend(list.fields().len() * 10)?;
    Ok(Val::List(List::new(list.given().cloned().collect())))
}

fn blank(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let list = args.list(0)?;
    env.spend(list.fields().len() * 10)?;
    Ok(Val::List(List::new(list.fields().iter().filter(|f| f.is_missing()).cloned().collect())))
}

/// A cell of a list, or nothing at the place of the unit.
fn pick(env: &Env, field: Option<&Field>) -> Val {
    Val::Field(field.cloned().unwrap_or_else(|| Field::missing(env.here())))
}

fn first(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    Ok(pick(env, args.list(0)?.fields().first()))
}

fn last(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    Ok(pick(env, args.list(0)?.fields().last()))
}

fn nth(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    use rust_decimal::prelude::ToPrimitive as _;
    let (list, n) = (args.list(0)?, args.number(1)?);
    let at = if n.is_integer() { n.to_usize().and_then(|n| n.checked_sub(1)) } else { None };
    Ok(pick(env, at.and_then(|at| list.fields().get(at))))
}

fn distinct(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let list = args.list(0)?;
    if !list.is_counted() {
        env.spend(list.fields().len() * 20)?;
    }
    Ok(Val::count(list.counts().len()))
}

fn contains(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (list, wanted) = (args.list(0)?, args.words(1)?);
    if list.fields().len() <= SHORT {
        return Ok(Val::Bool(list.given().any(|f| says(f, &wanted))));
    }
    if !list.is_counted() {
        env.spend(list.fields().len() * 20)?;
    }
    Ok(Val::Bool(list.counts().contains_key(wanted.normal())))
}

fn any_of(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let wanted = args.words(0)?;
    if let Ok(list) = args.list(1) {
        env.spend(list.fields().len() * 2)?;
        return Ok(Val::Bool(list.given().any(|f| says(f, &wanted))));
    }
    Ok(Val::Bool(args.options(1)?.iter().any(|w| w.normal() == wanted.normal())))
}

fn equal_to(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (list, wanted) = (args.list(0)?, args.words(1)?);
    env.spend(list.fields().len() * 2)?;
    Ok(Val::List(List::new(list.given().filter(|f| says(f, &wanted)).cloned().collect())))
}

fn where_(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (list, other, wanted) = (args.list(0)?, args.list(1)?, args.words(2)?);
    env.spend(list.fields().len() * 2)?;
    let beside = list.fields().iter().zip(other.fields());
    let found = beside.filter(|(_, o)| !o.is_missing() && says(o, &wanted)).map(|(f, _)| f.clone());
    Ok(Val::List(List::new(found.collect())))
}

fn most_common(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let list = args.list(0)?;
    env.spend(list.fields().len() * 20)?;
    let counts = list.counts();
    let often = |f: &Field| counts.get(f.words.normal()).copied().unwrap_or(0);
    let most = list.given().map(often).max();
    Ok(pick(env, most.and_then(|most| list.given().find(|f| often(f) == most))))
}

fn join(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let list = args.list(0)?;
    let size: usize = list.given().map(|f| f.words.text().len()).sum();
    env.spend(size * 2)?;
    Ok(Val::text(list.given().map(|f| f.words.text()).collect::<Vec<_>>().join("; ")))
}

fn all(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let name = args.name(0)?;
    let view = env.view();
    let table = view.tables.get(env.table());
    match table.and_then(|t| Some((t, t.slot(name)?))) {
        Some((table, slot)) => Ok(Val::List(table.all(env.table(), slot))),
        None => Err(Stop::Absent(crate::engine::view::lack(table.and_then(|t| t.pack.as_deref()), name))),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "a row of the table of functions")]
fn units(env: &Env, _: &Args<'_>) -> Result<Val, Stop> {
    Ok(Val::count(env.units()))
}

fn nearest(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (wanted, options) = (args.words_or_empty(0)?, args.options(1)?);
    env.spend(wanted.text().len().min(300) * 100 * options.len())?;
    let options: Vec<&str> = options.iter().map(|o| o.text()).collect();
    let found = text::closest(wanted.text(), options.iter().copied()).or_else(|| text::meant(wanted.text(), &options));
    Ok(Val::text(found.unwrap_or_default()))
}

fn position(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (wanted, options) = (args.words_or_empty(0)?, args.options(1)?);
    env.spend(wanted.text().len() * 5 + options.len() * 20)?;
    let at = options.iter().position(|option| !wanted.plain().is_empty() && option.says(&wanted));
    Ok(Val::count(at.map_or(0, |at| at + 1)))
}

/// Signs and words that may stand between options.
const SEPARATORS: [&str; 3] = ["e", "ed", "o"];

fn choices_in(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let wanted = unspaced(args.words(0)?.plain());
    let options: Vec<Rc<Words>> = args.options(1)?;
    env.spend(wanted.len() * options.len())?;
    let mut options: Vec<String> = options.iter().map(|o| unspaced(o.plain())).filter(|o| !o.is_empty()).collect();
    options.sort_by_key(|o| std::cmp::Reverse(o.len()));
    let mut rest = wanted.as_str();
    let mut found = 0_usize;
    while !rest.is_empty() {
        if let Some(behind) = options.iter().find_map(|o| after(rest, o)) {
            found += 1;
            rest = behind;
            continue;
        }
        let separator = SEPARATORS.iter().find_map(|s| after(rest, s));
        match separator.filter(|_| found > 0) {
            Some(behind) => rest = behind,
            None => return Ok(Val::count(0)),
        }
    }
    Ok(Val::count(found))
}

/// `50 %` and `50%` are one.
fn unspaced(plain: &str) -> String {
    plain.replace(" %", "%")
}

/// What follows whole words at the beginning of a text.
fn after<'t>(text: &'t str, words: &str) -> Option<&'t str> {
    let rest = text.strip_prefix(words)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix(' ') }
}
