//! The index of the rules: by kind of document, and by the norm they rest on.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use super::super::words::count;
use super::{DOC_MARK, Docs, certainty, plain, table};
use crate::engine::Rule;
use crate::model::{Certainty, Lang, Severity};

impl Docs<'_> {
    pub(super) fn index(&self, lang: Lang) -> Result<String, fmt::Error> {
        let mut out = String::new();
        let t = |it, en| lang.pick(it, en);
        writeln!(out, "{DOC_MARK}\n\n# {}\n", t("Le regole", "The rules"))?;
        writeln!(out, "{}\n", t("[In English](README.en.md)", "[In italiano](README.md)"))?;
        self.opening(&mut out, lang)?;
        writeln!(out, "## {}\n", t("Per documento", "By document"))?;
        for pack in &self.packs.packs {
            self.of_kind(&mut out, &pack.schedule.kind, lang)?;
        }
        writeln!(out, "## {}\n", t("Per norma", "By norm"))?;
        self.by_norm(&mut out, lang)?;
        Ok(out)
    }

    fn opening(&self, out: &mut String, lang: Lang) -> fmt::Result {
        let of = |severity: Severity| self.rules.iter().filter(|(r, _)| r.info().severity == severity).count();
        let counts = [Severity::Errore, Severity::Avviso, Severity::Osservazione].map(of);
        let n = self.rules.len();
        match lang {
            Lang::It => {
                let [e, a, o] = counts;
                let (e, a, o) = (
                    count(e, "errore", "errori"),
                    count(a, "avviso", "avvisi"),
                    count(o, "osservazione", "osservazioni"),
                );
                writeln!(
                    out,
                    "{}: {e}, {a}, {o}. Ogni pagina dice il difetto e perché conta, la norma e se il suo testo è stato verificato, il rimedio, gli esempi con cui la regola è provata. Le stesse cose sullo schermo: `riscontro rules CODICE`.\n",
                    count(n, "regola", "regole")
                )?;
                writeln!(
                    out,
                    "Un *errore* è una contraddizione, una regola del modulo non rispettata o un dato chiesto e lasciato in bianco; un *avviso* va di norma corretto; un'*osservazione* aiuta chi rilegge.\n"
                )
            }
            Lang::En => {
                let [e, a, o] = counts;
                let (e, a, o) =
                    (count(e, "error", "errors"), count(a, "warning", "warnings"), count(o, "info", "infos"));
                writeln!(
                    out,
                    "{}: {e}, {a}, {o}. Each page tells the fault and why it matters, the norm and whether its text was verified, the remedy, and the examples that prove the rule; its English part stands at the end. The same on the screen: `riscontro rules CODE --lang en`.\n",
                    count(n, "rule", "rules")
                )?;
                writeln!(
                    out,
                    "An *error* is a contradiction, a broken rule of the form, or a value that is asked and left blank; a *warning* is normally to be corrected; an *info* helps those who read again.\n"
                )
            }
        }
    }

    fn of_kind(&self, out: &mut String, kind: &str, lang: Lang) -> fmt::Result {
        let rows: Vec<Vec<String>> =
            self.rules.iter().map(|(r, _)| *r).filter(|r| *r.info().kind == *kind).map(|r| row(r, lang)).collect();
        let (Some(pack), false) = (self.packs.get(kind), rows.is_empty()) else { return Ok(()) };
        let t = |it, en| lang.pick(it, en);
        let title = plain(pack.schedule.title.get(lang));
        let counted = lang.pick(count(rows.len(), "regola", "regole"), count(rows.len(), "rule", "rules"));
        writeln!(out, "### {title}\n")?;
        let names = t("che cosa le regole possono nominare", "what rules may name");
        writeln!(out, "{counted}; [{names}]({}/README.md).\n", pack.name)?;
        let headings = [t("Codice", "Code"), t("Difetto", "Fault"), t("Gravità", "Severity"), t("Norma", "Basis")];
        table(out, &headings, &rows)
    }

    fn by_norm(&self, out: &mut String, lang: Lang) -> fmt::Result {
        let mut norms: BTreeMap<(&str, &str), Vec<&Rule>> = BTreeMap::new();
        for (rule, _) in &self.rules {
            let info = rule.info();
            norms.entry((info.basis.get(lang), certainty(info.certainty, lang))).or_default().push(rule);
        }
        for ((norm, certainty), rules) in norms {
            writeln!(out, "### {}\n\n*{}*\n", plain(norm), crate::text::capital(certainty))?;
            for rule in rules {
                writeln!(out, "- {} {}", link(rule, lang), plain(rule.info().title.get(lang)))?;
            }
            writeln!(out)?;
        }
        Ok(())
    }
}

fn row(rule: &Rule, lang: Lang) -> Vec<String> {
    let info = rule.info();
    let mut basis = plain(info.basis.get(lang));
    if info.certainty == Certainty::Unverified {
        basis = format!("{basis} ({})", certainty(info.certainty, lang));
    }
    vec![link(rule, lang), plain(info.title.get(lang)), info.severity.label(lang).to_owned(), basis]
}

/// The code, with the way to the page.
fn link(rule: &Rule, lang: Lang) -> String {
    let part = lang.pick("", "#in-english");
    format!("[{}]({}.md{part})", rule.info().code, rule.info().name)
}
