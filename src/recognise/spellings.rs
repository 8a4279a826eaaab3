//! The headings of a schedule that a text is near to: with a slip, abbreviated, with something more or less.
//!
//! A schedule has hundreds of headings and a sheet thousands of texts. Each likeness needs something that is found
//! without looking at every heading: words in a row, a common beginning, a like number of like letters.

use super::bounds;
use super::wordings::{abbreviates, is_small, near};
use crate::text::Alike;

/// Least similarity for a heading to be another with a slip.
const SLIP: f64 = 0.9;

/// How a text is like a heading of a field.
pub(super) struct Likeness {
    pub(super) field: usize,
    pub(super) score: f64,
    /// What is taken off for a heading that another field has with more right.
    pub(super) lost: f64,
    /// It is the heading, of several words, with a slip of the pen.
    pub(super) typo: bool,
}

/// The headings of all fields, arranged to be found by what they have in common with a text.
#[derive(Debug, Default)]
pub(super) struct Spellings {
    /// In the order of their words.
    all: Vec<Spelling>,
    /// The first word of each that is not small, in order, with its position.
    begun: Vec<(String, usize)>,
    /// The most words that a heading has.
    words: usize,
}

#[derive(Debug)]
struct Spelling {
    field: usize,
    words: String,
    alike: Alike,
    lost: f64,
}

impl Spellings {
    /// Adds a heading in its words.
    pub(super) fn add(&mut self, field: usize, words: String, lost: f64) {
        self.words = self.words.max(words.split(' ').count());
        let alike = Alike::new(&words);
        self.all.push(Spelling { field, words, alike, lost });
    }

    /// To be called when all are added.
    pub(super) fn arrange(&mut self) {
        self.all.sort_by(|a, b| a.words.cmp(&b.words));
        let begun = |(i, s): (usize, &Spelling)| {
            let first = s.words.split(' ').find(|w| !is_small(w))?;
            Some((first.to_owned(), i))
        };
        self.begun = self.all.iter().enumerate().filter_map(begun).collect();
        self.begun.sort_unstable();
    }

    /// The headings from the first that does not come before a text, with their positions.
    fn from(&self, words: &str) -> impl Iterator<Item = (usize, &str)> {
        let from = self.all.partition_point(|s| s.words.as_str() < words);
        (from..).zip(self.all.get(from..).unwrap_or_default()).map(|(i, s)| (i, s.words.as_str()))
    }

    /// The headings that a text in its words is like, with the same as it may be abbreviated.
    pub(super) fn like(&self, words: &str, short: Option<&[(String, bool)]>) -> Vec<Likeness> {
        let own = Alike::new(words);
        let mut likely: Vec<usize> = Vec::new();
        self.contained(words, &mut likely);
        self.going_on(words, &mut likely);
        if let Some((first, _)) = short.and_then(<[_]>::first) {
            let from = self.begun.partition_point(|(w, _)| w < first);
            let same =
                self.begun.get(from..).unwrap_or_default().iter().take_while(|(w, _)| w.starts_with(first.as_str()));
            likely.extend(same.map(|(_, i)| *i));
        }
        if words.len() <= bounds::TYPOS {
            likely.extend(self.all.iter().enumerate().filter(|(_, s)| may_be_typo(words, &own, s)).map(|(i, _)| i));
        }
        likely.sort_unstable();
        likely.dedup();
        let likeness = |s: &Spelling| {
            let short = short.map_or(0.0, |short| abbreviates(short, &s.words));
            let score = near((words, &own), (&s.words, &s.alike)).max(short);
            let typo = is_typo((words, &own), s);
            (score > 0.0 || typo).then_some(Likeness { field: s.field, score, lost: s.lost, typo })
        };
        likely.iter().filter_map(|i| self.all.get(*i)).filter_map(likeness).collect()
    }

    /// The headings that stand in a text, word by word.
    fn contained(&self, words: &str, found: &mut Vec<usize>) {
        let ends: Vec<usize> = words.match_indices(' ').map(|(at, _)| at).chain([words.len()]).collect();
        let mut start = 0;
        for (i, end) in ends.iter().enumerate() {
            for to in ends.iter().skip(i).take(self.words) {
                let Some(part) = words.get(start..*to) else { continue };
                found.extend(self.from(part).take_while(|(_, name)| *name == part).map(|(i, _)| i));
            }
            start = end + 1;
        }
    }

    /// The headings that a text is the beginning of.
    fn going_on(&self, words: &str, found: &mut Vec<usize>) {
        found.extend(self.from(words).take_while(|(_, name)| name.starts_with(words)).map(|(i, _)| i));
    }
}

/// Whether length and letters allow a text to be a heading with slips.
fn may_be_typo(words: &str, own: &Alike, spelling: &Spelling) -> bool {
    let (long, short) = (words.len().max(spelling.words.len()), words.len().min(spelling.words.len()));
    short * 10 >= long * 7 && own.may_be_similar(&spelling.alike, bounds::SIMILAR)
}

/// Whether a text is a known heading, of several words, with a slip of the pen.
fn is_typo((words, own): (&str, &Alike), spelling: &Spelling) -> bool {
    let near = words.len().abs_diff(spelling.words.len()) <= 2 && words.len() <= bounds::TYPOS;
    near && spelling.words.contains(' ') && own.similarity(&spelling.alike, SLIP).is_some()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::wordings::shortened;
    use super::*;
    use crate::text;

    proptest! {
        #![proptest_config(text::seeded())]

        #[test]
        fn what_is_not_looked_at_is_not_like(
            headings in proptest::collection::vec("(area|rischio|di|grado|misura|mis|n|livello di)( (area|del|rischio|ris|b)){0,3}", 1..20),
            text in "(Area|Ris\\.|Misur[ae]|Livello|di|Liv\\.|n)( (dell'area|rischio|rischo|b|ar\\.)){0,4}",
        ) {
            let mut spellings = Spellings::default();
            headings.iter().enumerate().for_each(|(i, h)| spellings.add(i, h.clone(), 0.0));
            spellings.arrange();
            let (words, short) = (text::words(&text), shortened(&text));
            let own = Alike::new(&words);
            let like = spellings.like(&words, short.as_deref());
            for spelling in &spellings.all {
                let short = short.as_deref().map_or(0.0, |s| abbreviates(s, &spelling.words));
                let score = near((&words, &own), (&spelling.words, &spelling.alike)).max(short);
                let found = like.iter().find(|l| l.field == spelling.field);
                prop_assert!((found.map_or(0.0, |l| l.score) - score).abs() < 1e-12);
                prop_assert_eq!(found.is_some_and(|l| l.typo), is_typo((&words, &own), spelling));
            }
        }
    }
}
