//! Sheets in which no table was found.

use std::sync::Arc;

use super::lang::{Bilingual, Lang};

/// A sheet that holds no known table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NearMiss {
    /// Name of the sheet.
    pub sheet: Arc<str>,
    /// The kind that came nearest, if any came near.
    pub kind: Option<Arc<str>>,
    /// What an official calls it.
    pub title: Option<Box<Bilingual>>,
    /// The fields of that kind whose headings were not found, as an official calls them.
    pub missing: Vec<Bilingual>,
    /// A header row was found, but no record under it.
    pub empty: bool,
    /// A table like those of that kind was found, but nothing tells that it is not another kind's.
    pub untold: bool,
    /// The title that speaks of another kind, where the headings of that kind are all there.
    pub foreign: Option<Arc<str>>,
    /// The rows have the numbers or the groups of that form, but other texts.
    pub reworded: bool,
    /// How much on the sheet is like that kind: of several sheets, the one with most is told.
    pub weight: usize,
}

impl NearMiss {
    /// What keeps the sheet from being of the nearest kind; nothing where no kind came near.
    pub fn lacks(&self, lang: Lang) -> Option<String> {
        if self.empty {
            return Some(
                lang.pick("righe compilate sotto le intestazioni", "rows filled in under the headings").into(),
            );
        }
        if self.untold {
            let it = "titolo o intestazioni che dicano di che si tratta";
            return Some(lang.pick(it, "title or headings that tell its subject").into());
        }
        if self.reworded {
            let it = "i testi delle domande del modulo (i numeri o le categorie sono i suoi, le domande no)";
            let en = "the texts of the form's questions (the numbers or the groups are its own, the questions are not)";
            return Some(lang.pick(it, en).into());
        }
        if let Some(title) = &self.foreign {
            let it = format!("un titolo suo: «{title}» è di tabelle di altro genere");
            return Some(lang.pick(it, format!("a title of its own: “{title}” is another kind's")));
        }
        let (open, close) = lang.pick(('«', '»'), ('“', '”'));
        let headings: Vec<String> = self.missing.iter().map(|h| format!("{open}{}{close}", h.get(lang))).collect();
        let noun = match headings.as_slice() {
            [] => return None,
            [_] => lang.pick("l'intestazione", "the heading"),
            _ => lang.pick("le intestazioni", "the headings"),
        };
        Some(format!("{noun} {}", headings.join(", ")))
    }
}
