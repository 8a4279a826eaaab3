//! What is in force for a document, and where each of it comes from.

use super::{FailOn, Settled};
use crate::model::{Lang, Origin, Setting, SettingValue};
use crate::pack::{Packs, Profile, Toml, TomlPath, TomlTable, declared_text};

/// What options and environment say, each with where.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// The profile.
    pub profile: Option<(String, Origin)>,
    /// The rules to evaluate.
    pub select: Vec<String>,
    /// The rules to leave out.
    pub ignore: Vec<String>,
    /// From which severity the run fails.
    pub fail_on: Option<(FailOn, Origin)>,
    /// The language, where option or environment choose one.
    pub lang: Option<(Lang, Origin)>,
}

impl Given {
    /// All that is in force: what is given, then what a file settles, its profile, and the rest as it is by default.
    pub fn in_force(&self, settled: Option<&Settled>, packs: &Packs) -> Vec<Setting> {
        let mut all = vec![self.profile(settled)];
        all.extend(self.selection(settled));
        all.push(self.fail_on(settled));
        all.push(self.lang(settled));
        let profile = all.first().and_then(|shown| packs.profiles.get(shown.value.text()?));
        let from_file = settled.map(Settled::leaves).unwrap_or_default();
        let from_profile = profile.map(|p| changes(p)).unwrap_or_default();
        let is_over = |shown: &Setting| from_file.iter().any(|other| other.key == shown.key);
        let is_selected = |shown: &Setting| {
            let selected = all.iter().find(|s| s.key == ["select"]).map(|s| &s.value);
            let Some(SettingValue::List(selected)) = selected else { return false };
            let names = |rule: &str| selected.iter().any(|name| name.text() == Some(rule));
            shown.key.first().is_some_and(|k| k == "off") && shown.key.get(1).is_some_and(|rule| names(rule))
        };
        let kept: Vec<Setting> = from_profile.into_iter().filter(|s| !is_over(s) && !is_selected(s)).collect();
        all.extend(kept);
        all.extend(from_file);
        all
    }

    fn profile(&self, settled: Option<&Settled>) -> Setting {
        let key = || vec!["profile".to_owned()];
        if let Some((name, origin)) = &self.profile {
            return shown(key(), &Toml::String(name.clone()), origin.clone());
        }
        let own = settled.and_then(|s| s.leaf(&["profile"]));
        own.unwrap_or_else(|| shown(key(), &Toml::String(String::new()), Origin::Default))
    }

    /// Whoever names rules on the command line wants these, whatever the file leaves out.
    fn selection(&self, settled: Option<&Settled>) -> Vec<Setting> {
        let list = |names: &[String]| Toml::Array(names.iter().cloned().map(Toml::String).collect());
        let one = |key: &str, own: &[String], option, file: bool| {
            if !own.is_empty() {
                return shown(vec![key.to_owned()], &list(own), Origin::Option(option));
            }
            let from_file = settled.filter(|_| file).and_then(|s| s.leaf(&[key]));
            from_file.unwrap_or_else(|| shown(vec![key.to_owned()], &list(&[]), Origin::Default))
        };
        let is_open = self.select.is_empty() && self.ignore.is_empty();
        vec![one("select", &self.select, "--select", true), one("ignore", &self.ignore, "--ignore", is_open)]
    }

    fn fail_on(&self, settled: Option<&Settled>) -> Setting {
        let key = || vec!["fail_on".to_owned()];
        if let Some((level, origin)) = &self.fail_on {
            return shown(key(), &Toml::String(level.name().to_owned()), origin.clone());
        }
        let own = settled.and_then(|s| s.leaf(&["fail_on"]));
        own.unwrap_or_else(|| shown(key(), &Toml::String(FailOn::Errore.name().to_owned()), Origin::Default))
    }

    fn lang(&self, settled: Option<&Settled>) -> Setting {
        let key = || vec!["lang".to_owned()];
        if let Some((lang, origin)) = &self.lang {
            return shown(key(), &Toml::String(lang.pick("it", "en").to_owned()), origin.clone());
        }
        let own = settled.and_then(|s| s.leaf(&["lang"]));
        own.unwrap_or_else(|| shown(key(), &Toml::String("it".to_owned()), Origin::Default))
    }
}

fn shown(key: TomlPath, value: &Toml, origin: Origin) -> Setting {
    Setting { key, value: plain(value), origin, why: None }
}

/// A value without its library.
fn plain(value: &Toml) -> SettingValue {
    match value {
        Toml::Boolean(flag) => SettingValue::Flag(*flag),
        Toml::Integer(_) | Toml::Float(_) => SettingValue::Number(value.to_string()),
        Toml::Array(items) => SettingValue::List(items.iter().map(plain).collect()),
        Toml::Table(table) => SettingValue::Table(table.iter().map(|(k, v)| (k.clone(), plain(v))).collect()),
        Toml::String(_) | Toml::Datetime(_) => SettingValue::Text(declared_text(value)),
    }
}

/// What a profile changes, rule by rule.
fn changes(profile: &Profile) -> Vec<Setting> {
    let mut all = Vec::new();
    for change in &profile.says.changes {
        for rule in &change.rules {
            let mut add = |names: &[&str], value: Toml| {
                let key = names.iter().map(ToString::to_string).collect();
                let origin = Origin::Profile(profile.name.clone());
                all.push(Setting { key, value: plain(&value), origin, why: Some(change.why.clone()) });
            };
            if change.off {
                add(&["off", rule], Toml::Boolean(true));
            }
            if let Some(severity) = change.severity {
                add(&["severity", rule], Toml::String(severity.name().to_owned()));
            }
            for (param, value) in &change.params {
                add(&["params", rule, param], value.clone());
            }
        }
    }
    all
}

/// The keys that stand apart from the others, since options may say them too.
const APART: [&str; 5] = ["profile", "select", "ignore", "fail_on", "lang"];

impl Settled {
    /// All keys with values of their own but those that options may say, in alphabetical order.
    fn leaves(&self) -> Vec<Setting> {
        let mut leaves = Vec::new();
        for (key, value) in self.table().iter().filter(|(key, _)| !APART.contains(&key.as_str())) {
            self.below(vec![key.clone()], value, &mut leaves);
        }
        leaves
    }

    fn below(&self, key: TomlPath, value: &Toml, leaves: &mut Vec<Setting>) {
        if let Toml::Table(table) = value {
            for (name, value) in table {
                let key = key.iter().chain([name]).cloned().collect();
                self.below(key, value, leaves);
            }
            return;
        }
        let origin = self.origin(&key);
        leaves.push(shown(key, value, origin));
    }

    fn leaf(&self, key: &[&str]) -> Option<Setting> {
        let (last, tables) = key.split_last()?;
        let inner = tables.iter().try_fold(self.table(), |table: &TomlTable, name| table.get(*name)?.as_table());
        let value = inner?.get(*last)?.clone();
        let key: TomlPath = key.iter().map(ToString::to_string).collect();
        let origin = self.origin(&key);
        Some(shown(key, &value, origin))
    }

    /// Where a key was written last: under the last of its `[[paths]]` that says it, else in the file itself.
    fn origin(&self, key: &[String]) -> Origin {
        let config = &self.config;
        let path = config.path().to_owned();
        for number in self.paths.iter().rev() {
            let section = ["paths".to_owned(), number.to_string()];
            let whole: TomlPath = section.iter().chain(key).cloned().collect();
            if config.places.has(&whole) {
                let matching = config.written.paths.get(*number).and_then(|p| p.matching.clone());
                return Origin::File { path, line: config.places.key(&whole).0, matching };
            }
        }
        Origin::File { path, line: config.places.key(key).0, matching: None }
    }
}
