//! Texts that cannot be headings, told without bringing them to their words: nearly all cells of a large register.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::heading::HeadingIndex;
use super::recent::Recent;
use super::sides;
use super::view::SheetView;
use crate::model::{GridCell, Scalar};
use crate::text;

/// Headings of one kind, by the numbers of their squeezed forms.
#[derive(Debug, Default)]
pub(super) struct Sieve(FxHashSet<u64>);

impl Sieve {
    /// Adds the squeezed form of a heading. One of other letters than Italian ones is not missed: a text that has them is
    /// never held back.
    pub(super) fn add(&mut self, squeezed: &str) {
        self.0.extend(text::squeezed_hash(squeezed));
    }

    /// Whether a text may be one of the headings: most are told apart at once.
    pub(super) fn lets_through(&self, text: &str) -> bool {
        may_be_heading(&[self], text)
    }
}

/// Positions of the rows in which at least two texts may be headings, of whatever kind.
pub(super) fn rows<'i>(view: &SheetView<'_>, indices: impl Iterator<Item = &'i HeadingIndex>) -> Vec<usize> {
    let indices: Vec<&HeadingIndex> = indices.collect();
    let sieves: Vec<&Sieve> = indices.iter().map(|index| &index.sieve).collect();
    // What the letters of a text do not tell is asked of the headings: names of offices have sides, and come back.
    let may_be = |text: &str| {
        if is_divided(text) { indices.iter().any(|i| i.is_heading(text)) } else { has_letters_of_one(&sieves, text) }
    };
    let mut recent = Recent::of(view.sheet.cells.len());
    let mut has_two = |cells: &[GridCell]| {
        let texts = || cells.iter().filter_map(text_of);
        // Of most rows of a large table one text alone is not known for data.
        texts().filter(|text| recent.known(0, text) != Some(&false)).nth(1).is_some()
            && texts().filter(|text| recent.get(0, text, may_be)).nth(1).is_some()
    };
    let rows = view.rows.iter().enumerate().filter(|(_, (_, range))| has_two(view.cells(range)));
    rows.map(|(position, _)| position).collect()
}

fn text_of(cell: &GridCell) -> Option<&Arc<str>> {
    if let Scalar::Text(text) = &cell.value { Some(text) } else { None }
}

/// Whether a text has to be looked into: it has the letters of a heading, or something that is left out of headings or
/// divides them.
fn may_be_heading(sieves: &[&Sieve], text: &str) -> bool {
    is_divided(text) || has_letters_of_one(sieves, text)
}

fn has_letters_of_one(sieves: &[&Sieve], text: &str) -> bool {
    let plain = text.ends_with(|c: char| c.is_ascii_alphanumeric());
    let hash = text::squeezed_hash(if plain { text } else { sides::unmarked(text) });
    hash.is_none_or(|hash| sieves.iter().any(|sieve| sieve.0.contains(&hash)))
}

/// Whether a text may have several sides, or a year by itself: four figures among which no invisible characters stand.
/// Line separators and further signs are no matter: no number is made of texts with them.
fn is_divided(text: &str) -> bool {
    // Figures in a row, and the first two of them; the two bytes before.
    let (mut run, mut first) = (0, 0);
    let (mut before, mut last) = (0, 0);
    for byte in text.bytes().chain([b' ']) {
        if byte.is_ascii_digit() {
            first = if run < 2 { first * 10 + u32::from(byte - b'0') } else { first };
            run += 1;
        } else {
            if run == 4 && matches!(first, 19 | 20) {
                return true;
            }
            (run, first) = (0, 0);
            match byte {
                b' ' if last == b'-' && before == b' ' => return true,
                b'\t' | b'\r' | 11 | 12 => {}
                0..32 | 127 | b'/' | b'|' => return true,
                _ => {}
            }
        }
        (before, last) = (last, byte);
    }
    !text.is_ascii() && [" – ", " — "].iter().any(|dash| text.contains(dash))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_heading_is_held_back() {
        let packs = crate::pack::Packs::embedded().unwrap();
        for pack in &packs.packs {
            let index = HeadingIndex::new(&pack.schedule);
            for heading in pack.schedule.fields.iter().flat_map(|f| f.headings.iter().chain(&f.also).chain(&f.whole)) {
                let printed = [
                    heading.clone(),
                    heading.to_uppercase(),
                    format!("{heading} (1)"),
                    format!("{heading} **"),
                    format!("{heading} 2025"),
                    format!("{heading}:\n"),
                    format!("{heading} / Maßnahme"),
                    format!("Heading – {heading}"),
                    heading.replace(' ', ""),
                ];
                for text in printed.iter().filter(|t| index.is_one(t)) {
                    assert!(index.sieve.lets_through(text), "{text}");
                }
            }
        }
    }

    #[test]
    fn texts_with_years_or_sides_are_looked_into() {
        for text in
            ["a 2024", "2024", "a2024b", "20\u{1}24", "a/b", "a - b", "a – b", "a\nb", "a|b", "n. 1999/2", "x -"]
        {
            assert!(is_divided(text), "{text:?}");
        }
        for text in ["a-b", "12024", "n. 2124", "a -b", "a\tb", "19", "2 0 2 4", "- a"] {
            assert!(!is_divided(text), "{text:?}");
        }
    }

    #[test]
    fn data_is_held_back() {
        let packs = crate::pack::Packs::embedded().unwrap();
        let index = HeadingIndex::new(&packs.get("ptpct").unwrap().schedule);
        for text in [
            "n. 19345 Istruttoria delle domande: Tributi, pratica di tipo 19345",
            "A) Acquisizione e gestione del personale",
            "Controllo a campione delle attività (semestrale)",
        ] {
            assert!(!may_be_heading(&[&index.sieve], text), "{text}");
        }
    }
}
