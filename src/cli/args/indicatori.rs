//! The arguments of `riscontro indicatori`.

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Arg, Command};
use riscontro::Lang;
use riscontro::model::OverallRule;

use super::{base, check, format_option, help_flag, output_option, result, rule_folders};

/// Formats of indicators at a glance.
const FORMATS: [&str; 5] = ["full", "markdown", "json", "csv", "xlsx"];

/// `riscontro indicatori`.
pub(super) fn command(lang: Lang) -> Command {
    let t = |it, en| lang.pick(it, en);
    // «text» says what «full» is, where nothing shorter exists.
    let formats = FORMATS.map(|name| {
        let value = PossibleValue::new(name);
        if name == "full" { value.alias("text") } else { value }
    });
    base("indicatori", lang)
        .about(t(
            "Mostra gli indicatori nel loro insieme: verso, target raggiunti o no, raggiungimento, andamento",
            "Show indicators as a whole: direction, targets met or not, attainment, trend",
        ))
        .override_usage(t("riscontro indicatori [OPZIONI] PERCORSO...", "riscontro indicatori [OPTIONS] PATH..."))
        .after_help(t(
            "Il verso viene da ciò che è dichiarato, poi dal target («≥», «≤», una data), poi da valore di\npartenza e target, poi dalle parole dell'indicatore; se nulla lo dice, o se i segnali si\ncontraddicono, non c'è esito e si dice perché. Il formato si vede anche dal nome del file:\n-o indicatori.xlsx\n\nCodici d'uscita: 0 fatto; 2 comando o destinazione sbagliati; 3 un file manca, è rifiutato o non\ncontiene una tabella di indicatori. Se ne valgono più d'uno, il più alto.",
            "The direction comes from what is declared, then from the target (“≥”, “≤”, a day), then from\nbaseline and target, then from the words of the indicator; where nothing tells it, or what tells it\ncontradicts itself, there is no outcome, and the reason is told. The format shows from the name of\nthe file too: -o indicators.xlsx\n\nExit codes: 0 done; 2 wrong command or destination; 3 a file is missing, refused or holds no table\nof indicators. If several apply, the highest.",
        ))
        .arg(check::paths(lang))
        .args([format_option(&FORMATS, lang).value_parser(PossibleValuesParser::new(formats)), output_option(lang)])
        .arg(
            Arg::new("overall")
                .long("overall")
                .value_name("weighted|worst")
                .help_heading(result(lang))
                .value_parser(PossibleValuesParser::new(OverallRule::ALL.map(OverallRule::name)))
                .hide_possible_values(true)
                .help(t(
                    "Il raggiungimento complessivo: media ponderata con i pesi (di norma) o il peggiore",
                    "The overall attainment: mean weighted by the weights (the default) or the worst",
                )),
        )
        .args(rule_folders(lang))
        .args(check::config_options(lang))
        .args(check::input_options(lang))
        .arg(help_flag(lang))
}
