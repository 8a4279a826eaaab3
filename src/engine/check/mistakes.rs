//! The commonest slips of the pen, told in an author's words before or after the parser's own.

use rhai::{LexError, ParseError, ParseErrorType};

use crate::model::Bilingual;

/// A slip found in an expression: number of its character, what is wrong.
pub(super) type Slip = (usize, Bilingual);

/// Words of other languages where the rule language has signs.
const WORDS: [(&str, &str); 11] = [
    ("e", "&&"),
    ("ed", "&&"),
    ("and", "&&"),
    ("o", "||"),
    ("od", "||"),
    ("oppure", "||"),
    ("or", "||"),
    ("non", "!"),
    ("not", "!"),
    ("vero", "true"),
    ("falso", "false"),
];

/// Words that begin what the language does not have.
const STATEMENTS: [&str; 16] = [
    "if", "else", "while", "loop", "for", "do", "until", "let", "const", "fn", "switch", "return", "break", "continue",
    "import", "try",
];

/// A slip that the text shows before it is parsed; `known` are names that are meant as names.
pub(super) fn slip(text: &str, known: &dyn Fn(&str) -> bool) -> Option<Slip> {
    let chars: Vec<char> = text.chars().collect();
    let at = |i: usize| chars.get(i).copied();
    let mut i = 0;
    let mut open = Vec::new();
    while let Some(c) = at(i) {
        match c {
            '(' | '[' => open.push((i, c)),
            ')' | ']' => {
                if let Some(found) = closing(c, open.pop()) {
                    return Some((i, found));
                }
            }
            '"' => i = end_of_text(&chars, i)?,
            '/' if at(i + 1) == Some('/') => i += chars.iter().skip(i).take_while(|c| **c != '\n').count(),
            '/' if at(i + 1) == Some('*') => match end_of_comment(&chars, i) {
                Some(end) => i = end,
                None => return Some((i, open_comment())),
            },
            c if c.is_alphabetic() || c == '_' => {
                let word: String = chars.iter().skip(i).take_while(|c| c.is_alphanumeric() || **c == '_').collect();
                if let Some(found) = word_slip(&word, known) {
                    return Some((i, found));
                }
                i += word.chars().count().max(1);
                continue;
            }
            c => {
                if let Some(found) = sign_slip(c, i.checked_sub(1).and_then(at), at(i + 1), rest_is_blank(&chars, i)) {
                    return Some((i, found));
                }
                // The second sign of a pair is read with the first.
                if matches!((c, at(i + 1)), ('=' | '!' | '<' | '>', Some('='))) {
                    i += 1;
                }
            }
        }
        i += 1;
    }
    let (at, bracket) = open.pop()?;
    let close = if bracket == '(' { ')' } else { ']' };
    let (it, en) = (
        format!("la parentesi «{bracket}» aperta qui non si chiude: manca «{close}»"),
        format!("the bracket “{bracket}” opened here is not closed: “{close}” is missing"),
    );
    Some((at, Bilingual::new(it, en)))
}

/// What is wrong with a bracket that closes, after the one that was opened last.
fn closing(bracket: char, opened: Option<(usize, char)>) -> Option<Bilingual> {
    match (opened, bracket) {
        (Some((_, '(')), ')') | (Some((_, '[')), ']') => None,
        (Some((_, opened)), _) => {
            let wanted = if opened == '(' { ')' } else { ']' };
            let (it, en) = (
                format!("qui si attende «{wanted}», che chiude l'ultima parentesi aperta, non «{bracket}»"),
                format!("“{wanted}” is expected here, which closes the last bracket opened, not “{bracket}”"),
            );
            Some(Bilingual::new(it, en))
        }
        (None, _) => Some(Bilingual::new(
            format!("la parentesi «{bracket}» è di troppo: nessuna è aperta"),
            format!("the bracket “{bracket}” is one too many: none is open"),
        )),
    }
}

/// The closing quote of a text; none if it is not closed, which the parser tells best.
fn end_of_text(chars: &[char], start: usize) -> Option<usize> {
    let mut i = start + 1;
    loop {
        match chars.get(i)? {
            '\\' => i += 1,
            '"' => return Some(i),
            '\n' => return None,
            _ => {}
        }
        i += 1;
    }
}

/// The last sign of a comment, in which others may stand; none if it is not closed, which the parser takes for the end of
/// the expression.
fn end_of_comment(chars: &[char], start: usize) -> Option<usize> {
    let (mut i, mut depth) = (start, 0usize);
    loop {
        match (chars.get(i)?, chars.get(i + 1)) {
            ('/', Some('*')) => (i, depth) = (i + 1, depth + 1),
            ('*', Some('/')) => (i, depth) = (i + 1, depth - 1),
            _ => {}
        }
        if depth == 0 {
            return Some(i);
        }
        i += 1;
    }
}

fn open_comment() -> Bilingual {
    Bilingual::new("il commento non si chiude: manca «*/»", "the comment is not closed: “*/” is missing")
}

fn rest_is_blank(chars: &[char], i: usize) -> bool {
    chars.iter().skip(i + 1).all(|c| c.is_whitespace())
}

fn word_slip(word: &str, known: &dyn Fn(&str) -> bool) -> Option<Bilingual> {
    if known(word) {
        return None;
    }
    let small = word.to_lowercase();
    if let Some((_, sign)) = WORDS.iter().find(|(w, _)| *w == small) {
        return Some(Bilingual::new(format!("«{word}» si scrive «{sign}»"), format!("“{word}” is written “{sign}”")));
    }
    if word == "in" {
        return Some(Bilingual::new(
            "«in» non è del linguaggio delle regole: usare any_of(campo, [\"…\"]) o contains(elenco, …)",
            "“in” is no part of the rule language: use any_of(field, [\"…\"]) or contains(list, …)",
        ));
    }
    STATEMENTS.contains(&word).then(|| {
        Bilingual::new(
            format!("«{word}» non è del linguaggio delle regole: la condizione è una sola espressione"),
            format!("“{word}” is no part of the rule language: the condition is one expression"),
        )
    })
}

fn sign_slip(c: char, before: Option<char>, next: Option<char>, last: bool) -> Option<Bilingual> {
    let both = |it: &str, en: &str| Some(Bilingual::new(it, en));
    let instead = |found: &str, sign: &str| {
        both(&format!("«{found}» si scrive «{sign}»"), &format!("“{found}” is written “{sign}”"))
    };
    match (c, next) {
        ('“' | '”' | '„' | '«' | '»', _) => both(
            &format!("le virgolette «{c}» non valgono: usare le virgolette diritte (\")"),
            &format!("the quote {c} does not work: use straight ones (\")"),
        ),
        ('’' | '‘' | '\'', _) => {
            both("i testi vanno tra virgolette diritte doppie (\")", "texts stand between straight double quotes (\")")
        }
        ('`', _) => both(
            "i testi vanno tra virgolette diritte doppie (\"), non tra accenti gravi",
            "texts stand between straight double quotes (\"), not backticks",
        ),
        (';', _) if last => both(
            "la condizione è una sola espressione: togliere «;» alla fine",
            "the condition is one expression: remove “;” at the end",
        ),
        (';', _) => both(
            "la condizione è una sola espressione: unire le condizioni con «&&» invece di «;»",
            "the condition is one expression: join conditions with “&&” instead of “;”",
        ),
        ('≥', _) => instead("≥", ">="),
        ('≤', _) => instead("≤", "<="),
        ('≠', _) => instead("≠", "!="),
        ('<', Some('>')) => instead("<>", "!="),
        ('=', Some('<')) => instead("=<", "<="),
        ('=', Some('>')) => instead("=>", ">="),
        ('=', next) if next != Some('=') && before != Some('=') => both(
            "il confronto si scrive «==»: «=» assegna un valore",
            "comparison is written “==”: “=” assigns a value",
        ),
        ('{' | '}', _) => both("le graffe valgono solo nei messaggi", "braces belong in messages only"),
        _ => None,
    }
}

/// What the parser says, in an author's words.
pub(super) fn explain(text: &str, nth: usize, error: &ParseError) -> Bilingual {
    let both = |it: &str, en: &str| Bilingual::new(it, en);
    let chars: Vec<char> = text.chars().collect();
    let near = |i: Option<usize>| i.and_then(|i| chars.get(i)).copied();
    let comma = chars.get(nth) == Some(&',');
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    if comma && digit(near(nth.checked_sub(1))) && digit(near(Some(nth + 1))) {
        return both("i decimali si scrivono con il punto: 0.05", "decimals are written with a point: 0.05");
    }
    match error.err_type() {
        ParseErrorType::BadInput(LexError::UnterminatedString) => {
            both("il testo non si chiude: manca una virgoletta (\")", "the text is not closed: a quote (\") is missing")
        }
        ParseErrorType::UnexpectedEOF => both("l'espressione finisce a metà", "the expression breaks off"),
        ParseErrorType::ExprTooDeep => {
            both("l'espressione è annidata troppo in profondità", "the expression is nested too deeply")
        }
        ParseErrorType::LiteralTooLarge(..) => both("un testo della regola è troppo lungo", "a text is too long"),
        ParseErrorType::MissingToken(token, _) if token == "," => {
            both("fra un argomento e l'altro manca la virgola «,»", "the comma “,” between two arguments is missing")
        }
        ParseErrorType::MissingToken(token, _) => Bilingual::new(
            format!("manca «{token}», o c'è qualcosa di troppo prima"),
            format!("“{token}” is missing, or something before it is too much"),
        ),
        ParseErrorType::Reserved(word) => Bilingual::new(
            format!("«{word}» non è del linguaggio delle regole"),
            format!("“{word}” is no part of the rule language"),
        ),
        ParseErrorType::BadInput(LexError::UnexpectedInput(sign)) => {
            Bilingual::new(format!("segno «{sign}» inatteso"), format!("unexpected “{sign}”"))
        }
        ParseErrorType::BadInput(LexError::MalformedNumber(n)) => {
            Bilingual::new(format!("«{n}» non è un numero"), format!("“{n}” is not a number"))
        }
        other => Bilingual::new(
            format!("l'espressione non si legge ({other})"),
            format!("cannot read the expression: {other}"),
        ),
    }
}
