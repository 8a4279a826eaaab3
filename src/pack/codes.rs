//! The codes and names of rules, without compiling any.

use super::data::{TomlTable, parse_toml};
use super::load::{Packs, RuleSource};

impl Packs {
    /// The code and name of every rule, sorted by code. A rule whose header does not tell its code is left out.
    pub fn rule_names(&self) -> Vec<(String, String)> {
        let of_all = self.packs.iter().flat_map(|pack| pack.rules.iter().map(move |rule| (pack, rule)));
        let known = of_all.filter_map(|(pack, rule)| Some((rule.code()?, format!("{}/{}", pack.name, rule.name))));
        let mut names: Vec<(String, String)> = known.collect();
        names.sort();
        names
    }
}

impl RuleSource {
    /// The code: it stands on a line of its own before the first table of the header.
    fn code(&self) -> Option<String> {
        let top = self.text.lines().take_while(|line| !line.starts_with('['));
        let line = top.into_iter().find(|line| line.split('=').next().is_some_and(|key| key.trim() == "code"))?;
        let table: TomlTable = parse_toml(&self.file, line, 0).ok()?;
        table.get("code")?.as_str().map(str::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_rule_tells_its_code() {
        let packs = Packs::embedded().unwrap();
        let names = packs.rule_names();
        assert_eq!(names.len(), packs.packs.iter().map(|p| p.rules.len()).sum::<usize>());
        assert!(names.contains(&("PT-A01".to_owned(), "ptpct/area-rischio-mancante".to_owned())), "{names:?}");
    }
}
