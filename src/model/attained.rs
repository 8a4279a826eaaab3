//! How a result stands to its target: in which direction an indicator improves, what was reached, by how much not.

use rust_decimal::{Decimal, RoundingStrategy};

use super::lang::{Bilingual, Lang};

/// In which direction an indicator improves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// More is better.
    Up,
    /// Less is better.
    Down,
    /// One value, or a range, is wanted.
    Exact,
}

impl Direction {
    /// The name in results, in both languages the same.
    pub fn name(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::Exact => "exact",
        }
    }

    /// The word that packs and rules have for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Up => "crescente",
            Self::Down => "decrescente",
            Self::Exact => "esatto",
        }
    }

    /// The direction of such a word.
    pub fn of(word: &str) -> Option<Self> {
        [Self::Up, Self::Down, Self::Exact].into_iter().find(|d| d.word() == word)
    }

    /// What an official calls it.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Up => lang.pick("crescente", "higher is better"),
            Self::Down => lang.pick("decrescente", "lower is better"),
            Self::Exact => lang.pick("valore esatto", "exact value"),
        }
    }
}

/// What tells a direction, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Signal {
    /// A column of its own.
    Declared,
    /// The comparison before the target, or its being a day.
    Operator,
    /// The target lies above or below the value to start from.
    Baseline,
    /// Key words in the name, the description or the formula.
    Words,
}

impl Signal {
    /// All, the strongest first.
    pub const ALL: [Self; 4] = [Self::Declared, Self::Operator, Self::Baseline, Self::Words];

    /// The name in results, in both languages the same.
    pub fn name(self) -> &'static str {
        match self {
            Self::Declared => "declared",
            Self::Operator => "operator",
            Self::Baseline => "baseline",
            Self::Words => "words",
        }
    }

    /// The word that rules have for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Declared => "dichiarato",
            Self::Operator => "operatore",
            Self::Baseline => "baseline",
            Self::Words => "parole",
        }
    }

    /// What an official calls it.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Declared => lang.pick("dichiarato", "declared"),
            Self::Operator => lang.pick("target", "target"),
            Self::Baseline => lang.pick("baseline e target", "baseline and target"),
            Self::Words => lang.pick("parole", "words"),
        }
    }
}

/// What one signal says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectionSign {
    /// Which it is.
    pub signal: Signal,
    /// What it says.
    pub direction: Direction,
    /// The words found.
    pub evidence: String,
}

/// The direction of an indicator with what tells it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DirectionRead {
    /// What is told, the strongest first.
    pub signs: Vec<DirectionSign>,
}

impl DirectionRead {
    /// What prevails; nothing where nobody tells.
    pub fn direction(&self) -> Option<Direction> {
        self.signs.first().map(|sign| sign.direction)
    }

    /// What one signal says.
    pub fn by(&self, signal: Signal) -> Option<&DirectionSign> {
        self.signs.iter().find(|sign| sign.signal == signal)
    }

    /// The first sign that contradicts the prevailing one.
    pub fn against(&self) -> Option<&DirectionSign> {
        let first = self.signs.first()?;
        let opposite = |d: Direction| {
            matches!((first.direction, d), (Direction::Up, Direction::Down) | (Direction::Down, Direction::Up))
        };
        self.signs.iter().find(|sign| opposite(sign.direction))
    }

    /// Whether signs of like strength contradict each other, so that none prevails: what was written by the body, or what
    /// can only be inferred.
    pub fn is_contested(&self) -> bool {
        let written = |signal: Signal| signal <= Signal::Operator;
        let first = self.signs.first().map(|sign| sign.signal);
        first.zip(self.against()).is_some_and(|(first, other)| written(first) == written(other.signal))
    }

    /// Why it is so, in words.
    pub fn why(&self, lang: Lang) -> String {
        let told = |sign: &DirectionSign| {
            let quoted = lang.pick(format!("«{}»", sign.evidence), format!("“{}”", sign.evidence));
            format!("{} {quoted}", sign.signal.label(lang))
        };
        let Some(first) = self.signs.first() else { return lang.pick("nulla lo dice", "nothing tells").to_owned() };
        match self.against() {
            Some(other) => {
                let but = lang.pick("ma", "but");
                format!("{}, {but} {}: {}", told(first), told(other), other.direction.label(lang))
            }
            None => told(first),
        }
    }
}

/// Why a result cannot be held against a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unjudged {
    /// There is no result.
    NoResult,
    /// There is no target.
    NoTarget,
    /// Several targets of one year, or a target of no year known.
    WhichTarget,
    /// Several results of one year.
    WhichResult,
    /// The result is no value.
    UnreadableResult,
    /// The target is no value.
    UnreadableTarget,
    /// The target is a change on a value that is not given.
    NoBase,
    /// They are of different units.
    Units,
    /// Nobody tells whether more is better.
    UnknownDirection,
    /// What tells it contradicts itself.
    Contested,
}

impl Unjudged {
    /// The name in results, in both languages the same.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoResult => "no_result",
            Self::NoTarget => "no_target",
            Self::WhichTarget => "which_target",
            Self::WhichResult => "which_result",
            Self::UnreadableResult => "unreadable_result",
            Self::UnreadableTarget => "unreadable_target",
            Self::NoBase => "no_base",
            Self::Units => "units",
            Self::UnknownDirection => "unknown_direction",
            Self::Contested => "contested_direction",
        }
    }

    /// What an official reads.
    pub fn label(self) -> Bilingual {
        let (it, en) = match self {
            Self::NoResult => ("senza risultato", "no result"),
            Self::NoTarget => ("senza target", "no target"),
            Self::WhichTarget => ("target di anno incerto", "target of an uncertain year"),
            Self::WhichResult => ("più risultati", "several results"),
            Self::UnreadableResult => ("risultato non misurabile", "result not measurable"),
            Self::UnreadableTarget => ("target non misurabile", "target not measurable"),
            Self::NoBase => ("target relativo senza base", "relative target without a base"),
            Self::Units => ("unità diverse", "different units"),
            Self::UnknownDirection => ("verso ignoto", "direction unknown"),
            Self::Contested => ("verso discorde", "direction contested"),
        };
        Bilingual::new(it, en)
    }
}

/// A result held against its target.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Whether the target is met.
    pub is_met: bool,
    /// What part of the target was reached, 1 for all of it; above 1 where more is better and there is more.
    pub reached: Decimal,
    /// Result less target, and its unit; nothing for yes and no.
    pub deviation: Option<(Decimal, String)>,
    /// The same share without a cap, and as other bodies reckon it; nothing where the target is met or not, and no more.
    pub other_shares: Vec<Decimal>,
}

impl Verdict {
    /// What part of the target was reached, at most all of it.
    pub fn attainment(&self) -> Decimal {
        self.reached.min(Decimal::ONE)
    }

    /// Whether the target is met or not, and nothing between.
    pub fn is_binary(&self) -> bool {
        self.other_shares.is_empty()
    }

    /// What part of the target was reached, capped, uncapped, and as other bodies reckon it.
    pub fn shares(&self) -> Vec<Decimal> {
        let own = [self.reached, self.attainment()];
        own.into_iter().chain(self.other_shares.iter().copied()).collect()
    }

    /// Result less target, with sign and unit: `-14,8 p.p.`, `+3 giorni`.
    pub fn deviation_text(&self) -> Option<String> {
        let (deviation, unit) = self.deviation.as_ref()?;
        let digits = deviation.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
        let digits = if digits.abs() >= Decimal::ONE {
            digits.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero)
        } else {
            digits
        };
        let sign = if digits.is_sign_positive() && !digits.is_zero() { "+" } else { "" };
        Some(format!("{sign}{} {unit}", grouped(digits)).trim_end().to_owned())
    }
}

/// A number as Italian offices write it: `6.000,5`.
fn grouped(n: Decimal) -> String {
    let digits = n.normalize().to_string();
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    let (sign, whole) = whole.strip_prefix('-').map_or(("", whole), |whole| ("-", whole));
    let mut out = String::from(sign);
    for (at, c) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push('.');
        }
        out.push(c);
    }
    if !fraction.is_empty() {
        out.push(',');
        out.push_str(fraction);
    }
    out
}

/// How a result stands to the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Trend {
    /// Better.
    Better,
    /// As it was.
    Same,
    /// Worse.
    Worse,
}

impl Trend {
    /// The name in results, in both languages the same.
    pub fn name(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Same => "same",
            Self::Worse => "worse",
        }
    }

    /// What an official reads.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Better => lang.pick("migliora", "better"),
            Self::Same => lang.pick("stabile", "same"),
            Self::Worse => lang.pick("peggiora", "worse"),
        }
    }
}
