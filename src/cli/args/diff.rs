//! The arguments of `riscontro diff`.

use std::path::PathBuf;

use clap::{Arg, Command, ValueHint, value_parser};
use riscontro::Lang;

use super::{arguments, base, check, format_option, help_flag, output_option};

/// Formats of a comparison.
const FORMATS: [&str; 4] = ["full", "markdown", "json", "xlsx"];

/// `riscontro diff`.
pub(super) fn command(lang: Lang) -> Command {
    let t = |it, en| lang.pick(it, en);
    let path = |id: &'static str, name: &'static str| {
        Arg::new(id)
            .value_name(name)
            .help_heading(arguments(lang))
            .required(true)
            .value_parser(value_parser!(PathBuf))
            .value_hint(ValueHint::AnyPath)
    };
    base("diff", lang)
        .about(t(
            "Confronta due anni, o due versioni, di un documento",
            "Compare two years, or two versions, of a document",
        ))
        .override_usage(t("riscontro diff [OPZIONI] VECCHIO NUOVO", "riscontro diff [OPTIONS] OLD NEW"))
        .after_help(t(
            "Due cartelle si confrontano file per file, per nome. Il formato xlsx va in un file: -o confronto.xlsx\n\nCodici d'uscita: 0 nessun rilievo nuovo; 1 rilievi nuovi dalla gravità di --fail-on in su; 2 comando,\nregole o destinazione sbagliati, o nulla da confrontare; 3 un file manca, è rifiutato o non si legge.\nSe ne valgono più d'uno, il più alto.",
            "Two folders are compared file by file, by name. The format xlsx goes to a file: -o changes.xlsx\n\nExit codes: 0 no new finding; 1 new findings at the severity of --fail-on or above; 2 wrong command,\nrules or destination, or nothing to compare; 3 a file is missing, refused or unreadable.\nIf several apply, the highest.",
        ))
        .arg(path("old", t("VECCHIO", "OLD")).help(t(
            "Il documento, o la cartella, di prima",
            "The document, or folder, of before",
        )))
        .arg(path("new", t("NUOVO", "NEW")).help(t(
            "Il documento, o la cartella, di adesso",
            "The document, or folder, as it is",
        )))
        .args([format_option(&FORMATS, lang), output_option(lang), check::fail_on_option(lang)])
        .args(check::rule_options(lang))
        .args(check::config_options(lang))
        .args(check::known_options(lang).into_iter().take(2))
        .args(check::input_options(lang))
        .arg(help_flag(lang))
}
