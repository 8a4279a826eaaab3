//! How well a printed heading names a field.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::pack::Schedule;
use crate::text;

/// Headings longer than this, in characters, are sentences: no heading is looked for in them.
const LONGEST: usize = 160;
/// Score of a heading that is only one of the field's short, ambiguous names (`N.`, `P`, `Area`).
const SHORT: f64 = 0.8;
/// Bytes of the longest heading in which typos are forgiven.
const LONGEST_ALIKE: usize = 90;
/// Least similarity for a heading with typos.
const SIMILAR: f64 = 0.84;

/// The headings of one kind of schedule, ready for look-up.
#[derive(Debug)]
pub(super) struct HeadingIndex {
    /// Words of a heading to (field, score).
    exact: HashMap<String, Vec<(usize, f64)>>,
    /// The same without blanks: headings cut by a narrow column.
    squeezed: HashMap<String, Vec<(usize, f64)>>,
    /// All headings in words, by field.
    all: Vec<Vec<(String, Letters)>>,
    /// Bytes of the longest heading, with room for blanks and accents.
    longest: usize,
    /// Scores already computed: the same headings are weighed in several windows of rows.
    known: RefCell<HashMap<String, Scores>>,
}

/// Fields with the score of a heading for each, best first.
type Scores = Rc<[(usize, f64)]>;

impl HeadingIndex {
    pub(super) fn new(schedule: &Schedule) -> Self {
        let mut index = Self {
            exact: HashMap::new(),
            squeezed: HashMap::new(),
            all: Vec::new(),
            known: RefCell::default(),
            longest: 0,
        };
        for (field, spec) in schedule.fields.iter().enumerate() {
            let mut own = Vec::new();
            for (rank, heading) in spec.headings.iter().enumerate() {
                let words = text::words(heading);
                let score = weight(&words) - 0.002 * f64::from(u8::try_from(rank.min(20)).unwrap_or(20));
                index.longest = index.longest.max(heading.len() * 3 / 2 + 8);
                index.exact.entry(words.clone()).or_default().push((field, score));
                index.squeezed.entry(text::squeezed(heading)).or_default().push((field, score - 0.02));
                let letters = letters(&words);
                own.push((words, letters));
            }
            index.all.push(own);
        }
        index
    }

    /// How well a heading names each field, from 0 to 1; fields it does not name are left out.
    pub(super) fn scores(&self, heading: &str) -> Scores {
        if heading.len() > LONGEST * 4 {
            return Rc::from([]);
        }
        if let Some(known) = self.known.borrow().get(heading) {
            return known.clone();
        }
        let scores: Scores = self.computed(heading).into();
        self.known.borrow_mut().insert(heading.to_owned(), scores.clone());
        scores
    }

    fn computed(&self, heading: &str) -> Vec<(usize, f64)> {
        let words = text::words(heading);
        if words.is_empty() || words.chars().count() > LONGEST {
            return Vec::new();
        }
        let mut best: HashMap<usize, f64> = HashMap::new();
        let mut offer = |field: usize, score: f64| {
            let known = best.entry(field).or_default();
            *known = known.max(score);
        };
        self.exact.get(&words).into_iter().flatten().for_each(|(f, s)| offer(*f, *s));
        self.squeezed.get(&text::squeezed(heading)).into_iter().flatten().for_each(|(f, s)| offer(*f, *s));
        let own = letters(&words);
        for (field, names) in self.all.iter().enumerate() {
            for (name, letters) in names {
                let score = near((&words, &own), (name, letters));
                if score > 0.0 {
                    offer(field, score);
                }
            }
        }
        let mut scores: Vec<(usize, f64)> = best.into_iter().collect();
        scores.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        scores
    }

    /// Whether the text, blanks and punctuation aside, is exactly one of the headings.
    pub(super) fn is_heading(&self, text: &str) -> bool {
        text.len() <= self.longest && self.squeezed.contains_key(&text::squeezed(text))
    }
}

/// How often each letter stands in a text; digits and blanks do not count.
type Letters = [u8; 26];

fn letters(words: &str) -> Letters {
    let mut counts = [0; 26];
    for place in words.bytes().filter_map(|b| b.checked_sub(b'a')) {
        if let Some(count) = counts.get_mut(usize::from(place)) {
            *count = u8::saturating_add(*count, 1);
        }
    }
    counts
}

/// Whether two texts have too few letters in common to be alike: a cheap look before the costly one.
fn far(a: &Letters, b: &Letters, length: usize) -> bool {
    let different: usize = a.iter().zip(b).map(|(x, y)| usize::from(x.abs_diff(*y))).sum();
    different * 2 > length
}

/// Short names say less than long ones.
fn weight(words: &str) -> f64 {
    match words.chars().filter(|c| c.is_alphanumeric()).count() {
        0..=4 => SHORT,
        5..=6 => 0.93,
        _ => 1.0,
    }
}

/// Score of a heading that contains, is contained in, or is much like a known one.
fn near((words, own): (&str, &Letters), (name, letters): (&str, &Letters)) -> f64 {
    let (long, short) = (words.len().max(name.len()), words.len().min(name.len()));
    if short < 5 {
        return 0.0;
    }
    let share =
        f64::from(u16::try_from(short).unwrap_or(u16::MAX)) / f64::from(u16::try_from(long).unwrap_or(u16::MAX));
    let starts = |a: &str, b: &str| a.strip_prefix(b).is_some_and(|rest| rest.starts_with(' '));
    if starts(words, name) {
        return 0.7 + 0.25 * share;
    }
    // The beginning of a long heading: the rest is an instruction to the office.
    if words.len() >= 10 && starts(name, words) {
        return 0.68 + 0.25 * share;
    }
    if share > 0.5 && contains_words(words, name) {
        return 0.62 + 0.3 * share;
    }
    if share < 0.7 || long > LONGEST_ALIKE || far(own, letters, long) {
        return 0.0;
    }
    let similarity = text::similarity(words, name);
    if similarity >= SIMILAR { similarity * 0.95 } else { 0.0 }
}

fn contains_words(text: &str, part: &str) -> bool {
    text.match_indices(part).any(|(at, _)| {
        let before = at == 0 || text.get(..at).is_some_and(|t| t.ends_with(' '));
        let after = text.get(at + part.len()..).is_some_and(|t| t.is_empty() || t.starts_with(' '));
        before && after
    })
}
