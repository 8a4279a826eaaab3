//! What commands have in common that make something other than findings of the documents they read.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use clap::ArgMatches;
use riscontro::check::{Gathered, gather};
use riscontro::model::Document;
use riscontro::{Error, Options};

use super::check::{many, on_interrupt, reading_options};
use super::exit::Exit;
use super::sinks::{self, Sink};
use super::terminal::Terminal;

/// A command on its way: where its results go, how it reads, and how it ends as far as is known.
pub(super) struct Task<'a> {
    pub(super) sinks: Vec<Sink>,
    pub(super) options: Options,
    pub(super) exit: Exit,
    terminal: &'a Terminal,
}

impl<'a> Task<'a> {
    pub(super) fn new(matches: &ArgMatches, terminal: &'a Terminal) -> Result<Self, Error> {
        // Before all else: packs take their time to load.
        let stop = on_interrupt();
        let sinks = sinks::sinks_or(matches, of_name(matches.get_one::<PathBuf>("output")))?;
        let mut options = reading_options(matches, terminal)?;
        options.outputs = sinks.iter().filter_map(|s| s.file.clone()).collect();
        options.stop = Some(Arc::clone(&stop));
        Ok(Self { sinks, options, exit: Exit::Clean, terminal })
    }

    /// The documents that are wanted among those that the arguments name. `None` where the command ends for want of any,
    /// as `lacking` tells in both languages, or because it was stopped.
    pub(super) fn gather(
        &mut self,
        matches: &ArgMatches,
        wanted: fn(&Document) -> bool,
        (it, en): (&str, &str),
    ) -> Result<Option<Gathered>, Error> {
        let gathered = self.read(&many::<PathBuf>(matches, "paths"), wanted)?;
        if gathered.is_stopped || self.options.stop.as_ref().is_some_and(|stop| stop.load(Ordering::Relaxed)) {
            self.exit = Exit::Interrupted;
            return Ok(None);
        }
        if gathered.documents.is_empty() {
            self.terminal.error(&self.terminal.pick(
                format!("{it}; «riscontro check --explain-reading FILE» dice che cosa si è letto"),
                format!("{en}; “riscontro check --explain-reading FILE” tells what was read"),
            ));
            self.exit = Exit::Input;
            return Ok(None);
        }
        Ok(Some(gathered))
    }

    /// The documents that are wanted among those at some paths; what is refused or passed over is told.
    pub(super) fn read<P: AsRef<Path>>(
        &mut self,
        paths: &[P],
        wanted: fn(&Document) -> bool,
    ) -> Result<Gathered, Error> {
        let mut gathered = gather(paths, &self.options)?;
        gathered.keep(wanted);
        self.exit = self.exit.max(tell_others(&gathered, self.terminal));
        Ok(gathered)
    }

    /// Tells an error that does not end the command.
    pub(super) fn fail(&mut self, error: &Error, exit: Exit) {
        self.terminal.tell_error(error);
        self.exit = self.exit.max(exit);
    }

    /// Writes every result; where none is on the screen, its gist in one line is.
    pub(super) fn write(mut self, gist: &str, write: impl Fn(&Sink) -> Result<(), Error>) -> Exit {
        let sinks = std::mem::take(&mut self.sinks);
        for sink in &sinks {
            if let Err(error) = write(sink) {
                self.fail(&error, Exit::of(&error));
            }
        }
        if sinks.iter().all(|s| s.file.is_some()) {
            self.terminal.say(gist);
        }
        self.exit
    }
}

/// Tells which files were refused, and which passed over; how the command then ends.
pub(super) fn tell_others(gathered: &Gathered, terminal: &Terminal) -> Exit {
    let mut exit = Exit::Clean;
    for other in &gathered.others {
        if let Some(error) = &other.error {
            terminal.tell_error(error);
            exit = Exit::Input;
        } else if let Some(reason) = &other.skipped {
            terminal.say(&format!("{}: {}: {reason}", terminal.pick("tralasciato", "skipped"), other.path));
        }
    }
    exit
}

/// The format that the name of a file means.
fn of_name(file: Option<&PathBuf>) -> &'static str {
    let extension = file.and_then(|f| f.extension()).and_then(OsStr::to_str).map(str::to_lowercase);
    match extension.as_deref() {
        Some("xlsx") => "xlsx",
        Some("json") => "json",
        Some("csv") => "csv",
        Some("md") => "markdown",
        _ => "full",
    }
}
