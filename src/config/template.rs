//! The `riscontro.toml` that a body begins with: every key, most of them behind a comment sign.
//!
//! A line that begins with `# ` is a remark; one whose sign is followed by anything else is a setting, in force when the
//! sign is taken away.

use crate::model::Lang;

/// The text, in one of the languages.
pub fn template(lang: Lang) -> &'static str {
    lang.pick(IT, EN)
}

const IT: &str = include_str!("template.it.toml");
const EN: &str = include_str!("template.en.toml");

#[cfg(test)]
mod tests {
    use super::super::Config;
    use super::*;
    use crate::engine::RuleBook;
    use crate::pack::Packs;
    use std::path::Path;

    /// The text with every setting in force.
    fn uncommented(lang: Lang) -> String {
        let open =
            |line: &str| line.strip_prefix('#').filter(|l| !l.starts_with(' ') && !l.is_empty()).map(str::to_owned);
        template(lang).lines().map(|line| open(line).unwrap_or_else(|| line.to_owned()) + "\n").collect()
    }

    #[test]
    fn it_reads_as_it_stands_and_changes_nothing() {
        for lang in [Lang::It, Lang::En] {
            let config = Config::of(Path::new("riscontro.toml"), template(lang)).unwrap();
            assert_eq!(config.written, super::super::Written::default());
        }
    }

    #[test]
    fn every_setting_in_it_holds_when_its_sign_is_taken_away() {
        let packs = Packs::embedded().unwrap();
        let book = RuleBook::to_run(&packs, None).unwrap();
        for lang in [Lang::It, Lang::En] {
            let text = uncommented(lang);
            let config = Config::of(Path::new("riscontro.toml"), &text).unwrap();
            config.check_packs(&packs).unwrap();
            config.check_rules(&book).unwrap();
            let written = &config.written;
            assert!(written.profile.is_some() && written.select.is_some() && written.ignore.is_some(), "{text}");
            assert!(written.fail_on.is_some() && written.lang.is_some(), "{text}");
            assert!(!written.severity.is_empty() && !written.params.is_empty() && !written.headings.is_empty());
            assert_eq!(written.catalogues.len(), 5);
            assert!(written.body.plan_deadline.is_some() && written.cycle.adoption_date.is_some());
            assert!(written.method.matrix.is_some() && !written.method.bands.is_empty());
            assert_eq!((written.plan.complete, written.paths.len()), (Some(true), 1));
        }
    }
}
