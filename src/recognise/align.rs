//! Which printed row of a form each row of a sheet is: the best alignment of the two sequences.
//!
//! Rows repeat one another («Esempi» stands under every question), so neither text nor place alone tells.

use super::form::Form;
use crate::text::Alike;

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
pub(super) fn align(rows: &[RowKey], form: &Form, extensible: &[String]) -> Vec<Option<usize>> {
    let entries = &form.rows;
    let scores: Vec<Vec<f32>> = rows.iter().map(|r| scores(r, form)).collect();
    let mut chosen = best_path(&scores, entries.len());
    let used = |chosen: &[Option<usize>], e: usize| chosen.contains(&Some(e));
    for (i, row) in rows.iter().enumerate() {
        if chosen.get(i).is_some_and(Option::is_some) {
            continue;
        }
        // More rows of a list that admits them repeat the text of the row above, or of the question itself (14.1).
        let above = i.checked_sub(1).and_then(|p| chosen.get(p).copied().flatten()).and_then(|a| entries.get(a));
        let more = above.filter(|a| a.text == row.text && extensible.contains(&a.key)).and_then(|a| {
            let own = row.number.as_deref().is_none_or(|n| *n == a.key);
            entries.iter().position(|e| own && e.detail && e.key == a.key && e.text == a.text)
        });
        // A question out of its place, or printed again, is still known by its number.
        let by_number = || entries.iter().position(|e| e.question && row.number.as_ref() == Some(&e.key));
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

/// How well a row is each row of the form; zero where it cannot be.
fn scores(row: &RowKey, form: &Form) -> Vec<f32> {
    let exact = form.text(&row.text);
    let own = Alike::new(&row.text);
    let (length, long) = (row.text.len(), row.text.len() > 8);
    let alike: Vec<bool> = match exact {
        Some(exact) => (0..form.texts.len()).map(|i| i == exact).collect(),
        None => form
            .texts
            .iter()
            .map(|(bytes, t)| long && is_close(*bytes, length) && t.similarity(&own, SIMILAR).is_some())
            .collect(),
    };
    form.rows
        .iter()
        .map(|entry| {
            let same_text = alike.get(entry.of).copied().unwrap_or(false);
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
                (None, true) if same_text => 2.0,
                (None, false) if same_text => 3.0,
                _ => return 0.0,
            };
            let groups = row.groups.iter().filter(|g| !g.is_empty() && entry.groups.contains(g)).count();
            base + f32::from(u8::try_from(groups).unwrap_or(2)) * 0.75
        })
        .collect()
}

/// Whether lengths differ by a quarter at most.
fn is_close(a: usize, b: usize) -> bool {
    a.abs_diff(b) * 4 <= a.max(b)
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
