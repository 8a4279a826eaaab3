//! Figures in Italian notation, and the reading of a column of numbers.

use rust_decimal::Decimal;

use super::{Context, Parsed, amount, lexicon, operator, prepared, without_border};
use crate::model::{Flag, Value};

/// A figure and what it took to read it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Figure {
    pub(super) value: Decimal,
    pub(super) thousands: bool,
    pub(super) point: bool,
}

impl Figure {
    pub(super) fn flag(self, parsed: Parsed) -> Parsed {
        parsed.flagged(Flag::Thousands, self.thousands).flagged(Flag::DecimalPoint, self.point)
    }
}

/// The figure at the start of a text in normal form, sign included, and the rest.
pub(super) fn signed(text: &str) -> Option<(Figure, &str)> {
    // A dash with a blank after it may as well be the mark of a list.
    if let Some(rest) = text.strip_prefix('-') {
        let (figure, rest) = unsigned(rest)?;
        return Some((Figure { value: -figure.value, ..figure }, rest));
    }
    unsigned(text.strip_prefix('+').map_or(text, str::trim_start))
}

/// The figure at the start of a text, without sign, and the rest. The figure goes as far as digits and the signs
/// between them go; if these are not one number (`12.1.3`), there is none.
pub(super) fn unsigned(text: &str) -> Option<(Figure, &str)> {
    let (first, mut rest) = digits(text)?;
    let mut groups = vec![first];
    let mut signs = String::new();
    while let Some(sign) = rest.chars().next().filter(|c| matches!(c, '.' | ',' | '\'' | ' ')) {
        let Some((group, after)) = rest.get(1..).and_then(digits) else { break };
        // A blank groups thousands only; otherwise it ends the figure.
        if sign == ' ' && (group.len() != 3 || first.len() > 3 || signs.contains(|s| s != ' ')) {
            break;
        }
        signs.push(sign);
        groups.push(group);
        rest = after;
    }
    Some((assemble(&groups, &signs)?, rest))
}

fn digits(text: &str) -> Option<(&str, &str)> {
    let end = text.bytes().position(|b| !b.is_ascii_digit()).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

fn assemble(groups: &[&str], signs: &str) -> Option<Figure> {
    let (first, tail) = groups.split_first()?;
    let (last, middle) = tail.split_last().unwrap_or((&"", &[]));
    let grouped = |groups: &[&str]| {
        matches!(first.len(), 1..=3) && !first.starts_with('0') && groups.iter().all(|g| g.len() == 3)
    };
    let all = |signs: &str, sign: char| signs.chars().all(|s| s == sign);
    let last_sign = signs.chars().next_back();
    let before = signs.get(..signs.len().saturating_sub(1)).unwrap_or("");
    // `08,30` is a time of day, `0583` the start of a telephone number.
    if first.starts_with('0') && first.len() > if signs.is_empty() { 2 } else { 1 } {
        return None;
    }
    let figure = |whole: &[&str], decimals: &str, thousands: bool, point: bool| {
        let mut text = whole.concat();
        if !decimals.is_empty() {
            text.push('.');
            text.push_str(decimals);
        }
        Some(Figure { value: Decimal::from_str_exact(&text).ok()?, thousands, point })
    };
    match last_sign {
        None => figure(groups, "", false, false),
        Some(sign @ ('.' | '\'' | ' ')) if all(signs, sign) && grouped(tail) => figure(groups, "", sign != ' ', false),
        Some(',') if before.is_empty() => figure(&[first], last, false, false),
        Some(',') if [' ', '.', '\''].iter().any(|s| all(before, *s)) && grouped(middle) => {
            figure(groups.split_last()?.1, last, !before.starts_with(' '), false)
        }
        Some('.') if before.is_empty() => figure(&[first], last, false, true),
        // The English notation is recognised only when it shows both signs.
        Some('.') if all(before, ',') && grouped(middle) => figure(groups.split_last()?.1, last, true, true),
        _ => None,
    }
}

/// The rest after footnote marks, and whether there were any.
pub(super) fn without_marks(text: &str) -> (&str, bool) {
    let mut rest = text.trim_start();
    while let Some(next) = rest.strip_prefix('*').or_else(|| rest.strip_prefix("(*)")) {
        rest = next;
    }
    if rest.len() == text.trim_start().len() { (text, false) } else { (rest, true) }
}

/// Words that may stand before a count.
const LEADS: &[&str] =
    &["numero", "num.", "num", "nr.", "nr", "n.", "n°", "n", "totale:", "totale", "tot.", "tot", "in totale"];

/// Reads a cell of a column of numbers: the figure it begins with, words beside it left over (`11 (su 15)`).
/// Percentages and amounts of money stay what they are. A ratio, a date or a range is not a number.
pub fn parse_number(text: &str, context: &Context) -> Parsed {
    let Some(text) = prepared(text) else { return Parsed::text() };
    let text = without_border(&text);
    if let Some(reading) = lexicon::alone(text, context.words) {
        return reading;
    }
    if !text.bytes().any(|b| b.is_ascii_digit()) || text.starts_with("entro ") {
        return Parsed::text();
    }
    let (operator, rest) = operator::split(text);
    let rest = LEADS
        .iter()
        .find_map(|l| rest.strip_prefix(l).map(str::trim_start).filter(|r| r.starts_with(|c: char| c.is_ascii_digit())))
        .unwrap_or(rest);
    if let Some(parsed) = amount::percent(operator, rest).or_else(|| amount::money(operator, rest)) {
        return parsed;
    }
    let Some((figure, rest)) = signed(rest) else { return Parsed::text() };
    let (rest, marked) = without_marks(rest);
    if !ends_figure(rest) || amount::is_list(rest) {
        return Parsed::text();
    }
    figure.flag(Parsed::from(Value::Number(operator, figure.value))).flagged(Flag::Footnote, marked).beside(rest)
}

/// Whether a figure can end before this rest: not inside a code, a ratio, a range, a date or a list of figures.
fn ends_figure(rest: &str) -> bool {
    let glued = rest.starts_with(|c: char| !matches!(c, ' ' | '(' | '[' | ',' | ';' | ':' | '.' | '-' | '/'));
    let after = rest.trim_start_matches([' ', ',', ';', ':', '.', '-', '/']);
    let goes_on = after.starts_with(|c: char| c.is_ascii_digit()) || rest.trim_start().starts_with('/');
    !glued && !goes_on
}
