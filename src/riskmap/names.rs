//! Names of offices and owners: as written, and as meant.

use std::collections::{BTreeMap, HashMap};

use crate::model::SpeltName;
use crate::text;

/// Different names beyond which none are compared with each other: no plan has so many offices.
const COMPARED: usize = 600;

/// Names as they are met.
#[derive(Default)]
pub(super) struct Names(BTreeMap<String, usize>);

impl Names {
    pub(super) fn add(&mut self, name: String) {
        if !name.is_empty() {
            *self.0.entry(name).or_default() += 1;
        }
    }

    /// Spellings of one name together: those alike but for case and signs, and those that differ by a slip.
    pub(super) fn grouped(self) -> Grouped {
        let mut spellings: Vec<(String, usize)> = self.0.into_iter().collect();
        spellings.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let compares = spellings.len() <= COMPARED;
        let mut groups: Vec<Vec<(String, usize)>> = Vec::new();
        let mut by_identity: HashMap<String, usize> = HashMap::new();
        for (name, count) in spellings {
            let identity = text::identity(&name);
            let near = |groups: &[Vec<(String, usize)>]| {
                let is_near = |g: &Vec<(String, usize)>| g.first().is_some_and(|(n, _)| text::near_duplicate(n, &name));
                groups.iter().position(is_near).filter(|_| compares)
            };
            let at = by_identity.get(&identity).copied().or_else(|| near(&groups)).unwrap_or(groups.len());
            if at == groups.len() {
                groups.push(Vec::new());
            }
            by_identity.insert(identity, at);
            if let Some(group) = groups.get_mut(at) {
                group.push((name, count));
            }
        }
        Grouped { groups, by_identity }
    }
}

/// Names by what is meant.
pub(super) struct Grouped {
    groups: Vec<Vec<(String, usize)>>,
    by_identity: HashMap<String, usize>,
}

impl Grouped {
    /// The spelling that is met most of the name that is meant; the name itself where it was never met.
    pub(super) fn meant(&self, name: &str) -> String {
        let group = self.by_identity.get(&text::identity(name)).and_then(|at| self.groups.get(*at));
        group.and_then(|g| g.first()).map_or_else(|| name.to_owned(), |(meant, _)| meant.clone())
    }

    pub(super) fn into_spelt(self, is_office: bool) -> Vec<SpeltName> {
        let mut all: Vec<SpeltName> = self
            .groups
            .into_iter()
            .filter_map(|spellings| Some(SpeltName { is_office, meant: spellings.first()?.0.clone(), spellings }))
            .collect();
        all.sort_by(|a, b| a.meant.cmp(&b.meant));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_are_together_under_the_most_frequent() {
        let mut names = Names::default();
        for name in ["Ufficio tecnico", "UFFICIO TECNICO", "Ufficio tecnico", "Ufficio tecnco", "Ragioneria", ""] {
            names.add(name.to_owned());
        }
        let grouped = names.grouped();
        assert_eq!(grouped.meant("ufficio tecnco"), "Ufficio tecnico");
        assert_eq!(grouped.meant("Anagrafe"), "Anagrafe");
        let spelt = grouped.into_spelt(true);
        assert_eq!(spelt.iter().map(|n| n.meant.as_str()).collect::<Vec<_>>(), ["Ragioneria", "Ufficio tecnico"]);
        assert_eq!(spelt[1].spellings.len(), 3);
    }
}
