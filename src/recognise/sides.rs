//! Headings in two languages («Prozess / Processo»), and marks of notes behind headings («N.(1)»).

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
        ((2..=MOST).contains(&sides.len()) && sides.iter().all(named)).then_some(sides)
    })
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

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(of("Zeitplan - Tempi"), Some(vec!["Zeitplan", "Tempi"]));
        assert!(["Processo", "Pre-consuntivo", "2024/25", "a/b/c/d", "/ Misura"].iter().all(|t| of(t).is_none()));
    }
}
