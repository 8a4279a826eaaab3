//! Words in headings and titles that tell one kind of schedule from another.

use super::wordings::{BRIEF, contains_words, stemmed};
use crate::text::{self, Alike};

/// Least similarity of a heading that is to tell the kind of the table.
const SIMILAR_MARK: f64 = 0.92;

/// Words that tell one kind from another, by their stems.
#[derive(Debug)]
pub(super) struct Mark {
    stems: String,
    alike: Alike,
}

impl Mark {
    pub(super) fn new(text: &str) -> Self {
        let stems = stemmed(&text::words(text));
        Self { alike: Alike::new(&stems), stems }
    }
}

/// Whether a text, by its stems, has one of the marks among its words, or is one with a typo.
pub(super) fn is_marked(marks: &[Mark], stems: &str, own: &Alike) -> bool {
    let typo = |m: &Mark| m.stems.len() > BRIEF && m.alike.similarity(own, SIMILAR_MARK).is_some();
    !stems.is_empty() && marks.iter().any(|m| contains_words(stems, &m.stems) || typo(m))
}
