//! How well a printed heading names a field.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::bounds;
use super::view::brief_words;
use super::years;
use crate::pack::Schedule;
use crate::text::{self, Alike};

/// Score of a heading that is only one of the field's short, ambiguous names (`N.`, `P`, `Area`).
const SHORT: f64 = 0.8;
/// Bytes under which a name is too short to be known by its beginning alone.
const BRIEF: usize = 6;
/// Bytes that years add to a heading.
const YEARS: usize = 24;
/// Least similarity for a heading with typos.
const SIMILAR: f64 = 0.84;
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
    let words = if marks.is_empty() { String::new() } else { brief_words(text) };
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
        }
        index
    }

    fn add(&mut self, field: usize, heading: &str, lost: f64) {
        let words = text::words(heading);
        let score = weight(&words) - lost;
        self.longest = self.longest.max(heading.len() * 3 / 2 + 8);
        self.exact.entry(words.clone()).or_default().push((field, score));
        self.squeezed.entry(text::squeezed(heading)).or_default().push((field, score - 0.02));
        self.stems.entry(stemmed(&words)).or_default().push((field, score - STEMMED));
        let (alike, lost) = (Alike::new(&words), if lost < SECOND { 0.0 } else { lost });
        if let Some(own) = self.all.get_mut(field) {
            own.push(Name { words, alike, lost });
        }
    }

    /// How well a heading names each field, from 0 to 1; fields it does not name are left out.
    pub(super) fn scores(&self, heading: &str) -> Scores {
        if heading.len() > bounds::NAMED_HEADING * 4 {
            return Rc::from([]);
        }
        if let Some(known) = self.known.borrow().get(heading) {
            return known.clone();
        }
        let yearless = years::without(heading);
        let scores: Scores = self.computed(yearless.as_deref().unwrap_or(heading)).into();
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
        let mut scores: Vec<(usize, f64)> = best.into_iter().collect();
        scores.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        scores
    }

    /// The entity, by position, that a group of columns with this title is about.
    pub(super) fn group(&self, title: &str) -> Option<usize> {
        self.groups.get(&stemmed(&brief_words(title))).copied()
    }

    /// Whether a label says no more than the title of its group.
    pub(super) fn is_generic(&self, label: &str) -> bool {
        self.generic.contains(&stemmed(&brief_words(label)))
    }

    /// Whether what stands under the title of a group is no field.
    pub(super) fn is_apart(&self, title: &str) -> bool {
        !self.apart.is_empty() && self.apart.contains(&stemmed(&brief_words(title)))
    }

    /// Whether a heading is one of tables of other kinds.
    pub(super) fn is_foreign(&self, heading: &str) -> bool {
        !self.foreign.is_empty() && self.foreign.contains(&stemmed(&brief_words(heading)))
    }

    /// Whether a heading or a title has words that are this kind's alone.
    pub(super) fn is_telling(&self, text: &str) -> bool {
        is_marked(&self.telling, text)
    }

    /// Whether a heading or a title has words that are this kind's rather than another's.
    pub(super) fn is_leaning(&self, text: &str) -> bool {
        is_marked(&self.leaning, text)
    }

    /// Whether the text, blanks, punctuation and years aside, is exactly one of the headings.
    pub(super) fn is_heading(&self, text: &str) -> bool {
        let known = |squeezed: &String| !squeezed.is_empty() && self.squeezed.contains_key(squeezed);
        let yearless = || years::without(text).is_some_and(|t| known(&text::squeezed(&t)));
        text.len() <= self.longest + YEARS && (known(&text::squeezed(text)) || yearless())
    }
}

/// Whether what follows a heading is a scale in parentheses: `(1-5)`, `[0/3]`.
fn is_scale(rest: &str) -> bool {
    let inner = rest.trim().strip_prefix(['(', '[']).and_then(|r| r.strip_suffix([')', ']']));
    let figures = |r: &str| r.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()).count();
    inner.is_some_and(|r| figures(r) == 2 && !r.chars().any(char::is_alphabetic))
}

/// Words that a heading may have or leave out.
const SMALL: [&str; 36] = [
    "di", "a", "da", "in", "con", "su", "per", "e", "ed", "o", "il", "lo", "la", "gli", "le", "l", "un", "una", "d",
    "del", "dello", "della", "dei", "degli", "delle", "dell", "al", "allo", "alla", "ai", "agli", "alle", "all", "nel",
    "of", "the",
];

fn is_small(word: &str) -> bool {
    // None is longer, and most words are.
    word.len() <= 5 && SMALL.contains(&word)
}

/// The words without the small ones between them and without their endings: `aree di rischio` and `area rischio` are
/// one. A heading that ends with a small word goes on somewhere else.
fn stemmed(words: &str) -> String {
    let last = words.rsplit(' ').next().unwrap_or_default();
    let kept = words.split(' ').filter(|w| !is_small(w) || std::ptr::eq(*w, last));
    let stems = kept.map(|word| {
        let stem = word.trim_end_matches(['a', 'e', 'i', 'o']).trim_end_matches('h');
        if word.len() > 3 && stem.len() > 1 { stem } else { word }
    });
    stems.collect::<Vec<_>>().join(" ")
}

/// The words of a heading, each with whether a dot cuts it short; `None` if none may be cut short.
fn shortened(heading: &str) -> Option<Vec<(String, bool)>> {
    if heading.len() > bounds::TYPOS {
        return None;
    }
    let parts = heading.split_inclusive(|c: char| matches!(c, '.' | '/' | '\'' | '’') || c.is_whitespace());
    let words: Vec<(String, bool)> = parts
        .map(|part| (text::words(part), part.trim_end().ends_with('.')))
        .filter(|(word, _)| !word.is_empty())
        .collect();
    // One that ends with a small word goes on, or ends with the letter of an area.
    let small = is_small;
    if words.last().is_none_or(|(word, _)| small(word)) {
        return None;
    }
    let words: Vec<(String, bool)> = words.into_iter().filter(|(word, _)| !small(word)).collect();
    let may_be_cut = |(word, dot): &(String, bool)| (*dot && word.len() > 1) || (3..8).contains(&word.len());
    words.iter().any(may_be_cut).then_some(words)
}

/// Score of a heading whose words are beginnings of the words of a known one, in their order.
fn abbreviates(short: &[(String, bool)], name: &str) -> f64 {
    let mut full = name.split(' ').filter(|w| !is_small(w));
    let (mut letters, mut all) = (0, 0);
    for (word, dot) in short {
        let Some(whole) = full.next() else { return 0.0 };
        let least = if *dot { 2 } else { 4 };
        if word != whole && !(word.len() >= least && whole.starts_with(word.as_str())) {
            return 0.0;
        }
        letters += word.len();
        all += whole.len();
    }
    if full.next().is_some() || letters < 3 {
        return 0.0;
    }
    let ratio = |n: usize| f64::from(u16::try_from(n).unwrap_or(u16::MAX));
    0.75 + 0.2 * ratio(letters) / ratio(all.max(1))
}

/// Short names say less than long ones.
fn weight(words: &str) -> f64 {
    match words.chars().filter(|c| c.is_alphanumeric()).count() {
        0..=4 => SHORT,
        5..=6 => 0.93,
        _ => 1.0,
    }
}

/// Whether a heading is a known one, of several words, with a slip of the pen.
fn is_typo((words, own): (&str, &Alike), name: &Name) -> bool {
    let near = words.len().abs_diff(name.words.len()) <= 2 && words.len() <= bounds::TYPOS;
    near && name.words.contains(' ') && own.similarity(&name.alike, SLIP).is_some()
}

/// Score of a heading that contains, is contained in, or is much like a known one.
fn near((words, own): (&str, &Alike), (name, alike): (&str, &Alike)) -> f64 {
    let (long, short) = (words.len().max(name.len()), words.len().min(name.len()));
    if short < 5 {
        return 0.0;
    }
    let share =
        f64::from(u16::try_from(short).unwrap_or(u16::MAX)) / f64::from(u16::try_from(long).unwrap_or(u16::MAX));
    let starts = |a: &str, b: &str| a.strip_prefix(b).is_some_and(|rest| rest.starts_with(' '));
    if starts(words, name) {
        // A short name says little of a longer heading: «Sotto», «Area».
        if name.len() < BRIEF && share < 0.6 {
            return 0.55 + 0.1 * share;
        }
        return 0.7 + 0.25 * share;
    }
    // The beginning of a long heading: the rest is an instruction to the office.
    if words.len() >= 10 && starts(name, words) {
        return 0.68 + 0.25 * share;
    }
    if share > 0.5 && contains_words(words, name) {
        return 0.62 + 0.3 * share;
    }
    if share < 0.7 || long > bounds::TYPOS {
        return 0.0;
    }
    own.similarity(alike, SIMILAR).map_or(0.0, |similarity| similarity * 0.95)
}

fn contains_words(text: &str, part: &str) -> bool {
    let starts = std::iter::once(0).chain(text.match_indices(' ').map(|(at, _)| at + 1));
    let mut rests = starts.filter_map(|at| text.get(at..)?.strip_prefix(part));
    rests.any(|rest| rest.is_empty() || rest.starts_with(' '))
}
