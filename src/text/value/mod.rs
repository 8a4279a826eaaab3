//! The grammar of values: what a cell of text says, as an Italian official means it.
//!
//! The readings are tried in a fixed order: missing words, date and deadline, operator, yes and no, several values,
//! ratio, relative change, percentage, money, quantity, number, range, and else text. Everything is read in normal
//! form, so units, bases and words left over are in normal form too. What had to be repaired is flagged. A typed
//! cell of the workbook is taken as typed and never comes here.

mod amount;
mod calendar;
mod figure;
mod lexicon;
mod operator;
mod print;
mod timing;

use rust_decimal::Decimal;

use self::lexicon::Reading;
use super::normal::normal;
use crate::model::{Flag, Flags, Value};

pub use calendar::date_of_serial;
pub use figure::parse_number;
pub use lexicon::{Words, missing};
pub use print::{canonical, format_date, format_decimal, parse_day};
pub use timing::parse_timing;

/// Bytes beyond which a cell is prose: it is not even brought to normal form.
const PROSE: usize = 1_000;

/// What the reading of a cell depends on.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The words that stand for a missing value.
    pub words: &'a Words,
    /// The year of the plan, for deadlines without year; without it they are unreadable.
    pub year: Option<i16>,
}

/// A reading of a cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// The value; [`Value::Text`] if it is nothing more.
    pub value: Value,
    /// What had to be repaired or left out.
    pub flags: Flags,
    /// Words left beside the value, in normal form.
    pub remainder: Option<String>,
    /// The percentage written beside a ratio: `1411/1832 (77,0%)`.
    pub declared_percent: Option<Decimal>,
}

impl Parsed {
    fn text() -> Self {
        Self::from(Value::Text)
    }

    fn flagged(mut self, flag: Flag, set: bool) -> Self {
        if set {
            self.flags.insert(flag);
        }
        self
    }

    /// Keeps what stands beside the value; a closing full stop or the like is nothing.
    fn beside(mut self, rest: &str) -> Self {
        let rest = rest.trim_start_matches([' ', ',', ';', ':', '.', '-']).trim_end();
        if !rest.is_empty() && rest != "=" {
            self.flags.insert(Flag::Remainder);
            self.remainder = Some(rest.to_owned());
        }
        self
    }
}

impl From<Value> for Parsed {
    fn from(value: Value) -> Self {
        Self { value, flags: Flags::default(), remainder: None, declared_percent: None }
    }
}

/// Reads a cell by the whole grammar.
pub fn parse(text: &str, context: &Context) -> Parsed {
    let Some(text) = prepared(text) else { return Parsed::text() };
    let text = without_border(&text);
    if let Some(reading) = lexicon::alone(text, context.words) {
        return reading;
    }
    // No value without any figure is this long.
    if text.len() > 80 && !text.bytes().any(|b| b.is_ascii_digit()) {
        return Parsed::text();
    }
    if let Some(parts) = numbered(text) {
        let values: Vec<Value> = parts.into_iter().map(|part| single(part, context).value).collect();
        if values.iter().any(|v| !matches!(v, Value::Text)) {
            return Value::Multi(values.into()).into();
        }
        return Parsed::text();
    }
    single(text, context)
}

/// The normal form, with figures raised as footnote marks made asterisks; `None` for prose.
fn prepared(text: &str) -> Option<String> {
    if text.len() > PROSE {
        return None;
    }
    if text.is_ascii() {
        return Some(normal(text));
    }
    // Compatibility forms would turn the mark of `1832¹` into one more figure, and `1½` into `11/2`.
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '¹' | '²' | '³' | '⁰' | '⁴'..='⁹'
                if out.ends_with(|p: char| p.is_ascii_digit() || matches!(p, '%' | '*')) =>
            {
                out.push('*');
            }
            '¼'..='¾' | '⅐'..='⅟' | '↉' if out.ends_with(|p: char| p.is_ascii_digit()) => return None,
            c => out.push(c),
        }
    }
    Some(normal(&out))
}

/// Without the marks that the border of a scanned table leaves around its cells.
fn without_border(text: &str) -> &str {
    text.trim_start_matches(['|', '[', '{', '}', ' ']).trim_end_matches(['|', ']', '{', '}', ' '])
}

/// The parts of `1) … 2) …`, at least two, none blank.
fn numbered(text: &str) -> Option<Vec<&str>> {
    let mark = |n: usize| -> Option<String> {
        if text.starts_with("1)") {
            Some(format!("{n})"))
        } else if text.starts_with("a)") {
            let letter = u8::try_from(n - 1).ok().filter(|n| *n < 26)?;
            Some(format!("{})", char::from(b'a' + letter)))
        } else {
            None
        }
    };
    let mut rest = text.get(2..).filter(|_| mark(1).is_some())?;
    let mut parts = Vec::new();
    while let Some(next) = mark(parts.len() + 2) {
        let found = rest.match_indices(&next).find(|(at, _)| rest.get(..*at).is_some_and(|r| r.ends_with([' ', ';'])));
        let Some((at, _)) = found else { break };
        parts.push(rest.get(..at)?);
        rest = rest.get(at + next.len()..)?;
    }
    parts.push(rest);
    let parts: Vec<&str> = parts.into_iter().map(|p| p.trim_matches([' ', ';', ',', '.'])).collect();
    (parts.len() >= 2 && parts.iter().all(|p| !p.is_empty())).then_some(parts)
}

/// A text in normal form that holds one value.
fn single(text: &str, context: &Context) -> Parsed {
    if let Some(value) = lexicon::yes_or_no(text) {
        return value.into();
    }
    if let Some(parsed) = timing::dated(text, context, Reading::Strict) {
        return parsed;
    }
    let (operator, rest) = operator::split(text);
    // `massimo` by itself is a word, `almeno` is not.
    let said = !text.starts_with(char::is_alphabetic) || text == "almeno";
    if let Some(operator) = operator.filter(|_| rest.is_empty() && said) {
        return Value::OperatorOnly(operator).into();
    }
    if !rest.bytes().any(|b| b.is_ascii_digit()) {
        return Parsed::text();
    }
    let parsed = amount::read(operator, rest).unwrap_or_else(Parsed::text);
    // «entro» wants a date or a time: «entro 5» is not a bound on a count.
    if text.starts_with("entro ") && !matches!(parsed.value, Value::Quantity(..)) {
        return Parsed::text();
    }
    parsed
}
