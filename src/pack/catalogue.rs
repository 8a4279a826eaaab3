//! Catalogues: the lists that a pack's rules and reading look things up in.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde::Deserialize;

use super::given::GivenSpec;
use crate::model::Bilingual;
use crate::text;

/// A catalogue file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    title: Bilingual,
    #[serde(default)]
    optional: Vec<String>,
    #[serde(default, rename = "entry")]
    entries: Vec<FileEntry>,
}

#[derive(Debug, Clone, Deserialize)]
struct FileEntry {
    #[serde(default)]
    value: Arc<str>,
    #[serde(default)]
    aliases: Vec<Arc<str>>,
    #[serde(flatten)]
    attributes: BTreeMap<String, Attribute>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Attribute {
    One(Arc<str>),
    Flag(bool),
    Many(Vec<Arc<str>>),
}

/// One entry of a catalogue.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The entry as it should be written.
    pub value: Arc<str>,
    /// Other ways of writing it that are right too.
    pub aliases: Vec<Arc<str>>,
    /// What else is known of it, each a list of texts (`si`/empty for flags).
    pub attributes: BTreeMap<String, Vec<Arc<str>>>,
}

impl Entry {
    /// Whether it is a question of a questionnaire, and not a heading or a row that belongs to one.
    pub fn is_question(&self) -> bool {
        self.get("role") == Some("question")
    }

    /// The first text of an attribute.
    pub fn get(&self, attribute: &str) -> Option<&str> {
        self.attributes.get(attribute)?.first().map(AsRef::as_ref)
    }

    /// All texts of an attribute.
    pub fn all(&self, attribute: &str) -> &[Arc<str>] {
        self.attributes.get(attribute).map_or(&[], Vec::as_slice)
    }
}

/// A list to look things up in, compared in normal form.
#[derive(Debug, Clone)]
pub struct Catalogue {
    /// What an official calls it.
    pub title: Bilingual,
    /// The entries in the order of the file.
    pub entries: Vec<Entry>,
    /// Rows of a form that may be printed or not.
    pub optional: Vec<String>,
    index: HashMap<String, Vec<usize>>,
    /// The attributes that rules may ask for.
    attributes: BTreeSet<String>,
    /// Where a body may give it: what the schedule says of that.
    spec: Option<Arc<GivenSpec>>,
    /// Whether its entries are those that the body gave.
    is_given: bool,
    /// Whether its entries were taken out, to see whether somebody notices: they do not come again.
    is_emptied: bool,
}

impl Catalogue {
    /// Reads a catalogue; the error carries the byte range of the mistake.
    pub fn parse(source: &str) -> Result<Self, toml::de::Error> {
        let file: File = toml::from_str(source)?;
        let entries = file
            .entries
            .into_iter()
            .map(|e| Entry {
                value: e.value,
                aliases: e.aliases,
                attributes: e.attributes.into_iter().map(|(name, a)| (name, a.into_texts())).collect(),
            })
            .collect();
        Ok(Self::new(file.title, entries, file.optional))
    }

    fn new(title: Bilingual, entries: Vec<Entry>, optional: Vec<String>) -> Self {
        let mut index: HashMap<String, Vec<usize>> = HashMap::new();
        for (i, entry) in entries.iter().enumerate() {
            for written in std::iter::once(&entry.value).chain(&entry.aliases) {
                let places = index.entry(text::words(written)).or_default();
                if !places.contains(&i) {
                    places.push(i);
                }
            }
        }
        let attributes = entries.iter().flat_map(|e| e.attributes.keys()).cloned().collect();
        Self { title, entries, optional, index, attributes, spec: None, is_given: false, is_emptied: false }
    }

    /// The same without entries.
    #[must_use]
    pub fn emptied(&self) -> Self {
        Self { is_emptied: true, ..self.with_entries(Vec::new()) }
    }

    /// A catalogue that only a body can give.
    pub(super) fn open(spec: Arc<GivenSpec>) -> Self {
        let title = spec.title.clone().unwrap_or_default();
        Self::new(title, Vec::new(), Vec::new()).givable(spec)
    }

    /// The same, which a body may give.
    pub(super) fn givable(mut self, spec: Arc<GivenSpec>) -> Self {
        self.attributes.extend(spec.attributes.iter().cloned());
        Self { spec: Some(spec), ..self }
    }

    /// The same with the entries that the body gives.
    pub(super) fn given(&self, entries: Vec<Entry>) -> Self {
        let entries = if self.is_emptied { Vec::new() } else { entries };
        Self { is_given: true, ..self.with_entries(entries) }
    }

    fn with_entries(&self, entries: Vec<Entry>) -> Self {
        let mut other = Self::new(self.title.clone(), entries, self.optional.clone());
        other.attributes.extend(self.attributes.iter().cloned());
        Self { spec: self.spec.clone(), is_given: self.is_given, is_emptied: self.is_emptied, ..other }
    }

    /// What the schedule says of a catalogue that a body may give.
    pub fn spec(&self) -> Option<&GivenSpec> {
        self.spec.as_deref()
    }

    /// The key of the configuration that should give it, where only a body can and has not.
    pub fn wanted(&self) -> Option<&str> {
        let is_wanted = self.entries.is_empty() && !self.is_given && !self.is_emptied;
        self.spec().filter(|_| is_wanted).map(|spec| spec.declared.as_str())
    }

    /// The attributes that rules may ask for.
    pub fn attributes(&self) -> impl Iterator<Item = &str> {
        self.attributes.iter().map(String::as_str)
    }

    /// The entries written like `text`, as value or alias, punctuation aside.
    pub fn find(&self, text: &str) -> impl Iterator<Item = &Entry> {
        let places = self.index.get(&text::words(text)).map_or(&[][..], Vec::as_slice);
        places.iter().filter_map(|i| self.entries.get(*i))
    }

    /// The entry whose value or alias is nearest to `text`, if one is near enough to be meant.
    pub fn closest(&self, text: &str) -> Option<&Entry> {
        let length = text.chars().count();
        // Of texts twice as long as one another the likeness is below the threshold anyway.
        let comparable = |w: &str| {
            let other = w.chars().count();
            length <= 2 * other + SLACK && other <= 2 * length + SLACK
        };
        let written = |e: &Entry| std::iter::once(e.value.clone()).chain(e.aliases.clone()).collect::<Vec<_>>();
        self.entries
            .iter()
            .flat_map(|e| {
                written(e).into_iter().filter(|w| comparable(w)).map(move |w| (text::similarity(text, &w), e))
            })
            .filter(|(score, _)| *score >= NEAR)
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, entry)| entry)
    }

    /// Whether an attribute is known to any entry.
    pub fn has_attribute(&self, name: &str) -> bool {
        self.attributes.contains(name)
    }
}

/// Similarity from which an entry is taken as meant.
const NEAR: f64 = 0.75;

/// Characters that punctuation and blanks may add to a text beside its words.
const SLACK: usize = 20;

impl Attribute {
    fn into_texts(self) -> Vec<Arc<str>> {
        match self {
            Self::One(text) => vec![text],
            Self::Flag(true) => vec!["si".into()],
            Self::Flag(false) => Vec::new(),
            Self::Many(texts) => texts,
        }
    }
}
