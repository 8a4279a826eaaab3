//! Names of offices and roles over the documents of a dossier: the same name written in two ways.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Bilingual, Document};
use crate::pack::{Named, Packs};
use crate::text;

/// Different names beyond which none are compared with each other.
const COMPARED: usize = 600;
/// Pairs of spellings that are told of a document.
const TOLD: usize = 12;

/// One spelling of a name, with the documents that have it.
#[derive(Debug)]
struct Spelling {
    text: String,
    /// Its content words, and the same without what may stand before a name of its kind.
    words: Vec<String>,
    core: Vec<String>,
    paths: BTreeSet<String>,
}

/// For each document what is to be told of its names: those that another document writes in another way.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeMap<String, Vec<Bilingual>>);

impl Names {
    /// The names of documents, each with its path.
    pub(super) fn of<'d>(documents: impl Iterator<Item = (&'d str, &'d Document)>, packs: &Packs) -> Self {
        let mut all: BTreeMap<Named, BTreeMap<String, Spelling>> = BTreeMap::new();
        for (path, document) in documents {
            take(path, document, packs, &mut all);
        }
        let mut told = Self::default();
        for (named, spellings) in all {
            let spellings: Vec<Spelling> = spellings.into_values().collect();
            if spellings.len() > COMPARED {
                continue;
            }
            for (nth, first) in spellings.iter().enumerate() {
                for second in spellings.iter().skip(nth + 1).filter(|second| are_one(first, second)) {
                    told.tell(named, first, second);
                }
            }
        }
        told
    }

    /// What is to be told of a document.
    pub(super) fn remarks(&self, path: &str) -> &[Bilingual] {
        self.0.get(path).map_or(&[], Vec::as_slice)
    }

    fn tell(&mut self, named: Named, first: &Spelling, second: &Spelling) {
        // Two spellings in the same documents are a matter of each of them.
        if first.paths == second.paths {
            return;
        }
        let title = named.title();
        let shown = |s: &Spelling| {
            let paths = s.paths.iter().map(|p| text::one_line(p, 120)).collect::<Vec<_>>().join(", ");
            (text::one_line(&s.text, 120), paths)
        };
        let ((one, here), (two, there)) = (shown(first), shown(second));
        let remark = Bilingual::new(
            format!(
                "{}: «{one}» ({here}) e «{two}» ({there}) sembrano lo stesso nome: scriverlo allo stesso modo in tutti i documenti",
                title.it
            ),
            format!(
                "{}: “{one}” ({here}) and “{two}” ({there}) seem to be one name: write it alike in all documents",
                title.en
            ),
        );
        for path in first.paths.union(&second.paths) {
            let remarks = self.0.entry(path.clone()).or_default();
            if remarks.len() < TOLD {
                remarks.push(remark.clone());
            }
        }
    }
}

/// Adds the names of a document, equal ones in normal form together.
fn take(path: &str, document: &Document, packs: &Packs, all: &mut BTreeMap<Named, BTreeMap<String, Spelling>>) {
    for table in &document.tables {
        let Some(pack) = packs.get(&table.kind) else { continue };
        for (slot, field) in table.fields.iter().enumerate() {
            let Some(spec) = pack.schedule.field(field).and_then(|f| f.names.as_ref()) else { continue };
            let around: BTreeSet<String> = spec.around.iter().flat_map(|w| text::content_words(w)).collect();
            let ids = table.records.iter().flat_map(|r| r.slots.cells(slot).iter());
            for cell in ids.filter_map(|id| table.cell(id)).filter(|c| !c.value.is_missing()) {
                let spellings = all.entry(spec.of).or_default();
                let spelling = spellings.entry(text::normal(&cell.text)).or_insert_with(|| {
                    let words = text::content_words(&cell.text);
                    let core = words.iter().skip_while(|w| around.contains(*w)).cloned().collect();
                    Spelling { text: cell.text.trim().to_owned(), words, core, paths: BTreeSet::new() }
                });
                spelling.paths.insert(path.to_owned());
            }
        }
    }
}

/// Whether two spellings are one name: by a slip, an abbreviation, or a word before the name that one of them lacks.
/// Two different words before the same name are two offices.
fn are_one(first: &Spelling, second: &Spelling) -> bool {
    let is_bare = |s: &Spelling| s.core.len() == s.words.len();
    let same_core = !first.core.is_empty() && first.core == second.core && is_bare(first) != is_bare(second);
    same_core || text::near_duplicate(&first.text, &second.text) || text::same_content(&first.words, &second.words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelling(text: &str) -> Spelling {
        let words = text::content_words(text);
        let core = words.iter().skip_while(|w| ["ufficio", "settore"].contains(&w.as_str())).cloned().collect();
        Spelling { text: text.to_owned(), words, core, paths: BTreeSet::new() }
    }

    #[test]
    fn one_name_in_two_spellings_is_told_from_two_names() {
        for (first, second, one) in [
            ("UFFICIO SERVIZI INFORMATIVI", "Servizi informativi", true),
            ("Ufficio tecnco", "Ufficio tecnico", true),
            ("Uff. Tributi", "Ufficio tributi", true),
            ("Settore tributi", "Ufficio tributi", false),
            ("Ufficio tributi", "Ufficio personale", false),
            ("Ufficio 1", "Ufficio 2", false),
            ("Ufficio", "Settore", false),
        ] {
            assert_eq!(are_one(&spelling(first), &spelling(second)), one, "{first} / {second}");
        }
    }
}
