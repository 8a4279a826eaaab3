//! The arguments of `riscontro rules` and `riscontro test`.

use std::path::PathBuf;

use clap::{Arg, ArgAction, Command, ValueHint, value_parser};
use riscontro::Lang;

use super::{LIST_FORMATS, arguments, base, format_option, help_flag, output_option, result, rule_folders};

/// `riscontro rules`.
pub(super) fn command(lang: Lang) -> Command {
    let t = |it, en| lang.pick(it, en);
    base("rules", lang)
        .about(t("Elenca le regole o ne spiega una", "List the rules or explain one"))
        .override_usage(t(
            "riscontro rules [OPZIONI] [REGOLA]\n  riscontro rules new SCHEDA/NOME-DEL-DIFETTO",
            "riscontro rules [OPTIONS] [RULE]\n  riscontro rules new SCHEDULE/NAME-OF-THE-FAULT",
        ))
        .subcommand_help_heading(t("Comandi", "Commands"))
        .arg(Arg::new("rule").value_name(t("REGOLA", "RULE")).help_heading(arguments(lang)).help(t(
            "Codice o nome di una regola (PT-A01), l'inizio che ne accomuna alcune (PT-A), o un tipo di scheda",
            "Code or name of a rule (PT-A01), the beginning that some share (PT-A), or a kind of schedule",
        )))
        .args([format_option(&LIST_FORMATS, lang), output_option(lang)])
        .args(rule_folders(lang))
        .args(instead(lang))
        .arg(help_flag(lang))
        .subcommand(new(lang))
}

/// What `riscontro rules` does instead of listing.
fn instead(lang: Lang) -> [Arg; 4] {
    let t = |it, en| lang.pick(it, en);
    [
            Arg::new("functions")
                .long("functions")
                .action(ArgAction::SetTrue)
                .conflicts_with_all(["rule", "rules"])
                .help_heading(t("Regole", "Rules"))
                .help(t(
                    "Elenca invece le funzioni con cui si scrivono le condizioni delle regole",
                    "List instead the functions that the conditions of rules are written with",
                )),
            Arg::new("coverage")
                .long("coverage")
                .value_name(t("PERCORSO", "PATH"))
                .num_args(1..)
                .value_parser(value_parser!(PathBuf))
                .value_hint(ValueHint::AnyPath)
                .conflicts_with_all(["functions", "docs", "schemas"])
                .help_heading(t("Regole", "Rules"))
                .help(t(
                    "Dice che cosa le regole hanno fatto su questi documenti: quali hanno trovato, quali mai, e perché",
                    "Tell what the rules did on these documents: which found something, which never, and why",
                )),
            Arg::new("docs")
                .long("docs")
                .value_name(t("CARTELLA", "DIR"))
                .value_parser(value_parser!(PathBuf))
                .conflicts_with_all(["format", "output"])
                .help_heading(result(lang))
                .help(t(
                    "Scrive in una cartella una pagina Markdown per regola e l'indice; con --functions quelle sul linguaggio",
                    "Write a Markdown page for each rule and an index to a folder; with --functions those on the language",
                )),
            Arg::new("schemas")
                .long("schemas")
                .value_name(t("CARTELLA", "DIR"))
                .value_parser(value_parser!(PathBuf))
                .conflicts_with_all(["rule", "rules", "functions", "docs", "format", "output"])
                .help_heading(result(lang))
                .help(t(
                    "Scrive in una cartella gli schemi JSON di regole, schedule.toml, riscontro.toml ed eccezioni.toml",
                    "Write the JSON Schemas of rules, schedule.toml, riscontro.toml and eccezioni.toml to a folder",
                )),
    ]
}

/// `riscontro rules new`.
fn new(lang: Lang) -> Command {
    let t = |it, en| lang.pick(it, en);
    base("new", lang)
        .about(t("Comincia una regola: scrive un file da completare", "Start a rule: write a file to be completed"))
        .override_usage(t(
            "riscontro rules new [OPZIONI] SCHEDA/NOME-DEL-DIFETTO",
            "riscontro rules new [OPTIONS] SCHEDULE/NAME-OF-THE-FAULT",
        ))
        .arg(
            Arg::new("name")
                .value_name(t("SCHEDA/NOME-DEL-DIFETTO", "SCHEDULE/NAME-OF-THE-FAULT"))
                .required(true)
                .help_heading(arguments(lang))
                .help(t(
                    "Il tipo di scheda e il difetto, in parole minuscole unite da trattini: ptpct/ufficio-senza-settore",
                    "The kind of schedule and the fault, in lower-case words joined by hyphens: ptpct/ufficio-senza-settore",
                )),
        )
        .arg(
            Arg::new("rules")
                .long("rules")
                .value_name(t("CARTELLA", "DIR"))
                .help_heading(t("Regole", "Rules"))
                .value_parser(value_parser!(PathBuf))
                .help(t(
                    "La cartella delle regole dell'ente (di norma «rules»); se non c'è viene creata",
                    "The folder of the body's own rules (“rules” by default); made if it is not there",
                )),
        )
        .arg(help_flag(lang))
}

/// `riscontro test`.
pub(super) fn test(lang: Lang) -> Command {
    let t = |it, en| lang.pick(it, en);
    base("test", lang)
        .about(t("Prova le regole sugli esempi che contengono", "Try the rules on the examples they hold"))
        .override_usage(t("riscontro test [OPZIONI] [CARTELLA]", "riscontro test [OPTIONS] [DIR]"))
        .arg(
            Arg::new("dir")
                .value_name(t("CARTELLA", "DIR"))
                .help_heading(arguments(lang))
                .value_parser(value_parser!(PathBuf))
                .help(t(
                    "Cartella delle regole da provare (di norma quelle del programma)",
                    "Folder of the rules to try (those of the program by default)",
                )),
        )
        .arg(
            Arg::new("select")
                .long("select")
                .value_name(t("REGOLE", "RULES"))
                .action(ArgAction::Append)
                .value_delimiter(',')
                .help_heading(t("Opzioni", "Options"))
                .help(t(
                    "Solo queste regole: codici, inizi di codice o nomi, separati da virgole",
                    "Only these rules: codes, beginnings of codes or names, separated by commas",
                )),
        )
        .arg(
            Arg::new("mutate")
                .long("mutate")
                .action(ArgAction::SetTrue)
                .help_heading(t("Opzioni", "Options"))
                .help(t(
                    "Cambia le condizioni di ogni regola, un poco alla volta, e nomina i cambiamenti che nessun esempio nota",
                    "Change the conditions of every rule, one bit at a time, and name the changes that no example notices",
                )),
        )
        .args([format_option(&LIST_FORMATS, lang), output_option(lang)])
        .arg(help_flag(lang))
}
