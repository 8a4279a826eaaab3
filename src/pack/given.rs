//! Catalogues that the body gives: its offices, its roles, the areas of its plan.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use super::catalogue::{Catalogue, Entry};
use super::data::{Toml, TomlTable};
use super::declared::{Declared, declared_text};
use super::load::Packs;
use super::pattern::Pattern;
use super::schedule::Pack;
use crate::model::Bilingual;

/// `[catalogues.name]` of a schedule: a catalogue that comes from what the body declares, in place of that of the pack
/// if there is one.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GivenSpec {
    /// What an official calls it; wanted where the pack has no catalogue of the name.
    pub title: Option<Bilingual>,
    /// The key of `riscontro.toml` that gives it.
    pub declared: String,
    /// Attributes that rules may ask of its entries. Where the key holds a table of rows and columns, the entry of two
    /// words has what stands there as the first of them.
    #[serde(default)]
    pub attributes: Vec<String>,
    /// The field that its entries are values of: what is written is taken apart as the field's values are.
    pub field: Option<Arc<str>>,
    /// The part of the field that an entry is; the other parts are attributes of it.
    pub part: Option<String>,
    /// An attribute that every entry has: all of them, one behind the other, as the list is called in messages.
    pub joined: Option<String>,
    /// The key that names a list of the pack instead: one of the values that `joined` has there.
    pub named_by: Option<String>,
    /// Attributes that an entry has from the pack's own entry of the same name.
    #[serde(default)]
    pub inherit: Vec<String>,
}

impl Packs {
    /// The packs with the catalogues that the body gives.
    pub fn give(&mut self, declared: &Declared) {
        for pack in &mut self.packs {
            let given: Vec<(String, Catalogue)> = pack
                .catalogues
                .iter()
                .filter_map(|(name, own)| {
                    let spec = own.spec()?;
                    let value = declared.get(&spec.declared)?;
                    Some((name.clone(), own.given(entries(pack, own, spec, value))))
                })
                .collect();
            if !given.is_empty() {
                Arc::make_mut(pack).catalogues.extend(given);
            }
        }
    }

    /// The names of the catalogues that a body can give, of all packs.
    pub fn givable(&self) -> impl Iterator<Item = &str> {
        let specs = self.packs.iter().flat_map(|p| p.catalogues.values()).filter_map(Catalogue::spec);
        specs.filter_map(|spec| spec.declared.strip_prefix("catalogues."))
    }
}

/// The entries that a value of the configuration holds: a list of texts or tables, or a table of rows and columns.
fn entries(pack: &Pack, own: &Catalogue, spec: &GivenSpec, value: &Toml) -> Vec<Entry> {
    let parts = spec.field.as_ref().and_then(|f| pack.schedule.field(f)).and_then(|f| f.parts.as_ref());
    match value {
        Toml::Array(items) => {
            let all: Vec<Entry> = items.iter().filter_map(|item| one(item, spec, parts)).collect();
            let whole: Arc<str> = all.iter().map(|e| &*e.value).collect::<Vec<_>>().join(", ").into();
            let named = |mut entry: Entry| {
                entry.attributes.extend(spec.joined.iter().map(|name| (name.clone(), vec![whole.clone()])));
                entry
            };
            all.into_iter().map(|e| named(heir(e, own, spec))).collect()
        }
        Toml::Table(rows) => rows.iter().flat_map(|(row, cells)| crossed(row, cells, spec)).collect(),
        _ => Vec::new(),
    }
}

fn one(item: &Toml, spec: &GivenSpec, parts: Option<&Pattern>) -> Option<Entry> {
    match item {
        Toml::String(written) => Some(apart(written, spec, parts)),
        Toml::Table(table) => {
            let mut entry = apart(table.get("value")?.as_str()?, spec, parts);
            entry.aliases = table.get("aliases").map(texts).unwrap_or_default();
            let others = table.iter().filter(|(name, _)| !["value", "aliases"].contains(&name.as_str()));
            entry.attributes.extend(others.map(|(name, value)| (name.clone(), texts(value))));
            Some(entry)
        }
        _ => None,
    }
}

fn texts(value: &Toml) -> Vec<Arc<str>> {
    match value {
        Toml::Array(items) => items.iter().map(|i| declared_text(i).into()).collect(),
        other => vec![declared_text(other).into()],
    }
}

/// What is written, taken apart as the values of the field are.
fn apart(written: &str, spec: &GivenSpec, parts: Option<&Pattern>) -> Entry {
    let whole = || Entry { value: written.into(), aliases: Vec::new(), attributes: BTreeMap::new() };
    let (Some(pattern), Some(part)) = (parts, &spec.part) else { return whole() };
    let group = |name: &str| pattern.group(written, name).map(str::trim).filter(|t| !t.is_empty());
    let Some(value) = group(part) else { return whole() };
    let others = pattern.groups().filter(|name| name != part);
    let attributes = others.filter_map(|name| Some((name.to_owned(), vec![Arc::from(group(name)?)])));
    Entry { value: value.into(), aliases: Vec::new(), attributes: attributes.collect() }
}

/// An entry with the attributes that the pack's own entry of its name lends it.
fn heir(mut entry: Entry, own: &Catalogue, spec: &GivenSpec) -> Entry {
    for name in &spec.inherit {
        let lent = own.find(&entry.value).find_map(|e| e.attributes.get(name)).cloned();
        if let (Some(lent), false) = (lent, entry.attributes.contains_key(name)) {
            entry.attributes.insert(name.clone(), lent);
        }
    }
    entry
}

/// The entries of one row of a table: each the words of row and column.
fn crossed<'t>(row: &'t str, cells: &'t Toml, spec: &'t GivenSpec) -> impl Iterator<Item = Entry> + 't {
    let cells: Option<&TomlTable> = cells.as_table();
    cells.into_iter().flatten().map(move |(column, cell)| {
        let attribute = spec.attributes.first().map(|name| (name.clone(), texts(cell)));
        Entry {
            value: format!("{row} {column}").into(),
            aliases: Vec::new(),
            attributes: attribute.into_iter().collect(),
        }
    })
}
