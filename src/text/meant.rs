//! The option of a list that a free answer means: its start, its core, or the option with more words around it.

use super::normal::words;

/// Words that carry nothing of an option.
const EMPTY: &[&str] = &[
    "a", "ad", "ai", "agli", "alla", "alle", "al", "per", "il", "lo", "la", "i", "gli", "le", "l", "di", "del", "dei",
    "delle", "e", "ed", "in",
];

/// Words that turn or narrow what stands beside them.
const TURNING: &[&str] = &[
    "non",
    "nessun",
    "nessuna",
    "nessuno",
    "quasi",
    "tranne",
    "eccetto",
    "salvo",
    "escluso",
    "esclusi",
    "parte",
    "parzialmente",
    "alcuni",
    "alcune",
    "solo",
    "soltanto",
    "ma",
    "meno",
    "poco",
    "pochi",
    "forse",
    "no",
    "si",
];

/// The one option that the answer opens with, holds or is the core of (`Tutti` of `Si, tutti`); none where several fit
/// or where words of the answer turn it.
pub fn meant<'a>(answer: &str, options: &[&'a str]) -> Option<&'a str> {
    let answer = said(answer);
    let answer: Vec<&str> = answer.split(' ').filter(|w| !w.is_empty()).collect();
    let forms: Vec<(String, &'a str)> = options.iter().map(|o| (said(o), *o)).collect();
    let core = core_of(&answer);
    if core.is_empty() {
        return None;
    }
    let mut held: Vec<(usize, bool, &'a str)> = Vec::new();
    let mut around: Vec<&'a str> = Vec::new();
    for (form, option) in &forms {
        let option_words: Vec<&str> = form.split(' ').filter(|w| !w.is_empty()).collect();
        let of_option = core_of(&option_words);
        // A denial is not turned by more of the kind.
        let is_denial = of_option == ["no"];
        let turns = |w: &&str| TURNING.contains(w) && !of_option.contains(w) && !(is_denial && w.starts_with('n'));
        let is_turned = core.iter().any(turns);
        if of_option.is_empty() || is_turned {
            continue;
        }
        if of_option.iter().all(|w| core.contains(w)) {
            held.push((of_option.len(), core.starts_with(&of_option), option));
        } else if core.iter().all(|w| of_option.contains(w)) {
            around.push(option);
        }
    }
    let opens = held.iter().filter(|h| h.1).max_by_key(|h| h.0);
    match (opens, held.as_slice(), around.as_slice()) {
        (Some((_, _, option)), _, _) | (None, [(_, _, option)], _) | (None, [], [option]) => Some(option),
        _ => None,
    }
}

/// In words form, a percentage as one word in either way of writing.
fn said(text: &str) -> String {
    words(&text.to_lowercase().replace("per cento", "%").replace('%', " percento "))
}

fn core_of<'t>(words: &[&'t str]) -> Vec<&'t str> {
    words.iter().copied().filter(|w| !EMPTY.contains(w)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRADES: &[&str] = &["Si, tutti", "Si, almeno il 50%", "Si, meno del 50%", "No"];

    #[test]
    fn an_answer_means_the_option_it_opens_with_holds_or_is_the_core_of() {
        for (answer, option) in [
            ("Sì, tutti gli obiettivi sono pertinenti", "Si, tutti"),
            ("Si, per tutti", "Si, tutti"),
            ("Tutti", "Si, tutti"),
            ("almeno il 50%", "Si, almeno il 50%"),
            ("Sì, almeno il 50 per cento", "Si, almeno il 50%"),
            ("No, nessuna differenza", "No"),
        ] {
            assert_eq!(meant(answer, GRADES), Some(option), "{answer}");
        }
        let done = ["Pienamente realizzato", "Parzialmente realizzato", "Non realizzato"];
        assert_eq!(meant("Parzialmente", &done), Some("Parzialmente realizzato"));
        assert_eq!(meant("Pienamente", &done), Some("Pienamente realizzato"));
        assert_eq!(meant("realizzato", &done), None);
        assert_eq!(meant("si, calendario condiviso", &["Si", "No"]), Some("Si"));
        assert_eq!(meant("Sì: asilo nido aziendale", &["Si", "No"]), Some("Si"));
    }

    #[test]
    fn an_answer_that_fits_several_options_or_is_turned_means_none() {
        for answer in
            ["Si", "Quasi tutti", "Sì, tutti tranne i trasversali", "non tutti", "50%", "", "Forse", "Discreta"]
        {
            assert_eq!(meant(answer, GRADES), None, "{answer}");
        }
        assert_eq!(meant("Si, in parte", &["Si", "No"]), None);
        assert_eq!(meant("Si e no", &["Si", "No"]), None);
    }
}
