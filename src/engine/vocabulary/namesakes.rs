//! Units of a register that share a code though they are not the same.

use std::collections::HashMap;

use super::{Args, Function, LIST, Name, Param, UNIT, row};
use crate::engine::env::Env;
use crate::engine::value::{Field, List, Spot, Stop, Val};
use crate::engine::view::{Argument, lack};
use crate::text;

const NAME: Param = Param::Name(Name::Field);
/// Titles that are alike to this degree are of one unit, written in two ways.
const ONE: f64 = 0.8;
/// Units of one code that others are compared with.
const MOST: usize = 30;

pub(super) const FUNCTIONS: &[Function] = &[
    row("namesakes", &[NAME; 3], UNIT, LIST, namesakes, NAMESAKES),
    row("namesakes", &[NAME; 4], UNIT, LIST, namesakes, NAMESAKES),
    row("namesakes", &[NAME; 6], UNIT, LIST, namesakes, NAMESAKES),
];

const NAMESAKES: (&str, &str, &str) = (
    "il titolo (secondo campo) della prima unità sopra quella in esame che ha lo stesso codice (primo campo) ma un titolo diverso, e non differisce in alcuno degli altri campi; nulla se non ce n'è. Non si può dire se i più dei codici sono di più unità: allora non sono loro a distinguerle",
    "the title (second field) of the first unit above the one at hand that has the same code (first field) but another title, and differs in none of the other fields; nothing if there is none. It cannot be told where most codes are of several units: then it is not they that tell them apart",
    "count(namesakes(\"codice\", \"titolo\", \"livello\")) == 0",
);

fn namesakes(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let view = env.view();
    let at = env.table();
    let Some(table) = view.tables.get(at) else { return Ok(Val::List(List::new(Vec::new()))) };
    let slot = |name: &str| table.slot(name).ok_or_else(|| Stop::Absent(lack(table.pack.as_deref(), name)));
    let codes = table.all(at, slot(args.name(0)?)?);
    let mut key: Vec<Argument> = codes.identity().map(Argument::List).into_iter().collect();
    for i in 0..args.0.len() {
        key.push(Argument::Text(args.name(i)?.into()));
    }
    let call = ("namesakes", key);
    let known = view.computed.borrow().get(&call).cloned();
    let found = if let Some(found) = known {
        found
    } else {
        let titles = table.all(at, slot(args.name(1)?)?);
        let others = (2..args.0.len()).filter_map(|i| Some(table.all(at, table.slot(args.name(i).ok()?)?)));
        let others: Vec<List> = others.filter(|l| l.fields().len() == codes.fields().len()).collect();
        let found = all(env, &codes, &titles, &others)?;
        view.computed.borrow_mut().insert(call, found.clone());
        found
    };
    let Val::List(found) = found else {
        return Err(Stop::not_evaluable(
            "i più dei codici valgono per più righe diverse: non sono loro a distinguerle",
            "most codes stand on several rows that differ: it is not they that tell them apart",
        ));
    };
    let unit = match env.here() {
        Spot::Unit { entity: 0, unit, .. } => unit as usize,
        _ => usize::MAX,
    };
    let own = found.fields().get(unit).filter(|f| !f.is_missing()).cloned();
    Ok(Val::List(List::new(own.into_iter().collect())))
}

/// For each unit the title of its first namesake; no list where most codes have several titles.
fn all(env: &Env, codes: &List, titles: &List, others: &[List]) -> Result<Val, Stop> {
    let mut met: HashMap<String, Vec<usize>> = HashMap::new();
    let mut shared: HashMap<String, bool> = HashMap::new();
    let mut found = Vec::with_capacity(codes.fields().len());
    let title = |at: usize| titles.fields().get(at).filter(|f| !f.is_missing());
    let differs = |a: usize, b: usize| {
        others.iter().any(|list| {
            let pair = list.fields().get(a).zip(list.fields().get(b));
            pair.is_some_and(|(a, b)| !a.words.says(&b.words))
        })
    };
    let is_other = |own: &Field, other: &Field| {
        let (own, other) = (text::identity(own.words.text()), text::identity(other.words.text()));
        own != other && text::similarity(&own, &other) < ONE
    };
    for (at, code) in codes.fields().iter().enumerate() {
        let named = title(at).filter(|_| !code.is_missing());
        let mut namesake = None;
        if let Some(own) = named {
            let key = text::coded(code.words.text());
            let before = met.entry(key.clone()).or_default();
            env.spend(before.len() * 3_000 + 1_000)?;
            let same = before.iter().filter(|b| !differs(**b, at)).filter_map(|b| title(*b));
            namesake = same.into_iter().find(|other| is_other(own, other)).cloned();
            let is_new = |other: &usize| title(*other).is_none_or(|t| !t.words.says(&own.words)) || differs(*other, at);
            if before.len() < MOST && before.iter().all(is_new) {
                before.push(at);
            }
            *shared.entry(key).or_default() |= namesake.is_some();
        }
        found.push(namesake.unwrap_or_else(|| Field::missing(Spot::Nowhere)));
    }
    let several = shared.values().filter(|is| **is).count();
    let is_told = several * 2 < shared.len() || several == 0;
    Ok(if is_told { Val::List(List::lasting(found)) } else { Val::Bool(false) })
}
