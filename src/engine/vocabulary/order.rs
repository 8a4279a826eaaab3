//! Lists beside each other: what repeats, what is absent, what stands out of order.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::{ARGS, Args, BOOL, Function, LIST, Param, row};
use crate::engine::env::Env;
use crate::engine::value::{Field, List, Spot, Stop, Val};

pub(super) const FUNCTIONS: &[Function] = &[
    row(
        "repeated",
        &[Param::List],
        ARGS.picking(0),
        LIST,
        repeated,
        (
            "le celle che ripetono un testo già comparso nell'elenco",
            "the cells that repeat a text met before in the list",
            "count(repeated(numero)) == 0",
        ),
    ),
    row(
        "absent_from",
        &[Param::List, Param::Options],
        ARGS,
        LIST,
        absent_from,
        (
            "le celle del primo elenco il cui testo manca dal secondo",
            "the cells of the first list whose text the second lacks",
            "absent_from(risposte, opzioni)",
        ),
    ),
    row(
        "out_of_order",
        &[Param::List, Param::Options],
        ARGS,
        LIST,
        out_of_order,
        (
            "le celle del primo elenco che ne rompono l'ordine dato dal secondo, le meno possibili",
            "the cells of the first list that break the order of the second, as few as possible",
            "out_of_order(numero, form_keys())",
        ),
    ),
    row(
        "heads_groups",
        &[Param::List, Param::List],
        ARGS,
        BOOL,
        heads_groups,
        (
            "le celle piene del primo elenco stanno ciascuna accanto alla prima di un gruppo di celle uguali e vicine del secondo, e i gruppi senza sono al più uno su quattro",
            "each filled cell of the first list stands beside the first of a group of equal neighbouring cells of the second, and at most one group in four has none",
            "heads_groups(all(\"misura\"), all(\"area_rischio\"))",
        ),
    ),
];

fn list(fields: impl Iterator<Item = Field>) -> Val {
    Val::List(List::new(fields.collect()))
}

fn repeated(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let fields = args.list(0)?;
    env.spend(fields.fields().len() * 20)?;
    let mut met: HashSet<Rc<str>> = HashSet::new();
    Ok(list(fields.given().filter(|f| !met.insert(f.words.normal_shared())).cloned()))
}

fn absent_from(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (fields, others) = (args.list(0)?, args.options(1)?);
    env.spend((fields.fields().len() + others.len()) * 20)?;
    let known: HashSet<&str> = others.iter().map(|w| w.normal()).collect();
    Ok(list(fields.given().filter(|f| !known.contains(f.words.normal())).cloned()))
}

fn out_of_order(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (fields, others) = (args.list(0)?, args.options(1)?);
    env.spend((fields.fields().len() + others.len()) * 40)?;
    let mut rank: HashMap<&str, usize> = HashMap::new();
    for (i, words) in others.iter().enumerate() {
        rank.entry(words.normal()).or_insert(i);
    }
    let ranked: Vec<(usize, &Field)> = fields.given().filter_map(|f| Some((*rank.get(f.words.normal())?, f))).collect();
    let kept = longest_run(&ranked.iter().map(|r| r.0).collect::<Vec<_>>());
    let broken = ranked.iter().enumerate().filter(|(i, _)| !kept.contains(i)).map(|(_, (_, f))| (*f).clone());
    Ok(list(broken))
}

fn heads_groups(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (heads, members) = (args.list(0)?, args.list(1)?);
    env.spend((heads.fields().len() + members.fields().len()) * 20)?;
    let view = env.view();
    let Some(table) = view.tables.get(env.table()) else { return Ok(Val::Bool(false)) };
    let row = |f: &Field| match f.spot {
        Spot::Cell { cell, .. } => table.order.get(cell as usize).map(|at| at.row),
        _ => None,
    };
    let mut groups = HashSet::new();
    let mut above: Option<&str> = None;
    for member in members.given() {
        let text = member.words.normal();
        if above != Some(text) {
            groups.extend(row(member));
        }
        above = Some(text);
    }
    let beside: Option<HashSet<u32>> = heads.given().map(|f| row(f).filter(|row| groups.contains(row))).collect();
    let headed = beside.map_or(0, |rows| rows.len());
    Ok(Val::Bool(headed >= 2 && headed * 4 >= groups.len() * 3))
}

/// Positions of a longest run of ranks that never falls: what is left breaks the order.
fn longest_run(ranks: &[usize]) -> HashSet<usize> {
    let mut tails: Vec<(usize, usize)> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(ranks.len());
    for (i, rank) in ranks.iter().enumerate() {
        let at = tails.partition_point(|(r, _)| r <= rank);
        before.push(at.checked_sub(1).and_then(|b| tails.get(b)).map(|t| t.1));
        match tails.get_mut(at) {
            Some(tail) => *tail = (*rank, i),
            None => tails.push((*rank, i)),
        }
    }
    let mut kept = HashSet::new();
    let mut next = tails.last().map(|t| t.1);
    while let Some(i) = next {
        kept.insert(i);
        next = before.get(i).copied().flatten();
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_moved_entry_breaks_the_order_alone() {
        assert_eq!(longest_run(&[0, 1, 5, 2, 3, 4]).len(), 5);
        assert!(!longest_run(&[0, 1, 5, 2, 3, 4]).contains(&2));
        assert_eq!(longest_run(&[]).len(), 0);
        assert_eq!(longest_run(&[3, 3, 3]).len(), 3);
    }
}
