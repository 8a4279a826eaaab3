//! Headings in two languages («Prozess / Processo»), and marks of notes behind headings («N.(1)»).

use crate::text;

/// Least letters of a line that is a side.
const SIDE: usize = 3;
/// Words that a question begins with.
const QUESTIONS: [&str; 11] =
    ["perche", "come", "cosa", "che", "chi", "quando", "quale", "quali", "quanto", "dove", "entro"];
/// Sides that a heading has at most.
const MOST: usize = 3;
/// What divides the sides, each tried alone.
const BETWEEN: [&str; 7] = ["\n", "/", "|", " - ", " – ", " — ", "\u{2028}"];
/// Digits that stand raised.
const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

/// The sides of a heading, two or three, none of them blank.
pub(super) fn of(heading: &str) -> Option<Vec<&str>> {
    BETWEEN.iter().filter(|between| heading.contains(**between)).find_map(|between| {
        let sides: Vec<&str> = heading.split(between).map(str::trim).collect();
        let named = |s: &&str| s.chars().any(char::is_alphabetic);
        // «Indicatore/i» is one heading with two endings.
        let ending = |s: &&str| matches!(*s, "a" | "e" | "i" | "o");
        if sides.iter().skip(1).any(ending) {
            return None;
        }
        let apart = *between != "\n" || !is_wrapped(&sides);
        ((2..=MOST).contains(&sides.len()) && sides.iter().all(named) && apart).then_some(sides)
    })
}

/// Whether lines are those of one heading that is broken for its width: one goes on in small letters, or is cut short.
fn is_wrapped(lines: &[&str]) -> bool {
    let capital = |s: &str| s.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase);
    let letters = |s: &str| s.chars().filter(|c| c.is_alphabetic()).count();
    if lines.iter().all(|s| letters(s) < SIDE) {
        return false;
    }
    let goes_on = |s: &&str| !capital(s) || letters(s) < SIDE;
    lines.first().is_some_and(|s| capital(s)) && lines.iter().skip(1).any(goes_on)
        || lines.iter().any(|s| s.ends_with(['-', ',']) || s.ends_with('.') && letters(s) <= SIDE)
}

/// The question and the term in brackets behind it: «Come lo preveniamo (misura)».
pub(super) fn asked(heading: &str) -> Option<(&str, &str)> {
    let (question, term) = heading.trim_end().strip_suffix(')')?.split_once('(')?;
    let words = text::words(question);
    let asks = words.split(' ').next().is_some_and(|w| QUESTIONS.contains(&w));
    (asks && !term.contains(['(', ')'])).then(|| (question.trim(), term.trim()))
}

/// A heading without the marks of notes behind it: raised digits, stars, one number in brackets.
pub(super) fn unmarked(heading: &str) -> &str {
    let mut bare = heading.trim_end();
    loop {
        let mut next = bare.trim_end_matches(RAISED).trim_end_matches(['*', '†', '‡']).trim_end();
        if let Some((before, mark)) = next.strip_suffix([')', ']']).and_then(|t| t.rsplit_once(['(', '['])) {
            let mark = mark.trim();
            let digits = mark.len() <= 2 && mark.bytes().all(|b| b.is_ascii_digit());
            if digits || mark.bytes().all(|b| b == b'*') {
                next = before.trim_end();
            }
        }
        if next.is_empty() {
            return heading;
        }
        if next == bare {
            return bare;
        }
        bare = next;
    }
}

/// A heading without the number of its column before it: «2. Evento rischioso», «B.3 Misure».
pub(super) fn unnumbered(heading: &str) -> &str {
    let Some((number, rest)) = heading.split_once(' ') else { return heading };
    let (letters, digits) = number
        .strip_suffix(['.', ')'])
        .unwrap_or(number)
        .split_once('.')
        .map_or(("", number.strip_suffix(['.', ')']).unwrap_or_default()), |(section, digits)| (section, digits));
    let is_number = !digits.is_empty() && digits.len() <= 2 && digits.bytes().all(|b| b.is_ascii_digit());
    let is_section = letters.len() <= 2 && letters.chars().all(char::is_alphanumeric);
    if is_number && is_section && rest.chars().filter(|c| c.is_alphabetic()).count() > SIDE {
        rest.trim_start()
    } else {
        heading
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_columns_are_left_out() {
        for (heading, bare) in [
            ("2. Evento rischioso", "Evento rischioso"),
            ("12) Responsabile", "Responsabile"),
            ("B.3 Misure", "Misure"),
            ("C.10. Tempi", "Tempi"),
            ("2 Evento", "2 Evento"),
            ("N. processo", "N. processo"),
            ("1.1.1 Fase", "1.1.1 Fase"),
            ("31/12 Valore", "31/12 Valore"),
            ("1. P", "1. P"),
        ] {
            assert_eq!(unnumbered(heading), bare, "{heading}");
        }
    }

    #[test]
    fn marks_of_notes_are_left_out() {
        for (heading, bare) in [
            ("N.(1)", "N."),
            ("Area di rischio²", "Area di rischio"),
            ("Misura (**) [3]", "Misura"),
            ("Livello (1-5)", "Livello (1-5)"),
            ("Probabilità (P)", "Probabilità (P)"),
            ("Obiettivo 2", "Obiettivo 2"),
            ("(1)", "(1)"),
            ("", ""),
        ] {
            assert_eq!(unmarked(heading), bare, "{heading}");
        }
    }

    #[test]
    fn sides_are_divided_by_one_mark() {
        assert_eq!(of("Prozess / Processo"), Some(vec!["Prozess", "Processo"]));
        assert_eq!(of("Mesure\nMisura"), Some(vec!["Mesure", "Misura"]));
        assert_eq!(of("Nr.\nN."), Some(vec!["Nr.", "N."]));
        assert_eq!(of("Prozess\nProcesso"), Some(vec!["Prozess", "Processo"]));
        assert_eq!(asked("Chi (responsabile)"), Some(("Chi", "responsabile")));
        assert_eq!(asked("Note (misura)"), None);
        assert_eq!(of("Zeitplan - Tempi"), Some(vec!["Zeitplan", "Tempi"]));
        assert!(
            ["Processo", "Valore\nrilevato", "Ris.\nn.", "Pre-consuntivo", "2024/25", "a/b/c/d", "/ Misura"]
                .iter()
                .all(|t| of(t).is_none())
        );
    }
}
