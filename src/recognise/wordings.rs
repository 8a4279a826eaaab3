//! How words of headings are compared: by their stems, cut short, contained in one another, much alike.

use super::bounds;
use crate::text::{self, Alike};

/// Score of a heading that is only one of the field's short, ambiguous names (`N.`, `P`, `Area`).
const SHORT: f64 = 0.8;
/// Bytes under which a name is too short to be known by its beginning alone.
pub(super) const BRIEF: usize = 6;
/// Whether what follows a heading is a scale in parentheses: `(1-5)`, `[0/3]`.
pub(super) fn is_scale(rest: &str) -> bool {
    let inner = rest.trim().strip_prefix(['(', '[']).and_then(|r| r.strip_suffix([')', ']']));
    let figures = |r: &str| r.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()).count();
    inner.is_some_and(|r| figures(r) == 2 && !r.chars().any(char::is_alphabetic))
}

/// Words that a heading may have or leave out.
const SMALL: [&str; 36] = [
    "di", "a", "da", "in", "con", "su", "per", "e", "ed", "o", "il", "lo", "la", "gli", "le", "l", "un", "una", "d",
    "del", "dello", "della", "dei", "degli", "delle", "dell", "al", "allo", "alla", "ai", "agli", "alle", "all", "nel",
    "of", "the",
];

pub(super) fn is_small(word: &str) -> bool {
    // None is longer, and most words are.
    word.len() <= 5 && SMALL.contains(&word)
}

/// The words without the small ones between them and without their endings: `aree di rischio` and `area rischio` are
/// one. A heading that ends with a small word goes on somewhere else.
pub(super) fn stemmed(words: &str) -> String {
    let last = words.rsplit(' ').next().unwrap_or_default();
    let kept = words.split(' ').filter(|w| !is_small(w) || std::ptr::eq(*w, last));
    let stems = kept.map(|word| {
        let stem = word.trim_end_matches(['a', 'e', 'i', 'o']).trim_end_matches('h');
        if word.len() > 3 && stem.len() > 1 { stem } else { word }
    });
    stems.collect::<Vec<_>>().join(" ")
}

/// The words of a heading, each with whether a dot cuts it short; `None` if none may be cut short.
pub(super) fn shortened(heading: &str) -> Option<Vec<(String, bool)>> {
    if heading.len() > bounds::TYPOS {
        return None;
    }
    let parts = heading.split_inclusive(|c: char| matches!(c, '.' | '/' | '\'' | '’') || c.is_whitespace());
    let words: Vec<(String, bool)> = parts
        .map(|part| (text::words(part), part.trim_end().ends_with('.')))
        .filter(|(word, _)| !word.is_empty())
        .collect();
    // One that ends with a small word goes on, or ends with the letter of an area.
    let small = is_small;
    if words.last().is_none_or(|(word, _)| small(word)) {
        return None;
    }
    let words: Vec<(String, bool)> = words.into_iter().filter(|(word, _)| !small(word)).collect();
    let may_be_cut = |(word, dot): &(String, bool)| (*dot && word.len() > 1) || (3..8).contains(&word.len());
    words.iter().any(may_be_cut).then_some(words)
}

/// Score of a heading whose words are beginnings of the words of a known one, in their order.
pub(super) fn abbreviates(short: &[(String, bool)], name: &str) -> f64 {
    let mut full = name.split(' ').filter(|w| !is_small(w));
    let (mut letters, mut all) = (0, 0);
    for (word, dot) in short {
        let Some(whole) = full.next() else { return 0.0 };
        let least = if *dot { 2 } else { 4 };
        if word != whole && !(word.len() >= least && whole.starts_with(word.as_str())) {
            return 0.0;
        }
        letters += word.len();
        all += whole.len();
    }
    if full.next().is_some() || letters < 3 {
        return 0.0;
    }
    let ratio = |n: usize| f64::from(u16::try_from(n).unwrap_or(u16::MAX));
    0.75 + 0.2 * ratio(letters) / ratio(all.max(1))
}

/// Short names say less than long ones.
pub(super) fn weight(words: &str) -> f64 {
    match words.chars().filter(|c| c.is_alphanumeric()).count() {
        0..=4 => SHORT,
        5..=6 => 0.93,
        _ => 1.0,
    }
}

/// Score of a heading that contains, is contained in, or is much like a known one.
pub(super) fn near((words, own): (&str, &Alike), (name, alike): (&str, &Alike)) -> f64 {
    let (long, short) = (words.len().max(name.len()), words.len().min(name.len()));
    if short < 5 {
        return 0.0;
    }
    let share =
        f64::from(u16::try_from(short).unwrap_or(u16::MAX)) / f64::from(u16::try_from(long).unwrap_or(u16::MAX));
    let starts = |a: &str, b: &str| a.strip_prefix(b).is_some_and(|rest| rest.starts_with(' '));
    if starts(words, name) {
        // A short name says little of a longer heading: «Sotto», «Area».
        if name.len() < BRIEF && share < 0.6 {
            return 0.55 + 0.1 * share;
        }
        // One word that goes on says something else: «Giudizio di idoneità della misura».
        let more = words.get(name.len()..).unwrap_or_default().split(' ').filter(|w| !w.is_empty() && !is_small(w));
        if !name.contains(' ') && more.count() > 1 {
            return 0.55 + 0.1 * share;
        }
        return 0.7 + 0.25 * share;
    }
    // The beginning of a long heading: the rest is an instruction to the office.
    if words.len() >= 10 && starts(name, words) {
        return 0.68 + 0.25 * share;
    }
    if share > 0.5 && contains_words(words, name) {
        return 0.62 + 0.3 * share;
    }
    if share < 0.7 || long > bounds::TYPOS {
        return 0.0;
    }
    own.similarity(alike, bounds::SIMILAR).map_or(0.0, |similarity| similarity * 0.95)
}

pub(super) fn contains_words(text: &str, part: &str) -> bool {
    let starts = std::iter::once(0).chain(text.match_indices(' ').map(|(at, _)| at + 1));
    let mut rests = starts.filter_map(|at| text.get(at..)?.strip_prefix(part));
    rests.any(|rest| rest.is_empty() || rest.starts_with(' '))
}
