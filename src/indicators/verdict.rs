//! A result held against its target.

use std::cmp::Ordering;

use rust_decimal::{Decimal, RoundingStrategy};

use super::amount::{Amount, Figure, beside};
use crate::model::{Direction, DirectionRead, Operator, Trend, Unjudged, Verdict};

/// What came of a result: met where the direction makes it so, compared once more at the precision declared before it is
/// a miss.
pub(super) fn judge(
    result: &Figure,
    target: &Figure,
    direction: &DirectionRead,
    in_percent: bool,
) -> Result<Verdict, Unjudged> {
    let binary = |is_met: bool| {
        let reached = if is_met { Decimal::ONE } else { Decimal::ZERO };
        Verdict { is_met, reached, deviation: None, other_shares: Vec::new() }
    };
    match (&result.amount, &target.amount) {
        (Amount::Done(is), Amount::Done(wanted)) => return Ok(binary(is == wanted)),
        (Amount::Day(is), Amount::Day(by)) => {
            let days = by.until(*is).map_or(0, |span| span.get_days());
            return Ok(Verdict { deviation: Some((days.into(), "giorni".to_owned())), ..binary(is <= by) });
        }
        (_, Amount::Within(low, high, in_points)) => {
            let n = match result.amount {
                Amount::Share(n) if *in_points => n,
                Amount::Plain(n) if !in_points || in_percent && n > Decimal::ONE => n,
                _ => return Err(Unjudged::Units),
            };
            return Ok(binary(*low <= n && n <= *high));
        }
        _ => {}
    }
    let (r, t, unit) = beside(result, target, in_percent).ok_or(Unjudged::Units)?;
    if direction.is_contested() {
        return Err(Unjudged::Contested);
    }
    let direction = direction.direction().ok_or(Unjudged::UnknownDirection)?;
    let meets = |r: Decimal, t: Decimal| match (target.operator, direction) {
        (Some(Operator::Gt), _) => r > t,
        (Some(Operator::Lt), _) => r < t,
        (Some(Operator::Eq), _) | (None, Direction::Exact) => r == t,
        (Some(Operator::Ge), _) | (None, Direction::Up) => r >= t,
        (Some(Operator::Le), _) | (None, Direction::Down) => r <= t,
    };
    let is_met = meets(r, t) || {
        let (r, t) = rounded((r, t), result, target);
        meets(r, t)
    };
    let reached = reached(r, t, direction, is_met);
    let deviation = r.checked_sub(t).map(|d| (d, unit));
    Ok(Verdict { is_met, reached, deviation, other_shares: other_shares(r, t, direction) })
}

/// The share without a cap, also where less is better: the target by the result, or as much less as the result is more.
fn other_shares(r: Decimal, t: Decimal, direction: Direction) -> Vec<Decimal> {
    if t <= Decimal::ZERO || r.is_sign_negative() {
        return Vec::new();
    }
    match direction {
        Direction::Exact => Vec::new(),
        Direction::Up => r.checked_div(t).into_iter().collect(),
        Direction::Down => {
            let less = r.checked_div(t).and_then(|share| Decimal::TWO.checked_sub(share));
            t.checked_div(r).into_iter().chain(less).collect()
        }
    }
}

/// Both numbers at the precision that the result declares; a quotient at that of the target, one decimal at least.
fn rounded((r, t): (Decimal, Decimal), result: &Figure, target: &Figure) -> (Decimal, Decimal) {
    let decimals = result.decimals.unwrap_or_else(|| target.decimals.map_or(2, |d| d.max(1)));
    (round(r, decimals), round(t, decimals))
}

pub(super) fn round(n: Decimal, decimals: u32) -> Decimal {
    n.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero)
}

/// What part of the target was reached.
fn reached(r: Decimal, t: Decimal, direction: Direction, is_met: bool) -> Decimal {
    let whole = if is_met { Decimal::ONE } else { Decimal::ZERO };
    let is_binary = direction == Direction::Exact || t <= Decimal::ZERO || r.is_sign_negative();
    if is_binary || direction == Direction::Down && is_met {
        return whole;
    }
    let share = match direction {
        Direction::Down => t.checked_div(r),
        Direction::Up | Direction::Exact => r.checked_div(t),
    };
    // Met at the precision declared, it is met whole; not met, never quite.
    let share = share.unwrap_or(whole);
    if is_met { share.max(Decimal::ONE) } else { share }
}

/// How a value stands to the one before; nothing where they cannot be compared.
pub(super) fn trend(now: &Figure, before: &Figure, direction: Option<Direction>, in_percent: bool) -> Option<Trend> {
    let order = if let (Amount::Done(now), Amount::Done(before)) = (&now.amount, &before.amount) {
        now.cmp(before)
    } else {
        let (now, before, _) = beside(now, before, in_percent)?;
        now.cmp(&before)
    };
    match (order, direction) {
        (Ordering::Equal, _) => Some(Trend::Same),
        (Ordering::Greater, Some(Direction::Up)) | (Ordering::Less, Some(Direction::Down)) => Some(Trend::Better),
        (Ordering::Less, Some(Direction::Up)) | (Ordering::Greater, Some(Direction::Down)) => Some(Trend::Worse),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DirectionSign, Signal, Value};
    use crate::text;

    /// What came of a result in a direction: met, and what part in percent.
    fn came(result: &str, target: &str, direction: Option<Direction>) -> Result<(bool, String), Unjudged> {
        let words = text::Words::default();
        let read = |found: &str| {
            let value: Value = text::parse(found, &text::Context { words: &words, year: Some(2024) }).value;
            let said = super::super::amount::Said { value: &value, text: found, is_among_words: false };
            Figure::of(said, false).unwrap()
        };
        let sign = |direction| DirectionSign { signal: Signal::Declared, direction, evidence: String::new() };
        let direction = DirectionRead { signs: direction.map(sign).into_iter().collect() };
        let verdict = judge(&read(result), &read(target), &direction, false)?;
        Ok((verdict.is_met, round(verdict.attainment() * Decimal::ONE_HUNDRED, 1).normalize().to_string()))
    }

    #[test]
    fn attainment_is_the_share_reached_in_the_direction() {
        let (up, down) = (Some(Direction::Up), Some(Direction::Down));
        let cases = [
            ("110/135", "130/135", up, false, "84.6"),
            ("92%", "80%", up, true, "100"),
            ("25", "20", down, false, "80"),
            ("0/1", "0/1", down, true, "100"),
            ("3", "0", down, false, "0"),
            ("28", "≤ 30 giorni", down, true, "100"),
            ("5", "< 5", down, false, "100"),
            ("no", "sì", None, false, "0"),
            ("15/04/2024", "entro il 31/03/2024", None, false, "0"),
            ("32", "tra 30 e 36", None, true, "100"),
            // At the precision declared: a quotient against a rounded target, a rounded result against a quotient.
            ("2/3", "66,7%", up, true, "100"),
            ("67%", "2/3", up, true, "100"),
            ("94,9%", "95%", up, false, "99.9"),
        ];
        for (result, target, direction, is_met, share) in cases {
            assert_eq!(came(result, target, direction), Ok((is_met, share.to_owned())), "{result} against {target}");
        }
    }

    #[test]
    fn nothing_is_said_without_a_direction_or_a_common_unit() {
        assert_eq!(came("80", "100", None), Err(Unjudged::UnknownDirection));
        assert_eq!(came("0,8", "95%", Some(Direction::Up)), Err(Unjudged::Units));
        assert_eq!(came("5 giorni", "3 ore", Some(Direction::Down)), Err(Unjudged::Units));
    }
}
