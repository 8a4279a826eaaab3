//! What a cell says, once read as an Italian official means it.

use jiff::civil::Date;
use rust_decimal::Decimal;

/// Why a cell says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Missing {
    /// Empty, blanks, or dashes where the pack says they mean nothing.
    Blank,
    /// `n.d.`: the figure is not available.
    NotAvailable,
    /// `non rilevato`: nobody measured it.
    NotMeasured,
    /// A filler word that stands for a value to come (`da definire`, `xxx`).
    Placeholder,
}

/// The comparison that stands before a value (`almeno il 95%`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    /// At least.
    Ge,
    /// At most.
    Le,
    /// More than.
    Gt,
    /// Less than.
    Lt,
    /// Exactly.
    Eq,
}

/// The parsed value of a cell. A percentage is in points (`77,0%` is 77), a ratio keeps its two terms. What takes more room
/// than a number lies apart: a table has hundreds of thousands of values.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing there.
    Missing(Missing),
    /// «non applicabile»: an answer of its own.
    NotApplicable,
    /// Text that is not, or need not be, anything more.
    Text,
    /// Yes or no.
    Bool(bool),
    /// The choice itself (`SI/NO`), nothing chosen.
    YesNo,
    /// A plain number, with the comparison before it if there is one.
    Number(Option<Operator>, Decimal),
    /// A percentage, in points.
    Percent(Option<Operator>, Decimal),
    /// Numerator and denominator; the denominator is not zero.
    Ratio(Box<(Decimal, Decimal)>),
    /// A number with its unit (`5 giorni`).
    Quantity(Option<Operator>, Box<(Decimal, String)>),
    /// An amount of money, in euro.
    Money(Option<Operator>, Decimal),
    /// A calendar day.
    Date(Date),
    /// Due by the day given.
    Deadline(Date),
    /// A period: first and last day (a quarter, a year, a month).
    Period(Date, Date),
    /// A frequency or a lasting duty in words (`annuale`, `continua`, `ad ogni procedura`), in normal form.
    Recurring(Box<str>),
    /// Two bounds, both included.
    Range(Box<(Decimal, Decimal)>),
    /// Two bounds in percentage points, both included (`90-95%`).
    PercentRange(Box<(Decimal, Decimal)>),
    /// A change in percentage points on a base (`+10% sul 2018`), the base in normal form, empty if unsaid.
    Relative(Box<(Decimal, String)>),
    /// Several values told apart by marks in one cell (`1) 90% 2) 95%`).
    Multi(Box<[Value]>),
    /// A comparison with nothing to compare with (`>=`).
    OperatorOnly(Operator),
    /// A cell whose formula failed (`#REF!`).
    Error(Box<str>),
    /// A cell whose formula has no result in the file: it says something, and nobody can tell what.
    Uncalculated,
}

impl Value {
    /// Whether the cell says nothing.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Missing(_))
    }

    /// The number in it: of a number, a percentage (in points), a ratio (its quotient), a quantity or an amount.
    pub fn as_decimal(&self) -> Option<Decimal> {
        match self {
            Self::Number(_, n) | Self::Percent(_, n) | Self::Money(_, n) => Some(*n),
            Self::Quantity(_, quantity) => Some(quantity.0),
            Self::Ratio(terms) => terms.0.checked_div(terms.1),
            _ => None,
        }
    }
}

/// What reading had to do to a cell to understand it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Flag {
    /// Joined with the row below, where its text went on.
    Joined,
    /// Filled down from a merged or first-only cell.
    FilledDown,
    /// Taken from a text box or note, not from the cell.
    FromTextBox,
    /// A word cut by the column was put together again.
    MendedWord,
    /// A number written as text.
    TextNumber,
    /// Dots read as thousands.
    Thousands,
    /// A point read as the decimal sign.
    DecimalPoint,
    /// `1` read as a slash (`7,217,2` for `7,2/7,2`).
    OcrSlash,
    /// A footnote mark without a note.
    Footnote,
    /// Words beside the number in the same cell.
    Remainder,
    /// In a hidden row or column.
    Hidden,
}

impl Flag {
    /// The name of the flag in machine-readable results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Joined => "riga_unita",
            Self::FilledDown => "riempita_in_basso",
            Self::FromTextBox => "da_casella_di_testo",
            Self::MendedWord => "parola_spezzata",
            Self::TextNumber => "numero_come_testo",
            Self::Thousands => "migliaia",
            Self::DecimalPoint => "punto_decimale",
            Self::OcrSlash => "barra_letta_come_1",
            Self::Footnote => "nota_senza_testo",
            Self::Remainder => "parole_accanto_al_numero",
            Self::Hidden => "nascosta",
        }
    }
}

/// A set of flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flags(u16);

impl Flags {
    const ALL: [Flag; 11] = [
        Flag::Joined,
        Flag::FilledDown,
        Flag::FromTextBox,
        Flag::MendedWord,
        Flag::TextNumber,
        Flag::Thousands,
        Flag::DecimalPoint,
        Flag::OcrSlash,
        Flag::Footnote,
        Flag::Remainder,
        Flag::Hidden,
    ];

    /// Adds a flag.
    pub fn insert(&mut self, flag: Flag) {
        self.0 |= 1 << flag as u16;
    }

    /// Whether the flag is set.
    pub fn has(self, flag: Flag) -> bool {
        self.0 & (1 << flag as u16) != 0
    }

    /// The flags of both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The flags set, in a fixed order.
    pub fn iter(self) -> impl Iterator<Item = Flag> {
        Self::ALL.into_iter().filter(move |f| self.has(*f))
    }
}

impl FromIterator<Flag> for Flags {
    fn from_iter<I: IntoIterator<Item = Flag>>(flags: I) -> Self {
        let mut set = Self::default();
        flags.into_iter().for_each(|f| set.insert(f));
        set
    }
}
