//! The printed rows of a questionnaire, ready to be found on a sheet.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::sections::TITLES;
use crate::pack::{Entry, Pack};
use crate::text::{self, Alike};

/// The form of a pack, its texts in the forms in which they are compared.
#[derive(Debug)]
pub(super) struct Form {
    /// In the order of the pack's entries.
    pub(super) rows: Vec<Printed>,
    /// Its distinct texts, ready to be compared, with their bytes in words; each row has the index of its own.
    pub(super) texts: Vec<(usize, Alike)>,
    by_words: HashMap<String, usize>,
    /// The rows with a text, by the text without blanks.
    by_text: BTreeMap<String, Vec<usize>>,
    /// The question that has a number, by the number in small letters.
    numbers: HashMap<String, usize>,
    /// Titles of groups and optional rows, in words.
    titles: BTreeSet<String>,
    optional: BTreeSet<String>,
    questions: BTreeSet<String>,
    /// How many questions it asks.
    pub(super) asked: usize,
}

/// A row of the form.
#[derive(Debug)]
pub(super) struct Printed {
    pub(super) text: String,
    /// The index of its text among the distinct ones.
    pub(super) of: usize,
    pub(super) key: String,
    pub(super) question: bool,
    pub(super) detail: bool,
    pub(super) groups: [String; 2],
}

impl Form {
    /// The form of a pack, if it has one.
    pub(super) fn of(pack: &Pack) -> Option<Self> {
        let form = pack.form().filter(|_| pack.schedule.questionnaire.is_some())?;
        let mut own = Self {
            rows: Vec::new(),
            texts: Vec::new(),
            by_words: HashMap::new(),
            by_text: BTreeMap::new(),
            numbers: HashMap::new(),
            titles: form.entries.iter().flat_map(|e| TITLES.map(|k| e.get(k))).flatten().map(text::words).collect(),
            optional: form.optional.iter().map(|o| text::words(o)).collect(),
            questions: BTreeSet::new(),
            asked: 0,
        };
        form.entries.iter().for_each(|entry| own.add(entry));
        Some(own)
    }

    fn add(&mut self, entry: &Entry) {
        let (place, words) = (self.rows.len(), text::words(&entry.value));
        let of = *self.by_words.entry(words.clone()).or_insert_with(|| {
            self.texts.push((words.len(), Alike::new(&words)));
            self.texts.len() - 1
        });
        let (key, question) = (entry.get("key").unwrap_or_default().to_owned(), entry.is_question());
        if question {
            self.asked += 1;
            self.numbers.entry(key.to_lowercase()).or_insert(place);
            self.questions.insert(words.clone());
        }
        self.by_text.entry(text::squeezed(&entry.value)).or_default().push(place);
        let title = |attribute: &str| text::words(entry.get(attribute).unwrap_or_default());
        let (detail, groups) = (entry.get("role") == Some("detail"), TITLES.map(title));
        self.rows.push(Printed { text: words, of, key, question, detail, groups });
    }

    /// The index of a text in words among the distinct ones.
    pub(super) fn text(&self, words: &str) -> Option<usize> {
        self.by_words.get(words).copied()
    }

    /// The rows that print a text.
    pub(super) fn printed(&self, text: &str) -> Option<&[usize]> {
        self.by_text.get(&text::squeezed(text)).map(Vec::as_slice)
    }

    /// Whether a printed text begins with this one, which is without blanks.
    pub(super) fn begins(&self, squeezed: &str) -> bool {
        self.by_text.range(squeezed.to_owned()..).next().is_some_and(|(text, _)| text.starts_with(squeezed))
    }

    /// Whether a row prints this text, which is without blanks.
    pub(super) fn has(&self, squeezed: &str) -> bool {
        self.by_text.contains_key(squeezed)
    }

    /// Whether words are a title of a group of rows, a row that may be left out, a question.
    pub(super) fn is_title(&self, words: &str) -> bool {
        self.titles.contains(words)
    }

    pub(super) fn is_optional(&self, words: &str) -> bool {
        self.optional.contains(words)
    }

    pub(super) fn is_question(&self, words: &str) -> bool {
        self.questions.contains(words)
    }

    /// The question with a number.
    pub(super) fn question(&self, key: &str) -> Option<usize> {
        self.numbers.get(&key.to_lowercase()).copied()
    }

    /// A number as the form writes it, if it is that of a question.
    pub(super) fn number(&self, found: &str) -> Option<&str> {
        self.question(found).and_then(|q| self.rows.get(q)).map(|row| row.key.as_str())
    }
}
