//! Which findings stand on which step or workflow.

use std::collections::HashMap;

use crate::model::{Area, Finding, FlowMark, Status, Table, Unit};

/// Sheet, first row and first column of a place.
type Spot = (u32, u32, u32);

/// The findings of one document that count, by where they stand.
pub(super) struct Marks<'f> {
    /// Which of the documents.
    document: usize,
    findings: Vec<&'f Finding>,
    by_spot: HashMap<Spot, Vec<usize>>,
    /// Whether each was given to a step or a workflow.
    is_given: Vec<bool>,
}

impl<'f> Marks<'f> {
    pub(super) fn of(document: usize, findings: &'f [Finding]) -> Self {
        let findings: Vec<&Finding> = findings.iter().filter(|f| f.status == Status::New).collect();
        let mut by_spot: HashMap<Spot, Vec<usize>> = HashMap::new();
        for (at, finding) in findings.iter().enumerate() {
            for place in finding.places.iter().filter(|place| place.path.is_none()) {
                let on_line = || Some((place.sheet_index, place.line?.saturating_sub(1), 0));
                let spot = place.area.map(|a| (place.sheet_index, a.first.row, a.first.col)).or_else(on_line);
                if let Some(spot) = spot {
                    by_spot.entry(spot).or_default().push(at);
                }
            }
        }
        let is_given = vec![false; findings.len()];
        Self { document, findings, by_spot, is_given }
    }

    /// Those on the cells of some fields of a unit, each once.
    pub(super) fn of_unit(&mut self, table: &Table, unit: &Unit, fields: &[&str]) -> Vec<FlowMark> {
        let mut own: Vec<usize> = Vec::new();
        for cell in fields.iter().flat_map(|field| table.cells_in(unit, field)) {
            let (sheet, _, area) = table.locate(Area::cell(cell.at));
            own.extend(self.by_spot.get(&(sheet, area.first.row, area.first.col)).into_iter().flatten());
        }
        own.sort_unstable();
        own.dedup();
        for at in &own {
            if let Some(given) = self.is_given.get_mut(*at) {
                *given = true;
            }
        }
        own.into_iter().filter_map(|at| Some(mark((self.document, at), self.findings.get(at)?))).collect()
    }

    /// Those that stand on no step or workflow.
    pub(super) fn left(self) -> impl Iterator<Item = FlowMark> {
        let given = self.findings.into_iter().zip(self.is_given).enumerate();
        given.filter(|(_, (_, is_given))| !is_given).map(move |(at, (finding, _))| mark((self.document, at), finding))
    }
}

fn mark(number: (usize, usize), finding: &Finding) -> FlowMark {
    FlowMark {
        finding: number,
        severity: finding.severity,
        code: finding.code.to_string(),
        message: finding.message.clone(),
    }
}
