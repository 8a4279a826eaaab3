//! What the cells of targets and results amount to, and whether two of them can be held against each other.

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::model::{Cell, Flag, Operator, Value};
use crate::text;

/// What a cell amounts to.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Amount {
    /// A share in percentage points.
    Share(Decimal),
    /// A number without a unit.
    Plain(Decimal),
    /// A number with its unit, in normal form.
    Unit(Decimal, String),
    /// Euro.
    Euro(Decimal),
    /// A change in percentage points.
    Change(Decimal),
    /// A day.
    Day(Date),
    /// Done or not.
    Done(bool),
    /// Two bounds, both included; whether in percentage points.
    Within(Decimal, Decimal, bool),
}

/// A value with the text it was read from, and whether words stand beside it there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Said<'a> {
    pub(crate) value: &'a Value,
    pub(crate) text: &'a str,
    pub(crate) is_among_words: bool,
}

impl<'a> From<&'a Cell> for Said<'a> {
    fn from(cell: &'a Cell) -> Self {
        Self { value: &cell.value, text: &cell.text, is_among_words: cell.flags.has(Flag::Remainder) }
    }
}

/// A cell as it is compared.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Figure {
    pub(super) amount: Amount,
    pub(super) operator: Option<Operator>,
    /// Decimals as declared; of a quotient there are none.
    pub(super) decimals: Option<u32>,
    /// Numerator and denominator.
    pub(super) terms: Option<(Decimal, Decimal)>,
}

impl Figure {
    fn new(operator: Option<Operator>, n: Decimal, amount: Amount) -> Self {
        Self { amount, operator, decimals: Some(n.normalize().scale()), terms: None }
    }

    fn without(amount: Amount) -> Self {
        Self { amount, operator: None, decimals: None, terms: None }
    }

    fn ratio(numerator: Decimal, denominator: Decimal) -> Option<Self> {
        let share = numerator.checked_div(denominator)?.checked_mul(Decimal::ONE_HUNDRED)?;
        Some(Self { terms: Some((numerator, denominator)), ..Self::without(Amount::Share(share)) })
    }

    /// What is said; nothing where it is no value, or several. In a row of ratios a date is the ratio that the
    /// spreadsheet made a date of.
    pub(super) fn of<'a>(said: impl Into<Said<'a>>, is_row_of_ratios: bool) -> Option<Self> {
        let said = said.into();
        if said.is_among_words && has_figures_beside(said.text) {
            return None;
        }
        Some(match said.value {
            Value::Number(operator, n) => Self::new(*operator, *n, Amount::Plain(*n)),
            // «+10%» is ten more than there was, not ten in a hundred.
            Value::Percent(None, n) if has_sign(said.text) => Self::new(None, *n, Amount::Change(*n)),
            Value::Percent(operator, n) => Self::new(*operator, *n, Amount::Share(*n)),
            Value::Money(operator, n) => Self::new(*operator, *n, Amount::Euro(*n)),
            Value::Quantity(operator, quantity) => {
                Self::new(*operator, quantity.0, Amount::Unit(quantity.0, quantity.1.clone()))
            }
            Value::Ratio(terms) => Self::ratio(terms.0, terms.1)?,
            Value::Relative(change) => Self::new(None, change.0, Amount::Change(change.0)),
            Value::Date(day) if is_row_of_ratios => {
                let (numerator, denominator) = date_as_ratio(*day);
                Self::ratio(numerator, denominator)?
            }
            Value::Date(day) | Value::Deadline(day) | Value::Period(_, day) => Self::without(Amount::Day(*day)),
            Value::Bool(done) => Self::without(Amount::Done(*done)),
            Value::Range(bounds) => Self::without(Amount::Within(bounds.0, bounds.1, false)),
            Value::PercentRange(bounds) => Self::without(Amount::Within(bounds.0, bounds.1, true)),
            _ => return None,
        })
    }

    /// The number in it, in points of shares.
    pub(super) fn number(&self) -> Option<Decimal> {
        match self.amount {
            Amount::Share(n) | Amount::Plain(n) | Amount::Unit(n, _) | Amount::Euro(n) | Amount::Change(n) => Some(n),
            Amount::Day(_) | Amount::Done(_) | Amount::Within(..) => None,
        }
    }
}

/// Whether a percentage is written with a sign before it.
fn has_sign(found: &str) -> bool {
    found.trim_start().starts_with(['+', '±'])
}

/// A target that is a change on some value, as the value that is to be reached.
pub(super) fn changed(base: &Figure, change: Decimal) -> Option<Figure> {
    let factor = Decimal::ONE.checked_add(change.checked_div(Decimal::ONE_HUNDRED)?)?;
    let n = base.number()?.checked_mul(factor)?;
    let amount = match &base.amount {
        Amount::Share(_) => Amount::Share(n),
        Amount::Plain(_) => Amount::Plain(n),
        Amount::Unit(_, unit) => Amount::Unit(n, unit.clone()),
        Amount::Euro(_) => Amount::Euro(n),
        Amount::Change(_) | Amount::Day(_) | Amount::Done(_) | Amount::Within(..) => return None,
    };
    Some(Figure { amount, operator: None, decimals: None, terms: None })
}

/// The ratio that a spreadsheet made a date of: day and month.
pub(crate) fn date_as_ratio(day: Date) -> (Decimal, Decimal) {
    (Decimal::from(day.day()), Decimal::from(day.month()))
}

/// Whether figures stand beside the value of a text: then it may say several.
fn has_figures_beside(found: &str) -> bool {
    let words = text::Words::default();
    let parsed = text::parse(found, &text::Context { words: &words, year: None });
    parsed.remainder.is_some_and(|rest| rest.bytes().any(|b| b.is_ascii_digit()))
}

/// Two numbers that can be held against each other, and their unit; nothing where they cannot. `in_percent` is whether
/// the indicator says that its numbers are percentages.
pub(super) fn beside(one: &Figure, other: &Figure, in_percent: bool) -> Option<(Decimal, Decimal, String)> {
    let points = || "p.p.".to_owned();
    let (a, b) = (one.number()?, other.number()?);
    // A bare number below 1 may be a share as well as a percentage.
    let is_percentage = |n: Decimal| in_percent && (n.is_zero() || n > Decimal::ONE);
    let unit = match (&one.amount, &other.amount) {
        (Amount::Share(_), Amount::Share(_)) | (Amount::Change(_), Amount::Change(_)) => points(),
        (Amount::Share(_), Amount::Plain(n)) | (Amount::Plain(n), Amount::Share(_)) if is_percentage(*n) => points(),
        (Amount::Plain(_), Amount::Plain(_)) if in_percent => points(),
        (Amount::Plain(_), Amount::Plain(_)) => String::new(),
        (Amount::Euro(_), Amount::Euro(_) | Amount::Plain(_)) | (Amount::Plain(_), Amount::Euro(_)) => "€".to_owned(),
        (Amount::Unit(_, unit), Amount::Plain(_)) | (Amount::Plain(_), Amount::Unit(_, unit)) => unit.clone(),
        (Amount::Unit(_, unit), Amount::Unit(_, other)) if same_unit(unit, other) => unit.clone(),
        _ => return None,
    };
    Some((a, b, unit))
}

/// Singular and plural of one unit (`giorno`, `giorni lavorativi` is another).
fn same_unit(one: &str, other: &str) -> bool {
    let stem = |unit: &str| {
        let words = text::words(unit);
        words.split(' ').map(|w| w.trim_end_matches(['a', 'e', 'i', 'o']).to_owned()).collect::<Vec<_>>()
    };
    stem(one) == stem(other)
}
