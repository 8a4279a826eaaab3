//! The normal form in which text is compared. What was found is always quoted as found.

use std::borrow::Cow;

use unicode_normalization::char::decompose_compatible;

/// Normal form: compatibility characters resolved, lower case, no accents (nor accents written as an apostrophe
/// after the vowel: `qualita'`, `Si'`), one kind of apostrophe, quote, dash and slash, no invisible characters, every
/// run of blanks and line breaks one blank, trimmed.
///
/// ASCII text costs one allocation, blank text none.
pub fn normal(text: &str) -> String {
    if is_plain(text) {
        return text.to_ascii_lowercase();
    }
    if is_blank(text) {
        return String::new();
    }
    folded(text)
}

/// Bytes at either end of a text that tell it from others, where it is longer than both together.
const END: usize = 1024;

/// What tells a text from others: its normal form; of an endless one the normal form of its ends, with its length.
///
/// Thousands of cells may share a text of a MiB, and each unit of a table is known by such a key.
pub fn identity(text: &str) -> String {
    if text.len() <= 2 * END {
        return normal(text);
    }
    let start = text.floor_char_boundary(END);
    let end = text.ceil_char_boundary(text.len() - END);
    let (first, last) = (text.get(..start).unwrap_or_default(), text.get(end..).unwrap_or_default());
    format!("{}\u{1e}{}\u{1e}{}", normal(first), text.len(), normal(last))
}

/// Whether only the case of letters can keep a text from being its normal form, as in most cells.
fn is_plain(text: &str) -> bool {
    let mut before = b' ';
    for byte in text.bytes() {
        match byte {
            b'\'' | b'`' => return false,
            b'!'..=b'~' => {}
            b' ' if before != b' ' => {}
            _ => return false,
        }
        before = byte;
    }
    before != b' '
}

fn folded(text: &str) -> String {
    let mut fold = Fold { out: String::with_capacity(text.len()), gap: false, accent: false };
    for c in text.chars() {
        if c.is_ascii() {
            fold.take(c);
        } else {
            fold.take_wide(c);
        }
    }
    fold.out
}

/// Normal form without punctuation and symbols, single blanks (`N. processo` is `n processo`); letters, digits and
/// `%` stay.
pub fn words(text: &str) -> String {
    let normal = normal(text);
    if normal.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b' ' | b'%')) {
        return normal;
    }
    let mut out = String::with_capacity(normal.len());
    let mut gap = false;
    for c in normal.chars() {
        if c.is_alphanumeric() || c == '%' {
            if gap && !out.is_empty() {
                out.push(' ');
            }
            gap = false;
            out.push(c);
        } else {
            gap = true;
        }
    }
    out
}

/// Normal form with every character removed that is not a letter or a digit (`INFORM ATIVI` is `informativi`).
pub fn squeezed(text: &str) -> String {
    let mut out = normal(text);
    out.retain(char::is_alphanumeric);
    out
}

/// Whether nothing can be seen: only blanks and invisible characters.
pub fn is_blank(text: &str) -> bool {
    // Most texts begin with something that can be seen.
    !text.starts_with(|c: char| c.is_ascii_graphic())
        && text.chars().all(|c| matches!(class(c), Class::Blank | Class::Nothing))
}

/// The text with a capital letter.
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect()
}

/// The text on one line for messages: blanks single, invisible characters out, cut to `max` characters, of which the
/// last is then `…`.
pub fn one_line(text: &str, max: usize) -> String {
    let mut out = String::new();
    let (mut count, mut gap) = (0, false);
    // Where to cut if one character too many should come.
    let mut cut = 0;
    for c in text.chars() {
        match class(c) {
            Class::Nothing => continue,
            Class::Blank => {
                gap = count > 0;
                continue;
            }
            Class::Mark | Class::Char(_) => {}
        }
        for c in std::iter::once(' ').filter(|_| gap).chain([c]) {
            if count == max {
                out.truncate(cut);
                out.truncate(out.trim_end().len());
                if max > 0 {
                    out.push('…');
                }
                return out;
            }
            count += 1;
            if count == max {
                cut = out.len();
            }
            out.push(c);
        }
        gap = false;
    }
    out
}

enum Class {
    Nothing,
    Blank,
    Mark,
    Char(char),
}

fn class(c: char) -> Class {
    match c {
        '!'..='~' => Class::Char(match c {
            '`' => '\'',
            c => c,
        }),
        c if c.is_whitespace() || c == '\u{2800}' => Class::Blank,
        c if c.is_control() => Class::Nothing,
        // Soft hyphen, joiners, zero-width and direction marks, fillers, variation selectors, BOM, tags.
        '\u{AD}'
        | '\u{34F}'
        | '\u{61C}'
        | '\u{115F}'
        | '\u{1160}'
        | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}'
        | '\u{FFA0}'
        | '\u{E0000}'..='\u{E01EF}' => Class::Nothing,
        '\u{300}'..='\u{36F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}' => {
            Class::Mark
        }
        '´' | '‘' | '’' | '‚' | '‛' | '′' | '‵' | 'ʹ' | 'ʻ' | 'ʼ' | 'ʽ' | 'ˊ' | 'ˋ' | '＇' => {
            Class::Char('\'')
        }
        '“' | '”' | '„' | '‟' | '«' | '»' | '″' | '‶' | '＂' => Class::Char('"'),
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '⁃' | '﹘' | '﹣' | '－' | '─' => {
            Class::Char('-')
        }
        '⁄' | '∕' | '／' => Class::Char('/'),
        c => Class::Char(c),
    }
}

struct Fold {
    out: String,
    /// A blank was met, and is written if more comes.
    gap: bool,
    /// An apostrophe after a vowel was met: part of the text if a letter follows (`all'anno`), else an accent.
    accent: bool,
}

impl Fold {
    fn take_wide(&mut self, c: char) {
        match class(c) {
            Class::Char(mapped) if mapped == c => decompose_compatible(c, |part| {
                part.to_lowercase().for_each(|l| self.take(l));
            }),
            Class::Char(mapped) => self.push(mapped),
            _ => self.take(c),
        }
    }

    fn take(&mut self, c: char) {
        match class(c) {
            Class::Nothing => {}
            Class::Blank => {
                self.accent = false;
                self.gap = !self.out.is_empty();
            }
            // On a symbol the mark is not an accent but its meaning: `≠` must not become `=`.
            Class::Mark if !self.gap && self.out.chars().next_back().is_some_and(char::is_alphanumeric) => {}
            Class::Mark => self.push(c),
            Class::Char(c) => self.push(c.to_ascii_lowercase()),
        }
    }

    fn push(&mut self, c: char) {
        if self.accent {
            self.accent = false;
            if c.is_alphanumeric() {
                self.out.push('\'');
            }
        }
        if self.gap {
            self.gap = false;
            self.out.push(' ');
        } else if c == '\'' && self.out.as_bytes().last().is_some_and(|b| b"aeiou".contains(b)) {
            self.accent = true;
            return;
        }
        self.out.push(c);
    }
}

/// The text with every run of blanks one blank, trimmed; as it is, where it is written so.
pub fn single_blanks(text: &str) -> Cow<'_, str> {
    let mut after_blank = true;
    let is_single = text.chars().all(|c| {
        let fits = !c.is_whitespace() || c == ' ' && !after_blank;
        after_blank = c == ' ';
        fits
    });
    if is_single && (!after_blank || text.is_empty()) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_text_has_the_normal_form_of_the_long_way() {
        for text in ["Area A", "N. 7 (BIS)", "a  b", " a", "a ", "a\tb", "qualita'", "`x", "", " ", "10%/2 [x]~"] {
            assert!(!is_plain(text) || text.to_ascii_lowercase() == folded(text), "{text:?}");
        }
        assert!(is_plain("N. 7 (BIS)") && !is_plain(" a") && !is_plain("a  b") && !is_plain("l'area"));
    }

    #[test]
    fn accents_and_their_apostrophes_are_one() {
        for text in ["qualità", "QUALITÀ", "qualita'", "Qualita’", "qualita`", "qualita\u{300}", " qualità\u{200b} "]
        {
            assert_eq!(normal(text), "qualita", "{text}");
        }
        for text in ["Sì", "SI'", "si", "Si’"] {
            assert_eq!(normal(text), "si", "{text}");
        }
    }

    #[test]
    fn elisions_stay() {
        assert_eq!(normal("dell’amministrazione all'anno"), "dell'amministrazione all'anno");
        assert_eq!(normal("un po' di più"), "un po di piu");
    }

    #[test]
    fn blanks_are_made_single() {
        for (text, single) in
            [("a b", "a b"), ("", ""), ("  ", ""), (" a", "a"), ("a ", "a"), ("a  b\u{a0}c\n", "a b c")]
        {
            assert_eq!(single_blanks(text), single);
        }
        assert!(matches!(single_blanks("due parole"), Cow::Borrowed(_)));
    }

    #[test]
    fn quotes_dashes_and_blanks_are_one() {
        assert_eq!(normal("«a» — “b”\r\n\u{a0}c\u{feff}"), "\"a\" - \"b\" c");
        assert_eq!(normal("\u{feff}\u{200b} \n"), "");
        assert_eq!(normal("ﬁne Ⅱ ５"), "fine ii 5");
    }

    #[test]
    fn a_crossed_out_sign_keeps_its_meaning() {
        assert_ne!(normal("≠"), normal("="));
        assert_eq!(normal("≥ 5"), "≥ 5");
    }

    #[test]
    fn words_have_no_punctuation() {
        assert_eq!(words("N. processo"), "n processo");
        assert_eq!(words("(L'ente: 77%!)"), "l ente 77%");
        assert_eq!(words("--"), "");
    }

    #[test]
    fn cut_words_are_equal_when_squeezed() {
        assert_eq!(squeezed("INFORM ATIVI"), squeezed("Informativi"));
    }

    #[test]
    fn one_line_cuts_with_an_ellipsis() {
        assert_eq!(one_line(" a\n b ", 10), "a b");
        assert_eq!(one_line("abcdef", 6), "abcdef");
        assert_eq!(one_line("abcdefg", 6), "abcde…");
        assert_eq!(one_line("abcd efg", 6), "abcd…");
        assert_eq!(one_line("àèìòù", 3), "àè…");
        assert_eq!(one_line("ab", 1), "…");
        assert_eq!(one_line("ab", 0), "");
    }

    proptest! {
        #![proptest_config(crate::text::seeded())]

        #[test]
        fn normal_form_is_its_own(text in any::<String>()) {
            let once = normal(&text);
            prop_assert_eq!(normal(&once), once.clone());
            prop_assert_eq!(once.is_empty(), is_blank(&text));
            prop_assert!(one_line(&text, 20).chars().count() <= 20);
        }
    }
}
