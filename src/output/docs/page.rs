//! The page of one rule: what it says and on what ground, its examples, how it is written, and the same in English.

use std::fmt::{self, Write as _};

use super::{DOC_MARK, Docs, certainty, code, examples, method, name, plain, table};
use crate::engine::{Illustration, Rule};
use crate::model::{Lang, Severity};
use crate::output::rules::{meaning, norms_beside, years};

impl Docs<'_> {
    pub(super) fn page(&self, rule: &Rule, shown: &[Illustration]) -> Result<String, fmt::Error> {
        let mut out = String::new();
        let info = rule.info();
        writeln!(out, "{DOC_MARK}\n")?;
        writeln!(out, "# {} · {}\n", info.code, plain(&info.title.it))?;
        writeln!(out, "[Tutte le regole](../README.md) · [In English](#in-english)\n")?;
        self.told(&mut out, rule, shown, Lang::It)?;
        examples::write(&mut out, shown)?;
        written(&mut out, rule)?;
        writeln!(out, "## In English\n\n### {}\n", plain(&info.title.en))?;
        self.told(&mut out, rule, shown, Lang::En)?;
        writeln!(out, "The [examples](#esempi) are those above. [All rules](../README.en.md)")?;
        Ok(out)
    }

    /// What a reader of one language is told.
    fn told(&self, out: &mut String, rule: &Rule, shown: &[Illustration], lang: Lang) -> fmt::Result {
        let info = rule.info();
        let t = |it, en| lang.pick(it, en);
        writeln!(out, "{}\n", plain(info.why.get(lang)))?;
        if let Some(said) = shown.iter().find_map(|s| s.said.first()) {
            let severity = said.severity.label(lang);
            writeln!(out, "> **{severity}**: {}\n", plain(said.message.get(lang)))?;
        }
        writeln!(out, "**{}.** {}\n", t("Rimedio", "Remedy"), plain(info.remedy.get(lang)))?;
        table(out, &["", ""], &self.facts(rule, lang))?;
        let params = rule.params().iter().map(|p| vec![name(&p.name), plain(&p.default), plain(&meaning(p, lang))]);
        let params: Vec<Vec<String>> = params.collect();
        if !params.is_empty() {
            writeln!(out, "{}\n", t("Valori che un ente può cambiare:", "Values that a body may change:"))?;
        }
        table(out, &[t("Parametro", "Parameter"), t("Valore", "Value"), t("Significato", "Meaning")], &params)
    }

    fn facts(&self, rule: &Rule, lang: Lang) -> Vec<Vec<String>> {
        let info = rule.info();
        let t = |it, en| lang.pick(it, en);
        let title = self.packs.get(&info.kind).map(|p| p.schedule.title.get(lang)).unwrap_or_default();
        let also: Vec<String> =
            rule.needs().filter_map(|kind| Some(plain(self.packs.get(kind)?.schedule.title.get(lang)))).collect();
        let before: Vec<String> = rule.superseded_by().iter().map(|code| self.link(code)).collect();
        let gives_way = |other: &&Rule| other.superseded_by().contains(&info.code);
        let after: Vec<String> =
            self.rules.iter().map(|(r, _)| *r).filter(gives_way).map(|r| self.link(&r.info().code)).collect();
        let basis = format!("{} ({})", plain(info.basis.get(lang)), certainty(info.certainty, lang));
        let beside = norms_beside(rule, lang).iter().map(|norm| plain(norm)).collect::<Vec<_>>().join("; ");
        let facts = [
            (t("Nome", "Name"), name(&info.name)),
            (t("Gravità", "Severity"), severities(rule, lang)),
            (t("Norma", "Basis"), basis),
            (t("Con", "With"), beside),
            (t("Documento", "Document"), plain(title)),
            (t("Controlla", "Checks"), plain(rule.subject().get(lang))),
            (t("Metodo", "Method"), method(info.method, lang).to_owned()),
            (t("Anni", "Years"), years(rule, lang)),
            (t("Legge anche", "Also reads"), also.join("; ")),
            (t("Tace dove parla", "Silent where this one reports"), before.join(", ")),
            (t("Fa tacere", "Silences"), after.join(", ")),
        ];
        let given = facts.into_iter().filter(|(_, text)| !text.is_empty());
        given.map(|(label, text)| vec![format!("**{label}**"), text]).collect()
    }

    /// A rule by its code, with the way from a page to its page.
    fn link(&self, code: &str) -> String {
        match self.rule(code) {
            Some(rule) => format!("[{code}](../{}.md \"{}\")", rule.info().name, plain(&rule.info().title.it)),
            None => code.to_owned(),
        }
    }
}

/// Its severity, and those that it has in some cases.
fn severities(rule: &Rule, lang: Lang) -> String {
    let own = rule.info().severity;
    let mut others: Vec<Severity> = rule.other_severities().filter(|s| *s != own).collect();
    others.sort_unstable();
    others.dedup();
    let others: Vec<&str> = others.iter().rev().map(|s| s.label(lang)).collect();
    match others.as_slice() {
        [] => own.label(lang).to_owned(),
        others => {
            let or = others.join(lang.pick(" o ", " or "));
            let others = lang.pick(format!("in alcuni casi {or}"), format!("{or} in some cases"));
            format!("{}; {others}", own.label(lang))
        }
    }
}

/// How the rule is written, for those who write others.
fn written(out: &mut String, rule: &Rule) -> fmt::Result {
    writeln!(out, "## Come è scritta\n\nFile `{}`. Il linguaggio: `riscontro rules --functions`.\n", rule.file())?;
    let named: Vec<String> = rule.named().map(|(name, text)| format!("{name} = {}", text.trim())).collect();
    if !named.is_empty() {
        writeln!(out, "Nomi (`let`):\n")?;
        code(out, &named.join("\n"))?;
    }
    if let Some(when) = rule.when() {
        writeln!(out, "Si applica se (`when`):\n")?;
        code(out, when)?;
    }
    writeln!(out, "Deve valere:\n")?;
    code(out, rule.condition())?;
    if let Some(at) = rule.at() {
        writeln!(out, "Celle segnalate (`at`):\n")?;
        code(out, at)?;
    }
    let messages =
        std::iter::once(("", rule.message())).chain(rule.cases().iter().map(|c| (c.when.trim(), &c.message)));
    writeln!(out, "Messaggi:\n")?;
    for (when, message) in messages {
        let when = if when.is_empty() {
            String::new()
        } else {
            format!("se `{}`: ", when.split_whitespace().collect::<Vec<_>>().join(" "))
        };
        writeln!(out, "- {when}{}", plain(&message.it))?;
    }
    writeln!(out)
}
