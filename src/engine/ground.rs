//! What a rule rests on, and in which years: its norm, those that confirm it, and the years of the rule itself.

use std::rc::Rc;

use super::rule::Rule;
use crate::model::{Basis, Bilingual, Lang};
use crate::pack::Schedule;

/// The norm of a rule and those cited behind it, each in its own years.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ground {
    own: Basis,
    beside: Vec<Basis>,
}

impl Ground {
    /// The norm of an id; `None` if the schedule has none.
    pub(super) fn of(schedule: &Schedule, id: &str) -> Option<Self> {
        let own = schedule.norms.get(id)?.clone();
        let beside = own.beside.iter().filter_map(|id| schedule.norms.get(id)).cloned().collect();
        Some(Self { own, beside })
    }

    /// What a finding on a document of that year cites; of a document that tells no year, what holds whatever it is.
    pub(super) fn cited(&self, year: Option<i16>, lang: Lang) -> String {
        let is_always = |b: &Basis| b.valid_from.is_none() && b.valid_to.is_none();
        let beside = self.beside.iter().filter(|b| year.map_or_else(|| is_always(b), |year| b.holds_in(year)));
        let texts: Vec<&str> = [&self.own].into_iter().chain(beside).map(|b| b.text.get(lang)).collect();
        texts.join("; ")
    }

    /// The norms cited behind its own, with their years.
    pub(super) fn beside(&self) -> &[Basis] {
        &self.beside
    }

    /// First and last year of its own norm.
    pub(super) fn years(&self) -> (Option<i16>, Option<i16>) {
        (self.own.valid_from, self.own.valid_to)
    }
}

impl Rule {
    /// Whether it matters of which year a document is.
    pub(super) fn has_years(&self) -> bool {
        [self.years, self.ground.years()].iter().any(|(from, to)| from.is_some() || to.is_some())
    }

    /// Why it says nothing of the documents of a year; `None` where it does.
    pub(super) fn outside(&self, year: i16) -> Option<Rc<Bilingual>> {
        let norm = &self.ground.own;
        let (what, years) = if !norm.holds_in(year) {
            let (it, en) = (&norm.text.it, &norm.text.en);
            ((format!("la norma «{it}»"), format!("the norm “{en}”")), self.ground.years())
        } else if !within(self.years, year) {
            (("la regola".to_owned(), "the rule".to_owned()), self.years)
        } else {
            return None;
        };
        let span = span(years);
        Some(Rc::new(Bilingual::new(
            format!("{} vale {}: il documento è del {year}", what.0, span.it),
            format!("{} holds {}: the document is of {year}", what.1, span.en),
        )))
    }
}

fn within((from, to): (Option<i16>, Option<i16>), year: i16) -> bool {
    from.is_none_or(|from| from <= year) && to.is_none_or(|to| year <= to)
}

/// Years in words, as they stand behind «vale»; empty for all.
pub(super) fn span(years: (Option<i16>, Option<i16>)) -> Bilingual {
    match years {
        (Some(from), Some(to)) if from == to => {
            Bilingual::new(format!("solo per il {from}"), format!("for {from} only"))
        }
        (Some(from), Some(to)) => Bilingual::new(format!("dal {from} al {to}"), format!("from {from} to {to}")),
        (Some(from), None) => Bilingual::new(format!("dal {from}"), format!("from {from}")),
        (None, Some(to)) => Bilingual::new(format!("fino al {to}"), format!("up to {to}")),
        (None, None) => Bilingual::new("", ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Certainty;

    fn norm(text: &str, valid_from: Option<i16>, valid_to: Option<i16>) -> Basis {
        let (text, certainty) = (Bilingual::new(text, text), Certainty::Verified);
        Basis { text, certainty, valid_from, valid_to, beside: Vec::new() }
    }

    #[test]
    fn norms_beside_are_cited_in_their_years_only() {
        let beside = vec![norm("B", Some(2023), Some(2025)), norm("C", Some(2026), None), norm("D", None, None)];
        let ground = Ground { own: norm("A", None, None), beside };
        let cited = |year| ground.cited(year, Lang::It);
        assert_eq!(cited(Some(2022)), "A; D");
        assert_eq!(cited(Some(2023)), "A; B; D");
        assert_eq!(cited(Some(2026)), "A; C; D");
        assert_eq!(cited(None), "A; D");
    }

    #[test]
    fn years_are_told_in_words() {
        let it = |from, to| span((from, to)).it;
        assert_eq!(it(Some(2023), Some(2023)), "solo per il 2023");
        assert_eq!(it(Some(2023), Some(2025)), "dal 2023 al 2025");
        assert_eq!(it(Some(2023), None), "dal 2023");
        assert_eq!(it(None, Some(2022)), "fino al 2022");
    }
}
