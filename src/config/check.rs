//! Names in the file that packs and rules do not have.

use std::collections::BTreeMap;

use super::keys::{Scale, Written};
use super::{Config, under};
use crate::engine::{ParamFault, RuleBook, param_fault};
use crate::model::{Bilingual, Error, Lang, RuleFault};
use crate::pack::{Catalogue, Packs};
use crate::text;

/// The lists that a body may give whatever the packs: some are for documents that have no rules yet.
const LISTS: [&str; 5] = ["uffici", "ruoli", "tipi_documento", "sedi", "aree_di_rischio"];

/// A heading that names nothing.
const NO_TEXT: (&str, &str) =
    ("intestazione senza testo: scriverla come sta nella tabella", "a heading without text: write it as in the table");

impl Config {
    /// Whether it names rules anywhere: they are looked up among all there are.
    pub fn names_rules(&self) -> bool {
        self.sections().any(|(_, w)| {
            !w.severity.is_empty()
                || !w.params.is_empty()
                || w.select.as_ref().is_some_and(|s| !s.is_empty())
                || w.ignore.as_ref().is_some_and(|s| !s.is_empty())
        })
    }

    /// An error if it names what the packs have not: kinds, columns, lists, profiles, scales.
    pub fn check_packs(&self, packs: &Packs) -> Result<(), Error> {
        let mut faults = Vec::new();
        for (section, written) in self.sections() {
            self.headings(&section, written, packs, &mut faults);
            for name in written.catalogues.keys() {
                let known: Vec<&str> = LISTS.into_iter().chain(packs.givable()).collect();
                if !known.contains(&name.as_str()) {
                    let message = unknown(name, ("elenco", "list"), &LISTS);
                    faults.push(self.at_key(&under(&section, &["catalogues", name]), message));
                }
            }
            if let Some(name) = written.profile.as_deref().filter(|name| !packs.profiles.contains_key(*name)) {
                faults.push(self.at_value(&under(&section, &["profile"]), unknown_profile(packs, name)));
            }
            if let Some(Scale::Name(name)) = &written.method.scale {
                let known = named_lists(packs, "method.scale");
                if !known.contains(&name.as_str()) {
                    let message = unknown(name, ("scala", "scale"), &known);
                    faults.push(self.at_value(&under(&section, &["method", "scale"]), message));
                }
            }
        }
        told(faults)
    }

    /// An error if it names rules or parameters that there are not. The book holds all rules.
    pub fn check_rules(&self, book: &RuleBook) -> Result<(), Error> {
        let mut faults = Vec::new();
        for (section, written) in self.sections() {
            for (key, names) in [("select", &written.select), ("ignore", &written.ignore)] {
                for (number, name) in names.iter().flatten().enumerate() {
                    let path = under(&section, &[key, &number.to_string()]);
                    faults.extend(no_rule(book, name).map(|message| self.at_value(&path, message)));
                }
            }
            for name in written.severity.keys() {
                let path = under(&section, &["severity", name]);
                faults.extend(no_rule(book, name).map(|message| self.at_key(&path, message)));
            }
            for (name, params) in &written.params {
                let Ok(rules) = book.find(name) else {
                    let path = under(&section, &["params", name]);
                    faults.extend(no_rule(book, name).map(|message| self.at_key(&path, message)));
                    continue;
                };
                for (param, value) in params {
                    let path = under(&section, &["params", name, param]);
                    match param_fault(&rules, param, value) {
                        Some(ParamFault::Name(message)) => faults.push(self.at_key(&path, message)),
                        Some(ParamFault::Value(message)) => faults.push(self.at_value(&path, message)),
                        None => {}
                    }
                }
            }
        }
        told(faults)
    }

    fn headings(&self, section: &[String], written: &Written, packs: &Packs, faults: &mut Vec<RuleFault>) {
        for (kind, fields) in &written.headings {
            let at = under(section, &["headings", kind]);
            if packs.get(kind).is_none() {
                let kinds: Vec<&str> = packs.packs.iter().map(|p| &*p.schedule.kind).collect();
                faults.push(self.at_key(&at, unknown(kind, ("tipo di scheda", "kind of schedule"), &kinds)));
                continue;
            }
            self.clashes(&at, fields, faults);
            for (field, headings) in fields {
                let columns = packs.columns(kind);
                if !columns.iter().any(|name| **name == *field.as_str()) {
                    let columns: Vec<&str> = columns.iter().map(AsRef::as_ref).collect();
                    faults.push(self.at_key(&under(&at, &[field]), unknown(field, ("colonna", "column"), &columns)));
                    continue;
                }
                for (number, _) in headings.iter().enumerate().filter(|(_, h)| text::words(h).is_empty()) {
                    let path = under(&at, &[field, &number.to_string()]);
                    faults.push(self.at_value(&path, Bilingual::new(NO_TEXT.0, NO_TEXT.1)));
                }
            }
        }
    }

    /// Headings that two fields of a kind claim: which of them a column would be is nobody's to guess.
    fn clashes(&self, at: &[String], fields: &BTreeMap<String, Vec<String>>, faults: &mut Vec<RuleFault>) {
        let mut all = Vec::new();
        for (field, own) in fields {
            let placed = own.iter().enumerate().map(|(number, heading)| {
                let path = under(at, &[field, &number.to_string()]);
                (self.places.value_at(&path), heading, field)
            });
            // Those that name nothing are told as such.
            all.extend(placed.filter(|(_, heading, _)| !text::words(heading).is_empty()));
        }
        all.sort();
        let mut owners = BTreeMap::new();
        for (place, heading, field) in all {
            let first: &String = owners.entry(text::words(heading)).or_insert(field);
            if first != field {
                let it = format!(
                    "l'intestazione «{heading}» è scritta per due campi, «{first}» e «{field}»: toglierla da uno dei due"
                );
                let en = format!(
                    "the heading “{heading}” is written for two fields, “{first}” and “{field}”: take it from one of them"
                );
                faults.push(self.fault(place, Bilingual::new(it, en)));
            }
        }
    }
}

fn told(mut faults: Vec<RuleFault>) -> Result<(), Error> {
    faults.sort_by_key(|f| (f.line, f.column));
    if faults.is_empty() { Ok(()) } else { Err(Error::config(faults)) }
}

fn no_rule(book: &RuleBook, name: &str) -> Option<Bilingual> {
    let error = book.find(name).err()?;
    Some(Bilingual::new(error.message(Lang::It), error.message(Lang::En)))
}

/// That there is no profile of a name.
pub fn unknown_profile(packs: &Packs, name: &str) -> Bilingual {
    let known: Vec<&str> = packs.profiles.keys().map(AsRef::as_ref).collect();
    unknown(name, ("profilo", "profile"), &known)
}

/// The names of the lists that a key may name instead of giving one.
fn named_lists<'p>(packs: &'p Packs, key: &str) -> Vec<&'p str> {
    let mut names: Vec<&str> = Vec::new();
    for catalogue in packs.packs.iter().flat_map(|p| p.catalogues.values()) {
        let spec = Catalogue::spec(catalogue).filter(|spec| spec.named_by.as_deref() == Some(key));
        let attribute = spec.and_then(|spec| spec.joined.as_ref());
        let all = attribute.into_iter().flat_map(|name| catalogue.entries.iter().flat_map(move |e| e.all(name)));
        names.extend(all.map(AsRef::<str>::as_ref));
    }
    names.sort_unstable();
    names.dedup();
    names
}

fn unknown(written: &str, what: (&str, &str), known: &[&str]) -> Bilingual {
    let it = format!("{} «{written}» non c'è", what.0);
    let en = format!("there is no {} “{written}”", what.1);
    if let Some(near) = text::closest(written, known.iter().copied()) {
        return Bilingual::new(format!("{it}; forse «{near}»"), format!("{en}; did you mean “{near}”?"));
    }
    let all = known.join(", ");
    Bilingual::new(format!("{it}: ci sono {all}"), format!("{en}: there are {all}"))
}
