//! Columns that have a field only because another column has the likelier one.

use std::sync::Arc;

use crate::pack::FieldSpec;

/// What another field of another entity must be likelier by for the columns beside to tell that it was meant.
const MEANT: f64 = 0.05;

/// Leaves a column without a field where the likelier one is another column's, and all columns beside are about its
/// entity: a code beside an objective is no indicator's, though another column has that of the objective.
pub(super) fn leave(fields: &[(usize, &FieldSpec)], scores: &[&[f64]], chosen: &mut [Option<usize>]) {
    let entity = |field: usize| fields.get(field).map(|(_, f)| &f.entity);
    let given = chosen.to_vec();
    for (i, (scores, choice)) in scores.iter().zip(chosen).enumerate() {
        let score = |field: usize| scores.get(field).copied().unwrap_or(0.0);
        let Some(own) = *choice else { continue };
        let meant = (0..fields.len()).filter(|f| given.contains(&Some(*f)) && score(*f) >= score(own) + MEANT);
        let Some(meant) = meant.max_by(|a, b| score(*a).total_cmp(&score(*b))).and_then(entity) else { continue };
        let at = |place: Option<usize>| entity((*given.get(place?)?)?);
        let beside: Vec<&Arc<str>> = [i.checked_sub(1), Some(i + 1)].into_iter().filter_map(at).collect();
        if entity(own) != Some(meant) && !beside.is_empty() && beside.iter().all(|e| *e == meant) {
            *choice = None;
        }
    }
}
