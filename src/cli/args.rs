//! The commands and their options, every text in both languages.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, Command, ValueHint, value_parser};
use jiff::civil::Date;
use riscontro::Lang;
use riscontro::output::Format;

/// The names of the commands: a path that is named like one must be written `./check`.
pub(super) const COMMANDS: &[&str] = &["check", "rules", "test", "limits", "help"];

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
        .subcommand(check(lang))
        .subcommand(rules(lang))
        .subcommand(test(lang))
        .subcommand(limits(lang))
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

fn check(lang: Lang) -> Command {
    let t = |it, en| lang.pick(it, en);
    base("check", lang)
        .about(t("Controlla file e cartelle", "Check files and folders"))
        .override_usage(t("riscontro check [OPZIONI] PERCORSO...", "riscontro check [OPTIONS] PATH..."))
        .after_help(t(
            "Codici d'uscita: 0 nessun rilievo; 1 rilievi dalla gravità di --fail-on in su; 2 comando, regole o\ndestinazione sbagliati, o nessun file da controllare; 3 un file manca, è rifiutato o non si legge;\n130 controllo interrotto. Se ne valgono più d'uno, il più alto.",
            "Exit codes: 0 no finding; 1 findings at the severity of --fail-on or above; 2 wrong command, rules\nor destination, or no file to check; 3 a file is missing, refused or unreadable; 130 interrupted.\nIf several apply, the highest.",
        ))
        .arg(
            Arg::new("paths")
                .value_name(t("PERCORSO", "PATH"))
                .help_heading(t("Argomenti", "Arguments"))
                .action(ArgAction::Append)
                .num_args(1..)
                .required(true)
                .value_parser(value_parser!(PathBuf))
                .value_hint(ValueHint::AnyPath)
                .help(t(
                    "File, cartelle o modelli come «2024/**/*.xlsx»",
                    "Files, folders, or patterns like “2024/**/*.xlsx”",
                )),
        )
        .args(result_options(lang))
        .args(rule_options(lang))
        .args(config_options(lang))
        .args(input_options(lang))
        .arg(help_flag(lang))
}

fn result_options(lang: Lang) -> Vec<Arg> {
    let t = |it, en| lang.pick(it, en);
    let arg = |id: &'static str| Arg::new(id).long(id).help_heading(t("Risultato", "Result"));
    vec![
        format_option(&Format::ALL.map(Format::name), lang),
        output_option(lang),
        arg("out").value_name(t("CARTELLA", "DIR")).value_parser(value_parser!(PathBuf)).help(t(
            "Salva in questa cartella una copia annotata di ogni file controllato",
            "Save an annotated copy of each file checked in this folder",
        )),
        arg("fail-on")
            .value_name(t("GRAVITÀ", "SEVERITY"))
            .hide_possible_values(true)
            .value_parser(PossibleValuesParser::new([fail_on(Lang::It), fail_on(Lang::En)].concat()))
            .help(t(
                "Gravità dalla quale il codice d'uscita è 1: errore (di norma), avviso, osservazione o mai",
                "Severity from which the exit code is 1: error (the default), warning, info or never",
            )),
        arg("max-findings").value_name("N").value_parser(value_parser!(NonZeroUsize)).help(t(
            "Mostra al più N rilievi, i più gravi; gli altri sono contati",
            "Show at most N findings, the gravest; the others are counted",
        )),
        arg("explain-reading").action(ArgAction::SetTrue).help(t(
            "Spiega come è stata letta ogni tabella: colonne, righe saltate, celle corrette",
            "Explain how each table was read: columns, rows skipped, cells put right",
        )),
    ]
}

/// The words of `--fail-on` in one language; those of both are taken.
pub(super) fn fail_on(lang: Lang) -> [&'static str; 4] {
    lang.pick(["errore", "avviso", "osservazione", "mai"], ["error", "warning", "info", "never"])
}

fn format_option(formats: &[&'static str], lang: Lang) -> Arg {
    let list = formats.join(", ");
    Arg::new("format")
        .long("format")
        .value_name(lang.pick("FORMATO", "FORMAT"))
        .help_heading(lang.pick("Risultato", "Result"))
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
        .help_heading(lang.pick("Risultato", "Result"))
        .action(ArgAction::Append)
        .value_parser(value_parser!(PathBuf))
        .help(lang.pick(
            "Scrive in un file il risultato del --format che precede",
            "Write the result of the --format before it to a file",
        ))
}

fn rule_options(lang: Lang) -> Vec<Arg> {
    let t = |it, en| lang.pick(it, en);
    let arg = |id: &'static str| Arg::new(id).long(id).help_heading(t("Regole", "Rules"));
    let list = |id| arg(id).value_name(t("REGOLE", "RULES")).action(ArgAction::Append).value_delimiter(',');
    let mut options = rule_folders(lang).to_vec();
    options.extend([
        list("select").help(t(
            "Solo queste regole: codici, inizi di codice o nomi, separati da virgole",
            "Only these rules: codes, beginnings of codes or names, separated by commas",
        )),
        list("ignore").help(t("Tutte le regole tranne queste", "All rules but these")),
        arg("as-of").value_name(t("AAAA-MM-GG", "YYYY-MM-DD")).value_parser(value_parser!(Date)).help(t(
            "Data alla quale riferire il controllo, per i documenti che non dicono l'anno",
            "Date that the check refers to, for documents that do not tell the year",
        )),
    ]);
    options
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

fn config_options(lang: Lang) -> [Arg; 2] {
    let t = |it, en| lang.pick(it, en);
    let arg = |id: &'static str| Arg::new(id).long(id).help_heading(t("Configurazione", "Configuration"));
    [
        arg("config").value_name("FILE").value_parser(value_parser!(PathBuf)).value_hint(ValueHint::FilePath).help(t(
            "Usa questa configurazione, al posto del riscontro.toml più vicino a ogni file",
            "Use this configuration in place of the riscontro.toml nearest to each file",
        )),
        arg("isolated")
            .action(ArgAction::SetTrue)
            .conflicts_with("config")
            .help(t("Non cerca alcuna configurazione", "Look for no configuration")),
    ]
}

fn input_options(lang: Lang) -> Vec<Arg> {
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

fn rules(lang: Lang) -> Command {
    let t = |it, en| lang.pick(it, en);
    base("rules", lang)
        .about(t("Elenca le regole o ne spiega una", "List the rules or explain one"))
        .override_usage(t("riscontro rules [OPZIONI] [REGOLA]", "riscontro rules [OPTIONS] [RULE]"))
        .arg(Arg::new("rule").value_name(t("REGOLA", "RULE")).help_heading(t("Argomenti", "Arguments")).help(t(
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

fn test(lang: Lang) -> Command {
    let t = |it, en| lang.pick(it, en);
    base("test", lang)
        .about(t("Prova le regole sugli esempi che contengono", "Try the rules on the examples they hold"))
        .override_usage(t("riscontro test [OPZIONI] [CARTELLA]", "riscontro test [OPTIONS] [DIR]"))
        .arg(
            Arg::new("dir")
                .value_name(t("CARTELLA", "DIR"))
                .help_heading(t("Argomenti", "Arguments"))
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

fn limits(lang: Lang) -> Command {
    let t = |it, en| lang.pick(it, en);
    base("limits", lang)
        .about(t("Elenca i limiti oltre i quali un file è rifiutato", "List the limits beyond which a file is refused"))
        .override_usage(t("riscontro limits [OPZIONI]", "riscontro limits [OPTIONS]"))
        .args([format_option(&LIST_FORMATS, lang), output_option(lang)])
        .arg(help_flag(lang))
}

fn help(lang: Lang) -> Command {
    let t = |it, en| lang.pick(it, en);
    base("help", lang)
        .about(t("Mostra l'aiuto di un comando", "Show the help of a command"))
        .override_usage(t("riscontro help [COMANDO]", "riscontro help [COMMAND]"))
        .arg(
            Arg::new("command")
                .value_name(t("COMANDO", "COMMAND"))
                .help_heading(t("Argomenti", "Arguments"))
                .hide_possible_values(true)
                .value_parser(PossibleValuesParser::new(COMMANDS))
                .help(t("Il comando", "The command")),
        )
        .arg(help_flag(lang))
}
