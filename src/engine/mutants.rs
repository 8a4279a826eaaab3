//! Whether the examples of a rule would notice a mistake in it: every small change of its conditions is tried on them.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::book::RuleBook;
use super::check::Expression;
use super::compile::compile;
use super::env::Env;
use super::examples::notices;
use super::header::Reading;
use super::rule::Rule;
use super::script::Script;
use crate::model::Error;
use crate::pack::Packs;

/// The function that asks whether a table has a column.
const ASKS: &str = "has_column";

/// A change of a rule that none of its examples notices, or one that its file says makes no difference and that there is
/// not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survivor {
    /// Code of the rule.
    pub rule: Arc<str>,
    /// Its file, a path with `/`.
    pub file: String,
    /// The change, in words of the rule language: `condition: present(a) && present(b) -> present(a)`.
    pub change: String,
    /// The file of the rule says that the change makes no difference, but some example notices it, or there is no such.
    pub is_stale: bool,
}

/// What came of the changes of all rules.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MutationRun {
    /// Rules whose conditions were changed.
    pub rules: usize,
    /// Changes made, those that make no difference left out.
    pub mutants: usize,
    /// Changes that some example noticed.
    pub killed: usize,
    /// Changes that make no difference, as the rules themselves say with the reason.
    pub equivalent: usize,
    /// Changes that no example noticed.
    pub survivors: Vec<Survivor>,
}

impl MutationRun {
    /// How many of the changes were noticed, in whole points of a hundred; 100 only if all were.
    pub fn score(&self) -> usize {
        (self.killed * 100).checked_div(self.mutants).unwrap_or(100)
    }

    fn count(&mut self, rule: &Rule, change: String, is_noticed: bool, excused: &mut BTreeSet<Arc<str>>) {
        let is_excused = !is_noticed && excused.remove(change.as_str());
        if is_excused {
            self.equivalent += 1;
            return;
        }
        self.mutants += 1;
        if is_noticed {
            self.killed += 1;
        } else {
            self.survivors.push(survivor(rule, change, false));
        }
    }
}

fn survivor(rule: &Rule, change: String, is_stale: bool) -> Survivor {
    Survivor { rule: rule.info.code.clone(), file: rule.source.file.to_string(), change, is_stale }
}

/// Tries every change of the rules that are `wanted` on their examples, which must hold as they stand.
pub fn mutate(packs: &Packs, wanted: impl Fn(&Rule) -> bool) -> Result<MutationRun, Error> {
    let mut book = RuleBook::compile(packs, None)?;
    let indices: Vec<usize> = book.rules().iter().enumerate().filter(|(_, r)| wanted(r)).map(|(i, _)| i).collect();
    let script = Script::new();
    let mut run = MutationRun { rules: indices.len(), ..MutationRun::default() };
    for index in indices {
        let again = |book: &RuleBook| book.rules().get(index).and_then(|rule| compiled(&script, packs, rule));
        let Some(own) = again(&book) else { continue };
        let mut excused: BTreeSet<Arc<str>> = own.equivalent.iter().cloned().collect();
        for nth in 0.. {
            let Some(mut mutant) = again(&book) else { break };
            let Some(change) = mutant.change(nth) else { break };
            let kept = book.replace(index, mutant);
            let is_noticed = notices(&mut book, index);
            run.count(&own, change, is_noticed, &mut excused);
            if let Some(rule) = kept {
                book.replace(index, rule);
            }
        }
        for name in catalogues(&own) {
            let kept = book.replace_env(Env::new(without(packs, &name)));
            let is_noticed = notices(&mut book, index);
            run.count(&own, format!("catalogue {name}: emptied"), is_noticed, &mut excused);
            book.restore_env(kept);
        }
        run.survivors.extend(excused.iter().map(|change| survivor(&own, change.to_string(), true)));
    }
    Ok(run)
}

/// The rule as its file has it.
fn compiled(script: &Script, packs: &Packs, rule: &Rule) -> Option<Rule> {
    let of = |pack: &&Arc<crate::pack::Pack>| pack.schedule.kind == rule.info.kind;
    let pack = packs.packs.iter().find(of)?;
    let source = pack.rules.iter().find(|source| *source.file == *rule.source.file)?;
    compile(script, packs, pack, (source, Reading::Whole)).ok()
}

/// The catalogues that the conditions of a rule name.
fn catalogues(rule: &Rule) -> Vec<String> {
    let texts: BTreeSet<Arc<str>> = rule.literals().into_iter().map(|(_, text)| text).collect();
    texts.iter().filter(|name| rule.pack.catalogues.contains_key(&***name)).map(ToString::to_string).collect()
}

/// The packs with nothing in the catalogues of a name.
fn without(packs: &Packs, name: &str) -> Packs {
    let mut packs = packs.clone();
    for pack in &mut packs.packs {
        if let Some(catalogue) = Arc::make_mut(pack).catalogues.get_mut(name) {
            *catalogue = catalogue.emptied();
        }
    }
    packs
}

impl Rule {
    /// The conditions that say when the rule applies and holds, and what they are made of.
    fn conditions(&self) -> impl Iterator<Item = &Expression> {
        self.when.iter().chain([&self.body]).chain(self.named.iter().map(|(_, expression)| expression))
    }

    fn literals(&self) -> Vec<(String, Arc<str>)> {
        let mut texts = Vec::new();
        self.conditions().for_each(|expression| expression.plan.literals("", &mut texts));
        texts
    }

    /// Makes the `nth` change of its conditions, counted from 0, and names it.
    fn change(&mut self, nth: usize) -> Option<String> {
        let change = self.changed(nth)?;
        // A column that nobody asks for any longer is needed.
        let asked: BTreeSet<Arc<str>> =
            self.literals().into_iter().filter(|(function, _)| function == ASKS).map(|(_, text)| text).collect();
        let Self { when, body, named, .. } = self;
        for expression in when.iter_mut().chain([body]).chain(named.iter_mut().map(|(_, e)| e)) {
            expression.reads.asked.retain(|field| asked.contains(field));
        }
        Some(change)
    }

    fn changed(&mut self, nth: usize) -> Option<String> {
        let Self { when, body, named, names, .. } = self;
        let mut left = nth;
        if left == 0 {
            body.plan.negate();
            return Some("condition: negated".to_owned());
        }
        left -= 1;
        if when.is_some() {
            if left == 0 {
                *when = None;
                return Some("when: dropped".to_owned());
            }
            left -= 1;
        }
        let parts = [("when".to_owned(), when.as_mut()), ("condition".to_owned(), Some(body))];
        let named = named.iter_mut().map(|(name, expression)| (format!("let {name}"), Some(expression)));
        for (place, expression) in parts.into_iter().chain(named) {
            if let Some((before, after)) = expression.and_then(|e| e.plan.change(&mut left, names)) {
                return Some(format!("{place}: {before} -> {after}"));
            }
        }
        None
    }
}
