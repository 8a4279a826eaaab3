//! What registers say of objectives and indicators, joined by code over tables and documents.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::choices::{begins, names_strategic};
use super::objective::{Indicator, Objective, key_of};
use super::reader::Reader;
use super::{Source, years};
use crate::model::{Lang, Place};
use crate::pack::Packs;
use crate::text;

/// Kinds of schedule that are registers.
pub(super) const KINDS: [&str; 2] = ["obiettivi", "indicatori"];

/// All that registers say.
#[derive(Debug, Default)]
pub(super) struct Registers {
    pub(super) objectives: Vec<Objective>,
    /// Strategic objectives that appear only above operational ones: text and place, each once.
    pub(super) parents: Vec<(String, Place)>,
    /// Indicators with the code of no objective that is there.
    pub(super) orphans: Vec<(String, Place)>,
    /// Fields that some register has.
    pub(super) fields: Vec<Arc<str>>,
    /// Years in the headings of targets.
    pub(super) target_years: Vec<i16>,
    /// The objectives of one key.
    by_key: BTreeMap<String, Vec<usize>>,
    /// Of an identity and an objective which of its indicators it is.
    by_identity: BTreeMap<(String, usize), usize>,
    /// The identities of the parents.
    parents_met: BTreeSet<String>,
}

impl Registers {
    /// Reads the registers of some documents.
    pub(super) fn of(documents: &[Source<'_>], packs: &Packs, lang: Lang) -> Self {
        let mut all = Self::default();
        let tables = documents.iter().flat_map(|(path, document)| document.tables.iter().map(move |t| (*path, t)));
        let readers: Vec<Reader<'_>> = tables
            .filter(|(_, table)| KINDS.contains(&&*table.kind))
            .enumerate()
            .map(|(number, (path, table))| Reader::new((path, table), number, packs, lang))
            .collect();
        for reader in &readers {
            all.fields.extend(reader.table.fields.iter().cloned());
            let headings = reader.table.columns.iter().filter(|c| c.field.as_deref() == Some("target_anno_n"));
            all.target_years.extend(headings.filter_map(|c| years::of_heading(&c.heading)));
        }
        all.fields.sort();
        all.fields.dedup();
        all.target_years.sort_unstable();
        all.target_years.dedup();
        // Objectives before the tables that name them by code alone.
        let (own, joined): (Vec<_>, Vec<_>) = readers.iter().partition(|reader| reader.has("obiettivo"));
        for reader in own {
            all.read(reader);
        }
        for reader in joined {
            all.join(reader);
        }
        all
    }

    fn read(&mut self, reader: &Reader<'_>) {
        self.parents(reader);
        let Some(objectives) = reader.table.entity("obiettivo") else { return };
        for unit in &objectives.units {
            if let Some(objective) = reader.objective(unit) {
                let at = self.add(objective);
                for indicator in reader.indicators(unit) {
                    self.give(at, indicator);
                }
            }
        }
    }

    /// A table that names objectives by their codes, or indicators by theirs.
    fn join(&mut self, reader: &Reader<'_>) {
        let Some(indicators) = reader.table.entity("indicatore") else { return };
        for unit in &indicators.units {
            let code = reader.text(unit, "codice_obiettivo").unwrap_or_default();
            let at = self.by_key.get(&key_of(&code)).and_then(|all| all.first()).copied();
            for indicator in reader.of_unit(unit) {
                match at.filter(|_| !code.is_empty()) {
                    Some(at) => self.give(at, indicator),
                    None if code.is_empty() && self.complete(&indicator) => {}
                    None => self.orphans.push((indicator.name().to_owned(), indicator.place)),
                }
            }
        }
    }

    /// Adds an objective, or to the one that it is.
    fn add(&mut self, new: Objective) -> usize {
        let same = self.by_key.entry(new.key()).or_default();
        let is_same = |own: &&usize| self.objectives.get(**own).is_some_and(|o| o.is(&new));
        if let Some(at) = same.iter().find(is_same).copied() {
            if let Some(own) = self.objectives.get_mut(at) {
                own.take(new);
            }
            return at;
        }
        same.push(self.objectives.len());
        self.objectives.push(new);
        self.objectives.len() - 1
    }

    /// Gives an objective an indicator, which it may have already.
    fn give(&mut self, at: usize, new: Indicator) {
        let Some(objective) = self.objectives.get_mut(at) else { return };
        let nth = *self.by_identity.entry((new.identity(), at)).or_insert(objective.indicators.len());
        match objective.indicators.get_mut(nth) {
            Some(own) => own.take(new),
            None => objective.indicators.push(new),
        }
    }

    /// Completes the indicators of that code; whether there are any.
    fn complete(&mut self, values: &Indicator) -> bool {
        if values.code.is_empty() {
            return false;
        }
        let identity = values.identity();
        let all = self.by_identity.range((identity.clone(), 0)..=(identity, usize::MAX));
        let mut found = false;
        for ((_, at), nth) in all {
            if let Some(own) = self.objectives.get_mut(*at).and_then(|o| o.indicators.get_mut(*nth)) {
                own.take(values.clone());
                found = true;
            }
        }
        found
    }

    /// Strategic objectives that stand only above others.
    fn parents(&mut self, reader: &Reader<'_>) {
        const FIELD: &str = "obiettivo_strategico_codice_o_titolo";
        let Some(objectives) = reader.table.entity("obiettivo").filter(|_| reader.has(FIELD)) else { return };
        let is_strategic = |found: &str| begins(found, "obiettiv") && names_strategic(found);
        let headed = reader.table.column_of(FIELD).is_some_and(|c| is_strategic(&c.heading));
        for unit in &objectives.units {
            let Some(cell) = reader.cell(unit, FIELD) else { continue };
            if reader.says_nothing(cell) || !(headed || is_strategic(&cell.text)) {
                continue;
            }
            if self.parents_met.insert(text::identity(&cell.text)) {
                self.parents.push((text::one_line(&cell.text, 200), reader.place(cell, &cell.text)));
            }
        }
    }
}
