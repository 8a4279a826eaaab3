//! The columns of an empty form, and the answers that its cells offer.

use super::Maker;
use crate::model::{AnswerList, BlankColumn, Holds};
use crate::pack::{ModelColumn, Shape};

/// The usual width of a column of figures, and of one of text.
const WIDTHS: (u16, u16) = (12, 24);

/// The lists of answers, each once.
#[derive(Default)]
pub(super) struct Lists {
    all: Vec<(Names, Vec<String>)>,
}

/// What a list answers.
enum Names {
    Columns(Vec<String>),
    Questions(Vec<String>),
}

impl Lists {
    fn find(&self, options: &[String]) -> Option<usize> {
        self.all.iter().position(|(_, known)| known == options)
    }

    /// The list of a column, `None` without options.
    pub(super) fn of_column(&mut self, heading: &str, options: Vec<String>) -> Option<usize> {
        if options.is_empty() {
            return None;
        }
        let at = self.find(&options).unwrap_or_else(|| {
            self.all.push((Names::Columns(Vec::new()), options));
            self.all.len() - 1
        });
        if let Some((Names::Columns(headings), _)) = self.all.get_mut(at)
            && !headings.iter().any(|known| known == heading)
        {
            headings.push(heading.to_owned());
        }
        Some(at)
    }

    /// The list of a question, `None` without options.
    pub(super) fn of_question(&mut self, number: &str, options: Vec<String>) -> Option<usize> {
        if options.is_empty() {
            return None;
        }
        let at = self.find(&options).unwrap_or_else(|| {
            self.all.push((Names::Questions(Vec::new()), options));
            self.all.len() - 1
        });
        if let Some((Names::Questions(numbers), _)) = self.all.get_mut(at)
            && numbers.last().is_none_or(|last| last != number)
        {
            numbers.push(number.to_owned());
        }
        Some(at)
    }

    /// The lists with their headings.
    pub(super) fn finish(self) -> Vec<AnswerList> {
        // Headings of their own, lest the sheet of the lists be taken for the table.
        let heading = |nth: usize, names: Names| match names {
            Names::Columns(headings) => {
                let quoted: Vec<String> = headings.iter().map(|h| format!("«{h}»")).collect();
                let columns = if quoted.len() == 1 { "la colonna" } else { "le colonne" };
                format!("Elenco {nth}, per {columns} {}", quoted.join(", "))
            }
            Names::Questions(numbers) => {
                let questions = if numbers.len() == 1 { "la domanda" } else { "le domande" };
                format!("Elenco {nth}, per {questions} {}", numbers.join(", "))
            }
        };
        let all = (1..).zip(self.all);
        all.map(|(nth, (names, options))| AnswerList { heading: heading(nth, names), options }).collect()
    }
}

/// The columns of a form.
pub(super) fn of(maker: &Maker<'_>, lists: &mut Lists) -> Vec<BlankColumn> {
    let schedule = &maker.pack.schedule;
    let columns = maker.model.columns.iter().filter_map(|column| {
        let heading = column.printed(schedule.field(&column.field)?, maker.year);
        let list = lists.of_column(&heading, options(maker, column));
        let holds = holds(maker, column);
        let usual = if matches!(holds, Holds::Number | Holds::Count) { WIDTHS.0 } else { WIDTHS.1 };
        Some(BlankColumn {
            list,
            holds,
            width: f64::from(column.width.unwrap_or(usual)),
            prompt: column.help.as_ref().map(|help| help.get(maker.lang).to_owned()),
            heading,
        })
    });
    columns.collect()
}

fn holds(maker: &Maker<'_>, column: &ModelColumn) -> Holds {
    let schedule = &maker.pack.schedule;
    let is_count = schedule.counts.as_ref().is_some_and(|c| c.value == column.field);
    match schedule.shape {
        _ if is_count => Holds::Count,
        _ if column.number => Holds::Number,
        Shape::Register | Shape::Flow => Holds::Text,
        Shape::Questionnaire | Shape::Counts => Holds::Anything,
    }
}

/// The answers that a column offers: those it names, then those of its catalogue.
fn options(maker: &Maker<'_>, column: &ModelColumn) -> Vec<String> {
    let catalogue = column.catalogue.as_ref().and_then(|name| maker.pack.catalogues.get(name));
    let entries = catalogue.into_iter().flat_map(|c| c.entries.iter().map(|e| &e.value));
    let mut options: Vec<String> = Vec::new();
    for option in column.choices.iter().chain(entries) {
        if !option.is_empty() && !options.iter().any(|known| **known == **option) {
            options.push(option.to_string());
        }
    }
    options
}
