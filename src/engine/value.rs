//! What expressions compute with: fields, lists, texts, numbers.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::rc::Rc;
use std::sync::Arc;

use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

pub(super) use super::stop::{Stop, Why};
use crate::model::{Bilingual, Value};
use crate::pack::Pattern;
use crate::text;

/// The static types of the rule language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Type {
    /// One cell, or the lack of one.
    Field,
    /// Several cells.
    List,
    /// Text that stands in no cell.
    Text,
    /// A number.
    Number,
    /// True or false.
    Bool,
}

/// A text with its forms, each computed once. Equal texts of a document share one.
#[derive(Debug, Default)]
pub(super) struct Words {
    text: Arc<str>,
    normal: OnceCell<Rc<str>>,
    plain: OnceCell<Rc<str>>,
    /// Whether patterns are found in it, by the pattern's identity.
    matched: RefCell<Vec<(usize, bool)>>,
    /// What else is known of it: of few texts, and there are many.
    learned: OnceCell<Box<Learned>>,
}

/// What was looked up of a text.
#[derive(Debug, Default)]
pub(super) struct Learned {
    /// What catalogues said of it, by the catalogue's number: whether it is listed, and the nearest value.
    pub(super) listed: RefCell<Vec<(usize, bool)>>,
    pub(super) nearest: RefCell<Vec<(usize, Option<Arc<str>>)>>,
    /// What patterns cut out of it.
    parts: RefCell<Vec<Part>>,
}

/// What a pattern cut out of a text.
#[derive(Debug)]
struct Part {
    pattern: usize,
    name: Box<str>,
    words: Rc<Words>,
}

impl Words {
    pub(super) fn new(text: impl Into<Arc<str>>) -> Rc<Self> {
        Rc::new(Self { text: text.into(), ..Self::default() })
    }

    /// As found.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// As found, shared.
    pub(super) fn shared(&self) -> Arc<str> {
        self.text.clone()
    }

    /// In normal form.
    pub(super) fn normal(&self) -> &str {
        self.normal.get_or_init(|| text::normal(&self.text).into())
    }

    /// In normal form, shared.
    pub(super) fn normal_shared(&self) -> Rc<str> {
        self.normal.get_or_init(|| text::normal(&self.text).into()).clone()
    }

    /// Whether a pattern is found in it, its blanks single.
    pub(super) fn matches(&self, pattern: &Pattern) -> bool {
        let identity = pattern.identity();
        let known = self.matched.borrow().iter().find(|(p, _)| *p == identity).map(|(_, answer)| *answer);
        known.unwrap_or_else(|| {
            let answer = pattern.is_match(&text::single_blanks(&self.text));
            self.matched.borrow_mut().push((identity, answer));
            answer
        })
    }

    /// The part that a pattern cuts out of it, its blanks single; empty if there is none.
    pub(super) fn part(&self, pattern: &Pattern, name: &str) -> Rc<Self> {
        let identity = pattern.identity();
        let known = |p: &&Part| p.pattern == identity && *p.name == *name;
        if let Some(part) = self.learned().parts.borrow().iter().find(known) {
            return part.words.clone();
        }
        let single = text::single_blanks(&self.text);
        let words = Self::new(pattern.group(&single, name).unwrap_or_default().trim());
        self.learned().parts.borrow_mut().push(Part { pattern: identity, name: name.into(), words: words.clone() });
        words
    }

    /// In normal form without punctuation.
    pub(super) fn plain(&self) -> &str {
        self.plain.get_or_init(|| text::words(&self.text).into())
    }

    /// Whether another text says the same in normal form, punctuation aside.
    pub(super) fn says(&self, other: &Self) -> bool {
        // A letter or figure that needs no folding begins the normal form too: most texts differ there.
        let initial = |words: &Self| words.text.bytes().next().filter(u8::is_ascii_alphanumeric);
        let differ = |a: u8, b: u8| !a.eq_ignore_ascii_case(&b);
        if initial(self).zip(initial(other)).is_some_and(|(a, b)| differ(a, b)) {
            return false;
        }
        self.plain() == other.plain()
    }

    /// What was looked up of it.
    pub(super) fn learned(&self) -> &Learned {
        self.learned.get_or_init(Box::default)
    }
}

impl Type {
    /// What an author calls it, in both languages.
    pub(super) fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::Field => ("campo", "field"),
            Self::List => ("elenco", "list"),
            Self::Text => ("testo", "text"),
            Self::Number => ("numero", "number"),
            Self::Bool => ("condizione", "condition"),
        }
    }

    /// The same with its article.
    pub(super) fn one(self) -> (&'static str, &'static str) {
        match self {
            Self::Field => ("un campo", "a field"),
            Self::List => ("un elenco", "a list"),
            Self::Text => ("un testo", "a text"),
            Self::Number => ("un numero", "a number"),
            Self::Bool => ("una condizione", "a condition"),
        }
    }
}

/// Where a field stands in the document under check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Spot {
    /// Nowhere: a computed text.
    Nowhere,
    /// A cell of a table.
    Cell { table: u32, cell: u32, slot: u32 },
    /// A field for which its unit has no cell.
    Unit { table: u32, entity: u32, unit: u32, slot: u32 },
    /// A datum of the document head.
    Head { datum: u32 },
    /// A cell of a table of the document before.
    CellBefore { table: u32, cell: u32, slot: u32 },
    /// A datum of the head of the document before.
    HeadBefore { datum: u32 },
    /// A heading.
    Heading { table: u32, column: u32 },
    /// A table as a whole.
    Table { table: u32 },
    /// A place where the rows depart from the form.
    Deviation { table: u32, index: u32 },
}

impl Spot {
    /// The table and slot of a field.
    pub(super) fn slot(self) -> Option<(usize, usize)> {
        match self {
            Self::Cell { table, slot, .. } | Self::Unit { table, slot, .. } => Some((table as usize, slot as usize)),
            _ => None,
        }
    }
}

/// What was read at a spot.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Reading {
    /// Nothing.
    Missing,
    /// «non applicabile».
    NotApplicable,
    /// A text.
    Text,
    /// A text that is more than that, and whether words stand beside it.
    Typed(Rc<Value>, bool),
    /// A formula whose result nobody computed.
    Uncalculated,
    /// The table has no such column: what an official calls it.
    Absent(Rc<Bilingual>),
}

/// One field of a unit, or anything that has a text and perhaps a place.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) words: Rc<Words>,
    pub(super) reading: Reading,
    pub(super) spot: Spot,
}

impl Field {
    /// A computed text.
    pub(super) fn computed(text: impl Into<Arc<str>>) -> Self {
        Self { words: Words::new(text), reading: Reading::Text, spot: Spot::Nowhere }
    }

    /// Nothing, at a spot.
    pub(super) fn missing(spot: Spot) -> Self {
        thread_local!(static BLANK: Rc<Words> = Words::new(""));
        Self { words: BLANK.with(Rc::clone), reading: Reading::Missing, spot }
    }

    pub(super) fn is_missing(&self) -> bool {
        matches!(self.reading, Reading::Missing)
    }

    /// Whether a formula stands there whose result nobody computed.
    pub(super) fn is_uncalculated(&self) -> bool {
        matches!(self.reading, Reading::Uncalculated)
    }

    /// The same place with another text; missing if it is empty.
    pub(super) fn with_words(&self, words: Rc<Words>) -> Self {
        if words.text().is_empty() {
            return Self::missing(self.spot);
        }
        Self { words, reading: Reading::Text, spot: self.spot }
    }
}

/// Several fields, shared.
#[derive(Debug, Clone)]
pub(super) struct List(Rc<Items>);

#[derive(Debug)]
struct Items {
    fields: Vec<Field>,
    counts: OnceCell<HashMap<Rc<str>, u32>>,
    lasting: bool,
    /// The first formula in it that has no result.
    uncalculated: Option<Spot>,
}

impl List {
    pub(super) fn new(fields: Vec<Field>) -> Self {
        Self::made(fields, false)
    }

    fn made(fields: Vec<Field>, lasting: bool) -> Self {
        let uncalculated = fields.iter().find(|f| f.is_uncalculated()).map(|f| f.spot);
        Self(Rc::new(Items { fields, counts: OnceCell::new(), lasting, uncalculated }))
    }

    /// Where the first formula stands that has no result, if one of them has none.
    pub(super) fn uncalculated(&self) -> Option<Spot> {
        self.0.uncalculated
    }

    pub(super) fn fields(&self) -> &[Field] {
        &self.0.fields
    }

    /// A list that belongs to the table, not to one check: what is computed of it is worth keeping.
    pub(super) fn lasting(fields: Vec<Field>) -> Self {
        Self::made(fields, true)
    }

    /// The same list, made lasting.
    pub(super) fn into_lasting(self) -> Self {
        if self.0.lasting { self } else { Self::lasting(self.0.fields.clone()) }
    }

    /// What tells a lasting list from others; nothing for a list of one check.
    pub(super) fn identity(&self) -> Option<Lasting> {
        self.0.lasting.then(|| Lasting(self.clone()))
    }

    pub(super) fn is_lasting(&self) -> bool {
        self.0.lasting
    }

    /// The fields that hold something.
    pub(super) fn given(&self) -> impl Iterator<Item = &Field> {
        self.0.fields.iter().filter(|f| !f.is_missing())
    }

    /// How often each text occurs, in normal form; counted once.
    pub(super) fn counts(&self) -> &HashMap<Rc<str>, u32> {
        self.0.counts.get_or_init(|| {
            // By the texts first, of which equal ones are mostly one.
            let mut index: FxHashMap<usize, usize> = FxHashMap::default();
            let mut texts: Vec<(&Words, u32)> = Vec::new();
            for field in self.given() {
                let at = *index.entry(Rc::as_ptr(&field.words).addr()).or_insert(texts.len());
                match texts.get_mut(at) {
                    Some((_, count)) => *count += 1,
                    None => texts.push((&field.words, 1)),
                }
            }
            let mut counts = HashMap::new();
            for (words, count) in texts {
                *counts.entry(words.normal_shared()).or_default() += count;
            }
            counts
        })
    }

    /// Whether the counts are there already.
    pub(super) fn is_counted(&self) -> bool {
        self.0.counts.get().is_some()
    }
}

/// A list that belongs to the table, told from others by being itself.
#[derive(Debug, Clone)]
pub(super) struct Lasting(List);

impl PartialEq for Lasting {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0.0, &other.0.0)
    }
}

impl Eq for Lasting {}

impl Hash for Lasting {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Rc::as_ptr(&self.0.0).hash(state);
    }
}

/// An argument or result.
#[derive(Debug, Clone)]
pub(super) enum Val {
    Field(Field),
    List(List),
    /// A text written in the rule.
    Literal(Rc<Words>),
    Number(Decimal),
    Bool(bool),
    /// A list written in the rule.
    Choices(Rc<[Rc<Words>]>),
}

impl Val {
    /// A text result.
    pub(super) fn text(text: impl Into<Arc<str>>) -> Self {
        Self::Field(Field::computed(text))
    }

    /// A count as a number.
    pub(super) fn count(n: usize) -> Self {
        Self::Number(Decimal::from(n))
    }
}
