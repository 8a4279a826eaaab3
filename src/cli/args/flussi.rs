//! The arguments of `riscontro flussi`.

use clap::Command;
use riscontro::Lang;

use super::{base, check, format_option, help_flag, output_option, rule_folders};

/// Formats of flows at a glance.
const FORMATS: [&str; 5] = ["full", "markdown", "mermaid", "json", "xlsx"];

/// `riscontro flussi`.
pub(super) fn command(lang: Lang) -> Command {
    let t = |it, en| lang.pick(it, en);
    base("flussi", lang)
        .about(t(
            "Mostra i flussi informativi nel loro insieme: chi fa che cosa in quale flusso di lavoro",
            "Show information flows as a whole: who does what in which workflow",
        ))
        .override_usage(t("riscontro flussi [OPZIONI] PERCORSO...", "riscontro flussi [OPTIONS] PATH..."))
        .after_help(t(
            "La matrice ha le lettere RACI secondo il tipo di ruolo: Owner A e R, Contributor R, Reviewer V\n(verifica), Approver S (approva e firma). «--format mermaid» disegna ogni flusso di lavoro, con i\nrilievi segnati. Il formato si vede anche dal nome del file: -o flussi.xlsx\n\nCodici d'uscita: 0 fatto; 2 comando o destinazione sbagliati; 3 un file manca, è rifiutato o non\ncontiene un flusso informativo. Se ne valgono più d'uno, il più alto.",
            "The matrix has the letters of RACI by the role type: Owner A and R, Contributor R, Reviewer V\n(verifies), Approver S (approves and signs). “--format mermaid” draws each workflow, with the\nfindings marked. The format shows from the name of the file too: -o flows.xlsx\n\nExit codes: 0 done; 2 wrong command or destination; 3 a file is missing, refused or holds no\ninformation flow. If several apply, the highest.",
        ))
        .arg(check::paths(lang))
        .args([format_option(&FORMATS, lang), output_option(lang)])
        .args(rule_folders(lang))
        .args(check::config_options(lang))
        .args(check::input_options(lang))
        .arg(help_flag(lang))
}
