//! The rules of some packs, ready to run on documents.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;

use super::before::{Before, Previous};
use super::compile::compile;
use super::env::Env;
use super::evaluate::Runner;
use super::header::Reading;
use super::joined::Joined;
use super::outcome::{merged, outcome};
use super::overrides::Overrides;
use super::place::Places;
use super::rule::{ParamInfo, Rule};
use super::script::Script;
use super::select::{Selected, Selection, meant, select};
use super::several::name_units;
use super::source;
use super::supersede::settle;
use super::view::View;
use super::vocabulary::{known_year, year_of};
use crate::allegato2;
use crate::indicators;
use crate::model::{Allegato2, Bilingual, Document, Error, Lang, Level, Outcome, RuleFault};
use crate::pack::{Declared, Packs};

/// What findings depend on beside document and rules.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'d> {
    /// The language of messages.
    pub lang: Lang,
    /// The date of the run, if one was given: its year stands in for one the document does not tell.
    pub as_of: Option<Date>,
    /// The most findings of a rule, of each severity, that are told one by one, if there is a bound; those beyond are counted.
    pub most: Option<usize>,
    /// The document of the year or version before, for the rules that compare with it.
    pub previous: Option<Previous<'d>>,
    /// What tells the time that rules take, if it is to be told: the library itself reads no clock.
    pub stopwatch: Option<Stopwatch>,
}

/// The time passed since whenever.
pub type Stopwatch = fn() -> Duration;

/// The rules of some packs, checked and ready to run. Not to be shared between threads.
#[derive(Debug, Default)]
pub struct RuleBook {
    rules: Vec<Rule>,
    env: Rc<Env>,
}

impl RuleBook {
    /// Compiles the rules of the packs of `kinds` (all if `None`), each checked; all faults in one error.
    pub fn compile(packs: &Packs, kinds: Option<&[Arc<str>]>) -> Result<Self, Error> {
        Self::read(packs, kinds, Reading::Whole)
    }

    /// The same, only to be evaluated: the rules that the program came with are without their examples.
    pub fn to_run(packs: &Packs, kinds: Option<&[Arc<str>]>) -> Result<Self, Error> {
        Self::read(packs, kinds, Reading::ToRun)
    }

    fn read(packs: &Packs, kinds: Option<&[Arc<str>]>, reading: Reading) -> Result<Self, Error> {
        let script = Script::new();
        let mut rules = Vec::new();
        let mut faults = Vec::new();
        for pack in &packs.packs {
            if kinds.is_some_and(|k| !k.contains(&pack.schedule.kind)) {
                continue;
            }
            for source in &pack.rules {
                match compile(&script, packs, pack, (source, reading)) {
                    Ok(rule) => rules.push(rule),
                    Err(found) => faults.extend(found),
                }
            }
        }
        faults.extend(duplicates(&rules));
        faults.extend(unknown_codes(&rules));
        faults.extend(rings(&rules));
        if !faults.is_empty() {
            return Err(Error::rules(faults));
        }
        rules.sort_by(|a, b| a.info.code.cmp(&b.info.code));
        Ok(Self { rules, env: Rc::new(Env::new(packs.clone())) })
    }

    /// The rules, sorted by code.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rules that a selection leaves; a name that no rule has is a usage error.
    pub fn select(&self, selection: &Selection) -> Result<Selected, Error> {
        select(&self.rules, selection)
    }

    /// The outcome of every selected rule whose kind is among the document's tables, sorted by code.
    pub fn evaluate(&self, document: &Document, selected: &Selected, context: &Context<'_>) -> Vec<Outcome> {
        self.evaluate_unless(document, selected, context, &|| false).unwrap_or_default()
    }

    /// The same, asking before each rule whether to stop: nothing then, since some rules speak for others.
    pub fn evaluate_unless(
        &self,
        document: &Document,
        selected: &Selected,
        context: &Context<'_>,
        is_stopped: &dyn Fn() -> bool,
    ) -> Option<Vec<Outcome>> {
        let is_there = |r: &Rule| document.tables.iter().any(|t| t.path.is_none() && t.kind == r.info.kind);
        let rules: Vec<&Rule> = selected.0.iter().filter_map(|i| self.rules.get(*i)).filter(|r| is_there(r)).collect();
        let packs = &self.env.packs;
        let used = used(&rules);
        let mut view = View::new(document, packs, used.as_ref());
        view.year = view.year.or_else(|| self.env.declared_year(document));
        let places = Places::new(document, packs, context.lang).after(context.previous);
        view.before = context.previous.zip(places.before()).map(|(previous, before)| {
            Box::new(Before::new((document, &places), (previous.document, before), packs, used.as_ref()))
        });
        view.counted = counted(document, packs, context.lang);
        if used.as_ref().is_none_or(|used| indicators::FIELDS.iter().all(|field| used.contains(*field))) {
            self.env.assess(document, view.year.as_ref().and_then(year_of));
        }
        let view = Rc::new(view);
        self.env.open(view.clone(), context.as_of);
        let joined = Joined::new(document, packs);
        let (lang, most) = (context.lang, context.most);
        let groups = RefCell::default();
        let runner = Runner { env: &self.env, document, view, places, joined, lang, most, groups };
        let mut tallies = Vec::new();
        let mut found = Vec::new();
        let mut times = Vec::new();
        for rule in &rules {
            if is_stopped() {
                self.env.close();
                return None;
            }
            let start = context.stopwatch.map(|passed| passed());
            let mut tally = runner.run(rule);
            found.push(if tally.error.is_some() {
                Vec::new()
            } else {
                merged(std::mem::take(&mut tally.drafts), document)
            });
            tallies.push(tally);
            times.push(context.stopwatch.zip(start).map(|(passed, start)| passed().saturating_sub(start)));
        }
        let year = known_year(&self.env).ok();
        self.env.close();
        // What was seen of the document makes room for the findings.
        let Runner { places, view, groups, .. } = runner;
        drop((view, groups));
        let counts: Vec<usize> = found.iter().map(Vec::len).collect();
        let mut settled = settle(&rules, found);
        for drafts in &mut settled {
            name_units(drafts, &places, lang);
        }
        let all = rules.iter().zip(&tallies).zip(settled).zip(counts);
        let outcomes = all.map(|(((rule, tally), kept), n)| outcome(rule, document, tally, kept, n, (lang, year)));
        Some(outcomes.zip(times).map(|(outcome, time)| outcome.timed(time)).collect())
    }

    /// The rules that a code, the beginning of one, a name or a kind means; a usage error if none.
    pub fn find(&self, name: &str) -> Result<Vec<&Rule>, Error> {
        Ok(meant(&self.rules, name)?.into_iter().filter_map(|i| self.rules.get(i)).collect())
    }

    /// Puts another rule in the place of one, and gives that one.
    pub(super) fn replace(&mut self, index: usize, rule: Rule) -> Option<Rule> {
        self.rules.get_mut(index).map(|own| std::mem::replace(own, rule))
    }

    /// Lets the rules see other packs, and gives what they saw.
    pub(super) fn replace_env(&mut self, env: Env) -> Rc<Env> {
        std::mem::replace(&mut self.env, Rc::new(env))
    }

    /// Lets the rules see again what they saw.
    pub(super) fn restore_env(&mut self, env: Rc<Env>) {
        self.env = env;
    }

    /// All packs, those without rules of this book included.
    pub(super) fn packs(&self) -> &Packs {
        &self.env.packs
    }

    /// Gives a rule's parameters back their values.
    pub(super) fn restore_params(&mut self, rule: usize, params: Vec<ParamInfo>) {
        let Some(rule) = self.rules.get_mut(rule) else { return };
        for param in params {
            if let Some(slot) = rule.params.iter_mut().find(|p| p.name == param.name) {
                *slot = param;
            }
        }
    }

    /// The value of a rule's parameter from now on; `false` if the rule has no such parameter of that type.
    pub(super) fn set_param(&mut self, rule: usize, name: &str, value: &crate::pack::Toml) -> bool {
        self.rules.get_mut(rule).is_some_and(|rule| rule.set_param(name, value))
    }

    /// Gives one rule what a body declares, and gives its parameters as they were.
    pub(super) fn declare(&mut self, rule: usize, declared: &Declared) -> Vec<ParamInfo> {
        let Some(rule) = self.rules.get_mut(rule) else { return Vec::new() };
        let before = rule.params.clone();
        rule.declare(declared);
        before
    }

    /// Changes the rules as profile, configuration and declarations say. Names that no rule of the book has are passed
    /// over: it may hold only some kinds.
    pub fn configure(&mut self, overrides: &Overrides) {
        for rule in &mut self.rules {
            rule.declare(&overrides.declared);
        }
        for change in &overrides.changes {
            change.apply(&mut self.rules);
        }
        if !overrides.declared.is_empty() {
            self.env = Rc::new(Env::new(self.env.packs.clone()).declaring(overrides.declared.clone()));
        }
    }
}

/// The fields that some rules need; `None` if one of them looks at all.
fn used(rules: &[&Rule]) -> Option<BTreeSet<Arc<str>>> {
    let mut used = BTreeSet::new();
    for rule in rules {
        used.extend(rule.used()?);
    }
    Some(used)
}

/// The figures of an Allegato 2 counted from the registers beside it; none where one of the two is not there.
fn counted(document: &Document, packs: &Packs, lang: Lang) -> Option<Allegato2> {
    let levels = Level::COUNTED.map(Level::variant);
    let has_form = document.tables.iter().any(|t| t.variant.as_deref().is_some_and(|v| levels.contains(&v)));
    let sources = [("", document)];
    (has_form && allegato2::is_register(document))
        .then(|| allegato2::compute(&sources, &allegato2::Choices::default(), packs, lang))
}

/// Codes and names used by more than one rule.
fn duplicates(rules: &[Rule]) -> Vec<RuleFault> {
    let mut codes: BTreeMap<&str, &Rule> = BTreeMap::new();
    let mut names: BTreeMap<&str, &Rule> = BTreeMap::new();
    let mut faults = Vec::new();
    for rule in rules {
        let (code, name) = (&*rule.info.code, &*rule.info.name);
        match codes.get(code) {
            None => drop(codes.insert(code, rule)),
            Some(other) => faults.push(fault(
                rule,
                format!("il codice «{code}» è già della regola {}", other.info.name),
                format!("the code “{code}” is that of the rule {} already", other.info.name),
            )),
        }
        match names.get(name) {
            None => drop(names.insert(name, rule)),
            Some(other) => faults.push(fault(
                rule,
                format!("il nome «{name}» è già della regola {}", other.info.code),
                format!("the name “{name}” is that of the rule {} already", other.info.code),
            )),
        }
    }
    faults
}

/// Rules that give way to a rule that there is not. Packs may run without each other: a code is judged where others of
/// its family are in force.
fn unknown_codes(rules: &[Rule]) -> Vec<RuleFault> {
    let codes: BTreeSet<&str> = rules.iter().map(|r| &*r.info.code).collect();
    let families: BTreeSet<&str> = codes.iter().map(|code| family(code)).collect();
    let named = rules.iter().flat_map(|r| r.superseded_by.iter().map(move |code| (r, &**code)));
    let unknown = named.filter(|(_, code)| !codes.contains(code) && families.contains(family(code)));
    unknown
        .map(|(rule, code)| {
            let what = ("superseded_by: regola sconosciuta", "superseded_by: unknown rule");
            let told = source::unknown(what, code, codes.iter().copied());
            fault(rule, told.it, told.en)
        })
        .collect()
}

/// The letters before the hyphen of a code.
fn family(code: &str) -> &str {
    code.split_once('-').map_or(code, |(family, _)| family)
}

/// Rules that supersede each other in a ring.
fn rings(rules: &[Rule]) -> Vec<RuleFault> {
    let by_code: BTreeMap<&str, &Rule> = rules.iter().map(|r| (&*r.info.code, r)).collect();
    let mut faults = Vec::new();
    for rule in rules {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut next: Vec<&str> = rule.superseded_by.iter().map(|c| &**c).collect();
        while let Some(code) = next.pop() {
            if code == &*rule.info.code {
                faults.push(fault(
                    rule,
                    format!("la regola {code} finisce per cedere il passo a sé stessa (superseded_by)"),
                    format!("the rule {code} ends up superseded by itself (superseded_by)"),
                ));
                break;
            }
            if seen.insert(code) {
                next.extend(by_code.get(code).iter().flat_map(|r| r.superseded_by.iter().map(|c| &**c)));
            }
        }
    }
    faults
}

fn fault(rule: &Rule, it: String, en: String) -> RuleFault {
    rule.source.fault((2, 1), Bilingual::new(it, en))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_rules_read_to_run_lack_their_examples_and_nothing_else() {
        let packs = Packs::embedded().unwrap();
        let (whole, to_run) = (RuleBook::compile(&packs, None).unwrap(), RuleBook::to_run(&packs, None).unwrap());
        assert_eq!(whole.rules.len(), to_run.rules.len());
        for (rule, run) in whole.rules.iter().zip(&to_run.rules) {
            assert!(!rule.examples.is_empty() && run.examples.is_empty(), "{}", rule.info.code);
            let read = |r: &Rule| {
                let head = format!("{:?}", (&r.info, &r.subject, &r.needs, &r.params, r.years, r.absent_is_finding));
                let told = format!("{:?}", (&r.message, &r.cases, &r.severity_when, &r.superseded_by));
                let said = format!("{:?}", (&r.at, &r.related, &r.hint, &r.expected, &r.cause));
                (head, told, said, format!("{:?}", (&r.named, &r.when, &r.body)))
            };
            assert_eq!(read(rule), read(run));
        }
    }

    #[test]
    fn a_mistake_in_an_example_is_told_of_a_rule_from_outside_only() {
        let mut packs = Packs::embedded().unwrap();
        let with_slip = |packs: &mut Packs, is_shipped: bool| {
            let pack = packs.packs.iter_mut().find(|p| !p.rules.is_empty()).unwrap();
            let rule = Arc::make_mut(pack).rules.first_mut().unwrap();
            rule.text = rule.text.replacen("outcome", "autcome", 1).into();
            rule.is_shipped = is_shipped;
        };
        with_slip(&mut packs, true);
        assert!(RuleBook::to_run(&packs, None).is_ok());
        with_slip(&mut packs, false);
        assert!(RuleBook::to_run(&packs, None).is_err());
    }
}
