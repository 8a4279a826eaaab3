//! The arguments of `riscontro allegato2`.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, Command, ValueHint, value_parser};
use riscontro::Lang;

use super::{base, check, format_option, help_flag, output_option, result, rule_folders};

/// Formats of the computation.
const FORMATS: [&str; 5] = ["full", "markdown", "json", "csv", "xlsx"];
/// Yes and no, in both languages.
const YES_NO: [&str; 4] = ["si", "no", "yes", "sì"];

/// `riscontro allegato2`.
pub(super) fn command(lang: Lang) -> Command {
    let t = |it, en| lang.pick(it, en);
    base("allegato2", lang)
        .about(t(
            "Calcola l'Allegato 2 dal registro degli obiettivi",
            "Compute the Allegato 2 from the register of objectives",
        ))
        .override_usage(t("riscontro allegato2 [OPZIONI] REGISTRO...", "riscontro allegato2 [OPTIONS] REGISTER..."))
        .after_help(t(
            "Il formato si vede anche dal nome del file: -o allegato2.xlsx. Nel foglio di calcolo ogni conteggio\nè una formula sul foglio «Evidenze»: cambiando un segno cambia il conteggio.\n\nCodici d'uscita: 0 fatto; 1 con --compare, conteggi diversi da quelli dichiarati; 2 comando o\ndestinazione sbagliati; 3 un file manca, è rifiutato o non contiene un registro di obiettivi.\nSe ne valgono più d'uno, il più alto.",
            "The format shows from the name of the file too: -o allegato2.xlsx. In the workbook each figure is a\nformula over the sheet “Evidence”: change a mark and the figure changes.\n\nExit codes: 0 done; 1 with --compare, figures other than declared; 2 wrong command or destination;\n3 a file is missing, refused or holds no register of objectives. If several apply, the highest.",
        ))
        .arg(
            check::paths(lang).value_name(t("REGISTRO", "REGISTER")).help(t(
                "Registri degli obiettivi e degli indicatori: file, cartelle o modelli; si uniscono per codice",
                "Registers of objectives and indicators: files, folders or patterns; they are joined by code",
            )),
        )
        .args([format_option(&FORMATS, lang), output_option(lang)])
        .args(beside(lang))
        .args(choices(lang))
        .args(rule_folders(lang))
        .args(check::config_options(lang))
        .args(check::input_options(lang))
        .arg(help_flag(lang))
}

/// The Allegato 2 that is there.
fn beside(lang: Lang) -> [Arg; 2] {
    let t = |it, en| lang.pick(it, en);
    let file = |id: &'static str| {
        Arg::new(id)
            .long(id)
            .value_name("ALLEGATO2")
            .help_heading(result(lang))
            .value_parser(value_parser!(PathBuf))
            .value_hint(ValueHint::FilePath)
    };
    [
        file("compare").help(t(
            "Confronta con i conteggi dichiarati in questo Allegato 2, e dice da quali righe viene la differenza",
            "Compare with the figures declared in this Allegato 2, and tell from which lines a difference comes",
        )),
        file("fill").help(t(
            "Compila una copia di questo Allegato 2 in .xlsx, conservandone l'aspetto: -o copia.xlsx",
            "Fill in a copy of this Allegato 2 (.xlsx), keeping its looks: -o copy.xlsx",
        )),
    ]
}

/// The decisions of counting.
fn choices(lang: Lang) -> Vec<Arg> {
    let t = |it, en| lang.pick(it, en);
    let arg = |id: &'static str| Arg::new(id).long(id).help_heading(t("Scelte di conteggio", "Decisions of counting"));
    let of = |id, name, values: &'static [&'static str]| {
        arg(id).value_name(name).value_parser(PossibleValuesParser::new(values)).hide_possible_values(true)
    };
    let yes_no = |id| of(id, t("si|no", "yes|no"), &YES_NO);
    let words = |id| arg(id).value_name(t("PAROLA", "WORD")).action(ArgAction::Append);
    vec![
        arg("year").value_name(t("ANNO", "YEAR")).value_parser(value_parser!(i16).range(1990..2100)).help(t(
            "L'anno dei conteggi (di norma quello del registro)",
            "The year counted (by default the register's)",
        )),
        of("unstated-level", "strategico|operativo", &["strategico", "operativo"]).help(t(
            "Il livello degli obiettivi di cui il registro non ne dice alcuno (di norma non contati)",
            "The level of objectives of which the register tells none (by default not counted)",
        )),
        words("strategic").help(t(
            "Conta come strategici anche gli obiettivi di questo livello; si può ripetere",
            "Count objectives of this level as strategic too; may be repeated",
        )),
        words("operational").help(t(
            "Conta come operativi anche gli obiettivi di questo livello; si può ripetere",
            "Count objectives of this level as operational too; may be repeated",
        )),
        of("formula", t("mancante|dovuta", "missing|due"), &["mancante", "dovuta", "missing", "due"]).help(t(
            "Indicatori senza formula: tutti (mancante, di norma) o solo quelli che ne vogliono una (dovuta)",
            "Indicators without formula: all (missing, the default) or only those that need one (due)",
        )),
        yes_no("text-targets").help(t(
            "Un target a parole vale come target (di norma si)",
            "A target in words is a target (yes by default)",
        )),
        yes_no("choice-targets")
            .help(t("«SI/NO» da solo vale come target (di norma no)", "“SI/NO” alone is a target (no by default)")),
        yes_no("zero-resources").help(t(
            "0 euro e «senza oneri» valgono come risorse assegnate (di norma no)",
            "Zero euro and “senza oneri” are resources assigned (no by default)",
        )),
        yes_no("units-as-staff").help(t(
            "Il nome del solo ufficio vale come risorse umane (di norma si)",
            "The name of the office alone is staff (yes by default)",
        )),
        of("shared-indicators", t("ciascuno|una", "each|once"), &["ciascuno", "una", "each", "once"]).help(t(
            "Un indicatore di più obiettivi conta per ciascuno (di norma) o una volta",
            "An indicator of several objectives counts for each (the default) or once",
        )),
    ]
}
