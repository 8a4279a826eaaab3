//! The words that are values by themselves: missing, yes and no, failed formulas.

use super::Parsed;
use crate::model::{Missing, Value};
use crate::text::normal::{is_blank, normal, words};

/// Whether a day or month without the word that makes it one (`31/12`, `12/2020`, `2021`) may be read as a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// It may be a ratio or a number.
    Strict,
    /// In a column of dates, or after «entro».
    Lenient,
}

/// The words that stand for a value that is not there, in normal form, as a pack declares them. A word with letters
/// matches whatever its punctuation (`n.d.`, `ND`, `n/d`); one of a single repeated sign matches any longer run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// Signs that mean nothing at all (`-`). Where a sign means something, as in a column of states, leave it out.
    pub missing: Vec<String>,
    /// The figure is not available.
    pub not_available: Vec<String>,
    /// Nobody measured it.
    pub not_measured: Vec<String>,
    /// The answer «non applicabile».
    pub not_applicable: Vec<String>,
    /// Fillers for a value to come.
    pub placeholders: Vec<String>,
}

impl Default for Words {
    fn default() -> Self {
        let list = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect();
        Self {
            missing: list(&["-"]),
            not_available: list(&["n.d.", "non disponibile", "non disponibili", "dato non disponibile"]),
            not_measured: list(&[
                "non rilevato",
                "non rilevata",
                "non rilevabile",
                "non misurato",
                "non misurata",
                "non misurabile",
                "n.r.",
            ]),
            not_applicable: list(&[
                "n.a.",
                "n.p.",
                "non applicabile",
                "non applicabili",
                "non pertinente",
                "non pertinenti",
            ]),
            placeholders: list(&["kpi non definito", "da definire", "da determinare", "xxx", "?"]),
        }
    }
}

impl Words {
    fn classes(&self) -> [(&[String], Value); 5] {
        [
            (&self.missing, Value::Missing(Missing::Blank)),
            (&self.not_available, Value::Missing(Missing::NotAvailable)),
            (&self.not_measured, Value::Missing(Missing::NotMeasured)),
            (&self.not_applicable, Value::NotApplicable),
            (&self.placeholders, Value::Missing(Missing::Placeholder)),
        ]
    }
}

/// Whether a cell is one of the missing words and nothing else: [`Value::Missing`], or [`Value::NotApplicable`].
pub fn missing(text: &str, words: &Words) -> Option<Value> {
    if is_blank(text) {
        return Some(Value::Missing(Missing::Blank));
    }
    // Longer than any missing word: not worth the normal form.
    if text.len() > 120 {
        return None;
    }
    let text = normal(text);
    failed_formula(&text).is_none().then(|| exactly(&text, words)).flatten()
}

fn exactly(text: &str, words: &Words) -> Option<Value> {
    words.classes().into_iter().find(|(list, _)| list.iter().any(|w| is_word(text, w))).map(|(_, value)| value)
}

fn is_word(text: &str, word: &str) -> bool {
    if text == word {
        return true;
    }
    let letters = |s: &str| s.chars().any(char::is_alphanumeric);
    let mut signs = word.chars();
    let first = signs.next();
    if first.is_some() && signs.all(|c| Some(c) == first) {
        let run = || text.chars().filter(|c| *c != ' ');
        // One letter alone is a label, not a filler.
        return (!letters(word) || word.len() > 1)
            && run().all(|c| Some(c) == first)
            && run().count() >= word.chars().count();
    }
    letters(word) && text.chars().filter(|c| c.is_alphanumeric()).eq(word.chars().filter(|c| c.is_alphanumeric()))
}

/// What a text in normal form is by its words alone: a failed formula, or missing, with the reason that may follow.
pub(super) fn alone(text: &str, words: &Words) -> Option<Parsed> {
    failed_formula(text).map(Parsed::from).or_else(|| missing_with_reason(text, words))
}

/// As [`missing`], of a text in normal form; the reason that may follow is kept (`non rilevato in quanto nuovo
/// indicatore`). Not for columns of prose, where such a sentence is the answer.
fn missing_with_reason(text: &str, words: &Words) -> Option<Parsed> {
    if text.is_empty() {
        return Some(Value::Missing(Missing::Blank).into());
    }
    if text.len() <= 120
        && let Some(value) = exactly(text, words)
    {
        return Some(value.into());
    }
    let reasons = ["in quanto ", "perche ", "poiche ", "nuovo ", "(", "- ", ": ", ", ", "; "];
    let letters = |w: &&String| w.chars().any(char::is_alphabetic);
    words.classes().into_iter().find_map(|(list, value)| {
        list.iter().filter(letters).find_map(|word| {
            let rest = text.strip_prefix(word.as_str())?.trim_start();
            reasons.iter().any(|r| rest.starts_with(r)).then(|| Parsed {
                remainder: Some(rest.trim_start_matches(['-', ':', ',', ';', ' ']).to_owned()),
                ..Parsed::from(value.clone())
            })
        })
    })
}

/// `#RIF!` and its like, of a text in normal form.
fn failed_formula(text: &str) -> Option<Value> {
    const FAILED: &[&str] = &[
        "#rif!", "#ref!", "#n/d", "#n/a", "#div/0!", "#valore!", "#value!", "#nome?", "#name?", "#num!", "#nullo!",
        "#null!",
    ];
    (text.starts_with('#') && FAILED.contains(&text)).then(|| Value::Error(text.to_uppercase().into()))
}

/// Yes, no, or the choice of both, of a text in normal form.
pub(super) fn yes_or_no(text: &str) -> Option<Value> {
    // The longest, «non conseguito», and some punctuation.
    if text.len() > 24 {
        return None;
    }
    let text = words(text);
    let value = match text.as_str() {
        "si" | "vero" | "true" | "on" => Value::Bool(true),
        "no" | "falso" | "false" | "off" => Value::Bool(false),
        "si no" | "no si" | "si o no" | "on off" | "s n" => Value::YesNo,
        text => {
            let (done, yes) = text.strip_prefix("non ").map_or((text, true), |t| (t, false));
            let stem = done.strip_suffix(['o', 'a', 'i', 'e'])?;
            if !["realizzat", "fatt", "conseguit", "raggiunt"].contains(&stem) {
                return None;
            }
            Value::Bool(yes)
        }
    };
    Some(value)
}
