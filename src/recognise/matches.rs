//! Which values a column's patterns match. The same values are weighed for several fields in several windows of rows, and
//! a regular expression costs more than to remember what it said.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use super::assign::count;
use crate::pack::Schedule;

/// Answers kept at most: a sheet of many tables asks for more values than are worth keeping.
const MOST: usize = 50_000;

/// A column, and the last row of the header over its values.
type Place = (u32, u32);

/// The first values of a column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Values<'a> {
    pub(super) texts: &'a [Arc<str>],
    /// The same have the same values.
    pub(super) place: Place,
}

/// What the patterns of one kind of schedule said of the values of one sheet.
#[derive(Debug)]
pub(super) struct Matches<'a> {
    schedule: &'a Schedule,
    /// By name of the pattern, then by value.
    known: RefCell<HashMap<&'a str, HashMap<Arc<str>, bool>>>,
    kept: Cell<usize>,
    /// By address of the names, then by place of the values.
    shares: RefCell<HashMap<(usize, Place), f64>>,
}

impl<'a> Matches<'a> {
    pub(super) fn new(schedule: &'a Schedule) -> Self {
        Self { schedule, known: RefCell::default(), kept: Cell::default(), shares: RefCell::default() }
    }

    /// Whether a value matches the pattern of a name; none does where there is no such pattern.
    fn is_match(&self, name: &str, value: &Arc<str>) -> bool {
        let Some((name, pattern)) = self.schedule.patterns.get_key_value(name) else { return false };
        let mut known = self.known.borrow_mut();
        if self.kept.get() >= MOST {
            known.clear();
            self.kept.set(0);
        }
        let answers = known.entry(name).or_default();
        if let Some(answer) = answers.get(value) {
            return *answer;
        }
        self.kept.set(self.kept.get() + 1);
        let answer = pattern.is_match(value);
        answers.insert(value.clone(), answer);
        answer
    }

    /// Whether so great a share of the values matches one of the patterns. Most columns are told apart by a few values.
    pub(super) fn reaches(&self, least: f64, names: &'a [String], values: Values<'_>) -> bool {
        let all = values.texts.len();
        if names.is_empty() || all == 0 {
            return least <= 0.0;
        }
        let mut missed = 0;
        for value in values.texts {
            missed += usize::from(!names.iter().any(|n| self.is_match(n, value)));
            if count(all - missed) / count(all) < least {
                return false;
            }
        }
        true
    }

    /// The share of the values that match one of the patterns, from 0 to 1.
    pub(super) fn share(&self, names: &'a [String], values: Values<'_>) -> f64 {
        if names.is_empty() || values.texts.is_empty() {
            return 0.0;
        }
        let key = (names.as_ptr().addr(), values.place);
        if let Some(known) = self.shares.borrow().get(&key) {
            return *known;
        }
        let matching = values.texts.iter().filter(|v| names.iter().any(|n| self.is_match(n, v))).count();
        let share = count(matching) / count(values.texts.len());
        let mut shares = self.shares.borrow_mut();
        // As many columns and windows as there are, whatever their values.
        if shares.len() >= MOST {
            shares.clear();
        }
        shares.insert(key, share);
        share
    }
}
