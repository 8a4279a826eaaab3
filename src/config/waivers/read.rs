//! Reading `eccezioni.toml`: every mistake with its place.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{By, Entry};
use crate::config::tail;
use crate::config::written::{self, BY_HAND, What, shown};
use crate::model::{Bilingual, Error, RuleFault, Waiver};
use crate::pack::{Anything, Spanned, Toml, parse_toml, position};
use crate::text;

const WHAT: What = What { it: "il file delle eccezioni", en: "the file of exceptions" };
/// Digits of a fingerprint.
const DIGITS: usize = 16;

/// The file as it is written.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    #[serde(default)]
    waiver: Vec<Spanned<One>>,
}

/// One exception.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct One {
    rule: Spanned<String>,
    r#where: Option<Spanned<String>>,
    fingerprint: Option<Spanned<String>>,
    document: Option<Spanned<String>>,
    reason: Spanned<String>,
    approved_by: Option<Spanned<String>>,
    #[schemars(with = "Option<Anything>")]
    expires: Option<Spanned<Toml>>,
}

/// The exceptions of a file; every mistake in it, if there is one.
pub(super) fn entries(path: &Path, rules: &[(String, String)], today: Option<Date>) -> Result<Vec<Entry>, Error> {
    let source = written::read(path, WHAT, BY_HAND)?;
    let file = shown(path);
    let written: Written = parse_toml(&file, &source, 0).map_err(|fault| Error::config(vec![*fault]))?;
    let mut reader = Reader { file, source: &source, rules, faults: Vec::new() };
    let mut all = Vec::new();
    let mut known = BTreeMap::new();
    for one in &written.waiver {
        let Some(mut entry) = reader.entry(one) else { continue };
        entry.is_over = today.is_some_and(|today| entry.waiver.expires.is_some_and(|last| last < today));
        let key = (entry.code.clone(), entry.by.clone(), entry.document.clone());
        if let Some(first) = known.insert(key, entry.line) {
            let it = format!("eccezione ripetuta: è già alla riga {first}; toglierne una");
            reader.fault(one, it, format!("repeated exception: it is on line {first} already; take one out"));
        }
        all.push(entry);
    }
    if reader.faults.is_empty() { Ok(all) } else { Err(Error::config(reader.faults)) }
}

/// Reads the exceptions of a file and gathers the mistakes.
struct Reader<'a> {
    file: String,
    source: &'a str,
    rules: &'a [(String, String)],
    faults: Vec<RuleFault>,
}

impl Reader<'_> {
    fn fault<T>(&mut self, at: &Spanned<T>, it: impl Into<String>, en: impl Into<String>) {
        let (line, column) = position(self.source, at.span().start);
        self.faults.push(RuleFault { file: self.file.clone(), line, column, message: Bilingual::new(it, en) });
    }

    fn entry(&mut self, one: &Spanned<One>) -> Option<Entry> {
        let written = one.as_ref();
        let before = self.faults.len();
        let code = self.code(&written.rule);
        let by = self.by(one);
        let reason = self.said(&written.reason, "reason");
        let approved_by = written.approved_by.as_ref().and_then(|who| self.said(who, "approved_by"));
        let document = written.document.as_ref().map(|path| tail(path.as_ref()));
        if let Some(path) = written.document.as_ref().filter(|p| tail(p.as_ref()).is_empty()) {
            let it = "«document» è vuoto: scrivere il nome del file, anche con le cartelle che lo precedono";
            self.fault(
                path,
                it,
                "“document” is empty: write the name of the file, with the folders before it if need be",
            );
        }
        let expires = written.expires.as_ref().and_then(|day| self.day(day));
        let line = position(self.source, one.span().start).0;
        if self.faults.len() > before {
            return None;
        }
        let waiver = Arc::new(Waiver { reason: reason?, approved_by, expires });
        Some(Entry { line, code: code?, by: by?, document: document.unwrap_or_default(), waiver, is_over: false })
    }

    /// The code of the rule that is named by its code or its name.
    fn code(&mut self, rule: &Spanned<String>) -> Option<String> {
        let written = rule.as_ref().trim();
        let found = self.rules.iter().find(|(code, name)| code == written || name == written);
        if found.is_none() {
            let known = self.rules.iter().flat_map(|(code, name)| [code.as_str(), name.as_str()]);
            let near = text::closest(written, known);
            let (it, en) = (format!("regola «{written}» sconosciuta"), format!("unknown rule “{written}”"));
            let (it, en) = match near {
                Some(near) => (format!("{it}; forse «{near}»"), format!("{en}; did you mean “{near}”?")),
                None => (
                    format!("{it}: servono il codice o il nome, come li dà «riscontro rules»"),
                    format!("{en}: give the code or the name, as “riscontro rules” lists them"),
                ),
            };
            self.fault(rule, it, en);
        }
        found.map(|(code, _)| code.clone())
    }

    fn by(&mut self, one: &Spanned<One>) -> Option<By> {
        let written = one.as_ref();
        match (&written.r#where, &written.fingerprint) {
            (Some(place), None) => {
                let words = text::words(place.as_ref());
                if words.is_empty() {
                    let it = "«where» è vuoto: scrivere dove sta il rilievo, come lo nomina il risultato («domanda 9.1, RISPOSTA»)";
                    self.fault(place, it, "“where” is empty: write where the finding stands, as the result names it (“domanda 9.1, RISPOSTA”)");
                }
                Some(By::Place { words, written: text::one_line(place.as_ref().trim(), 80) })
            }
            (None, Some(print)) => {
                let digits = print.as_ref().trim().to_lowercase();
                if digits.len() != DIGITS || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
                    let it = format!("«fingerprint» è di {DIGITS} cifre esadecimali, come nel risultato JSON o CSV");
                    self.fault(
                        print,
                        it,
                        format!("a “fingerprint” has {DIGITS} hexadecimal digits, as in the JSON or CSV result"),
                    );
                }
                Some(By::Fingerprint(digits))
            }
            (None, None) => {
                let it = "manca «where» (dove sta il rilievo, in parole) o «fingerprint»";
                self.fault(one, it, "“where” (where the finding stands, in words) or “fingerprint” is missing");
                None
            }
            (Some(_), Some(print)) => {
                let it = "«where» e «fingerprint» insieme: tenerne uno solo";
                self.fault(print, it, "“where” and “fingerprint” together: keep one of them");
                None
            }
        }
    }

    fn said(&mut self, text: &Spanned<String>, key: &str) -> Option<Arc<str>> {
        let written = text.as_ref().trim();
        if written.is_empty() {
            self.fault(text, format!("«{key}» è vuoto"), format!("“{key}” is empty"));
            return None;
        }
        Some(written.into())
    }

    fn day(&mut self, day: &Spanned<Toml>) -> Option<Date> {
        let written = match day.as_ref() {
            Toml::String(text) => text.clone(),
            other => other.to_string(),
        };
        let read = text::parse_day(&written);
        if read.is_none() {
            let it = format!("«{written}» non è una data: scriverla come 2027-03-31 o 31/03/2027");
            self.fault(day, it, format!("“{written}” is no date: write it as 2027-03-31 or 31/03/2027"));
        }
        read
    }
}
