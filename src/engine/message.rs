//! Messages with placeholders, and how values print in them.

use rust_decimal::Decimal;

use super::check::{At, Checker, Expression};
use super::draft::Failed;
use super::fields::Frame;
use super::plan::Stopped;
use super::several::MARK;
use super::source::{Origin, Source};
use super::value::{Field, List, Reading, Stop, Type, Val};
use crate::model::{Bilingual, Lang, named_of};
use crate::text;

/// Characters of a value that a message quotes.
const QUOTED: usize = 160;
/// Entries of a list that a message names.
const NAMED: usize = 12;

/// A message taken apart.
#[derive(Debug)]
pub(super) struct Template(Vec<Part>);

#[derive(Debug)]
enum Part {
    Text(String),
    Value(Expression),
    Hint,
    Anchor,
    /// All units of the finding, known once it is merged.
    Anchors,
    /// The columns of the cells at fault.
    Columns,
    Variant,
}

/// What a message may name beside the values of the unit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named<'a> {
    pub(super) hint: &'a str,
    pub(super) anchor: &'a str,
    pub(super) variant: &'a str,
    pub(super) columns: &'a str,
}

impl Template {
    /// Takes a message apart and checks its placeholders.
    pub(super) fn new(checker: &mut Checker<'_>, source: &Source, message: &str, origin: Origin) -> Self {
        let mut parts = Vec::new();
        let mut rest = message;
        // Where the rest stands: counted on, for a message may be long.
        let mut at = origin;
        while let Some((before, tail)) = rest.split_once('{') {
            parts.push(Part::Text(before.to_owned()));
            let brace = source.deeper(at, before.chars().count());
            let Some((inner, behind)) = tail.split_once('}').filter(|(inner, _)| !inner.contains('{')) else {
                let place = source.place(brace, 0);
                let message =
                    Bilingual::new("la graffa del segnaposto non si chiude", "the placeholder's brace is not closed");
                checker.faults.push(source.fault(place, message));
                rest = "";
                break;
            };
            at = source.deeper(brace, 1);
            match inner.trim() {
                "hint" => parts.push(Part::Hint),
                "anchor" => parts.push(Part::Anchor),
                "anchors" => parts.push(Part::Anchors),
                "columns" => parts.push(Part::Columns),
                "variant" => parts.push(Part::Variant),
                _ => {
                    let place = At::Header(at);
                    let printed = [Type::Field, Type::List, Type::Text, Type::Number];
                    parts.extend(checker.expression(inner, place, &printed).map(Part::Value));
                }
            }
            at = source.deeper(at, inner.chars().count() + 1);
            rest = behind;
        }
        parts.push(Part::Text(rest.to_owned()));
        Self(parts)
    }

    /// The expressions of its placeholders.
    pub(super) fn expressions(&self) -> impl Iterator<Item = &Expression> {
        self.0.iter().filter_map(|p| if let Part::Value(e) = p { Some(e) } else { None })
    }

    /// Whether it names the hint.
    pub(super) fn names_hint(&self) -> bool {
        self.0.iter().any(|p| matches!(p, Part::Hint))
    }

    /// The message for the unit whose values are in the scope.
    pub(super) fn render(&self, frame: &Frame<'_>, named: Named<'_>, lang: Lang) -> Result<String, Failed<'_>> {
        let mut out = String::new();
        for part in &self.0 {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Hint => out.push_str(named.hint),
                Part::Anchor => out.push_str(named.anchor),
                Part::Anchors => out.push(MARK),
                Part::Columns => out.push_str(named.columns),
                Part::Variant => out.push_str(named.variant),
                Part::Value(expression) => match frame.eval(expression) {
                    Ok(value) => out.push_str(&printed(&value, lang)),
                    Err(stopped @ Stopped { stop: Stop::Fault(_), .. }) => return Err((stopped, expression)),
                    Err(_) => out.push_str(blank(lang)),
                },
            }
        }
        Ok(out)
    }
}

/// A template with its fields filled in; `None` if one of them is not given.
pub(super) fn fill(template: &str, given: impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, tail)) = rest.split_once('{') {
        let (name, behind) = tail.split_once('}')?;
        out.push_str(before);
        out.push_str(&given(name)?);
        rest = behind;
    }
    out.push_str(rest);
    Some(out)
}

fn blank(lang: Lang) -> &'static str {
    lang.pick("(in bianco)", "(blank)")
}

/// A value as messages quote it.
pub(super) fn printed(value: &Val, lang: Lang) -> String {
    match value {
        Val::Field(field) => field_text(field, lang),
        Val::List(list) => list_text(list, lang),
        Val::Literal(text) => text::one_line(text.text(), QUOTED),
        Val::Number(n) => number_text(*n, lang),
        Val::Bool(b) => lang.pick(["no", "sì"], ["no", "yes"]).get(usize::from(*b)).copied().unwrap_or("?").to_owned(),
        Val::Choices(items) => items.iter().map(|w| w.text()).collect::<Vec<_>>().join(", "),
    }
}

fn field_text(field: &Field, lang: Lang) -> String {
    match field.reading {
        // A computed text may be empty on purpose: there is no cell to be blank.
        Reading::Uncalculated => lang.pick("(formula senza valore)", "(formula without a value)").to_owned(),
        Reading::Missing if field.words.text().trim().is_empty() => blank(lang).to_owned(),
        _ => text::one_line(field.words.text(), QUOTED),
    }
}

/// A number as an official writes it, without signs of thousands: it may be a year.
fn number_text(n: Decimal, lang: Lang) -> String {
    let plain = n.round_dp(4).normalize().to_string();
    lang.pick(plain.replace('.', ","), plain)
}

fn list_text(list: &List, lang: Lang) -> String {
    let texts: Vec<String> = list.fields().iter().map(|f| field_text(f, lang)).collect();
    let runs = runs(&texts);
    let named = named_of(runs.len(), NAMED);
    let more = lang.and_more(runs.len() - named, false);
    runs.into_iter().take(named).collect::<Vec<_>>().join(", ") + more.as_str()
}

/// Three or more whole numbers in a row become one entry (`7-17`).
fn runs(texts: &[String]) -> Vec<String> {
    let number = |t: &String| t.parse::<i64>().ok().filter(|n| *n >= 0 && n.to_string() == *t);
    let mut out: Vec<String> = Vec::new();
    let mut rest = texts;
    while let Some((first, tail)) = rest.split_first() {
        let start = number(first);
        let steps = tail.iter().zip(1..).take_while(|(t, i)| start.is_some() && number(t) == start.map(|s| s + i));
        let length = steps.count();
        if let Some(last) = tail.get(length.wrapping_sub(1)).filter(|_| length >= 2) {
            out.push(format!("{first}-{last}"));
            rest = tail.get(length..).unwrap_or_default();
        } else {
            out.push(first.clone());
            rest = tail;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_whole_numbers_print_as_ranges() {
        let texts = |t: &[&str]| t.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
        assert_eq!(runs(&texts(&["3", "7", "8", "9", "12", "13"])), ["3", "7-9", "12", "13"]);
        assert_eq!(runs(&texts(&["Affari", "1", "2"])), ["Affari", "1", "2"]);
        assert_eq!(runs(&texts(&["1.1", "1.2", "1.3"])), ["1.1", "1.2", "1.3"]);
    }

    #[test]
    fn the_last_of_a_list_is_named_rather_than_counted() {
        let list = List::new((0..13).map(|n| Field::computed(format!("voce {n}"))).collect());
        assert!(list_text(&list, Lang::It).ends_with("voce 11, voce 12"));
    }

    #[test]
    fn long_lists_are_cut() {
        let list = List::new((0..15).map(|n| Field::computed(format!("voce {n}"))).collect());
        assert!(list_text(&list, Lang::It).ends_with("voce 11 e altri 3"));
        assert!(list_text(&list, Lang::En).ends_with("voce 11 and 3 more"));
    }
}
