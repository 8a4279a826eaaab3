//! What the rules of a run cost.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::report::{Outcome, Report};

/// What one rule cost over all documents.
#[derive(Debug, Clone, PartialEq)]
pub struct Timing {
    /// Code of the rule.
    pub code: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// Documents it was evaluated on.
    pub documents: usize,
    /// The time it took.
    pub time: Duration,
    /// Its share in the time of all rules, from 0 to 1.
    pub share: f64,
}

impl Outcome {
    /// The same, with the time it took.
    pub(crate) fn timed(mut self, time: Option<Duration>) -> Self {
        self.rule.time = time;
        self
    }
}

impl Report {
    /// What each rule cost, the dearest first; empty if the run was not measured.
    pub fn timings(&self) -> Vec<Timing> {
        let mut costs: BTreeMap<Arc<str>, Timing> = BTreeMap::new();
        for rule in self.documents.iter().flat_map(|d| &d.rules) {
            let Some(time) = rule.time else { continue };
            let cost = costs.entry(rule.code.clone()).or_insert_with(|| Timing {
                code: rule.code.clone(),
                name: rule.name.clone(),
                documents: 0,
                time: Duration::ZERO,
                share: 0.0,
            });
            cost.documents += 1;
            cost.time += time;
        }
        let all: Duration = costs.values().map(|c| c.time).sum();
        let mut timings: Vec<Timing> = costs.into_values().collect();
        for timing in &mut timings {
            timing.share = if all.is_zero() { 0.0 } else { timing.time.div_duration_f64(all) };
        }
        timings.sort_by(|a, b| b.time.cmp(&a.time).then_with(|| a.code.cmp(&b.code)));
        timings
    }
}

#[cfg(test)]
mod tests {
    use super::super::report::{DocumentReport, OutcomeKind, RuleOutcome};
    use super::*;

    #[test]
    fn times_of_a_rule_are_added_over_documents_and_shared_out() {
        let rule = |code: &str, millis: Option<u64>| RuleOutcome {
            code: code.into(),
            name: format!("prova/{code}").into(),
            title: String::new(),
            kind: OutcomeKind::Passed,
            findings: 0,
            superseded: 0,
            reason: None,
            places: Vec::new(),
            time: millis.map(Duration::from_millis),
        };
        let document = |rules| DocumentReport { rules, ..DocumentReport::default() };
        let documents = vec![
            document(vec![rule("A", Some(1)), rule("B", Some(2))]),
            document(vec![rule("B", Some(1)), rule("C", None)]),
        ];
        let timings = Report { documents, ..Report::default() }.timings();
        let told: Vec<(&str, usize, u128, f64)> =
            timings.iter().map(|t| (&*t.code, t.documents, t.time.as_millis(), t.share)).collect();
        assert_eq!(told, [("B", 2, 3, 0.75), ("A", 1, 1, 0.25)]);
    }
}
