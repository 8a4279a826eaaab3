//! Shares that together make a whole: weights that add up to 100, or to 1, within one office or under one objective.

use std::collections::BTreeMap;
use std::rc::Rc;

use rust_decimal::Decimal;

use super::values::number_of;
use super::{ARGS, Args, Function, LIST, Name, Param, row};
use crate::engine::env::Env;
use crate::engine::value::{Field, List, Stop, Val, Why, Words};
use crate::engine::view::Argument;
use crate::pack::Pattern;

const NAME: Param = Param::Name(Name::Field);
const NONE: Param = Param::Name(Name::Pattern);

pub(super) const FUNCTIONS: &[Function] = &[
    row("shares", &[Param::Field, Param::Number, NONE, NAME], ARGS, LIST, shares, SHARES),
    row("shares", &[Param::Field, Param::Number, NONE, NAME, NAME], ARGS, LIST, shares, SHARES),
    row("shares", &[Param::Field, Param::Number, NONE, NAME, NAME, NAME], ARGS, LIST, shares, SHARES),
    row("shares", &[Param::Field, Param::Number, NONE, NAME, NAME, NAME, NAME], ARGS, LIST, shares, SHARES),
    row("shares", &[Param::Field, Param::Number, NONE, NAME, NAME, NAME, NAME, NAME], ARGS, LIST, shares, SHARES),
];

const SHARES: (&str, &str, &str) = (
    "le celle della stessa colonna che con questa fanno un intero (il numero; 1, se nessuna lo supera): quelle uguali in uno o più dei campi, o tutte, come chiude di norma la somma, anche in un altro modo per ciascun valore del primo campo; restano fuori le celle in bianco e quelle che corrispondono allo schema",
    "the cells of the same column that make a whole with this one (the number; 1, where none is greater): those alike in one or more of the fields, or all, as the sums mostly close, perhaps otherwise for each value of the first field; blank cells and those that match the pattern are left out",
    "about(sum(shares(peso, 100, \"prerequisito\", \"ufficio\")), 100, 0.5)",
);

/// How far a sum may be from its whole, as a part of it: closed; meant for it, though none is closed; amiss beside others
/// that are closed.
const CLOSED: Decimal = Decimal::from_parts(5, 0, 0, false, 3);
const MEANT: Decimal = Decimal::from_parts(1, 0, 0, false, 1);
const AMISS: Decimal = Decimal::from_parts(25, 0, 0, false, 2);

/// A cell that is part of something: its place in the column, its number, what it says in the fields.
struct Part<'a> {
    at: usize,
    number: Option<Decimal>,
    keys: Vec<&'a str>,
}

/// One way of putting the cells together.
#[derive(Default)]
struct Way {
    sets: Vec<Vec<usize>>,
    closed: usize,
    /// How many are near the whole, closed ones too.
    meant: usize,
    amiss: usize,
}

impl Way {
    fn of(parts: &[&Part<'_>], mask: usize, whole: Decimal) -> Self {
        let mut sets: BTreeMap<Vec<&str>, (Vec<usize>, Option<Decimal>)> = BTreeMap::new();
        for part in parts {
            let keys = part.keys.iter().enumerate().filter(|(i, _)| mask & (1 << i) != 0);
            let set = sets.entry(keys.map(|(_, key)| *key).collect()).or_insert((Vec::new(), Some(Decimal::ZERO)));
            set.0.push(part.at);
            set.1 = set.1.zip(part.number).and_then(|(a, b)| a.checked_add(b));
        }
        let near = |sum: Decimal, by: Decimal| sum.checked_sub(whole).is_some_and(|d| d.abs() <= whole.abs() * by);
        // A cell that is no number hides a sum that may well close.
        let count =
            |by: Decimal, hidden: bool| sets.values().filter(|(_, s)| s.map_or(hidden, |s| near(s, by))).count();
        let (closed, meant, amiss) = (count(CLOSED, false), count(MEANT, true), count(AMISS, true));
        Self { closed, meant, amiss, sets: sets.into_values().map(|(set, _)| set).collect() }
    }

    /// The best of all ways to put some cells together by the fields of a mask; none where the sums tell none.
    fn best(parts: &[&Part<'_>], fields: &[usize], whole: Decimal) -> Option<Self> {
        let ways: Vec<Self> = fields.iter().map(|mask| Self::of(parts, *mask, whole)).collect();
        let is_meant = ways.iter().position(|w| w.meant == w.sets.len() && !w.sets.is_empty());
        let mut best: Option<Self> = None;
        for (at, way) in ways.into_iter().enumerate() {
            let better = match &best {
                Some(best) if best.closed > 0 => way.tells() && way.closes_more(best),
                _ => way.tells() || is_meant == Some(at),
            };
            if better {
                best = Some(way);
            }
        }
        best
    }

    /// Whether so many of the sums close that the others must be wrong.
    fn tells(&self) -> bool {
        let open = self.sets.len() - self.closed;
        self.closed > open || self.closed > 0 && self.closed == open && self.amiss == self.sets.len()
    }

    /// Whether more of the sums of this way close than of another.
    fn closes_more(&self, other: &Self) -> bool {
        self.closed * other.sets.len() > other.closed * self.sets.len()
    }

    /// Both ways together.
    fn and(mut self, other: Self) -> Self {
        self.sets.extend(other.sets);
        Self {
            closed: self.closed + other.closed,
            meant: self.meant + other.meant,
            amiss: self.amiss + other.amiss,
            ..self
        }
    }
}

fn shares(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (field, whole) = (args.given(0)?, args.number(1)?);
    let Some((at, slot)) = field.spot.slot() else { return Err(Stop::Unclear(field.spot, Why::Unreadable)) };
    let view = env.view();
    let Some(table) = view.tables.get(at) else { return Err(Stop::Unclear(field.spot, Why::Unreadable)) };
    let column = table.all(at, slot);
    let keys: Vec<List> =
        (3..args.0.len()).filter_map(|i| Some(table.all(at, table.slot(args.name(i).ok()?)?))).collect();
    let keys: Vec<List> = keys.into_iter().filter(|l| l.fields().len() == column.fields().len()).collect();
    let call = ("shares", key_of(args, &column)?);
    let known = view.computed.borrow().get(&call).cloned();
    let sets = if let Some(Val::List(sets)) = known {
        sets
    } else {
        env.spend(column.fields().len() * 500 * (1 << keys.len()))?;
        let none = env.pattern(args.name(2)?)?;
        let sets = found(&column, &keys, (whole, &none));
        view.computed.borrow_mut().insert(call, Val::List(sets.clone()));
        sets
    };
    // Which set each cell is of, by its place in the column.
    let set_of = |f: &Field| {
        let at = column.fields().iter().position(|own| own.spot == f.spot)?;
        sets.fields().get(at).filter(|set| !set.is_missing()).map(|set| set.words.clone())
    };
    env.spend(column.fields().len())?;
    let Some(own) = set_of(field) else {
        return Err(Stop::not_evaluable(
            "i numeri non fanno un intero in alcun insieme riconoscibile: possono essere punti, o avere un altro totale",
            "the numbers make no whole in any set that can be told: they may be points, or have another total",
        ));
    };
    let set = column.fields().iter().zip(sets.fields()).filter(|(_, set)| set.words.text() == own.text());
    let set: Vec<Field> = set.map(|(f, _)| f.clone()).collect();
    env.spend(set.len() * 20)?;
    Ok(Val::List(List::new(set)))
}

/// What a call is known by.
fn key_of(args: &Args<'_>, column: &List) -> Result<Vec<Argument>, Stop> {
    let mut key: Vec<Argument> = column.identity().map(Argument::List).into_iter().collect();
    key.push(Argument::Number(args.number(1)?));
    for i in 2..args.0.len() {
        key.push(Argument::Text(args.name(i)?.into()));
    }
    Ok(key)
}

/// For each cell of the column the name of its set; nothing for those that are in none.
fn found(column: &List, keys: &[List], (whole, none): (Decimal, &Pattern)) -> List {
    let given = column.fields().iter().enumerate().filter(|(_, f)| !f.is_missing() && !f.words.matches(none));
    let said = |list: &List, at: usize| list.fields().get(at).map(|f| f.words.clone());
    let given: Vec<_> =
        given.map(|(at, f)| (at, f, keys.iter().filter_map(|l| said(l, at)).collect::<Vec<_>>())).collect();
    let parts = given.iter().map(|(at, f, keys): &(usize, &Field, Vec<Rc<Words>>)| Part {
        at: *at,
        number: number_of(f).ok(),
        keys: keys.iter().map(|k| k.normal()).collect(),
    });
    let parts: Vec<Part<'_>> = parts.collect();
    // One scale for the column: of points from 1 to 5 those that are 1 are no wholes.
    let is_part_of_one = parts.iter().filter_map(|p| p.number).all(|n| n <= Decimal::ONE);
    let whole = if is_part_of_one { Decimal::ONE } else { whole };
    // The smallest sets first: of two ways that close alike the first is taken.
    let mut masks: Vec<usize> = (0..1usize << keys.len()).collect();
    masks.sort_by_key(|mask| std::cmp::Reverse(mask.count_ones()));
    let all: Vec<&Part<'_>> = parts.iter().collect();
    let whole_column = Way::best(&all, &masks, whole);
    // What the first field tells apart may close each in its own way.
    let mut by_first: BTreeMap<Option<&str>, Vec<&Part<'_>>> = BTreeMap::new();
    for part in &parts {
        by_first.entry(part.keys.first().copied()).or_default().push(part);
    }
    let each: Vec<Option<Way>> = by_first.values().map(|parts| Way::best(parts, &masks, whole)).collect();
    let apart = each.into_iter().flatten().reduce(Way::and);
    let held = |way: &Option<Way>| way.as_ref().map_or(0, |w| w.sets.iter().map(Vec::len).sum::<usize>());
    let is_better = match (&whole_column, &apart) {
        (Some(one), Some(several)) => held(&apart) >= held(&whole_column) && several.closes_more(one),
        (one, _) => one.is_none(),
    };
    let best = if is_better { apart } else { whole_column };
    let mut names = vec![String::new(); column.fields().len()];
    for (number, set) in best.iter().flat_map(|w| w.sets.iter().enumerate()) {
        for at in set {
            if let Some(name) = names.get_mut(*at) {
                *name = number.to_string();
            }
        }
    }
    let cells = column.fields().iter().zip(names);
    List::lasting(cells.map(|(f, name)| f.with_words(Words::new(name))).collect())
}
