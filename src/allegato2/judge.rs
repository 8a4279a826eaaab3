//! What single cells of a register say of resources, targets and formulas: the judgements behind the marks.

use super::choices::Choices;
use crate::model::{Bilingual, Cell, Missing, Value};
use crate::text;

/// The answer to one question, and what is worth knowing of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Answer {
    pub(super) is: bool,
    pub(super) remark: Option<Bilingual>,
}

impl Answer {
    fn plain(is: bool) -> Self {
        Self { is, remark: None }
    }

    fn with(is: bool, it: &str, en: &str) -> Self {
        Self { is, remark: Some(Bilingual::new(it, en)) }
    }
}

/// Beginnings of what says that nothing is spent.
const NO_COST: [&str; 10] = [
    "senza oneri",
    "senza costi",
    "nessun",
    "non previst",
    "non necessari",
    "isorisors",
    "a costo zero",
    "invarianza",
    "non comporta",
    "zero",
];
/// Words of a text that names an office rather than persons.
const UNITS: [&str; 11] = [
    "ufficio",
    "uffici",
    "settore",
    "settori",
    "servizio",
    "servizi",
    "area",
    "direzione",
    "dipartimento",
    "struttura",
    "unita",
];

/// A text that stands for nothing: blank, one of the usual words, or one that the kind takes for a value to come.
pub(super) fn says_nothing(cell: &Cell, placeholders: &[String]) -> bool {
    if cell.value.is_missing() || matches!(cell.value, Value::NotApplicable | Value::Error(_) | Value::OperatorOnly(_))
    {
        return true;
    }
    let normal = text::normal(&cell.text);
    text::missing(&cell.text, &text::Words::default()).is_some()
        || placeholders.iter().any(|p| text::normal(p) == normal)
}

/// Whether the number in a cell, of whatever kind, is more than zero; a number inside words too.
fn is_positive(cell: &Cell) -> Option<bool> {
    let words = text::Words::default();
    let context = text::Context { words: &words, year: None };
    let number = cell.value.as_decimal().or_else(|| text::parse(&cell.text, &context).value.as_decimal())?;
    Some(number.is_sign_positive() && !number.is_zero())
}

/// Whether money is assigned.
pub(super) fn funded(cell: Option<&Cell>, choices: &Choices) -> Answer {
    let Some(cell) = cell.filter(|c| !says_nothing(c, &[])) else { return Answer::plain(false) };
    match is_positive(cell) {
        Some(true) => return Answer::plain(true),
        Some(false) => return Answer::with(choices.zero_resources, "0 euro", "zero euro"),
        None => {}
    }
    let words = text::words(&cell.text);
    if NO_COST.iter().any(|start| words.starts_with(start)) || words == "no" {
        return Answer::with(choices.zero_resources, "senza oneri", "without cost");
    }
    if cell.value == Value::Uncalculated {
        return Answer::with(
            false,
            "importo da calcolare: la formula non ha un risultato",
            "amount to be computed: the formula has no result",
        );
    }
    Answer::with(true, "risorse finanziarie a parole", "financial resources in words")
}

/// Whether staff is assigned.
pub(super) fn staffed(cell: Option<&Cell>, choices: &Choices) -> Answer {
    let Some(cell) = cell.filter(|c| !says_nothing(c, &[])) else { return Answer::plain(false) };
    match is_positive(cell) {
        Some(is) => return Answer::plain(is),
        None if cell.text.bytes().any(|b| b.is_ascii_digit()) => return Answer::plain(true),
        None => {}
    }
    let words = text::words(&cell.text);
    if words.starts_with("nessun") || words == "no" {
        return Answer::plain(false);
    }
    if words.split(' ').next().is_some_and(|first| UNITS.contains(&first)) {
        return Answer::with(choices.units_as_staff, "risorse umane: il solo ufficio", "staff: the office alone");
    }
    Answer::plain(true)
}

/// Whether the objective is given to a territorial office.
pub(super) fn territorial(cell: Option<&Cell>) -> Answer {
    let is_there = |c: &&Cell| !says_nothing(c, &[]) && c.value != Value::Bool(false);
    let said = cell.filter(is_there).map(|c| text::words(&c.text));
    Answer::plain(said.is_some_and(|w| w != "no" && !w.starts_with("nessun")))
}

/// Whether there is a target.
pub(super) fn has_target(cell: Option<&Cell>, choices: &Choices) -> Answer {
    let Some(cell) = cell else { return Answer::plain(false) };
    match &cell.value {
        Value::Missing(Missing::Blank) => Answer::plain(false),
        Value::YesNo => Answer::with(
            choices.choice_targets,
            "target «SI/NO» senza il valore atteso",
            "target “SI/NO” without the value expected",
        ),
        Value::OperatorOnly(_) => {
            Answer::with(false, "target: un segno di confronto senza valore", "target: a comparison without a value")
        }
        Value::Error(_) => Answer::with(false, "target: la formula dà un errore", "target: the formula gives an error"),
        _ if says_nothing(cell, &[]) => {
            Answer::with(false, "target da definire o non disponibile", "target to be set or not available")
        }
        Value::Text => {
            let (it, en) = ("target a parole", "target in words");
            Answer::with(choices.text_targets, it, en)
        }
        _ => Answer::plain(true),
    }
}

/// Whether an indicator is of a date or a yes or no, so that no formula belongs to it.
pub(super) fn needs_no_formula(target: Option<&Cell>, unit: Option<&Cell>) -> bool {
    let by_value = target.is_some_and(|c| {
        matches!(c.value, Value::Date(_) | Value::Deadline(_) | Value::Bool(_) | Value::YesNo | Value::Period(..))
    });
    let by_unit = unit.is_some_and(|c| {
        let words = text::words(&c.text);
        matches!(words.as_str(), "data" | "si no" | "on off" | "giorno" | "scadenza" | "binario")
    });
    by_value || by_unit
}
