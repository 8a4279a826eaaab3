//! The arguments of `riscontro modello`.

use std::path::PathBuf;

use clap::{Arg, Command, ValueHint, value_parser};
use riscontro::Lang;

use super::{arguments, base, check, help_flag, result, rule_folders};

/// `riscontro modello`.
pub(super) fn command(lang: Lang) -> Command {
    let t = |it, en| lang.pick(it, en);
    base("modello", lang)
        .about(t("Scrive un modello vuoto da compilare, con elenchi e istruzioni", "Write an empty form to fill in, with lists and instructions"))
        .override_usage(t("riscontro modello [OPZIONI] SCHEDA -o FILE.xlsx", "riscontro modello [OPTIONS] KIND -o FILE.xlsx"))
        .after_help(t(
            "Con --from ogni cella ha per nota ciò che c'era nel documento dell'anno precedente. Gli elenchi che\nl'ente dichiara in riscontro.toml (uffici, aree) sono fra quelli da cui scegliere.\n\nCodici d'uscita: 0 fatto; 2 comando o destinazione sbagliati, o il file c'è già; 3 il documento di\n--from manca, è rifiutato o non è di quella scheda.",
            "With --from each cell has a note with what the document of the year before said. Lists that the body\ndeclares in riscontro.toml (offices, areas) are among those to choose from.\n\nExit codes: 0 done; 2 wrong command or destination, or the file is there already; 3 the document of\n--from is missing, refused or of another kind.",
        ))
        .arg(
            Arg::new("kind").value_name(t("SCHEDA", "KIND")).help_heading(arguments(lang)).required(true).help(t(
                "Quale: allegato1, allegato2, registro (degli obiettivi), ptpct, indicatori, o una scheda di --rules",
                "Which: allegato1, allegato2, registro (of objectives), ptpct, indicatori, or one of --rules",
            )),
        )
        .arg(
            Arg::new("output")
                .short('o')
                .long("output")
                .value_name("FILE.xlsx")
                .help_heading(result(lang))
                .value_parser(value_parser!(PathBuf))
                .value_hint(ValueHint::FilePath)
                .help(t("Il file da scrivere, che non deve esserci già", "The file to write, which must not be there already")),
        )
        .arg(
            Arg::new("from")
                .long("from")
                .value_name(t("DOCUMENTO", "DOCUMENT"))
                .help_heading(result(lang))
                .value_parser(value_parser!(PathBuf))
                .value_hint(ValueHint::FilePath)
                .help(t(
                    "Il documento compilato dell'anno precedente: ciò che dice diventa una nota sulle celle",
                    "The document of the year before, filled in: what it says becomes notes on the cells",
                )),
        )
        .arg(
            Arg::new("year")
                .long("year")
                .value_name(t("ANNO", "YEAR"))
                .help_heading(result(lang))
                .value_parser(value_parser!(i16).range(1990..2100))
                .help(t(
                    "L'anno del documento da compilare (di norma il successivo a quello di --from)",
                    "The year of the document to fill in (by default the one after that of --from)",
                )),
        )
        .args(rule_folders(lang))
        .args(check::config_options(lang))
        // One document is read at most: what is said of folders is not for here.
        .args(check::input_options(lang).into_iter().map(|arg| if arg.get_id() == "limit" { arg } else { arg.hide(true) }))
        .arg(help_flag(lang))
}
