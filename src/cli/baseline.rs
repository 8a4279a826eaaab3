//! `riscontro baseline`.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use clap::ArgMatches;
use riscontro::model::ErrorKind;
use riscontro::{Error, check, config, output, package};

use super::check::{many, on_interrupt, options, tell};
use super::exit::Exit;
use super::sinks::Sink;
use super::terminal::Terminal;

pub(super) fn run(matches: &ArgMatches, terminal: &Terminal) -> Result<Exit, Error> {
    let stop = on_interrupt();
    let sink = sink(matches)?;
    let mut options = options(matches, terminal)?;
    // What is written as known does not make it fail.
    options.fail_on = Some(config::FailOn::Mai);
    options.outputs.extend(sink.file.clone());
    options.stop = Some(Arc::clone(&stop));
    let run = check::run(&many::<PathBuf>(matches, "paths"), &options)?;

    let exit = Exit::of_run(&run);
    // What was left unread would be taken for put right.
    let is_whole = run.unchecked == 0 && run.report.summary().documents > 0;
    if is_whole {
        let documents = run.names.iter().map(String::as_str).zip(&run.report.documents).collect::<Vec<_>>();
        let text = config::baseline(&documents, terminal.lang);
        sink.write(terminal, |_, out| out.write_all(text.as_bytes()))?;
    }
    tell(&run, &[], terminal);
    if is_whole {
        let summary = run.report.summary();
        let known = summary.errore + summary.avviso + summary.osservazione;
        let it = output::count(known, "rilievo scritto come già noto", "rilievi scritti come già noti");
        let en = output::count(known, "finding written as known", "findings written as known");
        terminal.say(&terminal.pick(it, en));
    }
    Ok(if stop.load(Ordering::Relaxed) { Exit::Interrupted } else { exit })
}

/// Where the result goes. What exists and holds something else is not replaced.
fn sink(matches: &ArgMatches) -> Result<Sink, Error> {
    let file = matches.get_one::<PathBuf>("output").filter(|file| file.as_os_str() != "-").cloned();
    if let Some(file) = &file {
        let name = file.file_name().unwrap_or_default();
        package::nameable(&name.to_string_lossy()).map_err(|e| e.at(file))?;
        if !config::may_hold_baseline(file) {
            let it = "il file esiste e non contiene rilievi noti: scegliere un'altra destinazione";
            let en = "the file exists and holds no known findings: choose another destination";
            return Err(Error::new(ErrorKind::Usage, it, en).at(file));
        }
    }
    Ok(Sink { format: "toml".to_owned(), file })
}
