//! How well a printed heading names a field.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::bounds;
use super::sides;
use super::view::brief_words;
use super::wordings::{BRIEF, abbreviates, contains_words, is_scale, is_small, near, shortened, stemmed, weight};
use super::years;
use crate::pack::Schedule;
use crate::text::{self, Alike};

/// Bytes that years add to a heading.
const YEARS: usize = 24;
/// The same for a heading that is to tell the kind of the table.
const SIMILAR_MARK: f64 = 0.92;

/// The headings of one kind of schedule, ready for look-up.
#[derive(Debug)]
pub(super) struct HeadingIndex {
    /// Words of a heading to (field, score).
    exact: HashMap<String, Vec<(usize, f64)>>,
    /// The same without blanks: headings cut by a narrow column.
    squeezed: HashMap<String, Vec<(usize, f64)>>,
    /// The same by the stems of their words, small words left out: singular and plural are one.
    stems: HashMap<String, Vec<(usize, f64)>>,
    /// All headings in words, by field.
    all: Vec<Vec<Name>>,
    /// Titles of groups of columns, by their stems, with the entity.
    groups: HashMap<String, usize>,
    /// Stems of labels that say nothing of their own, of other kinds' headings, and of those that are this kind's alone.
    generic: HashSet<String>,
    apart: HashSet<String>,
    foreign: HashSet<String>,
    telling: Vec<Mark>,
    leaning: Vec<Mark>,
    /// The stems of the longer words of all headings: a text with one of them is in their language.
    vocabulary: HashSet<String>,
    /// Bytes of the longest heading, with room for blanks and accents.
    longest: usize,
    /// Scores already computed: the same headings are weighed in several windows of rows.
    known: RefCell<HashMap<String, Scores>>,
    /// Common to the kinds that a workbook is read for.
    pub(super) headers: Rc<bounds::Headers>,
}

/// A heading of the schedule.
#[derive(Debug)]
struct Name {
    words: String,
    alike: Alike,
    /// What is taken off for a heading that another field has with more right.
    lost: f64,
}

/// Words that tell one kind from another, by their stems.
#[derive(Debug)]
struct Mark {
    stems: String,
    alike: Alike,
}

impl Mark {
    fn new(text: &str) -> Self {
        let stems = stemmed(&text::words(text));
        Self { alike: Alike::new(&stems), stems }
    }
}

/// Whether a text has one of the marks among its words, or is one with a typo.
fn is_marked(marks: &[Mark], text: &str) -> bool {
    let words = if marks.is_empty() { String::new() } else { brief_words(sides::unmarked(text)) };
    if words.is_empty() {
        return false;
    }
    let stems = stemmed(&words);
    let own = Alike::new(&stems);
    let typo = |m: &Mark| m.stems.len() > BRIEF && m.alike.similarity(&own, SIMILAR_MARK).is_some();
    marks.iter().any(|m| contains_words(&stems, &m.stems) || typo(m))
}

/// What a heading loses that names the field only where no likelier one has it.
const SECOND: f64 = 0.08;
/// What is left of the score of a heading that ends with a small word.
const UNFINISHED: f64 = 0.85;
/// Score of a heading that needs no other reading, and what one loses that is known without its parenthesis.
const FULL: f64 = 0.9;
const EXPLAINED: f64 = 0.03;
/// What a heading loses that is known by its stems alone.
const STEMMED: f64 = 0.03;
/// What a heading loses that stands beside the same in another language.
const SIDED: f64 = 0.03;
/// Letters of a word that tells the language of a heading.
const TELLING_WORD: usize = 4;

/// Least similarity for a heading to be another with a slip, and what then a field loses that is named by a part of it.
const SLIP: f64 = 0.9;
const SLIPPED: f64 = 0.15;

/// Fields with the score of a heading for each, best first.
type Scores = Rc<[(usize, f64)]>;

impl HeadingIndex {
    pub(super) fn new(schedule: &Schedule, headers: Rc<bounds::Headers>) -> Self {
        let stems = |texts: &[String]| texts.iter().map(|t| stemmed(&text::words(t))).collect();
        let entities = schedule.entities.iter().enumerate();
        let mut index = Self {
            groups: entities.flat_map(|(i, e)| e.groups.iter().map(move |g| (stemmed(&text::words(g)), i))).collect(),
            generic: stems(&schedule.recognition.generic),
            apart: stems(&schedule.recognition.apart),
            foreign: stems(&schedule.recognition.foreign),
            telling: schedule.recognition.telling.iter().map(|t| Mark::new(t)).collect(),
            leaning: schedule.recognition.leaning.iter().map(|t| Mark::new(t)).collect(),
            exact: HashMap::new(),
            squeezed: HashMap::new(),
            stems: HashMap::new(),
            all: Vec::new(),
            known: RefCell::default(),
            vocabulary: HashSet::new(),
            longest: 0,
            headers,
        };
        for (field, spec) in schedule.fields.iter().enumerate() {
            index.all.push(Vec::new());
            for (rank, heading) in spec.headings.iter().enumerate() {
                index.add(field, heading, 0.002 * f64::from(u8::try_from(rank.min(20)).unwrap_or(20)));
            }
            for heading in &spec.also {
                index.add(field, heading, SECOND);
            }
            for heading in &spec.whole {
                index.add_whole(field, heading, 0.0);
            }
        }
        index
    }

    fn add(&mut self, field: usize, heading: &str, lost: f64) {
        let words = self.add_whole(field, heading, lost);
        let (alike, lost) = (Alike::new(&words), if lost < SECOND { 0.0 } else { lost });
        if let Some(own) = self.all.get_mut(field) {
            own.push(Name { words, alike, lost });
        }
    }

    /// Adds a heading that is known as it is alone; gives its words.
    fn add_whole(&mut self, field: usize, heading: &str, lost: f64) -> String {
        let words = text::words(heading);
        let score = weight(&words) - lost;
        self.longest = self.longest.max(heading.len() * 3 / 2 + 8);
        self.exact.entry(words.clone()).or_default().push((field, score));
        self.squeezed.entry(text::squeezed(heading)).or_default().push((field, score - 0.02));
        let stems = stemmed(&words);
        self.vocabulary.extend(stems.split(' ').filter(|w| w.len() >= TELLING_WORD).map(str::to_owned));
        self.stems.entry(stems).or_default().push((field, score - STEMMED));
        words
    }

    /// The fields whose heading the text is, as it is.
    fn whole(&self, heading: &str) -> Vec<(usize, f64)> {
        if heading.len() > self.longest {
            return Vec::new();
        }
        let words = text::words(heading);
        let exact = self.exact.get(&words).into_iter().chain(self.squeezed.get(&text::squeezed(heading)));
        exact.chain(self.stems.get(&stemmed(&words))).flatten().copied().collect()
    }

    /// Whether a text has one of the longer words of the headings.
    fn is_of_language(&self, text: &str) -> bool {
        label_stems(text).split(' ').any(|w| self.vocabulary.contains(w))
    }

    /// The fields that a heading in several languages names: a side that is known tells, unless another names another
    /// field, or says something more in the same language.
    pub(super) fn of_sides(&self, sides: &[&str]) -> Vec<(usize, f64)> {
        let known: Vec<Vec<(usize, f64)>> = sides.iter().map(|s| self.whole(s)).collect();
        if known.iter().all(Vec::is_empty) {
            return Vec::new();
        }
        if sides.iter().zip(&known).any(|(side, known)| known.is_empty() && self.is_of_language(side)) {
            return Vec::new();
        }
        let told: Vec<&Vec<(usize, f64)>> = known.iter().filter(|k| !k.is_empty()).collect();
        let common = |field: usize| told.iter().all(|k| k.iter().any(|(f, _)| *f == field));
        let scores = told.iter().flat_map(|k| k.iter()).filter(|(f, _)| common(*f));
        scores.map(|(f, s)| (*f, s - SIDED)).collect()
    }

    /// How well a heading names each field, from 0 to 1; fields it does not name are left out.
    pub(super) fn scores(&self, heading: &str) -> Scores {
        if heading.len() > bounds::NAMED_HEADING * 4 {
            return Rc::from([]);
        }
        if let Some(known) = self.known.borrow().get(heading) {
            return known.clone();
        }
        if years::is_term(heading) {
            return Rc::from([]);
        }
        let bare = sides::unmarked(heading);
        let yearless = years::without(bare);
        let scores: Scores = self.computed(yearless.as_deref().unwrap_or(bare)).into();
        self.known.borrow_mut().insert(heading.to_owned(), scores.clone());
        scores
    }

    fn computed(&self, heading: &str) -> Vec<(usize, f64)> {
        let words = text::words(heading);
        if words.is_empty() || words.chars().count() > bounds::NAMED_HEADING {
            return Vec::new();
        }
        let mut best: HashMap<usize, f64> = HashMap::new();
        let mut offer = |field: usize, score: f64| {
            let known = best.entry(field).or_default();
            *known = known.max(score);
        };
        self.exact.get(&words).into_iter().flatten().for_each(|(f, s)| offer(*f, *s));
        self.squeezed.get(&text::squeezed(heading)).into_iter().flatten().for_each(|(f, s)| offer(*f, *s));
        self.stems.get(&stemmed(&words)).into_iter().flatten().for_each(|(f, s)| offer(*f, *s));
        // A heading that is a field's own is not also another's with something more or less.
        if best.is_empty() {
            let own = Alike::new(&words);
            let short = shortened(heading);
            // It goes on in the row below.
            let whole = words.rsplit(' ').next().is_none_or(|w| w.len() < 2 || !is_small(w));
            let share = if whole { 1.0 } else { UNFINISHED };
            let mut typed: HashSet<usize> = HashSet::new();
            for (field, names) in self.all.iter().enumerate() {
                for name in names {
                    if is_typo((&words, &own), name) {
                        typed.insert(field);
                    }
                    let near = near((&words, &own), (&name.words, &name.alike));
                    let short = short.as_ref().map_or(0.0, |s| abbreviates(s, &name.words));
                    let score = near.max(short) * share - name.lost;
                    if score > best.get(&field).copied().unwrap_or(0.0) {
                        best.insert(field, score);
                    }
                }
            }
            // A heading with a slip is that heading, and not another's with something more.
            if !typed.is_empty() {
                best.iter_mut().filter(|(f, _)| !typed.contains(f)).for_each(|(_, score)| *score -= SLIPPED);
            }
        }
        // What stands in parentheses explains the heading before it.
        if best.values().all(|s| *s < FULL)
            && let Some((before, rest)) = heading.find(['(', '[']).and_then(|at| heading.split_at_checked(at))
            && (text::words(before).len() > BRIEF || is_scale(rest) && !text::is_blank(before))
        {
            for (field, score) in self.computed(before) {
                let known = best.entry(field).or_default();
                *known = known.max(score - EXPLAINED);
            }
        }
        if best.values().all(|s| *s < FULL)
            && let Some(sides) = sides::of(heading)
        {
            for (field, score) in self.of_sides(&sides) {
                let known = best.entry(field).or_default();
                *known = known.max(score);
            }
        }
        let mut scores: Vec<(usize, f64)> = best.into_iter().collect();
        scores.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        scores
    }

    /// The entity, by position, that a group of columns with this title is about.
    pub(super) fn group(&self, title: &str) -> Option<usize> {
        self.groups.get(&label_stems(title)).copied()
    }

    /// Whether a label says no more than the title of its group.
    pub(super) fn is_generic(&self, label: &str) -> bool {
        self.generic.contains(&label_stems(label))
    }

    /// Whether what stands under the title of a group is no field.
    pub(super) fn is_apart(&self, title: &str) -> bool {
        !self.apart.is_empty() && self.apart.contains(&label_stems(title))
    }

    /// Whether a heading is one of tables of other kinds.
    pub(super) fn is_foreign(&self, heading: &str) -> bool {
        let is = |text: &str| !self.foreign.is_empty() && self.foreign.contains(&label_stems(text));
        // Of two languages one tells.
        let one =
            |sides: Vec<&str>| sides.iter().any(|s| is(s)) && sides.iter().all(|s| is(s) || !self.is_of_language(s));
        is(heading) || sides::of(heading).is_some_and(one)
    }

    /// Whether a heading or a title has words that are this kind's alone.
    pub(super) fn is_telling(&self, text: &str) -> bool {
        is_marked(&self.telling, text)
    }

    /// Whether a heading or a title has words that are this kind's rather than another's.
    pub(super) fn is_leaning(&self, text: &str) -> bool {
        is_marked(&self.leaning, text)
    }

    /// Whether the text, blanks, punctuation, years and marks of notes aside, is exactly one of the headings, or one side
    /// of it is.
    pub(super) fn is_heading(&self, text: &str) -> bool {
        if text.len() > 2 * (self.longest + YEARS) {
            return false;
        }
        let bare = sides::unmarked(text);
        if years::is_term(bare) {
            return false;
        }
        self.is_known(bare) || sides::of(bare).is_some_and(|sides| !self.of_sides(&sides).is_empty())
    }

    fn is_known(&self, text: &str) -> bool {
        let known = |squeezed: &String| !squeezed.is_empty() && self.squeezed.contains_key(squeezed);
        let yearless = || years::without(text).is_some_and(|t| known(&text::squeezed(&t)));
        text.len() <= self.longest + YEARS && (known(&text::squeezed(text)) || yearless())
    }
}

/// Whether a heading is a known one, of several words, with a slip of the pen.
fn is_typo((words, own): (&str, &Alike), name: &Name) -> bool {
    let near = words.len().abs_diff(name.words.len()) <= 2 && words.len() <= bounds::TYPOS;
    near && name.words.contains(' ') && own.similarity(&name.alike, SLIP).is_some()
}

/// The stems of a heading or a label, without marks of notes behind it.
fn label_stems(text: &str) -> String {
    stemmed(&brief_words(sides::unmarked(text)))
}
