//! Numbers of things, in words.

use crate::model::Lang;

/// The number and the name of a kind of unit: `28 processi`. Names come from packs and are Italian singulars;
/// one whose plural is not regular stays as it is (`processo: 28`).
pub(crate) fn units(name: &str, number: usize, lang: Lang) -> String {
    let plural = || -> Option<String> {
        let stem = |n: usize| name.get(..name.len() - n);
        let ends = |end: &str| name.ends_with(end);
        if lang != Lang::It || ends("co") || ends("go") || name.contains('_') {
            return None;
        }
        Some(match () {
            () if number == 1 => name.to_owned(),
            () if ends("ca") || ends("ga") => format!("{}he", stem(1)?),
            () if ends("io") => stem(1)?.to_owned(),
            () if ends("o") || ends("e") => format!("{}i", stem(1)?),
            () if ends("a") => format!("{}e", stem(1)?),
            () => return None,
        })
    };
    plural().map_or_else(|| format!("{name}: {number}"), |word| format!("{number} {word}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_have_their_plural() {
        let words = ["processo", "misura", "voce", "rischio", "verifica", "carico"].map(|n| units(n, 2, Lang::It));
        assert_eq!(words, ["2 processi", "2 misure", "2 voci", "2 rischi", "2 verifiche", "carico: 2"]);
        assert_eq!(units("processo", 1, Lang::It), "1 processo");
        assert_eq!(units("processo", 2, Lang::En), "processo: 2");
    }
}
