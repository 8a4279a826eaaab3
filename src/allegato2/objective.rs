//! Objectives and indicators as registers tell them, each from several rows.

use super::years::Span;
use crate::model::{Cell, Place};
use crate::text;

/// One objective, with what its rows say of it, each from the first row that says it.
#[derive(Debug, Clone)]
pub(super) struct Objective {
    pub(super) code: String,
    pub(super) title: String,
    /// What its level is called, by its own cell or by heading or sheet.
    pub(super) level: Option<String>,
    /// Whether that is its own cell.
    pub(super) is_level_own: bool,
    pub(super) years: Vec<Span>,
    pub(super) funds: Option<Cell>,
    pub(super) staff: Option<Cell>,
    pub(super) office: Option<Cell>,
    pub(super) is_placeholder: bool,
    pub(super) place: Place,
    pub(super) indicators: Vec<Indicator>,
    /// The table it was first met in.
    pub(super) table: usize,
}

impl Objective {
    /// What it is called: the code, else the title.
    pub(super) fn name(&self) -> &str {
        if self.code.is_empty() { &self.title } else { &self.code }
    }

    /// What objectives that may be one have in common: the code, else the title.
    pub(super) fn key(&self) -> String {
        if self.code.is_empty() { format!("t{}", text::identity(&self.title)) } else { key_of(&self.code) }
    }

    /// Whether another of its key is this one. Registers may number anew, and what stands for a code may be that of the
    /// objective above: titles that have little in common are of two.
    pub(super) fn is(&self, other: &Self) -> bool {
        if self.title.is_empty() || other.title.is_empty() {
            return true;
        }
        let (own, new) = (text::identity(&self.title), text::identity(&other.title));
        let least = if self.table == other.table { 0.5 } else { 0.8 };
        own == new || text::similarity(&own, &new) > least
    }

    /// What another row of the same objective says beside.
    pub(super) fn take(&mut self, new: Self) {
        let fill = |own: &mut Option<Cell>, new: Option<Cell>| {
            if own.as_ref().is_none_or(|c| c.value.is_missing()) && new.is_some() {
                *own = new;
            }
        };
        fill(&mut self.funds, new.funds);
        fill(&mut self.staff, new.staff);
        fill(&mut self.office, new.office);
        if self.title.is_empty() || self.is_placeholder && !new.is_placeholder {
            self.title = new.title;
            self.is_placeholder = new.is_placeholder;
        }
        if self.level.is_none() || new.is_level_own && !self.is_level_own {
            self.level = new.level;
            self.is_level_own = new.is_level_own;
        }
        self.years.extend(new.years);
    }
}

/// One indicator of an objective.
#[derive(Debug, Clone)]
pub(super) struct Indicator {
    pub(super) code: String,
    pub(super) title: String,
    pub(super) formula: Option<String>,
    pub(super) unit: Option<Cell>,
    /// Targets with the years of their columns; none for a column of no year.
    pub(super) targets: Vec<(Option<i16>, Cell)>,
    pub(super) is_placeholder: bool,
    pub(super) place: Place,
}

impl Indicator {
    /// What it is called: the title, else the code.
    pub(super) fn name(&self) -> &str {
        if self.title.is_empty() { &self.code } else { &self.title }
    }

    /// What makes two indicators one: the code, else title and formula.
    pub(super) fn identity(&self) -> String {
        if self.code.is_empty() {
            let formula = self.formula.as_deref().map(text::identity).unwrap_or_default();
            format!("t{}|{formula}", text::identity(&self.title))
        } else {
            key_of(&self.code)
        }
    }

    /// What another row of the same indicator says beside.
    pub(super) fn take(&mut self, new: Self) {
        if self.formula.is_none() {
            self.formula = new.formula;
        }
        if self.unit.is_none() {
            self.unit = new.unit;
        }
        self.targets.extend(new.targets);
    }
}

/// The key of what has a code.
pub(super) fn key_of(code: &str) -> String {
    format!("c{}", text::coded(code))
}
