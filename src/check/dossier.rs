//! Documents of one body and one cycle, each checked beside the others.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::document;
use super::names::Names;
use super::options::Options;
use super::settings::Settings;
use super::walk::{Input, What};
use crate::model::{Bilingual, Document, Finding, Place, Table};
use crate::pack::{Packs, Shape};

/// The documents of a run by dossier.
#[derive(Debug, Default)]
pub(super) struct Dossiers {
    /// For each input what it is, where it is a document of a dossier: the dossier, the path, the document.
    members: Vec<Option<Member>>,
    /// Names that documents of a dossier write in different ways, by dossier.
    names: BTreeMap<(String, String), Names>,
}

#[derive(Debug)]
struct Member {
    /// What the documents of one dossier share: the body and the cycle that their configuration declares.
    of: (String, String),
    path: String,
    document: Document,
}

impl Dossiers {
    /// Reads the documents of a run that belong together: all of them where the options say so, else those whose
    /// configuration declares the same body and cycle. A document alone is in no dossier.
    pub(super) fn of(inputs: &[Input], settings: &Settings, options: &Options) -> Self {
        let mut names: Vec<Option<(String, String)>> = inputs
            .iter()
            .enumerate()
            .map(|(at, input)| {
                let declared = &settings.get(at)?.options.overrides.declared;
                let said = |key: &str| declared.get(key).map(ToString::to_string);
                let (body, year) = (said("body.name"), said("cycle.year"));
                let is_one = options.dossier || body.is_some() && year.is_some();
                (is_one && matches!(input.what, What::Check(_)))
                    .then(|| (body.unwrap_or_default(), year.unwrap_or_default()))
            })
            .collect();
        let mut sizes: BTreeMap<(String, String), usize> = BTreeMap::new();
        for name in names.iter().flatten() {
            *sizes.entry(name.clone()).or_default() += 1;
        }
        for name in &mut names {
            name.take_if(|n| sizes.get(n).is_none_or(|size| *size < 2));
        }
        if names.iter().all(Option::is_none) {
            return Self::default();
        }
        let members = names.into_iter().zip(inputs).enumerate().map(|(at, (name, input))| {
            let (of, What::Check(file)) = (name?, &input.what) else { return None };
            let document = document::seen(file, &input.shown, settings.get(at)?).ok()?;
            Some(Member { of, path: input.shown.clone(), document: *document })
        });
        let members: Vec<Option<Member>> = members.collect();
        let mut dossiers: BTreeMap<(String, String), Vec<&Member>> = BTreeMap::new();
        for member in members.iter().flatten() {
            dossiers.entry(member.of.clone()).or_default().push(member);
        }
        let of = |documents: Vec<&Member>| {
            Names::of(documents.into_iter().map(|m| (m.path.as_str(), &m.document)), &options.packs)
        };
        let names = dossiers.into_iter().map(|(dossier, documents)| (dossier, of(documents))).collect();
        Self { members, names }
    }

    /// Whether there are any.
    pub(super) fn is_empty(&self) -> bool {
        self.members.iter().flatten().count() < 2
    }

    /// The tables of the other documents that stand beside one, of kinds that it does not hold; and what is to be told of
    /// roles that several documents could have.
    pub(super) fn beside(&self, at: usize, own: &Document, packs: &Packs) -> (Vec<Table>, Vec<Bilingual>) {
        let Some(member) = self.members.get(at).and_then(Option::as_ref) else { return (Vec::new(), Vec::new()) };
        let mut by_kind: BTreeMap<&Arc<str>, Vec<&Member>> = BTreeMap::new();
        for (i, other) in self.members.iter().enumerate() {
            let Some(other) = other.as_ref().filter(|o| i != at && o.of == member.of) else { continue };
            for table in &other.document.tables {
                let holders = by_kind.entry(&table.kind).or_default();
                if !own.tables.iter().any(|t| t.kind == table.kind) && !holders.iter().any(|h| h.path == other.path) {
                    holders.push(other);
                }
            }
        }
        let names = self.names.get(&member.of).map_or(&[][..], |names| names.remarks(&member.path));
        let (mut tables, mut remarks) = (Vec::new(), names.to_vec());
        for (kind, holders) in by_kind {
            let pack = packs.get(kind);
            // One body has many registers, and one form.
            let is_form = pack.is_some_and(|p| matches!(p.schedule.shape, Shape::Questionnaire | Shape::Counts));
            if is_form && holders.len() > 1 {
                let title = pack.map(|p| p.schedule.title.clone()).unwrap_or_default();
                let paths = holders.iter().map(|h| h.path.as_str()).collect::<Vec<_>>().join(", ");
                let name = |text: &str| text.split(':').next().unwrap_or(text).to_owned();
                remarks.push(Bilingual::new(
                    format!(
                        "«{}» è in più documenti ({paths}): non si sceglie, e nessuno è confrontato con questo; lasciarne uno con --exclude",
                        name(&title.it)
                    ),
                    format!(
                        "“{}” is in several documents ({paths}): none is chosen, and none compared with this one; leave one with --exclude",
                        name(&title.en)
                    ),
                ));
                continue;
            }
            for holder in holders {
                let path: Arc<str> = holder.path.as_str().into();
                let of_kind = holder.document.tables.iter().filter(|t| t.kind == *kind);
                tables.extend(of_kind.map(|t| Table { path: Some(Arc::clone(&path)), ..t.clone() }));
            }
        }
        (tables, remarks)
    }
}

/// The findings on other documents that have a place in the one at `path`, as they stand there.
pub(super) fn mirrored<'f>(path: &str, others: impl Iterator<Item = (&'f str, &'f Finding)>) -> Vec<Finding> {
    let here = |place: &Place| place.path.as_deref() == Some(path);
    let theirs = others.filter(|(_, finding)| finding.places.iter().chain(&finding.related).any(here));
    theirs
        .map(|(other, finding)| {
            let mut finding = finding.clone();
            let places = std::mem::take(&mut finding.places).into_iter().chain(std::mem::take(&mut finding.related));
            let moved = places.map(|place| {
                let path = match place.path {
                    Some(own) if own == path => None,
                    None => Some(other.to_owned()),
                    away => away,
                };
                Place { path, ..place }
            });
            // What stands here is the finding's place, the rest is to be seen too.
            (finding.places, finding.related) = moved.partition(|place| place.path.is_none());
            finding
        })
        .collect()
}
