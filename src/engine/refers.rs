//! Names in the header of a rule that refer to other things: norms, documents, columns, keys of the configuration.

use super::header::Split;
use super::rule::Need;
use super::source::{self, Origin, Source};
use crate::model::{Bilingual, RuleFault};
use crate::pack::{Pack, Packs, declared_kind, unknown_declared};

pub(super) fn unknown<'k>(
    source: &Source,
    origin: Origin,
    what: (&str, &str),
    name: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> RuleFault {
    source.fault(source.place(origin, 0), source::unknown(what, name, known))
}

/// Names in the header that refer to other things: the norm, other documents, other rules.
pub(super) fn references(split: &Split, packs: &Packs, pack: &Pack) -> Vec<RuleFault> {
    let (header, source) = (&split.header, &split.source);
    let mut faults = Vec::new();
    let basis = header.basis.as_ref();
    if !pack.schedule.norms.contains_key(basis) {
        let known = pack.schedule.norms.keys().map(String::as_str);
        let what = ("la scheda non ha la norma", "the schedule has no norm");
        faults.push(unknown(source, source.origin(&header.basis), what, basis, known));
    }
    if let (Some(from), Some(to)) = (header.valid_from, header.valid_to)
        && from > to
    {
        let it = format!("la regola vale dal {from} al {to}: gli anni sono scambiati");
        let en = format!("the rule holds from {from} to {to}: the years are exchanged");
        faults.push(source.fault_at(&header.code, Bilingual::new(it, en)));
    }
    let kinds: Vec<&str> = packs.packs.iter().map(|p| &*p.schedule.kind).collect();
    for need in &header.needs {
        let name = need.as_ref().as_str();
        if name == Need::PREVIOUS {
            continue;
        }
        if name.contains('.') {
            let wrong = name.split('|').map(str::trim).filter(|key| declared_kind(key).is_none());
            faults.extend(wrong.map(|key| source.fault_at(need, unknown_declared(key))));
            continue;
        }
        if name.contains('|') || pack.schedule.field(name).is_some() {
            let fields = || pack.schedule.fields.iter().map(|f| &*f.name);
            let wrong = name.split('|').map(str::trim).filter(|n| pack.schedule.field(n).is_none());
            let what = ("campo sconosciuto", "unknown field");
            faults.extend(wrong.map(|n| unknown(source, source.origin(need), what, n, fields())));
            continue;
        }
        if source::is_misspelt_kind(name, &kinds) {
            let what = ("tipo di scheda sconosciuto", "unknown kind of schedule");
            faults.push(unknown(source, source.origin(need), what, name, kinds.iter().copied()));
        }
    }
    faults
}
