//! Where a sentence is cut: words that a text neither ends with nor begins with, unless another part of it is elsewhere.

/// Prepositions, articles and conjunctions, without those that may well begin a text of their own (`a`, `in`, `per`).
const JOINING: [&str; 66] = [
    "di", "del", "dello", "della", "dei", "degli", "delle", "dell", "d", "al", "allo", "alla", "ai", "agli", "alle",
    "all", "da", "dal", "dallo", "dalla", "dai", "dagli", "dalle", "dall", "nel", "nello", "nella", "nei", "negli",
    "nelle", "nell", "sul", "sullo", "sulla", "sui", "sugli", "sulle", "sull", "con", "tra", "fra", "e", "ed", "o",
    "od", "oppure", "ovvero", "nonché", "nonche", "che", "cui", "il", "lo", "la", "i", "gli", "le", "un", "uno", "una",
    "l", "su", "né", "ne", "ma", "se",
];

/// Those that a text may begin with but not end with.
const OPENING: [&str; 14] = [
    "a", "ad", "in", "per", "non", "come", "entro", "oltre", "presso", "verso", "circa", "tramite", "mediante", "senza",
];

/// Whether a text cannot end here: with a comma, a hyphen, an open parenthesis, or a word that joins.
pub fn is_left_open(text: &str) -> bool {
    let text = text.trim_end();
    let open = |o: char, c: char| text.matches(o).count() > text.matches(c).count();
    let last = text.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default().to_lowercase();
    text.ends_with([',', '-', '–', '(', ':', '\'', '’'])
        || open('(', ')')
        || JOINING.contains(&&*last)
        || OPENING.contains(&&*last)
}

/// Whether a text cannot begin here: with a mark that closes, or a word that joins in lower case.
pub fn begins_midway(text: &str) -> bool {
    let text = text.trim_start();
    let first = text.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    text.starts_with([',', ';', ':', ')']) || JOINING.contains(&first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cut_sentences_are_known_at_the_cut() {
        for text in ["sorteggio a cura", "rotazione del personale", "Verifica n. 3", "elenco (completo)"] {
            assert!(!is_left_open(text), "{text}");
        }
        for text in ["sorteggio a cura del", "verifica,", "infor-", "elenco (anche", "controllo per", "attività dell'"]
        {
            assert!(is_left_open(text), "{text}");
        }
        for text in ["rotazione del personale", "per estrazione a sorte", "Con sorteggio", "non applicata"] {
            assert!(!begins_midway(text), "{text}");
        }
        for text in ["del segretario", "e del dirigente", ", anche a campione", "dell'ufficio"] {
            assert!(begins_midway(text), "{text}");
        }
    }
}
