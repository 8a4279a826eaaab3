//! Bare paths, as when files are dropped on the program: check, copies beside the sources, a short summary.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;

use riscontro::check::{self as checking, Configuration, Copies, Run};
use riscontro::output::{self, Painter, one_line};
use riscontro::{Error, Lang, Options};

use super::check;
use super::environment::{self, configured};
use super::exit::Exit;
use super::terminal::{self, Terminal};

pub(super) fn run(arguments: &[OsString], chosen: Option<Lang>) -> Exit {
    let lang = chosen.or_else(|| configured(&Configuration::Found, arguments.first())).unwrap_or_default();
    let terminal = Terminal::new(lang);
    let exit = check_all(arguments, &terminal).unwrap_or_else(|error| {
        terminal.tell_error(&error);
        Exit::of(&error)
    });
    terminal::keep_window_open(lang);
    exit
}

fn check_all(arguments: &[OsString], terminal: &Terminal) -> Result<Exit, Error> {
    let paths: Vec<PathBuf> = arguments.iter().map(PathBuf::from).collect();
    let mut options = Options::embedded()?;
    options.lang = terminal.lang;
    options.configuration = Configuration::Found;
    options.copies = Copies::Beside;
    options.today = Some(check::today());
    options.profile = environment::profile();
    options.fail_on = environment::fail_on()?;
    let run = checking::run(&paths, &options)?;
    let mut exit = Exit::of_run(&run);
    if terminal.stdout(|painter, out| write(&run, painter, terminal.lang, out)).is_err() {
        exit = exit.max(Exit::Usage);
    }
    check::tell_notes(&run.waiver_notes, terminal);
    for error in run.copies.iter().filter_map(|copy| copy.written.as_ref().err()) {
        terminal.tell_error(error);
    }
    if exit == Exit::Usage && run.report.documents.iter().all(|d| d.skipped.is_some()) {
        terminal.error(terminal.pick("nessun file da controllare", "no file to check"));
    }
    Ok(exit)
}

fn write(run: &Run, painter: &Painter, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    for document in &run.report.documents {
        output::digest(document, lang, painter, out)?;
        for copy in run.copies.iter().filter(|c| c.source == document.path && c.written.is_ok()) {
            let target = one_line(&copy.target.display().to_string());
            writeln!(out, "  {}: {target}", lang.pick("copia annotata", "annotated copy"))?;
        }
        writeln!(out)?;
    }
    writeln!(out, "{}", painter.strong.paint(&output::run_line(&run.report.summary(), lang)))
}
