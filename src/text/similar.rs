//! How alike two texts are: headings with typos, did-you-mean, names spelled in two ways.

use super::alike::COMPARED;
use super::normal::{normal, squeezed, words};

/// The work of an edit distance grows with the square: beyond this the bound is answered instead.
const MEASURED: usize = 2_000;

fn cut(mut text: String) -> String {
    if let Some((at, _)) = text.char_indices().nth(COMPARED) {
        text.truncate(at);
    }
    text
}

/// Edit distance of two strings as given: insertions, deletions, changes and swaps of neighbours each count 1.
/// Of strings that differ over more than 2,000 characters, the greatest distance possible.
pub fn edit_distance(a: &str, b: &str) -> usize {
    let prefix: usize = a.chars().zip(b.chars()).take_while(|(x, y)| x == y).map(|(x, _)| x.len_utf8()).sum();
    let (a, b) = (a.get(prefix..).unwrap_or(a), b.get(prefix..).unwrap_or(b));
    let suffix: usize =
        a.chars().rev().zip(b.chars().rev()).take_while(|(x, y)| x == y).map(|(x, _)| x.len_utf8()).sum();
    let (a, b) = (a.get(..a.len() - suffix).unwrap_or(a), b.get(..b.len() - suffix).unwrap_or(b));
    let longest = a.chars().count().max(b.chars().count());
    if a.is_empty() || b.is_empty() || longest > MEASURED {
        return longest;
    }
    strsim::osa_distance(a, b)
}

/// The nearest candidate for a did-you-mean, compared in [`words`] form; none if more than a third of it would have
/// to change. Of equally near ones the first.
pub fn closest<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let text = cut(words(text));
    let length = text.chars().count();
    if length == 0 {
        return None;
    }
    let mut best: Option<(usize, &'a str)> = None;
    for candidate in candidates {
        let form = cut(words(candidate));
        let other = form.chars().count();
        let longest = length.max(other);
        let allowed = if longest < 3 { 0 } else { (longest / 3).max(1) };
        let limit = best.map_or(allowed, |(distance, _)| allowed.min(distance.saturating_sub(1)));
        if length.abs_diff(other) > limit || best.is_some_and(|(distance, _)| distance == 0) {
            continue;
        }
        let distance = edit_distance(&text, &form);
        if distance <= limit {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Whether the words of `phrase` occur in a row in `text`. A word of five letters or more may have one edit
/// (`amggior` for `maggior`), and is then one of the text's words of four letters or more.
pub fn mentions(text: &str, phrase: &str) -> bool {
    let (text, phrase) = (words(text), words(phrase));
    let phrase: Vec<&str> = phrase.split(' ').filter(|w| !w.is_empty()).collect();
    let text: Vec<&str> = text.split(' ').collect();
    !phrase.is_empty() && text.windows(phrase.len()).any(|row| row.iter().zip(&phrase).all(|(w, p)| is_word(w, p)))
}

fn is_word(found: &str, wanted: &str) -> bool {
    if found == wanted {
        return true;
    }
    let letters = wanted.chars().count();
    letters >= 5
        && wanted.chars().all(char::is_alphabetic)
        && letters.abs_diff(found.chars().count()) <= 1
        && edit_distance(found, wanted) <= 1
}

/// Whether two names (offices, roles) are one name spelled in two ways: equal without punctuation and blanks, or each
/// differing word within one edit (six letters or more) or two (ten letters or more, same first letter).
///
/// Never when they differ by a digit, a Roman numeral or a single letter: those are labels of different things. Names
/// with equal normal forms are equal, not near.
pub fn near_duplicate(a: &str, b: &str) -> bool {
    if normal(a) == normal(b) {
        return false;
    }
    let (first, second) = (words(a), words(b));
    if numbers(&first).ne(numbers(&second)) {
        return false;
    }
    let (left, right) = (squeezed(a), squeezed(b));
    if left == right {
        return !left.is_empty();
    }
    let (first, second): (Vec<&str>, Vec<&str>) = (first.split(' ').collect(), second.split(' ').collect());
    first.len() == second.len() && first.iter().zip(&second).all(|(x, y)| x == y || is_slip(x, y))
}

/// Whether the [`content_words`] of two different texts are one name: some of them abbreviated (`Uff.`, `Serv.`), in
/// another order (`Bilancio e Ragioneria`) or with other little words between them (`Ufficio del Personale`).
pub fn same_content(first: &[String], second: &[String]) -> bool {
    if first.len() != second.len() || first.len() < 2 {
        return false;
    }
    if first.iter().zip(second).all(|(x, y)| is_same_word(x, y)) {
        // One word must stand in full on both sides: two abbreviations fit too many names.
        return first.iter().zip(second).any(|(x, y)| x == y);
    }
    let sorted = |words: &[String]| {
        let mut words = words.to_vec();
        words.sort_unstable();
        words
    };
    // Labels tell things apart by their place: `I 1` is not `1 I`.
    let labelled = first.iter().any(|w| w.chars().count() < 3 || w.chars().any(char::is_numeric) || is_roman(w));
    !labelled && first.iter().all(|w| second.contains(w)) && sorted(first) == sorted(second)
}

/// The words of a name in lower case, an abbreviation with its point, without the little words between them.
pub fn content_words(text: &str) -> Vec<String> {
    const LITTLE: [&str; 21] = [
        "di", "del", "dello", "della", "dei", "degli", "delle", "dell", "al", "alla", "alle", "ai", "agli", "per",
        "la", "le", "il", "gli", "ed", "and", "of",
    ];
    let plain = normal(text).replace(['\'', '’', ',', ';', '/', '-', '–', '&', '(', ')'], " ");
    let words: Vec<&str> = plain.split_whitespace().collect();
    let last = words.len().saturating_sub(1);
    let little = |i: usize, w: &str| LITTLE.contains(&w) || (w == "e" && i > 0 && i < last);
    words.iter().enumerate().filter(|(i, w)| !little(*i, w)).map(|(_, w)| (*w).to_owned()).collect()
}

/// Whether a word is another one, or its beginning with a point or of three or four letters.
fn is_same_word(a: &str, b: &str) -> bool {
    let abbreviates = |short: &str, whole: &str| {
        let stem = short.strip_suffix('.').unwrap_or(short);
        let (n, m) = (stem.chars().count(), whole.chars().count());
        let pointed = stem.len() < short.len();
        let is_word = |w: &str| w.chars().all(char::is_alphabetic) && !is_roman(w);
        is_word(stem) && is_word(whole) && n >= 3 && m >= n + 3 && (pointed || n <= 4) && whole.starts_with(stem)
    };
    a == b || abbreviates(a, b) || abbreviates(b, a)
}

/// The runs of digits: `1.1` and `11` are different labels, although equal without punctuation.
fn numbers(words: &str) -> impl Iterator<Item = &str> {
    words.split(|c: char| !c.is_numeric()).filter(|n| !n.is_empty())
}

/// Two different words near enough to be one with a slip. Short words are not: at two edits in nine letters
/// `economato` and `economico` are two words, each right. Nor is a prefix: `formazione`, `informazione`.
fn is_slip(a: &str, b: &str) -> bool {
    let shortest = a.chars().count().min(b.chars().count());
    let is_label = |w: &str| w.chars().any(char::is_numeric) || is_roman(w);
    if shortest < 6 || is_label(a) || is_label(b) {
        return false;
    }
    let distance = edit_distance(a, b);
    distance == 1 || (distance == 2 && shortest >= 10 && a.chars().next() == b.chars().next())
}

/// Whether a word in lower case is a well-formed Roman numeral.
fn is_roman(word: &str) -> bool {
    let mut rest = word;
    let repeats = |rest: &mut &str, sign: char, most: usize| {
        for _ in 0..most {
            *rest = rest.strip_prefix(sign).unwrap_or(rest);
        }
    };
    repeats(&mut rest, 'm', 3);
    for (one, five, ten) in [('c', 'd', 'm'), ('x', 'l', 'c'), ('i', 'v', 'x')] {
        let take = |rest: &mut &str, pair: [char; 2]| {
            let cut = rest.strip_prefix(pair[0]).and_then(|r| r.strip_prefix(pair[1]));
            *rest = cut.unwrap_or(rest);
            cut.is_some()
        };
        if !take(&mut rest, [one, ten]) && !take(&mut rest, [one, five]) {
            repeats(&mut rest, five, 1);
            repeats(&mut rest, one, 3);
        }
    }
    !word.is_empty() && rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same_name(a: &str, b: &str) -> bool {
        normal(a) != normal(b) && same_content(&content_words(a), &content_words(b))
    }

    #[test]
    fn abbreviated_or_turned_names_are_one() {
        for (a, b) in [
            ("Uff. Tributi", "Ufficio Tributi"),
            ("Serv. Personale", "Servizio Personale"),
            ("Serv Personale", "Servizio Personale"),
            ("Sett. Lavori pubblici", "Settore Lavori Pubblici"),
            ("Ufficio del Personale", "Ufficio Personale"),
            ("Ufficio Bilancio e Ragioneria", "Ufficio Ragioneria e Bilancio"),
            ("Ragioneria, Bilancio", "Bilancio e Ragioneria"),
            ("Dir. Sanitaria", "Direzione sanitaria"),
        ] {
            assert!(same_name(a, b) && same_name(b, a), "{a} / {b}");
        }
    }

    #[test]
    fn different_names_in_like_words_are_not_one() {
        for (a, b) in [
            ("Ufficio Tributi", "Ufficio Tecnico"),
            ("Servizio 1", "Servizio 2"),
            ("Area I", "Area II"),
            ("Area 1 Settore 2", "Area 2 Settore 1"),
            ("Servizio E", "Servizio"),
            ("Settore Personale", "Servizio Personale"),
            ("Uff. Tec.", "Ufficio Tecnico"),
            ("Ufficio Edilizia privata", "Ufficio Edilizia pubblica"),
            ("Tecnico", "Ufficio Tecnico"),
            ("Area Amm. Gare", "Area Amm. Legale"),
            ("Anagrafe", "Ana."),
            ("Ufficio Tributi", "UFFICIO TRIBUTI"),
        ] {
            assert!(!same_name(a, b) && !same_name(b, a), "{a} / {b}");
        }
    }

    #[test]
    fn near_names_are_one_office() {
        for (a, b) in [
            ("SERVIZI INFORMATICI", "SERVIZI INFORMATIVI"),
            ("SERVIZI INFORM ATIVI", "Servizi informativi"),
            ("C.E.D.", "CED"),
            ("Ufficio Anagrafe", "Ufficio Angarafe"),
            ("Servizio Personale", "Servizi Personale"),
            ("U.O. Programmazione", "U.O. Progamazione"),
            ("Ufficio n.1", "Ufficio n 1"),
        ] {
            assert!(near_duplicate(a, b) && near_duplicate(b, a), "{a} / {b}");
        }
    }

    #[test]
    fn other_offices_are_not_near() {
        for (a, b) in [
            ("SETTORE II", "SETTORE III"),
            ("SETTORE IV", "SETTORE VI"),
            ("Ufficio A", "Ufficio B"),
            ("Settore 1", "Settore 2"),
            ("Settore 1.1", "Settore 11"),
            ("Sezione XXXVII", "Sezione XXXVIII"),
            ("Settore2020", "Settore2021"),
            ("Economato", "Economico"),
            ("Settore Formazione", "Settore Informazione"),
            ("Ufficio Sport", "Ufficio Porti"),
            ("Ufficio", "Ufficio Tributi"),
            ("Ufficio tributi", "UFFICIO  TRIBUTI"),
            ("-", ""),
            ("-", "."),
        ] {
            assert!(!near_duplicate(a, b) && !near_duplicate(b, a), "{a} / {b}");
        }
    }

    #[test]
    fn roman_numerals_are_well_formed() {
        assert!(["i", "iv", "ix", "xiv", "xxxviii", "mcmxc"].into_iter().all(is_roman));
        assert!(!["", "iiii", "civili", "vv", "milli", "a"].into_iter().any(is_roman));
    }

    #[test]
    fn typos_are_forgiven_in_long_words_only() {
        assert!(mentions("nel senso di una amggior trasparenza", "maggior trasparenza"));
        assert!(mentions("Di cui N. 3 con maggiore impatto", "maggior"));
        assert!(!mentions("solo due", "sole"));
        assert!(!mentions("maggior ampia trasparenza", "maggior trasparenza"));
        assert!(!mentions("testo", " "));
        assert!(!mentions("", "testo"));
    }

    #[test]
    fn distance_counts_a_swap_once() {
        assert_eq!(edit_distance("amggior", "maggior"), 1);
        assert_eq!(edit_distance("aab", "aba"), 1);
        assert_eq!(edit_distance("", "àb"), 2);
        assert_eq!(edit_distance("peso", "peso"), 0);
        assert_eq!(edit_distance(&"a".repeat(5_000), &"b".repeat(4_000)), 5_000);
    }

    #[test]
    fn closest_is_near_or_none() {
        let fields = ["area_rischio", "processo", "responsabile", "p", "i"];
        assert_eq!(closest("area_rischoi", fields), Some("area_rischio"));
        assert_eq!(closest("Responsabille", fields), Some("responsabile"));
        assert_eq!(closest("x", fields), None);
        assert_eq!(closest("scadenza", fields), None);
        assert_eq!(closest("", fields), None);
    }
}
