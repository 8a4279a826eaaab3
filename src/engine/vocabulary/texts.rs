//! Texts, compared in normal form.

use std::rc::Rc;

use rust_decimal::Decimal;

use super::{ARGS, Args, BOOL, FIELD, Function, NUMBER, Name, Param, TEXT, row};
use crate::engine::env::Env;
use crate::engine::value::{Field, Stop, Val, Words};
use crate::pack::Pattern;
use crate::text;

pub(super) const FUNCTIONS: &[Function] = &[
    row(
        "text",
        &[Param::Scalar],
        ARGS,
        TEXT,
        as_text,
        ("il testo, vuoto se il campo è in bianco", "the text, empty if the field is blank", "text(processo)"),
    ),
    row(
        "len",
        &[Param::Text],
        ARGS,
        NUMBER,
        len,
        ("numero di caratteri, con gli spazi semplici", "number of characters, blanks single", "len(motivazione) < 30"),
    ),
    row(
        "same",
        &[Param::Text, Param::Text],
        ARGS.comparing(0, 1),
        BOOL,
        same,
        (
            "stesso testo, senza badare a maiuscole, accenti e punteggiatura",
            "the same text, case, accents and punctuation aside",
            "same(misura, evento)",
        ),
    ),
    row(
        "exactly",
        &[Param::Text, Param::Text],
        ARGS,
        BOOL,
        exactly,
        ("stesso testo, carattere per carattere", "the same text, character by character", "exactly(sigla, \"PTPCT\")"),
    ),
    row(
        "starts",
        &[Param::Text, Param::Text],
        ARGS,
        BOOL,
        starts,
        ("il primo testo comincia con le parole del secondo", "begins with the words", "starts(risposta, \"si\")"),
    ),
    row(
        "has",
        &[Param::Text, Param::Text],
        ARGS,
        BOOL,
        has,
        ("il primo testo contiene le parole del secondo", "contains the words", "has(processo, \"gara\")"),
    ),
    row(
        "matches",
        &[Param::Text, Param::Name(Name::Pattern)],
        ARGS,
        BOOL,
        matches,
        (
            "il testo corrisponde allo schema del pacchetto",
            "matches the pack's pattern",
            "matches(fasi_tempi, \"tempi\")",
        ),
    ),
    row(
        "mentions",
        &[Param::Text, Param::Text],
        ARGS,
        BOOL,
        mentions,
        (
            "il primo testo nomina il secondo, anche con un refuso",
            "the first text names the second, a typo allowed",
            "mentions(esempi, \"sito istituzionale\")",
        ),
    ),
    row(
        "similar",
        &[Param::Text, Param::Text],
        ARGS,
        NUMBER,
        similar,
        (
            "quanto due testi si somigliano, da 0 a 1",
            "how alike two texts are, 0 to 1",
            "similar(processo, evento) > 0.9",
        ),
    ),
    row(
        "yes",
        &[Param::Text],
        ARGS,
        BOOL,
        yes,
        ("la prima parola è «sì»", "the first word is “sì”", "yes(answer(\"9.1\"))"),
    ),
    row(
        "no",
        &[Param::Text],
        ARGS,
        BOOL,
        no,
        ("il testo è «no», o comincia con «no,»", "the text is “no”, or begins with “no,”", "no(risposta)"),
    ),
    row(
        "part",
        &[Param::Field, Param::Name(Name::Part)],
        ARGS,
        FIELD,
        part,
        (
            "una parte del campo, come il pacchetto la ritaglia; in bianco se non c'è",
            "a part of the field as the pack cuts it out; blank if absent",
            "part(area_rischio, \"lettera\") == \"d\"",
        ),
    ),
];

fn as_text(_: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    Ok(Val::text(args.words_or_empty(0)?.shared()))
}

fn len(_: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    Ok(Val::count(text::single_blanks(args.words(0)?.text()).chars().count()))
}

fn pair(env: &Env, args: &Args<'_>) -> Result<(Rc<Words>, Rc<Words>), Stop> {
    let (a, b) = (args.words(0)?, args.words(1)?);
    env.spend(a.text().len() + b.text().len())?;
    Ok((a, b))
}

fn same(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (a, b) = pair(env, args)?;
    Ok(Val::Bool(a.says(&b)))
}

fn exactly(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (a, b) = pair(env, args)?;
    Ok(Val::Bool(a.text() == b.text()))
}

fn starts(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (a, b) = pair(env, args)?;
    let rest = a.normal().strip_prefix(b.normal());
    Ok(Val::Bool(rest.is_some_and(|r| !r.starts_with(char::is_alphanumeric))))
}

fn has(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (a, b) = pair(env, args)?;
    Ok(Val::Bool(holds_words(a.normal(), b.normal())))
}

/// Whether `words` occurs in `text` with no letter or digit right before or behind it.
fn holds_words(text: &str, words: &str) -> bool {
    let outer = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    !words.is_empty()
        && text.match_indices(words).any(|(at, found)| {
            let before = text.get(..at).and_then(|t| t.chars().next_back());
            let behind = text.get(at + found.len()..).and_then(|t| t.chars().next());
            outer(before) && outer(behind)
        })
}

fn matches(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let words = args.words(0)?;
    let name = args.name(1)?;
    env.spend(words.text().len() * 4)?;
    Ok(Val::Bool(words.matches(&env.pattern(name)?)))
}

fn mentions(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (a, b) = pair(env, args)?;
    env.spend(a.text().len() * 40)?;
    Ok(Val::Bool(text::mentions(a.text(), b.text())))
}

fn similar(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (a, b) = pair(env, args)?;
    env.spend(a.text().len().min(300) * b.text().len().min(300))?;
    let score = Decimal::try_from(text::similarity(a.text(), b.text())).unwrap_or_default();
    Ok(Val::Number(score.round_dp(4)))
}

fn yes(_: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let words = args.words(0)?;
    Ok(Val::Bool(words.plain().split(' ').next() == Some("si")))
}

fn no(_: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let words = args.words(0)?;
    let rest = words.normal().strip_prefix("no");
    let ends = |rest: &str| rest.chars().next().is_none_or(|c| !c.is_alphanumeric() && c != ' ' && c != '\'');
    Ok(Val::Bool(rest.is_some_and(ends)))
}

fn part(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let field = args.given(0)?;
    let view = env.view();
    let spec = field.spot.slot().and_then(|(table, slot)| view.tables.get(table)?.spec(slot));
    Ok(Val::Field(part_of(env, field, spec.and_then(|s| s.parts.as_ref()), args.name(1)?)?))
}

/// A longer text is prose and has no parts.
const WITH_PARTS: usize = 1_000;

/// A part of a field as a pattern cuts it out; blank if absent.
pub(super) fn part_of(env: &Env, field: &Field, pattern: Option<&Pattern>, name: &str) -> Result<Field, Stop> {
    let text = field.words.text();
    if text.len() > WITH_PARTS {
        env.spend(0)?;
        return Ok(Field::missing(field.spot));
    }
    env.spend(text.len() * 4)?;
    Ok(pattern.map_or_else(|| Field::missing(field.spot), |p| field.with_words(field.words.part(p, name))))
}
