//! The labels of a form of counts, and the columns of its levels.

use std::sync::Arc;

use super::bounds;
use super::counts::Hit;
use super::view::{SheetView, brief_words, shown};
use crate::model::CellRef;
use crate::pack::{Catalogue, Counts};
use crate::text::{self, Alike};

/// Least similarity of a printed label with one of the form.
const SIMILAR: f64 = 0.87;
/// Rows above the first count in which the headings of the levels are looked for.
const ABOVE: usize = 3;

/// The column of each variant, where headings behind the labels name several: a table with the values of both levels.
pub(super) fn value_columns(view: &SheetView<'_>, spec: &Counts, hits: &[Hit], right: u32) -> Vec<(Arc<str>, u32)> {
    let (Some(first), Some(label)) = (hits.first().map(|h| h.row), hits.iter().map(|h| h.col).max()) else {
        return Vec::new();
    };
    let words: Vec<(&Arc<str>, Vec<String>)> =
        spec.variants.iter().map(|v| (&v.name, v.words.iter().map(|w| text::words(w)).collect())).collect();
    let above = view.position(first);
    for (row, range) in view.rows.get(above.saturating_sub(ABOVE)..above).unwrap_or_default().iter().rev() {
        let mut found: Vec<(Arc<str>, u32)> = Vec::new();
        for cell in view.cells(range).iter().filter(|c| label < c.at.col && c.at.col <= right) {
            let heading = brief_words(&shown(cell));
            let named = words.iter().filter(|(_, w)| heading.split(' ').any(|h| w.iter().any(|x| x == h)));
            let named: Vec<&Arc<str>> = named.map(|(name, _)| *name).collect();
            if let [name] = named.as_slice()
                && !found.iter().any(|(known, _)| known == *name)
            {
                let col = view.merged(CellRef::new(*row, cell.at.col)).map_or(cell.at.col, |a| a.first.col);
                found.push(((*name).clone(), col));
            }
        }
        if found.len() > 1 {
            return found;
        }
    }
    Vec::new()
}

/// The one variant that a title above the counts or the sheet's name speaks of.
pub(super) fn titled(view: &SheetView<'_>, spec: &Counts, hits: &[Hit]) -> Option<Arc<str>> {
    let above = view.position(hits.first()?.row);
    let rows = view.rows.get(above.saturating_sub(ABOVE)..above).unwrap_or_default();
    let titles = rows.iter().rev().flat_map(|(_, range)| view.cells(range)).map(|c| brief_words(&shown(c)));
    titles.chain([text::words(&view.sheet.name)]).find_map(|title| spoken_of(spec, &title))
}

/// Whether a title between two rows speaks of one variant.
pub(super) fn is_titled_between(view: &SheetView<'_>, spec: &Counts, (above, below): (u32, u32)) -> bool {
    let rows = view.rows.get(view.position(above.saturating_add(1))..view.position(below)).unwrap_or_default();
    let mut titles = rows.iter().flat_map(|(_, range)| view.cells(range)).map(|c| brief_words(&shown(c)));
    titles.any(|title| spoken_of(spec, &title).is_some())
}

/// The one variant that a title speaks of.
fn spoken_of(spec: &Counts, title: &str) -> Option<Arc<str>> {
    let names = |w: &String| title.split(' ').any(|t| t == text::words(w));
    let mut spoken_of = spec.variants.iter().filter(|v| v.words.iter().any(names));
    let first = spoken_of.next()?;
    spoken_of.next().is_none().then(|| first.name.clone())
}

/// A label of the form.
#[derive(Debug, Clone)]
pub(super) struct Label {
    /// The row number in the form.
    pub(super) key: String,
    /// The variants in which it stands.
    pub(super) variants: Vec<Arc<str>>,
}

/// The labels of the form in words.
#[derive(Debug)]
pub(super) struct Labels {
    /// Words, key and variant.
    entries: Vec<(String, String, Arc<str>)>,
    /// The words ready to be compared.
    alike: Vec<Alike>,
    /// The same without the words that name a variant: a table of both levels leaves them out.
    neutral: Vec<(String, String, Arc<str>)>,
    /// Other words for a variant, and its name: the terms of the law change, the form stays.
    terms: Vec<(String, Arc<str>)>,
}

impl Labels {
    pub(super) fn new(form: &Catalogue, spec: &Counts) -> Self {
        let entry = |e: &crate::pack::Entry| {
            let (key, variant) = (e.get("key")?.to_owned(), e.all("variant").first()?.clone());
            let written = [&e.value].into_iter().chain(&e.aliases).map(|w| text::words(w));
            Some(written.map(|words| (words, key.clone(), variant.clone())).collect::<Vec<_>>())
        };
        let terms = spec.variants.iter().flat_map(|v| v.words.iter().map(|w| (text::words(w), v.name.clone())));
        let entries: Vec<_> = form.entries.iter().filter_map(entry).flatten().collect();
        let alike = entries.iter().map(|e| Alike::new(&e.0)).collect();
        let mut labels = Self { entries, alike, neutral: Vec::new(), terms: terms.collect() };
        let neutral = |(words, key, variant): &(String, String, Arc<str>)| {
            Some((labels.without_variant(words), key.clone(), variant.clone())).filter(|n| n.0 != *words)
        };
        labels.neutral = labels.entries.iter().filter_map(neutral).collect();
        labels
    }

    /// A label without the words that name a variant.
    fn without_variant(&self, words: &str) -> String {
        let names = |word: &&str| self.terms.iter().any(|(w, name)| w == word || **name == **word);
        words.split(' ').filter(|w| !names(w)).collect::<Vec<_>>().join(" ")
    }

    fn in_terms_of_the_form(&self, words: &str) -> String {
        let term = |word: &str| {
            self.terms.iter().find(|(w, _)| w == word).map_or(word.to_owned(), |(_, name)| name.to_string())
        };
        words.split(' ').map(term).collect::<Vec<_>>().join(" ")
    }

    /// The row of the form that a text is the label of.
    pub(super) fn find(&self, shown: &str) -> Option<Label> {
        if !bounds::COUNT_LABEL.contains(&shown.len()) {
            return None;
        }
        let plain = brief_words(strip_number(shown));
        let words = self.in_terms_of_the_form(&plain);
        if words.len() < 8 {
            return None;
        }
        let found = same(&self.entries, &words)
            .or_else(|| same(&self.neutral, &self.without_variant(&plain)))
            .or_else(|| self.likest(&words))?;
        let key = found.first()?.1.clone();
        Some(Label { key, variants: found.iter().map(|e| e.2.clone()).collect() })
    }

    /// The entries whose label is the likest to the text.
    fn likest(&self, words: &str) -> Option<Vec<&(String, String, Arc<str>)>> {
        let own = Alike::new(words);
        let alike = self.entries.iter().zip(&self.alike).filter_map(|(e, a)| Some((a.similarity(&own, SIMILAR)?, e)));
        let likely = alike.filter(|(_, e)| shares_words(&e.0, words));
        let best = likely.max_by(|a, b| a.0.total_cmp(&b.0))?;
        same(&self.entries, &best.1.0)
    }
}

/// The entries whose label is the text.
fn same<'a>(entries: &'a [(String, String, Arc<str>)], words: &str) -> Option<Vec<&'a (String, String, Arc<str>)>> {
    let same: Vec<_> = entries.iter().filter(|e| e.0 == *words).collect();
    (!same.is_empty()).then_some(same)
}

/// Whether half of the label's words stand in the text: only then is its likeness worth weighing.
fn shares_words(label: &str, text: &str) -> bool {
    let words = label.split(' ').filter(|w| w.len() > 3);
    let all = words.clone().count();
    let beginnings = words.filter(|w| w.get(..4).is_some_and(|start| text.contains(start)));
    beginnings.count() * 2 >= all && label.len().abs_diff(text.len()) * 3 <= label.len().max(text.len())
}

/// `3. N. indicatori tot` without its number.
fn strip_number(text: &str) -> &str {
    let rest = text.trim_start().trim_start_matches(|c: char| c.is_ascii_digit());
    let rest = rest.trim_start_matches(['.', ')', '-', ' ', '\u{a0}']);
    if rest.is_empty() { text } else { rest }
}
