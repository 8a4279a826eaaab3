//! Help and usage errors, in the language of the run.

use std::ffi::OsString;
use std::io;
use std::path::Path;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgMatches, Command};
use riscontro::Lang;
use riscontro::output::{Format, one_line};

use super::args;
use super::exit::Exit;
use super::terminal::{self, Terminal};

/// Without arguments there is nothing to do: how the program is used, on stderr.
pub(super) fn nothing_asked(lang: Lang) -> Exit {
    let terminal = Terminal::new(lang);
    terminal.say(args::command(lang).render_help().to_string().trim_end());
    terminal::keep_window_open(lang);
    Exit::Usage
}

/// `riscontro help [COMMAND]`.
pub(super) fn help(matches: &ArgMatches, lang: Lang) -> Exit {
    let mut whole = args::command(lang);
    whole.build();
    let asked = matches.get_one::<String>("command").map(String::as_str);
    let text = match asked.and_then(|name| whole.find_subcommand_mut(name)) {
        Some(command) => command.render_help(),
        None => whole.render_help(),
    };
    print(&text.to_string(), lang)
}

fn print(text: &str, lang: Lang) -> Exit {
    let printed = Terminal::new(lang).stdout(|_, out| writeln_trimmed(text, out));
    if printed.is_ok() { Exit::Clean } else { Exit::Usage }
}

fn writeln_trimmed(text: &str, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "{}", text.trim_end())
}

/// Tells what is wrong with the arguments; help and version come this way too.
pub(super) fn report(error: &clap::Error, arguments: &[OsString], lang: Lang) -> Exit {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => return print(&error.render().to_string(), lang),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => return nothing_asked(lang),
        _ => {}
    }
    let terminal = Terminal::new(lang);
    terminal.error(&hyphened(error, arguments, lang).unwrap_or_else(|| sentence(error, lang)));
    // A value behind the command may be called as another command is.
    let command = arguments.iter().find_map(|a| args::COMMANDS.iter().find(|c| a == *c));
    let mut whole = args::command(lang);
    let asked = command.map_or("riscontro --help".to_owned(), |name| format!("riscontro {name} --help"));
    let usage = command
        .and_then(|name| whole.find_subcommand_mut(name))
        .map(|c: &mut Command| c.render_usage().to_string())
        .unwrap_or_default();
    // clap puts its own English label before the usage.
    if let Some(usage) = usage.strip_prefix("Usage:") {
        terminal.error_detail(&format!("\n{}: {}", lang.pick("Uso", "Usage"), usage.trim()));
    }
    terminal.error_detail(&format!("{}: {asked}", lang.pick("Per l'aiuto", "For help")));
    Exit::Usage
}

/// A file whose name begins with a hyphen is taken for options: how to name it.
fn hyphened(error: &clap::Error, arguments: &[OsString], lang: Lang) -> Option<String> {
    let is_file = |a: &&OsString| a.to_string_lossy().starts_with('-') && Path::new(a).is_file();
    let file = arguments.iter().filter(|_| error.kind() == ErrorKind::UnknownArgument).find(is_file)?;
    let name = file.to_string_lossy();
    let command = if arguments.first().is_some_and(|a| a == "check") { "riscontro check" } else { "riscontro" };
    Some(one_line(&lang.pick(
        format!("«{name}» comincia con un trattino come un'opzione; se è un file: {command} -- {name}"),
        format!("“{name}” begins with a hyphen as options do; if it is a file: {command} -- {name}"),
    )))
}

/// The mistake in one sentence.
fn sentence(error: &clap::Error, lang: Lang) -> String {
    let said = |kind| text(error, kind);
    let option = said(ContextKind::InvalidArg).map(|arg| name_of(&arg)).unwrap_or_default();
    let (it, en) = match error.kind() {
        ErrorKind::UnknownArgument if option.starts_with('-') => with_guess(
            (format!("opzione «{option}» sconosciuta"), format!("unknown option “{option}”")),
            said(ContextKind::SuggestedArg).map(|arg| name_of(&arg)),
        ),
        ErrorKind::UnknownArgument => {
            (format!("argomento «{option}» di troppo"), format!("argument “{option}” is one too many"))
        }
        // Options are for commands: bare paths take none.
        ErrorKind::InvalidSubcommand
            if said(ContextKind::InvalidSubcommand).is_some_and(|n| Path::new(&n).exists()) =>
        {
            let name = said(ContextKind::InvalidSubcommand).unwrap_or_default();
            (
                format!("un file con opzioni vuole il comando: riscontro check {name} …"),
                format!("a file with options wants the command: riscontro check {name} …"),
            )
        }
        ErrorKind::InvalidSubcommand => {
            unknown_command(said(ContextKind::InvalidSubcommand), said(ContextKind::SuggestedSubcommand))
        }
        // The only argument with values of its own is the command of `help`.
        ErrorKind::InvalidValue if option == "[COMANDO]" || option == "[COMMAND]" => {
            unknown_command(said(ContextKind::InvalidValue), said(ContextKind::SuggestedValue))
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => invalid_value(error, &option, lang),
        ErrorKind::ArgumentConflict if said(ContextKind::PriorArg).is_some_and(|a| name_of(&a) != option) => {
            let other = said(ContextKind::PriorArg).map(|arg| name_of(&arg)).unwrap_or_default();
            (
                format!("«{option}» e «{other}» non vanno insieme"),
                format!("“{option}” and “{other}” exclude each other"),
            )
        }
        ErrorKind::ArgumentConflict => {
            (format!("opzione «{option}» indicata più volte"), format!("option “{option}” given more than once"))
        }
        ErrorKind::MissingRequiredArgument => {
            (format!("manca l'argomento {option}"), format!("the argument {option} is missing"))
        }
        ErrorKind::TooManyValues | ErrorKind::WrongNumberOfValues => {
            (format!("troppi valori per «{option}»"), format!("too many values for “{option}”"))
        }
        ErrorKind::TooFewValues | ErrorKind::NoEquals => missing_value(&option),
        ErrorKind::InvalidUtf8 => (
            "un argomento contiene caratteri che non si leggono".to_owned(),
            "an argument holds characters that cannot be read".to_owned(),
        ),
        ErrorKind::MissingSubcommand => ("manca il comando".to_owned(), "the command is missing".to_owned()),
        _ => ("comando non valido".to_owned(), "the command is not valid".to_owned()),
    };
    one_line(&lang.pick(it, en))
}

fn unknown_command(name: Option<String>, guess: Option<String>) -> (String, String) {
    let name = name.unwrap_or_default();
    with_guess((format!("comando «{name}» sconosciuto"), format!("unknown command “{name}”")), guess)
}

fn invalid_value(error: &clap::Error, option: &str, lang: Lang) -> (String, String) {
    let value = text(error, ContextKind::InvalidValue).unwrap_or_default();
    if value.is_empty() {
        return missing_value(option);
    }
    // The words of both languages are taken, those of one are told.
    let (known, guess) = if option == "--fail-on" {
        let words = args::fail_on(lang);
        (words.join(", "), riscontro::text::closest(&value, words).map(str::to_owned))
    } else {
        let known = text(error, ContextKind::ValidValue).unwrap_or_default();
        (known, text(error, ContextKind::SuggestedValue))
    };
    if option == "--format" && Format::PLANNED.contains(&value.as_str()) {
        return (
            format!("il formato «{value}» non è ancora disponibile: disponibili {known}"),
            format!("format “{value}” is not available yet: available are {known}"),
        );
    }
    let wrong =
        (format!("valore «{value}» non valido per «{option}»"), format!("value “{value}” is not valid for “{option}”"));
    let (it, en) = with_guess(wrong, guess);
    let (it_expected, en_expected) = match option {
        "--jobs" | "--max-findings" => ("un numero intero da 1 in su", "a whole number from 1 up"),
        "--as-of" => ("una data come 2024-12-31", "a date like 2024-12-31"),
        _ if known.is_empty() => return (it, en),
        _ => (known.as_str(), known.as_str()),
    };
    (format!("{it}; previsto: {it_expected}"), format!("{en}; expected: {en_expected}"))
}

fn missing_value(option: &str) -> (String, String) {
    (format!("manca il valore di «{option}»"), format!("the value of “{option}” is missing"))
}

fn with_guess((it, en): (String, String), guess: Option<String>) -> (String, String) {
    match guess {
        Some(guess) => (format!("{it}; forse «{guess}»"), format!("{en}; did you mean “{guess}”?")),
        None => (it, en),
    }
}

/// The name of an option without its value (`--out <DIR>`), or of an argument without brackets.
fn name_of(argument: &str) -> String {
    let name = argument.split(' ').next().unwrap_or(argument).trim_end_matches("...");
    name.trim_start_matches('<').trim_end_matches('>').to_owned()
}

fn text(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) if !texts.is_empty() => Some(texts.join(", ")),
        ContextValue::StyledStr(text) => Some(text.to_string()),
        _ => None,
    }
}
