//! The documentation of rules and of their language as Markdown, made from the rules themselves.
//!
//! Pages come as texts with relative paths: who asked for them writes them.

mod examples;
mod index;
mod language;
mod page;
mod schedule;
mod schemas;

use std::fmt::{self, Write as _};
use std::sync::Arc;

pub use language::language_docs;
pub use schemas::{SCHEMA_MARK, schema_docs};

use super::markdown::plain;
use crate::engine::{Illustration, Rule, RuleBook, illustrate};
use crate::model::{Certainty, Lang, Method};
use crate::pack::Packs;

/// The first line of every page: by it a page is known as one that may be written over.
pub const DOC_MARK: &str = "<!-- Pagina scritta da riscontro dai file delle regole: non cambiarla qui. Written by riscontro from the rule files: do not change it here. -->";

/// One page of the documentation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocPage {
    /// Path below the folder of the documentation, with `/`.
    pub path: String,
    /// The whole text.
    pub text: String,
}

/// The pages of the rules with these codes, an index in each language, and a page on each of their kinds: what rules
/// may name of it.
pub fn rule_docs(book: &mut RuleBook, packs: &Packs, codes: &[Arc<str>]) -> Vec<DocPage> {
    let shown: Vec<Vec<Illustration>> = codes.iter().map(|code| illustrate(book, code)).collect();
    let by_code = |code: &Arc<str>| book.rules().iter().find(|r| r.info().code == *code);
    let rules = codes.iter().zip(&shown).filter_map(|(code, shown)| Some((by_code(code)?, shown.as_slice()))).collect();
    let docs = Docs { rules, packs };
    // To a text nothing fails to be written.
    docs.pages().unwrap_or_default()
}

/// What the pages are made from.
struct Docs<'a> {
    rules: Vec<(&'a Rule, &'a [Illustration])>,
    packs: &'a Packs,
}

impl Docs<'_> {
    fn pages(&self) -> Result<Vec<DocPage>, fmt::Error> {
        let mut pages = Vec::new();
        for (path, lang) in [("README.md", Lang::It), ("README.en.md", Lang::En)] {
            pages.push(DocPage { path: path.to_owned(), text: self.index(lang)? });
        }
        for pack in &self.packs.packs {
            if self.rules.iter().any(|(r, _)| r.info().kind == pack.schedule.kind) {
                pages.push(DocPage { path: format!("{}/README.md", pack.name), text: schedule::page(pack)? });
            }
        }
        for (rule, shown) in &self.rules {
            pages.push(DocPage { path: format!("{}.md", rule.info().name), text: self.page(rule, shown)? });
        }
        Ok(pages)
    }

    /// A rule by its code, if it has a page.
    fn rule(&self, code: &str) -> Option<&Rule> {
        self.rules.iter().map(|(r, _)| *r).find(|r| *r.info().code == *code)
    }
}

/// A table; nothing without rows.
fn table(out: &mut String, headings: &[&str], rows: &[Vec<String>]) -> fmt::Result {
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(out, "| {} |", headings.join(" | "))?;
    writeln!(out, "|{}", "---|".repeat(headings.len()))?;
    for row in rows {
        writeln!(out, "| {} |", row.join(" | "))?;
    }
    writeln!(out)
}

/// Text of the rule language, as it is.
fn code(out: &mut String, text: &str) -> fmt::Result {
    writeln!(out, "```rhai\n{}\n```\n", text.trim())
}

fn certainty(certainty: Certainty, lang: Lang) -> &'static str {
    match certainty {
        Certainty::Verified => lang.pick("testo verificato", "text verified"),
        Certainty::Unverified => lang.pick("testo non verificato", "text not verified"),
    }
}

fn method(method: Method, lang: Lang) -> &'static str {
    match method {
        Method::Mechanical => lang.pick("decisa dai valori", "decided by the values"),
        Method::Heuristic => lang.pick("euristica, da leggere con giudizio", "heuristic, to be read with judgement"),
    }
}

/// A name of the rule language within a sentence.
fn name(text: &str) -> String {
    format!("`{text}`")
}
