//! Which rules of a book are to run.

use crate::model::{Error, ErrorKind};

use super::rule::Rule;
use super::source::unknown as unknown_name;

/// What to run and what not: codes, beginnings of codes, names or kinds.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Codes, code prefixes, names or kinds to run; empty for all.
    pub select: Vec<String>,
    /// The same, not to run.
    pub ignore: Vec<String>,
}

/// The rules that a selection leaves.
#[derive(Debug, Clone, Default)]
pub struct Selected(pub(super) Vec<usize>);

impl Selected {
    /// Indices in the book's rules, in their order.
    pub fn indices(&self) -> &[usize] {
        &self.0
    }
}

/// The rules that a selection leaves; an unknown name is a usage error.
pub(super) fn select(rules: &[Rule], selection: &Selection) -> Result<Selected, Error> {
    for name in selection.select.iter().chain(&selection.ignore) {
        if !rules.iter().any(|r| is_meant(r, name)) {
            return Err(unknown(rules, name));
        }
    }
    let wanted = |r: &Rule| selection.select.is_empty() || selection.select.iter().any(|n| is_meant(r, n));
    let ignored = |r: &Rule| selection.ignore.iter().any(|n| is_meant(r, n));
    let kept = rules.iter().enumerate().filter(|(_, r)| wanted(r) && !ignored(r));
    Ok(Selected(kept.map(|(i, _)| i).collect()))
}

/// Whether a name is a rule's: its code or the beginning of it, its name, its kind.
fn is_meant(rule: &Rule, name: &str) -> bool {
    let name = name.trim();
    let code = rule.info.code.to_ascii_lowercase();
    let prefix = name.to_ascii_lowercase();
    let named = [&*rule.info.name, &*rule.info.kind, rule.info.name.rsplit('/').next().unwrap_or_default()];
    (!prefix.is_empty() && code.starts_with(&prefix)) || named.contains(&name)
}

fn unknown(rules: &[Rule], name: &str) -> Error {
    let codes = rules.iter().map(|r| &*r.info.code);
    let names = rules.iter().flat_map(|r| [&*r.info.name, &*r.info.kind]);
    let said = unknown_name(("nessuna regola si chiama", "no rule is called"), name, codes.chain(names));
    Error::new(ErrorKind::Usage, said.it, said.en)
}
