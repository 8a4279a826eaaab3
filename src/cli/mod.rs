//! Arguments, language, streams and exit codes. What is checked and how it is written is the library's.

mod allegato2;
mod args;
mod baseline;
mod check;
mod config;
mod diff;
mod dropped;
mod environment;
mod exit;
mod flussi;
mod indicatori;
mod limits;
mod modello;
mod new_rule;
mod pages;
mod ptpct;
mod rules;
mod sinks;
mod task;
mod terminal;
mod usage;

use std::env;
use std::ffi::{OsStr, OsString};
use std::panic;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::process::ExitCode;

use clap::ArgMatches;
use riscontro::model::{Panicked, guarded, note_panic};
use riscontro::output::one_line;
use riscontro::{Error, Lang};

use exit::Exit;
use terminal::Terminal;

/// The environment variable that chooses the language.
const LANG_VARIABLE: &str = "RISCONTRO_LANG";

/// Runs the program on the arguments of the process.
pub(crate) fn main() -> ExitCode {
    let arguments: Vec<OsString> = env::args_os().skip(1).collect();
    // A panic is caught, and told in the language of the run: the standard message would only frighten.
    if env::var_os("RUST_BACKTRACE").is_none() {
        panic::set_hook(Box::new(note_panic));
    }
    guarded(|| run(&arguments)).unwrap_or_else(|cause| broken(&arguments, &cause)).into()
}

fn broken(arguments: &[OsString], cause: &Panicked) -> Exit {
    let terminal = Terminal::new(language(arguments).ok().flatten().map(|(lang, _)| lang).unwrap_or_default());
    let it = "errore interno del programma: segnalarlo con questo testo";
    let en = "internal error of the program: please report it with this text";
    terminal.error(&format!("{}: {}", terminal.lang.pick(it, en), one_line(&cause.to_string())));
    Exit::Input
}

fn run(arguments: &[OsString]) -> Exit {
    let chosen = match language(arguments) {
        Ok(chosen) => chosen,
        Err(wrong) => {
            let terminal = Terminal::new(Lang::It);
            terminal.error(&format!("la variabile {LANG_VARIABLE} vale «{wrong}»: previsti «it» o «en»"));
            return Exit::Usage;
        }
    };
    let lang = chosen.map(|(lang, _)| lang);
    let dropped = |paths: &[OsString]| dropped::run(paths, lang);
    let lang = lang.unwrap_or_default();
    if arguments.is_empty() {
        return usage::nothing_asked(lang);
    }
    // Behind `--` even what begins with a hyphen is a path.
    if let Some((_, paths @ [_, ..])) = arguments.split_first().filter(|(first, _)| *first == "--") {
        return dropped(paths);
    }
    if are_paths(arguments) {
        return dropped(arguments);
    }
    let name = OsString::from("riscontro");
    let matches = match args::command(lang).try_get_matches_from(std::iter::once(name).chain(arguments.iter().cloned()))
    {
        Ok(matches) => matches,
        Err(error) => return usage::report(&error, arguments, lang),
    };
    let asked = matches.subcommand().filter(|_| chosen.is_none()).and_then(|(_, inner)| of_configuration(inner));
    let terminal = Terminal::of(&matches, asked.unwrap_or(lang));
    dispatch(&matches, &terminal, chosen).unwrap_or_else(|error| {
        terminal.tell_error(&error);
        Exit::of(&error)
    })
}

/// The language that a configuration asks for, of a command whose documents may have one.
fn of_configuration(matches: &ArgMatches) -> Option<Lang> {
    // Only a debug build tells whether a command has an option by asking for it.
    matches.ids().find(|id| id.as_str() == "isolated")?;
    let paths = matches.try_get_many::<PathBuf>("paths").ok().flatten().into_iter().flatten();
    let one = matches.try_get_one::<PathBuf>("path").ok().flatten();
    let path = paths.chain(one).next().map_or(Path::new("."), PathBuf::as_path);
    environment::configured(&environment::configuration(matches), Some(path))
}

fn dispatch(matches: &ArgMatches, terminal: &Terminal, chosen: Option<(Lang, bool)>) -> Result<Exit, Error> {
    match matches.subcommand() {
        Some(("check", matches)) => check::run(matches, terminal),
        Some(("allegato2", matches)) => allegato2::run(matches, terminal),
        Some(("ptpct", matches)) => ptpct::run(matches, terminal),
        Some(("flussi", matches)) => flussi::run(matches, terminal),
        Some(("indicatori", matches)) => indicatori::run(matches, terminal),
        Some(("modello", matches)) => modello::run(matches, terminal),
        Some(("baseline", matches)) => baseline::run(matches, terminal),
        Some(("diff", matches)) => diff::run(matches, terminal),
        Some(("rules", matches)) => rules::run(matches, terminal),
        Some(("test", matches)) => rules::test(matches, terminal),
        Some(("init", matches)) => config::init(matches, terminal),
        Some(("config", matches)) => config::run(matches, terminal, chosen),
        Some(("limits", matches)) => limits::run(matches, terminal),
        Some(("help", matches)) => Ok(usage::help(matches, terminal.lang)),
        _ => Ok(usage::nothing_asked(terminal.lang)),
    }
}

/// The language, before anything is parsed: help and errors are in it too. A wrong `--lang` is left to the
/// parser; a wrong variable is returned. With it, whether it is the option that chooses.
fn language(arguments: &[OsString]) -> Result<Option<(Lang, bool)>, String> {
    let mut chosen = None;
    let mut rest = arguments.iter().take_while(|a| *a != "--");
    while let Some(argument) = rest.next() {
        if argument == "--lang" {
            chosen = rest.next().map(|v| v.to_string_lossy().into_owned());
        } else if let Some(value) = argument.to_str().and_then(|a| a.strip_prefix("--lang=")) {
            chosen = Some(value.to_owned());
        }
    }
    if let Some(name) = chosen {
        return Ok(Some((lang_of(&name).unwrap_or_default(), true)));
    }
    match env::var_os(LANG_VARIABLE).filter(|value| !value.is_empty()) {
        Some(value) => match lang_of(&value.to_string_lossy()) {
            Some(lang) => Ok(Some((lang, false))),
            None => Err(value.to_string_lossy().into_owned()),
        },
        None => Ok(None),
    }
}

fn lang_of(name: &str) -> Option<Lang> {
    match name {
        "it" => Some(Lang::It),
        "en" => Some(Lang::En),
        _ => None,
    }
}

/// Whether the arguments are nothing but paths, as when files are dropped on the program. The first decides:
/// it must be there, or at least look like a path, or a misspelt command would be taken for one.
fn are_paths(arguments: &[OsString]) -> bool {
    let is_option = |a: &OsString| a.to_string_lossy().starts_with('-');
    let looks_like_path = |a: &OsStr| {
        let text = a.to_string_lossy();
        text.contains(['.', '/', '*', MAIN_SEPARATOR]) || Path::new(a).exists()
    };
    let is_path = |a: &OsString| !args::COMMANDS.iter().any(|c| a == c) && looks_like_path(a);
    arguments.first().is_some_and(is_path) && !arguments.iter().any(is_option)
}
