//! The arguments of `riscontro baseline`.

use clap::{Arg, ArgAction, Command, value_parser};
use riscontro::Lang;
use std::path::PathBuf;

use super::{base, check, help_flag, result};

/// `riscontro baseline`.
pub(super) fn command(lang: Lang) -> Command {
    let t = |it, en| lang.pick(it, en);
    base("baseline", lang)
        .about(t("Scrive i rilievi di oggi, perché non contino più", "Write today's findings, so that they count no more"))
        .override_usage(t("riscontro baseline [OPZIONI] PERCORSO...", "riscontro baseline [OPTIONS] PATH..."))
        .after_help(t(
            "Con «riscontro check --baseline FILE» i rilievi scritti qui non contano, anche se le righe sono state\nspostate, finché il valore nella cella resta lo stesso. Quelli in eccezione (eccezioni.toml) non vi entrano.",
            "With “riscontro check --baseline FILE” the findings written here do not count, also where rows were\nmoved, while the value in the cell stays the same. Those excepted (eccezioni.toml) are not among them.",
        ))
        .arg(check::paths(lang))
        .arg(
            Arg::new("output")
                .short('o')
                .long("output")
                .value_name("FILE")
                .help_heading(result(lang))
                .action(ArgAction::Set)
                .value_parser(value_parser!(PathBuf))
                .help(t("Scrive in un file (di norma sullo schermo)", "Write to a file (to the screen by default)")),
        )
        .args(check::rule_options(lang))
        .args(check::config_options(lang))
        .args(check::input_options(lang))
        .arg(help_flag(lang))
}
