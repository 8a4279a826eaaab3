//! The arguments of `riscontro check`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, Command, ValueHint, value_parser};
use jiff::civil::Date;
use riscontro::Lang;
use riscontro::output::Format;

use super::{arguments, base, format_option, help_flag, output_option, result, rule_folders};

/// `riscontro check`.
pub(super) fn command(lang: Lang) -> Command {
    let t = |it, en| lang.pick(it, en);
    base("check", lang)
        .about(t("Controlla file e cartelle", "Check files and folders"))
        .override_usage(t("riscontro check [OPZIONI] PERCORSO...", "riscontro check [OPTIONS] PATH..."))
        .after_help(t(
            "Codici d'uscita: 0 nessun rilievo; 1 rilievi dalla gravità di --fail-on in su; 2 comando, regole o\ndestinazione sbagliati, o nessun file da controllare; 3 un file manca, è rifiutato o non si legge;\n130 controllo interrotto. Se ne valgono più d'uno, il più alto.",
            "Exit codes: 0 no finding; 1 findings at the severity of --fail-on or above; 2 wrong command, rules\nor destination, or no file to check; 3 a file is missing, refused or unreadable; 130 interrupted.\nIf several apply, the highest.",
        ))
        .arg(paths(lang).required(false).required_unless_present("whole-plan"))
        .args(result_options(lang))
        .args(rule_options(lang))
        .args(config_options(lang))
        .args(known_options(lang))
        .args(input_options(lang))
        .arg(help_flag(lang))
}

/// What is to be checked.
pub(super) fn paths(lang: Lang) -> Arg {
    let t = |it, en| lang.pick(it, en);
    Arg::new("paths")
        .value_name(t("PERCORSO", "PATH"))
        .help_heading(arguments(lang))
        .action(ArgAction::Append)
        .num_args(1..)
        .required(true)
        .value_parser(value_parser!(PathBuf))
        .value_hint(ValueHint::AnyPath)
        .help(t("File, cartelle o modelli come «2024/**/*.xlsx»", "Files, folders, or patterns like “2024/**/*.xlsx”"))
}

fn result_options(lang: Lang) -> Vec<Arg> {
    let t = |it, en| lang.pick(it, en);
    let arg = |id: &'static str| Arg::new(id).long(id).help_heading(result(lang));
    vec![
        format_option(&Format::ALL.map(Format::name), lang),
        output_option(lang),
        arg("out").value_name(t("CARTELLA", "DIR")).value_parser(value_parser!(PathBuf)).help(t(
            "Salva in questa cartella una copia annotata di ogni file controllato",
            "Save an annotated copy of each file checked in this folder",
        )),
        fail_on_option(lang),
        arg("max-findings").value_name("N").value_parser(value_parser!(NonZeroUsize)).help(t(
            "Mostra al più N rilievi, i più gravi; gli altri sono contati",
            "Show at most N findings, the gravest; the others are counted",
        )),
        arg("dossier").action(ArgAction::SetTrue).help(t(
            "I documenti sono di un solo ente e ciclo: li confronta anche fra loro",
            "The documents are of one body and cycle: compare them with each other too",
        )),
        arg("whole-plan").value_name(t("CARTELLA", "DIR")).value_parser(value_parser!(PathBuf)).help(t(
            "I documenti di questa cartella sono insieme un solo piano: le regole sull'intero piano li guardano tutti",
            "The documents of this folder are one plan together: the rules on a whole plan look at all of them",
        )),
        arg("explain-reading").action(ArgAction::SetTrue).help(t(
            "Spiega come è stata letta ogni tabella: colonne, righe saltate, celle corrette",
            "Explain how each table was read: columns, rows skipped, cells put right",
        )),
        arg("timings").action(ArgAction::SetTrue).help(t(
            "Dice quanto tempo ha preso ogni regola, in millisecondi e in percentuale",
            "Tell the time that each rule took, in milliseconds and per cent",
        )),
    ]
}

/// The words of `--fail-on` in one language; those of both are taken.
pub(in super::super) fn fail_on(lang: Lang) -> [&'static str; 4] {
    lang.pick(["errore", "avviso", "osservazione", "mai"], ["error", "warning", "info", "never"])
}

/// Which rules are evaluated.
pub(super) fn rule_options(lang: Lang) -> Vec<Arg> {
    let t = |it, en| lang.pick(it, en);
    let arg = |id: &'static str| Arg::new(id).long(id).help_heading(t("Regole", "Rules"));
    let mut options = rule_folders(lang).to_vec();
    options.extend(selection_options(lang));
    options.extend([
        profile_option(lang),
        arg("as-of").value_name(t("AAAA-MM-GG", "YYYY-MM-DD")).value_parser(value_parser!(Date)).help(t(
            "Data alla quale riferire il controllo, per i documenti che non dicono l'anno; per le eccezioni, di norma oggi",
            "Date that the check refers to, for documents that do not tell the year; for exceptions, today by default",
        )),
    ]);
    options
}

/// `--profile`.
pub(super) fn profile_option(lang: Lang) -> Arg {
    let t = |it, en| lang.pick(it, en);
    Arg::new("profile").long("profile").help_heading(t("Regole", "Rules")).value_name(t("PROFILO", "PROFILE")).help(t(
        "Adatta le regole a un tipo di ente: piccoli-comuni, camere-di-commercio, ministeri, universita, completo; anche con la variabile RISCONTRO_PROFILE",
        "Fit the rules to a sort of body: piccoli-comuni, camere-di-commercio, ministeri, universita, completo; also by the variable RISCONTRO_PROFILE",
    ))
}

/// `--select` and `--ignore`.
pub(super) fn selection_options(lang: Lang) -> [Arg; 2] {
    let t = |it, en| lang.pick(it, en);
    let list = |id: &'static str| {
        let arg = Arg::new(id).long(id).help_heading(t("Regole", "Rules")).value_name(t("REGOLE", "RULES"));
        arg.action(ArgAction::Append).value_delimiter(',')
    };
    [
        list("select").help(t(
            "Solo queste regole: codici, inizi di codice o nomi, separati da virgole",
            "Only these rules: codes, beginnings of codes or names, separated by commas",
        )),
        list("ignore").help(t("Tutte le regole tranne queste", "All rules but these")),
    ]
}

/// `--fail-on`.
pub(super) fn fail_on_option(lang: Lang) -> Arg {
    let t = |it, en| lang.pick(it, en);
    Arg::new("fail-on")
        .long("fail-on")
        .help_heading(result(lang))
        .value_name(t("GRAVITÀ", "SEVERITY"))
        .hide_possible_values(true)
        .value_parser(PossibleValuesParser::new([fail_on(Lang::It), fail_on(Lang::En)].concat()))
        .help(t(
            "Gravità dalla quale il codice d'uscita è 1: errore (di norma), avviso, osservazione o mai; anche con la variabile RISCONTRO_FAIL_ON",
            "Severity from which the exit code is 1: error (the default), warning, info or never; also by the variable RISCONTRO_FAIL_ON",
        ))
}

fn configuration(id: &'static str, lang: Lang) -> Arg {
    Arg::new(id).long(id).help_heading(lang.pick("Configurazione", "Configuration"))
}

/// Which configuration holds.
pub(super) fn config_options(lang: Lang) -> [Arg; 2] {
    let t = |it, en| lang.pick(it, en);
    let file = configuration("config", lang).value_name("FILE").value_parser(value_parser!(PathBuf));
    [
        file.value_hint(ValueHint::FilePath).help(t(
            "Usa questa configurazione, al posto del riscontro.toml più vicino a ogni file",
            "Use this configuration in place of the riscontro.toml nearest to each file",
        )),
        configuration("isolated", lang).action(ArgAction::SetTrue).conflicts_with("config").help(t(
            "Non cerca né la configurazione né le eccezioni (eccezioni.toml)",
            "Look for no configuration and no exceptions (eccezioni.toml)",
        )),
    ]
}

/// What does not count, and what is compared with.
pub(super) fn known_options(lang: Lang) -> [Arg; 3] {
    let t = |it, en| lang.pick(it, en);
    let file = configuration("baseline", lang).value_name("FILE").value_parser(value_parser!(PathBuf));
    [
        file.value_hint(ValueHint::FilePath).help(t(
            "Non conta i rilievi già noti, scritti in questo file da «riscontro baseline»",
            "Do not count the known findings that “riscontro baseline” wrote to this file",
        )),
        configuration("strict-waivers", lang).action(ArgAction::SetTrue).help(t(
            "Il codice d'uscita è 2 se un'eccezione è scaduta o non corrisponde ad alcun rilievo",
            "The exit code is 2 if an exception has expired or matches no finding",
        )),
        Arg::new("previous")
            .long("previous")
            .help_heading(t("Regole", "Rules"))
            .value_name("FILE")
            .value_parser(value_parser!(PathBuf))
            .value_hint(ValueHint::FilePath)
            .help(t(
                "Documento dell'anno o della versione precedente, per le regole che confrontano",
                "Document of the year or version before, for the rules that compare",
            )),
    ]
}

/// Which files are looked at, and how.
pub(super) fn input_options(lang: Lang) -> Vec<Arg> {
    let t = |it, en| lang.pick(it, en);
    let arg = |id: &'static str| Arg::new(id).long(id).help_heading(t("Che cosa controllare", "What to check"));
    let pattern = |id| arg(id).value_name(t("MODELLO", "PATTERN")).action(ArgAction::Append);
    vec![
        pattern("include").help(t(
            "Nelle cartelle, solo i file con questi nomi o percorsi («*2024*.xlsx»)",
            "In folders, only files with these names or paths (“*2024*.xlsx”)",
        )),
        pattern("exclude").help(t(
            "Nelle cartelle, tralascia file e cartelle con questi nomi o percorsi",
            "In folders, pass over files and folders with these names or paths",
        )),
        arg("strict").action(ArgAction::SetTrue).help(t(
            "Considera errore anche un file di una cartella che non contiene tabelle conosciute",
            "A file of a folder that holds no known table is an error too",
        )),
        arg("limit").value_name(t("NOME=VALORE", "NAME=VALUE")).action(ArgAction::Append).help(t(
            "Cambia un limite di lettura, per esempio file=500MiB; l'elenco: riscontro limits",
            "Change a limit of reading, say file=500MiB; the list: riscontro limits",
        )),
        arg("jobs").value_name("N").value_parser(value_parser!(NonZeroUsize)).help(t(
            "File controllati contemporaneamente (di norma quanti sono i processori)",
            "Files checked at a time (by default as many as there are processors)",
        )),
    ]
}
