//! Which printed row of a form each row of a sheet is: the best alignment of the two sequences.
//!
//! Rows repeat one another («Esempi» stands under every question), so neither text nor place alone tells.

use crate::pack::{Catalogue, Entry};
use crate::text::{self, Alike};

/// What tells one row from another.
#[derive(Debug, Clone, Default)]
pub(super) struct RowKey {
    /// Its printed text, in words.
    pub(super) text: String,
    /// Its number, if it has one.
    pub(super) number: Option<String>,
    /// The groups it stands in, in words, outermost first.
    pub(super) groups: Vec<String>,
    /// A formula that nobody computed stands for its text.
    pub(super) unknown: bool,
}

/// Least similarity of two texts of one row.
const SIMILAR: f64 = 0.86;

/// For each row the index of its entry in the form, `None` where it is no row of the form.
pub(super) fn align(rows: &[RowKey], form: &Catalogue, extensible: &[String]) -> Vec<Option<usize>> {
    let entries: Vec<Printed<'_>> = form.entries.iter().map(Printed::new).collect();
    let known = Known::new(&entries);
    let scores: Vec<Vec<f32>> = rows.iter().map(|r| known.scores(r, &entries)).collect();
    let mut chosen = best_path(&scores, entries.len());
    let used = |chosen: &[Option<usize>], e: usize| chosen.contains(&Some(e));
    for (i, row) in rows.iter().enumerate() {
        if chosen.get(i).is_some_and(Option::is_some) {
            continue;
        }
        // More rows of a list that admits them repeat the text of the row above, or of the question itself (14.1).
        let above = i.checked_sub(1).and_then(|p| chosen.get(p).copied().flatten()).and_then(|a| entries.get(a));
        let more = above.filter(|a| a.text == row.text && extensible.iter().any(|k| k == a.key)).and_then(|a| {
            let own = row.number.as_deref().is_none_or(|n| n == a.key);
            entries.iter().position(|e| own && e.detail && e.key == a.key && e.text == a.text)
        });
        // A question out of its place, or printed again, is still known by its number.
        let by_number = || entries.iter().position(|e| e.question && row.number.as_deref() == Some(e.key));
        // A row moved elsewhere, whose text the form prints only once.
        let unique = || {
            let mut same = entries.iter().enumerate().filter(|(_, e)| e.text == row.text && row.number.is_none());
            same.next().filter(|_| same.next().is_none()).map(|(e, _)| e).filter(|e| !used(&chosen, *e))
        };
        let found = more.or_else(by_number).or_else(unique);
        if let Some(place) = chosen.get_mut(i) {
            *place = found;
        }
    }
    fill_unknown(rows, &mut chosen, entries.len());
    chosen
}

/// Rows of unknown text between two known ones are the rows that the form prints between those, if it prints as many.
fn fill_unknown(rows: &[RowKey], chosen: &mut [Option<usize>], entries: usize) {
    let is_open = |i: usize, chosen: &[Option<usize>]| {
        rows.get(i).is_some_and(|r| r.unknown) && chosen.get(i).is_some_and(Option::is_none)
    };
    let mut i = 0;
    while i < rows.len() {
        let end = (i..rows.len()).find(|j| !is_open(*j, chosen)).unwrap_or(rows.len());
        let before = i.checked_sub(1).map_or(Some(0), |p| chosen.get(p).copied().flatten().map(|e| e + 1));
        let after = if end == rows.len() { Some(entries) } else { chosen.get(end).copied().flatten() };
        if let (Some(first), Some(after)) = (before, after)
            && first + (end - i) <= after
        {
            for (place, entry) in chosen.iter_mut().take(end).skip(i).zip(first..) {
                *place = Some(entry);
            }
        }
        i = end + 1;
    }
}

struct Printed<'a> {
    text: String,
    key: &'a str,
    question: bool,
    detail: bool,
    groups: [String; 2],
}

impl<'a> Printed<'a> {
    fn new(entry: &'a Entry) -> Self {
        let attribute = |name: &str| text::words(entry.get(name).unwrap_or_default());
        Self {
            text: text::words(&entry.value),
            key: entry.get("key").unwrap_or_default(),
            question: entry.is_question(),
            detail: entry.get("role") == Some("detail"),
            groups: [attribute("section"), attribute("group")],
        }
    }
}

/// The distinct texts of the form.
struct Known {
    texts: Vec<String>,
    alike: Vec<Alike>,
    /// For each entry the index of its text.
    of: Vec<usize>,
}

impl Known {
    fn new(entries: &[Printed<'_>]) -> Self {
        let mut texts: Vec<String> = Vec::new();
        let of = entries
            .iter()
            .map(|e| {
                texts.iter().position(|t| *t == e.text).unwrap_or_else(|| {
                    texts.push(e.text.clone());
                    texts.len() - 1
                })
            })
            .collect();
        Self { alike: texts.iter().map(|t| Alike::new(t)).collect(), texts, of }
    }

    /// How well a row is each entry; zero where it cannot be.
    fn scores(&self, row: &RowKey, entries: &[Printed<'_>]) -> Vec<f32> {
        let exact = self.texts.iter().position(|t| *t == row.text);
        let close = |t: &String| t.len().abs_diff(row.text.len()) * 4 <= t.len().max(row.text.len());
        let own = Alike::new(&row.text);
        let alike: Vec<bool> = self
            .texts
            .iter()
            .zip(&self.alike)
            .enumerate()
            .map(|(i, (t, alike))| match exact {
                Some(e) => e == i,
                None => row.text.len() > 8 && close(t) && alike.similarity(&own, SIMILAR).is_some(),
            })
            .collect();
        entries
            .iter()
            .zip(&self.of)
            .map(|(entry, of)| {
                let same_text = alike.get(*of).copied().unwrap_or(false);
                let base = match (&row.number, entry.question) {
                    (Some(n), true) if *n == entry.key => {
                        if same_text {
                            6.0
                        } else {
                            4.0
                        }
                    }
                    // The number may stand beside every row that repeats the question.
                    (Some(n), false) if entry.detail && *n == entry.key && same_text => 3.0,
                    (Some(_), _) => return 0.0,
                    (None, true) => {
                        if same_text {
                            2.0
                        } else {
                            return 0.0;
                        }
                    }
                    (None, false) => {
                        if same_text {
                            3.0
                        } else {
                            return 0.0;
                        }
                    }
                };
                let groups = row.groups.iter().filter(|g| !g.is_empty() && entry.groups.contains(g)).count();
                base + f32::from(u8::try_from(groups).unwrap_or(2)) * 0.75
            })
            .collect()
    }
}

/// The monotone matching with the greatest sum.
fn best_path(scores: &[Vec<f32>], width: usize) -> Vec<Option<usize>> {
    let cell = |table: &[f32], i: usize, j: usize| table.get(i * (width + 1) + j).copied().unwrap_or(0.0);
    let mut sums = vec![0f32; (scores.len() + 1) * (width + 1)];
    for (i, row) in scores.iter().enumerate() {
        for (j, score) in row.iter().enumerate() {
            let mut best = cell(&sums, i, j + 1).max(cell(&sums, i + 1, j));
            if *score > 0.0 {
                best = best.max(cell(&sums, i, j) + score);
            }
            if let Some(place) = sums.get_mut((i + 1) * (width + 1) + j + 1) {
                *place = best;
            }
        }
    }
    let mut chosen = vec![None; scores.len()];
    let (mut i, mut j) = (scores.len(), width);
    while i > 0 && j > 0 {
        let here = cell(&sums, i, j);
        // Of equal matchings the one with the earliest rows: what is printed once more stands behind the first.
        if (here - cell(&sums, i - 1, j)).abs() < 1e-3 {
            i -= 1;
        } else if (here - cell(&sums, i, j - 1)).abs() < 1e-3 {
            j -= 1;
        } else {
            if let Some(place) = chosen.get_mut(i - 1) {
                *place = Some(j - 1);
            }
            i -= 1;
            j -= 1;
        }
    }
    chosen
}
