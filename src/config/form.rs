//! Mistakes that the file shows by itself: dates that are none, patterns, what `[[paths]]` may not hold.

use globset::{GlobBuilder, GlobMatcher};

use super::keys::{Matrix, Scale, Written};
use super::{Config, under};
use crate::model::{Bilingual, RuleFault, Value};
use crate::pack::{Toml, TomlPath, declared_text};
use crate::text;

/// The years that a cycle can be of.
const YEARS: std::ops::RangeInclusive<i16> = 1990..=2100;

/// A pattern of paths below the folder of the file; without a separator, of names at any depth.
pub(super) fn glob(pattern: &str) -> Result<GlobMatcher, globset::Error> {
    let clean = pattern.trim_end_matches('/');
    let clean = clean.strip_prefix("./").unwrap_or(clean);
    let whole = if clean.contains('/') { clean.to_owned() } else { format!("**/{clean}") };
    let built = GlobBuilder::new(&whole).literal_separator(true).case_insensitive(cfg!(windows)).build()?;
    Ok(built.compile_matcher())
}

impl Config {
    /// All of them, in the order of the file.
    pub(super) fn form_faults(&self) -> Vec<RuleFault> {
        let mut faults = Vec::new();
        for (section, written) in self.sections() {
            self.section(&section, written, &mut faults);
            self.dates(&section, written, &mut faults);
            self.method(&section, written, &mut faults);
            self.lists(&section, written, &mut faults);
        }
        faults.sort_by_key(|f| (f.line, f.column));
        faults
    }

    /// What stands at the wrong level of the file.
    fn section(&self, section: &[String], written: &Written, faults: &mut Vec<RuleFault>) {
        let at = |name: &str| under(section, &[name]);
        if section.is_empty() {
            if written.matching.is_some() {
                let it = "«match» sta solo sotto [[paths]]: dice per quali documenti valgono le voci che seguono";
                let en = "“match” stands under [[paths]] only: it tells for which documents the keys behind it hold";
                faults.push(self.at_key(&at("match"), Bilingual::new(it, en)));
            }
            return;
        }
        match &written.matching {
            None => {
                let it = "manca «match»: quali documenti riguarda, per esempio match = \"2024/**\"";
                let en = "“match” is missing: which documents it is for, say match = \"2024/**\"";
                faults.push(self.at_value(section, Bilingual::new(it, en)));
            }
            Some(pattern) if text::is_blank(pattern) || glob(pattern).is_err() => {
                let it = format!("il modello di percorso «{pattern}» non è valido: atteso per esempio \"2024/**\"");
                let en = format!("the path pattern “{pattern}” is not valid: expected, say, \"2024/**\"");
                faults.push(self.at_value(&at("match"), Bilingual::new(it, en)));
            }
            Some(_) => {}
        }
        if written.lang.is_some() {
            let it = "la lingua vale per tutto il controllo: scrivere «lang» prima di ogni [[paths]]";
            let en = "the language is that of the whole run: write “lang” before any [[paths]]";
            faults.push(self.at_key(&at("lang"), Bilingual::new(it, en)));
        }
        if !written.paths.is_empty() {
            let it = "[[paths]] non ne contiene altri: scriverli uno dopo l'altro";
            let en = "[[paths]] holds no others: write them one behind the other";
            faults.push(self.at_key(&at("paths"), Bilingual::new(it, en)));
        }
    }

    fn dates(&self, section: &[String], written: &Written, faults: &mut Vec<RuleFault>) {
        let cycle = &written.cycle;
        let dates = [
            ("plan_approval_date", &cycle.plan_approval_date),
            ("monitoring_date", &cycle.monitoring_date),
            ("adoption_date", &cycle.adoption_date),
        ];
        for (name, value) in dates.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?))) {
            let shown = declared_text(value);
            let is_text = matches!(value, Toml::String(_) | Toml::Datetime(_));
            if !is_text || !is_day(&shown, None) {
                let it = format!("«{shown}» non è una data: attesa come 2024-01-31 o \"31/01/2024\"");
                let en = format!("“{shown}” is no date: expected as 2024-01-31 or \"31/01/2024\"");
                faults.push(self.at_value(&under(section, &["cycle", name]), Bilingual::new(it, en)));
            }
        }
        if let Some(year) = cycle.year.filter(|year| !YEARS.contains(year)) {
            let it = format!("{year} non è un anno del ciclo: atteso per esempio 2024");
            let en = format!("{year} is no year of a cycle: expected, say, 2024");
            faults.push(self.at_value(&under(section, &["cycle", "year"]), Bilingual::new(it, en)));
        }
        if let Some(day) = &written.body.plan_deadline
            && (is_day(day, None) || !is_day(day, Some(2024)))
        {
            let it = format!("«{day}» non è un giorno dell'anno: atteso come \"15 aprile\" o \"15/04\", senza l'anno");
            let en = format!("“{day}” is no day of the year: expected as \"15 aprile\" or \"15/04\", without the year");
            faults.push(self.at_value(&under(section, &["body", "plan_deadline"]), Bilingual::new(it, en)));
        }
    }

    fn method(&self, section: &[String], written: &Written, faults: &mut Vec<RuleFault>) {
        for (band, most) in &written.method.bands {
            if !matches!(most, Toml::Integer(_) | Toml::Float(_)) {
                let shown = declared_text(most);
                let it = format!("il punteggio più alto di «{band}» deve essere un numero: trovato «{shown}»");
                let en = format!("the highest score of “{band}” must be a number: found “{shown}”");
                faults.push(self.at_value(&under(section, &["method", "bands", band]), Bilingual::new(it, en)));
            }
        }
        if let Some(Matrix::Named(name)) = &written.method.matrix
            && !["prodotto", "product"].contains(&name.as_str())
        {
            let it = format!(
                "«{name}» non è una matrice: attesa \"prodotto\", o una tabella con il livello di ogni probabilità e impatto"
            );
            let en = format!(
                "“{name}” is no matrix: expected \"prodotto\", or a table with the level of every probability and impact"
            );
            faults.push(self.at_value(&under(section, &["method", "matrix"]), Bilingual::new(it, en)));
        }
    }

    /// Entries of lists that are blank, and lists without any.
    fn lists(&self, section: &[String], written: &Written, faults: &mut Vec<RuleFault>) {
        let mut lists: Vec<(TomlPath, Vec<&str>)> = Vec::new();
        for (name, entries) in &written.catalogues {
            let values = entries.iter().map(super::CatalogueEntry::value).collect();
            lists.push((under(section, &["catalogues", name]), values));
        }
        if let Some(Scale::Levels(levels)) = &written.method.scale {
            lists.push((under(section, &["method", "scale"]), levels.iter().map(String::as_str).collect()));
        }
        for (path, values) in lists {
            if values.is_empty() {
                let (it, en) = (
                    "l'elenco è vuoto: scriverne le voci o toglierlo",
                    "the list is empty: write its entries or remove it",
                );
                faults.push(self.at_value(&path, Bilingual::new(it, en)));
            }
            for (number, _) in values.iter().enumerate().filter(|(_, value)| text::words(value).is_empty()) {
                let (it, en) = ("una voce dell'elenco è senza testo", "an entry of the list is without text");
                faults.push(self.at_value(&under(&path, &[&number.to_string()]), Bilingual::new(it, en)));
            }
        }
    }
}

/// Whether a text is one day, of the year given where it tells none.
fn is_day(written: &str, year: Option<i16>) -> bool {
    let words = text::Words::default();
    let parsed = text::parse(written, &text::Context { words: &words, year });
    matches!(parsed.value, Value::Date(_) | Value::Deadline(_)) && parsed.remainder.is_none()
}
