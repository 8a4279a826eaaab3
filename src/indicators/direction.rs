//! In which direction an indicator improves, by what is declared, by its target, by the value to start from, by its
//! words.

use std::collections::HashMap;

use super::amount::{Amount, Figure, beside};
use crate::model::{Direction, DirectionRead, DirectionSign, Operator, Signal};
use crate::pack::Catalogue;
use crate::text;

/// Characters of evidence.
const QUOTED: usize = 60;
/// Characters of a text that are looked at: what an indicator is stands at its beginning.
const LOOKED_AT: usize = 600;

/// What tells the direction of one indicator.
pub(super) struct Signs<'a> {
    /// What its own column says.
    pub(super) declared: Option<&'a str>,
    /// Its target as written, and what it amounts to.
    pub(super) target: Option<(&'a str, &'a Figure)>,
    /// The value to start from, likewise.
    pub(super) baseline: Option<(&'a str, &'a Figure)>,
    /// Its name, its description, its formula: the first that tells counts.
    pub(super) texts: Vec<&'a str>,
    /// Whether its numbers are percentages.
    pub(super) in_percent: bool,
}

/// The words that packs give.
pub(super) struct Lexicon<'a> {
    /// Of a column of directions.
    declared: Option<&'a Catalogue>,
    /// Of names and formulas, by the beginning of their first word.
    phrases: HashMap<[u8; 2], Vec<Phrase<'a>>>,
}

/// Some words, and what they say.
struct Phrase<'a> {
    words: Vec<&'a str>,
    strength: u8,
    direction: Option<Direction>,
}

impl<'a> Lexicon<'a> {
    pub(super) fn of(declared: Option<&'a Catalogue>, words: Option<&'a Catalogue>) -> Self {
        let mut phrases: HashMap<[u8; 2], Vec<Phrase<'a>>> = HashMap::new();
        for entry in words.iter().flat_map(|catalogue| &catalogue.entries) {
            let strength = entry.get("forza").and_then(|f| f.parse().ok()).unwrap_or(1);
            let direction = entry.get("verso").and_then(Direction::of);
            for written in std::iter::once(&entry.value).chain(&entry.aliases) {
                let words: Vec<&str> = written.split(' ').collect();
                let key = beginning(words.first().copied().unwrap_or_default());
                phrases.entry(key).or_default().push(Phrase { words, strength, direction });
            }
        }
        Self { declared, phrases }
    }
}

/// How a word begins.
fn beginning(word: &str) -> [u8; 2] {
    let mut bytes = word.trim_end_matches('*').bytes();
    [bytes.next().unwrap_or(0), bytes.next().unwrap_or(0)]
}

/// The direction with all that tells it.
pub(super) fn read(signs: &Signs<'_>, lexicon: &Lexicon<'_>) -> DirectionRead {
    let declared = signs.declared.and_then(|found| declared(found, lexicon.declared));
    // What is done by a day, or done at all, is better neither high nor low, whatever its words.
    if let Some((written, figure)) = signs.target.filter(|(_, f)| matches!(f.amount, Amount::Day(_) | Amount::Done(_)))
    {
        let sign = declared.or_else(|| by_target(written, figure));
        return DirectionRead { signs: sign.into_iter().collect() };
    }
    let found = [
        declared,
        signs.target.and_then(|(written, target)| by_target(written, target)),
        by_baseline(signs),
        by_texts(signs, lexicon),
    ];
    DirectionRead { signs: found.into_iter().flatten().collect() }
}

fn sign(signal: Signal, direction: Direction, evidence: &str) -> DirectionSign {
    DirectionSign { signal, direction, evidence: text::one_line(evidence, QUOTED) }
}

/// What the column of directions says, a word or a sign alone.
fn declared(found: &str, catalogue: Option<&Catalogue>) -> Option<DirectionSign> {
    let catalogue = catalogue?;
    let is_sign = |entry: &&crate::pack::Entry| entry.all("segni").iter().any(|s| **s == *found.trim());
    let entry = catalogue.entries.iter().find(is_sign).or_else(|| catalogue.find(found).next())?;
    Some(sign(Signal::Declared, Direction::of(entry.get("verso")?)?, found))
}

fn by_target(written: &str, target: &Figure) -> Option<DirectionSign> {
    let direction = match (&target.amount, target.operator) {
        (_, Some(Operator::Ge | Operator::Gt)) => Direction::Up,
        (_, Some(Operator::Le | Operator::Lt)) | (Amount::Day(_), _) => Direction::Down,
        (_, Some(Operator::Eq)) | (Amount::Done(_) | Amount::Within(..), _) => Direction::Exact,
        (Amount::Change(n), None) if n.is_sign_positive() && !n.is_zero() => Direction::Up,
        (Amount::Change(n), None) if n.is_sign_negative() => Direction::Down,
        _ => return None,
    };
    Some(sign(Signal::Operator, direction, written))
}

fn by_baseline(signs: &Signs<'_>) -> Option<DirectionSign> {
    let ((from, base), (to, target)) = signs.baseline.zip(signs.target)?;
    let (base, target, _) = beside(base, target, signs.in_percent)?;
    let direction = match target.cmp(&base) {
        std::cmp::Ordering::Greater => Direction::Up,
        std::cmp::Ordering::Less => Direction::Down,
        std::cmp::Ordering::Equal => return None,
    };
    Some(sign(Signal::Baseline, direction, &format!("{from} → {to}")))
}

/// What the key words in a text say.
enum Spoken {
    /// There are none.
    Silent,
    /// They contradict each other, or tell no direction: no other text is asked.
    Unclear,
    /// A direction.
    Sign(DirectionSign),
}

/// What the first of some texts says that has key words.
fn by_texts(signs: &Signs<'_>, lexicon: &Lexicon<'_>) -> Option<DirectionSign> {
    let mut spoken = signs.texts.iter().map(|text| by_words(text, lexicon));
    match spoken.find(|spoken| !matches!(spoken, Spoken::Silent))? {
        Spoken::Sign(sign) => Some(sign),
        Spoken::Silent | Spoken::Unclear => None,
    }
}

/// What the key words in a text say: the strongest count.
fn by_words(found: &str, lexicon: &Lexicon<'_>) -> Spoken {
    let found = &text::one_line(found, LOOKED_AT);
    let spoken = text::words(&found.replace('%', " percentuale "));
    let words: Vec<&str> = spoken.split(' ').collect();
    let mut best: Option<(u8, Option<Direction>, usize, usize)> = None;
    let mut is_torn = false;
    for (at, word) in words.iter().enumerate() {
        for phrase in lexicon.phrases.get(&beginning(word)).into_iter().flatten() {
            if !says(words.get(at..).unwrap_or_default(), &phrase.words) {
                continue;
            }
            match best {
                Some((strongest, ..)) if strongest > phrase.strength => {}
                Some((strongest, other, ..)) if strongest == phrase.strength => is_torn |= other != phrase.direction,
                _ => (best, is_torn) = (Some((phrase.strength, phrase.direction, at, phrase.words.len())), false),
            }
        }
    }
    let Some((_, direction, at, length)) = best else { return Spoken::Silent };
    let quoted = quoted(found, &words, (at, length));
    direction.filter(|_| !is_torn).map_or(Spoken::Unclear, |d| Spoken::Sign(sign(Signal::Words, d, &quoted)))
}

/// Some words as they are written, accents and all.
fn quoted(found: &str, words: &[&str], (at, length): (usize, usize)) -> String {
    let written = found.replace('%', " % ");
    let written: Vec<&str> =
        written.split(|c: char| !c.is_alphanumeric() && c != '%').filter(|w| !w.is_empty()).collect();
    let all = if written.len() == words.len() { &written } else { words };
    all.iter().skip(at).take(length).copied().collect::<Vec<_>>().join(" ")
}

/// Whether words begin with a phrase; one of it that ends in `*` is the beginning of a word.
fn says(words: &[&str], phrase: &[&str]) -> bool {
    let fits = |(word, wanted): (&&str, &&str)| match wanted.strip_suffix('*') {
        Some(stem) => word.starts_with(stem),
        None => word == wanted,
    };
    words.len() >= phrase.len() && words.iter().zip(phrase).all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::Packs;

    /// What the words of an indicator say, by the pack.
    fn said(found: &str) -> Option<Direction> {
        let packs = Packs::embedded().unwrap();
        let words = packs.get("indicatori").and_then(|pack| pack.catalogues.get("parole_di_verso"));
        match by_words(found, &Lexicon::of(None, words)) {
            Spoken::Sign(sign) => Some(sign.direction),
            Spoken::Silent | Spoken::Unclear => None,
        }
    }

    #[test]
    fn words_tell_the_direction_where_they_are_clear() {
        let (up, down) = (Some(Direction::Up), Some(Direction::Down));
        let cases = [
            ("Tempo medio di rilascio dei permessi", down),
            ("% pratiche concluse entro 30 giorni", up),
            ("Percentuale di reclami evasi entro i termini", up),
            ("Numero reclami", down),
            ("Recupero evasione tributaria", up),
            ("Numero di controlli effettuati", up),
            ("Percentuale di riduzione dei tempi di attesa", up),
            ("Riduzione dei tempi di attesa", None),
            ("Scostamento tra spesa prevista e spesa effettuata", None),
            ("Abitanti", None),
            ("", None),
        ];
        for (found, direction) in cases {
            assert_eq!(said(found), direction, "{found}");
        }
    }

    #[test]
    fn words_are_quoted_as_written() {
        let packs = Packs::embedded().unwrap();
        let words = packs.get("indicatori").and_then(|pack| pack.catalogues.get("parole_di_verso"));
        let Spoken::Sign(sign) = by_words("Indice di disponibilità del sito", &Lexicon::of(None, words)) else {
            panic!("no words")
        };
        assert_eq!(sign.evidence, "disponibilità");
    }
}
