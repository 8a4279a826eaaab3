//! The decisions of counting, each with its default.

use crate::model::{Choice, Lang, Level};
use crate::text;

/// How the figures are counted where the form leaves it open. The default is that of the guidance in the field.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a decision of its own, with an option of its own")]
pub struct Choices {
    /// The year counted; the registers' own if none is given.
    pub year: Option<i16>,
    /// The level of objectives of which the register says none.
    pub unstated_level: Option<Level>,
    /// Words that make a level strategic, beside the usual ones.
    pub strategic: Vec<String>,
    /// Words that make a level operational, beside the usual ones.
    pub operational: Vec<String>,
    /// Row 4 leaves out indicators that need no formula: a date, a yes or no.
    pub formula_where_due: bool,
    /// A target in words is a target.
    pub text_targets: bool,
    /// The bare choice `SI/NO` is a target.
    pub choice_targets: bool,
    /// Zero euro, or «senza oneri», are resources assigned.
    pub zero_resources: bool,
    /// The name of an office alone is staff assigned.
    pub units_as_staff: bool,
    /// An indicator under several objectives counts once.
    pub shared_once: bool,
}

impl Default for Choices {
    fn default() -> Self {
        Self {
            year: None,
            unstated_level: None,
            strategic: Vec::new(),
            operational: Vec::new(),
            formula_where_due: false,
            text_targets: true,
            choice_targets: false,
            zero_resources: false,
            units_as_staff: true,
            shared_once: false,
        }
    }
}

/// Beginnings of the words of a level.
const STRATEGIC: [&str; 4] = ["strategic", "specific", "valore pubblico", "strategia"];
const OPERATIONAL: [&str; 5] = ["operativ", "operational", "gestional", "esecutiv", "annual"];

/// Whether a word of a text begins like that.
pub(super) fn begins(found: &str, start: &str) -> bool {
    format!(" {}", text::words(found)).contains(&format!(" {start}"))
}

/// Whether a text has one of the usual words for what is strategic.
pub(super) fn names_strategic(found: &str) -> bool {
    STRATEGIC.iter().any(|word| begins(found, word))
}

/// The level that a text names by the usual words.
pub(super) fn usual_level(found: &str) -> Option<Level> {
    // «Obiettivo operativo dell'area strategica 2», «Obiettivo annuale dell'obiettivo specifico».
    if OPERATIONAL.iter().any(|word| begins(found, word)) {
        Some(Level::Operativo)
    } else if names_strategic(found) {
        Some(Level::Strategico)
    } else {
        None
    }
}

impl Choices {
    /// The level that a text names; `None` where it names none that the form counts.
    pub(super) fn level_in(&self, found: &str) -> Option<Level> {
        let own = |list: &[String]| list.iter().any(|word| begins(found, &text::words(word)));
        if own(&self.strategic) {
            Some(Level::Strategico)
        } else if own(&self.operational) {
            Some(Level::Operativo)
        } else {
            usual_level(found)
        }
    }

    /// The decisions as they hold.
    pub(super) fn told(&self, year: Option<i16>, lang: Lang) -> Vec<Choice> {
        let mut all = self.of_objectives(year, lang);
        all.extend(self.of_figures().map(|decision| decision.told(lang)));
        all
    }

    /// Which objectives count, and at which level.
    fn of_objectives(&self, year: Option<i16>, lang: Lang) -> Vec<Choice> {
        let own = |words: &[String]| if words.is_empty() { NONE.to_owned() } else { words.join(", ") };
        let choice = |name, value, default, meaning| Choice { name, value, default, meaning };
        let counted = year.map_or_else(
            || {
                lang.pick(
                    "nessun anno indicato: contano gli obiettivi e i target di ogni anno".to_owned(),
                    "no year given: objectives and targets of every year count".to_owned(),
                )
            },
            |y| {
                lang.pick(
                    format!("contano gli obiettivi e i target del {y}"),
                    format!("objectives and targets of {y} count"),
                )
            },
        );
        let level = self.unstated_level.map_or_else(
            || {
                lang.pick(
                    "un obiettivo senza livello non è contato, ed è elencato".to_owned(),
                    "an objective without a level is not counted, and listed".to_owned(),
                )
            },
            |l| {
                lang.pick(
                    format!("un obiettivo senza livello è contato come {}", l.label(Lang::It)),
                    format!("an objective without a level counts as {}", l.label(Lang::En)),
                )
            },
        );
        let strategic = lang.pick(
            "strategici: gli obiettivi che il registro dice strategici, specifici o di valore pubblico, e le parole qui indicate",
            "strategic: objectives that the register calls strategic, specific or of public value, and the words given here",
        );
        let operational = lang.pick(
            "operativi: gli obiettivi che il registro dice operativi, gestionali, esecutivi o annuali, e le parole qui indicate",
            "operational: objectives that the register calls operational, of management, executive or annual, and the words given here",
        );
        let every = lang.pick("tutti", "all");
        let own_year = lang.pick("quello del registro", "the register's");
        vec![
            choice("year", year.map_or_else(|| every.to_owned(), |y| y.to_string()), own_year, counted),
            choice("unstated-level", self.unstated_level.map_or(NONE, Level::name).to_owned(), NONE, level),
            choice("strategic", own(&self.strategic), NONE, strategic.to_owned()),
            choice("operational", own(&self.operational), NONE, operational.to_owned()),
        ]
    }

    /// What makes the figures of the rows.
    fn of_figures(&self) -> impl Iterator<Item = Decision> {
        let yes_no = ["si", "yes", "no", "no"];
        [
            Decision::new("formula", self.formula_where_due, false, ["dovuta", "due", "mancante", "missing"], [
                    "la riga 4 conta solo gli indicatori senza formula che ne avrebbero bisogno: non quelli di data o sì/no",
                    "row 4 counts only indicators without formula that need one: not those of a date or yes/no",
                    "la riga 4 conta tutti gli indicatori senza formula; la nota dice quanti non ne avrebbero bisogno",
                    "row 4 counts all indicators without formula; the note tells how many need none",
                ]),
            Decision::new("text-targets", self.text_targets, true, yes_no, [
                    "un target a parole vale come target",
                    "a target in words is a target",
                    "un target a parole non vale come target",
                    "a target in words is none",
                ]),
            Decision::new("choice-targets", self.choice_targets, false, yes_no, [
                    "«SI/NO» da solo vale come target",
                    "“SI/NO” alone is a target",
                    "«SI/NO» da solo non dice che cosa è atteso: non vale come target",
                    "“SI/NO” alone does not say what is expected: it is no target",
                ]),
            Decision::new("zero-resources", self.zero_resources, false, yes_no, [
                    "0 euro e «senza oneri» valgono come risorse assegnate",
                    "zero euro and “senza oneri” are resources assigned",
                    "0 euro e «senza oneri» non valgono come risorse assegnate",
                    "zero euro and “senza oneri” are no resources",
                ]),
            Decision::new("units-as-staff", self.units_as_staff, true, yes_no, [
                    "l'indicazione dell'ufficio vale come risorse umane assegnate",
                    "the name of the office is staff assigned",
                    "l'indicazione del solo ufficio non vale come risorse umane assegnate",
                    "the name of the office alone is no staff",
                ]),
            Decision::new("shared-indicators", self.shared_once, false, ["una", "once", "ciascuno", "each"], [
                    "un indicatore di più obiettivi conta una volta",
                    "an indicator of several objectives counts once",
                    "un indicatore di più obiettivi conta per ciascuno",
                    "an indicator of several objectives counts for each",
                ]),
        ]
        .into_iter()
    }
}

/// Where nothing is chosen.
const NONE: &str = "-";

/// A decision of two ways.
struct Decision {
    name: &'static str,
    is: bool,
    usual: bool,
    /// What the first way and the other are called, each in both languages.
    values: [&'static str; 4],
    /// What the first way and the other mean, each in both languages.
    meanings: [&'static str; 4],
}

impl Decision {
    fn new(name: &'static str, is: bool, usual: bool, values: [&'static str; 4], meanings: [&'static str; 4]) -> Self {
        Self { name, is, usual, values, meanings }
    }

    fn told(&self, lang: Lang) -> Choice {
        let of = |[it, en, other_it, other_en]: [&'static str; 4], is: bool| {
            if is { lang.pick(it, en) } else { lang.pick(other_it, other_en) }
        };
        Choice {
            name: self.name,
            value: of(self.values, self.is).to_owned(),
            default: of(self.values, self.usual),
            meaning: of(self.meanings, self.is).to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_told_by_its_word() {
        let choices = Choices { operational: vec!["Progetto".into()], ..Choices::default() };
        for (text, level) in [
            ("Strategico", Some(Level::Strategico)),
            ("Obiettivi specifici triennali", Some(Level::Strategico)),
            ("OPERATIVO", Some(Level::Operativo)),
            ("Obiettivo operativo dell'area strategica 2", Some(Level::Operativo)),
            ("progetto", Some(Level::Operativo)),
            ("Ente", None),
            ("Individuale", None),
            ("", None),
        ] {
            assert_eq!(choices.level_in(text), level, "{text}");
        }
    }
}
