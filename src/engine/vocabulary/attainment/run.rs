//! What the functions give, from what was read of the indicators of the table.

use std::rc::Rc;

use rust_decimal::{Decimal, RoundingStrategy};

use super::super::Args;
use crate::engine::env::Env;
use crate::engine::value::{Field, List, Reading, Spot, Stop, Val, Why};
use crate::engine::view::lack;
use crate::indicators::{Assessed, InYear, RESULT, Said, TARGET, field_of};
use crate::model::{Signal, Trend, Unjudged, Value};

/// What is known of the indicator under evaluation; an error where it is none.
pub(super) fn own<T>(env: &Env, give: impl FnOnce(&Assessed) -> Result<T, Stop>) -> Result<T, Stop> {
    let assessed = env.assessed();
    let unit = match env.here() {
        Spot::Unit { unit, .. } => unit as usize,
        _ => usize::MAX,
    };
    match assessed.get(env.table()).and_then(|table| table.get(unit)) {
        Some(own) => give(own),
        // Neither targets nor results: the column that is asked for is not there.
        None => Err(absent(env, TARGET)),
    }
}

fn absent(env: &Env, field: &str) -> Stop {
    Stop::Absent(lack(env.pack().ok().as_deref(), field))
}

/// A cell of the table under evaluation.
pub(super) fn cell(env: &Env, cell: u32, field: &str) -> Field {
    let view = env.view();
    let of = view.tables.get(env.table());
    let slot = of.and_then(|table| table.fields.iter().position(|f| &**f == field));
    match of.zip(slot) {
        Some((table, slot)) => table.cell(env.table(), cell, slot),
        None => Field::missing(Spot::Nowhere),
    }
}

/// The cell of a value; blank, at the unit, where there is none. An error where the table has no column of the field.
fn value_at(env: &Env, found: Option<InYear>, field: &str) -> Result<Val, Stop> {
    match found {
        Some(found) => Ok(Val::Field(cell(env, found.cell, field))),
        None if has(env, field) => Ok(Val::Field(Field::missing(env.here()))),
        None => Err(absent(env, field)),
    }
}

fn has(env: &Env, field: &str) -> bool {
    env.view().tables.get(env.table()).is_some_and(|table| table.slot(field).is_some())
}

pub(super) fn result(env: &Env, _: &Args<'_>) -> Result<Val, Stop> {
    own(env, |own| value_at(env, own.result, RESULT))
}

pub(super) fn target(env: &Env, _: &Args<'_>) -> Result<Val, Stop> {
    own(env, |own| value_at(env, own.target, TARGET))
}

pub(super) fn result_before(env: &Env, _: &Args<'_>) -> Result<Val, Stop> {
    own(env, |own| value_at(env, own.before, RESULT))
}

pub(super) fn starting_point(env: &Env, _: &Args<'_>) -> Result<Val, Stop> {
    own(env, |own| {
        let found = own.base.map(|at| cell(env, at, field_of(own, at)));
        Ok(Val::Field(found.unwrap_or_else(|| Field::missing(env.here()))))
    })
}

pub(super) fn result_is_due(env: &Env, _: &Args<'_>) -> Result<Val, Stop> {
    own(env, |own| Ok(Val::Bool(own.is_due)))
}

pub(super) fn listed(env: &Env, values: &[InYear], field: &str) -> Val {
    Val::List(List::new(values.iter().map(|value| cell(env, value.cell, field)).collect()))
}

pub(super) fn results_lacking(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let reason = env.pattern(args.name(0)?)?;
    own(env, |own| {
        // A cell of the year reported on that says nothing at all is another matter.
        let says = |field: &Field| field.words.text().contains(char::is_alphabetic);
        let reported = own.result.filter(|_| own.is_due).map(|at| cell(env, at.cell, RESULT));
        let reported = reported.filter(|field| field.is_missing() && says(field));
        let earlier = own.gaps.iter().map(|at| cell(env, at.cell, RESULT));
        let all = earlier.chain(reported).filter(|field| !field.words.matches(&reason));
        Ok(Val::List(List::new(all.collect())))
    })
}

pub(super) fn targets_in_order(env: &Env, _: &Args<'_>) -> Result<Val, Stop> {
    own(env, |own| {
        let dated: Vec<InYear> = own.targets.iter().filter(|target| target.year.is_some()).copied().collect();
        Ok(listed(env, &dated, TARGET))
    })
}

/// The results of the year reported on that are numbers, of all indicators of the table.
fn results_of(env: &Env, wanted: impl Fn(&Assessed, &Field) -> bool) -> Result<Val, Stop> {
    let assessed = env.assessed();
    let all = assessed.get(env.table()).filter(|all| !all.is_empty() && has(env, RESULT));
    let all = all.ok_or_else(|| absent(env, RESULT))?;
    env.spend(all.len() * 100)?;
    let mut found = Vec::new();
    for own in all {
        let Some(result) = own.result.map(|at| cell(env, at.cell, RESULT)) else { continue };
        if number_of(own, &result).is_some() && wanted(own, &result) {
            found.push(result);
        }
    }
    Ok(Val::List(List::new(found)))
}

pub(super) fn results_reported(env: &Env, _: &Args<'_>) -> Result<Val, Stop> {
    results_of(env, |_, _| true)
}

pub(super) fn results_on_target(env: &Env, _: &Args<'_>) -> Result<Val, Stop> {
    results_of(env, |own, result| {
        let target = own.target.map(|at| cell(env, at.cell, TARGET));
        target.is_some_and(|target| of_both(&target, result, |a, b| own.is_same(a, b)) == Some(true))
    })
}

/// Two fields as they are compared; nothing where one of them holds no value.
fn of_both<T>(one: &Field, other: &Field, give: impl FnOnce(Said<'_>, Said<'_>) -> Option<T>) -> Option<T> {
    of_one(one, |one| of_one(other, |other| give(one, other)))
}

pub(super) fn of_one<T>(field: &Field, give: impl FnOnce(Said<'_>) -> Option<T>) -> Option<T> {
    let Reading::Typed(value, is_among_words) = &field.reading else { return None };
    let value: &Rc<Value> = value;
    give(Said { value, text: field.words.text(), is_among_words: *is_among_words })
}

fn number_of(own: &Assessed, field: &Field) -> Option<Decimal> {
    of_one(field, |said| own.number(said))
}

pub(super) fn year_told(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let Spot::Cell { cell, .. } = args.field(0)?.spot else { return Ok(Val::text("")) };
    own(env, |own| Ok(Val::text(own.year_of(cell).map(|year| year.to_string()).unwrap_or_default())))
}

pub(super) fn direction(env: &Env, _: &Args<'_>) -> Result<Val, Stop> {
    own(env, |own| {
        let found = own.direction.direction().filter(|_| !own.direction.is_contested());
        Ok(Val::text(found.map_or("", |direction| direction.word())))
    })
}

pub(super) fn direction_by(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let name = args.words(0)?;
    let signal = Signal::ALL.into_iter().find(|signal| signal.word() == name.text());
    let signal = signal.ok_or_else(|| {
        Stop::fault(
            "il segnale è uno di «dichiarato», «operatore», «baseline», «parole»",
            "the sign is one of “dichiarato”, “operatore”, “baseline”, “parole”",
        )
    })?;
    own(env, |own| Ok(Val::text(own.direction.by(signal).map_or("", |sign| sign.direction.word()))))
}

pub(super) fn judged(env: &Env, _: &Args<'_>) -> Result<Val, Stop> {
    own(env, |own| Ok(Val::Bool(own.verdict.is_ok())))
}

/// Why a result is not held against its target.
fn not_judged(why: Unjudged) -> Stop {
    let label = why.label();
    Stop::not_evaluable(
        format!("il risultato non si può confrontare con il target: {}", label.it),
        format!("the result cannot be held against the target: {}", label.en),
    )
}

pub(super) fn met(env: &Env, _: &Args<'_>) -> Result<Val, Stop> {
    own(env, |own| own.verdict.as_ref().map(|v| Val::Bool(v.is_met)).map_err(|why| not_judged(*why)))
}

pub(super) fn attainment(env: &Env, _: &Args<'_>) -> Result<Val, Stop> {
    own(env, |own| {
        let verdict = own.verdict.as_ref().map_err(|why| not_judged(*why))?;
        percent(verdict.reached).ok_or_else(|| not_judged(Unjudged::Units))
    })
}

/// A share in percent, with one decimal.
fn percent(share: Decimal) -> Option<Val> {
    let points = share.checked_mul(Decimal::ONE_HUNDRED)?;
    Some(Val::Number(points.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero).normalize()))
}

/// How far a declared attainment may be from ours, in points, beside its own precision.
const NEAR: Decimal = Decimal::from_parts(1, 0, 0, false, 1);

pub(super) fn attainment_differs(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let field = args.given(0)?;
    own(env, |own| {
        let verdict = own.verdict.as_ref().map_err(|why| not_judged(*why))?;
        let declared = number_of(own, field).filter(|n| n.is_zero() || *n > Decimal::ONE);
        let Some(declared) = declared.filter(|_| !verdict.is_binary()) else { return Ok(Val::Bool(false)) };
        // Rounded or cut at its own precision.
        let near = Decimal::new(1, declared.normalize().scale()).max(NEAR);
        let agrees = |share: &Decimal| {
            share.checked_mul(Decimal::ONE_HUNDRED).is_some_and(|points| (points - declared).abs() < near)
        };
        Ok(Val::Bool(!verdict.shares().iter().any(agrees)))
    })
}

pub(super) fn deviation(env: &Env, _: &Args<'_>) -> Result<Val, Stop> {
    own(env, |own| {
        let verdict = own.verdict.as_ref().map_err(|why| not_judged(*why))?;
        Ok(Val::text(verdict.deviation_text().unwrap_or_else(|| "-".to_owned())))
    })
}

pub(super) fn comparable(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (one, other) = (args.field(0)?, args.field(1)?);
    own(env, |own| Ok(Val::Bool(of_both(one, other, |a, b| own.beside(a, b)).is_some())))
}

pub(super) fn same_value(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (one, other) = (args.given(0)?, args.given(1)?);
    own(env, |own| Ok(Val::Bool(of_both(one, other, |a, b| own.is_same(a, b)) == Some(true))))
}

pub(super) fn worse(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (one, other) = (args.given(0)?, args.given(1)?);
    own(env, |own| Ok(Val::Bool(of_both(one, other, |a, b| own.trend(a, b)) == Some(Trend::Worse))))
}

pub(super) fn worsening(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let list = args.list(0)?;
    own(env, |own| {
        let pairs = list.fields().iter().zip(list.fields().iter().skip(1));
        let is_worse = |(before, now): &(&Field, &Field)| {
            of_both(now, before, |now, before| own.trend(now, before)) == Some(Trend::Worse)
        };
        Ok(Val::List(List::new(pairs.filter(is_worse).map(|(_, now)| now.clone()).collect())))
    })
}

/// Two values of the indicator as numbers of one unit.
fn both(env: &Env, args: &Args<'_>) -> Result<(Decimal, Decimal), Stop> {
    let (one, other) = (args.given(0)?, args.given(1)?);
    own(env, |own| of_both(one, other, |a, b| own.beside(a, b)).ok_or(Stop::Unclear(one.spot, Why::Unreadable)))
}

pub(super) fn difference(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (one, other) = both(env, args)?;
    Ok(Val::Number(one.checked_sub(other).unwrap_or_default().normalize()))
}

pub(super) fn change(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (now, before) = both(env, args)?;
    let share = now.checked_sub(before).and_then(|d| d.checked_div(before.abs()));
    share.and_then(percent).ok_or(Stop::Unclear(args.given(1)?.spot, Why::Unreadable))
}
