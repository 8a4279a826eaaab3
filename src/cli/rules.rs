//! `riscontro rules` and `riscontro test`.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::ArgMatches;
use riscontro::engine::{self, RuleBook, run_examples, run_examples_of};
use riscontro::pack::Packs;
use riscontro::{Error, output};

use super::exit::Exit;
use super::sinks::Sink;
use super::terminal::Terminal;
use super::{check, sinks};

pub(super) fn run(matches: &ArgMatches, terminal: &Terminal) -> Result<Exit, Error> {
    let sinks = sinks::sinks(matches)?;
    if matches.get_flag("functions") {
        return functions(&sinks, terminal);
    }
    let packs = check::packs(matches)?;
    let book = RuleBook::compile(&packs, None)?;
    let asked = matches.get_one::<String>("rule");
    let found = match asked {
        Some(asked) => book.find(asked)?,
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

/// The words of the rule language.
fn functions(sinks: &[Sink], terminal: &Terminal) -> Result<Exit, Error> {
    let functions = engine::functions();
    for sink in sinks {
        sink.write(terminal, |painter, out| match sink.format.as_str() {
            "json" => output::functions_json(&functions, terminal.lang, out),
            _ => output::list_functions(&functions, terminal.lang, painter, out),
        })?;
    }
    Ok(Exit::Clean)
}

pub(super) fn test(matches: &ArgMatches, terminal: &Terminal) -> Result<Exit, Error> {
    let sinks = sinks::sinks(matches)?;
    let embedded = Packs::embedded()?;
    let run = match matches.get_one::<PathBuf>("dir") {
        Some(dir) => {
            let added = Packs::from_dir(dir)?;
            // With the shipped packs, as in a check: rules may speak of documents of another kind, and a code that
            // a shipped rule has is a mistake.
            let files: BTreeSet<String> = added.rule_files().map(str::to_owned).collect();
            run_examples_of(&embedded.with([added])?, |rule| files.contains(rule.file()))?
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
