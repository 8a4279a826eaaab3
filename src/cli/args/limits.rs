//! The arguments of `riscontro limits`.

use clap::Command;
use riscontro::Lang;

use super::{LIST_FORMATS, base, format_option, help_flag, output_option};

/// `riscontro limits`.
pub(super) fn command(lang: Lang) -> Command {
    let t = |it, en| lang.pick(it, en);
    base("limits", lang)
        .about(t("Elenca i limiti oltre i quali un file è rifiutato", "List the limits beyond which a file is refused"))
        .override_usage(t("riscontro limits [OPZIONI]", "riscontro limits [OPTIONS]"))
        .args([format_option(&LIST_FORMATS, lang), output_option(lang)])
        .arg(help_flag(lang))
}
