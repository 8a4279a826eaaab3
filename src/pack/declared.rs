//! What a body declares of itself: values that rules want and documents do not give, by their key in `riscontro.toml`.
//!
//! Packs refer to a key by its dotted name (`cycle.year`): a datum of the head, a parameter of a rule or a catalogue says
//! with `declared` which key gives it. Everything else about a key is known here.

use std::collections::BTreeMap;

use super::data::{Toml, TomlTable};
use crate::model::Bilingual;
use crate::text;

/// What a key holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeclaredKind {
    /// Words.
    Text,
    /// A number.
    Number,
    /// A day.
    Date,
    /// Yes or no.
    Flag,
    /// Entries of a catalogue, or a table of two entries.
    List,
}

/// The keys, and what each holds. Those of an open table stand in [`OPEN`].
const KEYS: [(&str, DeclaredKind); 14] = [
    ("body.name", DeclaredKind::Text),
    ("body.kind", DeclaredKind::Text),
    ("body.code", DeclaredKind::Text),
    ("body.employees", DeclaredKind::Number),
    ("body.plan_deadline", DeclaredKind::Text),
    ("cycle.year", DeclaredKind::Number),
    ("cycle.plan_approval_date", DeclaredKind::Date),
    ("cycle.monitoring_date", DeclaredKind::Date),
    ("cycle.adoption_date", DeclaredKind::Date),
    ("method.scale", DeclaredKind::Text),
    ("method.levels", DeclaredKind::List),
    ("method.product", DeclaredKind::Flag),
    ("method.matrix", DeclaredKind::List),
    ("plan.complete", DeclaredKind::Flag),
];

/// Tables whose keys are the body's own words, and what each of them holds.
const OPEN: [(&str, DeclaredKind); 2] = [("method.bands.", DeclaredKind::Number), ("catalogues.", DeclaredKind::List)];

/// What a key holds; `None` if there is no such key.
pub fn declared_kind(key: &str) -> Option<DeclaredKind> {
    let open = || OPEN.iter().find(|(table, _)| key.strip_prefix(table).is_some_and(is_name));
    KEYS.iter().find(|(name, _)| *name == key).or_else(open).map(|(_, kind)| *kind)
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains('.')
}

/// That there is no such key, with the nearest one.
pub fn unknown_declared(key: &str) -> Bilingual {
    let (it, en) =
        (format!("nessuna voce di riscontro.toml è «{key}»"), format!("no key of riscontro.toml is “{key}”"));
    match text::closest(key, KEYS.iter().map(|(name, _)| *name)) {
        Some(near) => Bilingual::new(format!("{it}; forse «{near}»"), format!("{en}; did you mean “{near}”?")),
        None => Bilingual::new(it, en),
    }
}

/// A key as it is written in the file: its table in brackets, then its name.
pub fn shown_declared(key: &str) -> String {
    key.rsplit_once('.').map_or_else(|| key.to_owned(), |(table, name)| format!("[{table}] {name}"))
}

/// What a body declares, by key.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Declared(BTreeMap<String, Toml>);

impl Declared {
    /// Whether nothing is declared.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What a key holds, if it is declared.
    pub fn get(&self, key: &str) -> Option<&Toml> {
        self.0.get(key)
    }

    /// Every key that is declared, with what it holds.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Toml)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// Declares a key.
    pub fn set(&mut self, key: impl Into<String>, value: Toml) {
        self.0.insert(key.into(), value);
    }

    /// Declares all that another declares, over what is declared already.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// What tables as in `riscontro.toml` declare; the first key that there is not.
    pub fn of(tables: &TomlTable) -> Result<Self, String> {
        let mut declared = Self::default();
        declared.take("", tables)?;
        Ok(declared)
    }

    fn take(&mut self, table: &str, values: &TomlTable) -> Result<(), String> {
        for (name, value) in values {
            let key = if table.is_empty() { name.clone() } else { format!("{table}.{name}") };
            match (declared_kind(&key), value) {
                (Some(_), value) => self.set(key, value.clone()),
                (None, Toml::Table(inner)) => self.take(&key, inner)?,
                (None, _) => return Err(key),
            }
        }
        Ok(())
    }
}

/// A value as an official would write it in a document: a date as a day, month and year.
pub fn declared_text(value: &Toml) -> String {
    match value {
        Toml::String(text) => text.clone(),
        Toml::Datetime(when) => {
            when.date.map_or_else(|| when.to_string(), |day| format!("{:02}/{:02}/{:04}", day.day, day.month, day.year))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_known_by_their_dotted_names() {
        assert_eq!(declared_kind("cycle.year"), Some(DeclaredKind::Number));
        assert_eq!(declared_kind("method.bands.basso"), Some(DeclaredKind::Number));
        assert_eq!(declared_kind("catalogues.sedi"), Some(DeclaredKind::List));
        for wrong in ["cycle", "cycle.yaer", "method.bands", "method.bands.", "method.bands.a.b", "catalogues."] {
            assert_eq!(declared_kind(wrong), None, "{wrong}");
        }
        assert!(unknown_declared("cycle.yaer").it.ends_with("forse «cycle.year»"));
        assert_eq!(shown_declared("method.bands.basso"), "[method.bands] basso");
    }

    #[test]
    fn tables_declare_their_keys() {
        let table = toml::from_str::<TomlTable>("cycle.year = 2024\nmethod.bands = { basso = 3 }\n").unwrap();
        let declared = Declared::of(&table).unwrap();
        assert_eq!(declared.get("cycle.year"), Some(&Toml::Integer(2024)));
        assert_eq!(declared.get("method.bands.basso"), Some(&Toml::Integer(3)));
        let table = toml::from_str::<TomlTable>("cycle.yaer = 2024\n").unwrap();
        assert_eq!(Declared::of(&table), Err("cycle.yaer".to_owned()));
    }

    #[test]
    fn a_date_is_written_as_in_documents() {
        let value = toml::from_str::<TomlTable>("day = 2024-01-31\n").unwrap().remove("day").unwrap();
        assert_eq!(declared_text(&value), "31/01/2024");
    }
}
