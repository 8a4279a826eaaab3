//! The comparison that stands before (`almeno il 95%`) or behind (`5 giorni max`) a value.

use crate::model::Operator;

/// Longer ones first where one begins another. `_` stands for the endings of `superiore`, `superiori`; `@a` and `@di`
/// for the preposition with or without article.
const BEFORE: &[(&str, Operator)] = &[
    (">/=", Operator::Ge),
    ("</=", Operator::Le),
    (">=", Operator::Ge),
    ("=>", Operator::Ge),
    ("≥", Operator::Ge),
    ("⩾", Operator::Ge),
    ("<=", Operator::Le),
    ("=<", Operator::Le),
    ("≤", Operator::Le),
    ("⩽", Operator::Le),
    (">", Operator::Gt),
    ("<", Operator::Lt),
    ("=", Operator::Eq),
    ("almeno", Operator::Ge),
    ("al minimo", Operator::Ge),
    ("minimo", Operator::Ge),
    ("min.", Operator::Ge),
    ("min", Operator::Ge),
    ("non inferior_ @a", Operator::Ge),
    ("non minor_ @di", Operator::Ge),
    ("non meno @di", Operator::Ge),
    ("maggior_ o ugual_ @a", Operator::Ge),
    ("superior_ o ugual_ @a", Operator::Ge),
    ("uguale o maggior_ @di", Operator::Ge),
    ("uguale o superior_ @a", Operator::Ge),
    ("al massimo", Operator::Le),
    ("massimo", Operator::Le),
    ("max.", Operator::Le),
    ("max", Operator::Le),
    ("al piu", Operator::Le),
    ("non superior_ @a", Operator::Le),
    ("non maggior_ @di", Operator::Le),
    ("non piu @di", Operator::Le),
    ("minor_ o ugual_ @a", Operator::Le),
    ("inferior_ o ugual_ @a", Operator::Le),
    ("uguale o minor_ @di", Operator::Le),
    ("uguale o inferior_ @a", Operator::Le),
    ("fino @a", Operator::Le),
    ("entro e non oltre", Operator::Le),
    ("non oltre", Operator::Le),
    ("entro", Operator::Le),
    ("superior_ @a", Operator::Gt),
    ("maggior_ @di", Operator::Gt),
    ("piu @di", Operator::Gt),
    ("oltre", Operator::Gt),
    ("inferior_ @a", Operator::Lt),
    ("minor_ @di", Operator::Lt),
    ("meno @di", Operator::Lt),
    ("pari @a", Operator::Eq),
    ("ugual_ @a", Operator::Eq),
    ("esattamente", Operator::Eq),
];

const BEHIND: &[(&str, Operator)] = &[
    (" al massimo", Operator::Le),
    (" (massimo)", Operator::Le),
    (" massimo", Operator::Le),
    (" massimi", Operator::Le),
    (" (max)", Operator::Le),
    (" max.", Operator::Le),
    (" max", Operator::Le),
    (" al minimo", Operator::Ge),
    (" (minimo)", Operator::Ge),
    (" minimo", Operator::Ge),
    (" (min)", Operator::Ge),
];

/// Words between the comparison and its figure that say nothing.
const FILLERS: &[&str] =
    &["il ", "lo ", "la ", "l'", "i ", "gli ", "le ", "n. ", "n.", "nr. ", "nr.", "n° ", "n°", "n "];

/// The comparison of a text in normal form, and the text without it.
pub(super) fn split(text: &str) -> (Option<Operator>, &str) {
    for (sign, operator) in BEFORE {
        if let Some(rest) = strip(text, sign) {
            return (Some(*operator), without_fillers(rest));
        }
    }
    // A number must lead, or «tempo massimo» would be a comparison.
    if text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '€')) {
        for (sign, operator) in BEHIND {
            if let Some(rest) = text.strip_suffix(sign) {
                return (Some(*operator), rest.trim_end());
            }
        }
    }
    (None, without_fillers(text))
}

/// The rest after the sign: at once after a symbol, at the end of the word after words.
fn strip<'a>(text: &'a str, sign: &str) -> Option<&'a str> {
    let (phrase, preposition) = sign.split_once(" @").map_or((sign, None), |(p, prep)| (p, Some(prep)));
    let mut rest = text;
    for (n, part) in phrase.split('_').enumerate() {
        if n > 0 {
            rest = rest.strip_prefix(['e', 'i'])?;
        }
        rest = rest.strip_prefix(part)?;
    }
    let forms: &[&str] = match preposition {
        Some("a") => &["a", "al", "alla", "allo", "ai", "agli", "alle", "all'"],
        Some(_) => &["di", "del", "della", "dello", "dei", "degli", "delle", "dell'"],
        None if sign.ends_with(|c: char| c.is_ascii_lowercase()) => &[""],
        None => return Some(rest.trim_start()),
    };
    let rest = if preposition.is_some() { rest.strip_prefix(' ')? } else { rest };
    forms.iter().find_map(|form| {
        let rest = rest.strip_prefix(form)?;
        (rest.is_empty() || rest.starts_with(' ') || form.ends_with('\'')).then(|| rest.trim_start())
    })
}

fn without_fillers(text: &str) -> &str {
    let rest = FILLERS.iter().find_map(|f| text.strip_prefix(f)).unwrap_or(text).trim_start();
    if rest.starts_with(|c: char| c.is_ascii_digit()) { rest } else { text }
}
