//! What single values of an indicator are: ratios with the percentage beside them, ratios of which a date was made.

use rust_decimal::{Decimal, RoundingStrategy};

use super::super::{ARGS, Args, Function, LIST, NUMBER, Param, TEXT, row};
use super::MEASURED;
use super::run::{cell, listed, of_one, own};
use crate::engine::env::Env;
use crate::engine::value::{Field, List, Stop, Val, Why};
use crate::indicators::{BASELINE, InYear, RESULT, TARGET, date_as_ratio as ratio_of_day};
use crate::model::Value;
use crate::text;

pub(in super::super) const FUNCTIONS: &[Function] = &[
    row(
        "measures",
        &[],
        MEASURED,
        LIST,
        measures,
        (
            "i target, i risultati e i valori di partenza dell'indicatore che dicono qualcosa",
            "the targets, results and baselines of the indicator that say something",
            "count(matching(measures(), \"zero_sotto\")) == 0",
        ),
    ),
    row(
        "results_in_order",
        &[],
        MEASURED,
        LIST,
        results_in_order,
        (
            "i risultati dell'indicatore che hanno un anno, dal primo all'ultimo",
            "the results of the indicator that have a year, first to last",
            "count(results_in_order()) > 2",
        ),
    ),
    row(
        "dates_among_ratios",
        &[],
        MEASURED,
        LIST,
        dates_among_ratios,
        (
            "le date in una riga di rapporti: erano «2/3», e il foglio di calcolo ne ha fatto un giorno",
            "the dates in a row of ratios: they were “2/3”, of which the spreadsheet made a day",
            "count(dates_among_ratios()) == 0",
        ),
    ),
    row(
        "date_as_ratio",
        &[Param::Field],
        ARGS,
        TEXT,
        date_as_ratio,
        (
            "il rapporto che una data era: giorno e mese",
            "the ratio that a date was: day and month",
            "date_as_ratio(first(dates_among_ratios()))",
        ),
    ),
    row(
        "ratios_contradicted",
        &[Param::List],
        ARGS,
        LIST,
        ratios_contradicted,
        (
            "i rapporti dell'elenco accanto ai quali sta una percentuale che non è la loro",
            "the ratios of the list beside which stands a percentage that is not theirs",
            "count(ratios_contradicted(measures())) == 0",
        ),
    ),
    row(
        "percent_beside",
        &[Param::Field],
        ARGS,
        TEXT,
        percent_beside,
        (
            "la percentuale scritta accanto a un rapporto, vuota se non c'è",
            "the percentage written beside a ratio, empty if there is none",
            "percent_beside(result())",
        ),
    ),
    row(
        "percent_of",
        &[Param::Field],
        ARGS,
        TEXT,
        percent_of,
        ("un rapporto in percentuale", "a ratio as a percentage", "percent_of(result())"),
    ),
    row(
        "ratios_above_one",
        &[Param::List],
        ARGS,
        LIST,
        ratios_above_one,
        (
            "i rapporti dell'elenco il cui numeratore supera il denominatore",
            "the ratios of the list whose numerator exceeds the denominator",
            "count(ratios_above_one(measures())) == 0",
        ),
    ),
    row(
        "denominator",
        &[Param::Field],
        ARGS,
        NUMBER,
        denominator,
        (
            "il denominatore di un rapporto",
            "the denominator of a ratio",
            "denominator(target()) == denominator(result())",
        ),
    ),
    row(
        "denominator_shifts",
        &[Param::List],
        ARGS,
        LIST,
        denominator_shifts,
        (
            "i rapporti dell'elenco il cui denominatore non è quello che almeno due prima di loro avevano",
            "the ratios of the list whose denominator is not the one that at least two before them had",
            "count(denominator_shifts(results_in_order())) == 0",
        ),
    ),
];

fn measures(env: &Env, _: &Args<'_>) -> Result<Val, Stop> {
    own(env, |own| {
        let of = |values: &[u32], field: &'static str| -> Vec<Field> {
            values.iter().map(|at| cell(env, *at, field)).collect()
        };
        let [targets, results] = [&own.targets, &own.series].map(|all| all.iter().map(|v| v.cell).collect::<Vec<_>>());
        let all = [of(&targets, TARGET), of(&results, RESULT), of(&own.baselines, BASELINE)];
        Ok(Val::List(List::new(all.concat())))
    })
}

fn results_in_order(env: &Env, _: &Args<'_>) -> Result<Val, Stop> {
    own(env, |own| {
        let dated: Vec<InYear> = own.series.iter().filter(|result| result.year.is_some()).copied().collect();
        Ok(listed(env, &dated, RESULT))
    })
}

fn dates_among_ratios(env: &Env, _: &Args<'_>) -> Result<Val, Stop> {
    own(env, |own| {
        let fields = own.recovered.iter().map(|(at, field)| cell(env, *at, field));
        Ok(Val::List(List::new(fields.collect())))
    })
}

fn date_as_ratio(_: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let field = args.given(0)?;
    let found = of_one(field, |said| match said.value {
        Value::Date(day) => Some(ratio_of_day(*day)),
        _ => None,
    });
    Ok(Val::text(found.map(|(n, d)| format!("{n}/{d}")).unwrap_or_default()))
}

/// The two terms of a ratio.
fn terms(field: &Field) -> Option<(Decimal, Decimal)> {
    of_one(field, |said| match said.value {
        Value::Ratio(terms) => Some(**terms),
        _ => None,
    })
}

fn share(field: &Field) -> Option<Decimal> {
    let (numerator, denominator) = terms(field)?;
    numerator.checked_div(denominator)?.checked_mul(Decimal::ONE_HUNDRED)
}

/// The percentage written beside a ratio, as it was declared.
fn beside(field: &Field) -> Option<Decimal> {
    terms(field)?;
    let words = text::Words::default();
    text::parse(field.words.text(), &text::Context { words: &words, year: None }).declared_percent
}

fn some(list: &List, wanted: impl Fn(&Field) -> bool) -> Val {
    Val::List(List::new(list.fields().iter().filter(|field| wanted(field)).cloned().collect()))
}

fn ratios_contradicted(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let list = args.list(0)?;
    env.spend(list.fields().len() * 2_000)?;
    // Rounded or cut, the percentage is less than a unit of its last figure away.
    let departs = |field: &Field| {
        let (declared, share) = beside(field).zip(share(field))?;
        let unit = Decimal::new(1, declared.scale());
        Some((share - declared).abs() >= unit)
    };
    Ok(some(list, |field| departs(field) == Some(true)))
}

fn printed(percent: Decimal) -> String {
    let digits = percent.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    format!("{}%", text::format_decimal(digits.normalize()))
}

fn percent_beside(_: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    Ok(Val::text(beside(args.field(0)?).map(|p| format!("{}%", text::format_decimal(p))).unwrap_or_default()))
}

fn percent_of(_: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    Ok(Val::text(share(args.field(0)?).map(printed).unwrap_or_default()))
}

fn ratios_above_one(_: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    Ok(some(args.list(0)?, |field| terms(field).is_some_and(|(numerator, denominator)| numerator > denominator)))
}

fn denominator(_: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let field = args.given(0)?;
    terms(field).map(|(_, d)| Val::Number(d.normalize())).ok_or(Stop::Unclear(field.spot, Why::Unreadable))
}

fn denominator_shifts(_: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let fields = args.list(0)?.fields();
    // 365 and 366 are one year.
    let is_other = |a: Decimal, b: Decimal| {
        let is_year = |n: Decimal| n == Decimal::from(365) || n == Decimal::from(366);
        a != b && !(is_year(a) && is_year(b))
    };
    let mut found = Vec::new();
    for window in fields.windows(3) {
        let [first, second, third] = window else { continue };
        let Some(((_, a), ((_, b), (_, c)))) = terms(first).zip(terms(second).zip(terms(third))) else { continue };
        if a == b && is_other(b, c) {
            found.push(third.clone());
        }
    }
    Ok(Val::List(List::new(found)))
}
