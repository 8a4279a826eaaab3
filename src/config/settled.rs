//! What a configuration settles for one document: the file, and over it those of its `[[paths]]` that match.

use std::sync::Arc;

use super::Config;
use super::keys::{FailOn, Matrix, Scale, Written};
use crate::engine::{Change, Overrides};
use crate::model::Lang;
use crate::pack::{Declared, Packs, Toml, TomlTable, from_toml};

/// The settings of a configuration for some documents.
#[derive(Debug, Clone)]
pub struct Settled {
    pub(super) config: Arc<Config>,
    /// Those of `[[paths]]` that hold, by number.
    pub(super) paths: Vec<usize>,
    table: TomlTable,
    written: Written,
}

impl Settled {
    /// What holds where some of the `[[paths]]` do.
    pub(super) fn new(config: Arc<Config>, paths: Vec<usize>) -> Self {
        let mut table = config.table.clone();
        let sections = table.remove("paths");
        for number in &paths {
            let section = sections.as_ref().and_then(|s| s.get(number)).and_then(Toml::as_table).cloned();
            let mut section = section.unwrap_or_default();
            section.remove("match");
            merge(&mut table, section);
        }
        // Its parts were read: so is what they make together.
        let written = from_toml(table.clone()).unwrap_or_default();
        Self { config, paths, table, written }
    }

    /// The file.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The numbers of those of its `[[paths]]` that hold.
    pub fn paths(&self) -> &[usize] {
        &self.paths
    }

    /// All keys with their values.
    pub(super) fn table(&self) -> &TomlTable {
        &self.table
    }

    /// The profile it names.
    pub fn profile(&self) -> Option<&str> {
        self.written.profile.as_deref()
    }

    /// The rules to evaluate, all where empty: codes, beginnings of codes, names.
    pub fn select(&self) -> &[String] {
        self.written.select.as_deref().unwrap_or_default()
    }

    /// The rules to leave out.
    pub fn ignore(&self) -> &[String] {
        self.written.ignore.as_deref().unwrap_or_default()
    }

    /// From which severity findings make the run fail; `None` where the file does not say.
    pub fn fail_on(&self) -> Option<FailOn> {
        self.written.fail_on
    }

    /// The language it asks for.
    pub fn lang(&self) -> Option<Lang> {
        self.written.lang
    }

    /// What it changes in rules, over what stands in `overrides`, and what it declares.
    pub fn add_to(&self, overrides: &mut Overrides) {
        let severities = self.written.severity.iter().map(|(name, level)| (name.clone(), (*level).into())).collect();
        let change = Change { severities, params: self.written.params.clone() };
        if change != Change::default() {
            overrides.changes.push(change);
        }
        self.declare(&mut overrides.declared);
    }

    fn declare(&self, declared: &mut Declared) {
        let written = &self.written;
        let mut set = |key: &str, value: Option<Toml>| {
            if let Some(value) = value {
                declared.set(key, value);
            }
        };
        let text = |text: &Option<String>| text.clone().map(Toml::String);
        set("body.name", text(&written.body.name));
        set("body.kind", text(&written.body.kind));
        set("body.code", text(&written.body.code));
        set("body.employees", written.body.employees.map(|n| Toml::Integer(n.into())));
        set("body.plan_deadline", text(&written.body.plan_deadline));
        set("cycle.year", written.cycle.year.map(|n| Toml::Integer(n.into())));
        // As written: read into what a key means, a date is a text.
        for date in ["plan_approval_date", "monitoring_date", "adoption_date"] {
            set(&format!("cycle.{date}"), self.value(&["cycle", date]).cloned());
        }
        set("plan.complete", written.plan.complete.map(Toml::Boolean));
        for (band, most) in &written.method.bands {
            set(&format!("method.bands.{band}"), Some(most.clone()));
        }
        match &written.method.scale {
            Some(Scale::Name(name)) => set("method.scale", Some(Toml::String(name.clone()))),
            Some(Scale::Levels(levels)) => {
                set("method.scale", Some(Toml::String(levels.join(", "))));
                set("method.levels", Some(Toml::Array(levels.iter().cloned().map(Toml::String).collect())));
            }
            None => {}
        }
        match &written.method.matrix {
            Some(Matrix::Named(_)) => set("method.product", Some(Toml::Boolean(true))),
            Some(Matrix::Levels(_)) => set("method.matrix", self.value(&["method", "matrix"]).cloned()),
            None => {}
        }
        for name in written.catalogues.keys() {
            set(&format!("catalogues.{name}"), self.value(&["catalogues", name]).cloned());
        }
    }

    /// The value of a key as written.
    fn value(&self, path: &[&str]) -> Option<&Toml> {
        let (last, tables) = path.split_last()?;
        let inner = tables.iter().try_fold(&self.table, |table, name| table.get(*name)?.as_table());
        inner?.get(*last)
    }

    /// Whether it changes the packs.
    pub fn adds(&self) -> bool {
        !self.written.headings.is_empty()
    }

    /// The packs with the headings that it adds. Its lists reach the rules as declarations ([`add_to`](Self::add_to)).
    #[must_use]
    pub fn apply(&self, packs: &Packs) -> Packs {
        let mut packs = packs.clone();
        for (kind, fields) in &self.written.headings {
            for (field, headings) in fields {
                packs.add_headings(kind, field, headings.clone());
            }
        }
        packs
    }
}

/// Puts a table over another: of tables under one key each of their keys, of all else the whole value.
fn merge(under: &mut TomlTable, over: TomlTable) {
    for (key, value) in over {
        match (under.get_mut(&key), value) {
            (Some(Toml::Table(below)), Toml::Table(above)) => merge(below, above),
            (_, value) => drop(under.insert(key, value)),
        }
    }
}
