//! `riscontro diff`.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use clap::ArgMatches;
use riscontro::check::{self, Diff};
use riscontro::{Error, output, sheets};

use super::check::{on_interrupt, options, tell_notes};
use super::exit::Exit;
use super::sinks::{self, Sink};
use super::terminal::Terminal;

pub(super) fn run(matches: &ArgMatches, terminal: &Terminal) -> Result<Exit, Error> {
    let stop = on_interrupt();
    // A workbook is asked for by its name.
    let is_workbook =
        |file: &PathBuf| file.extension().and_then(OsStr::to_str).is_some_and(|e| e.eq_ignore_ascii_case("xlsx"));
    let of_name = matches.get_one::<PathBuf>("output").is_some_and(is_workbook);
    let sinks = sinks::sinks_or(matches, if of_name { "xlsx" } else { "full" })?;
    let mut options = options(matches, terminal)?;
    options.baseline = matches.get_one::<PathBuf>("baseline").cloned();
    options.outputs = sinks.iter().filter_map(|s| s.file.clone()).collect();
    options.stop = Some(Arc::clone(&stop));
    let path = |id: &str| matches.get_one::<PathBuf>(id).cloned().unwrap_or_default();
    let diff = check::diff(&path("old"), &path("new"), &options)?;

    let mut exit = exit_of(&diff);
    if matches.get_flag("strict-waivers") && !diff.waiver_notes.is_empty() {
        exit = exit.max(Exit::Usage);
    }
    for sink in &sinks {
        if let Err(error) = write(sink, &diff, terminal) {
            terminal.tell_error(&error);
            exit = exit.max(Exit::of(&error));
        }
    }
    tell(&diff, &sinks, terminal);
    Ok(if stop.load(Ordering::Relaxed) { Exit::Interrupted } else { exit })
}

fn write(sink: &Sink, diff: &Diff, terminal: &Terminal) -> Result<(), Error> {
    let all = &diff.comparisons;
    match sink.format.as_str() {
        "xlsx" => {
            let bytes = sheets::changes_workbook(all)?;
            sink.write(terminal, |_, out| out.write_all(&bytes))
        }
        "json" => sink.write(terminal, |_, out| output::diff_json(all, out)),
        "markdown" => sink.write(terminal, |_, out| output::diff_markdown(all, out)),
        _ => sink.write(terminal, |painter, out| output::diff(all, painter, out)),
    }
}

fn exit_of(diff: &Diff) -> Exit {
    let all = &diff.comparisons;
    let has_failed = diff.reports.iter().flat_map(|r| &r.rules).any(|r| r.kind == riscontro::model::OutcomeKind::Error);
    let applies = [
        (Exit::Findings, diff.has_failing),
        (Exit::Usage, has_failed || all.pairs.is_empty() && diff.unchecked == 0),
        (Exit::Input, all.pairs.iter().any(|pair| !pair.errors.is_empty())),
        (Exit::Interrupted, diff.unchecked > 0),
    ];
    applies.into_iter().filter(|(_, applies)| *applies).map(|(exit, _)| exit).max().unwrap_or(Exit::Clean)
}

/// What the result does not tell a person.
fn tell(diff: &Diff, sinks: &[Sink], terminal: &Terminal) {
    let is_told = sinks.iter().any(|s| s.file.is_none() && s.format != "json");
    for (path, error) in diff.comparisons.pairs.iter().flat_map(|pair| &pair.errors) {
        if !is_told {
            terminal.error(&format!("{}: {}", output::one_line(path), output::one_line(error.message(terminal.lang))));
        }
        terminal.tell_causes(error);
    }
    tell_notes(&diff.waiver_notes, terminal);
    if !is_told {
        terminal.say(&output::diff_line(&diff.comparisons));
    }
    if diff.comparisons.pairs.is_empty() && diff.unchecked == 0 {
        terminal.error(terminal.pick("nessun documento da confrontare", "no document to compare"));
    }
    if diff.unchecked > 0 {
        let it = output::count(diff.unchecked, "documento non confrontato", "documenti non confrontati");
        let en = output::count(diff.unchecked, "document not compared", "documents not compared");
        terminal.error(&terminal.pick(format!("confronto interrotto: {it}"), format!("comparison interrupted: {en}")));
    }
}
