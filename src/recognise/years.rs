//! Years in headings: «Target 2025», «2025 Target» and «Target anno 2025» are all «Target».

use std::ops::RangeInclusive;

use super::view::{SheetView, is_empty, shown};
use crate::model::{CellRef, GridCell};
use crate::text;

/// The years that forms and headings name.
const YEARS: RangeInclusive<u16> = 1900..=2099;
/// Words that lead to a year and go with it.
const LEADING: [&str; 14] =
    ["anno", "annualita", "esercizio", "nell", "nel", "dell", "del", "al", "il", "per", "l", "a", "in", "dal"];
/// Words that lead to the last day of a term.
const TERMS: [&str; 6] = ["entro", "e", "non", "oltre", "dopo", "prima"];
/// Bytes beyond which a text is no heading with a year.
const LONGEST: usize = 240;

/// The words of a heading without the years in it; `None` if it has none.
pub(super) fn without(heading: &str) -> Option<String> {
    let may = |pair: &[u8]| matches!(pair, b"19" | b"20");
    if heading.len() > LONGEST || !heading.as_bytes().windows(2).any(may) {
        return None;
    }
    let words = text::words(heading);
    let mut kept: Vec<&str> = Vec::new();
    let mut last: Option<u16> = None;
    for word in words.split(' ') {
        if let Some(year) = of(word) {
            // A date goes whole: «al 31/12/2024».
            if last.is_none() && kept.len() > 2 && kept.iter().rev().take(2).all(|w| is_short_number(w)) {
                kept.truncate(kept.len() - 2);
            }
            while kept.last().is_some_and(|w| LEADING.contains(w)) {
                kept.pop();
            }
            last = Some(year);
        } else if !last.is_some_and(|year| ends_span(year, word)) {
            kept.push(word);
        }
    }
    last.map(|_| kept.join(" "))
}

/// The words of a heading without the years in it, with the days before them.
pub(super) fn dated(heading: &str) -> String {
    text::words(heading).split(' ').filter(|w| of(w).is_none()).collect::<Vec<_>>().join(" ")
}

/// The year that a word is.
pub(super) fn of(word: &str) -> Option<u16> {
    word.parse().ok().filter(|year| word.len() == 4 && YEARS.contains(year))
}

/// Whether a number is a year.
pub(super) fn is(number: f64) -> bool {
    number >= f64::from(*YEARS.start()) && number <= f64::from(*YEARS.end())
}

fn is_short_number(word: &str) -> bool {
    word.len() <= 2 && word.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a word is the short end of a span of years: `27` after `2025`.
fn ends_span(year: u16, word: &str) -> bool {
    word.len() == 2 && word.parse().is_ok_and(|end: u16| (1..=5).contains(&end.saturating_sub(year % 100)))
}

/// Whether a text is nothing but years.
pub(super) fn is_only(text: &str) -> bool {
    without(text).is_some_and(|rest| rest.is_empty())
}

/// Whether the row is one of years, several or one over several columns: a part of the header beside it. Something else may
/// stand beside them («Dimensioni | 2018 | 2019»), less than they are, where a label stands under each.
pub(super) fn row(view: &SheetView<'_>, row: u32) -> bool {
    let (mut count, mut others, mut is_labelled) = (0, 0, true);
    for cell in view.row(row).iter().filter(|c| !is_empty(c)) {
        let area = view.merged(cell.at);
        // What a merged area covers is not shown.
        if area.is_some_and(|a| a.first != cell.at) {
            continue;
        }
        let under = CellRef::new(row + 1, cell.at.col);
        let is_label = |c: &GridCell| shown(c).chars().any(char::is_alphabetic);
        is_labelled &= view.sheet.get(under).is_some_and(is_label);
        if !is_only(&shown(cell)) {
            others += 1;
            continue;
        }
        count += area.map_or(1, |a| 1 + (a.last.col - a.first.col).min(1));
    }
    count > 1 && (others == 0 || is_labelled && others * 2 < count)
}

/// Whether a text is a term that ends with a day, and no heading of one: «entro il 30/06/2025», not «Valore al 31/12/2025».
pub(super) fn is_term(text: &str) -> bool {
    // Most texts do not end with a figure.
    if text.len() > LONGEST
        || !text.trim_end_matches(|c: char| !c.is_alphanumeric()).ends_with(|c: char| c.is_ascii_digit())
    {
        return false;
    }
    let words = text::words(text);
    let words: Vec<&str> = words.split(' ').collect();
    let [before @ .., day, month, year] = words.as_slice() else { return false };
    let is_day = is_short_number(day) && is_short_number(month) && (of(year).is_some() || is_short_number(year));
    is_day && before.iter().all(|w| LEADING.contains(w) || TERMS.contains(w))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_taken_out_of_headings() {
        let cases = [
            ("Target 2025", Some("target")),
            ("2026 Target", Some("target")),
            ("Target (anno 2025)", Some("target")),
            ("Risultato al 31/12/2024", Some("risultato")),
            ("Target 2025-2027", Some("target")),
            ("Target 2025/27", Some("target")),
            ("Target 2024 (Risultato atteso)", Some("target risultato atteso")),
            ("Anno 2025", Some("")),
            ("Art. 20", None),
            ("Target", None),
            ("Codice 20251", None),
        ];
        for (heading, expected) in cases {
            let found = without(heading).filter(|f| *f != text::words(heading));
            assert_eq!(found.as_deref(), expected, "{heading}");
        }
    }

    #[test]
    fn only_years_are_years_alone() {
        assert!(["2025", "Anno 2025", "2025-2027", "esercizio 2024"].iter().all(|t| is_only(t)));
        assert!(["Target 2025", "2025 e oltre", "", "20"].iter().all(|t| !is_only(t)));
    }
}
