//! How much of an upload is read at all.

use super::sniff::ENTRIES;
use crate::model::Lang;

/// What a workbook may cost. The defaults refused no honest file of three public corpora.
///
/// Sizes are in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The file as it lies on disk.
    pub file: u64,
    /// All XML parts together, inflated.
    pub xml: u64,
    /// The shared strings, inflated.
    pub strings: u64,
    /// One sheet, inflated.
    pub sheet: u64,
    /// Any other XML part that is kept in memory (styles, drawings, notes), inflated; also what all sheets
    /// together may hold beside their cells.
    pub part: u64,
    /// Entries in the container.
    pub entries: usize,
    /// Cells that hold something, in the whole workbook.
    pub cells: usize,
    /// Distinct shared strings.
    pub shared: usize,
    /// Text of the cells, each distinct text counted once.
    pub text: usize,
    /// What checking the document is estimated to take: a run on one document stays under 1 GiB.
    pub memory: u64,
    /// One XML tag.
    pub tag: usize,
    /// The text between two XML tags.
    pub run: usize,
    /// Nesting of XML elements.
    pub depth: usize,
    /// One line of a text, a value in quotation marks with its line breaks included.
    pub line: usize,
    /// A text of Markdown, whose parser keeps all of it.
    pub markdown: u64,
    /// All documents of an archive together, once extracted.
    pub archive: u64,
    /// Findings of a rule on a document, of each severity, that are told one by one: those beyond are counted.
    pub findings: usize,
}

const MIB: u64 = 1 << 20;

impl Default for Limits {
    fn default() -> Self {
        Self {
            file: 200 * MIB,
            xml: 768 * MIB,
            strings: 128 * MIB,
            sheet: 640 * MIB,
            part: 128 * MIB,
            entries: 20_000,
            cells: 4_000_000,
            shared: 2_000_000,
            text: 128 << 20,
            memory: 768 * MIB,
            tag: 64 << 10,
            run: 4 << 20,
            depth: 64,
            line: 16 << 20,
            markdown: 4 * MIB,
            archive: 1024 * MIB,
            findings: 20_000,
        }
    }
}

/// What a limit is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Bytes, told in MiB.
    Bytes,
    /// Things.
    Count,
}

/// One of the [`Limits`]: its name on the command line and what it means.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// The name (`cells`).
    pub name: &'static str,
    /// What it counts in.
    pub unit: Unit,
    /// What it bounds, in Italian and English.
    pub meaning: (&'static str, &'static str),
    /// The highest value it takes.
    pub most: u64,
    get: fn(&Limits) -> u64,
    set: fn(&mut Limits, u64),
}

/// A row of [`Limits::ALL`]: sizes are `u64`, counts `usize`.
macro_rules! limit {
    ($name:ident, $unit:ident, $it:literal, $en:literal) => {
        limit!($name, $unit, $it, $en, u64::MAX)
    };
    ($name:ident, $unit:ident, $it:literal, $en:literal, $most:expr) => {
        Limit {
            name: stringify!($name),
            unit: Unit::$unit,
            meaning: ($it, $en),
            most: $most,
            get: |limits| u64::try_from(limits.$name).unwrap_or(u64::MAX),
            set: |limits, value| limits.$name = value.try_into().unwrap_or(limits.$name),
        }
    };
}

impl Limits {
    /// All limits, in the order in which they come into play.
    pub const ALL: &[Limit] = &[
        limit!(file, Bytes, "il file come sta sul disco", "the file as it lies on disk"),
        limit!(
            entries,
            Count,
            "parti nel contenitore, al più 100.000",
            "entries in the container, at most 100,000",
            ENTRIES as u64
        ),
        limit!(xml, Bytes, "tutte le parti XML insieme, decompresse", "all XML parts together, inflated"),
        limit!(strings, Bytes, "i testi comuni a più celle, decompressi", "the shared strings, inflated"),
        limit!(sheet, Bytes, "un foglio, decompresso", "one sheet, inflated"),
        limit!(part, Bytes, "ogni altra parte tenuta in memoria", "any other part that is kept in memory"),
        limit!(
            cells,
            Count,
            "celle con un contenuto, nell'intera cartella",
            "cells that hold something, in the whole workbook"
        ),
        limit!(shared, Count, "testi comuni diversi", "distinct shared strings"),
        limit!(
            text,
            Bytes,
            "testo delle celle, ogni testo contato una volta",
            "text of the cells, each distinct text counted once"
        ),
        limit!(
            memory,
            Bytes,
            "la memoria che il controllo chiederebbe, stimata da celle e testi",
            "the memory that the check would take, estimated from cells and texts"
        ),
        limit!(tag, Bytes, "un marcatore XML", "one XML tag"),
        limit!(run, Bytes, "il testo tra due marcatori XML", "the text between two XML tags"),
        limit!(depth, Count, "elementi XML uno dentro l'altro", "nesting of XML elements"),
        limit!(line, Bytes, "una riga di un file di testo", "one line of a text file"),
        limit!(markdown, Bytes, "un testo Markdown", "a text of Markdown"),
        limit!(
            archive,
            Bytes,
            "i documenti di un archivio insieme, estratti",
            "the documents of an archive together, once extracted"
        ),
        limit!(
            findings,
            Count,
            "rilievi di una regola elencati per documento e gravità: gli altri sono solo contati",
            "findings of a rule that are listed, by document and severity: others are only counted"
        ),
    ];
}

impl Limit {
    /// The limit of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        Limits::ALL.iter().find(|limit| limit.name == name)
    }

    /// Its value among some limits.
    pub fn value(&self, limits: &Limits) -> u64 {
        (self.get)(limits)
    }

    /// Gives it a value. One that the machine cannot count to changes nothing.
    pub fn change(&self, limits: &mut Limits, value: u64) {
        (self.set)(limits, value);
    }

    /// A value as a person reads it (`200 MiB`, `8.000.000`); [`Limit::parse`] takes it back.
    pub fn shown(&self, value: u64, lang: Lang) -> String {
        match self.unit {
            Unit::Bytes => size(value),
            Unit::Count => grouped(value, lang),
        }
    }

    /// A value as a person writes it: digits, grouped or not, and for sizes KiB, MiB or GiB.
    pub fn parse(&self, text: &str) -> Option<u64> {
        let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let end = compact.find(|c: char| !c.is_ascii_digit() && !GROUPING.contains(&c)).unwrap_or(compact.len());
        let (digits, unit) = compact.split_at(end);
        let digits = ungrouped(digits)?;
        let factor = match (self.unit, unit.to_ascii_lowercase().as_str()) {
            (_, "") | (Unit::Bytes, "b" | "byte") => 1,
            (Unit::Bytes, "k" | "kb" | "kib") => 1 << 10,
            (Unit::Bytes, "m" | "mb" | "mib") => MIB,
            (Unit::Bytes, "g" | "gb" | "gib") => 1 << 30,
            _ => return None,
        };
        digits.parse::<u64>().ok()?.checked_mul(factor).filter(|value| (1..=self.most).contains(value))
    }
}

/// What may stand between groups of digits.
const GROUPING: [char; 4] = ['.', ',', '_', '\''];

/// Digits without what groups them; nothing where it groups no thousands: `1.5` is no fifteen.
fn ungrouped(digits: &str) -> Option<String> {
    let mut groups = digits.split(GROUPING);
    let first = groups.next().filter(|first| !first.is_empty())?;
    groups.try_fold(first.to_owned(), |whole, group| (group.len() == 3).then(|| whole + group))
}

/// Digits in groups of three.
fn grouped(value: u64, lang: Lang) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(lang.pick('.', ','));
        }
        text.push(digit);
    }
    text
}

/// A size as an official reads it: `200 MiB`, below one MiB in KiB or bytes.
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        b if b >= MIB => format!("{} MiB", b.div_ceil(MIB)),
        b if b >= 1024 => format!("{} KiB", b.div_ceil(1024)),
        b => format!("{b} byte"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_is_listed_and_changes_its_own_value() {
        let fields = format!("{:?}", Limits::default()).matches(": ").count();
        assert_eq!(Limits::ALL.len(), fields);
        for limit in Limits::ALL {
            let mut limits = Limits::default();
            limit.change(&mut limits, 7);
            assert_eq!(limit.value(&limits), 7, "{}", limit.name);
            let others = Limits::ALL.iter().filter(|l| l.name != limit.name);
            assert!(others.into_iter().all(|l| l.value(&limits) == l.value(&Limits::default())));
        }
    }

    #[test]
    fn what_is_shown_is_taken_back() {
        for limit in Limits::ALL {
            let value = limit.value(&Limits::default());
            for lang in [Lang::It, Lang::En] {
                assert_eq!(limit.parse(&limit.shown(value, lang)), Some(value), "{}", limit.name);
            }
        }
        let bytes = Limit::named("file").unwrap();
        assert_eq!(bytes.parse("1 GiB"), Some(1 << 30));
        assert_eq!(bytes.parse("64k"), Some(65_536));
        let count = Limit::named("cells").unwrap();
        assert_eq!(count.parse("1_000"), Some(1000));
        for wrong in ["", "0", "-1", "1 MiB", "molte", "99999999999999999999"] {
            assert_eq!(count.parse(wrong), None, "{wrong}");
        }
        for wrong in ["99999999999 GiB", "1.5 GiB", "1,5GiB", ".5 GiB", "1..000"] {
            assert_eq!(bytes.parse(wrong), None, "{wrong}");
        }
        assert_eq!(Limit::named("entries").unwrap().parse("100.001"), None);
        assert_eq!(
            (count.shown(8_000_000, Lang::It), count.shown(20_000, Lang::En)),
            ("8.000.000".into(), "20,000".into())
        );
    }
}
