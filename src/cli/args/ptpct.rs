//! The arguments of `riscontro ptpct`.

use clap::{Arg, Command, value_parser};
use jiff::civil::Date;
use riscontro::Lang;

use super::{base, check, format_option, help_flag, output_option, result, rule_folders};

/// Formats of the plan at a glance.
const FORMATS: [&str; 4] = ["full", "markdown", "json", "xlsx"];

/// `riscontro ptpct`.
pub(super) fn command(lang: Lang) -> Command {
    let t = |it, en| lang.pick(it, en);
    base("ptpct", lang)
        .about(t(
            "Mostra un piano anticorruzione nel suo insieme: aree, uffici e livelli, ciò che manca, le scadenze",
            "Show an anti-corruption plan as a whole: areas, offices and levels, what is lacking, what is due",
        ))
        .override_usage(t("riscontro ptpct [OPZIONI] PERCORSO...", "riscontro ptpct [OPTIONS] PATH..."))
        .after_help(t(
            "Gli allegati di più uffici sono letti come un piano solo. Il formato si vede anche dal nome del\nfile: -o quadro.xlsx\n\nCodici d'uscita: 0 fatto; 2 comando o destinazione sbagliati; 3 un file manca, è rifiutato o non\ncontiene una tabella di processi. Se ne valgono più d'uno, il più alto.",
            "The annexes of several offices are read as one plan. The format shows from the name of the file\ntoo: -o plan.xlsx\n\nExit codes: 0 done; 2 wrong command or destination; 3 a file is missing, refused or holds no table\nof processes. If several apply, the highest.",
        ))
        .arg(check::paths(lang))
        .args([format_option(&FORMATS, lang), output_option(lang)])
        .arg(
            Arg::new("as-of")
                .long("as-of")
                .value_name(t("AAAA-MM-GG", "YYYY-MM-DD"))
                .help_heading(result(lang))
                .value_parser(value_parser!(Date))
                .help(t(
                    "Il giorno rispetto al quale una misura è scaduta (senza, nessuna lo è)",
                    "The day against which a measure is overdue (without it none is)",
                )),
        )
        .args(rule_folders(lang))
        .args(check::config_options(lang))
        .args(check::input_options(lang))
        .arg(help_flag(lang))
}
