//! Plans that several documents make up together: the rules on a whole plan look at all of them at once.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::document::{self, Books};
use super::options::Options;
use super::settings::{Setting, Settings};
use super::walk::{File, Input, What};
use super::whole::whole;
use crate::engine::Context;
use crate::model::{Bilingual, Document, Error, Finding, Head, Lang, Outcome, OutcomeKind, Place, RuleOutcome, Table};
use crate::pack::{Packs, Toml};

/// The key by which a body declares that its documents are one whole plan.
const COMPLETE: &str = "plan.complete";

/// What the rules on whole plans say of the documents of a run.
#[derive(Debug, Default)]
pub(super) struct Plans {
    /// For each input that is part of a plan of several documents, what the rules on the whole say of it.
    of: Vec<Option<Vec<Outcome>>>,
}

/// One document of a plan.
struct Part {
    input: usize,
    path: Arc<str>,
    document: Box<Document>,
}

impl Plans {
    /// Reads the documents that are declared to be one plan and evaluates the rules on the whole of it. Those of one
    /// configuration are one plan for each year that they tell; a document alone is none.
    pub(super) fn of(inputs: &[Input], settings: &Settings, options: &Options) -> Result<Self, Error> {
        let mut groups: BTreeMap<(usize, String), (Vec<Part>, &Setting)> = BTreeMap::new();
        for (at, input) in inputs.iter().enumerate() {
            let (What::Check(file), Some(setting)) = (&input.what, settings.get(at)) else { continue };
            if !is_declared(file, setting, options) {
                continue;
            }
            let Ok(document) = document::seen(file, &input.shown, setting) else { continue };
            let year = year(&document, &setting.options.packs).unwrap_or_default();
            let part = Part { input: at, path: input.shown.as_str().into(), document };
            groups.entry((setting.id, year)).or_insert_with(|| (Vec::new(), setting)).0.push(part);
        }
        let mut plans = Self { of: inputs.iter().map(|_| None).collect() };
        for (parts, setting) in with_years(groups) {
            plans.take(&parts, setting, options)?;
        }
        Ok(plans)
    }

    /// Whether there are any.
    pub(super) fn is_empty(&self) -> bool {
        self.of.iter().all(Option::is_none)
    }

    /// What the rules on whole plans say of an input.
    pub(super) fn outcomes(&self, at: usize) -> &[Outcome] {
        self.of.get(at).and_then(Option::as_deref).unwrap_or_default()
    }

    fn take(&mut self, parts: &[Part], setting: &Setting, options: &Options) -> Result<(), Error> {
        let kinds: BTreeSet<Arc<str>> = parts.iter().flat_map(|p| &p.document.tables).map(|t| t.kind.clone()).collect();
        let kinds: Vec<Arc<str>> = kinds.into_iter().collect();
        let mut setting = setting.clone();
        setting.options.overrides.declared.set(COMPLETE, Toml::Boolean(true));
        let mut books = Books::default();
        let (book, selected) = books.of(&kinds, &setting)?;
        let selected = selected.needing(book, COMPLETE);
        for kind in &kinds {
            let tables = |is_text: bool| {
                let of = move |t: &&Table| t.kind == *kind && t.is_text == is_text;
                parts
                    .iter()
                    .flat_map(move |p| p.document.tables.iter().filter(of).map(move |t| (p, t)))
                    .collect::<Vec<_>>()
            };
            for tables in [tables(false), tables(true)] {
                let mut own: Vec<&Part> = tables.iter().map(|(part, _)| *part).collect();
                own.dedup_by_key(|part| part.input);
                let tables: Vec<(Arc<str>, &Table)> = tables.iter().map(|(p, t)| (p.path.clone(), *t)).collect();
                let Some(table) = (own.len() > 1).then(|| whole(&tables)).flatten() else { continue };
                let head = own.first().map(|part| dated(&part.document.head, &setting.options.packs, kind));
                let document = Document { head: head.unwrap_or_default(), tables: vec![table], ..Document::default() };
                let (most, stopwatch) = (Some(options.limits.findings), options.stopwatch);
                let context = Context { lang: options.lang, as_of: options.as_of, most, previous: None, stopwatch };
                let outcomes = book.evaluate_unless(&document, &selected, &context, &|| options.is_stopped());
                for outcome in outcomes.unwrap_or_default() {
                    self.share(&outcome, &own, options.lang);
                }
            }
        }
        Ok(())
    }

    /// Gives each document its part of an outcome: the findings with their first place in it.
    fn share(&mut self, outcome: &Outcome, parts: &[&Part], lang: Lang) {
        let host = |finding: &Finding| {
            let path = finding.places.first().and_then(|place| place.path.as_deref());
            parts.iter().position(|part| path == Some(&*part.path)).unwrap_or(0)
        };
        for (at, part) in parts.iter().enumerate() {
            let own = outcome.findings.iter().filter(|f| host(f) == at);
            let findings: Vec<Finding> = own.map(|f| seen_from(&part.path, f)).collect();
            let omitted = if at == 0 { outcome.omitted } else { 0 };
            let mut rule = RuleOutcome { findings: findings.len() + omitted, ..outcome.rule.clone() };
            rule.places = outcome.rule.places.iter().map(|place| place_from(&part.path, place)).collect();
            if rule.kind == OutcomeKind::Findings && rule.findings == 0 {
                rule.kind = OutcomeKind::NotApplicable;
                rule.reason = Some(elsewhere().get(lang).to_owned());
            }
            if at > 0 {
                rule.superseded = 0;
                rule.time = None;
            }
            if let Some(place) = self.of.get_mut(part.input) {
                place.get_or_insert_default().push(Outcome { rule, findings, omitted });
            }
        }
    }
}

fn elsewhere() -> Bilingual {
    Bilingual::new(
        "si valuta sull'intero piano: i rilievi sono in un altro dei suoi documenti",
        "evaluated on the whole plan: the findings are in another of its documents",
    )
}

/// Whether a document is declared part of a whole plan, by its configuration or by the folder that the run names.
fn is_declared(file: &File, setting: &Setting, options: &Options) -> bool {
    let declared = setting.options.overrides.declared.get(COMPLETE) == Some(&Toml::Boolean(true));
    let is_below = |folder: &Path| {
        let real = fs::canonicalize(folder).is_ok_and(|folder| file.identity.starts_with(folder));
        real || file.path.starts_with(folder)
    };
    declared || options.whole_plan.as_deref().is_some_and(is_below)
}

/// The year that a document tells in its head.
fn year(document: &Document, packs: &Packs) -> Option<String> {
    let names = document.tables.iter().filter_map(|t| packs.get(&t.kind)?.schedule.year());
    names.filter_map(|name| document.head.get(name)).map(|entry| entry.text.trim().to_owned()).next()
}

/// The groups, those whose documents tell no year with the first of the same configuration that does.
fn with_years(groups: BTreeMap<(usize, String), (Vec<Part>, &Setting)>) -> Vec<(Vec<Part>, &Setting)> {
    let mut dateless: BTreeMap<usize, (Vec<Part>, &Setting)> = BTreeMap::new();
    let mut all = Vec::new();
    for ((id, year), (mut parts, setting)) in groups {
        if year.is_empty() {
            dateless.insert(id, (parts, setting));
            continue;
        }
        parts.extend(dateless.remove(&id).into_iter().flat_map(|(parts, _)| parts));
        parts.sort_by_key(|part| part.input);
        all.push((parts, setting));
    }
    all.extend(dateless.into_values());
    all
}

/// Of the head only the year, on which the norms depend: the other data are of one document.
fn dated(head: &Head, packs: &Packs, kind: &str) -> Head {
    let year = packs.get(kind).and_then(|p| p.schedule.year());
    head.iter().filter(|(name, _)| Some(&***name) == year).map(|(name, entry)| (name.clone(), entry.clone())).collect()
}

/// A place as it is told in the document at `path`.
fn place_from(path: &str, place: &Place) -> Place {
    let other = place.path.as_ref().filter(|own| *own != path).cloned();
    Place { path: other, ..place.clone() }
}

fn seen_from(path: &str, finding: &Finding) -> Finding {
    let all = |places: &[Place]| places.iter().map(|place| place_from(path, place)).collect();
    Finding { places: all(&finding.places), related: all(&finding.related), ..finding.clone() }
}
