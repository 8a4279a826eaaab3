//! When something is due: dates and deadlines, and the reading of a column of timings.

use super::calendar::{Stretch, stretch, tokens};
use super::lexicon::Reading;
use super::{Context, Parsed, amount, lexicon, operator, prepared, without_border};
use crate::model::{Flag, Value};
use crate::text::normal::words;

/// Bytes beyond which a text is no date.
const LONGEST: usize = 120;

/// A date, a deadline or a period of a text in normal form; a bracket or clause after it is left over.
pub(super) fn dated(text: &str, context: &Context, reading: Reading) -> Option<Parsed> {
    // Without any figure the year must come from the plan.
    if text.len() > LONGEST || (context.year.is_none() && !text.bytes().any(|b| b.is_ascii_digit())) {
        return None;
    }
    let (text, marked) = text.strip_suffix('*').map_or((text, false), |t| (t.trim_end_matches(['*', ' ']), true));
    if let Some(value) = due(text, context.year, reading) {
        return Some(Parsed::from(value).flagged(Flag::Footnote, marked));
    }
    let at = [" (", ", ", "; "].iter().filter_map(|mark| text.find(mark)).min()?;
    let (head, rest) = text.split_at_checked(at)?;
    Some(Parsed::from(due(head, context.year, reading)?).beside(rest))
}

fn due(text: &str, year: Option<i16>, reading: Reading) -> Option<Value> {
    let tokens = tokens(text)?;
    match deadline(&tokens) {
        Some((rest, reading)) => by(rest, year, reading).map(|days| Value::Deadline(days.last)),
        None => stretch(&tokens, year, reading).map(Stretch::value),
    }
}

/// What follows the words that make a day a term, and how it is to be read: `entro 3/5` is a day, `<= 3/5` a ratio.
fn deadline<'a, 'b>(tokens: &'a [&'b str]) -> Option<(&'a [&'b str], Reading)> {
    match tokens {
        ["entro", "e", "non", "oltre", rest @ ..]
        | ["entro" | "scadenza" | "fine", rest @ ..]
        | ["non", "oltre", rest @ ..]
        | ["al", "piu", "tardi", rest @ ..]
        | ["al", "massimo", "entro", rest @ ..] => Some((rest, Reading::Lenient)),
        ["al", "massimo", rest @ ..]
        | ["≤", rest @ ..]
        | ["<", "=", rest @ ..]
        | ["fino", "a" | "al" | "alla", rest @ ..] => Some((rest, Reading::Strict)),
        _ => None,
    }
}

fn by(tokens: &[&str], year: Option<i16>, reading: Reading) -> Option<Stretch> {
    let tokens = match tokens {
        ["la", "fine", rest @ ..] | ["fine", rest @ ..] => rest,
        all => all,
    };
    match tokens {
        ["anno"] | ["l" | "dell", "'", "anno"] | ["dell" | "di", "anno"] => Stretch::year(year?),
        all => stretch(all, year, reading),
    }
}

/// Reads a cell of a column of timings: a date, a deadline (`entro marzo`), a period (`Aprile 2021`, `2021-2023`),
/// a term (`entro 30 giorni`), or a frequency or lasting duty in words. Days and months without year take the plan's.
/// A cut date (`30/11/201`) and words that name no time are [`Value::Text`]: unreadable.
pub fn parse_timing(text: &str, context: &Context) -> Parsed {
    let Some(text) = prepared(text) else { return Parsed::text() };
    let text = without_border(&text);
    if let Some(reading) = lexicon::alone(text, context.words) {
        return reading;
    }
    let text = text.trim_end_matches(['.', ';', ',', ' ']);
    if text.len() > LONGEST * 2 {
        return Parsed::text();
    }
    if is_recurring(text) {
        return Value::Recurring(text.into()).into();
    }
    if let Some(parsed) = dates(text, context).or_else(|| dated(text, context, Reading::Lenient)) {
        return parsed;
    }
    // `Tempestivo (ex art. 8, d.lgs. n. 33/2013)`: the norm beside the frequency.
    let norm = [" (", " ex art", " ai sensi "].iter().filter_map(|mark| text.find(mark)).min();
    if let Some((head, rest)) = norm.and_then(|at| text.split_at_checked(at)).filter(|(head, _)| is_recurring(head)) {
        return Parsed { remainder: Some(rest.trim().to_owned()), ..Value::Recurring(head.into()).into() };
    }
    let (operator, rest) = operator::split(text);
    match amount::quantity(operator, rest) {
        Some(parsed) if matches!(&parsed.value, Value::Quantity(_, quantity) if amount::is_time(&quantity.1)) => parsed,
        _ => Parsed::text(),
    }
}

/// Several dates, as `entro il 30/06 e il 31/12`.
fn dates(text: &str, context: &Context) -> Option<Parsed> {
    if text.len() > LONGEST || due(text, context.year, Reading::Lenient).is_some() {
        return None;
    }
    let parts = [", ", "; ", " e "]
        .iter()
        .fold(vec![text], |parts, mark| parts.into_iter().flat_map(|p| p.split(mark)).collect());
    let values: Option<Vec<Value>> =
        parts.into_iter().map(|part| due(part.trim(), context.year, Reading::Lenient)).collect();
    values.filter(|v| v.len() > 1).map(|v| Value::Multi(v.into()).into())
}

/// Whether a text names a frequency or a lasting duty, or several, or one with its term
/// (`annuale, entro il 31/12`).
fn is_recurring(text: &str) -> bool {
    if yearly(text) || is_lasting(&words(text)) {
        return true;
    }
    let is_dated = |part: &str| due(part.trim(), Some(2000), Reading::Lenient).is_some();
    let mut parts = split(text).into_iter();
    parts.next().is_some_and(|first| is_lasting(&words(first)))
        && parts.all(|part| is_lasting(&words(part)) || is_dated(part))
}

/// The clauses of a text; a slash divides them only outside a date.
fn split(text: &str) -> Vec<&str> {
    let dated = text.bytes().any(|b| b.is_ascii_digit());
    let mut parts = vec![text];
    for mark in [",", ";", "(", ")", " - ", " e ", " ed ", " o ", "/", " entro "] {
        if !(dated && mark == "/") {
            parts = parts.into_iter().flat_map(|p| p.split(mark)).collect();
        }
    }
    parts.retain(|p| !p.trim().is_empty());
    parts
}

/// `entro il 31/12 di ogni anno`.
fn yearly(text: &str) -> bool {
    let head = ["di ogni anno", "di ciascun anno", "di ciascuno anno", "ogni anno", "annualmente"]
        .iter()
        .find_map(|tail| text.strip_suffix(tail));
    // A leap year, so that the 29 February is one.
    head.is_some_and(|h| {
        !h.trim().is_empty() && due(h.trim_end_matches([',', ' ']), Some(2000), Reading::Lenient).is_some()
    })
}

/// Adjectives of frequency and duration without their ending; `*` takes any.
const ADJECTIVES: &[&str] = &[
    "annual",
    "semestral",
    "quadrimestral",
    "trimestral",
    "bimestral",
    "mensil",
    "bimensil",
    "quindicinal",
    "settimanal",
    "quotidian",
    "giornalier",
    "biennal",
    "triennal",
    "quinquennal",
    "periodic",
    "continu",
    "continuativ",
    "costant",
    "permanent",
    "tempestiv",
    "immediat",
    "contestual",
];

const ENDINGS: &[&str] = &["o", "a", "i", "e", "he", "mente", "amente", "emente"];

const PHRASES: &[&str] = &[
    "in continuo",
    "in atto",
    "gia in atto",
    "in essere",
    "in corso",
    "in corso di attuazione",
    "in attuazione",
    "in fase di attuazione",
    "in via di attuazione",
    "in esecuzione",
    "sempre",
    "subito",
    "attuata",
    "attuato",
    "misura attuata",
    "misura in atto",
    "attiva",
    "gia attiva",
    "misura attiva",
    "misura gia attiva",
    "operativa",
    "gia operativa",
    "al bisogno",
    "all occorrenza",
    "all esigenza",
    "secondo necessita",
    "nel corso dell anno",
    "in corso d anno",
    "durante l anno",
    "tutto l anno",
    "per tutta la durata",
    "a regime",
];

/// Openings of a lasting duty, whatever it then names.
const OPENINGS: &[&str] = &[
    "ad ogni ",
    "a ogni ",
    "per ogni ",
    "ogni ",
    "in occasione di ",
    "in occasione del ",
    "in occasione della ",
    "in occasione dell ",
    "all atto di ",
    "all atto del ",
    "all atto della ",
    "all atto dell ",
    "al momento di ",
    "al momento del ",
    "al momento della ",
    "al momento dell ",
    "contestualmente a",
    "gia attuat",
    "gia adottat",
    "gia realizzat",
    "gia operativ",
    "gia previst",
];

const MANNERS: &[&str] = &[
    "con ",
    "a ",
    "in via ",
    "in modo ",
    "in maniera ",
    "in forma ",
    "cadenza ",
    "periodicita ",
    "frequenza ",
    "aggiornamento ",
    "attivita ",
    "misura ",
    "verifica ",
    "monitoraggio ",
];

/// Whether a text in words form names a frequency or a lasting duty.
fn is_lasting(text: &str) -> bool {
    if PHRASES.contains(&text) {
        return true;
    }
    if OPENINGS.iter().any(|o| text.strip_prefix(o).is_some_and(|rest| !rest.trim().is_empty() || o.ends_with('t'))) {
        return text.split(' ').count() <= 10;
    }
    let mut rest = text;
    while let Some(next) = MANNERS.iter().find_map(|m| rest.strip_prefix(m)) {
        rest = next;
    }
    ADJECTIVES.iter().any(|stem| rest.strip_prefix(stem).is_some_and(|ending| ENDINGS.contains(&ending)))
}
