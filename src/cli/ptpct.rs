//! `riscontro ptpct`.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use clap::ArgMatches;
use jiff::civil::Date;
use riscontro::check::gather;
use riscontro::model::RiskMap;
use riscontro::riskmap::{Source, is_plan, overview};
use riscontro::{Error, output, sheets};

use super::allegato2::{of_name, tell_others};
use super::check::{many, on_interrupt, reading_options};
use super::exit::Exit;
use super::sinks::{self, Sink};
use super::terminal::Terminal;

pub(super) fn run(matches: &ArgMatches, terminal: &Terminal) -> Result<Exit, Error> {
    let stop = on_interrupt();
    let sinks = sinks::sinks_or(matches, of_name(matches.get_one::<PathBuf>("output")))?;
    let mut options = reading_options(matches, terminal)?;
    options.outputs = sinks.iter().filter_map(|s| s.file.clone()).collect();
    options.stop = Some(Arc::clone(&stop));
    let mut gathered = gather(&many::<PathBuf>(matches, "paths"), &options)?;
    gathered.keep(is_plan);
    let mut exit = tell_others(&gathered, terminal);
    if gathered.is_stopped || stop.load(Ordering::Relaxed) {
        return Ok(Exit::Interrupted);
    }
    if gathered.documents.is_empty() {
        terminal.error(terminal.pick(
            "in nessun file si riconosce una tabella di processi; «riscontro check --explain-reading FILE» dice che cosa si è letto",
            "no table of processes is recognised in any file; “riscontro check --explain-reading FILE” tells what was read",
        ));
        return Ok(Exit::Input);
    }
    let sources: Vec<Source<'_>> = gathered.documents.iter().map(|(path, d)| (path.as_str(), d)).collect();
    let map = overview(&sources, &gathered.packs, matches.get_one::<Date>("as-of").copied(), terminal.lang);
    for sink in &sinks {
        if let Err(error) = write(sink, &map, terminal) {
            terminal.tell_error(&error);
            exit = exit.max(Exit::of(&error));
        }
    }
    if sinks.iter().all(|s| s.file.is_some()) {
        terminal.say(&output::riskmap_line(&map));
    }
    Ok(exit)
}

fn write(sink: &Sink, map: &RiskMap, terminal: &Terminal) -> Result<(), Error> {
    match sink.format.as_str() {
        "xlsx" => {
            let bytes = sheets::riskmap_workbook(map)?;
            sink.write(terminal, |_, out| out.write_all(&bytes))
        }
        "json" => sink.write(terminal, |_, out| output::riskmap_json(map, out)),
        "markdown" => sink.write(terminal, |_, out| output::riskmap_markdown(map, out)),
        _ => sink.write(terminal, |painter, out| output::riskmap(map, painter, out)),
    }
}
