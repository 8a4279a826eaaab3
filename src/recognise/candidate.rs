//! How well each field fits a column: by its heading, then by what it holds.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::assign::SHARED;
use super::header::Part;
use super::heading::HeadingIndex;
use super::matches::{Matches, Values};
use super::names::{Group, best_names};
use super::spans::{BY_LABEL, Span};
use super::years;
use crate::model::Area;
use crate::pack::{FieldKind, FieldSpec, Schedule};

/// How much content speaks for a field that the heading names, and against it.
const CONTENT_FOR: f64 = 0.06;
const CONTENT_AGAINST: f64 = 0.45;
/// Score from which a heading names its field in full.
pub(super) const IN_FULL: f64 = 0.95;
/// Score under which a heading is only much like that of a number.
const NUMBERED: f64 = 0.79;
/// Score of a column without heading whose content is all of one kind.
const CONTENT_ALONE: f64 = 0.75;
/// Least share of its values that are then of the field.
const OF_ONE_KIND: f64 = 0.8;
/// Least values of a column with an unknown heading for its content to tell, and what it then scores over the threshold.
const TELLING: usize = 3;
/// Least share of values that tell the field of a column with an unknown heading.
const TELLS: f64 = 0.9;
/// Least share of values that are of a field for the columns beside not to say otherwise.
const MATCHED: f64 = 0.8;
/// Score of a column whose group tells its field, whatever its label.
const GATHERED: f64 = 0.9;
/// What a column scores over the threshold whose content alone tells its field.
pub(super) const TOLD: f64 = 0.02;

/// A column and the fields that its heading names.
pub(super) struct Named<'a> {
    heading: String,
    area: Area,
    /// The entity that the group of columns is about.
    group: Option<&'a Arc<str>>,
    /// Fields by position in the schedule, with their scores.
    fields: BTreeMap<usize, f64>,
    /// What a label over several columns loses.
    lost: f64,
    /// It is of no field, whatever it is called.
    apart: bool,
}

impl<'a> Named<'a> {
    /// What a heading of several rows names.
    pub(super) fn new(
        (schedule, index): (&'a Schedule, &HeadingIndex),
        (parts, area): (&[Part], Area),
        span: Option<&Span>,
    ) -> Self {
        let heading = parts.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join(" ");
        let parts = span.map_or(parts, |s| s.label(parts));
        let lost = if span.is_some_and(|s| s.worded) { BY_LABEL } else { 0.0 };
        // A row of the heading that holds a year alone names no field.
        let parts: Vec<&Part> = parts.iter().filter(|p| !years::is_only(&p.text)).collect();
        // «Trattamento: tempi» has the title of its group before it.
        let titled = if let [only] = parts.as_slice() { only.titled(index) } else { None };
        let parts = titled.as_ref().map_or(parts, |both| both.iter().collect());
        // Under them may stand what they come to: «Valore medio impatto».
        let named = |p: &&Part| p.text.contains(' ').then(|| index.named_in_full(&p.text)).flatten();
        let field = || parts.last().and_then(named).and_then(|field| schedule.fields.get(field));
        let is_sum = || field().is_some_and(|f| !f.content.is_empty());
        let apart =
            parts.is_empty() && span.is_some() || parts.iter().any(|p| p.wide && index.is_apart(&p.text)) && !is_sum();
        let group = Group::of(schedule, index, &parts);
        let gathered = schedule.recognition.apart_as.as_ref().filter(|_| apart && !parts.is_empty());
        let gathered = gathered.and_then(|name| schedule.fields.iter().position(|f| f.name == *name));
        let fields = match gathered {
            Some(field) => BTreeMap::from([(field, GATHERED)]),
            None => best_names(schedule, index, &parts, &group),
        };
        let apart = apart && gathered.is_none();
        Self { heading, area, group: group.entity, fields, lost, apart }
    }

    /// Whether the heading may give the column a field, by position in the schedule, or what it holds may.
    fn allows(&self, (position, field): (usize, &FieldSpec), threshold: f64) -> bool {
        let named = self.fields.get(&position).is_some_and(|score| score + CONTENT_FOR - self.lost >= threshold);
        let is_open = field.kind == FieldKind::Number || self.heading.is_empty();
        !self.apart && (named || !field.by_content.is_empty() || is_open && !field.content.is_empty())
    }

    /// Weighs every field for the column.
    pub(super) fn weigh(
        self,
        (schedule, index, matches): (&Schedule, &HeadingIndex, &Matches<'a>),
        fields: &[(usize, &'a FieldSpec)],
        sample: Values<'_>,
    ) -> Candidate<'a> {
        let mut candidate = Candidate {
            heading: self.heading.as_str().into(),
            area: self.area,
            group: None,
            by_heading: None,
            scores: vec![0.0; fields.len()],
            matched: vec![false; fields.len()],
            by_neighbour: false,
        };
        if self.apart {
            return candidate;
        }
        let threshold = schedule.recognition.column_threshold;
        for ((i, field), place) in fields.iter().zip(&mut candidate.scores) {
            let named = self.fields.get(i).copied().unwrap_or(0.0);
            *place = (score((threshold, matches), field, &self.heading, named, sample) - self.lost).max(0.0);
        }
        // A known heading says what the column is, even one of another kind of table.
        let unknown = !self.heading.is_empty() && self.fields.values().all(|s| *s < threshold);
        if unknown && sample.texts.len() >= TELLING && !index.is_foreign(&self.heading) {
            for ((_, field), score) in fields.iter().zip(&mut candidate.scores) {
                if *score < threshold && matches.reaches(TELLS, &field.by_content, sample) {
                    *score = threshold + TOLD;
                }
            }
        }
        let best = self.fields.iter().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0)));
        candidate.by_heading = best.map(|(i, s)| (*i, *s));
        candidate.group = self.group;
        // Asked of fields only that may share the heading with the best one: scores only fall from here on.
        for ((score, (_, field)), place) in candidate.scores.iter().zip(fields).zip(&mut candidate.matched) {
            *place = *score >= threshold - SHARED && matches.reaches(MATCHED, &field.content, sample);
        }
        candidate
    }
}

/// Whether columns may have a field each of one of the kind's least sets: else nothing need be weighed. `given` are
/// fields that they have together.
pub(super) fn may_suffice(schedule: &Schedule, named: &[Named<'_>], given: &[&Arc<str>]) -> bool {
    let threshold = schedule.recognition.column_threshold;
    let fields = || schedule.fields.iter().enumerate();
    let has = |name: &Arc<str>| {
        let allowed =
            |field: (usize, &FieldSpec)| field.1.name == *name && named.iter().any(|n| n.allows(field, threshold));
        given.contains(&name) || fields().any(allowed)
    };
    schedule.recognition.minimum.iter().any(|set| set.iter().all(has))
}

/// A column before it has a field: its heading, what it holds, and the score of each field.
pub(super) struct Candidate<'a> {
    pub(super) heading: Arc<str>,
    pub(super) area: Area,
    /// The entity that the group of columns is about.
    pub(super) group: Option<&'a Arc<str>>,
    /// The field that the heading alone names best.
    pub(super) by_heading: Option<(usize, f64)>,
    /// One score per field.
    pub(super) scores: Vec<f64>,
    /// Likely fields that the values are of, one by one, by position: most of them match its patterns.
    pub(super) matched: Vec<bool>,
    /// The columns beside have made one field likelier than another.
    pub(super) by_neighbour: bool,
}

impl Candidate<'_> {
    /// The same column, of no field.
    pub(super) fn of_none(mut self) -> Self {
        self.scores.iter_mut().for_each(|s| *s = 0.0);
        Self { by_heading: None, group: None, ..self }
    }
}

fn score<'a>(
    (threshold, matches): (f64, &Matches<'a>),
    field: &'a FieldSpec,
    heading: &str,
    named: f64,
    sample: Values<'_>,
) -> f64 {
    if named > 0.0 {
        let pro = matches.share(&field.content, sample);
        // Where all values speak for it, none is asked what speaks against.
        let con = if pro < 1.0 { matches.share(&field.against, sample) } else { 0.0 };
        let weighed = (named + CONTENT_FOR * pro - CONTENT_AGAINST * con * (1.0 - pro)).clamp(0.0, 1.0);
        // A heading that names the field in full is believed whatever the values look like, but words are no numbers,
        // and a heading that is only much like that of a number needs numbers.
        let number = field.kind == FieldKind::Number && !sample.texts.is_empty();
        if number && pro < 0.3 && (named < NUMBERED || con > 0.6) {
            return (weighed - CONTENT_AGAINST).max(0.0);
        }
        // One with a year may be of the values of that year: «Obiettivo 2026».
        let full = named >= IN_FULL && weighed < threshold && years::without(heading).is_none();
        return if full { threshold + 0.01 } else { weighed };
    }
    // Without a heading only content that is all of one kind can tell; numbers must count up.
    let bare = heading.chars().filter(|c| c.is_alphanumeric()).count() < 3;
    let counts = field.kind == FieldKind::Number;
    if bare && (counts && ascending(sample.texts) || heading.is_empty() && !counts && sample.texts.len() >= 3) {
        let all = matches.reaches(OF_ONE_KIND, &field.content, sample);
        return if all { CONTENT_ALONE * matches.share(&field.content, sample) } else { 0.0 };
    }
    0.0
}

/// Whether the texts are whole numbers, each greater than the one before.
fn ascending(texts: &[Arc<str>]) -> bool {
    let numbers: Option<Vec<u32>> = texts.iter().map(|t| t.trim().trim_end_matches(['.', ')']).parse().ok()).collect();
    numbers.is_some_and(|n| n.len() >= 2 && n.iter().zip(n.iter().skip(1)).all(|(a, b)| a < b))
}
