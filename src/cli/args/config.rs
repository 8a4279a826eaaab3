//! The arguments of `riscontro config` and `riscontro init`.

use std::path::PathBuf;

use clap::{Arg, Command, ValueHint, value_parser};
use riscontro::Lang;

use super::check::{config_options, fail_on_option, profile_option, selection_options};
use super::{LIST_FORMATS, arguments, base, format_option, help_flag, output_option, rule_folders};

/// `riscontro config`.
pub(super) fn command(lang: Lang) -> Command {
    let t = |it, en| lang.pick(it, en);
    base("config", lang)
        .about(t(
            "Dice quali impostazioni valgono per un documento e da dove vengono",
            "Tell which settings hold for a document and where they come from",
        ))
        .override_usage(t("riscontro config [OPZIONI] [PERCORSO]", "riscontro config [OPTIONS] [PATH]"))
        .arg(
            Arg::new("path")
                .value_name(t("PERCORSO", "PATH"))
                .help_heading(arguments(lang))
                .value_parser(value_parser!(PathBuf))
                .value_hint(ValueHint::AnyPath)
                .help(t(
                    "Documento o cartella di documenti (di norma la cartella in cui ci si trova)",
                    "Document, or folder of documents (the current folder by default)",
                )),
        )
        .args([format_option(&LIST_FORMATS, lang), output_option(lang), fail_on_option(lang)])
        .args(rule_folders(lang))
        .args(selection_options(lang))
        .arg(profile_option(lang))
        .args(config_options(lang))
        .arg(help_flag(lang))
}

/// `riscontro init`.
pub(super) fn init(lang: Lang) -> Command {
    let t = |it, en| lang.pick(it, en);
    base("init", lang)
        .about(t(
            "Scrive un riscontro.toml commentato, da completare; non ne sostituisce mai uno",
            "Write a commented riscontro.toml to fill in; it never replaces one",
        ))
        .override_usage(t("riscontro init [OPZIONI] [CARTELLA]", "riscontro init [OPTIONS] [DIR]"))
        .arg(
            Arg::new("dir")
                .value_name(t("CARTELLA", "DIR"))
                .help_heading(arguments(lang))
                .value_parser(value_parser!(PathBuf))
                .value_hint(ValueHint::DirPath)
                .help(t(
                    "Cartella dei documenti (di norma quella in cui ci si trova)",
                    "Folder of the documents (the current one by default)",
                )),
        )
        .arg(help_flag(lang))
}
