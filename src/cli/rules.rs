//! `riscontro rules` and `riscontro test`.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::ArgMatches;
use riscontro::engine::{Rule, RuleBook, run_examples, run_examples_of};
use riscontro::model::ErrorKind;
use riscontro::pack::Packs;
use riscontro::{Error, output, text};

use super::exit::Exit;
use super::terminal::Terminal;
use super::{check, sinks};

pub(super) fn run(matches: &ArgMatches, terminal: &Terminal) -> Result<Exit, Error> {
    let sinks = sinks::sinks(matches)?;
    let (packs, _) = check::packs(matches)?;
    let book = RuleBook::compile(&packs, None)?;
    let asked = matches.get_one::<String>("rule");
    let found = match asked {
        Some(asked) => find(book.rules(), asked)?,
        None => book.rules().iter().collect(),
    };
    for sink in &sinks {
        sink.write(terminal, |painter, out| match (sink.format.as_str(), found.as_slice()) {
            ("json", rules) => output::rules_json(rules, terminal.lang, out),
            (_, [one]) if asked.is_some() => output::explain_rule(one, terminal.lang, painter, out),
            (_, rules) => output::list_rules(rules, terminal.lang, painter, out),
        })?;
    }
    Ok(Exit::Clean)
}

/// The rule of a code or name; else all whose code or name begins so.
fn find<'a>(rules: &'a [Rule], asked: &str) -> Result<Vec<&'a Rule>, Error> {
    let lower = asked.to_lowercase();
    let names = |rule: &'a Rule| [&*rule.info().code, &*rule.info().name];
    if let Some(one) = rules.iter().find(|r| names(r).iter().any(|n| n.to_lowercase() == lower)) {
        return Ok(vec![one]);
    }
    let family: Vec<&Rule> =
        rules.iter().filter(|r| names(r).iter().any(|n| n.to_lowercase().starts_with(&lower))).collect();
    if !family.is_empty() {
        return Ok(family);
    }
    let (mut it, mut en) = (format!("nessuna regola «{asked}»"), format!("no rule “{asked}”"));
    if let Some(near) = text::closest(asked, rules.iter().flat_map(names)) {
        it = format!("{it}; forse «{near}»");
        en = format!("{en}; did you mean “{near}”?");
    }
    Err(Error::new(ErrorKind::Usage, it, en))
}

pub(super) fn test(matches: &ArgMatches, terminal: &Terminal) -> Result<Exit, Error> {
    let sinks = sinks::sinks(matches)?;
    let embedded = Packs::embedded()?;
    let run = match matches.get_one::<PathBuf>("dir") {
        Some(dir) => {
            let added = Packs::from_dir(dir)?;
            // A code that a shipped rule has is a mistake, also of a kind of one's own.
            let all = embedded.clone().with(added.clone())?;
            RuleBook::compile(&all, None)?;
            if added.is_whole() {
                run_examples(&added)?
            } else {
                let book = RuleBook::compile(&embedded, None)?;
                let shipped: BTreeSet<&str> = book.rules().iter().map(|r| &*r.info().code).collect();
                run_examples_of(&all, |rule| !shipped.contains(&*rule.info().code))?
            }
        }
        None => run_examples(&embedded)?,
    };
    for sink in &sinks {
        sink.write(terminal, |painter, out| match sink.format.as_str() {
            "json" => output::tests_json(&run, terminal.lang, out),
            _ => output::tests(&run, terminal.lang, painter, out),
        })?;
    }
    Ok(if run.failures.is_empty() { Exit::Clean } else { Exit::Findings })
}
