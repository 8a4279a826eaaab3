//! The arguments of `riscontro rules` and `riscontro test`.

use std::path::PathBuf;

use clap::{Arg, ArgAction, Command, value_parser};
use riscontro::Lang;

use super::{LIST_FORMATS, arguments, base, format_option, help_flag, output_option, rule_folders};

/// `riscontro rules`.
pub(super) fn command(lang: Lang) -> Command {
    let t = |it, en| lang.pick(it, en);
    base("rules", lang)
        .about(t("Elenca le regole o ne spiega una", "List the rules or explain one"))
        .override_usage(t("riscontro rules [OPZIONI] [REGOLA]", "riscontro rules [OPTIONS] [RULE]"))
        .arg(Arg::new("rule").value_name(t("REGOLA", "RULE")).help_heading(arguments(lang)).help(t(
            "Codice o nome di una regola (PT-A01), l'inizio che ne accomuna alcune (PT-A), o un tipo di scheda",
            "Code or name of a rule (PT-A01), the beginning that some share (PT-A), or a kind of schedule",
        )))
        .args([format_option(&LIST_FORMATS, lang), output_option(lang)])
        .args(rule_folders(lang))
        .arg(
            Arg::new("functions")
                .long("functions")
                .action(ArgAction::SetTrue)
                .conflicts_with_all(["rule", "rules"])
                .help_heading(t("Regole", "Rules"))
                .help(t(
                    "Elenca invece le funzioni con cui si scrivono le condizioni delle regole",
                    "List instead the functions that the conditions of rules are written with",
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
