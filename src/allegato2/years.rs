//! The years that headings and periods tell.

use crate::text;

/// First and last year of a period; whether it is written as years and not as a day by which something is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    first: i16,
    last: i16,
    is_date: bool,
}

impl Span {
    /// Whether a year is one of the period. What is due on a day later than the year may be pursued in it.
    pub(super) fn has(self, year: i16) -> bool {
        if self.is_date { year <= self.last } else { self.first <= year && year <= self.last }
    }
}

/// The four-digit years in a text.
fn all(text: &str) -> Vec<i16> {
    let figures = text.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() == 4);
    figures.filter_map(|run| run.parse().ok()).filter(|year| (1990..2100).contains(year)).collect()
}

/// The year of a heading: its only one.
pub(super) fn of_heading(heading: &str) -> Option<i16> {
    match all(heading).as_slice() {
        [year] => Some(*year),
        _ => None,
    }
}

/// The years of the headings of one field. Of headings that count years («Target anno N», «Target N+1», «primo anno») only
/// the first is the year's own, and the others are of no year that counts.
pub(super) fn of_headings(headings: &[&str]) -> Vec<Option<i16>> {
    let later = |heading: &str| {
        let words = format!(" {} ", text::words(heading));
        heading.to_uppercase().replace(' ', "").contains("N+")
            || [" secondo ", " terzo ", " 2 anno ", " 3 anno ", " successiv"].iter().any(|w| words.contains(w))
    };
    headings.iter().map(|h| if later(h) { Some(LATER) } else { of_heading(h) }).collect()
}

/// Stands for a year after the one counted, whichever that is.
pub(super) const LATER: i16 = i16::MAX;

/// The period that a text tells; `None` where it tells no year.
pub(super) fn of_text(found: &str) -> Option<Span> {
    let years = all(found);
    let (first, last) = (*years.iter().min()?, *years.iter().max()?);
    // «2024-26», «2024/26».
    let short = found.split_once(&first.to_string()).and_then(|(_, rest)| {
        let rest = rest.trim_start().strip_prefix(['-', '–', '/'])?.trim_start();
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        let end: i16 = digits.parse().ok().filter(|_| digits.len() == 2)?;
        Some(first / 100 * 100 + end).filter(|end| *end > first && end - first < 10)
    });
    let figures = found.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty()).count();
    let words = text::words(found);
    let is_due = words.contains("entro") || words.contains("dicembre") || words.contains("giugno");
    let is_date = years.len() == 1 && short.is_none() && (figures > 1 || is_due);
    Some(Span { first, last: short.unwrap_or(last), is_date })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_hold_their_years() {
        for (text, inside, outside) in [
            ("2024", 2024, 2025),
            ("2024-2026", 2025, 2027),
            ("2024/26", 2026, 2023),
            ("triennio 2024 – 2026", 2024, 2023),
            ("31/12/2025", 2024, 2026),
            ("entro dicembre 2025", 2025, 2026),
        ] {
            let span = of_text(text).unwrap();
            assert!(span.has(inside) && !span.has(outside), "{text}");
        }
        assert_eq!(of_text("annuale"), None);
    }

    #[test]
    fn headings_tell_their_year_or_that_they_come_later() {
        assert_eq!(of_headings(&["Target 2024", "Target 2025"]), [Some(2024), Some(2025)]);
        assert_eq!(of_headings(&["Target N", "Target N+1", "Target terzo anno"]), [None, Some(LATER), Some(LATER)]);
        assert_eq!(of_headings(&["Target (2024-2026)"]), [None]);
    }
}
