//! `riscontro check`.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use clap::ArgMatches;
use jiff::civil::Date;
use riscontro::check::{self, Copies, Run};
use riscontro::config::WaiverNote;
use riscontro::model::ErrorKind;
use riscontro::output::{self, Format, Style, one_line};
use riscontro::pack::Packs;
use riscontro::{Error, Options};

use super::environment;
use super::exit::Exit;
use super::limits;
use super::sinks::{self, Sink};
use super::terminal::Terminal;

pub(super) fn run(matches: &ArgMatches, terminal: &Terminal) -> Result<Exit, Error> {
    // Before all else: the rules take their time to load.
    let stop = on_interrupt();
    let sinks = sinks::sinks(matches)?;
    let mut options = options(matches, terminal)?;
    options.dossier = matches.get_flag("dossier");
    options.whole_plan = matches.get_one::<PathBuf>("whole-plan").cloned();
    options.previous = matches.get_one::<PathBuf>("previous").cloned();
    options.baseline = matches.get_one::<PathBuf>("baseline").cloned();
    if let Some(dir) = matches.get_one::<PathBuf>("out") {
        options.copies = Copies::Under(dir.clone());
    }
    options.explain_reading = matches.get_flag("explain-reading");
    options.stopwatch = matches.get_flag("timings").then_some(passed);
    options.max_findings = matches.get_one::<NonZeroUsize>("max-findings").copied().map(usize::from);
    options.outputs = sinks.iter().filter_map(|s| s.file.clone()).collect();
    options.stop = Some(Arc::clone(&stop));
    let paths: Vec<PathBuf> = many(matches, "paths");
    let run = check::run(&paths, &options)?;

    let style = Style { explain_reading: options.explain_reading, ..Style::default() };
    let mut exit = Exit::of_run(&run);
    if matches.get_flag("strict-waivers") && !run.waiver_notes.is_empty() {
        exit = exit.max(Exit::Usage);
    }
    for sink in &sinks {
        if let Err(error) = write(sink, &run, &style, terminal) {
            terminal.tell_error(&error);
            exit = exit.max(Exit::of(&error));
        }
    }
    tell(&run, &sinks, terminal);
    if options.stopwatch.is_some() {
        tell_timings(&run, terminal);
    }
    // Also where the last document was already in hand: whoever interrupts is told so.
    Ok(if stop.load(Ordering::Relaxed) { Exit::Interrupted } else { exit })
}

fn write(sink: &Sink, run: &Run, style: &Style, terminal: &Terminal) -> Result<(), Error> {
    let format = Format::from_name(&sink.format).unwrap_or_default();
    sink.write(terminal, |painter, out| {
        output::write(&run.report, format, &Style { painter: painter.clone(), ..style.clone() }, out)
    })
}

/// What happened to the run: refusals that the result does not tell a person, copies, the end.
pub(super) fn tell(run: &Run, sinks: &[Sink], terminal: &Terminal) {
    let on_screen = sinks.iter().find(|s| s.file.is_none()).and_then(|s| Format::from_name(&s.format));
    let is_told = on_screen.is_some_and(Format::tells_refusals);
    for document in &run.report.documents {
        if let Some(error) = &document.error {
            if is_told {
                terminal.tell_causes(error);
            } else {
                terminal.error(&format!("{}: {}", one_line(&document.path), one_line(error.message(terminal.lang))));
                terminal.tell_causes(error);
            }
        } else if let (Some(reason), false) = (&document.skipped, is_told) {
            let skipped = terminal.pick("tralasciato", "skipped");
            terminal.say(&format!("{}: {skipped}: {}", one_line(&document.path), one_line(reason)));
        }
    }
    for file in &run.configurations {
        let label = terminal.pick("configurazione", "configuration");
        terminal.say(&format!("{label}: {}", file.display()));
    }
    for file in &run.exceptions {
        let label = terminal.pick("eccezioni", "exceptions");
        terminal.say(&format!("{label}: {}", file.display()));
    }
    tell_notes(&run.waiver_notes, terminal);
    for copy in &run.copies {
        match &copy.written {
            Ok(warnings) => {
                let label = terminal.pick("copia annotata", "annotated copy");
                terminal.say(&format!("{label}: {}", copy.target.display()));
                for warning in warnings {
                    terminal.say(&format!("  {}", one_line(warning)));
                }
            }
            Err(error) => terminal.tell_error(error),
        }
    }
    let summary = run.report.summary();
    if !is_told {
        terminal.say(&output::run_line(&summary, terminal.lang));
    }
    if is_empty(run) {
        terminal.error(terminal.pick("nessun file da controllare", "no file to check"));
    }
    if run.unchecked > 0 {
        let it = output::count(run.unchecked, "voce non controllata", "voci non controllate");
        let en = output::count(run.unchecked, "item not checked", "items not checked");
        terminal.error(&terminal.pick(format!("controllo interrotto: {it}"), format!("check interrupted: {en}")));
    }
}

/// Exceptions that do not do what they are there for: told however quiet the run is, or they would never be looked at.
pub(super) fn tell_notes(notes: &[WaiverNote], terminal: &Terminal) {
    for note in notes {
        let place = format!("{}:{}", one_line(&note.file.display().to_string()), note.line);
        terminal.warning(&format!("{place}: {}", one_line(note.message.get(terminal.lang))));
    }
}

/// What each rule cost: about the run, as all on stderr is.
fn tell_timings(run: &Run, terminal: &Terminal) {
    let mut told = Vec::new();
    if output::timings(&run.report.timings(), terminal.lang, &mut told).is_ok() {
        terminal.say(String::from_utf8_lossy(&told).trim_end());
    }
}

/// The time since the first call.
fn passed() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

/// Whether there was nothing to check; what was found and left when the run was stopped is something.
fn is_empty(run: &Run) -> bool {
    let summary = run.report.summary();
    summary.documents + summary.refused + run.unchecked == 0
}

/// The options of a check that other commands have too.
pub(super) fn options(matches: &ArgMatches, terminal: &Terminal) -> Result<Options, Error> {
    let mut options = reading_options(matches, terminal)?;
    options.has_outside = matches.contains_id("rules");
    options.selection.select = rules_of(matches, "select")?;
    options.selection.ignore = rules_of(matches, "ignore")?;
    options.profile = environment::chosen_profile(matches).map(|(name, _)| name);
    options.fail_on = environment::chosen_fail_on(matches)?.map(|(level, _)| level);
    options.as_of = matches.get_one::<Date>("as-of").copied();
    options.today = Some(today());
    Ok(options)
}

/// What commands need that read documents and evaluate no rule.
pub(super) fn reading_options(matches: &ArgMatches, terminal: &Terminal) -> Result<Options, Error> {
    let mut options = Options::new(Arc::new(packs(matches)?));
    options.lang = terminal.lang;
    options.configuration = environment::configuration(matches);
    limits::change(&mut options.limits, &many::<String>(matches, "limit"))?;
    options.jobs = matches.get_one::<NonZeroUsize>("jobs").copied();
    options.strict = matches.get_flag("strict");
    options.include = many(matches, "include");
    options.exclude = many(matches, "exclude");
    Ok(options)
}

/// The day in Italy, in summer from one in the morning on.
pub(super) fn today() -> Date {
    jiff::tz::offset(1).to_datetime(jiff::Timestamp::now()).date()
}

/// The packs in force.
pub(super) fn packs(matches: &ArgMatches) -> Result<Packs, Error> {
    let dirs: Vec<PathBuf> = many(matches, "rules");
    let only = matches.get_flag("rules-only");
    if only && dirs.is_empty() {
        return Err(Error::new(
            ErrorKind::Usage,
            "--rules-only lascia solo le regole di --rules: indicare anche --rules CARTELLA",
            "--rules-only leaves only the rules of --rules: give --rules DIR too",
        ));
    }
    let packs = if only { Packs::default() } else { Packs::embedded()? };
    packs.with(dirs.iter().map(|dir| Packs::from_dir(dir)).collect::<Result<Vec<_>, _>>()?)
}

/// The rules that an option names; a blank would be all of them, or none.
pub(super) fn rules_of(matches: &ArgMatches, id: &str) -> Result<Vec<String>, Error> {
    let names: Vec<String> = many(matches, id);
    if names.iter().any(|name| name.trim().is_empty()) {
        let (it, en) = (format!("manca il valore di «--{id}»"), format!("the value of “--{id}” is missing"));
        return Err(Error::new(ErrorKind::Usage, it, en));
    }
    Ok(names)
}

pub(super) fn many<T: Clone + Send + Sync + 'static>(matches: &ArgMatches, id: &str) -> Vec<T> {
    matches.get_many::<T>(id).into_iter().flatten().cloned().collect()
}

/// A flag that the first Ctrl+C (or the end asked of the program) raises; the second ends the program at once.
pub(super) fn on_interrupt() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    // Where no handler can be set, Ctrl+C ends the program as it always does.
    let _ = ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::Relaxed) {
            riscontro::package::remove_unfinished();
            #[expect(clippy::exit, reason = "whoever asks twice does not want to wait for the documents in hand")]
            std::process::exit(130);
        }
    });
    stop
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_was_stopped_had_something_to_check() {
        let fixtures = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
        let mut options = Options::new(Arc::new(Packs::embedded().unwrap()));
        options.stop = Some(Arc::new(AtomicBool::new(true)));
        let run = check::run(&[&fixtures], &options).unwrap();
        assert!(run.unchecked > 0 && !is_empty(&run), "{run:?}");
    }
}
