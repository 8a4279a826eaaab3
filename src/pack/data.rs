//! TOML for the modules above: they name no library, only what it gives them.

use std::borrow::Cow;
use std::ops::Range;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::model::{Bilingual, RuleFault};
use crate::text;

pub use toml::{Table as TomlTable, Value as Toml};

/// A value that knows its place in the TOML it was read from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(transparent)]
pub struct Spanned<T>(toml::Spanned<T>);

impl<T> Spanned<T> {
    /// The bytes it stands on.
    pub fn span(&self) -> Range<usize> {
        self.0.span()
    }

    /// The value.
    pub fn get_ref(&self) -> &T {
        self.0.get_ref()
    }
}

impl<T> AsRef<T> for Spanned<T> {
    fn as_ref(&self) -> &T {
        self.0.get_ref()
    }
}

/// The place is no part of its shape.
impl<T: JsonSchema> JsonSchema for Spanned<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

/// Reads TOML that stands inside a file: `first_line` lines stand before it. A mistake is placed in the file.
pub fn parse_toml<T: DeserializeOwned>(file: &str, text: &str, first_line: usize) -> Result<T, Box<RuleFault>> {
    toml::from_str(text).map_err(|e| Box::new(toml_fault(file, text, first_line, &e)))
}

/// Reads a table into what it means; nothing if it does not fit.
pub fn from_toml<T: DeserializeOwned>(table: TomlTable) -> Option<T> {
    table.try_into().ok()
}

/// A mistake in TOML as a fault: `first_line` lines stand before the TOML in the file.
pub fn toml_fault(file: &str, source: &str, first_line: usize, error: &toml::de::Error) -> RuleFault {
    let (line, column) = position(source, error.span().map_or(0, |s| s.start));
    let start = error.span().map_or(0, |s| s.start);
    let message = decimal_comma(source, start).unwrap_or_else(|| explain(error.message().trim()));
    RuleFault { file: file.to_owned(), line: line + first_line, column, message }
}

/// A comma between two digits, where the library wants the end of the value.
fn decimal_comma(source: &str, at: usize) -> Option<Bilingual> {
    let behind = source.get(at..)?.strip_prefix(',')?;
    let is_number =
        source.get(..at)?.ends_with(|c: char| c.is_ascii_digit()) && behind.starts_with(|c: char| c.is_ascii_digit());
    is_number
        .then(|| Bilingual::new("i decimali si scrivono con il punto: 0.05", "decimals are written with a point: 0.05"))
}

/// Names that are listed where none is near.
const LISTED: usize = 8;

/// What the library says, in both languages.
fn explain(message: &str) -> Bilingual {
    let message = message.lines().collect::<Vec<_>>().join(", ");
    if let Some((unknown, known, near)) = did_you_mean(&message) {
        let (it, en) = if message.starts_with("unknown variant") {
            (format!("valore «{unknown}» sconosciuto"), format!("unknown value “{unknown}”"))
        } else {
            (format!("voce «{unknown}» sconosciuta"), format!("unknown key “{unknown}”"))
        };
        let list = |open: &str, close: &str, or: &str| {
            let quoted: Vec<String> = known.iter().map(|k| format!("{open}{k}{close}")).collect();
            match quoted.split_last() {
                Some((last, [])) => last.clone(),
                Some((last, rest)) => format!("{} {or} {last}", rest.join(", ")),
                None => String::new(),
            }
        };
        return match near {
            Some(near) => Bilingual::new(format!("{it}; forse «{near}»"), format!("{en}; did you mean “{near}”?")),
            // A list of twenty helps nobody.
            None if known.is_empty() || known.len() > LISTED => Bilingual::new(it, en),
            None => Bilingual::new(
                format!("{it}; ammessi: {}", list("«", "»", "e")),
                format!("{en}; admitted: {}", list("“", "”", "and")),
            ),
        };
    }
    if let Some(name) = message.strip_prefix("missing field `").and_then(|m| m.strip_suffix('`')) {
        return Bilingual::new(format!("manca la voce «{name}»"), format!("the key “{name}” is missing"));
    }
    if message.starts_with("invalid basic string") || message.starts_with("invalid literal string") {
        return Bilingual::new(
            "il testo tra virgolette non si chiude, o contiene un segno che non vi può stare",
            message,
        );
    }
    if let Some((found, expected)) = message.strip_prefix("invalid type: ").and_then(|m| m.split_once(", expected ")) {
        return Bilingual::new(
            format!("valore di tipo sbagliato: trovato {}, atteso {}", italian(found), italian(expected)),
            message,
        );
    }
    if let Some((found, expected)) = message.strip_prefix("invalid value: ").and_then(|m| m.split_once(", expected ")) {
        let it = format!("valore non ammesso: trovato {}, atteso {}", italian(found), italian(expected));
        return Bilingual::new(it, message);
    }
    let it = common(&message).map_or_else(|| format!("il file TOML non si legge ({message})"), str::to_owned);
    Bilingual::new(it, message)
}

/// The library's commonest complaints in Italian.
fn common(message: &str) -> Option<&'static str> {
    let said = [
        ("duplicate key", "la voce è scritta due volte"),
        ("duplicate field", "la voce è scritta due volte"),
        ("key with no value", "manca il segno «=» con il valore della voce"),
        ("missing value", "manca il valore della voce"),
        ("string values must be quoted", "il valore va scritto tra virgolette"),
        ("wanted string or table", "il valore va scritto tra virgolette"),
        ("unquoted string", "il valore va scritto tra virgolette"),
        ("missing opening quote", "mancano le virgolette che aprono il testo"),
        ("missing closing quote", "mancano le virgolette che chiudono il testo"),
        ("unclosed array", "manca la parentesi quadra che chiude l'elenco"),
        ("unclosed inline table", "manca la parentesi graffa che chiude la tabella"),
        ("unclosed table", "manca la parentesi quadra che chiude il nome della tabella"),
        (
            "missing escaped value",
            "dopo una barra rovesciata «\\» manca il segno: tra virgolette semplici ('…') non serve raddoppiarla",
        ),
        ("extra comma", "c'è una virgola di troppo"),
        ("missing comma", "manca una virgola"),
        ("invalid key", "il nome della voce non è valido"),
        ("data did not match any variant", "il valore non è del tipo atteso"),
    ];
    said.iter().find(|(start, _)| message.starts_with(start)).map(|(_, it)| *it)
}

/// The type names of the library's messages in Italian.
fn italian(named: &str) -> String {
    let words = [
        ("string", "un testo"),
        ("a sequence", "un elenco"),
        ("sequence", "un elenco"),
        ("integer", "un numero intero"),
        ("i64", "un numero intero"),
        ("i16", "un numero intero"),
        ("u32", "un numero intero da 0 in su"),
        ("usize", "un numero intero"),
        ("floating point", "un numero decimale"),
        ("boolean", "vero o falso"),
        ("a boolean", "vero o falso"),
        ("a string", "un testo"),
        ("a map", "una tabella"),
        ("map", "una tabella"),
    ];
    let (kind, rest) = named.find(['`', '"']).map_or((named, ""), |at| named.split_at(at));
    let found = words.iter().find(|(w, _)| *w == kind.trim() || (kind.starts_with("struct ") && *w == "map"));
    match (found, rest) {
        (Some((_, it)), "") => (*it).to_owned(),
        (Some((_, it)), rest) => format!("{it} ({})", rest.trim()),
        (None, _) => named.to_owned(),
    }
}

/// The unknown name and the nearest known one in serde's "unknown field `x`, expected one of `a`, `b`".
fn did_you_mean(message: &str) -> Option<(String, Vec<&str>, Option<String>)> {
    let rest = message.strip_prefix("unknown field `").or_else(|| message.strip_prefix("unknown variant `"))?;
    let (unknown, rest) = rest.split_once('`')?;
    let known: Vec<&str> = rest.split('`').skip(1).step_by(2).collect();
    let near = text::closest(unknown, known.iter().copied()).map(str::to_owned);
    Some((unknown.to_owned(), known, near))
}

/// Line and column, both from 1, of a byte offset.
pub fn position(source: &str, offset: usize) -> (usize, usize) {
    let before = source.get(..offset).unwrap_or(source);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1;
    (line, column)
}
