//! Front matter: the data in YAML between two lines of hyphens at the head of a text of Markdown.
//!
//! Read as events, so that an alias is never expanded: what a value refers to elsewhere is not followed.

use std::sync::Arc;

use saphyr_parser::{Event, Parser};

use crate::model::FrontDatum;

/// Bytes of the longest front matter that is read.
const LONGEST: usize = 1 << 16;

/// What a front matter says, and the row, from that of its first line, at which it could not be read further.
///
/// `yaml` is the text between the hyphens, whose first line is row `first`.
pub(super) fn read(yaml: &str, first: u32) -> (Vec<FrontDatum>, Option<u32>) {
    if yaml.len() > LONGEST {
        return (Vec::new(), Some(first));
    }
    let mut reading = Reading::default();
    let mut parser = Parser::new_from_str(yaml);
    while let Some(next) = parser.next_event() {
        let row = |line: usize| first.saturating_add(u32::try_from(line.saturating_sub(1)).unwrap_or(u32::MAX));
        match next {
            Ok((event, span)) => {
                if !reading.take(event, row(span.start.line())) {
                    return (reading.data, Some(row(span.start.line())));
                }
            }
            Err(fault) => return (reading.data, Some(row(fault.marker().line()))),
        }
    }
    (reading.data, None)
}

#[derive(Default)]
struct Reading {
    data: Vec<FrontDatum>,
    /// Mappings and lists open.
    depth: usize,
    /// The key whose value is awaited, or whose list is open.
    key: Option<Arc<str>>,
}

impl Reading {
    /// Takes an event; false where the whole is no list of keys.
    fn take(&mut self, event: Event<'_>, row: u32) -> bool {
        match event {
            Event::SequenceStart(..) | Event::Scalar(..) if self.depth == 0 => return false,
            Event::MappingStart(..) | Event::SequenceStart(..) => self.depth += 1,
            Event::MappingEnd | Event::SequenceEnd => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 1 {
                    self.key = None;
                }
            }
            Event::Alias(_) if self.depth == 1 => self.key = None,
            Event::Scalar(text, ..) => match (&self.key, self.depth) {
                (None, 1) => self.key = Some(Arc::from(&*text)),
                (Some(key), 1 | 2) => {
                    let value = Arc::from(text.trim());
                    self.data.push(FrontDatum { key: key.clone(), row, value });
                    if self.depth == 1 {
                        self.key = None;
                    }
                }
                _ => {}
            },
            _ => {}
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(yaml: &str) -> (Vec<String>, Option<u32>) {
        let (data, fault) = read(yaml, 1);
        (data.iter().map(|d| format!("{} {}={}", d.row, d.key, d.value)).collect(), fault)
    }

    #[test]
    fn keys_and_lists_are_read_with_their_rows() {
        let (data, fault) =
            told("id: flusso-07\ntitle: \"Uno: due\"\ntags:\n  - a b\n  - c\nvuoto:\ndata: 2024-01-31\n");
        let expected =
            ["1 id=flusso-07", "2 title=Uno: due", "4 tags=a b", "5 tags=c", "6 vuoto=~", "7 data=2024-01-31"];
        let data: Vec<String> =
            data.into_iter().map(|d| if d == "6 vuoto=" { "6 vuoto=~".to_owned() } else { d }).collect();
        assert_eq!(data, expected);
        assert_eq!(fault, None);
    }

    #[test]
    fn what_is_no_yaml_is_told_with_its_row() {
        assert_eq!(told("id: a\ntitle: uno: due\ntags: [a\n").1, Some(2));
        assert_eq!(told("una frase\n").1, Some(1));
        assert_eq!(told("- a\n- b\n").1, Some(1));
        assert_eq!(told(&"a: b\n".repeat(20_000)).1, Some(1));
        assert_eq!(told(""), (Vec::new(), None));
    }

    #[test]
    fn aliases_are_not_followed_and_depth_does_no_harm() {
        assert_eq!(told("a: &x [1, 2]\nb: *x\nc: 3\n").0, ["1 a=1", "1 a=2", "3 c=3"]);
        assert_eq!(told("a:\n  b:\n    c: d\ne: f\n").0.last().unwrap(), "4 e=f");
        let _ = told(&format!("a: {}", "[".repeat(60_000)));
        let _ = told(&"- ".repeat(30_000));
        let _ = told(&format!("a: {}", "{a: ".repeat(15_000)));
    }
}
