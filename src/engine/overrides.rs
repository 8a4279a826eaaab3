//! What a body changes in the rules without touching them: severities, parameters, and what it declares of itself.

use std::collections::BTreeMap;

use super::book::RuleBook;
use super::params::{ParamFault, param_fault};
use super::rule::Rule;
use super::select::meant;
use crate::model::{Bilingual, Lang, RuleFault, Severity};
use crate::pack::{Declared, Places, Profile, Toml};

/// All that a body changes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Overrides {
    /// Changes of rules, each over those before it.
    pub changes: Vec<Change>,
    /// What the body declares of itself.
    pub declared: Declared,
}

impl Overrides {
    /// Whether nothing is changed.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.declared.is_empty()
    }
}

/// Changes of rules that hold together: of two that concern one rule the one that names fewer rules holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Change {
    /// Severities, by codes, beginnings of codes, names or kinds. All findings of the rule have it.
    pub severities: BTreeMap<String, Severity>,
    /// Values of parameters, in the same way.
    pub params: BTreeMap<String, BTreeMap<String, Toml>>,
}

impl From<&Profile> for Change {
    fn from(profile: &Profile) -> Self {
        let mut change = Self::default();
        for said in &profile.says.changes {
            for rule in &said.rules {
                change.severities.extend(said.severity.map(|severity| (rule.clone(), severity)));
                if !said.params.is_empty() {
                    change.params.entry(rule.clone()).or_default().extend(said.params.clone());
                }
            }
        }
        change
    }
}

/// The rules that a profile leaves out.
pub fn left_out(profile: &Profile) -> Vec<String> {
    profile.says.changes.iter().filter(|c| c.off).flat_map(|c| c.rules.clone()).collect()
}

/// What a profile says of rules that there are not, of parameters that they lack, or of nothing at all.
pub fn profile_faults(profile: &Profile, book: &RuleBook) -> Vec<RuleFault> {
    let places = Places::of(&profile.text);
    let path = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    let mut faults = Vec::new();
    let mut fault = |(line, column), message| {
        faults.push(RuleFault { file: profile.file.clone(), line, column, message });
    };
    for (number, change) in profile.says.changes.iter().enumerate() {
        let number = number.to_string();
        if !change.off && change.severity.is_none() && change.params.is_empty() {
            let it = "la modifica non cambia nulla: attesa una fra «off», «severity» e «params»";
            let en = "the change changes nothing: one of “off”, “severity” and “params” is expected";
            fault(places.value_at(&path(&["change", &number])), Bilingual::new(it, en));
        }
        for (at, name) in change.rules.iter().enumerate() {
            let at = path(&["change", &number, "rules", &at.to_string()]);
            match book.find(name) {
                Err(error) => {
                    let message = |lang| error.message(lang).to_owned();
                    fault(places.value_at(&at), Bilingual::new(message(Lang::It), message(Lang::En)));
                }
                Ok(rules) => {
                    for (param, value) in &change.params {
                        let at = path(&["change", &number, "params", param]);
                        match param_fault(&rules, param, value) {
                            Some(ParamFault::Name(message)) => fault(places.key(&at), message),
                            Some(ParamFault::Value(message)) => fault(places.value_at(&at), message),
                            None => {}
                        }
                    }
                }
            }
        }
    }
    faults
}

impl Change {
    pub(super) fn apply(&self, rules: &mut [Rule]) {
        for (indices, severity) in narrowing(rules, &self.severities) {
            for index in indices {
                if let Some(rule) = rules.get_mut(index) {
                    rule.set_severity(*severity);
                }
            }
        }
        for (indices, params) in narrowing(rules, &self.params) {
            for index in indices {
                let Some(rule) = rules.get_mut(index) else { continue };
                for (name, value) in params {
                    rule.set_param(name, value);
                }
            }
        }
    }
}

/// What is said of rules, from what is said of most to what is said of one.
fn narrowing<'c, T>(rules: &[Rule], said: &'c BTreeMap<String, T>) -> Vec<(Vec<usize>, &'c T)> {
    let mut all: Vec<(Vec<usize>, &T)> =
        said.iter().filter_map(|(name, what)| Some((meant(rules, name).ok()?, what))).collect();
    all.sort_by_key(|(indices, _)| std::cmp::Reverse(indices.len()));
    all
}

impl Rule {
    /// Gives all findings of the rule one severity.
    fn set_severity(&mut self, severity: Severity) {
        self.info.severity = severity;
        self.severity_when.clear();
        for case in &mut self.cases {
            case.severity = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::Packs;

    #[test]
    fn shipped_profiles_name_rules_and_parameters_that_there_are() {
        let packs = Packs::embedded().unwrap();
        let book = RuleBook::to_run(&packs, None).unwrap();
        let names: Vec<&str> = packs.profiles.keys().map(AsRef::as_ref).collect();
        assert_eq!(names, ["camere-di-commercio", "completo", "ministeri", "piccoli-comuni", "universita"]);
        for profile in packs.profiles.values() {
            let faults = profile_faults(profile, &book);
            assert!(faults.is_empty(), "{faults:?}");
            for change in &profile.says.changes {
                assert!(!change.rules.is_empty() && !change.why.it.is_empty() && !change.why.en.is_empty());
            }
        }
    }

    #[test]
    fn of_two_changes_the_one_that_names_fewer_rules_holds() {
        let packs = Packs::embedded().unwrap();
        let mut book = RuleBook::to_run(&packs, None).unwrap();
        let severities = [("ptpct", Severity::Errore), ("PT-A", Severity::Avviso), ("PT-A02", Severity::Osservazione)];
        let severities = severities.into_iter().map(|(name, severity)| (name.to_owned(), severity)).collect();
        let changes = vec![Change { severities, ..Change::default() }];
        book.configure(&Overrides { changes, ..Overrides::default() });
        let of = |code: &str| book.find(code).unwrap()[0].info().severity;
        assert_eq!(
            [of("PT-N02"), of("PT-A01"), of("PT-A02")],
            [Severity::Errore, Severity::Avviso, Severity::Osservazione]
        );
    }
}
