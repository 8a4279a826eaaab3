//! How well a printed heading names a field.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::bounds;
use super::candidate::IN_FULL;
use super::marks::{Mark, is_marked};
use super::memory::Memory;
use super::phrases::Phrases;
use super::sides;
use super::sieve::Sieve;
use super::spellings::Spellings;
use super::view::brief_words;
use super::wordings::{BRIEF, is_scale, is_small, shortened, stemmed, weight};
use super::years;
use crate::pack::Schedule;
use crate::text::{self, Alike};

/// Bytes that years add to a heading.
const YEARS: usize = 24;

/// The headings of one kind of schedule, ready for look-up.
#[derive(Debug)]
pub(super) struct HeadingIndex {
    /// Words of a heading to (field, score).
    exact: HashMap<String, Vec<(usize, f64)>>,
    /// The same without blanks: headings cut by a narrow column.
    squeezed: HashMap<String, Vec<(usize, f64)>>,
    /// The same by the stems of their words, small words left out: singular and plural are one.
    stems: HashMap<String, Vec<(usize, f64)>>,
    /// Headings written in one.
    phrases: Phrases,
    /// The headings that a text may be with a slip, abbreviated, or with something more or less.
    spellings: Spellings,
    /// Titles of groups of columns, by their stems, with the entity.
    groups: HashMap<String, usize>,
    /// Stems of labels that say nothing of their own, of other kinds' headings, and of those that are this kind's alone.
    generic: HashSet<String>,
    apart: HashSet<String>,
    foreign: HashSet<String>,
    foreign_leaning: HashSet<String>,
    unread: HashSet<String>,
    telling: Vec<Mark>,
    leaning: Vec<Mark>,
    asked: Vec<Mark>,
    asked_alone: HashSet<String>,
    /// The stems of the longer words of all headings: a text with one of them is in their language.
    vocabulary: HashSet<String>,
    /// Bytes of the longest heading, with room for blanks and accents.
    longest: usize,
    /// The headings, to hold back what cannot be one.
    pub(super) sieve: Sieve,
    /// What titles of other kinds' tables say, in words between blanks.
    foreign_titles: Vec<String>,
    /// Scores of headings, and what labels and titles say.
    scores: Memory<Scores>,
    senses: Memory<Sense>,
}

/// What a label, a heading or a title says beside the field it may name.
#[derive(Debug, Clone, Copy, Default)]
struct Sense {
    words: Words,
    /// It has words that some heading of this kind must have.
    asked: bool,
    label: Label,
    /// The entity, by position, that a group of columns with this title is about.
    group: Option<usize>,
}

/// What words of a text tell of its kind.
#[derive(Debug, Clone, Copy, Default)]
struct Words {
    /// Some are this kind's alone, or rather this kind's.
    telling: bool,
    leaning: bool,
    /// Some are those of titles of other kinds' tables.
    of_others: bool,
}

/// What a text is as a whole.
#[derive(Debug, Clone, Copy, Default)]
struct Label {
    /// It says nothing of its own, is of columns that are no fields, or a heading of other kinds.
    generic: bool,
    apart: bool,
    foreign: bool,
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

/// What a field loses that is named by a part of a heading that is another's with a slip.
const SLIPPED: f64 = 0.15;

/// Fields with the score of a heading for each, best first.
type Scores = Arc<[(usize, f64)]>;

impl HeadingIndex {
    pub(super) fn new(schedule: &Schedule) -> Self {
        let stems = |texts: &[String]| texts.iter().map(|t| stemmed(&text::words(t))).collect();
        let entities = schedule.entities.iter().enumerate();
        let mut index = Self {
            groups: entities.flat_map(|(i, e)| e.groups.iter().map(move |g| (stemmed(&text::words(g)), i))).collect(),
            generic: stems(&schedule.recognition.generic),
            apart: stems(&schedule.recognition.apart),
            foreign: stems(&[&*schedule.recognition.foreign, &schedule.recognition.foreign_leaning].concat()),
            foreign_leaning: stems(&schedule.recognition.foreign_leaning),
            unread: stems(&schedule.recognition.unread),
            telling: schedule.recognition.telling.iter().map(|t| Mark::new(t)).collect(),
            leaning: schedule.recognition.leaning.iter().map(|t| Mark::new(t)).collect(),
            asked: schedule.recognition.asked.iter().map(|t| Mark::new(t)).collect(),
            asked_alone: stems(&schedule.recognition.asked_alone),
            exact: HashMap::new(),
            squeezed: HashMap::new(),
            stems: HashMap::new(),
            phrases: Phrases::default(),
            spellings: Spellings::default(),
            scores: Memory::default(),
            senses: Memory::default(),
            foreign_titles: schedule
                .recognition
                .foreign_titles
                .iter()
                .map(|t| format!(" {} ", text::words(t)))
                .collect(),
            vocabulary: HashSet::new(),
            longest: 0,
            sieve: Sieve::default(),
        };
        for (field, spec) in schedule.fields.iter().enumerate() {
            for (rank, heading) in spec.headings.iter().enumerate() {
                index.add(field, heading, 0.002 * f64::from(u8::try_from(rank.min(20)).unwrap_or(20)));
            }
            for heading in &spec.also {
                index.add(field, heading, SECOND);
            }
            for heading in &spec.whole {
                index.add_whole(field, heading, 0.0);
            }
            spec.phrases.iter().for_each(|phrase| index.phrases.add(field, phrase));
        }
        index.spellings.arrange();
        index
    }

    fn add(&mut self, field: usize, heading: &str, lost: f64) {
        let words = self.add_whole(field, heading, lost);
        self.spellings.add(field, words, if lost < SECOND { 0.0 } else { lost });
    }

    /// Adds a heading that is known as it is alone; gives its words.
    fn add_whole(&mut self, field: usize, heading: &str, lost: f64) -> String {
        let words = text::words(heading);
        let score = weight(&words) - lost;
        self.longest = self.longest.max(heading.len() * 3 / 2 + 8);
        self.exact.entry(words.clone()).or_default().push((field, score));
        let squeezed = text::squeezed(heading);
        self.sieve.add(&squeezed);
        self.squeezed.entry(squeezed).or_default().push((field, score - 0.02));
        let stems = stemmed(&words);
        self.vocabulary.extend(stems.split(' ').filter(|w| w.len() >= TELLING_WORD).map(str::to_owned));
        self.stems.entry(stems).or_default().push((field, score - STEMMED));
        words
    }

    /// The fields whose heading the text is, as it is.
    fn whole(&self, heading: &str) -> Vec<(usize, f64)> {
        if heading.len() > self.longest.max(bounds::TYPOS) {
            return Vec::new();
        }
        let words = text::words(heading);
        let stems = stemmed(&words);
        let exact = self.exact.get(&words).into_iter().chain(self.squeezed.get(&text::squeezed(heading)));
        let exact = exact.chain(self.stems.get(&stems)).flatten().copied();
        exact.chain(self.phrases.fields(&stems).map(|field| (field, 1.0 - STEMMED))).collect()
    }

    /// Whether a text has one of the longer words of the headings.
    fn is_of_language(&self, text: &str) -> bool {
        label_stems(text).split(' ').any(|w| self.vocabulary.contains(w))
    }

    /// The fields that a heading in several languages names: a known side tells, unless another says something else.
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
            return Arc::from([]);
        }
        self.scores.of(heading, || {
            if years::is_term(heading) {
                return Arc::from([]);
            }
            let bare = sides::unnumbered(sides::unmarked(heading));
            let yearless = years::without(bare);
            // A day may say what a value is: «Valore al 31/12/2024».
            let dated = yearless.as_ref().map(|_| years::dated(bare)).filter(|d| !self.whole(d).is_empty());
            // So may the year itself: «Obiettivo 2026».
            let of_year = yearless.as_ref().map(|y| format!("{y} anno")).filter(|y| !self.whole(y).is_empty());
            let dated = dated.or(of_year);
            self.computed(dated.or(yearless).as_deref().unwrap_or(bare)).into()
        })
    }

    fn computed(&self, heading: &str) -> Vec<(usize, f64)> {
        let words = text::words(heading);
        if words.is_empty() || words.chars().count() > bounds::NAMED_HEADING || self.unread.contains(&stemmed(&words)) {
            return Vec::new();
        }
        let mut best: HashMap<usize, f64> = HashMap::new();
        let mut offer = |field: usize, score: f64| {
            let known = best.entry(field).or_default();
            *known = known.max(score);
        };
        self.whole(heading).into_iter().for_each(|(f, s)| offer(f, s));
        // A heading that is a field's own is not also another's with something more or less; nor is one of other kinds'
        // this kind's with a slip («Provvedimenti», «Procedimenti»).
        if best.is_empty() && !self.foreign.contains(&label_stems(heading)) {
            let short = shortened(heading);
            // It goes on in the row below.
            let whole = words.rsplit(' ').next().is_none_or(|w| w.len() < 2 || !is_small(w));
            let share = if whole { 1.0 } else { UNFINISHED };
            let mut typed: HashSet<usize> = HashSet::new();
            for likeness in self.spellings.like(&words, short.as_deref()) {
                if likeness.typo {
                    typed.insert(likeness.field);
                }
                let score = likeness.score * share - likeness.lost;
                if score > best.get(&likeness.field).copied().unwrap_or(0.0) {
                    best.insert(likeness.field, score);
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
        // Its sides; or a question with the term that it asks for: «Come lo preveniamo (misura)».
        if best.values().all(|s| *s < FULL) {
            let asked = sides::asked(heading).map(|(question, term)| [self.whole(question), self.whole(term)].concat());
            for (field, score) in asked.or_else(|| Some(self.of_sides(&sides::of(heading)?))).unwrap_or_default() {
                let known = best.entry(field).or_default();
                *known = known.max(score);
            }
        }
        let mut scores: Vec<(usize, f64)> = best.into_iter().collect();
        scores.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        scores
    }

    /// The field that a heading is one of, by position.
    pub(super) fn named_in_full(&self, heading: &str) -> Option<usize> {
        self.scores(heading).first().filter(|best| best.1 >= IN_FULL).map(|best| best.0)
    }

    fn sense(&self, text: &str) -> Sense {
        // Prose, whatever words are in it.
        if text.len() > bounds::WORDS {
            return Sense::default();
        }
        self.senses.of(text, || {
            let stems = label_stems(text);
            let own = Alike::new(&stems);
            let words = if self.foreign_titles.is_empty() { String::new() } else { format!(" {} ", text::words(text)) };
            let words = Words {
                telling: is_marked(&self.telling, &stems, &own),
                leaning: is_marked(&self.leaning, &stems, &own),
                of_others: self.foreign_titles.iter().any(|t| words.contains(t)),
            };
            let label = Label {
                generic: self.generic.contains(&stems),
                apart: self.apart.contains(&stems),
                foreign: self.foreign.contains(&stems) || self.is_foreign_side(text),
            };
            let asked = is_marked(&self.asked, &stems, &own) || self.asked_alone.contains(&stems);
            Sense { words, asked, label, group: self.groups.get(&stems).copied() }
        })
    }

    /// The entity, by position, that a group of columns with this title is about.
    pub(super) fn group(&self, title: &str) -> Option<usize> {
        self.sense(title).group
    }

    /// Whether a label says no more than the title of its group.
    pub(super) fn is_generic(&self, label: &str) -> bool {
        self.sense(label).label.generic
    }

    /// Whether what stands under the title of a group is no field.
    pub(super) fn is_apart(&self, title: &str) -> bool {
        !self.apart.is_empty() && self.sense(title).label.apart
    }

    /// Whether a heading is one of tables of other kinds.
    pub(super) fn is_foreign(&self, heading: &str) -> bool {
        !self.foreign.is_empty() && self.sense(heading).label.foreign
    }

    /// Whether a foreign heading may stand beside this kind's own.
    pub(super) fn is_foreign_leaning(&self, heading: &str) -> bool {
        !self.foreign_leaning.is_empty() && self.foreign_leaning.contains(&label_stems(heading))
    }

    /// Whether, of a heading in two languages, one side is of tables of other kinds.
    fn is_foreign_side(&self, heading: &str) -> bool {
        let is = |text: &str| self.foreign.contains(&label_stems(text));
        let one =
            |sides: Vec<&str>| sides.iter().any(|s| is(s)) && sides.iter().all(|s| is(s) || !self.is_of_language(s));
        !self.foreign.is_empty() && sides::of(heading).is_some_and(one)
    }

    /// Whether a title speaks of a table of another kind.
    pub(super) fn is_of_others(&self, title: &str) -> bool {
        !self.foreign_titles.is_empty() && self.sense(title).words.of_others
    }

    /// Whether a heading or a title has words that are this kind's alone.
    pub(super) fn is_telling(&self, text: &str) -> bool {
        !self.telling.is_empty() && self.sense(text).words.telling
    }

    /// Whether a heading or a title has words that are this kind's rather than another's.
    pub(super) fn is_leaning(&self, text: &str) -> bool {
        !self.leaning.is_empty() && self.sense(text).words.leaning
    }

    /// Whether a heading has words that some heading of this kind must have; any has if the kind asks for none.
    pub(super) fn is_asked(&self, text: &str) -> bool {
        self.asked.is_empty() || self.sense(text).asked
    }

    /// Whether the text or one side of it is exactly one of the headings, punctuation, years and marks of notes aside.
    pub(super) fn is_heading(&self, text: &str) -> bool {
        text.len() <= 2 * (self.longest + YEARS) && self.sieve.lets_through(text) && self.is_one(text)
    }

    /// The same, whatever the sieve says.
    pub(super) fn is_one(&self, text: &str) -> bool {
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

/// The stems of a heading or a label, without marks of notes behind it.
fn label_stems(text: &str) -> String {
    stemmed(&brief_words(sides::unmarked(text)))
}
