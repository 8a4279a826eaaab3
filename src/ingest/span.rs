//! Which part of a note is our own text. Its author alone does not tell: an office may call itself as we do, and other
//! programs forget who wrote a note.

use std::ops::Range;

use super::OWN_LINE;
use crate::model::{Lang, Severity};

/// Bytes of a text beyond which it may have been clipped, and so lacks the code at its end.
const CLIPPED: usize = 6_000;

/// The span of a note's text that is ours. What stands before and behind it, somebody has written.
pub(crate) fn our_span(text: &str, by_us: bool) -> Range<usize> {
    let lines = lines(text);
    let separator = lines.iter().position(|(_, line)| line.trim() == OWN_LINE);
    let begins = |line: &str| labels().any(|l| line.strip_prefix(&l).is_some_and(|rest| rest.starts_with(" · ")));
    let first = match separator {
        Some(separator) => Some(separator + 1),
        // LibreOffice forgets who wrote a note; another program may have given the user's notes our author.
        None if by_us => lines.iter().position(|(_, line)| begins(line)),
        None => lines.first().filter(|(_, line)| begins(line)).map(|_| 0),
    };
    let last = first.and_then(|first| {
        let ours = lines.get(first..)?;
        let (mut last, mut open) = (None, true);
        for (at, line) in ours {
            if !open && begins(line) {
                open = true;
            } else if !open && !line.is_empty() && !is_more(line) {
                break;
            }
            let is_clipped = line.ends_with('…') && at + line.len() >= CLIPPED;
            if is_code(line) || is_more(line) || is_clipped {
                last = Some(at + line.len());
                open = false;
            }
        }
        last
    });
    match (separator.and_then(|s| lines.get(s)), first.and_then(|f| lines.get(f)), last) {
        (Some((at, _)), _, Some(end)) | (None, Some((at, _)), Some(end)) => at.saturating_sub(1)..end,
        (Some((at, _)), ..) => at.saturating_sub(1)..text.len(),
        _ => 0..0,
    }
}

/// The lines of a text with their offsets.
fn lines(text: &str) -> Vec<(usize, &str)> {
    let mut at = 0;
    text.split('\n')
        .map(|line| {
            let from = at;
            at += line.len() + 1;
            (from, line.trim_end_matches('\r'))
        })
        .collect()
}

fn labels() -> impl Iterator<Item = String> {
    let severities = [Severity::Errore, Severity::Avviso, Severity::Osservazione];
    severities.into_iter().flat_map(|s| [Lang::It, Lang::En].map(|l| s.label(l).to_uppercase()))
}

/// The line of a code, which ends a finding.
fn is_code(line: &str) -> bool {
    line.starts_with('[') && line.trim_end().ends_with(']') && !line.trim_end().contains(' ')
}

/// The line that ends a note whose findings are too many.
fn is_more(line: &str) -> bool {
    ["… e altri ", "… e un altro ", "… and "].iter().any(|begin| line.starts_with(begin))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = "AVVISO · il termine è passato\nRimedio: x\nNorma: y\n[LEG-001]";

    fn kept(text: &str, by_us: bool) -> String {
        let span = our_span(text, by_us);
        format!("{}|{}", &text[..span.start], &text[span.end..])
    }

    #[test]
    fn the_user_s_text_ends_before_our_separator() {
        assert_eq!(kept(&format!("da vedere\n— Riscontro —\n{OURS}"), false), "da vedere|");
        assert_eq!(kept(&format!("da vedere\n— Riscontro —\n{OURS}\nfatto"), false), "da vedere|\nfatto");
        assert_eq!(kept("nota su — Riscontro — altrui", false), "|nota su — Riscontro — altrui");
        assert_eq!(kept(&format!("— Riscontro —\n{OURS}"), false), "|");
        assert_eq!(kept("da vedere\n— Riscontro —\nsenza forma", false), "da vedere|");
    }

    #[test]
    fn our_notes_are_known_by_their_form() {
        assert_eq!(kept(OURS, false), "|");
        for text in ["AVVISO · tornare qui domani", "avviso\n[1]", "nota\n[PT-A01]"] {
            for by_us in [false, true] {
                assert_eq!(kept(text, by_us), format!("|{text}"), "{by_us}");
            }
        }
    }

    #[test]
    fn what_others_add_to_our_note_stays() {
        let two = format!("{OURS}\n\n{OURS}\n\n… e altri 3 rilievi su questa cella: si veda il foglio dei rilievi");
        assert_eq!(kept(&two, true), "|");
        assert_eq!(kept(&format!("{two}\nvisto"), true), "|\nvisto");
        assert_eq!(
            kept(&format!("{OURS}\nRISPOSTA: corretto, si veda\n[1]"), true),
            "|\nRISPOSTA: corretto, si veda\n[1]"
        );
        assert_eq!(kept(&format!("RISPOSTA\n{OURS}"), true), "RISPOSTA|");
    }

    #[test]
    fn a_clipped_note_is_ours_without_its_code() {
        let long = format!("ERRORE · {}…", "a".repeat(6_000));
        assert_eq!(kept(&long, true), "|");
        assert_eq!(kept(&format!("{long}\nvisto"), true), "|\nvisto");
    }
}
