//! The commands and their options, every text in both languages: one file a command, here what they share.

mod allegato2;
mod baseline;
mod check;
mod config;
mod diff;
mod flussi;
mod indicatori;
mod limits;
mod modello;
mod ptpct;
mod rules;

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, Command, value_parser};
use riscontro::Lang;

pub(super) use check::fail_on;

/// The names of the commands: a path that is named like one must be written `./check`.
pub(super) const COMMANDS: &[&str] = &[
    "check",
    "allegato2",
    "ptpct",
    "flussi",
    "indicatori",
    "modello",
    "baseline",
    "diff",
    "rules",
    "test",
    "init",
    "config",
    "limits",
    "help",
];

/// Formats of `rules` and `test`.
const LIST_FORMATS: [&str; 2] = ["full", "json"];

/// The place of `--help` in lists of options; those common to all commands stand before it.
const LAST: usize = 1000;

/// The whole command line in one language.
pub(super) fn command(lang: Lang) -> Command {
    let t = |it, en| lang.pick(it, en);
    let general = t("Opzioni generali", "General options");
    base("riscontro", lang)
        .about(t(
            "Controlla le schede di monitoraggio delle amministrazioni pubbliche (XLSX, XLSM, XLSB, XLS, ODS, CSV, Markdown) e dice, cella per cella, che cosa non torna.",
            "Checks the monitoring schedules of Italian public administrations (XLSX, XLSM, XLSB, XLS, ODS, CSV, Markdown) and tells, cell by cell, what does not add up.",
        ))
        .override_usage(t("riscontro COMANDO [OPZIONI]\n  riscontro FILE...", "riscontro COMMAND [OPTIONS]\n  riscontro FILE..."))
        .after_help(t(
            "Con soli percorsi (per esempio trascinando i file sul programma) controlla ogni file e ne salva\nuna copia annotata accanto all'originale, che non viene mai modificato.\n\nAiuto di un comando: riscontro COMANDO --help",
            "Given nothing but paths (files dropped on the program, say), it checks each file and saves an\nannotated copy beside the original, which is never changed.\n\nHelp on a command: riscontro COMMAND --help",
        ))
        .subcommand_help_heading(t("Comandi", "Commands"))
        .arg(help_flag(lang))
        .arg(
            Arg::new("version").short('V').long("version").action(ArgAction::Version).display_order(LAST + 1).help_heading(general)
                .help(t("Mostra la versione", "Show the version")),
        )
        .args(general_options(lang))
        .subcommand(check::command(lang))
        .subcommand(allegato2::command(lang))
        .subcommand(ptpct::command(lang))
        .subcommand(flussi::command(lang))
        .subcommand(indicatori::command(lang))
        .subcommand(modello::command(lang))
        .subcommand(baseline::command(lang))
        .subcommand(diff::command(lang))
        .subcommand(rules::command(lang))
        .subcommand(rules::test(lang))
        .subcommand(config::init(lang))
        .subcommand(config::command(lang))
        .subcommand(limits::command(lang))
        .subcommand(help(lang))
}

fn base(name: &'static str, lang: Lang) -> Command {
    let template = lang.pick(
        "{about}\n\nUso:\n  {usage}\n\n{all-args}{after-help}",
        "{about}\n\nUsage:\n  {usage}\n\n{all-args}{after-help}",
    );
    Command::new(name)
        .version(env!("CARGO_PKG_VERSION"))
        .help_template(template)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .disable_help_subcommand(true)
        .max_term_width(100)
}

fn help_flag(lang: Lang) -> Arg {
    Arg::new("help")
        .short('h')
        .long("help")
        .action(ArgAction::Help)
        .display_order(LAST)
        .help_heading(lang.pick("Opzioni generali", "General options"))
        .help(lang.pick("Mostra questo aiuto", "Show this help"))
}

fn general_options(lang: Lang) -> [Arg; 4] {
    let t = |it, en| lang.pick(it, en);
    let general = t("Opzioni generali", "General options");
    let arg = |id: &'static str| Arg::new(id).long(id).global(true).help_heading(general).display_order(LAST - 1);
    let choice = |id, values: &'static [&'static str]| {
        arg(id).value_parser(PossibleValuesParser::new(values)).hide_possible_values(true)
    };
    [
        choice("lang", &["it", "en"]).value_name("it|en").help(t(
            "Lingua di tutto ciò che il programma scrive; anche con la variabile RISCONTRO_LANG",
            "Language of all that the program writes; also by the variable RISCONTRO_LANG",
        )),
        choice("color", &["auto", "always", "never"]).value_name("auto|always|never").help(t(
            "Colori: se lo schermo li ha (auto), sempre, mai; NO_COLOR li spegne",
            "Colours: where the screen has them (auto), always, never; NO_COLOR switches them off",
        )),
        arg("quiet").short('q').action(ArgAction::SetTrue).help(t(
            "Non scrive nulla sull'andamento del controllo, salvo gli errori",
            "Write nothing about the run but errors",
        )),
        arg("verbose")
            .short('v')
            .action(ArgAction::SetTrue)
            .help(t("Dice anche la causa tecnica degli errori", "Tell the technical cause of errors too")),
    ]
}

/// The heading of the arguments in a help.
fn arguments(lang: Lang) -> &'static str {
    lang.pick("Argomenti", "Arguments")
}

/// The heading of the options on the result in a help.
fn result(lang: Lang) -> &'static str {
    lang.pick("Risultato", "Result")
}

fn format_option(formats: &[&'static str], lang: Lang) -> Arg {
    let list = formats.join(", ");
    Arg::new("format")
        .long("format")
        .value_name(lang.pick("FORMATO", "FORMAT"))
        .help_heading(result(lang))
        .action(ArgAction::Append)
        .hide_possible_values(true)
        .value_parser(PossibleValuesParser::new(formats.iter().copied()))
        .help(lang.pick(
            format!("Formato del risultato, anche più volte: {list} (di norma full)"),
            format!("Format of the result, may be repeated: {list} (full by default)"),
        ))
}

fn output_option(lang: Lang) -> Arg {
    Arg::new("output")
        .short('o')
        .long("output")
        .value_name("FILE")
        .help_heading(result(lang))
        .action(ArgAction::Append)
        .value_parser(value_parser!(PathBuf))
        .help(lang.pick(
            "Scrive in un file il risultato del --format che precede",
            "Write the result of the --format before it to a file",
        ))
}

fn rule_folders(lang: Lang) -> [Arg; 2] {
    let heading = lang.pick("Regole", "Rules");
    [
        Arg::new("rules")
            .long("rules")
            .value_name(lang.pick("CARTELLA", "DIR"))
            .help_heading(heading)
            .action(ArgAction::Append)
            .value_parser(value_parser!(PathBuf))
            .help(lang.pick(
                "Aggiunge le regole di una cartella; si può ripetere",
                "Add the rules of a folder; may be repeated",
            )),
        Arg::new("rules-only")
            .long("rules-only")
            .help_heading(heading)
            .action(ArgAction::SetTrue)
            .help(lang.pick("Usa soltanto le regole di --rules", "Use only the rules of --rules")),
    ]
}

fn help(lang: Lang) -> Command {
    let t = |it, en| lang.pick(it, en);
    base("help", lang)
        .about(t("Mostra l'aiuto di un comando", "Show the help of a command"))
        .override_usage(t("riscontro help [COMANDO]", "riscontro help [COMMAND]"))
        .arg(
            Arg::new("command")
                .value_name(t("COMANDO", "COMMAND"))
                .help_heading(arguments(lang))
                .hide_possible_values(true)
                .value_parser(PossibleValuesParser::new(COMMANDS))
                .help(t("Il comando", "The command")),
        )
        .arg(help_flag(lang))
}
