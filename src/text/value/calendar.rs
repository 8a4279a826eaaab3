//! Days, months, quarters and years, in figures and words.

use jiff::Span;
use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::lexicon::Reading;
use crate::model::Value;

/// The day of an Excel serial number (1900 system), any time of day dropped. `None` outside 1900-01-01..9999-12-31
/// and for 60, the 29 February 1900 that never was.
pub fn date_of_serial(serial: f64) -> Option<Date> {
    let days = Decimal::from_f64_retain(serial)?.floor().to_i64()?;
    let zero = match days {
        1..=59 => jiff::civil::date(1899, 12, 31),
        61..=2_958_465 => jiff::civil::date(1899, 12, 30),
        _ => return None,
    };
    zero.checked_add(Span::new().try_days(days).ok()?).ok()
}

/// A stretch of days: one, or a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) first: Date,
    pub(super) last: Date,
}

impl Stretch {
    pub(super) fn value(self) -> Value {
        if self.first == self.last { Value::Date(self.first) } else { Value::Period(self.first, self.last) }
    }

    fn months(year: i16, month: i8, months: i8) -> Option<Self> {
        let first = Date::new(year, month, 1).ok()?;
        let last = Date::new(year, month + months - 1, 1).ok()?.last_of_month();
        Some(Self { first, last })
    }

    pub(super) fn year(year: i16) -> Option<Self> {
        Self::months(year, 1, 12)
    }
}

/// Tokens of a text in normal form: runs of digits, runs of letters, single signs. `None` if it is too long for a
/// date.
pub(super) fn tokens(text: &str) -> Option<Vec<&str>> {
    const MOST: usize = 24;
    let mut out = Vec::with_capacity(8);
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let kind = |c: char| (c.is_ascii_digit(), c.is_alphabetic());
        let end = match kind(first) {
            (false, false) => first.len_utf8(),
            known => rest.find(|c| kind(c) != known).unwrap_or(rest.len()),
        };
        let (token, after) = rest.split_at_checked(end)?;
        out.push(token);
        if out.len() > MOST {
            return None;
        }
        rest = after.trim_start();
    }
    Some(out)
}

const MONTHS: [&str; 12] = [
    "gennaio",
    "febbraio",
    "marzo",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "agosto",
    "settembre",
    "ottobre",
    "novembre",
    "dicembre",
];

/// The Italian name of a month, 1 to 12.
pub(super) fn month_name(month: i8) -> &'static str {
    usize::try_from(month - 1).ok().and_then(|n| MONTHS.get(n)).copied().unwrap_or_default()
}

/// A month by its name, or by its first three letters, and whether the name is whole.
fn month_of(token: &str) -> Option<(i8, bool)> {
    let at = MONTHS.iter().position(|name| {
        *name == token || (token.len() == 3 && name.starts_with(token)) || (token == "sett" && name.starts_with(token))
    })?;
    Some((i8::try_from(at + 1).ok()?, token.len() > 4))
}

/// Words before a date that say nothing of it.
const FILLERS: &[&str] = &[
    "il",
    "lo",
    "la",
    "l",
    "'",
    "gli",
    "le",
    "al",
    "alla",
    "all",
    "a",
    "nel",
    "nella",
    "nell",
    "del",
    "della",
    "dell",
    "dei",
    "di",
    "d",
    "mese",
    "mesi",
    "corso",
    "data",
    "giorno",
    "lunedi",
    "martedi",
    "mercoledi",
    "giovedi",
    "venerdi",
    "sabato",
    "domenica",
    ":",
];

/// Words after which four digits are a year.
const YEAR_WORDS: &[&str] =
    &["anno", "anni", "esercizio", "annualita", "biennio", "triennio", "quadriennio", "quinquennio", "periodo"];

/// The tokens without fillers, and whether the fillers say that a year follows.
fn without_fillers<'a, 'b>(tokens: &'a [&'b str]) -> (&'a [&'b str], bool) {
    let (mut rest, mut year) = (tokens, false);
    while let Some((first, after)) = rest.split_first() {
        if YEAR_WORDS.contains(first) || *first == "nel" || *first == "corso" {
            year = true;
        } else if !FILLERS.contains(first) {
            break;
        }
        rest = after;
    }
    (rest, year)
}

/// The days that the tokens name, all of them read.
pub(super) fn stretch(tokens: &[&str], year: Option<i16>, reading: Reading) -> Option<Stretch> {
    let tokens = match tokens {
        [rest @ .., "." | "," | ";" | ":"] => rest,
        all => all,
    };
    point(tokens, year, reading).or_else(|| years(tokens, reading)).or_else(|| between(tokens, year, reading))
}

fn point(tokens: &[&str], year: Option<i16>, reading: Reading) -> Option<Stretch> {
    let (tokens, year_said) = without_fillers(tokens);
    let one = |day: Date| Stretch { first: day, last: day };
    if let Some(day) = day(without_time(tokens), year, reading) {
        return Some(one(day));
    }
    if let Some(found) = month(tokens, year, reading).or_else(|| part(tokens, year)) {
        return Some(found);
    }
    match tokens {
        [y] if year_said || reading == Reading::Lenient => Stretch::year(full_year(y)?),
        _ => None,
    }
}

/// `31/12/2021-31/12/2022`, `da gennaio a marzo 2021`.
fn between(tokens: &[&str], year: Option<i16>, reading: Reading) -> Option<Stretch> {
    let (open, tokens) = match tokens {
        ["dal" | "dalla" | "dall" | "da" | "tra" | "fra", rest @ ..] => (true, rest),
        all => (false, all),
    };
    (1..tokens.len()).find_map(|at| {
        let (left, right) = tokens.split_at_checked(at)?;
        let (joint, right) = right.split_first()?;
        let is_joint = match *joint {
            "-" | "÷" => true,
            "/" => !open,
            "al" | "alla" | "all" | "a" | "ad" | "e" => open,
            _ => false,
        };
        if !is_joint {
            return None;
        }
        // A bare year ends a range of years only: `05/03-2021` is no range.
        if matches!(right, [y] if full_year(y).is_some()) && left.len() > 1 {
            return None;
        }
        let right = point(right, year, reading)?;
        let left = point(left, Some(right.first.year()), reading)?;
        (left.first <= right.first && left.last <= right.last)
            .then_some(Stretch { first: left.first, last: right.last })
    })
}

/// `2021-2023`, `triennio 2021/2023`, `anni 2021, 2022 e 2023`. Without the word, two counts with a slash may be a
/// ratio.
fn years(tokens: &[&str], reading: Reading) -> Option<Stretch> {
    let (tokens, said) = without_fillers(tokens);
    let free = said || reading == Reading::Lenient;
    let mut found: Vec<i16> = Vec::new();
    let mut after_year = false;
    for token in tokens {
        match *token {
            "-" if after_year => after_year = false,
            "/" | "," | "e" if after_year && free => after_year = false,
            y => {
                // `2021/22`
                let short = found.last().filter(|_| free && y.len() == 2).and_then(|_| any_year(y));
                let y = short.or_else(|| full_year(y)).filter(|y| (2000..2100).contains(y))?;
                if after_year || found.last().is_some_and(|before| *before >= y) {
                    return None;
                }
                found.push(y);
                after_year = true;
            }
        }
    }
    let (first, last) = (*found.first()?, *found.last()?);
    let plain = after_year && found.len() >= 2 && last - first <= 10;
    (plain && (free || found.len() == 2))
        .then_some(Stretch { first: Stretch::year(first)?.first, last: Stretch::year(last)?.last })
}

fn full_year(token: &str) -> Option<i16> {
    let year = (token.len() == 4).then(|| token.parse().ok()).flatten()?;
    (1900..2200).contains(&year).then_some(year)
}

fn any_year(token: &str) -> Option<i16> {
    match token.len() {
        2 => token.parse().ok().map(|y: i16| if y < 70 { 2000 + y } else { 1900 + y }),
        _ => full_year(token),
    }
}

fn small(token: &str) -> Option<i8> {
    (token.len() <= 2).then(|| token.parse().ok()).flatten()
}

fn without_time<'a, 'b>(tokens: &'a [&'b str]) -> &'a [&'b str] {
    let head = match tokens {
        [head @ .., h, ":", m, ":", s] if [h, m, s].into_iter().all(|t| small(t).is_some()) => head,
        [head @ .., h, ":", m] if [h, m].into_iter().all(|t| small(t).is_some()) => head,
        _ => return tokens,
    };
    if let [head @ .., "t" | "ore" | "alle"] = head { head } else { head }
}

fn day(tokens: &[&str], year: Option<i16>, reading: Reading) -> Option<Date> {
    const SIGNS: [&str; 3] = ["/", "-", "."];
    match tokens {
        [first, sign, month, again, last] if sign == again && SIGNS.contains(sign) => {
            let month_number = small(month);
            if let (Some(year), Some(month)) = (full_year(first), month_number) {
                return Date::new(year, month, small(last)?).ok();
            }
            if let (Some(day), Some(month_number)) = (small(first), month_number) {
                // `12.1.20` is rather a section than a day.
                let short = *sign != "." || (first.len() == 2 && month.len() == 2);
                let year = if short { any_year(last) } else { full_year(last) };
                return Date::new(year?, month_number, day).ok();
            }
        }
        [day, sign, month] if reading == Reading::Lenient && SIGNS.contains(sign) && small(month).is_some() => {
            return Date::new(year?, small(month)?, small(day)?).ok();
        }
        _ => {}
    }
    let (day, rest) = tokens.split_first()?;
    let day = if *day == "primo" { 1 } else { small(day)? };
    let rest = if let ["°" | "o" | "-" | "/" | ".", rest @ ..] = rest { rest } else { rest };
    let (name, tail) = rest.split_first()?;
    Date::new(year_at_end(tail, year)?, month_of(name)?.0, day).ok()
}

/// The year after a month or a part of the year, with what may join them; the plan's if there is none.
fn year_at_end(tokens: &[&str], year: Option<i16>) -> Option<i16> {
    let mut rest = tokens;
    let mut close = false;
    while let Some((first, after)) = rest.split_first() {
        match *first {
            "-" | "'" => close = true,
            "." | "/" | "," | "del" | "dell" | "di" | "nel" | "anno" => close = false,
            _ => break,
        }
        rest = after;
    }
    match rest {
        [] if tokens.iter().all(|t| matches!(*t, ".")) => year,
        // `dic-20`, `dicembre '20`, but «dicembre 20» is half a day.
        [y] if close => any_year(y),
        [y] => full_year(y),
        _ => None,
    }
}

fn month(tokens: &[&str], year: Option<i16>, reading: Reading) -> Option<Stretch> {
    match tokens {
        [m, "/" | "-" | ".", y] if reading == Reading::Lenient && small(m).is_some() => {
            Stretch::months(full_year(y)?, small(m)?, 1)
        }
        [y, "/" | "-", m] if reading == Reading::Lenient && small(m).is_some() => {
            Stretch::months(full_year(y)?, small(m)?, 1)
        }
        [name, tail @ ..] => {
            let (month, whole) = month_of(name)?;
            // `mar`, `set` are months only beside a year.
            let said = tail.iter().any(|t| t.starts_with(|c: char| c.is_ascii_digit()));
            let year = year_at_end(tail, year.filter(|_| whole || said))?;
            Stretch::months(year, month, 1)
        }
        [] => None,
    }
}

/// Quarters, half-years and their like: `Q2 2026`, `4T 2021`, `IV trimestre 2021`, `primo semestre`.
fn part(tokens: &[&str], year: Option<i16>) -> Option<Stretch> {
    let (nth, months, tail) = match tokens {
        [n, "°" | "o" | "^", unit, tail @ ..] | [n, unit, tail @ ..] if part_of(unit).is_some() => {
            (ordinal(n)?, part_of(unit)?, tail)
        }
        [unit, ".", n, tail @ ..] | [unit, n, tail @ ..] if part_of(unit).is_some() => {
            (small(n).or_else(|| ordinal(n))?, part_of(unit)?, tail)
        }
        [y, "/" | "-", letter, n] | [y, letter, n] if full_year(y).is_some() => {
            return piece(full_year(y)?, small(n)?, letter_part(letter)?);
        }
        [letter, n, tail @ ..] if letter_part(letter).is_some() => (small(n)?, letter_part(letter)?, tail),
        // `2 h` is a time, `2T 2021` a quarter.
        [n, letter, tail @ ..] if letter_part(letter).is_some() && !tail.is_empty() => {
            (small(n)?, letter_part(letter)?, tail)
        }
        _ => return None,
    };
    piece(year_at_end(tail, year)?, nth, months)
}

fn piece(year: i16, nth: i8, months: i8) -> Option<Stretch> {
    (nth >= 1 && nth <= 12 / months).then(|| Stretch::months(year, (nth - 1) * months + 1, months)).flatten()
}

fn part_of(token: &str) -> Option<i8> {
    Some(match token {
        "bimestre" | "bim" => 2,
        "trimestre" | "trim" => 3,
        "quadrimestre" | "quad" => 4,
        "semestre" | "sem" => 6,
        _ => return None,
    })
}

fn letter_part(token: &str) -> Option<i8> {
    match token {
        "q" | "t" => Some(3),
        "s" | "h" => Some(6),
        _ => None,
    }
}

fn ordinal(token: &str) -> Option<i8> {
    const WORDS: [[&str; 2]; 6] =
        [["i", "primo"], ["ii", "secondo"], ["iii", "terzo"], ["iv", "quarto"], ["v", "quinto"], ["vi", "sesto"]];
    let word = WORDS.iter().position(|names| names.contains(&token));
    word.map_or_else(|| small(token), |at| i8::try_from(at + 1).ok())
}
