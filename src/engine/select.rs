//! Which rules of a book are to run.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::model::{Error, ErrorKind};

use super::book::RuleBook;
use super::rule::Rule;
use super::source::unknown as unknown_name;

/// What to run and what not: codes, beginnings of codes, names or kinds.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Codes, code prefixes, names or kinds to run; empty for all.
    pub select: Vec<String>,
    /// The same, not to run.
    pub ignore: Vec<String>,
    /// The same, not to run unless one of them is selected by its code or name: those that a profile leaves out. A name
    /// that no rule of the book has is passed over.
    pub off: Vec<String>,
}

impl Selection {
    /// Whether it names rules.
    pub fn is_empty(&self) -> bool {
        self.select.is_empty() && self.ignore.is_empty() && self.off.is_empty()
    }
}

/// The rules that a selection leaves.
#[derive(Debug, Clone, Default)]
pub struct Selected(pub(super) Vec<usize>);

impl Selected {
    /// Indices in the book's rules, in their order.
    pub fn indices(&self) -> &[usize] {
        &self.0
    }

    /// Those of a book that need something that the body declares.
    #[must_use]
    pub fn needing(&self, book: &RuleBook, key: &str) -> Self {
        self.filtered(book, |rule| rule.needs_declared(key))
    }

    /// Those of a book that have none of these codes.
    #[must_use]
    pub fn without(&self, book: &RuleBook, codes: &[&str]) -> Self {
        self.filtered(book, |rule| !codes.contains(&&*rule.info.code))
    }

    fn filtered(&self, book: &RuleBook, is_wanted: impl Fn(&Rule) -> bool) -> Self {
        let wanted = |i: &&usize| book.rules().get(**i).is_some_and(&is_wanted);
        Self(self.0.iter().filter(wanted).copied().collect())
    }
}

/// The rules that a selection leaves; an unknown name is a usage error.
pub(super) fn select(rules: &[Rule], selection: &Selection) -> Result<Selected, Error> {
    let select = meant_by_any(rules, &selection.select)?;
    let ignore = meant_by_any(rules, &selection.ignore)?;
    let off: BTreeSet<usize> = selection.off.iter().filter_map(|name| meant(rules, name).ok()).flatten().collect();
    let named: BTreeSet<usize> = selection.select.iter().flat_map(|name| bearing(rules, &asked(name))).collect();
    let is_off = |i: &usize| ignore.contains(i) || off.contains(i) && !named.contains(i);
    let wanted = |i: &usize| (selection.select.is_empty() || select.contains(i)) && !is_off(i);
    Ok(Selected((0..rules.len()).filter(wanted).collect()))
}

fn meant_by_any(rules: &[Rule], names: &[String]) -> Result<BTreeSet<usize>, Error> {
    let mut all = BTreeSet::new();
    for name in names {
        all.extend(meant(rules, name)?);
    }
    Ok(all)
}

/// The rules that a name means: that of the code or name; else those whose code begins so or of that kind.
/// Capitals do not matter. A name that means none is a usage error.
pub(super) fn meant(rules: &[Rule], name: &str) -> Result<Vec<usize>, Error> {
    let asked = asked(name);
    let own = bearing(rules, &asked);
    if !own.is_empty() {
        return Ok(own);
    }
    let begins = |r: &Rule| r.info.code.to_lowercase().starts_with(&asked) || r.info.kind.to_lowercase() == asked;
    let family = of(rules, |r| !asked.is_empty() && begins(r));
    if family.is_empty() { Err(unknown(rules, name)) } else { Ok(family) }
}

fn asked(name: &str) -> String {
    name.trim().to_lowercase()
}

/// The rules of that code or name.
fn bearing(rules: &[Rule], asked: &str) -> Vec<usize> {
    let is = |text: &str| text.to_lowercase() == asked;
    of(rules, |r| is(&r.info.code) || is(&r.info.name) || r.info.name.rsplit('/').next().is_some_and(is))
}

fn of(rules: &[Rule], fits: impl Fn(&Rule) -> bool) -> Vec<usize> {
    rules.iter().enumerate().filter(|(_, r)| fits(r)).map(|(i, _)| i).collect()
}

fn unknown(rules: &[Rule], name: &str) -> Error {
    let codes = rules.iter().map(|r| &*r.info.code);
    let short = |r: &'_ Rule| r.info.name.rsplit_once('/').map(|(_, short)| short.to_owned());
    let short: Vec<String> = rules.iter().filter_map(short).collect();
    let names = rules.iter().flat_map(|r| [&*r.info.name, &*r.info.kind]).chain(short.iter().map(String::as_str));
    let mut said = unknown_name(("nessuna regola si chiama", "no rule is called"), name, codes.chain(names));
    let families: BTreeSet<&str> = rules.iter().filter_map(|r| r.info.code.split('-').next()).collect();
    if !families.is_empty() && !said.it.contains(';') {
        let families = families.into_iter().collect::<Vec<_>>().join(", ");
        let _ = write!(said.it, "; i codici cominciano con {families}, e «riscontro rules» li elenca");
        let _ = write!(said.en, "; codes begin with {families}, and “riscontro rules” lists them");
    }
    Error::new(ErrorKind::Usage, said.it, said.en)
}
