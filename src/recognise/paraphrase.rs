//! Labels of counts in an office's own words: what each speaks of, weighed by how few of the form's labels do.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::bounds;
use super::view::brief_words;
use crate::pack::{Catalogue, Counts};
use crate::text;

/// Letters of a word that tell it; a shorter one is an article, a preposition, an abbreviation.
const STEM: usize = 5;
const SHORTEST: usize = 3;
/// Least score, and by how much it must pass that of any other label.
const LEAST: f64 = 0.55;
const CLEARLY: f64 = 0.05;
/// How much of what the label says and the text leaves out counts.
const LEFT_OUT: f64 = 0.5;

/// The wordings of a form of counts by their stems.
#[derive(Debug)]
pub(super) struct Paraphrases {
    /// Key, first stem and stems of each wording.
    wordings: Vec<(String, String, BTreeSet<String>)>,
    weights: BTreeMap<String, f64>,
    /// The words of the variants.
    variants: Vec<(String, Arc<str>)>,
}

/// A label that an office worded itself.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Meant {
    pub(super) key: String,
    /// The one variant it names.
    pub(super) variant: Option<Arc<str>>,
}

impl Paraphrases {
    pub(super) fn new(form: &Catalogue, spec: &Counts) -> Self {
        let named =
            |v: &crate::pack::VariantSpec| v.words.iter().map(|w| (text::words(w), v.name.clone())).collect::<Vec<_>>();
        let mut own = Self {
            wordings: Vec::new(),
            weights: BTreeMap::new(),
            variants: spec.variants.iter().flat_map(named).collect(),
        };
        for entry in &form.entries {
            let Some(key) = entry.get("key") else { continue };
            for written in [&entry.value].into_iter().chain(&entry.aliases) {
                let stems: Vec<String> = own.stems(&text::words(written)).collect();
                // The abbreviations and words of number that begin a label tell nothing of it.
                let Some(first) = stems.iter().find(|s| !is_number_word(s)) else { continue };
                own.wordings.push((key.to_owned(), first.clone(), stems.iter().cloned().collect()));
            }
        }
        let mut keys: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (key, _, stems) in &own.wordings {
            for stem in stems {
                keys.entry(stem).or_default().insert(key);
            }
        }
        let all: BTreeSet<&str> = own.wordings.iter().map(|w| w.0.as_str()).collect();
        let weight = |n: usize| (count(all.len() + 1) / count(n)).ln();
        own.weights = keys.iter().map(|(stem, keys)| ((*stem).to_owned(), weight(keys.len()))).collect();
        own
    }

    /// The label that a text means, if it speaks of it clearly more than of the others.
    pub(super) fn meant(&self, shown: &str) -> Option<Meant> {
        if !bounds::COUNT_LABEL.contains(&shown.len()) {
            return None;
        }
        let words = brief_words(shown);
        // Most texts of a sheet begin as no wording does.
        let mut known = self.stems(&words).filter(|s| self.weights.contains_key(s));
        let first = known.find(|s| !is_number_word(s)).filter(|f| self.wordings.iter().any(|w| w.1 == *f))?;
        let stems: Vec<String> = self.stems(&words).filter(|s| self.weights.contains_key(s)).collect();
        let own: BTreeSet<String> = stems.iter().cloned().collect();
        let mut scores: BTreeMap<&str, f64> = BTreeMap::new();
        for (key, _, wording) in self.wordings.iter().filter(|w| w.1 == first) {
            let both = self.weight(own.intersection(wording));
            let score = both / (self.weight(own.iter()) + LEFT_OUT * self.weight(wording.difference(&own)));
            let best = scores.entry(key).or_default();
            *best = best.max(score);
        }
        let mut ranked: Vec<(&str, f64)> = scores.into_iter().collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
        let (key, score) = *ranked.first()?;
        let clear = ranked.get(1).is_none_or(|second| second.1 + CLEARLY < score);
        let mut named = self.variants.iter().filter(|(w, _)| words.split(' ').any(|x| x == w)).map(|(_, name)| name);
        let variant = named.next().filter(|first| named.all(|n| n == *first)).cloned();
        (score >= LEAST && clear).then(|| Meant { key: key.to_owned(), variant })
    }

    fn weight<'s>(&self, stems: impl Iterator<Item = &'s String>) -> f64 {
        stems.filter_map(|s| self.weights.get(s)).sum()
    }

    /// The stems of the words in their order, without those that name a variant.
    fn stems<'w>(&'w self, words: &'w str) -> impl Iterator<Item = String> + 'w {
        let is_variant = |w: &str| self.variants.iter().any(|(v, _)| v == w);
        let telling = words.split(' ').filter(move |w| w.chars().count() >= SHORTEST && !is_variant(w));
        telling.map(stem).filter(|s| s.chars().count() >= SHORTEST)
    }
}

/// A word without its ending.
fn stem(word: &str) -> String {
    let bare = word.trim_end_matches(['a', 'e', 'i', 'o', 'à', 'è', 'ì', 'ò', 'ù']);
    // «tot» stands for «totale».
    if bare == "tot" { "total".to_owned() } else { bare.chars().take(STEM).collect() }
}

/// Whether a stem is of a word that only says that something is counted.
fn is_number_word(stem: &str) -> bool {
    ["numer", "total", "num"].contains(&stem)
}

fn count(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::Packs;

    #[test]
    fn labels_in_other_words_mean_their_row() {
        let packs = Packs::embedded().unwrap();
        let pack = packs.get("allegato2").unwrap();
        let labels = Paraphrases::new(pack.form().unwrap(), pack.schedule.counts.as_ref().unwrap());
        for (text, key) in [
            ("N. obiettivi strategici totali", Some("1")),
            ("Quanti sono gli obiettivi", None),
            ("N. obiettivi ai quali è associato almeno un indicatore", Some("2")),
            ("N. totale indicatori associati agli obiettivi", Some("3")),
            ("N. indicatori per i quali non è disponibile la formula di calcolo", Some("4")),
            ("N. indicatori per i quali non è disponibile un valore target", Some("5")),
            ("N. obiettivi per i quali sono state assegnate risorse economico-finanziarie", Some("6")),
            ("Numero obiettivi a cui sono state assegnate risorse umane", Some("7")),
            ("N. obiettivi per i quali è interessata anche una sede territoriale", Some("8")),
            ("Obiettivi operativi che riguardano le sedi territoriali", Some("8")),
            ("Indicatori di impatto", None),
            ("Risorse umane assegnate", None),
            ("Descrizione dell'obiettivo", None),
        ] {
            assert_eq!(labels.meant(text).map(|m| m.key).as_deref(), key, "{text}");
        }
    }
}
