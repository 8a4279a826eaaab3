//! Values made of figures: ratio, relative change, percentage, money, quantity, number, range.
//!
//! Each reader takes a text in normal form from its first figure on, without the comparison before it.

use rust_decimal::Decimal;

use super::Parsed;
use super::figure::{Figure, signed, unsigned, without_marks};
use crate::model::{Flag, Operator, Value};

/// The first reading that fits, in the order of the grammar.
pub(super) fn read(operator: Option<Operator>, text: &str) -> Option<Parsed> {
    ratio(operator, text)
        .or_else(|| scanned_ratio(operator, text))
        .or_else(|| relative(operator, text))
        .or_else(|| percent(operator, text))
        .or_else(|| money(operator, text))
        .or_else(|| quantity(operator, text))
        .or_else(|| number(operator, text))
        .or_else(|| range(operator, text))
}

/// `7,2/7,2`, `8 su 10`, with the percentage that may stand beside it. A ratio holds no comparison: «almeno» is what
/// a ratio means anyway and is left beside it, any other comparison makes it unreadable.
fn ratio(operator: Option<Operator>, text: &str) -> Option<Parsed> {
    let beside = match operator {
        None | Some(Operator::Eq) => "",
        Some(Operator::Ge) => "≥ ",
        Some(_) => return None,
    };
    let (num, rest) = unsigned(text)?;
    let (rest, first_mark) = without_marks(rest);
    let rest = rest.trim_start();
    let rest = rest.strip_prefix('/').or_else(|| rest.strip_prefix("su "))?.trim_start();
    let (den, rest) = unsigned(rest)?;
    let (rest, second_mark) = without_marks(rest);
    if den.value.is_zero() || rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '/' | '%' | '.' | ',')) {
        return None;
    }
    let rest = rest.trim_start();
    if time_unit(rest).is_some() || rest.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '/' | '%')) {
        return None;
    }
    let (declared, rest) = declared(rest).map_or((None, rest), |(percent, rest)| (Some(percent), rest));
    let (rest, third_mark) = without_marks(rest);
    let parsed = Parsed { declared_percent: declared, ..Parsed::from(Value::Ratio(Box::new((num.value, den.value)))) }
        .flagged(Flag::Footnote, first_mark || second_mark || third_mark);
    Some(den.flag(num.flag(parsed)).beside(&format!("{beside}{rest}")))
}

/// `(77,0%)`, `= 77,0%`, `pari al 77%` after a ratio.
fn declared(text: &str) -> Option<(Decimal, &str)> {
    let (open, rest) = match text.strip_prefix('(') {
        Some(rest) => (true, rest.trim_start()),
        None => (false, text),
    };
    let rest = ["=", "pari al", "pari a"].iter().find_map(|w| rest.strip_prefix(w)).unwrap_or(rest).trim_start();
    let (figure, rest) = unsigned(rest)?;
    let rest = rest.trim_start().strip_prefix('%')?;
    let rest = if open { rest.trim_start().strip_prefix(')')? } else { rest };
    Some((figure.value, rest))
}

/// `7,217,2` is `7,2/7,2` with the slash scanned as 1: two equal halves around a 1, and no number as it stands.
fn scanned_ratio(operator: Option<Operator>, text: &str) -> Option<Parsed> {
    if operator.is_some() || text.len() < 7 || text.len().is_multiple_of(2) || unsigned(text).is_some() {
        return None;
    }
    let half = text.len() / 2;
    let (first, second) = (text.get(..half)?, text.get(half + 1..)?);
    if first != second || text.get(half..=half) != Some("1") {
        return None;
    }
    let (figure, rest) = unsigned(first)?;
    if !rest.is_empty() || figure.value.is_zero() {
        return None;
    }
    Some(figure.flag(Value::Ratio(Box::new((figure.value, figure.value))).into()).flagged(Flag::OcrSlash, true))
}

const UP: &[&str] = &["incremento", "aumento", "crescita"];
const DOWN: &[&str] = &["riduzione", "diminuzione", "decremento", "calo"];
const BASES: &[&str] = &[
    "sul ",
    "sulla ",
    "sull'",
    "su ",
    "vs. ",
    "vs ",
    "rispetto al ",
    "rispetto alla ",
    "rispetto all'",
    "rispetto ai ",
    "rispetto a ",
];

/// `+10% sul 2018`, `riduzione del 5% rispetto al 2019`. The base is needed after a bare sign, not after a word.
fn relative(operator: Option<Operator>, text: &str) -> Option<Parsed> {
    if operator.is_some() {
        return None;
    }
    let word = |list: &[&str]| list.iter().find_map(|w| text.strip_prefix(w)).filter(|r| r.starts_with(' '));
    let (said, down, rest) = match (word(UP), word(DOWN)) {
        (Some(rest), _) => (true, false, rest),
        (_, Some(rest)) => (true, true, rest),
        _ if text.starts_with('+') => (false, false, text.get(1..)?),
        _ if text.starts_with('-') => (false, true, text.get(1..)?),
        _ => return None,
    };
    let mut rest = rest.trim_start();
    if said {
        rest =
            ["del ", "dell'", "di ", "pari al ", "pari a "].iter().find_map(|w| rest.strip_prefix(w)).unwrap_or(rest);
    }
    let (figure, rest) = unsigned(rest.trim_start())?;
    let rest = percent_sign(rest)?.trim_start();
    let base = match BASES.iter().find_map(|b| rest.strip_prefix(b)) {
        Some(base) if !base.is_empty() && base.len() <= 60 && !base.contains('%') => base,
        None if said && rest.is_empty() => "",
        _ => return None,
    };
    let delta = if down { -figure.value } else { figure.value };
    let base = base.trim_end_matches(['.', ',', ';']).to_owned();
    Some(figure.flag(Value::Relative(Box::new((delta, base))).into()))
}

fn percent_sign(text: &str) -> Option<&str> {
    let text = text.trim_start();
    text.strip_prefix('%')
        .or_else(|| ["per cento", "percento"].iter().find_map(|w| text.strip_prefix(w)).filter(|r| ends_word(r)))
}

fn ends_word(rest: &str) -> bool {
    !rest.starts_with(char::is_alphanumeric)
}

/// Whether what follows a value is beside it, and not more of it: no second figure at once, nor after a dash or slash.
fn stands_alone(rest: &str) -> bool {
    !rest.trim_start_matches([' ', '-', '/', '÷', '+', '€']).starts_with(|c: char| c.is_ascii_digit())
}

/// `77,0%`, `95 per cento dei procedimenti`.
pub(super) fn percent(operator: Option<Operator>, text: &str) -> Option<Parsed> {
    let (figure, rest) = signed(text)?;
    let (rest, mark) = without_marks(percent_sign(rest)?);
    // A second percentage outside a bracket: the cell says two things.
    let outside = rest.split_once('(').map_or(rest, |(outside, _)| outside);
    // `almeno +10% sul 2018` is a change, and a change holds no comparison.
    let changes = text.starts_with(['+', '-']) && BASES.iter().any(|b| rest.trim_start().starts_with(b));
    if !stands_alone(rest) || outside.contains('%') || changes {
        return None;
    }
    let parsed = Parsed::from(Value::Percent(operator, figure.value)).flagged(Flag::Footnote, mark);
    Some(figure.flag(parsed).beside(rest))
}

const MULTIPLES: &[(&str, i64)] = &[
    ("miliardi", 1_000_000_000),
    ("miliardo", 1_000_000_000),
    ("mld", 1_000_000_000),
    ("milioni", 1_000_000),
    ("milione", 1_000_000),
    ("mln", 1_000_000),
    ("m", 1_000_000),
    ("mila", 1_000),
    ("k", 1_000),
];

/// `€ 1.234,56`, `5M€`, `2,5 milioni di euro`.
pub(super) fn money(operator: Option<Operator>, text: &str) -> Option<Parsed> {
    let (figure, rest) = if let Some(rest) = currency(text) {
        let (figure, rest) = signed(rest.trim_start_matches(['.', ':', ' ']))?;
        multiplied(figure, rest)
    } else {
        let (figure, rest) = signed(text)?;
        let (figure, rest) = multiplied(figure, rest);
        let rest = rest.trim_start();
        (figure, currency(rest.strip_prefix("di ").unwrap_or(rest))?)
    };
    let (rest, mark) = without_marks(rest);
    if !stands_alone(rest) || !ends_word(rest) {
        return None;
    }
    let parsed = Parsed::from(Value::Money(operator, figure.value)).flagged(Flag::Footnote, mark);
    Some(figure.flag(parsed).beside(rest))
}

fn currency(text: &str) -> Option<&str> {
    text.strip_prefix('€').or_else(|| {
        ["euro", "eur"].iter().find_map(|w| text.strip_prefix(w).filter(|r| !r.starts_with(char::is_alphabetic)))
    })
}

fn multiplied(figure: Figure, rest: &str) -> (Figure, &str) {
    let found = MULTIPLES.iter().find_map(|(word, times)| {
        let rest = rest.trim_start().strip_prefix(word).filter(|r| ends_word(r))?;
        Some((Figure { value: figure.value.checked_mul((*times).into())?, ..figure }, rest))
    });
    found.unwrap_or((figure, rest))
}

/// Units of time, and a few others that may stand close to the figure, with the spelling kept. Longer ones first.
const UNITS: &[(&str, &str)] = &[
    ("giorni lavorativi", "giorni lavorativi"),
    ("giorni lavorat.", "giorni lavorativi"),
    ("giorni lav.", "giorni lavorativi"),
    ("giorni", "giorni"),
    ("giorno", "giorno"),
    ("gg. lav", "gg lav"),
    ("gg.lav", "gg lav"),
    ("gg lav", "gg lav"),
    ("gg", "gg"),
    ("ore", "ore"),
    ("ora", "ora"),
    ("minuti", "minuti"),
    ("minuto", "minuto"),
    ("min", "min"),
    ("secondi", "secondi"),
    ("settimane", "settimane"),
    ("settimana", "settimana"),
    ("mesi", "mesi"),
    ("mese", "mese"),
    ("anni", "anni"),
    ("anno", "anno"),
];

const CLOSE: &[&str] = &["h", "mq", "km", "kg", "kwh", "mwh", "mb", "gb", "tb"];

/// The unit of time at the start of a text, and the rest.
fn time_unit(text: &str) -> Option<(&'static str, &str)> {
    UNITS.iter().find_map(|(spelling, unit)| {
        let rest = text.strip_prefix(spelling).filter(|r| ends_word(r))?;
        Some((*unit, rest.strip_prefix('.').unwrap_or(rest)))
    })
}

/// Whether a unit is one of time.
pub(super) fn is_time(unit: &str) -> bool {
    UNITS.iter().any(|(_, known)| *known == unit)
}

/// Words that join a figure to what it is of: what follows is no unit.
const JOINTS: &[&str] = &[
    "e", "o", "ed", "su", "sul", "di", "del", "dei", "delle", "a", "al", "da", "dal", "per", "in", "nel", "con", "bis",
    "ter", "quater", "circa", "ca",
];

/// Whether what follows a figure goes on to another of the same rank: `2 o 3`, `5 e 10`.
pub(super) fn is_list(rest: &str) -> bool {
    let (joint, next) = rest.trim_start().split_once(' ').unwrap_or_default();
    ["e", "ed", "o", "a", "al"].contains(&joint) && next.starts_with(|c: char| c.is_ascii_digit())
}

/// `5 giorni`, `1 implementazione all'anno`: all that follows is the unit, unless it goes on too long.
pub(super) fn quantity(operator: Option<Operator>, text: &str) -> Option<Parsed> {
    let (figure, rest) = signed(text)?;
    let (rest, mark) = without_marks(rest);
    let make = |unit: &str, rest: &str| {
        let value = Value::Quantity(operator, Box::new((figure.value, unit.to_owned())));
        figure.flag(Parsed::from(value)).flagged(Flag::Footnote, mark).beside(rest)
    };
    if let Some((unit, rest)) = time_unit(rest.trim_start()) {
        return stands_alone(rest).then(|| make(unit, rest));
    }
    let close =
        CLOSE.iter().find_map(|unit| Some((*unit, rest.trim_start().strip_prefix(unit).filter(|r| ends_word(r))?)));
    if let Some((unit, rest)) = close {
        return stands_alone(rest).then(|| make(unit, rest));
    }
    let unit = rest.strip_prefix(' ').filter(|r| r.starts_with(char::is_alphabetic))?;
    let (unit, rest) = unit.split_at(unit.find(['(', '[', ',', ';', ':']).unwrap_or(unit.len()));
    let unit = unit.trim_end_matches([' ', '.', '-', '*']);
    let mut parts = unit.split(' ');
    let first = parts.next().filter(|w| !JOINTS.contains(w))?;
    let more = parts.count();
    if more > 12 {
        return None;
    }
    if more < 4 && unit.len() <= 40 && !unit.bytes().any(|b| b.is_ascii_digit()) {
        return Some(make(unit, rest));
    }
    Some(make(first, &format!("{}{rest}", unit.get(first.len()..)?)))
}

/// A plain number; words beside it only in a bracket, after a comma or joined by a preposition.
fn number(operator: Option<Operator>, text: &str) -> Option<Parsed> {
    let (figure, rest) = signed(text)?;
    let (rest, mark) = without_marks(rest);
    let after = rest.trim_start();
    let joint = after.split(' ').next().filter(|w| rest.starts_with(' ') && JOINTS.contains(w));
    let joined = joint.is_some() && !is_list(after);
    let closed = rest.trim_matches([' ', '.', ',', ';', '=']).is_empty();
    let beside = after.starts_with(['(', '[']) || [", ", "; "].iter().any(|s| after.starts_with(s)) || joined;
    let parsed = Parsed::from(Value::Number(operator, figure.value)).flagged(Flag::Footnote, mark);
    let ends = closed || (beside && stands_alone(after.trim_start_matches([',', ';'])));
    ends.then(|| figure.flag(parsed).beside(rest))
}

/// `tra 3 e 5`, `dal 90% al 95%`, `90-95%`.
fn range(operator: Option<Operator>, text: &str) -> Option<Parsed> {
    if operator.is_some() {
        return None;
    }
    let text =
        ["compreso ", "compresa ", "compresi ", "comprese "].iter().find_map(|w| text.strip_prefix(w)).unwrap_or(text);
    let (rest, joints): (&str, &[&str]) = match text.split_once(' ') {
        Some(("tra" | "fra", rest)) => (rest, &["e "]),
        Some(("da" | "dal", rest)) => (rest, &["a ", "al ", "ad "]),
        _ => (text, &["-", "÷"]),
    };
    let bare = joints.contains(&"-");
    let bound = |text: &str| -> Option<(Figure, bool, usize)> {
        let start = text.strip_prefix("il ").filter(|_| !bare).unwrap_or(text);
        let (figure, rest) = if bare { unsigned(start)? } else { signed(start)? };
        let after = percent_sign(rest);
        let rest = after.unwrap_or(rest);
        Some((figure, after.is_some(), text.len() - rest.len()))
    };
    let (low, low_percent, end) = bound(rest)?;
    let rest = rest.get(end..)?.trim_start();
    let rest = joints.iter().find_map(|j| rest.strip_prefix(j))?.trim_start();
    let (high, high_percent, end) = bound(rest)?;
    let rest = rest.get(end..)?;
    if low.value > high.value || !ends_word(rest) || !stands_alone(rest) {
        return None;
    }
    let bounds = Box::new((low.value, high.value));
    let value = if low_percent || high_percent { Value::PercentRange(bounds) } else { Value::Range(bounds) };
    Some(high.flag(low.flag(value.into())).beside(rest))
}
