//! How alike two texts are, from 0 to 1, and what tells most pairs apart at once.

use super::normal::words;
use super::similar::edit_distance;

/// Headings and names are short; a longer cell is compared by its beginning.
pub(super) const COMPARED: usize = 300;

/// How alike two headings or names are, from 0 to 1, in [`words`] form: edit distance relative to the length, mixed
/// with Jaro, which forgives a cut end. Only the first 300 characters count.
pub fn similarity(a: &str, b: &str) -> f64 {
    Alike::new(&words(a)).similarity(&Alike::new(&words(b)), 0.0).unwrap_or(0.0)
}

/// A text ready to be compared with many.
#[derive(Debug, Clone)]
pub struct Alike {
    /// Its beginning, in [`words`] form.
    text: Box<str>,
    /// How many characters that is.
    length: u16,
    /// How often each letter, digit and other character stands in it.
    counts: [u16; 38],
}

impl Alike {
    /// Takes a text that is in [`words`] form.
    pub fn new(words: &str) -> Self {
        let text = match words.char_indices().nth(COMPARED) {
            Some((at, _)) => words.get(..at).unwrap_or(words),
            None => words,
        };
        let (mut counts, mut length) = ([0; 38], 0);
        for c in text.chars() {
            let place = match c {
                'a'..='z' => c as usize - 'a' as usize,
                '0'..='9' => 26 + c as usize - '0' as usize,
                ' ' => 36,
                _ => 37,
            };
            if let Some(count) = counts.get_mut(place) {
                *count += 1;
            }
            length += 1;
        }
        Self { text: text.into(), length, counts }
    }

    /// The [`similarity`] of two texts where it is `least` or more. Most pairs are told apart by their letters alone.
    pub fn similarity(&self, other: &Self, least: f64) -> Option<f64> {
        let enough = |score: f64| (score >= least).then_some(score);
        if self.text == other.text {
            return enough(1.0);
        }
        if self.text.is_empty() || other.text.is_empty() {
            return enough(0.0);
        }
        if !self.may_be_similar(other, least) {
            return None;
        }
        let jaro = strsim::jaro(&self.text, &other.text);
        let (longest, most_kept) = (ratio(self.length.max(other.length)), self.most_kept(other));
        if hopeless(mixed(most_kept, jaro), least) {
            return None;
        }
        let distance = u16::try_from(edit_distance(&self.text, &other.text)).unwrap_or(u16::MAX);
        enough(mixed(1.0 - ratio(distance) / longest, jaro))
    }

    /// Whether the letters of two texts allow a [`similarity`] of `least`: no more of them can stay, nor match, than the
    /// texts have in common.
    pub fn may_be_similar(&self, other: &Self, least: f64) -> bool {
        let common = ratio(self.common(other));
        let most_jaro = (common / ratio(self.length) + common / ratio(other.length) + 1.0) / 3.0;
        !hopeless(mixed(self.most_kept(other), most_jaro), least)
    }

    /// The share of the longer text that the two have in common, in whatever order.
    fn most_kept(&self, other: &Self) -> f64 {
        ratio(self.common(other)) / ratio(self.length.max(other.length))
    }

    /// Characters that two texts have in common: few enough for the short numbers that are added fastest.
    fn common(&self, other: &Self) -> u16 {
        self.counts.iter().zip(&other.counts).map(|(a, b)| *a.min(b)).sum()
    }
}

fn ratio(n: u16) -> f64 {
    f64::from(n)
}

/// Similarity from the share of the characters that stay and from Jaro.
fn mixed(kept: f64, jaro: f64) -> f64 {
    0.6 * kept + 0.4 * jaro
}

/// Whether a bound, which is not rounded as the figures are, is under `least`.
fn hopeless(most: f64, least: f64) -> bool {
    most + 1e-9 < least
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(crate::text::seeded())]

        #[test]
        fn a_bound_never_hides_a_likeness(a in "[a-e0 è]{0,12}", b in "[a-e0 è]{0,12}") {
            let (a, b) = (Alike::new(&words(&a)), Alike::new(&words(&b)));
            let all = a.similarity(&b, 0.0).unwrap();
            for least in [0.3, 0.6, 0.84, 0.9] {
                prop_assert_eq!(a.similarity(&b, least), (all >= least).then_some(all));
            }
        }
    }

    #[test]
    fn similarity_orders_headings() {
        assert!((similarity("N. Processo", "n processo") - 1.0).abs() < f64::EPSILON);
        assert!(similarity("Area di rischio", "Aree di rischo") > 0.85);
        assert!(similarity("Area di rischio", "Responsabile") < 0.5);
        assert!(similarity("", "a") < f64::EPSILON);
    }
}
