//! Where the keys and values of a TOML text stand, by their path: the text is read into plain values elsewhere.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::data::position;

/// The names from the outermost table to a key; an entry of a list has its number, from 0.
pub type TomlPath = Vec<String>;

/// The places of one text.
#[derive(Debug, Clone, Default)]
pub struct Places {
    keys: BTreeMap<TomlPath, (usize, usize)>,
    values: BTreeMap<TomlPath, (usize, usize)>,
}

impl Places {
    /// The places of a text; none if it is no TOML.
    pub fn of(text: &str) -> Self {
        let mut places = Self::default();
        if let Ok(table) = DeTable::parse(text) {
            places.table(text, &mut Vec::new(), table.as_ref());
        }
        places
    }

    fn table(&mut self, text: &str, path: &mut TomlPath, table: &DeTable<'_>) {
        for (key, value) in table {
            path.push(key.as_ref().to_string());
            self.keys.insert(path.clone(), start(text, &key.span()));
            self.value(text, path, value);
            path.pop();
        }
    }

    fn value(&mut self, text: &str, path: &mut TomlPath, value: &Spanned<DeValue<'_>>) {
        self.values.insert(path.clone(), start(text, &value.span()));
        match value.as_ref() {
            DeValue::Table(table) => self.table(text, path, table),
            DeValue::Array(items) => {
                for (number, item) in items.iter().enumerate() {
                    path.push(number.to_string());
                    self.value(text, path, item);
                    path.pop();
                }
            }
            _ => {}
        }
    }

    /// Whether a key is there.
    pub fn has(&self, path: &[String]) -> bool {
        self.keys.contains_key(path)
    }

    /// Line and column of a key, from 1; of the nearest table around it if it is not there itself.
    pub fn key(&self, path: &[String]) -> (usize, usize) {
        self.nearest(path, &self.keys)
    }

    /// Line and column of a value, from 1.
    pub fn value_at(&self, path: &[String]) -> (usize, usize) {
        self.nearest(path, &self.values)
    }

    fn nearest(&self, path: &[String], among: &BTreeMap<TomlPath, (usize, usize)>) -> (usize, usize) {
        let exact = among.get(path);
        let around = || (0..path.len()).rev().find_map(|n| path.get(..n).and_then(|p| self.keys.get(p)));
        exact.or_else(around).copied().unwrap_or((1, 1))
    }
}

fn start(text: &str, span: &Range<usize>) -> (usize, usize) {
    position(text, span.start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_values_and_entries_of_lists_have_their_places() {
        let places = Places::of("a = 1\n[b.\"c-1\"]\n d = [\"x\",\n  \"y\"]\n[[e]]\nf = 2\n");
        let path = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(places.key(&path(&["a"])), (1, 1));
        assert_eq!(places.key(&path(&["b", "c-1"])), (2, 4));
        assert_eq!(places.key(&path(&["b", "c-1", "d"])), (3, 2));
        assert_eq!(places.value_at(&path(&["b", "c-1", "d", "1"])), (4, 3));
        assert_eq!(places.key(&path(&["e", "0", "f"])), (6, 1));
        // What is not there is told at what is around it.
        assert_eq!(places.key(&path(&["b", "c-1", "z"])), (2, 4));
    }
}
