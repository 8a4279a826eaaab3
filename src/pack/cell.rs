//! What one cell says, by the words and the kind of field that a schedule gives.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use rust_decimal::Decimal;

use super::pattern::Pattern;
use super::schedule::{FieldKind, FieldSpec, Schedule};
use crate::model::{Flag, Flags, Format, Missing, Value};
use crate::text;

/// Bytes of the longest text that is read as anything but text.
const LONGEST_VALUE: usize = 2000;
/// Bytes of the longest text that may say that there is nothing.
const LONGEST_NOTHING: usize = 120;

/// Reads cells of one kind of schedule. Made once per table: it keeps the words in normal form.
#[derive(Debug)]
pub struct CellReader {
    missing: HashSet<String>,
    not_applicable: HashSet<String>,
    /// What says that there is nothing, by field.
    nothing: HashMap<Arc<str>, Pattern>,
    words: text::Words,
    year: Option<i16>,
    /// Bytes of the longest word that stands for no value, with room for accents and blanks.
    longest: usize,
}

impl CellReader {
    /// A reader for a schedule; `year` is the year of the document, for deadlines without one.
    pub fn new(schedule: &Schedule, year: Option<i16>) -> Self {
        // An abbreviation may lack its last point: «n.a».
        let pointless = |word: &String| word.strip_suffix('.').filter(|w| w.contains('.')).map(str::to_owned);
        let set = |words: &[String]| {
            let words = words.iter().map(|w| text::normal(w));
            words.flat_map(|w| pointless(&w).into_iter().chain([w])).collect::<HashSet<_>>()
        };
        let of_fields = schedule.fields.iter().flat_map(|f| &f.empty);
        let words = schedule.values.missing.iter().chain(&schedule.values.not_applicable).chain(of_fields);
        let longest = words.map(String::len).max().unwrap_or(0) * 2 + 8;
        let like = |f: &FieldSpec| {
            let pattern = schedule.patterns.get(f.empty_like.as_deref()?)?;
            Some((f.name.clone(), pattern.clone()))
        };
        Self {
            longest,
            nothing: schedule.fields.iter().filter_map(like).collect(),
            missing: set(&schedule.values.missing),
            not_applicable: set(&schedule.values.not_applicable),
            words: text::Words::default(),
            year,
        }
    }

    /// The value of a cell in a field (`None`: a cell of no field), and what had to be done to read it.
    /// `number` is the number that a workbook stores, with its format.
    pub fn read(&self, found: &str, number: Option<(f64, Format)>, field: Option<&FieldSpec>) -> (Value, Flags) {
        if field.is_some_and(|f| self.says_nothing(found, f)) {
            return (Value::Missing(Missing::Blank), Flags::default());
        }
        // Most texts of a table are names and sentences: no word for «nothing» is that long.
        let endless = found.len() > LONGEST_VALUE;
        let wordy = endless || found.len() > self.longest && field.is_none_or(|f| f.kind == FieldKind::Text);
        if wordy && number.is_none() && !text::is_blank(found) {
            return (Value::Text, Flags::default());
        }
        if let Some(read) = self.count(found, number, field) {
            return read;
        }
        let normal = text::normal(found);
        if let Some(value) = self.without_value(&normal, field) {
            return (value, Flags::default());
        }
        let kind = field.map_or(FieldKind::Text, |f| f.kind);
        match (kind, number) {
            (FieldKind::Text, None) => (Value::Text, Flags::default()),
            (_, Some((n, format))) => (self.stored(found, n, format, kind), Flags::default()),
            (kind, None) => self.written(found, kind),
        }
    }

    /// «Nessuna misura ulteriore» in a column of measures.
    fn says_nothing(&self, found: &str, field: &FieldSpec) -> bool {
        let short = field.empty_like.is_some() && found.len() <= LONGEST_NOTHING;
        short && self.nothing.get(&field.name).is_some_and(|p| p.is_match(&text::single_blanks(found)))
    }

    /// A bare count in a column of numbers, as most figures are: nothing of it has to be brought to normal form.
    fn count(&self, found: &str, number: Option<(f64, Format)>, field: Option<&FieldSpec>) -> Option<(Value, Flags)> {
        let bare = matches!(found.len(), 1..=9) && found.bytes().all(|b| b.is_ascii_digit());
        let zeros = found.len() > 1 && found.starts_with('0');
        let typed = number.is_some_and(|(_, format)| format != Format::General);
        if !bare || zeros || typed || field.is_none_or(|f| f.kind != FieldKind::Number || !f.empty.is_empty()) {
            return None;
        }
        if self.missing.contains(found) || self.not_applicable.contains(found) {
            return None;
        }
        let mut flags = Flags::default();
        if number.is_none() {
            flags.insert(Flag::TextNumber);
        }
        Some((Value::Number(None, found.parse().ok()?), flags))
    }

    fn without_value(&self, normal: &str, field: Option<&FieldSpec>) -> Option<Value> {
        if normal.is_empty() {
            return Some(Value::Missing(Missing::Blank));
        }
        if field.is_some_and(|f| f.empty.iter().any(|w| text::normal(w) == normal)) {
            return Some(Value::Missing(Missing::Blank));
        }
        if self.not_applicable.contains(normal) {
            return Some(Value::NotApplicable);
        }
        let dashes = normal.chars().all(|c| !c.is_alphanumeric());
        self.missing.contains(normal).then_some(Value::Missing(if dashes {
            Missing::Blank
        } else {
            Missing::NotAvailable
        }))
    }

    /// A number as the workbook stores it.
    fn stored(&self, found: &str, number: f64, format: Format, kind: FieldKind) -> Value {
        let decimal = decimal(number);
        match (format, decimal) {
            (Format::Date, _) => text::date_of_serial(number).map_or(Value::Text, Value::Date),
            (Format::Percent, Some(n)) => {
                n.checked_mul(Decimal::ONE_HUNDRED).map_or(Value::Text, |points| Value::Percent(None, points))
            }
            // A bare year in a column of terms is stored as a number.
            (_, Some(_)) if kind == FieldKind::Timing => self.written(found, kind).0,
            (_, Some(n)) => Value::Number(None, n),
            (_, None) => Value::Text,
        }
    }

    /// A text, by the grammar of its kind.
    fn written(&self, found: &str, kind: FieldKind) -> (Value, Flags) {
        let context = text::Context { words: &self.words, year: self.year };
        let parsed = match kind {
            FieldKind::Text => return (Value::Text, Flags::default()),
            FieldKind::Number => text::parse_number(found, &context),
            FieldKind::Timing => text::parse_timing(found, &context),
            FieldKind::Value => text::parse(found, &context),
        };
        let mut flags = parsed.flags;
        if kind == FieldKind::Number && parsed.value.as_decimal().is_some() {
            flags.insert(Flag::TextNumber);
        }
        match parsed.value {
            // The schedule alone says which words mean that nothing is there.
            Value::Missing(_) | Value::NotApplicable => (Value::Text, flags),
            value => (value, flags),
        }
    }
}

/// A stored number without the noise of binary fractions: its shortest decimal form. `None` beyond 28 digits.
pub fn decimal(number: f64) -> Option<Decimal> {
    #[expect(clippy::cast_possible_truncation, reason = "a whole number below 2^53 is exact")]
    if number.fract() == 0.0 && number.abs() < 9e15 {
        return Some(Decimal::from(number as i64));
    }
    let text = format!("{number}");
    text.parse::<Decimal>()
        .ok()
        .or_else(|| Decimal::from_scientific(&format!("{number:e}")).ok())
        .map(|d| d.normalize())
}

/// The number that a text of digits is, as a value.
pub fn number_of(text: &str) -> Option<Value> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    digits.parse::<Decimal>().ok().map(|n| Value::Number(None, n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_count_is_read_as_any_number_is() {
        let schedule = "kind = \"a\"\nshape = \"register\"\ntitle = { it = \"a\", en = \"a\" }\n[[field]]\nname = \"n\"\nentity = \"e\"\n\
                        title = { it = \"n\", en = \"n\" }\nkind = \"number\"";
        let schedule: Schedule = toml::from_str(schedule).unwrap();
        let (reader, field) = (CellReader::new(&schedule, None), schedule.fields.first());
        for text in ["0", "7", "12", "2021", "999999999"] {
            let stored = Some((text.parse().unwrap(), Format::General));
            assert_eq!(reader.count(text, None, field).unwrap(), reader.written(text, FieldKind::Number), "{text}");
            let plain = reader.stored(text, text.parse().unwrap(), Format::General, FieldKind::Number);
            assert_eq!(reader.count(text, stored, field).unwrap(), (plain, Flags::default()), "{text}");
        }
        for text in ["", "007", "12.5", "1234567890", "n. 3"] {
            assert_eq!(reader.count(text, None, field), None, "{text}");
        }
    }

    #[test]
    fn an_abbreviation_may_lack_its_last_point() {
        let packs = crate::pack::Packs::embedded().unwrap();
        let reader = CellReader::new(&packs.get("allegato1").unwrap().schedule, None);
        for (text, value) in [("n.a.", Value::NotApplicable), ("N.A", Value::NotApplicable), ("n.a.b", Value::Text)] {
            assert_eq!(reader.read(text, None, None).0, value, "{text}");
        }
    }

    #[test]
    fn a_sentence_may_say_that_there_is_no_measure() {
        let packs = crate::pack::Packs::embedded().unwrap();
        let schedule = &packs.get("ptpct").unwrap().schedule;
        let reader = CellReader::new(schedule, None);
        let read = |text: &str| reader.read(text, None, schedule.field("misura")).0;
        for text in
            ["Nessuna misura ulteriore", "nessuna  azione\nnecessaria", "Si rinvia alle misure generali del piano"]
        {
            assert_eq!(read(text), Value::Missing(Missing::Blank), "{text}");
        }
        for text in ["Nessun affidamento senza rotazione", "Misure non previste dal regolamento: divieto di deroga"] {
            assert_eq!(read(text), Value::Text, "{text}");
        }
    }

    #[test]
    fn a_percentage_beyond_all_numbers_is_text() {
        let schedule = "kind = \"a\"\nshape = \"register\"\ntitle = { it = \"a\", en = \"a\" }";
        let reader = CellReader::new(&toml::from_str(schedule).unwrap(), None);
        let read = |n: f64| reader.read("x", Some((n, Format::Percent)), None).0;
        assert_eq!(read(0.45), Value::Percent(None, 45.into()));
        assert_eq!(read(1e28), Value::Text);
        assert_eq!(read(f64::MAX), Value::Text);
    }
}
