//! `riscontro rules` and `riscontro test`.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use clap::ArgMatches;
use riscontro::check::Configuration;
use riscontro::config::FailOn;
use riscontro::config::{config_schema, waivers_schema};
use riscontro::engine::{self, Rule, RuleBook, mutate, run_examples_of};
use riscontro::model::ErrorKind;
use riscontro::pack::Packs;
use riscontro::{Error, Options, output};

use super::exit::Exit;
use super::pages::Sweep;
use super::sinks::Sink;
use super::terminal::Terminal;
use super::{check, new_rule, pages, sinks};

pub(super) fn run(matches: &ArgMatches, terminal: &Terminal) -> Result<Exit, Error> {
    if let Some(("new", own)) = matches.subcommand() {
        // `--rules` may stand before the word too.
        let before = matches.get_many::<PathBuf>("rules").into_iter().flatten().next_back();
        return new_rule::run(own, before, terminal);
    }
    let sinks = sinks::sinks(matches)?;
    if let Some(dir) = matches.get_one::<PathBuf>("schemas") {
        let others = vec![("riscontro", config_schema()), ("eccezioni", waivers_schema())];
        pages::write(dir, &output::schema_docs(others), Sweep::Nothing, terminal)?;
        return Ok(Exit::Clean);
    }
    if matches.get_flag("functions") {
        return functions(matches, &sinks, terminal);
    }
    let packs = check::packs(matches)?;
    let mut book = RuleBook::compile(&packs, None)?;
    let asked = matches.get_one::<String>("rule");
    let found = match asked {
        Some(asked) => book.find(asked)?,
        None => book.rules().iter().collect(),
    };
    if let Some(paths) = matches.get_many::<PathBuf>("coverage") {
        let paths: Vec<PathBuf> = paths.cloned().collect();
        return coverage(matches, &paths, (&packs, &found), &sinks, terminal);
    }
    if let Some(dir) = matches.get_one::<PathBuf>("docs") {
        let codes: Vec<Arc<str>> = found.iter().map(|rule| Arc::clone(&rule.info().code)).collect();
        pages::write(dir, &output::rule_docs(&mut book, &packs, &codes), Sweep::Earlier, terminal)?;
        return Ok(Exit::Clean);
    }
    for sink in &sinks {
        sink.write(terminal, |painter, out| match (sink.format.as_str(), found.as_slice()) {
            ("json", rules) => output::rules_json(rules, terminal.lang, out),
            (_, [one]) if asked.is_some() => output::explain_rule(one, terminal.lang, painter, out),
            (_, rules) => output::list_rules(rules, terminal.lang, painter, out),
        })?;
    }
    Ok(Exit::Clean)
}

/// What the rules did on some documents.
fn coverage(
    matches: &ArgMatches,
    paths: &[PathBuf],
    (packs, rules): (&Packs, &[&Rule]),
    sinks: &[Sink],
    terminal: &Terminal,
) -> Result<Exit, Error> {
    let mut options = Options::new(Arc::new(packs.clone()));
    options.has_outside = matches.contains_id("rules");
    options.lang = terminal.lang;
    options.configuration = Configuration::Found;
    // What the rules find is no fault of theirs.
    options.fail_on = Some(FailOn::Mai);
    options.outputs = sinks.iter().filter_map(|s| s.file.clone()).collect();
    if let Some(asked) = matches.get_one::<String>("rule") {
        options.selection.select = vec![asked.clone()];
    }
    let run = riscontro::check::run(paths, &options)?;
    for sink in sinks {
        sink.write(terminal, |painter, out| match sink.format.as_str() {
            "json" => output::coverage_json(rules, &run.report, out),
            _ => output::coverage(rules, &run.report, painter, out),
        })?;
    }
    check::tell(&run, &[], terminal);
    Ok(Exit::of_run(&run))
}

/// The words of the rule language.
fn functions(matches: &ArgMatches, sinks: &[Sink], terminal: &Terminal) -> Result<Exit, Error> {
    if let Some(dir) = matches.get_one::<PathBuf>("docs") {
        pages::write(dir, &output::language_docs(&Packs::embedded()?), Sweep::Nothing, terminal)?;
        return Ok(Exit::Clean);
    }
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
    let (packs, files) = match matches.get_one::<PathBuf>("dir") {
        Some(dir) => {
            let added = Packs::from_dir(dir)?;
            // With the shipped packs, as in a check: rules may speak of documents of another kind, and a code that
            // a shipped rule has is a mistake.
            let files: BTreeSet<String> = added.rule_files().map(str::to_owned).collect();
            (embedded.with([added])?, Some(files))
        }
        None => (embedded, None),
    };
    let asked: Vec<&String> = matches.get_many("select").into_iter().flatten().collect();
    let is_asked = |rule: &Rule| asked.is_empty() || asked.iter().any(|name| is_meant(rule, name));
    let wanted = |rule: &Rule| files.as_ref().is_none_or(|files| files.contains(rule.file())) && is_asked(rule);
    let run = run_examples_of(&packs, wanted)?;
    if run.rules == 0 && !asked.is_empty() {
        return Err(Error::new(
            ErrorKind::Usage,
            "nessuna regola della cartella ha un codice che comincia così, né questo nome",
            "no rule of the folder has a code that begins so, nor this name",
        ));
    }
    // Of a rule that does not do what its examples say, they would notice anything.
    if matches.get_flag("mutate") && run.failures.is_empty() {
        let run = mutate(&packs, wanted)?;
        for sink in &sinks {
            sink.write(terminal, |painter, out| match sink.format.as_str() {
                "json" => output::mutants_json(&run, out),
                _ => output::mutants(&run, terminal.lang, painter, out),
            })?;
        }
        return Ok(if run.survivors.is_empty() { Exit::Clean } else { Exit::Findings });
    }
    for sink in &sinks {
        sink.write(terminal, |painter, out| match sink.format.as_str() {
            "json" => output::tests_json(&run, terminal.lang, out),
            _ => output::tests(&run, terminal.lang, painter, out),
        })?;
    }
    Ok(if run.failures.is_empty() { Exit::Clean } else { Exit::Findings })
}

/// Whether a rule is the one of a code, of the beginning of one, or of a name, with its pack or without.
fn is_meant(rule: &Rule, name: &str) -> bool {
    let (info, name) = (rule.info(), name.trim().to_lowercase());
    let short = info.name.rsplit('/').next().unwrap_or_default();
    !name.is_empty() && (info.code.to_lowercase().starts_with(&name) || *info.name == *name || *short == *name)
}
